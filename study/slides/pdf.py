"""Scenes as a PDF of slides, set by typst (PDF/UA-1): the same places as in PowerPoint."""

import math
from collections.abc import Sequence
from pathlib import Path

from study.book.pdf import compiled
from study.book.typst_markup import escaped, quoted
from study.drawings.look import ACCENT, CARD, FONT, INK, LINE, PAPER, width
from study.drawings.scene import Arrow, Box, Grid, Picture, Scene, Shape, Words, runs
from study.drawings.svg import middle

_HEAD = """#set document(title: {title}, author: "Équipe Puls")
#set page(width: 960pt, height: 540pt, margin: 0pt, fill: rgb("{paper}"))
#set text(font: "{font}", lang: "fr", region: "fr", hyphenate: false, fill: rgb("{ink}"))
#set text(top-edge: "ascender", bottom-edge: "descender")
#set par(leading: 0.06em, spacing: 0.06em)
#show heading: it => it.body
#let at(x, y, body) = place(top + left, dx: x, dy: y, body)
"""


def slides_pdf(root: Path, scenes: Sequence[Scene], target: Path, *, title: str) -> None:
    """Writes `target`, a page per scene."""
    head = _HEAD.format(title=quoted(title), paper=PAPER, font=FONT, ink=INK)
    pages = ["\n".join(_shape(shape, root) for shape in scene.shapes) for scene in scenes]
    compiled(root, head + "\n#pagebreak()\n".join(pages), target)


def _shape(shape: Shape, root: Path) -> str:
    match shape:
        case Box():
            return _box(shape)
        case Words():
            return _at(shape.x, shape.y, _block(shape))
        case Arrow():
            return _arrow(shape)
        case Picture():
            file = "/" + str(shape.file.resolve().relative_to(root.resolve()))
            return _at(shape.x, shape.y, f"image({quoted(file)}, width: {shape.w:.2f}pt, height: {shape.h:.2f}pt, alt: {quoted(shape.alt)})")  # fmt: skip
        case Grid():
            return _grid(shape)


def _at(x: float, y: float, body: str) -> str:
    return f"#at({x:.2f}pt, {y:.2f}pt, {body})"


def _rich(text: str) -> str:
    return "".join(f"#strong[{escaped(part)}];" if bold else escaped(part) for part, bold in runs(text))  # fmt: skip


def _block(words: Words) -> str:
    weight = 700 if words.bold else 400
    inner = f'#set align({_side(words.align)})\n#text(size: {words.size:.2f}pt, weight: {weight}, fill: rgb("{words.ink}"))[{_rich(words.text)}]'
    if words.is_title:
        inner = f"#heading(level: 1)[{inner}]"
    return f"block(width: {words.w:.2f}pt, height: {words.h:.2f}pt)[{inner}]"


def _side(align: str) -> str:
    return {"left": "left", "centre": "center", "right": "right"}[align]


def _box(box: Box) -> str:
    dash = ', dash: "dashed"' if box.dashed else ""
    stroke = f'(paint: rgb("{box.edge}"), thickness: 0.75pt{dash})'
    parts = []
    if box.text:
        weight = 700 if box.bold else 400
        parts.append(f"#text(size: {box.size:.2f}pt, weight: {weight})[{escaped(box.text)}]")
    if box.detail:
        parts.append(f"#text(size: {box.size - 1.5:.2f}pt)[{escaped(box.detail)}]")
    inner = " \\\n".join(parts)
    side = f"{_side(box.align)} + {'top' if box.top else 'horizon'}"
    body = f'[#set align({side})\n#set text(fill: rgb("{box.ink}"))\n{inner}]' if parts else "[]"
    return _at(box.x, box.y, f'rect(width: {box.w:.2f}pt, height: {box.h:.2f}pt, radius: {min(box.radius, box.w / 2, box.h / 2):.2f}pt, inset: 3pt, fill: rgb("{box.fill}"), stroke: {stroke}, {body})')  # fmt: skip


def _arrow(arrow: Arrow) -> str:
    parts = []
    dash = ', dash: "dashed"' if arrow.dashed else ""
    if arrow.thick:
        for (x0, y0), (x1, y1) in zip(arrow.points, arrow.points[1:], strict=False):
            parts.append(f'#place(top + left, line(start: ({x0:.2f}pt, {y0:.2f}pt), end: ({x1:.2f}pt, {y1:.2f}pt), stroke: (paint: rgb("{arrow.ink}"), thickness: {arrow.thick:g}pt{dash})))')  # fmt: skip
        if arrow.head:
            parts.append(_head(arrow))
    if arrow.text:
        x, y = middle(arrow)
        w, h = width(arrow.text, arrow.size) + 10, arrow.size * 1.3
        parts.append(_at(x - w / 2, y - h / 2, f'block(width: {w:.2f}pt, height: {h:.2f}pt, fill: rgb("{CARD}"))[#set align(center + horizon)\n#text(size: {arrow.size:.2f}pt)[{escaped(arrow.text)}]]'))  # fmt: skip
    return "\n".join(parts)


def _head(arrow: Arrow) -> str:
    (x0, y0), (x1, y1) = arrow.points[-2], arrow.points[-1]
    angle = math.atan2(y1 - y0, x1 - x0)
    corners = [(x1, y1)] + [(x1 + 7 * math.cos(angle + turn), y1 + 7 * math.sin(angle + turn)) for turn in (2.7, -2.7)]  # fmt: skip
    points = ", ".join(f"({x:.2f}pt, {y:.2f}pt)" for x, y in corners)
    return f'#place(top + left, polygon(fill: rgb("{arrow.ink}"), {points}))'


def _grid(grid: Grid) -> str:
    widths = ", ".join(f"{grid.w * share:.2f}pt" for share in grid.widths)
    heights = ", ".join(f"{high:.2f}pt" for high in grid.heights())
    sides = ", ".join("right" if index in grid.right else "left" for index in range(len(grid.widths)))  # fmt: skip
    head = ", ".join(f'[#text(fill: rgb("{CARD}"), weight: 700)[{escaped(cell) or "~"}]]' for cell in grid.rows[0])  # fmt: skip
    cells = ", ".join(f"[{_rich(cell)}]" for row in grid.rows[1:] for cell in row)
    table = (
        f"table(columns: ({widths},), rows: ({heights},), align: (x, y) => ({sides},).at(x) + horizon, inset: (x: 5pt, y: 2pt), "
        f'stroke: (x, y) => (bottom: 0.5pt + rgb("{LINE}")), fill: (x, y) => if y == 0 {{ rgb("{ACCENT}") }} else if calc.odd(y) {{ rgb("{CARD}") }} else {{ rgb("#f6f3ef") }}, '
        f"table.header({head}), {cells})"
    )
    return _at(grid.x, grid.y, f"block(width: {grid.w:.2f}pt)[#set text(size: {grid.size:.2f}pt)\n#{table}]")  # fmt: skip
