"""Backups sealed for somebody's key, in the format of age (age-encryption.org): `age -d` opens them, with or without Puls.

Who makes backups needs the public key alone, so that a stolen server opens none of them. Everything blocks.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage

from puls.errors import BackupError

_HEAD = b"age-encryption.org/v1"
_COMMENT = "#"


def recipients_of(keys: Sequence[str]) -> list[Any]:
    """Public keys, `age1…`.

    Raises:
        BackupError: one is none.
    """
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise BackupError("A backup's key is no public key of age (age1…).") from error


def identities_in(file: Path) -> list[Any]:
    """The secret keys of a file as `age-keygen` writes it.

    Raises:
        BackupError: there are none.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith(_COMMENT)]
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(f"{file} holds no secret key of age ({type(error).__name__}).") from error
    if not found:
        raise BackupError(f"{file} holds no secret key of age.")
    return found


def is_sealed(file: Path) -> bool:
    """Whether a file begins as age's do."""
    with file.open("rb") as opened:
        return opened.read(len(_HEAD)) == _HEAD


def seal(file: Path, to: Path, recipients: Sequence[Any]) -> None:
    """Write a sealed copy to a new file, readable by its owner alone."""
    to.touch(mode=0o600, exist_ok=False)
    with file.open("rb") as read, to.open("wb") as written:
        pyrage.encrypt_io(read, written, list(recipients))


def unseal(file: Path, to: Path, identities: Sequence[Any]) -> None:
    """Write the opened copy to a new file, readable by its owner alone.

    Raises:
        BackupError: none of the keys opens it, or it was changed or cut.
    """
    to.touch(mode=0o600, exist_ok=False)
    try:
        with file.open("rb") as read, to.open("wb") as written:
            pyrage.decrypt_io(read, written, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        to.unlink(missing_ok=True)
        raise BackupError(
            f"{file.name} cannot be opened: it is sealed for another key, or was changed or cut."
        ) from error
