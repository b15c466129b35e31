"""Structured logs: one rich line per request and per job, with the ids of the trace they belong to. Nobody's words.

Enter at `configure_logging` and `log`.
"""

import logging
import sys

import structlog
from opentelemetry import trace

# Until `configure_logging`, and for programs that never call it: what is printed is theirs, what is logged goes beside it.
structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
log: structlog.stdlib.BoundLogger = structlog.get_logger("puls")


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
            with_trace_ids,
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


def with_trace_ids(
    _: object, __: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A processor: `trace_id` and `span_id` in hexadecimal, as trace viewers take them, while a trace is under way."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = trace.format_trace_id(context.trace_id)
        line["span_id"] = trace.format_span_id(context.span_id)
    return line
