"""Too much, too slow, too many: F4, F5, F9 in small, F14–F16, F22, K21 and others of their kinds."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import psycopg

from faults.serving import (
    Served,
    a_home,
    a_server,
    check,
    free_port,
    puls,
    serving,
)

MEBI = 2**20


def _peak(served: Served, work: Callable[[], None]) -> float:
    """The most memory seen while something runs, in mebibytes."""
    most, is_over = [served.rss()], threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            with contextlib.suppress(psutil.Error):
                most.append(served.rss())
            time.sleep(0.05)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        work()
    finally:
        is_over.set()
        watching.join()
    return max(most)


def _send_body(port: int, path: str, size: int, *, chunked: bool) -> str:
    """The status of a body of zeros, or how the connection ended."""
    piece = b" " * MEBI
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        )
        head += (
            "Transfer-Encoding: chunked\r\n\r\n" if chunked else f"Content-Length: {size}\r\n\r\n"
        )
        sent = 0
        try:
            wire.sendall(head.encode())
            while sent < size:
                wire.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if chunked else piece)
                sent += len(piece)
            if chunked:
                wire.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # it stopped reading; what it said is still there
        try:
            said = wire.recv(4096).decode("latin-1")
        except OSError as error:
            return type(error).__name__
    return said.split("\r\n", 1)[0]


def large_bodies(paths: tuple[str, ...], size: int, *, chunked: bool) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home, serving(home) as served:
            before, said = served.rss(), []

            def send() -> None:
                with ThreadPoolExecutor(4) as threads:
                    said.extend(
                        threads.map(
                            lambda path: _send_body(served.port, path, size, chunked=chunked), paths
                        )
                    )

            peak = _peak(served, send)
            check(peak < before + 250, f"RSS {before:.0f} → {peak:.0f} MiB; {sorted(set(said))}")
            check(all("413" in one for one in said), f"{sorted(set(said))}")
            return f"{said[0]}; RSS {before:.0f} → {peak:.0f} MiB for {len(paths)} × {size / MEBI:.0f} MiB"

    return trial


def ten_gigabytes() -> str:
    """Forty times 256 MiB, with and without a length, at four at once."""
    return large_bodies(
        ("/v1/chat", "/mcp", "/v1/chat/completions", "/chat") * 10, 256 * MEBI, chunked=True
    )()


def _hostile(port: int, count: int, said: bytes) -> list[socket.socket]:
    held = []
    for _ in range(count):
        wire = socket.socket()
        wire.settimeout(5)
        try:
            wire.connect(("127.0.0.1", port))
            wire.sendall(said)
        except OSError:
            pass
        held.append(wire)
    return held


def _answers(served: Served, times: int = 5) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.monotonic()
        try:
            code = httpx.get(f"{served.base}/health/live", timeout=8).status_code
        except httpx.HTTPError as error:
            raise AssertionError(f"nobody else is answered: {type(error).__name__}") from error
        check(code == 200, f"{code}")
        taken.append(time.monotonic() - began)
        time.sleep(0.3)
    return taken


def slow_clients(said: bytes, what: str, *, count: int = 1100) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home, serving(home, descriptors=1024) as served:
            size = len(served.said())
            held = _hostile(served.port, count, said)
            cpu = psutil.Process(served.process.pid).cpu_times()
            began = time.monotonic()
            try:
                taken = _answers(served)
            except AssertionError as error:
                time.sleep(3)
                grown = (len(served.said()) - size) / MEBI
                check(False, f"{error}; log grew by {grown:.1f} MB")
                raise
            while time.monotonic() < began + 16:
                time.sleep(0.5)
            spent = psutil.Process(served.process.pid).cpu_times()
            busy = (spent.user - cpu.user + spent.system - cpu.system) / (time.monotonic() - began)
            grown = len(served.said()) - size
            open_now = sum(
                one.status == psutil.CONN_ESTABLISHED and one.laddr.port == served.port
                for one in psutil.Process(served.process.pid).net_connections()
            )
            check(open_now < 100, f"{open_now} of {count} connections are still open after 16 s")
            check(grown < 300 * count, f"the log grew by {grown} bytes")  # a line each at most
            for wire in held:
                wire.close()
            return (
                f"{count} clients with {what}: others answered in {max(taken):.2f} s at most, {open_now} left after "
                f"16 s, {busy:.0%} of a core, log +{grown} bytes, RSS {served.rss():.0f} MiB"
            )

    return trial


def slow_body() -> str:
    with a_home() as home, serving(home) as served:
        with socket.create_connection(("127.0.0.1", served.port), timeout=40) as wire:
            head = f"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
            wire.sendall(head.encode())
            began = time.monotonic()
            while time.monotonic() < began + 30:
                with contextlib.suppress(OSError):
                    wire.sendall(b" ")
                wire.settimeout(1)
                with contextlib.suppress(TimeoutError):
                    said = wire.recv(4096).decode("latin-1").split("\r\n", 1)[0]
                    seconds = time.monotonic() - began
                    check("408" in said and seconds < 12, f"{said} after {seconds:.0f} s")
                    return f"{said} after {seconds:.0f} s"
        check(False, "still reading after 30 s")
    return ""


def database_away() -> str:
    """F14: a server of an operator's that gives no connection any more."""
    with a_home() as home:
        home.parent.mkdir(exist_ok=True)
        with (
            a_server(home.parent) as where,
            psycopg.connect(f"{where} user=postgres", autocommit=True) as admin,
        ):
            admin.execute("CREATE EXTENSION vector")
            admin.execute("CREATE ROLE app LOGIN CREATEROLE")
            admin.execute("GRANT CREATE ON SCHEMA public TO app")
            admin.execute("ALTER DATABASE postgres OWNER TO app")
            with serving(home, PULS_DATABASE_URL=f"{where} user=app") as served:
                admin.execute("ALTER ROLE app CONNECTION LIMIT 0")
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'"
                )
                times, codes = [], []
                for _ in range(4):
                    began = time.monotonic()
                    answer = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=40)
                    times.append(time.monotonic() - began)
                    codes.append(answer.json().get("code"))
                admin.execute("ALTER ROLE app CONNECTION LIMIT -1")
                back = served.wait(seconds=20, path="/v1/search?q=jazz")
        told = ", ".join(
            f"{code} {seconds:.1f} s" for code, seconds in zip(codes, times, strict=True)
        )
        check(max(times[1:]) < 1.0, told)
        check(set(codes) == {"database_unavailable"}, told)
        check("retry-after" in answer.headers, "no Retry-After")
        return f"{told}; Retry-After {answer.headers['retry-after']}; back after {back:.1f} s"


def locked_table(table: str) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home, serving(home) as served:
            with psycopg.connect(served.database_url()) as admin:
                admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())

                def chat(_: int) -> str:
                    try:
                        answer = httpx.post(
                            f"{served.base}/v1/chat", json={"text": "jazz"}, timeout=60
                        )
                    except httpx.HTTPError as error:
                        return type(error).__name__
                    return f"{answer.status_code}" + (
                        " error" if "event: error" in answer.text else ""
                    )

                with ThreadPoolExecutor(12) as threads:
                    chatting = [threads.submit(chat, n) for n in range(12)]
                    time.sleep(1)
                    times = []
                    for _ in range(4):
                        began = time.monotonic()
                        answer = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=60)
                        times.append(time.monotonic() - began)
                    codes = [one.result() for one in chatting]
                seconds = max(times)
                admin.rollback()
            check(
                answer.is_success and seconds < 2,
                f"a search took {seconds:.1f} s ({answer.status_code})",
            )
            return f"searches {seconds:.2f} s at most; chats: {', '.join(sorted(set(codes)))}"

    return trial


def every_route_is_limited() -> str:
    with a_home() as home, serving(
        home, PULS_REQUESTS_PER_MINUTE_PER_ADDRESS="40", PULS_REQUESTS_PER_MINUTE="40",
        PULS_CHAT_PER_MINUTE_PER_ADDRESS="40",
    ) as served:  # fmt: skip
        uid = served.an_event()
        open_paths = []
        for path in (
            "/?q=jazz",
            f"/v1/events/{uid}",
            f"/v1/events/{uid}/calendar.ics",
            f"/evenement/{uid}",
            "/widget/frame",
            "/moi",
        ):
            codes = [httpx.get(served.base + path, timeout=20).status_code for _ in range(60)]
            if 429 not in codes:
                open_paths.append(f"{path} {codes.count(200)}/60")
        check(not open_paths, f"not limited: {', '.join(open_paths)}")
        return "429 on every page and route that asks the database"


def overload_in_small() -> str:
    """Far more chats at once than can be answered: all answered or refused at once, and it goes on."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(a_home())
        puls(home, "ingest", "sample")
        puls(home, "index", "build", timeout=400)  # the build would take the cores
        served = stack.enter_context(serving(home))

        async def chat(client: httpx.AsyncClient) -> tuple[str, float]:
            began = time.monotonic()
            try:
                answer = await client.post("/v1/chat", json={"text": "concert à Lyon"})
            except httpx.HTTPError as error:
                return type(error).__name__, time.monotonic() - began
            kind = "done" if "event: done" in answer.text else str(answer.status_code)
            return kind, time.monotonic() - began

        async def all_at_once() -> list[tuple[str, float]]:
            limits = httpx.Limits(max_connections=600)
            async with httpx.AsyncClient(base_url=served.base, timeout=60, limits=limits) as client:
                return await asyncio.gather(*(chat(client) for _ in range(500)))

        results = asyncio.run(all_at_once())
        kinds = {kind: [s for k, s in results if k == kind] for kind in {k for k, _ in results}}
        told = ", ".join(
            f"{kind} {len(times)} (≤ {max(times):.1f} s)" for kind, times in sorted(kinds.items())
        )
        check(set(kinds) <= {"done", "503"}, told)
        check(max(s for _, s in results) < 8, told)  # 5 on a quiet machine, see bench/load.py
        check(len(kinds.get("done", [])) >= 10, told)
        return told


def geocoder_replies() -> str:
    """F22: too deep, too long, too slow, not numbers: always « not found », never a 500."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("odd_geocoder.py")), str(port := free_port())]
    )
    try:
        with (
            a_home() as home,
            serving(home, PULS_GEOCODER_URL=f"http://127.0.0.1:{port}") as served,
        ):
            before, told = served.rss(), []

            def ask() -> None:
                for kind in ("deep", "long", "drip", "nan", "list", "bomb", "redirect", "reset"):
                    began = time.monotonic()
                    answer = httpx.get(
                        f"{served.base}/v1/search",
                        params={"q": f"concert près du 23 rue {kind} de la République, Lyon"},
                        timeout=60,
                    )
                    seconds = time.monotonic() - began
                    told.append(f"{kind} {answer.status_code} {seconds:.1f} s")
                    check(answer.status_code == 200 and seconds < 5, ", ".join(told))

            peak = _peak(served, ask)
            check(peak < before + 150, f"RSS {before:.0f} → {peak:.0f} MiB")
            return f"{', '.join(told)}; RSS +{peak - before:.0f} MiB"
    finally:
        server.kill()
        server.wait()


_HALF_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-a: "
_HALF_BODY = b"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
_CHUNKS = b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
_ALL = ("/v1/chat", "/v1/chat/completions", "/mcp", "/chat")

TRIALS: dict[str, Callable[[], str]] = {
    "F4": large_bodies(("/v1/chat",), 1500 * MEBI, chunked=False),
    "F4-four": large_bodies(_ALL, 400 * MEBI, chunked=False),
    "F4-chunked": large_bodies(_ALL, 400 * MEBI, chunked=True),
    "F4-get": large_bodies(("/v1/search", "/health/live"), 400 * MEBI, chunked=True),
    "F4-ten": ten_gigabytes,
    "F5": slow_clients(_HALF_HEAD, "half a head"),
    "F5-nothing": slow_clients(b"", "nothing said"),
    "F5-body": slow_clients(_HALF_BODY, "half a body"),
    "F5-chunks": slow_clients(_CHUNKS, "an endless body"),
    "F5-slow": slow_body,
    "F9-small": overload_in_small,
    "F14": database_away,
    "F15": locked_table("turn"),
    "F15-visitor": locked_table("visitor"),
    "F16": every_route_is_limited,
    "F22": geocoder_replies,
}
