"""« langue : anglais », « cadre : plein air », « catégories : théâtre, danse »: values under a label.

Said so they are filters and nothing of the theme, whereas « visite en anglais » is both. Sentences
written by `sentence` use them. Pure; enter at `read_labelled`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from puls.geo.names import fold
from puls.understanding.conditions import Conditions
from puls.understanding.kinds import CATEGORY_WORDS
from puls.understanding.manner import LANGUAGE_NAMES
from puls.understanding.words import Message

_SETTINGS = {
    "plein air": "outdoor", "exterieur": "outdoor", "outdoors": "outdoor",
    "interieur": "indoor", "indoors": "indoor",
}  # fmt: skip
_LANGUAGES = {fold(name): code for code, names in LANGUAGE_NAMES.items() for name in names}
_LABELS = {
    "cadre": "setting", "setting": "setting",
    "langue": "spoken_language", "language": "spoken_language",
    "categorie": "categories", "categories": "categories", "category": "categories",
    "age": "ages", "ages": "ages",
}  # fmt: skip
_SEVERAL = ("categories", "ages")
_LONGEST_VALUE = 2  # words
_BETWEEN_AGES = ("et", "and", "ans", "years", "old")
_OLDEST = 99


def read_labelled(message: Message) -> dict[str, Any]:
    """Fields of the wish that are told under a label, claimed; labels need their colon."""
    fields: dict[str, Any] = {}
    if ":" not in message.text:
        return fields
    for at, word in enumerate(message.words[:-1]):
        field = _LABELS.get(word.folded)
        gap = message.text[word.end : message.words[at + 1].start]
        if field is None or ":" not in gap:
            continue
        values, last = (
            _ages(message, at + 1) if field == "ages" else _values(message, at + 1, field)
        )
        if values:
            message.claim_words(at, last, field)
            fields[field] = tuple(values) if field in _SEVERAL else values[0]
    return fields


def _ages(message: Message, at: int) -> tuple[list[int], int]:
    ages: set[int] = set()
    while at < len(message.words):
        said = message.words[at].folded
        if said.isdigit() and int(said) <= _OLDEST:
            ages.add(int(said))
        elif said not in _BETWEEN_AGES:
            break
        at += 1
    return sorted(ages), at - 1


def with_labelled(conditions: Conditions, fields: dict[str, Any]) -> Conditions:
    """The conditions with what was told under a label in place of what other words say."""
    manner = {name: value for name, value in fields.items() if name not in _SEVERAL}
    return replace(
        conditions,
        ages=fields.get("ages", conditions.ages),
        categories=fields.get("categories", conditions.categories),
        manner=replace(conditions.manner, **manner),
    )


def _values(message: Message, at: int, field: str) -> tuple[list[Any], int]:
    """The known values from `at` on, and the last word of them."""
    known: Mapping[str, Any] = {"setting": _SETTINGS, "spoken_language": _LANGUAGES}.get(
        field, CATEGORY_WORDS
    )
    values: list[Any] = []
    while at < len(message.words):
        for length in range(min(_LONGEST_VALUE, len(message.words) - at), 0, -1):
            said = " ".join(word.folded for word in message.words[at : at + length])
            if said in known and message.is_free(at):
                values.append(known[said])
                at += length
                break
        else:
            break
        if field not in _SEVERAL:
            break
    return list(dict.fromkeys(values)), at - 1
