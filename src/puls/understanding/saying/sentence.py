"""A wish written back as a sentence that means the same wish: parse(sentence_of(wish)) = wish.

Pure. Dates are told with their year and hours to the minute in the zone asked for, so the sentence
stays true tomorrow; places as in `sentence_places`. A link or a program can ask it again. Not said,
because no words say them: statuses and the visitor's position. Enter at `sentence_of`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Interval
from puls.language.lexicon import LANGUAGES, MONTHS, WEEKDAYS, kinds
from puls.language.words import Words
from puls.understanding.saying.sentence_places import place_words
from puls.understanding.wish import Order, Wish

SentenceLanguage = Literal["fr", "en"]

_ACCESSIBILITY = {
    "fr": {
        Accessibility.MOTOR: "fauteuil roulant",
        Accessibility.HEARING: "malentendants",
        Accessibility.VISUAL: "malvoyants",
        Accessibility.INTELLECTUAL: "handicap mental",
        Accessibility.PSYCHIC: "handicap psychique",
    },
    "en": {
        Accessibility.MOTOR: "wheelchair",
        Accessibility.HEARING: "hard of hearing",
        Accessibility.VISUAL: "visually impaired",
        Accessibility.INTELLECTUAL: "intellectual disability",
        Accessibility.PSYCHIC: "autism",
    },
}
_ORDERS: dict[Order, tuple[str, str] | None] = {
    "relevance": None,
    "nearest": ("le plus proche d’abord", "nearest first"),
    "cheapest": ("le moins cher d’abord", "cheapest first"),
    "soonest": ("par ordre chronologique", "the soonest"),
}
_NO_WISH = ("que faire ?", "things to do")
_ONE_DAY = {
    "fr": "le {first} de {since} à {until}",
    "en": "on {first} from {since} to {until}",
}
_SEVERAL_DAYS = {
    "fr": "du {first} à {since} au {last} à {until}",
    "en": "from {first} at {since} to {last} at {until}",
}
_MIDNIGHT = (0, 0)
_HORIZON_YEAR = 2100  # YEAR of the parser is 20xx: a later end means "open-ended"


def sentence_of(
    wish: Wish, language: SentenceLanguage = "fr", timezone: str = "Europe/Paris"
) -> str:
    """The wish in words of `language`; its moments by the clocks of `timezone`."""
    is_french = language == "fr"
    said = [interval_words(each, ZoneInfo(timezone), language) for each in wish.when]
    if wish.where is not None:
        said.append(place_words(wish.where, in_french=is_french))
    said += _conditions(wish, language)
    if wish.ages:
        said.append(_ages(wish.ages, language, is_labelled=not said or bool(wish.number_wanted)))
    order = _ORDERS[wish.order]
    if order is not None:
        said.append(order[not is_french])
    parts = [wish.topic, *said] if wish.topic else said
    return ", ".join(parts) if parts else _NO_WISH[not is_french]


def interval_words(interval: Interval, zone: ZoneInfo, language: SentenceLanguage) -> str:
    """« du samedi 21 novembre 2026 à 18 h au dimanche 22 novembre 2026 à minuit »."""
    start = interval.start.astimezone(zone).replace(second=0, microsecond=0)
    end = interval.end.astimezone(zone)
    is_french = language == "fr"
    if end.year >= _HORIZON_YEAR:
        return f"{'à partir du' if is_french else 'from'} {_day(start, language)}"
    last = end - timedelta(minutes=1)
    if _is_midnight(start) and _is_midnight(end):
        first, final = _day(start, language), _day(last, language)
        if first == final:
            return f"{'le' if is_french else 'on'} {first}"
        return f"du {first} au {final}" if is_french else f"from {first} to {final}"
    is_one_day = start.date() == last.date()
    words = _ONE_DAY[language] if is_one_day else _SEVERAL_DAYS[language]
    return words.format(
        first=_day(start, language),
        since=_clock(start, language),
        last=_day(last, language),
        until=_end(end, language),
    )


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == _MIDNIGHT


def _day(day: datetime, language: SentenceLanguage) -> str:
    number = "1er" if day.day == 1 and language == "fr" else str(day.day)
    weekday, month = (
        WEEKDAYS[day.weekday()].name.of(language),
        MONTHS[day.month - 1].name.of(language),
    )
    return f"{weekday} {number} {month} {day.year}"


def _clock(moment: datetime, language: SentenceLanguage) -> str:
    if language == "en":
        return f"{moment:%H:%M}"
    return f"{moment.hour} h {moment:%M}" if moment.minute else f"{moment.hour} h"


def _end(moment: datetime, language: SentenceLanguage) -> str:
    if _is_midnight(moment):
        return "minuit" if language == "fr" else "midnight"
    return _clock(moment, language)


def _conditions(wish: Wish, language: SentenceLanguage) -> Iterator[str]:
    is_french = language == "fr"
    if wish.party_size is not None:
        yield (f"à {wish.party_size} personnes" if is_french else f"for {wish.party_size} people")
    if wish.free is not None:
        free = ("gratuit", "free") if wish.free else ("payant", "not free")
        yield free[not is_french]
    if wish.max_price is not None:
        euros = f"{wish.max_price:.2f}".rstrip("0").rstrip(".")
        yield f"{euros.replace('.', ',')} € maximum" if is_french else f"up to {euros} euros"
    if wish.online is not None:
        online = ("en ligne", "online") if wish.online else ("en présentiel", "in person")
        yield online[not is_french]
    if wish.accessibility:
        codes = [_ACCESSIBILITY[language][code] for code in sorted(wish.accessibility)]
        yield f"{'accessibilité' if is_french else 'accessibility'} : {', '.join(codes)}"
    yield from _manner(wish, language)
    if wish.categories:
        names = ", ".join(kinds()[each].all.of(language) for each in wish.categories)
        yield f"{'catégories' if is_french else 'categories'} : {names}"
    for category in wish.excluded_categories:
        yield f"{'sauf' if is_french else 'except'} {kinds()[category].all.of(language)}"
    for word in wish.excluded_words:
        yield f"{'sauf' if is_french else 'except'} {word}"


def _manner(wish: Wish, language: SentenceLanguage) -> Iterator[str]:
    """Under labels where plain words would become part of the theme as well."""
    is_french = language == "fr"
    if wish.max_minutes is not None:
        yield (
            f"{wish.max_minutes} minutes au plus"
            if is_french
            else f"no longer than {wish.max_minutes} minutes"
        )
    if wish.number_wanted is not None:
        yield f"top {wish.number_wanted}"
    if wish.spoken_language is not None:
        name = LANGUAGES.get(
            wish.spoken_language, Words(wish.spoken_language, wish.spoken_language)
        ).of(language)
        yield f"langue : {name}" if is_french else f"language : {name}"
    if wish.setting is not None:
        french = "intérieur" if wish.setting == "indoor" else "plein air"
        yield f"cadre : {french}" if is_french else f"setting : {wish.setting}s"


def _ages(ages: tuple[int, ...], language: SentenceLanguage, *, is_labelled: bool) -> str:
    """Under a label when the theme stands right before: « pour enfants, 4 ans » would lose a word."""
    joint = " et " if language == "fr" else " and "
    numbers = joint.join(str(age) for age in ages)
    if language == "fr":
        return f"{'âges : ' if is_labelled else ''}{numbers} ans"
    return f"{'ages : ' if is_labelled else ''}{numbers} years old"
