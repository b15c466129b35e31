"""An embedded database as it was at a moment, from a folder of continuous backup. Enter at `go_back`. Everything blocks.

What is there now is kept beside it under a name that says so, and only when the other is whole and answers.
"""

import gzip
import re
import shutil
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from puls.database.backup import put_in_place
from puls.database.embedded import EmbeddedServer
from puls.database.locks import FileLock, belongs_to_its_folder, held_alone
from puls.database.making import RESTORING
from puls.database.migrating import migration_names
from puls.database.programs import Programs, give_all
from puls.database.safekeeping.continuous import Base, bases_in, restore_command
from puls.database.safekeeping.manifest import check_base
from puls.errors import BackupError, DatabaseUnavailableError

_REPLAY_SECONDS = 6 * 3600.0
_PAUSE_SECONDS = 0.2
_PIECE = 1024 * 1024
_SEGMENT = re.compile(r"[0-9A-F]{24}\.gz")
_SEGMENT_DIGITS, _TIMELINE_DIGITS = 24, 8
_PATIENCE_SECONDS = 3.0  # until the keeper of the last server is gone
_OF_RECOVERY = ("restore_command", "recovery_target_time", "recovery_target_action")
_OF_KEEPING = ("archive_mode", "archive_command", "archive_timeout")


def go_back(home: Path, folder: Path, *, to: datetime | None, replaces: bool) -> Base:
    """Bring a home to a moment (aware), or to the last that was kept; the base that it began with is told.

    The database that comes back keeps no log until `switch_on` says so: two histories in one folder would be mixed.

    Raises:
        BackupError: the folder holds nothing from before that moment, or the home holds a database or is in use.
        DatabaseUnavailableError: the moment cannot be reached, or what came back does not work; what was there is as it was.
    """
    base = _base_before(folder, to)
    if base.schema not in migration_names():
        raise BackupError(
            f"The backup was made by a newer Puls ({base.schema}); restore it with that version."
        )
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    with held_alone(home / "start.lock"):
        in_use = FileLock(home / "in-use.lock")
        try:
            if not in_use.try_alone_for(_PATIENCE_SECONDS):
                raise BackupError(f"{home} is in use; stop what uses it first.")
            if (home / "postgres").exists() and not replaces:
                raise BackupError(
                    f"{home} holds a database already. --replace puts it aside and restores."
                )
            making = home / RESTORING
            shutil.rmtree(making, ignore_errors=True)
            try:
                _made(making, folder.resolve(), base, to)
                put_in_place(home, making, made_at=base.ended_at)
            finally:
                shutil.rmtree(making, ignore_errors=True)
        finally:
            in_use.release()
    return base


def _base_before(folder: Path, to: datetime | None) -> Base:
    bases = bases_in(folder)
    if not bases:
        raise BackupError(f"{folder} holds no base backup.")
    fitting = [base for base in bases if to is None or base.from_moment <= to]
    if not fitting:
        raise BackupError(
            f"{folder} begins at {bases[0].from_moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, after that moment."
        )
    return fitting[-1]


def _made(making: Path, folder: Path, base: Base, to: datetime | None) -> None:
    """A home of its own that stands at the moment, its server stopped."""
    making.mkdir(mode=0o755)
    data = making / "postgres"
    shutil.copytree(folder / "base" / base.name / "postgres", data, symlinks=True)
    programs = Programs.of(data)
    check_base(data)
    last = _staged(folder / "wal", making / "wal", base)
    _write_recovery(data, making / "wal", to)
    data.chmod(0o700)
    for place in (data, making / "wal"):
        give_all(place, programs.account)
    secret = folder / "base" / base.name / "secret"
    if secret.exists():
        shutil.copyfile(secret, making / "secret")
        (making / "secret").chmod(0o600)
    server = EmbeddedServer(making)
    url = server.start()
    try:
        _wait_for_the_moment(url, server)
        with psycopg.connect(url, autocommit=True) as connection:
            if to is None:
                _check_reached(connection, last)
            for name in (*_OF_RECOVERY, *_OF_KEEPING):
                connection.execute(f"ALTER SYSTEM RESET {name}".encode())
            connection.execute(b"CHECKPOINT")
    finally:
        server.release()
    belongs_to_its_folder(making)


def _staged(kept: Path, to: Path, base: Base) -> str:
    """The pieces of the log from the base on, each read to its end, where PostgreSQL's account can read them; the last of them.

    What PostgreSQL cannot read it takes for the end of the log, without a word.
    """
    to.mkdir(mode=0o755)
    last = base.first_segment
    for piece in sorted(kept.iterdir()):
        number = piece.name[:_SEGMENT_DIGITS]
        if piece.suffix != ".gz" or (
            number[_TIMELINE_DIGITS:] < base.first_segment[_TIMELINE_DIGITS:]
            and _SEGMENT.fullmatch(piece.name)
        ):
            continue
        try:
            with gzip.open(piece, "rb") as packed:
                while packed.read(_PIECE):
                    pass
        except (OSError, EOFError, zlib.error) as error:
            raise BackupError(f"{piece} was changed or damaged.") from error
        shutil.copyfile(piece, to / piece.name)
        (to / piece.name).chmod(0o644)
        if _SEGMENT.fullmatch(piece.name):
            last = max(last, number, key=lambda one: one[_TIMELINE_DIGITS:])
    return last


def _check_reached(connection: psycopg.Connection[Any], last: str) -> None:
    """A piece that is missing in the middle ends the log there, as PostgreSQL sees it."""
    row = connection.execute(b"SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    reached = str(row[0])[_TIMELINE_DIGITS:]
    if reached < last[_TIMELINE_DIGITS:]:
        raise BackupError(
            f"The log that was kept is not whole: it could be replayed up to piece {row[0]}, and {last} is there. "
            "--at brings back a moment before the gap."
        )


def _write_recovery(data: Path, wal: Path, to: datetime | None) -> None:
    """PostgreSQL replays up to the moment, then is a database again."""
    settings = {
        "restore_command": restore_command(wal),
        "recovery_target_action": "promote",
        "archive_mode": "off",
    }
    if to is not None:
        settings["recovery_target_time"] = to.astimezone(UTC).isoformat()
    written = data / "postgresql.auto.conf"
    kept = [
        line
        for line in written.read_text("utf-8").splitlines()
        if line.split("=")[0].strip() not in (*_OF_RECOVERY, *_OF_KEEPING)
    ]
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    written.write_text("\n".join([*kept, *lines, ""]), "utf-8")
    (data / "recovery.signal").touch(mode=0o600)


def _quoted(value: str) -> str:
    doubled = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _wait_for_the_moment(url: str, server: EmbeddedServer) -> None:
    deadline = time.monotonic() + _REPLAY_SECONDS
    while time.monotonic() < deadline:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                if not _is_in_recovery(connection):
                    return
        except psycopg.OperationalError as error:
            if not server.is_running():
                raise DatabaseUnavailableError(
                    "That moment cannot be reached: the log that was kept ends before it, or is not whole."
                ) from error
        time.sleep(_PAUSE_SECONDS)
    raise DatabaseUnavailableError(f"The log is not replayed after {_REPLAY_SECONDS / 3600:.0f} h.")


def _is_in_recovery(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(b"SELECT pg_is_in_recovery()").fetchone()
    assert row is not None
    return bool(row[0])
