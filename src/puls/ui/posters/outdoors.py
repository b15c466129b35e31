"""Posters of what is looked at, learnt, walked, played or bought. Pure, as those of the stage."""

from math import cos, radians, sin

from puls.ui.posters.shapes import (
    HEIGHT,
    INKS,
    WIDTH,
    Chance,
    Disc,
    Ink,
    Patch,
    Shapes,
    Stroke,
    arc,
    box,
    hill,
    ring,
    rounded,
    wave,
)


def exhibition(chance: Chance) -> Shapes:
    shapes: Shapes = [box(0, 205, WIDTH, 50, "tone")]
    x = 28.0
    while x < WIDTH - 60:
        width, height = chance.between(78, 132), chance.between(96, 150)
        top = 190 - height - chance.between(4, 26)
        width = min(width, WIDTH - 24 - x)
        shapes += [
            box(x, top, width, height, "deep"),
            box(x + 7, top + 7, width - 14, height - 14, "cream"),
        ]
        shapes += _picture(chance, x + 12, top + 12, width - 24, height - 24)
        x += width + 22
    return shapes


def _picture(chance: Chance, x: float, y: float, width: float, height: float) -> Shapes:
    """A small work within a frame."""
    middle_x, middle_y, half = x + width / 2, y + height / 2, min(width, height) / 2
    match chance.whole(0, 3):
        case 0:
            return [
                Disc(middle_x, middle_y, half * 0.8, "spark"),
                Disc(middle_x, middle_y, half * 0.4, "deep"),
            ]
        case 1:
            return [
                box(x, y, width, height, "tone"),
                Disc(middle_x, y + height * 0.42, half * 0.45, "spark"),
                Patch(
                    ((x, y + height), (middle_x, y + height * 0.5), (x + width, y + height)), "deep"
                ),
            ]
        case 2:
            stripes = 4
            return [
                box(x, y + at * height / stripes, width, height / stripes, INKS[(at * 2) % 4])
                for at in range(stripes)
            ]
        case _:
            return [
                box(x, y, width / 2, height * 0.6, "spark"),
                box(middle_x, y, width / 2, height * 0.3, "deep"),
                box(x, y + height * 0.6, width, height * 0.4, "tone"),
            ]


def workshop(chance: Chance) -> Shapes:
    shapes: Shapes = [box(0, 168, WIDTH, 90, "tone")]
    for at in range(5):
        size, x = chance.between(52, 84), 12 + at * 96 + chance.between(-8, 14)
        ink: Ink = INKS[(at + chance.whole(0, 1)) % 3]
        shapes.append(
            box(x, chance.between(112, 150), size, size, ink, turn=chance.between(-30, 30))
        )
    for pencil in range(2):
        x, lean = 130 + pencil * 190 + chance.between(-40, 40), chance.between(-46, 46)
        top, foot, tip = (x + lean, 14), (x, 130), (x - lean * 0.28, 163)
        shapes += [
            Patch(
                ((top[0] - 13, 14), (top[0] + 13, 14), (foot[0] + 13, 130), (foot[0] - 13, 130)),
                ("spark", "deep")[pencil],
            ),
            Patch(((foot[0] - 13, 130), (foot[0] + 13, 130), tip), "cream"),
            Stroke((tip, (tip[0] + 1, 158)), 6, "deep"),
        ]
    shift = chance.between(0, 20)
    line = tuple((at, 214 + 11 * sin((at + shift) / 19)) for at in range(60, 421, 10))
    return [*shapes, Stroke(line, 9, "deep")]


def visit(chance: Chance) -> Shapes:
    shapes: Shapes = [Disc(chance.between(80, 400), 66, 40, "spark")]
    x, at = -10.0, 0
    while x < WIDTH:
        width, top = chance.between(62, 96), chance.between(96, 140)
        wall: Ink = "deep" if at % 2 == 0 else "tone"
        door: Ink = "cream" if at % 2 == 0 else "deep"
        shapes += [
            box(x, top, width, HEIGHT, wall),
            Patch(((x - 4, top), (x + width + 4, top), (x + width / 2, top - 34)), wall),
        ]
        shapes += [
            Disc(x + width / 2, top + 62, width * 0.27, door),
            box(x + width * 0.23, top + 62, width * 0.54, HEIGHT, door),
        ]
        shapes.append(Disc(x + width / 2, top + 16, 8, door))
        x, at = x + width + 4, at + 1
    return shapes


def walk(chance: Chance) -> Shapes:
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
        shapes += [
            Stroke(((x, y + 34), (x, y)), 5, "cream"),
            Disc(x, y - 6, chance.between(12, 20), "cream"),
        ]
    return shapes


_BUBBLES: tuple[tuple[Ink, Ink], ...] = (("deep", "cream"), ("cream", "deep"), ("spark", "cream"))
_DICE: tuple[tuple[float, Ink, Ink], ...] = ((120, "cream", "deep"), (330, "spark", "cream"))
_LANES: tuple[tuple[float, Ink], ...] = ((320, "tone"), (264, "deep"), (208, "tone"), (152, "deep"))


def conference(chance: Chance) -> Shapes:
    shapes: Shapes = []
    for at in range(3):
        x, y = 40 + at * 135 + chance.between(-14, 14), 34 + (at % 2) * 74 + chance.between(-12, 12)
        width, height = chance.between(124, 150), chance.between(74, 96)
        ink, line = _BUBBLES[at]
        tail = x + width * (0.25 if chance.is_heads() else 0.7)
        shapes += [
            rounded(x, y, width, height, ink),
            Patch(((tail, y + height), (tail + 30, y + height), (tail + 6, y + height + 30)), ink),
        ]
        shapes += [
            Stroke(
                (
                    (x + 14, y + 26 + row * 22),
                    (x + width * chance.between(0.5, 0.85), y + 26 + row * 22),
                ),
                7,
                line,
            )
            for row in range(int(height // 30))
        ]
    return shapes


def reading(chance: Chance) -> Shapes:
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
        Disc(
            x + chance.between(-150, 150),
            y - chance.between(34, 74),
            chance.between(5, 16),
            INKS[at % 3],
        )
        for at in range(9)
    ]
    return [*shapes, box(0, 232, WIDTH, 22, "deep")]


def game(chance: Chance) -> Shapes:
    shapes: Shapes = [
        box(column * 60, row * 63, 60, 63, "tone")
        for column in range(8)
        for row in range(4)
        if (column + row) % 2
    ]
    for x, ink, pip in _DICE:
        left, y, turn = (
            x + chance.between(-40, 20),
            chance.between(56, 110),
            chance.between(-28, 28),
        )
        size = 88
        shapes.append(box(left - size / 2, y - size / 2 + 20, size, size, ink, turn=turn))
        for a, b in _PIPS[chance.whole(0, 4)]:
            c, s = cos(radians(turn)), sin(radians(turn))
            shapes.append(Disc(left + (a * c - b * s) * 24, y + 20 + (a * s + b * c) * 24, 8, pip))
    return shapes


_PIPS = (
    ((0, 0),),
    ((-1, -1), (1, 1)),
    ((-1, -1), (0, 0), (1, 1)),
    ((-1, -1), (1, -1), (-1, 1), (1, 1)),
    ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
)


def sport(chance: Chance) -> Shapes:
    x = 0 if chance.is_heads() else WIDTH
    shapes: Shapes = [ring(x, HEIGHT + 10, radius, 24, ink) for radius, ink in _LANES]
    shapes += [ring(x, HEIGHT + 10, radius, 4, "cream") for radius in (292, 236, 180)]
    ball_x, ball_y = abs(x - chance.between(350, 420)), chance.between(56, 92)
    shapes += [Disc(ball_x, ball_y, 42, "spark"), arc(ball_x, ball_y, 42, 30, 150, 4, "cream")]
    shapes += [
        arc(ball_x - 42, ball_y, 48, -50, 50, 4, "cream"),
        arc(ball_x + 42, ball_y, 48, 130, 230, 4, "cream"),
    ]
    return shapes


def market(chance: Chance) -> Shapes:
    width = WIDTH / 10
    shapes: Shapes = []
    for at in range(10):
        ink: Ink = "spark" if at % 2 else "cream"
        shapes += [box(at * width, 0, width, 84, ink), Disc((at + 0.5) * width, 84, width / 2, ink)]
    for crate in range(3):
        left = 20 + crate * 152
        fruit = INKS[(crate + chance.whole(0, 2)) % 3]
        fruit = "tone" if fruit == "deep" else fruit
        shapes += [
            Disc(left + 22 + at * 32 + (row % 2) * 10, 196 - row * 22, 17, fruit)
            for row in range(chance.whole(1, 3))
            for at in range(4 - row)
        ]
        shapes += [box(left, 196, 138, 60, "deep"), box(left, 214, 138, 5, "tone")]
    return shapes


def other(chance: Chance) -> Shapes:
    shapes: Shapes = [
        Disc(
            chance.between(0, WIDTH),
            chance.between(0, HEIGHT),
            chance.between(40, 90),
            INKS[at % 4],
        )
        for at in range(5)
    ]
    shapes += [
        Stroke(
            wave(chance.between(60, 200), 20, chance.between(160, 320), chance.between(0, 1)),
            8,
            "cream",
        )
    ]
    return [*shapes, ring(chance.between(120, 360), chance.between(80, 170), 52, 12, "deep")]
