"""The figures of a span, read from the tables in one transaction, so that they fit each other.

The last hour is counted from the rows themselves; longer spans from what `counting` keeps by hour and by day. Enter at
`read_figures`; what is read is shaped by `counts`, `figures` and `objectives`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from puls.database import Connection, Queries
from puls.operating.counts import Counts
from puls.operating.figures import Visitors
from puls.operating.objectives import BUDGET_WINDOW, WINDOWS, Events, Objective
from puls.operating.periods import Period, Span, hour_of, span_of

LEAST_VISITORS: Final = 3
"""Below that many different visitors a demand is not shown: it could be somebody's own."""
_CURVES: Final = (
    "turns", "failures", "found", "thumbs", "survey", "model_cost", "web_cost", "visitors", "ms:found", "ms:total",
)  # fmt: skip
_OF_OBJECTIVES: Final = ("turns", "failures", "model_sentences")
_QUERIES: Final = Queries.beside("puls.operating", "figures.sql")
_MEASURES: Final = Queries.beside("puls.operating", "measures.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """What was asked for and not found. `place`: a code, see `places`. `theme`: a category or empty for any.

    `topic`: the subject in the visitors' own words, lower case; None for all subjects of place and theme together.
    """

    place: str
    theme: str
    topic: str | None
    demands: int
    visitors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the tables say of a span. `curves`: by the piece's beginning; `events`: by objective, then by window."""

    counts: Counts
    curves: Mapping[datetime, Counts]
    visitors: Visitors
    events: Mapping[str, Mapping[str, Events]] = field(default_factory=dict)


async def read_figures(
    connection: Connection, span: Span, *, objectives: Sequence[Objective], timezone: str
) -> Read:
    """All of a span; `connection` acts as `puls_figures`."""
    await connection.execute(_MEASURES["plainly"])
    counts, curves = await _counted(connection, span)
    return Read(
        counts=counts,
        curves=curves,
        visitors=await _visitors(connection, span),
        events=await _events(connection, objectives, now=span.until, timezone=timezone),
    )


async def read_unmet(connection: Connection, span: Span, *, limit: int) -> list[Unmet]:
    """What was asked for most and not found, by at least `LEAST_VISITORS` different visitors."""
    rows = await _all(
        connection,
        "unmet",
        since=span.since,
        until=span.until,
        least=LEAST_VISITORS,
        limit=limit,
    )
    return [Unmet(**row) for row in rows]


async def _counted(connection: Connection, span: Span) -> tuple[Counts, dict[datetime, Counts]]:
    if span.grain == "minutes":
        ends = [*span.starts[1:], span.until]
        rows = await measured(connection, span.starts, ends)
        return Counts.of_rows(rows), _by_piece(rows)
    values = {"grain": span.grain, "since": span.since, "until": span.until}
    totals = await _all(connection, "totals", measures=None, **values)
    pieces = await _all(connection, "pieces", measures=list(_CURVES), **values)
    return Counts.of_rows(totals), _by_piece(pieces)


async def measured(
    connection: Connection, starts: Sequence[datetime], ends: Sequence[datetime]
) -> list[dict[str, Any]]:
    """Everything counted from the rows themselves, for spans [start, end)."""
    values = {"starts": list(starts), "ends": list(ends)}
    return await (await connection.execute(_MEASURES.fill("measured"), values)).fetchall()


def _by_piece(rows: Iterable[Mapping[str, Any]]) -> dict[datetime, Counts]:
    pieces: dict[datetime, list[Mapping[str, Any]]] = {}
    for row in rows:
        pieces.setdefault(row["start"], []).append(row)
    return {start: Counts.of_rows(found) for start, found in pieces.items()}


async def _visitors(connection: Connection, span: Span) -> Visitors:
    people = await _all(connection, "visitors", since=span.since)
    programs = await _all(connection, "programs", since=span.since)
    return Visitors(**people[0], **programs[0])


async def _events(
    connection: Connection, objectives: Sequence[Objective], *, now: datetime, timezone: str
) -> dict[str, dict[str, Events]]:
    """By objective and window: the last hour from the rows, the others from whole hours and days."""
    found: dict[str, dict[str, Events]] = {one.name: {} for one in objectives}
    last_hour = span_of(Period.HOUR, now=now, timezone=timezone)
    for one in objectives:
        found[one.name]["1h"] = await _events_now(connection, one, last_hour)
    month = span_of(Period.MONTH, now=now, timezone=timezone)
    measures = [*_OF_OBJECTIVES, *(f"ms:{one.step}" for one in objectives if one.of == "latency")]
    windows = {
        name: ("hour", hour_of(now - length + WINDOWS["1h"]))
        for name, length in WINDOWS.items()
        if name != "1h"
    } | {BUDGET_WINDOW: ("day", month.since)}
    for name, (grain, since) in windows.items():
        rows = await _all(
            connection, "totals", grain=grain, since=since, until=now, measures=measures
        )
        counts = Counts.of_rows(rows)
        for one in objectives:
            found[one.name][name] = events_of(one, counts)
    return found


def events_of(objective: Objective, counts: Counts) -> Events:
    """Good and bad events of an objective among what was counted. Pure."""
    if objective.of == "latency":
        bad, of_all = counts.above(f"ms:{objective.step}", objective.limit_ms)
        return Events(all=of_all, bad=bad)
    if objective.of == "grounding":
        kept, dropped = (round(counts.total("model_sentences", one)) for one in ("all", "dropped"))
        return Events(all=kept, bad=dropped)
    failed = counts.n("turns", "failed") - counts.n("failures", "stopped")
    return Events(all=counts.n("turns", "finished") + failed, bad=failed)


async def _events_now(connection: Connection, objective: Objective, span: Span) -> Events:
    values: dict[str, Any] = {"since": span.since, "until": span.until}
    if objective.of == "latency":
        values |= {"step": objective.step, "limit_ms": objective.limit_ms}
        (row,) = await _all(connection, "slower", **values)
        return Events(all=row["all_turns"], bad=row["slower"])
    (row,) = await _all(connection, "outcomes", **values)
    if objective.of == "grounding":
        return Events(all=row["sentences"], bad=row["dropped"])
    return Events(all=row["finished"] + row["failed"], bad=row["failed"])


async def _all(connection: Connection, query: str, **values: Any) -> list[dict[str, Any]]:
    return await (await connection.execute(_QUERIES[query], values)).fetchall()
