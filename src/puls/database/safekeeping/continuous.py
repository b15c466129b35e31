"""Continuous backup of an embedded database: base backups and every finished piece of its write-ahead log, in one folder.

PostgreSQL itself copies the log, whoever started it (`archive_command`); `going_back` makes any moment of it again. The log is
cut each minute in which something was written, so that at most that is lost. Enter at `switch_on`, `base_backup` and `switch_off`.
Everything blocks.
"""

import json
import re
import secrets
import shlex
import shutil
import stat
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from puls.database.embedded import EmbeddedServer
from puls.database.locks import FileLock, held_alone
from puls.database.programs import Programs, give, open_way
from puls.database.safekeeping.manifest import ALGORITHM, check_base
from puls.errors import BackupError, DatabaseUnavailableError

FORMAT = "puls-continuous-1"
ABOUT = "puls-base.json"
_CUT_SECONDS = 60
_PATIENCE_SECONDS = 3.0  # until the keeper of the last server is gone
_BASE = re.compile(r"\d{8}T\d{6}Z")
_SEGMENT = re.compile(r"([0-9A-F]{24})(?:\.[0-9A-F]{8}\.backup)?\.gz")
_HALF = re.compile(r"\.making-[0-9a-f]+")
_OURS = ("archive_mode", "archive_command", "archive_timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base backup: the database as it can be had from `ended_at` on, with the log that follows."""

    name: str
    began_at: str
    ended_at: str
    schema: str
    postgresql: str
    system: str
    first_segment: str
    format: str = FORMAT

    @property
    def from_moment(self) -> datetime:
        """The earliest moment that it can bring back; aware, UTC."""
        return datetime.fromisoformat(self.ended_at)


def switch_on(home: Path, folder: Path) -> None:
    """Let the database of a home keep its log in the folder from its next start on. Nothing may be using the home.

    Raises:
        BackupError: the folder cannot be written, belongs to another database, or the home is in use.
        DatabaseUnavailableError: the database does not start.
    """
    server = _alone(home)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            system = _system(connection)
            _refuse_anothers(folder, system)
            _make_folder(home, folder)
            for name, value in (
                ("archive_mode", "on"),
                ("archive_command", archive_command(folder / "wal")),
                ("archive_timeout", f"{_CUT_SECONDS}s"),
            ):
                _set(connection, name, value)
    finally:
        server.release()


def switch_off(home: Path) -> None:
    """Keep the log no longer, from the next start on; what was kept stays.

    Raises:
        BackupError: the home is in use.
        DatabaseUnavailableError: the database does not start.
    """
    server = _alone(home)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for name in _OURS:
                _set(connection, name, None)
    finally:
        server.release()


def base_backup(home: Path, folder: Path, *, keep: int, clock: Any) -> Base:
    """A new base backup; others may go on. Of more than `keep` the oldest go, with the log that only they need.

    `clock`: gives the moment, aware.

    Raises:
        BackupError: the log is not kept in this folder yet, or nothing can be written there.
        DatabaseUnavailableError: the database cannot be read.
    """
    server = EmbeddedServer(home)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            _check_is_on(connection, folder)
            _refuse_anothers(folder, _system(connection))
            base = _made(home, url, connection, folder, clock)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written ({error.strerror}).") from error
    finally:
        server.release()
    forget_older(folder, keep=keep)
    return base


def _made(
    home: Path, url: str, connection: psycopg.Connection[Any], folder: Path, clock: Any
) -> Base:
    programs = Programs.of(home / "postgres")
    making = folder / "base" / f".making-{secrets.token_hex(4)}"
    making.mkdir(parents=True, mode=0o700)
    began: datetime = clock()
    try:
        programs.run(
            "pg_basebackup", f"--dbname={url}", f"--pgdata={making / 'postgres'}", "--format=plain",
            "--wal-method=fetch", "--checkpoint=fast", "--no-password", f"--manifest-checksums={ALGORITHM}",
            as_caller=True,
        )  # fmt: skip
        check_base(making / "postgres")
        secret = home / "secret"
        if secret.exists():
            shutil.copyfile(secret, making / "secret")
            (making / "secret").chmod(0o600)
        ended: datetime = clock()
        base = Base(
            name=f"{ended.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            began_at=began.isoformat(),
            ended_at=ended.isoformat(),
            schema=_one(connection, "SELECT max(name) FROM schema_migration") or "",
            postgresql=_one(connection, "SELECT current_setting('server_version')"),
            system=_system(connection),
            first_segment=_first_segment(making / "postgres" / "backup_label"),
        )
        (making / ABOUT).write_text(json.dumps(asdict(base), indent=2), "utf-8")
        _one(
            connection, "SELECT pg_switch_wal()"
        )  # what the backup needs is kept now, not in a minute
        making.rename(folder / "base" / base.name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return base


def bases_in(folder: Path) -> list[Base]:
    """The base backups of a folder, the oldest first.

    Raises:
        BackupError: one cannot be read, or is of a form that this Puls does not know.
    """
    if not (folder / "base").is_dir():
        return []
    found = []
    for one in sorted((folder / "base").iterdir()):
        if _BASE.fullmatch(one.name):
            try:
                base = Base(**json.loads((one / ABOUT).read_text("utf-8")))
            except (OSError, ValueError, TypeError) as error:
                raise BackupError(f"{one} is no whole base backup.") from error
            if base.format != FORMAT:
                raise BackupError(
                    f"{one} has the format {base.format!r}, which this Puls does not read."
                )
            found.append(base)
    return found


def forget_older(folder: Path, *, keep: int) -> list[str]:
    """Remove all but the newest `keep` bases, halves of such, and the pieces of the log before the oldest that stays."""
    bases = bases_in(folder)
    removed = []
    for base in bases[:-keep]:
        shutil.rmtree(folder / "base" / base.name)
        removed.append(base.name)
    for half in (folder / "base").iterdir():
        if _HALF.fullmatch(half.name):
            shutil.rmtree(half, ignore_errors=True)
    first = bases[-keep:][0].first_segment if bases else ""
    for piece in (folder / "wal").iterdir():
        match = _SEGMENT.fullmatch(piece.name)
        if match and match[1][8:] < first[8:]:  # the first eight digits are the timeline
            piece.unlink()
    return removed


def archive_command(wal: Path) -> str:
    """How PostgreSQL keeps a piece: whole or not at all, once, on the disk; the very same piece again is well."""
    kept = f"{shlex.quote(str(wal))}/".replace("%", "%%")
    part = f"{kept}.%f.part"
    return (
        f"if test -f {kept}%f.gz; then gzip -dc {kept}%f.gz | cmp -s - %p; else "
        f"gzip -1 -c %p > {part} && (sync -d {part} 2>/dev/null || sync) && mv {part} {kept}%f.gz; fi"
    )


def restore_command(wal: Path) -> str:
    """How it comes back."""
    kept = f"{shlex.quote(str(wal))}/".replace("%", "%%")
    return f"test -f {kept}%f.gz && gzip -dc {kept}%f.gz > %p"


def _alone(home: Path) -> EmbeddedServer:
    if not (home / "postgres" / "PG_VERSION").exists():
        raise BackupError(f"There is no embedded database in {home}.")
    with held_alone(home / "start.lock"):
        in_use = FileLock(home / "in-use.lock")
        if not in_use.try_alone_for(_PATIENCE_SECONDS):
            raise BackupError(f"{home} is in use; stop what uses it first.")
        in_use.release()
    return EmbeddedServer(home)


def _make_folder(home: Path, folder: Path) -> None:
    wal = folder / "wal"
    try:
        (folder / "base").mkdir(parents=True, exist_ok=True, mode=0o700)
        wal.mkdir(exist_ok=True, mode=0o700)
        account = Programs.of(home / "postgres").account
        give(wal, account)
        if account is not None:
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
            open_way(wal, account)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written ({error.strerror}).") from error


def _refuse_anothers(folder: Path, system: str) -> None:
    """The logs of two databases in one folder would be the end of both."""
    if any(base.system != system for base in bases_in(folder)):
        raise BackupError(f"{folder} keeps another database; name a folder of its own.")


def _check_is_on(connection: psycopg.Connection[Any], folder: Path) -> None:
    mode = _one(connection, "SELECT current_setting('archive_mode')")
    command = _one(connection, "SELECT current_setting('archive_command')")
    if mode != "on" or command != archive_command(folder.resolve() / "wal"):
        raise BackupError(
            f"The log of this database is not kept in {folder}: stop Puls, then "
            f"`puls backup continuous {folder}`."
        )


def _set(connection: psycopg.Connection[Any], name: str, value: str | None) -> None:
    statement = (
        sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name))
        if value is None
        else sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
    )
    connection.execute(statement)


def _system(connection: psycopg.Connection[Any]) -> str:
    """PostgreSQL's own number of this database."""
    return str(_one(connection, "SELECT system_identifier FROM pg_control_system()"))


def _first_segment(label: Path) -> str:
    """The piece of the log that a base begins with."""
    found = re.search(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)", label.read_text("utf-8"))
    if found is None:
        raise DatabaseUnavailableError(f"{label} does not say where the backup begins.")
    return found[1]


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
