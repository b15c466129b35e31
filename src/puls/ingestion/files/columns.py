"""Tables whose columns have names for people: « Identifiant;Titre;Code postal » becomes uid, title_fr, location_postalcode.

Pure; the names are data (`column_labels.tsv`). A column that has its technical name already, or that nobody knows,
keeps it. Enter at `named`.
"""

import importlib.resources
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

_TECHNICAL: Final = re.compile(
    r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|uid|slug|timings|status|state|image|links"
)
_LANGUAGE: Final = re.compile(r"(.+?) (fr|en|de|es|it|br|oc|nl|pt|io)")
_WORD: Final = re.compile(r"[a-z0-9]+")
_OTHER_LANGUAGES: Final = 1_000  # any place in the table comes before it


@lru_cache(maxsize=256)
def _fields(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The name of each column; of several that mean one field, the best has the field's."""
    wanted: dict[str, tuple[int, int]] = {}  # field → (rank, column)
    for at, column in enumerate(columns):
        known = _field_of(column)
        if known is not None and (known[0], at) < wanted.get(known[1], (known[0] + 1, 0)):
            wanted[known[1]] = (known[0], at)
    names = list(columns)
    for field, (_, at) in wanted.items():
        if field not in columns or columns[at] == field:
            names[at] = field
    return tuple(names)


def named(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns by the names of their fields, so that rows are records."""
    return _fields(tuple(columns))


def renamed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record under the names of its fields."""
    columns = tuple(map(str, record))
    return dict(zip(named(columns), record.values(), strict=True))


def known_columns(columns: Sequence[str]) -> int:
    """How many of the columns are known by one name or the other: tells delimiters apart."""
    return sum(_field_of(column) is not None for column in columns)


@lru_cache(maxsize=4_096)
def _field_of(column: str) -> tuple[int, str] | None:
    """(rank, field) of a column; None when nobody knows it."""
    bare = column.strip()
    if bare == bare.lower() and _TECHNICAL.fullmatch(bare):
        return (-1, bare)
    words = " ".join(_WORD.findall(_plain(bare)))
    labels = _labels()
    if (found := labels.get(words)) is not None:
        return found
    in_language = _LANGUAGE.fullmatch(words)
    if in_language and (found := labels.get(in_language[1])) is not None:
        rank, field = found
        return (rank, field) if in_language[2] == "fr" else (rank + _OTHER_LANGUAGES, field)
    return None


def _plain(text: str) -> str:
    text = text.replace("œ", "oe").replace("\ufeff", "")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


@cache
def _labels() -> dict[str, tuple[int, str]]:
    text = importlib.resources.files(__package__).joinpath("column_labels.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {label: (rank, field) for rank, (label, field) in enumerate(lines)}
