"""The database comes up by itself, is shared, survives a crash, and says in a sentence what it lacks."""

import asyncio
import contextlib
import signal
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from puls.database import Database, Queries, migrate, start_embedded, wait_until_ready
from puls.errors import DatabaseUnavailableError
from tests.conftest import clone

pytestmark = pytest.mark.alone

_JOIN = """
import sys
from pathlib import Path
import psycopg
from puls.database import start_embedded

url = start_embedded(Path(sys.argv[1]))
with psycopg.connect(url, autocommit=True) as connection:
    connection.execute("SELECT pg_advisory_lock(1)")  # two who create at once trip over each other
    connection.execute("CREATE TABLE IF NOT EXISTS visit (pid int)")
    connection.execute("INSERT INTO visit SELECT pg_backend_pid()")
print(url, flush=True)
sys.stdin.readline()
"""


class Process:
    """Another `puls`: it has joined the embedded server of a home, and holds it until told to leave."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _JOIN, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate("\n", timeout=60)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=60)


def postmaster(home: Path) -> psutil.Process:
    lines = (home / "postgres" / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0]))


def is_up(server: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        # A zombie is down, too: in a container nobody may inherit orphans.
        return bool(server.status() != psutil.STATUS_ZOMBIE)
    return False


def crash(home: Path) -> None:
    """What a power cut leaves: no farewell, a lock file of a process that is gone."""
    server = postmaster(home)
    family = [server, *server.children()]
    server.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not any(is_up(process) for process in family):
            break
        time.sleep(0.1)
    assert (home / "postgres" / "postmaster.pid").exists()


def visits(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM visit").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """A database without any table of ours."""
    yield from clone(server_url, "template1")


# -- Migrations ------------------------------------------------------------------------------------------------------


async def test_migrations_apply_once_in_order(empty_url: str) -> None:
    """A second start must find nothing to do."""
    applied = await migrate(empty_url)
    assert applied
    assert applied == sorted(applied)
    assert await migrate(empty_url) == []


async def test_processes_that_migrate_at_once_all_succeed(empty_url: str) -> None:
    """Two terminals opened together on a new machine."""
    applied = await asyncio.gather(*(migrate(empty_url) for _ in range(4)))
    assert sum(bool(names) for names in applied) == 1
    async with Database.open(empty_url) as database:
        assert await database.fetch_all(b"SELECT uid FROM event") == []


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Half a migration would need a human at the next start."""
    good, bad = tmp_path / "0001_good.sql", tmp_path / "0002_bad.sql"
    good.write_text("CREATE TABLE good (id int)")
    bad.write_text("CREATE TABLE bad (id int); SELECT 1 / 0")
    monkeypatch.setattr("puls.database.migrating._migration_files", lambda: [good, bad])
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(empty_url)
    bad.write_text("CREATE TABLE bad (id int)")
    assert await migrate(empty_url) == ["0002_bad.sql"]


# -- The embedded server ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_processes_share_one_embedded_server(home: Path) -> None:
    """`puls serve` in one terminal, `puls ingest` in another; it stops with the last of them."""
    processes = [Process(home) for _ in range(3)]
    urls = {process.url() for process in processes}
    assert len(urls) == 1
    assert visits(urls.pop()) == 3
    server = postmaster(home)
    for process in processes[:-1]:
        process.leave()
    assert is_up(server)
    processes[-1].leave()
    assert not is_up(server)


def test_a_killed_process_does_not_keep_the_server_up_for_ever(home: Path) -> None:
    """A laptop should not run a database for a program that ended last week."""
    killed, polite = Process(home), Process(home)
    assert killed.url()
    killed.kill()
    assert polite.url()
    Process(home).leave()
    server = postmaster(home)
    polite.leave()
    assert not is_up(server)


def test_an_unclean_stop_is_recovered_from_at_the_next_start(home: Path) -> None:
    """Nothing that was committed is lost, and nobody has to know PostgreSQL."""
    first = Process(home)
    before = visits(first.url())
    crash(home)
    first.kill()
    second = Process(home)
    assert visits(second.url()) == before + 1
    second.leave()


def test_a_lock_file_that_names_a_stranger_is_not_believed(home: Path) -> None:
    """After a reboot, or in a restarted container, the old number belongs to another program."""
    first = Process(home)
    before = visits(first.url())
    crash(home)
    first.kill()
    lock = home / "postgres" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lines = lock.read_text().splitlines(keepends=True)
        lock.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        second = Process(home)
        assert visits(second.url()) == before + 1
        second.leave()
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_is_still_recovering_is_waited_for(home: Path) -> None:
    """Replaying a long log takes longer than the wheel waits."""
    first = Process(home)
    before = visits(first.url())
    lock = home / "postgres" / "postmaster.pid"
    lines = lock.read_text()
    lock.write_text(lines.replace("ready   ", "starting"))
    second = Process(home)
    with pytest.raises(subprocess.TimeoutExpired):
        second._process.wait(2)
    assert visits(f"{_url_of(lines)}") == before
    lock.write_text(lines)
    assert visits(second.url()) == before + 1
    second.leave()
    first.leave()


def _url_of(lock: str) -> str:
    return f"postgresql://postgres@/postgres?host={lock.splitlines()[4]}"


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """A file where the folder should be, a full disk, a wrong mount."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailableError, match="did not start"):
        start_embedded(tmp_path / "file" / "home")


# -- Servers that will not do ----------------------------------------------------------------------------------------


async def test_a_server_that_is_not_there_is_a_sentence(free_port: int) -> None:
    """An operator reads what to check, not a stack trace."""
    with pytest.raises(
        DatabaseUnavailableError, match=r"does not answer: .*Check PULS_DATABASE_URL"
    ):
        await migrate(f"host=127.0.0.1 port={free_port}")


async def test_a_url_that_is_none_is_not_repeated(free_port: int) -> None:
    """It may hold a password."""
    with pytest.raises(DatabaseUnavailableError, match="not a PostgreSQL URL") as caught:
        await migrate(f"postgres//puls:secret@127.0.0.1:{free_port}")
    assert "secret" not in str(caught.value)


async def test_a_database_that_went_away_is_a_sentence(server_url: str) -> None:
    """It can leave at any moment; readiness says so within the patience given."""
    name = "leaves"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE leaves")
        url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
        async with Database.open(url, pool_size=1) as database:
            assert await wait_until_ready(database, patience_seconds=10)
            connection.execute("DROP DATABASE leaves WITH (FORCE)")
            with pytest.raises(DatabaseUnavailableError, match="does not answer"):
                await database.fetch_one(b"SELECT 1")
            assert not await wait_until_ready(database, patience_seconds=0.2)


@pytest.mark.parametrize(
    ("extension", "sentence"),
    [
        (None, r"lacks pgvector.*postgresql-\d+-pgvector"),
        (("vector", "0.7.4", None), r"pgvector 0\.7\.4 is too old.*0\.8\.4"),
        (("vector", "0.8.9", "0.8.3"), r"pgvector 0\.8\.3 is too old.*ALTER EXTENSION"),
    ],
)
async def test_a_server_without_a_fit_pgvector_says_what_to_install(
    empty_url: str, extension: tuple[str, str, str | None] | None, sentence: str
) -> None:
    """The list of extensions is shadowed by one of ours, first on the search path of this database."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA elsewhere")
        connection.execute(
            "CREATE TABLE elsewhere.pg_available_extensions"
            " (name text, default_version text, installed_version text)"
        )
        if extension:
            connection.execute(
                "INSERT INTO elsewhere.pg_available_extensions VALUES (%s, %s, %s)", extension
            )
    shadowed = psycopg.conninfo.make_conninfo(
        empty_url, options="-c search_path=elsewhere,pg_catalog"
    )
    with pytest.raises(DatabaseUnavailableError, match=sentence):
        await migrate(shadowed)


async def test_an_old_server_says_what_to_install(free_port: int) -> None:
    """A hosted PostgreSQL of some years ago is the likeliest mistake."""
    async with _server_of_version("15.4", free_port):
        with pytest.raises(DatabaseUnavailableError, match=r"PostgreSQL 16 or newer.*15\.4"):
            await migrate(
                f"host=127.0.0.1 port={free_port} user=puls sslmode=disable gssencmode=disable"
            )


@contextlib.asynccontextmanager
async def _server_of_version(version: str, port: int) -> AsyncIterator[None]:
    """As much of PostgreSQL's protocol as a greeting takes (chapter « Message Formats »)."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!i", await reader.readexactly(4))
        await reader.readexactly(length - 4)
        writer.write(message(b"R", struct.pack("!i", 0)))
        writer.write(message(b"S", b"server_version\0" + version.encode() + b"\0"))
        writer.write(message(b"S", b"client_encoding\0UTF8\0"))
        writer.write(message(b"Z", b"I"))
        await reader.read()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        gone.set()

    gone = asyncio.Event()
    async with await asyncio.start_server(greet, "127.0.0.1", port):
        yield
        await gone.wait()


@pytest.fixture
def free_port(unused_tcp_port: int) -> int:
    return unused_tcp_port


# -- Statements ------------------------------------------------------------------------------------------------------


def test_statements_are_read_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQL stays SQL: a comment inside a statement is part of it, a name is a line of its own."""
    package = tmp_path / "statements_beside"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "queries.sql").write_text(
        "Not named yet.\n-- one --\n-- Why.\nSELECT 1 -- not a name --\n\n-- two --\nSELECT * FROM {table}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    queries = Queries.beside("statements_beside")
    assert queries["one"] == b"-- Why.\nSELECT 1 -- not a name --"
    assert queries.on("two", table='a"b').as_string() == 'SELECT * FROM "a""b"'
    with pytest.raises(KeyError):
        queries["three"]


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    """One job is one transaction."""
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction() as connection:
            await connection.execute("CREATE TABLE half (id int)")
            raise ZeroDivisionError
    assert await database.fetch_one(b"SELECT to_regclass('half') AS it") == {"it": None}
