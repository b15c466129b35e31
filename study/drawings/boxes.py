"""A diagram of boxes in rows with arrows between them, from a YAML page: contexts, containers, components, deployments.

    title, width, rows: [{height, boxes: [{id, text, detail, kind}]}], frames: [{of: [ids], text}], arrows: [{from, to, text}]

Boxes of a row share its width, or take `w` shares; arrows go straight down or up between rows, or sideways in one.
"""

from collections.abc import Mapping
from typing import Any

from study.drawings.look import (
    ACCENT,
    ACCENT_STRONG,
    ACCENT_WASH,
    CAUTION,
    CAUTION_WASH,
    EDGE,
    GOOD,
    GOOD_WASH,
    INK,
    PLAIN_WASH,
    SOFT,
)  # fmt: skip
from study.drawings.scene import Arrow, Box, Scene, Shape, Words
from study.figures.figure import StudyError

# kind: fill, edge, ink. Persons, Puls itself, stores, the outside, the optional.
KINDS = {
    "person": (CAUTION_WASH, CAUTION, CAUTION),
    "puls": (ACCENT_WASH, ACCENT, ACCENT_STRONG),
    "store": (GOOD_WASH, GOOD, GOOD),
    "outside": (PLAIN_WASH, EDGE, SOFT),
    "plain": ("#ffffff", EDGE, INK),
}
_GAP, _MARGIN = 46, 16


def boxes(page: Mapping[str, Any]) -> Scene:
    """The scene of one page. Raises StudyError for an arrow to a box that is not there."""
    wide = float(page.get("width", 760))
    placed: dict[str, Box] = {}
    y = float(_MARGIN)
    for row in page["rows"]:
        high = float(row.get("height", 54))
        _row(placed, row["boxes"], y, high, wide)
        y += high + float(row.get("gap", _GAP))
    bottom = max(box.y + box.h for box in placed.values()) + _MARGIN
    frames = [_frame(frame, placed) for frame in page.get("frames", [])]
    arrows = [_arrow(arrow, placed) for arrow in page.get("arrows", [])]
    shapes: list[Shape] = [shape for frame in frames for shape in frame]
    shapes += [*arrows, *placed.values()]
    labelled = [arrow for arrow in arrows if arrow.text]
    shapes += [Arrow(points=one.points, text=one.text, head=False, thick=0, size=one.size, shift=one.shift) for one in labelled]  # fmt: skip
    return Scene(width=wide, height=bottom, alt=page["title"], shapes=shapes)


def _row(
    placed: dict[str, Box], row: list[dict[str, Any]], y: float, high: float, wide: float
) -> None:
    shares = [float(box.get("w", 1)) for box in row]
    gap = 18.0
    room = wide - 2 * _MARGIN - gap * (len(row) - 1)
    x = float(_MARGIN)
    for box, share in zip(row, shares, strict=True):
        w = room * share / sum(shares)
        if box.get("id"):
            fill, edge, ink = KINDS[box.get("kind", "plain")]
            placed[box["id"]] = Box(
                x=x, y=y, w=w, h=high, text=box["text"], detail=box.get("detail", ""), fill=fill, edge=edge, ink=ink, dashed=box.get("optional", False)
            )  # fmt: skip
        x += w + gap


def _frame(frame: Mapping[str, Any], placed: Mapping[str, Box]) -> list[Shape]:
    inside = [_box(placed, name) for name in frame["of"]]
    x, y = min(box.x for box in inside) - 9, min(box.y for box in inside) - 22
    w = max(box.x + box.w for box in inside) + 9 - x
    h = max(box.y + box.h for box in inside) + 9 - y
    return [
        Box(x=x, y=y, w=w, h=h, fill="#fdfcfa", edge=EDGE, dashed=True, radius=8),
        Words(
            x=x + 8,
            y=y + 4,
            w=w - 16,
            h=14,
            text=frame["text"],
            size=10,
            ink=SOFT,
            bold=True,
            align="right",
        ),
    ]


def _arrow(arrow: Mapping[str, Any], placed: Mapping[str, Box]) -> Arrow:
    start, end = _box(placed, arrow["from"]), _box(placed, arrow["to"])
    shift = tuple(arrow.get("shift", (0, 0)))
    at = float(arrow.get("at", 0))
    if abs(start.y - end.y) < 1:
        side = 1 if end.x > start.x else -1
        y = start.y + start.h / 2 + at
        points = [(start.x + (start.w if side > 0 else 0), y), (end.x + (0 if side > 0 else end.w), y)]  # fmt: skip
    else:
        down = end.y > start.y
        x0, x1 = _meet(start, end)
        points = [(x0 + at, start.y + (start.h if down else 0)), (x1 + at, end.y + (0 if down else end.h))]  # fmt: skip
    return Arrow(points=points, text=arrow.get("text", ""), dashed=arrow.get("dashed", False), shift=(shift[0], shift[1]))  # fmt: skip


def _meet(one: Box, other: Box) -> tuple[float, float]:
    """Straight down where the boxes lie over each other, else from middle to middle."""
    left, right = max(one.x, other.x), min(one.x + one.w, other.x + other.w)
    if right - left > 24:  # noqa: PLR2004  # room for an arrow's head
        return (left + right) / 2, (left + right) / 2
    return one.x + one.w / 2, other.x + other.w / 2


def _box(placed: Mapping[str, Box], name: str) -> Box:
    if name not in placed:
        raise StudyError(f"a diagram has no box {name}")
    return placed[name]
