"""The rules behind the figures, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.alerts import Watched
from puls.geo.gazetteer import Gazetteer
from puls.operating.components import (
    Component,
    Disk,
    Index,
    State,
    circuits_component,
    disk_component,
    index_component,
    jobs_component,
    worst,
)
from puls.operating.counts import Counted, Counts
from puls.operating.masking import masked
from puls.operating.objectives import BUDGET_WINDOW, DEFAULTS, Events, Objective, burn_of
from puls.operating.periods import Period, day_after, day_of, span_of
from puls.operating.places import PlaceNames

NOW = datetime(2026, 11, 27, 17, 12, 9, tzinfo=UTC)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_percentile_is_the_one_of_the_sorted_values(values: list[int], share: float) -> None:
    """As PostgreSQL's percentile_disc: the first value whose share of the whole reaches the one asked for."""
    counted = {"ms": {str(value): Counted(values.count(value)) for value in values}}
    ranked = sorted(values)
    wanted = next(
        value for at, value in enumerate(ranked, start=1) if at / len(ranked) >= share - 1e-12
    )
    assert Counts(counted).percentile("ms", share) == wanted


def test_days_are_local_and_may_have_23_or_25_hours() -> None:
    """The Sundays of summer time, in Paris."""
    spring = datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert day_of(spring, "Europe/Paris") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert day_after(day_of(spring, "Europe/Paris"), "Europe/Paris") - day_of(
        spring, "Europe/Paris"
    ) == timedelta(hours=23)
    autumn = datetime(2026, 10, 25, 10, tzinfo=UTC)
    assert day_after(day_of(autumn, "Europe/Paris"), "Europe/Paris") - day_of(
        autumn, "Europe/Paris"
    ) == timedelta(hours=25)


@given(st.sampled_from(Period), st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))
def test_the_pieces_of_a_span_follow_each_other_and_end_now(period: Period, at: datetime) -> None:
    """A curve without a hole and without a column of tomorrow."""
    now = at.replace(tzinfo=UTC)
    span = span_of(period, now=now, timezone="Europe/Paris")
    assert span.starts[0] == span.since
    assert list(span.starts) == sorted(set(span.starts))
    assert span.starts[-1] <= span.until == now
    assert len(span.starts) == {"1h": 12, "24h": 24, "7j": 7, "30j": 30}[period]


OBJECTIVE = Objective(name="availability", of="availability", target=0.99, least_events=10)


def test_a_budget_burns_at_one_when_its_errors_use_it_up_exactly() -> None:
    """The workbook's definition."""
    burn = burn_of(
        OBJECTIVE, {"1h": Events(all=1000, bad=10), BUDGET_WINDOW: Events(all=1000, bad=5)}
    )
    assert burn.rates["1h"] == pytest.approx(1)
    assert burn.budget_left == pytest.approx(0.5)
    assert not burn.is_alarming


def test_one_failure_at_little_traffic_alarms_nobody() -> None:
    """At five questions an hour a single failure would burn at twenty times the budget."""
    burn = burn_of(OBJECTIVE, {"1h": Events(all=5, bad=1)})
    assert burn.rates["1h"] is None
    assert not burn.is_alarming
    assert burn_of(OBJECTIVE, {"1h": Events(all=50, bad=20)}).is_alarming


def test_components_say_what_is_wrong() -> None:
    """The worst is at the head of the page; what is unknown alarms nobody."""
    assert index_component(Index()).state is State.WARNING
    assert index_component(Index(version=1, embedded=9, events=10)).code == "behind"
    assert disk_component(Disk(free=1, total=100)).state is State.BAD
    assert circuits_component("models", {"a": True, "b": False}).state is State.WARNING
    assert circuits_component("models", {"a": True}).state is State.BAD
    unknown = jobs_component(None)
    assert unknown.code == "no_worker"
    assert worst([unknown]) is State.GOOD
    assert worst([unknown, Component(name="x", state=State.BAD, code="")]) is State.BAD


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("écrivez à jean.dupont@example.org", "écrivez à [courriel]"),
        ("appelle le 06 12 34 56 78", "appelle le [numéro]"),
        ("+33 6 12 34 56 78 merci", "[numéro] merci"),
        ("je suis au 12 bis rue des Lilas, Lyon", "je suis au [adresse], Lyon"),
        ("je m'appelle Jeanne Martin et je cherche", "je m'appelle [nom] et je cherche"),
        ("c'est pour Léa", "c'est pour [nom]"),
        ("voir https://example.org/moi?x=1 !", "voir [adresse web] !"),
        (
            "concert de jazz à Lyon samedi 28 à 20 h 30",
            "concert de jazz à Lyon samedi 28 à 20 h 30",
        ),
        ("expo dès 4 ans à moins de 15 €", "expo dès 4 ans à moins de 15 €"),
    ],
)
def test_what_reaches_somebody_is_masked_and_the_wish_is_not(words: str, wanted: str) -> None:
    """An operator must see why an answer was bad, not whose it was."""
    assert masked(words) == wanted


def test_places_have_names(gazetteer: Gazetteer) -> None:
    """Codes are for tables."""
    names = PlaceNames(gazetteer)
    assert names.name("c69123", "fr") == "Lyon (69)"
    assert names.name("d69", "fr") == "Rhône"
    assert names.name("r84", "fr") == "Auvergne-Rhône-Alpes"
    assert names.name("n44.9,4.9", "fr") == "Autour de Valence"
    assert names.name("n0.0,0.0", "fr") == "n0.0,0.0"
    assert names.name("", "en") == "Anywhere"
    assert names.name("visitor", "fr") == "Près du visiteur"


def test_the_page_promises_what_the_alarms_watch() -> None:
    """Two files of objectives once said 1.5 s here and 1 s there: nobody knew which was broken."""
    here = {one.name: one for one in DEFAULTS}
    there = {one.name: one for one in Watched.load().objective}
    assert here["first_card"].limit_ms == 1_000 * (there["first_card"].bad.over or 0)
    assert here["answer"].target == there["answer_time"].objective
    assert here["availability"].target == there["answers"].objective
    assert here["grounding"].least_bad == there["grounding"].min_bad
    assert len(here) == 4


def test_a_few_slow_answers_alarm_nobody() -> None:
    """Nineteen questions on the first day, two slow while the model loads: no yellow head on the page."""
    first_card = next(one for one in DEFAULTS if one.name == "first_card")
    assert not burn_of(first_card, {"72h": Events(all=19, bad=2)}).is_alarming
    assert burn_of(first_card, {"72h": Events(all=190, bad=20)}).is_alarming


def test_masking_an_address_leaves_the_sentence_around_it() -> None:
    """An answer is written in Markdown: the bracket and the comma belong to it, all of the address goes."""
    text = "[Fête](https://example.org/a_(b)/c), samedi ; voir www.example.fr/moi."
    assert masked(text) == "[Fête]([adresse web]), samedi ; voir [adresse web]."
