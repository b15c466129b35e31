"""Tables of the backlog, the plan and the risks, from `study/backlog.yaml`, `plan.yaml` and `risks.yaml`."""

from collections.abc import Iterable
from typing import Any

from study.blocks.markdown import bullets, sentence, table
from study.blocks.needs import link
from study.figures.french import number

STATUS = {"built": "construit", "partial": "en partie", "open": "à faire"}
_RACI = ("lead", "backend", "ai", "data", "ops", "frontend", "product", "ux", "dpo", "client")


def likely(story: dict[str, Any]) -> float:
    """The mean of a beta-PERT law: (optimistic + 4 likely + pessimistic) / 6."""
    low, mode, high = story["days"]
    return float((low + 4 * mode + high) / 6)


def epics(backlog: dict[str, Any]) -> str:
    rows = []
    for epic in backlog["epics"]:
        stories = [one for one in backlog["stories"] if one["epic"] == epic["id"]]
        built = sum(one["status"] == "built" for one in stories)
        rows.append([f"**{epic['name']}**", epic["goal"], str(len(stories)), str(built), number(sum(map(likely, stories)), 1)])  # fmt: skip
    total = [sum(float(row[index].replace(",", ".")) for row in rows) for index in (2, 3)]
    days = number(sum(map(likely, backlog["stories"])), 1)
    rows.append(["**Total**", "", number(total[0]), number(total[1]), f"**{days}**"])
    return table(["épopée", "but", "récits", "construits", "jours probables"], rows, right=(2, 3, 4))  # fmt: skip


def stories(backlog: dict[str, Any], milestones: dict[str, str]) -> str:
    parts = []
    for epic in backlog["epics"]:
        rows = [_story(one, milestones) for one in backlog["stories"] if one["epic"] == epic["id"]]
        parts.append(f"### {epic['name']}\n\n" + table(["", "récit et critères d'acceptation", "jalon", "jours", "état"], rows))  # fmt: skip
    return "\n\n".join(parts)


def _story(story: dict[str, Any], milestones: dict[str, str]) -> list[str]:
    low, mode, high = story["days"]
    after = f" (après {', '.join(story['after'])})" if story.get("after") else ""
    words = f"**{story['title']}**{after}. " + " ".join(sentence(one) for one in story["criteria"])
    state = STATUS[story["status"]]
    if story.get("proof"):
        state = f"[{state}]({link(story['proof'])})"
    return [story["id"], words, milestones[story["milestone"]], f"{number(low)} – {number(mode)} – {number(high)}", state]  # fmt: skip


def open_stories(backlog: dict[str, Any]) -> str:
    return bullets(
        f"**{one['title']}** ({STATUS[one['status']]}) : {sentence(one['criteria'][0])}"
        for one in backlog["stories"]
        if one["status"] != "built"
    )


def milestones(plan: dict[str, Any]) -> str:
    parts = [
        f"### {one['name']}\n\n{sentence(one['goal'])}\n\n**Livrables** : {', '.join(one['deliverables'])}.\n\n"
        f"**Recette**\n\n{bullets(one['acceptance'])}"
        for one in plan["milestones"]
    ]
    return "\n\n".join(parts)


def team(plan: dict[str, Any], backlog: dict[str, Any]) -> str:
    rows = []
    for role in plan["roles"]:
        days = sum(likely(one) for one in backlog["stories"] if one["role"] == role["id"])
        rows.append([role["name"], number(role["people"]), number(days, 1), f"{number(role['day_rate_eur'])} €", role["source"]])  # fmt: skip
    return table(["rôle", "personnes", "jours probables", "par jour", "d'où vient le tarif"], rows, right=(1, 2, 3))  # fmt: skip


def rhythm(plan: dict[str, Any]) -> str:
    names = _roles(plan)
    rows = [[one["name"], one["every"], f"{one['minutes']} min", _who(one["who"], names) + (f" ; avec {one['with']}" if one.get("with") else "")] for one in plan["rhythm"]]  # fmt: skip
    return table(["rendez-vous", "chaque", "durée", "qui"], rows)


def raci(plan: dict[str, Any]) -> str:
    heads = {
        "lead": "technique", "backend": "logiciel", "ai": "IA", "data": "données", "ops": "plateforme", "frontend": "interface", "product": "produit",
        "ux": "recherche", "dpo": "DPO", "client": "client",
    }  # fmt: skip
    rows = [
        [one["what"], *(f"**{one[who]}**" if one[who] == "A" else one[who] for who in _RACI)]
        for one in plan["raci"]
    ]
    return table(["", *(heads[who] for who in _RACI)], rows)


def communication(plan: dict[str, Any]) -> str:
    names = _roles(plan)
    rows = [[one["audience"], sentence(one["what"]), one["channel"], one["every"], names[one["owner"]]] for one in plan["communication"]]  # fmt: skip
    return table(["à qui", "quoi", "par", "chaque", "qui"], rows)


def risks(page: dict[str, Any], plan: dict[str, Any]) -> str:
    names = _roles(plan)
    ordered = sorted(page["risks"], key=lambda one: -one["probability"] * one["impact"])
    rows = [
        [
            f"**{one['title']}**",
            f"{one['probability']} × {one['impact']} = **{one['probability'] * one['impact']}**",
            sentence(one["trigger"]),
            sentence(one["prevention"]),
            sentence(one["answer"]),
            f"{names[one['owner']]} ([preuve]({link(one['proof'])}))",
        ]
        for one in ordered
    ]
    return table(["risque", "criticité", "déclencheur", "prévention", "réponse", "responsable"], rows)  # fmt: skip


def _roles(plan: dict[str, Any]) -> dict[str, str]:
    return {role["id"]: role["name"][0].lower() + role["name"][1:] for role in plan["roles"]}


def _who(who: Iterable[str], names: dict[str, str]) -> str:
    everyone = list(who)
    if len(everyone) > 5:  # noqa: PLR2004  # a list of all reads worse than the word
        return "toute l'équipe"
    return ", ".join(names[one] for one in everyone)
