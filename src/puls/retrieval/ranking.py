"""Which of the candidates come first, and why. Pure.

A candidate's score is its meaning (similarity of vectors and weight of shared words, each standardised over the
candidates) less what speaks against it for this visitor: far away, far off, perhaps not on that day, full. Then
repeats of one series make room for others. Enter at `rank`.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from puls.catalogue.event import Category, Event, Occurrence, PriceKind, Status
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold
from puls.understanding.manner import LANGUAGE_NAMES
from puls.understanding.wish import Wish

# Weights are in standard deviations of the topic score; tuned on the judged questions, see LOG.md.
_WORDS_WEIGHT = 0.45
_UNMATCHED_SIMILARITY = (
    0.79  # e5-small: 99 % of judged answers lie above; below and without a shared word, off topic
)
_POSSIBLE_PENALTY = 0.5
_FULL_PENALTY = 0.6
_UNKNOWN_PENALTY = 0.25
_DISTANCE_WEIGHT = 0.5
_DISTANCE_SCALE_KM = 10.0
_WAIT_WEIGHT = 0.3
_WAIT_SCALE_DAYS = 30.0
_PREFERENCE_WEIGHT = 0.25  # setting, language, duration: few records state them, so it only nudges
_REAL_HOURS = 12.0  # an occurrence longer than this is an opening time, not a duration
_FREE_REPEATS = 2  # of one series; the next ones step back
_REPEAT_PENALTY = 0.6


_OUTDOORS = re.compile(r"plein air|en exterieur|open air|outdoors?\b|belle etoile|ciel ouvert")


class ReasonCode(StrEnum):
    """Why a result is shown, and what is not known about it."""

    TOPIC = "topic"
    NEAR = "near"
    FREE = "free"
    WITHIN_BUDGET = "within_budget"
    AGES = "ages"
    ACCESSIBLE = "accessible"
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
_FREE = Reason(ReasonCode.FREE, "gratuit", "free")
_WITHIN_BUDGET = Reason(ReasonCode.WITHIN_BUDGET, "dans votre budget", "within your budget")
_PRICE_UNKNOWN = Reason(ReasonCode.PRICE_UNKNOWN, "prix non précisé", "price not stated")
_AGES = Reason(ReasonCode.AGES, "pour les âges demandés", "for the ages you gave")
_AGES_UNKNOWN = Reason(ReasonCode.AGES_UNKNOWN, "âges non précisés", "ages not stated")
_ACCESSIBLE = Reason(ReasonCode.ACCESSIBLE, "accessibilité annoncée", "stated as accessible")
_ONLINE = Reason(ReasonCode.ONLINE, "en ligne", "online")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event under the filters with what the two legs say of it.

    `similarity` is a cosine in [-1, 1], None without vectors; `word_score` a sum of weighted stems ≥ 0;
    `word_share` the share in [0, 1] of the topic's weight whose stems the event holds.
    """

    event: Event
    occurrence: Occurrence
    similarity: float | None
    word_score: float
    word_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """An answer: the event (without its other occurrences), the next one that fits, and why it is here.

    `distance_km` is from the visitor or from the middle of the circle asked for, None without either.
    """

    event: Event
    occurrence: Occurrence
    distance_km: float | None
    score: float
    reasons: tuple[Reason, ...] = field(default=())


def rank(candidates: Sequence[Candidate], wish: Wish, *, now: datetime) -> list[FoundEvent]:
    """All candidates that are on topic, best first."""
    origin = wish.position or (wish.where.near.center if wish.where and wish.where.near else None)
    topic_scores = _topic_scores(candidates)
    found = [
        _judged(candidate, topic_score, wish, origin=origin, now=now)
        for candidate, topic_score in zip(candidates, topic_scores, strict=True)
        if not wish.topic or _is_on_topic(candidate)
    ]
    return _ordered(found, wish)


def _topic_scores(candidates: Sequence[Candidate]) -> list[float]:
    words = _standardised([candidate.word_score for candidate in candidates])
    similarities = [candidate.similarity for candidate in candidates]
    known = [similarity for similarity in similarities if similarity is not None]
    if not known:
        return words
    lowest = min(known)
    meanings = _standardised([lowest if s is None else s for s in similarities])
    return [
        (1 - _WORDS_WEIGHT) * meaning + _WORDS_WEIGHT * word
        for meaning, word in zip(meanings, words, strict=True)
    ]


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / deviation if deviation > 1e-9 else 0.0 for value in values]  # noqa: PLR2004 # rounding noise


def _is_on_topic(candidate: Candidate) -> bool:
    return candidate.word_score > 0 or (candidate.similarity or 0.0) >= _UNMATCHED_SIMILARITY


def _judged(
    candidate: Candidate,
    topic_score: float,
    wish: Wish,
    *,
    origin: Coordinates | None,
    now: datetime,
) -> FoundEvent:
    event, occurrence = candidate.event, candidate.occurrence
    distance_km = _distance_km(event, origin)
    score = topic_score
    if occurrence.is_possible:
        score -= _POSSIBLE_PENALTY
    if event.status is Status.FULL:
        score -= _FULL_PENALTY
    if wish.max_price is not None and event.price.lowest is None:
        score -= _UNKNOWN_PENALTY
    if wish.ages and event.age_min is None and event.age_max is None:
        score -= _UNKNOWN_PENALTY
    score += _PREFERENCE_WEIGHT * _preferences_met(event, occurrence, wish)
    if distance_km is not None:
        score -= _DISTANCE_WEIGHT * (1 - math.exp(-distance_km / _DISTANCE_SCALE_KM))
    wait_days = max(0.0, (occurrence.starts_at - now).total_seconds() / 86_400)
    score -= _WAIT_WEIGHT * (1 - math.exp(-wait_days / _WAIT_SCALE_DAYS))
    return FoundEvent(
        event=event,
        occurrence=occurrence,
        distance_km=distance_km,
        score=score,
        reasons=tuple(_reasons(candidate, wish, distance_km=distance_km)),
    )


def _preferences_met(event: Event, occurrence: Occurrence, wish: Wish) -> int:
    """How many preferences the event's own facts speak for, less those they speak against."""
    met = 0
    if wish.max_minutes is not None and not (
        occurrence.is_possible or occurrence.is_day_known_only
    ):
        minutes = (occurrence.ends_at - occurrence.starts_at).total_seconds() / 60
        if minutes <= 60 * _REAL_HOURS:
            met += 1 if minutes <= wish.max_minutes else -1
    if wish.setting is None and wish.spoken_language is None:
        return met
    said = fold(" ".join(filter(None, (event.title, event.description, *event.keywords))))
    is_outdoors = _OUTDOORS.search(said) is not None
    match wish.setting:
        case "outdoor":
            met += is_outdoors
        case "indoor":
            met -= is_outdoors or event.category is Category.WALK
        case None:
            pass
    names = LANGUAGE_NAMES.get(wish.spoken_language or "", ())
    return met + any(fold(name) in said for name in names)


def _distance_km(event: Event, origin: Coordinates | None) -> float | None:
    if origin is None or event.venue is None or event.venue.coordinates is None:
        return None
    return great_circle_km(origin, event.venue.coordinates)


def _reasons(candidate: Candidate, wish: Wish, *, distance_km: float | None) -> list[Reason]:
    """What speaks for the event, then what is not sure about it."""
    event = candidate.event
    reasons: list[Reason] = []
    if wish.topic:
        reasons.append(_MENTIONED if candidate.word_share > 0 else _CLOSE)
    if distance_km is not None:
        near = Reason(ReasonCode.NEAR, f"à {_km_fr(distance_km)}", f"{distance_km:.1f} km away")
        reasons.append(near)
    if event.price.kind is PriceKind.FREE:
        reasons.append(_FREE)
    if wish.accessibility:
        reasons.append(_ACCESSIBLE)
    if wish.online:
        reasons.append(_ONLINE)
    return [*reasons, *_about_budget_and_ages(event, wish), *_cautions(candidate, wish)]


def _about_budget_and_ages(event: Event, wish: Wish) -> list[Reason]:
    reasons: list[Reason] = []
    if wish.max_price is not None and event.price.kind is not PriceKind.FREE:
        reasons.append(_PRICE_UNKNOWN if event.price.lowest is None else _WITHIN_BUDGET)
    if wish.ages:
        is_silent = event.age_min is None and event.age_max is None
        reasons.append(_AGES_UNKNOWN if is_silent else _AGES)
    return reasons


def _cautions(candidate: Candidate, wish: Wish) -> list[Reason]:
    event, occurrence = candidate.event, candidate.occurrence
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


def _ordered(found: list[FoundEvent], wish: Wish) -> list[FoundEvent]:
    """In the order asked for; by relevance, repeats step back a little more each time."""
    match wish.order:
        case "soonest":
            return sorted(
                found, key=lambda one: (one.occurrence.starts_at, -one.score, one.event.uid)
            )
        case "nearest":
            return sorted(
                found,
                key=lambda one: (
                    math.inf if one.distance_km is None else one.distance_km,
                    -one.score,
                    one.event.uid,
                ),
            )
        case "cheapest":
            return sorted(
                found,
                key=lambda one: (
                    math.inf if one.event.price.lowest is None else one.event.price.lowest,
                    -one.score,
                    one.event.uid,
                ),
            )
        case "relevance":
            return _diversified(sorted(found, key=lambda one: (-one.score, one.event.uid)))


def _repeat_penalty(placed: Counter[str], event: Event) -> float:
    return _REPEAT_PENALTY * max(0, placed[event.series_key] - _FREE_REPEATS + 1)


def _diversified(best_first: list[FoundEvent]) -> list[FoundEvent]:
    """Greedy: an event pays for the repeats of its series already placed; duplicates go to the end.

    Only the head is worth it: beyond it the order by score stands.
    """
    head, tail = best_first[:60], best_first[60:]
    placed: list[FoundEvent] = []
    duplicates: list[FoundEvent] = []
    series: Counter[str] = Counter()
    seen: set[str] = set()
    waiting = list(head)
    while waiting:
        best = max(waiting, key=lambda one: one.score - _repeat_penalty(series, one.event))
        waiting.remove(best)
        if best.event.duplicate_key in seen:
            duplicates.append(best)
            continue
        seen.add(best.event.duplicate_key)
        series[best.event.series_key] += 1
        placed.append(best)
    return placed + tail + duplicates
