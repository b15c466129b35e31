"""Which hours belong to which days: « samedi ou dimanche soir », « jeudi soir et samedi matin ». Pure.

Enter at `attached_hours`, which claims the words of hours.
"""

import re

from puls.understanding.days import NamedDays
from puls.understanding.hours import Hours, NamedHours, hours_named, part_after
from puls.understanding.words import Message

WITHOUT_DAY = -1  # the index under which hours without any day are given

_JOINS = re.compile(r"^ (?:(?:ou|et|or|and|y|o|oder|und|ou bien|et ou)(?: le| la| les| en)? )?$")
_NEAR_HOURS = re.compile(r"^ (?:(?:le|la|au|a|en|dans|de|du|l|in|the|au soir|vers|plutot) ){0,3}$")
_AND_HOURS = re.compile(
    r"^ (?:(?P<word>et|ou|ou bien|and|or|puis|mais) )?(?:(?:en|le|la|l|au|de|in the|dans l) )?$"
)
_LONGEST_GAP = 24  # characters between what belongs together


def attached_hours(message: Message, days: list[NamedDays]) -> dict[int, tuple[Hours, ...]]:
    """Hours by the index of the days they belong to, `WITHOUT_DAY` for those of any day."""
    named = hours_named(message)
    named += [part for each in days if (part := part_after(message, each.end)) is not None]
    attached: dict[int, tuple[Hours, ...]] = {}
    previous: NamedHours | None = None
    owners: list[int] = []
    for hours in sorted(named, key=lambda each: (each.is_weak, each.start)):
        if hours.is_weak:
            _attach_weak(days, hours, attached)
            continue
        joint = _AND_HOURS.match(_gap(message, previous.end, hours.start)) if previous else None
        if joint is None or not owners:
            owners = _owners(message, days, hours, attached)
        for owner in owners:
            attached[owner] = _with(
                attached.get(owner, ()), hours.hours, is_other=bool(joint and joint["word"] == "ou")
            )
        previous = hours
        first, last = message.word_range(hours.start, hours.end)
        message.claim_words(first, last, "when")
    return attached


def _with(known: tuple[Hours, ...], hours: Hours, *, is_other: bool) -> tuple[Hours, ...]:
    """« après 18h, avant 22h » narrows; « le matin et le soir », « avant 10h ou après 19h » add."""
    if not known:
        return (hours,)
    both = max(known[-1][0], hours[0]), min(known[-1][1], hours[1])
    if is_other or both[0] >= both[1]:
        return (*known, hours)
    return (*known[:-1], both)


def _gap(message: Message, start: int, end: int) -> str:
    """The words between two offsets; "#" when they are far apart."""
    return message.folded[start:end] if 0 <= end - start <= _LONGEST_GAP else "#"


def _attach_weak(
    days: list[NamedDays], hours: NamedHours, attached: dict[int, tuple[Hours, ...]]
) -> None:
    """« une soirée … le 21 juin »: the evening of that one day."""
    for index, each in enumerate(days):
        length = sum((end - start).days for start, end in each.meaning.days)
        if index not in attached and length == 1 and each.meaning.hours is None:
            attached[index] = (hours.hours,)


def _owners(
    message: Message,
    days: list[NamedDays],
    hours: NamedHours,
    attached: dict[int, tuple[Hours, ...]],
) -> list[int]:
    """The days that hours belong to: those right before, with the others of their list, else the day right after.

    Else all that have none.
    """
    for index, each in enumerate(days):
        if _NEAR_HOURS.match(_gap(message, each.end, hours.start)):
            return _whole_list(message, days, index, attached)
    for index, each in enumerate(days):
        if _NEAR_HOURS.match(_gap(message, hours.end, each.start)):
            return [index]  # « le soir samedi »
    free = [
        index
        for index, each in enumerate(days)
        if index not in attached and each.meaning.hours is None
    ]
    if not free and list(attached) == [0] and len(days) == 1:
        is_another_slot = all(
            hours.hours[0] >= last or hours.hours[1] <= first for first, last in attached[0]
        )
        return [0] if is_another_slot else []  # « expo l'après-midi et concert le soir, samedi »
    return free or ([] if days else [WITHOUT_DAY])


def _whole_list(
    message: Message, days: list[NamedDays], last: int, attached: dict[int, tuple[Hours, ...]]
) -> list[int]:
    owners = [last]
    while owners[0] > 0 and owners[0] - 1 not in attached:
        earlier, later = days[owners[0] - 1], days[owners[0]]
        if not _JOINS.match(_gap(message, earlier.end, later.start)):
            break
        owners.insert(0, owners[0] - 1)
    return owners
