"""Tables of needs, persons, observations, criteria and perimeter, from `study/needs.yaml` and `study/peers.yaml`."""

from typing import Any

from study.blocks.markdown import bullets, sentence, table
from study.figures.french import number
from study.figures.registry import ROOT

_PRIORITIES = {"must": "indispensable", "should": "important", "could": "souhaitable"}


def personas(needs: dict[str, Any]) -> str:
    rows = [
        [f"**{one['name']}**, {one['kind']}", f"« {one['asks']} »", sentence(one["must_get"])]
        for one in needs["personas"]
    ]
    return table(["personne (hypothèse)", "demande", "ce qu'elle doit obtenir"], rows)


def observations(needs: dict[str, Any]) -> str:
    return bullets(
        f"{sentence(one['what'])} ([source]({link(one['source']['file'])}))"
        for one in needs["observed"]
    )


def needs_table(needs: dict[str, Any], epics: dict[str, str]) -> str:
    rows = [
        [one["id"], sentence(one["text"]), _PRIORITIES[one["priority"]], epics[one["epic"]]]
        for one in needs["needs"]
    ]
    return table(["", "besoin", "priorité", "épopée"], rows)


def perimeter(needs: dict[str, Any], stories: dict[str, str]) -> str:
    parts = [
        f"**{_PRIORITIES[level].capitalize()}**\n\n"
        + bullets(f"{name} : {stories[name]}" for name in needs["moscow"][level])
        for level in _PRIORITIES
    ]
    return "\n\n".join([*parts, "**Pas cette fois**\n\n" + bullets(needs["moscow"]["wont"])])


def is_met(criterion: dict[str, Any]) -> bool | None:
    """Whether today's value reaches the target; None without a value."""
    today, target = criterion["today"], criterion["target"]
    if today is None:
        return None
    return bool(today >= target if criterion["better"] == "higher" else today <= target)


def criteria(needs: dict[str, Any]) -> str:
    rows = []
    for one in needs["criteria"]:
        met = is_met(one)
        sign = "≥" if one["better"] == "higher" else "≤"
        today = number(one["today"]) if one["today"] is not None else one["why_unknown"]
        said = "pas encore mesuré" if met is None else "**oui**" if met else "non"
        goal = f"{sign} {number(one['target'])}" if one["target"] else "0"
        rows.append([one["name"], f"{goal} {one['unit']}".strip(), f"[{today}]({link(one['source']['file'])})", said])  # fmt: skip
    return table(["critère", "cible", "aujourd'hui", "atteint"], rows, right=(1,))


def peers(page: dict[str, Any]) -> str:
    rows = [[f"`{one['name']}`", one["cloud"], one["delivers"], one["strength"], one["lacks"], "oui" if one["proven"] else "non"] for one in page["peers"]]  # fmt: skip
    return table(
        ["réponse publique", "nuage", "livre", "force", "manque", "prouvée en marche"], rows
    )


def nobody_has(page: dict[str, Any]) -> str:
    return bullets(page["none_has"])


def link(file: str) -> str:
    """From a page of docs/etude to a file of the repository."""
    assert (ROOT / file).exists(), file
    return file.removeprefix("docs/") and (
        f"../{file.removeprefix('docs/')}" if file.startswith("docs/") else f"../../{file}"
    )
