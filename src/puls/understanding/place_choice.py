"""Of all the places a message names, those that are meant. Pure.

A wider place tells which namesake is meant (« Valence, Tarn-et-Garonne »), a quarter stands for its
town, the firmest context wins. Enter at `chosen_places`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from puls.geo.distance import great_circle_km
from puls.geo.gazetteer import Commune, Gazetteer
from puls.geo.names import fold
from puls.understanding.named_place import LIKELY, WEAK, Place, retaken
from puls.understanding.place_words import AFTER_TOWN, TOWN_PHRASE
from puls.understanding.words import Message

_BETWEEN_REACH = 4  # words: « Valence, dans le Tarn-et-Garonne »
_PHRASE_REACH = 48  # characters
_BETWEEN = frozenset("dans en a au aux la le les l de d du des sur departement region pres".split())  # noqa: SIM905 - a list of words reads better as prose


def chosen_places(message: Message, gazetteer: Gazetteer, places: Iterable[Place]) -> list[Place]:
    """The places meant, claimed; several only when they stand side by side."""
    named = sorted(places, key=lambda place: place.first)
    told = _without_towns_of_quarters(message, _told_apart(message, gazetteer, named))
    strongest = max((place.strength for place in told), default=0)
    firm = [place for place in told if place.strength == strongest]
    for place in firm:
        _claim(message, place)
    return _side_by_side(firm)


def _claim(message: Message, place: Place) -> None:
    is_kept = place.strength == WEAK and bool(place.commune_codes)
    message.claim_words(place.first, place.last, "where", keep=is_kept)
    if is_kept:
        return
    start = message.offset(place.first)
    tail = message.open[max(0, start - _PHRASE_REACH) : start]
    if place.strength >= LIKELY and (phrase := TOWN_PHRASE.search(tail)):
        first, _ = message.word_range(start - len(tail) + phrase.start(), start)
        message.claim_words(first, place.first - 1, "where")
    end = message.offset(place.last) + len(message.words[place.last].folded)
    if after := AFTER_TOWN.match(message.open, end):
        first, last = message.word_range(after.start() + 1, after.end())
        message.claim_words(first, last, "where")


def _told_apart(message: Message, gazetteer: Gazetteer, places: Sequence[Place]) -> list[Place]:
    """Namesakes told apart by the wider place named right after them."""
    told: list[Place] = []
    for place in places:
        before = told[-1] if told else None
        if before is not None and place.is_wide and _is_qualifier(message, before, place):
            inside = _inside(before, place, gazetteer)
            if inside:
                last = max(before.last, place.last)
                strength = max(before.strength, place.strength)
                told[-1] = replace(retaken(before, inside, last), strength=strength)
                continue
            if _is_same_name(before, place, gazetteer):
                told[-1] = replace(place, first=before.first)
                continue
        told.append(place)
    return told


def _is_qualifier(message: Message, town: Place, wider: Place) -> bool:
    between = range(town.last + 1, wider.first)
    return (
        bool(town.candidates)
        and len(between) <= _BETWEEN_REACH
        and all(message.words[at].folded in _BETWEEN for at in between)
    )


def _inside(town: Place, wider: Place, gazetteer: Gazetteer) -> Sequence[Commune]:
    """The communes of the name that lie in the wider place; failing them, those it is short for."""
    named = [each for each in town.candidates if _lies_in(each, wider)]
    if named or not (wider.department_codes or wider.region_codes):
        return named
    name = town.candidates[0].name
    return [each for each in gazetteer.communes_called(name, population=0) if _lies_in(each, wider)]


def _lies_in(commune: Commune, wider: Place) -> bool:
    return (
        commune.department_code in wider.department_codes
        or commune.region_code in wider.region_codes
        or (
            wider.near is not None
            and great_circle_km(commune.coordinates, wider.near.center) <= wider.near.radius_km
        )
    )


def _is_same_name(town: Place, wider: Place, gazetteer: Gazetteer) -> bool:
    """« Vienne (86) »: the département itself."""
    departments = (gazetteer.department(code) for code in wider.department_codes)
    names = {fold(each.name) for each in departments if each is not None}
    return fold(town.candidates[0].name) in names


def _without_towns_of_quarters(message: Message, places: Sequence[Place]) -> list[Place]:
    """« à la Croix-Rousse, Lyon » is the quarter; « Belleville » beside another town is not Paris's.

    The town that a quarter stands for is claimed.
    """
    quarters = [place for place in places if place.within]
    if not quarters:
        return list(places)
    towns = [place for place in places if place.commune_codes and place.strength >= LIKELY]
    kept = []
    for place in places:
        if place.within:
            is_elsewhere = place.area is not None and any(
                not set(town.commune_codes) & set(place.within) and not _is_joined(town, place)
                for town in towns
            )
            if not is_elsewhere:
                kept.append(place)
        elif not any(set(place.commune_codes) & set(each.within) for each in quarters):
            kept.append(place)
        else:
            message.claim_words(place.first, place.last, "where")
    return _firm_quarters(kept, places)


def _firm_quarters(kept: Sequence[Place], places: Sequence[Place]) -> list[Place]:
    """A quarter is as firm as the town it stands for."""
    firmest = max((place.strength for place in places), default=0)
    return [replace(each, strength=firmest) if each.area and each.within else each for each in kept]


def _is_joined(a: Place, b: Place) -> bool:
    return a.is_joined or b.is_joined


def _side_by_side(firm: Sequence[Place]) -> list[Place]:
    """The group of places that stand together: « à Lyon ou à Villeurbanne ».

    The most populated, then the largest group, when there are several.
    """
    groups: list[list[Place]] = []
    for place in firm:
        if groups and (place.is_joined or place.first - groups[-1][-1].last <= 1):
            groups[-1].append(place)
        else:
            groups.append([place])
    return max(
        groups,
        key=lambda group: (max(place.population for place in group), len(group)),
        default=[],
    )
