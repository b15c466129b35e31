"""What watching costs: the same Puls twice, side by side, one watched by everything and one by nothing that can be left out.

`python -m bench.watching [ROUNDS]`. Watched: traces and metrics by OTLP to a loopback receiver, a scrape of /metrics each 5 s, the built-in
judge. Unwatched: none of these; counters and log lines are part of the code and stay. Rounds alternate, so that other work of the
machine falls on both. Wanted (issue 13): at most 5 % of throughput and p95.
"""

import statistics
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from faults.serving import Served, a_home, serving

QUESTIONS = (
    "concert à Lyon", "expo ce week-end à Paris", "jazz samedi soir", "théâtre pour enfants à Nantes",
    "gratuit dimanche à Lille", "bal folk en Bretagne", "cinéma à Nice", "atelier poterie à Grenoble",
)  # fmt: skip
ROUND = 40


class Receiver(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()


def scraping(served: Served, is_over: threading.Event) -> None:
    while not is_over.wait(5):
        httpx.get(served.base + "/metrics", timeout=10)


def round_of(http: httpx.Client, kind: str, times: list[float]) -> float:
    """Seconds of one round."""
    began = time.perf_counter()
    for number in range(ROUND):
        at = time.perf_counter()
        text = QUESTIONS[number % len(QUESTIONS)]
        if kind == "search":
            http.get("/v1/search", params={"q": text}).raise_for_status()
        else:
            http.post("/v1/chat", json={"text": text}).raise_for_status()
        times.append(time.perf_counter() - at)
    return time.perf_counter() - began


def main(rounds: int) -> None:
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    otel = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.server_address[1]}",
        "OTEL_METRIC_EXPORT_INTERVAL": "5000",
        "PULS_OPEN_DOORS": "metrics",
    }
    with (
        a_home("on") as one, a_home("off") as other,
        serving(one, **otel) as watched, serving(other, PULS_ALERTS="false") as unwatched,
    ):  # fmt: skip
        is_over = threading.Event()
        threading.Thread(target=scraping, args=(watched, is_over), daemon=True).start()
        with (
            httpx.Client(base_url=watched.base, timeout=60) as on,
            httpx.Client(base_url=unwatched.base, timeout=60) as off,
        ):
            for kind in ("search", "chat"):
                for http in (on, off):
                    round_of(http, kind, [])
                times: dict[str, list[float]] = {"on": [], "off": []}
                ratios = []
                for number in range(rounds):
                    pair = [("on", on), ("off", off)]
                    took = {
                        name: round_of(http, kind, times[name])
                        for name, http in (pair if number % 2 else pair[::-1])
                    }
                    ratios.append(took["on"] / took["off"])
                report(kind, times, ratios)
        is_over.set()


def report(kind: str, times: dict[str, list[float]], ratios: list[float]) -> None:
    said = []
    for name, each in times.items():
        each.sort()
        p50, p95 = each[len(each) // 2], each[int(len(each) * 0.95)]
        said.append(
            f"{name}: {len(each) / sum(each):.1f}/s, p50 {p50 * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"
        )
    cost = statistics.median(ratios) - 1
    print(
        f"{kind}: {'; '.join(said)}; a round watched took {cost:+.1%} (median of {len(ratios)} pairs)",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10)
