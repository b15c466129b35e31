"""What to say of a search: what was found of what was asked, the best events, what to try instead. Pure.

Nothing is claimed that was not found: when nothing is on the theme, that is said first, and what is shown is said to be only near. Enter at `proposals`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Interval
from puls.conversation.markdown import bare
from puls.conversation.repeating import is_taste
from puls.conversation.telling.closing import closing_of
from puls.conversation.telling.nouns import Noun
from puls.conversation.telling.phrases import (
    at_venue,
    either,
    event_sentence,
    in_town,
    joined,
    written_language,
)
from puls.conversation.turn import Material, Sentence
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import MOST_COUNTED
from puls.understanding.saying.sentence_places import area_words
from puls.understanding.turns import Act
from puls.understanding.where.venues import VENUE_RADIUS_KM
from puls.understanding.wish import MAP_AREA, Wish

_MOST_SHOWN = 5
_MOST_NEAR = 3  # when nothing is on the theme
_MOST_ASKED_FOR = 10
_MOST_RELAXATIONS = 3
_EVENING = 18
_ADULT = 18
_MOST_DAYS_NAMED = 3


def proposals(
    material: Material, *, before: Sequence[Sentence] = ()
) -> Iterator[Iterator[Sentence]]:
    """Paragraphs: the opening, one per event, and what one could ask next."""
    events = shown(material)
    language, wish = written_language(material), material.answer.understood.wish
    closing = closing_of(material)
    ending = [Sentence(text=closing.words.of(language))] if closing is not None else []
    if not events:
        yield iter([*before, *_nothing(material, language), *ending])
        return
    yield iter([*before, Sentence(text=opening(material, len(events)))])
    unstated = _unstated_by_all(events, wish)
    for found in events:
        text = event_sentence(found, wish, material.now, language, tells_unknown_ages=not unstated)
        yield iter([Sentence(text=text, uids=(found.event.uid,))])
    if unstated:
        ending.insert(0, Sentence(text=either(
            "Aucune ne précise d'âge : un coup d'œil à leur page avant de partir.",
            "None of them states ages: have a look at their pages before you go.", language)))  # fmt: skip
    yield iter(ending)


def _unstated_by_all(events: Sequence[FoundEvent], wish: Wish) -> bool:
    """Whether ages were asked for and nobody states any: said once rather than of each."""
    ages = (age for found in events for age in (found.event.age_min, found.event.age_max))
    return bool(wish.ages) and len(events) > 1 and all(age is None for age in ages)


def is_off_theme(material: Material) -> bool:
    """Whether a theme was asked for and nothing that was found is on it."""
    return bool(material.answer.understood.wish.topic) and material.answer.found.match == "nothing"


def shown(material: Material) -> Sequence[FoundEvent]:
    """The events that the answer proposes."""
    wanted = material.answer.understood.wish.number_wanted or _MOST_SHOWN
    most = _MOST_NEAR if is_off_theme(material) else max(1, min(wanted, _MOST_ASKED_FOR))
    return material.events[:most]


def opening(material: Material, number: int) -> str:
    """« Voici cinq concerts ce week-end à Lyon, sur 23. »; « Pas de patinoire à Grenoble ce week-end. Ce qui s'en approche : »."""
    language, wish = written_language(material), material.answer.understood.wish
    noun, found = Noun.of(wish), material.answer.found
    setting = setting_words(material)
    there = f" {setting}" if setting else ""
    if is_off_theme(material):
        none = noun.none(language, free=bool(wish.free))
        return either(
            f"{none}{there}. Ce qui s'en approche le plus :",
            f"{none}{there}. Here is what comes near:",
            language,
        )
    free = bool(wish.free) and _tells_free(wish)
    about = noun.about(language)
    counted = noun.counted(number, language, free=free)
    if wish.topic and found.match == "perhaps":
        what = either(f" à « {noun.topic} »", f" by “{noun.topic}”", language) if noun.topic else ""
        return either(
            f"Je ne suis pas sûr que cela corresponde{what} : voici ce qui s'en approche{there}.",
            f"I am not sure that this is what you mean{what}: here is what comes near{there}.",
            language,
        )
    tail = " ".join(part for part in (about, setting) if part)
    tail = f" {tail}" if tail else ""
    if material.answer.understood.act is Act.MORE:
        lead = either(
            f"En voici {noun.number(number, language)} {'autre' if number == 1 else 'autres'}",
            f"Here {'is' if number == 1 else 'are'} {noun.number(number, language)} more",
            language,
        )
        return f"{lead}{tail}{either(' :', ':', language)}"
    if found.fitting > number:
        total = figure_of(found.fitting, language)
        return either(
            f"Voici {counted}{tail}, sur {total} :",
            f"Here {'is' if number == 1 else 'are'} {counted}{tail}, out of {total}:",
            language,
        )
    if number == 1:
        return either(f"J'ai trouvé {counted}{tail} :", f"I found {counted}{tail}:", language)
    return either(f"Voici {counted}{tail} :", f"Here are {counted}{tail}:", language)


def figure_of(number: int, language: Language) -> str:
    """« 23 », « plus de 15 000 »."""
    most = min(number, MOST_COUNTED)
    grouped = f"{most:,}".replace(",", "\N{NO-BREAK SPACE}") if language == "fr" else f"{most:,}"
    return (
        either(f"plus de {grouped}", f"more than {grouped}", language)
        if number > MOST_COUNTED
        else grouped
    )


def count(number: int, language: Language) -> str:
    """« trois sorties », « 240 sorties »."""
    return Noun.of(Wish()).counted(number, language, most=MOST_COUNTED)


def _tells_free(wish: Wish) -> bool:
    """« cinq concerts gratuits »; said apart of a theme that is no kind of event."""
    return not Noun.of(wish).topic


def setting_words(material: Material) -> str:
    """« ce soir à Lyon, à moins de 15 € »: all but the theme."""
    language, wish = written_language(material), material.answer.understood.wish
    zone = ZoneInfo(material.timezone)
    parts: list[str] = []
    if wish.when:
        parts.append(when_words(wish.when, material.now.astimezone(zone), zone, language))
    if wish.where is not None:
        parts.append(where_words(wish, language))
    parts = [" ".join(part for part in parts if part)]
    if wish.online:
        parts.append(either("en ligne", "online", language))
    if wish.free and not _tells_free(wish):
        parts.append(either("sans rien payer", "for free", language))
    elif wish.max_price is not None:
        amount = f"{wish.max_price:g}"
        parts.append(
            either(f"à {amount.replace('.', ',')} € au plus", f"for €{amount} at most", language)
        )
    if wish.ages:
        ages = joined([str(age) for age in wish.ages], language)
        of = "des enfants de " if max(wish.ages) < _ADULT else ""
        parts.append(
            either(
                f"pour {of}{ages} ans",
                f"for {'age' if len(wish.ages) == 1 else 'ages'} {ages}",
                language,
            )
        )
    if wish.accessibility:
        names = joined(
            [phrasing.accessible_words(code, language) for code in sorted(wish.accessibility)],
            language,
        )
        parts.append(names)
    parts.append(_left_out(wish, language))
    return ", ".join(part for part in parts if part)


def _left_out(wish: Wish, language: Language) -> str:
    names = [phrasing.kind_words(one, language) for one in wish.excluded_categories]
    names += [words for words in wish.excluded_words if is_taste(words)]
    return either("sauf ", "except ", language) + joined(names, language) if names else ""


def where_words(wish: Wish, language: Language) -> str:  # noqa: PLR0911 - one return a way of saying it
    """« à Lyon », « dans la Drôme », « autour de Valence », « près de vous »."""
    assert wish.where is not None
    label = bare(wish.where.label)
    beside = _excluded(wish, language)
    if wish.where.around_visitor_km is not None:
        return either("près de vous", "near you", language) + beside
    if label.startswith(MAP_AREA):
        return either("dans cette zone de la carte", "in this area of the map", language)
    if label.startswith("entre "):
        return (
            label
            if language == "fr"
            else label.replace("entre ", "between ").replace(" et ", " and ")
        ) + beside
    town = label.split(" (")[0]
    if label.startswith("France sauf"):
        return either("en France", "in France", language) + beside
    if wish.where.near is not None and wish.where.near.radius_km <= VENUE_RADIUS_KM:
        return at_venue(label.split(",")[0], language) + beside
    if wish.where.near is not None:
        return either(f"autour de {town}", f"around {town}", language) + beside
    if wish.where.commune_codes or wish.where.postcodes:
        names = [each.split(" (")[0] for each in label.split(" ou ")]
        return joined([in_town(name, language) for name in names], language, ("ou", "or")) + beside
    names = label.split(" ou ")
    return (
        joined(
            [area_words(name) if language == "fr" else f"in {name}" for name in names],
            language,
            ("ou", "or"),
        )
        + beside
    )


def _excluded(wish: Wish, language: Language) -> str:
    assert wish.where is not None
    names = [bare(each.label).split(" (")[0] for each in wish.where.excluded]
    return either(" (sauf ", " (except ", language) + joined(names, language) + ")" if names else ""


def when_words(  # noqa: PLR0911 - one return a way of saying it
    intervals: Sequence[Interval], now: datetime, zone: ZoneInfo, language: Language
) -> str:  # one return a way of saying it
    """« ce soir », « demain après-midi », « ce week-end », « samedi et dimanche », « du 3 au 10 décembre »; empty when open-ended."""
    if len(intervals) > 1:
        return _several_days(intervals, now, zone, language)
    start, end = (moment.astimezone(zone) for moment in (intervals[0].start, intervals[0].end))
    if end - start > timedelta(days=62):
        return ""
    last = (end - timedelta(minutes=1)).date()
    today = now.date()
    if start.date() == last or (end - start <= timedelta(hours=12) and end.hour <= 6):  # noqa: PLR2004 # a night
        return _one_day(start, end, today, language)
    saturday = today + timedelta(days=5 - today.weekday())
    if last == saturday + timedelta(days=1) and start.date() >= saturday - timedelta(days=1):
        return either("ce week-end", "this weekend", language)
    if start.weekday() == 5 and (last - start.date()).days == 1:  # noqa: PLR2004 # Saturday
        return either(
            f"le week-end du {phrasing.day_and_month(start.date(), today=today, language='fr')}",
            f"on the weekend of {phrasing.day_and_month(start.date(), today=today, language='en')}",
            language,
        )
    since = phrasing.day_and_month(start.date(), today=today, language=language)
    until = phrasing.day_and_month(last, today=today, language=language)
    if start.date() == today:
        return either(f"d'ici au {until}", f"until {until}", language)
    if (last - start.date()).days == 1:
        return either(
            f"les {phrasing.ordinal(start.date(), 'fr')} et {until}",
            f"on {since} and {until}",
            language,
        )
    if (start.month, start.year) == (last.month, last.year):
        since = phrasing.ordinal(start.date(), language)
    return either(f"du {since} au {until}", f"from {since} to {until}", language)


def _one_day(start: datetime, end: datetime, today: object, language: Language) -> str:
    assert isinstance(today, type(start.date()))
    name = phrasing.day_name(start.date(), today=today, language=language)
    is_today = start.date() == today
    part = _part_of_day(start, end)
    if part is None:
        return name
    if is_today:
        told = {
            "morning": ("ce matin", "this morning"),
            "afternoon": ("cet après-midi", "this afternoon"),
            "evening": ("ce soir", "tonight"),
            "night": ("cette nuit", "tonight"),
        }
        return either(*told[part], language)
    names = {
        "morning": ("matin", "morning"),
        "afternoon": ("après-midi", "afternoon"),
        "evening": ("soir", "evening"),
        "night": ("dans la nuit", "night"),
    }
    return f"{name} {either(*names[part], language)}"


def _part_of_day(start: datetime, end: datetime) -> str | None:
    hour = start.hour + start.minute / 60
    length = (end - start).total_seconds() / 3600
    if length > 7 and not hour >= _EVENING:  # noqa: PLR2004 # most of a day
        return None
    if hour >= 21:  # noqa: PLR2004
        return "night" if length > 4 else "evening"  # noqa: PLR2004
    if hour >= 17:  # noqa: PLR2004
        return "evening"
    if hour >= 12:  # noqa: PLR2004
        return "afternoon" if end.hour <= _EVENING + 1 and end.date() == start.date() else None
    return "morning" if end.hour <= 13 and end.date() == start.date() else None  # noqa: PLR2004


def _several_days(
    intervals: Sequence[Interval], now: datetime, zone: ZoneInfo, language: Language
) -> str:
    """« samedi soir et dimanche soir » as « samedi et dimanche »; more than a few are « plusieurs dates »."""
    days = list(dict.fromkeys(interval.start.astimezone(zone).date() for interval in intervals))
    if len(days) == 1:
        return phrasing.day_name(days[0], today=now.date(), language=language)
    if len(days) <= _MOST_DAYS_NAMED:
        names = [phrasing.day_name(day, today=now.date(), language=language) for day in days]
        return joined(names, language)
    weekdays = {day.weekday() for day in days}
    if weekdays <= {5, 6}:
        return either("les week-ends", "at weekends", language)
    if len(weekdays) == 1:
        return either(
            f"le {phrasing.weekday_word(days[0], 'fr')}",
            f"on {phrasing.weekday_word(days[0], 'en')}s",
            language,
        )
    until = phrasing.day_and_month(days[-1], today=now.date(), language=language)
    return either(f"d'ici au {until}", f"until {until}", language)


def _nothing(material: Material, language: Language) -> Iterator[Sentence]:
    """That nothing fits, then what would: « Pas de concert gratuit demain à Lyon », « Il y en a deux dimanche »."""
    wish = material.answer.understood.wish
    setting = setting_words(material)
    if material.answer.understood.act is Act.MORE:
        yield Sentence(
            text=either(
                "Je n'en ai pas d'autre à ces conditions.",
                "I have no others on these terms.",
                language,
            )
        )
    elif material.web_shown:  # what there was is off or full, as was told first
        yield Sentence(
            text=either(
                f"Je n'ai rien d'autre à vous proposer{f' {setting}' if setting else ''}.",
                f"I have nothing else to suggest{f' {setting}' if setting else ''}.",
                language,
            )
        )
    else:
        none = Noun.of(wish).none(language, free=bool(wish.free) and _tells_free(wish))
        yield Sentence(text=f"{none}{f' {setting}' if setting else ''}.")
    found = [one for one in material.answer.relaxations if one.count][:_MOST_RELAXATIONS]
    if not found:
        yield Sentence(text=either(
            "Essayez une autre date, un rayon plus large ou un thème plus général, je regarderai à nouveau.",
            "Try another date, a wider area or a broader theme, and I will look again.", language))  # fmt: skip
        return
    noun = Noun.of(wish)
    offers = [
        f"{noun.number(one.count, language) if one.count <= MOST_COUNTED else figure_of(one.count, language)} {one.relaxation.fr if language == 'fr' else one.relaxation.en}"
        for one in found
    ]
    offered = joined(offers, language)
    verb = "is" if found[0].count == 1 else "are"
    yield Sentence(text=either(f"Il y en a {offered}.", f"There {verb} {offered}.", language))
