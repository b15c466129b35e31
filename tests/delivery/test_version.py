"""One version, written in pyproject.toml."""

import re
import subprocess
import sys
import tomllib

from deploy.desk.compose import ROOT

import puls


def test_the_program_says_the_version_of_the_project() -> None:
    """Whoever reports a fault copies this line."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    assert puls.__version__ == written
    done = subprocess.run(
        [sys.executable, "-c", "from puls.cli.app import main; main()", "--version"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, f"puls {written}")


def test_no_module_writes_it_again() -> None:
    for file in (ROOT / "src").rglob("*.py"):
        assert not re.search(
            rf"[\"/]{re.escape(puls.__version__)}\"|Puls/\d", file.read_text(encoding="utf-8")
        ), file
