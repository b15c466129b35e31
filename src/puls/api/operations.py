"""What machines ask of Puls: is it alive, is it ready, what does it count."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from puls.api.doors import door, may_pass
from puls.api.problems import documented
from puls.bootstrap import Puls, take_readings
from puls.database.migrating import check_not_newer, unknown_migrations
from puls.errors import DatabaseUnavailableError
from puls.monitoring import CATALOGUE_UPDATED, log, metrics_page
from puls.ui.requests import TheMoment, ThePuls

router = APIRouter(tags=["operations"])

_PATIENCE_SECONDS = 3.0
_FACTS_LIVE_SECONDS = (
    15.0  # probes and scrapes come every few seconds; counting vectors reads the index
)


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class IndexState(BaseModel):
    """What searches read: the live version of the vectors, if there is one."""

    mode: Literal["hybrid", "words"] = Field(description="words: vectors are missing, words decide")
    version: int | None = None
    model: str | None = None
    embedded: int = 0
    events: int = 0


WorkState = Literal["waiting", "running", "done", "failed"]


class Ready(BaseModel):
    """It can answer visitors. What is true of this replica beyond that is for operators."""

    status: Literal["ready"] = "ready"
    database: Literal["answers"] | None = None
    index: IndexState | None = None
    last_ingest_at: datetime | None = None
    background: dict[str, WorkState] | None = Field(
        default=None, description="what this replica does beside answering, by name"
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    index: IndexState
    last_ingest_at: datetime | None


class FactsReader:
    """The state of index and catalogue, read at most once every few seconds."""

    def __init__(self, puls: Puls) -> None:
        self._puls = puls
        self._lock = asyncio.Lock()
        self._facts: _Facts | None = None
        self._read_at = 0.0
        self._gauges_at: float | None = None

    async def take_gauges(self, *, now: datetime) -> None:
        """Set the gauges that nobody sets while answering, unless that was done a moment ago. Never raises for a database that is away."""
        at = time.monotonic()
        if self._gauges_at is None or at - self._gauges_at > _FACTS_LIVE_SECONDS:
            self._gauges_at = at
            await take_readings(self._puls, now=now)

    async def read(self) -> _Facts:
        """Raises DatabaseUnavailableError when the database does not answer in time."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._lock:
                if self._facts is None or time.monotonic() - self._read_at > _FACTS_LIVE_SECONDS:
                    self._facts = await self._fresh()
                    self._read_at = time.monotonic()
                return self._facts
        except TimeoutError as error:
            raise DatabaseUnavailableError(
                f"PostgreSQL did not answer within {_PATIENCE_SECONDS:g} s."
            ) from error

    async def _fresh(self) -> _Facts:
        versions = await self._puls.index.versions()
        live = next((version for version in versions if version.state == "live"), None)
        runs = await self._puls.catalogue.runs(limit=1)
        index = (
            IndexState(mode="words")
            if live is None
            else IndexState(
                mode="hybrid",
                version=live.id,
                model=live.model,
                embedded=live.embedded,
                events=live.events,
            )
        )
        return _Facts(index, runs[0]["finished_at"] if runs else None)


@router.get(
    "/health/live", operation_id="live", summary="Is the process alive?", responses=documented()
)
async def live() -> Alive:
    """Asks nothing of anyone."""
    return Alive()


@router.get(
    "/health/ready",
    operation_id="ready",
    summary="Can it answer visitors?",
    responses=documented(401),
    response_model_exclude_unset=True,
)
async def ready(puls: ThePuls, request: Request, now: TheMoment) -> Ready:
    """Ready without vectors too: then words alone decide, and answers say so.

    Not ready: the database is away, takes no writes, or was migrated by a newer Puls. Details need an operator's key.
    """
    await _check_database(puls)
    if not await may_pass("ready", request, puls, now=now):
        return Ready(status="ready")
    facts = await _reader(request).read()
    return Ready(
        status="ready",
        database="answers",
        index=facts.index,
        last_ingest_at=facts.last_ingest_at,
        background=request.app.state.background,
    )


async def _check_database(puls: Puls) -> None:
    """Raises DatabaseUnavailableError when visitors could not be answered."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS), puls.database.transaction() as connection:
            check_not_newer(await unknown_migrations(connection))
            cursor = await connection.execute(
                "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS is_read_only"
            )
            row = await cursor.fetchone()
    except TimeoutError as error:
        raise DatabaseUnavailableError(
            f"PostgreSQL did not answer within {_PATIENCE_SECONDS:g} s; searches fail meanwhile."
        ) from error
    if row is None or row["is_read_only"]:
        raise DatabaseUnavailableError("PostgreSQL takes no writes; conversations fail meanwhile.")


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **documented(401, 403),
    },
    dependencies=[Depends(door("metrics"))],
)
async def metrics(request: Request, now: TheMoment) -> Response:
    """Prometheus' text format. Without a database the figures of this process are still given."""
    await _reader(request).take_gauges(now=now)
    try:
        facts = await _reader(request).read()
    except DatabaseUnavailableError as error:
        log.warning("metrics.without_database", reason=str(error))
    else:
        if facts.last_ingest_at is not None:
            CATALOGUE_UPDATED.set(facts.last_ingest_at.timestamp())
    return Response(metrics_page(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get(
    "/openapi.json",
    include_in_schema=False,
    dependencies=[Depends(door("openapi"))],
)
async def description(request: Request) -> JSONResponse:
    """The API's own description, for whoever has a key."""
    return JSONResponse(request.app.openapi())


def _reader(request: Request) -> FactsReader:
    reader: FactsReader = request.app.state.facts
    return reader
