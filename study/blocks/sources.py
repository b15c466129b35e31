"""Which block is made from which source. Enter at `blocks`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from study.blocks import backlog, choices, costs, needs
from study.figures.costed import Costs
from study.figures.declared import read
from study.figures.registry import ROOT
from study.planned.loading import Study, read_study
from study.planned.planning import Schedule, schedule_of

Block = Callable[[], str]


@dataclass
class Material:
    """Everything that blocks, drawings and slides are made from, read and computed once."""

    root: Path = ROOT
    costs: Costs = field(default_factory=Costs)

    @cached_property
    def study(self) -> Study:
        """Raises StudyError when the sources do not hold, in their own words."""
        return read_study(self.root / "study", root=self.root)

    @cached_property
    def schedule(self) -> Schedule:
        return schedule_of(self.study.backlog, self.study.plan)

    def page(self, name: str) -> Any:
        """A source as it was written: `page("needs")` is `study/needs.yaml`."""
        return read(self.root / "study" / f"{name}.yaml")


def blocks(material: Material) -> dict[str, Block]:
    """Every block by name."""
    page = material.page
    need, log, plan = page("needs"), page("backlog"), page("plan")
    epics = {epic["id"]: epic["name"] for epic in log["epics"]}
    stories = {story["id"]: story["title"] for story in log["stories"]}
    milestones = {one["id"]: one["name"].split(" :")[0] for one in plan["milestones"]}
    words: dict[str, Block] = {
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
    return words | _costs(material.costs) | _choices(material)


def _costs(model: Costs) -> dict[str, Block]:
    return {
        "construction": partial(costs.build, model),
        "construction-epopees": partial(costs.build_by_epic, model),
        "scenarios": partial(costs.scenarios, model),
        "exploitation": partial(costs.running, model),
        "unitaires": partial(costs.units, model),
        "sensibilite": partial(costs.sensitivity, model),
        "point-mort": partial(costs.break_even, model),
        "comparaison": partial(costs.same_load, model),
        "auteur": partial(costs.author, model),
    }


def _choices(material: Material) -> dict[str, Block]:
    study = material.study
    return {
        "nuages": partial(choices.ranking, study.clouds, material.costs),
        "nuages-raisons": partial(choices.reasons, study.clouds),
        "nuages-sensibilite": partial(choices.other_weights, study.clouds, material.costs),
        "moteurs": partial(choices.stores, study.stores),
        "modeles": partial(choices.models, study.models),
        "veille": partial(choices.watch, study.watch),
        "dates": lambda: choices.dates(material.schedule, study.plan, study.backlog),
    }
