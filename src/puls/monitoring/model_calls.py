"""Calls to models, by OpenTelemetry's conventions for generative AI, and what these do not name by names of our own.

Enter at `observe_model_call`. No word of a prompt or an answer is kept.
"""

from opentelemetry import trace

from puls.monitoring.families import counter, gauge, histogram
from puls.monitoring.names import CHAT, PROVIDERS, Attribute, Metric

_GEN_AI = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"]
# Both lists of edges are the conventions' own.
_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = tuple(4**power for power in range(14))

MODEL_SECONDS = histogram(
    Metric.MODEL_SECONDS,
    "Time of one request to a model; `error_type` is empty when it answered.",
    [*_GEN_AI, "error_type"],
    buckets=_SECONDS,
)
MODEL_FIRST_TOKEN_SECONDS = histogram(
    Metric.MODEL_FIRST_TOKEN_SECONDS,
    "Time from a request to a model to the first word of its answer.",
    _GEN_AI,
    buckets=_SECONDS,
)
MODEL_TOKENS = histogram(
    Metric.MODEL_TOKENS,
    "Tokens of one request to a model.",
    [*_GEN_AI, "gen_ai_token_type"],
    buckets=_TOKENS,
)
MODEL_COST = counter(
    Metric.MODEL_COST,
    "What requests to models cost, as far as prices are known.",
    ["model", "purpose"],
)
MODEL_CALLS_REFUSED = counter(
    Metric.MODEL_CALLS_REFUSED,
    "Requests that were not sent: no place was free, or the circuit was open.",
    ["model", "reason"],
)
MODEL_UNAVAILABLE = counter(
    Metric.MODEL_UNAVAILABLE,
    "Questions that no model answered, by why.",
    ["reason"],
)
MODEL_CIRCUIT_OPEN = gauge(
    Metric.MODEL_CIRCUIT_OPEN,
    "Whether a provider is left alone for a while because it failed too often.",
    ["model"],
)
ANSWER_CACHE = counter(
    Metric.ANSWER_CACHE,
    "Answers a model would write, by whether a kept one was told (hit, miss, stale, personal, unavailable).",
    ["outcome"],
)
USAGE_ROWS_LOST = counter(
    Metric.USAGE_ROWS_LOST,
    "Requests to models that the ledger could not keep.",
)
BUDGET_USED = gauge(
    Metric.BUDGET_USED,
    "Share of PULS_DAILY_BUDGET_EUR spent today; absent without a budget.",
    ["day"],
)
BUDGET_SPENT = gauge(
    Metric.BUDGET_SPENT, "Euros spent today on models and web searches, all replicas together."
)


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
    operation: str = CHAT,
) -> None:
    """Count one request to `provider:model`; `outcome` is "answered" or why not."""
    labels = gen_ai(model, operation)
    error = "" if outcome == "answered" else outcome
    MODEL_SECONDS.labels(*labels, error).observe(total_seconds)
    if first_token_seconds is not None:
        MODEL_FIRST_TOKEN_SECONDS.labels(*labels).observe(first_token_seconds)
        span.set_attribute(Attribute.TIME_TO_FIRST_CHUNK, first_token_seconds)
    for kind, attribute, tokens in (
        ("input", Attribute.INPUT_TOKENS, tokens_in),
        ("output", Attribute.OUTPUT_TOKENS, tokens_out),
    ):
        if tokens:
            MODEL_TOKENS.labels(*labels, kind).observe(tokens)
            span.set_attribute(attribute, tokens)
    span.set_attribute(Attribute.CACHED_TOKENS, tokens_cached)
    span.set_attribute(Attribute.PURPOSE, purpose)
    if cost_eur is not None:
        MODEL_COST.labels(model=model, purpose=purpose).inc(cost_eur)
    if error:
        span.set_attribute(Attribute.ERROR_TYPE, error)


def gen_ai(model: str, operation: str = CHAT) -> tuple[str, str, str]:
    """Operation, provider and model of `provider:model` as the conventions name them."""
    provider, _, name = model.partition(":")
    return operation, PROVIDERS.get(provider, provider), name
