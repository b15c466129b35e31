"""Events side by side: price, distance, moment, ages, in sentences. Pure. Enter at `comparison`."""

from collections.abc import Iterator, Sequence

from puls import phrasing
from puls.catalogue.event import PriceKind
from puls.conversation import phrases
from puls.conversation.markdown import title_link
from puls.conversation.phrases import capital, chosen, either, joined, written_language
from puls.conversation.turn import Material, Sentence
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent

_MOST = 4


def comparison(material: Material) -> Iterator[Iterator[Sentence]]:
    """An opening, then a sentence for each thing that can be told apart, then a question."""
    events = material.cited[:_MOST]
    language = written_language(material)
    yield iter([Sentence(text=chosen(
        [either("Mettons-les côte à côte.", "Let us put them side by side.", language),
         either("Voici ce qui les distingue.", "Here is what sets them apart.", language)], material.text))])  # fmt: skip
    yield _sentences(events, material, language)
    yield iter([Sentence(text=_question(material, language))])


def _sentences(
    events: Sequence[FoundEvent], material: Material, language: Language
) -> Iterator[Sentence]:
    uids = tuple(found.event.uid for found in events)
    lines = [
        _line(either("Côté date", "As for dates", language),
              [_dated(found, material, language) for found in events], language),
        _line(either("Côté prix", "As for price", language),
              [f"{_named(found, material, language)}, {phrases.price(found.event.price, language)}" for found in events], language),
        _line(either("Pour le lieu", "As for the place", language),
              [f"{_named(found, material, language)}, {_place(found, language)}" for found in events], language),
    ]  # fmt: skip
    if any(found.event.age_min or found.event.age_max for found in events):
        lines.append(_line(either("Pour les âges", "As for ages", language),
                           [f"{_named(found, material, language)}, {_ages(found, language)}" for found in events], language))  # fmt: skip
    for line in lines:
        yield Sentence(text=line, uids=uids)
    yield from _verdict(events, material, language)


def _line(lead: str, parts: Sequence[str], language: Language) -> str:
    return f"{lead}{either(' :', ':', language)} {' ; '.join(parts) if language == 'fr' else '; '.join(parts)}."


def _named(found: FoundEvent, material: Material, language: Language) -> str:
    """The title, with what must not be missed of it."""
    if phrases.is_on(found, material.now) and not found.occurrence.is_possible:
        return title_link(found.event)
    beware = ", ".join(phrases.cautions(found, material.now, language))
    return f"{title_link(found.event)} ({beware})"


def _dated(found: FoundEvent, material: Material, language: Language) -> str:
    return f"{_named(found, material, language)}, {phrases.when(found, material.now, language)}"


def _place(found: FoundEvent, language: Language) -> str:
    place = phrases.where(found.event, language) or either(
        "lieu non précisé", "place not stated", language
    )
    if found.distance_km is None:
        return place
    return f"{place} ({phrasing.distance_words(found.distance_km, language)})"


def _ages(found: FoundEvent, language: Language) -> str:
    ages = phrasing.ages_words(found.event.age_min, found.event.age_max, language)
    return ages or either("âges non précisés", "ages not stated", language)


def _verdict(
    events: Sequence[FoundEvent], material: Material, language: Language
) -> Iterator[Sentence]:
    """Which one is nearest and which is cheapest, when the records can tell and only one is."""
    on = [
        found
        for found in events
        if phrases.is_on(found, material.now) and not found.occurrence.is_possible
    ]
    if not len(on) == len(events) == len(material.cited):
        return
    prices = {
        found.event.uid: 0.0
        if found.event.price.kind is PriceKind.FREE
        else found.event.price.lowest
        for found in on
    }
    distances = {found.event.uid: found.distance_km for found in on}
    best: dict[str, list[str]] = {}
    for values, words in (
        (prices, either("la moins chère", "the cheapest", language)),
        (distances, either("la plus proche", "the nearest", language)),
    ):
        known = [value for value in values.values() if value is not None]
        if len(known) == len(on) and known.count(min(known)) == 1:
            winner = next(uid for uid, value in values.items() if value == min(known))
            best.setdefault(winner, []).append(words)
    for found in on:
        if found.event.uid in best:
            words = joined(best[found.event.uid], language)
            text = either(
                f"La sortie {words} : {title_link(found.event)}.",
                f"{capital(words)}: {title_link(found.event)}.",
                language,
            )
            yield Sentence(text=text, uids=(found.event.uid,))


def _question(material: Material, language: Language) -> str:
    options = [
        ("Laquelle vous tente le plus ?", "Which one tempts you most?"),
        (
            "Voulez-vous les détails de l'une d'elles ?",
            "Would you like the details of one of them?",
        ),
    ]
    return chosen([either(*each, language) for each in options], material.text)
