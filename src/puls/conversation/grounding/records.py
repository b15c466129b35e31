"""Whether an event's record bears out what is claimed of it. Pure.

Times are told by the clocks of the event's own zone, days in relation to the moment of the turn. What a
record does not say is not borne out. Enter at `bears_out`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Attendance, Event, PriceKind, Status
from puls.conversation.grounding.claims import Claim, Kind, claims_in
from puls.conversation.grounding.times import TIMES, Time, fits
from puls.geo.names import fold
from puls.outings.plan import PlanStep
from puls.phrasing import is_range
from puls.retrieval.ranking import FoundEvent

_READ = 3_000  # characters of a description; bounds the time
_A_FEW = 4  # letters between a weekday and its date
_JOINING = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "aux",
        "au",
        "en",
        "sur",
        "sous",
        "et",
        "of",
        "the",
        "and",
        "in",
        "on",
        "at",
        "with",
        "avec",
    ]
)
_REAL_HOURS = 12.0  # a longer opening is no duration
# What an event's own texts may bear out beside its fields; never what it costs nothing, nor its status.
_TOLD_IN_TEXT = frozenset(
    {
        Kind.DATE, Kind.WEEKDAY, Kind.HOUR, Kind.DURATION, Kind.PRICE, Kind.AGE, Kind.EVERYONE, Kind.FREE_PRICE,
        Kind.REGISTRATION, Kind.NUMBER, Kind.COUNT, Kind.MONTH, Kind.YEAR, Kind.DISTANCE, Kind.PART_OF_DAY,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """An event with everything that may be said of it. `number` is its citation, None when it has none."""

    found: FoundEvent
    number: int | None
    title: str
    words: str
    place_words: str
    times: tuple[Time, ...]
    steps: tuple[PlanStep, ...] = ()

    @property
    def event(self) -> Event:
        return self.found.event

    def is_past(self, now: datetime) -> bool:
        times = (self.found.occurrence, *self.event.occurrences)
        return all(one.ends_at <= now for one in times)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a claim is judged in: the moment, the other claims of the same event, the events compared with it."""

    now: datetime
    claims: Sequence[Claim]
    compared: Sequence[Record]


def record_of(found: FoundEvent, number: int | None, steps: Sequence[PlanStep] = ()) -> Record:
    event, venue = found.event, found.event.venue
    zone = ZoneInfo(event.timezone)
    occurrences = dict.fromkeys((found.occurrence, *event.occurrences))
    times = tuple(
        Time(
            start=one.starts_at.astimezone(zone),
            end=one.ends_at.astimezone(zone),
            is_range=is_range(one),
            has_hours=not (one.is_day_known_only or is_range(one)),
        )
        for one in occurrences
    )
    place: list[str | None] = []
    if venue is not None:
        place = [venue.name, venue.address, venue.district, venue.postcode, venue.city]
    own = (event.title, event.description, (event.details or "")[:_READ], *event.keywords)
    words = filter(None, (*own, *place, event.attribution.agenda_title, event.price.conditions))
    return Record(
        found=found,
        number=number,
        title=fold(event.title),
        words=f" {fold(' '.join(words))} ",
        place_words=f" {fold(' '.join(filter(None, place)))} ",
        times=times,
        steps=tuple(steps),
    )


def own_addresses(event: Event) -> list[str]:
    """The web addresses that belong to the event: its page, where to book, where it is online."""
    booking = [value for kind, value in event.registration if kind not in {"email", "phone"}]
    addresses = (event.attribution.url, event.online_url, *booking)
    return [one for one in addresses if one and one.lower().startswith(("https://", "http://"))]


def bears_out(claim: Claim, record: Record, setting: Setting) -> bool:
    """Whether the record says the same."""
    if _says(claim, record, setting):
        return True
    if claim.kind not in _TOLD_IN_TEXT:
        return False
    return (claim.kind, claim.value) in _told_in(
        record.event.description or "",
        (record.event.details or "")[:_READ],
        record.event.price.conditions or "",
        " ".join(record.event.keywords),
    )


@lru_cache(maxsize=1024)
def _told_in(*texts: str) -> frozenset[tuple[Kind, object]]:
    return frozenset((claim.kind, claim.value) for text in texts for claim in claims_in(text))


def _says(claim: Claim, record: Record, setting: Setting) -> bool:  # noqa: C901, PLR0911, PLR0912 # one line a kind
    if claim.kind in TIMES:
        return _is_time(claim, record, setting)
    event, value = record.event, claim.value
    match claim.kind:
        case Kind.YEAR:
            return any(value in {time.start.year, time.last.year} for time in record.times) or (
                f" {value} " in record.words
            )
        case Kind.PRICE | Kind.PRICE_BELOW:
            return _is_price(claim, record)
        case Kind.FREE if value == "for some":
            return event.price.kind is PriceKind.PAID and event.price.lowest == 0
        case Kind.FREE:
            return event.price.kind is PriceKind.FREE
        case Kind.PAID:
            return event.price.kind is PriceKind.PAID
        case Kind.FREE_PRICE:
            return False  # only an organiser's own words say so
        case Kind.PRICE_UNKNOWN:
            return event.price.kind is PriceKind.UNKNOWN
        case Kind.DISTANCE:
            return _is_distance(value, record)
        case Kind.DURATION:
            return _is_duration(value, record)
        case Kind.AGE:
            return _is_age(value, record)
        case Kind.EVERYONE:
            return event.age_min is not None and event.age_min <= 3 and event.age_max is None  # noqa: PLR2004 # toddlers
        case Kind.PLACE:
            return _is_place(str(value), record)
        case Kind.NAME:
            return has_words(str(value), record.words)
        case Kind.TITLE:
            return _is_quote(value, record)
        case Kind.FULL | Kind.CANCELLED | Kind.POSTPONED | Kind.AVAILABLE:
            return _is_status(claim.kind, event)
        case Kind.REGISTRATION:
            return bool(value) and (event.price.on_registration or bool(event.registration))
        case Kind.ACCESSIBLE:
            return _is_accessible(str(value), event)
        case Kind.ONLINE:
            return event.attendance is not Attendance.ONSITE or event.status is Status.MOVED_ONLINE
        case Kind.URL:
            return any(_same_address(str(value), own) for own in own_addresses(event))
        case Kind.CONTACT:
            return _is_contact(str(value), event)
        case Kind.CHEAPEST | Kind.NEAREST:
            return _is_extreme(str(value), record, setting.compared)
        case Kind.COUNT | Kind.NUMBER:
            return _is_number(value, record)
        case _:
            return False


def has_words(name: str, words: str) -> bool:
    """Whether every word of the name stands in the folded words."""
    parts = [
        part
        for part in fold(name).split()
        if (len(part) > 1 and part not in _JOINING) or part.isdigit()
    ]
    return all(f" {part} " in words for part in parts)


# --- times


def _is_time(claim: Claim, record: Record, setting: Setting) -> bool:
    times = [*record.times, *_step_times(record)]
    day = _day_beside(claim, setting.claims)
    if day is not None:
        times = [time for time in times if fits(day, time, setting.now)] or times
    return any(fits(claim, time, setting.now) for time in times)


def _day_beside(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The day that an hour belongs to (the one said before it, else after it), or the date of a weekday."""
    if claim.kind is Kind.WEEKDAY:
        return next(
            (
                one
                for one in claims
                if one.kind is Kind.DATE and 0 <= one.start - claim.end <= _A_FEW
            ),
            None,
        )
    if claim.kind not in {Kind.HOUR, Kind.PART_OF_DAY}:
        return None
    days = [one for one in claims if one.kind in {Kind.DATE, Kind.WEEKDAY, Kind.RELATIVE_DAY}]
    before = [one for one in days if one.end <= claim.start]
    return before[-1] if before else days[0] if days else None


def _step_times(record: Record) -> list[Time]:
    zone = ZoneInfo(record.event.timezone)
    return [
        Time(
            step.arrives_at.astimezone(zone),
            step.leaves_at.astimezone(zone),
            is_range=False,
            has_hours=True,
        )
        for step in record.steps
    ]


# --- everything else


def _is_price(claim: Claim, record: Record) -> bool:
    price, amount = record.event.price, claim.value
    assert isinstance(amount, float | int)
    if price.kind is not PriceKind.PAID:
        return claim.kind is Kind.PRICE_BELOW and price.kind is PriceKind.FREE
    known = [value for value in (price.lowest, price.highest) if value is not None]
    if claim.kind is Kind.PRICE_BELOW:
        return bool(known) and min(known) <= amount
    return any(math.isclose(value, amount, abs_tol=0.005) for value in known)


def _is_distance(value: object, record: Record) -> bool:
    assert isinstance(value, tuple)
    kilometres, tolerance = value
    known = [record.found.distance_km, *(step.km_from_previous for step in record.steps)]
    shortest = 0.05  # what is nearer is said to be 50 m away
    return any(
        abs(max(one, shortest) - kilometres) <= tolerance for one in known if one is not None
    )


def _is_duration(value: object, record: Record) -> bool:
    assert isinstance(value, float | int)
    lasting = [
        (time.end - time.start).total_seconds() / 60 for time in record.times if time.has_hours
    ]
    lasting = [minutes for minutes in lasting if minutes <= 60 * _REAL_HOURS]
    for step in record.steps:
        lasting.append((step.leaves_at - step.arrives_at).total_seconds() / 60)
        lasting.append(float(step.minutes_from_previous or -1))
    return any(abs(minutes - value) < 1 for minutes in lasting)


def _is_age(value: object, record: Record) -> bool:
    assert isinstance(value, tuple)
    youngest, oldest = record.event.age_min, record.event.age_max
    if youngest is None and oldest is None:
        return False
    return all(age in {youngest, oldest} for age in value)


def _is_place(name: str, record: Record) -> bool:
    if name.startswith("arrondissement "):
        venue = record.event.venue
        postcode = (venue.postcode if venue else None) or ""
        return postcode[:2] in {"75", "69", "13"} and postcode[-2:] == f"{int(name.split()[1]):02}"
    if has_words(name, record.place_words):
        return True
    # « à l'Opéra Underground », when it is what the event is called
    return has_words(name, f" {record.title} ") and name.lower() not in {
        "paris",
        "lyon",
        "marseille",
    }


def _is_quote(value: object, record: Record) -> bool:
    assert isinstance(value, tuple)
    quoted = fold(str(value[0]))
    return bool(quoted) and f" {quoted} " in record.words


def _is_status(kind: Kind, event: Event) -> bool:
    match kind:
        case Kind.FULL:
            return event.status is Status.FULL
        case Kind.CANCELLED:
            return event.status is Status.CANCELLED
        case Kind.POSTPONED:
            return event.status in {Status.POSTPONED, Status.RESCHEDULED, Status.MOVED_ONLINE}
        case _:
            return False  # nobody told us what is left


def _is_accessible(value: str, event: Event) -> bool:
    if value == "unknown":
        return not event.accessibility
    if value == "any":
        return bool(event.accessibility)
    return Accessibility(value) in event.accessibility


def _same_address(one: str, other: str) -> bool:
    def bare(address: str) -> str:
        return re.sub(r"^(?:https?://)?(?:www\.)?", "", address.strip()).rstrip("/")

    return bare(one) == bare(other)


def _is_contact(value: str, event: Event) -> bool:
    if "@" in value:
        return any(value.lower() == known.lower() for _, known in event.registration)
    return any(re.sub(r"\D", "", known)[-9:] == value for _, known in event.registration)


def _is_number(value: object, record: Record) -> bool:
    text = fold(f"{value:g}" if isinstance(value, float) else str(value))
    return bool(text) and f" {text} " in record.words


def _is_extreme(value: str, record: Record, compared: Sequence[Record]) -> bool:
    def measure(one: Record) -> float | None:
        if value in {"nearest", "farthest"}:
            return one.found.distance_km
        price = one.event.price
        return 0.0 if price.kind is PriceKind.FREE else price.lowest

    measures = [measure(one) for one in compared]
    known = [one for one in measures if one is not None]
    own = measure(record)
    if own is None or len(known) != len(measures) or len(known) < 2:  # noqa: PLR2004 # nothing to compare
        return False
    return own == (max(known) if value in {"farthest", "dearest"} else min(known))
