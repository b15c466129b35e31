"""« à 15 km », « à 20 minutes à pied », « près de moi », « élargis »: how far, and around what. Pure.

Distances are kilometres as the crow flies; a time becomes a distance by the means of travel. Enter at `distances_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from puls.understanding.message import Message

USUAL_RADIUS_KM = 20.0
_WALKING_KM_PER_HOUR, _CYCLING_KM_PER_HOUR, _DRIVING_KM_PER_HOUR, _TRANSIT_KM_PER_HOUR = (
    4.5,
    15.0,
    50.0,
    25.0,
)
_TRAIN_KM_PER_HOUR, _FASTER_KM_PER_HOUR = 100.0, 100.0
"""As the crow flies: a regional train in its first hour, an express beyond it (Paris–Lyon, 390 km in 1 h 56)."""
_KM_PER_MILE = 1.609
_QUARTER_KM, _NEXT_DOOR_KM, _BESIDE_KM, _NOT_FAR_KM = 2.0, 5.0, 10.0, 12.0

Kind = Literal[
    "radius",
    "near_me",
    "spoken_of",
    "anywhere",
    "nearer",
    "wider",
    "department",
    "region",
    "same_place",
]


@dataclass(frozen=True, slots=True)
class Distance:
    """Words about how far, between two words of the message, the last included.

    `kind`: a circle of `km` around the place or the visitor; around the visitor; around what was spoken of; anywhere; nearer or farther than before;
    the whole département or région of the place spoken of before; its venue. `is_from_me`: « à 5 km de chez moi ».
    """

    first: int
    last: int
    kind: Kind
    km: float | None = None
    is_from_me: bool = False


_ME = r"(?:(?:la )?ou (?:je suis|j habite|on est|nous sommes|on habite)|chez (?:moi|nous|toi|nous autres)|moi|nous|ici|ma position|mon domicile|la maison|me|here|us|my place|home|our place|where i am|mi|mir|l hotel|mon hotel|my hotel|our hotel|the hotel)"
_DISTANCE = re.compile(
    r"(?<!\S)(?:(?:a|dans|sur|within|up to|environ|jusqu a|around|en|pousser jusqu a|elargi\w* a|elargi\w*|aller jusqu a|on peut|plutot|avec) ){0,4}(?:(?:un )?rayon de |une distance de |a radius of |la zone a |la recherche a )?"
    r"(?:moins (?:de|d) |max(?:imum)? |maxi |plus ou moins |about |less than |maximum |no more than |pas plus de |pas a plus de )?"
    r"(?P<number>\d{1,3}(?:\.\d+)?|une (?:dizaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine) de|un|une|quelques|a few) ?(?P<unit>km|kms|kilometres?|kilometers?|kilometre|bornes|borne|miles?|metres|mile|m)"
    r"(?: max(?:imum)?| maxi| a la ronde| environ| grand max(?:imum)?| radius| au plus| a vol d oiseau)?(?: (?:autour|around|away))?"
    rf"(?P<me> (?:de|d|from|of|around) {_ME})?(?!\S)"
)
_TRAVEL = re.compile(
    r"(?<!\S)(?:(?:a|within|en|in) ){0,2}(?:moins (?:de |d )|environ |max(?:imum)? |less than )?"
    r"(?:(?P<number>\d{1,3}|une|un quart d|une demi) ?(?P<unit>min|mn|minutes?|h|heures?|hour|heure)|(?P<clock>\d{1,2})h(?P<minutes>\d\d)?)(?: max(?:imum)?| maxi)?"
    r"(?: (?P<means>a pied|de marche|en marchant|walk|walking|a velo|de velo|en velo|by bike|en voiture|de route|de voiture|drive|by car|en transports?(?: en commun)?|en metro|(?:en |de |by )(?:train|tgv|ter)|"
    rf"en bus|en tram|de (?:transports?|metro|bus|tram|car)|en car(?= (?:de|d|du|scolaire)|$)))?(?P<me> (?:de|d|from|of) {_ME})?(?!\S)"
)
_QUARTERS_OF_AN_HOUR = {"un quart d": 15.0, "une demi": 30.0, "une": 60.0}
_NO_THEME_BEFORE = "".join(
    rf"(?<!{word} )"
    for word in "visite visites balade balades rando randonnee circuit parcours course courses tour excursion marche promenade descente voie min minutes mn h heures heure".split()
)
"""« une visite à pied » is a kind of visit, « 10 minutes à pied » a way to go."""
_GOES_ON = r"(?:alors|aussi|stp|svp|sinon|plutot|si|ce|cet|cette|samedi|dimanche|vendredi|demain|lundi|mardi|mercredi|jeudi|weekend|pour|avec|et|mais|j|je|on|maintenant|tonight|today|tomorrow|this|on|for|and|please|if)"
_NEAR_ME = re.compile(
    rf"(?<!\S)(?:(?P<how>tout pres|a 2 pas|a deux pas|juste a cote|pas (?:trop |tres |bien )?loin|a cote|pres|proche|autour|aux alentours|a proximite|non loin|around|near|close to|cerca|in der nahe|nearby|next to|pres pres|a pied|vers|le plus pres|au plus pres)"
    rf"(?: (?:de|d))? {_ME})(?!\S)"
    r"|(?<!\S)(?P<spoken_of>(?:dans les environs|aux alentours|aux environs|a proximite|(?:un peu )?autour|dans les parages|nearby|dans le coin|dans les alentours|around there|la autour|par la|dans le secteur|dans la region)(?=$| (?:alors|aussi|stp|svp|sinon|plutot|ce|cet|cette|samedi|dimanche|vendredi|demain|pour|avec)(?!\S)))"
    rf"|(?<!\S){_NO_THEME_BEFORE}(?P<bare>a pied|(?<!est )pas (?:trop |tres |bien |si )?loin|tout pres|a 2 pas|juste a cote|(?<!is )not (?:too |so |very )?far(?: away)?|(?:within )?walking distance)(?=$| {_GOES_ON}(?!\S))"
    r"|(?<!\S)(?P<plain>dans (?:le coin|mon coin|mon quartier|le quartier|ma ville|mon village|les environs|les parages|ma region|mon secteur)|par ici|par chez (?:moi|nous)|chez (?:moi|nous)|nearby|in my area|in der nahe|around here|near here|close by|locally|a cote de la maison|dans le secteur|in town|en ville)(?! (?:de|d|du|des|of)(?!\S))(?!\S)"
)
_ANYWHERE = re.compile(
    r"(?<!\S)(?:(?:peu importe|n importe|qu importe|whatever|no matter|osef|on s en fiche)(?: pour| de)?(?: le| la| l| les| quel| quelle| the)? (?:lieux?|endroits?|villes?|ou|place|where|secteur|region|coin|town|location|departement)"
    r"|n importe ou|(?<!complet )(?<!complete )(?<!ferme )(?<!plein )(?<!pareil )(?<!cher )partout|toute la france|anywhere|everywhere|ailleurs(?= en france)|tout le pays|le lieu (?:m est egal|n importe pas|importe peu)|la ville importe peu|ou que ce soit)"
    r"(?: (?:en|dans toute la|across|in) france(?: entiere)?)?(?!\S)(?! (?:en|dans|a|sur|in) (?!france))"
    r"|(?<!\S)(?:en|dans toute la|across|in|partout en|ailleurs en|toute la) france(?: entiere)?(?!\S)"
)
_NEARER = re.compile(
    r"(?<!\S)(?:(?:un peu |bien |something |a bit |beaucoup |encore )?(?:plus pres|plus proches?|moins loin|closer|nearer|trop loin|too far(?: away)?|c est loin))(?!\S)(?! (?:de|d|du|des|from|of|to)(?!\S))"
)
_WIDER = re.compile(
    r"(?<!\S)(?:(?:un peu |a bit |ou |on peut aller )?(?:plus loin|plus large(?:ment)?|elargi\w*|agrandi\w*|etend\w*|further|farther|wider|widen|expand)(?: (?:la |le |the |un peu )?(?:zone|recherche|perimetre|rayon|secteur|area|"
    r"search|radius))?(?: autour)?)(?!\S)(?! (?:de|d|du|des|from|of|que|\d+|a|au|aux|to)(?!\S))"
)
_WHOLE = (
    r"(?<!\S)(?:(?:dans|sur|a|in|across|over|et|partout|anywhere) )*"
    r"(?:(?:toute|tout|l ensemble de|l ensemble du|n importe ou dans|partout dans|the whole|the entire|all over the|anywhere in the|across the) (?:la |le |the )?{0}|(?:la |le )?{0} entiere?)(?!\S)"
)
_WHOLE_DEPARTMENT = re.compile(_WHOLE.format("(?:departement|department)"))
_WHOLE_REGION = re.compile(_WHOLE.format("region"))
_SAME_PLACE = re.compile(
    r"(?<!\S)(?:au meme endroit|meme endroit|dans le meme lieu|au meme lieu|meme lieu|dans la meme salle|same place|at the same place|same venue|at the same venue|la bas aussi|sur le meme lieu|au meme)(?!\S)"
)


_CHANGES_OF_REACH: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("nearer", _NEARER),
    ("wider", _WIDER),
    ("department", _WHOLE_DEPARTMENT),
    ("region", _WHOLE_REGION),
    ("same_place", _SAME_PLACE),
)


def distances_of(message: Message, *, is_follow_up: bool) -> list[Distance]:
    """Every expression of distance; those that only change an earlier reach, in a follow-up alone."""
    found = [*_anywhere(message), *_near_me(message), *_radius(message), *_travel(message)]
    if is_follow_up:
        for kind, pattern in _CHANGES_OF_REACH:
            found += [
                Distance(*message.word_range(match.start(), match.end()), kind)
                for match in pattern.finditer(message.line)
            ]
    kept: list[Distance] = []
    for each in sorted(found, key=lambda one: (one.first, -one.last)):
        if not kept or each.first > kept[-1].last:
            kept.append(each)
    return kept


def _anywhere(message: Message) -> Iterator[Distance]:
    for match in _ANYWHERE.finditer(message.line):
        yield Distance(*message.word_range(match.start(), match.end()), "anywhere")


def _near_me(message: Message) -> Iterator[Distance]:
    for match in _NEAR_ME.finditer(message.line):
        first, last = message.word_range(match.start(), match.end())
        how, plain = match["how"] or "", match["plain"] or ""
        if match["spoken_of"]:
            yield Distance(first, last, "spoken_of", USUAL_RADIUS_KM)
        elif match["bare"]:
            on_foot = "pied" in match["bare"] or "walking" in match["bare"]
            next_door = _NEXT_DOOR_KM if match["bare"] in _NEXT_DOOR else _NOT_FAR_KM
            yield Distance(first, last, "spoken_of", _QUARTER_KM if on_foot else next_door)
        elif "quartier" in plain:
            yield Distance(first, last, "near_me", _QUARTER_KM)
        elif how in _NEXT_DOOR:
            yield Distance(first, last, "near_me", _NEXT_DOOR_KM)
        elif how == "a pied":
            yield Distance(first, last, "near_me", _QUARTER_KM)
        else:
            km = (
                _BESIDE_KM if how == "a cote" else _NOT_FAR_KM if "loin" in how else USUAL_RADIUS_KM
            )
            yield Distance(first, last, "near_me", km)


_NEXT_DOOR = ("tout pres", "a deux pas", "a 2 pas", "juste a cote", "next to")


def _radius(message: Message) -> Iterator[Distance]:
    for match in _DISTANCE.finditer(message.line):
        first, last = message.word_range(match.start(), match.end())
        said, unit = match["number"], match["unit"]
        is_pronoun = unit == "m" and message.text[message.words[last].end :][:1] in ("'", "’")
        if is_pronoun or (not said[0].isdigit() and unit == "m"):
            continue  # « le 19 m'arrange »
        number = _number(said)
        if unit.startswith("mi"):
            km = round(number * _KM_PER_MILE, 1)
        else:
            km = number / 1000 if unit in ("m", "metres") else number
        if km > 0:
            yield Distance(first, last, "radius", km, is_from_me=bool(match["me"]))


_ABOUT_SO_MANY = {
    "dizaine": 10.0,
    "quinzaine": 15.0,
    "vingtaine": 20.0,
    "trentaine": 30.0,
    "quarantaine": 40.0,
    "cinquantaine": 50.0,
}


def _number(said: str) -> float:
    """« 5 », « une quinzaine de », « quelques »."""
    if said[0].isdigit():
        return float(said)
    about = next((many for word, many in _ABOUT_SO_MANY.items() if word in said), None)
    return about or (1.0 if said in ("un", "une") else 5.0)


def _travel(message: Message) -> Iterator[Distance]:
    for match in _TRAVEL.finditer(message.line):
        follows = message.line[match.end() :].lstrip()
        if message.has_pause_after(message.word_range(match.start(), match.end())[1]):
            follows = ""
        if (
            match["means"]
            or match["me"]
            or (
                match[0].startswith("a ")
                and follows.startswith(("de ", "d ", "du ", "from ", "autour "))
            )
        ):
            first, last = message.word_range(match.start(), match.end())
            yield Distance(first, last, "radius", _travelled(match), is_from_me=bool(match["me"]))


def _travelled(match: re.Match[str]) -> float:
    if match["clock"]:
        minutes = 60.0 * int(match["clock"]) + float(match["minutes"] or 0)
    else:
        minutes = _QUARTERS_OF_AN_HOUR.get(match["number"]) or float(match["number"])
        minutes *= 60 if match["unit"].startswith("h") and match["number"].isdigit() else 1
    means = match["means"] or ""
    if any(word in means for word in ("train", "tgv", "ter")):
        fast = max(0.0, minutes - 60)
        return round(minutes / 60 * _TRAIN_KM_PER_HOUR + fast / 60 * _FASTER_KM_PER_HOUR, 1)
    return round(max(0.5, minutes / 60 * _speed(means)), 1)


def _speed(means: str) -> float:
    if "pied" in means or "march" in means or "walk" in means:
        return _WALKING_KM_PER_HOUR
    if "velo" in means or "bike" in means:
        return _CYCLING_KM_PER_HOUR
    if any(word in means for word in ("transport", "metro", "bus", "tram")):
        return _TRANSIT_KM_PER_HOUR
    return _DRIVING_KM_PER_HOUR
