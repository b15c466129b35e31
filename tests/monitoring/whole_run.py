"""A program of the tests: a visitor's whole stay over HTTP by a Puls of its own, then all that its operators are told.

`PULS_DATABASE_URL` names a database with events, `OTEL_*` a collector, `PULS_ALERTS_WEBHOOK` who hears of alerts; argv:
the words to plant, each a way of naming one person. Prints what left Puls for others than the visitor, as JSON.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from puls.api.app import create_app
from puls.api.doors import Doors
from puls.bootstrap import Puls, open_puls, warm_up
from puls.bootstrap.watching import watch_of
from puls.evaluation.added import prepared
from puls.monitoring import TurnFigures, observe_turn
from puls.settings import Settings
from puls.worker.reporting import figures_of


async def stay(http: httpx.AsyncClient, planted: list[str]) -> list[str]:
    """Ask, rate, tell why, agree, tell about oneself, follow, fail; the turns' ids."""
    name, mail, telephone, health = planted
    turns = []
    for text in (
        f"concert de jazz à Lyon pour {name}, {mail}",
        f"je m'appelle {name}, j'habite au 12 rue {name}, {health}, que faire demain ?",
        f"rappelle-moi au {telephone}",
        f"{name} " * 900,  # too long: refused, and the refusal is told
    ):
        answer = await http.post(
            "/v1/chat",
            json={"text": text, "lat": 45.7640437, "lon": 4.8356591},
            timeout=60,
        )
        turns += [
            json.loads(line[5:])["turn_id"]
            for line in answer.text.splitlines()
            if line.startswith("data:") and '"turn_id"' in line
        ][:1]
    for turn in turns:
        said = {"thumb": "down", "reason": f"{name} {mail}"}
        await http.post(f"/v1/turns/{turn}/feedback", json=said)
        await http.post(
            f"/v1/turns/{turn}/survey", json={"score": 1, "comment": f"{health} {name}"}
        )
    agreed = {"preferences": True, "accessibility": True, "from_turn": turns[1]}
    await http.post("/v1/me/consent", json=agreed)
    await http.patch("/v1/me/preferences", json={"home": name, "likes": [name]})
    await http.get("/v1/me/export")
    await http.get("/v1/search", params={"q": f"théâtre {name} {mail}", "place": name}, timeout=60)
    await http.get(f"/v1/events/{name}")
    await http.get(f"/{name}", params={"q": mail}, headers={"Referer": f"http://x/{telephone}"})
    await http.put("/v1/me/followed/1")
    completion = {"model": "puls", "messages": [{"role": "user", "content": f"{name}, {mail}"}]}
    await http.post("/v1/chat/completions", json=completion, timeout=60)
    call = {"name": "search_events", "arguments": {"query": f"jazz {name}", "place": mail}}
    tool = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    accept = {"Accept": "application/json, text/event-stream"}
    await http.post("/mcp", json=tool, headers=accept, timeout=60)
    return turns


async def told_operators(puls: Puls, http: httpx.AsyncClient) -> dict[str, str]:
    """What is counted, alarmed, reported and taken away to other programs."""
    now = datetime.now(UTC)
    async with httpx.AsyncClient() as out:
        watch = watch_of(puls.settings, puls.database, puls.index, out, clock=lambda: now)
        for minute in range(6):
            observe_turn(TurnFigures(outcome="failed", failure="went_wrong"))
            await watch.tick(now=now + timedelta(minutes=minute))
    _, key = await puls.people.api_keys.create(name="desk", scopes=["operator"], now=now)
    operator = {"Authorization": f"Bearer {key}"}
    told = {
        "unmet demand": await http.get("/ops/demandes.csv", headers=operator),
        "metrics": await http.get("/metrics", headers=operator),
    }
    for answer in told.values():
        answer.raise_for_status()
    zone = ZoneInfo(puls.settings.timezone)
    day = await figures_of(puls, now.astimezone(zone).date(), zone=zone, now=now)
    return {name: answer.text for name, answer in told.items()} | {
        "daily report": json.dumps(day, default=str)
    }


async def main(planted: list[str]) -> None:
    """The stay, what operators are told, and one answer taken over as a case."""
    settings = Settings()
    app = create_app(
        lambda: open_puls(settings, is_serving=True),
        allowed_hosts=("puls.test",),
        doors=Doors(open=frozenset(), is_desk=False),
    )
    async with app.router.lifespan_context(app):
        puls: Puls = app.state.puls
        await warm_up(puls)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://puls.test") as http:
            turns = await stay(http, planted)
            case = await prepared(puls.database, UUID(turns[1]), puls.gazetteer)
            told = await told_operators(puls, http)
            erased = await http.delete("/v1/me")
    told |= {"case": case.line}
    print(json.dumps({"turns": turns, "erased": erased.status_code, "told": told}))  # noqa: T201 # what the test reads


asyncio.run(main(sys.argv[1:]))
