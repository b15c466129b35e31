"""What is left of somebody: every row of every table, read by a superuser, whatever policies say."""

from collections.abc import Sequence

import psycopg
from psycopg import sql


def traces(url: str, needles: Sequence[str]) -> list[str]:
    """The tables that hold one of these words or ids, with what they hold."""
    found: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'm')"
            " AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
            " AND relnamespace::regnamespace::text NOT LIKE 'pg_toast%'"
        ).fetchall()
        patterns = [f"%{needle}%" for needle in needles]
        for (table,) in tables:
            name = sql.SQL(table)
            query = sql.SQL("SELECT held::text FROM {} AS held WHERE held::text ILIKE ANY (%s)")
            rows = connection.execute(query.format(name), [patterns]).fetchall()
            found += [f"{table}: {row[0]}" for row in rows]
    return found
