"""Scenes as a PowerPoint file: native shapes, text and tables that can be edited, titles as titles, notes, words for pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from study.drawings.look import ACCENT, CARD, INK, PAPER, width
from study.drawings.scene import Arrow, Box, Grid, Picture, Scene, Shape, Words, runs
from study.drawings.svg import middle

_FONT = "Arial"
_ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_TITLE_ONLY = 5  # of python-pptx's own template


def powerpoint(scenes: Sequence[tuple[Scene, str]], target: Path, *, title: str) -> None:
    """Writes `target`. Each scene comes with what is said."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(960), Pt(540)
    deck.core_properties.title, deck.core_properties.author = title, "Équipe Puls"
    deck.core_properties.language = "fr-FR"
    for scene, notes in scenes:
        slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _colour(PAPER)
        for shape in scene.shapes:
            _draw(slide, shape)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    target.parent.mkdir(parents=True, exist_ok=True)
    deck.save(str(target))


def _draw(slide: Any, shape: Shape) -> None:
    match shape:
        case Box():
            _box(slide, shape)
        case Words():
            _words(slide, shape)
        case Arrow():
            _arrow(slide, shape)
        case Picture():
            picture = slide.shapes.add_picture(str(shape.file), Pt(shape.x), Pt(shape.y), Pt(shape.w), Pt(shape.h))  # fmt: skip
            picture._element.nvPicPr.cNvPr.set("descr", shape.alt)
        case Grid():
            _grid(slide, shape)


def _colour(text: str) -> Any:
    red, green, blue = (int(text[index : index + 2], 16) for index in (1, 3, 5))
    made: Any = RGBColor  # python-pptx is half typed
    return made(red, green, blue)


def _box(slide: Any, box: Box) -> None:
    kind = MSO_SHAPE.ROUNDED_RECTANGLE if box.radius else MSO_SHAPE.RECTANGLE
    shape = slide.shapes.add_shape(kind, Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h))
    if box.radius:
        shape.adjustments[0] = min(0.5, box.radius / min(box.w, box.h))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(box.fill)
    shape.line.color.rgb = _colour(box.edge)
    shape.line.width = Pt(0.75)
    _without_theme(shape)
    if box.dashed:
        shape.line.dash_style = MSO_LINE.DASH
    frame = shape.text_frame
    _margins(frame, 3)
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP if box.top else MSO_ANCHOR.MIDDLE
    if box.text:
        _paragraph(frame.paragraphs[0], [(box.text, box.bold)], box.size, box.ink, box.align)
    if box.detail:
        paragraph = frame.add_paragraph() if box.text else frame.paragraphs[0]
        _paragraph(paragraph, [(box.detail, False)], box.size - 1.5, box.ink, box.align)


def _without_theme(shape: Any) -> None:
    """The theme's shades and shadows are not the product's."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def _words(slide: Any, words: Words) -> None:
    if words.is_title:
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = Pt(words.x), Pt(words.y), Pt(words.w), Pt(words.h)  # fmt: skip
    else:
        shape = slide.shapes.add_textbox(Pt(words.x), Pt(words.y), Pt(words.w), Pt(words.h))
    frame = shape.text_frame
    _margins(frame, 0)
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    pieces = [(text, bold or words.bold) for text, bold in runs(words.text)]
    _paragraph(frame.paragraphs[0], pieces, words.size, words.ink, words.align)


def _paragraph(paragraph: Any, pieces: Sequence[tuple[str, bool]], size: float, ink: str, align: str) -> None:  # fmt: skip
    paragraph.alignment = _ALIGN[align]
    for text, bold in pieces:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(round(size, 1)), bold, _FONT
        run.font.color.rgb = _colour(ink)
        run._r.get_or_add_rPr().set("lang", "fr-FR")


def _margins(frame: Any, points: float) -> None:
    frame.margin_left = frame.margin_right = Pt(points)
    frame.margin_top = frame.margin_bottom = Pt(0)


def _arrow(slide: Any, arrow: Arrow) -> None:
    if arrow.thick:
        last = len(arrow.points) - 2
        for index, ((x0, y0), (x1, y1)) in enumerate(zip(arrow.points, arrow.points[1:], strict=False)):  # fmt: skip
            line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(x0), Pt(y0), Pt(x1), Pt(y1))  # fmt: skip
            line.line.color.rgb = _colour(arrow.ink)
            line.line.width = Pt(arrow.thick)
            _without_theme(line)
            if arrow.dashed:
                line.line.dash_style = MSO_LINE.DASH
            if arrow.head and index == last:
                end = line.line._get_or_add_ln().makeelement(qn("a:tailEnd"), {"type": "triangle"})
                line.line._get_or_add_ln().append(end)
    if arrow.text:
        _label(slide, arrow)


def _label(slide: Any, arrow: Arrow) -> None:
    x, y = middle(arrow)
    w = width(arrow.text, arrow.size) + 10
    h = arrow.size * 1.3
    shape = slide.shapes.add_textbox(Pt(x - w / 2), Pt(y - h / 2), Pt(w), Pt(h))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(CARD)
    _margins(shape.text_frame, 0)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _paragraph(shape.text_frame.paragraphs[0], [(arrow.text, False)], arrow.size, INK, "centre")


def _grid(slide: Any, grid: Grid) -> None:
    heights = grid.heights()
    frame = slide.shapes.add_table(len(grid.rows), len(grid.widths), Pt(grid.x), Pt(grid.y), Pt(grid.w), Pt(sum(heights)))  # fmt: skip
    table = frame.table
    table.horz_banding = False
    for index, share in enumerate(grid.widths):
        table.columns[index].width = Pt(grid.w * share)
    for row, (cells, high) in enumerate(zip(grid.rows, heights, strict=True)):
        table.rows[row].height = Pt(high)
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(ACCENT if row == 0 else CARD if row % 2 else "#f6f3ef")  # fmt: skip
            cell.margin_left = cell.margin_right = Pt(5)
            cell.margin_top = cell.margin_bottom = Pt(2)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            ink = CARD if row == 0 else INK
            pieces = [(part, bold or row == 0) for part, bold in runs(text)] or [("", False)]
            _paragraph(cell.text_frame.paragraphs[0], pieces, grid.size, ink, "right" if column in grid.right else "left")  # fmt: skip
