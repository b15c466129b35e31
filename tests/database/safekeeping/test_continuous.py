"""The drill of a moment: a database is destroyed, and made again as it was at a second of choice."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from puls.database import EmbeddedServer, migrate
from puls.database.safekeeping.continuous import (
    archive_command,
    base_backup,
    bases_in,
    switch_off,
    switch_on,
)
from puls.database.safekeeping.going_back import go_back
from puls.errors import BackupError, DatabaseUnavailableError
from puls.identity.secret import kept_secret

pytestmark = pytest.mark.database


@contextmanager
def server_of(home: Path) -> Iterator[psycopg.Connection[Any]]:
    server = EmbeddedServer(home)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
    finally:
        server.release()


def clock() -> datetime:
    return datetime.now(UTC)


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def kept_words(connection: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in connection.execute("SELECT word FROM kept ORDER BY word")]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, datetime]]:
    """A home with a word before the base, one after it, and one « mistake » that nobody wants back; then a second base."""
    place = tmp_path_factory.mktemp("pitr %f it's")  # a path may hold anything
    home, folder = place / "home", place / "log away"
    with server_of(home) as connection:
        asyncio.run(migrate(f"host={connection.info.host} user=postgres dbname=postgres"))
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('before')")
    kept_secret(home)
    moments = {"nothing": clock()}
    switch_on(home, folder)
    with server_of(home) as connection:
        base_backup(home, folder, keep=7, clock=clock)
        connection.execute("INSERT INTO kept VALUES ('good')")
        time.sleep(1.1)
        moments["good"] = clock()
        time.sleep(0.2)
        connection.execute("INSERT INTO kept VALUES ('mistake')")
        connection.execute("DELETE FROM kept WHERE word = 'before'")
        connection.execute("SELECT pg_switch_wal()")
        _until_kept(connection)
    return home, folder, moments


def _until_kept(connection: psycopg.Connection[Any]) -> None:
    deadline = time.monotonic() + 60
    while one(
        connection, "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"
    ):
        assert time.monotonic() < deadline, "the log is not kept"
        time.sleep(0.1)
    assert one(connection, "SELECT failed_count FROM pg_stat_archiver") == 0


def test_a_moment_before_a_mistake_comes_back(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """A deleted catalogue, a wrong statement by hand: the nightly backup would lose the day."""
    home, folder, moments = drill
    elsewhere = tmp_path / "home"
    go_back(elsewhere, folder, to=moments["good"], replaces=False)
    assert (elsewhere / "secret").read_bytes() == (home / "secret").read_bytes()
    with server_of(elsewhere) as connection:
        assert kept_words(connection) == ["before", "good"]
        connection.execute("INSERT INTO kept VALUES ('and on')")
        assert one(connection, "SELECT current_setting('archive_mode')") == "off", "two histories"
        assert one(connection, "SELECT current_setting('recovery_target_time')") == ""


def test_the_last_change_comes_back_when_the_disk_is_gone(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """Destroyed, restored, the same."""
    _, folder, _ = drill
    copy = tmp_path / "away"
    shutil.copytree(folder, copy)
    copy.chmod(0o700)  # as a copy made by root: PostgreSQL's own account cannot look into it
    go_back(tmp_path / "home", copy, to=None, replaces=False)
    with server_of(tmp_path / "home") as connection:
        assert kept_words(connection) == ["good", "mistake"]


def test_a_log_with_a_gap_is_never_taken_for_a_whole_one(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """PostgreSQL ends where it finds nothing, and says nothing: seen with a folder that it could not read."""
    _, folder, _ = drill
    copy = tmp_path / "away"
    shutil.copytree(folder, copy)
    (base,) = bases_in(copy)
    after = [
        path for path in sorted((copy / "wal").iterdir()) if path.name[:24] > base.first_segment
    ]
    damaged = after[0].read_bytes()
    after[0].write_bytes(damaged[: len(damaged) // 2])
    with pytest.raises(BackupError, match="changed or damaged"):
        go_back(tmp_path / "home", copy, to=None, replaces=False)
    after[0].unlink()
    (copy / "wal" / f"{after[-1].name[:23]}F.gz").write_bytes(damaged)
    with pytest.raises(BackupError, match="is not whole"):
        go_back(tmp_path / "home", copy, to=None, replaces=False)
    assert not (tmp_path / "home" / "postgres").exists()


def test_a_moment_before_the_first_base_is_told(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """And not answered with the nearest."""
    _, folder, moments = drill
    with pytest.raises(BackupError, match="begins at"):
        go_back(tmp_path / "home", folder, to=moments["nothing"], replaces=False)


def test_a_moment_that_is_not_kept_yet_is_told(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """What is there stays as it was."""
    _, folder, _ = drill
    home = tmp_path / "home"
    with server_of(home) as connection:
        connection.execute("CREATE TABLE mine ()")
    with pytest.raises(DatabaseUnavailableError, match=r"ends before it|recovery"):
        go_back(home, folder, to=clock(), replaces=True)
    with server_of(home) as connection:
        assert one(connection, "SELECT to_regclass('mine') IS NOT NULL")


def test_a_piece_that_was_spoilt_is_found(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """A base whose bytes changed on the disk is no base."""
    _, folder, moments = drill
    copy = tmp_path / "away"
    shutil.copytree(folder, copy)
    (base,) = bases_in(copy)
    spoilt = copy / "base" / base.name / "postgres" / "global" / "pg_control"
    spoilt.write_bytes(spoilt.read_bytes()[:-1] + b"\xff")
    with pytest.raises(BackupError, match="global/pg_control"):
        go_back(tmp_path / "home", copy, to=moments["good"], replaces=False)


def test_a_home_in_use_is_left_alone(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """Neither replaced nor changed under somebody's feet."""
    _, folder, _ = drill
    with server_of(tmp_path / "home"):
        for attempt in (
            lambda: go_back(tmp_path / "home", folder, to=None, replaces=True),
            lambda: switch_on(tmp_path / "home", tmp_path / "log"),
        ):
            with pytest.raises(BackupError, match="is in use"):
                attempt()


def test_another_database_does_not_mix_its_log_in(
    drill: tuple[Path, Path, dict[str, datetime]], tmp_path: Path
) -> None:
    """It would be the end of both."""
    _, folder, _ = drill
    with server_of(tmp_path / "home"):
        pass
    with pytest.raises(BackupError, match="another database"):
        switch_on(tmp_path / "home", folder)


def test_old_bases_go_with_the_log_that_only_they_need(tmp_path: Path) -> None:
    """And a base is refused while the log is not kept: it would promise moments that there are not."""
    home, folder = tmp_path / "home", tmp_path / "log"
    with server_of(home) as connection:
        asyncio.run(migrate(f"host={connection.info.host} user=postgres dbname=postgres"))
        with pytest.raises(BackupError, match="puls backup continuous"):
            base_backup(home, folder, keep=1, clock=clock)
    switch_on(home, folder)
    with server_of(home) as connection:
        first = base_backup(home, folder, keep=1, clock=clock)
        time.sleep(1.1)
        second = base_backup(home, folder, keep=1, clock=clock)
        _until_kept(connection)
    assert bases_in(folder) == [second]
    pieces = sorted(path.name[:24] for path in (folder / "wal").iterdir())
    assert first.first_segment not in pieces
    assert second.first_segment in pieces
    switch_off(home)
    with server_of(home) as connection:
        assert one(connection, "SELECT current_setting('archive_mode')") == "off"


def test_a_path_cannot_become_a_command() -> None:
    """It goes through a shell, and PostgreSQL reads % in it."""
    assert "'/a b'\"'\"'; rm -rf x'" in archive_command(Path("/a b'; rm -rf x"))
    assert "/100%%f/" in archive_command(Path("/100%f")).replace("'", "")
