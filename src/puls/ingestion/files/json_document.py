"""One JSON document: a list of records, or records in envelopes, read element by element.

Values that fit in a record are read whole; what is larger is entered, list by list, so that memory stays bounded whatever
the size of the document. Enter at `json_document`.
"""

import io
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from puls.ingestion.files.encodings import Letters
from puls.ingestion.files.json_lines import Item
from puls.ingestion.files.limits import (
    DEEPEST_ENVELOPE,
    LONGEST_RECORD_BYTES,
    SHOWN_CHARACTERS,
    CutFileError,
    UnreadableFileError,
)
from puls.ingestion.files.shapes import LISTS, records_in, unreadable

_CHUNK_BYTES: Final = 2**20
_SPACE: Final = " \t\r\n"
_STRUCTURE: Final = re.compile(r'["{}\[\],]')
_STRING_END: Final = re.compile(r'["\\]')
_LET_GO_CHARACTERS: Final = 2**16
_MOST_WRONG: Final = 100
_LONGEST_WORD: Final = 16  # `-Infinity`, an escaped letter


class _Unread(StrEnum):
    """Why a value was not read whole."""

    CUT = "Not closed"
    WRONG = "Not JSON"
    TOO_LONG = f"Longer than {LONGEST_RECORD_BYTES} bytes"
    TOO_DEEP = "Too many levels"


def json_document(stream: io.BufferedReader, letters: Letters) -> Iterator[Item]:
    """The records of a document, or of several that follow each other.

    Raises:
        CutFileError: it ends before it is closed.
        UnreadableFileError: it is not JSON, or holds no list of records.
    """
    document = _Document(_Text(stream, letters))
    yield from document.items()
    if not document.has_found_list:
        raise UnreadableFileError("holds no list of records")


class _Text:
    """A window on the text, read in chunks."""

    def __init__(self, stream: io.BufferedReader, letters: Letters) -> None:
        self._stream = stream
        self._letters = letters
        self._held = b""
        self._is_over = False
        self.window = ""
        self.at = 0

    def more(self) -> bool:
        """Read another chunk behind the window; what is before `at` is let go."""
        if self._is_over:
            return False
        data = self._stream.read(_CHUNK_BYTES)
        self._is_over = not data
        self.window = self.window[self.at :] + self._decoded(data)
        self.at = 0
        return not self._is_over

    def mark(self, skip: str = "") -> str:
        """The next character that is no white space nor in `skip`; empty at the end."""
        while True:
            while self.at < len(self.window):
                letter = self.window[self.at]
                if letter not in _SPACE and letter not in skip:
                    return letter
                self.at += 1
            if not self.more():
                return ""

    def _decoded(self, data: bytes) -> str:
        data, self._held = self._held + data, b""
        if not self._is_over and (tail := _incomplete_tail(data)):
            data, self._held = data[:-tail], data[-tail:]
        return self._letters.of(data)


def _incomplete_tail(data: bytes) -> int:
    """How many bytes at the end begin a letter of UTF-8 that goes on in the next chunk."""
    for length in (1, 2, 3):
        lead = data[-length] if len(data) >= length else 0
        if lead >= 0xC0:  # noqa: PLR2004 - the first byte of a letter
            wanted = 2 + (lead >= 0xE0) + (lead >= 0xF0)  # noqa: PLR2004 - of three, of four bytes
            return length if wanted > length else 0
    return 0


class _Document:
    """Walks a text of JSON values."""

    def __init__(self, text: _Text) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(parse_int=_integer)
        self._number = 0
        self._wrong = 0  # elements in a row that could not be read
        self.has_found_list = False

    def items(self) -> Iterator[Item]:
        if not self._text.mark():
            raise UnreadableFileError("is empty")
        while mark := self._text.mark(skip=","):
            if mark == "[":
                yield from self._list(is_listed=True, depth=0)
            elif mark == "{":
                yield from self._object(is_listed=False, depth=0)
            else:
                raise UnreadableFileError("is not JSON")

    def _object(self, *, is_listed: bool, depth: int) -> Iterator[Item]:
        value = self._value()
        if not isinstance(value, _Unread):
            yield from self._records(value, is_listed=is_listed)
        elif is_listed or depth >= DEEPEST_ENVELOPE:
            yield self._passed_over(value)
        else:
            yield from self._entered(depth)

    def _entered(self, depth: int) -> Iterator[Item]:
        """The members of an object that is too large to be read whole."""
        self._text.at += 1
        while (mark := self._text.mark(skip=",")) != "}":
            if mark != '"':
                raise self._broken(mark)
            name = self._value()
            if not isinstance(name, str) or isinstance(name, _Unread) or self._text.mark() != ":":
                raise self._broken(self._text.mark())
            self._text.at += 1
            match self._text.mark():
                case "[":
                    yield from self._list(is_listed=name.lower() in LISTS, depth=depth + 1)
                case "{":
                    yield from self._object(is_listed=False, depth=depth + 1)
                case _:
                    value = self._value()
                    if isinstance(value, _Unread):
                        self._passed_over(value)
        self._text.at += 1

    def _list(self, *, is_listed: bool, depth: int) -> Iterator[Item]:
        self._text.at += 1
        self.has_found_list = self.has_found_list or is_listed
        while (mark := self._text.mark(skip=",")) != "]":
            if not mark:
                raise CutFileError("ends in the middle of a list")
            self._number += is_listed
            if mark == "[" and depth < DEEPEST_ENVELOPE:
                yield from self._list(is_listed=is_listed, depth=depth + 1)
            elif mark == "{":
                yield from self._object(is_listed=is_listed, depth=depth + 1)
            else:
                value = self._value()
                if isinstance(value, _Unread):
                    yield self._passed_over(value)
                elif is_listed:
                    yield unreadable(self._number, "Not a JSON object", str(value))
        self._text.at += 1

    def _records(self, value: Any, *, is_listed: bool) -> Iterator[Item]:
        found = False
        self._wrong = 0
        for record in records_in(value, is_listed=is_listed):
            found = True
            yield record
        self.has_found_list = self.has_found_list or found or _has_empty_list(value)

    def _value(self) -> Any:
        """The value that begins here, read whole; an `_Unread` leaves it where it is."""
        text = self._text
        if text.at > _LET_GO_CHARACTERS:  # an error counts the lines from the window's beginning
            text.window, text.at = text.window[text.at :], 0
        while True:
            try:
                value, end = self._decoder.raw_decode(text.window, text.at)
            except RecursionError:
                return _Unread.TOO_DEEP
            except json.JSONDecodeError as error:
                if _is_wrong(error, text.window):
                    return _Unread.WRONG
                if len(text.window) - text.at > LONGEST_RECORD_BYTES:
                    return _Unread.TOO_LONG
                if not self._has_more():
                    return _Unread.CUT
                continue
            if end == len(text.window) and text.more():
                continue  # a number may go on in the next chunk
            text.at = end
            return value

    def _has_more(self) -> bool:
        """Twice as much as there was, so that a large value is not read again for every chunk."""
        wanted = min(2 * (len(self._text.window) - self._text.at), LONGEST_RECORD_BYTES + 1)
        has_more = self._text.more()
        while has_more and len(self._text.window) < wanted and self._text.more():
            pass
        return has_more

    def _passed_over(self, unread: "_Unread") -> Item:
        if unread is _Unread.CUT:
            raise CutFileError("ends in the middle of a value")
        self._wrong += 1
        if self._wrong > _MOST_WRONG:
            raise UnreadableFileError(
                f"is not JSON from record {self._number + 1 - _MOST_WRONG} on"
            )
        shown = self._text.window[self._text.at : self._text.at + SHOWN_CHARACTERS]
        self._pass_over()
        return unreadable(self._number, unread.value, shown)

    def _pass_over(self) -> None:
        """Step over a value without keeping it."""
        depth = 0
        while True:
            found = self._find(_STRUCTURE)
            if found == '"':
                self._pass_over_string()
            elif found in "{[":
                depth += 1
            elif found in "}]":
                depth -= 1
                if depth < 0:  # the end of what is around a bare value
                    self._text.at -= 1
                    return
            elif depth == 0:  # a comma behind a bare value
                return
            if depth == 0 and found in '"}]':
                return

    def _pass_over_string(self) -> None:
        while self._find(_STRING_END) != '"':
            if self._text.at >= len(self._text.window) and not self._text.more():
                raise CutFileError("ends in the middle of a text")
            self._text.at += 1  # whatever a backslash hides

    def _find(self, pattern: re.Pattern[str]) -> str:
        text = self._text
        while (match := pattern.search(text.window, text.at)) is None:
            text.at = len(text.window)
            if not text.more():
                raise CutFileError("ends in the middle of a value")
        text.at = match.end()
        return match[0]

    def _broken(self, mark: str) -> UnreadableFileError:
        if not mark:
            return CutFileError("ends in the middle of a value")
        return UnreadableFileError(f"is not JSON from record {self._number + 1} on")


def _is_wrong(error: json.JSONDecodeError, window: str) -> bool:
    """Whether it is broken here, rather than going on behind the window."""
    return not error.msg.startswith("Unterminated") and error.pos < len(window) - _LONGEST_WORD


def _integer(digits: str) -> int | str:
    """Python refuses to read an integer of more than 4,300 digits; no field needs one of 20."""
    return int(digits) if len(digits) < 400 else digits  # noqa: PLR2004 - see above


def _has_empty_list(value: Any, depth: int = 0) -> bool:
    """An answer that found nothing is an answer."""
    if not isinstance(value, dict) or depth > DEEPEST_ENVELOPE:
        return False
    return any(
        (name.lower() in LISTS and inner == []) or _has_empty_list(inner, depth + 1)
        for name, inner in value.items()
    )
