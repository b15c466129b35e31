"""What a data folder says of the server that runs on it, and the folder of its socket. Reads and judges; starts nothing.

`postmaster.pid` is PostgreSQL's own file: process, data, start, port, socket's folder, address, memory, state.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from puls.database.programs import Account, give

PORT = 5432  # names the socket; nothing listens on a network
_LONGEST_SOCKET_FOLDER = 80  # bytes; a socket's whole path may have 104 to 108, by system
_PLAIN = re.compile(r"[A-Za-z0-9/._+=@-]+")
_PRIVATE = "puls-"
_READY = "ready"
_WHERE = "postgres.run"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server as its file describes it; it may be gone since."""

    pid: int
    port: int
    socket_folder: Path
    is_ready: bool

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """None when there is no such file, or none that can be understood yet."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
            folder = Path(lines[4])
            state = lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004 # the eighth line comes last
            return cls(int(lines[0]), int(lines[3]), folder, state == _READY)
        except (OSError, ValueError, IndexError):
            return None

    @property
    def answers(self) -> bool:
        """Whether somebody is at the socket: the file may name a process that is another today."""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(5.0)
                probe.connect(f"{self.socket_folder}/.s.PGSQL.{self.port}")
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            return False
        except OSError:  # it is there, and busy
            return True
        return True

    def process(self, data: Path) -> psutil.Process | None:
        """The running server, if the process of that number is one of this data folder."""
        try:
            process = psutil.Process(self.pid)
        except psutil.Error:
            return None
        try:
            is_ours = (
                process.status() != psutil.STATUS_ZOMBIE
                and process.name().startswith("postgres")
                and _same(process.cwd(), data)
            )
        except psutil.AccessDenied:
            is_ours = self.answers
        except psutil.Error:
            return None
        return process if is_ours else None


def orphans(data: Path) -> list[psutil.Process]:
    """Servers' children that outlived their parent: while they hold its memory no other server may start."""
    found = []
    for process in psutil.process_iter(["name", "cwd"]):
        facts = process.info
        if (
            (facts["name"] or "").startswith("postgres")
            and facts["cwd"]
            and _same(facts["cwd"], data)
        ):
            found.append(process)
    return found


def socket_folder(data: Path, account: Account | None) -> Path:
    """Where the socket goes: beside the data, which is closed to others and seen wherever it is mounted.

    If that path is too long for a socket, or holds what would have to be quoted, a private folder with a short name.
    """
    if len(os.fsencode(data)) <= _LONGEST_SOCKET_FOLDER and _PLAIN.fullmatch(str(data)):
        return data
    earlier = Postmaster.of(data)
    if earlier is not None and _is_private(earlier.socket_folder, account):
        return earlier.socket_folder
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > _LONGEST_SOCKET_FOLDER - 20 or not _PLAIN.fullmatch(base):
        base = "/tmp"  # noqa: S108 # the folder in it is private
    made = Path(tempfile.mkdtemp(prefix=_PRIVATE, dir=base))
    give(made, account)
    return made


def forget_socket_folder(folder: Path, data: Path) -> None:
    """Remove a private folder of a server that is gone."""
    if folder != data and folder.name.startswith(_PRIVATE):
        shutil.rmtree(folder, ignore_errors=True)


def _is_private(folder: Path, account: Account | None) -> bool:
    """Ours, and open to nobody else: in a common folder anybody may have made one of that name."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    owner = account.uid if account else os.geteuid()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == owner
        and not stat.S_IMODE(status.st_mode) & 0o077
        and folder.name.startswith(_PRIVATE)
    )


def was_started_in_another_container(home: Path) -> bool:
    """Whether the server of a home was last started since this machine was, but where process numbers are others."""
    try:
        said = json.loads((home / _WHERE).read_text())
        machine, container = str(said["machine"]), str(said["container"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    here = _here()
    return machine == here["machine"] and container != here["container"]


def write_where(home: Path) -> None:
    """Remember that the server of a home was started here."""
    with contextlib.suppress(OSError):
        (home / _WHERE).write_text(json.dumps(_here()))


def _here() -> dict[str, str]:
    """This machine since it was last started, and the container in which a process number means something."""
    machine = container = ""
    with contextlib.suppress(OSError):  # Linux
        machine = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        container = str(Path("/proc/self/ns/pid").stat().st_ino)
    return {"machine": machine, "container": container}


def _same(path: str, data: Path) -> bool:
    try:
        return Path(path).samefile(data)
    except OSError:
        return path.removesuffix(" (deleted)") == str(data)
