"""Whether somebody waits for what is asked of the database now. Enter at `without_hurry`."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_has_time: ContextVar[bool] = ContextVar("puls_database_has_time", default=False)


def has_time() -> bool:
    """Whether this is background work."""
    return _has_time.get()


@contextlib.contextmanager
def without_hurry() -> Iterator[None]:
    """Background work: statements begun in this block, or by tasks made in it, may take as long as they need."""
    token = _has_time.set(True)
    try:
        yield
    finally:
        _has_time.reset(token)
