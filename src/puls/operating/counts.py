"""What was counted in a span, by measure and label, and what can be told from it: shares, means, percentiles. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Counted:
    """How often (`n`), and what it adds up to (`total`)."""

    n: int = 0
    total: float = 0.0


_NOTHING = Counted()


@dataclass(frozen=True, slots=True)
class Counts:
    """By measure, then by label; what was never counted is zero."""

    by_measure: Mapping[str, Mapping[str, Counted]] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]]) -> "Counts":
        """Rows with `measure`, `label`, `n` and `total`; those of one label are added up."""
        summed: dict[str, dict[str, Counted]] = {}
        for row in rows:
            labels = summed.setdefault(row["measure"], {})
            before = labels.get(row["label"], _NOTHING)
            labels[row["label"]] = Counted(before.n + row["n"], before.total + row["total"])
        return cls(summed)

    def n(self, measure: str, *labels: str) -> int:
        """How often; of all labels when none is named."""
        return sum(one.n for _, one in self._of(measure, labels))

    def total(self, measure: str, *labels: str) -> float:
        """What it adds up to; of all labels when none is named."""
        return math.fsum(one.total for _, one in self._of(measure, labels))

    def labels(self, measure: str) -> dict[str, Counted]:
        """All labels of a measure, the most frequent first."""
        found = dict(self._of(measure, ()))
        return dict(sorted(found.items(), key=lambda each: (-each[1].n, each[0])))

    def percentile(self, measure: str, share: float) -> int | None:
        """The smallest value that at least this share (0 < share ≤ 1) does not exceed, of labels that are whole numbers.

        As PostgreSQL's `percentile_disc`. None when nothing was counted.
        """
        values = sorted((int(label), one.n) for label, one in self._of(measure, ()))
        wanted = share * sum(n for _, n in values)
        reached = 0
        for value, n in values:
            reached += n
            if reached >= wanted:
                return value
        return None

    def above(self, measure: str, limit: int) -> tuple[int, int]:
        """How many exceed the limit, and how many there are, of labels that are whole numbers."""
        found = [(int(label), one.n) for label, one in self._of(measure, ())]
        return sum(n for value, n in found if value > limit), sum(n for _, n in found)

    def _of(self, measure: str, labels: tuple[str, ...]) -> Iterable[tuple[str, Counted]]:
        counted = self.by_measure.get(measure, {})
        if labels:
            return [(each, counted.get(each, _NOTHING)) for each in labels]
        return counted.items()


def share(part: float, whole: float) -> float | None:
    """Between 0 and 1; None of nothing."""
    return part / whole if whole else None
