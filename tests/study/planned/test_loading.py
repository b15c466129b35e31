"""The dated source of the study: what does not hold is refused by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from study.planned.build_copy import COPY, text_of
from study.planned.loading import ROOT, StudyError, missing_quote, read_study
from study.planned.models import Source

Change = Callable[[Any], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the source that a test may spoil."""
    made = tmp_path / "study"
    made.mkdir()
    for path in (ROOT / "study").glob("*.yaml"):
        (made / path.name).write_bytes(path.read_bytes())
    return made


def spoil(folder: Path, name: str, change: Change) -> None:
    value = yaml.safe_load((folder / name).read_text("utf-8"))
    change(value)
    (folder / name).write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")


def test_the_source_holds() -> None:
    """Every form, reference, path and quotation."""
    study = read_study()
    assert len(study.backlog.stories) >= 40
    assert {one.epic for one in study.backlog.stories} == {one.id for one in study.backlog.epics}


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("backlog.yaml", lambda one: one["stories"][3].pop("criteria"), "criteria: Field required"),
        ("backlog.yaml", lambda one: one["stories"][3].update(criteria=[]), "at least 1 item"),
        ("backlog.yaml", lambda one: one["stories"][5].pop("days"), "days"),
        ("backlog.yaml", lambda one: one["stories"][5].update(days=[5, 3, 9]), "optimistic ≤ likely"),
        ("backlog.yaml", lambda one: one["stories"][5].update(after=["CAT-99"]), "CAT-99"),
        ("backlog.yaml", lambda one: one["stories"][5].update(role="wizard"), "wizard"),
        ("backlog.yaml", lambda one: one["stories"][5].update(proof="src/gone.py"), "src/gone.py"),
        ("backlog.yaml", lambda one: one["stories"].append(dict(one["stories"][0])), "twice"),
        ("needs.yaml", lambda one: one["moscow"]["must"].remove("CAT-1"), "CAT-1 has no priority"),
        ("needs.yaml", lambda one: one["moscow"]["could"].append("CAT-1"), "two priorities"),
        ("needs.yaml", lambda one: one["criteria"][0]["source"].update(quote="in 3 ms"), "stale"),
        ("needs.yaml", lambda one: one["criteria"][0].update(today=None), "says why"),
        ("needs.yaml", lambda one: one["personas"][0].update(is_hypothesis=False), "is_hypothesis"),
        ("plan.yaml", lambda one: one["raci"][0].update(client="C"), "exactly one A"),
        ("clouds.yaml", lambda one: one["clouds"][0]["notes"].pop("ai"), "a note for each"),
        ("risks.yaml", lambda one: one["risks"][0].pop("trigger"), "trigger"),
        ("watch.yaml", lambda one: one["entries"][0].update(confidence="E"), "confidence"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_refused_by_name(
    folder: Path, name: str, change: Change, says: str
) -> None:
    """Each planted fault is found where it is."""
    spoil(folder, name, change)
    with pytest.raises(StudyError, match=says):
        read_study(folder)


def test_a_quotation_is_looked_for_under_its_heading() -> None:
    """The same words under another experiment do not bear a figure out."""
    quote = "p95 of 28 sendings 201 / 221"
    there = Source(file="LOG.md", heading="2026-11-29: the page", quote=quote)
    elsewhere = Source(file="LOG.md", heading="2026-11-29: two newcomers", quote=quote)
    assert missing_quote(there) is None
    assert "stale" in (missing_quote(elsewhere) or "")


def test_the_cost_model_simulates_this_backlog() -> None:
    """The wheel's copy is that of the YAML: `make study-build`."""
    assert COPY.read_text("utf-8") == text_of(read_study())
