"""What all parts stand on: the database, telemetry, HTTP to known services. Every wait has a limit."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx

from puls import __version__
from puls.database import Database, StatementLimits, embedded_server, following
from puls.geocoding import GeoplateformeGeocoder
from puls.monitoring import Wanted, telemetry
from puls.settings import Settings

_HTTP_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@contextlib.asynccontextmanager
async def database_of(settings: Settings, *, is_serving: bool) -> AsyncIterator[Database]:
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


@contextlib.asynccontextmanager
async def telemetry_of(wanted: Wanted) -> AsyncIterator[None]:
    """Off the event loop: setting it up imports the SDK, its end waits for a collector."""
    exporting = telemetry(wanted)
    await asyncio.to_thread(exporting.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(exporting.__exit__, None, None, None)


def geocoder_of(settings: Settings, http: httpx.AsyncClient) -> GeoplateformeGeocoder | None:
    """None unless an operator names one: visitors' addresses go nowhere by default."""
    url = settings.geocoder_url
    return GeoplateformeGeocoder(http, base_url=url) if url else None


def http_client() -> httpx.AsyncClient:
    """Every wait has a limit."""
    return httpx.AsyncClient(timeout=_HTTP_TIMEOUT, headers={"User-Agent": f"Puls/{__version__}"})
