"""Parquet, as the portal and data frames write it, in batches of rows. Sizes that cannot be are refused.

It is decoded in a process of its own with a limit to its memory: damaged files end Arrow's C++ with `terminate`, which no
`except` catches (found by `make fuzz-files`). Enter at `parquet_rows`.
"""

import contextlib
import io
import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from puls.ingestion.files.columns import renamed
from puls.ingestion.files.json_lines import Item
from puls.ingestion.files.limits import (
    HIGHEST_RATIO,
    LARGEST_SPOOLED_BYTES,
    RATIO_FROM_BYTES,
    UnreadableFileError,
)

_ROWS: Final = 500
_CHUNK_BYTES: Final = 2**20
_LONGEST_DECLARATION: Final = 64 * 2**20  # bytes of the file's own description of itself
_MOST_DECLARATIONS: Final = 1_000_000
_MOST_MEMORY_BYTES: Final = 8 * 2**30  # of address space, which Arrow reserves generously
_LONGEST_WAIT_SECONDS: Final = 300.0  # for one batch


def parquet_rows(stream: io.BufferedReader, opened: ExitStack) -> Iterator[Item]:
    """Every row as a record.

    Raises:
        UnreadableFileError: it is not Parquet, damaged, or declares absurd sizes.
    """
    path = _on_disk(stream, opened)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_rows, args=(path, sender), daemon=True)
    process.start()
    sender.close()
    opened.callback(_end, process, receiver)
    while True:
        try:
            if not receiver.poll(_LONGEST_WAIT_SECONDS):
                raise UnreadableFileError("keeps Parquet's reader busy without end")
            said: list[dict[str, Any]] | str | None = receiver.recv()
        except (EOFError, OSError):
            raise UnreadableFileError("is not good Parquet (it ended its reader)") from None
        if said is None:
            return
        if isinstance(said, str):
            raise UnreadableFileError(said)
        yield from map(_record, said)


def _on_disk(stream: io.BufferedReader, opened: ExitStack) -> str:
    """Parquet is read from its end, so what was compressed goes through the disk."""
    if stream.seekable():
        return str(stream.name)
    spooled = opened.enter_context(tempfile.NamedTemporaryFile())  # noqa: SIM115 - closed by the stack
    size = 0
    while chunk := stream.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > LARGEST_SPOOLED_BYTES:
            raise UnreadableFileError(f"unpacks to more than {LARGEST_SPOOLED_BYTES} bytes")
        spooled.write(chunk)
    spooled.flush()
    return spooled.name


def _end(process: Any, receiver: "Connection[Any, Any]") -> None:
    receiver.close()
    process.kill()
    process.join()


def _record(row: dict[str, Any]) -> dict[str, Any]:
    record = {name: _plain(value) for name, value in row.items()}
    return record if "uid" in record else renamed(record)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value


# In the other process -------------------------------------------------------------------------------------------------


def _send_rows(path: str, sender: "Connection[Any, Any]") -> None:
    """Rows in lists, then None; a sentence instead when there are no more."""
    _limit_memory()
    import pyarrow as pa  # noqa: PLC0415 - here, behind the limit, and not in every process of ingestion

    try:
        for rows in _batches(path):
            sender.send(rows)
        sender.send(None)
    except UnreadableFileError as error:
        sender.send(str(error))
    except BrokenPipeError:
        return  # nobody reads on
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
        why = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        sender.send(f"is not good Parquet ({why})")


def _batches(path: str) -> Iterator[list[dict[str, Any]]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with Path(path).open("rb") as file:
        table = pq.ParquetFile(
            file,
            thrift_string_size_limit=_LONGEST_DECLARATION,
            thrift_container_size_limit=_MOST_DECLARATIONS,
        )
        _check_sizes(table.metadata)
        for batch in table.iter_batches(batch_size=_ROWS):
            yield batch.to_pylist()


def _check_sizes(metadata: Any) -> None:
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        for at in range(columns.num_columns):
            column = columns.column(at)
            packed, plain = column.total_compressed_size, column.total_uncompressed_size
            if plain > RATIO_FROM_BYTES and plain > HIGHEST_RATIO * max(1, packed):
                raise UnreadableFileError(
                    f"declares a column {HIGHEST_RATIO} times larger than it is packed"
                )


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource  # noqa: PLC0415 - see above

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
