"""docs/privacy/retention.md says how long data are kept; what it says must be what the code does."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from puls.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/privacy/retention.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<tables>[^|]+) \| (?P<lasts>[^|]+) \| (?P<source>[^|]+) \|$", re.MULTILINE)  # fmt: skip
ROWS = [one for one in _ROW.finditer(PAGE) if one["what"] != "donnée"]
# What holds nothing of visitors and lasts as long as what it describes: events, indexes, sources, the web's pages and manners, state of processes.
OF_THE_SERVICE = {
    "alert_state", "embedding_claim", "embedding_none", "event", "event_filter", "index_statistics", "index_version", "ingest_run", "ingest_seen",
    "job_pause", "job_schedule", "occurrence", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers",
    "search_lexeme", "search_word", "secret_in_use", "source_record", "turn_process", "turn_stop", "usage_counted", "venue", "web_host_left_alone",
    "web_note", "web_page", "web_pace", "web_robots", "web_search_call",
}  # fmt: skip


def lasting(words: str) -> timedelta:
    number, unit = re.match(r"(\d+) (jour|heure)", words).groups()  # type: ignore[union-attr]
    return timedelta(**{{"jour": "days", "heure": "hours"}[unit]: int(number)})


@pytest.mark.parametrize("row", [one for one in ROWS if "`puls." in one["source"]], ids=lambda row: row["what"])  # fmt: skip
def test_a_duration_is_that_of_the_constant(row: re.Match[str]) -> None:
    """A page of promises that nobody compares is wrong within a year."""
    module, name = row["source"].strip("` ").rsplit(".", 1)
    assert getattr(importlib.import_module(module), name) == lasting(row["lasts"])


@pytest.mark.parametrize("row", [one for one in ROWS if "`PULS_" in one["source"]], ids=lambda row: row["what"])  # fmt: skip
def test_a_duration_is_that_of_the_setting(row: re.Match[str]) -> None:
    setting = row["source"].strip("` ").removeprefix("PULS_").lower()
    assert Settings.model_fields[setting].default == int(re.match(r"\d+", row["lasts"])[0])  # type: ignore[index]


def test_every_table_is_either_there_or_holds_nothing_of_visitors() -> None:
    """Who adds a table decides which."""
    made = set[str]()
    for file in (ROOT / "src/puls/migrations").glob("*.sql"):
        made |= set(re.findall(r"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?(\w+)", file.read_text(encoding="utf-8")))  # fmt: skip
    told = {name for row in ROWS for name in re.findall(r"`(\w+)`", row["tables"])}
    assert told <= made, "a table that is gone"
    assert made - told - OF_THE_SERVICE == set()
    assert not told & OF_THE_SERVICE


def test_nothing_lasts_for_ever() -> None:
    """Decided on 30 November 2026: what had no end has thirteen months."""
    assert not any("sans fin" in row["lasts"] for row in ROWS)


def test_the_notice_says_the_same() -> None:
    """What visitors read."""
    notice = (ROOT / "docs/privacy/notice.md").read_text(encoding="utf-8")
    for said in ("30 jours", "180 jours", "13 mois", "ou 60"):
        assert said in notice


def test_links_between_papers_lead_somewhere() -> None:
    """At night nobody has time to guess where a page went."""
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(
            r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")
        )
        if not (page.parent / target).exists()
        and (target != "aws.md" or (ROOT / "deploy/aws").exists())  # comes with the stacks
    ]
    assert lost == []
