"""The gate itself, on the sample catalogue: a planted regression of ranking fails, the same ranking does not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.embedders import WordHashEmbedder

from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.evaluation.comparing import compare
from puls.evaluation.running import Running, read_sets
from puls.experiments.overrides import overrides_of
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.sample.source import SampleSource
from puls.ingestion.sync import Ingestion
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary

pytestmark = pytest.mark.database

QUESTIONS = Path(__file__).parents[2] / "evals" / "sample_questions.jsonl"
DAY = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/Paris"))


async def test_weights_turned_around_fail_and_the_usual_ones_do_not(
    database: Database, gazetteer: Gazetteer
) -> None:
    """What « make gate » stands for: the real search, the committed questions, a sign lost in the ranking."""
    catalogue = Catalogue(database)
    ingestion = Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer)
    await ingestion.run(SampleSource(today=DAY.date()), now=DAY)
    await catalogue.count_words()
    await EmbeddingIndex(database=database, embedder=WordHashEmbedder()).build(
        now=lambda: datetime.now(UTC)
    )
    search = EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )
    usual = Running(search=search, gazetteer=gazetteer, is_given=True)
    rows = read_sets([QUESTIONS])
    before = await usual.report(rows, ["sample"], now=DAY)
    again = await usual.report(rows, ["sample"], now=DAY)
    assert not compare(again, before).is_worse

    other = overrides_of({"ranking": {"words": -2.0, "learnt": 0.0}}, "planted")
    planted = replace(usual, search=search.otherwise(weights=other.weights))
    comparison = compare(await planted.report(rows, ["sample"], now=DAY), before)
    assert comparison.is_worse
    assert "ndcg@10" in {one.name for one in comparison.worse}
