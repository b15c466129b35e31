"""A poster as PNG, for messengers that draw no SVG: 1200 × 630, a palette of few colours, about 30 kB. Pure.

Drawn by NumPy at twice the size and averaged: `docs/decisions/posters.md` says why no library is asked.
"""

import struct
import zlib
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from puls.ui.posters.colours import colours
from puls.ui.posters.shapes import HEIGHT, WIDTH, Disc, Patch, Point, Poster, Stroke

PIXELS = (1200, 630)
_FINER = 2
_SCALE = PIXELS[0] / WIDTH * _FINER
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _EIGHT_BITS = 2, 8
_INKS = ("ground", "tone", "deep", "cream", "spark")
Sheet = NDArray[np.uint8]


def png_of(poster: Poster) -> bytes:
    """In the light colours: a messenger does not say which it shows."""
    sheet: Sheet = np.zeros((PIXELS[1] * _FINER, PIXELS[0] * _FINER), np.uint8)
    for shape in poster.shapes:
        ink = _INKS.index(shape.ink)
        match shape:
            case Disc(x=x, y=y, radius=radius):
                _disc(sheet, x, y, radius, ink)
            case Patch(points=points):
                _patch(sheet, points, ink)
            case Stroke(points=points, width=width):
                _stroke(sheet, points, width, ink)
    inks = colours(poster, is_dark=False)
    table = np.array([inks[ink] for ink in _INKS], np.uint16)
    painted = table[sheet]
    rows, columns = PIXELS[1], PIXELS[0]
    soft = painted.reshape(rows, _FINER, columns, _FINER, 3).sum(axis=(1, 3)) // _FINER**2
    return _png(soft.astype(np.uint8))


def _disc(sheet: Sheet, x: float, y: float, radius: float, ink: int) -> None:
    x, y, radius = x * _SCALE, y * _SCALE, radius * _SCALE
    window, across, down = _window(sheet, x - radius, y - radius, x + radius, y + radius)
    window[(across - x) ** 2 + (down - y) ** 2 <= radius**2] = ink


def _patch(sheet: Sheet, points: tuple[Point, ...], ink: int) -> None:
    """Even and odd crossings of each row's line to the left."""
    corners = [(x * _SCALE, y * _SCALE) for x, y in points]
    xs, ys = zip(*corners, strict=True)
    window, across, down = _window(sheet, min(xs), min(ys), max(xs), max(ys))
    inside = np.zeros(window.shape, bool)
    for (x, y), (next_x, next_y) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if y == next_y:
            continue
        is_crossed = (down > min(y, next_y)) & (down <= max(y, next_y))
        inside ^= is_crossed & (across > x + (down - y) * (next_x - x) / (next_y - y))
    window[inside] = ink


def _stroke(sheet: Sheet, points: tuple[Point, ...], width: float, ink: int) -> None:
    """What lies within half the width of a piece of the line."""
    half = width / 2 * _SCALE
    corners = [(x * _SCALE, y * _SCALE) for x, y in points]
    for (x, y), (next_x, next_y) in pairwise(corners):
        window, across, down = _window(
            sheet,
            min(x, next_x) - half,
            min(y, next_y) - half,
            max(x, next_x) + half,
            max(y, next_y) + half,
        )
        long = (next_x - x) ** 2 + (next_y - y) ** 2 or 1.0
        along = np.clip(((across - x) * (next_x - x) + (down - y) * (next_y - y)) / long, 0, 1)
        away = (across - x - along * (next_x - x)) ** 2 + (down - y - along * (next_y - y)) ** 2
        window[away <= half**2] = ink


def _window(
    sheet: Sheet, left: float, top: float, right: float, bottom: float
) -> tuple[Sheet, NDArray[np.float64], NDArray[np.float64]]:
    """The part of the sheet that a shape may touch, with the middles of its pixels."""
    rows, columns = sheet.shape
    x, y = max(0, floor(left)), max(0, floor(top))
    to_x, to_y = min(columns, ceil(right) + 1), min(rows, ceil(bottom) + 1)
    across = np.arange(x, max(x, to_x), dtype=np.float64)[None, :] + 0.5
    down = np.arange(y, max(y, to_y), dtype=np.float64)[:, None] + 0.5
    return sheet[y : max(y, to_y), x : max(x, to_x)], across, down


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """https://www.w3.org/TR/png-3/: header, pixels, end; each row filtered by the one above."""
    height, width, _ = pixels.shape
    flat = pixels.reshape(height, width * 3)
    above = np.zeros_like(flat)
    above[1:] = flat[:-1]
    rows = np.concatenate([np.full((height, 1), 2, np.uint8), flat - above], axis=1)
    header = struct.pack(">IIBBBBB", width, height, _EIGHT_BITS, _RGB, 0, 0, 0)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


assert round(HEIGHT * _SCALE) == PIXELS[1] * _FINER
