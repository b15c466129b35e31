"""Events and gauges read from this process' own registry, as Prometheus would sum them. Pure but for the reading.

Enter at `count` and `worst`.
"""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry

from puls import monitoring
from puls.alerts.objectives import Events, Gauge, Watched

Samples = Mapping[str, list[tuple[Mapping[str, str], float]]]


def samples_of(registry: CollectorRegistry) -> Samples:
    """Every sample by its name."""
    samples: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for family in registry.collect():
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return samples


def count(events: Events, samples: Samples) -> float:
    """How many events there were since the process began."""
    is_histogram = f"{events.metric}_count" in samples
    name = f"{events.metric}_count" if is_histogram else events.metric
    total = sum(value for _, value in _matching(events, samples, name))
    if events.over is None:
        return total
    return total - sum(
        value
        for labels, value in _matching(events, samples, f"{events.metric}_bucket")
        if float(labels["le"]) == events.over
    )


def worst(rule: Gauge, samples: Samples) -> float | None:
    """The series furthest beyond the limit; None while there is none."""
    values = [value for _, value in _matching(rule.gauge, samples, rule.gauge.metric)]
    if not values:
        return None
    if rule.of is not None:
        whole = sum(value for _, value in _matching(rule.of, samples, rule.of.metric))
        return sum(values) / whole if whole else None
    return max(values) if rule.above is not None else min(values)


def _matching(
    events: Events, samples: Samples, name: str
) -> Iterator[tuple[Mapping[str, str], float]]:
    for labels, value in samples.get(name, []):
        if all(labels.get(label) in wanted for label, wanted in events.labels.items()) and not any(
            labels.get(label, "") in unwanted for label, unwanted in events.without.items()
        ):
            yield labels, value


def histograms_of(registry: CollectorRegistry) -> frozenset[str]:
    """Names of the families that are histograms."""
    return frozenset(family.name for family in registry.collect() if family.type == "histogram")


def firing_here(watched: Watched) -> frozenset[str]:
    """The alerts about one process that hold in this one, by its last minute."""
    local = {rule.name for rule in watched.gauge if rule.is_local}
    samples = samples_of(monitoring.REGISTRY).get(monitoring.Metric.ALERTS_FIRING, [])
    return frozenset(
        labels["alert"] for labels, value in samples if value and labels["alert"] in local
    )
