"""Statements in files beside their callers, and vectors as pgvector writes them. Pure."""

import importlib.resources
import re
from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from psycopg import sql


class Queries:
    """The named statements of a `queries.sql`: each opens with a line `-- name --`."""

    def __init__(self, statements: Mapping[str, str]) -> None:
        self._statements = statements

    @classmethod
    def beside(cls, package: str, file: str = "queries.sql") -> Self:
        """Read `file` from the folder of `package`."""
        text = importlib.resources.files(package).joinpath(file).read_text(encoding="utf-8")
        parts = re.split(r"^-- (\w+) --$", text, flags=re.MULTILINE)[1:]
        return cls(dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True)))

    def __getitem__(self, name: str) -> bytes:
        return self._statements[name].encode()

    def fill(self, name: str, **parts: sql.Composable) -> sql.Composed:
        """The statement with its `{part}` places filled by identifiers or other statements of ours."""
        return sql.SQL(self._statements[name]).format(**parts)

    def on(self, name: str, **tables: str) -> sql.Composed:
        """The statement with `{table}` places filled by quoted identifiers."""
        return self.fill(name, **{place: sql.Identifier(table) for place, table in tables.items()})


def vector_text(vector: NDArray[np.float32]) -> str:
    """A vector in pgvector's own notation."""
    return "[" + ",".join(f"{component:.6g}" for component in vector.tolist()) + "]"
