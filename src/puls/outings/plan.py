"""Plans as values: stops in order, each an event at a time. Pure."""

from dataclasses import dataclass
from datetime import datetime

from puls.retrieval.ranking import FoundEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One stop of an outing: an event at a time, how far it is from the stop before, and what it costs a person."""

    found: FoundEvent
    arrives_at: datetime
    leaves_at: datetime
    km_from_previous: float | None
    minutes_from_previous: int | None
    slot: int = 0  # which part of the outing it answers, counted from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An outing that is feasible in time and distance. `price_per_person` in euros, None when a price is unknown."""

    steps: tuple[PlanStep, ...]
    price_per_person: float | None
