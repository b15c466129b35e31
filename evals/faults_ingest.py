"""kill -9 of an ingestion and of PostgreSQL at random points: `make faults-ingest`.

Each round reads two editions of an export, the second with changed, new and missing records, into a database of its own.
The run is killed after a random while, or a backend of PostgreSQL is (which takes the whole server through crash
recovery), once or twice; then the same command runs to its end. The checksum of the catalogue must be that of a round
that nobody disturbed, no run may stay open, and no process of a killed run may stay alive.

`python -m evals.faults_ingest [ROUNDS] [--seed N]`
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from puls.catalogue.store import Catalogue
from puls.database import Database, EmbeddedServer, migrate

RECORDS = 1_500
PATIENCE_SECONDS = 60.0
RUN = """
import asyncio, faulthandler, sys
from datetime import UTC, datetime
from pathlib import Path
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import PulsError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import FileSource
from puls.ingestion.runs import workers
from puls.ingestion.sync import Ingestion

workers._RECORDS_BEFORE_WORKERS = 600  # so that some are killed with a worker

faulthandler.dump_traceback_later(40)  # a run that hangs tells where

async def main():
    async with Database.open(sys.argv[1], pool_size=3) as database:
        ingestion = Ingestion(
            database=database, catalogue=Catalogue(database), gazetteer=Gazetteer.load(), workers=int(sys.argv[3])
        )
        source = FileSource(Path(sys.argv[2]), is_full=True, batch_records=40)
        print("begun", flush=True)
        await ingestion.run(source, now=datetime(2026, 11, 22, 12, tzinfo=UTC))

if __name__ == "__main__":
    try:
        asyncio.run(main())
    except PulsError as error:
        sys.exit(f"{error.code}: {error}")
"""


def edition(number: int) -> list[dict[str, Any]]:
    """The export of one day. The next day some records are changed, some new, some gone."""
    chance = random.Random(7)
    records = []
    for n in range(RECORDS + 100 * number):
        is_gone, is_changed = chance.random() < 0.05, chance.random() < 0.5
        if number and n < RECORDS and is_gone:
            continue
        day = 1 + n % 28
        records.append(
            {
                "uid": str(10_000 + n),
                "title_fr": f"Concert {n}",
                "conditions_fr": f"{number * 5} €" if is_changed else None,
                "timings": f'[{{"begin":"2026-12-{day:02}T20:00:00+01:00","end":"2026-12-{day:02}T22:00:00+01:00"}}]',
                "location_city": "Lyon",
                "location_postalcode": "69001",
                "state": 0 if number and n % 50 == 1 else 2,
            }
        )
    return records


class Rounds:
    """One embedded server, one database per round."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance
        self.server = EmbeddedServer(folder / "home")
        self._url = self.server.start()
        self._script = folder / "run.py"
        self._script.write_text(RUN)
        self._files = [folder / "export.jsonl", folder / "export.jsonl"]
        self.killed: Counter[str] = Counter()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_puls")
        asyncio.run(migrate(self._named("template_puls")))

    def round(self, *, is_disturbed: bool) -> str:
        """The checksum at the end of both editions."""
        name = f"round_{self._chance.randrange(2**60):x}"
        self._make(name)
        url = self._named(name)
        for number in (0, 1):
            lines = "".join(f"{json.dumps(record)}\n" for record in edition(number))
            self._files[0].write_text(lines)
            for _ in range(self._chance.choice((1, 1, 2)) if is_disturbed else 0):
                self._disturbed(url)
            self._undisturbed(url)
        checksum, unfinished = asyncio.run(_state(url))
        assert not unfinished, f"{unfinished} runs stayed open"
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
        return checksum

    def _disturbed(self, url: str) -> None:
        workers = self._chance.choice((0, 0, 1))
        process = self._started(url, workers=workers)
        assert process.stdout is not None
        process.stdout.readline()  # begun
        time.sleep(self._chance.uniform(0, 1.6 + workers))
        if process.poll() is not None:
            self.killed["too late"] += 1
        elif self._chance.random() < 0.7:
            self.killed["process"] += 1
            children = _children(process.pid)
            process.kill()
            process.wait()
            _wait_until_gone(children)
        else:
            self.killed["PostgreSQL"] += 1
            _kill_a_backend(url)
            process.wait(PATIENCE_SECONDS)
            _wait_for(self._url)

    def _undisturbed(self, url: str) -> None:
        process = self._started(url, workers=0)
        try:
            _, err = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            waiting = _activity(url)
            process.kill()
            _, err = process.communicate()
            raise AssertionError(f"a run did not end; PostgreSQL: {waiting}; {err}") from None
        assert process.returncode == 0, err

    def _started(self, url: str, *, workers: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                str(self._script),
                url,
                str(self._files[0]),
                str(workers),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _make(self, name: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template_puls").format(sql.Identifier(name))
            )

    def _named(self, name: str) -> str:
        return psycopg.conninfo.make_conninfo(self._url, dbname=name)


async def _state(url: str) -> tuple[str, int]:
    async with Database.open(url, pool_size=2) as database:
        row = await database.fetch_one(
            b"SELECT count(*) AS n FROM ingest_run WHERE finished_at IS NULL"
        )
        assert row is not None
        return await Catalogue(database).checksum(), int(row["n"])


def _activity(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT pid, state, wait_event, left(query, 100), now() - query_start FROM pg_stat_activity "
            "WHERE backend_type = 'client backend'"
        ).fetchall()


def _kill_a_backend(url: str) -> None:
    """A backend that dies by a signal makes PostgreSQL start anew: what is unlogged is emptied."""
    with contextlib.suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' "
            "AND datname = current_database() ORDER BY random() LIMIT 1"
        ).fetchone()
        if row is not None:
            os.kill(row[0], signal.SIGKILL)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with psycopg.connect(url, connect_timeout=2):
                return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not come back"
            time.sleep(0.2)


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if (
                entry.name.isdigit()
                and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid
            ):
                found.append(int(entry.name))
    return found


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", type=int, nargs="?", default=50)
    parser.add_argument("--seed", type=int, default=20261130)
    wanted = parser.parse_args()
    failed = 0
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        contextlib.ExitStack() as until_done,
    ):
        Path(folder).chmod(0o755)
        rounds = Rounds(Path(folder), random.Random(wanted.seed))
        until_done.callback(rounds.server.release)
        undisturbed = rounds.round(is_disturbed=False)
        for number in range(1, wanted.rounds + 1):
            try:
                is_equal = rounds.round(is_disturbed=True) == undisturbed
            except AssertionError as error:
                is_equal = False
                print(f"round {number}: {error}")
            failed += not is_equal
            print(
                f"round {number}: {'equal' if is_equal else 'DIFFERENT'} {dict(rounds.killed)}",
                flush=True,
            )
    print(f"{wanted.rounds - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
