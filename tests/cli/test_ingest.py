"""`puls ingest` from outside: what is refused, what is said, and with which exit code."""

import gzip
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Program, Ran
from tests.ingestion.examples import mirror_record

from puls.cli.ingest import with_bare_permission

pytestmark = pytest.mark.database


def export(path: Path, count: int) -> Path:
    records = (mirror_record(uid=str(n), title_fr=f"Concert {n}") for n in range(count))
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def told(ran: Ran) -> str:
    """What the program itself says; its log has lines of its own, and nothing has a traceback."""
    assert "Traceback" not in ran.err
    (sentence,) = [line for line in ran.err.splitlines() if line.startswith("puls: ")]
    return sentence


def test_a_shrunken_source_is_refused_with_its_figure_and_then_allowed(puls: Program) -> None:
    """F2, as a person meets it."""
    path = export(puls.folder / "partial.jsonl", 300)
    assert puls("ingest", "file", "--full", path).exit_code == 0
    export(path, 30)
    refused = puls("ingest", "file", "--full", path)
    assert refused.exit_code == 2
    assert "270 of 300 events" in told(refused)
    assert "--allow-removing 270" in told(refused)
    status = puls("status", "--json").json
    assert status["catalogue"]["events"] == 300
    assert "270 of 300" in status["runs"][0]["failure"]
    allowed = puls("ingest", "file", "--full", "--allow-removing", path, "--json")
    assert allowed.exit_code == 0, allowed.err
    assert allowed.json[0]["removed"] == 270


def test_a_damaged_file_is_one_sentence_and_a_failed_run(puls: Program) -> None:
    """F19: it was a traceback, exit 1, and a run that looked well."""
    data = bytearray(gzip.compress(export(puls.folder / "b.jsonl", 5_000).read_bytes()))
    middle = len(data) // 2
    data[middle : middle + 20] = b"\xff" * 20
    path = puls.folder / "b.jsonl.gz"
    path.write_bytes(data)
    ran = puls("ingest", "file", path)
    assert ran.exit_code == 2
    assert "What came before is kept" in told(ran)
    assert "gzip" in puls("status", "--json").json["runs"][0]["failure"]


def test_what_was_recognised_is_said(puls: Program) -> None:
    """K4: an encoding that is guessed in silence is found out by visitors."""
    path = puls.folder / "excel.csv"
    text = "uid;title_fr;timings\n90000003;Fête d’hiver;2026-12-12T20:00->2026-12-12T22:00\n"
    path.write_bytes(text.encode("cp1252"))
    ran = puls("ingest", "file", path)
    assert ran.exit_code == 0, ran.err
    assert "excel.csv: it is not UTF-8 throughout; what is not was read as Windows-1252" in ran.out
    assert "Fête d’hiver" in puls("show", "90000003").out


@pytest.mark.parametrize(
    ("arguments", "spelt"),
    [
        (["ingest", "file", "--allow-removing", "a.csv"], ["ingest", "file", "--allow-removing", "any", "a.csv"]),
        (["--allow-removing", "12", "a.csv"], ["--allow-removing", "12", "a.csv"]),
        (["a.csv", "--allow-removing"], ["a.csv", "--allow-removing", "any"]),
        (["--allow-removing=12"], ["--allow-removing=12"]),
        (["search", "jazz"], ["search", "jazz"]),
    ],
    ids=["before a path", "a number", "at the end", "glued", "elsewhere"],
)  # fmt: skip
def test_permission_without_a_number_is_for_any_number(
    arguments: list[str], spelt: list[str]
) -> None:
    assert with_bare_permission(arguments) == spelt
