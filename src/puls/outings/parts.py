"""The words that part an outing: « puis », « ensuite », « avant », commas between two kinds of outing. Pure.

Reads words only; `slots` gives them days and places. Enter at `pieces_of` and `usual_parts`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from puls.catalogue.event import Category
from puls.language.lexicon import Hours, category_of_word, names_a_kind, singular
from puls.understanding.message import Message
from puls.understanding.when.hours import hours_in

_ARTICLE = r"(?=une? |le |la |l |les |des? |du |an? |the |d aller |going )"
_THEN = re.compile(
    r"(?<!\S)(?:(?:et |and )?(?:puis|ensuite|enchain\w+ (?:avec|sur|par)|apres (?:ca|cela|quoi)|then|afterwards?|"
    r"after that|followed by|suivie?s? (?:d une?|du|de la|de|d))|et apres|and after)(?!\S)"
)
_BEFORE = re.compile(rf"(?<!\S)(?:et )?(?:avant|before)(?!\S) ?{_ARTICLE}")
_AFTER = re.compile(rf"(?<!\S)(?:apres|after)(?!\S) ?{_ARTICLE}")
_AND = re.compile(r"(?<!\S)(?:et|and|avec|with)(?!\S)")
_PAUSES = re.compile(r"[,;+/\n]|\s[-–—]\s")
_OTHER_KINDS = frozenset(
    "sortie soiree brunch resto restos restaurant restaurants diner dejeuner verre verres bar bars dinner lunch drink drinks dj boite cafe gouter pique".split()
)
_MEAL = re.compile(
    r"(?<!\S)(?:brunch|restos?|restaurants?|diner|dinner|dejeuner|lunch|repas|boire un verre|prendre un verre|"
    r"un verre|verres?|drinks?|bars? a vins?|manger)(?!\S)"
)
_MUSEUMS = frozenset({"musee", "musees", "museum", "museums"})

# Hours of the usual parts of an outing, from midnight.
_MORNING: Hours = (9.0, 12.5)
_AFTERNOON: Hours = (13.0, 18.0)
_EVENING: Hours = (18.5, 24.0)
_EARLY_EVENING: Hours = (17.5, 20.0)
_LATE_EVENING: Hours = (20.0, 25.0)
_EARLY_AFTERNOON: Hours = (12.5, 15.5)
_LATE_AFTERNOON: Hours = (15.5, 19.0)
_BEDTIME_AGE = 12  # years: with younger children nobody plans an evening
_OUTING = {
    "evening": re.compile(r"(?<!\S)(?:soirees?|soir|evening|night)(?!\S)"),
    "morning": re.compile(r"(?<!\S)(?:matinee|matin|morning)(?!\S)"),
    "afternoon": re.compile(r"(?<!\S)(?:apresmidi|afternoon)(?!\S)"),
    "day": re.compile(
        r"(?<!\S)(?:journees?|jours?|programmes?|planning|planifie\w*|weekend|itineraires?|parcours|sejour|"
        r"days?|itinerary|plan|weekend)(?!\S)"
    ),
}
_PLAN_WORDS = re.compile(
    r"^(?:(?:une?|deux|trois|2|3|la|le|les|ma|mon|notre|pour|for|two|three|an?|my|our|sur|complete?|ideale?|belle|"
    r"journees?|jours?|days?|programmes?|planning|week-?end|weekend|sejour|itinéraire|itineraire|itinerary|parcours|"
    r"plan|puis|then|ensuite|soirée|soiree|evening|day|matinée|matinee|après-midi|afternoon|morning|finir|finish|"
    r"commencer|start|par|avec|with|culturelle?s?|cultural|avant cela|avant ça|before that|also|aussi|et|and)\b[\s:,]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Between words `left` (excluded) and `right`; a soft one counts only between two kinds of outing."""

    left: int
    right: int
    is_soft: bool = False
    is_reversed: bool = False


def pieces_of(text: str) -> list[str]:
    """The parts of a message in the order in which they happen; the whole message when it has one."""
    message = Message(text)
    pieces: list[tuple[int, int]] = []
    first, is_reversed = 0, False
    for cut in _cuts(message):
        if cut.left <= first:
            first = max(first, cut.right) if cut.left == first else first
            continue
        if cut.is_soft and not _parts_two(message, (first, cut.left), cut.right):
            continue
        _put(pieces, (first, cut.left), is_before=is_reversed)
        first, is_reversed = cut.right, cut.is_reversed
    if first < len(message):
        _put(pieces, (first, len(message)), is_before=is_reversed)
    return [_written(message, piece) for piece in pieces] or [text]


def usual_parts(text: str, *, has_theme: bool, ages: Sequence[int]) -> tuple[Hours, ...]:
    """The parts of an outing told in one word; none when the message asks for one thing or names its hours."""
    folded = Message(text).line
    with_children = bool(ages) and min(ages) < _BEDTIME_AGE
    if has_theme and any(names_a_kind(word) for word in folded.split()):
        return ()
    if _OUTING["day"].search(folded):
        if with_children or re.search(r"(?<!\S)(?:journees?|day)(?!\S)", folded):
            return (_MORNING, _AFTERNOON)
        return (_AFTERNOON, _EVENING)
    if _OUTING["evening"].search(folded):
        return (_EARLY_EVENING, _LATE_EVENING)
    if _OUTING["afternoon"].search(folded):
        return (_EARLY_AFTERNOON, _LATE_AFTERNOON)
    return (_MORNING,) if _OUTING["morning"].search(folded) else ()


def asks_for_meal(words: str) -> bool:
    """« puis un resto »: Puls knows events only."""
    line = Message(words).line
    return bool(_MEAL.search(line)) and not any(
        names_a_kind(word) and not _MEAL.fullmatch(word) for word in line.split()
    )


def kinds_named(topic: str) -> tuple[Category, ...]:
    """The kind of event that a theme names: « une expo de photo »; none when it names several."""
    words = Message(topic).line.split()
    if _MUSEUMS.intersection(words):
        return Category.EXHIBITION, Category.VISIT
    named = category_of_word()
    kinds = {named[singular(word)] for word in words if singular(word) in named}
    return tuple(kinds) if len(kinds) == 1 else ()


def is_bare_kind(topic: str) -> bool:
    """Whether a theme says the kind of event and nothing else: « concert »."""
    words = Message(topic).line.split()
    return len(words) == 1 and (singular(words[0]) in category_of_word() or words[0] in _MUSEUMS)


def without_plan_words(topic: str) -> str:
    """A theme without the words that only ask for a plan (« journée », « programme »)."""
    return _PLAN_WORDS.sub("", f"{topic} ").strip()


def _cuts(message: Message) -> list[_Cut]:
    cuts = []
    for pattern, is_reversed in ((_THEN, False), (_BEFORE, False), (_AFTER, True)):
        for match in pattern.finditer(message.line):
            left, last = message.word_range(match.start(), match.start() + len(match[0].rstrip()))
            is_soft = pattern is not _THEN
            cuts.append(_Cut(left, last + 1, is_soft=is_soft, is_reversed=is_reversed))
    for match in _AND.finditer(message.line):
        word, _ = message.word_range(match.start(), match.end())
        cuts.append(_Cut(word, word + 1, is_soft=True))
    for at in range(len(message) - 1):
        between = message.text[message.words[at].end : message.words[at + 1].start]
        if _PAUSES.search(between):
            cuts.append(_Cut(at + 1, at + 1, is_soft=True))
    return sorted(cuts, key=lambda cut: (cut.left, cut.is_soft, -cut.right))


def _parts_two(message: Message, before: tuple[int, int], after: int) -> bool:
    """Whether both sides ask for something: a kind of outing each, or hours each."""
    rest = next(
        (cut.left for cut in _cuts(message) if cut.left > after),
        len(message),
    )
    left, right = _folded(message, before), _folded(message, (after, rest))
    if _names_kind(left) and _names_kind(right):
        return True
    return bool(_hours(left)) and bool(_hours(right)) and _names_kind(f"{left} {right}")


def _names_kind(words: str) -> bool:
    """Whether they name a kind of event and not only a style: « rock » is no part of an outing."""
    return any(
        singular(word) in category_of_word() or word in category_of_word() or word in _OTHER_KINDS
        for word in words.split()
    )


def _hours(words: str) -> list[Hours]:
    return [each.hours for each in hours_in(Message(words)) if not each.is_weak]


def _put(pieces: list[tuple[int, int]], piece: tuple[int, int], *, is_before: bool) -> None:
    """« un concert après une expo »: what comes after the word happens first."""
    pieces.insert(max(0, len(pieces) - 1) if is_before else len(pieces), piece)


def _folded(message: Message, piece: tuple[int, int]) -> str:
    return " ".join(word.norm for word in message.words[slice(*piece)])


def _written(message: Message, piece: tuple[int, int]) -> str:
    return message.text[message.words[piece[0]].start : message.words[piece[1] - 1].end]


_A_DAY_OUT = re.compile(
    r"(?<!\S)(?:une|notre|ma|a|our|my) (?:\S+ )?(?:journee|day)(?! (?:off|de)(?!\S))(?!\S)"
)


def tells_a_day_out(text: str) -> bool:
    """« une journée à Lille avec deux enfants »: an outing of several parts, although no word asks to plan it."""
    return bool(_A_DAY_OUT.search(Message(text).line))
