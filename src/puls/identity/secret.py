"""The secret that signs visitors' tokens and salts what is counted.

Given by the operator (`PULS_SECRET`, the same on every replica), else made once and kept in the home directory. One that
could be guessed is refused: whoever knows it can be any visitor.
"""

import contextlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from puls.database import Database, Queries
from puls.database.locks import belongs_to_its_folder
from puls.errors import InvalidInputError
from puls.monitoring import log

_QUERIES = Queries.beside("puls.identity")
_BYTES = 32
_LEAST_DIFFERENT = 8  # 32 random bytes, or their 64 digits, have more: less is a file of zeros or one key held down


def kept_secret(home: Path) -> bytes:
    """The secret of this home: made the first time, readable by its owner alone. Blocks for a disk write.

    Two processes that start together agree: the file appears whole, and the first one stays.

    Raises:
        InvalidInputError: the home cannot be written, or what it keeps is no secret.
    """
    path = home / "secret"
    try:
        secret = _made_if_missing(path)
    except OSError as error:
        raise InvalidInputError(
            f"No secret can be kept in {home} ({error.strerror}). Set PULS_SECRET, the same on every replica."
        ) from error
    checked = checked_secret(secret, str(path))
    _close_to_others(path)
    return checked


def checked_secret(secret: bytes, where: str) -> bytes:
    """The secret, if it is one.

    Raises:
        InvalidInputError: it is too short or too even to be one; `where` says which.
    """
    if len(secret.strip()) < _BYTES or len(set(secret)) < _LEAST_DIFFERENT:
        raise InvalidInputError(
            f"{where} is no secret (at least {_BYTES} random bytes): everybody could sign as any visitor. "
            "Put the old one back from a backup; or remove it to get a new one, and every visitor starts anew."
        )
    return secret


async def check_is_known(secret: bytes, database: Database) -> None:
    """Say so when it is another one than this database was used with last.

    It was lost from its home, or is not the same on every replica. Its mark in the database tells nothing of it.
    """
    mark = hmac.digest(secret, b"puls secret in use", "sha256")
    row = await database.fetch_one(_QUERIES["use_secret"], mark=mark)
    if row is not None and row["before"] not in (None, mark):
        log.warning(
            "secret.changed",
            consequence="every visitor starts anew; two replicas must have the same one",
        )


def _made_if_missing(path: Path) -> bytes:
    home = path.parent
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave a name with nothing behind it
        belongs_to_its_folder(made)
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
        _write_through(home)
    return path.read_bytes()


def _write_through(folder: Path) -> None:
    """The folder's own entry for the new file, to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _close_to_others(path: Path) -> None:
    """A copy that others of this machine could read is taken back, as far as possible."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        log.warning("secret.was_readable", path=str(path), mode=oct(mode))
        with contextlib.suppress(OSError):
            path.chmod(0o600)
