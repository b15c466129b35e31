"""Spoil files of every kind that ingestion reads and look for crashes, silence and excess: `make fuzz-files`.

A file is a small good one of its kind (`seeds`) with random spoiling: bytes flipped, cut, repeated, replaced by tokens of
its format; or no more than random bytes. Reading it, understanding its records and making rows of them may end in a
sentence (`PulsError`) and in nothing else, within seconds and within memory. Hypothesis shrinks what breaks; the
smallest is kept in `.hypothesis/fuzz_files/` and read first the next time; each finding becomes a test.

`python -m evals.fuzz_files [SECONDS] [--kind .csv]`
"""

import argparse
import asyncio
import gzip
import io
import json
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from puls.errors import PulsError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import FileSource
from puls.ingestion.runs.workers import mapped, raw_of
from puls.ingestion.sources import Unreadable

CORPUS = Path(__file__).parents[1] / ".hypothesis" / "fuzz_files"
LONGEST_SECONDS = 20.0
LONGEST_SECONDS_OF_PARQUET = 120.0  # a process started on a busy machine
MOST_GROWTH_MIB = 700
EXAMPLES_AT_ONCE = 200
EXAMPLES_OF_PARQUET = 20  # each starts a process

RECORD = {
    "uid": "10000001", "title_fr": "Fête d’été", "description_fr": "Un bal <b>folk</b>", "conditions_fr": "5 €",
    "keywords_fr": ["bal", "été"], "timings": '[{"begin":"2026-12-12T20:00:00+01:00","end":"2026-12-12T22:00:00+01:00"}]',
    "firstdate_begin": "2026-12-12T19:00:00+00:00", "lastdate_end": "2026-12-12T21:00:00+00:00", "status": "{'id': 1}",
    "location_coordinates": {"lon": 4.83, "lat": 45.76}, "location_name": "Salle", "location_city": "Lyon",
    "location_postalcode": 69001.0, "location_insee": "69123", "age_min": 6, "updatedat": "2026-11-01T00:00:00+00:00",
    "registration": '[{"type": "link", "value": "https://a.fr"}]', "attendancemode": 1,
}  # fmt: skip
TOKENS = (
    *(b'"', b"'", b"{", b"}", b"[", b"]", b",", b";", b":", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"\\ud83d", b"\xed\xa0\xbd", b"\xc3", b"null", b"NaN", b"Infinity", b"-1e999", b"1" * 400, b"true", b"<!--"),
    *(b"[" * 2_000, b'{"a":' * 2_000, b'"' * 3, b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"RRULE:FREQ=DAILY", b"TZID=X"),
    *(b"<!DOCTYPE a>", b"<row>", b'<c r="ZZZ1">', b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"results", b"events", b"uid"),
    *(b"9999-12-31T23:59:59+14:00", b"31/02/2026 99:99", b"{'a': ['b' 'c']}", b"https://a@b/", b"mailto:a?b", b" " * 300),
)  # fmt: skip


def seeds() -> dict[str, list[bytes]]:
    """Small good files, one or more per kind."""
    records = [{**RECORD, "uid": str(n)} for n in range(4)]
    text = [json.dumps(record, ensure_ascii=False) for record in records]
    flat = [{k: v if isinstance(v, str) else json.dumps(v) for k, v in r.items()} for r in records]
    rows = ["\t".join(RECORD), *("\t".join(r.values()) for r in flat)]
    parquet = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(flat), parquet)
    return {
        ".jsonl": ["\n".join(text).encode(), "\n".join(text).encode("utf-16"), "\n".join(text).encode("mac_roman", "replace")],
        ".json": [
            f"[{','.join(text)}]".encode(),
            json.dumps({"nhits": 4, "records": [{"datasetid": "a", "fields": r} for r in records]}).encode(),
            json.dumps({"total": 4, "agenda": {"events": 3}, "events": records}, indent=1).encode("cp1252", "replace"),
        ],
        ".geojson": [
            json.dumps({"type": "FeatureCollection", "features": [
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.8, 45.7]}, "properties": r}
                for r in records]}).encode()
        ],
        ".csv": ["\n".join(rows).encode(), "Identifiant;Titre;Ville;Code postal\n1;Été;Lyon;69001\n".encode("cp1252")],
        ".tsv": ["\r\n".join(rows).encode("utf-16-le")],
        ".parquet": [parquet.getvalue()],
        ".xlsx": [_workbook(flat)],
        ".ics": [_calendar().encode()],
    }  # fmt: skip


def _workbook(rows: list[dict[str, str]]) -> bytes:
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    sheet = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{_xml(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in cells
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            '<workbook><sheets><sheet r:id="r1" xmlns:r="x"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>"
        )
        archive.writestr("xl/styles.xml", '<s><cellXfs><xf numFmtId="14"/></cellXfs></s>')
        archive.writestr("xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>")
    return data.getvalue()


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _calendar() -> str:
    event = (
        "BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:Bal\r\nDTSTART;TZID=Europe/Paris:20261212T200000\r\nDURATION:PT2H\r\n"
        "RRULE:FREQ=MONTHLY;BYDAY=2MO;COUNT=3\r\nEXDATE:20270111T190000Z\r\nGEO:45.7;4.8\r\nLOCATION:Salle\\, Lyon\r\n"
        "CATEGORIES:bal,folk\r\nEND:VEVENT\r\n"
    )
    events = "".join(event.replace("{n}", str(n)) for n in range(3))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"


@st.composite
def spoilt(draw: Any, good: list[bytes]) -> bytes:
    """A good file with a few things done to it; now and then only noise."""
    data = bytearray(draw(st.sampled_from(good)))
    if draw(st.integers(0, 19)) == 0:
        data = bytearray(draw(st.binary(max_size=400)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(data))))
        match draw(st.integers(0, 6)):
            case 0:
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case 1:
                data[at:at] = draw(st.sampled_from(TOKENS))
            case 2:
                del data[at : at + draw(st.integers(1, 200))]
            case 3:
                del data[at:]
            case 4:
                piece = bytes(data[at : at + draw(st.integers(1, 80))])
                data[at:at] = piece * draw(st.integers(1, 40))
            case 5:
                length = draw(st.integers(1, 12))
                data[at : at + length] = draw(st.sampled_from(TOKENS))
            case _:
                chance = random.Random(draw(st.integers(0, 2**32)))
                data[at : at + 16] = bytes(
                    byte ^ (1 << chance.randrange(8)) for byte in data[at : at + 16]
                )
    return bytes(data)


async def _read(path: Path) -> list[Any]:
    found: list[Any] = []
    async for batch in FileSource(path, batch_records=7).batches(cursor=None):
        found += batch.records
        assert all(isinstance(one, dict | Unreadable) for one in batch.records)
    return found


def check(path: Path, gazetteer: Gazetteer, outcomes: Counter[str]) -> None:
    """One file, read as a run reads it."""
    began = time.monotonic()
    try:
        found = asyncio.run(_read(path))
    except PulsError as error:
        outcomes["refused"] += 1
        found, sentence = [], str(error)
    else:
        sentence = "all was read"
    assert sentence.strip(), "a failure without a sentence"
    assert "\n" not in sentence, "a failure of several lines"
    raws = [raw_of(item) for item in found]
    result = mapped(raws, gazetteer, "fuzz")
    assert "not_understood" not in result.reasons.values(), result.reasons
    assert "not_storable" not in result.reasons.values(), result.reasons
    outcomes["events"] += len(result.rows.uids)
    outcomes["quarantined"] += len(result.reasons)
    outcomes["files"] += 1
    seconds = time.monotonic() - began
    limit = LONGEST_SECONDS_OF_PARQUET if ".parquet" in path.name else LONGEST_SECONDS
    assert seconds < limit, f"{seconds:.0f} s for {path.stat().st_size} bytes"


def fuzz(
    kind: str, good: list[bytes], seconds: float, folder: Path, outcomes: Counter[str]
) -> None:
    """Spoil files of one kind until the time is over.

    Raises:
        AssertionError, or whatever a reader let through: the smallest file that breaks it has been told.
    """
    gazetteer = Gazetteer.load()
    deadline = time.monotonic() + seconds
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @settings(
        max_examples=EXAMPLES_OF_PARQUET if kind == ".parquet" else EXAMPLES_AT_ONCE,
        deadline=None,
        database=DirectoryBasedExampleDatabase(CORPUS / kind.removeprefix(".")),
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        print_blob=True,
    )
    @given(data=spoilt(good), is_gzipped=st.booleans())
    def one(data: bytes, is_gzipped: bool) -> None:
        path = folder / f"file{kind}{'.gz' if is_gzipped else ''}"
        path.write_bytes(gzip.compress(data, 1) if is_gzipped else data)
        check(path, gazetteer, outcomes)

    while time.monotonic() < deadline:
        one()
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert growth < MOST_GROWTH_MIB, f"{growth:.0f} MiB more than before"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float, nargs="?", default=160.0)
    parser.add_argument("--kind", choices=sorted(seeds()))
    wanted = parser.parse_args()
    good = seeds()
    kinds = [wanted.kind] if wanted.kind else list(good)
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            outcomes: Counter[str] = Counter()
            try:
                fuzz(kind, good[kind], wanted.seconds / len(kinds), Path(folder), outcomes)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                broken.append(f"{kind}: {type(error).__name__}: {error}")
                import traceback  # noqa: PLC0415 - only when something broke

                traceback.print_exc()
            print(kind, dict(outcomes), "BROKEN" if broken else "", flush=True)
    print(f"{len(kinds) - len(broken)} passed, {len(broken)} failed")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
