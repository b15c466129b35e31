"""Real PostgreSQL for every test that wants one: a server per session, a database cloned from a template per test."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from puls.catalogue.store import Catalogue
from puls.database import Database, migrate, start_embedded
from puls.geo.gazetteer import Gazetteer

# The same examples each time, so that a red build means a change; `pytest --hypothesis-profile=default` explores.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

MIRROR_SEEDS = 100  # of the moving mirror in `tests/ingestion`; `make faults-ingest` gives 500


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mirror-seeds", type=int, default=MIRROR_SEEDS, help="moving mirrors to read"
    )


SHARED = Path(os.environ.get("PULS_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A server of this session's own, with an empty, migrated `template` database in it."""
    url = start_embedded(tmp_path_factory.mktemp("puls"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_puls")
    asyncio.run(migrate(_named(url, "template_puls")))
    return url


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    yield from clone(server_url, "template_puls")


def clone(server_url: str, template: str) -> Iterator[str]:
    """A fresh copy of a template database, dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield _named(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(url: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(url, dbname=name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url, pool_size=4) as database:
        yield database


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records and questions; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("the real records are not on this machine")
    return SHARED
