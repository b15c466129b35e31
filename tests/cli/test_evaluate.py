"""`puls evaluate` from end to end: any set, a report, a baseline, an exit code that CI can act on."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.cli.conftest import Program, Ran
from tests.cli.test_cli import RECORDS

pytestmark = pytest.mark.database

NOW = "2026-11-27T18:00:00+01:00"
WEEKEND = ["2026-11-28T00:00", "2026-11-29T23:59"]
QUESTION: dict[str, Any] = {
    "id": "q1", "now": NOW, "user": None, "history": [], "text": "piano ce week-end à Crest", "language": "fr",
    "expect": "results", "wish": {"when": WEEKEND, "where": {"city": "Crest"}, "topic": "piano"},
    "relevant": {"11": 3}, "judged_zero": [],
}  # fmt: skip
EXPRESSION: dict[str, Any] = {
    "id": "x1", "now": NOW, "text": "bal folk gratuit samedi", "language": "fr", "kind": "search",
    "when": [["2026-11-28T00:00", "2026-11-28T23:59"]], "where": None, "free": True, "theme": "bal folk",
}  # fmt: skip
PAIR: dict[str, Any] = {
    "id": "h1", "now": NOW, "wish": {"topic": "piano", "when": None, "where": {"city": "Crest"}}, "has": True,
    "answers": ["11"], "tags": [],
}  # fmt: skip
TALK: dict[str, Any] = {
    "id": "c1", "now": NOW, "position": None, "consent": False,
    "turns": [
        {"user": "piano ce week-end à Crest", "expect_kind": "search", "wish": {"when": [WEEKEND]},
         "must_include_any": ["11"], "must_not_include": ["13"], "checks": []},
        {"user": "merci", "expect_kind": "thanks", "wish": {}, "must_include_any": [], "must_not_include": [], "checks": []},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def sets(puls: Program) -> Path:
    records = puls.folder / "records.jsonl"
    records.write_text("\n".join(json.dumps(one) for one in RECORDS), encoding="utf-8")
    assert puls("ingest", "file", records, "--json").exit_code == 0
    path = puls.folder / "all.jsonl"
    rows = (QUESTION, EXPRESSION, PAIR, TALK)
    path.write_text("\n".join(json.dumps(one) for one in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def judged(puls: Program, sets: Path) -> Ran:
    return puls("evaluate", sets, "--json", "--out", puls.folder / "out", PULS_MODELS="composer")


def test_one_file_may_hold_every_kind_of_case(judged: Ran) -> None:
    """Understanding, retrieval, themes, conversation and checks in one report."""
    assert judged.exit_code == 0, judged.err
    means = judged.json["means"]
    assert means["understanding"]["every"] == 1
    assert means["retrieval"]["ndcg@10"] == 1
    assert means["themes"] == {"found": 1, "answer_shown": 1}
    assert means["conversation"] == {"answered": 1, "kind": 1, "shown": 1, "kept_out": 1, "when": 1}
    assert means["checks"]["sentences_kept"] == 1


def test_what_was_kept_of_the_conversations_is_erased(judged: Ran, puls: Program) -> None:
    """An evaluation is no visitor: /ops must not count it."""
    assert judged.exit_code == 0
    with psycopg.connect(puls.url) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM turn), (SELECT count(*) FROM visitor)"
        )
        assert counts.fetchone() == (0, 0)


@pytest.mark.usefixtures("judged")
def test_the_report_is_written_in_three_forms_and_is_a_baseline(puls: Program, sets: Path) -> None:
    """Markdown for a merge request, HTML for a person, JSON for the next run."""
    out = puls.folder / "out"
    assert "| retrieval | ndcg@10 | 1.000 | 1 |" in (out / "report.md").read_text(encoding="utf-8")
    assert "<h1>Evaluation</h1>" in (out / "report.html").read_text(encoding="utf-8")
    again = puls(
        "evaluate",
        sets,
        "--baseline",
        out / "report.json",
        "--fail-when-worse",
        PULS_MODELS="composer",
    )
    assert again.exit_code == 0, again.err
    assert "Not worse than the baseline" in again.out


@pytest.mark.usefixtures("judged")
def test_a_case_less_than_the_baseline_fails(puls: Program) -> None:
    """Exit 1 and a sentence."""
    fewer = puls.folder / "fewer.jsonl"
    fewer.write_text(json.dumps(EXPRESSION), encoding="utf-8")
    ran = puls(
        "evaluate", fewer, "--baseline", puls.folder / "out" / "report.json", "--fail-when-worse"
    )
    assert ran.exit_code == 1
    assert "were not judged" in ran.err


def test_two_configurations_are_compared_offline(puls: Program, sets: Path) -> None:
    """The usual one is the baseline of the other."""
    other = puls.folder / "other.toml"
    other.write_text("[ranking]\nwords = 0.9\n", encoding="utf-8")
    ran = puls("evaluate", "--json", sets, "--against", other, "--part", "retrieval")
    assert ran.exit_code == 0, ran.err
    assert ran.json["configuration"] == "ranking.words = 0.9"
    assert {one["name"] for one in ran.json["comparison"]["figures"]} >= {"ndcg@10"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("evaluate", "nowhere.jsonl"), "Cannot read nowhere.jsonl"),
        (("evaluate", "all.jsonl", "--fail-when-worse"), "needs --baseline or --against"),
        (("evaluate", "all.jsonl", "--part", "humour"), "no part 'humour'"),
        (("evaluate", "all.jsonl", "--judge"), "No model is configured"),
        (("evaluate", "all.jsonl", "--against", "bad.toml"), "no weight 'wordz'"),
        (("evaluate", "all.jsonl", "--against", "index.toml"), "no index version 99"),
        (("evaluate", "add", "not-a-number"), "valid UUID"),
        (
            ("evaluate", "add", "00000000-0000-4000-8000-000000000000"),
            "No answer with a thumb down",
        ),
        (("experiment", "show"), "No experiment is under way"),
    ],
)
@pytest.mark.usefixtures("sets")
def test_a_mistake_costs_one_line(puls: Program, arguments: tuple[str, ...], told: str) -> None:
    """And exit code 2: the input was wrong."""
    (puls.folder / "bad.toml").write_text("[ranking]\nwordz = 1\n", encoding="utf-8")
    (puls.folder / "index.toml").write_text("index = 99\n", encoding="utf-8")
    ran = puls(*arguments, PULS_MODELS="composer")
    assert ran.exit_code == 2, ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_an_experiment_is_shown(puls: Program) -> None:
    """Nothing to read yet is an answer, in French first."""
    file = puls.folder / "experiment.toml"
    file.write_text(
        'name = "one"\n[arms.usual]\n[arms.words]\nranking.words = 0.6\n', encoding="utf-8"
    )
    ran = puls("experiment", "show", PULS_EXPERIMENT=str(file))
    assert ran.exit_code == 0, ran.err
    assert "rien à lire encore" in ran.out
    broken = puls.folder / "broken.toml"
    broken.write_text('name = "one"\n[arms.usual]\n[arms.b]\nprompt = 99\n', encoding="utf-8")
    ran = puls("experiment", "show", PULS_EXPERIMENT=str(broken))
    assert ran.exit_code == 2
    assert "no prompt 99" in ran.err
