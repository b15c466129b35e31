"""Writes `study/schema.json`: the tables that the migrations really make, read from a real PostgreSQL. `python -m study.describe_schema`.

Part of `make study-count`; `tests/study/test_schema.py` holds the page to the migrations.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from puls.database import EmbeddedServer, migrate
from study.figures.registry import STUDY

_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
_ROWS = "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
_KEYS = "SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"


def described(url: str) -> dict[str, Any]:
    """Tables of the database at `url`: columns, tables they refer to, row-level security."""
    with psycopg.connect(url) as connection:
        secured: dict[str, bool] = dict(connection.execute(_ROWS).fetchall())
        tables: dict[str, Any] = {name: {"columns": [], "references": [], "row_security": bool(on)} for name, on in sorted(secured.items())}  # fmt: skip
        for table, column in connection.execute(_COLUMNS).fetchall():
            if table in tables:
                tables[table]["columns"].append(column)
        for table, other in connection.execute(_KEYS).fetchall():
            if table != other:
                tables[table]["references"].append(other)
    return {"tables": tables}


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the embedded server runs as a user of its own when we are root
        server = EmbeddedServer(Path(folder) / "home")
        try:
            url = server.start()
            asyncio.run(migrate(url))
            text = json.dumps(described(url), ensure_ascii=False, indent=1)
        finally:
            server.release()
    (STUDY / "schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
