"""When Puls looks on the web: for what only the web knows, when asked, when the catalogue is thin or old; never for small talk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.serving import NOW, SATURDAY_EVENING, an_event

from puls.understanding.turns import WITHOUT_WISH, Act
from puls.understanding.wish import Wish
from puls.web_search.policy import (
    FEW,
    OLD,
    QUICK,
    SOON,
    THOROUGH,
    Situation,
    ToCheck,
    bounds_of,
    plan_of,
)
from puls.web_search.values import Why

FRESH = ToCheck(event=an_event("jazz"), starts_at=SATURDAY_EVENING, read_at=NOW)
OLD_ONE = replace(FRESH, read_at=NOW - OLD - timedelta(minutes=1))
PLENTY = Situation(act=Act.SEARCH, wish=Wish(topic="jazz"), now=NOW, events=[FRESH] * 5, on_theme=5)


def test_plenty_of_fresh_events_need_no_look() -> None:
    """Each look costs the visitor time and somebody's server a request."""
    assert plan_of(PLENTY, depth="quick") is None


@pytest.mark.parametrize("act", sorted(WITHOUT_WISH))
@pytest.mark.parametrize("asked", [None, Why.ASKED, Why.ONLY_THE_WEB_KNOWS])
def test_small_talk_never_looks(act: Act, asked: Why | None) -> None:
    assert plan_of(replace(PLENTY, act=act, on_theme=0, asked=asked), depth="thorough") is None


def test_too_few_on_theme_are_searched_for() -> None:
    plan = plan_of(replace(PLENTY, on_theme=FEW - 1), depth="quick")
    assert plan is not None
    assert plan.why == (Why.TOO_FEW,)
    assert plan.searches
    assert plan.events == ()


def test_a_thin_catalogue_is_no_reason_where_nobody_can_be_asked() -> None:
    """Without a provider a look would only cost time."""
    assert plan_of(replace(PLENTY, on_theme=0, can_search=False), depth="quick") is None


def test_without_a_theme_there_is_nothing_to_search_for() -> None:
    """« que faire ce soir ? » would search the web for nothing in particular."""
    assert plan_of(replace(PLENTY, wish=Wish(), on_theme=0), depth="quick") is None


def test_what_is_near_and_old_is_checked() -> None:
    plan = plan_of(replace(PLENTY, events=[FRESH, OLD_ONE]), depth="quick")
    assert plan is not None
    assert plan.why == (Why.SOON_AND_OLD,)
    assert plan.events == (OLD_ONE.event,)
    assert not plan.searches


def test_what_is_far_is_not_checked() -> None:
    """A record has time to be read again before then."""
    far = replace(OLD_ONE, starts_at=NOW + SOON)
    assert plan_of(replace(PLENTY, events=[far]), depth="quick") is None


def test_never_read_counts_as_old() -> None:
    assert plan_of(replace(PLENTY, events=[replace(FRESH, read_at=None)]), depth="quick")


def test_off_is_off() -> None:
    asked = replace(PLENTY, on_theme=0, events=[OLD_ONE], asked=Why.ASKED)
    assert plan_of(asked, depth="off") is None


def test_a_question_about_shown_events_checks_them_however_fresh() -> None:
    about = replace(
        PLENTY, act=Act.DETAILS, events=[FRESH], asked=Why.ONLY_THE_WEB_KNOWS, is_about=True
    )
    plan = plan_of(about, depth="quick")
    assert plan is not None
    assert plan.events == (FRESH.event,)


def test_an_operators_seconds_scale_both_depths() -> None:
    assert bounds_of("quick", seconds=1.5).seconds == 1.5
    assert bounds_of("thorough", seconds=1.5).seconds == THOROUGH.seconds / 2
    assert bounds_of("quick", seconds=3).checks == QUICK.checks
