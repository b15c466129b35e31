"""The colours of a poster, for pages in light and in dark. Pure."""

import colorsys
from collections.abc import Mapping

from puls.ui.posters.shapes import Ink, Poster

Scheme = str  # "light" or "dark"
Colour = tuple[int, int, int]
_FULL = 255


def colours(poster: Poster, *, is_dark: bool) -> Mapping[Ink | str, Colour]:
    """By ink, and `ground`: red, green, blue from 0 to 255."""
    hue, spark = poster.hue, poster.spark
    if is_dark:
        return {
            "ground": _rgb(hue, 42, 19),
            "tone": _rgb(hue, 40, 30),
            "deep": _rgb(hue, 48, 56),
            "cream": _rgb(hue + 30, 35, 84),
            "spark": _rgb(spark, 52, 60),
        }
    return {
        "ground": _rgb(hue, 68, 84),
        "tone": _rgb(hue, 58, 72),
        "deep": _rgb(hue, 52, 36),
        "cream": _rgb(hue + 30, 85, 97),
        "spark": _rgb(spark, 66, 56),
    }


def _rgb(hue: float, saturation: float, lightness: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, lightness / 100, saturation / 100)
    return round(red * _FULL), round(green * _FULL), round(blue * _FULL)
