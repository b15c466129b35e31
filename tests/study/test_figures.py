"""Figures come from files that still say so, or the study is stale."""

from pathlib import Path

import pytest
import yaml
from study.figures.counted import COUNTS, counted
from study.figures.declared import declared, looked_up
from study.figures.figure import StudyError
from study.figures.quoted import quoted
from study.figures.registry import ROOT

from puls.conversation.preferences.preference import LIFETIME

_MEASURE = [{"date": "2026-11-29", "where": "LOG.md", "figures": [{"name": "a", "value": 2638, "what": "w", "quote": "2,638 records/s in 379 s"}]}]  # fmt: skip


def folder(tmp_path: Path, log: str, value: float = 2638) -> tuple[Path, Path]:
    (tmp_path / "LOG.md").write_text(log, encoding="utf-8")
    rows = [{**_MEASURE[0], "date": yaml.safe_load("2026-11-29")}]
    rows[0]["figures"] = [{**_MEASURE[0]["figures"][0], "value": value}]  # type: ignore[dict-item]
    page = tmp_path / "quoted.yaml"
    page.write_text(yaml.safe_dump(rows), encoding="utf-8")
    return tmp_path, page


def test_a_measurement_is_held_to_the_line_where_it_was_written_down(tmp_path: Path) -> None:
    (figure,) = quoted(*folder(tmp_path, "first: **2,638\nrecords/s** in 379 s"))
    assert (figure.value, figure.source.file) == (2638, "LOG.md")


def test_a_measurement_that_was_taken_again_makes_the_figure_stale(tmp_path: Path) -> None:
    """Whoever measures again changes LOG.md; the study must not go on with the old number."""
    with pytest.raises(StudyError, match=r"LOG\.md no longer says"):
        list(quoted(*folder(tmp_path, "2,900 records/s in 340 s")))


def test_a_value_that_its_own_quotation_does_not_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="2639 is not in"):
        list(quoted(*folder(tmp_path, "2,638 records/s in 379 s", value=2639)))


def test_a_declared_figure_is_what_the_code_says() -> None:
    """Texts tell visitors how long things are kept: the constant decides."""
    figures = {one.name: one for one in declared(ROOT, ROOT / "study/declared.yaml")}
    assert figures["reglage.gouts"].value == LIFETIME.days
    assert figures["slo.disponibilite"].written == "99,5\u202f%"


@pytest.mark.parametrize(
    "key", ["objective/name=nothing/objective", "window_months", "objective/9/name"]
)
def test_a_place_that_is_not_there_is_refused(key: str) -> None:
    with pytest.raises(StudyError):
        looked_up(ROOT, "src/puls/alerts/slo.toml", key)


def test_a_count_that_the_code_no_longer_bears_out_is_stale(tmp_path: Path) -> None:
    """The number of tables is exact; the number of tests may drift a little before the text is wrong."""
    page = tmp_path / "counted.yaml"
    today = {name: count.of(ROOT) for name, count in COUNTS.items()}
    head = "date: 2026-11-30\ncommit: abc\n"
    page.write_text(head + yaml.safe_dump({"counts": {**today, "code.tests": int(today["code.tests"] * 0.95)}}))  # fmt: skip
    assert len(list(counted(ROOT, page))) == len(COUNTS)
    page.write_text(head + yaml.safe_dump({"counts": {**today, "code.tables": 3}}))
    with pytest.raises(StudyError, match=r"code\.tables is 3"):
        list(counted(ROOT, page))
