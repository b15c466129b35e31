"""`puls mcp`: the tools of Puls over standard input and output, for an assistant on the same machine."""

import asyncio
import contextlib
from typing import Annotated

import typer

from puls.bootstrap import Puls, add_sample_if_empty, build_index
from puls.cli.opening import run
from puls.cli.output import utc_now
from puls.monitoring import log


def mcp(
    *,
    with_sample: Annotated[
        bool, typer.Option("--with-sample", help="Load invented events if the catalogue is empty.")
    ] = False,
) -> None:
    """Serve the tools of Puls over stdio (Model Context Protocol)."""
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 # a second that other commands need not pay

    from puls.api.mcp.endpoint import mcp_server  # noqa: PLC0415

    async def work(puls: Puls) -> None:
        if with_sample:
            await add_sample_if_empty(puls)
        indexing = asyncio.create_task(_index(puls))
        server = mcp_server(puls, clock=utc_now)
        try:
            async with stdio_server() as (messages, answers):
                await server.run(messages, answers, server.create_initialization_options())
        finally:
            indexing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await indexing

    run(work, is_serving=True)


async def _index(puls: Puls) -> None:
    """Vectors that are missing are built meanwhile; words answer until then."""
    try:
        await build_index(puls)
    except Exception:  # noqa: BLE001 # the edge of the task: nobody awaits its result
        log.exception("background.failed", work="build_index")
