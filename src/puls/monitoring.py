"""What Puls tells its operators: structured logs, Prometheus metrics and spans.

Quiet and cheap by default: one rich line per request and job; spans cost nothing until an OpenTelemetry SDK is set up.
Names live here and nowhere else. No message of a visitor is ever logged.
"""

import contextlib
import logging
import sys
import time
from collections.abc import Iterator

import structlog
from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

log: structlog.stdlib.BoundLogger = structlog.get_logger("puls")

REGISTRY = CollectorRegistry()
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)

HTTP_REQUESTS = Counter(
    "puls_http_requests_total",
    "HTTP requests answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "puls_http_request_duration_seconds",
    "Time to answer an HTTP request.",
    ["method", "route"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
STEP_SECONDS = Histogram(
    "puls_step_duration_seconds",
    "Time of one step of a search or a job.",
    ["step"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
SEARCHES = Counter(
    "puls_searches_total",
    "Searches by what they found and how.",
    ["outcome", "mode"],
    registry=REGISTRY,
)
INGESTED_RECORDS = Counter(
    "puls_ingested_records_total",
    "Records read from a source, by what became of them.",
    ["outcome"],
    registry=REGISTRY,
)
EMBEDDED_EVENTS = Counter(
    "puls_embedded_texts_total", "Texts turned into vectors.", registry=REGISTRY
)
INDEX_EVENTS = Gauge(
    "puls_index_events",
    "Findable events, by whether the live index version has their vector.",
    ["state"],
    registry=REGISTRY,
)
CATALOGUE_UPDATED = Gauge(
    "puls_catalogue_last_ingest_timestamp_seconds",
    "When the last ingestion run ended (Unix time).",
    registry=REGISTRY,
)

_tracer = trace.get_tracer("puls")


def configure_logging(*, level: str, format_: str) -> None:
    """Send one line per event to standard error: JSON for machines, aligned text for a terminal."""
    as_json = format_ == "json" or (format_ == "auto" and not sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


@contextlib.contextmanager
def span(step: str, **facts: str | float | bool) -> Iterator[None]:
    """Time a step: a Prometheus observation, and an OpenTelemetry span where an SDK listens."""
    began = time.perf_counter()
    with _tracer.start_as_current_span(f"puls.{step}", attributes=facts):
        try:
            yield
        finally:
            STEP_SECONDS.labels(step=step).observe(time.perf_counter() - began)


def metrics_page() -> bytes:
    """The metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
