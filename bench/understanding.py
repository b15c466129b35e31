"""How fast understanding is, how it holds against hostile texts, and how it compares with `dateparser`.

`make bench` runs it last; alone: `python -m bench.understanding`. Everything is measured in this process and minute, in
processor time, but for the loading of the gazetteer, which needs a fresh one.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateparser.search import search_dates
from rich.console import Console
from rich.table import Table
from tests.understanding.expressions import Expression, read_expressions

from puls.catalogue.event import Interval
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand

PARIS = ZoneInfo("Europe/Paris")
ROUNDS = 5
LONGEST = 10_000  # characters of a hostile text
console = Console(width=120)

HOSTILE = (
    "a", "a ", "le 3 ", "12 et ", "saint ", "du 3 au ", "1", "1 ", "20h ", "« ", "'", "l'", "d'", "-", "é", "e\u0301",
    "🎉 ", "\u200b", "\n", "pas le lundi ", "sauf ", "samedi ou ", "à ", "on the ", "du 3 au 8 octobre ", "05/12 ",
    "2026-12-05 ", "le premier dimanche ", "la première ", "de la ", "entre ", "jusqu'", "les ", "tous les ", "en ",
    "vacances ", "pont du ", "Saint-Denis ", "à Lyon ", "concert à Lyon samedi, ", "75011 ", "moins de 10 ", "4 ans ",
    "sans ", "près de ", "la 2e ", "ß", "Ａ", "x" * 40 + " ", "week-end ", "prochain ", "dans 3 ", "semaine ", "mi ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatePart:
    """What a reader of dates made of the table: right first days, right intervals, milliseconds per row."""

    rows: int
    first_day: int
    whole: int
    milliseconds: list[float]


def main() -> None:
    gazetteer = Gazetteer.load()
    rows = read_expressions()
    _print_speed(rows, gazetteer)
    _print_hostile(rows[0].moment, gazetteer)
    _print_linearity(rows[0].moment, gazetteer)
    _print_loading()
    _print_beside_dateparser([row for row in rows if row.table == "when" and not row.history])


def _milliseconds(act: Callable[[], object]) -> float:
    """Of this process alone: what else the machine does is no part of the question."""
    started = time.process_time()
    act()
    return 1000 * (time.process_time() - started)


def _print_speed(rows: Sequence[Expression], gazetteer: Gazetteer) -> None:
    """Each row with its history, the best of some rounds: the machine is not alone."""

    def ask(row: Expression) -> object:
        return understand(
            row.text,
            now=row.moment,
            gazetteer=gazetteer,
            position=row.coordinates,
            history=row.history,
        )

    for row in rows:
        ask(row)
    best = [
        min(_milliseconds(lambda row=row: ask(row)) for _ in range(ROUNDS))  # type: ignore[misc]
        for row in rows
    ]
    timed = list(zip(best, rows, strict=True))
    table = Table("questions", "p50", "p95", "max", "slowest", title="Understanding, ms a question")
    alone = [each for each in timed if not each[1].history]
    for name, kept in (("all", timed), ("without history", alone)):
        times = sorted(each[0] for each in kept)
        table.add_row(
            f"{len(times)} {name}",
            f"{statistics.median(times):.2f}",
            f"{times[int(0.95 * len(times))]:.2f}",
            f"{times[-1]:.2f}",
            max(kept, key=lambda each: each[0])[1].text[:50],
        )
    console.print(table)


def _hostile_time(piece: str, length: int, now: datetime, gazetteer: Gazetteer) -> float:
    text = (piece * length)[:length]
    return min(
        _milliseconds(lambda: understand(text, now=now, gazetteer=gazetteer)) for _ in range(3)
    )


def _print_hostile(now: datetime, gazetteer: Gazetteer) -> None:
    times = {piece: _hostile_time(piece, LONGEST, now, gazetteer) for piece in HOSTILE}
    table = Table(
        "repeated", "ms", title=f"{LONGEST:,} hostile characters, the slowest (limit: 50 ms)"
    )
    for piece in sorted(times, key=lambda each: -times[each])[:8]:
        table.add_row(repr(piece), f"{times[piece]:.1f}")
    console.print(table)


def _print_linearity(now: datetime, gazetteer: Gazetteer) -> None:
    """Twice the length should take about twice the time, up to the longest text that is read."""
    lengths = (250, 500, 1000, 2000)
    table = Table("repeated", *(f"{length}" for length in lengths), title="ms by length")
    for piece in ("du 3 au 8 octobre ", "concert à Lyon samedi, ", "pas le lundi ", "saint ", "a "):
        times = [_hostile_time(piece, length, now, gazetteer) for length in lengths]
        table.add_row(repr(piece), *(f"{each:.1f}" for each in times))
    console.print(table)


_LOADING = """
import json, time, psutil
import puls.understanding.question
from puls.geo.gazetteer import Gazetteer
process = psutil.Process()
before, started = process.memory_info().rss, time.perf_counter()
gazetteer = Gazetteer.load()
seconds = time.perf_counter() - started
print(json.dumps([1000 * seconds, (process.memory_info().rss - before) / 2**20]))
"""


def _print_loading() -> None:
    runs = [
        json.loads(
            subprocess.run([sys.executable, "-c", _LOADING], check=True, capture_output=True).stdout
        )
        for _ in range(3)
    ]
    milliseconds, mebibytes = min(runs)
    console.print(
        f"Gazetteer loaded in {milliseconds:.0f} ms, {mebibytes:.0f} MiB more (limits: 200 ms, 80 MiB)\n"
    )


def _print_beside_dateparser(rows: Sequence[Expression]) -> None:
    """On rows that mean a time: is the first day right, is every interval right?"""
    dated = [row for row in rows if row.wish.get("when")]
    undated = [row for row in rows if not row.wish.get("when")]
    table = Table(
        "", "first day", "whole interval", "no date where none is meant", "p50 ms", "p95 ms"
    )
    for name, read in (("puls", _by_puls), ("dateparser", _by_dateparser)):
        part = _judge(dated, read)
        silent = sum(not read(row) for row in undated)
        times = sorted(part.milliseconds)
        table.add_row(
            name,
            f"{part.first_day / part.rows:.1%}",
            f"{part.whole / part.rows:.1%}",
            f"{silent}/{len(undated)}",
            f"{statistics.median(times):.2f}",
            f"{times[int(0.95 * len(times))]:.2f}",
        )
    table.title = f"Dates, {len(dated)} rows with a date and {len(undated)} without"
    console.print(table)


def _judge(rows: Sequence[Expression], read: Callable[[Expression], list[list[str]]]) -> DatePart:
    first_day = whole = 0
    times = []
    for row in rows:
        read(row)
        started = time.process_time()
        found = read(row)
        times.append(1000 * (time.process_time() - started))
        wanted = row.wish["when"]
        first_day += bool(found) and found[0][0][:10] == wanted[0][0][:10]
        whole += found == wanted
    return DatePart(len(rows), first_day, whole, times)


def _by_puls(row: Expression) -> list[list[str]]:
    """The days of the whole wish: places, prices and the theme are read too, for whether words are a date hangs on them."""
    understood = understand(
        row.text, now=row.moment, gazetteer=Gazetteer.load(), position=row.coordinates
    )
    return [_written(interval) for interval in understood.wish.when]


def _by_dateparser(row: Expression) -> list[list[str]]:
    """Its moments as days, two of them joined by « du … au … » as a range: the kindest reading we could think of."""
    now = row.moment.astimezone(PARIS).replace(tzinfo=None)
    found = search_dates(
        row.text,
        languages=["fr", "en"],
        settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now},
    )
    days = sorted({moment.date() for _, moment in found or ()})
    if len(days) == 2 and any(
        f" {word} " in f" {row.text.lower()} " for word in ("du", "entre", "from", "between")
    ):
        return [_day_range(days[0], days[1], row.moment)]
    return [_day_range(day, day, row.moment) for day in days]


def _day_range(first: date, last: date, now: datetime) -> list[str]:
    """Whole days, from `now` on when they have begun."""
    start = datetime.combine(first, datetime.min.time(), PARIS)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), PARIS)
    return _written(Interval(max(start, now) if end > now else start, end))


def _written(interval: Interval) -> list[str]:
    return [f"{each.astimezone(PARIS):%Y-%m-%dT%H:%M}" for each in (interval.start, interval.end)]


if __name__ == "__main__":
    main()
