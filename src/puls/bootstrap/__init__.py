"""The composition root: settings in, a working Puls out. The only place that builds concrete parts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr

from puls import __version__
from puls.bootstrap.embedding import embedders_of
from puls.bootstrap.operating import operating_of, sights_of
from puls.bootstrap.trials import OpenGateway, experiment_in, trial_of
from puls.bootstrap.watching import mail_server_of, readings_of, watch_of
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
from puls.conversation.variants import USUAL, Models, Trial, Variant
from puls.conversation.writing.answer_cache import AnswerCache
from puls.costs.ledger import UsageLedger
from puls.database import Connection, Database, StatementLimits, embedded_server, following
from puls.errors import DatabaseUnavailableError, InvalidInputError, SourceBusyError
from puls.experiments.experiment import Experiment
from puls.geo.gazetteer import Gazetteer
from puls.geocoding import GeoplateformeGeocoder
from puls.identity.api_keys import ApiKeys
from puls.identity.erased import ErasedVisitors
from puls.identity.feed_tokens import FeedTokens
from puls.identity.operator_sessions import OperatorSessions
from puls.identity.rate_limits import Allowance, RateLimits
from puls.identity.secret import check_is_known, checked_secret, kept_secret
from puls.identity.visitor import Visitor, VisitorTokens
from puls.ingestion import odsql
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.files import FileSource
from puls.ingestion.openagenda import (
    AgendaClient,
    AgendaEvents,
    ExploreChanges,
    ExploreClient,
    ExploreExport,
)
from puls.ingestion.sample.source import NoSample, SampleSource
from puls.ingestion.sources import RecordSource
from puls.ingestion.sync import FollowUp, Ingestion, IngestReport
from puls.jobs import Jobs, Plan, read_plan
from puls.llm.accounts import Budgets
from puls.llm.attempts import CallLimits
from puls.llm.chain import Provider, read_chain
from puls.llm.gateway import Gateway
from puls.llm.prices import Prices
from puls.llm.providers import chat_models
from puls.llm.remembered import RememberingEmbedder
from puls.llm.thoughts import Habit
from puls.monitoring import Wanted, configure_logging, log, telemetry
from puls.operating.looking import Operating
from puls.retrieval.asking import Asking
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.returning.letters import Letters
from puls.returning.saved import SavedSearches
from puls.returning.sending import Post
from puls.returning.whats_new import WhatsNew
from puls.settings import Settings, otel_asked
from puls.understanding.question import understand
from puls.web_search.asked import WebOffError

_COUNT_SECONDS = 60
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
    letters: Letters
    operators: OperatorSessions

    async def erase(self, visitor: Visitor, *, now: datetime) -> None:
        """Delete all that is held of somebody, and let nobody be them again; a program keeps its key."""
        await self.personal_data.erase(visitor.id)
        if visitor.kind == "anonymous" and not visitor.is_new:
            await self.erased.add(visitor.id, now=now)
            await self.personal_data.erase(visitor.id)  # what came in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Puls:
    """Everything an entry point may call. `web` None: looking on the web is switched off; `experiment`: the one under way.

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
    operating: Operating
    beyond: BeyondGazetteer | None = None
    web: OnTheWeb | None = None
    models: Models | None = None
    experiment: Experiment | None = None
    searches: Pacing = field(default_factory=Pacing)
    looks: Pacing = field(default_factory=lambda: Pacing(at_once=_LOOKS_AT_ONCE))
    plan: Plan = field(default_factory=Plan)

    @property
    def jobs(self) -> Jobs:
        """The queue of what is done beside answering."""
        return Jobs(self.database)

    @property
    def saved_searches(self) -> SavedSearches:
        """What visitors keep of their searches."""
        return SavedSearches(self.database)

    @property
    def whats_new(self) -> WhatsNew:
        """Who asks kept searches again."""
        return WhatsNew(self.asking, database=self.database, timezone=self.settings.timezone)

    @property
    def post(self) -> Post | None:
        """The way out for letters; None: none is set up, see `PULS_LETTERS_FROM`."""
        settings = self.settings
        if not (settings.letters_from and settings.alerts_smtp and settings.public_url):
            return None
        return Post(
            mail_server_of(settings),
            sender=settings.letters_from,
            base=settings.public_url.rstrip("/"),
            letters=self.people.letters,
        )


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
    plan = plan_of(settings)
    asked = otel_asked()
    wanted = Wanted(
        traces=asked.traces,
        metrics=asked.metrics,
        metrics_every_seconds=asked.metrics_every_seconds,
        service_version=version("puls"),
    )
    async with (
        _telemetry(wanted),
        _database(settings, is_serving=is_serving) as database,
        _http_client() as http,
        contextlib.AsyncExitStack() as stack,
    ):
        secret = await asyncio.to_thread(_secret, settings)
        await check_is_known(secret, database)
        embedders = await stack.enter_async_context(embedders_of(settings, database))
        catalogue, gazetteer = Catalogue(database), Gazetteer.load()
        search = EventSearch(
            database=database,
            embedder=RememberingEmbedder(embedders.local),
            others=[RememberingEmbedder(one) for one in embedders.others],
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
        experiment = await asyncio.to_thread(experiment_in, settings.experiment)
        trial = await stack.enter_async_context(
            trial_of(experiment, secret=secret, open_gateway=gateways_of(settings, database))
        )
        assistant = assistant_of(
            database,
            search,
            gazetteer,
            people,
            models=gateway,
            beyond=beyond,
            web=web,
            trial=trial,
            time_limit_seconds=max(_TURN_SECONDS, 2 * settings.model_total_seconds),
        )
        stack.push_async_callback(assistant.close)
        index = EmbeddingIndex(
            database=database, embedder=embedders.builds, others=embedders.beside
        )
        sights = sights_of(
            settings,
            database,
            gazetteer=gazetteer,
            plan=plan,
            experiment=experiment,
            models=lambda: gateway.circuits,
            engines=dict if web is None else web.engines,
        )
        yield Puls(
            settings=settings,
            database=database,
            people=people,
            assistant=assistant,
            catalogue=catalogue,
            gazetteer=gazetteer,
            ingestion=Ingestion(
                database=database,
                catalogue=catalogue,
                gazetteer=gazetteer,
                follow_up=follow_up_of(Jobs(database)),
            ),
            index=index,
            search=search,
            asking=Asking(search=search, database=database, gazetteer=gazetteer, beyond=beyond),
            operating=operating_of(
                database, settings, gazetteer=gazetteer, index=index, sights=sights
            ),
            beyond=beyond,
            web=web,
            models=gateway,
            experiment=experiment,
            plan=plan,
        )


def gateways_of(settings: Settings, database: Database) -> OpenGateway:
    """How other chains of models are opened than the usual one, under the same limits and budgets."""
    return lambda models: gateway_of(settings.model_copy(update={"models": models}), database)


@contextlib.asynccontextmanager
async def _telemetry(wanted: Wanted) -> AsyncIterator[None]:
    """Off the event loop: setting it up imports the SDK, its end waits for a collector."""
    exporting = telemetry(wanted)
    await asyncio.to_thread(exporting.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(exporting.__exit__, None, None, None)


def plan_of(settings: Settings) -> Plan:
    """What runs by itself, and when.

    Raises:
        InvalidInputError: PULS_SYNC or PULS_JOBS cannot be read.
    """
    return read_plan(sync=settings.sync, jobs=settings.jobs, timezone=settings.timezone)


def follow_up_of(jobs: Jobs) -> FollowUp:
    """After a change of the catalogue: vectors for what is new, words counted anew."""

    async def follow_up(connection: Connection) -> None:
        await jobs.enqueue("embed", connection=connection)
        await jobs.enqueue("words", connection=connection)

    return follow_up


@contextlib.asynccontextmanager
async def _database(settings: Settings, *, is_serving: bool) -> AsyncIterator[Database]:
    async with contextlib.AsyncExitStack() as stack:
        if settings.database_url is not None:
            url = settings.database_url.get_secret_value()
        else:
            url = await stack.enter_async_context(embedded_server(settings.home))
        limits = StatementLimits() if is_serving else None
        database = await stack.enter_async_context(
            Database.open(url, pool_size=settings.database_pool_size, limits=limits)
        )
        if is_serving and settings.database_replica_url is not None:
            await stack.enter_async_context(
                following(
                    settings.database_replica_url.get_secret_value(),
                    primary=database,
                    lag_seconds=settings.database_replica_lag_seconds,
                    pool_size=settings.database_pool_size,
                    limits=limits,
                )
            )
        yield database


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
    trial: Trial | None = None,
    usual: Variant = USUAL,
) -> Assistant:
    """The conversation over the parts that it uses.

    `keeps_answers` False: a model is asked every time; `web` None: no turn looks on the web; `trial`: the experiment
    under way; `usual`: how everybody else is answered.
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
        trial=trial,
        usual=usual,
    )


def answer_cache_of(database: Database) -> AnswerCache:
    """Models' answers to questions that say nothing of anybody."""
    return AnswerCache(database, ledger=UsageLedger(database))


def people_of(database: Database, settings: Settings, *, secret: bytes) -> People:
    """What is known of those who ask; `secret` signs their tokens."""
    api_keys = ApiKeys(database)
    return People(
        tokens=VisitorTokens(secret),
        api_keys=api_keys,
        operators=OperatorSessions(api_keys, secret=secret),
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
        letters=Letters(database, secret=secret),
    )


async def count_usage(puls: Puls) -> None:
    """Keep the figures of `/ops` up to what happens; now and every minute, without end."""
    while True:
        try:
            await puls.operating.counting.catch_up(now=datetime.now(UTC))
        except DatabaseUnavailableError as error:
            log.warning("usage.not_counted", why=str(error))
        await asyncio.sleep(_COUNT_SECONDS)


async def watch(puls: Puls) -> None:
    """Judge the built-in alerts each minute and tell them, without end; nothing when they are switched off."""
    if not puls.settings.alerts:
        return
    async with _http_client() as http:
        watching = watch_of(
            puls.settings, puls.database, puls.index, http, clock=lambda: datetime.now(UTC)
        )
        await watching.run()


async def take_readings(puls: Puls, *, now: datetime) -> None:
    """Set the gauges that nobody sets while answering, for a scrape."""
    await readings_of(puls.settings, puls.database, puls.index).take(now=now)


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


@contextlib.asynccontextmanager
async def source_named(puls: Puls, name: str) -> AsyncIterator[RecordSource]:
    """A source as PULS_SYNC names it: `openagenda: Rhône`, `openagenda full`, `agenda: 12345`, `file: /data/events.jsonl`.

    Raises:
        InvalidInputError: there is no such kind of source, place or key.
    """
    kind, _, what = (part.strip() for part in name.partition(":"))
    if kind in {"openagenda", "openagenda full"}:
        full = kind.endswith("full")
        async with mirror_source(puls, where=what or None, full=full) as source:
            yield source
    elif kind == "agenda" and what:
        async with agenda_source(puls, uid=what) as source:
            yield source
    elif kind in {"file", "file full"} and what:
        yield FileSource(Path(what), is_full=kind.endswith("full"))
    else:
        raise InvalidInputError(f"There is no source {name!r}.")


async def without_sample(
    puls: Puls, *, now: datetime, patience_seconds: float = 60.0
) -> IngestReport | None:
    """Take the invented events back where real ones stand beside them; None when there was nothing to take back.

    `patience_seconds`: for another command that is at it.
    """
    async with puls.database.transaction() as connection:
        is_there = await runs.has_records(connection, NoSample.name)
    if not is_there or await puls.catalogue.holds_only(NoSample.name):
        return None
    taken_back = await puls.ingestion.run(
        NoSample(), now=now, allow_removing=None, patience_seconds=patience_seconds
    )
    return taken_back if taken_back.removed else None


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
    await puls.index.keep_up(now=lambda: datetime.now(UTC))


def _geocoder(settings: Settings, http: httpx.AsyncClient) -> GeoplateformeGeocoder | None:
    """None unless an operator names one: visitors' addresses go nowhere by default."""
    url = settings.geocoder_url
    return GeoplateformeGeocoder(http, base_url=url) if url else None


def _http_client() -> httpx.AsyncClient:
    """Every wait has a limit."""
    return httpx.AsyncClient(timeout=_HTTP_TIMEOUT, headers={"User-Agent": f"Puls/{__version__}"})
