"""Files as people keep them: every kind, gzipped or not, broken in the middle."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.ingestion.examples import mirror_record

from puls.errors import InvalidInputError
from puls.ingestion.files import FileSource
from puls.ingestion.sources import Unreadable

RECORDS = [mirror_record(uid=str(number)) for number in range(5)]


async def read(path: Path, *, batch_records: int = 2) -> list[dict[str, Any] | Unreadable]:
    source = FileSource(path, batch_records=batch_records)
    return [item async for batch in source.batches(cursor=None) for item in batch.records]


def write(path: Path, text: str | bytes) -> Path:
    content = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".jsonl", "\n".join(json.dumps(record) for record in RECORDS)),
        (".json", json.dumps(RECORDS)),
        (".json", json.dumps({"total_count": 5, "results": RECORDS})),
        (".json", json.dumps(RECORDS, indent=2)),
    ],
)
async def test_every_kind_of_json_gives_the_same_records(
    tmp_path: Path, kind: str, suffix: str, text: str
) -> None:
    assert await read(write(tmp_path / f"export{kind}{suffix}", text)) == RECORDS


@pytest.mark.parametrize("suffix", ["", ".gz"])
async def test_csv_rows_are_records_of_text(tmp_path: Path, suffix: str) -> None:
    plain = tmp_path / "plain.csv"
    with plain.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([["uid", "title_fr"], ["1", 'Un "bal"; en\ndeux lignes'], ["2", "b"]])
    path = write(tmp_path / f"export.csv{suffix}", plain.read_bytes())
    assert await read(path) == [
        {"uid": "1", "title_fr": 'Un "bal"; en\ndeux lignes'},
        {"uid": "2", "title_fr": "b"},
    ]


@pytest.mark.parametrize("suffix", ["", ".gz"])
async def test_parquet_rows_are_records(tmp_path: Path, suffix: str) -> None:
    plain = tmp_path / "plain.parquet"
    pyarrow.parquet.write_table(pa.table({"uid": ["1", "2"], "keywords_fr": [["a"], None]}), plain)
    path = write(tmp_path / f"export.parquet{suffix}", plain.read_bytes())
    assert await read(path) == [
        {"uid": "1", "keywords_fr": ["a"]},
        {"uid": "2", "keywords_fr": None},
    ]


async def test_a_bad_line_is_given_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    """One broken line must not cost the export."""
    text = b'{"uid": "1"}\n{"uid": \n[1]\n\n{"uid": "\\ud83d"}\n{"uid": "\xff"}\n'
    items = await read(write(tmp_path / "export.jsonl", text))
    bad = [item for item in items if isinstance(item, Unreadable)]
    assert [item.line for item in bad] == [2, 3]
    assert [item["uid"] for item in items if isinstance(item, dict)] == ["1", "\ud83d", "ÿ"]


async def test_a_cut_json_array_keeps_what_was_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "export.json", json.dumps(RECORDS)[:-10])
    found: list[object] = []

    async def read_all() -> None:
        async for batch in FileSource(path, batch_records=2).batches(cursor=None):
            found.extend(batch.records)

    with pytest.raises(InvalidInputError, match="cannot be read to its end"):
        await read_all()
    assert found == RECORDS[:4]


async def test_progress_reaches_the_size_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "export.jsonl.gz", "\n".join(json.dumps(record) for record in RECORDS))
    batches = [batch async for batch in FileSource(path, batch_records=2).batches(cursor=None)]
    assert batches[-1].done == batches[-1].total == path.stat().st_size


@pytest.mark.parametrize("name", ["missing.jsonl", "export.docx", "export", "export.gz"])
def test_what_cannot_be_read_is_refused_at_once(tmp_path: Path, name: str) -> None:
    """The sentence says which kinds are read, or that the file is not there."""
    if not name.startswith("missing"):
        (tmp_path / name).write_text("x")
    with pytest.raises(InvalidInputError):
        FileSource(tmp_path / name)
