"""JSON lines: a record per line, each line within bounds and read on its own.

Also used for the portal's export, which is the same over HTTP.
"""

import io
import json
from collections.abc import Iterator
from typing import Any

import orjson

from puls.ingestion.files.encodings import Letters
from puls.ingestion.files.limits import LONGEST_RECORD_BYTES, CutFileError
from puls.ingestion.files.shapes import records_in, unreadable
from puls.ingestion.sources import Record, Unreadable

Item = Record | Unreadable


def json_lines(stream: io.BufferedReader, letters: Letters) -> Iterator[Item]:
    """Every line's records.

    Raises:
        CutFileError: the last line is the beginning of an object, without its end.
    """
    for number, line in enumerate(_whole_lines(stream), start=1):
        try:
            value = orjson.loads(line) if line is not None else None
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict) and "uid" in value and "title_fr" in value:
            yield value  # as nearly all that ever come
        else:
            yield from _odd_line(line, number, letters, stream)


def _odd_line(
    line: bytes | None, number: int, letters: Letters, stream: io.BufferedReader
) -> Iterator[Item]:
    """What a line gives that is no plain record."""
    if line is None:
        yield unreadable(number, f"Longer than {LONGEST_RECORD_BYTES} bytes", "")
    elif bare := line.strip():
        following = b"" if bare.isascii() else stream.peek()
        items = list(items_of_line(bare, number, letters, following))
        if _is_cut(line, items):
            raise CutFileError("ends in the middle of a record")
        yield from items


def record_from_line(line: bytes, number: int) -> Item:
    """The one record of a line of JSON; see `items_of_line`."""
    item = next(items_of_line(line, number, Letters()), None)
    return item if item is not None else unreadable(number, "No record", line)


def items_of_line(
    line: bytes, number: int, letters: Letters, following: bytes = b""
) -> Iterator[Item]:
    """The records of a line; `Unreadable` when it is not JSON, or JSON of something else."""
    try:
        value: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:  # lone surrogates, integers of any size, NaN, or letters of an old encoding
            value = json.loads(letters.of(line, following))
        except (ValueError, RecursionError) as error:
            yield unreadable(number, f"Not JSON: {error}", line)
            return
    if isinstance(value, dict) or _holds_an_object(value):
        yield from records_in(value, is_listed=True)
    else:
        yield unreadable(number, "Not a JSON object", line)


def _holds_an_object(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _whole_lines(stream: io.BufferedReader) -> Iterator[bytes | None]:
    """Lines as they come; None for one that is too long, which is passed over in pieces."""
    while line := stream.readline(LONGEST_RECORD_BYTES):
        if len(line) < LONGEST_RECORD_BYTES or line.endswith(b"\n"):
            yield line
            continue
        yield None
        while (rest := stream.readline(LONGEST_RECORD_BYTES)) and not rest.endswith(b"\n"):
            pass


def _is_cut(line: bytes, items: list[Item]) -> bool:
    return (
        not line.endswith(b"\n")
        and line.lstrip().startswith((b"{", b"["))
        and any(isinstance(item, Unreadable) for item in items)
    )
