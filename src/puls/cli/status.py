"""What `puls status` says of the database: version, schema, sizes."""

from puls.bootstrap import Puls
from puls.database import Queries

_LARGEST = 5
_QUERIES = Queries.beside("puls.cli", "status.sql")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


async def facts_of(puls: Puls) -> dict[str, object]:
    """Of the server and of this database in it."""
    facts = await puls.database.fetch_one(_QUERIES["facts"])
    assert facts is not None
    largest = await puls.database.fetch_all(_QUERIES["largest"], limit=_LARGEST)
    embedded = puls.settings.database_url is None
    return {
        "postgresql": facts["version"],
        "pgvector": facts["pgvector"],
        "server": f"embedded in {puls.settings.home}" if embedded else "as PULS_DATABASE_URL says",
        "schema": facts["schema"],
        "size": facts["size"],
        "largest": {row["name"]: row["size"] for row in largest},
    }


def in_words(name: str, fact: object) -> str:
    """A fact for a person."""
    if name == "size" and isinstance(fact, int):
        return size_in_words(fact)
    if isinstance(fact, dict):
        return ", ".join(f"{table} {size_in_words(size)}" for table, size in fact.items())
    return str(fact)


def size_in_words(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < _STEP:
            return f"{size:.0f} {unit}" if unit == _UNITS[0] else f"{size:.1f} {unit}"
        size /= _STEP
    return f"{size:.1f} {_UNITS[-1]}"
