"""The way back as an operator goes it: `puls backup`, another machine, `puls restore`; and what `puls status` says of both."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Program
from tests.cli.test_cli import RECORDS, is_one_line

from puls.database.migrating import migration_names

pytestmark = pytest.mark.database


def test_status_tells_what_is_under_the_catalogue(puls: Program) -> None:
    """Somebody who hears of a hole in PostgreSQL, or of a full disk, looks here."""
    facts = puls("status", "--json").json["database"]
    assert re.fullmatch(r"1[6-9]\.\d+|[2-9]\d\.\d+", facts["postgresql"])
    assert facts["schema"] == max(migration_names())
    assert facts["size"] > 1_000_000
    assert len(facts["largest"]) == 5
    assert facts["server"] == "as PULS_DATABASE_URL says"
    told = puls("status").out
    assert "postgresql" in told
    assert "MiB" in told


def test_a_server_of_ones_own_is_backed_up_with_its_own_tools(puls: Program) -> None:
    """A file that holds half of it would be believed to hold all."""
    for command in ("backup", "restore"):
        refused = puls(command, puls.folder / "file")
        assert refused.exit_code == 2
        assert is_one_line(refused)
        assert "pg_dump" in refused.err


def test_the_drill(puls: Program, tmp_path: Path) -> None:
    """Made here, brought back there, the same."""
    here, there, file = tmp_path / "here", tmp_path / "mes documents", tmp_path / "puls.zip"

    def run(home: Path, *arguments: str | Path) -> Any:
        ran = puls(*arguments, PULS_DATABASE_URL="", PULS_HOME=str(home))
        assert ran.exit_code == 0, ran.err
        return ran

    records = tmp_path / "records.jsonl"
    records.write_text("\n".join(json.dumps(one) for one in RECORDS), encoding="utf-8")
    run(here, "ingest", "file", records)
    written = run(here, "backup", file, "--json").json
    assert written["rows"]["event"] == 3
    again = puls("backup", file, PULS_DATABASE_URL="", PULS_HOME=str(here))
    assert (again.exit_code, is_one_line(again)) == (2, True)
    assert run(there, "restore", file, "--json").json == written
    before, after = (run(home, "status", "--json").json for home in (here, there))
    assert before["checksum"] == after["checksum"]
    assert after["database"]["server"] == f"embedded in {there}"
    assert (here / "secret").read_bytes() == (there / "secret").read_bytes()
    refused = puls("restore", file, PULS_DATABASE_URL="", PULS_HOME=str(there))
    assert refused.exit_code == 2
    assert "--replace" in refused.err
    told = run(there, "restore", file, "--replace").out
    assert "3 events" in told
