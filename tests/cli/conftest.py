"""The program itself, run as a person or a script runs it: another process, a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import clone


@dataclass(frozen=True)
class Ran:
    """What a run left: its exit code and what it said."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """`puls` over one database, started in an empty folder."""

    url: str
    folder: Path

    def __call__(self, *arguments: str | Path, **settings: str) -> Ran:
        environment = {key: value for key, value in os.environ.items() if "PULS_" not in key}
        done = subprocess.run(
            [sys.executable, "-c", "from puls.cli.app import main; main()", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**environment, "COLUMNS": "200", "PULS_DATABASE_URL": self.url, **settings},
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def puls(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    for url in clone(server_url, "template_puls"):
        yield Program(url, tmp_path_factory.mktemp("cli"))
