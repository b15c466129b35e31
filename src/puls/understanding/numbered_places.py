"""Places said by a number: « dans le 11e », « 69003 », « dans le 26 ». Pure.

Claimed before dates take their numbers. Enter at `numbered_places`.
"""

import re
from dataclasses import replace

from puls.geo.gazetteer import CITIES_WITH_ARRONDISSEMENTS, Gazetteer
from puls.geo.names import fold
from puls.understanding.named_place import FIRM, Place, place_of_department
from puls.understanding.wish import Where
from puls.understanding.words import Message

_POSTCODE = re.compile(r"(?<!\S)(?:code postal |cp )?(?P<code>\d{5})(?!\S)")
_ARRONDISSEMENT = re.compile(
    r"(?<!\S)(?:(?:dans|ds|in) (?:le |les |the )?|du |le |sur le |vers le )?(?P<number>\d{1,2}|"
    r"premier|deuxieme|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme|"
    r"onzieme|douzieme|treizieme|quatorzieme|quinzieme|seizieme|dix septieme|dix huitieme|"
    r"dix neuvieme|vingtieme) ?(?P<suffix>er|e|eme|ieme|nd|st|rd|th)?"
    r" ?(?P<word>arrondissements?|arrdt|arr|ardt)?(?: (?:de |d |a |in |of )?(?P<city>paris|lyon|"
    r"marseille))?(?!\S)"
)
_NEXT_ARRONDISSEMENT = re.compile(
    r" (?:(?:ou|et|or|and|a|to) (?:dans )?(?:le |l |les |the )?)?(?P<number>\d{1,2}) ?"
    r"(?:er|e|eme|ieme|nd|st|rd|th)(?!\S)"
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
_CITY = re.compile(r"(?<!\S)(?:(?:a|de|in) )?(?:paris|lyon|marseille)(?!\S)")
_QUANTITY = re.compile(
    r" (?:ans|euros|km|personnes|edition|festival|siecle|century|jours?|h)(?!\S)"
)
_LAST_DAY = 31  # « le 26 » is a date before it is the Drôme


def numbered_places(
    message: Message, gazetteer: Gazetteer, previous: Where | None = None
) -> list[Place]:
    """Postcodes, arrondissements and départements by number, claimed.

    `previous` says which city « dans le 9e » belongs to.
    """
    if "(" in message.text:
        bracketed = _bracketed_departments(message, gazetteer)
        if bracketed:
            return bracketed
    if not any(letter.isdigit() for letter in message.open) and "ieme" not in message.open:
        return _spelt_out(message, gazetteer, previous)
    return [
        *_postcodes(message, gazetteer),
        *_arrondissements(message, gazetteer, previous),
        *_departments(message, gazetteer),
    ]


def _bracketed_departments(message: Message, gazetteer: Gazetteer) -> list[Place]:
    """« Vienne (86) »: a département with its own number; other numbers in brackets say other things."""
    places = []
    for at, word in enumerate(message.words):
        department = gazetteer.department(word.folded.upper()) if message.is_free(at) else None
        name = fold(department.name).split() if department is not None else []
        first = at - len(name)
        if department is None or first < 0 or message.text[word.start - 1] != "(":
            continue
        if [each.folded for each in message.words[first:at]] == name:
            places.append(place_of_department(department, first, at, FIRM))
            message.claim_words(first, at, "where")
    return places


def _spelt_out(message: Message, gazetteer: Gazetteer, previous: Where | None) -> list[Place]:
    """« dans le premier »: the one ordinal without « ième »."""
    return _arrondissements(message, gazetteer, previous) if "premier" in message.open else []


def _postcodes(message: Message, gazetteer: Gazetteer) -> list[Place]:
    places = []
    for match in message.find(_POSTCODE):
        communes = gazetteer.communes_of_postcode(match["code"])
        if not communes:
            continue
        first, last = message.word_range(match.start(), match.end())
        arrondissement = gazetteer.arrondissements.get(match["code"])
        center = arrondissement.coordinates if arrondissement else communes[0].coordinates
        label = f"{match['code']} {communes[0].name}"
        codes = tuple(each.code for each in communes)
        places.append(
            Place(first, last, FIRM, label, postcodes=(match["code"],), center=center, within=codes)
        )
        message.claim(match, "where")
    return places


def _departments(message: Message, gazetteer: Gazetteer) -> list[Place]:
    places = []
    for match in message.find(_IN_DEPARTMENT):
        code = match["code"].upper()
        department = gazetteer.department(code)
        is_plain = match["lead"] in ("le", "du", "en")
        is_day = is_plain and code.isdigit() and int(code) <= _LAST_DAY
        if department is None or is_day or not message.is_open(match):
            continue
        if _QUANTITY.match(message.open, match.end()):
            continue
        first, last = message.word_range(match.start(), match.end())
        places.append(place_of_department(department, first, last, FIRM))
        message.claim(match, "where")
    return places


def _arrondissements(message: Message, gazetteer: Gazetteer, previous: Where | None) -> list[Place]:
    city = _city_with_arrondissements(message, previous)
    places: list[Place] = []
    for match in message.find(_CITY_THEN_NUMBER):
        code = CITIES_WITH_ARRONDISSEMENTS[match["city"]]
        places += _claimed(message, match, gazetteer, code, int(match["number"]))
    for match in message.find(_ARRONDISSEMENT):
        number = _number_meant(match, has_city=city is not None)
        if number is not None and message.is_open(match):
            code = CITIES_WITH_ARRONDISSEMENTS.get(match["city"] or "", city or "75056")
            places += _claimed(message, match, gazetteer, code, number)
    if places:
        for match in message.find(_CITY):
            message.claim(match, "where")
    return places


def _number_meant(match: re.Match[str], *, has_city: bool) -> int | None:
    """The arrondissement, when the words around the number say that it is one."""
    written = match["number"]
    number = _ORDINALS.get(written) or (int(written) if written.isdigit() else 0)
    is_announced = match[0].startswith(("dans", "ds", "in ", "sur le", "vers le"))
    is_ordinal = bool(match["suffix"]) or not written.isdigit()
    if is_ordinal:
        return number if is_announced or match["word"] or match["city"] else None
    return number if is_announced and has_city and number <= _NUMBERS_OF_PARIS else None


def _claimed(
    message: Message, match: re.Match[str], gazetteer: Gazetteer, city_code: str, number: int
) -> list[Place]:
    """The arrondissement of a match and those listed after it: « dans le 10e ou le 11e »."""
    place = _place(message, match, gazetteer, city_code, number)
    if place is None or _QUANTITY.match(message.open, match.end()):
        return []
    places = [place]
    following = _NEXT_ARRONDISSEMENT.match(message.open, match.end())
    while following and not _QUANTITY.match(message.open, following.end()):
        other = _place(message, following, gazetteer, city_code, int(following["number"]))
        if other is None:
            break
        places.append(replace(other, is_joined=True))
        end = following.end()
        message.claim(following, "where")
        following = _NEXT_ARRONDISSEMENT.match(message.open, end)
    message.claim(match, "where")
    return places


def _place(
    message: Message, match: re.Match[str], gazetteer: Gazetteer, city_code: str, number: int
) -> Place | None:
    arrondissement = gazetteer.arrondissement(city_code, number)
    city = gazetteer.commune(city_code)
    if arrondissement is None or city is None:
        return None
    first, last = message.word_range(match.start(), match.end())
    return Place(
        first,
        last,
        FIRM,
        f"{city.name} {number}{'er' if number == 1 else 'e'}",
        postcodes=arrondissement.postcodes,
        center=arrondissement.coordinates,
        within=(city_code,),
    )


def _city_with_arrondissements(message: Message, previous: Where | None) -> str | None:
    for name, code in CITIES_WITH_ARRONDISSEMENTS.items():
        if f" {name} " in f" {message.folded} ":
            return code
    if previous is None:
        return None
    spoken_of = {*previous.commune_codes, *(each[:2] for each in previous.postcodes)}
    for code in CITIES_WITH_ARRONDISSEMENTS.values():
        if code in spoken_of or code[:2] in spoken_of:
            return code
    return None
