"""Charts as plain shapes: bars with their value beside them, a calendar of milestones. Values come with their French words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from study.drawings.look import ACCENT, EDGE, GOOD, INK, LINE, SOFT, width
from study.drawings.scene import Arrow, Box, Scene, Shape, Words
from study.figures.french import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar; `strong` is ours. `written` is what the reader reads."""

    label: str
    value: float
    written: str
    strong: bool = False
    group: str = ""


def bars(alt: str, rows: Sequence[Bar], *, wide: float = 620, size: float = 11) -> Scene:
    """Bars from one zero, longest across; a group's name stands before its first bar."""
    left = max(width(row.label, size) for row in rows) + 26
    right = max(width(row.written, size, bold=True) for row in rows) + 20
    most = max(row.value for row in rows)
    shapes: list[Shape] = []
    y, high, group = 10.0, 22.0, ""
    for row in rows:
        if row.group != group:
            group = row.group
            shapes.append(Words(x=12, y=y + 4, w=wide - 24, h=16, text=group, size=size, bold=True))
            y += 26
        long = max(2.0, (wide - left - right) * row.value / most)
        shapes.append(Words(x=12, y=y + (high - size * 1.22) / 2, w=left - 20, h=16, text=row.label, size=size, ink=INK, align="right"))  # fmt: skip
        shapes.append(Box(x=left, y=y, w=long, h=high - 4, fill=ACCENT if row.strong else EDGE, edge=ACCENT if row.strong else EDGE, radius=2))  # fmt: skip
        shapes.append(Words(x=left + long + 7, y=y + (high - 4 - size * 1.22) / 2, w=right, h=16, text=row.written, size=size, bold=True))  # fmt: skip
        y += high + 3
    return Scene(width=wide, height=y + 8, alt=alt, shapes=shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One row of a calendar: from a day to a day (both included)."""

    label: str
    begins: date
    ends: date
    strong: bool = False
    group: str = ""


def calendar(alt: str, spans: Sequence[Span], *, wide: float = 600, left: float = 245) -> Scene:
    """A Gantt chart by month; what is `strong` lies on the critical path."""
    first, last = min(one.begins for one in spans), max(one.ends for one in spans)
    days = (last - first).days + 1

    def at(day: date) -> float:
        return left + (wide - left - 16) * (day - first).days / days

    shapes: list[Shape] = []
    y, group = 34.0, ""
    bars_: list[Shape] = []
    for one in spans:
        if one.group != group:
            group = one.group
            bars_.append(Words(x=10, y=y + 3, w=wide - 20, h=12, text=group, size=9.5, bold=True, ink=SOFT))  # fmt: skip
            y += 18
        x0, x1 = at(one.begins), max(at(one.ends) + (wide - left - 16) / days, at(one.begins) + 3)
        bars_.append(Words(x=10, y=y + 0.5, w=left - 16, h=12, text=_cut(one.label, left - 18, 8.2), size=8.2))  # fmt: skip
        bars_.append(Box(x=x0, y=y, w=x1 - x0, h=9, fill=ACCENT if one.strong else GOOD, edge=ACCENT if one.strong else GOOD, radius=2))  # fmt: skip
        y += 12.5
    for month in _months(first, last):
        x = max(at(month), left)
        shapes.append(Arrow(points=[(x, 26), (x, y)], head=False, ink=LINE, thick=0.8))
        shapes.append(Words(x=x + 3, y=10, w=90, h=14, text=f"{MONTHS[month.month - 1]} {month.year}" if x < wide - 60 else "", size=8.5, ink=SOFT))  # fmt: skip
    return Scene(width=wide, height=y + 10, alt=alt, shapes=[*shapes, *bars_])


def _cut(text: str, room: float, size: float) -> str:
    if width(text, size) <= room:
        return text
    while width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip(" ,:;«") + "…"


def _months(first: date, last: date) -> list[date]:
    months = [first]
    year, month = first.year, first.month
    while True:
        month += 1
        year, month = (year + 1, 1) if month > 12 else (year, month)  # noqa: PLR2004  # months of a year
        if date(year, month, 1) > last:
            return months
        months.append(date(year, month, 1))
