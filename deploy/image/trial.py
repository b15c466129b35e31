"""Run the image as an operator would and say what was seen: `python3 deploy/image/trial.py localhost/puls`.

Non-root, a root file system that takes no writes, no compiler, how long until it answers, the first question of the README answered
from inside, SIGTERM, and the least memory it lives with. Needs podman with runc and root; the standard library alone. Each check prints
one line; a failed one ends with exit code 1.
"""

import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PORT = 18_080
_QUESTION = "concert ce week-end à Lyon"
_READY_SECONDS = 90.0
_STOPPING_SECONDS = 30
_MEMORY_TRIED_MB = (1024, 768, 640, 512, 384)
_RUN = ("--runtime", "runc", "run", "--network=host", "--read-only", "--cap-drop=all", "--security-opt=no-new-privileges",
        "--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096", "--tmpfs=/tmp:rw,nosuid,nodev,noexec,size=64m")  # fmt: skip


class TrialFailedError(Exception):
    """The image does not do what is promised of it."""


def main(image: str) -> int:
    """All checks in turn."""
    try:
        _report_size(image)
        _check_inside(image)
        _check_serving(image)
        _report_least_memory(image)
    except TrialFailedError as error:
        print(f"image: FAILED: {error}")
        return 1
    return 0


def _report_size(image: str) -> None:
    size = int(_podman("image", "inspect", "--format", "{{.Size}}", image))
    saved = subprocess.run(
        f"podman save --quiet {image} | gzip -1 | wc -c", shell=True, check=True, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    print(
        f"image: {size / 1e6:.0f} MB on disk, {int(saved.stdout) / 1e6:.0f} MB as pulled (gzip -1)"
    )


def _check_inside(image: str) -> None:
    said = _once(image, "python3", "-c", "import os; print(os.getuid(), os.getgid())")
    _require(said == "10001 10001", f"it runs as {said}")
    for place in ("/opt/puls/x", "/etc/x", "/usr/x"):
        code = f"open({place!r}, 'w')"
        _require(
            "Read-only" in _once(image, "python3", "-c", code, may_fail=True),
            f"{place} was written",
        )
    found = _once(image, "python3", "-c", "import shutil; print([one for one in "
                  "('cc','gcc','g++','clang','ld','make','pip','pip3') if shutil.which(one)])")  # fmt: skip
    _require(found == "[]", f"it holds {found}")
    print(
        f"inside: uid 10001, root read-only, no compiler, no pip; {_once(image, 'puls', '--version')}"
    )


def _check_serving(image: str) -> None:
    with _volume() as volume, _container(image, volume) as name:
        began = time.monotonic()
        _wait_until_live(name)
        first = time.monotonic() - began
        _podman(
            "exec",
            name,
            "python3",
            "-I",
            "/opt/puls/healthy.py",
            "http://127.0.0.1:18080/health/live",
        )
        answer = _wait_for_an_event()
        found = time.monotonic() - began
        inside = _podman("exec", name, "puls", "search", _QUESTION, "--json", timeout=60)
        _require(len(json.loads(inside)["events"]) > 0, "the command line found nothing")
        print(f"serving: answers after {first:.1f} s (new home, sample loading), first event after {found:.1f} s: "
              f"« {answer['events'][0]['title']} » for « {_QUESTION} »; the same by `puls search` inside")  # fmt: skip
        _check_drain(name)
    with _volume() as volume:
        with _container(image, volume) as name:
            _wait_until_live(name)
            _wait_for_an_event()
            _podman("stop", "--time", str(_STOPPING_SECONDS), name)
        with _container(image, volume) as name:
            began = time.monotonic()
            _wait_until_live(name)
            _wait_for_an_event()
            print(f"again: with the home it had, an event after {time.monotonic() - began:.1f} s")


def _check_drain(name: str) -> None:
    """A stream that is under way when SIGTERM comes is finished, and PostgreSQL stopped cleanly."""
    code = (
        "import json, urllib.request as u\n"
        f"r = u.Request('http://127.0.0.1:{_PORT}/v1/chat', json.dumps({{'text': '{_QUESTION}'}}).encode(), "
        "{'Content-Type': 'application/json', 'Accept': 'text/event-stream'})\n"
        "print(len(u.urlopen(r, timeout=30).read()))"
    )
    talking = subprocess.Popen(["python3", "-c", code], stdout=subprocess.PIPE, text=True)
    time.sleep(0.25)
    began = time.monotonic()
    _podman("kill", "--signal", "TERM", name)
    _podman("wait", name, timeout=_STOPPING_SECONDS + 5)
    took = time.monotonic() - began
    said = talking.communicate(timeout=30)[0].strip()
    code_out = _podman("inspect", "--format", "{{.State.ExitCode}}", name)
    _require(code_out == "0", f"SIGTERM ended with exit code {code_out}")
    _require(said.isdigit() and int(said) > 0, "the stream under way was cut")
    print(
        f"SIGTERM: a turn under way was told whole ({said} bytes), exit code 0 after {took:.1f} s"
    )


def _report_least_memory(image: str) -> None:
    lived = None
    for megabytes in _MEMORY_TRIED_MB:
        peak = _lives_with(image, megabytes)
        print(
            f"memory: {megabytes} MB: {'lives' if peak else 'does not live'}"
            + (f", peak {peak} MB" if peak else "")
        )
        if peak is None:
            break
        lived = megabytes
    _require(lived is not None, f"it does not live with {_MEMORY_TRIED_MB[0]} MB")
    print(
        f"memory: the least tried that lives, with its own PostgreSQL and the sample indexed: {lived} MB"
    )


def _lives_with(image: str, megabytes: int) -> int | None:
    """The peak in MB when it answers ten questions, indexes the sample and is never killed; else None."""
    with (
        _volume() as volume,
        _container(image, volume, f"--memory={megabytes}m", f"--memory-swap={megabytes}m") as name,
    ):
        try:
            _wait_until_live(name)
            _wait_for_an_event()
            for _ in range(10):
                _search()
            _wait_until_indexed(name)
            _search()
        except (TrialFailedError, OSError):
            return None
        running, oom = _podman(
            "inspect", "--format", "{{.State.Running}} {{.State.OOMKilled}}", name
        ).split()
        pid = _podman("inspect", "--format", "{{.State.Pid}}", name)
        groups = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        group = next(line.split(":", 2)[2] for line in groups if ":memory:" in line)
        folder = Path(f"/sys/fs/cgroup/memory{group}")
        kills = [
            line
            for line in (folder / "memory.oom_control").read_text().splitlines()
            if line.startswith("oom_kill ")
        ]
        peak = int((folder / "memory.max_usage_in_bytes").read_text()) // 2**20
        killed = bool(kills) and kills[0].split()[1] != "0"
        return None if running != "true" or oom == "true" or killed else peak


def _wait_until_indexed(name: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        logs = subprocess.run(
            ["podman", "logs", name], capture_output=True, text=True, timeout=30, check=False
        )
        if (
            "embedding.finished" in logs.stdout + logs.stderr
            or "index.built" in logs.stdout + logs.stderr
        ):
            return
        if _podman("inspect", "--format", "{{.State.Running}}", name) != "true":
            raise TrialFailedError("it was killed while indexing")
        time.sleep(1)
    raise TrialFailedError("the index was not built in five minutes")


# -- podman ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _volume() -> Iterator[str]:
    name = f"puls-trial-{time.monotonic_ns()}"
    _podman("volume", "create", name)
    try:
        yield name
    finally:
        _podman("volume", "rm", "--force", name)


@contextlib.contextmanager
def _container(image: str, volume: str, *options: str) -> Iterator[str]:
    name = f"puls-trial-{time.monotonic_ns()}"
    _podman(*_RUN, "--detach", "--name", name, f"--volume={volume}:/var/lib/puls", *options, image,
            "serve", "--host", "127.0.0.1", "--port", str(_PORT), "--with-sample")  # fmt: skip
    try:
        yield name
    finally:
        _podman("rm", "--force", "--time", "5", name)


def _once(image: str, program: str, *arguments: str, may_fail: bool = False) -> str:
    done = subprocess.run(
        ["podman", *_RUN, "--rm", f"--entrypoint={program}", image, *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode and not may_fail:
        raise TrialFailedError(f"{program}: {done.stderr.strip()[-300:]}")
    return (done.stdout + (done.stderr if may_fail else "")).strip()


def _podman(*arguments: str, timeout: float = 120) -> str:
    done = subprocess.run(
        ["podman", *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )
    if done.returncode:
        raise TrialFailedError(f"podman {arguments[0]}: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def _wait_until_live(name: str) -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/health/live", timeout=2).close()
            return
        if _podman("inspect", "--format", "{{.State.Running}}", name) != "true":
            raise TrialFailedError(f"it ended: {_podman('logs', '--tail', '5', name)}")
        time.sleep(0.1)
    raise TrialFailedError(f"no answer after {_READY_SECONDS:.0f} s")


def _wait_for_an_event() -> dict[str, Any]:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, urllib.error.URLError):
            answer = _search()
            if answer["events"]:
                return answer
        time.sleep(0.2)
    raise TrialFailedError("no event was found")


def _search() -> dict[str, Any]:
    question = urllib.parse.quote(_QUESTION)
    address = f"http://127.0.0.1:{_PORT}/v1/search?q={question}"
    with urllib.request.urlopen(address, timeout=15) as answer:
        read: dict[str, Any] = json.load(answer)
    return read


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise TrialFailedError(otherwise)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
