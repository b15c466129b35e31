"""What a poster is made of: four kinds of shapes on a sheet of 480 × 252 units, each with an ink of a small palette. Pure values."""

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Literal

WIDTH, HEIGHT = (
    480,
    252,
)  # 1.905 to 1, as messengers show pictures: https://ogp.me and their own guides

Ink = Literal["tone", "deep", "cream", "spark"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Patch:
    """A filled polygon."""

    points: tuple[Point, ...]
    ink: Ink


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, with round ends."""

    points: tuple[Point, ...]
    width: float
    ink: Ink


Shape = Disc | Patch | Stroke
Shapes = list[Shape]
INKS: tuple[Ink, ...] = ("deep", "cream", "spark", "tone")


@dataclass(frozen=True, slots=True)
class Poster:
    """Shapes from the back to the front; `hue` in degrees is the ground's, `spark` that of its contrast."""

    hue: int
    spark: int
    shapes: tuple[Shape, ...]


class Chance:
    """The same numbers for the same seed, on every machine and release: a poster never changes by itself.

    A linear congruential generator (constants of Numerical Recipes): looks, not secrets.
    """

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2_654_435_761 + 97) % 2**32
        for _ in range(3):
            self._next()

    def between(self, least: float, most: float) -> float:
        return least + (most - least) * self._next() / 2**32

    def whole(self, least: int, most: int) -> int:
        """Both ends included."""
        return min(most, int(self.between(least, most + 1)))

    def is_heads(self) -> bool:
        return self.between(0, 1) < 0.5  # noqa: PLR2004 # a coin

    def _next(self) -> int:
        self._state = (1_664_525 * self._state + 1_013_904_223) % 2**32
        return self._state


def box(x: float, y: float, width: float, height: float, ink: Ink, *, turn: float = 0.0) -> Patch:
    """A rectangle from its upper left corner; `turn` in degrees around its middle."""
    middle_x, middle_y = x + width / 2, y + height / 2
    c, s = cos(radians(turn)), sin(radians(turn))
    corners = [
        (-width / 2, -height / 2),
        (width / 2, -height / 2),
        (width / 2, height / 2),
        (-width / 2, height / 2),
    ]
    return Patch(
        tuple((middle_x + a * c - b * s, middle_y + a * s + b * c) for a, b in corners), ink
    )


def arc(  # noqa: PLR0917 # a drawing reads as its figures in order
    x: float, y: float, radius: float, begin: float, end: float, width: float, ink: Ink
) -> Stroke:
    """A piece of a ring; degrees clockwise from three o'clock."""
    steps = max(6, int(abs(end - begin) / 6))
    points = (
        (x + radius * cos(radians(at)), y + radius * sin(radians(at)))
        for at in (begin + (end - begin) * step / steps for step in range(steps + 1))
    )
    return Stroke(tuple(points), width, ink)


def ring(x: float, y: float, radius: float, width: float, ink: Ink) -> Stroke:
    return arc(x, y, radius, 0, 360, width, ink)


def wave(y: float, height: float, length: float, phase: float) -> tuple[Point, ...]:
    """A wave from side to side, a little beyond both."""
    return tuple(
        (x, y + height * sin(2 * pi * (x / length + phase))) for x in range(-20, WIDTH + 21, 20)
    )


def hill(y: float, height: float, length: float, phase: float, ink: Ink) -> Patch:
    """A wave filled down to the lower edge."""
    return Patch((*wave(y, height, length, phase), (WIDTH + 20, HEIGHT), (-20, HEIGHT)), ink)


def oval(x: float, y: float, wide: float, high: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (x + wide * cos(radians(at)), y + high * sin(radians(at))) for at in range(0, 360, 12)
    )


def rounded(
    x: float, y: float, width: float, height: float, ink: Ink, *, radius: float = 16
) -> Patch:
    corners = ((x + width - radius, y + radius, -90), (x + width - radius, y + height - radius, 0),
               (x + radius, y + height - radius, 90), (x + radius, y + radius, 180))  # fmt: skip
    return Patch(
        tuple(
            (
                middle_x + radius * cos(radians(begin + at)),
                middle_y + radius * sin(radians(begin + at)),
            )
            for middle_x, middle_y, begin in corners
            for at in range(0, 91, 30)
        ),
        ink,
    )
