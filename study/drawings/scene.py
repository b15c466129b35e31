"""Plain shapes on a sheet: what every picture and every slide of the study is made of. Values only; lengths are points."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from study.drawings.look import CARD, EDGE, INK, wrapped

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, with words in its middle or from its top."""

    x: float
    y: float
    w: float
    h: float
    text: str = ""
    detail: str = ""
    fill: str = CARD
    edge: str = EDGE
    ink: str = INK
    size: float = 11
    bold: bool = True
    align: Align = "centre"
    top: bool = False
    radius: float = 5
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line through points, with a head at its end unless told otherwise, and words beside its middle."""

    points: Sequence[tuple[float, float]]
    text: str = ""
    head: bool = True
    dashed: bool = False
    ink: str = EDGE
    thick: float = 1.2
    size: float = 9
    shift: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text in a box, wrapped."""

    x: float
    y: float
    w: float
    h: float
    text: str
    size: float = 11
    ink: str = INK
    bold: bool = False
    align: Align = "left"
    is_title: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    x: float
    y: float
    w: float
    h: float
    file: Path
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: the first row is its head; `widths` are shares of `w`; `right` are columns of numbers."""

    x: float
    y: float
    w: float
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    size: float = 10
    right: Sequence[int] = ()
    strong: Sequence[int] = ()

    def heights(self) -> list[float]:
        """What each row needs."""
        return [
            max(
                len(wrapped(cell, self.size, self.w * share - 10, bold=index == 0))
                for cell, share in zip(row, self.widths, strict=True)
            )
            * self.size
            * 1.22
            + 7
            for index, row in enumerate(self.rows)
        ]


Shape = Box | Arrow | Words | Picture | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sheet with shapes, back to front; `alt` says in French what it shows."""

    width: float
    height: float
    alt: str
    shapes: list[Shape] = field(default_factory=list)


def moved(scene: Scene, x: float, y: float, scale: float) -> list[Shape]:
    """The shapes of a scene, smaller or larger, put somewhere on another."""
    return [_moved(shape, x, y, scale) for shape in scene.shapes]


def _moved(shape: Shape, x: float, y: float, scale: float) -> Shape:
    match shape:
        case Box():
            return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, w=shape.w * scale, h=shape.h * scale, size=shape.size * scale, radius=shape.radius * scale)  # fmt: skip
        case Words():
            return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, w=shape.w * scale, h=shape.h * scale, size=shape.size * scale)  # fmt: skip
        case Arrow():
            points = [(x + px * scale, y + py * scale) for px, py in shape.points]
            shift = (shape.shift[0] * scale, shape.shift[1] * scale)
            return replace(shape, points=points, size=shape.size * scale, shift=shift)
        case Picture():
            return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, w=shape.w * scale, h=shape.h * scale)  # fmt: skip
        case Grid():
            return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, w=shape.w * scale, size=shape.size * scale)  # fmt: skip


def runs(text: str) -> list[tuple[str, bool]]:
    """« **bold** and not » as pieces with whether they are bold."""
    return [(part, index % 2 == 1) for index, part in enumerate(text.split("**")) if part]
