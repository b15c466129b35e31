"""The LangChain retriever on a served Puls."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from langchain_core.runnables import RunnableLambda

from puls.catalogue.event import Price
from puls.client import UnreachableError
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.langchain import PulsRetriever
from tests.listening import listening
from tests.serving import SATURDAY_EVENING, an_event, app_over, occurrence, puls_over, save


@pytest.fixture
async def url(database: Database, gazetteer: Gazetteer) -> AsyncIterator[str]:
    day = occurrence(SATURDAY_EVENING.replace(hour=0, minute=0), hours=23, is_day_known_only=True)
    unsure = an_event("unsure", title="Jazz au parc", price=Price(), occurrences=(day,))
    await save(database, [an_event(), unsure])
    async with listening(app_over(puls_over(database, gazetteer))) as base_url:
        yield base_url


async def test_documents_hold_what_a_model_may_say(url: str) -> None:
    """Text to speak from, uid to cite, url to show; sync and async alike."""
    retriever = PulsRetriever(base_url=url, limit=5)
    documents = await retriever.ainvoke("jazz samedi à Lyon")
    assert await asyncio.to_thread(retriever.invoke, "jazz samedi à Lyon") == documents
    by_uid = {document.metadata["uid"]: document for document in documents}
    concert = by_uid["1"]
    assert concert.id == "1"
    assert concert.page_content == (
        "Concert de jazz manouche\nle 28/11/2026 de 20:30 à 22:30\n"
        "Le Transbordeur, 3 boulevard de Stalingrad, Lyon\nde 8 à 15 €\nTrois guitares et un violon."
    )
    assert concert.metadata["starts_at"] == "2026-11-28T20:30:00+01:00"
    assert concert.metadata["url"] == "https://openagenda.com/a/events/concert"
    assert (concert.metadata["price_from"], concert.metadata["city"]) == (8.0, "Lyon")


async def test_what_nobody_states_is_not_made_up(url: str) -> None:
    """A model repeats what it reads: unknown hours and prices are told as unknown."""
    documents = await PulsRetriever(base_url=url).ainvoke("jazz au parc samedi à Lyon")
    unsure = next(document for document in documents if document.id == "unsure")
    assert "le 28/11/2026, horaires non précisés" in unsure.page_content
    assert "prix non précisé" in unsure.page_content
    assert (unsure.metadata["hours_known"], unsure.metadata["price_from"]) == (False, None)


async def test_limit_and_filters_reach_the_search(url: str) -> None:
    """A chain sets them once."""
    assert len(await PulsRetriever(base_url=url, limit=1).ainvoke("jazz")) == 1
    elsewhere = PulsRetriever(base_url=url, filters={"place": "Grenoble"})
    assert await elsewhere.ainvoke("jazz samedi à Lyon") == []


async def test_it_is_a_runnable_and_fails_with_a_sentence(url: str) -> None:
    """It composes with the rest of LangChain, and says when the server is away."""
    chain = PulsRetriever(base_url=url) | RunnableLambda(len)
    assert await chain.ainvoke("jazz samedi à Lyon") == 2
    with pytest.raises(UnreachableError, match="No answer"):
        await PulsRetriever(base_url="http://127.0.0.1:9").ainvoke("jazz")
