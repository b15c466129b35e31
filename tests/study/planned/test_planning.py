"""Planning, exports, and one set of totals."""

import csv
import json
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from study.planned.exports import issues_of, rows_of, write_all
from study.planned.loading import StudyError, read_study
from study.planned.models import Backlog
from study.planned.planning import schedule_of

from puls.costing.building import backlog, build_cost

STUDY = read_study()
SCHEDULE = schedule_of(STUDY.backlog, STUDY.plan)


def test_nothing_begins_before_what_it_waits_for() -> None:
    """And nobody does two things at once."""
    ends = {one.story.id: one.ends for one in SCHEDULE.stories}
    for one in SCHEDULE.stories:
        assert all(ends[before] <= one.begins + 1e-3 for before in one.story.after)
    for person in {one.person for one in SCHEDULE.stories}:
        mine = sorted((one.begins, one.ends) for one in SCHEDULE.stories if one.person == person)
        assert all(end <= begin + 1e-3 for (_, end), (begin, _) in pairwise(mine))


def test_nobody_works_on_a_holiday() -> None:
    """Dates of the Gantt are working days."""
    for one in SCHEDULE.stories:
        for day in (one.first_day, one.last_day):
            assert day.weekday() < 5
            assert day not in STUDY.plan.working_days.holidays


def test_the_critical_path_is_a_chain_and_no_plan_is_shorter() -> None:
    """More people cannot make it shorter."""
    stories = {one.id: one for one in STUDY.backlog.stories}
    path = SCHEDULE.critical_path
    assert all(before in stories[after].after for before, after in pairwise(path))
    days = sum(stories[one].expected_days for one in path) / STUDY.plan.availability
    assert SCHEDULE.critical_days == pytest.approx(days, abs=0.1)
    assert max(one.ends for one in SCHEDULE.stories) >= SCHEDULE.critical_days - 0.1


def test_milestones_end_in_their_order() -> None:
    """MVP 0, MVP 1, then the rest."""
    ends = [SCHEDULE.milestones[name] for name in ("mvp0", "mvp1", "later")]
    assert ends == sorted(ends)
    assert ends[0] > date(2027, 1, 4)


def test_a_circle_is_told() -> None:
    """A plan that cannot begin is no plan."""
    stories = [one.model_dump() for one in STUDY.backlog.stories[:2]]
    stories[0]["after"], stories[1]["after"] = ("CAT-2",), ("CAT-1",)
    spoilt = Backlog.model_validate({**STUDY.backlog.model_dump(), "stories": stories})
    with pytest.raises(StudyError, match="circle"):
        schedule_of(spoilt, STUDY.plan)


def test_backlog_plan_and_build_cost_have_one_total(tmp_path: Path) -> None:
    """The same days and the same euros in the YAML, the schedule, the cost model, the CSV and the workbook."""
    stories, roles = STUDY.backlog.stories, {one.id: one for one in STUDY.plan.roles}
    days = sum(one.expected_days for one in stories)
    bought = sum(one.eur for one in STUDY.plan.other_build_costs)
    euros = sum(one.expected_days * roles[one.role].day_rate_eur for one in stories) + bought

    planned = sum(one.ends - one.begins for one in SCHEDULE.stories) * STUDY.plan.availability
    assert planned == pytest.approx(days, abs=0.05)

    built = build_cost(backlog())
    assert float(built.whole.expected_days) == pytest.approx(days)
    assert float(built.whole.expected_eur) == pytest.approx(euros)
    assert built.other_eur == Decimal(str(bought))

    write_all(STUDY, tmp_path)
    with (tmp_path / "backlog.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert sum(float(row["jours attendus"]) for row in rows) == pytest.approx(days, abs=0.5)
    assert sum(float(row["coût attendu €"]) for row in rows) + bought == pytest.approx(euros, abs=1)
    with ZipFile(tmp_path / "backlog.xlsx") as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet2.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    totals = [
        float(cell.findtext(f"{space}v", "0"))
        for cell in sheet.iter(f"{space}c")
        if (cell.findtext(f"{space}f") or "").startswith("SUM(L")
    ]
    assert totals == [pytest.approx(euros, abs=1)]
    report = json.loads((tmp_path / "costs.json").read_text("utf-8"))
    assert report["build"]["whole"]["expected_eur"] == pytest.approx(euros, abs=0.01)


def test_an_issue_holds_criteria_estimate_and_what_comes_before() -> None:
    """What GitHub is given can be worked on."""
    issues = {one["title"].split(" ")[0]: one for one in issues_of(STUDY)}
    assert len(issues) == len(STUDY.backlog.stories)
    one = issues["CAT-3"]
    assert "p95 d'une recherche entière" in one["body"]
    assert "CAT-1 :" in one["body"]
    assert "5 / 8 / 14" in one["body"]
    assert "épopée:catalogue" in one["labels"]


def test_every_row_has_a_cell_for_each_column() -> None:
    """No column slips."""
    assert {len(row) for row in rows_of(STUDY, SCHEDULE)} == {18}


def test_the_ranking_of_clouds_follows_notes_and_costs() -> None:
    """The cheapest has five of five for its cost; a cloud that costs twice as much, two and a half."""
    costs = dict.fromkeys(("aws", "gcp", "azure", "scaleway", "vm"), 200.0) | {"vm": 100.0}
    alone = {one.id: float(one.id == "cost") for one in STUDY.clouds.criteria}
    ranking = dict(STUDY.clouds.ranking(costs, alone))
    assert (ranking["vm"], ranking["aws"]) == (5.0, 2.5)
    assert (
        len({STUDY.clouds.ranking(costs, one.weights)[0][0] for one in STUDY.clouds.other_weights})
        > 1
    )
