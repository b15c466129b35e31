"""Where backups are put: a folder, or a bucket that speaks S3's language. Only names of our own are listed or deleted.

A backup appears under its name whole or not at all. Enter at `place_of`. Everything blocks.
"""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from puls.errors import BackupError

# puls-2026-11-30.zip (of the nightly job) and puls-2026-11-30T151443Z.zip, sealed ones with .age at the end
NAME: Final = re.compile(r"puls-\d{4}-\d{2}-\d{2}(?:T\d{6}Z)?\.zip(?:\.age)?")
_S3: Final = "s3://"
_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 10, 60, 4


class Place(Protocol):
    """Backups by their names, which sort by age."""

    def names(self) -> list[str]: ...

    def put(self, file: Path, name: str) -> None: ...

    def get(self, name: str, to: Path) -> None: ...

    def remove(self, name: str) -> None: ...


class Folder:
    """A folder of this machine, or one that is mounted here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return str(self._path)

    def names(self) -> list[str]:
        """The oldest first."""
        with _told(f"{self._path} cannot be read"):
            return sorted(one.name for one in self._path.iterdir() if NAME.fullmatch(one.name))

    def put(self, file: Path, name: str) -> None:
        """Copy a file here; nothing is written over."""
        part = self._path / f".{name}.{secrets.token_hex(4)}.part"
        with _told(f"{self._path / name} cannot be written"):
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as written, file.open("rb") as read:
                    shutil.copyfileobj(read, written, 1024 * 1024)
                    written.flush()
                    os.fsync(written.fileno())
                os.link(part, self._path / name)
            finally:
                part.unlink(missing_ok=True)

    def get(self, name: str, to: Path) -> None:
        """Copy a backup to a new file."""
        with _told(f"{self._path / name} cannot be read"):
            shutil.copyfile(self._path / name, to)

    def remove(self, name: str) -> None:
        with _told(f"{self._path / name} cannot be removed"):
            (self._path / name).unlink(missing_ok=True)


class Bucket:
    """A bucket, under a prefix. Keys and region come from the usual variables and files of AWS' tools."""

    def __init__(self, bucket: str, prefix: str, *, endpoint: str | None) -> None:
        """`endpoint`: of a server other than Amazon's, such as MinIO, Garage, Scaleway or OVH.

        Raises:
            BackupError: boto3 is not installed, or it finds no way to sign.
        """
        try:
            import boto3  # noqa: PLC0415 # an extra: most installations have no bucket
            from botocore.config import Config  # noqa: PLC0415
        except ImportError as error:
            raise BackupError(
                "Buckets need boto3, which is not installed: `pip install puls[s3]`."
            ) from error
        self._bucket, self._prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        with _told(f"s3://{bucket} cannot be used"):
            self._client: Any = boto3.client(
                "s3",
                endpoint_url=endpoint,
                config=Config(
                    connect_timeout=_CONNECT_SECONDS,
                    read_timeout=_READ_SECONDS,
                    retries={"total_max_attempts": _TRIES, "mode": "standard"},
                    # servers other than Amazon's know no checksum at the end of a body
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )

    def __str__(self) -> str:
        return f"{_S3}{self._bucket}/{self._prefix}".rstrip("/")

    def names(self) -> list[str]:
        """The oldest first."""
        with _told(f"{self} cannot be read"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            keys = [one["Key"] for page in pages for one in page.get("Contents", ())]
        names = (key.removeprefix(self._prefix) for key in keys)
        return sorted(name for name in names if NAME.fullmatch(name))

    def put(self, file: Path, name: str) -> None:
        """Send a file, in parts where it is large; a bucket shows it when all of it is there. Nothing is written over."""
        if name in self.names():
            raise BackupError(f"{self}/{name} exists already.")
        with _told(f"{self}/{name} cannot be written"):
            self._client.upload_file(str(file), self._bucket, self._prefix + name)

    def get(self, name: str, to: Path) -> None:
        """Fetch a backup into a new file."""
        with _told(f"{self}/{name} cannot be read"):
            self._client.download_file(self._bucket, self._prefix + name, str(to))

    def remove(self, name: str) -> None:
        with _told(f"{self}/{name} cannot be removed"):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)


def is_place(where: str) -> bool:
    """Whether it names a place for many backups, rather than one file."""
    return where.startswith(_S3) or where.endswith("/") or Path(where).is_dir()


def place_of(where: str, *, endpoint: str | None = None) -> Place:
    """`s3://bucket/prefix`, or a folder.

    Raises:
        BackupError: it can be neither.
    """
    if not where.startswith(_S3):
        return Folder(Path(where))
    parts = urlsplit(where)
    if not parts.netloc or parts.query or parts.fragment:
        raise BackupError(f"{where} is no bucket; write s3://bucket/folder.")
    return Bucket(parts.netloc, parts.path, endpoint=endpoint)


@contextlib.contextmanager
def _told(sentence: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{sentence} ({error.strerror or type(error).__name__}).") from error
    except BackupError:
        raise
    except Exception as error:
        if not type(error).__module__.startswith(("boto", "s3transfer")):
            raise
        raise BackupError(f"{sentence}: {_cause(error)}.") from error


def _cause(error: Exception) -> str:
    """S3's own code (`AccessDenied`), else the kind of failure; messages may quote addresses and keys."""
    reply = getattr(error, "response", None)
    found = reply.get("Error", {}).get("Code") if isinstance(reply, dict) else None
    if found:
        return str(found)
    code = re.search(r"\((\w+)\) when calling", str(error))
    return code[1] if code else type(error).__name__
