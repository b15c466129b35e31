"""The addresses of the page: what a visitor asked for lives in them and nowhere else. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urlencode
from uuid import UUID

from puls.geo.distance import Coordinates
from puls.geo.names import fold
from puls.phrasing import Language
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Order, Wish

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60
FIRST_LIMIT = 12
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address of the page holds. `language` and `limit` are None until the visitor chose one."""

    question: str = ""
    language: Language | None = None
    position: Coordinates | None = None
    without: tuple[str, ...] = ()
    order: Order | None = None
    limit: int | None = None

    @property
    def address(self) -> str:
        pairs = [("q", self.question)] if self.question else []
        pairs += self.kept_fields
        pairs += [("without", field) for field in self.without]
        if self.order:
            pairs.append(("order", self.order))
        if self.limit is not None:
            pairs.append(("limit", str(self.limit)))
        return f"/?{urlencode(pairs)}" if pairs else "/"

    @property
    def kept_fields(self) -> list[tuple[str, str]]:
        """What a new question keeps of this one: the language and the position."""
        fields: list[tuple[str, str]] = []
        if self.language:
            fields.append(("lang", self.language))
        if self.position:
            fields += [("lat", f"{self.position.lat:.3f}"), ("lon", f"{self.position.lon:.3f}")]
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The links of one page, for its template."""

    asked: Asked
    other_language: str

    @property
    def home(self) -> str:
        return Asked(language=self.asked.language).address

    @property
    def kept_fields(self) -> list[tuple[str, str]]:
        return self.asked.kept_fields

    @property
    def me(self) -> str:
        return "/moi" + (f"?lang={self.asked.language}" if self.asked.language else "")

    @property
    def feeds(self) -> list[tuple[str, str, str]]:
        """Where programs subscribe to the question of this page; none without one."""
        return feed_addresses(self.asked.question, self.asked.language)

    @property
    def keep(self) -> str:
        """Where the question of this page is kept, and its feeds are found."""
        return keep_address(self.asked.question, self.asked.language)

    @property
    def week(self) -> str:
        """The question of this page as a week."""
        return week_address(self.asked)

    def question(self, text: str) -> str:
        return replace(Asked(language=self.asked.language), question=text).address

    def event(self, uid: str) -> str:
        return event_address(uid, self.asked.language)

    def venue(self, key: str, name: str | None) -> str:
        return venue_address(key, name, self.asked.language)

    def conversation(self, conversation_id: UUID) -> str:
        return conversation_address(conversation_id, self.asked.language)


def feed_addresses(question: str, language: Language | None) -> list[tuple[str, str, str]]:
    """(media type, relative address, the format's name) of what a search can be subscribed to as."""
    if not question.strip():
        return []
    asked = urlencode({"q": question, **({"lang": "en"} if language == "en" else {})})
    return [
        ("application/rss+xml", f"/v1/search.rss?{asked}", "RSS"),
        ("application/feed+json", f"/v1/search.json-feed?{asked}", "JSON Feed"),
        ("text/calendar", f"/v1/search.ics?{asked}", "iCalendar"),
    ]


def keep_address(question: str, language: Language | None) -> str:
    """The page that keeps a search."""
    asked = {"q": question, **({"lang": language} if language else {})}
    return f"/recherches/garder?{urlencode(asked)}"


def event_address(uid: str, language: Language | None) -> str:
    return f"/evenement/{quote(uid, safe='')}" + (f"?lang={language}" if language else "")


def venue_address(key: str, name: str | None, language: Language | None) -> str:
    """The key names the venue, the words after it tell a reader which one."""
    words = _NOT_A_WORD.sub("-", fold(name or ""))[:_LONGEST_NAME].strip("-")
    path = f"/lieu/{quote(key, safe=':')}" + (f"/{words}" if words else "")
    return path + (f"?lang={language}" if language else "")


def week_address(asked: Asked, day: date | None = None) -> str:
    """The same question as a week: that of `day`, else the first that the question speaks of."""
    _, _, query = replace(asked, order=None, limit=None).address.partition("?")
    pairs = [query] if query else []
    if day is not None:
        pairs.append(f"du={day.isoformat()}")
    return "/semaine" + (f"?{'&'.join(pairs)}" if pairs else "")


def conversation_address(conversation_id: UUID, language: Language | None) -> str:
    return f"/c/{conversation_id}" + (f"?lang={language}" if language else "")


def asking(wish: Wish, asked: Asked, language: Language, timezone: str) -> Asked:
    """The question that means this wish. « sans lieu » stays said: a position would bring one back."""
    return replace(
        asked,
        question=sentence_of(wish, language, timezone),
        without=("where",) if wish.where is None and asked.position is not None else (),
        order=None,
        limit=FIRST_LIMIT,
    )


def without(asked: Asked, field: str) -> Asked:
    """The same request less one field of what was understood."""
    fields: Sequence[str] = (*asked.without, field)
    return replace(asked, without=tuple(dict.fromkeys(fields)), limit=None)
