"""The families of `REGISTRY` as OpenTelemetry's metrics: one truth, two ways out. Imported only where OTLP is asked for.

Counters and histograms are cumulative since the process began. Enter at `as_otlp`.
"""

import math
import time
from collections.abc import Iterable, Mapping

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.samples import Sample

_BEGAN = time.time_ns()
_CUMULATIVE = AggregationTemporality.CUMULATIVE


def as_otlp(registry: CollectorRegistry, resource: Resource) -> MetricsData:
    """Everything that the registry holds now."""
    now = time.time_ns()
    metrics = [metric for family in registry.collect() if (metric := _metric(family, now))]
    scope = ScopeMetrics(scope=InstrumentationScope("puls"), metrics=metrics, schema_url="")
    return MetricsData(
        resource_metrics=[ResourceMetrics(resource=resource, scope_metrics=[scope], schema_url="")]
    )


def _metric(family: Family, now: int) -> Metric | None:
    match family.type:
        case "counter":
            points = [_number(one, now) for one in family.samples if one.name.endswith("_total")]
            data: Sum | Gauge | Histogram = Sum(points, _CUMULATIVE, is_monotonic=True)
        case "gauge":
            data = Gauge([_number(one, now) for one in family.samples])
        case "histogram":
            data = Histogram(list(_histograms(family.samples, now)), _CUMULATIVE)
        case _:
            return None
    return Metric(name=family.name, description=family.documentation, unit="", data=data)


def _number(sample: Sample, now: int) -> NumberDataPoint:
    return NumberDataPoint(
        attributes=dict(sample.labels),
        start_time_unix_nano=_BEGAN,
        time_unix_nano=now,
        value=sample.value,
    )


def _histograms(samples: Iterable[Sample], now: int) -> Iterable[HistogramDataPoint]:
    parts: dict[tuple[tuple[str, str], ...], dict[str, float]] = {}
    for sample in samples:
        labels = {name: value for name, value in sample.labels.items() if name != "le"}
        part = parts.setdefault(tuple(sorted(labels.items())), {})
        if sample.name.endswith("_bucket"):
            part[sample.labels["le"]] = sample.value
        elif sample.name.endswith("_sum"):
            part["sum"] = sample.value
    for key, part in parts.items():
        yield _histogram(dict(key), part, now)


def _histogram(
    labels: Mapping[str, str], part: Mapping[str, float], now: int
) -> HistogramDataPoint:
    edges = sorted(float(edge) for edge in part if edge != "sum")
    by_edge = {float(edge): count for edge, count in part.items() if edge != "sum"}
    cumulative = [by_edge[edge] for edge in edges]
    counts = [
        int(one - before) for before, one in zip([0.0, *cumulative], cumulative, strict=False)
    ]
    return HistogramDataPoint(
        attributes=dict(labels),
        start_time_unix_nano=_BEGAN,
        time_unix_nano=now,
        count=int(cumulative[-1]),
        sum=part.get("sum", 0.0),
        bucket_counts=counts,
        explicit_bounds=[edge for edge in edges if not math.isinf(edge)],
        min=None,  # type: ignore[arg-type] # not known; the wire format lets it out
        max=None,  # type: ignore[arg-type]
    )
