"""The parts as plain processes: their configuration from deploy/ with other ports, started, watched, stopped."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import yaml
from psycopg import sql

from deploy.desk.compose import ROOT
from deploy.desk.ports import PORTS
from deploy.desk.wrong import TrialFailedError, require
from puls.database.embedded import EmbeddedServer

ALERTMANAGER = "prometheus-alertmanager"  # as Debian names the program
_STOPPING_SECONDS = 40
_PULS = (
    sys.executable,
    "-c",
    "from puls.cli.app import main; main()",
)  # of this tree, whatever is installed
_OWN_ALERT = {
    "alert": "PulsDown", "expr": 'up{job="puls"} == 0', "for": "0s", "labels": {"severity": "page", "service": "puls"},
    "annotations": {"summary": "Puls does not answer"},
}  # fmt: skip

__all__ = ["ALERTMANAGER", "PORTS", "Processes", "Prometheus", "alerting_files", "caddy_files", "pgbouncer_files", "postgresql",
           "prometheus_files"]  # fmt: skip


class Processes:
    """Children of a trial; whatever happens, none is left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in reversed(list(self._running)):
            self.stop(number)

    def puls(self, name: str, environment: Mapping[str, str], *arguments: str) -> int:
        """A Puls of this tree; the number to speak of it."""
        return self._start(name, [*_PULS, *arguments], environment)

    def start(self, name: str, *command: str, account: str | None = None) -> int:
        number = self._start(
            name,
            list(command),
            {"HOME": str(self._folder), "XDG_DATA_HOME": str(self._folder)},
            account,
        )
        time.sleep(0.5)
        require(self.lives(number), f"{name} ended: {self.last_words(name)}")
        return number

    def once(self, name: str, environment: Mapping[str, str], *arguments: str) -> str:
        done = subprocess.run(
            [*_PULS, *arguments], env=_environment(environment), cwd=self._folder,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        require(done.returncode == 0, f"{name}: {done.stderr.strip()[-400:]}")
        return done.stdout

    def lives(self, number: int) -> bool:
        return self._running[number].poll() is None

    def kill(self, number: int) -> None:
        self._running[number].kill()
        self._running.pop(number).wait(10)

    def stop(self, number: int) -> int:
        """SIGTERM and its exit code; SIGKILL when that does not end it."""
        process = self._running.pop(number)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(10)

    def last_words(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(errors="replace")[-600:]

    def _start(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        account: str | None = None,
    ) -> int:
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, env=_environment(environment), cwd=self._folder, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, user=account if os.geteuid() == 0 else None,
            )  # fmt: skip
        self._running[process.pid] = process
        return process.pid


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the caller's Puls; the tree's own code."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "PULS_LOG_FORMAT": "json", **given}


@contextlib.contextmanager
def postgresql(folder: Path, *, password: str) -> Iterator[None]:
    """PostgreSQL 18 with pgvector (of the wheel) on loopback, and the account that compose.yaml makes."""
    server = EmbeddedServer(folder / "postgres-home")
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE puls SUPERUSER LOGIN PASSWORD {}").format(
                    sql.Literal(password)
                )
            )
            connection.execute("CREATE DATABASE puls OWNER puls")
            connection.execute("ALTER SYSTEM SET listen_addresses = '127.0.0.1'")
            connection.execute(
                sql.SQL("ALTER SYSTEM SET port = {}").format(sql.Literal(PORTS["postgres"]))
            )
        data = folder / "postgres-home/postgres"
        hba = data / "pg_hba.conf"
        hba.write_text("local all postgres trust\nhost all puls 127.0.0.1/32 scram-sha-256\n")
    finally:
        server.release()
    with _listening(folder):
        yield


@contextlib.contextmanager
def _listening(folder: Path) -> Iterator[None]:
    """The same data, started plainly: the embedded server of Puls listens on no port, whatever is set."""
    from puls.database.programs import Programs  # noqa: PLC0415 # only here

    data = folder / "postgres-home/postgres"
    programs = Programs.of(data)
    run = folder / "postgres-run"
    run.mkdir(mode=0o777)
    run.chmod(0o777)
    folder.chmod(0o755)
    process = programs.start("postgres", "-D", str(data), "-k", str(run), log_to=data / "log")
    try:
        for _ in range(100):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(
                    host=str(run), port=PORTS["postgres"], user="postgres", dbname="postgres"
                ).close()
                break
            time.sleep(0.1)
        else:
            raise TrialFailedError(f"PostgreSQL did not start: {(data / 'log').read_text()[-500:]}")
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def pgbouncer_files(folder: Path, *, password: str) -> tuple[str, ...]:
    text = (ROOT / "deploy/compose/pgbouncer.ini").read_text()
    for before, after in (
        ("host=postgres port=5432", f"host=127.0.0.1 port={PORTS['postgres']}"),
        ("0.0.0.0", "127.0.0.1"),
        ("listen_port = 6432", f"listen_port = {PORTS['pgbouncer']}"),
        ("/run/pgbouncer/users.txt", str(folder / "users.txt")),
    ):
        require(before in text, f"pgbouncer.ini no longer holds « {before} »")
        text = text.replace(before, after)
    (folder / "pgbouncer.ini").write_text(text)
    (folder / "users.txt").write_text(f'"puls" "{password}"\n')
    return "pgbouncer", str(folder / "pgbouncer.ini")


def caddy_files(folder: Path, *, upstream: int) -> tuple[str, ...]:
    text = (ROOT / "deploy/compose/Caddyfile").read_text()
    desk = f"\tadmin off\n\thttp_port {PORTS['http']}\n\thttps_port {PORTS['https']}\n\tskip_install_trust\n"
    require("\tadmin off\n" in text, "the Caddyfile no longer turns its door off")
    text = text.replace("\tadmin off\n", desk, 1)
    text = text.replace("{$DEPLOY_UPSTREAMS:puls:8000 api:8000}", f"127.0.0.1:{upstream}")
    text = text.replace("{$DEPLOY_DOMAIN:localhost}", "localhost")
    (folder / "Caddyfile").write_text(text)
    return "caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")


def alerting_files(folder: Path) -> tuple[str, ...]:
    """Alertmanager with the repository's routes, its receivers on loopback and no patience."""
    wanted = yaml.safe_load((ROOT / "deploy/alertmanager/alertmanager.yml").read_text())
    for receiver in wanted["receivers"]:
        receiver["webhook_configs"] = [
            {
                "url": f"http://127.0.0.1:{PORTS['webhook']}/{receiver['name']}",
                "send_resolved": True,
            }
        ]
    for route in (wanted["route"], *wanted["route"].get("routes", [])):
        route.update(group_wait="1s", group_interval="1s")
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(wanted))
    _checked("amtool", "check-config", str(folder / "alertmanager.yml"))
    return (ALERTMANAGER, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alertmanager",
            f"--web.listen-address=127.0.0.1:{PORTS['alertmanager']}", "--cluster.listen-address=")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Prometheus:
    """How to start it, and what it knows."""

    command: tuple[str, ...]
    rules: int
    source_of_alert: str

    def value(self, query: str) -> float:
        """The one sample of a query; 0 when there is none."""
        address = (
            f"http://127.0.0.1:{PORTS['prometheus']}/api/v1/query?query={urllib.parse.quote(query)}"
        )
        with urllib.request.urlopen(address, timeout=5) as answer:
            found = json.load(answer)["data"]["result"]
        return float(found[0]["value"][1]) if found else 0.0


def prometheus_files(folder: Path) -> Prometheus:
    """The repository's configuration and rules; « PulsDown » waits for nothing here."""
    wanted: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose/prometheus.yml").read_text())
    wanted["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    wanted["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [
        f"127.0.0.1:{PORTS['alertmanager']}"
    ]
    job = next(one for one in wanted["scrape_configs"] if one["job_name"] == "puls")
    del job["dns_sd_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{PORTS['puls']}"]}]
    wanted["scrape_configs"] = [job]
    groups, source = _rules()
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": groups}))
    wanted["rule_files"] = ["rules.yml"]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(wanted))
    _checked("promtool", "check", "config", str(folder / "prometheus.yml"))
    return Prometheus(
        command=("prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/prometheus",
                 f"--web.listen-address=127.0.0.1:{PORTS['prometheus']}"),
        rules=sum(len(group["rules"]) for group in groups),
        source_of_alert=source,
    )  # fmt: skip


def _rules() -> tuple[list[dict[str, Any]], str]:
    groups: list[dict[str, Any]] = []
    for file in sorted((ROOT / "deploy/prometheus/rules").glob("*.yml")):
        groups += yaml.safe_load(file.read_text())["groups"]
    down = [rule for group in groups for rule in group["rules"] if rule.get("alert") == "PulsDown"]
    for rule in down:
        rule["for"] = "0s"
    if down:
        return groups, "the rule of deploy/prometheus without its waiting time"
    return [
        *groups,
        {"name": "desk", "rules": [_OWN_ALERT]},
    ], "a rule of the desk: deploy/prometheus has none of that name"


def _checked(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    require(done.returncode == 0, f"{command[0]}: {(done.stdout + done.stderr).strip()[-500:]}")
