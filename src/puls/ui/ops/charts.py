"""Curves and bars as SVG, drawn here: no script, colours from the style sheet, and always a table that says the same. Pure.

Shapes carry classes (`s1` to `s4` by series), never colours, so that light and dark are the style sheet's. Every chart has a
title and a description for who does not see it. Enter at `lines`, `stacked` and `bars`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

Number = float | None
Say = Callable[[float], str]

_WIDTH: Final = 320
_HEIGHT: Final = 170
_LEFT: Final = 46
_RIGHT: Final = 8
_TOP: Final = 10
_BOTTOM: Final = 24
_BAR: Final = 26  # units a horizontal bar takes
_TICKS: Final = 4
_NICE: Final = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve, or one layer of a stack: a value for each label; None where there is none."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The picture, and what it says as a table: `columns` head `rows`."""

    svg: Markup
    title: str
    legend: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a chart is called: an id of the page, a title, a sentence, the name of its first column, how numbers are said."""

    id: str
    title: str
    description: str
    labels: str
    say: Say


def lines(words: Words, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """A curve per series, broken where a value is missing."""
    top = nice_ceiling(max(_numbers(series), default=0.0))
    drawn = [_axis(words, labels, top)]
    for at, one in enumerate(series, start=1):
        drawn.extend(_curve(one.values, top, class_=f"line s{at}"))
    return _chart(words, labels, series, drawn)


def stacked(words: Words, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """A column per label, its series on top of each other in their order."""
    sums = [sum(one.values[at] or 0.0 for one in series) for at in range(len(labels))]
    top = nice_ceiling(max(sums, default=0.0))
    drawn = [_axis(words, labels, top)]
    width = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    for at, label in enumerate(labels):
        below = 0.0
        for number, one in enumerate(series, start=1):
            value = one.values[at] or 0.0
            if value <= 0:
                continue
            told = f"{label}, {one.name} : {words.say(value)}"
            drawn.append(
                _rect(
                    x=_LEFT + at * width + width * 0.1,
                    y=_y(below + value, top),
                    width=width * 0.8,
                    height=_y(below, top) - _y(below + value, top),
                    class_=f"bar s{number}",
                    told=told,
                )
            )
            below += value
    return _chart(words, labels, series, drawn)


def bars(words: Words, labels: Sequence[str], values: Sequence[float]) -> Chart:
    """A horizontal bar per label, as long as its value, with both written out."""
    longest = max(values, default=0.0) or 1.0
    height = max(len(labels), 1) * _BAR + 4
    drawn = []
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = at * _BAR
        drawn.append(Markup('<text class="name" x="0" y="{}">{}</text>').format(y + 12, label))
        drawn.append(
            Markup('<text class="value" x="{}" y="{}">{}</text>').format(
                _WIDTH, y + 12, words.say(value)
            )
        )
        drawn.append(
            _rect(
                x=0,
                y=y + 16,
                width=max(_WIDTH * value / longest, 1),
                height=6,
                class_="bar s1",
                told="",
            )
        )
    series = [Series(name=words.title, values=values)]
    return _chart(words, labels, series, drawn, height=height, has_legend=False)


def nice_ceiling(value: float) -> float:
    """The smallest round number that the value does not exceed, so that marks on the axis are round; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * step for step in _NICE if power * step >= value * (1 - 1e-9))


def _chart(
    words: Words,
    labels: Sequence[str],
    series: Sequence[Series],
    drawn: Sequence[Markup],
    *,
    height: int = _HEIGHT,
    has_legend: bool = True,
) -> Chart:
    numbers = _numbers(series)
    svg = Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>{drawn}</svg>'
    ).format(
        width=_WIDTH,
        height=height,
        id=words.id,
        title=words.title,
        description=words.description,
        drawn=Markup("").join(drawn),
    )
    rows = [
        [label, *("–" if (value := one.values[at]) is None else words.say(value) for one in series)]
        for at, label in enumerate(labels)
    ]
    return Chart(
        svg=svg,
        title=words.title,
        legend=[one.name for one in series] if has_legend else [],
        columns=[words.labels, *(one.name for one in series)],
        rows=rows,
        is_empty=not any(numbers),
    )


def _axis(words: Words, labels: Sequence[str], top: float) -> Markup:
    drawn = []
    for at in range(_TICKS + 1):
        value = top * at / _TICKS
        y = _y(value, top)
        drawn.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                _LEFT, _WIDTH - _RIGHT, y, y
            )
        )
        if at % 2 == 0:
            drawn.append(
                Markup('<text class="tick" x="{}" y="{:.1f}">{}</text>').format(
                    _LEFT - 5, y + 4, words.say(value)
                )
            )
    last = len(labels) - 1
    for at, anchor in ((0, "start"), (last // 2, "middle"), (last, "end")):
        if last < 0 or (at == 0 and anchor != "start"):
            continue
        drawn.append(
            Markup('<text class="label" text-anchor="{}" x="{:.1f}" y="{}">{}</text>').format(
                anchor, _x(at, len(labels), anchor), _HEIGHT - 6, labels[at]
            )
        )
    return Markup("").join(drawn)


def _curve(values: Sequence[Number], top: float, *, class_: str) -> list[Markup]:
    pieces: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            pieces.append([])
            continue
        pieces[-1].append(f"{_x(at, len(values), 'middle'):.1f},{_y(value, top):.1f}")
    drawn = []
    for points in filter(None, pieces):
        if len(points) == 1:
            x, y = points[0].split(",")
            drawn.append(Markup('<circle class="{}" cx="{}" cy="{}" r="2"/>').format(class_, x, y))
        else:
            drawn.append(
                Markup('<polyline class="{}" points="{}"/>').format(class_, " ".join(points))
            )
    return drawn


def _rect(*, x: float, y: float, width: float, height: float, class_: str, told: str) -> Markup:
    title = Markup("<title>{}</title>").format(told) if told else Markup("")
    return Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">{}</rect>'
    ).format(class_, x, y, width, height, title)


def _x(at: int, number: int, anchor: str) -> float:
    """The middle of a label's place; its ends for the first and the last word below."""
    room = _WIDTH - _LEFT - _RIGHT
    if anchor == "start":
        return _LEFT
    if anchor == "end":
        return _WIDTH - _RIGHT
    return _LEFT + room * (at + 0.5) / max(number, 1)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _numbers(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]
