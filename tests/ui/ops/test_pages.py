"""`/ops` is for operators: who gets in, and what even they do not see."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from tests.serving import NOW, app_over, puls_over, visiting

from puls.api.doors import Doors
from puls.bootstrap import Puls
from puls.bootstrap.operating import alarms_of
from puls.conversation.keeping.memory import Outcome
from puls.conversation.turn import TurnRequest
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.understanding.turns import Turn
from puls.understanding.wish import Where, Wish

SECRET = "nyckelharpa"
EARLIER = NOW - timedelta(minutes=1)  # a span ends before now
OWN = {"Origin": "http://puls.test", "Sec-Fetch-Site": "same-origin"}
LYON = Where(label="Lyon", commune_codes=("69123",))


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


@pytest.fixture
async def closed(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    """A server that is no desk."""
    async with visiting(app_over(puls, doors=Doors())) as client:
        yield client


@pytest.fixture
async def desk(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(app_over(puls)) as client:
        yield client


async def key_of(puls: Puls, *scopes: str) -> str:
    return (await puls.people.api_keys.create(name="x", scopes=scopes, now=NOW))[1]


async def said(
    puls: Puls, text: str, *, found: str = "nothing", topic: str = "", **rated: Any
) -> str:
    """A turn of somebody new, as the assistant leaves it, with a thumb when `rated`; its id."""
    visitor = Visitor(id=uuid4())
    people = puls.people.conversations
    begun = await people.begin(visitor, TurnRequest(text=text, request_id=uuid4()), now=EARLIER)
    outcome = Outcome(
        kind=Turn.SEARCH,
        language="fr",
        answer=f"Rien pour {text}",
        writer="composer",
        carried=Wish(topic=topic, where=LYON),
        milliseconds={"found": 30, "total": 80},
        seen={"found": found, "fitting": 0},
    )
    await people.finish(visitor.id, begun.turn.id, outcome, now=EARLIER)
    if rated:
        await people.rate(visitor.id, begun.turn.id, now=EARLIER, **rated)
    return str(begun.turn.id)


async def test_a_stranger_sees_a_form_and_nothing_else(
    puls: Puls, closed: httpx.AsyncClient
) -> None:
    """Whoever finds the address."""
    turn = await said(puls, SECRET, thumb="down")
    for path in ("/ops", f"/ops/reponse/{turn}"):
        page = await closed.get(path)
        assert page.status_code == 401
        assert 'name="key"' in page.text
        assert "data-figure" not in page.text
        assert SECRET not in page.text
    assert (await closed.get("/ops/figures.json")).status_code == 401
    assert (await closed.get("/ops/demandes.csv")).status_code == 401
    assert (await closed.post(f"/ops/reponse/{turn}/cas", headers=OWN)).status_code == 401


async def test_a_key_is_exchanged_for_a_cookie_that_only_this_page_gets(
    puls: Puls, closed: httpx.AsyncClient
) -> None:
    """No script reads it, no other site sends it, and it ends with the key."""
    written = await key_of(puls, "operator")
    entered = await closed.post("/ops/entree", data={"key": written}, headers=OWN)
    assert (entered.status_code, entered.headers["location"]) == (303, "/ops?periode=24h")
    cookie = entered.headers["set-cookie"]
    for part in ("puls_operator=o1.", "HttpOnly", "SameSite=strict", "Path=/ops", "Max-Age=28800"):
        assert part in cookie
    assert written not in cookie
    page = await closed.get("/ops")
    assert page.status_code == 200
    assert "data-figure" in page.text
    await puls.people.api_keys.revoke(written[:13], now=NOW)
    assert (await closed.get("/ops")).status_code == 401


@pytest.mark.parametrize("scopes", [("search", "chat"), ("chat",)])
async def test_other_keys_do_not_open_it(
    puls: Puls, closed: httpx.AsyncClient, scopes: tuple[str, ...]
) -> None:
    """A program that may search may not see everybody's figures."""
    written = await key_of(puls, *scopes)
    entered = await closed.post("/ops/entree", data={"key": written}, headers=OWN)
    assert entered.status_code == 401
    assert "set-cookie" not in entered.headers
    answer = await closed.get("/ops/figures.json", headers={"Authorization": f"Bearer {written}"})
    assert answer.status_code == 403


async def test_a_forged_or_old_cookie_opens_nothing(puls: Puls, closed: httpx.AsyncClient) -> None:
    """Signed, and good for a working day."""
    written = await key_of(puls, "operator")
    good = await puls.people.operators.open(written, now=NOW)
    old = await puls.people.operators.open(written, now=NOW.replace(hour=9))
    for cookie in ("", "o1", "o1.x.1.y", f"{good[:-2]}AA", good.replace("o1.", "o2."), old):
        closed.cookies.clear()
        closed.cookies.set("puls_operator", cookie, path="/ops")
        assert (await closed.get("/ops")).status_code == 401, cookie
    closed.cookies.clear()
    closed.cookies.set("puls_operator", good, path="/ops")
    assert (await closed.get("/ops")).status_code == 200


async def test_guessing_keys_is_stopped(closed: httpx.AsyncClient) -> None:
    """Ten wrong ones a minute from an address, as everywhere."""
    statuses = [
        (await closed.post("/ops/entree", data={"key": f"puls_{at}"}, headers=OWN)).status_code
        for at in range(12)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "http://puls.test", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
async def test_another_site_can_make_nobody_do_anything(
    puls: Puls, desk: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """On a desk no cookie is needed, so where a request comes from is all there is."""
    written = await key_of(puls, "operator")
    turn = await said(puls, "concert", thumb="down")
    for path in ("/ops/entree", "/ops/sortie", f"/ops/reponse/{turn}/cas"):
        answer = await desk.post(path, data={"key": written}, headers=headers)
        assert answer.status_code == 403, path
        assert "set-cookie" not in answer.headers


async def test_a_desk_is_open_to_its_own_machine_alone(puls: Puls) -> None:
    """Behind a proxy on the same machine the world would come from loopback too."""
    async with visiting(app_over(puls)) as client:
        assert (await client.get("/ops")).status_code == 200
        forwarded = await client.get("/ops", headers={"X-Forwarded-For": "192.0.2.7"})
        assert forwarded.status_code == 401


async def test_nothing_of_it_is_kept_or_indexed(desk: httpx.AsyncClient) -> None:
    """Neither by a browser, a proxy nor a search engine."""
    for path in ("/ops", "/ops/figures.json", "/ops/demandes.csv", "/ops/entree"):
        headers = (await desk.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert "default-src 'none'" in headers["content-security-policy"]
    page = (await desk.get("/ops")).text
    assert 'name="robots" content="noindex' in page
    assert "http-equiv" not in page
    assert 'http-equiv="refresh"' in (await desk.get("/ops?auto=1")).text
    assert "<script" not in page.replace('<script type="application/json" data-words>', "")


async def test_what_was_said_is_shown_only_where_it_was_badly_rated(
    puls: Puls, desk: httpx.AsyncClient
) -> None:
    """A thumb down asks somebody to look; nothing else does."""
    bad = await said(
        puls, "concert baroque, écrire à ada@example.org", thumb="down", reason="tel 06 12 34 56 78"
    )
    good = await said(puls, f"{SECRET} bien", thumb="up")
    silent = await said(puls, f"{SECRET} rien")
    page = (await desk.get("/ops")).text
    assert "concert baroque, écrire à [courriel]" in page
    assert SECRET not in page
    shown = (await desk.get(f"/ops/reponse/{bad}")).text
    assert "[courriel]" in shown
    assert "[numéro]" in shown
    assert "ada@" not in shown
    for turn in (good, silent, str(uuid4())):
        answer = await desk.get(f"/ops/reponse/{turn}")
        assert answer.status_code == 404
        assert SECRET not in answer.text


async def test_the_roles_of_operators_read_no_more_than_that(
    puls: Puls, database: Database
) -> None:
    """PostgreSQL itself refuses: a query that forgot its condition shows nothing."""
    await said(puls, SECRET, thumb="up")
    bad = await said(puls, "concert", thumb="down")
    async with database.transaction(of_all="reviewer") as connection:
        rows = await (await connection.execute("SELECT id, text FROM turn")).fetchall()
        assert [str(row["id"]) for row in rows] == [bad]
    for column in ("text", "answer", "wish", "kept", "*"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(of_all="figures") as connection:
                await connection.execute(f"SELECT {column} FROM turn".encode())
    for statement in (
        "SELECT reason FROM feedback", "SELECT comment FROM survey_answer", "SELECT * FROM conversation",
        "SELECT * FROM preference", "SELECT * FROM api_key", "UPDATE turn SET kind = 'x'", "DELETE FROM feedback",
    ):  # fmt: skip
        for role in ("figures", "reviewer"):
            if role == "reviewer" and "reason" in statement:
                continue  # of bad thumbs it reads why
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                async with database.transaction(of_all=role) as connection:
                    await connection.execute(statement.encode())


async def test_a_demand_is_shown_once_three_people_have_it(
    puls: Puls, desk: httpx.AsyncClient
) -> None:
    """And then as a count: whose it was is not told, nor in which words."""
    for _ in range(2):
        await said(puls, f"je veux {SECRET} chez moi", topic=SECRET)
    assert SECRET not in (await desk.get("/ops")).text
    assert SECRET not in (await desk.get("/ops/demandes.csv")).text
    await said(puls, f"je veux {SECRET} chez moi", topic=SECRET)
    table = await desk.get("/ops/demandes.csv?lang=fr")
    lines = table.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "Lieu,Genre,Sujet,Demandes,Visiteurs"
    assert f"Lyon (69),tous genres,{SECRET},3,3" in lines
    assert "chez moi" not in table.text
    assert SECRET in (await desk.get("/ops")).text


async def test_a_table_holds_no_formula(puls: Puls, desk: httpx.AsyncClient) -> None:
    """What three people typed may be meant for somebody's spreadsheet."""
    for _ in range(3):
        await said(puls, "x", topic='=hyperlink("http://evil")')
    cells = (await desk.get("/ops/demandes.csv")).text
    assert "'=hyperlink" in cells


async def test_english_for_who_reads_english(desk: httpx.AsyncClient) -> None:
    """French first, English on demand."""
    assert "<h1>Exploitation" in (await desk.get("/ops")).text
    assert "<h1>Operations" in (await desk.get("/ops?lang=en")).text


@pytest.mark.parametrize("period", ["1h", "24h", "7j", "30j"])
async def test_a_turn_is_in_the_figures_at_once(
    puls: Puls, desk: httpx.AsyncClient, period: str
) -> None:
    """From the conversation's own tables to the page, without waiting for a job."""
    await said(puls, "concert", found="on_theme")
    told = (await desk.get(f"/ops/figures.json?periode={period}")).json()["figures"]
    assert told["answers"]["value"] == 1
    assert told["on_theme_share"]["value"] == 1
    assert told["total_p95"]["value"] == 80


async def test_an_alarm_that_is_on_is_told_with_what_to_do(
    puls: Puls, desk: httpx.AsyncClient, database: Database
) -> None:
    """An operator's first question: is something on fire, since when, and where is it written what to do?"""
    alarms = alarms_of(puls.settings, database)
    puls.operating.sights = replace(puls.operating.sights, alarms=alarms)
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO alert_state (alert, state, since, told) VALUES"
            " ('FreshnessBurnTicket', 'firing', %s, 'nothing'), ('AnswersLow', 'resolved', %s, 'firing')",
            [NOW - timedelta(hours=2), NOW],
        )
    page = (await desk.get("/ops")).text
    assert "Le catalogue n’est plus à jour" in page
    assert re.search(r"il y a 2\sh", page)
    assert "/freshness.md" in page
    assert "Des questions restent sans réponse" not in page  # it is over
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE alert_state SET state = 'firing' WHERE alert = 'AnswersLow'"
        )
    told = (await desk.get("/ops/figures.json")).json()["alarms"]
    assert [one["name"] for one in told] == ["AnswersLow", "FreshnessBurnTicket"]  # urgent first
    assert 'class="state bad"' in (await desk.get("/ops")).text


async def test_demands_of_too_few_people_are_counted_though_not_shown(
    puls: Puls, desk: httpx.AsyncClient
) -> None:
    """« Nothing in this period » beside five questions without an answer would be wrong; their words stay hidden."""
    for _ in range(2):
        await said(puls, "x", topic=SECRET)
    page = (await desk.get("/ops")).text
    assert "2 demandes sans réponse ne sont pas détaillées" in page
    assert SECRET not in page
    await said(puls, "x", topic=SECRET)
    assert "ne sont pas détaillées" not in (await desk.get("/ops")).text
