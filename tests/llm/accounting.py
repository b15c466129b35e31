"""Prices that make round sums, and what tests ask of an error."""

from datetime import date
from uuid import UUID

from tests.llm.servers import WORDS

from puls.database import Database
from puls.llm.accounts import Unavailable
from puls.llm.gateway import ModelUnavailableError
from puls.llm.prices import Price, Prices

ANSWER = "".join(WORDS)
LONG_AGO = date(2020, 1, 1)
DEAR = Price(input=1000.0, cached=100.0, output=10_000.0)  # an answer of the servers: 0.70 euros
CHEAP = Price(input=100.0, cached=10.0, output=1000.0)
DEAR_COST = (200 * 1000 + 1000 * 100 + 40 * 10_000) / 1e6


def prices(**by_model: Price) -> Prices:
    """`openai_m1=…` for the model `openai:m1`."""
    return Prices({name.replace("_", ":"): [(LONG_AGO, price)] for name, price in by_model.items()})


def reason(error: object) -> Unavailable:
    assert isinstance(error, ModelUnavailableError)
    return error.reason


async def meet(database: Database, visitor_id: UUID) -> None:
    """As the first turn of a visitor does."""
    async with database.transaction(visitor_id=visitor_id) as connection:
        await connection.execute(
            "INSERT INTO visitor (id, kind, created_at, seen_at) VALUES (%s, 'anonymous', now(), now())",
            [visitor_id],
        )
