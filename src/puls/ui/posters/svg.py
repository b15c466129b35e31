"""A poster as SVG: a kilobyte or two, light and dark in one file, no script, no letter. Pure."""

from puls.ui.posters.colours import colours
from puls.ui.posters.shapes import HEIGHT, WIDTH, Disc, Patch, Point, Poster, Shape, Stroke

_SHORT = {"tone": "t", "deep": "d", "cream": "c", "spark": "s"}


def svg_of(poster: Poster) -> str:
    """One document; a page in dark shows its dark colours."""
    shapes = "".join(_written(shape) for shape in poster.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        f"<style>{_style(poster, is_dark=False)}@media(prefers-color-scheme:dark){{{_style(poster, is_dark=True)}}}"
        "polyline{fill:none!important;stroke-linecap:round;stroke-linejoin:round}</style>"
        f'<path class="g" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>{shapes}</svg>'
    )


def _style(poster: Poster, *, is_dark: bool) -> str:
    inks = colours(poster, is_dark=is_dark)
    ground = f".g{{fill:#{_hex(inks['ground'])}}}"
    return ground + "".join(
        f".{short}{{fill:#{_hex(inks[ink])};stroke:#{_hex(inks[ink])};stroke-width:0}}"
        for ink, short in _SHORT.items()
    )


def _hex(colour: tuple[int, int, int]) -> str:
    return "".join(f"{part:02x}" for part in colour)


def _written(shape: Shape) -> str:
    ink = _SHORT[shape.ink]
    match shape:
        case Disc(x=x, y=y, radius=radius):
            return f'<circle class="{ink}" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}"/>'
        case Patch(points=points):
            return f'<path class="{ink}" d="M{_line(points)}z"/>'
        case Stroke(points=points, width=width):
            return f'<polyline class="{ink}" style="stroke-width:{width:.0f}" points="{_line(points)}"/>'


def _line(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
