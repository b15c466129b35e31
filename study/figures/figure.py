"""What one figure is, and what one source is. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from study.figures.french import Value, told
from study.planned.loading import StudyError as StudyError  # noqa: PLC0414  # one failure for all of the study


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from: a file of the repository and a place in it; for a measurement also how it was taken."""

    file: str
    place: str = ""
    date: str = ""
    command: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value under a name; `what` says in French what it is the figure of."""

    name: str
    value: Value
    what: str
    source: Source
    unit: str = ""
    digits: int | None = None

    @property
    def written(self) -> str:
        """With its unit, the French way."""
        return told(self.value, self.unit, self.digits)

    @property
    def in_english(self) -> str:
        """For README: 1,234.5 ms; 97%."""
        value = self.value
        if isinstance(value, int | float | Decimal):
            value = f"{value:,.{self.digits}f}" if self.digits is not None else f"{value:,}"
        gap = "" if self.unit == "%" else " "
        return f"{value}{gap}{self.unit}" if self.unit else str(value)

    @property
    def bare(self) -> str:
        """Without its unit, for a table whose head says it."""
        return told(self.value, "", self.digits)


Figures = Mapping[str, Figure]
