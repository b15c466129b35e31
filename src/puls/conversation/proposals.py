"""What to say of a search: what was understood, the best events, what to try instead. Pure.

Enter at `proposals`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Category, Interval
from puls.conversation.markdown import bare
from puls.conversation.phrases import (
    chosen,
    either,
    event_sentence,
    in_town,
    joined,
    written_language,
)
from puls.conversation.turn import Material, Sentence
from puls.geo.names import fold
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import MOST_COUNTED
from puls.understanding.kinds import CATEGORY_NAMES
from puls.understanding.topic_words import EVENT_NOUN
from puls.understanding.wish import MAP_AREA, Wish

_MOST_SHOWN = 5
_MOST_ASKED_FOR = 10
_MOST_RELAXATIONS = 3
_LONGEST_TOPIC = 60
_EVENING = 18
_ADULT = 18
_FRENCH_COUNTS = (
    "aucune",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
)
_ENGLISH_COUNTS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
_WRITTEN_OUT = len(_FRENCH_COUNTS)


def proposals(
    material: Material, *, before: Sequence[Sentence] = ()
) -> Iterator[Iterator[Sentence]]:
    """Paragraphs: the opening, one per event, and what one could ask next."""
    events = shown(material)
    if not events:
        yield iter([*before, *_nothing(material)])
        return
    yield iter([*before, Sentence(text=_opening(material, len(events)))])
    language, wish = written_language(material), material.answer.understood.wish
    unstated = _unstated_by_all(events, wish)
    for at, found in enumerate(events):
        text = event_sentence(
            found,
            wish,
            material.now,
            language,
            variant=f"{_key(material)}{at % 3}",
            tells_unknown_ages=not unstated,
        )
        yield iter([Sentence(text=text, uids=(found.event.uid,))])
    closing = [Sentence(text=_next_question(material, len(events)))]
    if unstated:
        closing.insert(0, Sentence(text=either(
            "Aucune ne précise d'âge : un coup d'œil à leur page avant de partir.",
            "None of them states ages: have a look at their pages before you go.", language)))  # fmt: skip
    yield iter(closing)


def _unstated_by_all(events: Sequence[FoundEvent], wish: Wish) -> bool:
    """Whether ages were asked for and nobody states any: said once rather than of each."""
    ages = (age for found in events for age in (found.event.age_min, found.event.age_max))
    return bool(wish.ages) and len(events) > 1 and all(age is None for age in ages)


def shown(material: Material) -> Sequence[FoundEvent]:
    """The events that the answer proposes."""
    wanted = material.answer.understood.wish.number_wanted or _MOST_SHOWN
    return material.events[: max(1, min(wanted, _MOST_ASKED_FOR))]


def count(
    number: int, language: Language, *, plural: tuple[str, str] = ("sorties", "events")
) -> str:
    """« trois sorties », « 240 sorties »."""
    noun = either(plural[0], plural[1], language)
    noun = noun.removesuffix("s") if number == 1 else noun
    if number > MOST_COUNTED:
        return (
            either("plus de ", "more than ", language) + f"{_figure(MOST_COUNTED, language)} {noun}"
        )
    if number < _WRITTEN_OUT:
        return f"{(_FRENCH_COUNTS if language == 'fr' else _ENGLISH_COUNTS)[number]} {noun}"
    return f"{_figure(number, language)} {noun}"


def _figure(number: int, language: Language) -> str:
    grouped = f"{number:,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if language == "fr" else grouped


def _key(material: Material) -> str:
    uids = "".join(found.event.uid for found in material.events[:_MOST_SHOWN])
    return f"{material.text}{uids}{material.now.date()}"


def _opening(material: Material, number: int) -> str:
    language, fitting = written_language(material), material.answer.found.fitting
    asked, setting = wish_words(material), _setting_words(material)
    tail = f" {asked}" if asked else ""
    options: tuple[tuple[str, str], ...]
    if fitting > number:  # which counts all that pass the filters, whatever their theme
        there, theme = f" {setting}" if setting else "", _theme(material)
        best_fr, best_en = _best(number)
        closest_fr = (
            f"{best_fr} qui {_agreed(number, 'répond', 'répondent')} le mieux à {theme}"
            if theme
            else f"{best_fr} que je choisirais"
        )
        closest_en = f"{best_en} closest to {theme}" if theme else f"{best_en} I would choose"
        options = (
            (f"Je vois {count(fitting, 'fr')}{there} ; voici {closest_fr}.",
             f"I see {count(fitting, 'en')}{there}; here {_agreed(number, 'is', 'are')} {closest_en}."),
            (f"Il y a du choix{there} : {count(fitting, 'fr')} en tout, dont voici {closest_fr}.",
             f"There is plenty to choose from{there}: {count(fitting, 'en')} in all, and here {_agreed(number, 'is', 'are')} {closest_en}."),
            (f"Parmi {count(fitting, 'fr')}{there}, voici {closest_fr}.",
             f"Of {count(fitting, 'en')}{there}, here {_agreed(number, 'is', 'are')} {closest_en}."),
        )  # fmt: skip
    elif number == 1:
        options = (
            (f"J'ai trouvé une sortie{tail} :", f"I found one event{tail}:"),
            (
                f"Une seule sortie correspond{tail}, la voici :",
                f"Just one event fits{tail}, here it is:",
            ),
        )
    else:
        options = (
            (f"J'ai trouvé {count(number, 'fr')}{tail} :", f"I found {count(number, 'en')}{tail}:"),
            (f"Voici {count(number, 'fr')} qui {'conviennent' if number > 1 else 'convient'}{tail} :",
             f"Here are {count(number, 'en')} that fit{tail}:"),
            (f"J'ai {count(number, 'fr')} à vous proposer{tail} :", f"I have {count(number, 'en')} for you{tail}:"),
        )  # fmt: skip
    return chosen([either(*each, language) for each in options], _key(material))


def _best(number: int) -> tuple[str, str]:
    if number == 1:
        return "celle", "the one"
    return f"les {_number(number, 'fr')}", f"the {_number(number, 'en')}"


def _agreed(number: int, one: str, several: str) -> str:
    return one if number == 1 else several


def _number(number: int, language: Language) -> str:
    words = _FRENCH_COUNTS if language == "fr" else _ENGLISH_COUNTS
    return words[number] if number < _WRITTEN_OUT else str(number)


def wish_words(material: Material) -> str:
    """« pour « jazz » ce soir à Lyon, sans rien payer »: what was understood, in the middle of a sentence."""
    language, wish = written_language(material), material.answer.understood.wish
    topic, setting = _topic(wish), _setting_words(material)
    if topic:
        lead = either(f"pour « {topic} »", f"for “{topic}”", language)
    elif wish.categories:
        lead = either("côté ", "among ", language) + _kinds(wish.categories, language)
    else:
        return setting
    return f"{lead} {setting}".rstrip()


def _theme(material: Material) -> str:
    """« votre envie de concert », « « jazz manouche » »; empty without a theme."""
    topic = _topic(material.answer.understood.wish)
    if written_language(material) == "en":
        return topic and f"“{topic}”"
    if not EVENT_NOUN.fullmatch(fold(topic)):
        return topic and f"« {topic} »"
    topic = topic.lower()
    return f"votre envie d'{topic}" if fold(topic)[0] in "aeiouh" else f"votre envie de {topic}"


def _topic(wish: Wish) -> str:
    """The theme, fit to be repeated; else empty."""
    topic = " ".join(bare(wish.topic).replace("«", "").replace("»", "").replace('"', "").split())
    is_fit = len(topic) <= _LONGEST_TOPIC and not any(one in topic for one in ("//", "@", "www."))
    return topic if is_fit else ""


def _setting_words(material: Material) -> str:
    """« ce soir à Lyon, à moins de 15 € »: all but the theme."""
    language, wish = written_language(material), material.answer.understood.wish
    zone = ZoneInfo(material.timezone)
    parts: list[str] = []
    if wish.when:
        parts.append(when_words(wish.when, material.now.astimezone(zone), zone, language))
    if wish.where is not None:
        parts.append(_where(wish, language))
    parts = [" ".join(part for part in parts if part)]
    if wish.free:
        parts.append(either("sans rien payer", "for free", language))
    elif wish.max_price is not None:
        amount = f"{wish.max_price:g}"
        parts.append(
            either(f"à moins de {amount.replace('.', ',')} €", f"under €{amount}", language)
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
    return ", ".join(part for part in parts if part)


def _kinds(categories: Sequence[Category], language: Language) -> str:
    names = [CATEGORY_NAMES[one][0 if language == "fr" else 1] for one in categories]
    return joined(names, language)


def _where(wish: Wish, language: Language) -> str:
    assert wish.where is not None
    label = bare(wish.where.label)
    if wish.where.around_visitor_km is not None:
        return either("près de vous", "near you", language)
    if wish.where.commune_codes == () or wish.where.near is not None:
        town = label.split(" (")[0]
        if label.startswith(MAP_AREA):
            return either("dans cette zone de la carte", "in this area of the map", language)
        if wish.where.near is not None:
            return either(f"autour de {town}", f"around {town}", language)
        return either(f"({label})", f"({label})", language)
    return in_town(label.split(" (")[0], language)


def when_words(  # noqa: PLR0911 # one return a way of saying it
    intervals: Sequence[Interval], now: datetime, zone: ZoneInfo, language: Language
) -> str:  # one return a way of saying it
    """« ce soir », « ce week-end », « samedi 28 novembre », « du 3 au 10 décembre »; empty when open-ended."""
    if len(intervals) != 1:
        return either("aux dates demandées", "on the dates you gave", language)
    start, end = (moment.astimezone(zone) for moment in (intervals[0].start, intervals[0].end))
    if end - start > timedelta(days=62):
        return ""
    last = (end - timedelta(minutes=1)).date()
    today = now.date()
    if start.date() == last:
        if start.date() == today:
            is_evening = start.hour >= _EVENING
            return (
                either("ce soir", "tonight", language)
                if is_evening
                else either("aujourd'hui", "today", language)
            )
        return phrasing.day_name(last, today=today, language=language)
    saturday = today + timedelta(days=5 - today.weekday())
    if last == saturday + timedelta(days=1) and start.date() >= saturday - timedelta(days=1):
        return either("ce week-end", "this weekend", language)
    since = phrasing.day_and_month(start.date(), today=today, language=language)
    until = phrasing.day_and_month(last, today=today, language=language)
    if start.date() == today:
        return either(f"d'ici au {until}", f"until {until}", language)
    return either(f"du {since} au {until}", f"from {since} to {until}", language)


def _nothing(material: Material) -> Iterator[Sentence]:
    """That nothing fits, and what would."""
    language, asked = written_language(material), wish_words(material)
    tail = f" {asked}" if asked else ""
    options = (
        (f"Je n'ai rien trouvé{tail}.", f"I found nothing{tail}."),
        (f"Désolé, aucune sortie ne correspond{tail}.", f"Sorry, no event fits{tail}."),
        (f"Pas de chance, je n'ai rien{tail}.", f"No luck, I have nothing{tail}."),
    )
    yield Sentence(text=chosen([either(*each, language) for each in options], _key(material)))
    found = [one for one in material.answer.relaxations if one.count][:_MOST_RELAXATIONS]
    if not found:
        yield Sentence(text=either(
            "Essayez une autre date, un rayon plus large ou un thème plus général, je regarderai à nouveau.",
            "Try another date, a wider area or a broader theme, and I will look again.", language))  # fmt: skip
        return
    offers = [
        f"{count(one.count, language)} {one.relaxation.fr if language == 'fr' else one.relaxation.en}"
        for one in found
    ]
    offered = joined(offers, language)
    leads = (
        (f"En revanche, il y a {offered}.", f"But there are {offered}." if found[0].count > 1 else f"But there is {offered}."),
        (f"En changeant un peu la demande, je vois {offered}.", f"With a small change I can see {offered}."),
    )  # fmt: skip
    yield Sentence(text=chosen([either(*each, language) for each in leads], _key(material)))
    yield Sentence(text=either("Laquelle de ces pistes vous tente ?" if len(found) > 1 else "Cela vous tente ?",
                               "Which of these would suit you?" if len(found) > 1 else "Would that suit you?", language))  # fmt: skip


def _next_question(material: Material, number: int) -> str:
    """What is worth asking next, given what the wish leaves open."""
    language, wish = written_language(material), material.answer.understood.wish
    options: list[tuple[str, str]] = []
    if wish.where is None:
        options.append(("Dans quelle ville dois-je chercher ?", "Which town shall I look in?"))
    if not wish.when:
        options.append(("Vous pensez à un jour en particulier ?", "Do you have a day in mind?"))
    if not options:
        options = [
            (
                "Voulez-vous en savoir plus sur l'une d'elles ?",
                "Would you like to know more about one of them?",
            )
        ]
        if number == 1:
            options = [("Voulez-vous les détails ?", "Would you like the details?")]
        else:
            options.append(
                (
                    "Souhaitez-vous que je compare les deux premières ?",
                    "Shall I compare the first two?",
                )
            )
        if wish.free is None and wish.max_price is None:
            options.append(
                ("Avez-vous un budget à ne pas dépasser ?", "Do you have a budget in mind?")
            )
        if wish.where is not None and wish.where.near is None:
            options.append(
                (
                    "Est-ce que je regarde aussi dans les environs ?",
                    "Shall I look around there as well?",
                )
            )
    return chosen([either(*each, language) for each in options], _key(material), "next")
