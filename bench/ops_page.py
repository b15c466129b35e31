"""How long `/ops` takes at a million turns: `python -m bench.ops_page --turns 1000000`.

Simulates a month in an embedded PostgreSQL of its own, counts it once as the job of every minute would, and asks for the page
over HTTP as a browser does: every period, figures fresh each time. Prints medians and the worst.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.simulate_usage import simulate
from tests.serving import app_over, puls_over, visiting

from puls.database import Database, embedded_server
from puls.geo.gazetteer import Gazetteer
from puls.operating.periods import Period


async def measure(home: Path, *, turns: int, times: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of the page by period; a home that holds turns is measured as it is."""
    async with embedded_server(home) as url, Database.open(url) as database:
        row = await database.fetch_one(b"SELECT max(created_at) AS until FROM turn")
        until = row["until"] if row else None
        if until is None:
            until, began = datetime.now(UTC), time.perf_counter()
            print(await asyncio.to_thread(simulate, url, turns=turns, until=until, seed=1))
            print(f"simulated in {time.perf_counter() - began:.0f} s")
        puls = puls_over(database, Gazetteer.load())
        began = time.perf_counter()
        hours = await puls.operating.counting.catch_up(now=until)
        print(f"counted {hours} hours in {time.perf_counter() - began:.1f} s")
        async with database.outside_transaction() as connection:
            await connection.execute("VACUUM (ANALYZE) usage_figure")
        taken: dict[str, list[tuple[float, float]]] = {period.value: [] for period in Period}
        moment = [until]
        async with visiting(app_over(puls, clock=lambda: moment[0])) as client:
            for _ in range(times):
                for period in Period:
                    moment[0] += timedelta(seconds=1)
                    began, worked = time.perf_counter(), _worked(home)
                    page = await client.get("/ops", params={"periode": period.value})
                    took = 1000 * (time.perf_counter() - began)
                    taken[period.value].append((took, _worked(home) - worked))
                    assert page.status_code == 200, page.text
        return taken


def _worked(home: Path) -> float:
    """Milliseconds of processor time of this program and of PostgreSQL's processes: what a busy machine cannot stretch."""
    server = (home / "postgres" / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        if fields[1] == server:
            ticks += int(fields[11]) + int(fields[12])
    return 1000 * (time.process_time() + ticks / os.sysconf("SC_CLK_TCK"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument(
        "--home", type=Path, help="keep the database there, or measure the one that is there"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        taken = asyncio.run(measure(given.home or Path(home), turns=given.turns, times=given.times))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for period, values in taken.items():
        took, worked = ([each[at] for each in values] for at in (0, 1))
        print(
            f"{period:>4}  median {statistics.median(took):5.0f} ms  worst {max(took):5.0f} ms"
            f"  processor time {statistics.median(worked):5.0f} ms"
        )


if __name__ == "__main__":
    main()
