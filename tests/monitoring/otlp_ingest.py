"""A program of the tests: reads a file of events as whoever sent `traceparent` asks, traced to wherever `OTEL_*` says.

`PULS_DATABASE_URL` names the database; argv: the file, then the `traceparent`. What follows from it is left in the queue.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from puls.bootstrap import open_puls
from puls.ingestion.files import FileSource
from puls.monitoring import server_span
from puls.settings import Settings


async def main(path: str, traceparent: str) -> None:
    async with open_puls(Settings()) as puls:
        with server_span("POST", {"traceparent": traceparent}):
            report = await puls.ingestion.run(FileSource(Path(path)), now=datetime.now(UTC))
    print(report.new)  # noqa: T201 # what the test reads


asyncio.run(main(*sys.argv[1:]))
