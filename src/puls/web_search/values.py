"""What is seen on the web, as values. Pure.

Providers give `Hit`s, `puls.outside` gives `Page`s, `pages` makes `WebEvent`s of them, `verifying` makes `Check`s, and
`looking` gathers all of it into `Looked`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from puls.catalogue.event import Attendance
from puls.geo.distance import Coordinates

Depth = Literal["off", "quick", "thorough"]
"""How far to look: not at all; checks of what is shown and one search when it helps; or more pages and searches."""


class Why(StrEnum):
    """What made Puls look."""

    ASKED = "asked"  # « regarde sur internet »
    ONLY_THE_WEB_KNOWS = (
        "only_the_web_knows"  # « encore des billets ? », opening hours, news of an artist
    )
    TOO_FEW = "too_few"  # the catalogue holds too little on theme
    SOON_AND_OLD = "soon_and_old"  # within 48 hours, and the record was not read again for a while


class Outcome(StrEnum):
    """What a check came to, for one event of the catalogue."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"  # another date, hour, place or way to attend; `Check.changes` says which
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FULL = "full"
    GONE = "gone"  # its source no longer has it
    UNREADABLE = "unreadable"  # no page could be read, or none speaks of it
    NOT_CHECKED = "not_checked"  # no time or no place left for it


class Proof(StrEnum):
    """Where it was seen, from the surest to the least sure."""

    AGENDA = "agenda"  # OpenAgenda's own JSON of the agenda
    PORTAL = "portal"  # the open-data portal's copy
    TICKETS = "tickets"  # registration or ticket page
    VENUE = "venue"  # the organiser's or venue's page
    SEARCH = "search"  # a page that a search found


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTime:
    """One performance. `has_time` False: only the day is known, `starts_at` is then midnight there.

    Both are aware; `ends_at` None when the page does not say, or says what cannot be.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    has_time: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """« Du 6 octobre au 31 janvier »: between these days, both included; never read as one performance.

    `times` beside a run are performances known by themselves (the next one, the opening), not all of it; the first day
    of a run moves as time goes by, which is no change.
    """

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPrice:
    """Euros; None when not stated. `is_free` only where the page says so in words or by `isAccessibleForFree`."""

    lowest: float | None = None
    highest: float | None = None
    is_free: bool = False


class WebStatus(StrEnum):
    """What a page says of an event. `SCHEDULED` is weak: many pages write it whatever happens."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"
    MOVED_ONLINE = "moved_online"
    FULL = "full"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebEvent:
    """An event as one page tells it. Texts are plain, entities decoded, cut to sane lengths.

    `shape` names how it was written; `state` is what a page of JavaScript carries for itself. `previous_start` only with `RESCHEDULED`. `is_status_in_words`: the status was
    read from words near the title or date, not from a field. `page_url` is where it was seen, `url` its own page.
    """

    title: str
    page_url: str
    seen_at: datetime
    shape: Literal["json-ld", "microdata", "rdfa", "tribe", "ical", "state", "words"]
    times: tuple[WebTime, ...] = ()
    run: Run | None = None
    status: WebStatus = WebStatus.UNKNOWN
    is_status_in_words: bool = False
    previous_start: datetime | None = None
    attendance: Attendance | None = None
    venue: str | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    country_code: str | None = None
    coordinates: Coordinates | None = None
    price: WebPrice | None = None
    url: str | None = None
    image_url: str | None = None
    description: str | None = None
    organizer: str | None = None
    performers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A short quotation of a page that holds no event: at most 300 characters, with where it stands."""

    text: str
    title: str
    url: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a search provider: an address, what it is called there, and a few words."""

    title: str
    url: str
    text: str = ""
    published_at: datetime | None = None
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact that differs from the catalogue: `now` as it was seen, in plain words or ISO 8601 for moments."""

    what: Literal["date", "hour", "venue", "attendance", "price"]
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was seen of one event of the catalogue, where and when.

    `is_strong`: a statement one may act on (a field of the source itself, « annulé » beside title and date); a page that
    merely still lists the event is weak. `says`: the page's own words that decided, at most 200 characters, or empty.
    `times`: all performances as the source gives them now, when it does. `url` None only when nothing was read.
    """

    uid: str
    outcome: Outcome
    at: datetime
    proof: Proof | None = None
    url: str | None = None
    is_strong: bool = False
    changes: tuple[Change, ...] = ()
    times: tuple[WebTime, ...] = ()
    says: str = ""
    why_not: str = ""  # for UNREADABLE and NOT_CHECKED: a code of `FetchFailure`, "no_link", "no_time", "not_on_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """All that looking came to. `events` pass the same filters as the catalogue and are not in it.

    `failures` are providers and hosts that did not answer, by name with a code; `is_cut`: the time limit ended it;
    `lacks_provider`: a search would have helped, and no provider is configured.
    """

    why: tuple[Why, ...]
    at: datetime
    checks: tuple[Check, ...] = ()
    events: tuple[WebEvent, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False
    lacks_provider: bool = False
    seconds: float = 0.0
    searched: tuple[str, ...] = field(default=())  # the words sent to a provider
