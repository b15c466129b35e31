"""Figures that the code itself gives: how many tests, tables, addresses, pages. Counted on the day of the edition and kept in `counted.yaml`.

What describes the form (tables, addresses) must be equal to the code; what grows with each commit (tests, lines) may differ by a few
per cent before the study is called stale.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from study.figures.figure import Figure, Source, StudyError

GROWS = 0.10  # tests and lines: a tenth more or less is still what the text says


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How one figure is counted, what it is, and how far it may move before the text is wrong."""

    what: str
    where: str
    of: Callable[[Path], int]
    tolerance: float = 0.0


def _lines(folder: str) -> Callable[[Path], int]:
    return lambda root: sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in (root / folder).rglob("*.py")
    )


def _files(pattern: str) -> Callable[[Path], int]:
    return lambda root: len(list(root.glob(pattern)))


def _tests(root: Path) -> int:
    each = (path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    return sum(len(re.findall(r"^\s*(?:async )?def test_", text, re.MULTILINE)) for text in each)


def _addresses(root: Path) -> int:
    return len(json.loads((root / "openapi.json").read_text(encoding="utf-8"))["paths"])


def _schema(root: Path) -> dict[str, Any]:
    """What `python -m study.describe_schema` read from a real PostgreSQL."""
    tables: dict[str, Any] = json.loads((root / "study/schema.json").read_text(encoding="utf-8"))["tables"]  # fmt: skip
    return tables


def _guarded(root: Path) -> int:
    return sum(table["row_security"] for table in _schema(root).values())


COUNTS: dict[str, Count] = {
    "code.tests": Count(what="fonctions de test", where="tests/", of=_tests, tolerance=GROWS),
    "code.lignes.src": Count(
        what="lignes de Python du produit", where="src/", of=_lines("src"), tolerance=GROWS
    ),
    "code.lignes.tests": Count(
        what="lignes de Python des tests", where="tests/", of=_lines("tests"), tolerance=GROWS
    ),
    "code.tables": Count(
        what="tables du schéma", where="study/schema.json", of=lambda root: len(_schema(root))
    ),
    "code.tables.gardees": Count(
        what="tables que la sécurité par ligne protège", where="study/schema.json", of=_guarded
    ),
    "code.migrations": Count(
        what="migrations du schéma",
        where="src/puls/migrations/",
        of=_files("src/puls/migrations/*.sql"),
    ),
    "code.adresses": Count(what="adresses de l’API publique", where="openapi.json", of=_addresses),
    "code.decisions": Count(
        what="décisions d’architecture écrites",
        where="docs/decisions/",
        of=_files("docs/decisions/*.md"),
    ),
    "code.fiches": Count(
        what="fiches d’intervention",
        where="docs/runbooks/",
        of=lambda root: _files("docs/runbooks/*.md")(root) - 1,
    ),
    "code.tableaux": Count(
        what="tableaux de bord Grafana", where="deploy/grafana/", of=_files("deploy/grafana/*.json")
    ),
    "code.workflows": Count(
        what="chaînes GitHub Actions",
        where=".github/workflows/",
        of=_files(".github/workflows/*.yml"),
    ),
}


def counted(root: Path, page: Path) -> Iterator[Figure]:
    """The counts of the edition. Raises StudyError for one that the code no longer bears out."""
    kept: dict[str, Any] = yaml.safe_load(page.read_text(encoding="utf-8"))
    for name, count in COUNTS.items():
        value, today = kept["counts"].get(name), count.of(root)
        if value is None or abs(today - value) > value * count.tolerance:
            raise StudyError(
                f"counted.yaml: {name} is {value}, the code says {today}: `make study-count`"
            )
        source = Source(
            file=count.where, place=f"compté au {kept['commit']}", date=kept["date"].isoformat()
        )
        yield Figure(name=name, value=value, what=count.what, source=source)


def count_again(root: Path, page: Path, *, today: str, commit: str) -> None:
    """Writes counted.yaml from the code as it stands."""
    counts = {name: count.of(root) for name, count in COUNTS.items()}
    body = yaml.safe_dump({"counts": counts}, allow_unicode=True, sort_keys=True)
    page.write_text(
        f"# Written by `make study-count`.\ndate: {today}\ncommit: {commit}\n{body}",
        encoding="utf-8",
    )
