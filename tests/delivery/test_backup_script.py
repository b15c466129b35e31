"""`deploy/compose/backup.sh`: a dump appears whole or not at all, and the oldest are put away."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from deploy.desk.compose import ROOT

from puls.database.programs import Programs


def _backed_up(url: str, folder: Path, *, kept: int = 14) -> subprocess.CompletedProcess[str]:
    where = psycopg.conninfo.conninfo_to_dict(url)
    programs = Programs.of(Path("/nowhere")).folder
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.defpath}", "PGHOST": str(where["host"]), "PGPORT": str(where["port"]),
        "PGUSER": str(where["user"]), "PGDATABASE": str(where["dbname"]), "BACKUPS": str(folder), "BACKUPS_KEPT": str(kept),
    }  # fmt: skip
    script = str(ROOT / "deploy/compose/backup.sh")
    return subprocess.run(
        ["sh", script, "once"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_dump_is_written_for_its_owner_alone_and_old_ones_go(
    database_url: str, tmp_path: Path
) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"puls-2026-11-0{day}T033000Z.dump").write_text("old")
    done = _backed_up(database_url, tmp_path, kept=2)
    assert done.returncode == 0, done.stderr
    left = sorted(one.name for one in tmp_path.iterdir())
    assert len(left) == 2
    assert left[0] == "puls-2026-11-03T033000Z.dump"
    assert (tmp_path / left[1]).stat().st_mode & 0o077 == 0


def test_a_dump_that_breaks_off_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    """Half a back-up looks like one until the day it is needed."""
    done = _backed_up(
        psycopg.conninfo.make_conninfo(database_url, dbname="there_is_none"), tmp_path
    )
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["hourly"])
def test_anything_else_is_refused(word: str, tmp_path: Path) -> None:
    script = str(ROOT / "deploy/compose/backup.sh")
    environment = {"BACKUPS": str(tmp_path)}
    done = subprocess.run(
        ["sh", script, word],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
