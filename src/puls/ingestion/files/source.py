"""A file as a source of records. Enter at `FileSource`."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final

from puls.errors import InvalidInputError
from puls.ingestion.files.calendars import calendar_records
from puls.ingestion.files.encodings import Letters, utf8_stream
from puls.ingestion.files.json_document import json_document
from puls.ingestion.files.json_lines import Item, json_lines
from puls.ingestion.files.limits import (
    MOST_UNREADABLE_IN_A_ROW,
    CutFileError,
    UnreadableFileError,
)
from puls.ingestion.files.parquet_rows import parquet_rows
from puls.ingestion.files.spreadsheets import workbook_rows
from puls.ingestion.files.tables import csv_rows
from puls.ingestion.files.unpacking import unpacked
from puls.ingestion.sources import SourceBatch

BATCH_RECORDS: Final = 1_000

TextReader = Callable[[io.BufferedReader, Letters], Iterator[Item]]
ByteReader = Callable[[io.BufferedReader, ExitStack], Iterator[Item]]

_TEXTS: Final[dict[str, TextReader]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".json": json_document,
    ".geojson": json_document,
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".ics": calendar_records,
}
_BYTES: Final[dict[str, ByteReader]] = {".parquet": parquet_rows, ".xlsx": workbook_rows}
_KNOWN: Final = (*_TEXTS, *_BYTES)
# What readers and the libraries under them raise on damaged bytes; anything else is a fault of ours and ends the run.
_FAILURES: Final = (
    UnreadableFileError,
    OSError,
    EOFError,
    ValueError,
    csv.Error,
    MemoryError,
    RecursionError,
)


class FileSource:
    """One file as a source: what it is called is where it is, so that two of one name are two sources."""

    def __init__(
        self,
        path: Path,
        *,
        is_full: bool = False,
        name: str | None = None,
        batch_records: int = BATCH_RECORDS,
    ) -> None:
        """Refuse at once what cannot be read at all. `name` stands for the file wherever it lies.

        Raises:
            InvalidInputError: the file is missing, unreadable or of an unknown kind.
        """
        self._path = path
        self._name = name
        self._is_full = is_full
        self._batch_records = batch_records
        self._unreadable = 0  # items in a row
        self._kind = _kind_of(path)
        if not path.is_file():
            raise InvalidInputError(f"There is no file {path}.")

    @property
    def name(self) -> str:
        return f"file:{self._name or self.origin}"

    @property
    def former_name(self) -> str | None:
        """What the file was called when a base name was enough."""
        return None if self._name else f"file:{self._path.name}"

    @property
    def origin(self) -> str:
        return str(self._path.resolve())

    @property
    def is_full(self) -> bool:
        return self._is_full

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """The file from its start: unchanged records cost only their hash, so a re-run is quick."""
        del cursor
        total = self._path.stat().st_size
        letters = Letters()
        told: set[str] = set()
        with ExitStack() as opened:
            try:
                raw = opened.enter_context(self._path.open("rb"))
            except OSError as error:
                raise InvalidInputError(
                    f"{self._path} cannot be read: {error.strerror}."
                ) from error
            items = self._items(raw, opened, letters, told)
            is_over, count = False, 0
            while not is_over:
                batch, broken = await asyncio.to_thread(self._next_batch, items)
                count += len(batch)
                is_over = len(batch) < self._batch_records
                if batch or not count:
                    yield SourceBatch(
                        records=batch,
                        done=min(raw.tell(), total),
                        total=total,
                        remarks=self._remarks(told, letters),
                    )
                if broken is not None:
                    raise self._failure(broken, is_begun=count > 0) from broken

    def _remarks(self, told: set[str], letters: Letters) -> tuple[str, ...]:
        remarks = {*told, letters.remark} - {None}
        return tuple(sorted(f"{self._path.name}: {remark}" for remark in remarks))

    def _items(
        self, raw: io.BufferedReader, opened: ExitStack, letters: Letters, told: set[str]
    ) -> Iterator[Item]:
        stream = unpacked(raw, opened, is_named_gz=self._path.suffix.lower() == ".gz")
        read_bytes = _BYTES.get(self._kind)
        if read_bytes is not None:
            yield from read_bytes(stream, opened)
            return
        stream, encoding = utf8_stream(stream)
        if encoding is not None:
            told.add(f"it was read as {encoding}")
        yield from _TEXTS[self._kind](stream, letters)

    def _next_batch(self, items: Iterator[Item]) -> tuple[list[Item], Exception | None]:
        """The next records, and why there are no more when that is not the end."""
        batch: list[Item] = []
        try:
            batch.extend(islice(items, self._batch_records))
            self._check_readable(batch)
        except _FAILURES as error:
            return batch, error
        return batch, None

    def _check_readable(self, batch: list[Item]) -> None:
        """A file of another kind under this name must not fill the quarantine."""
        if any(isinstance(item, dict) for item in batch):
            self._unreadable = 0
        self._unreadable += len(batch)
        if self._unreadable > MOST_UNREADABLE_IN_A_ROW:
            raise UnreadableFileError(f"holds no record in {MOST_UNREADABLE_IN_A_ROW:,} lines")

    def _failure(self, error: Exception, *, is_begun: bool) -> InvalidInputError:
        if isinstance(error, UnreadableFileError):
            why = f"it {error}"
        else:
            why = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        how_far = " to its end" if is_begun else ""
        kind = CutFileError if isinstance(error, CutFileError) else UnreadableFileError
        return kind(
            f"{self._path} cannot be read{how_far}: {why}. What came before is kept; nothing was removed."
        )


def _kind_of(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
    if kind not in _KNOWN:
        raise InvalidInputError(
            f"{path.name} is of an unknown kind; Puls reads {', '.join(_KNOWN)}, each also with .gz."
        )
    return kind
