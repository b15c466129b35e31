"""Workers that are killed and a PostgreSQL that restarts, in the middle of syncs, embedding and digests.

The real worker in processes of its own, on files that change while they are read; a run that nobody disturbs tells what the
tables must hold in the end. `faults/trials_of_jobs.py` does it with fifty kills, the suite with three. Enter at `trial`.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from aiosmtpd.controller import Controller
from psycopg import sql
from psycopg.rows import dict_row

from puls.catalogue.store import Catalogue
from puls.conversation.keeping.followed import FollowedEvents
from puls.database import Database, EmbeddedServer, migrate
from puls.identity.visitor import Visitor
from puls.jobs import JobName, Jobs
from puls.jobs.working import Pace
from puls.worker import NotSentError
from puls.worker.news import News

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("nord", "sud", "ouest")
FOLLOWED: Final = 3
_AT_WORK_SECONDS: Final = 30.0
# A process that has loaded everything and opened nothing; each line it reads makes it fork a worker and print its number.
_NURSERY: Final = """
import os, signal, sys, time
from puls.cli.opening import run
from puls.errors import DatabaseUnavailableError
from puls.geo.gazetteer import Gazetteer
from puls.jobs.working import Pace
from puls.worker import work
from tests.jobs.killing import Mailing

pace = Pace(heartbeat=float(sys.argv[1]), alive=float(sys.argv[2]), sweep=float(sys.argv[3]))
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
Gazetteer.load()
for line in sys.stdin:
    url, port = line.split("\\t")
    if pid := os.fork():
        print(pid, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["PULS_DATABASE_URL"] = url
    while True:  # as a supervisor does when PostgreSQL is away at that moment
        try:
            run(lambda puls: work(puls, notifier=Mailing(int(port)), pace=pace))
        except DatabaseUnavailableError:
            time.sleep(0.5)
            continue
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr, flush=True)
        os._exit(0)
"""
# Each write of a run's row, in the order in which PostgreSQL took them: two runs of one source at once would alternate.
_WITNESS: Final = """
CREATE TABLE sync_witness (id bigserial PRIMARY KEY, source text NOT NULL, run bigint NOT NULL);
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.failure IS NULL OR NEW.failure NOT LIKE 'interrupted:%' THEN
        INSERT INTO sync_witness (source, run) VALUES (NEW.source, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON ingest_run FOR EACH ROW EXECUTE FUNCTION witness();
"""


class Mailing:
    """Sends news as mails to a loopback server. Visitors have no addresses; these are their ids."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def tell(self, visitor_id: UUID, news: Sequence[News], *, key: str) -> bool:
        message = EmailMessage()
        message["From"], message["To"] = "puls@loopback.test", f"{visitor_id}@loopback.test"
        message["Subject"] = f"{len(news)} événements suivis"
        message["X-Key"] = str(hash_of(key))
        message.set_content("\n".join(one.title for one in news))
        await asyncio.to_thread(self._send, message)
        return True

    def _send(self, message: EmailMessage) -> None:
        try:
            line = smtplib.SMTP("127.0.0.1", self._port, timeout=5)
        except OSError as error:
            raise NotSentError("The mail server does not answer.") from error
        with line:
            line.send_message(message)


def hash_of(text: str) -> int:
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


class Mailbox:
    """A mail server on loopback that counts."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 # aiosmtpd calls it so
        del server, session
        text = envelope.content.decode("utf-8", "replace")
        key = next(line for line in text.splitlines() if line.startswith("X-Key"))
        self.mails.append((envelope.rcpt_tos[0], key))
        return "250 OK"

    @contextlib.contextmanager
    def open(self) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield port
        finally:
            controller.stop()


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is done to how much."""

    kills: int
    restarts: int
    workers: int
    records: int  # per source
    texts: int  # that differ
    followers: int
    between: tuple[float, float]  # seconds from one kill to the next
    pace: Pace
    schedules: str
    sync_every: str
    patience: float  # seconds, for all to be done once nothing is killed any more


@dataclass
class Seen:
    """What a trial came to."""

    killed: int = 0
    killed_at: Counter[str] = field(default_factory=Counter)
    restarted: int = 0
    runs: dict[str, int] = field(default_factory=dict)
    recoveries: list[float] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    syncs_at_once: int = 0
    doubled_mails: int = 0
    mails: int = 0
    unsure_mails: int = 0
    news: int = 0
    is_equal: dict[str, bool] = field(default_factory=dict)
    stopping_seconds: list[float] = field(default_factory=list)
    done_after_seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.killed} SIGKILLs of workers at {dict(self.killed_at)}, {self.restarted} restarts of PostgreSQL; runs {self.runs}; "
            f"not done at the end: {self.unfinished or 'none'}; equal to the undisturbed run: {self.is_equal}; "
            f"two syncs of a source at once: {self.syncs_at_once}; news {self.news}, mails {self.mails}, twice {self.doubled_mails}, "
            f"cut off and not sent again {self.unsure_mails}; recovery of {len(self.recoveries)} lost runs: median "
            f"{statistics.median(self.recoveries or [0]):.1f} s, longest {max(self.recoveries, default=0):.1f} s; all done "
            f"{self.done_after_seconds:.0f} s after the last kill; SIGTERM answered within {max(self.stopping_seconds, default=0):.1f} s"
        )


def edition(source: str, number: int, size: Size, *, is_last: bool) -> list[dict[str, Any]]:
    """The export of one moment: titles move, some come, a few go at the end; what is followed is cancelled at the end."""
    chance = random.Random(f"{source}{'last' if is_last else number}")  # the same each time
    base = 100_000 * (1 + SOURCES.index(source))
    records = []
    for n in range(size.records):
        is_steady = n < FOLLOWED or n % 20 == 7
        if is_last and n % 20 == 7:
            continue
        text = n % size.texts if is_steady else chance.randrange(size.texts)
        records.append(
            {
                "uid": str(base + n),
                "title_fr": f"Concert numéro {text}",
                "timings": f'[{{"begin":"2027-12-{1 + n % 28:02}T20:00:00+01:00","end":"2027-12-{1 + n % 28:02}T22:00:00+01:00"}}]',
                "location_city": "Lyon",
                "location_postalcode": "69001",
                "status": 6 if is_last and n < FOLLOWED else 1,
                "state": 2,
            }
        )
    return records


class Ground:
    """One server, a database per run, and the workers on it."""

    def __init__(self, folder: Path, size: Size, *, chance: random.Random) -> None:
        self.folder, self.size, self.chance = folder, size, chance
        folder.chmod(0o755)
        self.server = EmbeddedServer(folder / "home")
        self._url = self.server.start()
        self.workers: list[int] = []
        self.killed_at: dict[int, float] = {}
        self.log = (folder / "workers.log").open("ab")
        self._nursery = self._opened_nursery()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_puls")
        asyncio.run(migrate(self.named("template_puls")))

    def named(self, name: str) -> str:
        return psycopg.conninfo.make_conninfo(self._url, dbname=name)

    def make(self, name: str) -> str:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template_puls").format(sql.Identifier(name))
            )
        with psycopg.connect(self.named(name), autocommit=True) as connection:
            connection.execute(_WITNESS.encode())
        return self.named(name)

    def write(self, number: int, *, is_last: bool = False) -> None:
        """The next edition of each file, all at once."""
        for source in SOURCES:
            part = self.folder / f"{source}.part"
            records = edition(source, number, self.size, is_last=is_last)
            part.write_text("".join(f"{json.dumps(record)}\n" for record in records))
            part.replace(self.file(source))

    def file(self, source: str) -> Path:
        return self.folder / f"{source}.jsonl"

    def job(self, source: str) -> JobName:
        return JobName(kind="sync", about=f"file full: {self.file(source)}")

    def _opened_nursery(self) -> "subprocess.Popen[str]":
        size, pace = self.size, self.size.pace
        syncs = "; ".join(f"{self.job(one).about} every {size.sync_every}" for one in SOURCES)
        env = {name: value for name, value in os.environ.items() if not name.startswith("PULS_")}
        env |= {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "PULS_HOME": str(self.folder / "worker-home"),
            "PULS_SECRET": "a secret of the trials, 32 bytes at least",
            "PULS_SYNC": syncs,
            "PULS_JOBS": size.schedules,
            "PULS_DATABASE_POOL_SIZE": "3",
        }
        arguments = map(str, (pace.heartbeat, pace.alive, pace.sweep))
        return subprocess.Popen(
            [sys.executable, "-c", _NURSERY, *arguments],
            env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip

    def start_worker(self, url: str, port: int) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{url}\t{port}\n")
        self._nursery.stdin.flush()
        self.workers.append(int(self._nursery.stdout.readline()))

    def kill_one(self, url: str) -> str:
        """Kill a worker in the middle of a job, within a while; what it was at, or nothing."""
        job, victim = self._somebody_at_work(url)
        self.workers.remove(victim)
        self.killed_at[victim] = time.time()  # compared with what PostgreSQL holds
        os.kill(victim, signal.SIGKILL)
        return job

    def _somebody_at_work(self, url: str) -> tuple[str, int]:
        deadline = time.monotonic() + _AT_WORK_SECONDS
        wanted = self.chance.choice(("sync", "embed", "digest"))
        with psycopg.connect(url, autocommit=True) as connection:
            while time.monotonic() < deadline:
                rows = connection.execute(
                    "SELECT job, worker FROM job_run WHERE finished_at IS NULL ORDER BY random()"
                ).fetchall()
                for job, worker in rows if self._others_live(connection) else ():
                    pid = int(worker.rpartition(":")[2])
                    is_wanted = job.startswith(wanted) or time.monotonic() > deadline - 5
                    if pid in self.workers and is_wanted:
                        time.sleep(self.chance.uniform(0, 0.15))
                        return job.partition(" ")[0], pid
                time.sleep(0.01)
        return "nothing", self.chance.choice(self.workers)

    @staticmethod
    def _others_live(connection: psycopg.Connection[Any]) -> bool:
        """A worker is killed while another one is there; what a start costs on a busy machine is not what is tried."""
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 s'"
        ).fetchone()
        return row is not None and row[0] > 1

    def stop_all(self) -> list[float]:
        """SIGTERM to all; how long each took."""
        took = []
        for worker in self.workers:
            os.kill(worker, signal.SIGTERM)
        began = time.monotonic()
        for worker in self.workers:
            while Path(f"/proc/{worker}").exists():
                assert time.monotonic() < began + 30, "a worker does not stop"
                time.sleep(0.02)
            took.append(time.monotonic() - began)
        self.workers.clear()
        return took

    def restart(self, url: str, *, is_crash: bool) -> None:
        """A backend killed, which makes PostgreSQL start anew by itself; or a fast shutdown and a start."""
        if is_crash:
            with contextlib.suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as one:
                row = one.execute(
                    "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
                ).fetchone()
                if row is not None:
                    os.kill(row[0], signal.SIGKILL)
                    _until_dropped(one)  # else `until_answers` may find the server before it falls
        else:
            pid_file = self.folder / "home" / "postgres" / "postmaster.pid"
            os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGINT)
            deadline = time.monotonic() + 20
            while pid_file.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(1.0)
            self.server.start_again()
        until_answers(self._url)

    def close(self) -> None:
        for worker in self.workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self._nursery.kill()
        self._nursery.communicate()
        self.log.close()
        self.server.release()


def until_answers(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(url, connect_timeout=2):
                return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not come back"
            time.sleep(0.1)


def _until_dropped(connection: "psycopg.Connection[Any]") -> None:
    """PostgreSQL ends every other session when one was killed."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        connection.execute("SELECT 1")
        time.sleep(0.02)


async def follow(url: str, size: Size) -> None:
    """Visitors who follow the first events of the first source, as they are now."""
    async with Database.open(url, pool_size=2) as database:
        catalogue, followed = Catalogue(database), FollowedEvents(database)
        for number in range(size.followers):
            for n in range(FOLLOWED):
                event = await catalogue.event(str(100_000 + n))
                await followed.follow(
                    Visitor(id=UUID(int=number + 1)),
                    event,
                    now=datetime(2026, 11, 30, 12, tzinfo=UTC),
                )


async def sync_all(url: str, ground: Ground, kinds: Sequence[str], patience: float) -> list[str]:
    """Have the sources read and `kinds` done; what was not done in time."""
    async with Database.open(url, pool_size=2) as database:
        jobs = Jobs(database)
        wanted = [await jobs.run(ground.job(source)) for source in SOURCES]
        left = await _done(database, wanted, patience)
        for kind in kinds:
            left += await _done(database, [await jobs.run(JobName(kind=kind))], patience)
        return left


async def _done(database: Database, numbers: Sequence[int], patience: float) -> list[str]:
    deadline = time.monotonic() + patience
    while True:
        rows = await database.fetch_all(
            b"SELECT lock || ' ' || status AS job FROM procrastinate_jobs WHERE id = ANY(%(ids)s) AND status <> 'succeeded'",
            ids=list(numbers),
        )
        if not rows or time.monotonic() > deadline:
            return [row["job"] for row in rows]
        await asyncio.sleep(0.3)


async def state(url: str) -> dict[str, str]:
    """What the tables hold that jobs write, free of moments and internal numbers."""
    statements = {
        "vectors": b"SELECT md5(string_agg(e.uid || encode(v.content_hash, 'hex'), ',' ORDER BY e.uid)) || count(*) AS sum "
        b"FROM embedding_1 AS v JOIN event AS e ON e.id = v.event_id WHERE e.removed_at IS NULL",
        "words": b"SELECT md5(string_agg(word || events, ',' ORDER BY word)) AS sum FROM search_word",
        "news": b"SELECT md5(string_agg(visitor_id || fingerprint, ',' ORDER BY visitor_id, fingerprint)) || count(*) AS sum "
        b"FROM followed_news",
        "index versions": b"SELECT string_agg(id || state, ',' ORDER BY id) AS sum FROM index_version",
    }
    async with Database.open(url, pool_size=2) as database:
        found = {"catalogue": await Catalogue(database).checksum()}
        for name, statement in statements.items():
            row = await database.fetch_one(statement)
            assert row is not None
            found[name] = str(row["sum"])
    return found


def undisturbed(ground: Ground) -> dict[str, str]:
    """One worker, the first edition and the last."""
    url = ground.make("undisturbed")
    with Mailbox().open() as port:
        ground.write(0)
        ground.start_worker(url, port)
        left = asyncio.run(sync_all(url, ground, ["embed"], ground.size.patience))
        asyncio.run(follow(url, ground.size))
        ground.write(1, is_last=True)
        left += asyncio.run(
            sync_all(url, ground, ["embed", "words", "digest"], ground.size.patience)
        )
        ground.stop_all()
    assert not left, left
    return asyncio.run(state(url))


def trial(folder: Path, size: Size, *, seed: int) -> Seen:
    """Kill, restart, then let all be done and compare."""
    ground = Ground(folder, size, chance=random.Random(seed))  # the same each time
    try:
        expected = undisturbed(ground)
        return _disturbed(ground, expected)
    finally:
        ground.close()


def _disturbed(ground: Ground, expected: dict[str, str]) -> Seen:
    size, seen, box = ground.size, Seen(), Mailbox()
    url = ground.make("disturbed")
    with box.open() as port:
        ground.write(0)
        ground.start_worker(url, port)
        left = asyncio.run(sync_all(url, ground, [], size.patience))
        assert not left, left
        asyncio.run(follow(url, size))
        for _ in range(size.workers - 1):
            ground.start_worker(url, port)
        restarts = set(ground.chance.sample(range(1, size.kills), size.restarts))
        # The last edition, with news for all followers, comes before the last kills: digests are cut as well.
        last_from = max(1, size.kills * 2 // 3)
        for number in range(size.kills):
            time.sleep(ground.chance.uniform(*size.between))
            ground.write(number + 1, is_last=number >= last_from)
            seen.killed_at[ground.kill_one(url)] += 1
            seen.killed += 1
            ground.start_worker(url, port)
            if number in restarts:
                ground.restart(url, is_crash=seen.restarted % 2 == 0)
                seen.restarted += 1
        began = time.monotonic()
        seen.unfinished = asyncio.run(
            sync_all(url, ground, ["embed", "words", "digest"], size.patience)
        )
        seen.done_after_seconds = time.monotonic() - began
        seen.stopping_seconds = ground.stop_all()
    found = asyncio.run(state(url))
    seen.is_equal = {name: found[name] == value for name, value in expected.items()}
    seen.mails = len(box.mails)
    seen.doubled_mails = len(box.mails) - len(set(box.mails))
    _read(url, ground, seen)
    return seen


def _read(url: str, ground: Ground, seen: Seen) -> None:
    with psycopg.connect(url, row_factory=dict_row) as connection:

        def rows(statement: str) -> list[dict[str, Any]]:
            return connection.execute(statement.encode()).fetchall()

        seen.runs = {
            row["outcome"]: row["n"]
            for row in rows(
                "SELECT coalesce(outcome, 'open') AS outcome, count(*) AS n FROM job_run GROUP BY 1 ORDER BY 1"
            )
        }
        seen.unfinished += [
            f"{row['lock']} {row['status']}"
            for row in rows(
                "SELECT lock, status::text FROM procrastinate_jobs WHERE status IN ('doing', 'failed')"
            )
        ]
        (news,) = rows(
            "SELECT count(*) AS n, count(*) FILTER (WHERE delivered_at IS NULL AND delivering_at IS NOT NULL) AS unsure "
            "FROM followed_news"
        )
        seen.news, seen.unsure_mails = news["n"], news["unsure"]
        (alternating,) = rows(
            "SELECT count(*) AS n FROM (SELECT run, max(run) OVER (PARTITION BY source ORDER BY id) AS latest FROM sync_witness) AS w "
            "WHERE run < latest"
        )
        seen.syncs_at_once = alternating["n"]
        for row in rows(
            "SELECT lost.worker, (SELECT min(started_at) FROM job_run AS next WHERE next.job_id = lost.job_id AND next.id > lost.id) AS at "
            "FROM job_run AS lost WHERE outcome = 'lost'"
        ):
            killed_at = ground.killed_at.get(int(row["worker"].rpartition(":")[2]))
            if killed_at is not None and row["at"] is not None:
                seen.recoveries.append(row["at"].timestamp() - killed_at)
