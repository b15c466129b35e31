"""Posters of what happens on a stage, a screen or a dance floor. Pure: chance in, shapes out; the same chance draws the same."""

from itertools import pairwise
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
    oval,
    ring,
    wave,
)


def concert(chance: Chance) -> Shapes:
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


def festival(chance: Chance) -> Shapes:
    shapes: Shapes = [Disc(chance.between(120, 360), HEIGHT + 20, 130, "tone")]
    for row, y in enumerate((26, 84)):
        drop = chance.between(30, 60)
        line = [(x, y + drop * (1 - ((x - 240) / 260) ** 2)) for x in range(-20, 501, 40)]
        shapes.append(Stroke(tuple(line), 3, "deep"))
        shapes += [
            Patch(((x - 15, top), (x + 15, top), (x, top + 34)), INKS[(at + row) % 3])
            for at, (x, top) in enumerate(line)
        ]
    shapes += [
        Disc(
            chance.between(0, WIDTH),
            chance.between(140, HEIGHT),
            chance.between(3, 8),
            INKS[at % 3],
        )
        for at in range(22)
    ]
    return shapes


def theatre(chance: Chance) -> Shapes:
    middle = chance.between(190, 290)
    folds = 5
    width = chance.between(24, 32)
    shapes: Shapes = [
        Patch(
            ((middle - 18, 0), (middle + 18, 0), (middle + 105, 215), (middle - 105, 215)), "cream"
        ),
        box(0, 215, WIDTH, 40, "deep"),
        Patch(oval(middle, 218, 92, 16), "spark"),
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
    shapes.append(
        arc(middle, 122 if grin else 150, 22, *((25, 155) if grin else (205, 335)), 6, "deep")
    )
    return shapes


def dance(chance: Chance) -> Shapes:
    shapes: Shapes = []
    inks: tuple[Ink, ...] = ("tone", "deep", "spark", "cream")
    for at, ink in enumerate(inks):
        line = wave(
            50 + at * 48, chance.between(26, 52), chance.between(300, 460), chance.between(0, 1)
        )
        shapes.append(Stroke(line, 26 - at * 3, ink))
    x = chance.between(120, 360)
    shapes += [
        Disc(x, 62, 15, "cream"),
        Stroke(((x, 88), (x + 6, 130), (x - 26, 168), (x - 18, 214)), 13, "cream"),
        Stroke(((x + 6, 130), (x + 52, 152), (x + 88, 140)), 12, "cream"),
        Stroke(((x - 62, 62), (x - 30, 96), (x, 92), (x + 34, 76), (x + 52, 40)), 10, "cream"),
    ]
    return shapes


def circus(chance: Chance) -> Shapes:
    top = chance.between(190, 290)
    stripes = 9
    edge = [60 + at * (360 / stripes) for at in range(stripes + 1)]
    shapes: Shapes = [
        Patch(((top, 40), (left, 150), (right, 150)), "cream" if at % 2 else "spark")
        for at, (left, right) in enumerate(pairwise(edge))
    ]
    shapes += [
        box(left, 150, right - left, HEIGHT, "tone" if at % 2 else "deep")
        for at, (left, right) in enumerate(pairwise(edge))
    ]
    shapes += [
        Disc((left + right) / 2, 150, (right - left) / 2, "cream" if at % 2 else "spark")
        for at, (left, right) in enumerate(pairwise(edge))
    ]
    shapes += [
        Stroke(((top, 40), (top, 12)), 4, "deep"),
        Patch(((top, 10), (top + 34, 19), (top, 28)), "deep"),
    ]
    begin = chance.between(195, 215)
    shapes += [
        Disc(
            240 + 205 * cos(radians(begin + at * 26)),
            165 + 130 * sin(radians(begin + at * 26)),
            11,
            INKS[at % 3],
        )
        for at in range(6)
    ]
    return shapes


def comedy(chance: Chance) -> Shapes:
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
    mouth = tuple(
        (x + 54 * cos(radians(at)), 118 + 54 * sin(radians(at))) for at in range(0, 181, 12)
    )
    shapes += [Patch(mouth, "spark"), Stroke(((x - 54, 118), (x + 54, 118)), 6, eye)]
    return shapes


def cinema(chance: Chance) -> Shapes:
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
    shapes += [
        box(at + shift, 216, 62, 18, INKS[(at // 75) % 2 + 2]) for at in range(-75, WIDTH, 75)
    ]
    return shapes


def party(chance: Chance) -> Shapes:
    x, y = chance.between(150, 330), 108
    begin = chance.between(0, 20)
    shapes: Shapes = [
        Patch(
            (
                (x, y),
                (x + 420 * cos(radians(begin + at * 30)), y + 420 * sin(radians(begin + at * 30))),
                (
                    x + 420 * cos(radians(begin + at * 30 + 14)),
                    y + 420 * sin(radians(begin + at * 30 + 14)),
                ),
            ),
            "tone",
        )
        for at in range(12)
    ]
    shapes += [Stroke(((x, -5), (x, 50)), 4, "deep"), Disc(x, y, 70, "deep")]
    for row in range(-2, 3):
        for column in range(-2, 3):
            if row * row + column * column <= 5:  # noqa: PLR2004 # within the ball
                ink: Ink = INKS[chance.whole(1, 3)]
                shapes.append(box(x + column * 24 - 10, y + row * 24 - 10, 20, 20, ink))
    shapes += [
        Disc(chance.between(0, WIDTH), chance.between(0, HEIGHT), chance.between(3, 7), "cream")
        for _ in range(14)
    ]
    return shapes
