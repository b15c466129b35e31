"""The composition root: settings in, a working Puls out. The only place that builds concrete parts. Enter at `open_puls`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.metadata import version

from puls.bootstrap.background import (
    build_index,
    count_usage,
    follow_up_of,
    take_readings,
    warm_up,
    watch,
)
from puls.bootstrap.embedding import embedders_of
from puls.bootstrap.ground import database_of, geocoder_of, http_client, telemetry_of
from puls.bootstrap.models import gateway_of, gateways_of
from puls.bootstrap.operating import operating_of, sights_of
from puls.bootstrap.parts import Puls, the_web
from puls.bootstrap.people import People, people_of, secret_of
from puls.bootstrap.sources import (
    add_sample_if_empty,
    agenda_source,
    mirror_source,
    source_named,
    without_sample,
)
from puls.bootstrap.talking import TURN_SECONDS, answer_cache_of, assistant_of
from puls.bootstrap.trials import experiment_in, trial_of
from puls.bootstrap.web import Network, web_of
from puls.catalogue.store import Catalogue
from puls.geo.gazetteer import Gazetteer
from puls.identity.secret import check_is_known
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.sync import Ingestion
from puls.jobs import Jobs, Plan, read_plan
from puls.llm.remembered import RememberingEmbedder
from puls.monitoring import Wanted, configure_logging
from puls.retrieval.asking import Asking
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.settings import Settings, otel_asked

__all__ = [
    "People",
    "Puls",
    "add_sample_if_empty",
    "agenda_source",
    "answer_cache_of",
    "assistant_of",
    "build_index",
    "count_usage",
    "follow_up_of",
    "gateway_of",
    "gateways_of",
    "mirror_source",
    "open_puls",
    "people_of",
    "plan_of",
    "source_named",
    "take_readings",
    "the_web",
    "warm_up",
    "watch",
    "without_sample",
]


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
        telemetry_of(wanted),
        database_of(settings, is_serving=is_serving) as database,
        http_client() as http,
        contextlib.AsyncExitStack() as stack,
    ):
        secret = await asyncio.to_thread(secret_of, settings)
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
        beyond = BeyondGazetteer(venues=catalogue, geocoder=geocoder_of(settings, http))
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
            time_limit_seconds=max(TURN_SECONDS, 2 * settings.model_total_seconds),
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


def plan_of(settings: Settings) -> Plan:
    """What runs by itself, and when.

    Raises:
        InvalidInputError: PULS_SYNC or PULS_JOBS cannot be read.
    """
    return read_plan(sync=settings.sync, jobs=settings.jobs, timezone=settings.timezone)
