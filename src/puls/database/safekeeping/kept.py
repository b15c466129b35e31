"""A backup made and put where it is kept; the oldest go; one is taken back from there. Enter at `back_up_to` and `fetched`.

Everything blocks.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from puls.database.backup import Contents, back_up
from puls.database.safekeeping.places import NAME, Place
from puls.database.safekeeping.sealing import (
    identities_in,
    is_sealed,
    recipients_of,
    seal,
    unseal,
)
from puls.errors import BackupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A backup where it was put, with what it holds and what was removed for it."""

    name: str
    size: int
    contents: Contents
    removed: Sequence[str] = field(default=())


def back_up_to(
    home: Path,
    place: Place,
    *,
    now: datetime,
    recipients: Sequence[str] = (),
    keep: int | None = None,
    name: str | None = None,
) -> Kept | None:
    """Make a backup of a home and put it there under the moment's name; of more than `keep` the oldest are removed.

    Older ones go when the new one is there, never before. `name`: another than the moment's; None when it is there already.

    Raises:
        BackupError: it cannot be made or put.
        DatabaseUnavailableError: the database cannot be read.
    """
    keys = recipients_of(recipients)
    called = (name or f"puls-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.zip") + (".age" if keys else "")
    if name is not None and called in place.names():
        return None
    with tempfile.TemporaryDirectory(prefix=".backing-up-", dir=home) as passing:
        file = Path(passing) / "backup.zip"
        contents = back_up(home, file, now=now)
        if keys:
            sealed = Path(passing) / "backup.zip.age"
            seal(file, sealed, keys)
            file = sealed
        place.put(file, called)
        size = file.stat().st_size
    removed = _beyond(place.names(), keep)
    for old in removed:
        place.remove(old)
    return Kept(name=called, size=size, contents=contents, removed=removed)


def _beyond(names: Sequence[str], keep: int | None) -> list[str]:
    """Those that are more than are kept, the oldest; none without a number."""
    return [] if keep is None else sorted(names)[:-keep]


@contextlib.contextmanager
def fetched(place: Place, name: str | None, *, identity: Path | None) -> Iterator[Path]:
    """A backup of a place, opened, as a file for the time of the block; `name` None: the newest.

    Raises:
        BackupError: there is none, or it cannot be opened.
    """
    names = place.names()
    if not names:
        raise BackupError(f"There is no backup in {place}.")
    if name is not None and (NAME.fullmatch(name) is None or name not in names):
        raise BackupError(f"There is no backup {name} in {place}; the newest is {names[-1]}.")
    with tempfile.TemporaryDirectory(prefix="puls-backup-") as passing:
        file = Path(passing) / (name or names[-1])
        place.get(file.name, file)
        with opened(file, identity=identity) as plain:
            yield plain


@contextlib.contextmanager
def opened(file: Path, *, identity: Path | None) -> Iterator[Path]:
    """A backup as it can be read: itself, or its unsealed copy for the time of the block.

    Raises:
        BackupError: it is not there, or no key opens it.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    if not is_sealed(file):
        yield file
        return
    if identity is None:
        raise BackupError(
            f"{file.name} is sealed: name the file with the secret key (--identity or PULS_BACKUP_IDENTITY)."
        )
    with tempfile.TemporaryDirectory(prefix="puls-backup-") as passing:
        plain = Path(passing) / "backup.zip"
        unseal(file, plain, identities_in(identity))
        yield plain
