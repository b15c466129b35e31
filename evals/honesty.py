"""Does Puls say so when the catalogue holds nothing on a theme, and find it when it does? `python -m evals.honesty`.

Pairs of a wish and a catalogue, labelled by reading the catalogue: `has`, and the uids of `answers` if any. Those with an odd
number calibrated the gate (`retrieval.theme`), those with an even one judge it. Without options the sample catalogue in a
database of its own; `--pairs FILE --home FOLDER` judges another set on a catalogue that stands.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from puls.bootstrap import Puls, open_puls
from puls.evaluation import given_wish, question_of
from puls.ingestion.sample.source import SampleSource
from puls.retrieval.theme import Match
from puls.settings import Settings

SAMPLE_PAIRS = Path(__file__).with_name("honesty_sample.jsonl")
SAMPLE_DAY = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/Paris"))
# In percent on the even pairs; a sound build clears them easily.
FLOORS = {"none": 65, "found": 90}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    id: str
    topic: str
    has: bool
    answers: frozenset[str]
    tags: tuple[str, ...]
    match: Match
    shown: tuple[str, ...]

    @property
    def is_judging(self) -> bool:
        return int("".join(filter(str.isdigit, self.id))) % 2 == 0

    @property
    def is_right(self) -> bool:
        return (self.match is not Match.NOTHING) == self.has


async def answered(puls: Puls, lines: Sequence[str]) -> list[Pair]:
    pairs = []
    for row in map(json.loads, lines):
        question = question_of({**row, "text": "", "expect": "results"})
        wish = given_wish(question, puls.gazetteer)
        found = await puls.search.find(wish, now=question.now, limit=10)
        pairs.append(
            Pair(
                id=row["id"],
                topic=wish.topic,
                has=row["has"],
                answers=frozenset(row["answers"]),
                tags=tuple(row["tags"]),
                match=found.match,
                shown=tuple(one.event.uid for one in found.events),
            )
        )
    return pairs


def rates(pairs: Sequence[Pair]) -> dict[str, float]:
    """In percent: none said when there is none; something found when there is; an answer of the labels among ten shown."""
    without = [pair for pair in pairs if not pair.has]
    having = [pair for pair in pairs if pair.has]

    def percent(hits: int, of: int) -> float:
        return round(100 * hits / of, 1) if of else float("nan")

    return {
        "none": percent(sum(one.match is Match.NOTHING for one in without), len(without)),
        "surely on theme, with none": percent(
            sum(one.match is Match.ON_THEME for one in without), len(without)
        ),
        "found": percent(sum(one.match is not Match.NOTHING for one in having), len(having)),
        "surely found": percent(sum(one.match is Match.ON_THEME for one in having), len(having)),
        "answer shown": percent(
            sum(bool(one.answers & set(one.shown)) for one in having), len(having)
        ),
    }


@contextlib.asynccontextmanager
async def catalogue(home: Path | None) -> AsyncIterator[Puls]:
    """The one that stands at `home`, else the sample's in a folder of its own."""
    with contextlib.ExitStack() as folders:
        if home is None:
            folder = folders.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            Path(folder).chmod(0o755)  # noqa: ASYNC240 # the embedded server runs as a user of its own when we are root
            stands, home = False, Path(folder) / "home"
        else:
            stands = True
        async with open_puls(Settings(home=home, database_url=None, log_level="WARNING")) as puls:
            if not stands:
                await puls.ingestion.run(SampleSource(today=SAMPLE_DAY.date()), now=SAMPLE_DAY)
                await puls.catalogue.count_words()
                await puls.index.build(now=lambda: datetime.now(UTC))
            yield puls


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=SAMPLE_PAIRS)
    parser.add_argument("--home", type=Path, help="the data folder of a catalogue that stands")
    parser.add_argument("--misses", action="store_true", help="name the pairs judged wrongly")
    options = parser.parse_args()
    lines = options.pairs.read_text(encoding="utf-8").splitlines()
    async with catalogue(options.home) as puls:
        pairs = await answered(puls, lines)
    parts = {
        "all": pairs,
        "calibrating": [pair for pair in pairs if not pair.is_judging],
        "judging": [pair for pair in pairs if pair.is_judging],
    }
    if options.misses:
        for pair in pairs:
            if not pair.is_right:
                print(pair.id, "has" if pair.has else "none", pair.match, pair.topic, *pair.tags)
    table = Table("pairs", "number", *rates(pairs))
    for name, part in parts.items():
        table.add_row(name, str(len(part)), *(f"{rate:.1f} %" for rate in rates(part).values()))
    Console(width=130).print(table)
    judged = rates(parts["judging"])
    return int(any(judged[name] < floor for name, floor in FLOORS.items()))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
