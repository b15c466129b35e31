"""How fast a conversation answers with the composer alone: `python -m bench.chat [TURNS] [--memory TURNS]`.

A served Puls over the sample catalogue, asked over HTTP: turns one after the other; 100 streams at once, alone and beside
clients that ask and do not read; then many turns to see whether memory stays flat. First token and whole answer are
measured at the client, which shares the machine with the server.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
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


async def told_at_once(
    name: str, process: psutil.Process, asking: Awaitable[list[tuple[float, float]]]
) -> None:
    before = process.cpu_times()
    told(name, await asking)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    print(f"{name}: {spent / AT_ONCE * 1e3:.0f} ms of the server's processor a turn")


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


async def read_slowly(port: int, number: int, read: list[int]) -> None:
    """A client with a tiny buffer that asks and takes 64 bytes a second of the answer, until it is cancelled."""
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", port))
        body = json.dumps({"text": QUESTIONS[number % 8]}).encode()
        head = f"POST /v1/chat HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        await loop.sock_sendall(client, head.encode() + body)
        while piece := await loop.sock_recv(client, 64):
            read.append(len(piece))
            await asyncio.sleep(1)


async def beside_slow_readers(url: str, port: int) -> list[tuple[float, float]]:
    """100 streams while as many clients hang on answers that they do not take."""
    read: list[int] = []
    slow = [asyncio.create_task(read_slowly(port, number, read)) for number in range(AT_ONCE)]
    await asyncio.sleep(15)  # their turns are answered, their sockets full
    times = await at_once(url)
    left = sum(task.done() for task in slow)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    print(f"slow readers: {AT_ONCE} asked, took {sum(read) / AT_ONCE:.0f} bytes each, {left} ended")
    return times


async def memory(url: str, process: psutil.Process, turns: int) -> None:
    """The server's memory as turns go by: conversations of ten turns, each of another visitor, four at once."""
    done = 0

    async def visitor() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            conversation = None
            for text in QUESTIONS:
                *_, conversation = await ask(http, text, conversation)

    while done < turns:
        step = min(500, turns - done)
        for _ in range(step // (4 * len(QUESTIONS))):
            await asyncio.gather(*(visitor() for _ in range(4)))
        await asyncio.gather(*(visitor() for _ in range(step // len(QUESTIONS) % 4)))
        done += step
        print(f"memory after {done} turns: {process.memory_info().rss / 2**20:.0f} MiB", flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("turns", type=int, nargs="?", default=200)
    parser.add_argument("--memory", type=int, default=500, help="turns of the memory series")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="puls-bench-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    limits = (
        "CHAT_PER_MINUTE",
        "CHAT_PER_MINUTE_PER_ADDRESS",
        "REQUESTS_PER_MINUTE",
        "REQUESTS_PER_MINUTE_PER_ADDRESS",
    )
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
        told("one after the other", await one_after_the_other(url, asked.turns))
        for _ in range(3):
            await told_at_once(f"{AT_ONCE} at once", process, at_once(url))
        await told_at_once(
            f"{AT_ONCE} beside as many slow readers", process, beside_slow_readers(url, port)
        )
        await memory(url, process, asked.memory)
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
