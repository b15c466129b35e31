"""Which of the candidates come first. Pure.

A candidate's score is its meaning and its shared words, each standardised over the candidates, less what is not known of
it. Meaning is measured twice: the second time the topic has learnt from the five best of the first. Sure events come
before those of which something asked is not stated, duplicates last. Without a topic, soon and near is all there is to go by.
Why a result is shown is said by `reasons`. Enter at `rank`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from puls.catalogue.event import Category, Event, Occurrence, Status
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold
from puls.language.lexicon import LANGUAGES
from puls.retrieval.reasons import OUTDOORS, Reason, ReasonCode, doubts_of, reasons_of
from puls.retrieval.theme import Match
from puls.understanding.wish import Wish

__all__ = ["USUAL_WEIGHTS", "Candidate", "FoundEvent", "Reason", "ReasonCode", "Weights", "rank"]

_LEARNT_FROM = 5  # candidates; 3 to 12 differ little
_DISTANCE_SCALE_KM = 10.0
_WAIT_SCALE_DAYS = 30.0
_REAL_HOURS = 12.0  # an occurrence longer than this is an opening time, not a duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What ranking weighs, in standard deviations of the topic score; measured on the judged questions, see LOG.md.

    `words`: share of the shared words beside meaning; `learnt`: of the mean of the best, where 0.8 to 1.2 are one plateau;
    `possible`, `unknown`, `full`: what a date that is only possible, a price or an age that is not stated, and a full
    event cost; `preference`: setting, language and duration, which few records state, so it only nudges. `distance` and
    `wait` count without a topic only.
    """

    words: float = 0.45
    learnt: float = 0.8
    possible: float = 0.5
    unknown: float = 0.25
    full: float = 0.6
    preference: float = 0.25
    distance: float = 0.5
    wait: float = 0.3


USUAL_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event under the filters with what the two legs say of it.

    `similarity` is a cosine to the topic in [-1, 1] and `vector` the event's own, both None without vectors; `word_score` a
    sum of weighted stems ≥ 0; `word_share` the share in [0, 1] of the topic's words, by weight, that the event holds;
    `match` what the theme gate says.
    """

    event: Event
    occurrence: Occurrence
    similarity: float | None
    word_score: float
    word_share: float
    vector: NDArray[np.floating] | None = None
    match: Match = Match.ON_THEME


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """An answer: the event (without its other occurrences), the next one that fits, and why it is here.

    `distance_km` is from the visitor or from the middle of the circle asked for, None without either. `match`: how sure it
    is that the event is on theme. `is_sure`: False when something that was asked is not stated by the organiser, or holds
    for one of several children only; a reason says which.
    """

    event: Event
    occurrence: Occurrence
    distance_km: float | None
    score: float
    match: Match = Match.ON_THEME
    is_sure: bool = True
    reasons: tuple[Reason, ...] = field(default=())


def off_theme(found: Iterable[FoundEvent]) -> int:
    """How many are shown for want of better."""
    return sum(one.match is Match.NOTHING for one in found)


def rank(
    candidates: Sequence[Candidate],
    wish: Wish,
    *,
    now: datetime,
    weights: Weights = USUAL_WEIGHTS,
) -> list[FoundEvent]:
    """All candidates, best first."""
    origin = wish.position or (wish.where.near.center if wish.where and wish.where.near else None)
    scores = _topic_scores(candidates, weights) if wish.topic else [0.0] * len(candidates)
    found = [
        _judged(candidate, score, wish, origin=origin, now=now, weights=weights)
        for candidate, score in zip(candidates, scores, strict=True)
    ]
    return _duplicates_last(_ordered(found, wish))


def _topic_scores(candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    words = _standardised([candidate.word_score for candidate in candidates])
    similarities = [candidate.similarity for candidate in candidates]
    known = [similarity for similarity in similarities if similarity is not None]
    if not known:
        return words
    lowest = min(known)
    meanings = [lowest if s is None else s for s in similarities]
    first = _mixed(meanings, words, weights)
    return _mixed(_learnt(candidates, meanings, first, weights), words, weights)


def _mixed(meanings: Sequence[float], words: Sequence[float], weights: Weights) -> list[float]:
    return [
        (1 - weights.words) * meaning + weights.words * word
        for meaning, word in zip(_standardised(meanings), words, strict=True)
    ]


def _learnt(
    candidates: Sequence[Candidate],
    meanings: Sequence[float],
    first: Sequence[float],
    weights: Weights,
) -> list[float]:
    """Similarity to the topic as it is once the mean vector of the best of the first pass is added to it."""
    measured = [at for at, one in enumerate(candidates) if one.vector is not None]
    best = sorted(measured, key=lambda at: (-first[at], candidates[at].event.uid))[:_LEARNT_FROM]
    if len(measured) <= len(best):
        return list(meanings)
    vectors = np.stack([np.asarray(candidates[at].vector, dtype=np.float32) for at in measured])
    row = {at: number for number, at in enumerate(measured)}
    nearness = vectors @ vectors[[row[at] for at in best]].mean(axis=0)
    lowest = float(nearness.min())
    return [
        meaning + weights.learnt * (float(nearness[row[at]]) if at in row else lowest)
        for at, meaning in enumerate(meanings)
    ]


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / deviation if deviation > 1e-9 else 0.0 for value in values]  # noqa: PLR2004 # rounding noise


def _judged(
    candidate: Candidate,
    topic_score: float,
    wish: Wish,
    *,
    origin: Coordinates | None,
    now: datetime,
    weights: Weights,
) -> FoundEvent:
    event, occurrence = candidate.event, candidate.occurrence
    distance_km = _distance_km(event, origin)
    score = topic_score
    if occurrence.is_possible:
        score -= weights.possible
    if wish.max_price is not None and event.price.lowest is None:
        score -= weights.unknown
    if wish.ages and event.age_min is None and event.age_max is None:
        score -= weights.unknown
    if event.status is Status.FULL:
        score -= weights.full
    score += weights.preference * _preferences_met(event, occurrence, wish)
    if not wish.topic:
        score -= _far_or_late(candidate, distance_km, now, weights)
    match = candidate.match if wish.topic else Match.ON_THEME
    return FoundEvent(
        event=event,
        occurrence=occurrence,
        distance_km=distance_km,
        score=score,
        match=match,
        is_sure=not doubts_of(event, wish),
        reasons=tuple(
            reasons_of(
                event,
                occurrence,
                wish,
                match=match,
                is_mentioned=candidate.word_share > 0,
                distance_km=distance_km,
            )
        ),
    )


def _far_or_late(
    candidate: Candidate, distance_km: float | None, now: datetime, weights: Weights
) -> float:
    """What speaks against an event when nothing is known of what the visitor likes."""
    wait_days = max(0.0, (candidate.occurrence.starts_at - now).total_seconds() / 86_400)
    against = weights.wait * (1 - math.exp(-wait_days / _WAIT_SCALE_DAYS))
    if distance_km is not None:
        against += weights.distance * (1 - math.exp(-distance_km / _DISTANCE_SCALE_KM))
    return against


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
    is_outdoors = OUTDOORS.search(said) is not None
    match wish.setting:
        case "outdoor":
            met += is_outdoors
        case "indoor":
            met -= is_outdoors or event.category is Category.WALK
        case None:
            pass
    names = LANGUAGES.get(wish.spoken_language or "", ())
    return met + any(fold(name) in said for name in names)


def _distance_km(event: Event, origin: Coordinates | None) -> float | None:
    if origin is None or event.venue is None or event.venue.coordinates is None:
        return None
    return great_circle_km(origin, event.venue.coordinates)


def _ordered(found: list[FoundEvent], wish: Wish) -> list[FoundEvent]:
    """In the order asked for, what is not sure after what is."""

    def asked_first(one: FoundEvent) -> float:
        match wish.order:
            case "soonest":
                return one.occurrence.starts_at.timestamp()
            case "nearest":
                return math.inf if one.distance_km is None else one.distance_km
            case "cheapest":
                return math.inf if one.event.price.lowest is None else one.event.price.lowest
            case "relevance":
                return -one.score

    return sorted(
        found, key=lambda one: (not one.is_sure, asked_first(one), -one.score, one.event.uid)
    )


def _duplicates_last(best_first: list[FoundEvent]) -> list[FoundEvent]:
    """One event under several uids takes one place; its other records come after everything else."""
    seen: set[str] = set()
    originals: list[FoundEvent] = []
    duplicates: list[FoundEvent] = []
    for one in best_first:
        (duplicates if one.event.duplicate_key in seen else originals).append(one)
        seen.add(one.event.duplicate_key)
    return originals + duplicates
