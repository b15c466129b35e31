"""Two real PostgreSQL servers, a primary and its streaming replica, to be killed, stopped and promoted."""

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from puls.database.programs import Programs, give

_PORT = "5432"
_SETTINGS = (
    "listen_addresses=", "shared_buffers=64MB", "max_connections=60", "wal_level=replica", "hot_standby=on",
    "wal_keep_size=128MB", "wal_receiver_timeout=5s", "wal_retrieve_retry_interval=500ms",
)  # fmt: skip


@dataclass
class Server:
    """One server, at a Unix socket beside its data folder: a base backup would copy the lock of one within."""

    data: Path
    programs: Programs
    process: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        return self.data.parent / f"{self.data.name}.s"

    @property
    def url(self) -> str:
        return make_conninfo(user="postgres", dbname="postgres", host=str(self.sockets), port=_PORT)

    def start(self) -> None:
        self.sockets.mkdir(exist_ok=True)
        give(self.sockets, self.programs.account)
        given = [part for setting in _SETTINGS for part in ("-c", setting)]
        self.process = self.programs.start(
            "postgres", "-D", str(self.data), "-k", str(self.sockets), "-p", _PORT, *given,
            log_to=self.data.parent / f"{self.data.name}.log",
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    log = self.data.parent / f"{self.data.name}.log"
                    raise AssertionError(log.read_text()[-800:]) from None
                time.sleep(0.1)
            else:
                return

    def signal(self, number: int) -> None:
        """To every process of the server; each is a session of its own."""
        assert self.process is not None
        with contextlib.suppress(psutil.Error):
            postmaster = psutil.Process(self.process.pid)
            for process in (postmaster, *postmaster.children()):
                with contextlib.suppress(psutil.Error):
                    process.send_signal(number)

    def kill(self) -> None:
        """At once, as when the machine is gone."""
        if self.process is not None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGKILL)
            self.process.wait(20)

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def one(self, query: str) -> object:
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
            return row[0] if row else None

    def promote(self) -> None:
        """It takes writes when this returns."""
        self.tell("SELECT pg_promote(true, 30)")


@dataclass
class Pair:
    """A primary, and a replica that streams from it."""

    primary: Server
    replica: Server

    @property
    def url(self) -> str:
        """Whichever of both takes writes."""
        return make_conninfo(
            user="postgres",
            dbname="postgres",
            host=f"{self.primary.sockets},{self.replica.sockets}",
            port=f"{_PORT},{_PORT}",
            target_session_attrs="read-write",
        )

    def wait_for_both(self) -> None:
        """Until a commit means: on both."""
        self.primary.tell("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.tell("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 20
        while self.primary.one("SELECT max(sync_state) FROM pg_stat_replication") != "sync":
            assert time.monotonic() < deadline, "the replica does not follow"
            time.sleep(0.1)


@contextlib.contextmanager
def a_pair() -> Iterator[Pair]:
    """Both run; the folder is gone afterwards. Its name is short: a socket's path may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="pp-", dir="/tmp", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        programs = Programs.of(folder / "a")
        give(folder, programs.account)
        primary, replica = Server(folder / "a", programs), Server(folder / "b", programs)
        try:
            programs.run("initdb", "-D", str(primary.data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale", "-N")  # fmt: skip
            primary.start()
            programs.run("pg_basebackup", f"--dbname={primary.url}", f"--pgdata={replica.data}", "--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf")  # fmt: skip
            replica.start()
            yield Pair(primary, replica)
        finally:
            replica.kill()
            primary.kill()
