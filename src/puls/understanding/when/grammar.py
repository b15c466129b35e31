"""The reading of days, from left to right: each rule looks at one place, and of several the longest counts. Pure.

Rules stand in `dates`, `stretches` and `hanging`; they call each other through the `Grammar`, so that whatever names days can be
what other days hang on. What is read at a place is remembered: a message is read once, whatever its length.
Enter at `Grammar.days`.
"""

from collections.abc import Callable
from functools import wraps

from puls.language.lexicon import MONTH_OF, names_a_kind
from puls.understanding.message import Message
from puls.understanding.when import days, terms
from puls.understanding.when.days import Clock, Days

Found = tuple[Days, int]
"""Days, and the word after the expression that names them."""

Rule = Callable[["Grammar", int], Found | None]

RULES: list[Rule] = []
_ENGLISH_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr aug sept sep oct nov dec".split()
)


def rule(read: Rule) -> Rule:
    """Register a rule. It is given a place and returns what it reads there."""

    @wraps(read)
    def reading(grammar: "Grammar", at: int) -> Found | None:
        return read(grammar, at)

    RULES.append(reading)
    return reading


class Grammar:
    """Reads the days that one message names."""

    def __init__(self, message: Message, clock: Clock, *, language: str = "fr") -> None:
        self.message = message
        self.clock = clock
        self.language = language
        self._read: dict[int, Found | None] = {}

    def days(self, at: int) -> Found | None:
        """The longest expression of days that begins at a word."""
        if at in self._read:
            return self._read[at]
        if not 0 <= at < len(self.message) or len(self._read) > len(self.message):
            return None
        self._read[at] = None  # a rule that comes back here finds nothing
        best: Found | None = None
        for read in RULES:
            found = read(self, at)
            if found is not None and found[1] > at and (best is None or found[1] > best[1]):
                best = found
        if best is not None:
            best = self._or_the_next(best)
        self._read[at] = best
        return best

    def _or_the_next(self, found: Found) -> Found:
        """« cette semaine ou la prochaine », « en mars ou le mois d'après »."""
        named, end = found
        following = terms.says(self.message, end, *_OR_THE_NEXT)
        if following is None or named.unit not in ("day", "weekend", "week", "month"):
            return found
        is_of_something = not self.message.has_pause_after(following - 1) and (
            names_a_kind(self.message.norm(following)) or self.message.norm(following) in _TURNS
        )
        if is_of_something or (named.unit == "day" and not named.weekdays):
            return found
        return days.joined(named, days.next_after(named)), following

    def day_or_number(self, at: int) -> Found | None:
        """Days, or the bare number of one or the bare name of a month: the « 3 » of « du 3 au 8 », the « mars » of « entre mars et mai »."""
        found = self.days(at) or self.bare_month(at)
        start = terms.skip(self.message, at, ("le", "the", "l", "la"), 1)
        number = terms.day_number(self.message, start)
        if number is not None and (found is None or found[1] <= number[1]):
            is_counted = self.message.norm(number[1]) in terms.NOT_A_DAY
            if is_counted and not self.message.has_pause_before(number[1]):
                return found
            return days.day_of_month(number[0]), number[1]
        return found

    def bare_month(self, at: int) -> Found | None:
        """The « mars » of « jusqu'en mars »."""
        number = terms.month(self.message, at)
        if number is None:
            return None
        year, end = terms.year(self.message, at + 1)
        return days.month(number, year), end

    def bare_season(self, at: int) -> Found | None:
        """The « l'été » of « avant l'été », the “spring” of “until spring”."""
        start = terms.skip(self.message, at, ("le", "the", "l", "la"), 1)
        name = terms.SEASONS.get(self.message.norm(start))
        if name is None or self.message.is_tied(start):
            return None
        year, end = terms.year(self.message, start + 1)
        return days.season(name, year), end

    def gap(self, at: int) -> str:
        """What stands before a word."""
        return self.message.words[at].gap if at < len(self.message) else ""

    def is_english_month(self, at: int) -> bool:
        return self.message.norm(at) in _ENGLISH_MONTHS

    def is_a_clock_range(self, at: int) -> bool:
        """Whether a number is the first of two hours: the « 14 » of « samedi 14-18h »."""
        following = self.message.norm(at + 2)
        return self.message.norm(at + 1) == "au" and "h" in following and following[:1].isdigit()

    def is_english_week(self, after: int) -> bool:
        """Whether “week” ends at `after` as in “Friday week”, and not “Friday week-long”."""
        return self.message.norm(after) not in ("of", "long", "end", "ends")

    def is_series_name(self, at: int) -> bool:
        """« Les Mardis du jazz »: a name, not every Tuesday."""
        message = self.message
        after = terms.skip(message, at, ("du", "de", "la", "l", "des", "d"))
        if after == at:
            return False
        word = message.norm(after)
        return not (word[:1].isdigit() or word in MONTH_OF or word in _TIMES)


_OR_THE_NEXT = tuple(
    f"{joint} {which}"
    for joint in ("ou", "ou bien", "et", "or", "and")
    for which in (
        "le prochain", "la prochaine", "le suivant", "la suivante", "celui d apres", "celle d apres", "the next", "next", "the following", "the next one",
        "the one after", "the following one", "le mois d apres", "la semaine d apres", "le weekend d apres", "le mois suivant", "la semaine suivante",
        "le weekend suivant", "le weekend prochain",
    )
)  # fmt: skip
_TURNS = terms.words("seance fois date edition representation session numero arret one time show")
_TIMES = terms.words(
    "mois annee semaine saison vacances printemps ete automne hiver midi soir matin prochain prochaine cette ce weekend"
)
