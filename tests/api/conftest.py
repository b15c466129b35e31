"""The application with one concert, for tests that visit it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.database import Database
from puls.geo.gazetteer import Gazetteer


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(database, [an_event()])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        yield client
