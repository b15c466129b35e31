"""A whole home in one file, and back: the database, the roles that it needs, and the secret of its visitors.

The file is a zip: `puls-backup.json` says what it is, `database.dump` is PostgreSQL's own format, `secret` signs visitors'
tokens. It appears whole or not at all, and is checked before anything is restored; a restore replaces what is there only
when all of it has come back. Enter at `back_up` and `restore`. Everything blocks.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from puls.database.embedded import EmbeddedServer
from puls.database.locks import FileLock, belongs_to_its_folder, held_alone
from puls.database.making import RESTORING
from puls.database.migrating import migration_names
from puls.database.programs import ENVIRONMENT, Programs, last_words
from puls.errors import BackupError, DatabaseUnavailableError

_FORMAT = "puls-backup-1"
_ABOUT, _DUMP, _SECRET = "puls-backup.json", "database.dump", "secret"
_ROLES = ("puls_visitor", "puls_keeper", "puls_figures", "puls_reviewer")
_PIECE = 1024 * 1024
_LONGEST_ABOUT = 64 * 1024
_LONGEST_SECRET = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds; `rows` counts what a restore must bring back."""

    made_at: str
    schema: str
    postgresql: str
    rows: dict[str, int]
    dump_sha256: str
    secret_sha256: str | None
    format: str = _FORMAT


def back_up(home: Path, file: Path, *, now: datetime) -> Contents:
    """Write the embedded database of a home, and its secret, to a new file. Others may go on serving meanwhile.

    Raises:
        BackupError: the file exists or cannot be written, or there is nothing to back up.
        DatabaseUnavailableError: the database cannot be read.
    """
    if file.exists():
        raise BackupError(f"{file} exists already; name a new file.")
    if not (home / "postgres" / "PG_VERSION").exists():
        raise BackupError(f"There is no embedded database in {home}; nothing was written.")
    server = EmbeddedServer(home)
    url = server.start()
    try:
        return _written(home, url, file, now=now)
    except OSError as error:
        raise BackupError(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        server.release()


def _written(home: Path, url: str, file: Path, *, now: datetime) -> Contents:
    secret = _secret_of(home)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(
            part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600
        )  # it holds all there is
        with os.fdopen(descriptor, "w+b") as opened, _snapshot(url) as (name, connection):
            with zipfile.ZipFile(opened, "w") as archive:
                with archive.open(_DUMP, "w", force_zip64=True) as member:
                    digest = _dump(Programs.of(home / "postgres"), url, name, member)
                contents = Contents(
                    made_at=now.isoformat(),
                    schema=_one(connection, "SELECT max(name) FROM schema_migration") or "",
                    postgresql=_one(connection, "SELECT current_setting('server_version')"),
                    rows=_rows(connection),
                    dump_sha256=digest,
                    secret_sha256=None if secret is None else hashlib.sha256(secret).hexdigest(),
                )
                if secret is not None:
                    archive.writestr(_SECRET, secret)
                archive.writestr(_ABOUT, json.dumps(asdict(contents), indent=2))
            opened.flush()
            os.fsync(opened.fileno())
        os.link(part, file)  # fails where a file of that name came to be meanwhile
    finally:
        part.unlink(missing_ok=True)
    return contents


@contextlib.contextmanager
def _snapshot(url: str) -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """One moment of the database, for the dump and for the counts."""
    try:
        with psycopg.connect(url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield _one(connection, "SELECT pg_export_snapshot()"), connection
    except psycopg.Error as error:
        raise DatabaseUnavailableError(f"The database cannot be read: {error}".strip()) from error


def _dump(programs: Programs, url: str, snapshot: str, member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    with subprocess.Popen(
        [
            programs.folder / "pg_dump", "--format=custom", "--no-owner", "--no-unlogged-table-data",
            f"--snapshot={snapshot}", f"--dbname={url}",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env=ENVIRONMENT,
    ) as dumping:  # fmt: skip
        assert dumping.stdout is not None
        assert dumping.stderr is not None
        while piece := dumping.stdout.read(_PIECE):
            digest.update(piece)
            member.write(piece)
        complaint = dumping.stderr.read()
    if dumping.returncode:
        raise DatabaseUnavailableError(f"pg_dump failed: {last_words(complaint)}.")
    return digest.hexdigest()


def restore(home: Path, file: Path, *, replaces: bool) -> Contents:
    """Bring a backup back into a home. What was there before is kept beside it, under a name that says so.

    Raises:
        BackupError: the file is no whole backup, is of a newer Puls, or the home holds a database already.
        DatabaseUnavailableError: the database could not be made; what was there is as it was.
    """
    with _opened(file) as archive:
        contents = _checked(archive, file)
        home.mkdir(parents=True, exist_ok=True)
        home = home.resolve()
        with held_alone(home / "start.lock"):
            in_use = FileLock(home / "in-use.lock")
            try:
                if not in_use.try_alone():
                    raise BackupError(f"{home} is in use; stop what uses it first.")
                if (home / "postgres").exists() and not replaces:
                    raise BackupError(
                        f"{home} holds a database already. --replace puts it aside and restores."
                    )
                making = home / RESTORING
                shutil.rmtree(making, ignore_errors=True)
                try:
                    _restored(making, archive, contents)
                    if contents.secret_sha256 is not None:
                        _keep_secret(making, _read(archive, _SECRET, _LONGEST_SECRET))
                    put_in_place(home, making, made_at=contents.made_at)
                finally:
                    shutil.rmtree(making, ignore_errors=True)
            finally:
                in_use.release()
    return contents


def contents_of(file: Path) -> Contents:
    """What a backup says of itself, checked.

    Raises:
        BackupError: it is no whole backup, or of a newer Puls.
    """
    with _opened(file) as archive:
        return _checked(archive, file)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {file}.") from error
    except (zipfile.BadZipFile, OSError, EOFError, KeyError) as error:
        raise BackupError(f"{file} is no whole backup of Puls ({error}).") from error


def _checked(archive: zipfile.ZipFile, file: Path) -> Contents:
    """Whole, unchanged since it was made, and not of a newer Puls."""
    try:
        contents = Contents(**json.loads(_read(archive, _ABOUT, _LONGEST_ABOUT)))
    except (ValueError, TypeError, RecursionError) as error:
        raise BackupError(f"{file} is no backup of Puls.") from error
    if contents.format != _FORMAT:
        raise BackupError(
            f"{file} has the format {contents.format!r}, which this Puls does not read."
        )
    if contents.schema not in migration_names():
        raise BackupError(
            f"{file} was made by a newer Puls ({contents.schema}); restore it with that version."
        )
    digest = hashlib.sha256()
    with archive.open(_DUMP) as member:
        while piece := member.read(_PIECE):
            digest.update(piece)
    secret = (
        _read(archive, _SECRET, _LONGEST_SECRET) if contents.secret_sha256 is not None else None
    )
    same = digest.hexdigest() == contents.dump_sha256
    if secret is not None:
        same = same and hashlib.sha256(secret).hexdigest() == contents.secret_sha256
    if not same:
        raise BackupError(f"{file} was changed or damaged since it was made; nothing was restored.")
    return contents


def _read(archive: zipfile.ZipFile, name: str, longest: int) -> bytes:
    with archive.open(name) as member:
        data = member.read(longest + 1)
    if len(data) > longest:
        raise BackupError(f"{name} in the backup is too long to be what it says.")
    return data


def _restored(making: Path, archive: zipfile.ZipFile, contents: Contents) -> None:
    """A home of its own with all that the backup holds, its server stopped."""
    server = EmbeddedServer(making)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for role in _ROLES:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                connection.execute(
                    sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE").format(
                        sql.Identifier(role)
                    )
                )
        _load(Programs.of(making / "postgres"), url, archive)
        with psycopg.connect(url) as connection:
            rows = _rows(connection)
        if rows != contents.rows:
            differing = sorted(
                name for name in contents.rows if rows.get(name) != contents.rows[name]
            )
            raise DatabaseUnavailableError(f"Not all came back: {', '.join(differing)}.")
    finally:
        server.release()
    belongs_to_its_folder(making)


def _load(programs: Programs, url: str, archive: zipfile.ZipFile) -> None:
    with archive.open(_DUMP) as member, subprocess.Popen(
        [
            programs.folder / "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={url}",
        ],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", env=ENVIRONMENT,
    ) as loading:  # fmt: skip
        assert loading.stdin is not None
        assert loading.stderr is not None
        with contextlib.suppress(BrokenPipeError):  # then it says why
            while piece := member.read(_PIECE):
                loading.stdin.write(piece)
            loading.stdin.close()
        complaint = loading.stderr.read()
    if loading.returncode:
        raise DatabaseUnavailableError(f"pg_restore failed: {last_words(complaint)}.")


def put_in_place(home: Path, making: Path, *, made_at: str) -> None:
    """What was there is put aside, and the new in its place. Interrupted in between, the next start says so."""
    stamp = f"{made_at[:10]}-{secrets.token_hex(2)}"
    for name in ("postgres", _SECRET):
        if (making / name).exists():
            with contextlib.suppress(FileNotFoundError):
                (home / name).rename(home / f"{name}.before-restore-{stamp}")
            (making / name).rename(home / name)
    descriptor = os.open(home, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_secret(folder: Path, secret: bytes) -> None:
    path = folder / _SECRET
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(opened.fileno())


def _rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table that a backup keeps has."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    return {
        name: int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))))
        for (name,) in names
    }


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _secret_of(home: Path) -> bytes | None:
    """None where the operator keeps it elsewhere (`PULS_SECRET`)."""
    try:
        return (home / _SECRET).read_bytes()
    except FileNotFoundError:
        return None
