"""The two OpenAgenda protocols against servers that speak them, failures included.

Reference.md section 1.
"""

import itertools
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingestion.servers import Asked, Reply, serving

from puls.errors import InvalidInputError, SourceRefusedError, SourceUnavailableError
from puls.geo.distance import Coordinates
from puls.ingestion import odsql
from puls.ingestion.http_source import ATTEMPTS, PoliteHttp
from puls.ingestion.openagenda import (
    AgendaClient,
    AgendaEvents,
    ExploreChanges,
    ExploreClient,
    ExploreExport,
)
from puls.ingestion.sources import RecordSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LICENCE = {"metas": {"default": {"license": "Licence Ouverte v2.0 (Etalab)"}}}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield client


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def polite(http: httpx.AsyncClient, waits: list[float]) -> PoliteHttp:
    """The real client with a clock of ours: waits are noted, not waited."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return PoliteHttp(
        http, source_name="OpenDataSoft", headers={"key": "secret"}, sleep=sleep, clock=lambda: NOW
    )


def record(number: int, updated: str = "2026-01-01T00:00:00+00:00") -> dict[str, Any]:
    return {"uid": str(number), "updatedat": updated, "title_fr": f"Titre {number}"}


async def collected(
    source: RecordSource, *, cursor: str | None = None
) -> tuple[list[Any], str | None, Exception | None]:
    """All records, the last cursor, and the failure that ended the reading."""
    found: list[Any] = []
    last = None
    try:
        async for batch in source.batches(cursor=cursor):
            found += batch.records
            last = batch.cursor or last
    except (SourceUnavailableError, SourceRefusedError) as error:
        return found, last, error
    return found, last, None


class Mirror:
    """The Explore API over a list of records.

    Limits, order, cursor and error bodies as documented.
    """

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = sorted(records, key=lambda r: (r["updatedat"], r["uid"]))
        self.export_end = ""
        self.cut_after: int | None = None
        self.dataset: dict[str, Any] = LICENCE

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.endswith("/exports/jsonl"):
            lines = "".join(json.dumps(r) + "\n" for r in self.records)
            return Reply(lines + self.export_end, cut_after=self.cut_after)
        if asked.path.endswith("/records"):
            return self._page(asked)
        return Reply(self.dataset)

    def _page(self, asked: Asked) -> Reply:
        limit, offset = int(asked["limit"]), int(asked.get("offset") or 0)
        if limit > 100:
            return _odsql_error(f"Invalid value for limit API parameter: {limit}")
        if offset + limit >= 10_000:
            return _odsql_error("Invalid value for sum of offset + limit API parameter")
        since = re.search(r"updatedat >= date'([^']+)'", asked.get("where") or "")
        fit = [r for r in self.records if not since or r["updatedat"][:19] >= since[1]]
        return Reply({"total_count": len(fit), "results": fit[offset : offset + limit]})


def _odsql_error(message: str) -> Reply:
    return Reply({"message": message, "error_code": "InvalidRESTParameterError"}, status=400)


async def test_a_full_export_gives_every_record_and_where_to_go_on(polite: PoliteHttp) -> None:
    mirror = Mirror([record(n, f"2026-01-0{1 + n % 9}T00:00:00+00:00") for n in range(2_500)])
    async with serving(mirror) as server:
        found, cursor, error = await collected(
            ExploreExport(ExploreClient(polite, base_url=server.url))
        )
    assert error is None
    assert len(found) == 2_500
    assert cursor == "2026-01-09T00:00:00+00:00"


@pytest.mark.parametrize(
    "end", ["Streaming interrupted due to the following error: oops", '{"uid": "99", "ti']
)
async def test_an_export_that_breaks_off_keeps_what_is_whole_and_says_so(
    polite: PoliteHttp, end: str
) -> None:
    """The body is a 200: only its last line betrays it. Nothing may be removed after that."""
    mirror = Mirror([record(n) for n in range(30)])
    mirror.export_end = end
    async with serving(mirror) as server:
        found, cursor, error = await collected(
            ExploreExport(ExploreClient(polite, base_url=server.url))
        )
    assert [r["uid"] for r in found] == [r["uid"] for r in mirror.records]
    assert cursor is None
    assert isinstance(error, SourceUnavailableError)
    assert "30 whole records" in str(error)


async def test_a_connection_that_drops_mid_export_is_told(polite: PoliteHttp) -> None:
    mirror = Mirror([record(n) for n in range(30)])
    mirror.cut_after = 1_000
    async with serving(mirror) as server:
        found, _, error = await collected(ExploreExport(ExploreClient(polite, base_url=server.url)))
    assert 0 < len(found) < 30
    assert isinstance(error, SourceUnavailableError)


async def test_an_export_shorter_than_announced_is_not_whole(polite: PoliteHttp) -> None:
    mirror = Mirror([record(n) for n in range(10)])

    def answer(asked: Asked) -> Reply:
        return (
            Reply({"total_count": 12, "results": []})
            if asked.path.endswith("/records")
            else mirror(asked)
        )

    async with serving(answer) as server:
        found, _, error = await collected(ExploreExport(ExploreClient(polite, base_url=server.url)))
    assert len(found) == 10
    assert isinstance(error, SourceUnavailableError)


async def test_what_was_removed_during_an_export_is_not_missing(polite: PoliteHttp) -> None:
    """Of a million records some always are: such an export would never be whole."""
    mirror = Mirror([record(n) for n in range(10)])

    def answer(asked: Asked) -> Reply:
        reply = mirror(asked)
        if asked.path.endswith("/records"):
            del mirror.records[-1:]
        return reply

    async with serving(answer) as server:
        found, _, error = await collected(ExploreExport(ExploreClient(polite, base_url=server.url)))
    assert error is None
    assert len(found) == 9


async def test_a_line_separator_inside_a_record_does_not_cut_it(polite: PoliteHttp) -> None:
    """U+2028 is a letter of the text, not the end of a JSON line."""
    line = '{"uid": "1", "updatedat": "2026", "title_fr": "a\u2028b"}\n'

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("jsonl"):
            return Reply(line)
        return Reply(
            {"total_count": 1, "results": []} if asked.path.endswith("records") else LICENCE
        )

    async with serving(answer) as server:
        found, _, error = await collected(ExploreExport(ExploreClient(polite, base_url=server.url)))
    assert error is None
    assert found[0]["title_fr"] == "a\u2028b"


async def test_changes_beyond_ten_thousand_are_reached_by_moving_the_cursor(
    polite: PoliteHttp,
) -> None:
    """`offset + limit` stays below 10,000.

    The inclusive cursor repeats records, which are given once.
    """
    records = [
        record(n, f"2026-01-{1 + n // 2_000:02}T00:{n // 50 % 60:02}:00+00:00")
        for n in range(12_500)
    ]
    mirror = Mirror(records)
    async with serving(mirror) as server:
        found, cursor, error = await collected(
            ExploreChanges(ExploreClient(polite, base_url=server.url))
        )
    assert error is None
    assert len(found) == len({r["uid"] for r in found}) == 12_500
    assert cursor == max(r["updatedat"] for r in records)
    assert all(
        int(asked.get("offset") or 0) + int(asked["limit"]) < 10_000
        for asked in server.asked
        if asked.get("limit")
    )


async def test_the_next_run_asks_from_before_the_cursor(polite: PoliteHttp) -> None:
    """The mirror takes records over late: two days are read again, and cost their hashes."""
    mirror = Mirror([record(n, f"2026-01-0{n}T00:00:00+00:00") for n in range(1, 6)])
    async with serving(mirror) as server:
        client = ExploreClient(polite, base_url=server.url)
        found, cursor, _ = await collected(
            ExploreChanges(client), cursor="2026-01-04T00:00:00+00:00"
        )
    assert [r["uid"] for r in found] == ["2", "3", "4", "5"]
    assert cursor == "2026-01-05T00:00:00+00:00"


async def test_too_many_records_of_one_moment_ask_for_a_full_export(polite: PoliteHttp) -> None:
    mirror = Mirror([record(n) for n in range(10_500)])
    async with serving(mirror) as server:
        client = ExploreClient(polite, base_url=server.url)
        _, _, error = await collected(ExploreChanges(client), cursor="2026-01-01T00:00:00+00:00")
    assert isinstance(error, SourceUnavailableError)
    assert "full export" in str(error)


async def test_a_400_says_what_the_source_said(polite: PoliteHttp) -> None:
    body = {"error_code": "ODSQLError", "message": "ODSQL query is malformed: invalid_function()"}
    async with serving(lambda _: Reply(body, status=400)) as server:
        with pytest.raises(SourceRefusedError, match=r"ODSQLError.*invalid_function"):
            await ExploreClient(polite, base_url=server.url).count("invalid_function()")
    assert len(server.asked) == 1


async def test_a_daily_quota_is_told_not_waited_for(polite: PoliteHttp, waits: list[float]) -> None:
    body = {
        "errorcode": 10002,
        "reset_time": "2026-11-23T00:00:00Z",
        "limit_time_unit": "day",
        "call_limit": 10_000,
        "error": "Too many requests on the domain.",
    }
    async with serving(lambda _: Reply(body, status=429)) as server:
        with pytest.raises(SourceUnavailableError, match=r"10000 calls per day.*2026-11-23T00:00"):
            await ExploreClient(polite, base_url=server.url).count(None)
    assert waits == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"X-RateLimit-Reset": "2026-11-22T12:00:40Z"}, {}),
        ({"X-RateLimit-Reset": "40"}, {}),
        ({"Retry-After": "40"}, {}),
        ({}, {"reset_time": "2026-11-22T12:00:40Z", "error": "Too many requests"}),
    ],
)
async def test_a_short_quota_is_waited_for(
    polite: PoliteHttp, waits: list[float], headers: dict[str, str], body: dict[str, str]
) -> None:
    replies = [Reply(body, status=429, headers=headers), Reply({"total_count": 3})]
    async with serving(lambda _: replies.pop(0)) as server:
        assert await ExploreClient(polite, base_url=server.url).count(None) == 3
    assert waits == [40.0]


@pytest.mark.parametrize("renewal", ["nan", "inf", "1e300", "-1e18", "soon"])
async def test_a_quota_that_renews_at_no_moment_is_a_sentence(
    polite: PoliteHttp, renewal: str
) -> None:
    reply = Reply({}, status=429, headers={"X-RateLimit-Reset": renewal})
    async with serving(lambda _: reply) as server:
        with pytest.raises(SourceUnavailableError, match="quota"):
            await ExploreClient(polite, base_url=server.url).count(None)


async def test_broken_servers_are_tried_again_a_bounded_number_of_times(
    polite: PoliteHttp, waits: list[float]
) -> None:
    async with serving(lambda _: Reply("<h1>Bad gateway</h1>", status=502)) as server:
        with pytest.raises(SourceUnavailableError, match="HTTP 502"):
            await ExploreClient(polite, base_url=server.url).count(None)
    assert len(server.asked) == ATTEMPTS
    assert len(waits) == ATTEMPTS - 1
    assert all(before <= after * 2 for before, after in itertools.pairwise(waits))


async def test_an_answer_that_is_not_json_is_an_unavailable_source(polite: PoliteHttp) -> None:
    async with serving(lambda _: Reply("<html>")) as server:
        with pytest.raises(SourceUnavailableError, match="not JSON"):
            await ExploreClient(polite, base_url=server.url).count(None)


async def test_nobody_listening_is_an_unavailable_source(polite: PoliteHttp) -> None:
    async with serving(lambda _: Reply()) as server:
        url = server.url
    with pytest.raises(SourceUnavailableError, match="does not answer"):
        await ExploreClient(polite, base_url=url).count(None)


async def test_a_changed_licence_stops_the_run_before_anything_is_read(polite: PoliteHttp) -> None:
    mirror = Mirror([record(1)])
    mirror.dataset = {"metas": {"default": {"license": "All rights reserved"}}}
    async with serving(mirror) as server:
        found, _, error = await collected(ExploreExport(ExploreClient(polite, base_url=server.url)))
    assert found == []
    assert isinstance(error, SourceRefusedError)
    assert "All rights reserved" in str(error)


@given(st.text())
def test_what_a_person_types_stays_a_literal(name: str) -> None:
    """ODSQL injection: a quote in a city's name must not open the statement."""
    condition = odsql.in_city(name)
    literal = condition.removeprefix("location_city = ")
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', literal)


def test_conditions_by_place_are_well_formed() -> None:
    assert odsql.within(Coordinates(44.73, 5.02), 15) == (
        "within_distance(location_coordinates, geom'POINT(5.020000 44.730000)', 15km)"
    )
    assert odsql.every("a OR b", None, "c") == "(a OR b) AND (c)"
    with pytest.raises(InvalidInputError):
        odsql.with_postcode('75001" OR 1=1')


def test_another_where_is_another_source(polite: PoliteHttp) -> None:
    """A full run over the Drôme must not remove what is in Paris."""
    client = ExploreClient(polite)
    assert ExploreExport(client).name != ExploreExport(client, where='location_city = "Crest"').name


def agenda(pages: list[dict[str, Any]]) -> Callable[[Asked], Reply]:
    left = list(pages)
    return lambda _: Reply(left.pop(0))


async def test_an_agenda_is_read_with_its_key_in_a_header_and_its_cursor_repeated(
    polite: PoliteHttp,
) -> None:
    pages = [
        {
            "total": 3,
            "events": [
                {"uid": 1, "updatedAt": "2026-01-01T00:00:00Z"},
                {"uid": 2, "removed": True},
            ],
            "after": [170, "2"],
        },
        {
            "total": 3,
            "events": [{"uid": 3, "updatedAt": "2026-01-03T00:00:00Z"}],
            "after": [171, "3"],
        },
    ]
    async with serving(agenda(pages)) as server:
        source = AgendaEvents(AgendaClient(polite, base_url=server.url), agenda_uid="42")
        found, cursor, error = await collected(source, cursor="2025-12-01T00:00:00+00:00")
    assert error is None
    assert [event["uid"] for event in found] == [1, 2, 3]
    assert cursor == "2026-01-03T00:00:00+00:00"
    first, second = server.asked
    assert first.path == "/agendas/42/events"
    assert first.headers["key"] == "secret"
    assert "secret" not in str(first.params)
    assert (first["size"], first["removed"], first["detailed"]) == ("300", "null", "1")
    assert first["updatedAt[gte]"] == "2025-11-30T23:00:00+00:00"  # an hour of overlap
    assert [value for name, value in second.params if name == "after[]"] == ["170", "2"]


@pytest.mark.parametrize(
    "last",
    [
        {"after": None, "events": [{"uid": 2}]},
        {"after": [9], "events": []},
        {"after": [1], "events": [{"uid": 2}]},
    ],
)
async def test_an_agenda_ends_even_when_its_cursor_never_does(
    polite: PoliteHttp, last: dict[str, Any]
) -> None:
    """OpenAgenda's own guide warns that `after` may stay set past the last page."""
    pages = [{"total": 9, "events": [{"uid": 1}], "after": [1]}, {"total": 9, **last}]
    async with serving(agenda(pages)) as server:
        await collected(AgendaEvents(AgendaClient(polite, base_url=server.url), agenda_uid="42"))
    assert len(server.asked) == 2


async def test_what_is_not_an_agenda_number_never_enters_an_address(polite: PoliteHttp) -> None:
    with pytest.raises(SourceRefusedError):
        AgendaEvents(AgendaClient(polite), agenda_uid="42/../1")
