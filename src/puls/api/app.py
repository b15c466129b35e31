"""The HTTP application: the page, the API and what operators ask, around one open Puls.

Enter at `create_app`; `puls serve` runs it. Nothing here decides anything about events.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from puls.api import chat, events, operations
from puls.api.background import Background, Work
from puls.api.describing import openapi_of
from puls.api.doors import Doors
from puls.api.edge.bodies import Bodies
from puls.api.edge.cross_origin import WidgetDoor
from puls.api.edge.heads import HeadsOfGets
from puls.api.edge.hosts import AllowedHosts
from puls.api.edge.middleware import RequestEdge
from puls.api.edge.proxies import TrustedProxies
from puls.api.edge.shedding import Shedding
from puls.api.feeds import routes as feeds
from puls.api.mcp.endpoint import McpEndpoint
from puls.api.me import conversations, followed, letters, searches
from puls.api.me import routes as me
from puls.api.openai import compat as openai_compat
from puls.api.operations import FactsReader
from puls.api.problems import add_error_handlers
from puls.api.reference import routes as reference
from puls.bootstrap import Puls
from puls.retrieval.suggesting.suggestions import Suggestions
from puls.ui import pages, stream, visitor_pages, widget
from puls.ui.app import routes as app_files
from puls.ui.event import page as event_page
from puls.ui.home import suggesting, towns
from puls.ui.home.shelves import Shelves
from puls.ui.ops import pages as ops_pages
from puls.ui.posters import pages as poster_pages
from puls.ui.results import page as results_page
from puls.ui.returning import pages as returning_pages
from puls.ui.sharing import page as sharing_page
from puls.ui.static_files import VersionedFiles, own_folder, package_folders
from puls.ui.venue import page as venue_page
from puls.ui.week import page as week_page

_PARTS = (
    events,
    feeds,
    chat,
    openai_compat,
    me,
    followed,
    searches,
    letters,
    conversations,
    operations,
    reference,
    pages,
    results_page,
    towns,
    suggesting,
    visitor_pages,
    returning_pages,
    app_files,
    stream,
    event_page,
    venue_page,
    poster_pages,
    sharing_page,
    week_page,
    widget,
    ops_pages,
)
_TIME_LIMIT_SECONDS = 15.0
# FastAPI's own spans hold the query of an address, and so what visitors ask; its logs hold messages of errors.
_OWN_TELEMETRY_ONLY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
_WORTH_COMPRESSING = 1024  # bytes
_DESCRIPTION = """\
Cultural events in France, found by what people ask for. Times are ISO 8601 with an offset,
intervals half-open. Every failure is `application/problem+json` (RFC 9457) with a stable `code`.
Events come from their organisers: show the `attribution` wherever you show an event."""


def create_app(
    open_puls: Callable[[], AbstractAsyncContextManager[Puls]],
    *,
    background: Sequence[Work] = (),
    alongside: Sequence[Work] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_limit_seconds: float = _TIME_LIMIT_SECONDS,
    widget_origins: Sequence[str] = (),
    allowed_hosts: Sequence[str] = (),
    public_url: str = "",
    trusted_proxies: Sequence[str] = (),
    doors: Doors | None = None,
) -> FastAPI:
    """An application that opens Puls, works through `background` and beside it `alongside`, and closes all.

    `widget_origins`: the sites that may embed the assistant. `allowed_hosts`, `public_url`: under which names it answers
    beside this machine's own; `trusted_proxies`: whose word on a visitor's address counts; `doors`: what operators keep
    open.
    """
    mcp = McpEndpoint(public_url=public_url)
    work = Background([background, *((one,) for one in alongside)])

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_puls() as puls, mcp.running(puls, clock=clock):
            app.state.puls = puls
            app.state.facts = FactsReader(puls)
            app.state.shelves = Shelves(puls)
            app.state.suggestions = Suggestions(
                database=puls.database, gazetteer=puls.gazetteer, clock=clock
            )
            async with work.running(puls):
                yield

    app = FastAPI(
        title="Puls",
        version="1",
        summary="An event assistant for France",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # they load scripts from a CDN
        redoc_url=None,
        openapi_url=None,  # has its own door, see `puls.api.operations`
        redirect_slashes=False,
        telemetry=_OWN_TELEMETRY_ONLY,
    )
    app.state.clock = clock
    app.state.doors = doors or Doors()
    app.state.background = work.states
    for part in _PARTS:
        app.include_router(part.router)
    for path in ("/mcp", "/mcp/"):  # clients write both
        app.router.routes.append(Route(path, endpoint=mcp, methods=["POST"], name="mcp"))
    for name, folder in package_folders().items():
        app.mount(f"/static/packages/{name}", VersionedFiles(directory=folder), name=name)
    app.mount("/static", VersionedFiles(directory=own_folder()), name="static")
    add_error_handlers(app)
    # From the inside to the outside: the last one sees a request first.
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_COMPRESSING)
    app.add_middleware(Shedding)  # within Bodies: who sends slowly takes nobody's place
    app.add_middleware(Bodies)
    app.add_middleware(HeadsOfGets)
    app.add_middleware(WidgetDoor, origins=widget_origins)
    app.add_middleware(AllowedHosts, hosts=allowed_hosts, public_url=public_url)
    app.add_middleware(TrustedProxies, networks=trusted_proxies)
    app.add_middleware(RequestEdge, time_limit_seconds=time_limit_seconds)
    app.openapi = lambda: openapi_of(app, public_url=public_url)  # type: ignore[method-assign] # FastAPI's documented way to extend it
    return app
