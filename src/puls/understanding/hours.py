"""Expressions that name hours of a day.

« à partir de 20h », « le soir », « entre midi et deux ». Pure.

Hours count from midnight; 24 is the next midnight and « nuit » runs past it. Enter at
`hours_named`.
"""

import re
from dataclasses import dataclass

from puls.understanding.words import Message

Hours = tuple[float, float]

_CLOCK = r"\d{1,2} ?h(?:eures?)?\d{0,2}(?: ?[ap]m)?"
_TIME = (
    rf"(?:{_CLOCK}(?: (?:du (?:soir|matin)|de l apres midi))?|\d{{1,2}} ?(?:am|pm|uhr|o clock)|"
    r"midi|minuit|noon|midnight|mittag)"
)
_BARE = rf"(?:{_CLOCK}|\d{{1,2}}(?: ?(?:am|pm))?|midi|minuit|noon)"
_AROUND_BEFORE, _AROUND_AFTER = 0.5, 2.0  # « à 20h » finds what starts by then or has just started


@dataclass(frozen=True, slots=True)
class NamedHours:
    """An expression of hours.

    A weak one (« soirée » as a noun) stays in the theme and only narrows one day.
    """

    start: int
    end: int
    hours: Hours
    is_weak: bool = False


_BETWEEN = re.compile(
    rf"(?<!\S)(?:entre|de|from|between|von|entre las) (?P<first>{_BARE}) (?:et|a|to|and|bis|y|"
    rf"jusqu a) (?P<last>{_TIME})(?!\S)"
    rf"|(?<!\S)(?P<only>{_TIME}) (?P<to>{_TIME})(?!\S)"
)
_AFTER = re.compile(
    rf"(?<!\S)(?:a partir de|a partir d|des|(?<!pas )apres(?! midi)|from|after|ab|nach|"
    rf"a partir de las|passe|pas avant|not before) (?P<time>{_TIME})(?!\S)"
)
_BEFORE = re.compile(
    rf"(?<!\S)(?:(?<!pas )avant|jusqu a|(?<!not )before|until|by|vor|pas apres|pas plus tard que|"
    rf"finir avant) (?P<time>{_TIME})(?!\S)"
)
_AT = re.compile(
    rf"(?<!\S)(?:(?:a|vers|at|around|um|gegen|a las|sur les|"
    rf"aux alentours de) )(?P<time>{_TIME})(?: pile| environ)?(?!\S)|"
    rf"(?<!\S)(?P<alone>\d{{1,2}}h\d{{0,2}})(?!\S)"
)

_PARTS: tuple[tuple[re.Pattern[str], Hours], ...] = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), hours)
    for hours, pattern in (
        (
            (12.0, 14.0),
            (
                r"entre midi et (?:deux|2|14h)|"
                r"(?:a |pendant )?(?:la |ma )?pause (?:dejeuner|de midi|dej)|"
                r"a l heure du dejeuner|le midi|(?:at )?lunch ?time|mittags"
            ),
        ),
        (
            (0.0, 24.0),
            r"toute la (?:sainte )?journee|(?:de )?toute la journee|all day(?: long)?|ganztags",
        ),
        (
            (16.0, 20.0),
            r"(?:en |a la )?fin d (?:apres ?midi)|late afternoon|(?:en |a la )?fin de journee|apres l ecole|after school",
        ),
        ((18.0, 21.0), r"(?:en |a la )?debut de soiree|early evening"),
        ((21.0, 26.0), r"(?:en |de )?fin de soiree|tard le soir|late at night"),
        (
            (19.0, 24.0),
            (
                r"(?:une fois |a |apres )?(?:la |l )?"
                r"(?:nuit tombee|tombee de la nuit|tombee du jour|"
                r"nuit venue)|after dark|at nightfall"
            ),
        ),
        ((5.0, 9.0), r"au petit matin|tot le matin|early morning"),
        (
            (6.0, 12.0),
            (
                r"(?:le |au |en |dans la |du |de la |in the |am |por la |pendant la )?"
                r"(?:matin|matinee|morning|vormittag|vormittags|morgens)"
            ),
        ),
        (
            (12.0, 18.0),
            (
                r"(?:l |en |dans l |cet |de l |d |in the |am |por la |les )?"
                r"(?:apres ?midi|aprem|aprems|afternoon|nachmittag|nachmittags)|por la tarde"
            ),
        ),
        (
            (18.0, 24.0),
            (
                r"(?:le |au |en |dans la |du |in the |am |les |pendant la |de )?"
                r"(?:soirs?|evening|abends?)|(?:en|dans la|pendant la) soiree|por la noche|"
                r"at night|"
                r"apres le (?:travail|boulot)|after work"
            ),
        ),
    )
)
_PART_AFTER_DAY = re.compile(
    r"(?<!\S)(?:(?P<night>(?:la |dans la |at )?(?:nuit|night))|midi)(?!\S)"
)
_WEAK_EVENING = re.compile(r"(?<!\S)(?:soirees?|soiree|nocturnes?)(?!\S)")
_EVENING: Hours = (18.0, 24.0)
_NIGHT: Hours = (18.0, 26.0)
_NOON: Hours = (12.0, 14.0)


_AFTERNOON = re.compile(r"pm|soir|midi")


def hours_named(message: Message) -> list[NamedHours]:
    """Every expression of hours in the message, in reading order; claims nothing yet."""
    taken = bytearray(len(message.open))
    found: list[NamedHours] = []

    def add(match: re.Match[str], hours: Hours | None, *, weak: bool = False) -> None:
        if (
            hours is not None
            and hours[0] < hours[1]
            and not any(taken[match.start() : match.end()])
        ):
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(NamedHours(match.start(), match.end(), hours, weak))

    for match in message.find(_BETWEEN):
        add(match, _between(match["first"] or match["only"], match["last"] or match["to"]))
    for match in message.find(_AFTER):
        add(match, (_hour(match["time"]), 24.0))
    for match in message.find(_BEFORE):
        add(match, (0.0, _hour(match["time"])))
    for match in message.find(_AT):
        hour = _hour(match["time"] or match["alone"])
        add(match, (max(0.0, hour - _AROUND_BEFORE), hour + _AROUND_AFTER) if hour <= 24 else None)  # noqa: PLR2004 - the number says itself
    for pattern, hours in _PARTS:
        for match in message.find(pattern):
            add(match, hours)
    for match in message.find(_WEAK_EVENING):
        add(match, _EVENING, weak=True)
    return sorted(found, key=lambda each: each.start)


def part_after(message: Message, end: int) -> NamedHours | None:
    """« samedi nuit », « samedi midi »: these words count only right after the name of a day."""
    match = _PART_AFTER_DAY.match(message.open, end + 1) if end + 1 < len(message.open) else None
    if match is None:
        return None
    return NamedHours(match.start(), match.end(), _NIGHT if match["night"] else _NOON)


def _between(first: str, last: str) -> Hours | None:
    end = _hour(last)
    start = _hour(first)
    if "pm" in last and "m" not in first and start < 12 <= end:  # noqa: PLR2004 - the number says itself
        start += 12
    if end <= start:
        end += 24
    return (start, end) if end <= 30 else None  # noqa: PLR2004 - the number says itself


def _hour(words: str) -> float:
    """« 20h30 » → 20.5, “8 pm” → 20, « midi » → 12."""
    if words in ("midi", "noon", "mittag"):
        return 12.0
    if words in ("minuit", "midnight"):
        return 24.0
    numbers = re.findall(r"\d+", words)
    hour = float(numbers[0]) + (float(numbers[1]) / 60 if len(numbers) > 1 else 0.0)
    if _AFTERNOON.search(words) and hour < 12:  # noqa: PLR2004 - the number says itself
        hour += 12
    return min(hour, 48.0)
