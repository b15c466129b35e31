"""docs/licences.md: every locked package with the licence that it states. `make licences`; `--check` in CI.

Versions are in requirements/*.txt and in the bill of materials. What is installed on no Linux has no row to compare.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.audit import DEVELOPMENT, EXCEPTIONS, RUN, Part, parts

TABLE = Path(__file__).parents[1] / "docs" / "licences.md"
_HEAD = """\
# Licences of what Puls is made of

Made by `make licences` from the locks and what each package says of itself; `make audit` stops a build for one that is not allowed.
Why copyleft may stay is said per package in `scripts/audit.py`, and in the last column. The full text comes with each package.

"""


def rows(all_parts: Iterable[Part]) -> dict[str, str]:
    """A line of the table by package; those that are not installed here are left out."""
    return {
        part.name: f"| {part.name} | {part.licence.replace('|', '/')} | {'runs' if part.is_run else 'development'} | {EXCEPTIONS.get(part.name, '')} |"
        for part in all_parts
        if part.licence is not None
    }


def table(all_parts: Sequence[Part]) -> str:
    """The whole page."""
    lines = rows(all_parts)
    head = (
        "| package | licence | where | copyleft or unsaid: why it may stay |\n|---|---|---|---|\n"
    )
    return _HEAD + head + "\n".join(lines[name] for name in sorted(lines)) + "\n"


def differences(page: str, all_parts: Iterable[Part]) -> list[str]:
    """Rows that the page lacks or says otherwise. Pure."""
    said = set(page.splitlines())
    return [line for line in rows(all_parts).values() if line not in said]


def main(arguments: Sequence[str]) -> int:
    """Write it, or compare."""
    found = parts(RUN.read_text(encoding="utf-8"), DEVELOPMENT.read_text(encoding="utf-8"))
    if "--check" not in arguments:
        TABLE.write_text(table(found), encoding="utf-8")
        return 0
    wrong = differences(TABLE.read_text(encoding="utf-8"), found)
    print("\n".join(["docs/licences.md is old: make licences", *wrong] if wrong else ["docs/licences.md is right"]))  # fmt: skip
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
