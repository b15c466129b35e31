"""Backlog, plan and risks for other tools: `python -m study.planned.exports [FOLDER]` (default build/study).

`backlog.csv`, `plan.csv`, `risks.csv`; `backlog.xlsx` with live formulas (change an estimate or a rate, and days, costs and totals follow);
`issues.json` as GitHub's API wants issues, with milestones and labels; `costs.xlsx` and `costs.json` of the cost model. No network.
"""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from puls.costing.prices import PriceTable
from puls.costing.report import report_of
from puls.costing.workbook import write_workbook
from study.planned.loading import ROOT, Study, StudyError, read_study
from study.planned.planning import Schedule, schedule_of

_STATUS = {"built": "construit", "partial": "en partie", "open": "à faire"}
_HEAD = (
    "récit", "épopée", "titre", "jalon", "priorité", "rôle", "optimiste", "probable", "pessimiste", "jours attendus", "€ par jour",
    "coût attendu €", "début", "fin", "après", "état", "preuve", "critères",
)  # fmt: skip


def rows_of(study: Study, schedule: Schedule) -> list[tuple[Any, ...]]:
    """A row per story, in the order of `_HEAD`; the two computed columns as numbers."""
    rates = {one.id: one.day_rate_eur for one in study.plan.roles}
    names = {one.id: one.name for one in study.plan.roles}
    epics = {one.id: one.name for one in study.backlog.epics}
    rows = []
    for story in study.backlog.stories:
        when = schedule.of(story.id)
        rate = rates[story.role]
        rows.append(
            (
                story.id, epics[story.epic], story.title, story.milestone, priority_of(study, story.id), names[story.role],
                *story.days, round(story.expected_days, 2), rate, round(story.expected_days * rate, 2),
                when.first_day.isoformat(), when.last_day.isoformat(), " ".join(story.after), _STATUS[story.status], story.proof,
                " ; ".join(story.criteria),
            )
        )  # fmt: skip
    return rows


def priority_of(study: Study, story: str) -> str:
    """Its place in MoSCoW."""
    moscow = study.needs.moscow
    for name in ("must", "should", "could"):
        if story in getattr(moscow, name):
            return name
    raise StudyError(f"{story} has no priority.")


def issues_of(study: Study) -> list[dict[str, Any]]:
    """What GitHub's API takes, one per story; `body` in Markdown."""
    milestones = {one.id: one.name for one in study.plan.milestones}
    titles = {one.id: one.title for one in study.backlog.stories}
    issues = []
    for story in study.backlog.stories:
        criteria = "\n".join(f"- [{'x' if story.status == 'built' else ' '}] {one}" for one in story.criteria)  # fmt: skip
        after = "\n".join(f"- {one} : {titles[one]}" for one in story.after) or "- rien"
        low, likely, high = story.days
        body = (
            f"**Critères d’acceptation**\n{criteria}\n\n**Après**\n{after}\n\n"
            f"**Estimation** (jours de {story.role}) : {low:g} / {likely:g} / {high:g}\n\n**Où** : `{story.proof}`\n"
        )
        labels = [f"épopée:{story.epic}", f"priorité:{priority_of(study, story.id)}", f"rôle:{story.role}"]  # fmt: skip
        issues.append(
            {
                "title": f"{story.id} · {story.title}",
                "body": body,
                "labels": labels,
                "milestone": milestones[story.milestone],
                "state": "closed" if story.status == "built" else "open",
            }
        )
    return issues


def write_all(study: Study, folder: Path) -> list[Path]:
    """Every file; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    schedule = schedule_of(study.backlog, study.plan)
    rows = rows_of(study, schedule)
    report = report_of(PriceTable.load())
    _csv(folder / "backlog.csv", _HEAD, rows)
    _csv(folder / "plan.csv", ("récit", "personne", "début", "fin", "jours", "attend"), _plan(schedule))  # fmt: skip
    _csv(folder / "risks.csv", ("risque", "titre", "probabilité", "effet", "criticité", "porteur", "déclencheur", "prévention", "réponse"), _risks(study))  # fmt: skip
    _json(folder / "issues.json", issues_of(study))
    _json(folder / "costs.json", report)
    _workbook(folder / "backlog.xlsx", study, rows, schedule)
    write_workbook(report, folder / "costs.xlsx")
    return sorted(folder.iterdir())


def _plan(schedule: Schedule) -> Iterable[Sequence[Any]]:
    for one in schedule.stories:
        yield (
            one.story.id, one.person, one.first_day.isoformat(), one.last_day.isoformat(), round(one.ends - one.begins, 2),
            one.waits_for or "",
        )  # fmt: skip


def _risks(study: Study) -> Iterable[Sequence[Any]]:
    for one in sorted(study.risks.risks, key=lambda risk: -risk.criticality):
        yield (
            one.id, one.title, one.probability, one.impact, one.criticality, one.owner, one.trigger, one.prevention, one.answer,
        )  # fmt: skip


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """With a byte order mark and semicolons: what a French Excel opens as it is."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(head)
        writer.writerows(rows)


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _workbook(path: Path, study: Study, rows: Sequence[Sequence[Any]], schedule: Schedule) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        euro = book.add_format({"num_format": "#,##0.00 €"})
        _rates(book, study, head)
        _stories(book, study, rows, head, euro)
        _gantt(book, schedule, head)
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)


def _rates(book: Any, study: Study, head: Any) -> None:
    sheet = book.add_worksheet("Rôles")
    sheet.write_row(0, 0, ("rôle", "€ par jour", "personnes", "source"), head)
    for row, role in enumerate(study.plan.roles, start=1):
        sheet.write_row(row, 0, (role.name, role.day_rate_eur, role.people, role.source))
    sheet.set_column(0, 0, 36)
    sheet.set_column(3, 3, 50)


def _stories(book: Any, study: Study, rows: Sequence[Sequence[Any]], head: Any, euro: Any) -> None:
    sheet = book.add_worksheet("Carnet")
    sheet.write_row(0, 0, _HEAD, head)
    roles = len(study.plan.roles)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
        at = number + 1
        sheet.write_formula(number, 9, f"=(G{at}+4*H{at}+I{at})/6", None, row[9])
        sheet.write_formula(number, 10, f"=VLOOKUP(F{at},'Rôles'!$A$2:$B${roles + 1},2,FALSE)", None, row[10])  # fmt: skip
        sheet.write_formula(number, 11, f"=J{at}*K{at}", euro, row[11])
    last = len(rows) + 1
    bought = sum(one.eur for one in study.plan.other_build_costs)
    people = sum(row[11] for row in rows)
    sheet.write(last, 2, "Achats", head)
    sheet.write_number(last, 11, bought, euro)
    sheet.write(last + 1, 2, "Total", head)
    sheet.write_formula(last + 1, 9, f"=SUM(J2:J{last})", None, sum(row[9] for row in rows))
    sheet.write_formula(last + 1, 11, f"=SUM(L2:L{last + 1})", euro, people + bought)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(rows), len(_HEAD) - 1)
    sheet.set_column(2, 2, 60)
    sheet.set_column(17, 17, 90)


def _gantt(book: Any, schedule: Schedule, head: Any) -> None:
    """A bar of coloured cells, one per week."""
    sheet = book.add_worksheet("Gantt")
    bar = book.add_format({"bg_color": "#1f5f8b"})
    critical = book.add_format({"bg_color": "#b3261e"})
    monday = min(one.first_day for one in schedule.stories)
    weeks = max((one.last_day - monday).days // 7 for one in schedule.stories) + 1
    sheet.write_row(0, 0, ("récit", "personne", "début", "fin", *(f"s{week + 1}" for week in range(weeks))), head)  # fmt: skip
    for row, one in enumerate(schedule.stories, start=1):
        sheet.write_row(row, 0, (one.story.id, one.person, one.first_day.isoformat(), one.last_day.isoformat()))  # fmt: skip
        colour = critical if one.story.id in schedule.critical_path else bar
        first, last = (one.first_day - monday).days // 7, (one.last_day - monday).days // 7
        for week in range(first, last + 1):
            sheet.write_blank(row, 4 + week, None, colour)
    sheet.set_column(1, 3, 12)
    sheet.set_column(4, 4 + weeks, 4)
    sheet.freeze_panes(1, 4)


def main(arguments: list[str]) -> int:
    """Write and name the files; 2 when the source does not hold."""
    folder = Path(arguments[0]) if arguments else ROOT / "build/study"
    try:
        written = write_all(read_study(), folder)
    except StudyError as error:
        print(error, file=sys.stderr)
        return 2
    for path in written:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
