"""By hand: a served Puls under a little load, a real Prometheus and a real Alertmanager beside it, and what they make of it.

`python -m scripts.try_monitoring` needs Debian's `prometheus` and `prometheus-alertmanager`. Prints which recording rules return a
sample, which queries of the dashboards return data (before that a model fails, PostgreSQL pauses and a bad record is read, so that
every panel has something to show), and which alerts arrive by Alertmanager's webhook when PostgreSQL is stopped and then the whole
of Puls is killed. A SearXNG and a model of our own answer on loopback. Windows are the real ones; scrapes and evaluations come every 2 s, and `for` is shortened.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml
from faults.serving import Served, a_home, free_port, puls, serving
from scripts.dashboard_panels import DASHBOARDS

ROOT = Path(__file__).parents[1]
_LOAD_SECONDS = 100
_WAIT_SECONDS = 150
_TROUBLE_SECONDS, _PAUSED_SECONDS, _SETTLING_SECONDS = 15, 45, 75  # a turn gives up after 40 s
_TOWNS = ("Lyon", "Paris", "Nantes", "Lille", "Nice", "Rennes", "Toulouse", "Bordeaux", "Metz")
_WHAT = ("concert", "expo", "théâtre", "atelier", "jazz", "opéra sous-marin de 1712", "marché")


class SearchEngine:
    """SearXNG's JSON on loopback, with one page that nobody may read (loopback is refused): searches and looks are counted."""

    def __init__(self) -> None:
        class Engine(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                page = {
                    "url": "http://127.0.0.1:9/agenda", "title": "Agenda", "content": "Concert samedi",
                    "engine": "own", "engines": ["own"], "score": 1.0, "category": "general",
                }  # fmt: skip
                body = json.dumps({"query": "", "results": [page]}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 # the library's name

        server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{server.server_address[1]}"


class Received:
    """A webhook of Alertmanager's that keeps what it is sent."""

    def __init__(self) -> None:
        self.alerts: dict[tuple[str, str], float] = {}
        received = self

        class Hook(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                for alert in body["alerts"]:
                    key = (alert["labels"]["alertname"], alert["status"])
                    received.alerts.setdefault(key, time.monotonic())
                self.send_response(200)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextlib.contextmanager
def running(command: list[str], log: Path) -> Iterator[None]:
    with log.open("w") as written, subprocess.Popen(command, stdout=written, stderr=written) as one:  # noqa: S603 # our own
        try:
            yield
        finally:
            one.terminate()


def configure(folder: Path, *, puls: int, alertmanager: int, hook: int) -> None:
    """The committed files, with ports of this trial and its haste."""
    shutil.copytree(ROOT / "deploy" / "prometheus", folder / "prometheus")
    path = folder / "prometheus" / "prometheus.yml"
    config = yaml.safe_load(path.read_text())
    config["global"] = {"scrape_interval": "2s", "evaluation_interval": "2s"}
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [
        f"127.0.0.1:{alertmanager}"
    ]
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{puls}"]
    path.write_text(yaml.safe_dump(config))
    rules = folder / "prometheus" / "rules" / "puls.yml"
    rules.write_text(re.sub(r"for: \d+m", "for: 10s", rules.read_text()))
    text = (ROOT / "deploy" / "alertmanager" / "alertmanager.yml").read_text()
    text = re.sub(r"127\.0\.0\.1:9099", f"127.0.0.1:{hook}", text)
    text = re.sub(r"group_wait: \d+s", "group_wait: 1s", text).replace(
        "group_interval: 5m", "group_interval: 5s"
    )
    (folder / "alertmanager.yml").write_text(text)


def load(served: Served, seconds: float, until: threading.Event | None = None) -> int:
    """Questions one after the other; a failure is what is wanted later."""
    number, ends = 0, time.monotonic() + seconds
    with httpx.Client(base_url=served.base, timeout=30) as http:
        while time.monotonic() < ends and not (until and until.is_set()):
            text = f"{_WHAT[number % len(_WHAT)]} à {_TOWNS[number % len(_TOWNS)]}"
            with contextlib.suppress(httpx.HTTPError):
                asked = {"text": text} | ({"web": "quick"} if number % 4 == 0 else {})
                answer = http.post("/v1/chat", json=asked)
                if number % 5 == 0 and (found := re.search(r'"turn_id":\s*"([^"]+)"', answer.text)):
                    http.post(f"/v1/turns/{found[1]}/feedback", json={"thumb": "up"})
                    http.post(f"/v1/turns/{found[1]}/survey", json={"score": 4})
                if number % 7 == 0:
                    http.get("/v1/search", params={"q": text})
            number += 1
            time.sleep(0.3)
    return number


def asked(base: str, query: str) -> list[Any]:
    answer = httpx.get(f"{base}/api/v1/query", params={"query": query}, timeout=20).json()
    if answer["status"] != "success":
        print(f"  NOT ANSWERED: {query}: {answer.get('error')}")
        return []
    result = answer["data"]["result"]
    return [one for one in result if one["value"][1] not in ("NaN", "+Inf")]


def report_rules(base: str) -> None:
    groups = httpx.get(f"{base}/api/v1/rules", timeout=20).json()["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    recording = [rule for rule in rules if rule["type"] == "recording"]
    empty = [
        rule["name"]
        for rule in recording
        if not asked(
            base,
            rule["name"] + "{" + ",".join(f'{k}="{v}"' for k, v in rule["labels"].items()) + "}",
        )
    ]
    ill = [rule["name"] for rule in rules if rule["health"] != "ok"]
    print(
        f"recording rules: {len(recording)}, without a sample: {empty or 'none'}; not healthy: {ill or 'none'}"
    )
    firing = [
        rule["name"] for rule in rules if rule["type"] == "alerting" and rule["state"] == "firing"
    ]
    print(f"alerts: {len(rules) - len(recording)}, firing while all is well: {firing or 'none'}")


def report_dashboards(base: str) -> None:
    for name, (_, panels) in DASHBOARDS.items():
        with_data, without = 0, []
        for panel in panels:
            for _, query in panel.queries:
                if asked(base, query.replace("$__rate_interval", "1m")):
                    with_data += 1
                else:
                    without.append(f"{panel.title} ({panel.needs or 'NOT EXPECTED'})")
        print(
            f"dashboard {name}: {with_data} queries with data, without: {'; '.join(without) or 'none'}"
        )


def wait_for(received: Received, wanted: set[str], began: float) -> None:
    ends = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < ends and not wanted <= {
        name for name, state in received.alerts if state == "firing"
    }:
        time.sleep(1)
    for (name, state), at in sorted(received.alerts.items(), key=lambda one: one[1]):
        print(f"  by Alertmanager's webhook after {at - began:5.1f} s: {name} {state}")
    missing = wanted - {name for name, state in received.alerts if state == "firing"}
    print(f"  wanted and not arrived: {', '.join(sorted(missing)) or 'none'}")
    received.alerts.clear()


def stop_postgresql(served: Served) -> list[psutil.Process]:
    postmaster = served.postmaster()
    stopped = [postmaster, *postmaster.children(recursive=True)]
    for process in stopped:
        process.send_signal(signal.SIGSTOP)
    return stopped


def trouble(served: Served, home: Path, mode: Path) -> None:
    """What the remaining panels tell of: a model that fails, turns that fail, a record that becomes no event."""
    mode.write_text("down")
    load(served, _TROUBLE_SECONDS)
    mode.write_text("ok")
    asking = [threading.Thread(target=load, args=(served, _TROUBLE_SECONDS)) for _ in range(4)]
    for one in asking:
        one.start()
    time.sleep(2)
    stopped = stop_postgresql(served)
    time.sleep(_PAUSED_SECONDS)
    for process in stopped:
        process.send_signal(signal.SIGCONT)
    for one in asking:
        one.join()
    records = home.parent / "records.jsonl"
    records.write_text(
        json.dumps({"uid": "1", "title_fr": "Sans date ni lieu"}) + "\n" + json.dumps(_tomorrow())
    )
    read = puls(home, "ingest", "file", str(records))
    print(f"a record without date or place, and one of tomorrow: {read.last}", flush=True)
    with httpx.Client(base_url=served.base, timeout=60) as http:
        for _ in range(3):
            text = "reste-t-il des billets pour le concert Contrepoids à Lyon demain ?"
            http.post("/v1/chat", json={"text": text, "web": "thorough"})
            load(served, _SETTLING_SECONDS / 3)


def _tomorrow() -> dict[str, object]:
    """An event whose page the guard will not read here: the check is made, and says so."""
    starts = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    return {
        "uid": "2", "title_fr": "Concert Contrepoids", "description_fr": "Un orgue et deux danseuses.",
        "canonicalurl": "https://openagenda.com/agendas/3/events/contrepoids", "originagenda_uid": "3",
        "updatedat": starts, "firstdate_begin": starts, "lastdate_end": starts, "location_name": "Salle des fêtes",
        "timings": json.dumps([{"begin": starts, "end": starts}]), "location_city": "Lyon",
        "location_insee": "69123", "location_countrycode": "FR", "location_coordinates": {"lat": 45.76, "lon": 4.83},
    }  # fmt: skip


def trial(folder: Path, home: Path) -> None:
    model, prometheus, alertmanager, received = free_port(), free_port(), free_port(), Received()
    mode = folder / "mode"
    mode.write_text("ok")
    hook = int(received.server.server_address[1])
    settings = {
        "PULS_MODELS": f"openai:odd@http://127.0.0.1:{model}/v1",
        "PULS_OPEN_DOORS": "metrics",
        "PULS_DAILY_BUDGET_EUR": "5",
        "PULS_WEB_SEARCH": f"searxng@{SearchEngine().address}",
    }
    with (
        running(
            [sys.executable, str(ROOT / "faults" / "odd_model.py"), str(model), str(mode)],
            folder / "model.log",
        ),
        serving(home, **settings) as served,
    ):
        configure(folder, puls=served.port, alertmanager=alertmanager, hook=hook)
        watching = [
            "prometheus", f"--config.file={folder}/prometheus/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
            f"--web.listen-address=127.0.0.1:{prometheus}",
        ]  # fmt: skip
        alerting = [
            "prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/am",
            f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address=",
        ]  # fmt: skip
        base = f"http://127.0.0.1:{prometheus}"
        with running(watching, folder / "prometheus.log"), running(alerting, folder / "am.log"):
            print(f"{load(served, _LOAD_SECONDS)} questions in {_LOAD_SECONDS} s", flush=True)
            report_rules(base)
            trouble(served, home, mode)
            received.alerts.clear()
            report_dashboards(base)
            print("PostgreSQL stopped (SIGSTOP), questions go on:", flush=True)
            began, is_over = time.monotonic(), threading.Event()
            asking = [
                threading.Thread(target=load, args=(served, _WAIT_SECONDS, is_over))
                for _ in range(6)
            ]
            stopped = stop_postgresql(served)
            for one in asking:
                one.start()
            wait_for(received, {"DatabaseAway"}, began)
            is_over.set()
            for process in stopped:
                process.send_signal(signal.SIGCONT)
            print("Puls killed (SIGKILL):", flush=True)
            began = time.monotonic()
            os.killpg(served.process.pid, signal.SIGKILL)
            wait_for(received, {"PulsDown"}, began)
            for one in asking:
                one.join()


def main() -> None:
    with a_home() as home, tempfile.TemporaryDirectory(prefix="puls-monitoring-") as folder:
        trial(Path(folder), home)


if __name__ == "__main__":
    main()
