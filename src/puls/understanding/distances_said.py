"""« à 15 km », « à 20 minutes à pied », « près de moi »: how far a visitor is ready to go. Pure.

Distances are kilometres as the crow flies; a time becomes a distance by the means of travel. Enter at
`claim_travel` before times are read, then at `claim_from_me`, `claim_distance` and `claim_near_me`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from puls.understanding.words import Message

USUAL_RADIUS_KM = 20.0
_WALKING_KM_PER_HOUR, _CYCLING_KM_PER_HOUR, _DRIVING_KM_PER_HOUR, _TRANSIT_KM_PER_HOUR = (
    4.5,
    15.0,
    50.0,
    25.0,
)
_KM_PER_MILE = 1.609
_QUARTER_KM, _NEXT_DOOR_KM, _BESIDE_KM, _NOT_FAR_KM = 2.0, 5.0, 10.0, 12.0

_DISTANCE = re.compile(
    r"(?<!\S)(?:(?:a |dans |sur |within |up to |environ |jusqu a |around |"
    r"en ){0,4}(?:un rayon de |une distance de |a radius of )?(?:moins (?:de|d) |max(?:imum)? |"
    r"maxi |plus ou moins |about |less than |maximum )?)"
    r"(?P<number>\d{1,3}(?:\.\d+)?) ?(?P<unit>km|kms|kilometres?|kilometers?|bornes|miles?|metres|"
    r"m)(?! ?h)"
    r"(?: max(?:imum)?| maxi| a la ronde| environ| grand max(?:imum)?| radius|"
    r" au plus)?(?: autour)?(?: (?:de (?:moi|nous|chez moi|chez nous|ici)|from (?:me|us|here)))?(?!\S)"
)
_TRAVEL = re.compile(
    r"(?<!\S)(?:a |within |en ){0,2}(?:moins (?:de |d )|environ |max(?:imum)? )?"
    r"(?P<number>\d{1,3}|une|un quart d|une demi) ?(?P<unit>min|mn|minutes?|h|heures?|hour)"
    r"(?: (?P<means>a pied|de marche|en marchant|walk|walking|a velo|de velo|en velo|by bike|"
    r"en voiture|de route|de voiture|drive|by car|en transports?(?: en commun)?|en metro|en train|"
    r"en bus|en tram|de (?:transports?|metro|train|bus|tram)))?(?!\S)"
)
_QUARTERS_OF_AN_HOUR = {"un quart d": 15.0, "une demi": 30.0, "une": 60.0}
_FROM_ME = re.compile(
    r"(?<!\S)\d{1,3}(?:\.\d+)? ?(?:km|kms|kilometres?|kilometers?|bornes|miles?|metres|m)(?: autour)?"
    r"(?P<me> (?:de|d|from|of|around) (?:moi|nous|ici|me|us|here))(?!\S)"
)
_NEAR_ME = re.compile(
    r"(?<!\S)(?P<how>(?:(?:le|la|les) )?plus proches?|tout pres|a deux pas|juste a cote|pas (?:trop |tres )?loin|a cote|pres|"
    r"proche|autour|aux alentours|a proximite|non loin|around|near|close to|cerca|in der nahe|"
    r"nearby)"
    r"(?: (?:de|d))?(?: (?:chez moi|chez nous|moi|nous|ici|ma position|mon domicile|la maison|me|"
    r"here|us|my place|mi|mir))(?!\S)"
    r"|(?<!\S)(?P<spoken_of>(?:dans les environs|aux alentours|a proximite|(?:un peu )?autour|"
    r"dans les parages|nearby)(?! \S))"
    r"|(?<!\S)(?P<plain>dans (?:le coin|mon coin|mon quartier|le quartier|ma ville|les environs|"
    r"les parages|ma region)|par ici|par chez moi|chez moi|nearby|a proximite|aux alentours|"
    r"(?:dans )?les parages|in my area|in der nahe|around here|le plus pres)(?! (?:de|d|du|des|"
    r"of))(?!\S)"
)


@dataclass(frozen=True, slots=True)
class NearMe:
    """A circle of `radius_km`; around "here" (the visitor), or around what was spoken of, if anything."""

    radius_km: float
    around: Literal["here", "spoken_of"]


def claim_travel(message: Message) -> float | None:
    """Kilometres of « à 20 minutes à pied »; only when the means of travel is said."""
    for match in message.find(_TRAVEL):
        if match["means"]:
            message.claim(match, "where")
            return _travelled(match)
    return None


def claim_distance(message: Message) -> float | None:
    """Kilometres of « à 15 km », « à 1h de Lyon »."""
    for match in message.find(_DISTANCE):
        number, unit = float(match["number"]), match["unit"]
        message.claim(match, "where")
        if unit.startswith("mi"):
            return round(number * _KM_PER_MILE, 1)
        return number / 1000 if unit in ("m", "metres") else number
    for match in message.find(_TRAVEL):
        follows = message.open[match.end() :].lstrip()
        if match["means"] or follows.startswith(("de ", "d ", "du ", "from ", "autour ")):
            message.claim(match, "where")
            return _travelled(match)
    return None


def _travelled(match: re.Match[str]) -> float:
    minutes = _QUARTERS_OF_AN_HOUR.get(match["number"]) or float(match["number"])
    minutes *= 60 if match["unit"].startswith("h") and match["number"].isdigit() else 1
    return round(max(0.5, minutes / 60 * _speed(match["means"] or "")), 1)


def _speed(means: str) -> float:
    if "pied" in means or "march" in means or "walk" in means:
        return _WALKING_KM_PER_HOUR
    if "velo" in means or "bike" in means:
        return _CYCLING_KM_PER_HOUR
    if any(word in means for word in ("transport", "metro", "train", "bus", "tram")):
        return _TRANSIT_KM_PER_HOUR
    return _DRIVING_KM_PER_HOUR


def claim_from_me(message: Message) -> NearMe | None:
    """The « de moi » of « à 5 km de moi », before the distance is claimed; None when it is not said."""
    for match in message.find(_FROM_ME):
        message.claim_words(*message.word_range(match.start("me") + 1, match.end()), "where")
        return NearMe(USUAL_RADIUS_KM, "here")
    return None


def claim_near_me(message: Message) -> NearMe | None:
    """The circle that « près de moi » means; None when it is not said."""
    for match in message.find(_NEAR_ME):
        message.claim(match, "where")
        how, plain = match["how"] or "", match["plain"] or ""
        if match["spoken_of"]:
            return NearMe(USUAL_RADIUS_KM, "spoken_of")
        if "quartier" in plain:
            return NearMe(_QUARTER_KM, "here")
        if how in ("tout pres", "a deux pas", "juste a cote"):
            return NearMe(_NEXT_DOOR_KM, "here")
        is_wider = _NOT_FAR_KM if "loin" in how else USUAL_RADIUS_KM
        return NearMe(_BESIDE_KM if how == "a cote" else is_wider, "here")
    return None
