"""What is drawn for each kind of event. Pure: chance in, shapes out; the same chance draws the same."""

from collections.abc import Callable, Mapping
from math import cos, radians, sin

from puls.catalogue.event import Category
from puls.ui.posters.shapes import (
    HEIGHT,
    WIDTH,
    Chance,
    Disc,
    Ink,
    Patch,
    Shape,
    Stroke,
    arc,
    box,
    hill,
    ring,
    wave,
)

_INKS: tuple[Ink, ...] = ("deep", "cream", "spark", "tone")
Shapes = list[Shape]


def _concert(chance: Chance) -> Shapes:
    x = chance.between(110, 370)
    y = chance.between(95, 150)
    shapes: Shapes = [Disc(x, y, 100, "deep")]
    shapes += [ring(x, y, radius, 2, "tone") for radius in (88, 74, 60)]
    shapes += [Disc(x, y, 38, "spark"), Disc(x, y, 7, "cream")]
    step = 30
    shapes += [
        Stroke(((at, HEIGHT + 12), (at, HEIGHT - chance.between(12, 120))), 14, "cream")
        for at in range(15, WIDTH, step)
        if abs(at - x) > 40  # noqa: PLR2004 # the record stays whole
    ]
    return shapes


def _festival(chance: Chance) -> Shapes:
    shapes: Shapes = [Disc(chance.between(120, 360), HEIGHT + 20, 130, "tone")]
    for row, y in enumerate((26, 84)):
        drop = chance.between(30, 60)
        line = [(x, y + drop * (1 - ((x - 240) / 260) ** 2)) for x in range(-20, 501, 40)]
        shapes.append(Stroke(tuple(line), 3, "deep"))
        shapes += [
            Patch(((x - 15, top), (x + 15, top), (x, top + 34)), _INKS[(at + row) % 3])
            for at, (x, top) in enumerate(line)
        ]
    shapes += [
        Disc(chance.between(0, WIDTH), chance.between(140, HEIGHT), chance.between(3, 8), _INKS[at % 3])
        for at in range(22)
    ]
    return shapes


def _theatre(chance: Chance) -> Shapes:
    middle = chance.between(190, 290)
    folds = 5
    width = chance.between(24, 32)
    shapes: Shapes = [
        Patch(((middle - 18, 0), (middle + 18, 0), (middle + 105, 215), (middle - 105, 215)), "cream"),
        box(0, 215, WIDTH, 40, "deep"),
        Patch(_oval(middle, 218, 92, 16), "spark"),
    ]
    for at in range(folds):
        ink: Ink = "tone" if at % 2 else "deep"
        lower = HEIGHT - 40 + (folds - at) * 7
        for left in (at * width, WIDTH - (at + 1) * width):
            shapes.append(box(left, 0, width, lower, ink))
            shapes.append(Disc(left + width / 2, lower, width / 2, ink))
    mask = Disc(middle, 120, 46, "spark")
    grin = chance.is_heads()
    shapes += [mask, Disc(middle - 15, 110, 6, "deep"), Disc(middle + 15, 110, 6, "deep")]
    shapes.append(arc(middle, 122 if grin else 150, 22, *((25, 155) if grin else (205, 335)), 6, "deep"))
    return shapes


def _dance(chance: Chance) -> Shapes:
    shapes: Shapes = []
    for at, ink in enumerate(("tone", "deep", "spark", "cream")):
        line = wave(50 + at * 48, chance.between(26, 52), chance.between(300, 460), chance.between(0, 1))
        shapes.append(Stroke(line, 26 - at * 3, ink))
    x = chance.between(120, 360)
    shapes += [
        Disc(x, 62, 15, "cream"),
        Stroke(((x, 88), (x + 6, 130), (x - 26, 168), (x - 18, 214)), 13, "cream"),
        Stroke(((x + 6, 130), (x + 52, 152), (x + 88, 140)), 12, "cream"),
        Stroke(((x - 62, 62), (x - 30, 96), (x, 92), (x + 34, 76), (x + 52, 40)), 10, "cream"),
    ]
    return shapes


def _circus(chance: Chance) -> Shapes:
    top = chance.between(190, 290)
    stripes = 9
    edge = [60 + at * (360 / stripes) for at in range(stripes + 1)]
    shapes: Shapes = [
        Patch(((top, 40), (left, 150), (right, 150)), "cream" if at % 2 else "spark")
        for at, (left, right) in enumerate(zip(edge, edge[1:], strict=False))
    ]
    shapes += [
        box(left, 150, right - left, HEIGHT, "tone" if at % 2 else "deep")
        for at, (left, right) in enumerate(zip(edge, edge[1:], strict=False))
    ]
    shapes += [
        Disc((left + right) / 2, 150, (right - left) / 2, "cream" if at % 2 else "spark")
        for at, (left, right) in enumerate(zip(edge, edge[1:], strict=False))
    ]
    shapes += [Stroke(((top, 40), (top, 12)), 4, "deep"), Patch(((top, 10), (top + 34, 19), (top, 28)), "deep")]
    begin = chance.between(195, 215)
    shapes += [
        Disc(240 + 205 * cos(radians(begin + at * 26)), 165 + 130 * sin(radians(begin + at * 26)), 11, _INKS[at % 3])
        for at in range(6)
    ]
    return shapes


def _comedy(chance: Chance) -> Shapes:
    x = chance.between(190, 290)
    side = 1 if chance.is_heads() else -1
    shapes: Shapes = [
        Disc(x - side * 170, 60, 46, "tone"),
        Disc(x + side * 165, 205, 60, "tone"),
        Disc(x, 116, 96, "cream"),
        Patch(((x + side * 40, 190), (x + side * 84, 168), (x + side * 96, 240)), "cream"),
    ]
    eye: Ink = "deep"
    if chance.is_heads():
        shapes += [Disc(x - 32, 92, 11, eye), Disc(x + 32, 92, 11, eye)]
    else:
        shapes += [arc(x - 32, 96, 14, 200, 340, 7, eye), arc(x + 32, 96, 14, 200, 340, 7, eye)]
    mouth = tuple((x + 54 * cos(radians(at)), 118 + 54 * sin(radians(at))) for at in range(0, 181, 12))
    shapes += [Patch(mouth, "spark"), Stroke(((x - 54, 118), (x + 54, 118)), 6, eye)]
    return shapes


def _exhibition(chance: Chance) -> Shapes:
    shapes: Shapes = [box(0, 205, WIDTH, 50, "tone")]
    x = 28.0
    while x < WIDTH - 60:
        width, height = chance.between(78, 132), chance.between(96, 150)
        top = 190 - height - chance.between(4, 26)
        width = min(width, WIDTH - 24 - x)
        shapes += [box(x, top, width, height, "deep"), box(x + 7, top + 7, width - 14, height - 14, "cream")]
        shapes += _picture(chance, x + 12, top + 12, width - 24, height - 24)
        x += width + 22
    return shapes


def _picture(chance: Chance, x: float, y: float, width: float, height: float) -> Shapes:
    """A small work within a frame."""
    middle_x, middle_y, half = x + width / 2, y + height / 2, min(width, height) / 2
    match chance.whole(0, 3):
        case 0:
            return [Disc(middle_x, middle_y, half * 0.8, "spark"), Disc(middle_x, middle_y, half * 0.4, "deep")]
        case 1:
            return [
                box(x, y, width, height, "tone"),
                Disc(middle_x, y + height * 0.42, half * 0.45, "spark"),
                Patch(((x, y + height), (middle_x, y + height * 0.5), (x + width, y + height)), "deep"),
            ]
        case 2:
            stripes = 4
            return [
                box(x, y + at * height / stripes, width, height / stripes, _INKS[(at * 2) % 4])
                for at in range(stripes)
            ]
        case _:
            return [
                box(x, y, width / 2, height * 0.6, "spark"),
                box(middle_x, y, width / 2, height * 0.3, "deep"),
                box(x, y + height * 0.6, width, height * 0.4, "tone"),
            ]


def _cinema(chance: Chance) -> Shapes:
    y = chance.between(60, 110)
    is_left = chance.is_heads()
    lens, far = (86, WIDTH + 10) if is_left else (WIDTH - 86, -10)
    side = 1 if is_left else -1
    shapes: Shapes = [
        Patch(((lens, y - 12), (far, y - 70), (far, y + 110), (lens, y + 12)), "cream"),
        box(lens - 46 - side * 26, y - 30, 92, 62, "deep"),
        Disc(lens - side * 52, y - 48, 30, "deep"),
        Disc(lens + side * 6, y - 44, 24, "deep"),
        Disc(lens - side * 52, y - 48, 9, "spark"),
        Disc(lens + side * 6, y - 44, 7, "spark"),
        Disc(lens + side * 22, y, 16, "spark"),
        box(0, 196, WIDTH, 60, "deep"),
    ]
    shift = chance.between(0, 20)
    shapes += [box(at + shift, 202, 14, 9, "cream") for at in range(-24, WIDTH, 30)]
    shapes += [box(at + shift, 239, 14, 9, "cream") for at in range(-24, WIDTH, 30)]
    shapes += [box(at + shift, 216, 62, 18, _INKS[(at // 75) % 2 + 2]) for at in range(-75, WIDTH, 75)]
    return shapes


def _workshop(chance: Chance) -> Shapes:
    shapes: Shapes = [box(0, 168, WIDTH, 90, "tone")]
    for at in range(5):
        size, x = chance.between(52, 84), 12 + at * 96 + chance.between(-8, 14)
        ink: Ink = _INKS[(at + chance.whole(0, 1)) % 3]
        shapes.append(box(x, chance.between(112, 150), size, size, ink, turn=chance.between(-30, 30)))
    for pencil in range(2):
        x, lean = 130 + pencil * 190 + chance.between(-40, 40), chance.between(-46, 46)
        top, foot, tip = (x + lean, 14), (x, 130), (x - lean * 0.28, 163)
        shapes += [
            Patch(((top[0] - 13, 14), (top[0] + 13, 14), (foot[0] + 13, 130), (foot[0] - 13, 130)), ("spark", "deep")[pencil]),  # type: ignore[arg-type] # inks
            Patch(((foot[0] - 13, 130), (foot[0] + 13, 130), tip), "cream"),
            Stroke((tip, (tip[0] + 1, 158)), 6, "deep"),
        ]
    shift = chance.between(0, 20)
    line = tuple((at, 214 + 11 * sin((at + shift) / 19)) for at in range(60, 421, 10))
    return [*shapes, Stroke(line, 9, "deep")]


def _visit(chance: Chance) -> Shapes:
    shapes: Shapes = [Disc(chance.between(80, 400), 66, 40, "spark")]
    x, at = -10.0, 0
    while x < WIDTH:
        width, top = chance.between(62, 96), chance.between(96, 140)
        wall: Ink = "deep" if at % 2 == 0 else "tone"
        door: Ink = "cream" if at % 2 == 0 else "deep"
        shapes += [box(x, top, width, HEIGHT, wall), Patch(((x - 4, top), (x + width + 4, top), (x + width / 2, top - 34)), wall)]
        shapes += [Disc(x + width / 2, top + 62, width * 0.27, door), box(x + width * 0.23, top + 62, width * 0.54, HEIGHT, door)]
        shapes.append(Disc(x + width / 2, top + 16, 8, door))
        x, at = x + width + 4, at + 1
    return shapes


def _walk(chance: Chance) -> Shapes:
    shapes: Shapes = [
        Disc(chance.between(90, 390), 74, 42, "spark"),
        hill(140, 26, chance.between(300, 420), chance.between(0, 1), "tone"),
        hill(180, 22, chance.between(260, 380), chance.between(0, 1), "deep"),
    ]
    shift, length = chance.between(0, 1), chance.between(200, 300)
    path = [(x, 226 + 14 * sin(6.28 * (x / length + shift))) for x in range(0, WIDTH, 26)]
    shapes += [Stroke(((x, y), (x + 13, y + 1)), 6, "cream") for x, y in path]
    for _ in range(4):
        x, y = chance.between(20, 460), chance.between(150, 178)
        shapes += [Stroke(((x, y + 34), (x, y)), 5, "cream"), Disc(x, y - 6, chance.between(12, 20), "cream")]
    return shapes


def _conference(chance: Chance) -> Shapes:
    shapes: Shapes = []
    for at in range(3):
        x, y = 40 + at * 135 + chance.between(-14, 14), 34 + (at % 2) * 74 + chance.between(-12, 12)
        width, height = chance.between(124, 150), chance.between(74, 96)
        ink, line = (("deep", "cream"), ("cream", "deep"), ("spark", "cream"))[at]
        tail = x + width * (0.25 if chance.is_heads() else 0.7)
        shapes += [
            _rounded(x, y, width, height, ink),
            Patch(((tail, y + height), (tail + 30, y + height), (tail + 6, y + height + 30)), ink),
        ]
        shapes += [
            Stroke(((x + 14, y + 26 + row * 22), (x + width * chance.between(0.5, 0.85), y + 26 + row * 22)), 7, line)
            for row in range(int(height // 30))
        ]
    return shapes


def _reading(chance: Chance) -> Shapes:
    x, y, lean = 240 + chance.between(-50, 50), chance.between(84, 104), chance.between(14, 26)
    shapes: Shapes = [
        Patch(((x, y), (x - 122, y - lean), (x - 122, y + 96 - lean), (x, y + 104)), "cream"),
        Patch(((x, y), (x + 122, y - lean), (x + 122, y + 96 - lean), (x, y + 104)), "cream"),
        Stroke(((x - 124, y + 100 - lean), (x, y + 110), (x + 124, y + 100 - lean)), 9, "deep"),
        Stroke(((x, y), (x, y + 104)), 3, "tone"),
    ]
    for row in range(4):
        below = y + 14 + row * 20
        end = 96 * chance.between(0.6, 1)
        shapes += [
            Stroke(((x - 14, below), (x - 14 - end, below - lean * end / 122)), 4, "tone"),
            Stroke(((x + 14, below), (x + 14 + end, below - lean * end / 122)), 4, "tone"),
        ]
    shapes += [
        Disc(x + chance.between(-150, 150), y - chance.between(34, 74), chance.between(5, 16), _INKS[at % 3])
        for at in range(9)
    ]
    return [*shapes, box(0, 232, WIDTH, 22, "deep")]


def _game(chance: Chance) -> Shapes:
    shapes: Shapes = [
        box(column * 60, row * 63, 60, 63, "tone")
        for column in range(8)
        for row in range(4)
        if (column + row) % 2
    ]
    for x, ink, pip in ((120, "cream", "deep"), (330, "spark", "cream")):
        left, y, turn = x + chance.between(-40, 20), chance.between(56, 110), chance.between(-28, 28)
        size = 88
        shapes.append(box(left - size / 2, y - size / 2 + 20, size, size, ink, turn=turn))  # type: ignore[arg-type] # inks, both
        for a, b in _PIPS[chance.whole(0, 4)]:
            c, s = cos(radians(turn)), sin(radians(turn))
            shapes.append(Disc(left + (a * c - b * s) * 24, y + 20 + (a * s + b * c) * 24, 8, pip))  # type: ignore[arg-type] # an ink
    return shapes


_PIPS = (
    ((0, 0),),
    ((-1, -1), (1, 1)),
    ((-1, -1), (0, 0), (1, 1)),
    ((-1, -1), (1, -1), (-1, 1), (1, 1)),
    ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
)


def _sport(chance: Chance) -> Shapes:
    x = 0 if chance.is_heads() else WIDTH
    shapes: Shapes = [ring(x, HEIGHT + 10, radius, 24, ink) for radius, ink in ((320, "tone"), (264, "deep"), (208, "tone"), (152, "deep"))]  # type: ignore[arg-type] # inks
    shapes += [ring(x, HEIGHT + 10, radius, 4, "cream") for radius in (292, 236, 180)]
    ball_x, ball_y = abs(x - chance.between(350, 420)), chance.between(56, 92)
    shapes += [Disc(ball_x, ball_y, 42, "spark"), arc(ball_x, ball_y, 42, 30, 150, 4, "cream")]
    shapes += [arc(ball_x - 42, ball_y, 48, -50, 50, 4, "cream"), arc(ball_x + 42, ball_y, 48, 130, 230, 4, "cream")]
    return shapes


def _market(chance: Chance) -> Shapes:
    width = WIDTH / 10
    shapes: Shapes = []
    for at in range(10):
        ink: Ink = "spark" if at % 2 else "cream"
        shapes += [box(at * width, 0, width, 84, ink), Disc((at + 0.5) * width, 84, width / 2, ink)]
    for crate in range(3):
        left = 20 + crate * 152
        fruit = _INKS[(crate + chance.whole(0, 2)) % 3]
        fruit = "tone" if fruit == "deep" else fruit
        shapes += [
            Disc(left + 22 + at * 32 + (row % 2) * 10, 196 - row * 22, 17, fruit)
            for row in range(chance.whole(1, 3))
            for at in range(4 - row)
        ]
        shapes += [box(left, 196, 138, 60, "deep"), box(left, 214, 138, 5, "tone")]
    return shapes


def _party(chance: Chance) -> Shapes:
    x, y = chance.between(150, 330), 108
    begin = chance.between(0, 20)
    shapes: Shapes = [
        Patch(
            (
                (x, y),
                (x + 420 * cos(radians(begin + at * 30)), y + 420 * sin(radians(begin + at * 30))),
                (x + 420 * cos(radians(begin + at * 30 + 14)), y + 420 * sin(radians(begin + at * 30 + 14))),
            ),
            "tone",
        )
        for at in range(12)
    ]
    shapes += [Stroke(((x, -5), (x, 50)), 4, "deep"), Disc(x, y, 70, "deep")]
    for row in range(-2, 3):
        for column in range(-2, 3):
            if row * row + column * column <= 5:  # noqa: PLR2004 # within the ball
                ink = ("cream", "spark", "tone")[chance.whole(0, 2)]
                shapes.append(box(x + column * 24 - 10, y + row * 24 - 10, 20, 20, ink))  # type: ignore[arg-type] # inks
    shapes += [
        Disc(chance.between(0, WIDTH), chance.between(0, HEIGHT), chance.between(3, 7), "cream") for _ in range(14)
    ]
    return shapes


def _other(chance: Chance) -> Shapes:
    shapes: Shapes = [
        Disc(chance.between(0, WIDTH), chance.between(0, HEIGHT), chance.between(40, 90), _INKS[at % 4])
        for at in range(5)
    ]
    shapes += [Stroke(wave(chance.between(60, 200), 20, chance.between(160, 320), chance.between(0, 1)), 8, "cream")]
    return [*shapes, ring(chance.between(120, 360), chance.between(80, 170), 52, 12, "deep")]


def _oval(x: float, y: float, wide: float, high: float) -> tuple[tuple[float, float], ...]:
    return tuple((x + wide * cos(radians(at)), y + high * sin(radians(at))) for at in range(0, 360, 12))


def _rounded(x: float, y: float, width: float, height: float, ink: Ink, *, radius: float = 16) -> Patch:
    corners = ((x + width - radius, y + radius, -90), (x + width - radius, y + height - radius, 0),
               (x + radius, y + height - radius, 90), (x + radius, y + radius, 180))  # fmt: skip
    return Patch(
        tuple(
            (middle_x + radius * cos(radians(begin + at)), middle_y + radius * sin(radians(begin + at)))
            for middle_x, middle_y, begin in corners
            for at in range(0, 91, 30)
        ),
        ink,
    )


MOTIFS: Mapping[Category, Callable[[Chance], Shapes]] = {
    Category.CONCERT: _concert,
    Category.FESTIVAL: _festival,
    Category.THEATRE: _theatre,
    Category.DANCE: _dance,
    Category.CIRCUS: _circus,
    Category.COMEDY: _comedy,
    Category.EXHIBITION: _exhibition,
    Category.CINEMA: _cinema,
    Category.WORKSHOP: _workshop,
    Category.VISIT: _visit,
    Category.WALK: _walk,
    Category.CONFERENCE: _conference,
    Category.READING: _reading,
    Category.GAME: _game,
    Category.SPORT: _sport,
    Category.MARKET: _market,
    Category.PARTY: _party,
    Category.OTHER: _other,
}
