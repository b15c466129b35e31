"""Names of places in a message.

Communes, départements, régions, areas, with how firmly each is meant. Pure.

A name counts by its context: « à Tours » is firm, « concert tours » is not. Enter at
`named_places`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from puls.geo.areas import ADJECTIVES, AREAS, DEPARTMENT_ADJECTIVES, NICKNAMES, REGION_ALIASES, Area
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Commune, Gazetteer
from puls.geo.names import fold_place
from puls.understanding.place_words import (
    AREA_LEAD,
    FIRM_AREA_LEAD,
    LOOSE_LEADS,
    NOT_LOWER_CASE,
    OF_LEAD,
    ORDINARY_WORDS,
    STREET_LEAD,
    TOWN_LEAD,
    VENUE_NOUN,
)
from puls.understanding.wish import Near
from puls.understanding.words import Message

FIRM, LIKELY, WEAK, BARE = 4, 3, 2, 1
_LONGEST_NAME = 8  # words: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson » has seven
_LEAD_REACH = 40  # characters before a name that can announce it
_TOWN, _BIG_TOWN, _CITY = 2_000, 10_000, 30_000
_HAMLET, _VILLAGE, _KNOWN_TOWN = 150, 500, 4_000
_JOIN_REACH = 4  # words: « ou dans les Vosges »
_SHORTEST_MISSPELT = 5
_OTHERS_WORTH_NAMING = 2_000
_JOINED = re.compile(
    r"(?:^| )(?:ou|et|or|and|y|und|ou bien|et ou)(?: a| au| aux| dans| en| la| le| les| l){0,4}$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was named, between two words of the message."""

    first: int
    last: int
    strength: int
    label: str
    commune_codes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    department_codes: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()
    near: Near | None = None
    center: Coordinates | None = None
    population: int = 0
    is_wide: bool = False  # an area is not a centre for « à 10 km de »
    is_joined: bool = False
    others: tuple[Commune, ...] = ()
    department_of_commune: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands before a name."""

    before: str
    is_capitalised: bool
    is_firm_town: bool
    is_loose_town: bool
    is_area: bool
    is_firm_area: bool
    is_of: bool
    is_joined: bool
    language: str


def arrondissement_place(
    message: Message, match: re.Match[str], gazetteer: Gazetteer, city_code: str, number: int
) -> Place | None:
    """« dans le 11e », « Lyon 7e »."""
    arrondissement = gazetteer.arrondissement(city_code, number)
    city = gazetteer.commune(city_code)
    if arrondissement is None or city is None:
        return None
    first, last = message.word_range(match.start(), match.end())
    label = f"{city.name} {number}{'er' if number == 1 else 'e'}"
    return Place(
        first,
        last,
        FIRM,
        label,
        postcodes=arrondissement.postcodes,
        center=arrondissement.coordinates,
    )


def named_places(
    message: Message, gazetteer: Gazetteer, *, near: Coordinates | None = None, language: str = "fr"
) -> list[Place]:
    """Every place named, claimed; the weaker ones only when nothing firmer is there."""
    places = _scan(message, gazetteer, near, language)
    if not places:
        places = _misspelt(message, gazetteer, language)
    places += _adjectives(message, gazetteer)
    strongest = max((place.strength for place in places), default=0)
    for place in places:
        if place.strength == strongest:
            is_kept = place.strength == WEAK and bool(place.commune_codes)
            message.claim_words(place.first, place.last, "where", keep=is_kept)
    return [place for place in places if place.strength == strongest]


def _scan(
    message: Message, gazetteer: Gazetteer, near: Coordinates | None, language: str
) -> list[Place]:
    places: list[Place] = []
    at = 0
    count = len(message.words)
    while at < count:
        place = _place_at(
            message, at, gazetteer, near, language, after=places[-1] if places else None
        )
        if place is None:
            at += 1
        else:
            places.append(place)
            at = place.last + 1
    return places


def _place_at(
    message: Message,
    at: int,
    gazetteer: Gazetteer,
    near: Coordinates | None,
    language: str,
    *,
    after: Place | None,
) -> Place | None:
    free = 0
    while free < _LONGEST_NAME and at + free < len(message.words) and message.is_free(at + free):
        free += 1
    if not free or not message.words[at].folded[0].isalpha():
        return None
    context = _context(message, at, after, language)
    hyphenated = _hyphenated(message, at, free)
    for length in range(free, 0, -1):
        if length < hyphenated and (
            like := _spelt_like(message, context, gazetteer, at, hyphenated)
        ):
            return like
        words = [word.folded for word in message.words[at : at + length]]
        name = fold_place(" ".join(words))
        place = (
            _area(name, context, gazetteer, at, at + length - 1)
            or _department(name, context, gazetteer, at, at + length - 1)
            or _commune(message, name, context, gazetteer, near, at, at + length - 1)
        )
        if place is not None and after is not None and context.is_joined:
            return replace(place, is_joined=True, strength=after.strength)
        if place is not None:
            return place
    return None


def _hyphenated(message: Message, at: int, free: int) -> int:
    """How many words from `at` are tied by hyphens: « Gif-sur-Yvete » is one name."""
    length = 1
    while (
        length < free
        and message.text[message.words[at + length - 1].end : message.words[at + length].start]
        == "-"
    ):
        length += 1
    return length


def _spelt_like(
    message: Message, context: _Context, gazetteer: Gazetteer, at: int, length: int
) -> Place | None:
    """A hyphenated name with a slip in it, after a word that announces a town."""
    name = " ".join(word.folded for word in message.words[at : at + length])
    if not (context.is_firm_town or context.is_loose_town) or gazetteer.is_a_name(name):
        return None
    like = gazetteer.communes_spelt_like(name)
    return _place_of_commune(like, at, at + length - 1, LIKELY) if like else None


def _context(message: Message, at: int, after: Place | None, language: str) -> _Context:
    end = message.offset(at)
    before = message.folded[max(0, end - _LEAD_REACH) : end].rstrip()
    is_street = bool(STREET_LEAD.search(before))
    town = TOWN_LEAD.search(before)
    is_loose = town is not None and town[0].split()[0] in LOOSE_LEADS
    is_joined = after is not None and (
        (at - after.last <= _JOIN_REACH and bool(_JOINED.search(before)))
        or (at == after.last + 1 and _comma_before(message, at))
    )
    return _Context(
        before=before,
        is_capitalised=message.is_capitalised(at),
        is_firm_town=town is not None and not is_loose and not is_street,
        is_loose_town=is_loose and not is_street,
        is_area=bool(AREA_LEAD.search(before)) and not is_street,
        is_firm_area=bool(FIRM_AREA_LEAD.search(before)),
        is_of=bool(OF_LEAD.search(before)) and not is_street,
        is_joined=is_joined,
        language=language,
    )


def _comma_before(message: Message, at: int) -> bool:
    return "," in message.text[message.words[at - 1].end : message.words[at].start]


def _area(
    name: str, context: _Context, gazetteer: Gazetteer, first: int, last: int
) -> Place | None:
    area = AREAS.get(name)
    region = gazetteer.region(REGION_ALIASES.get(name, ""))
    is_long = " " in name
    if not (
        context.is_area
        or context.is_joined
        or (is_long and name != "la defense")
        or (first == 0 and context.is_capitalised)
    ):
        return None
    strength = FIRM if context.is_firm_area or is_long else LIKELY
    if region is not None:
        return Place(first, last, strength, region.name, region_codes=(region.code,), is_wide=True)
    return _place_of_area(area, first, last, strength) if area else None


def _place_of_area(area: Area, first: int, last: int, strength: int) -> Place:
    near = Near(center=area.center, radius_km=area.radius_km) if area.center else None
    return Place(
        first,
        last,
        strength,
        area.label,
        postcodes=area.postcodes,
        department_codes=area.department_codes,
        near=near,
        center=area.center,
        is_wide=True,
    )


def _department(  # noqa: PLR0911 - one return per rule
    name: str, context: _Context, gazetteer: Gazetteer, first: int, last: int
) -> Place | None:
    region = gazetteer.region_named(name)
    department = gazetteer.department_named(name)
    is_long = " " in name
    if name == "paris":
        return None
    if name == "nord" and (not context.is_capitalised or not context.is_firm_area):
        return None
    if region is None and department is None:
        return None
    leads = (
        context.is_firm_area
        or context.is_joined
        or (context.is_area and (context.is_of or context.is_capitalised))
    )
    is_town_too = any(each.population >= _TOWN for each in gazetteer.communes_named(name))
    if is_town_too and not context.is_firm_area:
        return None
    if (
        not leads
        and not (is_long and name not in ORDINARY_WORDS)
        and not (first == 0 and context.is_capitalised)
    ):
        return None
    strength = FIRM if context.is_firm_area or is_long or context.is_joined else LIKELY
    if region is not None and not (
        department and name in ("mayotte", "la reunion", "guadeloupe", "martinique", "guyane")
    ):
        return Place(first, last, strength, region.name, region_codes=(region.code,), is_wide=True)
    assert department is not None
    return Place(
        first, last, strength, department.name, department_codes=(department.code,), is_wide=True
    )


def _commune(  # noqa: PLR0917 - internal, always in this order
    message: Message,
    name: str,
    context: _Context,
    gazetteer: Gazetteer,
    near: Coordinates | None,
    first: int,
    last: int,
) -> Place | None:
    communes = _communes(message, name, context, gazetteer, first)
    if not communes:
        return None
    strength = _strength(message, name, context, communes[0], first, last)
    if strength is None:
        return None
    ranked = gazetteer.nearest(communes, near)
    return _place_of_commune(ranked, first, last, strength)


def _communes(
    message: Message, name: str, context: _Context, gazetteer: Gazetteer, first: int
) -> Sequence[Commune]:
    if code := NICKNAMES.get(name):
        is_nickname = name != "sainte" or message.text[
            message.words[first].start : message.words[first].end
        ].endswith("é")
        commune = gazetteer.commune(code)
        if (
            commune
            and is_nickname
            and (context.is_firm_town or context.is_loose_town or context.is_joined or first == 0)
        ):
            return (commune,)
    found = gazetteer.communes_named(name)
    if (not found and context.before.endswith((" au", " du"))) or context.before in ("au", "du"):
        found = gazetteer.communes_named("le " + name) or found
    elif not found and (
        context.before.endswith((" aux", " des")) or context.before in ("aux", "des")
    ):
        found = gazetteer.communes_named("les " + name)
    return found


def _strength(  # noqa: PLR0911, PLR0917 - one return per rule
    message: Message, name: str, context: _Context, commune: Commune, first: int, last: int
) -> int | None:
    """How firmly the words mean this commune; None when they likely mean something else."""
    is_long = last > first
    is_ordinary = name in ORDINARY_WORDS
    is_capitalised = context.is_capitalised and (first > 0 or is_long or not is_ordinary)
    population = commune.population
    if context.is_firm_town or context.is_joined:
        return _firm_strength(
            message, name, context, population, first, is_ordinary=is_ordinary, is_long=is_long
        )
    if context.is_loose_town or (context.before.endswith("en") and context.language != "fr"):
        is_enough = population >= _BIG_TOWN and not is_ordinary
        return FIRM if is_enough or (is_long and is_capitalised and population >= _TOWN) else None
    if context.is_of:
        if is_ordinary and not (
            is_capitalised and population >= _BIG_TOWN and context.language != "en"
        ):
            return None
        return (
            WEAK
            if (is_capitalised and (population >= _VILLAGE or is_long)) or population >= _CITY
            else None
        )
    if STREET_FREE.search(context.before) is None or is_ordinary:
        return BARE if is_ordinary and len(message.words) == 1 else None
    if len(message.words) <= last - first + 2:
        return LIKELY if population >= _HAMLET else None
    if (
        population >= _CITY
        or (is_capitalised and population >= _BIG_TOWN)
        or (is_long and population >= _TOWN)
    ):
        return BARE
    return None


# A name right after « de », an article or a street is not bare: it belongs to something.
STREET_FREE = re.compile(
    r"^(?!.*(?:^| )(?:de|d|du|des|la|le|les|l|the|a|un|une|saint|sainte|rue|avenue|place|gare|"
    r"quai|boulevard|pont|porte)$)"
)


def _firm_strength(
    message: Message,
    name: str,
    context: _Context,
    population: int,
    first: int,
    *,
    is_ordinary: bool,
    is_long: bool,
) -> int | None:
    written = message.text[message.words[first].start : message.words[first].end]
    is_accented_lead = first > 0 and message.text[
        message.words[first - 1].start : message.words[first - 1].end
    ] in ("à", "À")
    is_verb = (
        written.islower() and NOT_LOWER_CASE.fullmatch(name) is not None and population < _BIG_TOWN
    )
    if context.is_capitalised:
        is_indefinite = context.language == "en" and context.before.endswith(" a")
        return (
            None
            if is_indefinite or (len(name) <= 1 and not is_accented_lead and population < _HAMLET)
            else FIRM
        )
    if context.before.endswith("a") and context.language == "en":
        return None
    if is_verb or (
        is_ordinary
        and not (population >= _KNOWN_TOWN and context.before.split()[-1] in ("a", "vers"))
    ):
        return None
    return FIRM if is_long or population >= _HAMLET else None


def _place_of_commune(ranked: Sequence[Commune], first: int, last: int, strength: int) -> Place:
    best = ranked[0]
    floor = max(_OTHERS_WORTH_NAMING, best.population // 20)
    others = tuple(each for each in ranked[1:] if each.population >= floor)
    return Place(
        first, last, strength, best.name, commune_codes=(best.code,), center=best.coordinates,
        population=best.population, others=others, department_of_commune=best.department_code,
    )  # fmt: skip


def _misspelt(message: Message, gazetteer: Gazetteer, language: str) -> list[Place]:
    """« a monpellier », « gif sur yvete »: tried only when no name was found."""
    for at, word in enumerate(message.words):
        if (
            not message.is_free(at)
            or len(word.folded) < _SHORTEST_MISSPELT
            or word.folded in ORDINARY_WORDS
            or not word.folded.isalpha()
        ):
            continue
        context = _context(message, at, None, language)
        if not context.is_firm_town and not (context.is_loose_town and context.is_capitalised):
            continue
        for length in (4, 3, 2, 1):
            if at + length > len(message.words) or not all(
                message.is_free(at + step) for step in range(length)
            ):
                continue
            name = " ".join(each.folded for each in message.words[at : at + length])
            is_sure = length > 1 or context.is_capitalised
            population = _TOWN if is_sure else _BIG_TOWN * 2
            like = gazetteer.communes_spelt_like(name, population=population) or (
                gazetteer.communes_called(name) if context.is_capitalised else ()
            )
            is_verb = length == 1 and NOT_LOWER_CASE.fullmatch(name) and not context.is_capitalised
            if like and not (is_verb and like[0].population < _CITY):
                return [_place_of_commune(like, at, at + length - 1, LIKELY)]
    return []


_PLACE_NOUN = re.compile(rf"(?<!\S){VENUE_NOUN}(?: \S+)?$")
_ENDINGS = ("", "e", "s", "es", "ne", "nes", "te", "tes")


def _adjectives(message: Message, gazetteer: Gazetteer) -> list[Place]:
    """« une petite salle parisienne », « le vignoble alsacien »."""
    found = []
    for at, word in enumerate(message.words):
        stem = next(
            (stem for ending in _ENDINGS if (stem := word.folded.removesuffix(ending)) in _STEMS),
            None,
        )
        before = message.folded[: message.offset(at)].rstrip()[-_LEAD_REACH:]
        if stem is None or not message.is_free(at) or not _PLACE_NOUN.search(before):
            continue
        if commune := gazetteer.commune(ADJECTIVES.get(stem, "")):
            found.append(_place_of_commune((commune,), at, at, LIKELY))
        else:
            codes = tuple(DEPARTMENT_ADJECTIVES[stem].split())
            names = [each.name for code in codes if (each := gazetteer.department(code))]
            label = names[0] if len(names) == 1 else stem.capitalize()
            found.append(Place(at, at, LIKELY, label, department_codes=codes, is_wide=True))
    return found


_STEMS = ADJECTIVES.keys() | DEPARTMENT_ADJECTIVES.keys()
