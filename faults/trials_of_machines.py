"""What a machine does to a served Puls: its disk fills, its PostgreSQL stands still or has no place left."""

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import psycopg

from faults.serving import Served, a_home, check, servers_of, serving

_DISK_MEBIBYTES = 600
_LONGEST_SECONDS = 20.0
_MANY = 100_000
_MANY_JOBS = b"""
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
SELECT queue_name, task_name, priority, lock, 'many ' || number, args
FROM (SELECT * FROM procrastinate_jobs ORDER BY id LIMIT 1) AS one, generate_series(1, 100000) AS number
"""


def _search(served: Served) -> tuple[int, float]:
    began = time.monotonic()
    answer = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=40)
    return answer.status_code, time.monotonic() - began


def _chat(served: Served) -> tuple[int, float]:
    """Its status (500 when the stream does not end well) and how long it took."""
    began = time.monotonic()
    message = {"text": "concert ce week-end à Lyon", "request_id": str(uuid4())}
    answer = httpx.post(f"{served.base}/v1/chat", json=message, timeout=40)
    is_done = "event: done" in answer.text
    status = answer.status_code if is_done or answer.status_code != 200 else 500
    return status, time.monotonic() - began


def _back(served: Served, *, seconds: float = 60) -> float:
    """Seconds until a chat is answered."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        with contextlib.suppress(httpx.HTTPError):
            if _chat(served)[0] == 200:
                return time.monotonic() - began
        time.sleep(0.3)
    check(False, f"no chat was answered for {seconds:.0f} s")
    return seconds


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="puls-fault-disk-", dir="/tmp"))
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK_MEBIBYTES}m,mode=755", "tmpfs", folder],
        check=True,
    )
    try:
        yield folder
    finally:
        for process in servers_of(folder):
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(1)
        subprocess.run(["umount", "-l", folder], check=False)
        folder.rmdir()


def full_disk() -> str:
    """The last byte is taken while visitors talk; then somebody makes room."""
    with _small_disk() as folder, serving(folder / "home") as served:
        check(_chat(served)[0] == 200, "not served before")
        fill = folder / "fill"
        with contextlib.suppress(OSError), fill.open("wb") as written:
            while True:
                written.write(b"\0" * 2**20)
        heard = [_chat(served) for _ in range(12)]
        searches = [_search(served) for _ in range(5)]
        live = httpx.get(f"{served.base}/health/live", timeout=10).status_code
        fill.unlink()
        back = _back(served)
        statuses = sorted({status for status, _ in heard})
        found = sorted({status for status, _ in searches})
        longest = max(seconds for _, seconds in (*heard, *searches))
        check(served.process.poll() is None and live == 200, "it did not stay alive")
        check(set(statuses + found) <= {200, 503}, f"chats {statuses}, searches {found}")
        check(longest < _LONGEST_SECONDS, f"{longest:.1f} s")
        return f"chats {statuses}, searches {found}, {longest:.1f} s at most; served {back:.1f} s after there is room"


def stopped_database() -> str:
    """Half-open: connections stand, nothing comes; as behind a machine that hangs."""
    with a_home() as home, serving(home) as served:
        check(_chat(served)[0] == 200, "not served before")
        processes = servers_of(home)
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        try:
            heard = [_search(served) for _ in range(3)] + [_chat(served)]
            live = httpx.get(f"{served.base}/health/live", timeout=10).status_code
        finally:
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    process.send_signal(signal.SIGCONT)
        back = _back(served)
        statuses, longest = sorted({one for one, _ in heard}), max(seconds for _, seconds in heard)
        check(live == 200 and set(statuses) <= {200, 503, 504}, f"live {live}, heard {statuses}")
        check(longest < 2 * _LONGEST_SECONDS, f"{longest:.1f} s")
        return f"heard {statuses}, {longest:.1f} s at most; served {back:.1f} s after it goes on"


def connections_taken() -> str:
    """Another program takes every connection that PostgreSQL has."""
    with a_home() as home, serving(home) as served, contextlib.ExitStack() as stack:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                stack.enter_context(psycopg.connect(served.database_url(), connect_timeout=5))
        heard = [_chat(served) for _ in range(6)] + [_search(served) for _ in range(6)]
        statuses, longest = sorted({one for one, _ in heard}), max(seconds for _, seconds in heard)
        stack.close()
        back = _back(served)
        check(set(statuses) <= {200, 503}, f"heard {statuses}")
        check(longest < _LONGEST_SECONDS, f"{longest:.1f} s")
        return f"heard {statuses}, {longest:.1f} s at most; served {back:.1f} s after"


def broken_index() -> str:
    """The vectors of the live version are gone, as after a restore that left a table out."""
    with a_home() as home, serving(home) as served:
        served.an_event()
        table = _wait_for_vectors(served)
        with psycopg.connect(served.database_url(), autocommit=True) as connection:
            connection.execute(f"DROP TABLE {table} CASCADE".encode())
        heard = [_search(served), _chat(served), _search(served)]
        told = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=40).json()
        with psycopg.connect(served.database_url()) as connection:
            there = connection.execute("SELECT to_regclass(%s)::text", [table]).fetchone()
        said = (
            f"without {table}: {sorted({status for status, _ in heard})}, {len(told.get('events', []))} events, "
            f"told {told.get('notices')}, table now {there[0] if there else None}"
        )
        check(all(status in {200, 503} for status, _ in heard), said)
        return said


def full_queue() -> str:
    """A hundred thousand jobs wait, as after a week without a worker that anybody noticed."""
    with a_home() as home, serving(home) as served:
        _wait_for_vectors(served)
        before = [_search(served)[1] for _ in range(5)]
        with psycopg.connect(served.database_url(), autocommit=True) as connection:
            row = connection.execute(_MANY_JOBS).rowcount
            check(row == _MANY, f"{row} jobs were put")
        heard = [one for _ in range(5) for one in (_search(served), _chat(served))]
        ready = httpx.get(f"{served.base}/health/ready", timeout=20).status_code
        with psycopg.connect(served.database_url()) as connection:
            left = connection.execute(
                b"SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            ).fetchone()
        longest = max(seconds for _, seconds in heard)
        said = (
            f"{sorted({status for status, _ in heard})}, {longest:.2f} s at most (a search before: "
            f"{max(before):.2f}), ready {ready}, {left[0] if left else 0} still wait"
        )
        check({status for status, _ in heard} == {200} and ready == 200, said)
        check(longest < _LONGEST_SECONDS, said)
        return said


def _wait_for_vectors(served: Served) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        with psycopg.connect(served.database_url()) as connection:
            row = connection.execute(
                "SELECT relname FROM pg_class WHERE relname ~ '^embedding_[0-9]+$' AND relkind = 'r'"
            ).fetchone()
        if row and "index.built" in served.said():
            return str(row[0])
        time.sleep(1)
    check(False, "no index was built")
    return ""


TRIALS: dict[str, Callable[[], str]] = {
    "disk-full": full_disk,
    "database-stopped": stopped_database,
    "connections-taken": connections_taken,
    "index-broken": broken_index,
    "queue-full": full_queue,
}
