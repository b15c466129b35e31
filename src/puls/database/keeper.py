"""The last one out: stops the embedded PostgreSQL when nobody uses it any more, however the others ended.

A small program of its own (`python keeper.py IN_USE DATA`), with nothing but the standard library: it waits for the
lock that every user of the server shares and that the system takes back from one that is killed. Terminals and signals
are not for it; it ends by itself.
"""

import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path

_STOPPING_SECONDS = 600.0  # writing a gigabyte to a slow disk
_PAUSE_SECONDS = 0.1


def main(in_use: Path, data: Path) -> None:
    """Wait until the last user is gone, then stop the server of `data`."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watching = os.open(in_use.with_name("keeper.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(watching, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another keeper waits already
    used = os.open(in_use, os.O_RDWR)
    fcntl.flock(used, fcntl.LOCK_EX)
    _stop(data / "postmaster.pid")


def _stop(pid_file: Path) -> None:
    """A fast shutdown of whoever answers at the socket that the file names; a stranger's number is left alone."""
    deadline = time.monotonic() + _STOPPING_SECONDS
    signals = iter((signal.SIGINT, signal.SIGQUIT))
    while (pid := _listening(pid_file)) is not None and time.monotonic() < deadline:
        number = next(signals, None)
        if number is not None:
            os.kill(pid, number)
        until = time.monotonic() + _STOPPING_SECONDS / 2
        while _listening(pid_file) == pid and time.monotonic() < until:
            time.sleep(_PAUSE_SECONDS)


def _listening(pid_file: Path) -> int | None:
    try:
        lines = pid_file.read_text().splitlines()
        pid, port, folder = int(lines[0]), lines[3], lines[4]
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{folder}/.s.PGSQL.{port}")
    except (OSError, ValueError, IndexError):
        return None
    return pid


def _leave_the_terminal() -> bool:
    """Whether this is the process that stays: in no session and with no window of whoever started it."""
    if os.fork():
        return False
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir("/")
    return True


if __name__ == "__main__" and _leave_the_terminal():
    main(Path(sys.argv[1]), Path(sys.argv[2]))
