"""When visitors come and go: « on arrive vendredi, on repart dimanche midi » is a stay, and no day of its own. Pure. Enter at `within_stay`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from puls.understanding.message import Message
from puls.understanding.when import days
from puls.understanding.when.expressions import Point, Time

_WE = r"(?:on|je|nous|we|i|we ll|i ll)(?: y| en)?"
_LINKS = r"(?: (?!et |ou |and |or )\S+){0,3}"
_ARRIVES = re.compile(
    rf"(?<!\S)(?:arrivee|arriving|{_WE} (?:arriv\S+|debarqu\S+|atterri\S+|land|get there|check in)){_LINKS} $"
)
_LEAVES = re.compile(
    rf"(?<!\S)(?:(?:{_WE}|et|and|then) (?:rentr\S+|repar\S+|leave|return|(?:fly|go|head|drive) (?:home|back)|check out)|(?:train |vol |avion )?(?:de )?retour|depart|departure|leaving|back home|flight home){_LINKS} $"
)


def leaves_at(message: Message, word: int) -> bool:
    """Whether a time that begins at a word tells when the visitors go home."""
    return bool(_LEAVES.search(message.line[: message.offset(word)]))


def within_stay(message: Message, used: Sequence[Time], ignored: Sequence[Time]) -> list[Time]:
    """The times that are used, those of coming and going made a bound of them: a stay alone is from one to the other."""
    told = [*used, *ignored]
    going = next((each for each in told if each.point and leaves_at(message, each.first)), None)
    if going is None or going.point is None:
        return list(used)
    coming = next(
        (
            each
            for each in told
            if each.point and _ARRIVES.search(message.line[: message.offset(each.first)])
        ),
        None,
    )
    others = [each for each in used if each is not going and each is not coming]
    if any(each.point is not None for each in others):
        return [
            _up_to(each, going.point)
            if each.bound in ("from", "after") and each.until is None
            else each
            for each in others
        ]
    if coming is not None:
        return [replace(coming, until=going.point), *others]
    return [replace(going, bound="until"), *others]


def _up_to(each: Time, end: Point) -> Time:
    assert each.point is not None
    is_after = each.bound == "after" and not each.point.hours
    first = Point(days.moved(each.point.days, 1)) if is_after else each.point
    return replace(each, point=first, until=end, bound=None)
