"""What every source of records gives to a run.

Batches, how far they reach, and where to go on next time.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something in the source that is not a record; it goes to quarantine with its place."""

    line: int
    detail: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBatch:
    """Records in the source's order.

    `done` and `total` count what the source can count: bytes or records.

    `cursor` is where an incremental source goes on once this batch is stored. `remarks` are sentences for a person, such
    as the encoding that was recognised.
    """

    records: Sequence[Record | Unreadable]
    done: int = 0
    total: int | None = None
    cursor: str | None = None
    remarks: tuple[str, ...] = ()


class RecordSource(Protocol):
    """A place where records come from.

    `is_full` promises that all records of the source pass by, so that what a run has not met is gone
    upstream.
    """

    @property
    def name(self) -> str: ...
    @property
    def is_full(self) -> bool: ...
    def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """All batches; an incremental source goes on from the `cursor` of its last stored batch."""
        ...


@runtime_checkable
class PlacedSource(Protocol):
    """A source that knows where it is read.

    `origin`: when that is another place than last time, nothing is removed unasked. `former_name`: under which older
    catalogues know it, so that its records may be taken over.
    """

    @property
    def origin(self) -> str: ...
    @property
    def former_name(self) -> str | None: ...
