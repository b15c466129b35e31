"""What stands around a name and tells whether it is meant as a place. Pure. Enter at `context_at`."""

from dataclasses import dataclass

from puls.understanding.named_place import Place
from puls.understanding.place_words import (
    AREA_LEAD,
    DRINK_LEAD,
    FIRM_AREA_LEAD,
    JOINED,
    LOOSE_LEADS,
    OF_LEAD,
    STREET_LEAD,
    TOWN_LEAD,
)
from puls.understanding.words import Message

_LEAD_REACH = 40  # characters before a name that can announce it
_JOIN_REACH = 4  # words: « ou dans les Vosges »
_PARTS_OF_TOWN = frozenset("centre ville nord sud est ouest gare plage ouest est".split())  # noqa: SIM905 - a list of words reads better as prose


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before a name."""

    before: str
    is_capitalised: bool
    is_firm_town: bool
    is_loose_town: bool
    is_area: bool
    is_firm_area: bool
    is_of: bool
    is_drink: bool
    is_joined: bool
    language: str

    @property
    def lead(self) -> str:
        """The word right before the name."""
        return self.before.rsplit(" ", 1)[-1]


def context_at(message: Message, at: int, after: Place | None, language: str) -> Context:
    """What announces the name that starts at the word `at`; `after` is the place named before it."""
    end = message.offset(at)
    before = message.folded[max(0, end - _LEAD_REACH) : end].rstrip()
    is_street = bool(STREET_LEAD.search(before))
    town = TOWN_LEAD.search(before)
    is_loose = town is not None and town[0].split()[0] in LOOSE_LEADS
    is_joined = after is not None and (
        (at - after.last <= _JOIN_REACH and bool(JOINED.search(before)))
        or (at == after.last + 1 and _comma_before(message, at))
    )
    return Context(
        before=before,
        is_capitalised=message.is_capitalised(at),
        is_firm_town=town is not None and not is_loose and not is_street,
        is_loose_town=is_loose and not is_street,
        is_area=bool(AREA_LEAD.search(before)) and not is_street,
        is_firm_area=bool(FIRM_AREA_LEAD.search(before)),
        is_of=bool(OF_LEAD.search(before)) and not is_street,
        is_drink=bool(DRINK_LEAD.search(before)),
        is_joined=is_joined,
        language=language,
    )


def hyphenated(message: Message, at: int, most: int) -> int:
    """How many words from `at` are tied by hyphens: « Gif-sur-Yvete » is one name."""
    length = 1
    while length < most and is_hyphen_between(message, at + length - 1):
        length += 1
    return length


def is_hyphen_between(message: Message, at: int) -> bool:
    """Whether the word `at` is tied to the next one."""
    if not 0 <= at < len(message.words) - 1:
        return False
    return message.text[message.words[at].end : message.words[at + 1].start] == "-"


def is_part_of_a_compound(message: Message, first: int, last: int) -> bool:
    """« paris-brest », « Nice-Matin », but not « Lyon-centre »."""
    return is_hyphen_between(message, first - 1) or (
        is_hyphen_between(message, last)
        and message.words[last + 1].folded not in _PARTS_OF_TOWN
        and not message.words[last + 1].folded[0].isdigit()
    )


def _comma_before(message: Message, at: int) -> bool:
    return "," in message.text[message.words[at - 1].end : message.words[at].start]
