"""Places said by a number: « dans le 11e », « 69003 », « dans le 26 », « Vienne (38) ». Pure.

Read before dates take their numbers. Enter at `numbered_places`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import CITIES_WITH_ARRONDISSEMENTS, Gazetteer
from puls.geo.names import fold
from puls.language.lexicon import SHORT_WEEKDAY_OF, WEEKDAY_OF, names_a_kind
from puls.understanding.message import Message
from puls.understanding.where.place import (
    FIRM,
    Place,
    numbered,
    place_of_commune,
    place_of_department,
)

_POSTCODE = re.compile(r"(?<!\S)(?:code postal |cp )?(?P<code>\d{5})(?!\S)")
_ARRONDISSEMENT = re.compile(
    r"(?<!\S)(?P<lead>(?:dans|ds|in|vers|sur|pres|proche|autour|cote|hors|sauf|ni|quartier|du cote)(?: (?:du|de|le|les|the))? |(?:du |le |au |the )?)(?P<number>\d{1,2})(?P<suffix>er|e)?"
    r" ?(?P<word>arrondissements?|arrondissement|arrdt|arr|ardt|ardts)?(?: (?:(?:de|d|a|in|of) )?(?P<city>paris|lyon|marseille))?(?!\S)"
)
_CITY_THEN_NUMBER = re.compile(
    r"(?<!\S)(?P<city>paris|lyon|marseille) (?:(?:dans|in|vers) (?:le |the )?|le )?(?P<number>\d{1,2})(?P<suffix>er|e)?(?: (?:arrondissement|arr))?(?!\S)"
)
_NEXT = re.compile(
    r" (?:(?:ou|et|or|and|a|to|ni|,) (?:dans )?(?:le |l |les |the )?)?(?P<number>\d{1,2})(?:er|e)(?!\S)"
)
_IN_DEPARTMENT = re.compile(
    r"(?<!\S)(?P<lead>dans le|ds le|dans l|departement|dept|dpt|dep|le departement du|departement du|en|sur le|vers le|le|du|soiree au|au|partout dans le) (?P<code>\d{2,3}|2 ?[ab]|9 (?:a )?[1-5])(?!\S)"
)
_CODE = r"(?P<code>\d{2,3}|2 ?[ab])(?!\S)"
_FIRST_CODE = re.compile(_CODE)
_NEXT_CODE = re.compile(
    rf" (?P<or>(?:ou|et|or|and|ni) (?:bien )?)?(?:(?:dans |ds |en |vers )?(?:le |l ))?{_CODE}"
)
_BARE_CODES = re.compile(
    r"(?<!\S)(?:\d{2}|2 ?[ab])(?= (?:ou |et |or |and )?(?:\d{2}|2 ?[ab])(?!\S))"
)
_CODE_AFTER_A_KIND = re.compile(
    rf"(?<!\S)(?P<kind>\S+) (?P<code>\d{{2}}|2 ?[ab])(?= (?P<day>(?:{'|'.join(sorted((*WEEKDAY_OF, *SHORT_WEEKDAY_OF)))}|demain|aujourdhui|apresdemain)(?! \d)(?!\S)|(?:(?:ce|cet|cette|le) )?(?:weekend|we|soir|matin|apresmidi|semaine)(?!\S))|$)"
)
"""« brocante 33 dim matin », « vide-grenier 59 »."""
_KINDS_END = frozenset("grenier greniers puces noel".split())
"""How the name of a kind ends: « vide-grenier »."""
_NAMED_BY_NUMBER = frozenset("theatre cinema salle musee galerie centre festival edition".split())
_COUNTED = re.compile(
    r"(?<!\S)(?:pour|for|a|environ|de|du|des|moins|plus|les|le|la|entre|max|maxi|ages?|annees?|ans|ados?|enfants?|filles?|garcons?|fils|petits|sommes|est|ont|salles?|numeros?|\d+(?: (?:ou|et|or))?) $"
)
"""What stands before numbers that count, date or number something else: « années 80 et 90 », « les 30 et 31 »."""
_COUNTED_REACH = 24  # characters
_HINT = re.compile(r"\s*\(\s*(?P<code>\d{2,3}|2[abAB])\s*\)")
_QUANTITY = re.compile(
    r" (?:ans|euros|km|personnes|edition|festival|siecle|century|jours?|h|heures|minutes|min|places?|enfants|adultes|fois|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|week|weeks|weekend|weekends|half|quarter|fortnight|days?|time|part|of|one|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?!\S)"
)
_NUMBERS = {"75056": 20, "69123": 9, "13055": 16}
_LAST_DAY = 31  # « le 26 » is a date before it is the Drôme
_NEARBY_KM = 15.0
_LONGEST_NAME = 8


def numbered_places(
    message: Message,
    gazetteer: Gazetteer,
    *,
    position: Coordinates | None,
    city_codes: tuple[str, ...],
    taken: bytearray,
) -> list[Place]:
    """Postcodes, arrondissements and départements by number; « dans le 9e » is of the city spoken of, else of the visitor's, else of Paris."""
    found: list[Place] = []
    for read in (
        _hinted(message, gazetteer),
        _postcodes(message, gazetteer),
        _arrondissements(message, gazetteer, position, city_codes),
        _departments(message, gazetteer),
    ):
        for place in read:
            if not any(taken[place.first : place.last + 1]):
                taken[place.first : place.last + 1] = b"\1" * (place.last + 1 - place.first)
                found.append(place)
    return found


def _hinted(message: Message, gazetteer: Gazetteer) -> Iterator[Place]:
    """A name followed by its département's number in brackets: « Vienne (38) », « Vienne (86) », « Job (63) »."""
    if "(" not in message.text:
        return
    for at in range(1, len(message)):
        hint = _HINT.match(message.text, message.words[at - 1].end)
        if hint is None:
            continue
        code = hint["code"].upper()
        place = _commune_before(message, at, code, gazetteer) or _department_before(
            message, at, code, gazetteer
        )
        if place is not None:
            yield place


def _commune_before(message: Message, at: int, code: str, gazetteer: Gazetteer) -> Place | None:
    for first in range(max(0, at - _LONGEST_NAME), at):
        name = " ".join(each.said for each in message.words[first:at])
        namesakes = gazetteer.communes_named(name)
        for commune in namesakes:
            if commune.department_code == code:
                place = place_of_commune((commune,), first, at, FIRM)
                return replace(place, label=numbered(commune)) if len(namesakes) > 1 else place
    return None


def _department_before(message: Message, at: int, code: str, gazetteer: Gazetteer) -> Place | None:
    department = gazetteer.department(code)
    name = fold(department.name).split() if department is not None else []
    first = at - len(name)
    if department is None or first < 0 or [each.said for each in message.words[first:at]] != name:
        return None
    return place_of_department(department, first, at, FIRM)


def _postcodes(message: Message, gazetteer: Gazetteer) -> Iterator[Place]:
    for match in _POSTCODE.finditer(message.line):
        communes = gazetteer.communes_of_postcode(match["code"])
        if not communes or _QUANTITY.match(message.line, match.end()):
            continue
        first, last = message.word_range(match.start(), match.end())
        arrondissement = gazetteer.arrondissements.get(match["code"])
        yield Place(
            first=first,
            last=last,
            strength=FIRM,
            label=f"{match['code']} {communes[0].name}",
            postcodes=(match["code"],),
            center=arrondissement.coordinates if arrondissement else communes[0].coordinates,
            within=tuple(each.code for each in communes),
        )


def _departments(message: Message, gazetteer: Gazetteer) -> Iterator[Place]:
    for match in _IN_DEPARTMENT.finditer(message.line):
        code = match["code"].upper().replace("9 A ", "9").replace(" ", "")
        if " " in match["code"] and match["lead"] not in ("dans le", "ds le", "au"):
            continue
        department = gazetteer.department(code)
        is_plain = match["lead"] in ("le", "du", "en", "au")
        is_day = is_plain and code.isdigit() and int(code) <= _LAST_DAY
        if department is None or is_day or _QUANTITY.match(message.line, match.end()):
            continue
        first, last = message.word_range(match.start("code"), match.end())
        yield place_of_department(department, first, last, FIRM)
        yield from _listed_departments(message, gazetteer, match.end())
    for match in _CODE_AFTER_A_KIND.finditer(message.line):
        code, department = match["code"], gazetteer.department(match["code"].upper())
        is_high = not code.isdigit() or int(code) > _LAST_DAY
        at, _ = message.word_range(match.start("code"), match.end("code"))
        is_of_a_kind = (names_a_kind(match["kind"]) or match["kind"] in _KINDS_END) and match[
            "kind"
        ] not in _NAMED_BY_NUMBER
        if department and is_of_a_kind and (is_high or match["day"]) and not message.is_tied(at):
            yield place_of_department(department, at, at, FIRM)
    for match in _BARE_CODES.finditer(message.line):
        if _COUNTED.search(message.line[max(0, match.start() - _COUNTED_REACH) : match.start()]):
            continue
        listed = list(_listed_departments(message, gazetteer, match.start(), is_first=True))
        codes = [code for place in listed for code in place.department_codes]
        if len(codes) > 1 and any(not code.isdigit() or int(code) > _LAST_DAY for code in codes):
            yield from listed


def _listed_departments(
    message: Message, gazetteer: Gazetteer, at: int, *, is_first: bool = False
) -> Iterator[Place]:
    """Départements by number from an offset on: « 72 ou 49 », « (dans le 34) ou le 30 », « 22, 29 ou 56 »; none when a quantity ends the list."""
    places: list[Place] = []
    match = (_FIRST_CODE if is_first else _NEXT_CODE).match(message.line, at)
    while match is not None:
        first, last = message.word_range(match.start("code"), match.end())
        department = gazetteer.department(match["code"].upper().replace(" ", ""))
        is_joined = is_first and not places
        is_joined = is_joined or bool(match["or"]) or _is_listed(message, first)
        if department is None or not is_joined:
            break
        if _QUANTITY.match(message.line, match.end()):
            return
        places.append(place_of_department(department, first, last, FIRM))
        at = match.end()
        match = _NEXT_CODE.match(message.line, at)
    yield from places


def _is_listed(message: Message, at: int) -> bool:
    """« 44, 49 », « 59/62 »."""
    between = message.text[message.words[at - 1].end : message.words[at].start]
    return at > 0 and between.strip() in (",", "/")


def _arrondissements(
    message: Message,
    gazetteer: Gazetteer,
    position: Coordinates | None,
    city_codes: tuple[str, ...],
) -> Iterator[Place]:
    if not any(letter.isdigit() for letter in message.line):
        return
    city = _city(message, gazetteer, position, city_codes)
    for match in _CITY_THEN_NUMBER.finditer(message.line):
        code = CITIES_WITH_ARRONDISSEMENTS[match["city"]]
        if int(match["number"]) <= _NUMBERS[code] and _is_after_city(message, match):
            yield from _listed(message, match, gazetteer, code, int(match["number"]))
    for match in _ARRONDISSEMENT.finditer(message.line):
        code = CITIES_WITH_ARRONDISSEMENTS.get(match["city"] or "", city or "75056")
        if _is_meant(message, match, has_city=city is not None, most=_NUMBERS[code]):
            yield from _listed(message, match, gazetteer, code, int(match["number"]))


def _is_after_city(message: Message, match: re.Match[str]) -> bool:
    """« Paris 13e », « Paris 13 », « Lyon, dans le 3e »; not « à Lyon 20 euros », nor « Lyon le 5 »."""
    if _QUANTITY.match(message.line, match.end()):
        return False
    _, last = message.word_range(match.start(), match.end())
    if match["suffix"] == "er" and " le " in match[0] and "dans" not in match[0]:
        return False  # « à Lyon le 1er » is a date
    return (
        bool(match["suffix"])
        or "dans" in match[0]
        or (match[0].count(" ") == 1 and not message.has_pause_before(last))
    )


def _is_meant(message: Message, match: re.Match[str], *, has_city: bool, most: int) -> bool:
    number, lead = int(match["number"]), match["lead"].strip()
    if not 0 < number <= most or _QUANTITY.match(message.line, match.end()):
        return False
    is_announced = lead.split(" ")[0] in (
        "dans",
        "ds",
        "in",
        "vers",
        "pres",
        "proche",
        "autour",
        "cote",
        "hors",
        "sauf",
        "ni",
        "quartier",
        "sur",
    )
    if match["word"]:
        return True
    if match["suffix"] is None:
        return (
            is_announced
            and has_city
            and lead.split(" ")[0] in ("dans", "ds", "in")
            and number <= _NUMBERS["75056"]
        )
    if number == 1 and not is_announced:  # « le 1er à Lyon » is a date
        return False
    return (
        is_announced
        or bool(match["city"])
        or (
            lead in ("le", "the")
            and has_city
            and message.line[: match.start()].endswith((" ", ""))
            and match["city"] is not None
        )
    )


def _listed(
    message: Message, match: re.Match[str], gazetteer: Gazetteer, city_code: str, number: int
) -> Iterator[Place]:
    """The arrondissement of a match and those listed after it: « dans le 10e ou le 11e »."""
    first, last = message.word_range(match.start("number"), match.end())
    if "lead" in match.re.groupindex:
        first = message.word_range(match.start("number"), match.end("number"))[0]
    else:
        first = message.word_range(match.start(), match.end())[0]
    place = _place(gazetteer, city_code, number, first, last)
    if place is None:
        return
    yield place
    end = match.end()
    while (following := _NEXT.match(message.line, end)) and not _QUANTITY.match(
        message.line, following.end()
    ):
        first, last = message.word_range(following.start("number"), following.end())
        other = _place(gazetteer, city_code, int(following["number"]), first, last)
        if other is None:
            return
        yield other
        end = following.end()


def _place(
    gazetteer: Gazetteer, city_code: str, number: int, first: int, last: int
) -> Place | None:
    arrondissement = gazetteer.arrondissement(city_code, number)
    city = gazetteer.commune(city_code)
    if arrondissement is None or city is None:
        return None
    return Place(
        first=first,
        last=last,
        strength=FIRM,
        label=f"{city.name} {number}{'er' if number == 1 else 'e'}",
        postcodes=arrondissement.postcodes,
        center=arrondissement.coordinates,
        within=(city_code,),
    )


def _city(
    message: Message,
    gazetteer: Gazetteer,
    position: Coordinates | None,
    city_codes: tuple[str, ...],
) -> str | None:
    """The city that an arrondissement alone belongs to: named in the message, spoken of before, or where the visitor is."""
    for name, code in CITIES_WITH_ARRONDISSEMENTS.items():
        if f" {name} " in f" {message.line} ":
            return code
    for code in CITIES_WITH_ARRONDISSEMENTS.values():
        if code in city_codes:
            return code
    if position is None:
        return None
    near = [
        (great_circle_km(city.coordinates, position), code)
        for code in CITIES_WITH_ARRONDISSEMENTS.values()
        if (city := gazetteer.commune(code)) is not None
    ]
    distance, code = min(near)
    return code if distance <= _NEARBY_KM else None
