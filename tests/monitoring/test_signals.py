"""What operators see: figures of every search, one line per job that a machine can read, nobody's words."""

import json
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from puls.database import Database
from puls.ingestion.embedding import EmbeddingIndex
from puls.monitoring import REGISTRY, metrics_page, span
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.wish import Wish
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, an_event, save


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.database
async def test_a_search_leaves_figures_and_nobodys_words(database: Database) -> None:
    """How often, how fast, by meaning or by words alone; what was asked is the visitor's own."""
    await save(database, [an_event()])
    embedder = WordHashEmbedder()
    search = EventSearch(database=database, embedder=embedder, vocabulary=Vocabulary(database))
    steps = ("search", "search.candidates", "search.rank")
    kinds = [("found", "words"), ("empty", "words"), ("found", "hybrid")]

    def figures() -> list[float]:
        return [
            *(figure("puls_searches_total", outcome=outcome, mode=mode) for outcome, mode in kinds),
            *(figure("puls_step_duration_seconds_count", step=step) for step in steps),
            figure("puls_step_duration_seconds_count", step="search.embed"),
            figure("puls_embedded_texts_total"),
        ]

    before = figures()
    with capture_logs() as lines:
        await search.find(Wish(topic="jazz"), now=NOW)
        await search.find(Wish(topic="divorce"), now=NOW)
        await EmbeddingIndex(database=database, embedder=embedder).build(now=lambda: NOW)
        with_vectors = EventSearch(
            database=database, embedder=embedder, vocabulary=Vocabulary(database)
        )
        await with_vectors.find(Wish(topic="jazz"), now=NOW)
    gained = [after - start for after, start in zip(figures(), before, strict=True)]
    assert gained == [1, 1, 1, 3, 3, 3, 1, 1]
    assert [line["event"] for line in lines] == ["index.statistics_drawn", "index.built"]
    assert b"divorce" not in metrics_page()


def test_a_step_that_fails_is_timed_too() -> None:
    """The slow failures are the ones to find."""
    before = figure("puls_step_duration_seconds_count", step="test.fails")
    with pytest.raises(ZeroDivisionError), span("test.fails"):
        raise ZeroDivisionError
    assert figure("puls_step_duration_seconds_count", step="test.fails") == before + 1


def said(level: str, format_: str) -> list[str]:
    """What a program with these settings writes to standard error (another process: logging is global)."""
    program = (
        "import sys\n"
        "from puls.monitoring import configure_logging, log\n"
        "configure_logging(level=sys.argv[1], format_=sys.argv[2])\n"
        "log.debug('quiet')\n"
        "log.info('sync.finished', agenda='Été', upserted=12)\n"
        "try:\n"
        "    1 / 0\n"
        "except ZeroDivisionError:\n"
        "    log.exception('sync.failed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, level, format_], capture_output=True, text=True, check=True
    )
    assert not done.stdout
    return done.stderr.splitlines()


def test_a_log_line_is_json_for_machines() -> None:
    """One event, one line, even with a stack trace inside."""
    finished, failed = (json.loads(line) for line in said("info", "auto"))
    assert {key: finished[key] for key in ("event", "level", "agenda", "upserted")} == {
        "event": "sync.finished", "level": "info", "agenda": "Été", "upserted": 12,
    }  # fmt: skip
    assert finished["timestamp"].endswith("Z")
    assert "ZeroDivisionError" in failed["exception"]


def test_a_log_line_is_text_for_people_and_the_level_is_kept() -> None:
    lines = said("WARNING", "text")
    assert "sync.failed" in lines[0]
    assert not any("sync.finished" in line for line in lines)
