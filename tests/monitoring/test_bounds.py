"""Whatever is asked, the number of series stays small; names are emitted by the code that rules and dashboards ask for."""

import json
import random
import re
import shutil
import string
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from scripts import make_alerts, make_dashboards
from scripts.dashboard_panels import DASHBOARDS

from puls.alerts.counting import histograms_of
from puls.alerts.objectives import Watched
from puls.alerts.prometheus import rule_groups
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.monitoring import REGISTRY, Metric, TurnFigures, metrics_page, observe_turn
from puls.monitoring.families import MOST_SERIES, BoundedCounter
from tests.serving import an_event, app_over, puls_over, save, visiting

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules"


def series() -> int:
    return sum(1 for line in metrics_page().splitlines() if not line.startswith(b"#"))


def test_a_family_that_is_full_counts_the_rest_as_other() -> None:
    """A label that holds what visitors write would fill Prometheus; here it costs one series."""
    family = BoundedCounter("puls_odd_total", "Odd.", ["what", "where"], registry=None)
    for number in range(10_000):
        family.labels(f"odd {number}", "x").inc()
    (metric,) = family.collect()
    counts = {
        tuple(one.labels.values()): one.value
        for one in metric.samples
        if one.name.endswith("_total")
    }
    assert len(counts) == MOST_SERIES + 1
    assert counts["other", "other"] == 10_000 - MOST_SERIES


def test_ten_thousand_odd_turns_make_few_series() -> None:
    """Even if the code that fills the figures were wrong about what it was given."""
    chance = random.Random(13)

    def odd() -> str:
        return "".join(chance.choices(string.printable, k=12))

    before = series()
    for _ in range(10_000):
        observe_turn(
            TurnFigures(
                outcome="answered", kind=odd(), language=odd(), writer=odd(), match=odd(), region=odd(),
                themes=(odd(), odd()), before=chance.randrange(10**6), is_sure=True, sentences=3,
            )
        )  # fmt: skip
    assert series() - before < 2 * 8 * (MOST_SERIES + 1)


@pytest.mark.database
async def test_ten_thousand_odd_requests_make_few_series(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Paths, methods, words and headers are strangers'."""
    await save(database, [an_event()])
    chance = random.Random(7)
    before = series()
    async with visiting(app_over(puls_over(database, gazetteer))) as http:
        for number in range(10_000):
            odd = "".join(chance.choices(string.ascii_letters + "éà%20", k=10))
            if number % 500 == 0:
                await http.get("/v1/search", params={"q": odd, "place": odd})
            await http.request(
                chance.choice(
                    [
                        "GET",
                        "PUT",
                        "BREW",
                        odd.replace("%", "")[:6].encode("ascii", "ignore").decode() or "X",
                    ]
                ),
                f"/{odd}/{number}",
                headers={
                    "x-request-id": odd.encode("ascii", "ignore").decode(),
                    "traceparent": "nonsense",
                },
            )
    assert series() - before < 200


def names_in(query: str) -> Iterator[str]:
    yield from re.findall(
        r"\b(?:puls|gen_ai|up)[a-z0-9_:]*\b", re.sub(r"\{[^}]*\}|by \([^)]*\)", "", query)
    )


def emitted() -> frozenset[str]:
    names = {"up"}
    for family in REGISTRY.collect():
        names.add(family.name)
        if family.type == "counter":
            names.add(f"{family.name}_total")
        if family.type == "histogram":
            names |= {f"{family.name}_{part}" for part in ("bucket", "count", "sum")}
    return frozenset(names)


def rules() -> list[Mapping[str, Any]]:
    groups = rule_groups(Watched.load(), histograms_of(REGISTRY))
    return [rule for group in groups["groups"] for rule in group["rules"]]


QUERIES = [
    (f"{name}: {panel.title}", query)
    for name, (_, panels) in DASHBOARDS.items()
    for panel in panels
    for _, query in panel.queries
]


@pytest.mark.parametrize(("where", "query"), QUERIES, ids=[str(at) for at in range(len(QUERIES))])
def test_a_panel_asks_in_promql_for_what_the_code_emits(where: str, query: str) -> None:
    """A renamed metric leaves an empty panel, which nobody notices until the night it is needed."""
    promql_parser.parse(query.replace("$__rate_interval", "1m"))
    known = emitted() | {rule["record"] for rule in rules() if "record" in rule}
    assert set(names_in(query)) <= known, where


def test_each_rule_asks_for_what_the_code_emits() -> None:
    known = emitted() | {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        promql_parser.parse(rule["expr"])
        assert set(names_in(rule["expr"])) <= known, rule


def test_every_declared_name_is_emitted() -> None:
    """And no name is declared that nobody uses."""
    assert {metric.value for metric in Metric} <= emitted()


def test_edges_that_rules_ask_for_are_buckets() -> None:
    """« Above one second » of a histogram without an edge at one second is no series at all."""
    edges = {
        family.name: {float(one.labels["le"]) for one in family.samples if "le" in one.labels}
        for family in REGISTRY.collect()
        if family.type == "histogram"
    }
    for rule in Watched.load().counted:
        if rule.bad.over is not None and edges[rule.bad.metric.value]:
            assert rule.bad.over in edges[rule.bad.metric.value]


def test_what_is_committed_is_what_the_promises_make() -> None:
    for path, text in make_alerts.files().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"run python -m scripts.make_alerts ({path})"
        )
    for name in DASHBOARDS:
        path = make_dashboards.FOLDER / f"{name}.json"
        assert path.read_text(encoding="utf-8") == make_dashboards.drawn(name), (
            "run python -m scripts.make_dashboards"
        )
        assert json.loads(path.read_text(encoding="utf-8"))["panels"]


def test_each_alert_has_a_runbook_that_helps() -> None:
    """Symptom, checks, commands, roll-back: at three in the morning nobody thinks of them."""
    for rule in rules():
        if "alert" in rule:
            name = rule["annotations"]["runbook_url"].rpartition("/")[2]
            text = (ROOT / "docs" / "runbooks" / name).read_text(encoding="utf-8")
            assert rule["alert"] in text, name
            for part in ("## Symptom", "## Checks", "## Mend", "## Roll back"):
                assert part in text, (name, part)


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="Debian's `prometheus` is not installed"
)
def test_promtool_finds_that_each_alert_fires_on_its_fault_and_not_without() -> None:
    """The one judge of rules that counts: Prometheus' own."""
    for command in (["check", "rules", "puls.yml"], ["test", "rules", "puls.test.yaml"]):
        done = subprocess.run(
            ["promtool", *command],
            cwd=RULES,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
