"""Dates, prices, distances and ages as people say them, in French and English. Pure.

A moment is said by the venue's clocks and in relation to `now`: « ce soir, 20 h 30 », « samedi
28 novembre, de 10 h à 18 h », « jusqu'au 15 janvier ». What nobody stated is said to be unknown.
"""

import re
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Category, Occurrence, Price, PriceKind
from puls.language.lexicon import MONTHS, WEEKDAYS, kinds
from puls.language.words import Words

Language = Literal["fr", "en"]

_NB = "\N{NO-BREAK SPACE}"
_BEFORE_MARK = re.compile(r" (?=[»:;?!€])")
_EVENING = 18  # « ce soir » rather than « aujourd'hui » from this hour on
_WORTH_AN_END = timedelta(hours=3)  # below it, the start is what people want to know
_A_DAY = timedelta(hours=25)  # the longest of OpenAgenda's own timings, clock change included

# In people's own words, as the organiser's statement.
_ACCESSIBLE: dict[Accessibility, Words] = {
    Accessibility.HEARING: Words(
        "accessible aux sourds et malentendants", "for deaf and hard of hearing people"
    ),
    Accessibility.VISUAL: Words("accessible aux malvoyants", "for visually impaired people"),
    Accessibility.PSYCHIC: Words(
        "adapté au handicap psychique", "for people with a psychic disability"
    ),
    Accessibility.MOTOR: Words("accessible en fauteuil", "wheelchair accessible"),
    Accessibility.INTELLECTUAL: Words(
        "adapté au handicap mental", "for people with an intellectual disability"
    ),
}


def category_name(category: Category, language: Language) -> str:
    return kinds()[category].title.of(language)


def kind_words(category: Category, language: Language) -> str:
    """« théâtre », « expositions »: all of a kind."""
    return kinds()[category].all.of(language)


def accessible_words(code: Accessibility, language: Language) -> str:
    return _ACCESSIBLE[code].of(language)


def accessibility_names(codes: frozenset[Accessibility], language: Language) -> list[str]:
    return [_ACCESSIBLE[code].of(language) for code in sorted(codes)]


def moment(occurrence: Occurrence, timezone: str, *, now: datetime, language: Language) -> str:
    """When it takes place, seen from `now`."""
    zone = ZoneInfo(timezone)
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    here_now = now.astimezone(zone)
    if occurrence.is_possible or occurrence.ends_at - occurrence.starts_at > _A_DAY:
        return _range(start.date(), _last_day(end), here_now.date(), language)
    day = day_name(start.date(), today=here_now.date(), language=language)
    if occurrence.is_day_known_only:
        return day
    if start.date() == here_now.date() and start.hour >= _EVENING:
        day = _said(("ce soir", "tonight"), language)
    if start <= here_now < end:
        return _said(
            (f"{day}, jusqu'à {clock(end, 'fr')}", f"{day}, until {clock(end, 'en')}"), language
        )
    return f"{day}, {hours(start, end, language)}"


def moment_in_a_sentence(
    occurrence: Occurrence, timezone: str, *, now: datetime, language: Language
) -> str:
    """« ce soir à 20 h 30 », « samedi 28 novembre de 14 h à 18 h », « jusqu'à dimanche »."""
    zone = ZoneInfo(timezone)
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    here_now = now.astimezone(zone)
    today = here_now.date()
    if is_range(occurrence):
        return _range_in_a_sentence(start.date(), _last_day(end), today, language)
    day = day_name(start.date(), today=today, language=language)
    if occurrence.is_day_known_only:
        return day
    if start.date() == today and start.hour >= _EVENING:
        day = _said(("ce soir", "tonight"), language)
    if start <= here_now < end:
        if end.date() == today:
            day = _said(("aujourd'hui", "today"), language)
        until = _said(("jusqu'à", "until"), language)
        return f"{day} {until} {clock(end, language)}"
    if end - start < _WORTH_AN_END:
        return f"{day} {_said(('à', 'at'), language)} {clock(start, language)}"
    return _said(
        (
            f"{day} de {clock(start, 'fr')} à {clock(end, 'fr')}",
            f"{day} from {clock(start, 'en')} to {clock(end, 'en')}",
        ),
        language,
    )


def moment_of_day(at: datetime, timezone: str, language: Language) -> str:
    """« vendredi 27 novembre 2026, 17 h »: a moment that says its day and year in full."""
    here = at.astimezone(ZoneInfo(timezone))
    weekday, month = (
        WEEKDAYS[here.weekday()].name.of(language),
        MONTHS[here.month - 1].name.of(language),
    )
    return (
        f"{weekday} {ordinal(here.date(), language)} {month} {here.year}, {clock(here, language)}"
    )


def is_range(occurrence: Occurrence) -> bool:
    """Whether it is a span of days rather than a time of one day."""
    return occurrence.is_possible or occurrence.ends_at - occurrence.starts_at > _A_DAY


def hours(start: datetime, end: datetime, language: Language) -> str:
    """« 20 h 30 », or « de 10 h à 18 h » when it lasts."""
    if end - start < _WORTH_AN_END:
        return clock(start, language)
    return _said(
        (
            f"de {clock(start, 'fr')} à {clock(end, 'fr')}",
            f"{clock(start, 'en')} to {clock(end, 'en')}",
        ),
        language,
    )


def opening_hours(occurrence: Occurrence, timezone: str, language: Language) -> str | None:
    """Both ends, for a list of dates; None when the hours are not known."""
    if occurrence.is_day_known_only or occurrence.ends_at - occurrence.starts_at > _A_DAY:
        return None
    zone = ZoneInfo(timezone)
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    return f"{clock(start, language)} – {clock(end, language)}"


def day_name(day: date, *, today: date, language: Language) -> str:
    """« aujourd'hui », « demain », « samedi 28 novembre », with the year when it is another one."""
    match (day - today).days:
        case 0:
            return _said(("aujourd'hui", "today"), language)
        case 1:
            return _said(("demain", "tomorrow"), language)
        case _:
            weekday = WEEKDAYS[day.weekday()].name.of(language)
            return f"{weekday} {day_and_month(day, today=today, language=language)}"


def weekday_word(day: date, language: Language) -> str:
    return WEEKDAYS[day.weekday()].name.of(language)


def weekday_name(day: date, language: Language) -> str:
    return f"{WEEKDAYS[day.weekday()].name.of(language)}{_NB}{ordinal(day, language)}"


def month_name(day: date, language: Language) -> str:
    return f"{MONTHS[day.month - 1].name.of(language)} {day.year}"


def short_month(day: date, language: Language) -> str:
    return MONTHS[day.month - 1].short_name.of(language)


def short_weekday(day: date, language: Language) -> str:
    return WEEKDAYS[day.weekday()].short_name.of(language)


def day_and_month(day: date, *, today: date, language: Language) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{ordinal(day, language)}{_NB}{MONTHS[day.month - 1].name.of(language)}{year}"


def clock(at: datetime, language: Language) -> str:
    if language == "fr":
        minutes = f"{_NB}{at.minute:02d}" if at.minute else ""
        return f"{at.hour}{_NB}h{minutes}"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{_NB}{'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004 # noon


def price_words(price: Price, language: Language) -> str:
    """« gratuit », « 12 € », « de 8 à 15 € », « prix non précisé »."""
    match price.kind:
        case PriceKind.FREE:
            if price.on_registration:
                return _said(("gratuit, sur inscription", "free, on registration"), language)
            return _said(("gratuit", "free"), language)
        case PriceKind.UNKNOWN:
            return _said(("prix non précisé", "price not stated"), language)
        case PriceKind.PAID:
            return _paid(price, language)


def duration_words(minutes: int, language: Language) -> str:
    """« 45 minutes », « 1 h 15 », “1 hour 15”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{_NB}minutes"
    if language == "fr":
        return f"{hours}{_NB}h" + (f"{_NB}{rest:02d}" if rest else "")
    return f"{hours} hour{'s' * (hours > 1)}" + (f" {rest}" if rest else "")


def distance_words(distance_km: float, language: Language) -> str:
    if distance_km < 1:
        metres = max(50, round(distance_km * 1000, -1))
        return _said((f"à {metres:.0f}{_NB}m", f"{metres:.0f}{_NB}m away"), language)
    digits = 1 if distance_km < 10 else 0  # noqa: PLR2004 # « à 28 km », not « à 28,3 km »
    kilometres = f"{distance_km:.{digits}f}".removesuffix(".0")
    return _said(
        (f"à {kilometres.replace('.', ',')}{_NB}km", f"{kilometres}{_NB}km away"), language
    )


def ages_words(youngest: int | None, oldest: int | None, language: Language) -> str | None:
    """« dès 6 ans », « 6–12 ans »; None when no age is stated."""
    if youngest and oldest:
        return _said((f"{youngest}–{oldest}{_NB}ans", f"ages {youngest}–{oldest}"), language)
    if youngest:
        return _said((f"dès {youngest}{_NB}ans", f"ages {youngest} and up"), language)
    if oldest:
        return _said((f"jusqu'à {oldest}{_NB}ans", f"up to age {oldest}"), language)
    return None


def count_words(shown: int, fitting: int, language: Language, *, most: int, beside: int = 0) -> str:
    """« 12 sorties parmi 240 qui conviennent », « 2 sorties, et 3 d'un autre genre »; beyond `most` nobody counted.

    `beside`: how many of those shown are off the theme that was asked for.
    """
    fit = shown - beside
    if beside and not fit:
        return _said(
            (
                f"{_events(beside, 'fr')} d'un autre genre",
                f"{_events(beside, 'en')} of another kind",
            ),
            language,
        )
    if beside:
        return _said(
            (
                f"{_events(fit, 'fr')}, et {beside} d'un autre genre",
                f"{_events(fit, 'en')}, and {beside} of another kind",
            ),
            language,
        )
    if fitting <= shown:
        return _events(shown, language)
    counted = min(fitting, most)
    total = f"{counted:,}".replace(",", _NB) if language == "fr" else f"{counted:,}"
    if fitting > most:
        total = _said((f"plus de {total}", f"more than {total}"), language)
    return _said(
        (
            f"{_events(shown, 'fr')} parmi {total} qui conviennent",
            f"{_events(shown, 'en')} out of {total} that fit",
        ),
        language,
    )


def _events(number: int, language: Language) -> str:
    return f"{number} {_said(('sortie', 'event'), language)}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def fine(text: str) -> str:
    """The text with no-break spaces where French typography wants one."""
    text = _BEFORE_MARK.sub(_NB, text)
    return text.replace("« ", f"«{_NB}")


def _paid(price: Price, language: Language) -> str:
    if price.lowest is None:
        return _said(("payant", "ticketed"), language)
    if price.highest is None and price.lowest == 0:  # a free contribution, or free for some
        return price.conditions or _said(("dès 0 €", "from €0"), language)
    if price.highest is None:
        amount = euros(price.lowest, language)
        return _said((f"dès {amount}", f"from {amount}"), language)
    if price.highest > price.lowest:
        if language == "en":
            return f"{euros(price.lowest, 'en')} to {euros(price.highest, 'en')}"
        return f"de {_amount(price.lowest, 'fr')} à {euros(price.highest, 'fr')}"
    return euros(price.lowest, language)


def euros(value: float, language: Language) -> str:
    return f"€{_amount(value, 'en')}" if language == "en" else f"{_amount(value, 'fr')}{_NB}€"


def _amount(value: float, language: Language) -> str:
    text = f"{value:.0f}" if value == round(value) else f"{value:.2f}"
    return text.replace(".", ",") if language == "fr" else text


def _range(first: date, last: date, today: date, language: Language) -> str:
    until = day_and_month(last, today=today, language=language)
    if last == today:
        return _said(("aujourd'hui, dernier jour", "today, last day"), language)
    if first <= today:
        return _said((f"jusqu'au {until}", f"until {until}"), language)
    since = day_and_month(first, today=today, language=language)
    return _said((f"du {since} au {until}", f"{since} to {until}"), language)


def _range_in_a_sentence(first: date, last: date, today: date, language: Language) -> str:
    if last in {first, today}:
        day = day_name(last, today=today, language=language)
        is_last = last == today and first < today
        return day + (_said((" (dernier jour)", " (last day)"), language) if is_last else "")
    if first <= today:
        if (last - today).days == 1:
            return _said(("jusqu'à demain", "until tomorrow"), language)
        if (last - today).days < 7:  # noqa: PLR2004 # days of a week: the name is enough
            return (
                _said(("jusqu'à", "until"), language)
                + f" {WEEKDAYS[last.weekday()].name.of(language)}"
            )
        return _range(first, last, today, language)
    until = day_and_month(last, today=today, language=language)
    if (first.year, first.month) == (last.year, last.month):
        since = ordinal(first, language)
        return _said((f"du {since} au {until}", f"from {since} to {until}"), language)
    since = day_and_month(first, today=today, language=language)
    return _said((f"du {since} au {until}", f"from {since} to {until}"), language)


def _last_day(end: datetime) -> date:
    """The day before, when a half-open range ends at midnight."""
    return (end - timedelta(microseconds=1)).date()


def ordinal(day: date, language: Language) -> str:
    return "1er" if language == "fr" and day.day == 1 else str(day.day)


def _said(words: tuple[str, str], language: Language) -> str:
    return words[0] if language == "fr" else words[1]
