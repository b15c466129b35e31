"""Run the services of compose.yaml as plain processes of this machine, with the same settings, and ask a question through them.

`.venv/bin/python -m deploy.try_topologies [small] [full]`: each part's command, environment and configuration are read from
compose.yaml and deploy/; only names of hosts, ports and folders are replaced. `small`: Caddy → one Puls with its own PostgreSQL.
`full`: Caddy → Puls → PgBouncer → PostgreSQL, a worker where this Puls has one, Prometheus, Alertmanager and a webhook on loopback:
a question, a conversation, figures scraped, the API killed, the alert delivered and resolved. Every wait has a limit; each
check prints one line; a failed one ends with exit code 1. Debian: `apt-get install pgbouncer caddy prometheus prometheus-alertmanager`.
"""

import contextlib
import shutil
import sys
import tempfile
import time
from pathlib import Path

from deploy.desk.asking import answer_over_tls, conversation_over_tls, wait_for
from deploy.desk.compose import Compose
from deploy.desk.parts import (
    ALERTMANAGER,
    PORTS,
    Processes,
    alerting_files,
    caddy_files,
    pgbouncer_files,
    postgresql,
    prometheus_files,
)
from deploy.desk.webhook import Webhook
from deploy.desk.wrong import TrialFailedError, require

_QUESTION = "concert ce week-end à Lyon"
_STARTING_SECONDS = 120.0
_ALERT_SECONDS = 60.0
_TOOLS = ("pgbouncer", "caddy", "prometheus", "promtool", ALERTMANAGER)


def main(wanted: list[str]) -> int:
    """All that is wanted, in turn."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        print(f"topologies: not installed here: {', '.join(missing)}")
        return 3
    try:
        for name, trial in (("small", try_small), ("full", try_full)):
            if not wanted or name in wanted:
                with tempfile.TemporaryDirectory(prefix="puls-desk-") as folder:
                    trial(Path(folder))
    except TrialFailedError as error:
        print(f"topologies: FAILED: {error}")
        return 1
    return 0


def try_small(folder: Path) -> None:
    """Caddy in front of one process that holds everything."""
    compose = Compose.read()
    with Processes(folder) as processes:
        began = time.monotonic()
        puls = processes.puls("puls", compose.environment("puls", desk={"PULS_HOME": str(folder / "home")}),
                              "serve", "--host", "127.0.0.1", "--port", str(PORTS["puls"]), "--with-sample")  # fmt: skip
        processes.start("caddy", *caddy_files(folder, upstream=PORTS["puls"]))
        title = _answered(processes, folder, "puls", puls)
        print(f"small: Caddy (TLS) → puls: « {title} » after {time.monotonic() - began:.1f} s")
        _check_doors(folder)
        _check_stops(processes, puls, "small")


def try_full(folder: Path) -> None:
    """Every part by itself."""
    compose, password = Compose.read(), "0123456789abcdef0123456789abcdef"
    variables = {
        "DEPLOY_POSTGRES_PASSWORD": password,
        "PULS_SECRET": "5f" * 12 + "0123456789abcdef",
    }
    with contextlib.ExitStack() as stack:
        processes = stack.enter_context(Processes(folder))
        webhook = stack.enter_context(Webhook(PORTS["webhook"]))
        stack.enter_context(postgresql(folder, password=password))
        processes.start("pgbouncer", *pgbouncer_files(folder, password=password), account="nobody")
        environment = compose.environment(
            "api", variables=variables, desk={"PULS_HOME": str(folder / "api-home")}
        )
        began = time.monotonic()
        migrated = processes.once(
            "migrate", compose.environment("migrate", variables=variables, desk={"PULS_HOME": str(folder / "m-home")}),
            *compose.command("migrate"),
        )  # fmt: skip
        require("schema" in migrated, "migrate said nothing of the schema")
        serve = ("serve", "--host", "127.0.0.1", "--port", str(PORTS["puls"]), "--with-sample")
        api = processes.puls("api", environment, *serve)
        worker = _worker(processes, compose, variables, folder)
        processes.start("caddy", *caddy_files(folder, upstream=PORTS["puls"]))
        title = _answered(processes, folder, "api", api)
        print(
            f"full: Caddy → puls → PgBouncer → PostgreSQL: « {title} » after {time.monotonic() - began:.1f} s"
        )
        conversation = conversation_over_tls(folder, _QUESTION)
        require("event: done" in conversation, "the conversation has no end")
        print(f"full: a conversation told whole, {len(conversation)} characters")
        _check_doors(folder)
        _check_signals(processes, folder, webhook, api)
        again = processes.puls("api-again", environment, *serve)
        wait_for("the alert's end", _ALERT_SECONDS, lambda: webhook.has("resolved", "PulsDown"))
        print(f"full: started again, the alert's end delivered: {webhook.names('resolved')}")
        _answered(processes, folder, "api-again", again)
        if worker is not None:
            _check_stops(processes, worker, "full: worker")
        _check_stops(processes, again, "full")


def _worker(
    processes: Processes, compose: Compose, variables: dict[str, str], folder: Path
) -> int | None:
    if "worker" not in processes.once("help", {}, "--help"):
        print("full: this Puls has no `puls worker` yet: not started")
        return None
    desk = {"PULS_HOME": str(folder / "worker-home")}
    number = processes.puls(
        "worker",
        compose.environment("worker", variables=variables, desk=desk),
        *compose.command("worker"),
    )
    time.sleep(5)
    require(processes.lives(number), f"the worker ended: {processes.last_words('worker')}")
    print("full: the worker runs beside it")
    return number


def _answered(processes: Processes, folder: Path, name: str, number: int) -> str:
    """The title of the first event, through TLS."""
    found: list[str] = []

    def asked() -> bool:
        require(processes.lives(number), f"{name} ended: {processes.last_words(name)}")
        answer = answer_over_tls(folder, _QUESTION)
        found.extend(event["title"] for event in answer["events"])
        return bool(found)

    wait_for("the first event", _STARTING_SECONDS, asked)
    return found[0]


def _check_doors(folder: Path) -> None:
    status = answer_over_tls(folder, None, path="/metrics")["status"]
    require(status == 404, f"/metrics answers {status} outside")


def _check_signals(processes: Processes, folder: Path, webhook: Webhook, api: int) -> None:
    processes.start("alertmanager", *alerting_files(folder))
    prometheus = prometheus_files(folder)
    processes.start("prometheus", *prometheus.command)
    wait_for("a scrape", _ALERT_SECONDS, lambda: prometheus.value('up{job="puls"}') == 1)
    series = prometheus.value('count({job="puls"})')
    print(
        f"full: Prometheus scraped {series:.0f} series of Puls; {prometheus.rules} rules of deploy/prometheus loaded"
    )
    began = time.monotonic()
    processes.kill(api)
    wait_for("the alert", _ALERT_SECONDS, lambda: webhook.has("firing", "PulsDown"))
    print(f"full: the API killed; « PulsDown » delivered through Alertmanager after {time.monotonic() - began:.0f} s "
          f"({prometheus.source_of_alert})")  # fmt: skip


def _check_stops(processes: Processes, number: int, what: str) -> None:
    began = time.monotonic()
    code = processes.stop(number)
    require(code == 0, f"{what}: SIGTERM ended with {code}")
    print(f"{what}: SIGTERM, exit code 0 after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
