"""« langue : anglais », « cadre : plein air », « catégories : théâtre, danse »: values under a label, as the sentences of `saying` write them.

Said so they are certain, and nothing of the theme, whereas « visite en anglais » is both. Pure. Enter at `labelled_in`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from puls.language.lexicon import LANGUAGE_OF, category_of_word, singular
from puls.understanding.message import Message
from puls.understanding.what.needs import Need, NeedField
from puls.understanding.what.people import OLDEST, Ages

_LABELS: Mapping[str, NeedField | str] = {
    "cadre": "setting", "setting": "setting", "langue": "spoken_language", "language": "spoken_language",
    "categorie": "categories", "categories": "categories", "category": "categories", "age": "ages", "ages": "ages",
}  # fmt: skip
_SETTINGS = {
    "plein air": "outdoor",
    "exterieur": "outdoor",
    "outdoors": "outdoor",
    "interieur": "indoor",
    "indoors": "indoor",
}
_LONGEST_VALUE = 2  # words
_BETWEEN_AGES = frozenset("et and ans years old".split())


def labelled_in(message: Message) -> Iterator[Need | Ages]:
    """What stands under a label; labels need their colon."""
    if ":" not in message.text:
        return
    for at in range(len(message) - 1):
        field = _LABELS.get(message.norm(at))
        if field is None or ":" not in message.words[at + 1].gap:
            continue
        if field == "ages":
            years, last = _ages(message, at + 1)
            if years:
                yield Ages(first=at, last=last, years=tuple(years))
        else:
            values, last = _values(
                message, at + 1, several=field == "categories", known=_known(field)
            )
            if values:
                yield Need(
                    first=at,
                    last=last,
                    field=field,  # type: ignore[arg-type] # a label's field
                    value=tuple(values) if field == "categories" else values[0],
                )


def _known(field: str) -> Mapping[str, Any]:
    return {"setting": _SETTINGS, "spoken_language": LANGUAGE_OF}.get(field, category_of_word())


def _ages(message: Message, at: int) -> tuple[list[int], int]:
    years: set[int] = set()
    while at < len(message):
        said = message.norm(at)
        if said.isdigit() and int(said) <= OLDEST:
            years.add(int(said))
        elif said not in _BETWEEN_AGES:
            break
        at += 1
    return sorted(years), at - 1


def _values(
    message: Message, at: int, *, several: bool, known: Mapping[str, Any]
) -> tuple[list[Any], int]:
    """The known values from a word on, and the last word of them."""
    values: list[Any] = []
    while at < len(message):
        for length in range(min(_LONGEST_VALUE, len(message) - at), 0, -1):
            words = [message.norm(each) for each in range(at, at + length)]
            value = known.get(" ".join(words), known.get(" ".join(map(singular, words))))
            if value is not None:
                values.append(value)
                at += length
                break
        else:
            break
        if not several:
            break
    return list(dict.fromkeys(values)), at - 1
