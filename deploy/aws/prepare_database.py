"""Makes what an administrator must make once on a managed PostgreSQL; safe to run again, and after a restore or a new secret.

Runs inside Puls's image as the task `prepare` (its text is the command), with the administrator's login in PG* variables and
PREPARE_USER, PREPARE_PASSWORD, PREPARE_DATABASE beside it. It makes the login of Puls, which is no administrator and sees no
visitor's rows by itself, the database it owns, the extension, and the roles that docs/decisions/row-level-security.md asks for.
"""

import os

import psycopg
from psycopg import sql

LIMIT_SECONDS = 30
ROLES = ("puls_visitor", "puls_keeper", "puls_figures", "puls_reviewer")


def prepare(user: str, password: str, database: str) -> None:
    """Raises psycopg.Error when the server refuses; nothing half done stays that a second run would not mend."""
    patience = f"-c statement_timeout={LIMIT_SECONDS * 1000}"
    with psycopg.connect(
        "", connect_timeout=LIMIT_SECONDS, options=patience, autocommit=True
    ) as server:
        _login(server, user, password)
        known = server.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        if not known.fetchall():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(user)
                )
            )
        server.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
        )
    with psycopg.connect(
        f"dbname={database}", connect_timeout=LIMIT_SECONDS, options=patience, autocommit=True
    ) as own:
        own.execute("CREATE EXTENSION IF NOT EXISTS vector")


def _login(server: psycopg.Connection, user: str, password: str) -> None:
    name = sql.Identifier(user)
    if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [user]).fetchall():
        server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    server.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            name, sql.Literal(password)
        )
    )
    # PostgreSQL 16 and later: who makes a database for another role must be able to become it.
    server.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    for role in ROLES:
        if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchall():
            server.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        server.execute(
            sql.SQL("GRANT {} TO {} WITH SET TRUE, INHERIT FALSE").format(
                sql.Identifier(role), name
            )
        )


if __name__ == "__main__":
    prepare(
        os.environ["PREPARE_USER"],
        os.environ["PREPARE_PASSWORD"],
        os.environ["PREPARE_DATABASE"],
    )
