"""What the cost model says as a whole."""

from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from puls.costing.peers import comparisons
from puls.costing.prices import PriceTable
from puls.costing.report import report_of
from puls.costing.running import bill_of
from puls.costing.scenarios import scenarios
from puls.costing.sensitivity import what_ifs, worth_of
from puls.costing.workbook import write_workbook
from puls.errors import InvalidInputError

PRICES = PriceTable.load()
REPORT = report_of(PRICES)


def test_every_public_price_is_compared_at_its_own_load() -> None:
    """Ten prices of four answers; below on their cloud, or the reason is told."""
    rows = comparisons(PRICES)
    assert len(rows) == 10
    for row in rows:
        assert (row.alike < row.theirs) == (row.why_not_below is None)
        assert row.cheapest[1] <= row.alike
        assert row.cheapest[1] < row.theirs, "somewhere we are below every one of them"


def test_s3_is_at_most_a_tenth_of_the_authors_price_on_every_cloud_that_holds_it() -> None:
    """60,422 dollars a month for 150,000 questions a day."""
    for cloud in REPORT["scenarios"]["s3"]["clouds"].values():
        assert cloud["eur"] is None or cloud["author_over_ours"] >= 10


def test_each_what_if_moves_the_bill_the_way_it_should() -> None:
    """Ten times the traffic is dearer and dearer models are; without a model it is cheaper."""
    scenario = scenarios()["s2"]
    bill = bill_of(scenario, "aws", PRICES)
    found = {one.id: one.bill for one in what_ifs(scenario, "aws", PRICES) if one.bill is not None}
    assert len(found) == 5
    assert found["traffic"].eur > bill.eur > found["no_model"].eur
    assert found["traffic"].eur_per_answer < bill.eur_per_answer
    assert found["estimates"].eur > bill.eur
    assert found["model_price"].eur - bill.eur == bill.of("model")
    assert found["cache"].of("model") == bill.of("model") * 95 / 90


def test_at_break_even_value_and_cost_are_equal() -> None:
    """Fixed costs over what an answer leaves."""
    scenario = scenarios()["s2"]
    bill = bill_of(scenario, "aws", PRICES)
    worth = worth_of(scenario, bill)
    answers = worth.answers_to_break_even
    assert answers is not None
    cost = bill.eur_fixed + answers * bill.eur_by_answers / bill.answers
    assert float(answers * worth.value_per_answer_eur) == pytest.approx(float(cost))


def test_when_an_answer_is_worth_less_than_it_costs_nothing_breaks_even() -> None:
    """No number of answers makes good what each loses."""
    scenario = scenarios()["s2"].having(click_share=0)
    assert worth_of(scenario, bill_of(scenario, "aws", PRICES)).answers_to_break_even is None


def test_services_and_lines_add_up_to_the_bill() -> None:
    """Whatever is rounded is rounded once."""
    for scenario in REPORT["scenarios"].values():
        for cloud in scenario["clouds"].values():
            if cloud["eur"] is not None:
                assert sum(cloud["services"].values()) == pytest.approx(cloud["eur"], abs=0.05)
                assert sum(line["eur"] for line in cloud["lines"]) == pytest.approx(cloud["eur"], abs=0.3)  # fmt: skip


def test_the_workbook_has_live_formulas_that_say_what_the_report_says(tmp_path: Path) -> None:
    """Each sum is a formula, and the value kept beside it is the report's."""
    path = tmp_path / "costs.xlsx"
    write_workbook(REPORT, path)
    with ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]  # fmt: skip
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    formulas, values = [], set()
    for sheet in sheets:
        for cell in ET.fromstring(sheet).iter(f"{space}c"):
            if (formula := cell.find(f"{space}f")) is not None:
                formulas.append(formula.text)
                values.add(float(cell.findtext(f"{space}v", "0")))
    assert any(one.startswith("SUM(F4:F") for one in formulas if one)
    assert len(formulas) > 400
    for scenario in REPORT["scenarios"].values():
        for cloud in scenario["clouds"].values():
            assert cloud["eur"] is None or cloud["eur"] in values


def test_a_workbook_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """No trace of a library."""
    with pytest.raises(InvalidInputError, match="cannot be written"):
        write_workbook(REPORT, tmp_path / "no" / "costs.xlsx")
