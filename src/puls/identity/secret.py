"""The secret that signs visitors' tokens and salts what is counted.

Given by the operator (`PULS_SECRET`, the same on every replica), else made once and kept in the home directory.
"""

import contextlib
import os
import secrets
from pathlib import Path

from puls.errors import InvalidInputError

_BYTES = 32


def kept_secret(home: Path) -> bytes:
    """The secret of this home: made the first time, readable by its owner alone. Blocks for a disk write.

    Two processes that start together agree: the file appears whole, and the first one stays.

    Raises:
        InvalidInputError: the home cannot be written.
    """
    path = home / "secret"
    try:
        return _made_if_missing(path)
    except OSError as error:
        raise InvalidInputError(
            f"No secret can be kept in {home} ({error.strerror}). Set PULS_SECRET, the same on every replica."
        ) from error


def _made_if_missing(path: Path) -> bytes:
    home = path.parent
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_bytes()
