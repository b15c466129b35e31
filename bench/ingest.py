"""How fast a large export enters the catalogue, and in how much memory.

`python -m bench.ingest [RECORDS] [--keep]` writes an export of RECORDS records (1,000,000 by
default; same seed, same bytes), ingests it into a fresh embedded database without embedding, then
ingests it again, and prints rates and peak memory of the Python processes and of PostgreSQL.
"""

import argparse
import asyncio
import gzip
import json
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from puls.catalogue.store import Catalogue
from puls.database import Database, EmbeddedServer
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import FileSource
from puls.ingestion.sync import Ingestion, Progress

SEED = 20261122
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOWNS = (
    ("Paris", "75011", "75056", "Paris", "Île-de-France", 48.8575, 2.3795),
    ("Lyon", "69003", "69123", "Rhône", "Auvergne-Rhône-Alpes", 45.7597, 4.8422),
    ("Marseille", "13002", "13055", "Bouches-du-Rhône", "Provence-Alpes-Côte d'Azur", 43.30, 5.37),
    ("Bordeaux", "33000", "33063", "Gironde", "Nouvelle-Aquitaine", 44.8378, -0.5792),
    ("Lille", "59000", "59350", "Nord", "Hauts-de-France", 50.6292, 3.0573),
    ("Rennes", "35000", "35238", "Ille-et-Vilaine", "Bretagne", 48.1173, -1.6778),
    ("Strasbourg", "67000", "67482", "Bas-Rhin", "Grand Est", 48.5734, 7.7521),
    ("Valence", "26000", "26362", "Drôme", "Auvergne-Rhône-Alpes", 44.9334, 4.8924),
    ("Crest", "26400", "26108", "Drôme", "Auvergne-Rhône-Alpes", 44.7286, 5.0222),
    ("Nantes", "44000", "44109", "Loire-Atlantique", "Pays de la Loire", 47.2184, -1.5536),
)
_KINDS = (
    "Concert Exposition Atelier Visite Balade Conférence Spectacle Lecture Projection "
    "Festival Marché Stage "
)
KINDS = tuple(_KINDS.split())
_WORDS = (
    "musique jardin peinture histoire patrimoine enfants famille découverte artiste "
    "lumière théâtre danse création village rencontre mémoire photographie nature "
    "château lecture voyage orchestre jazz soirée parcours église atelier savoir- "
    "faire collection œuvre siècle public équipe rivière forêt quartier fête saison "
    "récit voix matière couleur scène temps avec dans pour une les des sur entre "
    "chaque nous vous propose invite autour depuis comme aussi ensemble "
)
WORDS = tuple(_WORDS.split())
CONDITIONS = (
    "Entrée libre",
    "Gratuit sur inscription",
    "Tarif plein : 12 € / réduit : 8 €",
    "5€",
    "Sur réservation",
    None,
    None,
    None,
)


def records(count: int) -> Iterator[dict[str, object]]:
    """Records of realistic sizes.

    Texts of a few hundred characters, mostly few timings, sometimes hundreds.
    """
    chance = random.Random(SEED)
    for number in range(count):
        yield _record(number, chance)


def _record(number: int, chance: random.Random) -> dict[str, object]:
    town, postcode, insee, department, region, lat, lon = chance.choice(TOWNS)
    kind = chance.choice(KINDS)
    venue = chance.randrange(60_000)
    timings = _timings(chance)
    title = f"{kind} : {_words(chance, chance.randint(2, 7))} {number % 9_973}"
    return {
        "uid": str(10_000_000 + number),
        "slug": f"evenement-{number}",
        "canonicalurl": f"https://openagenda.com/agenda-{venue % 800}/events/evenement-{number}",
        "title_fr": title,
        "description_fr": _words(chance, chance.randint(8, 25)).capitalize(),
        "longdescription_fr": _html(chance) if chance.random() < 0.89 else None,
        "conditions_fr": chance.choice(CONDITIONS),
        "keywords_fr": [chance.choice(WORDS) for _ in range(3)] if chance.random() < 0.6 else None,
        "image": f"https://cdn.openagenda.com/main/{number:032x}.base.image.jpg",
        "updatedat": (NOW - timedelta(minutes=chance.randrange(500_000))).isoformat(),
        "firstdate_begin": timings[0]["begin"],
        "lastdate_end": timings[-1]["end"],
        "timings": json.dumps(timings),
        "accessibility": chance.choice((None, None, None, "mi", "hi;vi")),
        "location_uid": str(venue),
        "location_coordinates": {"lat": lat + venue % 97 / 1_000, "lon": lon + venue % 89 / 1_000},
        "location_name": f"Salle {venue}",
        "location_address": f"{venue % 200} rue de la République, {postcode} {town}",
        "location_insee": insee,
        "location_postalcode": postcode,
        "location_city": town,
        "location_department": department,
        "location_region": region,
        "location_countrycode": "FR",
        "attendancemode": '{"id": 1, "label": {"fr": "Sur place", "en": "In situ"}}',
        "status": '{"id": 1, "label": {"fr": "Programmé", "en": "Scheduled"}}',
        "originagenda_title": f"Agenda {venue % 800}",
        "originagenda_uid": str(venue % 800),
        "contributor_email": "someone@example.org",
    }


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _html(chance: random.Random) -> str:
    # Median 498 characters, a few very long, as measured on the mirror (reference.md 1a).
    count = min(1_400, int(chance.lognormvariate(4.35, 0.9)) + 5)
    words = _words(chance, count)
    if chance.random() < 0.09:  # as often as « gratuit » stands in the real texts
        words += ". Entrée gratuite sur inscription."
    middle = len(words) // 2
    return f"<p>{words[:middle]}<br><strong>{words[middle:]}</strong></p>"


def _timings(chance: random.Random) -> list[dict[str, str]]:
    count = chance.choices((1, 2, 5, 30, 200), weights=(80, 9, 7, 3.5, 0.5))[0]
    start = datetime(2025, 1, 1, 10, tzinfo=UTC) + timedelta(hours=chance.randrange(20_000))
    length = timedelta(minutes=chance.choice((60, 90, 120, 240)))
    return [
        {
            "begin": (start + timedelta(days=day)).isoformat(),
            "end": (start + timedelta(days=day) + length).isoformat(),
        }
        for day in range(count)
    ]


def write_export(path: Path, count: int) -> None:
    """The export, streamed: it never stands in memory."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for record in records(count):
            file.write(json.dumps(record, ensure_ascii=False))
            file.write("\n")


class PeakMemory:
    """Samples the resident memory of this process's tree and of PostgreSQL.

    Private memory plus its shared buffers once.
    """

    def __init__(self) -> None:
        self.python_mib = self.postgres_mib = 0.0
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_stopped.wait(0.5):
            python, postgres = _memory_now()
            self.python_mib = max(self.python_mib, python)
            self.postgres_mib = max(self.postgres_mib, postgres)


def _memory_now() -> tuple[float, float]:
    """MiB of the Python tree (resident) and of PostgreSQL's processes.

    Proportional share, from /proc.
    """
    parents, names = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            pid = int(entry.name)
            names[pid] = stat[stat.index("(") + 1 : stat.rindex(")")]
            parents[pid] = int(stat[stat.rindex(")") + 2 :].split()[1])
    python = sum(
        _kib(pid, "status", "VmRSS")
        for pid in names
        if names[pid] != "postgres" and _descends(pid, os.getpid(), parents)
    )
    postgres = sum(_kib(pid, "smaps_rollup", "Pss") for pid in names if names[pid] == "postgres")
    return python / 1024, postgres / 1024


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        pid = parents.get(pid, 0)
    return False


def _kib(pid: int, file: str, field: str) -> int:
    try:
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


async def ingest(url: str, export: Path) -> None:
    """Ingest twice and print both rates."""
    async with Database.open(url) as database:
        catalogue = Catalogue(database)
        ingestion = Ingestion(database=database, catalogue=catalogue, gazetteer=Gazetteer.load())
        for name in ("first run", "second run"):
            with PeakMemory() as peak:
                began = time.monotonic()
                report = await ingestion.run(
                    FileSource(export, is_full=True), now=NOW, on_progress=_shown(began)
                )
                seconds = time.monotonic() - began
            print(
                f"\n{name}: {report.seen:,} records in {seconds:.0f} s = "
                f"{report.seen / seconds:,.0f} records/s; "
                f"new {report.new:,}, unchanged {report.unchanged:,}, quarantined "
                f"{sum(report.quarantined.values()):,}; "
                f"peak memory: Python {peak.python_mib:.0f} MiB, PostgreSQL "
                f"{peak.postgres_mib:.0f} MiB"
            )


def _shown(began: float):  # type: ignore[no-untyped-def]
    def show(progress: Progress) -> None:
        if progress.records % 20_000 == 0:
            rate = progress.records / (time.monotonic() - began)
            print(f"\r{progress.records:,} records, {rate:,.0f}/s", end="", flush=True)

    return show


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("records", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="puls-bench-"))
    server = EmbeddedServer(folder / "home")
    try:
        export = folder / "export.jsonl.gz"
        began = time.monotonic()
        write_export(export, wanted.records)
        print(
            f"wrote {wanted.records:,} records ({export.stat().st_size / 2**20:.0f} MiB) in "
            f"{time.monotonic() - began:.0f} s"
        )
        asyncio.run(ingest(server.start(), export))
    finally:
        server.release()
        if not wanted.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
