"""What an evaluation gives: cases with figures, each from 0 to 1 and better when higher; as JSON and back. Pure.

A case stands for one question, expression, pair or turn of a set. The JSON of a report is also what a later one is
compared with.
"""

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from puls.errors import InvalidInputError

Part = Literal["understanding", "retrieval", "themes", "conversation", "checks", "judged"]
PARTS: tuple[Part, ...] = get_args(Part)
FORMAT = "puls-evaluation-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing judged. `figures`: name to 0…1; `seen`: what was expected and what came, by name, for a reader."""

    id: str
    part: Part
    text: str
    figures: Mapping[str, float]
    seen: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same case in two reports."""
        return self.part, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All cases of one run. `configuration`: what was other than usual; `left_out`: what was not judged, and why."""

    made_at: datetime
    sets: tuple[str, ...]
    configuration: str
    cases: tuple[Case, ...]
    left_out: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def means(self) -> dict[Part, dict[str, float]]:
        """The mean of each figure over the cases that have it, in the order of `PARTS`."""
        sums: dict[Part, dict[str, list[float]]] = {part: defaultdict(list) for part in PARTS}
        for case in self.cases:
            for name, value in case.figures.items():
                sums[case.part][name].append(value)
        return {
            part: {name: math.fsum(values) / len(values) for name, values in named.items()}
            for part, named in sums.items()
            if named
        }

    def count(self, part: Part, name: str) -> int:
        """How many cases have the figure."""
        return sum(case.part == part and name in case.figures for case in self.cases)


def json_of(report: Report) -> dict[str, Any]:
    """The report as JSON knows it, with its means for a reader."""
    return {
        "format": FORMAT,
        "made_at": report.made_at.isoformat(),
        "sets": list(report.sets),
        "configuration": report.configuration,
        "seconds": round(report.seconds, 1),
        "means": {
            part: {name: round(value, 4) for name, value in named.items()}
            for part, named in report.means.items()
        },
        "left_out": list(report.left_out),
        "cases": [_as_json(case) for case in report.cases],
    }


def _as_json(case: Case) -> dict[str, Any]:
    figures = {name: round(value, 6) for name, value in case.figures.items()}
    written = asdict(case) | {"figures": figures, "tags": list(case.tags)}
    return {name: value for name, value in written.items() if value}


def read_report(path: Path) -> Report:
    """A report that was written as JSON, to compare with.

    Raises:
        InvalidInputError: the file is missing or is no such report.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["format"] != FORMAT:
            raise InvalidInputError(f"{path} is a report of another form ({written['format']}).")
        return Report(
            made_at=datetime.fromisoformat(written["made_at"]),
            sets=tuple(written["sets"]),
            configuration=written["configuration"],
            cases=tuple(_case(one) for one in written["cases"]),
            left_out=tuple(written.get("left_out", ())),
            seconds=float(written.get("seconds", 0.0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInputError(f"{path} is no report of `puls evaluate` ({error!r}).") from error


def _case(written: Mapping[str, Any]) -> Case:
    if written["part"] not in PARTS:
        raise ValueError(f"no part {written['part']!r}")
    return Case(
        id=str(written["id"]),
        part=written["part"],
        text=str(written.get("text", "")),
        figures={name: float(value) for name, value in written.get("figures", {}).items()},
        seen={name: str(value) for name, value in written.get("seen", {}).items()},
        tags=tuple(written.get("tags", ())),
    )
