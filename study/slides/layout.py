"""A slide as a scene of 960 by 540 points. What does not fit is refused here, not found by the audience. Pure."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from study.drawings.look import (
    ACCENT,
    ACCENT_STRONG,
    ACCENT_WASH,
    CARD,
    INK,
    LINE,
    PLAIN_WASH,
    SOFT,
    wrapped,
)  # fmt: skip
from study.drawings.scene import Box, Grid, Picture, Scene, Shape, Words, moved
from study.figures.figure import StudyError
from study.slides.deck import Slide

WIDE, HIGH = 960.0, 540.0
_LEFT, _TOP, _BOTTOM = 48.0, 98.0, 494.0
_ROOM = WIDE - 2 * _LEFT
_LEADING = 1.22


def laid_out(slide: Slide, number: int, *, edition: str, album: Mapping[str, Scene], pictures: Path) -> Scene:  # fmt: skip
    """The scene of a slide. Raises StudyError when its words need more room than there is."""
    if slide.kind == "cover":
        return _cover(slide, edition)
    shapes = _head(slide, number, edition)
    match slide.kind:
        case "bullets":
            shapes += _bullets(slide)
        case "figures":
            shapes += _figures(slide, _TOP, _BOTTOM) if not slide.bullets else _figures_and_words(slide)  # fmt: skip
        case "table":
            shapes += _table(slide)
        case "drawing":
            shapes += _drawing(slide, album)
        case "pictures":
            shapes += _pictures(slide, pictures)
        case "columns":
            shapes += _columns(slide)
    return Scene(width=WIDE, height=HIGH, alt=slide.title, shapes=shapes)


def _cover(slide: Slide, edition: str) -> Scene:
    return Scene(
        width=WIDE,
        height=HIGH,
        alt=slide.title,
        shapes=[
            Box(x=0, y=0, w=18, h=HIGH, fill=ACCENT, edge=ACCENT, radius=0),
            Words(x=90, y=170, w=780, h=110, text=slide.title, size=46, bold=True, ink=ACCENT_STRONG, is_title=True),
            Words(x=90, y=295, w=780, h=60, text=slide.subtitle, size=22, ink=INK),
            Words(x=90, y=470, w=780, h=20, text=edition, size=13, ink=SOFT),
        ],
    )  # fmt: skip


def _head(slide: Slide, number: int, edition: str) -> list[Shape]:
    lines = wrapped(slide.title, 27, _ROOM, bold=True)
    if len(lines) > 1:
        raise StudyError(f"slide {number}: the title takes {len(lines)} lines")
    foot = slide.foot or "Chiffres : docs/etude/chiffres.md"
    return [
        Box(x=_LEFT, y=28, w=40, h=4, fill=ACCENT, edge=ACCENT, radius=0),
        Words(x=_LEFT, y=42, w=_ROOM, h=40, text=slide.title, size=27, bold=True, ink=ACCENT_STRONG, is_title=True),
        Words(x=_LEFT, y=511, w=340, h=16, text=edition, size=10, ink=SOFT),
        Words(x=_LEFT + 330, y=511, w=440, h=16, text=foot, size=10, ink=SOFT),
        Words(x=WIDE - _LEFT - 70, y=511, w=70, h=16, text=str(number), size=10, ink=SOFT, align="right"),
    ]  # fmt: skip


def _lines(text: str, size: float, room: float) -> int:
    return len(wrapped(text.replace("**", ""), size, room * 0.97))


def _list(items: list[str], x: float, y: float, w: float, bottom: float, title: str, biggest: float = 22) -> list[Shape]:  # fmt: skip
    for size in (biggest, biggest - 1, biggest - 2, biggest - 3, biggest - 4, biggest - 5, 14.0):
        gap = size * 0.62
        heights = [_lines(item, size, w - 22) * size * _LEADING for item in items]
        if sum(heights) + gap * (len(items) - 1) <= bottom - y:
            break
    else:
        raise StudyError(f"slide « {title} »: the list does not fit")
    shapes: list[Shape] = []
    for item, high in zip(items, heights, strict=True):
        shapes.append(
            Box(x=x, y=y + size * 0.57 - 3.5, w=7, h=7, fill=ACCENT, edge=ACCENT, radius=3.5)
        )
        shapes.append(Words(x=x + 22, y=y, w=w - 22, h=high, text=item, size=size))
        y += high + gap
    return shapes


def _bullets(slide: Slide) -> list[Shape]:
    return _list(slide.bullets, _LEFT, _TOP + 8, _ROOM, _BOTTOM, slide.title)


def _figures(slide: Slide, top: float, bottom: float) -> list[Shape]:
    count = len(slide.figures)
    columns = count if count <= 3 else (count + 1) // 2  # noqa: PLR2004  # three cards fill a row
    rows = -(-count // columns)
    gap = 18.0
    w = (_ROOM - gap * (columns - 1)) / columns
    h = min(178.0, (bottom - top - gap * (rows - 1)) / rows)
    shapes: list[Shape] = []
    for index, (value, what) in enumerate(slide.figures):
        x = _LEFT + (index % columns) * (w + gap)
        y = top + (index // columns) * (h + gap)
        if _lines(what, 15, w - 28) * 15 * _LEADING > h - 66:
            raise StudyError(f"slide « {slide.title} »: « {what} » does not fit its card")
        shapes.append(Box(x=x, y=y, w=w, h=h, fill=CARD, edge=LINE, radius=8))
        shapes.append(Words(x=x + 14, y=y + 12, w=w - 28, h=40, text=value, size=32, bold=True, ink=ACCENT_STRONG))  # fmt: skip
        shapes.append(Words(x=x + 14, y=y + 56, w=w - 28, h=h - 62, text=what, size=15, ink=INK))
    return shapes


def _figures_and_words(slide: Slide) -> list[Shape]:
    high = 122.0 if len(slide.figures) <= 3 else 252.0  # noqa: PLR2004  # three cards fill a row
    cards = _figures(slide, _TOP, _TOP + high)
    return cards + _list(slide.bullets, _LEFT, _TOP + high + 24, _ROOM, _BOTTOM, slide.title, 18)


def _table(slide: Slide) -> list[Shape]:
    widths = [share / sum(slide.widths) for share in slide.widths] if slide.widths else [1 / len(slide.rows[0])] * len(slide.rows[0])  # fmt: skip
    room = _BOTTOM - _TOP - 6
    words: list[Shape] = []
    if slide.bullets:
        room -= 34.0 * len(slide.bullets) + 18
    for size in (19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0):
        grid = Grid(x=_LEFT, y=_TOP, w=_ROOM, rows=slide.rows, widths=widths, size=size, right=slide.right)  # fmt: skip
        if sum(grid.heights()) <= room:
            break
    else:
        raise StudyError(f"slide « {slide.title} »: the table does not fit")
    if slide.bullets:
        words = _list(slide.bullets, _LEFT, _TOP + sum(grid.heights()) + 18, _ROOM, _BOTTOM, slide.title, 18)  # fmt: skip
    return [grid, *words]


def _drawing(slide: Slide, album: Mapping[str, Scene]) -> list[Shape]:
    scene = album[slide.drawing]
    top = _TOP - 4
    bottom = _BOTTOM
    words: list[Shape] = []
    wide = _ROOM
    if slide.bullets:
        wide = 590.0
        words = _list(slide.bullets, _LEFT + wide + 24, top + 10, _ROOM - wide - 24, bottom, slide.title, 18)  # fmt: skip
    scale = min(wide / scene.width, (bottom - top) / scene.height)
    if scale < 0.75:  # noqa: PLR2004  # the smallest words of a drawing, a tenth of an inch, can still be read
        raise StudyError(f"slide « {slide.title} »: the drawing would be too small to read")
    x = _LEFT + (wide - scene.width * scale) / 2
    y = top + 8 if slide.bullets else top + (bottom - top - scene.height * scale) / 2
    back = Box(x=x - 6, y=y - 6, w=scene.width * scale + 12, h=scene.height * scale + 12, fill=CARD, edge=LINE, radius=8)  # fmt: skip
    return [back, *moved(scene, x, y, scale), *words]


def _pictures(slide: Slide, folder: Path) -> list[Shape]:
    shapes: list[Shape] = []
    gap = 24.0
    sizes = []
    for name, _ in slide.pictures:
        with Image.open(folder / name) as image:
            sizes.append((image.width, image.height))
    high = _BOTTOM - _TOP - 40
    total = sum(w / h * high for w, h in sizes) + gap * (len(sizes) - 1)
    if total > _ROOM:
        high *= (_ROOM - gap * (len(sizes) - 1)) / (total - gap * (len(sizes) - 1))
        total = _ROOM
    x = _LEFT + (_ROOM - total) / 2
    top = _TOP + (_BOTTOM - _TOP - high - 40) / 2
    for (name, words), (w, h) in zip(slide.pictures, sizes, strict=True):
        wide = w / h * high
        shapes.append(Box(x=x - 1, y=top - 1, w=wide + 2, h=high + 2, fill=CARD, edge=LINE, radius=0))  # fmt: skip
        shapes.append(Picture(x=x, y=top, w=wide, h=high, file=folder / name, alt=words))
        shapes.append(Words(x=x, y=top + high + 8, w=wide, h=34, text=words, size=14, ink=SOFT))
        x += wide + gap
    return shapes


def _columns(slide: Slide) -> list[Shape]:
    gap = 24.0
    w = (_ROOM - gap * (len(slide.columns) - 1)) / len(slide.columns)
    shapes: list[Shape] = []
    for index, (head, items) in enumerate(slide.columns):
        x = _LEFT + index * (w + gap)
        shapes.append(Box(x=x, y=_TOP, w=w, h=_BOTTOM - _TOP, fill=ACCENT_WASH if index == 0 else PLAIN_WASH, edge=LINE, radius=8))  # fmt: skip
        shapes.append(Words(x=x + 16, y=_TOP + 14, w=w - 32, h=26, text=head, size=21, bold=True, ink=ACCENT_STRONG))  # fmt: skip
        shapes += _list(items, x + 16, _TOP + 60, w - 32, _BOTTOM - 12, slide.title, 21)
    return shapes
