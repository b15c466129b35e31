"""Records from files: `.jsonl`, `.json`, `.csv`, `.parquet`, each also gzipped, in bounded memory.

What cannot be read is given as `Unreadable` with its line; a file that is missing or of another
kind is refused. Enter at `FileSource`.
"""

import asyncio
import csv
import gzip
import io
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson
import pyarrow.parquet

from puls.errors import InvalidInputError
from puls.ingestion.sources import Record, SourceBatch, Unreadable

BATCH_RECORDS: Final = 1_000
LONGEST_RECORD_BYTES: Final = (
    16 * 2**20
)  # the longest real record is 90 kB; a longer "line" is not a record
_CHUNK_CHARACTERS: Final = 2**20
_SHOWN_CHARACTERS: Final = 2_000
_PARQUET_ROWS: Final = 500
_JSON_SPACE: Final = " \t\r\n"

Item = Record | Unreadable


class FileSource:
    """One file as a source.

    Its name is the file's, so that the same file read again is recognised.
    """

    def __init__(
        self, path: Path, *, is_full: bool = False, batch_records: int = BATCH_RECORDS
    ) -> None:
        """Refuse at once what cannot be read at all.

        Raises:
            InvalidInputError: the file is missing, unreadable or of an unknown kind.
        """
        self._path = path
        self._is_full = is_full
        self._batch_records = batch_records
        self._read = _reader_for(path)
        if not path.is_file():
            raise InvalidInputError(f"There is no file {path}.")

    @property
    def name(self) -> str:
        return f"file:{self._path.name}"

    @property
    def is_full(self) -> bool:
        return self._is_full

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """The file from its start: unchanged records cost only their hash, so a re-run is quick."""
        del cursor
        total = self._path.stat().st_size
        with ExitStack() as opened:
            try:
                raw = opened.enter_context(self._path.open("rb"))
            except OSError as error:
                raise InvalidInputError(
                    f"{self._path} cannot be read: {error.strerror}."
                ) from error
            items = self._read(self._unpacked(raw, opened), opened)
            while batch := await asyncio.to_thread(self._next_batch, items):
                yield SourceBatch(records=batch, done=min(raw.tell(), total), total=total)

    def _unpacked(self, raw: IO[bytes], opened: ExitStack) -> IO[bytes]:
        if self._path.suffix.lower() != ".gz":
            return raw
        return cast("IO[bytes]", opened.enter_context(gzip.open(raw, "rb")))

    def _next_batch(self, items: Iterator[Item]) -> list[Item]:
        try:
            return list(islice(items, self._batch_records))
        except (OSError, EOFError, pyarrow.ArrowException) as error:
            raise InvalidInputError(
                f"{self._path} cannot be read to its end: {error}. What came before is kept."
            ) from error


Reader = Callable[[IO[bytes], ExitStack], Iterator[Item]]


def _reader_for(path: Path) -> Reader:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
    try:
        return _READERS[kind]
    except KeyError:
        known = ", ".join(_READERS)
        raise InvalidInputError(
            f"{path.name} is of an unknown kind; Puls reads {known}, each also with .gz."
        ) from None


def record_from_line(line: bytes, number: int) -> Item:
    """A line of JSON as a record, also when it holds lone surrogates.

    Which strict readers refuse.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(line.decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError) as error:
            return _unreadable(number, f"Not JSON: {error}", line)
    if isinstance(value, dict):
        return value
    return _unreadable(number, "Not a JSON object", line)


def _unreadable(number: int, detail: str, line: bytes) -> Unreadable:
    shown = line[:_SHOWN_CHARACTERS].decode("utf-8", "backslashreplace")
    return Unreadable(line=number, detail=detail, text=shown)


def _json_lines(stream: IO[bytes], opened: ExitStack) -> Iterator[Item]:
    del opened
    number = 0
    while line := stream.readline(LONGEST_RECORD_BYTES):
        number += 1
        if len(line) == LONGEST_RECORD_BYTES and not line.endswith(b"\n"):
            yield _unreadable(number, f"Longer than {LONGEST_RECORD_BYTES} bytes", line)
            while (rest := stream.readline(LONGEST_RECORD_BYTES)) and not rest.endswith(b"\n"):
                pass
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield record_from_line(line, number)


def _json_document(stream: IO[bytes], opened: ExitStack) -> Iterator[Item]:
    """An array of records, or an object whose "results".

    Or "events" is one, read element by element.
    """
    text = opened.enter_context(
        io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape")
    )
    elements = _ArrayElements(text)
    for number, value in enumerate(elements, start=1):
        if isinstance(value, dict):
            yield value
        else:
            yield Unreadable(
                line=number, detail="Not a JSON object", text=str(value)[:_SHOWN_CHARACTERS]
            )


class _ArrayElements:
    """The elements of the first array of a JSON text, holding one element at a time."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._is_finished = False

    def __iter__(self) -> Iterator[Any]:
        self._open_array()
        decoder = json.JSONDecoder()
        while True:
            mark = self._next_mark(skip=",")
            if mark == "]":
                return
            if not mark:
                raise EOFError("the JSON array is not closed")
            yield self._element(decoder)

    def _open_array(self) -> None:
        mark = self._next_mark()
        if mark == "{":
            self._skip_to_member()
            mark = self._next_mark()
        if mark != "[":
            raise EOFError('neither a JSON array nor an object with "results"')
        self._at += 1

    def _skip_to_member(self) -> None:
        """Step over the opening members (`total_count`…) to the list of records."""
        while True:
            places = [self._buffer.find(f'"{name}"', self._at) for name in ("results", "events")]
            found = min((place for place in places if place >= 0), default=-1)
            if found >= 0 and (colon := self._buffer.find(":", found)) >= 0:
                self._at = colon + 1
                return
            if len(self._buffer) - self._at > LONGEST_RECORD_BYTES or not self._read_more():
                raise EOFError('no "results" in the JSON object')

    def _next_mark(self, skip: str = "") -> str:
        while True:
            while self._at < len(self._buffer):
                letter = self._buffer[self._at]
                if letter not in _JSON_SPACE and letter not in skip:
                    return letter
                self._at += 1
            if not self._read_more():
                return ""

    def _element(self, decoder: json.JSONDecoder) -> Any:
        while True:
            try:
                value, end = decoder.raw_decode(self._buffer, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self._buffer) - self._at > LONGEST_RECORD_BYTES or not self._read_more():
                    raise EOFError(f"broken JSON: {error}") from error
                continue
            if end == len(self._buffer) and self._read_more():
                continue  # a number may go on in the next chunk
            self._at = end
            return value

    def _read_more(self) -> bool:
        if self._is_finished:
            return False
        chunk = self._text.read(_CHUNK_CHARACTERS)
        self._is_finished = not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)


def _csv_rows(stream: IO[bytes], opened: ExitStack) -> Iterator[Item]:
    """The mirror's CSV (`;` by default) or any other delimiter that the first line shows."""
    csv.field_size_limit(LONGEST_RECORD_BYTES)
    text = opened.enter_context(
        io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    )
    header = text.readline(LONGEST_RECORD_BYTES)
    delimiter = max(";,\t|", key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Unreadable(line=rows.line_num + 1, detail=f"Not CSV: {error}", text="")
            continue
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(names):
            detail = f"{len(cells)} cells under {len(names)} names"
            shown = delimiter.join(cells)[:_SHOWN_CHARACTERS]
            yield Unreadable(line=rows.line_num + 1, detail=detail, text=shown)
            continue
        yield dict(zip(names, cells, strict=True))


def _parquet_rows(stream: IO[bytes], opened: ExitStack) -> Iterator[Item]:
    if not isinstance(stream, io.BufferedReader):  # Parquet is read from its end
        unpacked = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed by the stack
        shutil.copyfileobj(stream, unpacked)
        stream = unpacked
    table = pyarrow.parquet.ParquetFile(stream)
    for batch in table.iter_batches(batch_size=_PARQUET_ROWS):
        yield from batch.to_pylist()


_READERS: Final[dict[str, Reader]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_document,
    ".csv": _csv_rows,
    ".parquet": _parquet_rows,
}
