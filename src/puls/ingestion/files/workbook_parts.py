"""The parts of a workbook as they are parsed: what each keeps of the elements that pass by. No I/O, bounded memory."""

import re
from collections.abc import Mapping
from typing import Final

from puls.ingestion.files.limits import (
    LONGEST_RECORD_BYTES,
    LONGEST_ROW_CELLS,
    UnreadableFileError,
)

_COLUMN: Final = re.compile(r"([A-Za-z]{1,3})\d*")
# The formats that every workbook knows by number and that are dates or times (ECMA-376, part 1, 18.8.30).
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATE_LETTERS: Final = re.compile(r"[dyhs]", re.IGNORECASE)

Cell = tuple[str, int, str]
"""Its kind, its style, its text."""


class XmlPart:
    """One XML document of the workbook; subclasses keep what they need."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


class WorkbookPart(XmlPart):
    """Which sheets there are, and where the parts are."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.targets: dict[str, str] = {}
        self.counts_from_1904 = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        match _bare(name):
            case "sheet":
                self.sheets += [value for key, value in attributes.items() if _bare(key) == "id"]
            case "Relationship":
                self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
            case "workbookPr":
                self.counts_from_1904 = attributes.get("date1904") in {"1", "true"}
            case _:
                pass


class Texts(XmlPart):
    """The texts that cells share; their phonetic readings are left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_text = False
        self._phonetic = 0

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        del attributes
        match _bare(name):
            case "si":
                self._pieces = []
            case "rPh":
                self._phonetic += 1
            case "t":
                self._is_text = True
            case _:
                pass

    def end(self, name: str) -> None:
        match _bare(name):
            case "si":
                self.texts.append("".join(self._pieces))
            case "rPh":
                self._phonetic -= 1
            case "t":
                self._is_text = False
            case _:
                pass

    def text(self, text: str) -> None:
        if self._is_text and not self._phonetic:
            self._pieces.append(text)


class Styles(XmlPart):
    """Which styles show a number as a date."""

    def __init__(self) -> None:
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._is_cells = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        match _bare(name):
            case "numFmt":
                self._formats[_number(attributes.get("numFmtId"))] = attributes.get(
                    "formatCode", ""
                )
            case "cellXfs":
                self._is_cells = True
            case "xf" if self._is_cells:
                self._styles.append(_number(attributes.get("numFmtId")))
            case _:
                pass

    def end(self, name: str) -> None:
        if _bare(name) == "cellXfs":
            self._is_cells = False

    def date_styles(self) -> frozenset[int]:
        return frozenset(at for at, number in enumerate(self._styles) if self._is_date(number))

    def _is_date(self, number: int) -> bool:
        code = self._formats.get(number)
        if code is None:
            return number in _DATE_FORMATS
        return _DATE_LETTERS.search(_QUOTED.sub("", code)) is not None


class SheetReader(XmlPart):
    """The rows of a sheet, each a mapping from column to cell."""

    def __init__(self) -> None:
        self._rows: list[dict[int, Cell]] = []
        self._row: dict[int, Cell] = {}
        self._at = -1
        self._kind = ""
        self._style = 0
        self._pieces: list[str] = []
        self._length = 0
        self._is_value = False
        self._phonetic = 0

    def taken(self) -> list[dict[int, Cell]]:
        """The rows that are complete since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        match _bare(name):
            case "row":
                self._row, self._at, self._length = {}, -1, 0
            case "c":
                self._at = _column(attributes.get("r", ""), self._at + 1)
                self._kind = attributes.get("t", "n")
                self._style = _number(attributes.get("s"))
                self._pieces = []
            case "v" | "t":
                self._is_value = not self._phonetic
            case "rPh":
                self._phonetic += 1
            case _:
                pass

    def end(self, name: str) -> None:
        match _bare(name):
            case "row":
                self._rows.append(self._row)
            case "c":
                self._row[self._at] = (self._kind, self._style, "".join(self._pieces))
            case "v" | "t":
                self._is_value = False
            case "rPh":
                self._phonetic -= 1
            case _:
                pass

    def text(self, text: str) -> None:
        if not self._is_value:
            return
        self._length += len(text)
        if self._length > LONGEST_RECORD_BYTES:
            raise UnreadableFileError(f"has a row longer than {LONGEST_RECORD_BYTES} characters")
        self._pieces.append(text)


def _column(reference: str, following: int) -> int:
    """A cell's column from « AB12 », or the one that follows when it names none."""
    named = _COLUMN.fullmatch(reference)
    at = following
    if named is not None:
        at = -1
        for letter in named[1].upper():
            at = (at + 1) * 26 + ord(letter) - ord("A")
    if at >= LONGEST_ROW_CELLS:
        raise UnreadableFileError(f"has a row of more than {LONGEST_ROW_CELLS} cells")
    return at


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
