"""What the words of a page say of one event: whether it is cancelled, full, postponed; how surely they speak of it at all. Pure.

A page says « complet » of many things. A sentence counts for an event when it stands in the event's own part of the page:
beside its title or in its line, card or row, without another title, another date or another name between. Enter at
`said_of`, `status_in_words` and `mention_of`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from rapidfuzz import fuzz

from puls.geo.names import fold
from puls.web_search.pages.days import spans_in
from puls.web_search.pages.document import Document
from puls.web_search.pages.passages import Passages
from puls.web_search.pages.sentences.governing import Covered
from puls.web_search.pages.statuses import STRONG, Statement
from puls.web_search.values import WebEvent, WebStatus

_LONGEST_QUOTE: Final = 200
_LONG_ENOUGH: Final = 6  # letters
_SURE, _LIKELY = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """The status that words state of an event, and those words, at most 200 characters, or empty."""

    status: WebStatus = WebStatus.UNKNOWN
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """How surely a page speaks of an event, from 0 to 1, and what of it was found there."""

    likelihood: float
    has_title: bool
    has_venue: bool
    has_day: bool

    @property
    def is_sure(self) -> bool:
        return self.likelihood >= _SURE


def said_of(
    passages: Passages,
    *,
    title: str,
    days: Sequence[date] = (),
    hours: frozenset[time] = frozenset(),
) -> Said:
    """What a page's words say of the event of that title on those days.

    Of several days, a statement counts that covers all of them: one evening sold out is not the event; nor is one of two
    performances of a day. `hours`: the local hours of the performances that are asked for, where they are known.
    """
    statements = passages.statements(title)
    if not statements:
        return Said()
    anchors = passages.anchors(title, days)
    by_status: dict[WebStatus, list[tuple[Statement, Covered]]] = {}
    for at, statement in statements:
        covered = passages.covered(at, statement, anchors, days)
        if covered is not None:
            by_status.setdefault(statement.status, []).append((statement, covered))
    for status in (*STRONG, WebStatus.SCHEDULED):
        stated = by_status.get(status, [])
        together = frozenset(one for _, covered in stated for one in covered)
        if stated and all(
            _covers(together, day, hours or passages.hours_of(anchors, day)) for day in days
        ):
            return Said(status, _quote(stated[0][0]))
    return Said()


def said_in_fields(events: Sequence[WebEvent], *, title: str, days: Sequence[date] = ()) -> Said:
    """The status that fields state of the event of that title on all of those days; on some of them alone it is unknown."""
    ours = [event for event in events if _is_called(event.title, title)]
    asked = set(days)
    meant = [
        event for event in ours if not days or asked & _days_of(event) or _runs_on(event, days)
    ]
    stated = {event.status for event in meant}
    covered = {day for event in meant for day in _days_of(event)}
    if len(stated) != 1 or not (asked <= covered or all(_runs_on(event, days) for event in meant)):
        return Said()
    status = stated.pop()
    if meant[0].is_status_in_words:
        return Said(status, meant[0].title)
    return Said(status)


def _is_called(told: str, title: str) -> bool:
    first, second = sorted((fold(told), fold(title)), key=len)
    return first == second or (
        len(first) >= _LONG_ENOUGH
        and f" {first} " in f" {second} "
        and len(first) >= len(second) / 2
    )


def _days_of(event: WebEvent) -> set[date]:
    days = {one.starts_at.date() for one in event.times}
    return days | ({event.previous_start.date()} if event.previous_start else set())


def _runs_on(event: WebEvent, days: Sequence[date]) -> bool:
    run = event.run
    return run is not None and all(run.first_day <= day <= run.last_day for day in days)


def _covers(covered: Covered, day: date, hours: frozenset[time]) -> bool:
    told = {hour for of, hour in covered if of == day}
    if None in told:
        return True
    return bool(told) and (not hours or hours <= told)


def mention_of(
    document: Document, *, title: str, venue: str | None, days: Sequence[date], near: date
) -> Mention:
    """How surely the page speaks of this event: its title first, then its days and its venue."""
    words = f"{document.title}\n{document.words}"
    folded = fold(words[:200_000])
    wanted = fold(title)
    of_title = max(_likeness(wanted, fold(document.title)), _within(wanted, folded))
    has_venue = venue is not None and _within(fold(venue), folded) >= 0.9
    spans = spans_in(words, near=near)
    has_day = any(span.holds(day) for span in spans for day in days)
    has_title = of_title >= 0.9
    likelihood = 0.6 * of_title**3 + 0.25 * has_day + 0.15 * has_venue
    if not has_title:
        likelihood = min(likelihood, _LIKELY - 0.01)
    elif days and spans and not has_day and not any(span.is_range for span in spans):
        likelihood = min(likelihood, _SURE - 0.01)
    return Mention(round(likelihood, 3), has_title, has_venue, has_day)


def _likeness(wanted: str, text: str) -> float:
    return fuzz.token_set_ratio(wanted, text) / 100 if wanted and len(wanted) > 3 else 0.0


def _within(wanted: str, text: str) -> float:
    if not wanted:
        return 0.0
    if re.search(rf"\b{re.escape(wanted)}\b", text):
        return 1.0
    return fuzz.partial_ratio(wanted, text, score_cutoff=80) / 100 if len(wanted) > 5 else 0.0


def _quote(statement: Statement) -> str:
    sentence = " ".join(statement.sentence.split())
    if len(sentence) <= _LONGEST_QUOTE:
        return sentence
    start = max(0, statement.words[0] - 80)
    return sentence[start : start + _LONGEST_QUOTE].strip()
