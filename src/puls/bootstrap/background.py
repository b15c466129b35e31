"""What goes on beside answering in a process that serves: counting, watching, warming up, vectors. Without end, or once."""

import asyncio
from datetime import UTC, datetime

from puls.bootstrap.ground import http_client
from puls.bootstrap.parts import Puls
from puls.bootstrap.watching import readings_of, watch_of
from puls.database import Connection
from puls.errors import DatabaseUnavailableError
from puls.ingestion.sync import FollowUp
from puls.jobs import Jobs
from puls.monitoring import log
from puls.understanding.question import understand

_COUNT_SECONDS = 60


def follow_up_of(jobs: Jobs) -> FollowUp:
    """After a change of the catalogue: vectors for what is new, words counted anew."""

    async def follow_up(connection: Connection) -> None:
        await jobs.enqueue("embed", connection=connection)
        await jobs.enqueue("words", connection=connection)

    return follow_up


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
    async with http_client() as http:
        watching = watch_of(
            puls.settings, puls.database, puls.index, http, clock=lambda: datetime.now(UTC)
        )
        await watching.run()


async def take_readings(puls: Puls, *, now: datetime) -> None:
    """Set the gauges that nobody sets while answering, for a scrape."""
    await readings_of(puls.settings, puls.database, puls.index).take(now=now)


async def warm_up(puls: Puls) -> None:
    """Load the model and open the connection before the first visitor asks."""
    await asyncio.to_thread(understand, "concert", now=datetime.now(UTC), gazetteer=puls.gazetteer)
    await puls.search.warm_up(now=datetime.now(UTC))
    await puls.assistant.warm_up()


async def build_index(puls: Puls) -> None:
    """Give every event its vector while the page already answers by words."""
    await puls.index.keep_up(now=lambda: datetime.now(UTC))
