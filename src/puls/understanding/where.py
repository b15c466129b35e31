"""Where: the words of a message that name places, as one typed area. Pure.

Numbers first (« dans le 11e », « 69003 », « dans le 26 »), then names from the gazetteer, the
firmest context winning; then the circle around them (« à 15 km de », « vers »). Enter at
`read_where`. Which homonym was taken is said in a notice, with the others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.understanding.place_names import Place, arrondissement_place, named_places
from puls.understanding.place_words import AND_AROUND, NEAR_WORDS
from puls.understanding.wish import Near, Where
from puls.understanding.words import Message

_USUAL_RADIUS_KM = 20.0
_WALKING_KM_PER_HOUR, _CYCLING_KM_PER_HOUR, _DRIVING_KM_PER_HOUR, _TRANSIT_KM_PER_HOUR = (
    4.5,
    15.0,
    50.0,
    25.0,
)
_CITIES_WITH_ARRONDISSEMENTS = {"paris": "75056", "lyon": "69123", "marseille": "13055"}
_KM_PER_MILE = 1.609

_NO_MATTER = re.compile(
    r"(?<!\S)(?:(?:peu importe|n importe|qu importe|whatever)(?: pour)?(?: le| la| l| les| quel|"
    r" quelle| the)? (?:lieux?|endroits?|villes?|ou|place|where)"
    r"|n importe ou|partout(?: en france)?|toute la france|(?:en|dans toute la|across|"
    r"in) france(?: entiere)?|anywhere|everywhere)(?!\S)"
)
_DISTANCE = re.compile(
    r"(?<!\S)(?:(?:a |dans |sur |within |up to |environ |jusqu a |around |"
    r"en ){0,4}(?:un rayon de |une distance de |a radius of )?(?:moins (?:de|d) |max(?:imum)? |"
    r"maxi |plus ou moins |about |less than |maximum )?)"
    r"(?P<number>\d{1,3}(?:\.\d+)?) ?(?P<unit>km|kms|kilometres?|kilometers?|bornes|miles?|metres|"
    r"m)(?! ?h)"
    r"(?: max(?:imum)?| maxi| a la ronde| environ| grand max(?:imum)?| radius|"
    r" au plus)?(?: autour)?(?!\S)"
)
_TRAVEL = re.compile(
    r"(?<!\S)(?:a |within |en )?(?:moins (?:de|d) |environ |max(?:imum)? )?(?P<number>\d{1,3}|une|"
    r"un quart d|une demi) ?(?P<unit>min|mn|minutes?|h|heures?|hour) "
    r"(?P<means>a pied|de marche|en marchant|walk|walking|a velo|en velo|by bike|en voiture|"
    r"de route|de voiture|drive|by car|en transports?|en metro|en train|en bus|en tram|"
    r"de transport)?"
    r"(?= |$)(?:(?<= )|(?= (?:de|d|du|from|autour)(?: |$))|(?=$)|)"
)
_NEAR_ME = re.compile(
    r"(?<!\S)(?P<how>tout pres|a deux pas|juste a cote|pas (?:trop |tres )?loin|a cote|pres|"
    r"proche|autour|aux alentours|a proximite|non loin|around|near|close to|cerca|in der nahe|"
    r"nearby)"
    r"(?: (?:de|d))?(?: (?:chez moi|chez nous|moi|nous|ici|ma position|mon domicile|la maison|me|"
    r"here|us|my place|mi|mir))(?!\S)"
    r"|(?<!\S)(?P<plain>dans (?:le coin|mon coin|mon quartier|le quartier|ma ville|les environs|"
    r"les parages|ma region)|par ici|par chez moi|chez moi|nearby|a proximite|aux alentours|"
    r"(?:dans )?les parages|in my area|in der nahe|around here|le plus pres)(?! (?:de|d|du|des|"
    r"of))(?!\S)"
)
_POSTCODE = re.compile(r"(?<!\S)(?:code postal |cp )?(?P<code>\d{5})(?!\S)")
_ARRONDISSEMENT = re.compile(
    r"(?<!\S)(?:(?:dans|ds|in) (?:le |les |the )?|du |le |sur le |vers le )?(?P<number>\d{1,2}|"
    r"premier|deuxieme|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme|"
    r"onzieme|douzieme|treizieme|quatorzieme|quinzieme|seizieme|dix septieme|dix huitieme|"
    r"dix neuvieme|vingtieme) ?(?P<suffix>er|e|eme|ieme|nd|st|rd|th)?"
    r" ?(?P<word>arrondissements?|arrdt|arr|ardt)?(?: (?:de |d |a |in |of )?(?P<city>paris|lyon|"
    r"marseille))?(?!\S)"
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme "  # noqa: SIM905 - a list of words reads better as prose
        "dixieme onzieme douzieme treizieme "
        "quatorzieme quinzieme seizieme".split(),
        start=1,
    )
} | {"dix septieme": 17, "dix huitieme": 18, "dix neuvieme": 19, "vingtieme": 20}
_CITY_THEN_NUMBER = re.compile(
    r"(?<!\S)(?P<city>paris|lyon|marseille) (?:(?:dans|in) le )?(?P<number>\d{1,2}) ?(?:er|e|eme|"
    r"ieme)?(?: arrondissement| arr)?(?!\S)"
)
_IN_DEPARTMENT = re.compile(
    r"(?<!\S)(?:(?P<lead>dans le|ds le|dans l|departement|dept|dpt|dep|le departement du|"
    r"departement du|en|sur le|vers le|le|du) )(?P<code>\d{2,3}|2[ab])(?!\S)"
)
_NUMBERS_OF_PARIS = 20


@dataclass(frozen=True, slots=True)
class WhereRead:
    """The area asked for; `is_free` when the visitor says that the place does not matter."""

    where: Where | None = None
    notices: tuple[str, ...] = ()
    is_free: bool = False


def claim_numbered_places(
    message: Message, gazetteer: Gazetteer, previous: Where | None = None
) -> list[Place]:
    """Postcodes, arrondissements and départements by number, before dates take their numbers."""
    places: list[Place] = []
    for match in message.find(_POSTCODE):
        communes = gazetteer.communes_of_postcode(match["code"])
        if communes:
            first, last = message.word_range(match.start(), match.end())
            label = f"{match['code']} {communes[0].name}"
            arrondissement = gazetteer.arrondissements.get(match["code"])
            center = arrondissement.coordinates if arrondissement else communes[0].coordinates
            places.append(Place(first, last, 4, label, postcodes=(match["code"],), center=center))
            message.claim(match, "where")
    places += _claim_arrondissements(message, gazetteer, previous)
    for match in message.find(_IN_DEPARTMENT):
        department = gazetteer.department(match["code"].upper())
        is_plain = match["lead"] in ("le", "du", "en")
        if (
            department
            and not (
                is_plain
                and int(match["code"][0:1] or 0) < 4  # noqa: PLR2004 - the number says itself
                and match["code"].isdigit()
                and int(match["code"]) <= 31  # noqa: PLR2004 - the number says itself
            )
            and message.is_open(match)
        ):
            first, last = message.word_range(match.start(), match.end())
            places.append(
                Place(
                    first,
                    last,
                    4,
                    department.name,
                    department_codes=(department.code,),
                    is_wide=True,
                )
            )
            message.claim(match, "where")
    return places


def read_where(
    message: Message,
    *,
    gazetteer: Gazetteer,
    numbered: Sequence[Place] | None = None,
    position: Coordinates | None = None,
    previous: Where | None = None,
    language: str = "fr",
) -> WhereRead:
    """Read and claim the words about places.

    `previous` says which city « dans le 9e » belongs to.
    """
    if free := message.find(_NO_MATTER):
        message.claim(free[0], "where")
        return WhereRead(is_free=True)
    radius = _claim_radius(message)
    near_me = _claim_near_me(message)
    anchor = position or (previous.near.center if previous and previous.near else None)
    places = [
        *(claim_numbered_places(message, gazetteer, previous) if numbered is None else numbered),
        *named_places(message, gazetteer, near=anchor, language=language),
    ]
    chosen = _best(places)
    if not chosen:
        return _around_position(near_me, radius, position)
    notices = tuple(_homonym_notice(place) for place in chosen if place.others)
    between = _between(message, chosen)
    if between is not None:
        return WhereRead(between, notices)
    if radius is None:
        radius = near_me
    if radius is None:
        radius = _radius_from_words(message, chosen[0])
    center = chosen[0].center
    if radius is not None and center is not None and len(chosen) == 1 and not chosen[0].is_wide:
        near = Near(center=center, radius_km=radius)
        return WhereRead(Where(label=f"{chosen[0].label} ({radius:g} km)", near=near), notices)
    return WhereRead(_union(chosen), notices)


def _claim_radius(message: Message) -> float | None:
    for match in message.find(_DISTANCE):
        number, unit = float(match["number"]), match["unit"]
        message.claim(match, "where")
        if unit.startswith("mi"):
            return number * _KM_PER_MILE
        return number / 1000 if unit in ("m", "metres") else number
    for match in message.find(_TRAVEL):
        means = match["means"] or ""
        follows = message.open[match.end() :].lstrip()
        if not means and not follows.startswith(("de ", "d ", "du ", "from ", "autour ")):
            continue
        minutes = (
            float(match["number"])
            if match["number"].isdigit()
            else 30.0
            if "demi" in match["number"]
            else 60.0
        )
        minutes *= 60 if match["unit"].startswith("h") else 1
        message.claim(match, "where")
        return round(max(0.5, minutes / 60 * _speed(means)), 1)
    return None


def _speed(means: str) -> float:
    if "pied" in means or "march" in means or "walk" in means:
        return _WALKING_KM_PER_HOUR
    if "velo" in means or "bike" in means:
        return _CYCLING_KM_PER_HOUR
    if any(word in means for word in ("transport", "metro", "train", "bus", "tram")):
        return _TRANSIT_KM_PER_HOUR
    return _DRIVING_KM_PER_HOUR


def _claim_near_me(message: Message) -> float | None:
    """The radius that « près de moi » means; None when it is not said."""
    for match in message.find(_NEAR_ME):
        message.claim(match, "where")
        how = match["how"] or ""
        if how in ("tout pres", "a deux pas", "juste a cote"):
            return 5.0
        return 12.0 if "loin" in how else 10.0 if how == "a cote" else _USUAL_RADIUS_KM
    return None


def _around_position(
    near_me: float | None, radius: float | None, position: Coordinates | None
) -> WhereRead:
    if near_me is None and radius is None:
        return WhereRead()
    if position is None:
        notice = "Partagez votre position ou nommez une ville pour chercher près de vous."
        return WhereRead(notices=(notice,))
    reach = radius if radius is not None else near_me or _USUAL_RADIUS_KM
    return WhereRead(
        Where(label=f"près de vous ({reach:g} km)", near=Near(center=position, radius_km=reach))
    )


def _claim_arrondissements(
    message: Message, gazetteer: Gazetteer, previous: Where | None
) -> list[Place]:
    city = _city_with_arrondissements(message, previous)
    places: list[Place] = []
    for match in message.find(_CITY_THEN_NUMBER):
        place = arrondissement_place(
            message,
            match,
            gazetteer,
            _CITIES_WITH_ARRONDISSEMENTS[match["city"]],
            int(match["number"]),
        )
        if place and not _is_quantity(message, match.end()):
            places.append(place)
            message.claim(match, "where")
    for match in message.find(_ARRONDISSEMENT):
        leads_in = match[0].startswith(("dans", "ds", "in ", "sur le", "vers le"))
        number = _ORDINALS.get(match["number"]) or (
            int(match["number"]) if match["number"].isdigit() else 0
        )
        has_word = match["word"] or match["city"]
        is_ordinal = bool(match["suffix"]) or not match["number"].isdigit()
        is_bare_number = (
            leads_in and not is_ordinal and city is not None and number <= _NUMBERS_OF_PARIS
        )
        if not (has_word and is_ordinal) and not (leads_in and is_ordinal) and not is_bare_number:
            continue
        code = _CITIES_WITH_ARRONDISSEMENTS.get(match["city"] or "", city or "75056")
        place = arrondissement_place(message, match, gazetteer, code, number)
        if place and message.is_open(match) and not _is_quantity(message, match.end()):
            places.append(place)
            message.claim(match, "where")
    if places:
        for match in message.find(
            re.compile(r"(?<!\S)(?:(?:a|de|in) )?(?:paris|lyon|marseille)(?!\S)")
        ):
            message.claim(match, "where")
    return places


def _is_quantity(message: Message, end: int) -> bool:
    return bool(
        re.match(
            r" (?:ans|euros|km|personnes|edition|festival|siecle|century|jours?|h)(?!\S)",
            message.open[end:],
        )
    )


def _city_with_arrondissements(message: Message, previous: Where | None) -> str | None:
    for name, code in _CITIES_WITH_ARRONDISSEMENTS.items():
        if re.search(rf"(?<!\S){name}(?!\S)", message.folded):
            return code
    if previous:
        codes = (*previous.commune_codes, *previous.postcodes)
        for code in _CITIES_WITH_ARRONDISSEMENTS.values():
            if code in codes or any(postcode[:2] == code[:2] for postcode in previous.postcodes):
                return code
    return None


def _best(places: list[Place]) -> list[Place]:
    """The places of the firmest context.

    Several only when they stand side by side (« à Lyon ou à Villeurbanne »).
    """
    if not places:
        return []
    strength = max(place.strength for place in places)
    firm = sorted(
        (place for place in places if place.strength == strength), key=lambda place: place.first
    )
    groups: list[list[Place]] = []
    for place in firm:
        if groups and (place.is_joined or place.first - groups[-1][-1].last <= 1):
            groups[-1].append(place)
        else:
            groups.append([place])
    return max(groups, key=lambda group: (max(place.population for place in group), len(group)))


def _union(places: list[Place]) -> Where:
    return Where(
        label=" ou ".join(dict.fromkeys(place.label for place in places)),
        commune_codes=tuple(
            dict.fromkeys(code for place in places for code in place.commune_codes)
        ),
        postcodes=tuple(dict.fromkeys(code for place in places for code in place.postcodes)),
        department_codes=tuple(
            dict.fromkeys(code for place in places for code in place.department_codes)
        ),
        region_codes=tuple(dict.fromkeys(code for place in places for code in place.region_codes)),
        near=next((place.near for place in places if place.near), None),
    )


def _radius_from_words(message: Message, place: Place) -> float | None:
    before = message.folded[: message.offset(place.first)]
    tail = before[-48:]
    for pattern, radius in NEAR_WORDS:
        if match := pattern.search(tail):
            first, last = message.word_range(len(before) - len(tail) + match.start(), len(before))
            message.claim_words(first, min(last, place.first - 1), "where")
            return radius
    end = message.offset(place.last) + len(message.words[place.last].folded)
    if after := AND_AROUND.match(message.open, end):
        first, last = message.word_range(after.start() + 1, after.end())
        message.claim_words(first, last, "where")
        return _USUAL_RADIUS_KM
    return None


def _between(message: Message, places: list[Place]) -> Where | None:
    """« entre Valence et Crest »: the circle that holds both and what lies between."""
    if len(places) != 2 or not all(place.center for place in places):  # noqa: PLR2004 - the number says itself
        return None
    first, second = places
    before = message.folded[: message.offset(first.first)].rstrip()
    if not before.endswith(("entre", "between")) or first.center is None or second.center is None:
        return None
    a, b = first.center, second.center
    middle = Coordinates((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)
    reach = round(great_circle_km(a, b) / 2 + 5)
    message.claim_words(first.first - 1, second.last, "where")
    return Where(
        label=f"entre {first.label} et {second.label}",
        near=Near(center=middle, radius_km=float(reach)),
    )


def _homonym_notice(place: Place) -> str:
    others = ", ".join(
        f"{commune.name} ({commune.department_code})" for commune in place.others[:3]
    )
    return f"{place.label} ({place.department_of_commune}) retenu ; il y a aussi {others}."
