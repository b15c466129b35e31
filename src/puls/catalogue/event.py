"""What an event is: values without behaviour that reaches outside.

Pure. `ingestion.mapping` makes these values from records, `catalogue.store` keeps them, `retrieval` finds them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from puls.geo.distance import Coordinates


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open span of time `[start, end)`; both ends are aware datetimes."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        assert self.start.tzinfo is not None
        assert self.end.tzinfo is not None

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end


class Category(StrEnum):
    """What kind of outing an event is; derived by the rules of `ingestion.classification`."""

    CONCERT = "concert"
    THEATRE = "theatre"
    DANCE = "dance"
    CIRCUS = "circus"
    COMEDY = "comedy"
    EXHIBITION = "exhibition"
    CINEMA = "cinema"
    FESTIVAL = "festival"
    WORKSHOP = "workshop"
    VISIT = "visit"
    WALK = "walk"
    CONFERENCE = "conference"
    READING = "reading"
    GAME = "game"
    SPORT = "sport"
    MARKET = "market"
    PARTY = "party"
    OTHER = "other"


class Status(IntEnum):
    """OpenAgenda's event statuses (reference: OpenAgenda REST v2, `status`)."""

    SCHEDULED = 1
    RESCHEDULED = 2
    MOVED_ONLINE = 3
    POSTPONED = 4
    FULL = 5
    CANCELLED = 6


FINDABLE_STATUSES = frozenset(
    {Status.SCHEDULED, Status.RESCHEDULED, Status.MOVED_ONLINE, Status.FULL}
)
"""What a search shows unless it asks for others: events that still take place."""


class Attendance(IntEnum):
    """OpenAgenda's attendance modes."""

    ONSITE = 1
    ONLINE = 2
    MIXED = 3


class Accessibility(StrEnum):
    """OpenAgenda's accessibility codes: hearing, visual, psychic, motor, intellectual impairment."""

    HEARING = "hi"
    VISUAL = "vi"
    PSYCHIC = "pi"
    MOTOR = "mi"
    INTELLECTUAL = "ii"


class PriceKind(StrEnum):
    """What is known of the price. `UNKNOWN` means nobody said; it is never a guess."""

    FREE = "free"
    PAID = "paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Price facts in euros: the lowest full price asked and the highest, None when not stated.

    `free` events have lowest = highest = 0. `on_registration` is True when the text asks visitors to register or book.
    `conditions` is the organiser's own sentence.
    """

    kind: PriceKind = PriceKind.UNKNOWN
    lowest: float | None = None
    highest: float | None = None
    on_registration: bool = False
    conditions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place where events happen. `key` is stable: the OpenAgenda location uid, else a hash of name, address and city.

    `commune_code`, `department_code` and `region_code` are INSEE codes; arrondissements of Paris, Lyon and Marseille
    carry the code of the city itself and differ by `postcode`.
    `is_approximate` is True when the coordinates are the commune's rather than the venue's.
    """

    key: str
    name: str | None = None
    address: str | None = None
    district: str | None = None
    postcode: str | None = None
    city: str | None = None
    commune_code: str | None = None
    department_code: str | None = None
    region_code: str | None = None
    country_code: str = "FR"
    coordinates: Coordinates | None = None
    is_approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Occurrence:
    """One time when the event is open, `[starts_at, ends_at)` in UTC with `starts_at < ends_at`.

    `is_possible` marks a long range that a source gives without hours: the event is somewhere inside it, perhaps not
    every day ("dates à vérifier"). `is_day_known_only` marks a day whose hours are unknown (recorded as 00:00).
    """

    starts_at: datetime
    ends_at: datetime
    is_possible: bool = False
    is_day_known_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Where the event comes from; shown wherever the event is shown (Licence Ouverte asks for source and date)."""

    source: str
    agenda_uid: str | None = None
    agenda_title: str | None = None
    url: str | None = None
    updated_at: datetime | None = None
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as Puls knows it. Texts are plain (no HTML, no Markdown) and valid UTF-8.

    `duplicate_key` is shared by records of the same event under several uids (same title, place and times);
    `series_key` by the repeats of one series (same title at the same place, whatever the time).
    `accessibility` holds what the organiser states, `not_accessible` what they state the contrary of (« non accessible
    PMR »); a code in neither is not known.
    `non_cultural_reason` names the rule that marks a record as not an outing (job fair…), else None.
    `timezone` is an IANA name, the one in which the venue's clocks run.
    """

    uid: str
    title: str
    slug: str | None = None
    description: str | None = None
    details: str | None = None
    keywords: tuple[str, ...] = ()
    category: Category = Category.OTHER
    non_cultural_reason: str | None = None
    status: Status = Status.SCHEDULED
    attendance: Attendance = Attendance.ONSITE
    accessibility: frozenset[Accessibility] = frozenset()
    not_accessible: frozenset[Accessibility] = frozenset()
    age_min: int | None = None
    age_max: int | None = None
    price: Price = Price()
    image_url: str | None = None
    image_credits: str | None = None
    registration: tuple[tuple[str, str], ...] = ()
    online_url: str | None = None
    timezone: str = "Europe/Paris"
    venue: Venue | None = None
    occurrences: tuple[Occurrence, ...] = ()
    attribution: Attribution
    duplicate_key: str
    series_key: str

    @property
    def is_cultural(self) -> bool:
        return self.non_cultural_reason is None

    @property
    def is_findable(self) -> bool:
        """Whether a search without particular wishes may show it."""
        return self.is_cultural and self.status in FINDABLE_STATUSES

    def coming(self, now: datetime) -> tuple[Occurrence, ...]:
        """Its occurrences that are not over, soonest first."""
        return tuple(sorted(one for one in self.occurrences if one.ends_at > now))
