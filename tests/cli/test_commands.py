"""The table of commands is read instead of the commands, so it must say what they say."""

import subprocess
import sys

import pytest

from puls.cli.commands import COMMANDS, loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    """Help is shown from the table; the command is read when it is run."""
    assert " ".join((loaded(name).help or "").split()).startswith(COMMANDS[name].help)


def test_help_reads_no_command() -> None:
    """`puls --help` took 2.3 s when it read them all."""
    asked = (
        "import sys; sys.argv = ['puls', '--help']\n"
        "from puls.cli.app import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'puls.bootstrap', 'pydantic', 'langchain_core', 'numpy'}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True, timeout=60
    )
    assert said.stdout.splitlines()[-1] == "[]"
