"""Expressions that name days: « samedi », « du 3 au 8 octobre », « fin novembre », « cet été ».

Pure. The rules stand in `calendar_days` and `relative_days`; enter at `days_named`.
"""

import re
from dataclasses import dataclass, replace

from puls.understanding import calendar_days, relative_days
from puls.understanding.day_rules import Meaning, Today
from puls.understanding.words import Message

_EXPLICIT_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class NamedDays:
    """An expression of days: where it stands in the folded words, and its meaning."""

    start: int
    end: int
    meaning: Meaning


def days_named(message: Message, today: Today) -> list[NamedDays]:
    """Every expression of days in the message, in reading order; claims nothing yet."""
    taken = bytearray(len(message.open))
    found = []
    for rule in (*calendar_days.RULES, *relative_days.RULES):
        for match in message.find(rule.pattern):
            if (
                any(taken[match.start() : match.end()])
                or "#" in match[0]
                or _is_a_name(message, match)
            ):
                continue
            meaning = rule.reading(match, today)
            if meaning is None:
                continue
            if _EXPLICIT_YEAR.search(match[0]):
                meaning = replace(meaning, is_past=True)
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(NamedDays(match.start(), match.end(), meaning))
    return sorted(found, key=lambda each: each.start)


def _is_a_name(message: Message, match: re.Match[str]) -> bool:
    """« Avril Lavigne », « Octobre Rose », « Vendredi sur Mer »: a capital.

    Then another without a pause.
    """
    first, last = message.word_range(match.start(), match.end())
    word = message.words[last].folded
    is_bare = all(message.words[at].folded in ("d", "de", "of") for at in range(first, last))
    if not is_bare or not word.isalpha() or last + 1 >= len(message.words):
        return False
    following = message.words[last + 1]
    return (
        message.is_capitalised(last)
        and message.is_capitalised(last + 1)
        and not message.is_followed_by_pause(last)
        and following.folded.isalpha()
        and following.folded not in {"a", "au", "en"}
    )
