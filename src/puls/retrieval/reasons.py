"""Why a result is shown, and what is not known about it, in French and English. Pure. Enter at `reasons_of`."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from puls.catalogue.event import Event, Occurrence, PriceKind, Status
from puls.retrieval.theme import Match
from puls.understanding.wish import Wish

OUTDOORS: Final = re.compile(
    r"plein air|en exterieur|open air|outdoors?\b|belle etoile|ciel ouvert"
)


class ReasonCode(StrEnum):
    """Why a result is shown, and what is not known about it."""

    TOPIC = "topic"
    PERHAPS_TOPIC = "perhaps_topic"
    OFF_TOPIC = "off_topic"
    NEAR = "near"
    FREE = "free"
    FREE_UNKNOWN = "free_unknown"
    WITHIN_BUDGET = "within_budget"
    AGES = "ages"
    NOT_FOR_EVERY_AGE = "not_for_every_age"
    ACCESSIBLE = "accessible"
    ACCESS_UNKNOWN = "access_unknown"
    ONLINE = "online"
    DATES_TO_CHECK = "dates_to_check"
    HOURS_UNKNOWN = "hours_unknown"
    PRICE_UNKNOWN = "price_unknown"
    AGES_UNKNOWN = "ages_unknown"
    APPROXIMATE_PLACE = "approximate_place"
    FULL = "full"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its words in French and English."""

    code: ReasonCode
    fr: str
    en: str


_MENTIONED = Reason(ReasonCode.TOPIC, "parle de ce que vous cherchez", "mentions what you look for")
_CLOSE = Reason(ReasonCode.TOPIC, "proche de ce que vous cherchez", "close to what you look for")
_PERHAPS = Reason(
    ReasonCode.PERHAPS_TOPIC, "peut-être ce que vous cherchez", "perhaps what you look for"
)
_OFF_TOPIC = Reason(
    ReasonCode.OFF_TOPIC,
    "autre chose que ce que vous cherchez",
    "something else than what you look for",
)
_FREE = Reason(ReasonCode.FREE, "gratuit", "free")
_FREE_UNKNOWN = Reason(
    ReasonCode.FREE_UNKNOWN, "gratuité non précisée", "not stated whether it is free"
)
_WITHIN_BUDGET = Reason(ReasonCode.WITHIN_BUDGET, "dans votre budget", "within your budget")
_PRICE_UNKNOWN = Reason(ReasonCode.PRICE_UNKNOWN, "prix non précisé", "price not stated")
_AGES = Reason(ReasonCode.AGES, "pour les âges demandés", "for the ages you gave")
_NOT_FOR_EVERY_AGE = Reason(
    ReasonCode.NOT_FOR_EVERY_AGE,
    "pas pour tous les âges demandés",
    "not for all the ages you gave",
)
_AGES_UNKNOWN = Reason(ReasonCode.AGES_UNKNOWN, "âges non précisés", "ages not stated")
_ACCESSIBLE = Reason(ReasonCode.ACCESSIBLE, "accessibilité annoncée", "stated as accessible")
_ACCESS_UNKNOWN = Reason(
    ReasonCode.ACCESS_UNKNOWN, "accessibilité non précisée", "accessibility not stated"
)
_ONLINE = Reason(ReasonCode.ONLINE, "en ligne", "online")


def doubts_of(event: Event, wish: Wish) -> list[Reason]:
    """What was asked and the event does not state, though nothing it states speaks against it."""
    doubts = []
    if wish.free and event.price.kind is PriceKind.UNKNOWN:
        doubts.append(_FREE_UNKNOWN)
    if wish.accessibility - event.accessibility - event.not_accessible:
        doubts.append(_ACCESS_UNKNOWN)
    if not all(_welcomes(event, age) for age in wish.ages):
        doubts.append(_NOT_FOR_EVERY_AGE)
    return doubts


def reasons_of(
    event: Event,
    occurrence: Occurrence,
    wish: Wish,
    *,
    match: Match,
    is_mentioned: bool,
    distance_km: float | None,
) -> list[Reason]:
    """What speaks for the event, then what is not sure about it."""
    reasons: list[Reason] = []
    if wish.topic:
        reasons.append(_about_topic(match, is_mentioned=is_mentioned))
    if distance_km is not None:
        near = Reason(ReasonCode.NEAR, f"à {_km_fr(distance_km)}", f"{distance_km:.1f} km away")
        reasons.append(near)
    if event.price.kind is PriceKind.FREE:
        reasons.append(_FREE)
    if wish.accessibility and wish.accessibility <= event.accessibility:
        reasons.append(_ACCESSIBLE)
    if wish.online:
        reasons.append(_ONLINE)
    return [
        *reasons,
        *_about_budget_and_ages(event, wish),
        *doubts_of(event, wish),
        *_cautions(event, occurrence, wish),
    ]


def _about_topic(match: Match, *, is_mentioned: bool) -> Reason:
    match match:
        case Match.ON_THEME:
            return _MENTIONED if is_mentioned else _CLOSE
        case Match.PERHAPS:
            return _PERHAPS
        case Match.NOTHING:
            return _OFF_TOPIC
        case _:
            assert_never(match)


def _about_budget_and_ages(event: Event, wish: Wish) -> list[Reason]:
    reasons: list[Reason] = []
    if wish.max_price is not None and event.price.kind is not PriceKind.FREE:
        reasons.append(_PRICE_UNKNOWN if event.price.lowest is None else _WITHIN_BUDGET)
    if wish.ages:
        if event.age_min is None and event.age_max is None:
            reasons.append(_AGES_UNKNOWN)
        elif all(_welcomes(event, age) for age in wish.ages):
            reasons.append(_AGES)
    return reasons


def _welcomes(event: Event, age: int) -> bool:
    return (event.age_min is None or event.age_min <= age) and (
        event.age_max is None or age <= event.age_max
    )


def _cautions(event: Event, occurrence: Occurrence, wish: Wish) -> list[Reason]:
    cautions: list[Reason] = []
    if occurrence.is_possible:
        cautions.append(
            Reason(ReasonCode.DATES_TO_CHECK, "dates à vérifier", "dates to be checked")
        )
    elif occurrence.is_day_known_only:
        cautions.append(
            Reason(ReasonCode.HOURS_UNKNOWN, "horaires non précisés", "hours not stated")
        )
    if event.venue is not None and event.venue.is_approximate and wish.where and wish.where.near:
        cautions.append(
            Reason(ReasonCode.APPROXIMATE_PLACE, "position approximative", "approximate position")
        )
    match event.status:
        case Status.FULL:
            cautions.append(Reason(ReasonCode.FULL, "complet", "sold out"))
        case Status.RESCHEDULED | Status.MOVED_ONLINE | Status.POSTPONED:
            cautions.append(
                Reason(ReasonCode.RESCHEDULED, "programmation modifiée", "changed by the organiser")
            )
        case Status.CANCELLED:
            cautions.append(Reason(ReasonCode.CANCELLED, "annulé", "cancelled"))
        case Status.SCHEDULED:
            pass
    return cautions


def _km_fr(distance_km: float) -> str:
    if distance_km < 1:
        return f"{max(50, round(distance_km * 1000, -1)):.0f} m"
    return f"{distance_km:.1f} km".replace(".", ",")
