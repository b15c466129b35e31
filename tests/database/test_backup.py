"""The drill: what a backup brings back, and what it refuses to bring back."""

import asyncio
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from puls.database import EmbeddedServer, backup, migrate
from puls.database.backup import Contents, back_up, contents_of, restore
from puls.errors import BackupError
from puls.identity.secret import kept_secret

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANNA, BRUNO = uuid4(), uuid4()


@contextmanager
def server_of(home: Path) -> Iterator[psycopg.Connection[Any]]:
    server = EmbeddedServer(home)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
    finally:
        server.release()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two visitors, each with a conversation, and a catalogue's words."""
    home = tmp_path_factory.mktemp("lived-in") / "home"
    server = EmbeddedServer(home)
    url = server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        asyncio.run(migrate(url))
        for visitor in (ANNA, BRUNO):
            connection.execute(
                "INSERT INTO visitor (id, kind, created_at, seen_at) VALUES (%s, 'anonymous', now(), now())",
                [visitor],
            )
            connection.execute(
                "INSERT INTO conversation (id, visitor_id, title, created_at, last_turn_at)"
                " VALUES (%s, %s, 'Concerts à Lyon', now(), now())",
                [uuid4(), visitor],
            )
    kept_secret(home)
    server.release()
    return home


@pytest.fixture(scope="module")
def file(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("away") / "puls.backup"
    back_up(home, file, now=NOW)
    return file


def conversations_of(connection: psycopg.Connection[Any], visitor: object) -> int:
    """As Puls reads them: in the role of visitors, under row-level security."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE puls_visitor")
        connection.execute("SELECT set_config('puls.visitor_id', %s, true)", [str(visitor)])
        row = connection.execute("SELECT count(*) FROM conversation").fetchone()
    assert row is not None
    return int(row[0])


def test_all_comes_back_on_another_machine(home: Path, file: Path, tmp_path: Path) -> None:
    """Rows, roles, row-level security, and the secret without which every visitor is a stranger."""
    elsewhere = tmp_path / "another machine's home"
    contents = restore(elsewhere, file, replaces=False)
    assert contents == contents_of(file)
    assert contents.rows["conversation"] == 2
    assert (elsewhere / "secret").read_bytes() == (home / "secret").read_bytes()
    with server_of(elsewhere) as connection:
        assert [conversations_of(connection, visitor) for visitor in (ANNA, BRUNO)] == [1, 1]
        assert conversations_of(connection, uuid4()) == 0, "row-level security did not come back"
        url = f"host={connection.info.host} user=postgres dbname=postgres"
        assert asyncio.run(migrate(url)) == [], "the schema did not come back whole"
    assert {path.name for path in elsewhere.iterdir()} >= {"postgres", "secret"}
    assert not list(elsewhere.glob("*.making"))


def test_the_file_is_its_owners_alone(file: Path) -> None:
    """Whoever has it can be any visitor."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_written_while_others_serve_and_holds_one_moment(home: Path, tmp_path: Path) -> None:
    """Nobody stops a service for its backup."""
    with server_of(home) as connection:
        made = back_up(home, tmp_path / "meanwhile", now=NOW)
        connection.execute("SELECT 1")
    assert made.rows["visitor"] == 2


def test_nothing_is_written_over(home: Path, file: Path) -> None:
    """The last good backup is not the place to write the next one."""
    before = file.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        back_up(home, file, now=NOW)
    assert file.read_bytes() == before


def test_a_home_that_holds_something_is_kept_beside(home: Path, file: Path, tmp_path: Path) -> None:
    """A restore into the wrong home must be possible to undo."""
    lived_in = tmp_path / "home"
    shutil.copytree(home, lived_in, ignore=shutil.ignore_patterns("*.lock"))
    with pytest.raises(BackupError, match="--replace"):
        restore(lived_in, file, replaces=False)
    restore(lived_in, file, replaces=True)
    kept = sorted(path.name.split(".")[0] for path in lived_in.glob("*.before-restore-*"))
    assert kept == ["postgres", "secret"]


def test_a_home_in_use_is_left_alone(home: Path, file: Path) -> None:
    with server_of(home) as connection, pytest.raises(BackupError, match="in use"):
        restore(home, file, replaces=True)
    with server_of(home) as connection:
        assert conversations_of(connection, ANNA) == 1


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def changed_within(file: Path) -> None:
    """A byte of the dump, with the zip around it made anew: only our own sum can tell."""
    rewrite(file, lambda name, data: data[:5000] + b"x" + data[5001:] if "dump" in name else data)


def another_secret(file: Path) -> None:
    rewrite(file, lambda name, data: b"y" * 64 if name == "secret" else data)


def of_a_newer_puls(file: Path) -> None:
    def newer(name: str, data: bytes) -> bytes:
        if name != "puls-backup.json":
            return data
        return json.dumps(json.loads(data) | {"schema": "0999_future.sql"}).encode()

    rewrite(file, newer)


def of_another_format(file: Path) -> None:
    def other(name: str, data: bytes) -> bytes:
        if name != "puls-backup.json":
            return data
        return json.dumps(json.loads(data) | {"format": "puls-backup-9"}).encode()

    rewrite(file, other)


def without_its_dump(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        about = archive.read("puls-backup.json")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("puls-backup.json", about)


def no_zip(file: Path) -> None:
    file.write_text("concerts\n")


def rewrite(file: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (cut, "no whole backup"),
        (changed_within, "changed or damaged"),
        (another_secret, "changed or damaged"),
        (of_a_newer_puls, "a newer Puls"),
        (of_another_format, "does not read"),
        (without_its_dump, "no whole backup"),
        (no_zip, "no whole backup"),
    ],
)
def test_what_is_no_whole_backup_restores_nothing(
    file: Path, tmp_path: Path, damage: Callable[[Path], None], why: str
) -> None:
    """Found out before the first row, not after the last."""
    copy = Path(shutil.copy(file, tmp_path / "copy"))
    damage(copy)
    with pytest.raises(BackupError, match=why):
        restore(tmp_path / "home", copy, replaces=False)
    assert not (tmp_path / "home" / "postgres").exists()


def test_rows_that_did_not_come_back_are_a_failure(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts in the file are compared with what is there, before anything takes its place."""
    count = backup._rows

    def one_more(connection: psycopg.Connection[Any]) -> dict[str, int]:
        return count(connection) | {"visitor": 3}

    monkeypatch.setattr(backup, "_rows", one_more)
    made: Contents = back_up(home, tmp_path / "file", now=NOW)
    monkeypatch.setattr(backup, "_rows", count)
    assert replace(made, rows={}) == replace(contents_of(tmp_path / "file"), rows={})
    with pytest.raises(Exception, match="Not all came back: visitor"):
        restore(tmp_path / "home", tmp_path / "file", replaces=False)
    assert not (tmp_path / "home" / "postgres").exists()


def test_a_home_without_a_database_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no embedded database"):
        back_up(tmp_path / "nothing", tmp_path / "file", now=NOW)
    assert not (tmp_path / "file").exists()
