"""Every drawing of the study by name. Enter at `album`."""

from pathlib import Path
from typing import Any

from study.drawings import from_code
from study.drawings.boxes import boxes
from study.drawings.scene import Scene
from study.drawings.sequence import sequence
from study.figures.declared import read

_BOXES = ("context", "containers", "components", "deployment")
_SEQUENCES = ("question", "event")


def album(root: Path) -> dict[str, Scene]:
    """The diagrams of `study/diagrams` and those that the code gives."""

    def page(name: str) -> Any:
        return read(root / f"study/diagrams/{name}.yaml")

    scenes = {name: boxes(page(name)) for name in _BOXES}
    scenes |= {name: sequence(page(name)) for name in _SEQUENCES}
    scenes["layers"] = from_code.layers(root, page("layers"))
    scenes["turn"] = from_code.turn(page("turn"))
    scenes["tables"] = from_code.tables(root, page("tables"))
    return scenes
