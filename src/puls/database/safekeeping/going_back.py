"""An embedded database as it was at a moment, from a folder of continuous backup. Enter at `go_back`. Everything blocks.

What is there now is kept beside it under a name that says so, and only when the other is whole and answers.
"""

import shutil
import time
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
from puls.errors import BackupError, DatabaseUnavailableError

_REPLAY_SECONDS = 6 * 3600.0
_PAUSE_SECONDS = 0.2
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
            if not in_use.try_alone():
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
    programs.run("pg_verifybackup", str(data), as_caller=True)
    _write_recovery(data, folder / "wal", to)
    data.chmod(0o700)
    give_all(data, programs.account)
    secret = folder / "base" / base.name / "secret"
    if secret.exists():
        shutil.copyfile(secret, making / "secret")
        (making / "secret").chmod(0o600)
    server = EmbeddedServer(making)
    url = server.start()
    try:
        _wait_for_the_moment(url, server)
        with psycopg.connect(url, autocommit=True) as connection:
            for name in (*_OF_RECOVERY, *_OF_KEEPING):
                connection.execute(f"ALTER SYSTEM RESET {name}".encode())
            connection.execute(b"CHECKPOINT")
    finally:
        server.release()
    belongs_to_its_folder(making)


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
