"""After a roll-back by restore: bring what was written since the back-up from the upgraded database into the restored one.

`python -m deploy.carry_back UPGRADED_URL RESTORED_URL`, both as PostgreSQL's superuser, with no Puls running on either. Every table
of the restored (older) schema is emptied and filled with the rows that the upgraded database has, in the columns that both know, in
one transaction: either all is carried or nothing changed. What was erased since the back-up stays erased. Tables and columns that the
older schema does not know are told, by name and count, and stay in the upgraded database.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql

_KEPT = frozenset({"schema_migration"})  # says what the schema is, not what was written
_COLUMNS = """
    SELECT table_schema || '.' || table_name AS name, table_schema, table_name,
           array_agg(column_name::text ORDER BY ordinal_position) AS columns
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_schema, table_name ORDER BY 1
"""
_SEQUENCES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) AS name, last_value FROM pg_sequences
    WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Rows by table; `left` names what the older schema has no place for."""

    rows: Mapping[str, int]
    left: tuple[str, ...]


def carry(upgraded: str, restored: str) -> Carried:
    """All rows, in one transaction.

    Raises:
        psycopg.Error: nothing was changed.
    """
    with psycopg.connect(upgraded) as source, psycopg.connect(restored) as target:
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # one moment for all tables
        target.execute(
            "SET LOCAL session_replication_role = replica"
        )  # rows come with those they refer to
        there, here = _tables(source), _tables(target)
        shared = [name for name in here if name in there and name.split(".", 1)[1] not in _KEPT]
        if shared:
            target.execute(
                sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(_identifier, shared)))
            )
        rows = {
            name: _copy(source, target, name, _both(here[name], there[name])) for name in shared
        }
        _set_sequences(source, target)
        left = [f"{name} (table)" for name in there if name not in here]
        left += [f"{name}.{one}" for name in shared for one in there[name] if one not in here[name]]
        return Carried(rows=rows, left=tuple(left))


def _tables(connection: Connection) -> dict[str, list[str]]:
    return {row[0]: row[3] for row in connection.execute(_COLUMNS)}


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split(".", 1))


def _both(here: list[str], there: list[str]) -> list[str]:
    return [one for one in here if one in there]


def _copy(source: Connection, target: Connection, name: str, columns: list[str]) -> int:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT binary)").format(
        listed, _identifier(name)
    )
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(_identifier(name), listed)
    with source.cursor() as reading, target.cursor() as writing:
        with reading.copy(out) as given, writing.copy(into) as taken:
            for block in given:
                taken.write(block)
        return writing.rowcount


def _set_sequences(source: Connection, target: Connection) -> None:
    known = {
        row[0]
        for row in target.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences"
        )
    }
    for name, last in source.execute(_SEQUENCES).fetchall():
        if name in known:
            target.execute("SELECT setval(%s::regclass, %s)", [name, last])


def main() -> int:
    """Carry, and say what."""
    if len(sys.argv) != 3:
        print("python -m deploy.carry_back UPGRADED_URL RESTORED_URL", file=sys.stderr)
        return 2
    try:
        carried = carry(*sys.argv[1:])
    except psycopg.Error as error:
        print(f"nothing was changed: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    for name, count in carried.rows.items():
        print(f"{count:>10,} {name}")
    print(f"the older schema has no place for: {', '.join(carried.left) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
