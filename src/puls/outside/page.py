"""A page fetched from an address found in data, or why it was not; and who fetches. Values and a Protocol."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from puls.errors import PulsError


class FetchFailure(StrEnum):
    """Why a page was not read; each is an honest state, none is a fault of Puls."""

    REFUSED_ADDRESS = "refused_address"  # by the guard: private, metadata, odd port, credentials
    ROBOTS = "robots"  # robots.txt forbids it, or cannot be read for now
    CHALLENGE = "challenge"  # a page that asks for a human; its host is left alone for a day
    FORBIDDEN = "forbidden"  # 401, 403, 451
    NOT_FOUND = "not_found"  # 404
    GONE = "gone"  # 410
    TOO_MANY = "too_many"  # 429
    SERVER = "server"  # 5xx and what is no answer of a web server
    UNREACHABLE = "unreachable"  # no such name, no connection, no valid certificate
    TIME = "time"  # the deadline of the whole exchange
    TOO_LONG = "too_long"  # size, ratio, or packed twice
    KIND = "kind"  # a content type that is not read
    REDIRECTS = "redirects"  # more than three, a loop, or to nowhere
    PACE = "pace"  # the host's allowance is used up within the time there is


class FetchError(PulsError):
    """An address could not be read; `failure` says why, in a word that is stable."""

    code, status = "page_not_read", 502

    def __init__(self, failure: FetchFailure, url: str, why: str = "") -> None:
        super().__init__(f"{url[:200]} was not read: {why or failure.value}")
        self.failure = failure
        self.url = url


Accept = Literal["page", "json"]
"""`page`: HTML, XHTML, XML, JSON, iCalendar; `json`: JSON alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an address answered with 200. `url` is after redirects; `content_type` lower case, without parameters.

    `fetched_at` is aware, and when it was really read, also where it comes from the cache.
    """

    url: str
    asked_url: str
    content_type: str
    text: str
    fetched_at: datetime
    is_cached: bool = False


class Fetcher(Protocol):
    """Reads addresses found in data: guarded, paced, within limits, cached."""

    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        """The page at `url`, within so many seconds in all; one read at most `fresh_for` seconds ago will do.

        Raises:
            FetchError: it was not read.
        """
        ...
