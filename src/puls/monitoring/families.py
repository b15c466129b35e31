"""Families of metrics whose number of series is bounded, whatever is asked of them. All live in `REGISTRY`.

A family that has `most` series counts what is new under `other`: a mistake in one label costs a figure, never the memory
of the process or of Prometheus.
"""

import threading
from collections.abc import Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
OTHER = "other"
MOST_SERIES = 400
"""Label sets of one family unless it says otherwise; 19 regions by 19 themes is the largest that is meant."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)


class _Bounded:
    """Beside a class of prometheus_client: remembers which label sets there are."""

    _labelnames: tuple[str, ...]
    most: int = MOST_SERIES

    def labels(self, *values: Any, **named: Any) -> Any:
        key = tuple(str(one) for one in values) or tuple(
            str(named[name]) for name in self._labelnames if name in named
        )
        known: set[tuple[str, ...]] = self.__dict__.setdefault("_known", set())
        if key not in known:
            with self.__dict__.setdefault("_bound_lock", threading.Lock()):
                if len(known) >= self.most:
                    key = (OTHER,) * len(self._labelnames)
                known.add(key)
        return super().labels(*key)  # type: ignore[misc] # prometheus_client's, beside this one


class BoundedCounter(_Bounded, Counter):
    """A counter of at most `most` label sets and `other`."""


class BoundedGauge(_Bounded, Gauge):
    """A gauge of at most `most` label sets and `other`."""


class BoundedHistogram(_Bounded, Histogram):
    """A histogram of at most `most` label sets and `other`."""


def counter(
    name: str, says: str, labels: Sequence[str] = (), *, most: int = MOST_SERIES
) -> BoundedCounter:
    """A counter in `REGISTRY`."""
    family = BoundedCounter(name, says, labels, registry=REGISTRY)
    family.most = most
    return family


def gauge(name: str, says: str, labels: Sequence[str] = ()) -> BoundedGauge:
    """A gauge in `REGISTRY`."""
    return BoundedGauge(name, says, labels, registry=REGISTRY)


def histogram(
    name: str, says: str, labels: Sequence[str] = (), *, buckets: Sequence[float] = SECONDS
) -> BoundedHistogram:
    """A histogram in `REGISTRY`; its thresholds of interest are to stand on edges of `buckets`."""
    return BoundedHistogram(name, says, labels, buckets=tuple(buckets), registry=REGISTRY)
