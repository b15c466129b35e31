"""When visitors come and go: « on arrive vendredi, on repart dimanche midi » is a stay, and no day of its own. Pure. Enter at `within_stay`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from puls.understanding.message import Message
from puls.understanding.when import days
from puls.understanding.when.hours import AROUND_BEFORE, NamedHours
from puls.understanding.when.times import Point, Time

_WE = r"(?:on|je|nous|we|i|we ll|i ll)(?: y| en)?"
_LINKS = r"(?: (?!et |ou |and |or )\S+){0,3}"
_AFTER_A_NOUN = r"(?: (?:le|la|prevue?|on|a|au|en|home|train|bus|avion))*"  # « Le Retour de Martin Guerre » is none
_ARRIVES = re.compile(
    rf"(?<!\S)(?:(?:arrivee|arriving){_AFTER_A_NOUN}|(?:{_WE}|train) (?:arriv\S+|debarqu\S+|atterri\S+|land|get there|check in){_LINKS}) $"
)
_LEAVES = re.compile(
    rf"(?<!\S)(?:(?<!de )(?:retour|leaving|flight){_AFTER_A_NOUN}|(?:(?:{_WE}|et|and|then) (?:rentr\S+|repar\S+|leave|return|(?:fly|go|head|drive) (?:home|back)|check out)|back home|flight home){_LINKS}) $"
)
_DEPARTURE = re.compile(
    rf"(?<!\S)(?:depart|departure){_AFTER_A_NOUN} $"
)  # of a stay only where an arrival is told
_THEN = re.compile(
    r"(?<!\S)(?:ensuite|apres ca|apres cela|juste apres|afterwards|after that)(?!\S)"
)
_MIDNIGHT = 24.0


def leaves_at(message: Message, word: int) -> bool:
    """Whether a time that begins at a word tells when the visitors go home."""
    before = message.line[: message.offset(word)]
    is_departure = "arriv" in message.line and _DEPARTURE.search(before)
    return bool(_LEAVES.search(before) or is_departure)


def within_stay(message: Message, used: Sequence[Time], ignored: Sequence[Time]) -> list[Time]:
    """The times that are used, those of coming and going made a bound of them: a stay alone is from one to the other."""
    told = [*used, *ignored]
    if len(used) == 1 and _THEN.search(message.line, message.end_offset(used[0].last)):
        return [_from_then_on(used[0])]
    going = next((each for each in told if leaves_at(message, each.first)), None)
    if going is None:
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
    if going.point is None:
        return [_between_trains(coming, going), *others] if coming else others
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


def _from_then_on(each: Time) -> Time:
    """« un rendez-vous vendredi à 10 h, que faire ensuite ? »: what begins then."""
    point = each.point
    if point is None or len(point.hours) != 1 or point.hours[0].manner != "at":
        return each
    hours = NamedHours((point.hours[0].hours[0] + AROUND_BEFORE, _MIDNIGHT), "from")
    return replace(each, point=replace(point, hours=(hours,)))


def _between_trains(coming: Time, going: Time) -> Time:
    """« mon train arrive demain à 14 h et repart à 19 h »."""
    if coming.point is None or not coming.point.hours or not going.hours:
        return coming
    first, last = coming.point.hours[0], going.hours[0]
    if first.manner != "at" or last.manner != "at":
        return coming
    hours = (first.hours[0] + AROUND_BEFORE, last.hours[0] + AROUND_BEFORE)
    return replace(coming, point=replace(coming.point, hours=(NamedHours(hours, "between"),)))


def _up_to(each: Time, end: Point) -> Time:
    assert each.point is not None
    is_after = each.bound == "after" and not each.point.hours
    first = Point(days.moved(each.point.days, 1)) if is_after else each.point
    return replace(each, point=first, until=end, bound=None)
