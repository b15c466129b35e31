"""The words that are sent to a search provider: of an event or a wish, never of a visitor. Pure.

An event gives title, venue, town and date, which are public. A wish gives its theme, a named town or region, and a month;
its position, ages, needs, budget and party stay here, and so does what looks like an address, a number or a way to reach
somebody. Enter at `words_for`.
"""

import re
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from puls.catalogue.event import Event, Interval, Occurrence
from puls.language.lexicon import MONTHS
from puls.language.words import Words
from puls.phrasing import kind_words, ordinal
from puls.understanding.wish import MAP_AREA, Where, Wish
from puls.web_search.providers.provider import Language

MOST_CHARACTERS: Final = 400  # Brave and Tavily refuse more
MOST_WORDS: Final = 50  # Brave refuses more
_LONGEST_PART: Final = 160  # characters of one title: what is left must hold the venue and the date
_LONGEST_SPAN_DAYS: Final = 124  # a season; a longer one is no date to search for
_MOST_MONTHS: Final = 2
_A_MOMENT: Final = timedelta(microseconds=1)

Asks = Literal["status", "tickets", "hours"]
"""What is wanted of an event: whether it takes place, whether there are places left, when it is open."""

_ASKED: Final[dict[Asks, Words]] = {
    "status": Words("annulé reporté", "cancelled postponed"),
    "tickets": Words("billetterie réservation", "tickets booking"),
    "hours": Words("horaires d'ouverture", "opening hours"),
}

# What reaches or locates a person. Years stay: « 2026 », « rentrée 2027 ».
_PERSONAL: Final = re.compile(
    r"""\S+@\S+ | (?:https?://|www\.)\S+ | (?<!\w)@\w+
      | (?:\+|00)?\d[\d .\-/]{7,}\d
      | \b\d{1,3}\s*(?:ans|an|mois|years?|months?|yo)\b
      | \b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av|boulevard|bd|place|chemin|impasse|allée|quai|route|cours)\b.*$
      | -?\b\d{1,3}\.\d{3,}\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What search engines and SearXNG read as orders: bangs, languages, time limits, exclusions, operators, exact quotes.
_ORDERS: Final = re.compile(r"^[!:<>?+\-~@|&*#/\\]+|[\"“”«»<>(){}\[\]|*~^\\]|(?<=\w):(?=\S)")
_RADIUS: Final = re.compile(r" \(\d[^()]*km\)$")
# « Saint-Denis (93) », « Paris 11e »: figures of a town. Any others, and the kinds of streets, are an address.
_FIGURES_OF_A_TOWN: Final = re.compile(r"\(\d[\dAB]\d?\)|\b\d{1,2}(?:er|e|ème)\b")
_STREET: Final = re.compile(
    r"\b(?:rue|avenue|av|boulevard|bd|chemin|impasse|allée|quai|route|ruelle|résidence|lotissement|street|road)\b",
    re.IGNORECASE,
)


def words_for(
    about: Event | Wish,
    *,
    now: datetime,
    timezone: str = "Europe/Paris",
    language: Language = "fr",
    asks: Asks | None = None,
) -> str:
    """Search words, at most 400 characters and 50 words; empty when a wish names nothing to search for.

    `now` (aware) chooses the performance of an event that comes next; `timezone` is the visitor's, for months.
    """
    if isinstance(about, Event):
        parts = _of_event(about, now=now, language=language)
    else:
        parts = _of_wish(about, timezone=timezone, language=language)
    if parts and asks is not None:
        parts.append(_ASKED[asks].of(language))
    return bounded(*parts)


def bounded(*parts: str, characters: int = MOST_CHARACTERS, words: int = MOST_WORDS) -> str:
    """The parts as one line of plain words that give no orders to a search engine; whole words, within limits.

    A part that the line already says is not said again.
    """
    line: list[str] = []
    length = 0
    for part in parts:
        new = _spoken(part)
        if not new or _holds(line, new):
            continue
        for word in new:
            if len(line) == words or length + len(word) + bool(line) > characters:
                return " ".join(line)
            length += len(word) + bool(line)
            line.append(word)
    return " ".join(line)


def _spoken(part: str) -> list[str]:
    """The words of a part without what would be read as an order."""
    kept = "".join(character if character.isprintable() else " " for character in part)
    tokens = (_ORDERS.sub(" ", token) for token in kept.split())
    return [word for token in tokens for word in token.split() if any(map(str.isalnum, word))]


def _holds(line: list[str], new: list[str]) -> bool:
    """Whether these words stand in the line already, in this order."""
    said, wanted = [word.casefold() for word in line], [word.casefold() for word in new]
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said)))


def _of_event(event: Event, *, now: datetime, language: Language) -> list[str]:
    parts = [event.title[:_LONGEST_PART]]
    if event.venue is not None:
        parts += [(event.venue.name or "")[:_LONGEST_PART], event.venue.city or ""]
    occurrence = next(iter(event.coming(now)), None) or max(event.occurrences, default=None)
    if occurrence is not None:
        parts.append(_date(occurrence, event.timezone, language))
    return parts


def _date(occurrence: Occurrence, timezone: str, language: Language) -> str:
    """« 28 novembre 2026 »; of a long range its month alone."""
    start = occurrence.starts_at.astimezone(ZoneInfo(timezone))
    month = MONTHS[start.month - 1].name.of(language)
    if occurrence.is_possible:
        return f"{month} {start.year}"
    return f"{ordinal(start.date(), language)} {month} {start.year}"


def _of_wish(wish: Wish, *, timezone: str, language: Language) -> list[str]:
    topic = _PERSONAL.sub(" ", wish.topic)[:_LONGEST_PART].strip()
    if not topic and wish.categories:
        topic = " ".join(kind_words(category, language) for category in wish.categories[:2])
    place = named_place(wish.where)
    if not topic and not place:
        return []
    topic = topic or Words("agenda sorties", "events").of(language)
    return [topic, place, _months(wish.when, timezone, language)]


def named_place(where: Where | None) -> str:
    """The town or region that a wish names; empty for a circle around somebody, an address or a piece of map."""
    if where is None or where.around_visitor_km is not None or where.label.startswith(MAP_AREA):
        return ""
    label = _RADIUS.sub("", where.label)
    figures = any(map(str.isdigit, _FIGURES_OF_A_TOWN.sub("", label)))
    if where.near is not None and (figures or _STREET.search(label)):
        return ""  # an address: of all places the one that may be somebody's home
    return label[:_LONGEST_PART]


def _months(when: tuple[Interval, ...], timezone: str, language: Language) -> str:
    """« novembre 2026 », « novembre décembre 2026 »; empty when the wish leaves the date open."""
    if not when or (when[0].end - when[0].start).days > _LONGEST_SPAN_DAYS:
        return ""
    zone = ZoneInfo(timezone)
    first, last = when[0].start.astimezone(zone), (when[0].end - _A_MOMENT).astimezone(zone)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    chosen = list(months)[:_MOST_MONTHS]
    names = [MONTHS[month % 12].name.of(language) for month in chosen]
    years = dict.fromkeys(str(month // 12) for month in chosen)
    return " ".join([*names, *years])
