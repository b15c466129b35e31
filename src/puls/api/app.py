"""The HTTP application: the page, the API and what operators ask, around one open Puls.

Enter at `create_app`; `puls serve` runs it. Nothing here decides anything about events.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from puls.api import chat, conversations, events, followed, me, openai_compat, operations
from puls.api.background import Background, Work
from puls.api.bodies import Bodies
from puls.api.cross_origin import WidgetDoor
from puls.api.doors import Doors
from puls.api.heads import HeadsOfGets
from puls.api.hosts import AllowedHosts
from puls.api.mcp import McpEndpoint
from puls.api.middleware import RequestEdge
from puls.api.operations import FactsReader
from puls.api.problems import Problem, add_error_handlers
from puls.api.proxies import TrustedProxies
from puls.api.shedding import Shedding
from puls.bootstrap import Puls
from puls.ui import pages, stream, visitor_pages, widget
from puls.ui.event import page as event_page
from puls.ui.ops import pages as ops_pages
from puls.ui.posters import pages as poster_pages
from puls.ui.sharing import page as sharing_page
from puls.ui.static_files import VersionedFiles, own_folder, package_folders
from puls.ui.venue import page as venue_page
from puls.ui.week import page as week_page

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
    app.include_router(events.router)
    app.include_router(chat.router)
    app.include_router(openai_compat.router)
    app.include_router(me.router)
    app.include_router(followed.router)
    app.include_router(conversations.router)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.include_router(visitor_pages.router)
    app.include_router(stream.router)
    app.include_router(event_page.router)
    app.include_router(venue_page.router)
    app.include_router(poster_pages.router)
    app.include_router(sharing_page.router)
    app.include_router(week_page.router)
    app.include_router(widget.router)
    app.include_router(ops_pages.router)
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
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] # FastAPI's documented way to extend it
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with the one shape of failures and with examples, nulls included."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    examples = json.loads(resources.files("puls.api").joinpath("examples.json").read_bytes())
    for path, example in examples.items():
        success = document["paths"][path]["get"]["responses"]["200"]
        success["content"]["application/json"]["example"] = example
    return document
