"""A month of invented visitors, made once, cloned for each test."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql
from scripts.simulate_usage import simulate
from tests.conftest import clone
from tests.serving import puls_over

from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

UNTIL = datetime(2026, 11, 27, 20, 41, 7, tzinfo=UTC)  # a Friday evening, busy
TURNS = 4_000


@pytest.fixture(scope="session")
def simulated_template(server_url: str) -> str:
    name = "simulated_puls"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template_puls").format(sql.Identifier(name))
        )
    url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
    simulate(url, turns=TURNS, until=UNTIL, seed=7)
    return name


@pytest.fixture
def simulated_url(server_url: str, simulated_template: str) -> Iterator[str]:
    yield from clone(server_url, simulated_template)


@pytest.fixture
async def simulated(simulated_url: str) -> AsyncIterator[Database]:
    async with Database.open(simulated_url, pool_size=4) as database:
        yield database


@pytest.fixture
async def puls(simulated: Database, gazetteer: Gazetteer) -> Puls:
    puls = puls_over(simulated, gazetteer)
    await puls.operating.counting.catch_up(now=UNTIL)
    return puls
