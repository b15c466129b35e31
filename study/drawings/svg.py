"""A scene as SVG: text stays text, in lines broken here by the font's own widths. Pure."""

import math
from html import escape

from study.drawings.look import FONT, INK, width, wrapped
from study.drawings.scene import Arrow, Box, Grid, Picture, Scene, Words

_LEADING = 1.22


def svg(scene: Scene) -> str:
    """A whole document. Pictures are left to slides."""
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {scene.width:g} {scene.height:g}" width="{scene.width:g}" '
            f'height="{scene.height:g}" role="img" font-family="{FONT}, Arial, sans-serif">'
        ),
        f"<title>{escape(scene.alt)}</title>",
        f'<rect width="{scene.width:g}" height="{scene.height:g}" fill="#ffffff"/>',
    ]
    for shape in scene.shapes:
        match shape:
            case Box():
                parts += _box(shape)
            case Arrow():
                parts += _arrow(shape)
            case Words():
                parts += _words(shape)
            case Grid() | Picture():
                raise TypeError("tables and pictures belong to pages and slides")
    return "\n".join([*parts, "</svg>\n"])


def text_height(lines: int, size: float) -> float:
    return lines * size * _LEADING


def _box(box: Box) -> list[str]:
    dash = ' stroke-dasharray="4 3"' if box.dashed else ""
    parts = [
        (
            f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="{box.radius:g}" fill="{box.fill}" '
            f'stroke="{box.edge}" stroke-width="1"{dash}/>'
        )
    ]
    small = box.size - 1.5
    head = wrapped(box.text, box.size, box.w - 10, bold=box.bold) if box.text else []
    rest = wrapped(box.detail, small, box.w - 10) if box.detail else []
    high = text_height(len(head), box.size) + text_height(len(rest), small)
    y = box.y + (6 if box.top else (box.h - high) / 2)
    parts += _lines(head, box.x, y, box.w, box.size, box.ink, bold=box.bold, align=box.align)
    y += text_height(len(head), box.size)
    return parts + _lines(rest, box.x, y, box.w, small, box.ink, bold=False, align=box.align)


def _words(words: Words) -> list[str]:
    lines = wrapped(words.text, words.size, words.w, bold=words.bold)
    return _lines(lines, words.x, words.y, words.w, words.size, words.ink, bold=words.bold, align=words.align, pad=0)  # fmt: skip


def _lines(
    lines: list[str], x: float, y: float, w: float, size: float, ink: str, *, bold: bool, align: str, pad: float = 5
) -> list[str]:  # fmt: skip
    anchor = {"left": "start", "centre": "middle", "right": "end"}[align]
    at = {"left": x + pad, "centre": x + w / 2, "right": x + w - pad}[align]
    weight = ' font-weight="700"' if bold else ""
    return [
        f'<text x="{at:.1f}" y="{y + size * 0.95 + index * size * _LEADING:.1f}" font-size="{size:g}" fill="{ink}" '
        f'text-anchor="{anchor}"{weight}>{escape(line)}</text>'
        for index, line in enumerate(lines)
        if line
    ]


def _arrow(arrow: Arrow) -> list[str]:
    dash = ' stroke-dasharray="5 3"' if arrow.dashed else ""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in arrow.points)
    parts = [f'<polyline points="{points}" fill="none" stroke="{arrow.ink}" stroke-width="{arrow.thick:g}"{dash}/>']  # fmt: skip
    if arrow.head:
        parts.append(_head(arrow))
    if arrow.text:
        parts += _label(arrow)
    return parts


def _head(arrow: Arrow) -> str:
    (x0, y0), (x1, y1) = arrow.points[-2], arrow.points[-1]
    angle = math.atan2(y1 - y0, x1 - x0)
    back = (angle + 2.7, angle - 2.7)
    corners = [(x1, y1), *((x1 + 7 * math.cos(one), y1 + 7 * math.sin(one)) for one in back)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon points="{points}" fill="{arrow.ink}"/>'


def middle(arrow: Arrow) -> tuple[float, float]:
    """The middle of the longest piece, where its words stand."""
    pieces = list(zip(arrow.points, arrow.points[1:], strict=False))
    (x0, y0), (x1, y1) = max(pieces, key=lambda piece: math.dist(*piece))
    return (x0 + x1) / 2 + arrow.shift[0], (y0 + y1) / 2 + arrow.shift[1]


def _label(arrow: Arrow) -> list[str]:
    x, y = middle(arrow)
    lines = arrow.text.split("\n")
    wide = max(width(line, arrow.size) for line in lines) + 6
    high = text_height(len(lines), arrow.size)
    back = f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2 - 1:.1f}" width="{wide:.1f}" height="{high + 2:.1f}" fill="#ffffff" fill-opacity="0.92"/>'
    return [back, *_lines(lines, x - wide / 2, y - high / 2, wide, arrow.size, INK, bold=False, align="centre")]  # fmt: skip
