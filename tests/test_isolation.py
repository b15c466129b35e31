"""A visitor's data is theirs: no endpoint and no query, however wrong, shows it to another."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from puls.bootstrap import Puls
from puls.conversation.preferences.preference import Like
from puls.database import Database, migrate
from puls.errors import DatabaseUnavailableError
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.returning.tokens import Confirmation
from puls.returning.whats_new import Known
from puls.understanding.given import Given
from tests.conftest import clone
from tests.conversation.conftest import said
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

HELD = (
    "visitor", "consent", "conversation", "turn", "turn_event", "feedback", "preference", "followed_event",
    "survey_answer", "followed_news", "saved_search", "mail_address", "letter_event", "share",
)  # fmt: skip
THE_OPERATORS_OWN = {"model_call"}  # no role of visitors reads it, and erasing empties its ids
SECRET_WORD = "nyckelharpa"


class Ada:
    """A visitor of whom everything is held."""

    def __init__(
        self, visitor: Visitor, conversation_id: UUID, turn_id: UUID, saved_id: UUID
    ) -> None:
        self.id, self.conversation_id, self.turn_id = visitor.id, conversation_id, turn_id
        self.saved_id = saved_id


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


@pytest.fixture
async def ada(puls: Puls) -> Ada:
    visitor, people = Visitor(id=uuid4()), puls.people
    conversation_id, turn_id = await said(people.conversations, visitor, f"concert {SECRET_WORD}")
    await people.conversations.rate(visitor.id, turn_id, thumb="up", now=NOW, reason=SECRET_WORD)
    await people.conversations.answer_survey(
        visitor.id, turn_id, score=1, comment=SECRET_WORD, now=NOW
    )
    await people.preferences.agree(visitor, "preferences", now=NOW)
    await people.preferences.remember(
        visitor.id, [Like(about=SECRET_WORD)], now=NOW, source_turn=turn_id
    )
    await save(puls.database, [an_event(SECRET_WORD)])
    await people.shares.share_conversation(visitor, conversation_id, language="fr", now=NOW)
    await people.followed.follow(visitor, await puls.catalogue.event(SECRET_WORD), now=NOW)
    async with puls.database.transaction(visitor_id=visitor.id) as connection:
        await connection.execute(
            "INSERT INTO followed_news (visitor_id, uid, fingerprint, codes, noticed_at) "
            "VALUES (%s, %s, 'x', '{status}', %s)",
            [visitor.id, SECRET_WORD, NOW],
        )
    saved_id = await everything_of_coming_back(puls, visitor)
    return Ada(visitor, conversation_id, turn_id, saved_id)


async def everything_of_coming_back(puls: Puls, visitor: Visitor) -> UUID:
    """A kept search, a confirmed address, and what a letter told."""
    saved = await puls.saved_searches.save(
        visitor, name=SECRET_WORD, text=SECRET_WORD, given=Given(), known=Known(), now=NOW
    )
    confirmation = Confirmation(
        visitor_id=visitor.id, address=f"{SECRET_WORD}@a.example", language="fr", asked_at=NOW
    )
    await puls.people.letters.confirm(confirmation, wording="oui", now=NOW)
    async with puls.database.transaction(visitor_id=visitor.id) as connection:
        await connection.execute(
            "INSERT INTO letter_event (saved_search_id, visitor_id, uid, begun_at) VALUES (%s, %s, %s, %s)",
            [saved, visitor.id, SECRET_WORD, NOW],
        )
    return saved


@asynccontextmanager
async def visiting_as(app: FastAPI, token: str | None) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(app) as client:
        if token:
            client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def everything_asked(client: httpx.AsyncClient, of: Ada) -> list[httpx.Response]:
    """Every operation that is about a visitor, aimed at Ada's ids."""
    conversation, turn = f"/v1/conversations/{of.conversation_id}", f"/v1/turns/{of.turn_id}"
    return [
        await client.request(method, path, json=body)
        for method, path, body in (
            ("GET", conversation, None),
            ("PATCH", conversation, {"title": "mine"}),
            ("GET", turn, None),
            ("POST", f"{turn}/feedback", {"thumb": "down"}),
            ("POST", f"{turn}/survey", {"score": 5}),
            ("POST", f"{turn}/stop", None),
            ("GET", "/v1/conversations", None),
            ("GET", "/v1/me/preferences", None),
            ("GET", "/v1/me/export", None),
            ("PUT", "/v1/me/consent", {"preferences": True, "from_turn": str(of.turn_id)}),
            ("PATCH", "/v1/me/preferences", {"likes": []}),
            ("DELETE", "/v1/me/preferences", None),
            ("GET", "/v1/me/followed", None),
            ("GET", f"/v1/me/followed.ics?token=f1.{of.id.hex}.AAAA", None),
            ("PUT", "/v1/me/followed/other", None),
            ("DELETE", f"/v1/me/followed/{SECRET_WORD}", None),
            ("GET", "/v1/me/searches", None),
            ("POST", "/v1/me/searches", {"q": "jazz"}),
            ("PATCH", f"/v1/me/searches/{of.saved_id}", {"name": "mine"}),
            ("POST", f"/v1/me/searches/{of.saved_id}/seen", None),
            ("DELETE", f"/v1/me/searches/{of.saved_id}", None),
            ("GET", "/v1/me/letters", None),
            ("POST", "/v1/me/letters", {"address": "x@a.example", "agrees": True}),
            ("DELETE", "/v1/me/letters", None),
            ("DELETE", conversation, None),
            ("DELETE", "/v1/me", None),
        )
    ]


@pytest.mark.parametrize("who", ["another visitor", "nobody", "a forged cookie", "a program"])
async def test_no_endpoint_shows_or_touches_another_visitors_data(
    puls: Puls, ada: Ada, who: str
) -> None:
    """Knowing every id of somebody gives nothing."""
    app, people = app_over(puls), puls.people
    token = None
    if who == "another visitor":
        token = people.tokens.issue(uuid4(), now=NOW)
    elif who == "a program":
        _, token = await people.api_keys.create(name="x", scopes=["operator"], now=NOW)
    before = await people.personal_data.export(ada.id)
    async with visiting_as(app, token) as client:
        if who == "a forged cookie":
            client.cookies.set("puls_visitor", f"v1.{ada.id.hex}.{int(NOW.timestamp())}.AAAA")
        responses = await everything_asked(client, ada)
    assert SECRET_WORD not in "".join(response.text for response in responses)
    assert {response.status_code for response in responses[:5]} == {404}
    assert await people.personal_data.export(ada.id) == before


async def test_every_operation_about_visitors_is_tried_above(puls: Puls, ada: Ada) -> None:
    """A new endpoint must be aimed at another's data before it is shipped."""
    paths = app_over(puls).openapi()["paths"]
    operations = {
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if path.startswith(("/v1/me", "/v1/conversations", "/v1/turns"))
    }
    async with visiting(app_over(puls)) as client:
        responses = await everything_asked(client, ada)
    tried = {
        (
            response.request.method,
            response.request.url.path.replace(str(ada.conversation_id), "{conversation_id}")
            .replace(str(ada.turn_id), "{turn_id}")
            .replace(f"followed/{SECRET_WORD}", "followed/{uid}")
            .replace("followed/other", "followed/{uid}")
            .replace(str(ada.saved_id), "{saved_id}"),
        )
        for response in responses
    }
    assert operations - tried == {("POST", "/v1/me")}  # gives a token and shows nothing


def tables_of(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind = 'r' AND attname = 'visitor_id' ORDER BY relname"
        ).fetchall()
    return ["visitor", *(row[0] for row in rows if row[0] not in THE_OPERATORS_OWN)]


async def test_a_query_without_a_condition_sees_its_own_visitor_only(
    database: Database, database_url: str, ada: Ada
) -> None:
    """The bug that this is for: a WHERE that somebody forgot."""
    bob = uuid4()
    for table in HELD:
        query = sql.SQL("SELECT count(*) AS rows FROM {}").format(sql.Identifier(table))
        for visitor_id, is_seen in ((bob, False), (ada.id, True)):
            async with database.transaction(visitor_id=visitor_id) as connection:
                row = await (await connection.execute(query)).fetchone()
            assert row is not None
            assert (row["rows"] > 0) is is_seen, table
    assert set(HELD) <= set(tables_of(database_url))


async def test_no_statement_changes_another_visitors_rows(
    database: Database, puls: Puls, ada: Ada
) -> None:
    """Not by a forgotten condition, not by writing in their name, not by pointing at their rows."""
    bob = Visitor(id=uuid4())
    _, of_bob = await said(puls.people.conversations, bob)
    before = await puls.people.personal_data.export(ada.id)
    async with database.transaction(visitor_id=bob.id) as connection:
        assert (await connection.execute("UPDATE turn SET text = 'x'")).rowcount == 1
        for table in reversed(HELD):
            await connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    forgeries: tuple[tuple[str, type[psycopg.Error]], ...] = (
        (
            "INSERT INTO conversation VALUES (gen_random_uuid(), %(ada)s, 'x', now(), now())",
            psycopg.errors.InsufficientPrivilege,
        ),
        (
            "INSERT INTO visitor VALUES (%(ada)s, 'anonymous', now(), now())",
            psycopg.errors.InsufficientPrivilege,
        ),
        ("UPDATE visitor SET id = %(ada)s", psycopg.errors.InsufficientPrivilege),
        (
            "INSERT INTO survey_answer SELECT gen_random_uuid(), %(ada)s, 1, 'x', now()",
            psycopg.errors.InsufficientPrivilege,
        ),
        (
            "INSERT INTO followed_event SELECT %(ada)s, 'x', now(), now(), 1",
            psycopg.errors.InsufficientPrivilege,
        ),
        (
            "INSERT INTO turn_event SELECT %(turn)s, id, 9, 'x' FROM visitor",
            psycopg.errors.ForeignKeyViolation,
        ),
        (
            (
                "INSERT INTO turn (id, visitor_id, conversation_id, request_id, text, created_at, begun_at)"
                " SELECT gen_random_uuid(), id, %(conversation)s, gen_random_uuid(), 'x', now(), now() FROM visitor"
            ),
            psycopg.errors.ForeignKeyViolation,
        ),
        ("SELECT * FROM api_key", psycopg.errors.InsufficientPrivilege),
        ("SELECT * FROM rate_limit", psycopg.errors.InsufficientPrivilege),
        ("SELECT * FROM shared_answer", psycopg.errors.InsufficientPrivilege),
        ("ALTER TABLE turn DISABLE ROW LEVEL SECURITY", psycopg.errors.InsufficientPrivilege),
        ("TRUNCATE turn CASCADE", psycopg.errors.InsufficientPrivilege),
    )
    await said(puls.people.conversations, bob)
    values = {"ada": ada.id, "turn": ada.turn_id, "conversation": ada.conversation_id}
    for statement, refusal in forgeries:
        with pytest.raises(refusal):
            async with database.transaction(visitor_id=bob.id) as connection:
                await connection.execute(statement.encode(), values)
    assert await puls.people.personal_data.export(ada.id) == before
    assert of_bob != ada.turn_id


async def test_a_connection_forgets_whom_it_served(database_url: str, ada: Ada) -> None:
    """Pooled connections serve one visitor after the other."""
    async with Database.open(database_url, pool_size=1) as pool_of_one:
        with pytest.raises(ZeroDivisionError):
            async with pool_of_one.transaction(visitor_id=ada.id):
                raise ZeroDivisionError
        row = await pool_of_one.fetch_one(
            b"SELECT current_user AS name, puls_visitor_id() AS visitor_id"
        )
    assert row is not None
    assert (row["name"] == "puls_visitor", row["visitor_id"]) == (False, None)


async def test_the_keeper_deletes_and_reads_no_word(database: Database) -> None:
    """The sweep runs over everybody's rows; it must not be able to read them."""
    for column in ("seen_at", "status", "*"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(is_keeping=True) as connection:
                await connection.execute(f"SELECT {column} FROM followed_event".encode())
    for column in ("text", "answer", "wish", "*"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(is_keeping=True) as connection:
                await connection.execute(f"SELECT {column} FROM turn".encode())
    for table in ("feedback", "consent", "turn_event", "survey_answer"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.transaction(is_keeping=True) as connection:
                await connection.execute(f"SELECT * FROM {table}".encode())


def test_every_table_with_a_visitor_has_forced_policies_and_cascades(database_url: str) -> None:
    """Also the tables that later migrations add."""
    with psycopg.connect(database_url) as connection:
        for table in tables_of(database_url):
            row = connection.execute(
                "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s",
                [table],
            ).fetchone()
            assert row == (True, True), table
            policy = connection.execute(
                "SELECT count(*) FROM pg_policy WHERE polrelid = %s::regclass", [table]
            ).fetchone()
            assert policy is not None
            assert policy[0] >= 1, table
            if table != "visitor":
                cascades = connection.execute(
                    "SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass"
                    " AND contype = 'f' AND confdeltype = 'c'",
                    [table],
                ).fetchone()
                assert cascades is not None
                assert cascades[0] >= 1, table


# A managed PostgreSQL: the role that logs in is no superuser.


@pytest.fixture
def managed(server_url: str) -> Iterator[tuple[str, str]]:
    """A database owned by a login role without privileges, and that role's name."""
    role = f"managed_{uuid4().hex[:8]}"
    for url in clone(server_url, "template0"):
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            for grant in ("DATABASE {}", "SCHEMA public"):
                connection.execute(
                    sql.SQL(f"ALTER {grant} OWNER TO {{}}").format(
                        *([sql.Identifier(str(name))] if "{}" in grant else []),
                        sql.Identifier(role),
                    )
                )
        yield psycopg.conninfo.make_conninfo(url, user=role), role
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(role)))
            connection.execute(
                sql.SQL("ALTER DATABASE {} OWNER TO postgres").format(sql.Identifier(str(name)))
            )
            connection.execute(
                sql.SQL(
                    "REVOKE puls_visitor, puls_keeper, puls_figures, puls_reviewer FROM {}"
                ).format(sql.Identifier(role))
            )
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


async def test_on_a_managed_server_even_the_owner_sees_no_visitor(
    managed: tuple[str, str], server_url: str
) -> None:
    """FORCE: a query that forgot to act as a visitor finds nothing at all."""
    url, role = managed
    with pytest.raises(DatabaseUnavailableError, match="GRANT puls_visitor TO managed_"):
        await migrate(url)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL(
                "GRANT puls_visitor, puls_keeper, puls_figures, puls_reviewer TO {}"
                " WITH SET TRUE, INHERIT FALSE"
            ).format(sql.Identifier(role))
        )
    async with Database.open(url, pool_size=2) as database:
        people = puls_over(database, Gazetteer.load()).people
        ada, bob = Visitor(id=uuid4()), Visitor(id=uuid4())
        conversation_id, _ = await said(people.conversations, ada)
        await said(people.conversations, bob)
        assert len(await people.conversations.all(ada.id)) == 1
        assert await database.fetch_all(b"SELECT * FROM turn") == []
        assert await database.fetch_all(b"SELECT * FROM visitor") == []
        recalled = await people.conversations.recall(ada.id, conversation_id)
        assert len(recalled.turns) == 1
        assert await people.personal_data.erase(ada.id)
        assert (await people.personal_data.export(ada.id))["conversations"] == []
        assert len(await people.conversations.all(bob.id)) == 1
