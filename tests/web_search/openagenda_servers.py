"""Sites of a `World` that speak OpenAgenda's events JSON and the open-data portal, and fail as those do.

    agenda = Agendas({"42": [agenda_event("1001", begins=…)]})
    await world.serve("openagenda.com", agenda)

Keyless at `/agendas/{uid}/events.v2.json`; `DocumentedAgendas` at `/v2/agendas/{uid}/events` and `…/events/{uid}` with a key
in the header. What they do wrong is set on them: `how` names it.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tests.outside.world import Asked, Reply, read_request

Misbehaviour = Literal[
    "",
    "hangs",
    "html",
    "forbidden",
    "elsewhere",  # a redirect to a page
    "too_many",
    "broken",  # 502
    "cut",  # JSON that ends in the middle
    "not_found",
    "ignores_uids",
    "finds_none",  # a filter that is understood otherwise: no event at all
    "another_document",
]
JSON_KIND = "application/json; charset=utf-8"


def agenda_event(uid: str, /, *, begins: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """An event as OpenAgenda gives it with a few fields; `begins` is when its one performance of two hours begins."""
    event: dict[str, Any] = {
        "uid": int(uid),
        "title": "Concert de la Sainte-Cécile",
        "status": 1,
        "state": 2,
        "attendanceMode": 1,
        "updatedAt": "2026-11-29T09:00:00.000Z",
        "timezone": "Europe/Paris",
        "location": {"name": "Le Temple", "city": "Crest", "postalCode": "26400"},
    }
    if begins is not None:
        event["timings"] = [timing(begins)]
    return {key: value for key, value in (event | changes).items() if value is not ...}


def timing(begins: datetime, hours: float = 2) -> dict[str, str]:
    return {"begin": begins.isoformat(), "end": (begins + timedelta(hours=hours)).isoformat()}


@dataclass
class Agendas:
    """OpenAgenda's site, as its own pages read it: no key, a list per agenda."""

    events: dict[str, list[dict[str, Any]]]
    how: Misbehaviour = ""
    single_how: Misbehaviour | None = None  # None: as `how`
    seconds: float = 0.0
    lists: int = 0
    singles: int = 0
    asked_uids: list[list[str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply("User-agent: *\nAllow: /\n", kind="text/plain")
        return self.answer(asked)

    def answer(self, asked: Asked) -> Reply:
        found = re.fullmatch(r"/agendas/(\d+)/events\.v2\.json", asked.path)
        return self.list_of(found[1], asked) if found else Reply("", 404)

    def list_of(self, agenda_uid: str, asked: Asked) -> Reply:
        self.lists += 1
        if self.how and (reply := failing(self.how)) is not None:
            return reply
        if agenda_uid not in self.events:
            return Reply({"message": "agenda not found"}, 404)
        return Reply(self._list(self.events[agenda_uid], asked), after=self.seconds)

    def _list(self, events: Sequence[dict[str, Any]], asked: Asked) -> dict[str, Any]:
        values = asked.params
        uids = [value for name, value in values if name == "uid[]"]
        self.asked_uids.append(uids)
        one = dict(values)
        rows = list(events)
        if "removed" not in one:
            rows = [row for row in rows if not row.get("removed")]
        if uids and self.how == "finds_none":
            rows = []
        elif uids and self.how != "ignores_uids":
            rows = [row for row in rows if str(row["uid"]) in uids]
        if "state" not in one:
            rows = [row for row in rows if row.get("state", 2) == 2]
        size, start = int(one.get("size", 20)), int(one.get("after[]", 0))
        page = rows[start : start + size]
        if one.get("detailed") != "1":
            page = [
                row | {"timings": ...} if len(row.get("timings", ())) > 100 else row for row in page
            ]
        fields = {value.partition(".")[0] for name, value in values if name == "includeFields[]"}
        page = [
            {
                key: value
                for key, value in row.items()
                if value is not ... and (not fields or key in {*fields, "removed"})
            }
            for row in page
        ]
        after = [str(start + size)] if start + size < len(rows) else None
        return {"total": len(rows), "events": page, "sort": "timings.asc", "after": after}


@dataclass
class DocumentedAgendas(Agendas):
    """REST v2: the key in a header, one event at an address of its own."""

    key: str = "la-clef"

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("key") != self.key:
            return Reply({"message": "a valid key is required"}, 403)
        if found := re.fullmatch(r"/v2/agendas/(\d+)/events", asked.path):
            return self.list_of(found[1], asked)
        found = re.fullmatch(r"/v2/agendas/(\d+)/events/(\d+)", asked.path)
        if not found:
            return Reply("", 404)
        self.singles += 1
        how = self.how if self.single_how is None else self.single_how
        if how and (reply := failing(how)) is not None:
            return reply
        known = [row for row in self.events[found[1]] if str(row["uid"]) == found[2]]
        visible = [row for row in known if row.get("state", 2) == 2]
        if not visible:
            return Reply({"message": "event not found"}, 404)
        return Reply({"success": True, "event": visible[0]})


@dataclass
class Portal:
    """Explore API v2.1 over records of the dataset, JSON inside strings as it comes."""

    records: dict[str, dict[str, Any]]
    how: Misbehaviour = ""
    seconds: float = 0.0
    requests: int = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply("", 404)
        self.requests += 1
        if self.how == "too_many":
            body = {
                "errorcode": 10002,
                "reset_time": "2026-12-01T00:00:00Z",
                "limit_time_unit": "day",
                "call_limit": 10000,
                "error": "Too many requests on the domain.",
            }
            return Reply(body, 429)
        if self.how and (reply := failing(self.how)) is not None:
            return reply
        one = dict(asked.params)
        found = re.fullmatch(r"uid in \(((?:\"\d+\",?)+)\)", one.get("where", ""))
        if not found:
            body = {"error_code": "ODSQLError", "message": "ODSQL query is malformed"}
            return Reply(body, 400)
        uids = re.findall(r"\d+", found[1])
        rows = [self.records[uid] for uid in uids if uid in self.records]
        fields = [name.strip() for name in one["select"].split(",")]
        shown = [{name: row.get(name) for name in fields} for row in rows]
        limit = int(one["limit"])
        return Reply({"total_count": len(rows), "results": shown[:limit]}, after=self.seconds)


def portal_record(uid: str, *, begins: datetime, status: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of the portal about the same event as `agenda_event`."""
    record: dict[str, Any] = {
        "uid": uid,
        "status": json.dumps({"id": status, "label": {"fr": "…"}}),
        "timings": json.dumps([timing(begins)]),
        "updatedat": "2026-11-28T09:00:00+00:00",
        "attendancemode": json.dumps({"id": 1, "label": {"fr": "Sur place"}}),
        "location_name": "Le Temple",
        "location_city": "Crest",
        "location_postalcode": "26400",
        "location_countrycode": "FR",
    }
    return record | changes


def failing(how: Misbehaviour) -> Reply | None:
    """What a server that misbehaves so answers; None when its answer is only wrong in what it says."""
    replies: Mapping[str, Reply] = {
        "hangs": Reply("", after=3_600),
        "html": Reply("<!doctype html><title>OpenAgenda</title><p>Bonjour"),
        "forbidden": Reply({"message": "forbidden"}, 403),
        "elsewhere": Reply("", 302, headers={"Location": "/maintenance"}),
        "too_many": Reply({"message": "slow down"}, 429, headers={"Retry-After": "60"}),
        "broken": Reply("Bad Gateway", 502),
        "cut": Reply('{"total": 1, "events": [{"uid": 10', kind=JSON_KIND),
        "not_found": Reply({"message": "agenda not found"}, 404),
        "another_document": Reply({"agendas": [], "total": 0}),
    }
    return replies.get(how)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 in UTC; `World` starts on 30 November 2026 at 13:00 UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Allows robots everything, answers nothing else, and notices when the client closes its connection."""
    while True:
        asked = await read_request(reader)
        if asked.path != "/robots.txt":
            await reader.read()
            return
        writer.write(Reply("", 404).wire())
        await writer.drain()
