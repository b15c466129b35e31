"""Suggestions while a visitor types: towns, venues, what is on and kinds of outings, from Puls's own catalogue.

The names are read at most every ten minutes, in the background, and kept in memory; a question touches no database. Enter
at `Suggestions.like`.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from psycopg.rows import DictRow

from puls.database import Database, Queries
from puls.geo.gazetteer import Gazetteer
from puls.language.lexicon import kinds
from puls.retrieval.kept import Kept
from puls.retrieval.suggesting.names import Name, NameKind, Names

_QUERIES = Queries.beside("puls.retrieval.suggesting", "names.sql")
_LIVES_SECONDS = 600.0
_MOST_TITLES = 40_000  # the soonest; about 40 MB of names at most
_MOST_VENUES = 20_000
_LEAST_POPULATION = 2_000  # a smaller commune is named only where something is on


class Suggestions:
    """Names that begin as a visitor types."""

    def __init__(
        self, *, database: Database, gazetteer: Gazetteer, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._gazetteer = gazetteer
        self._clock = clock
        self._known = Kept(self._read, lives_seconds=_LIVES_SECONDS)

    async def like(
        self,
        typed: str,
        *,
        language: Literal["fr", "en"] = "fr",
        limit: int = 7,
        kinds: frozenset[NameKind] | None = None,
    ) -> Sequence[Name]:
        """What the letters may become, best first; nothing for none."""
        return (await self._known.current())[language].like(typed, limit=limit, kinds=kinds)

    async def warm_up(self) -> None:
        """Read the names before the first visitor types."""
        await self._known.current()

    async def _read(self) -> dict[str, Names]:
        now = self._clock()
        titles = await self._database.reads.fetch_all(
            _QUERIES["titles"], now=now, most=_MOST_TITLES
        )
        venues = await self._database.reads.fetch_all(
            _QUERIES["venues"], now=now, most=_MOST_VENUES
        )
        towns = await self._database.reads.fetch_all(_QUERIES["towns"], now=now)
        return await asyncio.to_thread(self._names, titles, venues, towns)

    def _names(
        self, titles: Sequence[DictRow], venues: Sequence[DictRow], towns: Sequence[DictRow]
    ) -> dict[str, Names]:
        of_places = [
            *self._towns({row["code"]: row["events"] for row in towns}),
            *(_venue(row) for row in venues),
            *(_event(row) for row in titles),
        ]
        return {language: Names.of([*of_places, *_kinds(language)]) for language in ("fr", "en")}

    def _towns(self, events: dict[str, int]) -> Iterator[Name]:
        for commune in self._gazetteer.communes():
            on = events.get(commune.code, 0)
            if on or commune.population >= _LEAST_POPULATION:
                department = self._gazetteer.department(commune.department_code)
                beside = department.name if department else commune.department_code
                # People count a little: Lille with two events comes before Lillers with none.
                weight = on + commune.population // 2_000
                yield Name(
                    kind="town", name=commune.name, key=commune.code, beside=beside, events=weight
                )


def _kinds(language: Literal["fr", "en"]) -> Iterator[Name]:
    for category, kind in kinds().items():
        if category != "other":
            yield Name(kind="kind", name=kind.title.of(language), key=category.value)


def _venue(row: DictRow) -> Name:
    return Name(
        kind="venue",
        name=row["name"],
        key=row["commune_code"] or "",
        beside=row["city"] or "",
        events=row["events"],
    )


def _event(row: DictRow) -> Name:
    return Name(
        kind="event",
        name=row["title"],
        key=row["uid"],
        beside=row["city"] or "",
        events=row["events"],
    )
