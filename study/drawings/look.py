"""The product's colours (`src/puls/ui/static/base.css`, light) and the font of pages, pictures and slides. Lengths are points."""

import importlib.util
from functools import cache
from pathlib import Path

from PIL import ImageFont

PAPER, CARD, INK, SOFT = "#faf8f5", "#ffffff", "#1d1a24", "#5a5566"
LINE, EDGE = "#e5dfd7", "#8d8799"
ACCENT, ACCENT_STRONG, ACCENT_WASH = "#b3203f", "#8f1530", "#fbeaed"
GOOD, GOOD_WASH = "#14603a", "#e1f3e8"
CAUTION, CAUTION_WASH = "#744600", "#fcefd3"
WARNING, WARNING_WASH = "#98191b", "#fce6e5"
PLAIN_WASH = "#f1edf4"

# Arimo has the widths of Arial, which PowerPoint knows: what fits here fits there.
FONT = "Arimo"
FONTS = Path(importlib.util.find_spec("fontpkg_arimo").origin or "").parent / "files"  # type: ignore[union-attr]


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FONTS / "Arimo[wght].ttf"), 100)
    font.set_variation_by_axes([700 if bold else 400])
    return font


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in points."""
    return float(_font(bold=bold).getlength(text)) * size / 100


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The lines of a text in a box `room` points wide; a word that is too long stands alone."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width(longer, size, bold=bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]  # noqa: PLR2004  # sRGB
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(front: str, back: str) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    bright, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
