"""Clouds, models, vector stores, watch, peers and measurements as forms; and the ranking of the clouds, computed."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from study.planned.models import Source, Strict, Text

_BEST = 5.0

Timing = tuple[float, float, float]  # p50 and p95 in ms, recall@20


class Criterion(Strict):
    id: Text
    name: Text
    weight: Annotated[float, Field(ge=0, le=100)]
    from_model: bool = False


class Note(Strict):
    note: Annotated[int, Field(ge=0, le=5)]
    why: Text


class CloudNotes(Strict):
    id: Literal["aws", "gcp", "azure", "scaleway", "vm"]
    name: Text
    notes: dict[str, Note]
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]


class OtherWeights(Strict):
    name: Text
    weights: dict[str, float]


class Clouds(Strict):
    date: dt.date
    cost_scenario: Text
    criteria: tuple[Criterion, ...]
    clouds: tuple[CloudNotes, ...]
    other_weights: tuple[OtherWeights, ...]

    def ranking(
        self, costs: Mapping[str, float], weights: Mapping[str, float] | None = None
    ) -> list[tuple[str, float]]:
        """Clouds with their mark of 5, the best first. `costs`: euros a month by cloud, of `cost_scenario`."""
        used = weights or {one.id: one.weight for one in self.criteria}
        marks = {one.id: self._mark(one, costs, used) for one in self.clouds}
        return sorted(marks.items(), key=lambda item: -item[1])

    def _mark(
        self, cloud: CloudNotes, costs: Mapping[str, float], weights: Mapping[str, float]
    ) -> float:
        notes = {name: float(one.note) for name, one in cloud.notes.items()}
        notes["cost"] = _BEST * min(costs.values()) / costs[cloud.id]
        return sum(notes[name] * weight for name, weight in weights.items()) / sum(weights.values())


class Quality(Strict):
    grounded_before_percent: float
    answers_all_grounded_after: Text
    source: Source


class Model(Strict):
    """`price`: the key in src/puls/llm/prices.toml; None where nothing is paid."""

    id: Text
    name: Text
    price: str | None
    hosting: Text
    weights: Text
    context: Text
    latency_source: Text
    quality: Quality | None
    verdict: Text


class Models(Strict):
    date: dt.date
    models: tuple[Model, ...]


class OwnStore(Strict):
    id: Text
    name: Text
    none: Timing
    weekend: Timing
    near: Timing
    both: Timing
    build_s: float | None
    verdict: Text


class ManagedStore(Strict):
    id: Text
    name: Text
    price: Text
    verdict: Text


class VectorStores(Strict):
    date: dt.date
    measured_on: Text
    own: tuple[OwnStore, ...]
    managed: tuple[ManagedStore, ...]


class Watched(Strict):
    day: dt.date
    field: Literal[
        "cloud",
        "vector",
        "models",
        "embeddings",
        "observability",
        "security",
        "data",
        "regulation",
    ]
    looked_at: Text
    source: Text
    confidence: Literal["A", "B", "C", "D"]
    changes: Text


class Watch(Strict):
    date: dt.date
    entries: tuple[Watched, ...]


class PeerAnswer(Strict):
    id: Text
    name: Text
    revision: str | None
    cloud: Text
    stack: Text
    delivers: Text
    strength: Text
    proven: bool
    lacks: Text


class Peers(Strict):
    date: dt.date
    source: Text
    peers: tuple[PeerAnswer, ...]
    none_has: tuple[Text, ...]


class Measurement(Strict):
    """One run: `figures` by name."""

    id: Text
    command: Text
    at: dt.datetime
    machine: Text
    load: dict[str, float]
    what: Text
    figures: dict[str, Any]
