"""Workbooks (`.xlsx`): the first sheet whose columns Puls knows, row by row.

Read by a streaming parser of our own over the standard library: declared sizes are checked before anything is unpacked,
document types and entities are refused, rows and texts are bounded. Enter at `workbook_rows`.
"""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import IO, Any, Final, TypeVar
from xml.parsers import expat

from puls.ingestion.files.columns import named
from puls.ingestion.files.json_lines import Item
from puls.ingestion.files.limits import (
    HIGHEST_RATIO,
    LARGEST_WHOLE_BYTES,
    RATIO_FROM_BYTES,
    UnreadableFileError,
)
from puls.ingestion.files.workbook_parts import SheetReader, Styles, Texts, WorkbookPart, XmlPart

Part = TypeVar("Part", bound=XmlPart)

_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_MOST_PARTS: Final = 10_000
_CHUNK_BYTES: Final = 2**16
_HEADER_WITHIN_ROWS: Final = 20  # people write a title above
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell names no zone
_DAY_ZERO_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - likewise
_LAST_DAY: Final = 2_958_465  # 31 December 9999


def workbook_rows(stream: io.BufferedReader, opened: ExitStack) -> Iterator[Item]:
    """Every row under the header as a record.

    Raises:
        UnreadableFileError: it is no workbook, damaged, too large, or none of its sheets names a uid.
    """
    if stream.peek(4).startswith(_OLD_WORKBOOK):
        raise UnreadableFileError(
            "is an old or a protected workbook; save it as .xlsx without a password"
        )
    try:
        book = _Workbook(opened.enter_context(zipfile.ZipFile(_seekable(stream, opened))))
        for sheet in book.sheets():
            rows = book.rows(sheet)
            if (names := _header(rows)) is None:
                continue
            for cells in rows:
                if any(cell is not None for cell in cells):
                    yield dict(zip(names, [*cells, *[None] * len(names)], strict=False))
            return
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UnreadableFileError(f"is not a good workbook ({str(error)[:200]})") from error
    except (EOFError, KeyError, IndexError, ValueError, OverflowError, OSError) as error:
        raise UnreadableFileError(f"is not a good workbook ({type(error).__name__})") from error
    raise UnreadableFileError("has no sheet whose columns name a uid (« Identifiant »)")


def _header(rows: Iterator[list[Any]]) -> list[str] | None:
    for _, cells in zip(range(_HEADER_WITHIN_ROWS), rows, strict=False):
        columns = [str(cell).strip() if cell is not None else "" for cell in cells]
        names = named(columns)
        if "uid" in names:
            return [name or f"column_{at}" for at, name in enumerate(names, start=1)]
    return None


def _seekable(stream: io.BufferedReader, opened: ExitStack) -> IO[bytes]:
    if stream.seekable():
        return stream
    spooled = opened.enter_context(tempfile.SpooledTemporaryFile(max_size=2**24))  # noqa: SIM115 - closed by the stack
    size = 0
    while chunk := stream.read(2**20):
        size += len(chunk)
        if size > LARGEST_WHOLE_BYTES:
            raise UnreadableFileError(f"unpacks to more than {LARGEST_WHOLE_BYTES} bytes")
        spooled.write(chunk)
    return spooled


class _Workbook:
    """The parts of a workbook that tell what its cells say."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._check_sizes()
        self._book = self._read(WorkbookPart(), "xl/workbook.xml")
        self._targets = self._read(WorkbookPart(), "xl/_rels/workbook.xml.rels").targets
        self._texts = self._read(Texts(), "xl/sharedStrings.xml").texts
        self._dates = self._read(Styles(), "xl/styles.xml").date_styles()

    def sheets(self) -> list[str]:
        """The paths of the sheets in the workbook's order."""
        known = set(self._archive.namelist())
        paths = [
            f"xl/{self._targets.get(key, '').removeprefix('/xl/')}" for key in self._book.sheets
        ]
        found = [path for path in paths if path in known]
        return found or sorted(name for name in known if name.startswith("xl/worksheets/sheet"))

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        """The values of each row, by column."""
        reader = SheetReader()
        for _ in self._parsed(reader, sheet):
            for row in reader.taken():
                yield self._values(row)

    def _values(self, row: dict[int, tuple[str, int, str]]) -> list[Any]:
        cells: list[Any] = [None] * (max(row, default=-1) + 1)
        for at, (kind, style, text) in row.items():
            cells[at] = self._value(kind, style, text)
        return cells

    def _value(self, kind: str, style: int, text: str) -> Any:
        match kind:
            case "s":
                return self._texts[int(text)] or None
            case "b":
                return text == "1"
            case "e":
                return None
            case "inlineStr" | "str" | "d":
                return text or None
            case _:
                return self._number(style, text)

    def _number(self, style: int, text: str) -> Any:
        if not text:
            return None
        number = float(text)
        if style in self._dates and 0 <= number <= _LAST_DAY:
            zero = _DAY_ZERO_1904 if self._book.counts_from_1904 else _DAY_ZERO
            return (zero + timedelta(seconds=round(number * 86_400))).isoformat()
        return int(number) if number.is_integer() else number

    def _read(self, part: Part, name: str) -> Part:
        if name in self._archive.namelist():
            for _ in self._parsed(part, name):
                pass
        return part

    def _parsed(self, part: XmlPart, name: str) -> Iterator[None]:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = part.begin
        parser.EndElementHandler = part.end
        parser.CharacterDataHandler = part.text
        parser.buffer_text = True
        with self._archive.open(name) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield

    def _check_sizes(self) -> None:
        parts = self._archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE_BYTES:
            raise UnreadableFileError(f"unpacks to more than {LARGEST_WHOLE_BYTES} bytes")
        for part in parts:
            ratio = part.file_size / max(1, part.compress_size)
            if part.file_size > RATIO_FROM_BYTES and ratio > HIGHEST_RATIO:
                raise UnreadableFileError(
                    f"unpacks to more than {HIGHEST_RATIO} times its size; no export does"
                )


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFileError("declares a document type; no workbook does")
