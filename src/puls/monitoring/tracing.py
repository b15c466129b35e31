"""Spans: every request, step, job, transaction and request to a model, whole across HTTP and the queue.

They cost next to nothing until `puls.monitoring.telemetry` sets an OpenTelemetry SDK up. What went wrong is told by the name of
the error alone: its message may hold what somebody wrote. Enter at `span`.
"""

import contextlib
import time
from collections.abc import Iterator, Mapping

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from puls.monitoring.model_calls import gen_ai
from puls.monitoring.names import CHAT, Attribute
from puls.monitoring.technical import STEP_SECONDS

_tracer = trace.get_tracer("puls")
_trace_context = TraceContextTextMapPropagator()
Facts = str | float | bool


@contextlib.contextmanager
def span(step: str, **facts: Facts) -> Iterator[None]:
    """Time a step: a Prometheus observation, and an OpenTelemetry span where an SDK listens."""
    began = time.perf_counter()
    with a_span(f"puls.{step}", facts):
        try:
            yield
        finally:
            STEP_SECONDS.labels(step=step).observe(time.perf_counter() - began)


@contextlib.contextmanager
def a_span(
    name: str,
    facts: Mapping[str, Facts] | None = None,
    *,
    kind: trace.SpanKind = trace.SpanKind.INTERNAL,
) -> Iterator[trace.Span]:
    """A span without a metric. An error marks it by its class; neither message nor stack is kept."""
    with _tracer.start_as_current_span(
        name, kind=kind, attributes=facts, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_attribute(Attribute.ERROR_TYPE, type(error).__name__)
            current.set_status(trace.Status(trace.StatusCode.ERROR))
            raise


@contextlib.contextmanager
def model_span(model: str, operation: str = CHAT) -> Iterator[trace.Span]:
    """A client span of one request to `provider:model`; `observe_model_call` completes it. No words are kept.

    The trace is not passed on to the provider: our ids are nothing to strangers.
    """
    operation, provider, name = gen_ai(model, operation)
    facts: dict[str, Facts] = {
        Attribute.OPERATION: operation,
        Attribute.PROVIDER: provider,
        Attribute.MODEL: name,
        Attribute.STREAM: True,
    }
    with a_span(f"{operation} {name}", facts, kind=trace.SpanKind.CLIENT) as current:
        yield current


@contextlib.contextmanager
def job_span(name: str, carrier: Mapping[str, str] | None = None) -> Iterator[trace.Span]:
    """Time one job taken from the queue, in the trace of whoever asked for it; `carrier` as `inject` made it."""
    began = time.perf_counter()
    with (
        continued(carrier or {}),
        a_span("puls.job", {Attribute.JOB: name}, kind=trace.SpanKind.CONSUMER) as current,
    ):
        try:
            yield current
        finally:
            STEP_SECONDS.labels(step="job").observe(time.perf_counter() - began)


@contextlib.contextmanager
def server_span(method: str, headers: Mapping[str, str]) -> Iterator[trace.Span]:
    """One HTTP request, in the caller's trace if it sent a `traceparent`."""
    with (
        continued(headers),
        a_span(method, {Attribute.HTTP_METHOD: method}, kind=trace.SpanKind.SERVER) as current,
    ):
        yield current


@contextlib.contextmanager
def continued(carrier: Mapping[str, str]) -> Iterator[None]:
    """Within this block spans belong to the trace that `carrier` names; one that names none, or nonsense, changes nothing."""
    if "traceparent" not in carrier:
        yield
        return
    token = context.attach(_trace_context.extract(carrier))
    try:
        yield
    finally:
        context.detach(token)


def inject() -> dict[str, str]:
    """The current trace as text (`traceparent`), to be kept with a job or sent to a service of our own; empty without one."""
    carrier: dict[str, str] = {}
    _trace_context.inject(carrier)
    return carrier


def extract(carrier: Mapping[str, str]) -> context.Context:
    """The context of a trace that `inject` wrote down."""
    return _trace_context.extract(carrier)
