"""The schema: forward only, in order, one program at a time, and never older than the database it meets.

Enter at `migrate`.
"""

import asyncio
import importlib.resources
import re
import time
from importlib.resources.abc import Traversable

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from puls.errors import DatabaseUnavailableError, SchemaTooNewError

Connection = AsyncConnection[DictRow]

_MIGRATION_LOCK = 0x70756C73  # "puls" in ASCII: any constant will do, as long as it never changes
_MINIMUM_POSTGRESQL = 16
_MINIMUM_PGVECTOR = (
    0,
    8,
    4,
)  # earlier releases may corrupt HNSW on vacuum (pgvector CHANGELOG 0.8.3, 0.8.4)
_CONNECT_SECONDS = 10
_RECOVERING_SECONDS = 30.0  # how long a server that is on its way up is waited for
_RECOVERING_PAUSE_SECONDS = 0.2
# PostgreSQL's words for SQLSTATE 57P03; a refused connection carries no code (libpq gives the text alone)
_ON_ITS_WAY_UP = re.compile(
    r"the database system is (starting up|in recovery mode|not (yet )?accepting connections)"
)


async def migrate(url: str) -> list[str]:
    """Apply the migrations that are missing, in order, each in a transaction; return their names.

    Several processes may call this at once: an advisory lock lets one work while the others wait. A server that says
    that it is starting or recovering is waited for, 30 s at most; one that does not answer is not.

    Raises:
        DatabaseUnavailableError: the server is absent, too old or lacks pgvector.
        SchemaTooNewError: a newer Puls migrated this database.
    """
    try:
        connection = await _connect(url)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(
            f"PostgreSQL does not answer: {first_line(error)}. Check PULS_DATABASE_URL."
        ) from error
    except psycopg.ProgrammingError:  # its words repeat the URL, password included
        raise DatabaseUnavailableError("PULS_DATABASE_URL is not a PostgreSQL URL.") from None
    async with connection:
        await _check_server(connection)
        await connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            return await _apply_missing(connection)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            raise DatabaseUnavailableError(
                "This PostgreSQL takes no writes (a replica, or made read-only). Name the primary server."
            ) from error
        except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege) as error:
            raise DatabaseUnavailableError(
                f"The tables cannot be made ready: {first_line(error)}."
            ) from error
        finally:
            if not connection.closed:
                await connection.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


async def _connect(url: str) -> Connection:
    deadline = time.monotonic() + _RECOVERING_SECONDS
    while True:
        try:
            return await AsyncConnection.connect(
                url, autocommit=True, row_factory=dict_row, connect_timeout=_CONNECT_SECONDS
            )
        except psycopg.OperationalError as error:
            if not _ON_ITS_WAY_UP.search(str(error)) or time.monotonic() > deadline:
                raise
        await asyncio.sleep(_RECOVERING_PAUSE_SECONDS)


async def unknown_migrations(connection: Connection) -> list[str]:
    """Migrations of this database that this program does not have, oldest first."""
    cursor = await connection.execute("SELECT name FROM schema_migration ORDER BY name")
    known = set(migration_names())
    return [row["name"] for row in await cursor.fetchall() if row["name"] not in known]


def migration_names() -> list[str]:
    """What this program knows, in order."""
    return [file.name for file in _migration_files()]


def check_not_newer(unknown: list[str]) -> None:
    """Raises SchemaTooNewError when there is a migration that this program does not know."""
    if unknown:
        raise SchemaTooNewError(
            f"This database was migrated by a newer Puls ({unknown[-1].removesuffix('.sql')}); "
            "run that version, or restore a backup made before it. Nothing was changed."
        )


async def _check_server(connection: Connection) -> None:
    if connection.info.server_version // 10_000 < _MINIMUM_POSTGRESQL:
        raise DatabaseUnavailableError(
            f"Puls needs PostgreSQL {_MINIMUM_POSTGRESQL} or newer; "
            f"this server is {connection.info.parameter_status('server_version')}. Upgrade it."
        )
    cursor = await connection.execute(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'"
    )
    row = await cursor.fetchone()
    if row is None:
        raise DatabaseUnavailableError(
            "This PostgreSQL lacks pgvector. Install the extension package (Debian: "
            f"postgresql-{connection.info.server_version // 10_000}-pgvector, 0.8.4 or newer) on the server."
        )
    version = row["installed_version"] or row["default_version"]
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < _MINIMUM_PGVECTOR:
        raise DatabaseUnavailableError(
            f"pgvector {version} is too old: earlier releases than 0.8.4 may corrupt an index. "
            "Install 0.8.4 or newer, then run ALTER EXTENSION vector UPDATE."
        )


async def _apply_missing(connection: Connection) -> list[str]:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration ("
        "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    check_not_newer(await unknown_migrations(connection))
    cursor = await connection.execute("SELECT name FROM schema_migration")
    applied = {row["name"] for row in await cursor.fetchall()}
    missing = [file for file in _migration_files() if file.name not in applied]
    for file in missing:
        try:
            async with connection.transaction():
                await connection.execute(file.read_text(encoding="utf-8").encode())
                await connection.execute(
                    "INSERT INTO schema_migration (name) VALUES (%s)", [file.name]
                )
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseUnavailableError(
                f"{file.name} was not applied: {first_line(error)}"
            ) from error
    return [file.name for file in missing]


def _migration_files() -> list[Traversable]:
    folder = importlib.resources.files("puls").joinpath("migrations")
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )


def first_line(error: BaseException) -> str:
    """The first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
