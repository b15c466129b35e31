"""The quick filters above a list: each is one tap, shown with how many events it leaves. Pure but for `counted`.

A filter is another address of the same search; the one that is on leads back. Enter at `filters_of`, then `counted`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls
from puls.catalogue.event import Accessibility
from puls.errors import InvalidInputError
from puls.phrasing import Language
from puls.retrieval.asking import Question
from puls.retrieval.relaxing import count_wishes
from puls.ui.seeking.address import Search
from puls.ui.texts import texts
from puls.understanding.when.calendar import weekend_of
from puls.understanding.wish import Wish

NEAR_KM = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickFilter:
    """One filter. `search`: what a tap asks. `count`: how many events that finds, None where it leads back."""

    name: str
    words: str
    search: Search
    is_on: bool
    count: int | None = None

    @property
    def address(self) -> str:
        return self.search.address


def filters_of(
    search: Search, wish: Wish, *, now: datetime, timezone: str, language: Language
) -> list[QuickFilter]:
    """The filters of a search that was understood as `wish`."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    words = texts(language)
    return [
        QuickFilter(name=name, words=words[f"quick_{name}"], search=asked, is_on=is_on)
        for name, asked, is_on in (
            *_of_time(search, today),
            *_of_entry(search, wish),
            *_of_distance(search),
        )
    ]


def _of_time(search: Search, today: date) -> Iterator[tuple[str, Search, bool]]:
    saturday, monday = weekend_of(today)
    spans = {
        "tonight": (today, today, "soir"),
        "tomorrow": (today + timedelta(days=1), today + timedelta(days=1), None),
        "weekend": (max(today, saturday), monday - timedelta(days=1), None),
    }
    for name, (first, last, part) in spans.items():
        is_on = (search.starts, search.ends, search.part) == (first, last, part)
        if is_on:
            yield name, search.taken_away("when"), True
            continue
        without = tuple(one for one in search.without if one != "when")
        asked = search.changed(starts=first, ends=last, part=part, without=without)
        yield name, asked, False


def _of_entry(search: Search, wish: Wish) -> Iterator[tuple[str, Search, bool]]:
    if wish.free:
        yield "free", search.taken_away("free"), True
    else:
        yield "free", _with(search, "free", is_free=True), False
    yield (
        "families",
        search.changed(is_for_families=not search.is_for_families),
        search.is_for_families,
    )
    if Accessibility.MOTOR in wish.accessibility:
        yield "wheelchair", search.taken_away("accessibility"), True
    else:
        codes = (*search.accessibility, Accessibility.MOTOR)
        yield "wheelchair", _with(search, "accessibility", accessibility=codes), False


def _of_distance(search: Search) -> Iterator[tuple[str, Search, bool]]:
    """Only from a position: « à 5 km » of a whole town says little."""
    if search.position is None:
        return
    is_on = search.radius_km == NEAR_KM and search.place is None
    yield "near", search.changed(radius_km=None if is_on else NEAR_KM, place=None), is_on


def _with(search: Search, name: str, **changes: object) -> Search:
    without = tuple(one for one in search.without if one != name)
    return search.changed(**changes, without=without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The filters with their counts, and how many events state all that the search itself asks."""

    filters: Sequence[QuickFilter]
    sure: int


async def counted(
    filters: Sequence[QuickFilter], wish: Wish, *, puls: Puls, now: datetime
) -> Counts:
    """Counts what is stated: « accessible en fauteuil » is no guess. A filter that leaves nothing stays, with 0, so that nothing jumps."""
    asked = [one for one in filters if not one.is_on]
    wishes = [await _wish(one.search, puls=puls, now=now) for one in asked]
    known = [(one, asks) for one, asks in zip(asked, wishes, strict=True) if asks is not None]
    own, *counts = await count_wishes(
        puls.database, puls.search, [wish, *(asks for _, asks in known)], now=now, only_sure=True
    )
    by_name = {one.name: count.events for (one, _), count in zip(known, counts, strict=True)}
    return Counts(
        filters=[replace(one, count=by_name.get(one.name)) for one in filters], sure=own.events
    )


async def _wish(search: Search, *, puls: Puls, now: datetime) -> Wish | None:
    question = question_of(search, now=now, timezone=puls.settings.timezone)
    try:
        return (await puls.asking.understand(question)).wish
    except InvalidInputError:
        return None  # « à 5 km » of a place without a middle


def question_of(search: Search, *, now: datetime, timezone: str) -> Question:
    """The search as `Asking` takes it."""
    return Question(
        text=search.words,
        given=search.given(now=now, timezone=timezone),
        now=now,
        timezone=timezone,
        limit=search.shown,
        without=frozenset(search.without),
        near_position=True,
    )
