"""Traces and metrics as a collector gets them: official protobuf over HTTP, whole, and with nobody's words in them."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from puls.database import Database
from puls.settings import otel_asked
from tests.serving import an_event, save

pytestmark = pytest.mark.alone

_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
_PARENT = "00f067aa0ba902b7"
_SECRET = "Zébulon Quichenotte"  # a name that nobody else could have written
_QUESTION = f"concert de jazz à Lyon pour {_SECRET}, zebulon@example.org, 06 12 34 56 78"


class Collector:
    """A loopback OTLP receiver."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.metrics: set[str] = set()
        self.resource: dict[str, str] = {}
        self.raw = b""
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                collector.take(self.path, self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def take(self, path: str, body: bytes) -> None:
        self.raw += body
        if path == "/v1/traces":
            traces = ExportTraceServiceRequest.FromString(body)
            for resource in traces.resource_spans:
                self.resource |= {
                    one.key: one.value.string_value for one in resource.resource.attributes
                }
                self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        else:
            metrics = ExportMetricsServiceRequest.FromString(body)
            for one in metrics.resource_metrics:
                self.metrics |= {
                    metric.name for scope in one.scope_metrics for metric in scope.metrics
                }


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, daemon=True)
    thread.start()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()
    thread.join()


def _environment_of(database_url: str, home: Path, **variables: str) -> dict[str, str]:
    """Of a Puls on the test's database, with nothing of the caller's."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "PULS_"))
    }
    own = {
        "PULS_DATABASE_URL": database_url, "PULS_HOME": str(home), "PULS_LOG_FORMAT": "json",
        "PULS_LOG_LEVEL": "debug",
    }  # fmt: skip
    return kept | own | variables


def a_turn(database_url: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    program = Path(__file__).with_name("otlp_turn.py")
    return subprocess.run(
        [sys.executable, str(program), _QUESTION, f"00-{_TRACE}-{_PARENT}-01"],
        env=_environment_of(database_url, home, **variables), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.mark.database
async def test_a_turn_is_one_trace_from_http_to_the_database_and_says_nothing_of_anybody(
    database: Database, database_url: str, collector: Collector, tmp_path: Path
) -> None:
    """Whoever looks for why an answer was slow sees all of it; whoever reads the traces learns nothing about the visitor."""
    await save(database, [an_event()])
    endpoint = f"http://127.0.0.1:{collector.server.server_address[1]}"
    done = a_turn(
        database_url,
        tmp_path / "home",
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=test",
    )
    assert done.stdout.strip() == "200 True", done.stderr[-800:]
    spans = {span.span_id: span for span in collector.spans if span.trace_id.hex() == _TRACE}
    names = {span.name for span in spans.values()}
    assert {
        "POST /v1/chat", "puls.turn", "puls.turn.understand", "puls.search", "puls.search.candidates",
        "puls.search.rank", "puls.turn.write", "puls.database",
    } <= names  # fmt: skip
    (root,) = [span for span in spans.values() if span.parent_span_id.hex() == _PARENT]
    assert root.name == "POST /v1/chat"
    assert root.kind == Span.SPAN_KIND_SERVER
    assert all(span is root or span.parent_span_id in spans for span in spans.values())
    assert collector.resource["service.name"] == "puls"
    assert collector.resource["deployment.environment.name"] == "test"
    assert {
        "puls_turns",
        "puls_turn_first_card_seconds",
        "puls_step_duration_seconds",
    } <= collector.metrics
    told = collector.raw.decode("utf-8", "replace") + done.stderr
    for secret in (_SECRET, "Zébulon", "zebulon@example.org", "06 12 34 56 78", "Trois guitares"):
        assert secret not in told
    assert _TRACE in done.stderr  # the log line of the request names its trace


@pytest.mark.database
def test_a_job_goes_on_in_the_trace_of_whoever_asked_for_it(
    database_url: str, collector: Collector, tmp_path: Path
) -> None:
    """Across two processes and the queue: why new events have no vector yet is read in the trace of their ingestion."""
    starts = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    records = tmp_path / "events.jsonl"
    records.write_text(
        json.dumps(
            {
                "uid": "1", "title_fr": "Contrepoids", "description_fr": "Un orgue et deux danseuses.",
                "updatedat": starts, "firstdate_begin": starts, "lastdate_end": starts, "location_uid": "7",
                "timings": json.dumps([{"begin": starts, "end": starts}]), "location_name": "Salle des fêtes",
                "location_city": "Lyon", "location_insee": "69123", "location_countrycode": "FR",
                "location_coordinates": {"lat": 45.76, "lon": 4.83},
            }
        )
    )  # fmt: skip
    environment = _environment_of(
        database_url,
        tmp_path / "home",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server.server_address[1]}",
        OTEL_METRICS_EXPORTER="none",
        OTEL_BSP_SCHEDULE_DELAY="200",
    )
    program = Path(__file__).with_name("otlp_ingest.py")
    done = subprocess.run(
        [sys.executable, str(program), str(records), f"00-{_TRACE}-{_PARENT}-01"],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "1", done.stderr[-800:]
    before = {span.span_id for span in collector.spans}
    with subprocess.Popen(
        [sys.executable, "-c", "from puls.cli.app import main; main()", "worker"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as worker:  # fmt: skip
        try:
            _until(lambda: any(map(_is_embedding, collector.spans)), seconds=180)
        finally:
            worker.terminate()
            worker.wait(60)
    spans = {span.span_id: span for span in collector.spans if span.trace_id.hex() == _TRACE}
    (job,) = [span for span in spans.values() if _is_embedding(span)]
    assert job.kind == Span.SPAN_KIND_CONSUMER
    assert job.span_id not in before  # another process made it
    above = job
    while above.parent_span_id in spans:
        above = spans[above.parent_span_id]
    assert above.name.startswith("POST")
    assert above.parent_span_id.hex() == _PARENT
    assert any(span.parent_span_id == job.span_id for span in spans.values())  # its transactions


def _is_embedding(span: Span) -> bool:
    facts = {one.key: one.value.string_value for one in span.attributes}
    return span.trace_id.hex() == _TRACE and span.name == "puls.job" and "embed" in facts.values()


def _until(holds: Callable[[], bool], *, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.2)


@pytest.mark.database
async def test_a_collector_that_is_away_is_silent_and_keeps_nobody_waiting(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Watching must never be what fails."""
    await save(database, [an_event()])
    quiet_began = time.monotonic()
    quiet = a_turn(database_url, tmp_path / "home")
    without = time.monotonic() - quiet_began
    began = time.monotonic()
    done = a_turn(database_url, tmp_path / "home", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert done.stdout.strip() == quiet.stdout.strip() == "200 True", done.stderr[-800:]
    assert "opentelemetry" not in done.stderr.lower()
    assert time.monotonic() - began < without + 15


@pytest.mark.parametrize(
    ("variables", "traces", "metrics"),
    [
        ({}, False, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True, False),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False, False),
    ],
)
def test_only_the_standard_variables_switch_exports_on(
    variables: dict[str, str], traces: bool, metrics: bool
) -> None:
    asked = otel_asked(variables)
    assert (asked.traces, asked.metrics) == (traces, metrics)
