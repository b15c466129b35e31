"""The embedded server is taken care of: started whatever its path, kept running, stopped with the last, said when it fails."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from structlog.testing import capture_logs

from puls.database import EmbeddedServer, embedded_server
from puls.database.locks import FileLock
from puls.database.postmaster import Postmaster, orphans
from puls.database.programs import last_words
from puls.errors import DatabaseUnavailableError

pytestmark = [pytest.mark.database, pytest.mark.alone]

_HOLD = """
import signal, sys, time
from pathlib import Path
from puls.database import start_embedded
print(start_embedded(Path(sys.argv[1])), flush=True)
time.sleep(600)
"""


def postmaster(home: Path) -> psutil.Process:
    file = Postmaster.of(home / "postgres")
    assert file is not None
    return psutil.Process(file.pid)


def is_gone(process: psutil.Process, *, within: float = 20) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


def works(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def wait_for_statement(url: str, first_word: str, *, within: float = 20) -> None:
    """Until a connection of its own is in the middle of such a statement."""
    deadline = time.monotonic() + within
    with psycopg.connect(url, autocommit=True) as connection:
        while not connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE %s",
            (first_word + " %",),
        ).fetchone():
            assert time.monotonic() < deadline, f"no {first_word} runs after {within} s"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was used before."""
    home = tmp_path_factory.mktemp("kept")
    server = EmbeddedServer(home)
    server.start()
    server.release()
    return home


@pytest.mark.parametrize(
    "name", ["Mes documents/puls é $x", "a\"b'c;d,e\\f", "/".join(["long" * 15] * 5)]
)
def test_any_path_works(tmp_path: Path, name: str) -> None:
    """The default home inherits whatever folder the clone lies in."""
    server = EmbeddedServer(tmp_path / name)
    url = server.start()
    try:
        assert works(url)
        folder = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert folder.stat().st_mode & 0o077 == 0, "others could connect"
    finally:
        server.release()
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_process_that_is_stopped_leaves_no_server(home: Path, number: int) -> None:
    """A signal skips atexit; SIGKILL skips everything, and a keeper does it."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        server = postmaster(home)
        process.send_signal(number)
    assert is_gone(server)


def test_one_that_leaves_takes_the_server_from_nobody(home: Path) -> None:
    mine = EmbeddedServer(home)
    url = mine.start()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
    time.sleep(0.5)
    assert works(url)
    mine.release()


async def test_a_server_that_dies_is_started_again_at_its_address(home: Path) -> None:
    """F3: it stayed dead until somebody ran another command."""
    with capture_logs() as lines:
        async with embedded_server(home) as url:
            for _ in range(2):
                postmaster(home).kill()
                for _ in range(200):
                    await asyncio.sleep(0.1)
                    if sum(line["event"] == "database.restarted" for line in lines):
                        break
                assert await asyncio.to_thread(works, url)
                lines[:] = [line for line in lines if line["event"] != "database.restarted"]
    assert "database.died" in {line["event"] for line in lines}


async def test_a_server_that_cannot_come_back_is_tried_again_and_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With longer and longer pauses, each with its reason in the log."""
    monkeypatch.setattr("puls.database.supervising._WATCH_SECONDS", 0.1)
    control = home / "postgres" / "global" / "pg_control"
    whole = control.read_bytes()
    with capture_logs() as lines:
        async with embedded_server(home) as url:
            postmaster(home).kill()
            control.write_bytes(bytes(8192))
            await until(lambda: "database.not_restarted" in {line["event"] for line in lines})
            control.write_bytes(whole)
            await until(lambda: "database.restarted" in {line["event"] for line in lines})
            assert await asyncio.to_thread(works, url)


async def until(condition: object) -> None:
    assert callable(condition)
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never came to that")


def test_children_of_a_killed_server_do_not_keep_it_down(home: Path) -> None:
    """In the middle of a long statement they do not notice, and hold the memory that the next server needs."""
    server = EmbeddedServer(home)
    url = server.start()

    def work() -> None:
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(url, autocommit=True) as connection,
        ):
            connection.execute("DO 'BEGIN LOOP END LOOP; END'")

    working = threading.Thread(
        target=work, daemon=True
    )  # a failure must not keep the run from ending
    working.start()
    wait_for_statement(url, "DO")
    killed = postmaster(home)
    killed.kill()
    assert is_gone(killed), "whoever asks while it is dying would join it"
    began = time.monotonic()
    server.start_again()
    assert time.monotonic() - began < 30
    working.join(10)
    assert not working.is_alive()
    assert works(url)
    server.release()
    assert orphans(home / "postgres") == []


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (lambda data: (data / "global/pg_control").write_bytes(bytes(8192)), "PG_CONTROL_VERSION"),
        (lambda data: (data / "global/pg_control").unlink(), "pg_control"),
        (lambda data: (data / "PG_VERSION").write_text("12\n"), "version 12"),
        (lambda data: (data / "PG_VERSION").unlink(), "PG_VERSION is missing"),
        (lambda data: (data / "postgresql.conf").write_text("work_mem = 'lots'"), "work_mem"),
    ],
)
def test_a_start_that_cannot_succeed_says_why_at_once(
    tmp_path: Path, damage: object, cause: str
) -> None:
    """F11: it was tried for two minutes in silence."""
    server = EmbeddedServer(tmp_path)
    server.start()
    server.release()
    assert callable(damage)
    damage(tmp_path / "postgres")
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailableError, match=cause) as refused:
        EmbeddedServer(tmp_path).start()
    assert time.monotonic() - began < 20
    assert "Its log is" in str(refused.value)
    lock = FileLock(tmp_path / "in-use.lock")
    deadline = time.monotonic() + 10  # the keeper of the first server looks for users now and then
    while not lock.try_alone():
        assert time.monotonic() < deadline, "who could not start still uses it"
        time.sleep(0.05)
    lock.release()


def test_an_interrupted_creation_is_begun_anew(tmp_path: Path) -> None:
    """A power cut while the database is made for the first time."""
    (tmp_path / "postgres.making" / "base").mkdir(parents=True)
    server = EmbeddedServer(tmp_path)
    assert works(server.start())
    server.release()
    assert not (tmp_path / "postgres.making").exists()


def test_the_shell_of_the_caller_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of another PostgreSQL, a language that is not installed."""
    for name, value in (
        ("PGPORT", "6543"),
        ("PGDATA", "/nowhere"),
        ("LANG", "xx_YY.UTF-8"),
        ("LC_ALL", "xx_YY.UTF-8"),
    ):
        monkeypatch.setenv(name, value)
    server = EmbeddedServer(tmp_path)
    assert works(server.start())
    server.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_a_home_that_belongs_to_somebody_stays_theirs(tmp_path: Path) -> None:
    """One `sudo puls status` must not lock its owner out."""
    home = tmp_path / "theirs"
    home.mkdir()
    os.chown(home, 12345, 12345)
    server = EmbeddedServer(home)
    server.start()
    server.release()
    assert {(home / name).stat().st_uid for name in ("start.lock", "in-use.lock")} == {12345}


def test_the_last_complaint_is_what_is_told() -> None:
    log = b"LOG:  starting\nFATAL:  the first\nLOG:  x\nFATAL:  the last\nDETAIL:  why\nLOG:  shut down"
    assert last_words(log) == "the last (why)"
    assert last_words(b"something else\n") == "something else"
    assert last_words(b"") == "it said nothing"
