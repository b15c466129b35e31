"""JSON as pages write it, which is often not JSON: comments, trailing commas, raw line ends, quotes in quotes. Pure.

Enter at `values_in`. Numbers that no machine holds become None; nesting beyond what Python reads is no value.
"""

import html
import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

_WRAPPING: Final = re.compile(r"(?://|/\*)?\s*(?:<!\[CDATA\[|\]\]>|<!--|-->)\s*(?:\*/)?")
_STRING_OR_FAULT: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\Z)|,(?=\s*[}\]])|/\*.*?\*/|(?<![:"\w])//[^\n"]*(?=\n)', re.DOTALL
)
_DOUBLED: Final = re.compile(r'([:,\[]\s*)""(?=[^\s",:}\]])([^"\n]*)""')
_BAD_ESCAPE: Final = re.compile(r'\\(?!["\\/bfnrtu])')
_TOKEN: Final = re.compile(
    r"""(?P<text>["“”](?:[^"“”\\]|\\.)*["“”])|(?P<quoted>'(?:[^'\\\n]|\\.)*')|(?P<opens>[\[{])|(?P<closes>[\]}])"""
    r"""|(?P<colon>:)|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_$][\w$]*)""",
    re.DOTALL,
)
_CLOSING: Final = {"{": "}", "[": "]"}
_LITERALS: Final = frozenset({"true", "false", "null"})
_LONGEST_REPAIRED: Final = 200_000  # characters; repairing is slow, and no event takes so many
_MOST_VALUES: Final = 50
_DIGITS: Final = 18
_AFTER_STRING: Final = frozenset({",", ":", "}", "]", ""})


def values_in(text: str) -> list[Any]:
    """The values that a text holds one after the other, mended where it must be; empty when it is beyond that."""
    text = text.strip("\ufeff \t\r\n;")
    for attempt in _attempts(text):
        values = list(_values(attempt))
        if values:
            return values
    return []


def _attempts(text: str) -> Iterator[str]:
    yield text
    text = text[:_LONGEST_REPAIRED]
    text = _WRAPPING.sub(" ", text).strip(" \t\r\n;")
    yield text
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
        yield text
    text = _BAD_ESCAPE.sub("", text)
    yield _without_faults(text)
    yield _without_faults(_DOUBLED.sub(r'\1"\2"', text))
    yield _without_faults(_requoted(_DOUBLED.sub(r'\1"\2"', text)))
    yield _rebuilt(text)


def _values(text: str) -> Iterator[Any]:
    """Whole values from the start of a text; what is broken behind a whole one is left."""
    at = 0
    for _ in range(_MOST_VALUES):
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
        if at >= len(text):
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS else None


def _finite(digits: str) -> float | None:
    number = float(digits[:100])
    return number if math.isfinite(number) else None


def _nothing(_: str) -> None:
    return None


_DECODER: Final = json.JSONDecoder(
    strict=False, parse_int=_whole, parse_float=_finite, parse_constant=_nothing
)


def _without_faults(text: str) -> str:
    return _STRING_OR_FAULT.sub(lambda found: found[0] if found[0][0] == '"' else "", text)


def _rebuilt(text: str) -> str:
    """An object written as a program would, or cut off: keys and texts quoted, commas put where they belong, the end closed."""
    pieces: list[str] = []
    is_open: list[str] = []
    after_value = False
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        if not is_open and kind != "opens":
            if pieces:
                break
            continue
        if kind == "closes":
            if _CLOSING[is_open[-1]] == token:
                pieces.append(("null" if pieces[-1] == ":" else "") + token)
                is_open.pop()
                after_value = True
            continue
        if kind == "colon":
            if after_value and is_open[-1] == "{":
                pieces.append(":")
                after_value = False
            continue
        is_key = text[found.end() : found.end() + 3].lstrip().startswith(":")
        if is_open and is_open[-1] == "{" and not is_key and (after_value or pieces[-1] == "{"):
            continue  # what has no key is a piece of a broken text
        if after_value:
            pieces.append(",")
        pieces.append(_as_json(kind, token, is_key=is_key))
        after_value = kind != "opens"
        if kind == "opens":
            is_open.append(token)
    ending = "null" if pieces and pieces[-1] == ":" else ""
    return "".join(pieces) + ending + "".join(_CLOSING[one] for one in reversed(is_open))


def _as_json(kind: str | None, token: str, *, is_key: bool) -> str:
    if kind in {"text", "quoted"}:
        inner = token[1:-1].replace("\\'", "'")
        return (
            '"' + (re.sub(r'(?<!\\)"', lambda _: '\\"', inner) if kind == "quoted" else inner) + '"'
        )
    if kind == "word" and token not in _LITERALS:
        return f'"{token}"' if is_key else "null"
    return token


def _requoted(text: str) -> str:
    """Quotes inside a string escaped: one ends a string only before what may follow a string, and never before another."""
    pieces: list[str] = []
    is_inside = False
    parts = text.split('"')
    for index, part in enumerate(parts):
        pieces.append(part)
        if index == len(parts) - 1:
            break
        following = parts[index + 1].lstrip()
        if part.endswith("\\") and not part.endswith("\\\\"):
            pieces.append('"')
        elif not is_inside:
            is_inside = True
            pieces.append('"')
        elif parts[index + 1] and following[:1] in _AFTER_STRING:
            is_inside = False
            pieces.append('"')
        else:
            pieces.append('\\"')
    return "".join(pieces)
