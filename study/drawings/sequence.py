"""A sequence: who speaks to whom, in order, from a YAML page (`people: [[id, name]]`, `steps: [[from, to, words]]` or `[note, words]`)."""

from collections.abc import Mapping
from typing import Any

from study.drawings.look import ACCENT_STRONG, ACCENT_WASH, CAUTION_WASH, EDGE, INK, LINE, wrapped
from study.drawings.scene import Arrow, Box, Scene, Shape, Words

_HEAD, _TOP, _SIZE = 34.0, 12.0, 9.5


def sequence(page: Mapping[str, Any]) -> Scene:
    """The scene of one page."""
    people: list[list[str]] = page["people"]
    wide = float(page.get("width", 760))
    room = (wide - 24) / len(people)
    at = {name: 12 + room * (index + 0.5) for index, (name, _) in enumerate(people)}
    y = _TOP + _HEAD + 20
    steps: list[Shape] = []
    for step in page["steps"]:
        shapes, y = _step(step, at, y, wide, room)
        steps += shapes
    lives: list[Shape] = [
        Arrow(points=[(x, _TOP + _HEAD), (x, y)], head=False, ink=LINE) for x in at.values()
    ]
    heads: list[Shape] = [
        Box(x=at[name] - room / 2 + 5, y=_TOP, w=room - 10, h=_HEAD, text=title, fill=ACCENT_WASH, ink=ACCENT_STRONG, size=10)
        for name, title in people
    ]  # fmt: skip
    return Scene(width=wide, height=y + 12, alt=page["title"], shapes=[*lives, *heads, *steps])


def _step(
    step: list[str], at: Mapping[str, float], y: float, wide: float, room: float
) -> tuple[list[Shape], float]:
    if step[0] == "note":
        lines = wrapped(step[1], _SIZE, wide - 60)
        high = len(lines) * _SIZE * 1.22 + 10
        return [Box(x=24, y=y - 6, w=wide - 48, h=high, text=step[1], bold=False, size=_SIZE, fill=CAUTION_WASH, edge=LINE)], y + high + 12  # fmt: skip
    start, end, words = step
    if start == end:
        text = wrapped(words, _SIZE, room * 1.6)
        high = max(20.0, len(text) * _SIZE * 1.22 + 4)
        x = at[start]
        loop = Arrow(points=[(x, y), (x + 14, y), (x + 14, y + 12), (x + 2, y + 12)], ink=EDGE)
        right = x + room * 1.7 < wide
        box = Words(x=x + 20 if right else x - 12 - room * 1.6, y=y - 3, w=room * 1.6, h=high, text=words, size=_SIZE, ink=INK, align="left" if right else "right")  # fmt: skip
        return [loop, box], y + high + 10
    x0, x1 = at[start], at[end]
    span = abs(x1 - x0)
    lines = wrapped(words, _SIZE, max(span - 16, room * 0.95))
    high = len(lines) * _SIZE * 1.22
    middle = (x0 + x1) / 2
    wide_box = max(span - 16, room * 0.95)
    label = Words(x=middle - wide_box / 2, y=y - 4, w=wide_box, h=high, text=words, size=_SIZE, align="centre")  # fmt: skip
    arrow = Arrow(points=[(x0, y + high + 2), (x1, y + high + 2)], ink=INK, thick=1, dashed=x1 < x0)
    return [label, arrow], y + high + 18
