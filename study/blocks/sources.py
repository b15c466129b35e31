"""Which block is made from which source. Enter at `blocks`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from study.blocks import backlog, needs
from study.figures.declared import read
from study.figures.figure import Figures
from study.figures.registry import ROOT

Block = Callable[[], str]


def page(name: str) -> Any:
    """A source of the study: `page("needs")` is `study/needs.yaml`."""
    return read(ROOT / "study" / f"{name}.yaml")


def blocks(figures: Figures) -> dict[str, Block]:
    """Every block by name."""
    del figures
    need, log, plan = page("needs"), page("backlog"), page("plan")
    epics = {epic["id"]: epic["name"] for epic in log["epics"]}
    stories = {story["id"]: story["title"] for story in log["stories"]}
    milestones = {one["id"]: one["name"].split(" :")[0] for one in plan["milestones"]}
    return {
        "personas": partial(needs.personas, need),
        "observations": partial(needs.observations, need),
        "besoins": partial(needs.needs_table, need, epics),
        "moscow": partial(needs.perimeter, need, stories),
        "criteres": partial(needs.criteria, need),
        "concurrents": partial(needs.peers, page("peers")),
        "personne": partial(needs.nobody_has, page("peers")),
        "epopees": partial(backlog.epics, log),
        "recits": partial(backlog.stories, log, milestones),
        "ouverts": partial(backlog.open_stories, log),
        "jalons": partial(backlog.milestones, plan),
        "equipe": partial(backlog.team, plan, log),
        "rythme": partial(backlog.rhythm, plan),
        "raci": partial(backlog.raci, plan),
        "communication": partial(backlog.communication, plan),
        "risques": partial(backlog.risks, page("risks"), plan),
    }
