"""An event of the web is shown under the same filters as the catalogue's, and only where day and place are told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.serving import NOW, PARIS, SATURDAY_EVENING
from tests.web_search.sights import GAZETTEER, seen

from puls.catalogue.event import Attendance
from puls.understanding.question import understand
from puls.web_search.fitting import Fitting
from puls.web_search.values import Run, WebPrice, WebStatus, WebTime

JANUARY = datetime(2027, 1, 9, 20, tzinfo=PARIS)


def fits(text: str, **changes: Any) -> bool:
    wish = understand(text, now=NOW, gazetteer=GAZETTEER).wish
    return Fitting(wish=wish, now=NOW, gazetteer=GAZETTEER).fits(seen(**changes))


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("concert de jazz samedi à Lyon", {}, True),
        ("concert de jazz dimanche à Lyon", {}, False),
        ("concert de jazz à Lyon", {"times": ()}, False),
        ("concert de jazz à Lyon", {"times": (WebTime(starts_at=NOW - timedelta(days=2)),)}, False),
        ("concert de jazz en janvier à Lyon", {"times": (), "run": Run(first_day=date(2026, 12, 1), last_day=date(2027, 1, 10))}, True),
        ("concert de jazz en février à Lyon", {"times": (), "run": Run(first_day=date(2026, 12, 1), last_day=date(2027, 1, 10))}, False),
        ("jazz en janvier à Lyon", {"times": (WebTime(starts_at=JANUARY, has_time=False),)}, True),
        ("jazz samedi à Villeurbanne", {}, False),
        ("jazz samedi dans le Rhône", {}, True),
        ("jazz samedi à 20 km de Villeurbanne", {}, True),
        ("jazz samedi à Lyon", {"postcode": None, "city": "Lyon 2e"}, True),
        ("jazz samedi à Lyon", {"postcode": None, "city": None}, False),
        ("jazz samedi à Lyon", {"country_code": "BE"}, False),
        ("jazz samedi sauf à Lyon", {}, False),
        ("jazz gratuit samedi à Lyon", {"price": WebPrice(lowest=12.0)}, False),
        ("jazz gratuit samedi à Lyon", {"price": WebPrice(is_free=True, lowest=0.0)}, True),
        ("jazz gratuit samedi à Lyon", {}, True),
        ("jazz à moins de 10 € samedi à Lyon", {"price": WebPrice(lowest=12.0)}, False),
        ("jazz à moins de 15 € samedi à Lyon", {"price": WebPrice(lowest=12.0)}, True),
        ("jazz samedi à Lyon", {"status": WebStatus.CANCELLED}, False),
        ("jazz samedi à Lyon", {"status": WebStatus.POSTPONED}, False),
        ("jazz samedi à Lyon", {"status": WebStatus.FULL}, True),
        ("jazz samedi à Lyon", {"title": "Soirée rock"}, False),
        ("concerts de jazz samedi à Lyon", {"title": "Un soir", "description": "Quatre jazzmen du quartier."}, False),
        ("jazz en ligne samedi", {}, False),
        ("jazz en ligne samedi", {"attendance": Attendance.ONLINE, "city": None, "postcode": None}, True),
    ],
)  # fmt: skip
def test_the_filters_of_the_wish(text: str, changes: dict[str, Any], expected: bool) -> None:
    assert fits(text, **changes) is expected


def test_a_performance_under_way_still_fits() -> None:
    """Its end is not told: two hours are taken for it."""
    begun = (WebTime(starts_at=NOW - timedelta(minutes=30)),)
    assert fits("jazz ce soir à Lyon", times=begun)


def test_an_end_before_the_start_is_no_end() -> None:
    odd = (WebTime(starts_at=SATURDAY_EVENING, ends_at=SATURDAY_EVENING - timedelta(hours=20)),)
    assert fits("jazz samedi à Lyon", times=odd)
