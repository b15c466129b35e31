"""CSV: the mirror's (`;`), OpenAgenda's (`,`), a spreadsheet's; columns by technical name or by label.

Lines, rows and cells are bounded; a row that does not fit under the header is given as `Unreadable`.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final

from puls.ingestion.files.columns import known_columns, named
from puls.ingestion.files.encodings import Letters
from puls.ingestion.files.json_lines import Item
from puls.ingestion.files.limits import (
    LONGEST_RECORD_BYTES,
    LONGEST_ROW_CELLS,
    CutFileError,
    UnreadableFileError,
)
from puls.ingestion.files.shapes import unreadable

_DELIMITERS: Final = ";,\t|"
_HINT: Final = "sep="  # Excel's own first line


def csv_rows(stream: io.BufferedReader, letters: Letters) -> Iterator[Item]:
    """Every row as a record of texts.

    Raises:
        UnreadableFileError: the first line is no header.
        CutFileError: the last row is the beginning of one.
    """
    csv.field_size_limit(LONGEST_RECORD_BYTES)
    lines = _Lines(stream, letters)
    first = next(lines, "")
    if first.lower().startswith(_HINT):
        delimiter, first = first.strip()[len(_HINT) :][:1] or ";", next(lines, "")
    else:
        delimiter = _delimiter_of(first)
    names = _header(first, lines, delimiter)
    yield from _rows(csv.reader(lines, delimiter=delimiter), lines, names, delimiter)


def _rows(
    rows: Iterator[list[str]], lines: "_Lines", names: list[str], delimiter: str
) -> Iterator[Item]:
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield unreadable(lines.number, f"Not CSV: {error}", "")
            continue
        while lines.too_long:
            yield unreadable(lines.too_long.pop(0), f"Longer than {LONGEST_RECORD_BYTES} bytes", "")
        if cells is None:
            return
        if not any(cells):
            continue
        cells = _without_empty_ends(cells, len(names))
        if len(cells) != len(names):
            if lines.is_cut and len(cells) < len(names):
                raise CutFileError("ends in the middle of a row")
            detail = f"{len(cells)} cells under {len(names)} names"
            yield unreadable(lines.number, detail, delimiter.join(cells[:LONGEST_ROW_CELLS]))
            continue
        yield _record(names, cells)


class _Lines:
    """Lines as text; `too_long` numbers those that were passed over."""

    def __init__(self, stream: io.BufferedReader, letters: Letters) -> None:
        self._stream = stream
        self._letters = letters
        self.number = 0
        self.too_long: list[int] = []
        self.is_cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while line := self._stream.readline(LONGEST_RECORD_BYTES):
            self.number += 1
            if len(line) < LONGEST_RECORD_BYTES or line.endswith(b"\n"):
                self.is_cut = not line.endswith(b"\n")
                following = b"" if line.isascii() else self._stream.peek()
                return self._letters.of(line, following).replace("\0", "")
            self.too_long.append(self.number)
            while (rest := self._stream.readline(LONGEST_RECORD_BYTES)) and not rest.endswith(
                b"\n"
            ):
                pass
        raise StopIteration


def _header(first: str, lines: _Lines, delimiter: str) -> list[str]:
    """The columns by their fields; a name in quotes may go over several lines."""
    text = first
    while text.count('"') % 2 and (more := next(lines, "")):
        text += more
        if len(text) > LONGEST_RECORD_BYTES:
            raise UnreadableFileError("has no header: a quote in its first line is never closed")
    columns = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if not any(column.strip() for column in columns):
        raise UnreadableFileError("is empty")
    if len(columns) > LONGEST_ROW_CELLS:
        raise UnreadableFileError(f"has more than {LONGEST_ROW_CELLS} columns")
    names = list(named([column.strip() for column in columns]))
    if not known_columns(names):
        raise UnreadableFileError(
            "has no column that Puls knows; its first line must name the columns "
            "(uid;title_fr;timings… or Identifiant;Titre;Horaires détaillés…)"
        )
    return names


def _delimiter_of(first: str) -> str:
    def fitness(delimiter: str) -> tuple[int, int]:
        columns = next(csv.reader([first], delimiter=delimiter), [])
        return known_columns([column.strip() for column in columns]), first.count(delimiter)

    return max(_DELIMITERS, key=fitness)


def _without_empty_ends(cells: list[str], wanted: int) -> list[str]:
    """Spreadsheets write delimiters behind the last column."""
    while len(cells) > wanted and not cells[-1]:
        cells.pop()
    return cells


def _record(names: list[str], cells: list[str]) -> dict[str, str]:
    """A row under its names; of a name twice, the first that says something."""
    record = dict(zip(names, cells, strict=True))
    if len(record) < len(names):
        for name, cell in zip(reversed(names), reversed(cells), strict=True):
            record[name] = cell or record[name]
    return record
