"""An outing as a line of stops down the page: hours, venue, price, the way between, and the time that is left. Pure.

Enter at `timeline` for a plan, at `stops_of` for hours that were kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Event
from puls.geo.distance import Coordinates
from puls.outings.plan import Plan
from puls.outings.travel import WALKABLE_KM, leg_between
from puls.phrasing import Language
from puls.ui.cards import web_address
from puls.ui.plans.directions import leg, way_through
from puls.ui.posters.drawing import picture_address
from puls.ui.texts import texts

_WORTH_NAMING = timedelta(minutes=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An event from when to when (aware)."""

    event: Event
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """One stop. `day`: where a day begins; `way`, `gap`: what lies before it; `change`: the message that asks for another."""

    number: int
    uid: str
    category: str
    picture: str
    day: str | None
    hours: str
    title: str
    venue: str | None
    price: str
    way: str | None
    way_address: str | None
    gap: str | None
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The outing. `calendar` is one file of all stops, `way` one itinerary through them; `stops_said` is the plan as fields of a form."""

    stops: Sequence[StopView]
    price: str | None
    calendar: str
    way: str | None
    stops_said: Sequence[str]
    title: str


def timeline(plan: Plan, *, directions: str, language: Language) -> PlanView:
    """`directions`: the setting `PULS_DIRECTIONS`."""
    stops = [
        Stop(event=step.found.event, arrives_at=step.arrives_at, leaves_at=step.leaves_at)
        for step in plan.steps
    ]
    price = plan.price_per_person
    return view_of(
        stops,
        price=None if price is None else phrasing.euros(price, language),
        directions=directions,
        language=language,
    )


def view_of(
    stops: Sequence[Stop], *, price: str | None, directions: str, language: Language
) -> PlanView:
    """`price` per person in words, None: one is not known."""
    said = [stop_said(stop) for stop in stops]
    places = [at for stop in stops if (at := _at(stop.event)) is not None]
    return PlanView(
        stops=[
            _stop(number, stop, before, directions=directions, language=language)
            for number, (before, stop) in enumerate(zip([None, *stops], stops, strict=False), 1)
        ],
        price=price,
        calendar=f"/v1/plan.ics?{urlencode([('stop', one) for one in said] + [('lang', language)])}",
        way=way_through(places, directions) if len(places) == len(stops) else None,
        stops_said=said,
        title=" → ".join(stop.event.title for stop in stops),
    )


def stop_said(stop: Stop) -> str:
    """« uid,2026-11-21T13:00Z,2026-11-21T14:15Z »: a stop as one value of an address or a form; see `stop_read`."""
    moments = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for at in (stop.arrives_at, stop.leaves_at))
    return ",".join((stop.event.uid, *moments))


def stop_read(said: str) -> tuple[str, datetime, datetime] | None:
    """What `stop_said` wrote; None when it is anything else."""
    uid, *moments = said.rsplit(",", 2)
    try:
        arrives, leaves = (datetime.fromisoformat(each) for each in moments)
    except ValueError:
        return None
    is_whole = arrives.tzinfo is not None and leaves.tzinfo is not None and bool(uid)
    return (uid, arrives, leaves) if is_whole and arrives < leaves else None


def known_price(events: Iterable[Event], language: Language) -> str | None:
    """What all cost a person at least; None when one price is not known."""
    prices = [event.price.lowest for event in events]
    if any(price is None for price in prices):
        return None
    return phrasing.euros(sum(price for price in prices if price is not None), language)


def _stop(
    number: int, stop: Stop, before: Stop | None, *, directions: str, language: Language
) -> StopView:
    event, words = stop.event, texts(language)
    zone = ZoneInfo(event.timezone)
    first, last = stop.arrives_at.astimezone(zone), stop.leaves_at.astimezone(zone)
    way, way_address, gap = _between(before, stop, directions=directions, language=language)
    is_new_day = before is None or before.arrives_at.astimezone(zone).date() != first.date()
    venue = event.venue
    return StopView(
        number=number,
        uid=event.uid,
        category=event.category,
        picture=web_address(event.image_url) or picture_address(event),
        day=phrasing.sentence(
            phrasing.weekday_word(first.date(), language) + " " + _day(first, language)
        )
        if is_new_day
        else None,
        hours=f"{phrasing.clock(first, language)} – {phrasing.clock(last, language)}",
        title=event.title,
        venue=", ".join(dict.fromkeys(part for part in (venue.name, venue.city) if part))
        if venue
        else None,
        price=phrasing.price_words(event.price, language),
        way=way,
        way_address=way_address,
        gap=gap,
        change=words["plan_change_ask"].format(number=_ordinal(number, language)),
    )


def _between(
    before: Stop | None, stop: Stop, *, directions: str, language: Language
) -> tuple[str | None, str | None, str | None]:
    """The way there in words, where a map shows it, and the time left over."""
    if before is None:
        return None, None, None
    words = texts(language)
    way = leg_between(before.event.venue, stop.event.venue)
    minutes = way.minutes if way else 0
    left = stop.arrives_at - before.leaves_at - timedelta(minutes=minutes)
    gap = None
    if _WORTH_NAMING <= left < timedelta(hours=12):
        rounded = int(left.total_seconds() // 900 * 15)
        gap = f"{phrasing.duration_words(rounded, language)} {words['plan_free']}"
    if way is None or way.minutes == 0:
        return None, None, gap
    is_walk = way.km is not None and way.km < WALKABLE_KM
    by = words["plan_walk" if is_walk else "plan_ride"]
    told = f"{phrasing.duration_words(way.minutes, language)} {by}"
    if way.km is not None:
        told += f" ({phrasing.distance_words(way.km, language)}, {words['plan_estimate']})"
    here, there = _at(before.event), _at(stop.event)
    address = leg(here, there, directions, is_walk=is_walk) if here and there else None
    return told, address, gap


def _at(event: Event) -> Coordinates | None:
    return event.venue.coordinates if event.venue else None


def _day(first: datetime, language: Language) -> str:
    return phrasing.day_and_month(first.date(), today=first.date(), language=language)


def _ordinal(number: int, language: Language) -> str:
    if language == "en":
        return ("1st", "2nd", "3rd")[number - 1] if number <= 3 else f"{number}th"  # noqa: PLR2004 # English
    return "1re" if number == 1 else f"{number}e"
