"""The queue's tables are those of the Procrastinate that is installed: its functions are called by name and version."""

from importlib.metadata import version

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from puls.database import Database

_SCHEMA = """
SELECT 'function', p.proname, pg_get_function_identity_arguments(p.oid), p.prosrc FROM pg_proc AS p
WHERE p.pronamespace = %(space)s::text::regnamespace AND p.proname LIKE 'procrastinate%%'
UNION ALL SELECT 'column', table_name, column_name, data_type || coalesce(column_default, '') || is_nullable
FROM information_schema.columns WHERE table_schema = %(space)s::text AND table_name LIKE 'procrastinate%%'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = %(space)s::text AND tablename LIKE 'procrastinate%%'
UNION ALL SELECT 'trigger', event_object_table, trigger_name, event_manipulation || coalesce(action_condition, '')
FROM information_schema.triggers WHERE trigger_schema = %(space)s::text AND trigger_name LIKE 'procrastinate%%'
UNION ALL SELECT 'word', t.typname, e.enumlabel, e.enumsortorder::text FROM pg_type AS t JOIN pg_enum AS e ON e.enumtypid = t.oid
WHERE t.typnamespace = %(space)s::text::regnamespace AND t.typname LIKE 'procrastinate%%'
ORDER BY 1, 2, 3, 4
"""


def test_the_migration_makes_what_the_installed_release_would_make(database_url: str) -> None:
    """An upgrade of the library without a migration would fail a worker in the night."""
    assert version("procrastinate").startswith("3.10."), "write the migration, then this line"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA installed")
        connection.execute("SET search_path TO installed")
        connection.execute(sql.SQL(SchemaManager.get_schema()))
        seen = []
        for space in ("public", "installed"):
            rows = connection.execute(_SCHEMA, {"space": space}).fetchall()
            seen.append([tuple(str(part).replace(f"{space}.", "") for part in row) for row in rows])
    ours, theirs = seen
    assert len(theirs) > 40
    assert ours == theirs


async def test_no_role_of_visitors_reaches_the_queue(database: Database) -> None:
    """Jobs hold nothing of visitors, and visitors nothing of jobs."""
    rows = await database.fetch_all(
        b"SELECT c.relname FROM pg_class AS c, unnest(ARRAY['puls_visitor', 'puls_keeper']) AS role "
        b"WHERE c.relkind = 'r' AND (c.relname LIKE 'procrastinate%%' OR c.relname LIKE 'job\\_%%') "
        b"AND has_any_column_privilege(role, c.oid, 'SELECT')"
    )
    assert rows == []
