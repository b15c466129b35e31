"""What Puls started, and what becomes of it: F3, F8, F10–F13, F24, F25, F32 and others of their kinds."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from faults.serving import (
    PROGRAM,
    a_home,
    check,
    environment,
    free_port,
    puls,
    servers_of,
    serving,
)


def gone_within(home: Path, seconds: float) -> float | None:
    """Seconds until no PostgreSQL runs on a home; None when one still does."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        if not servers_of(home):
            return time.monotonic() - began
        time.sleep(0.1)
    return None


def dead_server_comes_back() -> str:
    with a_home() as home, serving(home) as served:
        served.postmaster().kill()
        began = time.monotonic()
        first = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=30)
        waited = time.monotonic() - began
        while time.monotonic() < began + 40:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{served.base}/v1/search?q=jazz", timeout=30).is_success:
                    back = time.monotonic() - began
                    check("database.restarted" in served.said(), "no log line says so")
                    return f"first answer {first.status_code} after {waited:.1f} s, served again after {back:.1f} s"
            time.sleep(0.3)
        check(
            False, f"first answer {first.status_code} after {waited:.1f} s, still away after 40 s"
        )
    return ""


def dead_server_comes_back_each_time() -> str:
    """Again and again, and while a chat is under way."""
    with a_home() as home, serving(home) as served:
        times = []
        for _ in range(3):
            served.postmaster().kill()
            began = time.monotonic()
            while time.monotonic() < began + 40:
                with contextlib.suppress(httpx.HTTPError):
                    answer = httpx.post(f"{served.base}/v1/chat", json={"text": "jazz"}, timeout=30)
                    if "event: done" in answer.text:
                        break
                time.sleep(0.3)
            else:
                check(False, f"away for 40 s after {len(times)} restarts")
            times.append(time.monotonic() - began)
        return f"chats answered again after {', '.join(f'{one:.1f}' for one in times)} s"


def command_survives_a_dead_server() -> str:
    """A home whose server was killed, with its file left behind, is used by the next command."""
    with a_home() as home:
        with serving(home) as served:
            served.process.kill()
            for process in servers_of(home):
                process.kill()
        ended = puls(home, "status", "--json")
        check(ended.code == 0, f"exit {ended.code}: {ended.last}")
        return f"status after {ended.seconds:.1f} s"


def nothing_stays_after(number: int) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home, serving(home) as served:
            code = served.end(number)
            seconds = gone_within(home, 10)
            check(seconds is not None, f"exit {code}, PostgreSQL still runs after 10 s")
            if number in {signal.SIGTERM, signal.SIGINT}:
                check(code in {0, 130, 143, -2, -15}, f"exit {code}")
            return f"exit {code}, PostgreSQL gone {seconds:.1f} s later"

    return trial


def command_that_is_stopped_leaves_nothing() -> str:
    with a_home() as home:
        puls(home, "ingest", "sample")
        process = subprocess.Popen(
            [sys.executable, *PROGRAM, "index", "build"],
            env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp",
        )  # fmt: skip
        time.sleep(8)
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        seconds = gone_within(home, 10)
        check(seconds is not None, f"exit {code}, PostgreSQL still runs after 10 s")
        return f"`index build` ended with {code}, PostgreSQL gone"


def stays_for_the_others() -> str:
    """A command beside a server takes nothing away from it, however it ends."""
    with a_home() as home, serving(home) as served:
        puls(home, "status")
        process = subprocess.Popen(
            [sys.executable, *PROGRAM, "mcp"],
            env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp",
        )  # fmt: skip
        time.sleep(6)
        process.kill()
        process.wait()
        time.sleep(2)
        answer = httpx.get(f"{served.base}/v1/search?q=jazz", timeout=20)
        check(answer.is_success, f"{answer.status_code}")
        return "served on"


def odd_paths() -> str:
    names = (
        "my home", "Mes documents/puls é $x", 'a"b', "c'd", "x;y&z", "back\\slash", "%h", "a,b",
        "/".join(["long" * 20] * 4),
    )  # fmt: skip
    for name in names:
        with a_home(name) as home:
            ended = puls(home, "status", timeout=200)
            check(
                ended.code == 0 and ended.seconds < 60,
                f"{name!r}: exit {ended.code} after {ended.seconds:.0f} s: {ended.last[:160]}",
            )
    return f"{len(names)} homes work"


def broken_home(damage: Callable[[Path], None], cause: str) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home:
            puls(home, "status")
            damage(home)
            ended = puls(home, "status", timeout=200)
            check(ended.code != 0, "it started")
            check(ended.seconds < 30, f"said after {ended.seconds:.0f} s: {ended.last[:200]}")
            check(cause in ended.err, f"the cause is not told: {ended.last[:300]}")
            check("Traceback" not in ended.err, "a stack trace")
            return f"{ended.seconds:.1f} s: {ended.last[:200]}"

    return trial


def _zero_control(home: Path) -> None:
    (home / "postgres/global/pg_control").write_bytes(bytes(8192))


def _another_version(home: Path) -> None:
    (home / "postgres/PG_VERSION").write_text("12\n")


def _no_version(home: Path) -> None:
    (home / "postgres/PG_VERSION").unlink()


def _bad_setting(home: Path) -> None:
    with (home / "postgres/postgresql.conf").open("a") as written:
        written.write("\nshared_buffers = 'very much'\n")


def newer_schema() -> str:
    with a_home() as home:
        puls(home, "status")
        with serving(home, sample=False) as served:
            with psycopg.connect(served.database_url(), autocommit=True) as connection:
                connection.execute("INSERT INTO schema_migration VALUES ('0099_future.sql')")
            ready = httpx.get(f"{served.base}/health/ready", timeout=10)
        ended = puls(home, "status")
        check(ended.code != 0, "an older program runs on a newer schema")
        check("0099_future" in ended.err, ended.last)
        check(ready.status_code == 503, f"meanwhile /health/ready says {ready.status_code}")
        return f"{ended.last[:160]}; a running one is not ready"


def killed_server_and_the_same_message() -> str:
    """F8, with a model that never ends, so that the turn is under way when the process is killed."""
    model = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("silent_model.py")), str(port := free_port())]
    )
    try:
        with a_home() as home:
            chain = f"openai:m@http://127.0.0.1:{port}/v1, composer"
            request = {"text": "concert à Lyon samedi", "request_id": str(uuid4())}
            with serving(
                home,
                PULS_MODELS=chain,
                PULS_MODEL_FIRST_TOKEN_SECONDS="60",
                PULS_MODEL_TOTAL_SECONDS="60",
            ) as served:
                token = httpx.post(f"{served.base}/v1/me").json()["token"]
                headers = {"Authorization": f"Bearer {token}"}
                with contextlib.suppress(httpx.HTTPError):
                    httpx.post(f"{served.base}/v1/chat", json=request, headers=headers, timeout=4)
                served.process.kill()
                served.process.wait()
            with serving(home) as again:
                began = time.monotonic()
                told: list[str] = []
                while time.monotonic() < began + 130:
                    with contextlib.suppress(httpx.HTTPError):
                        answer = httpx.post(
                            f"{again.base}/v1/chat", json=request, headers=headers, timeout=60
                        )
                        told.append(str(answer.status_code))
                        if "event: done" in answer.text:
                            break
                    time.sleep(1)
                else:
                    check(False, f"not answered within 130 s ({', '.join(told)})")
                seconds = time.monotonic() - began
                with psycopg.connect(again.database_url()) as connection:
                    rows = connection.execute("SELECT state FROM turn").fetchall()
                check(seconds <= 15, f"answered after {seconds:.0f} s ({', '.join(told)})")
                check(rows == [("finished",)], f"rows: {rows}")
                return f"answered {seconds:.1f} s after the restart, one row"
    finally:
        model.kill()
        model.wait()


def killed_build() -> str:
    with a_home() as home:
        puls(home, "ingest", "sample")
        process = subprocess.Popen(
            [sys.executable, *PROGRAM, "index", "build"],
            env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp",
        )  # fmt: skip
        time.sleep(12)
        process.kill()
        process.wait()
        with serving(home, sample=False) as served:
            began = time.monotonic()
            swept = None
            while time.monotonic() < began + 240:
                if swept is None and "retention.swept" in served.said():
                    swept = time.monotonic() - began
                if "index.built" in served.said():
                    break
                time.sleep(1)
            else:
                check(False, f"no index after 240 s; swept after {swept}")
            seconds = time.monotonic() - began
            check(swept is not None and swept < 20, f"swept after {swept}")
            return (
                f"index whole after {seconds:.0f} s (building included), swept after {swept:.0f} s"
            )


def backup_and_back() -> str:
    with a_home() as home, a_home("other") as other:
        with serving(home) as served:
            token = httpx.post(f"{served.base}/v1/me").json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
            httpx.post(
                f"{served.base}/v1/chat", json={"text": "jazz à Lyon"}, headers=headers, timeout=30
            )
            before = json.loads(puls(home, "status", "--json").out)["checksum"]
            file = home.parent / "puls.backup"
            made = puls(home, "backup", str(file))
            check(made.code == 0, f"no `puls backup`: {made.last[:120]}")
        back = puls(other, "restore", str(file))
        check(back.code == 0, back.last)
        after = json.loads(puls(other, "status", "--json").out)["checksum"]
        check(before == after, "another checksum")
        with serving(other, sample=False) as served:
            kept = httpx.get(f"{served.base}/v1/conversations", headers=headers, timeout=20)
        check(
            len(kept.json().get("conversations", [])) == 1,
            f"the visitor is a stranger: {kept.text[:100]}",
        )
        return f"{file.stat().st_size / 2**20:.1f} MiB, checksum equal, the visitor's conversation is there"


def port_is_taken() -> str:
    with a_home() as home, serving(home, sample=False) as served, a_home("second") as second:
        began = time.monotonic()
        with serving(second, port=served.port, waits=False, sample=False) as late:
            code = late.process.wait(60)
            seconds = time.monotonic() - began
            said = late.said().strip().splitlines()
        check(code in {1, 2}, f"exit {code} after {seconds:.1f} s")
        check("taken" in said[-1] and "--port" in said[-1], f"said: {said[-1][:200]}")
        check(not (second / "postgres").exists(), "a database was made first")
        return f"{seconds:.1f} s, exit {code}: {said[-1]}"


def other_ports() -> str:
    """An address that is not this machine's, and a name that is none."""
    said = []
    for host in ("203.0.113.7", "no.such.host.invalid"):
        with a_home() as home:
            ended = puls(home, "serve", "--host", host, "--port", str(free_port()), timeout=100)
            check(ended.code in {1, 2}, f"{host}: exit {ended.code}: {ended.last[:150]}")
            check(not (home / "postgres").exists(), f"{host}: a database was made first")
            said.append(ended.last)
    return " / ".join(said)


def wrong_settings() -> str:
    wrong = {
        "PULS_TIMEZONE": "Mars/X", "PULS_GEOCODER_URL": "not an address", "PULS_MODEL_PRICES": "/no/such/file",
        "PULS_MAP_TILES": "http://x", "PULS_EXPLORE_DATASET": "../../x?y=z",
    }  # fmt: skip
    wrong.pop("PULS_MAP_TILES")
    for name, value in wrong.items():
        with a_home() as home:
            ended = puls(home, "search", "jazz", timeout=100, **{name: value})
            check(ended.code == 2, f"{name}={value}: exit {ended.code}: {ended.last[:120]}")
            check(name in ended.err and "Traceback" not in ended.err, f"{name}: {ended.last[:160]}")
    return f"{len(wrong)} refused by name, exit 2"


def read_only_home() -> str:
    """As another user than root, whom permissions do not hold."""
    folder = Path(tempfile.mkdtemp(prefix="puls-fault-ro-", dir="/tmp"))
    try:
        folder.chmod(0o555)
        if os.geteuid() == 0:
            mount = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder],
                check=False,
                capture_output=True,
            )
            if mount.returncode:
                return "not tried: root writes everywhere and nothing can be mounted here"
        ended = puls(folder / "home", "status", timeout=100)
        check(ended.code != 0 and "Traceback" not in ended.err, ended.last)
        return ended.last[:160]
    finally:
        subprocess.run(["umount", folder], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


TRIALS: dict[str, Callable[[], str]] = {
    "F3": dead_server_comes_back,
    "F3-again": dead_server_comes_back_each_time,
    "F3-command": command_survives_a_dead_server,
    "F8": killed_server_and_the_same_message,
    "F10": odd_paths,
    "F11": broken_home(_zero_control, "PG_CONTROL_VERSION"),
    "F11-version": broken_home(_another_version, "12"),
    "F11-half": broken_home(_no_version, "PG_VERSION"),
    "F11-setting": broken_home(_bad_setting, "shared_buffers"),
    "F11-readonly": read_only_home,
    "F12": newer_schema,
    "F13": killed_build,
    "F21": wrong_settings,
    "F24": backup_and_back,
    "F25": port_is_taken,
    "F25-address": other_ports,
    "F32": nothing_stays_after(signal.SIGTERM),
    "F32-hangup": nothing_stays_after(signal.SIGHUP),
    "F32-interrupt": nothing_stays_after(signal.SIGINT),
    "F32-kill": nothing_stays_after(signal.SIGKILL),
    "F32-command": command_that_is_stopped_leaves_nothing,
    "F32-others": stays_for_the_others,
}
