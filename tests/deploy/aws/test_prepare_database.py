"""The task that makes the login of Puls, on a real PostgreSQL, as an administrator who is no superuser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

psycopg = pytest.importorskip("psycopg", reason="needs Puls's own environment: `make test`")
pytest.importorskip("puls.database.pool", reason="needs Puls's own environment: `make test`")

from deploy.aws.config import HERE, ROOT  # noqa: E402 # after the skip
from deploy.aws.prepare_database import ROLES  # noqa: E402 # after the skip
from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: E402 # after the skip

from puls.database.pool import Database  # noqa: E402 # after the skip

pytestmark = pytest.mark.database

ADMINISTRATOR, USER, DATABASE = "aws_admin", "aws_puls", "aws_puls"


@pytest.fixture
def administrator(server_url: str) -> Iterator[dict[str, str]]:
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {ADMINISTRATOR} LOGIN CREATEROLE CREATEDB PASSWORD 'a'")
        for role in ROLES:  # of the tests' template, as if it had made them
            server.execute(f"GRANT {role} TO {ADMINISTRATOR} WITH ADMIN OPTION")
    where = conninfo_to_dict(server_url)
    yield {
        **{name: value for name, value in os.environ.items() if not name.startswith("PG")},
        "PGHOST": str(where["host"]),
        **({"PGPORT": str(where["port"])} if "port" in where else {}),
        "PGUSER": ADMINISTRATOR,
        "PGPASSWORD": "a",
        "PGDATABASE": "postgres",
        "PREPARE_USER": USER,
        "PREPARE_PASSWORD": "it's one",
        "PREPARE_DATABASE": DATABASE,
    }
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        for role in (USER, ADMINISTRATOR):
            server.execute(f"DROP OWNED BY {role} CASCADE")
            server.execute(f"DROP ROLE {role}")


def _run(environment: dict[str, str]) -> str:
    """What went wrong, empty when nothing did."""
    text = (HERE / "prepare_database.py").read_text(encoding="utf-8")  # as the task has it
    done = subprocess.run(
        [sys.executable, "-c", text],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr


def _prepare(environment: dict[str, str], server_url: str) -> None:
    """On RDS an administrator may create extensions; here a superuser must lend a hand, and the run is repeated."""
    if "permission denied to create extension" in _run(environment):
        with psycopg.connect(make_conninfo(server_url, dbname=DATABASE), autocommit=True) as own:
            own.execute("CREATE EXTENSION vector")
    assert not _run(environment)


async def test_puls_migrates_and_works_with_the_login_that_was_made(
    administrator: dict[str, str], server_url: str
) -> None:
    """The login is no superuser, so what PostgreSQL forbids it would stop the first release."""
    _prepare(administrator, server_url)
    url = make_conninfo(server_url, dbname=DATABASE, user=USER, password="it's one")
    async with Database.open(url, pool_size=2) as database:
        row = await database.fetch_one(
            b"SELECT rolsuper OR rolcreaterole OR rolcreatedb AS is_mighty FROM pg_roles WHERE rolname = current_user"
        )
        assert row == {"is_mighty": False}
        async with database.transaction(is_keeping=True) as connection:
            await connection.execute("SELECT id FROM visitor")


async def test_a_second_run_gives_the_new_password(
    administrator: dict[str, str], server_url: str
) -> None:
    """After a restore or a new secret it is run again."""
    _prepare(administrator, server_url)
    _prepare({**administrator, "PREPARE_PASSWORD": "another"}, server_url)
    url = make_conninfo(server_url, dbname=DATABASE, user=USER, password="another")
    async with Database.open(url, pool_size=2) as database:
        assert await database.fetch_one(b"SELECT 1 AS one") == {"one": 1}


def test_every_role_of_the_migrations_is_made() -> None:
    """The login may make none itself: one that is missing would stop a release at its migration."""
    named = re.compile(r"FOREACH wanted IN ARRAY ARRAY\[([^\]]+)\]")
    wanted = {
        role.strip(" '")
        for file in (ROOT / "src/puls/migrations").glob("*.sql")
        for roles in named.findall(file.read_text(encoding="utf-8"))
        for role in roles.split(",")
        if role.strip(" '").startswith("puls_")
    }
    assert wanted
    assert wanted == set(ROLES)
