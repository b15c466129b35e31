"""What to say of an event that the visitor asks about: « et le tarif ? », « c'est où ? », « dis-m'en plus ». Pure.

Enter at `details`; `booking` sends to the organiser.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import PriceKind
from puls.conversation.grounding.judging import leads_out
from puls.conversation.grounding.records import own_addresses
from puls.conversation.markdown import (
    ADDRESS,
    SAFE_IN_ADDRESS,
    TELEPHONE,
    bare,
    title_link,
)
from puls.conversation.telling import phrases
from puls.conversation.telling.phrases import capital, either, written_language
from puls.conversation.telling.quoting import passage_about
from puls.conversation.telling.web import is_told_first
from puls.conversation.turn import Material, Sentence
from puls.geo.names import fold
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent

_LONGEST_EXCERPT = 220
_MOST_DATES = 4
_REAL_HOURS = 12


class Asked(StrEnum):
    """What of an event is asked."""

    PRICE = "price"
    WHERE = "where"
    WHEN = "when"
    DURATION = "duration"
    AGES = "ages"
    ACCESS = "access"
    PLACES = "places"
    BOOKING = "booking"
    WAY = "way"
    OTHER = "other"


_ASKED = {
    Asked.PRICE: r"tarifs?|prix|combien(?! (?:de|dure|ca dure))|coute(?:nt)?|gratuite?s?|payante?s?|price|cost|how much|free|cher",
    Asked.DURATION: r"dure|durent|duree|how long|duration|combien de temps|longtemps",
    Asked.ACCESS: r"accessibles?|accessibilite|pmr|fauteuil|wheelchair|lsf|handicap\w*|deaf|accessible|poussette",
    Asked.AGES: r"ages?|enfants?|petits|kids?|children|old|suitable|ans",
    Asked.PLACES: r"complet|complete|reste|restent|places|sold out|seats|full|annule\w*|cancelled|jauge",
    Asked.BOOKING: r"reserv\w*|inscri\w*|billet\w*|book\w*|tickets?|lien|site|link|website|telephone|contact|mail|required",
    Asked.WAY: r"metro|bus|tram|rer|y aller|s y rendre|venir|get there|parking|garer|voiture|a pied|itineraire|transports?|trajet|jouable",
    Asked.WHERE: r"ou|adresse|lieu|ville|where|address|venue|quartier|salle",
    Asked.WHEN: r"quand|heures?|horaires?|dates?|jours?|commence|finit|termine|when|what time|start|starts|begin|begins|end|ends|schedule|jusqu|until",
    Asked.OTHER: r"qui|who|artistes?|compagnie|chiens?|manger|buvette|langue|programme|apporter|prevoir|pluie|pleut|what is it about|de quoi",
}  # fmt: skip
_QUOTED_FOR = frozenset(
    {
        Asked.PRICE,
        Asked.DURATION,
        Asked.AGES,
        Asked.ACCESS,
        Asked.PLACES,
        Asked.BOOKING,
        Asked.WAY,
        Asked.OTHER,
    }
)


def details(material: Material) -> Iterator[Iterator[Sentence]]:
    """One paragraph per event asked about: what was asked, or all that is worth knowing."""
    asked = what_is_asked(material.text)
    events = material.cited or material.events[:1]
    for found in events[:3]:
        yield _beside_the_web(found, asked, material)


def what_is_asked(text: str) -> list[Asked]:
    words = fold(text)
    return [
        one for one, pattern in _ASKED.items() if re.search(rf"(?<!\S)(?:{pattern})(?!\S)", words)
    ]


def booking(found: FoundEvent, material: Material, *, is_named: bool = True) -> Iterator[Sentence]:
    """Where to book: the organiser's page, telephone or mail, as recorded; `is_named`: the event has not been named yet."""
    language, event = written_language(material), found.event
    pages = [value for kind, value in event.registration if value in own_addresses(event)]
    contacts = [
        value.strip()
        for kind, value in event.registration
        if kind in {"email", "phone"} and value.strip()
    ]
    link = title_link(event) if is_named else either("cette sortie", "this one", language)
    if pages:
        page = quote(pages[0].strip(), safe=SAFE_IN_ADDRESS)
        text = either(
            f"Pour {link}, les réservations se font sur [ce site]({page}).",
            f"For {link}, bookings are made on [this site]({page}).",
            language,
        )
    elif own_addresses(event):
        text = either(
            f"Pour {link}, tout se passe sur la page de l'événement.",
            f"For {link}, it is all on the event's own page.",
            language,
        )
    else:
        text = either(
            f"Je n'ai pas de page à vous donner pour {link}.",
            f"I have no page to give you for {link}.",
            language,
        )
    if contacts and not pages:
        text = either(
            f"Pour {link}, l'organisateur répond ici : {', '.join(contacts)}.",
            f"For {link}, the organiser answers here: {', '.join(contacts)}.",
            language,
        )
    yield Sentence(text=_with_status(text, found, material), uids=(event.uid,))


def _with_status(text: str, found: FoundEvent, material: Material) -> str:
    """The same sentence with what the visitor must not miss."""
    if phrases.is_on(found, material.now) and not found.occurrence.is_possible:
        return text
    language = written_language(material)
    beware = ", ".join(phrases.cautions(found, material.now, language))
    return f"{text[:-1]} ({beware})." if beware else text


def _beside_the_web(
    found: FoundEvent, asked: list[Asked], material: Material
) -> Iterator[Sentence]:
    """What the lines on the web have not answered already, with their source: « c'est annulé ? »."""
    answered, is_on = _answered_by_the_web(found, material), phrases.is_on(found, material.now)
    left = [one for one in asked if one not in answered]
    if asked and not left:
        if Asked.PLACES in asked and is_on:
            yield from booking(found, material)
    elif asked or is_on or not answered:
        yield from _about(found, left, material)


def _about(found: FoundEvent, asked: list[Asked], material: Material) -> Iterator[Sentence]:
    writers: dict[Asked, Callable[[FoundEvent, Material, bool], str]] = {
        Asked.PRICE: _price,
        Asked.WHERE: _where,
        Asked.WHEN: _when,
        Asked.DURATION: _duration,
        Asked.AGES: _ages,
        Asked.ACCESS: _access,
        Asked.PLACES: _places,
    }
    uids = (found.event.uid,)
    told = [one for one in asked if one in writers]
    if Asked.WAY in asked and Asked.WHERE not in told:
        told.append(Asked.WHERE)
    passage = _passage(found, material) if not asked or _QUOTED_FOR.intersection(asked) else None
    texts = [writers[one](found, material, place == 0) for place, one in enumerate(told)]
    for place, text in enumerate(texts):
        tells_status = place > 0 or told[place] is Asked.PLACES
        yield Sentence(
            text=text if tells_status else _with_status(text, found, material), uids=uids
        )
    if Asked.BOOKING in asked:
        yield from booking(found, material, is_named=not told)
    is_new = passage is not None and fold(passage) not in fold(" ".join(texts))
    if passage is not None and is_new and (told or Asked.BOOKING in asked):
        yield _quoted(passage, uids, material)
    if told or Asked.BOOKING in asked:
        return
    language, wish = written_language(material), material.answer.understood.wish
    yield Sentence(text=phrases.event_sentence(found, wish, material.now, language), uids=uids)
    words = passage or excerpt(found)
    if words:
        yield _quoted(words, uids, material)
    elif Asked.OTHER in asked:
        yield Sentence(
            text=either("Sa fiche n'en dit pas plus.", "Its listing says no more.", language),
            uids=uids,
        )
    if found.event.accessibility:
        yield Sentence(text=_access(found, material, False), uids=uids)


def _answered_by_the_web(found: FoundEvent, material: Material) -> set[Asked]:
    """What the lines on the web before this answer it already."""
    check = material.check_of(found.event.uid)
    if check is None or not is_told_first(material, check):
        return set()
    answered = {Asked.PLACES}
    for change in check.changes if check.is_strong else ():
        if change.what in ("date", "hour"):
            answered.add(Asked.WHEN)
        elif change.what in ("venue", "attendance"):
            answered.add(Asked.WHERE)
    return answered


def _passage(found: FoundEvent, material: Material) -> str | None:
    """What the organiser says about the question, unless it speaks to whoever reads."""
    words = passage_about(material.text, found.event)
    return None if words is None or leads_out(words) else words


def _quoted(words: str, uids: tuple[str, ...], material: Material) -> Sentence:
    language = written_language(material)
    return Sentence(
        text=either(
            f"L'organisateur précise : « {words} »",
            f"In the organiser's words: “{words}”",
            language,
        ),
        uids=uids,
    )


def excerpt(found: FoundEvent) -> str | None:
    """The beginning of the description, whole sentences, fit to be quoted; None when there is none."""
    words = bare(found.event.description or "")
    for mark in '«»“”"':
        words = words.replace(mark, "")
    words = re.sub(r" (?=[.,])", "", " ".join(words.split()))
    if (
        not words
        or "@" in words
        or ADDRESS.search(found.event.description or "")
        or TELEPHONE.search(words)
    ):
        return None
    if len(words) <= _LONGEST_EXCERPT:
        return words
    end = max(words.rfind(mark, 0, _LONGEST_EXCERPT) for mark in (". ", "! ", "? "))
    if end > _LONGEST_EXCERPT // 3:
        return words[: end + 1]
    return words[: words.rfind(" ", 0, _LONGEST_EXCERPT)] + "…"


def _price(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, price = written_language(material), found.event.price
    words, told = phrases.price(price, language), phrases.conditions(price)
    link = title_link(found.event)
    is_variable = price.kind is PriceKind.PAID and not price.lowest
    lead = either(f"Pour {link}, ", f"For {link}, ", language) if is_named else ""
    if price.kind is PriceKind.UNKNOWN:
        text = either(
            "prix non précisé : mieux vaut voir avec l'organisateur.",
            "price not stated: better ask the organiser.",
            language,
        )
    elif price.kind is PriceKind.FREE:
        text = either(f"c'est {words}.", f"it is {words}.", language)
    else:
        amount = either(f"comptez {words}", f"it is {words}", language)
        if is_variable:
            amount = either("c'est payant", "it is ticketed", language)
        quoted = ""
        if told and len(told.split()) >= 3 and fold(told) != fold(words):  # noqa: PLR2004 # a shorter one adds nothing
            quoted = either(
                f" ; l'organisateur précise : « {told} »",
                f"; in the organiser's words: “{told}”",
                language,
            )
        text = either(f"{amount}{quoted}.", f"{amount}{quoted}.", language)
    return lead + (text if lead else capital(text))


def _where(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, event = written_language(material), found.event
    place = phrases.where(event, language)
    subject = f"{title_link(event)}, c'est" if language == "fr" else f"{title_link(event)} is"
    if not is_named:
        subject = either("C'est", "It is", language)
    if place is None:
        of = (
            either(f" de {title_link(event)}", f" of {title_link(event)}", language)
            if is_named
            else ""
        )
        return either(f"Le lieu{of} n'est pas précisé.", f"The place{of} is not stated.", language)
    address = bare(event.venue.address or "") if event.venue else ""
    known = f" ({address})" if address and fold(address) not in fold(place) else ""
    if place.endswith(")") and known:
        known = f", {address}"
    away = ""
    if found.distance_km is not None:
        away = f", {phrasing.distance_words(found.distance_km, language)}"
    return f"{subject} {place}{known}{away}."


def _when(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, event = written_language(material), found.event
    moment = phrases.when(found, material.now, language)
    subject = f"{title_link(event)}, c'est" if language == "fr" else f"{title_link(event)} is"
    if not is_named:
        subject = either("C'est", "It is", language)
    until = _end(found, material, language) if moment_asks_end(material.text) else ""
    others = [
        one for one in event.occurrences if one != found.occurrence and one.ends_at > material.now
    ]
    if not others:
        return f"{subject} {moment}{until}."
    dates = [
        phrasing.moment_in_a_sentence(one, event.timezone, now=material.now, language=language)
        for one in sorted(others)[:_MOST_DATES]
    ]
    also = either(", mais aussi ", ", and also ", language) + phrases.joined(dates, language)
    return f"{subject} {moment}{also}."


_ASKS_END = re.compile(r"(?<!\S)(?:finit|termine|fini|jusqu|fin|until|ends?|finish\w*)(?!\S)")


def moment_asks_end(text: str) -> bool:
    """Whether it is the end that is asked for: « jusqu'à quelle heure ? »."""
    return bool(_ASKS_END.search(fold(text)))


def _end(found: FoundEvent, material: Material, language: Language) -> str:
    """« , jusqu'à 22 h » where the moment told the beginning alone."""
    occurrence = found.occurrence
    if (
        occurrence.is_day_known_only
        or phrasing.is_range(occurrence)
        or occurrence.starts_at <= material.now
    ):
        return ""
    zone = ZoneInfo(found.event.timezone)
    end = phrasing.clock(occurrence.ends_at.astimezone(zone), language)
    told = phrases.when(found, material.now, language)
    return "" if end in told else either(f", jusqu'à {end}", f", until {end}", language)


def _duration(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, occurrence = written_language(material), found.occurrence
    link = title_link(found.event) if is_named else either("Cela", "It", language)
    minutes = round((occurrence.ends_at - occurrence.starts_at).total_seconds() / 60)
    if occurrence.is_day_known_only or phrasing.is_range(occurrence) or minutes > 60 * _REAL_HOURS:
        if not is_named:
            return either(
                "La durée n'est pas précisée.", "How long it lasts is not stated.", language
            )
        return either(
            f"La durée de {link} n'est pas précisée.",
            f"How long {link} lasts is not stated.",
            language,
        )
    lasting = phrasing.duration_words(minutes, language)
    return either(f"{link} dure {lasting}.", f"{link} lasts {lasting}.", language)


def _ages(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, link = written_language(material), title_link(found.event)
    of = either(f" pour {link}", f" for {link}", language) if is_named else ""
    ages = phrasing.ages_words(found.event.age_min, found.event.age_max, language)
    if ages is None:
        return either(f"Aucun âge n'est indiqué{of}.", f"No age is given{of}.", language)
    return either(f"Âges conseillés{of} : {ages}.", f"Recommended ages{of}: {ages}.", language)


def _access(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, link = written_language(material), title_link(found.event)
    of = either(f" pour {link}", f" for {link}", language) if is_named else ""
    kinds = phrases.accessibility(found.event.accessibility, language)
    if kinds is None:
        return either(f"Accessibilité non précisée{of} : un appel à l'organisateur vous le dira.",
                      f"Accessibility not stated{of}: a call to the organiser will tell.", language)  # fmt: skip
    return either(
        f"Annoncé par l'organisateur{of} : {kinds}.",
        f"Stated by the organiser{of}: {kinds}.",
        language,
    )


def _places(found: FoundEvent, material: Material, is_named: bool) -> str:
    language, link = written_language(material), title_link(found.event)
    of = either(f" pour {link}", f" for {link}", language) if is_named else ""
    if phrases.is_on(found, material.now):
        return either(f"Rien n'est signalé{of}, mais seul l'organisateur connaît l'état des réservations.",
                      f"Nothing is reported{of}, but only the organiser knows the state of the bookings.", language)  # fmt: skip
    beware = ", ".join(phrases.cautions(found, material.now, language))
    return either(
        f"Voici ce qui est annoncé{of} : {beware}.",
        f"This is what is announced{of}: {beware}.",
        language,
    )
