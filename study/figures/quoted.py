"""Figures that somebody measured, held to the line where the measurement was written down.

`quoted.yaml` repeats each with command, day and machine, and quotes the line of LOG.md or of a page. The quotation must stand in that
page, and hold the value: who changes a measurement changes it there, and the study is stale until its own line follows.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from study.figures.figure import Figure, Source, StudyError

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


def quoted(root: Path, page: Path) -> Iterator[Figure]:
    """Each figure of each measurement. Raises StudyError when a quotation is not in its page or does not hold the value."""
    for measurement in yaml.safe_load(page.read_text(encoding="utf-8")):
        text = _plain((root / measurement["where"]).read_text(encoding="utf-8"))
        for row in measurement["figures"]:
            _hold(row, text, measurement["where"])
            yield _figure(row, measurement)


def _figure(row: dict[str, Any], measurement: dict[str, Any]) -> Figure:
    taken: date = measurement["date"]
    source = Source(
        file=measurement["where"],
        place=f"« {row['quote']} »",
        date=taken.isoformat(),
        command=measurement.get("command", ""),
        machine=measurement.get("machine", ""),
    )
    return Figure(name=row["name"], value=row["value"], what=row["what"], unit=row.get("unit", ""), digits=row.get("digits"), source=source)  # fmt: skip


def _hold(row: dict[str, Any], text: str, where: str) -> None:
    quote = _plain(row["quote"])
    if quote not in text:
        raise StudyError(f"quoted.yaml: {row['name']}: {where} no longer says « {quote} »")
    numbers = {float(one.replace(",", "")) for one in _NUMBER.findall(quote)}
    if float(row["value"]) not in numbers:
        raise StudyError(f"quoted.yaml: {row['name']}: {row['value']} is not in « {quote} »")


def _plain(text: str) -> str:
    """Without what Markdown and lines add."""
    return " ".join(text.replace("**", "").split())
