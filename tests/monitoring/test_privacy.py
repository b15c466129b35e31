"""One person's words and data, planted through every door, are looked for in all that leaves Puls for others."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from puls.database import Database
from tests.monitoring.test_otlp import Collector, collector
from tests.serving import an_event, save

__all__ = ["collector"]

PLANTED = (
    "Zébulon Quichenotte",
    "zebulon@example.org",
    "06 12 34 56 78",
    "je suis en fauteuil roulant électrique vermillon",
)
TRACES = ("Zébulon", "Quichenotte", "zebulon@", "06 12 34", "vermillon", "45.7640437", "4.8356591")


@pytest.fixture
def notices() -> Iterator[tuple[str, list[str]]]:
    """Where alerts are posted, and what came."""
    came: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", came
    server.shutdown()
    server.server_close()
    thread.join()


def _telling(text: str) -> list[str]:
    """Which traces of the person are in a text, as it is or as JSON and addresses write it."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), unquote(text))
    return [trace for trace in TRACES if trace.casefold() in plain.casefold()]


@pytest.mark.database
async def test_what_leaves_puls_for_others_tells_nothing_of_a_visitor(
    database: Database,
    database_url: str,
    collector: Collector,  # the fixture, by its name
    notices: tuple[str, list[str]],
    tmp_path: Path,
) -> None:
    """Logs at their most talkative, traces, metrics, alerts, reports and exports; all doors, failures included."""
    await save(database, [an_event()])
    address, came = notices
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "PULS_"))
    }
    environment |= {
        "PULS_DATABASE_URL": database_url,
        "PULS_HOME": str(tmp_path / "home"),
        "PULS_LOG_FORMAT": "json",
        "PULS_LOG_LEVEL": "debug",
        "PULS_ALERTS_WEBHOOK": address,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server.server_address[1]}",
    }
    program = Path(__file__).with_name("whole_run.py")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(program), *PLANTED],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert len(said["turns"]) == 3, "the visitor was not heard"  # the fourth message was too long
    assert said["erased"] == 204
    assert any("AnswersLow" in notice for notice in came)
    assert b"puls.turn" in collector.raw
    told = said["told"] | {
        "logs": done.stderr,
        "traces": collector.raw.decode("utf-8", "replace"),
        "alerts": "".join(came),
    }
    assert all(told.values())
    found = {name: _telling(text) for name, text in told.items()}
    # A case keeps the question, which a person reads before it is kept: what is asked for stays, who asks does not.
    assert found.pop("case") == ["vermillon"]
    assert {name: traces for name, traces in found.items() if traces} == {}
