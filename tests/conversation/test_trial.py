"""An experiment under way: a visitor's turns are answered and stored by their arm, and nobody else's are."""

from uuid import uuid4

import pytest
from tests.conversation.test_assistant import GAZETTEER, Saying, two_concerts
from tests.embedders import WordHashEmbedder
from tests.serving import NOW

from puls.conversation.assistant import Assistant
from puls.conversation.keeping.memory import Conversations
from puls.conversation.preferences.store import Preferences
from puls.conversation.steps import Steps
from puls.conversation.turn import EventsFound, TurnRequest
from puls.conversation.variants import Trial, Variant
from puls.database import Database
from puls.experiments.experiment import experiment_of
from puls.identity.visitor import Visitor
from puls.retrieval.asking import Asking
from puls.retrieval.ranking import Weights
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary

__all__ = ["two_concerts"]
pytestmark = pytest.mark.database

SECRET = bytes(range(32))
EXPERIMENT = experiment_of(
    {"name": "one", "arms": {"usual": {}, "other": {"ranking": {"words": 0.9}}}}
)


def assistant(database: Database, models: Saying, others: Saying) -> Assistant:
    search = EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )
    variants = {
        "usual": Variant(experiment="one", arm="usual"),
        "other": Variant(experiment="one", arm="other", weights=Weights(words=0.9), models=others),
    }
    return Assistant(
        steps=Steps(
            asking=Asking(search=search, database=database, gazetteer=GAZETTEER), models=models
        ),
        search=search,
        conversations=Conversations(database),
        preferences=Preferences(database),
        gazetteer=GAZETTEER,
        clock=lambda: NOW,
        trial=Trial(experiment=EXPERIMENT, secret=SECRET, variants=variants),
    )


def visitor_of(arm: str) -> Visitor:
    while True:
        visitor = Visitor(id=uuid4())
        got = EXPERIMENT.arm_of(visitor.id, secret=SECRET)
        if got is not None and got.name == arm:
            return visitor


async def test_a_turn_is_answered_and_stored_by_its_visitors_arm(two_concerts: Database) -> None:
    """What is compared must be what was answered."""
    models, others = Saying("Concert de jazz."), Saying("Concert de jazz.")
    puls = assistant(two_concerts, models, others)
    program = Visitor(id=uuid4(), kind="program")
    visitors = {"usual": visitor_of("usual"), "other": visitor_of("other"), None: program}
    for visitor in visitors.values():
        request = TurnRequest(text="un concert de jazz", request_id=uuid4())
        events = [event async for event in puls.converse(visitor, request)]
        assert any(isinstance(one, EventsFound) and one.events for one in events)
    await puls.close()
    assert (len(models.prompts), len(others.prompts)) == (2, 1)
    rows = await two_concerts.fetch_all(b"SELECT visitor_id, experiment, arm FROM turn")
    stored = {row["visitor_id"]: (row["experiment"], row["arm"]) for row in rows}
    assert stored[visitors["usual"].id] == ("one", "usual")
    assert stored[visitors["other"].id] == ("one", "other")
    assert stored[program.id] == (None, None)
