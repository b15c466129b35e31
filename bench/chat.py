"""How fast a conversation answers with the composer alone: `python -m bench.chat [TURNS]`.

A served Puls over the sample catalogue, asked over HTTP: turns one after the other, then 100 streams at once, then many
turns to see whether memory stays flat. First token and whole answer are measured at the client.
"""

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import psutil

QUESTIONS = (
    "concert ce week-end à Lyon",
    "que faire ce soir à Paris ?",
    "expo gratuite à Nantes",
    "spectacle pour enfants de 6 ans à Lille samedi",
    "une expo l'après-midi puis un concert, samedi à Lyon",
    "jazz près de Grenoble",
    "what's on in Strasbourg this weekend?",
    "atelier poterie à Rennes demain",
    "et dimanche ?",
    "la 2e, c'est combien ?",
)
AT_ONCE = 100


async def ask(
    http: httpx.AsyncClient, text: str, conversation_id: str | None
) -> tuple[float, float, str | None]:
    """Milliseconds to the first token and to the end, and the conversation."""
    began = time.perf_counter()
    first = None
    body = {"text": text} | ({"conversation_id": conversation_id} if conversation_id else {})
    async with http.stream("POST", "/v1/chat", json=body) as answer:
        answer.raise_for_status()
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
                if name == "token" and first is None:
                    first = (time.perf_counter() - began) * 1e3
                if name == "error":
                    raise RuntimeError("a turn failed")
            elif line.startswith("data: ") and name in {"wish", "done"}:
                conversation_id = line.split('"conversation_id":"')[1][:36]
    return first or 0.0, (time.perf_counter() - began) * 1e3, conversation_id


def told(name: str, times: Sequence[tuple[float, float]]) -> None:
    for index, what in enumerate(("first token", "whole answer")):
        values = sorted(one[index] for one in times)
        p95 = values[min(len(values) - 1, int(0.95 * len(values)))]
        print(f"{name}: {what} p50 {statistics.median(values):.0f} ms, p95 {p95:.0f} ms")


async def one_after_the_other(url: str, turns: int) -> list[tuple[float, float]]:
    times = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        conversation = None
        for number in range(turns):
            text = QUESTIONS[number % len(QUESTIONS)]
            first, whole, conversation = await ask(http, text, conversation)
            times.append((first, whole))
    return times


async def at_once(url: str) -> list[tuple[float, float]]:
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=httpx.Limits(max_connections=AT_ONCE)
    ) as http:
        asked = (ask(http, QUESTIONS[number % 8], None) for number in range(AT_ONCE))
        return [(first, whole) for first, whole, _ in await asyncio.gather(*asked)]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("turns", type=int, nargs="?", default=200)
    turns = parser.parse_args().turns
    home = Path(tempfile.mkdtemp(prefix="puls-bench-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    limits = ("CHAT_PER_MINUTE", "CHAT_PER_MINUTE_PER_ADDRESS", "REQUESTS_PER_MINUTE")
    environment = os.environ | {f"PULS_{limit}": "1000000" for limit in limits}  # a bench
    environment |= {"PULS_HOME": str(home), "PULS_LOG_LEVEL": "ERROR"}
    serving = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("puls")), "serve", "--with-sample", "--port", str(port),
        env=environment, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        await until_indexed(url)
        process = psutil.Process(serving.pid)
        await one_after_the_other(url, 20)
        told("one after the other", await one_after_the_other(url, turns))
        told(f"{AT_ONCE} at once", await at_once(url))
        before = process.memory_info().rss / 2**20
        await one_after_the_other(url, turns)
        after = process.memory_info().rss / 2**20
        print(
            f"memory of the server before and after {turns} more turns: {before:.0f} and {after:.0f} MiB"
        )
    finally:
        serving.terminate()
        await serving.wait()
        shutil.rmtree(home, ignore_errors=True)


async def until_indexed(url: str) -> None:
    """The sample is loaded and has its vectors (about a minute)."""
    async with httpx.AsyncClient(base_url=url) as http:
        for _ in range(300):
            await asyncio.sleep(1)
            try:
                found = (await http.get("/v1/search", params={"q": "jazz"})).json()
            except (httpx.TransportError, ValueError):
                continue
            codes = {notice["code"] for notice in found.get("notices", [])}
            if found.get("fitting") and not codes & {"words_only", "index_behind"}:
                return
    raise SystemExit("The sample was not indexed within five minutes.")


if __name__ == "__main__":
    asyncio.run(main())
