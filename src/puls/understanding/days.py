"""Expressions that name days: « samedi », « du 3 au 8 octobre », « fin novembre », « cet été ».

Pure. The rules stand in `named_days`, `calendar_days`, `relative_days`, `weeks_and_months`
and `spans_ahead`, tried in this order; enter at `days_named`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from puls.understanding import (
    calendar_days,
    named_days,
    relative_days,
    spans_ahead,
    weeks_and_months,
)
from puls.understanding.date_words import NAMES_WITH_A_DATE
from puls.understanding.day_rules import Meaning, Today
from puls.understanding.words import Message

_MOST_EXPRESSIONS = 60  # nobody names more days; a hostile text shall not cost more
_EXPLICIT_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


_RULES = (
    *named_days.RULES,
    *calendar_days.RULES,
    *named_days.LATE_RULES,
    *relative_days.RULES,
    *weeks_and_months.RULES,
    *spans_ahead.RULES,
)


@dataclass(frozen=True, slots=True)
class NamedDays:
    """An expression of days: where it stands in the folded words, and its meaning."""

    start: int
    end: int
    meaning: Meaning


def days_named(message: Message, today: Today) -> list[NamedDays]:
    """Every expression of days in the message, in reading order; claims nothing yet."""
    taken = bytearray(len(message.open))
    for name in NAMES_WITH_A_DATE:
        for at in _places_of(name, message.open):
            taken[at : at + len(name)] = b"\1" * len(name)
    found: list[NamedDays] = []
    for rule in _RULES:
        if not rule.may_match(message.open) or len(found) >= _MOST_EXPRESSIONS:
            continue
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
            if len(found) >= _MOST_EXPRESSIONS:
                break
    return sorted(found, key=lambda each: each.start)


def _places_of(name: str, words: str) -> Iterator[int]:
    at = words.find(name)
    while at >= 0:
        yield at
        at = words.find(name, at + len(name))


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
        _is_written_like_a_name(message, last)
        and _is_written_like_a_name(message, last + 1)
        and not message.is_followed_by_pause(last)
        and following.folded.isalpha()
        and following.folded not in {"a", "au", "en"}
    )


def _is_written_like_a_name(message: Message, word: int) -> bool:
    """« Rose », not « ROSE »: who writes in capitals tells nothing by them."""
    written = message.text[message.words[word].start : message.words[word].end]
    return written[0].isupper() and written[1:].islower()
