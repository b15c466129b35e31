"""Events side by side: moment, place, price, ages, and which one is cheapest or nearest. Pure. Enter at `comparison`."""

from collections.abc import Iterator, Sequence

from puls import phrasing
from puls.catalogue.event import Price, PriceKind
from puls.conversation.markdown import title_link
from puls.conversation.references import superlative_in
from puls.conversation.telling import phrases
from puls.conversation.telling.phrases import capital, chosen, either, joined, written_language
from puls.conversation.turn import Material, Sentence
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent

_MOST = 4


def comparison(material: Material) -> Iterator[Iterator[Sentence]]:
    """The one that stands out, when that was asked; else each event in one sentence, and which is cheapest or nearest."""
    events = material.cited[:_MOST]
    language = written_language(material)
    if material.how == "superlative" or len(events) == 1:
        yield _standing_out(events, material, language)
        return
    yield iter([Sentence(text=chosen(
        [either("Mettons-les côte à côte.", "Let us put them side by side.", language),
         either("Voici ce qui les distingue.", "Here is what sets them apart.", language)], material.text))])  # fmt: skip
    for found in events:
        yield iter([Sentence(text=_told(found, material, language), uids=(found.event.uid,))])
    yield _verdict(events, material, language)


_STANDS_OUT = {
    "cheapest": ("Le moins cher", "The cheapest"),
    "nearest": ("Le plus proche", "The nearest"),
    "earliest": ("Le premier à commencer", "The first to start"),
    "latest": ("Le dernier à commencer", "The last to start"),
    "first_to_end": ("Le premier à finir", "The first to end"),
    "last_to_end": ("Le dernier à finir", "The last to end"),
    "longest": ("Le plus long", "The longest"),
    "shortest": ("Le plus court", "The shortest"),
    "free": ("Gratuit", "Free"),
}


def _standing_out(
    events: Sequence[FoundEvent], material: Material, language: Language
) -> Iterator[Sentence]:
    """« Le moins cher : … »; « À égalité : … » of another that is so."""
    asked = superlative_in(material.text)
    lead = either(*_STANDS_OUT[asked], language) if asked else ""
    for place, found in enumerate(events):
        text = _told(found, material, language)
        if place and asked and asked != "free":
            lead = either("À égalité", "Level with it", language)
        yield Sentence(
            text=f"{lead}{either(' : ', ': ', language)}{text}" if lead else text,
            uids=(found.event.uid,),
        )


def _told(found: FoundEvent, material: Material, language: Language) -> str:
    """One event in one sentence: when, where, how much, for whom."""
    facts = [
        phrases.when(found, material.now, language),
        _place(found, language),
        phrases.price(found.event.price, language),
    ]
    ages = phrasing.ages_words(found.event.age_min, found.event.age_max, language)
    if ages:
        facts.append(ages)
    return f"{_named(found, material, language)}{either(' :', ':', language)} {', '.join(facts)}."


def _named(found: FoundEvent, material: Material, language: Language) -> str:
    """The title, with what must not be missed of it."""
    if phrases.is_on(found, material.now) and not found.occurrence.is_possible:
        return title_link(found.event)
    beware = ", ".join(phrases.cautions(found, material.now, language))
    return f"{title_link(found.event)} ({beware})"


def _place(found: FoundEvent, language: Language) -> str:
    place = phrases.where(found.event, language) or either(
        "lieu non précisé", "place not stated", language
    )
    if found.distance_km is None:
        return place
    return f"{place} ({phrasing.distance_words(found.distance_km, language)})"


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
    prices = {found.event.uid: _lowest(found.event.price) for found in on}
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


def _lowest(price: Price) -> float | None:
    """What one pays at least; None when it varies or nobody says."""
    if price.kind is PriceKind.FREE:
        return 0.0
    return price.lowest or None
