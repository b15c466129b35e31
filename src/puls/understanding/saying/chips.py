"""A wish as short labels that a visitor can read and remove.

In French and English. Pure. Enter at `chips_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Category, Interval
from puls.language.lexicon import LANGUAGES, MONTHS, WEEKDAYS, kinds
from puls.language.words import Words
from puls.understanding.wish import MAP_AREA, Order, Wish

ChipField = Literal[
    "topic", "when", "where", "free", "max_price", "ages", "accessibility", "online",
    "setting", "spoken_language", "max_minutes", "party_size", "number_wanted", "categories",
    "excluded_categories", "excluded_words", "includes_non_cultural", "order",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing understood; removing it resets `field` of the wish."""

    field: ChipField
    fr: str
    en: str


_ACCESSIBILITY: dict[Accessibility, tuple[str, str]] = {
    Accessibility.MOTOR: ("accessible en fauteuil", "wheelchair accessible"),
    Accessibility.HEARING: (
        "accessible aux sourds et malentendants",
        "for deaf or hard of hearing people",
    ),
    Accessibility.VISUAL: ("accessible aux malvoyants", "for visually impaired people"),
    Accessibility.PSYCHIC: ("handicap psychique", "psychic disability"),
    Accessibility.INTELLECTUAL: ("handicap mental", "intellectual disability"),
}
_MOST_INTERVALS_SHOWN = 3
_OPEN_ENDED_YEAR = 2100  # a later end means « from then on »


def chips_of(wish: Wish, *, timezone: str = "Europe/Paris") -> tuple[Chip, ...]:
    """One chip per field that is set; none for a field that is not."""
    return tuple(_chips(wish, ZoneInfo(timezone)))


def without(wish: Wish, field: ChipField) -> Wish:
    """The wish once the visitor has removed a chip."""
    blank: dict[ChipField, Any] = {field: getattr(Wish(), field)}
    return replace(wish, **blank)


def _chips(wish: Wish, zone: ZoneInfo) -> Iterator[Chip]:
    if wish.topic:
        yield Chip("topic", wish.topic, wish.topic)
    if wish.when:
        yield Chip(
            "when", _when(wish.when, zone, in_french=True), _when(wish.when, zone, in_french=False)
        )
    if wish.where is not None:
        yield Chip("where", wish.where.label, _in_english(wish.where.label))
    if wish.free is not None:
        yield Chip("free", "gratuit", "free") if wish.free else Chip("free", "payant", "paid")
    if wish.max_price is not None:
        yield Chip("max_price", f"{wish.max_price:g} € max.", f"up to €{wish.max_price:g}")
    if wish.ages:
        ages = " et ".join(str(age) for age in wish.ages)
        yield Chip("ages", f"{ages} ans", f"age {ages.replace(' et ', ' and ')}")
    if wish.accessibility:
        labels = [_ACCESSIBILITY[code] for code in sorted(wish.accessibility)]
        yield Chip(
            "accessibility", ", ".join(fr for fr, _ in labels), ", ".join(en for _, en in labels)
        )
    if wish.online is not None:
        yield (
            Chip("online", "en ligne", "online")
            if wish.online
            else Chip("online", "sur place", "in person")
        )
    yield from _manner(wish)
    if wish.categories:
        french, english = _names(wish.categories)
        yield Chip("categories", f"seulement {french}", f"only {english}")
    if wish.excluded_categories:
        french, english = _names(wish.excluded_categories)
        yield Chip("excluded_categories", f"sauf {french}", f"except {english}")
    if wish.excluded_words:
        words = ", ".join(wish.excluded_words)
        yield Chip("excluded_words", f"sans {words}", f"without {words}")
    if wish.includes_non_cultural:
        yield Chip(
            "includes_non_cultural",
            "emploi et vie professionnelle compris",
            "including jobs and training",
        )
    if wish.order != "relevance":
        yield _order(wish.order)


def _manner(wish: Wish) -> Iterator[Chip]:
    """How the outing should be, and for how many."""
    match wish.setting:
        case "indoor":
            yield Chip("setting", "en intérieur", "indoors")
        case "outdoor":
            yield Chip("setting", "en plein air", "outdoors")
        case None:
            pass
        case _:
            assert_never(wish.setting)
    if wish.spoken_language is not None:
        yield Chip("spoken_language", *_in_language(wish.spoken_language))
    if wish.max_minutes is not None:
        lasting = _duration(wish.max_minutes)
        yield Chip("max_minutes", f"{lasting} au plus", f"{lasting} at most")
    if wish.party_size is not None:
        people = "personne" if wish.party_size == 1 else "personnes"
        english = "person" if wish.party_size == 1 else "people"
        yield Chip("party_size", f"{wish.party_size} {people}", f"{wish.party_size} {english}")
    if wish.number_wanted is not None:
        results = "proposition" if wish.number_wanted == 1 else "propositions"
        english = "suggestion" if wish.number_wanted == 1 else "suggestions"
        number = wish.number_wanted
        yield Chip("number_wanted", f"{number} {results}", f"{number} {english}")


def _names(categories: tuple[Category, ...]) -> tuple[str, str]:
    names = [kinds()[category].all for category in categories]
    return ", ".join(name.fr for name in names), ", ".join(name.en for name in names)


def _in_english(label: str) -> str:
    """A place's label, whose names stay as they are."""
    for fr, en in (
        ("près de vous", "near you"),
        (MAP_AREA, "map area"),
        (" ou ", " or "),
    ):
        label = label.replace(fr, en)
    between = re.fullmatch(r"entre (.+) et (.+)", label)
    return f"between {between[1]} and {between[2]}" if between else label


def _in_language(code: str) -> tuple[str, str]:
    fr, en = LANGUAGES.get(code, Words(code, code))
    return f"en {fr}", f"in {en}"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _order(order: Order) -> Chip:
    match order:
        case "nearest":
            return Chip("order", "le plus proche d’abord", "nearest first")
        case "cheapest":
            return Chip("order", "le moins cher d’abord", "cheapest first")
        case "soonest":
            return Chip("order", "le plus tôt d’abord", "soonest first")
        case "relevance":
            return Chip("order", "le plus pertinent d’abord", "most relevant first")
        case _:
            assert_never(order)


def _when(intervals: tuple[Interval, ...], zone: ZoneInfo, *, in_french: bool) -> str:
    shown = [
        _interval(each, zone, in_french=in_french) for each in intervals[:_MOST_INTERVALS_SHOWN]
    ]
    return ", ".join(shown) + ("…" if len(intervals) > _MOST_INTERVALS_SHOWN else "")


def _interval(interval: Interval, zone: ZoneInfo, *, in_french: bool) -> str:
    start, end = interval.start.astimezone(zone), interval.end.astimezone(zone)
    last = end - timedelta(minutes=1)
    if end.year >= _OPEN_ENDED_YEAR:
        return f"{'dès' if in_french else 'from'} {_day(start, in_french=in_french)}"
    if start.date() == last.date():
        return _day(start, in_french=in_french) + _hours(start, end, in_french=in_french)
    return f"{_day(start, in_french=in_french)} → {_day(last, in_french=in_french)}"


def _day(day: datetime, *, in_french: bool) -> str:
    language = "fr" if in_french else "en"
    return f"{WEEKDAYS[day.weekday()].short_name.of(language)} {day.day} {MONTHS[day.month - 1].short_name.of(language)}"


def _hours(start: datetime, end: datetime, *, in_french: bool) -> str:
    if (end.hour, end.minute) != (0, 0):
        return f", {start:%H:%M}–{end:%H:%M}"
    is_whole_day = (start.hour, start.minute) == (0, 0)
    return "" if is_whole_day else f", {'dès' if in_french else 'from'} {start:%H:%M}"
