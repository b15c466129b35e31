"""More chats than can be answered, at a steady rate whether or not they are answered: what is served, what is refused, how fast.

`python -m bench.load [RATE:SECONDS …]`, by default 20:20 60:20 100:20 and a crowd of 500 at once, on a Puls of its own with the
sample and its vectors. Wanted (issue 11): at 60 and 100 a second at least 0.9 of the peak is served, p95 of what is answered
within 3 s, refusals within 0.1 s; of the crowd everybody hears something within 5 s. The loader takes a share of the cores.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict

from faults.serving import a_home, puls, serving

QUESTIONS = (
    "concert à Lyon", "expo ce week-end à Paris", "jazz samedi soir", "théâtre pour enfants à Nantes",
    "gratuit dimanche à Lille", "bal folk en Bretagne", "cinéma en plein air à Nice", "atelier poterie près de Grenoble",
)  # fmt: skip
CROWD = 500


async def chat(port: int, number: int) -> tuple[str, float, float]:
    """How one ended, after how long, and when its first word came."""
    body = json.dumps({"text": QUESTIONS[number % len(QUESTIONS)]}).encode()
    head = f"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    began, first, said = time.monotonic(), 0.0, b""
    try:
        reading, writing = await asyncio.open_connection("127.0.0.1", port)
        writing.write(head.encode() + body)
        while piece := await asyncio.wait_for(reading.read(65_536), 60):
            said += piece
            if not first and b"event: token" in said:
                first = time.monotonic() - began
        writing.close()
    except (OSError, TimeoutError) as error:
        return type(error).__name__, time.monotonic() - began, first
    kind = "done" if b"event: done" in said else said[9:12].decode()
    return kind, time.monotonic() - began, first


async def steadily(port: int, rate: float, seconds: float) -> list[tuple[str, float, float]]:
    tasks, began = [], time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(chat(port, number)))
    return list(await asyncio.gather(*tasks))


def told(name: str, results: list[tuple[str, float, float]], seconds: float) -> None:
    kinds = defaultdict(list)
    for kind, took, _ in results:
        kinds[kind].append(took)
    served = len(kinds["done"]) / seconds
    print(f"{name}: {served:.1f} served a second", end="")
    for kind, times in sorted(kinds.items()):
        if times:
            times.sort()
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"; {kind} {len(times)}: p50 {p50:.2f}, p95 {p95:.2f}, max {times[-1]:.2f} s", end="")  # fmt: skip
    first = sorted(one for kind, _, one in results if kind == "done")
    print(f"; first word p95 {first[int(len(first) * 0.95)]:.2f} s" if first else "", flush=True)


def main() -> None:
    wanted = sys.argv[1:] or ["20:20", "60:20", "100:20", "crowd"]
    with a_home() as home:
        puls(home, "ingest", "sample")
        puls(home, "index", "build", timeout=600)
        with serving(home) as served:
            time.sleep(5)
            for one in wanted:
                began = time.monotonic()
                if one == "crowd":

                    async def crowd() -> list[tuple[str, float, float]]:
                        return list(
                            await asyncio.gather(*(chat(served.port, n) for n in range(CROWD)))
                        )

                    told(f"{CROWD} at once", asyncio.run(crowd()), time.monotonic() - began)
                else:
                    rate, seconds = map(float, one.split(":"))
                    results = asyncio.run(steadily(served.port, rate, seconds))
                    told(f"{rate:g}/s, {seconds:g} s", results, time.monotonic() - began)
                print(f"  RSS {served.rss():.0f} MiB", flush=True)
                time.sleep(3)


if __name__ == "__main__":
    main()
