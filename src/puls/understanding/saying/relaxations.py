"""What to offer when nothing fits: the wish with one thing changed, a bounded list in order. Pure.

Time first, then place, then price and ages; the theme and what the visitor excluded stay. What they
need to take part (accessibility) is offered last and in so many words, never given up silently.
Enter at `relaxations_of`; `retrieval.relaxing` counts what each would find.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from puls.geo.gazetteer import Gazetteer
from puls.understanding.saying.other_days import OtherTime, TimeChange, other_times
from puls.understanding.saying.other_places import OtherPlace, PlaceChange, other_places
from puls.understanding.wish import Wish

Change = (
    TimeChange
    | PlaceChange
    | Literal["price", "ages", "online", "categories", "time_and_place", "accessibility"]
)

MOST_RELAXATIONS = 8
# Which ones stay when there are more: the smaller first. The order of the list is another matter.
_BY_WORTH: tuple[Change, ...] = (
    "accessibility", "day", "circle", "week", "month", "date", "price", "town", "time_and_place",
    "department", "ages", "region", "place", "hours", "city", "weekend", "categories", "online",
)  # fmt: skip
_WORTH = {change: worth for worth, change in enumerate(_BY_WORTH)}
_A_REPEAT = len(_WORTH)  # the second town is worth less than any other kind of change
_A_CHILD = 18
_YEARS_APART = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A wish to try instead, what was changed, and that in a few words."""

    wish: Wish
    change: Change
    fr: str
    en: str


def relaxations_of(
    wish: Wish, now: datetime, gazetteer: Gazetteer, *, timezone: str = "Europe/Paris"
) -> tuple[Relaxation, ...]:
    """At most `MOST_RELAXATIONS`, the nearest to what was asked first; none repeats another."""
    distinct: dict[Wish, Relaxation] = {}
    for each in _all(wish, now, gazetteer, timezone):
        if each.wish != wish:
            distinct.setdefault(each.wish, each)
    offered = list(distinct.values())
    changes = [each.change for each in offered]
    worth = [
        _WORTH[change] + _A_REPEAT * changes[:at].count(change) for at, change in enumerate(changes)
    ]
    kept = sorted(range(len(offered)), key=worth.__getitem__)
    return tuple(offered[at] for at in sorted(kept[:MOST_RELAXATIONS]))


def _all(wish: Wish, now: datetime, gazetteer: Gazetteer, timezone: str) -> Iterator[Relaxation]:
    times = list(other_times(wish.when, now, timezone))
    places = list(other_places(wish.where, gazetteer))
    for other in times:
        changed = replace(wish, when=other.intervals)
        yield Relaxation(wish=changed, change=other.change, fr=other.fr, en=other.en)
    for place in places:
        changed = replace(wish, where=place.where)
        yield Relaxation(wish=changed, change=place.change, fr=place.fr, en=place.en)
    yield from _both(wish, times, places)
    yield from _conditions(wish)


def _both(wish: Wish, times: list[OtherTime], places: list[OtherPlace]) -> Iterator[Relaxation]:
    """The widest time with the nearest wider area: what is left when neither alone is enough."""
    wider = next((place for place in places if place.change in ("circle", "region")), None)
    if times and wider is not None:
        yield Relaxation(
            wish=replace(wish, when=times[-1].intervals, where=wider.where),
            change="time_and_place",
            fr=f"{times[-1].fr}, {wider.fr}",
            en=f"{times[-1].en}, {wider.en}",
        )


def _conditions(wish: Wish) -> Iterator[Relaxation]:
    if wish.free or wish.max_price is not None:
        yield Relaxation(
            wish=replace(wish, free=None, max_price=None),
            change="price",
            fr="si l’entrée peut être payante" if wish.free else "quel que soit le prix",
            en="paid events too" if wish.free else "whatever the price",
        )
    if wish.ages:
        yield from _near_ages(wish)
    if wish.categories:
        fr, en = "toutes les catégories", "every category"
        yield Relaxation(wish=replace(wish, categories=()), change="categories", fr=fr, en=en)
    if wish.online is not None:
        yield Relaxation(
            wish=replace(wish, online=None),
            change="online",
            fr="sur place aussi" if wish.online else "en ligne aussi",
            en="in person too" if wish.online else "online too",
        )
    if wish.accessibility:
        yield Relaxation(
            wish=replace(wish, accessibility=frozenset()),
            change="accessibility",
            fr="sans accessibilité annoncée (à vérifier auprès de l’organisateur)",
            en="accessibility not stated (to be checked with the organiser)",
        )


def _near_ages(wish: Wish) -> Iterator[Relaxation]:
    """Two years off at either end: the organiser's « dès 6 ans » and a child of 4."""
    youngest, oldest = min(wish.ages), max(wish.ages)
    if youngest >= _A_CHILD:
        return
    if youngest == oldest:
        near: tuple[int, ...] = (youngest + _YEARS_APART,)
    else:
        middle = (youngest + oldest) // 2
        low = min(youngest + _YEARS_APART, middle)
        near = tuple(sorted({low, max(oldest - _YEARS_APART, middle)}))
    yield Relaxation(
        wish=replace(wish, ages=near),
        change="ages",
        fr=f"à {_YEARS_APART} ans près",
        en=f"give or take {_YEARS_APART} years",
    )
