"""Traces and metrics by OTLP over HTTP, when the standard `OTEL_*` variables ask for it; nothing at all otherwise.

The SDK reads its own variables (endpoint, headers, sampler, resource attributes, intervals): see the OpenTelemetry
specification. A collector that is away costs a bounded queue in memory, a thread that retries, and no line per failure.
Enter at `telemetry`.
"""

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from puls.monitoring.families import REGISTRY

_FLUSH_MILLISECONDS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be exported, and how often metrics are."""

    traces: bool = False
    metrics: bool = False
    metrics_every_seconds: float = 60.0
    service_version: str = ""


@contextlib.contextmanager
def telemetry(wanted: Wanted) -> Iterator[None]:
    """Export while the block runs; what is left at its end is sent within three seconds, or given up."""
    with contextlib.ExitStack() as stack:
        if wanted.traces or wanted.metrics:
            # Silent without a collector: the SDK would log each failure, at the rate of its retries.
            logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        if wanted.traces:
            stack.enter_context(_traces(wanted))
        if wanted.metrics:
            stack.enter_context(_metrics(wanted))
        yield


@contextlib.contextmanager
def _traces(wanted: Wanted) -> Iterator[None]:
    from opentelemetry import trace  # noqa: PLC0415 # with the SDK, a fifth of a second for who wants it
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=_resource(wanted), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.force_flush(_FLUSH_MILLISECONDS)
        closing = threading.Thread(target=provider.shutdown, daemon=True)
        closing.start()
        closing.join(_FLUSH_MILLISECONDS / 1000)


@contextlib.contextmanager
def _metrics(wanted: Wanted) -> Iterator[None]:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
        OTLPMetricExporter,
    )

    from puls.monitoring.otlp_metrics import as_otlp  # noqa: PLC0415

    exporter, resource, is_over = OTLPMetricExporter(), _resource(wanted), threading.Event()

    def export_until_over() -> None:
        is_last = False
        while not is_last:
            is_last = is_over.wait(wanted.metrics_every_seconds)
            with contextlib.suppress(Exception):  # an edge: the next export may pass
                exporter.export(as_otlp(REGISTRY, resource), timeout_millis=_FLUSH_MILLISECONDS)

    exporting = threading.Thread(target=export_until_over, name="puls-otlp-metrics", daemon=True)
    exporting.start()
    try:
        yield
    finally:
        is_over.set()
        exporting.join(_FLUSH_MILLISECONDS / 1000)
        exporter.shutdown(timeout_millis=_FLUSH_MILLISECONDS)


def _resource(wanted: Wanted) -> "Resource":  # type: ignore[name-defined] # noqa: F821
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    usual = {"service.name": "puls", "service.version": wanted.service_version}
    given = Resource.create()  # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES
    named = given.attributes.get("service.name", "")
    if isinstance(named, str) and named and not named.startswith("unknown_service"):
        usual.pop("service.name")
    return given.merge(Resource(usual))
