"""Locks in files, which the system takes back from a process that ends, however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_PAUSE_SECONDS = 0.05


class FileLock:
    """One lock file: shared by those who use a thing, or held alone. Blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        return self._descriptor is not None

    def share(self) -> None:
        """Hold it together with others; waits while one holds it alone."""
        self._lock(fcntl.LOCK_SH)

    def hold_alone(self) -> None:
        """Waits until nobody else holds it."""
        self._lock(fcntl.LOCK_EX)

    def try_alone(self) -> bool:
        """Hold it alone if nobody else holds it. A share is given up in any case."""
        return self._try(fcntl.LOCK_EX)

    def try_share(self) -> bool:
        """Share it unless somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def try_alone_for(self, seconds: float) -> bool:
        """As `try_alone`, again and again for so long: the keeper of a server that just stopped holds it for a moment."""
        deadline = time.monotonic() + seconds
        while not self.try_alone():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    def _try(self, kind: int) -> bool:
        try:
            self._lock(kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(self, kind: int) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            belongs_to_its_folder(self.path)
        fcntl.flock(self._descriptor, kind)


@contextlib.contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """The lock of a file for the time of the block."""
    lock = FileLock(path)
    lock.hold_alone()
    try:
        yield
    finally:
        lock.release()


def belongs_to_its_folder(path: Path) -> None:
    """What root makes in somebody's home stays theirs: one `sudo` must not lock them out."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
