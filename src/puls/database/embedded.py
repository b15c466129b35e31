"""The embedded PostgreSQL of a home: made, started, joined, started again when it dies, stopped by the last who leaves.

Every process that names the same home shares one server. Who uses it holds a share of a lock, which the system takes
back however a process ends; the last one out stops the server, and for one that is killed `keeper.py` does.
Enter at `EmbeddedServer.start`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from puls.database import keeper
from puls.database.locks import FileLock, held_alone
from puls.database.making import make_if_missing
from puls.database.migrating import first_line
from puls.database.postmaster import (
    PORT,
    Postmaster,
    forget_socket_folder,
    orphans,
    socket_folder,
    was_started_in_another_container,
    write_where,
)
from puls.database.programs import Programs, give, give_all, last_words, open_way
from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

_RECOVERY_SECONDS = 600.0  # replaying a long write-ahead log after an unclean stop
_TOLD_AFTER_SECONDS = 5.0
_STOPPING_SECONDS = 300.0
_ENDING_SECONDS = 5.0
_PAUSE_SECONDS = 0.05
_LONGEST_LOG = 10 * 2**20


class EmbeddedServer:
    """The server of one home, as this process uses it. Everything blocks."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._given = home
        self._in_use = FileLock(home / "in-use.lock")
        self._folder: Path | None = None
        self._process: psutil.Process | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers: the same for as long as it is used."""
        return psycopg.conninfo.make_conninfo(
            user="postgres", dbname="postgres", host=str(self._folder), port=PORT
        )

    def start(self) -> str:
        """Start, or join, the server and return its URL: a second for a new home, less afterwards.

        Raises:
            DatabaseUnavailableError: it cannot start; with the cause.
        """
        with self._explained():
            self._home.mkdir(parents=True, exist_ok=True)
            self._home = self._home.resolve()
            self._in_use.path = self._home / "in-use.lock"
            with held_alone(self._home / "start.lock"):
                self._in_use.share()
                try:
                    self._join_or_launch()
                except BaseException:
                    self._in_use.release()
                    raise
        return self.url

    def start_again(self) -> None:
        """After it died: launched anew, unless somebody else was faster.

        Raises:
            DatabaseUnavailableError: it cannot start.
        """
        with self._explained(), held_alone(self._home / "start.lock"):
            self._join_or_launch()

    def is_running(self) -> bool:
        """Whether the server that was started or joined still lives."""
        if self._child is not None:
            self._child.poll()  # takes a dead child's last sign, so that it does not look alive
        if self._process is None:  # in another container of this machine
            file = Postmaster.of(self._data)
            return file is not None and file.answers
        return _lives(self._process)

    def release(self) -> None:
        """Use it no longer; the last who does so stops it, and returns when it has ended."""
        if not self._in_use.is_held:
            return
        try:
            with held_alone(self._home / "start.lock"):
                if self._in_use.try_alone():
                    self._stop()
                else:
                    while not self._in_use.try_share():  # the keeper was faster and stops it
                        time.sleep(_PAUSE_SECONDS)
        except OSError as error:  # the home is gone, or its disk
            log.warning("database.not_stopped", why=first_line(error))
        finally:
            self._in_use.release()

    @property
    def _data(self) -> Path:
        return self._home / "postgres"

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (
            OSError,
            RuntimeError,
            subprocess.SubprocessError,
            DatabaseUnavailableError,
        ) as error:
            raise DatabaseUnavailableError(
                f"The embedded PostgreSQL of {self._given} did not start: "
                f"{first_line(error).removesuffix('.')}. Its log is {self._data / 'log'}."
            ) from error

    # -- Starting ----------------------------------------------------------------------------------------------------

    def _join_or_launch(self) -> None:
        programs = Programs.of(self._data)
        make_if_missing(self._home, programs)
        if programs.account is not None:
            if self._data.stat().st_uid == 0:
                give_all(self._data, programs.account)
            open_way(self._data, programs.account)
        if not self._join():
            self._launch(programs)

    def _join(self) -> bool:
        """Use the server that runs; False when none does."""
        file = Postmaster.of(self._data)
        process = _server_of(self._data)
        if process is None and (file is None or not file.answers):
            if file is not None:
                self._refuse_elsewhere()
            return False
        self._process = process
        self._wait_until_ready(began_at=0)
        return True

    def _refuse_elsewhere(self) -> None:
        """A server that was started in another container, and is not seen from here, may well be running."""
        if not was_started_in_another_container(self._home):
            return
        is_alone = self._in_use.try_alone()
        self._in_use.share()
        if not is_alone:
            raise DatabaseUnavailableError(
                "another container uses this home, and its server cannot be reached from here"
            )

    def _launch(self, programs: Programs) -> None:
        data = self._data
        _end_orphans(data)
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(_STOPPING_SECONDS)  # it is dead, or about to be
        folder = self._folder or socket_folder(data, programs.account)
        if not folder.exists():
            folder.mkdir(mode=0o700)
            give(folder, programs.account)
        self._folder = folder
        for left in (data / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)  # nobody of the number in it is our server
        written = data / "log"
        if written.exists() and written.stat().st_size > _LONGEST_LOG:
            written.replace(data / "log.1")
        written.touch(mode=0o600)
        give(written, programs.account)
        began_at = written.stat().st_size
        self._child = programs.start(
            "postgres", "-D", str(data), "-k", str(folder), "-p", str(PORT),
            "-c", "listen_addresses=", "-c", "lc_messages=C", "-c", "logging_collector=off",
            log_to=written,
        )  # fmt: skip
        self._process = psutil.Process(self._child.pid)
        try:
            self._wait_until_ready(began_at=began_at)
        except DatabaseUnavailableError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(
                    _ENDING_SECONDS
                )  # takes its last sign, so that none is left behind
            raise
        write_where(self._home)
        _start_keeper(self._in_use.path, data)

    def _wait_until_ready(self, *, began_at: int) -> None:
        """Until it takes connections; it may first have to replay what an unclean stop left."""
        began = time.monotonic()
        is_told = False
        while True:
            file = Postmaster.of(self._data)
            if file is not None and file.is_ready and file.answers:
                if self._folder is not None and file.socket_folder != self._folder:
                    raise DatabaseUnavailableError("it came back at another address")
                self._folder = file.socket_folder
                self._process = file.process(self._data)
                return
            if not self.is_running():
                raise DatabaseUnavailableError(self._cause(began_at))
            waited = time.monotonic() - began
            if waited > _RECOVERY_SECONDS:
                raise DatabaseUnavailableError(
                    f"it is not ready after {waited:.0f} s ({self._cause(began_at)})"
                )
            if waited > _TOLD_AFTER_SECONDS and not is_told:
                is_told = True
                log.warning("database.starting", home=str(self._given), said=self._cause(began_at))
            time.sleep(_PAUSE_SECONDS)

    def _cause(self, began_at: int) -> str:
        """What PostgreSQL said last, since it was launched."""
        with contextlib.suppress(OSError), (self._data / "log").open("rb") as written:
            written.seek(max(began_at, written.seek(0, os.SEEK_END) - 64 * 1024))
            return last_words(written.read())
        return "it left no word"

    # -- Stopping ----------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """A fast shutdown, and a harder one if that does not end."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process = _server_of(self._data)
            if process is None:
                break
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
            deadline = time.monotonic() + _STOPPING_SECONDS
            while _lives(process) and time.monotonic() < deadline:
                if self._child is not None:
                    self._child.poll()
                time.sleep(_PAUSE_SECONDS)
        if self._child is not None:
            self._child.poll()
        if self._folder is not None:
            forget_socket_folder(self._folder, self._data)
        log.debug("database.stopped", home=str(self._given))


def _start_keeper(in_use: Path, data: Path) -> None:
    """See `keeper.py`. It goes on by itself; without it only a killed process leaves the server up."""
    program = Path(keeper.__file__)
    try:
        subprocess.run(
            [sys.executable, "-I", "-S", program, in_use, data],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("database.without_keeper", why=first_line(error))


def _server_of(data: Path) -> psutil.Process | None:
    """The running server of a data folder, also while its file is still being written."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return Postmaster(pid, PORT, data, is_ready=False).process(data)


def _end_orphans(data: Path) -> None:
    """Children of a server that was killed end by themselves, unless they are in the middle of a long statement."""
    left = orphans(data)
    deadline = time.monotonic() + 2.0
    while left and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
        left = [process for process in left if _lives(process)]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
