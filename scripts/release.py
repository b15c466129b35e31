"""What a release says of itself: `facts` (does the tag name the version, which schema is inside), `notes` (from CHANGELOG.md).

The version is written in pyproject.toml and nowhere else. docs/how-to/release.md tells the order of things.
"""

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTES = ROOT / "dist" / "release-notes.md"
# https://semver.org, without build metadata, which PyPI refuses.
_VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(alpha|beta|rc)\.(0|[1-9]\d*))?"
)
_PYTHONS = {"alpha": "a", "beta": "b", "rc": "rc"}


class ReleaseError(ValueError):
    """This cannot be released as it is; nothing was made."""


def version_of(pyproject: str) -> str:
    """As Python writes it."""
    return str(tomllib.loads(pyproject)["project"]["version"])


def expected(tag: str) -> str:
    """The version that a tag stands for, as Python writes it: v1.2.0-rc.1 is 1.2.0rc1. Raises ReleaseError."""
    found = _VERSION.fullmatch(tag.removeprefix("v"))
    if not tag.startswith("v") or found is None:
        raise ReleaseError(f"{tag} is no tag of a release, such as v1.2.0 or v1.2.0-rc.1.")
    plain = ".".join(found.group(1, 2, 3))
    return plain + (f"{_PYTHONS[found[4]]}{found[5]}" if found[4] else "")


def schema_in(migrations: Path) -> str:
    """The number of the newest migration, such as "0061"."""
    return max(one.name[:4] for one in migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def notes(changelog: str, tag: str) -> str:
    """The section of a version; of « Unreleased » for one before its release. Raises ReleaseError when there is none, or nothing in it."""
    plain = tag.removeprefix("v").split("-", 1)[0]
    names = [plain, "Unreleased"] if "-" in tag else [plain]
    for name in names:
        found = re.search(
            rf"^## \[{re.escape(name)}\][^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
        )  # fmt: skip
        if found and found[1].strip():
            return found[1].strip() + "\n"
    raise ReleaseError(f"CHANGELOG.md has no section « [{plain}] », or nothing in it.")


def main(arguments: Sequence[str]) -> int:
    """Print what was found; 1 with a sentence when it cannot be released."""
    parser = argparse.ArgumentParser(prog="python -m scripts.release")
    parser.add_argument("command", choices=("facts", "notes"))
    parser.add_argument("--tag", required=True)
    given = parser.parse_args(arguments)
    try:
        return _facts(given.tag) if given.command == "facts" else _notes(given.tag)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1


def _facts(tag: str) -> int:
    version = version_of((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if version != expected(tag):
        raise ReleaseError(f"{tag} stands for {expected(tag)}, and pyproject.toml says {version}.")
    notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag)
    said = f"version={version}\nschema={schema_in(ROOT / 'src/puls/migrations')}\n"
    print(said, end="")
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(said)
    return 0


def _notes(tag: str) -> int:
    NOTES.parent.mkdir(exist_ok=True)
    NOTES.write_text(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag), encoding="utf-8")  # fmt: skip
    print(NOTES.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
