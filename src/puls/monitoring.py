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

# Until `configure_logging`, and for programs that never call it: what is printed is theirs, what is logged goes beside it.
structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
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
REQUESTS_REFUSED = Counter(
    "puls_requests_refused_total",
    "Requests refused because more was asked than can be answered.",
    ["path"],
    registry=REGISTRY,
)
CONNECTIONS_CLOSED = Counter(
    "puls_connections_closed_total",
    "Connections closed by us, by why: too many at once, or too slow to send or to read.",
    ["reason"],
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
THUMBS = Counter(
    "puls_thumbs_total",
    "Thumbs given, changed ones counted again, by what they are about and why.",
    ["thumb", "about", "reason"],
    registry=REGISTRY,
)
SURVEY_SCORES = Histogram(
    "puls_survey_score",
    "Answers to whether an outing was found, from 1, not at all, to 5.",
    buckets=(1, 2, 3, 4, 5),
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

# Calls to models, by OpenTelemetry's conventions for generative AI (semantic-conventions-genai, still in development;
# read in its state of August 2026) and, for what these do not name, by names of our own.
_GEN_AI = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"]
_GEN_AI_PROVIDERS = {"mistral": "mistral_ai"}
_GEN_AI_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)  # fmt: skip
MODEL_SECONDS = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Time of one request to a model; `error_type` is empty when it answered.",
    [*_GEN_AI, "error_type"],
    buckets=_GEN_AI_SECONDS,
    registry=REGISTRY,
)
MODEL_FIRST_TOKEN_SECONDS = Histogram(
    "gen_ai_client_operation_time_to_first_chunk_seconds",
    "Time from a request to a model to the first word of its answer.",
    _GEN_AI,
    buckets=_GEN_AI_SECONDS,
    registry=REGISTRY,
)
MODEL_TOKENS = Histogram(
    "gen_ai_client_token_usage",
    "Tokens of one request to a model.",
    [*_GEN_AI, "gen_ai_token_type"],
    buckets=tuple(4**power for power in range(14)),
    registry=REGISTRY,
)
MODEL_COST = Counter(
    "puls_model_cost_eur_total",
    "What requests to models cost, as far as prices are known.",
    ["model", "purpose"],
    registry=REGISTRY,
)
MODEL_CALLS_REFUSED = Counter(
    "puls_model_calls_refused_total",
    "Requests that were not sent: no place was free, or the circuit was open.",
    ["model", "reason"],
    registry=REGISTRY,
)
MODEL_UNAVAILABLE = Counter(
    "puls_model_unavailable_total",
    "Questions that no model answered, by why.",
    ["reason"],
    registry=REGISTRY,
)
MODEL_CIRCUIT_OPEN = Gauge(
    "puls_model_circuit_open",
    "Whether a provider is left alone for a while because it failed too often.",
    ["model"],
    registry=REGISTRY,
)
ANSWER_CACHE = Counter(
    "puls_answer_cache_total",
    "Answers a model would write, by whether a kept one was told (hit, miss, stale, personal, unavailable).",
    ["outcome"],
    registry=REGISTRY,
)
WEB_LOOKS = Counter(
    "puls_web_looks_total",
    "Looks on the web, by the first reason for them and what they came to (seen, nothing, cut, no_provider, stopped).",
    ["why", "outcome"],
    registry=REGISTRY,
)
WEB_LOOK_SECONDS = Histogram(
    "puls_web_look_seconds",
    "Time of one look on the web, whatever it came to.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0),
    registry=REGISTRY,
)
WEB_CHECKS = Counter(
    "puls_web_checks_total",
    "Events checked on the web, by what was seen and where; `proof` is empty when nothing was read.",
    ["outcome", "proof"],
    registry=REGISTRY,
)
WEB_PAGES = Counter(
    "puls_web_pages_total",
    "Pages asked for on the web: read, cached, or a code of why not.",
    ["outcome"],
    registry=REGISTRY,
)
USAGE_ROWS_LOST = Counter(
    "puls_usage_rows_lost_total",
    "Requests to models that the ledger could not keep.",
    registry=REGISTRY,
)

WEB_SEARCHES = Counter(
    "puls_web_searches_total",
    "Searches on the web by provider and outcome: answered, empty, cached, or why not.",
    ["provider", "outcome"],
    registry=REGISTRY,
)
WEB_SEARCH_SECONDS = Histogram(
    "puls_web_search_duration_seconds",
    "Time of one request to a provider of web search.",
    ["provider", "outcome"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
WEB_SEARCH_COST = Counter(
    "puls_web_search_cost_eur_total",
    "What requests to providers of web search are taken to cost.",
    ["provider", "purpose"],
    registry=REGISTRY,
)
WEB_SEARCH_CIRCUIT_OPEN = Gauge(
    "puls_web_search_circuit_open",
    "Whether a provider of web search is left alone for a while because it failed too often.",
    ["provider"],
    registry=REGISTRY,
)
WEB_SEARCH_ROWS_LOST = Counter(
    "puls_web_search_rows_lost_total",
    "Requests to providers of web search that the ledger could not keep.",
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


@contextlib.contextmanager
def model_span(model: str) -> Iterator[trace.Span]:
    """A client span of one request to `provider:model`; `observe_model_call` completes it. No words are kept."""
    operation, provider, name = _gen_ai(model)
    with _tracer.start_as_current_span(
        f"{operation} {name}",
        kind=trace.SpanKind.CLIENT,
        attributes={
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": name,
            "gen_ai.request.stream": True,
        },
    ) as span:
        yield span


def observe_model_call(
    span: trace.Span,
    *,
    model: str,
    purpose: str,
    outcome: str,
    tokens_in: int,
    tokens_cached: int,
    tokens_out: int,
    cost_eur: float | None,
    first_token_seconds: float | None,
    total_seconds: float,
) -> None:
    """Count one request to `provider:model`; `outcome` is "answered" or why not."""
    labels = _gen_ai(model)
    error = "" if outcome == "answered" else outcome
    MODEL_SECONDS.labels(*labels, error).observe(total_seconds)
    if first_token_seconds is not None:
        MODEL_FIRST_TOKEN_SECONDS.labels(*labels).observe(first_token_seconds)
        span.set_attribute("gen_ai.response.time_to_first_chunk", first_token_seconds)
    for kind, tokens in (("input", tokens_in), ("output", tokens_out)):
        if tokens:
            MODEL_TOKENS.labels(*labels, kind).observe(tokens)
            span.set_attribute(f"gen_ai.usage.{kind}_tokens", tokens)
    span.set_attribute("gen_ai.usage.cache_read.input_tokens", tokens_cached)
    span.set_attribute("puls.purpose", purpose)
    if cost_eur is not None:
        MODEL_COST.labels(model=model, purpose=purpose).inc(cost_eur)
    if error:
        span.set_attribute("error.type", error)


def _gen_ai(model: str) -> tuple[str, str, str]:
    """Operation, provider and model as the conventions name them."""
    provider, _, name = model.partition(":")
    return "chat", _GEN_AI_PROVIDERS.get(provider, provider), name


def metrics_page() -> bytes:
    """The metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
