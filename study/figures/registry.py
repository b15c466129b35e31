"""All figures of an edition, by name. Enter at `load`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from study.figures.counted import counted
from study.figures.declared import declared
from study.figures.figure import Figure, StudyError
from study.figures.quoted import quoted

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "study"


def load(*more: Iterable[Figure], root: Path = ROOT) -> dict[str, Figure]:
    """Declared, measured and counted figures of the repository at `root`, then `more`. Raises StudyError for a stale or a double one."""
    figures: dict[str, Figure] = {}
    for figure in _all(root, more):
        if figure.name in figures:
            raise StudyError(f"two figures are called {figure.name}")
        figures[figure.name] = figure
    return figures


def _all(root: Path, more: Iterable[Iterable[Figure]]) -> Iterator[Figure]:
    yield from declared(root, root / "study/declared.yaml")
    yield from quoted(root, root / "study/quoted.yaml")
    yield from counted(root, root / "study/counted.yaml")
    for each in more:
        yield from each
