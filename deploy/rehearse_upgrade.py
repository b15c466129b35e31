"""An upgrade under traffic and its roll-back, on data of an earlier release: `python -m deploy.rehearse_upgrade [REVISION]`.

The earlier Puls is this repository at REVISION (its `src`, run with today's libraries). Visitors talk and search without a pause while
the new version migrates the database and takes over; then the new version is judged bad, the back-up is restored, what was written
since is carried back, and the earlier version goes on. A turn counts as kept when its end was told to the visitor; every one must be
in the database after each step. Real PostgreSQL 18 on a socket; prints what it saw; exit code 1 when a row or a turn is missing.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from deploy.carry_back import carry
from deploy.desk.asking import wait_for
from deploy.desk.compose import ROOT
from deploy.desk.parts import Processes
from deploy.desk.traffic import Traffic, ready
from deploy.desk.wrong import TrialFailedError, require
from puls.database import migrate
from puls.database.embedded import EmbeddedServer
from puls.database.programs import ENVIRONMENT, Programs

_EARLIER = "03ce0f9"  # migrations to 0032: before the live web
_OLD_PORT, _NEW_PORT = 18_201, 18_202
_STARTING_SECONDS = 90.0
_TRAFFIC_SECONDS = 8.0
_SETTINGS = {
    "PULS_SECRET": "0123456789abcdef" * 3, "PULS_WEB": "off", "PULS_CHAT_PER_MINUTE": "1000000", "PULS_REQUESTS_PER_MINUTE": "1000000",
    "PULS_CHAT_PER_MINUTE_PER_ADDRESS": "1000000", "PULS_REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000",
}  # fmt: skip
# Rows that come and go by themselves: counters, processes and what they are asked to stop, work under way.
_PASSING = frozenset({"embedding_claim", "ingest_seen", "rate_limit", "turn_process", "turn_stop"})


def main(revision: str = _EARLIER) -> int:
    """The whole rehearsal."""
    with tempfile.TemporaryDirectory(prefix="puls-upgrade-") as name:
        folder = Path(name)
        server = EmbeddedServer(folder / "server")
        try:
            _rehearse(folder, server.start(), _code_of(revision, folder / "earlier"), revision)
        except TrialFailedError as error:
            print(f"upgrade: FAILED: {error}")
            return 1
        finally:
            server.release()
    return 0


def _rehearse(folder: Path, url: str, earlier: Path, revision: str) -> None:
    live = _new_database(url, "live")
    with Processes(folder) as processes, Traffic() as traffic:
        old = _serve(processes, "old", live, _OLD_PORT, code=earlier)
        wait_for(
            "the earlier version", _STARTING_SECONDS, lambda: ready(_OLD_PORT, with_event=True)
        )
        traffic.begin(_OLD_PORT)
        time.sleep(_TRAFFIC_SECONDS)
        backup, seconds = folder / "before.dump", time.monotonic()
        _program("pg_dump", "--format=custom", f"--file={backup}", live)
        print(f"before: {revision}, schema {_schema(live)}; back-up of {backup.stat().st_size / 2**20:.1f} MiB under traffic "
              f"in {time.monotonic() - seconds:.1f} s; {traffic.told} turns told")  # fmt: skip
        counted = _keys(live)

        began = time.monotonic()
        asyncio.run(migrate(live))
        migrated = time.monotonic() - began
        new = _serve(processes, "new", live, _NEW_PORT)
        wait_for("the new version", _STARTING_SECONDS, lambda: ready(_NEW_PORT, with_event=True))
        traffic.go_to(_NEW_PORT)
        require(processes.stop(old) == 0, "the earlier version did not end in order")
        print(f"upgraded: schema {_schema(live)}, migrated in {migrated:.1f} s with the earlier version serving; "
              f"traffic moved after {time.monotonic() - began:.1f} s")  # fmt: skip
        time.sleep(_TRAFFIC_SECONDS)
        _check(live, traffic, counted, "after the upgrade")

        traffic.pause()
        began = time.monotonic()
        require(processes.stop(new) == 0, "the new version did not end in order")
        back = _new_database(url, "back")
        _program("pg_restore", "--exit-on-error", f"--dbname={back}", str(backup))
        restored = time.monotonic() - began
        lost = sum(one not in _turns(back) for one in traffic.kept)
        carried = carry(live, back)
        _serve(processes, "old-again", back, _OLD_PORT, code=earlier)
        wait_for(
            "the earlier version again",
            _STARTING_SECONDS,
            lambda: ready(_OLD_PORT, with_event=True),
        )
        print(f"rolled back: restored in {restored:.1f} s, schema {_schema(back)}; {lost} turns told since the back-up were missing, "
              f"carried back with {sum(carried.rows.values()):,} rows; serving again after {time.monotonic() - began:.1f} s")  # fmt: skip
        print(
            f"left in the upgraded database, unknown to the earlier schema: {', '.join(carried.left) or 'nothing'}"
        )
        traffic.begin(_OLD_PORT)
        time.sleep(_TRAFFIC_SECONDS / 2)
        traffic.pause()
        _check(back, traffic, counted, "after the roll-back")
        print(
            f"in all: {traffic.told} turns and {traffic.searches} searches told, {traffic.refused} refused while busy, {traffic.failed} failed, 0 lost"
        )


def _check(url: str, traffic: Traffic, counted: dict[str, set[str]], when: str) -> None:
    kept = list(traffic.kept)
    there = _turns(url)
    missing = [one for one in kept if one not in there]
    require(not missing, f"{when}: {len(missing)} turns that were told are not there")
    require(
        traffic.failed == 0, f"{when}: {traffic.failed} requests failed: {traffic.first_failure}"
    )
    found = _keys(url)
    for table, keys in counted.items():
        gone = keys - found.get(table, set())
        require(not gone, f"{when}: {len(gone)} rows of {table} are gone")
    print(
        f"{when}: {len(kept)} turns and {sum(map(len, counted.values())):,} rows of {len(counted)} tables are all there"
    )


def _turns(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {
            str(row[0])
            for row in connection.execute(
                "SELECT request_id FROM turn WHERE finished_at IS NOT NULL"
            )
        }


def _keys(url: str) -> dict[str, set[str]]:
    """Primary keys of each table with one, but of those whose rows pass."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_constraint c JOIN pg_attribute a "
            "ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) JOIN pg_namespace n ON n.oid = c.connamespace "
            "WHERE c.contype = 'p' AND n.nspname = 'public' GROUP BY 1"
        ).fetchall()
        for table, columns in tables:
            if table not in _PASSING:
                listed = ", ".join(f'"{one}"' for one in columns)
                rows = connection.execute(f"SELECT ROW({listed})::text FROM {table}".encode())
                found[table] = {row[0] for row in rows}
    return found


def _schema(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT max(name) FROM schema_migration").fetchone()
    assert row is not None
    return str(row[0]).split("_", 1)[0]


def _new_database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return psycopg.conninfo.make_conninfo(url, dbname=name)


def _serve(
    processes: Processes, name: str, url: str, port: int, *, code: Path | None = None
) -> int:
    environment = _environment(url) | ({"PYTHONPATH": str(code)} if code else {})
    return processes.puls(
        name, environment, "serve", "--host", "127.0.0.1", "--port", str(port), "--with-sample"
    )


def _environment(url: str) -> dict[str, str]:
    return {**_SETTINGS, "PULS_DATABASE_URL": url}


def _code_of(revision: str, folder: Path) -> Path:
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", revision, "src"], cwd=ROOT, check=True, capture_output=True, timeout=60
    )
    subprocess.run(
        ["tar", "--extract", f"--directory={folder}"], input=archive.stdout, check=True, timeout=60
    )
    return folder / "src"


def _program(name: str, *arguments: str) -> None:
    program = Programs.of(Path("/nowhere")).folder / name
    done = subprocess.run(
        [program, *arguments],
        env=dict(ENVIRONMENT),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    require(done.returncode == 0, f"{name}: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
