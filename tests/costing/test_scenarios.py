"""Scenarios: what they suppose, and a file of one's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from puls.costing.scenarios import scenario_of, scenarios
from puls.costing.usage import usage_of
from puls.errors import InvalidInputError

ROOT = Path(__file__).parents[2]


def test_what_was_measured_still_stands_where_it_says() -> None:
    """A measurement that was mended or taken back must not live on in the costs."""
    for scenario in scenarios().values():
        for key, value in scenario.values.items():
            origin = value.origin
            if origin.kind == "measured":
                assert origin.file, key
                assert origin.quote, key
                assert origin.quote in (ROOT / origin.file).read_text("utf-8"), key
            else:
                assert origin.why, key
            assert origin.name, key


def test_the_place_of_an_event_is_that_of_the_bench() -> None:
    """1,307 MiB for 250,000 events, as LOG.md has it."""
    assert scenarios()["s1"]["event_kib"] == pytest.approx(
        Decimal(1307) * 1024 / 250_000, rel=Decimal("1e-4")
    )


def test_a_file_of_ones_own_changes_what_it_names(tmp_path: Path) -> None:
    """An operator puts their own traffic in, in plain numbers."""
    path = tmp_path / "ours.toml"
    path.write_text('based_on = "s3"\nquestions_per_day = 800\ncache_hit = 0.25\n')
    scenario = scenario_of(str(path))
    assert usage_of(scenario).answers == 24_000
    assert scenario["cache_hit"] == Decimal("0.25")
    assert scenario.values["cache_hit"].origin.name == "Réponses redites"
    assert scenario.optional("author_usd_month") is None, "their price is of another load"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question_per_day = 800\n", "nobody reads question_per_day"),
        ('questions_per_day = "many"\n', "is not a number"),
        ("questions_per_day = -1\n", "below zero"),
        ("questions_per_day = inf\n", "no number"),
        ("questions_per_day = 1e30\n", "more than anybody asks"),
        ("questions_per_day = true\n", "is not a number"),
        ('based_on = "s9"\n', "cannot be read"),
        ("questions_per_day = \n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, text: str, says: str
) -> None:
    """A slip must not become a price."""
    path = tmp_path / "ours.toml"
    path.write_text(text)
    with pytest.raises(InvalidInputError, match=says):
        scenario_of(str(path))


@pytest.mark.parametrize(
    "change", [{"cache_hit": 2}, {"questions_per_day": 0}, {"peak_hours_per_day": 30}]
)
def test_a_share_is_at_most_one_and_something_is_asked(change: dict[str, int]) -> None:
    """Nonsense in, a sentence out."""
    with pytest.raises(InvalidInputError):
        usage_of(scenarios()["s1"].having(**change))


def test_neither_scenario_nor_file_is_said() -> None:
    """And the known ones are named."""
    with pytest.raises(InvalidInputError, match="s1, s2, s3"):
        scenario_of("s4")
