"""A conversation over the parts that it uses."""

from collections.abc import Callable
from datetime import UTC, datetime

from puls.bootstrap.people import People
from puls.conversation.assistant import Assistant
from puls.conversation.looking import OnTheWeb
from puls.conversation.steps import Steps
from puls.conversation.variants import USUAL, Models, Trial, Variant
from puls.conversation.writing.answer_cache import AnswerCache
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.asking import Asking
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch

TURN_SECONDS = (
    40.0  # a turn; at least twice what its model may take, so that the composer still can answer
)


def assistant_of(
    database: Database,
    search: EventSearch,
    gazetteer: Gazetteer,
    people: People,
    *,
    models: Models,
    beyond: BeyondGazetteer | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_limit_seconds: float = TURN_SECONDS,
    keeps_answers: bool = True,
    web: OnTheWeb | None = None,
    trial: Trial | None = None,
    usual: Variant = USUAL,
) -> Assistant:
    """The conversation over the parts that it uses.

    `keeps_answers` False: a model is asked every time; `web` None: no turn looks on the web; `trial`: the experiment
    under way; `usual`: how everybody else is answered.
    """
    return Assistant(
        steps=Steps(
            asking=Asking(search=search, database=database, gazetteer=gazetteer, beyond=beyond),
            models=models,
            cache=answer_cache_of(database) if keeps_answers else None,
            web=web,
        ),
        search=search,
        conversations=people.conversations,
        preferences=people.preferences,
        gazetteer=gazetteer,
        clock=clock,
        time_limit_seconds=time_limit_seconds,
        trial=trial,
        usual=usual,
    )


def answer_cache_of(database: Database) -> AnswerCache:
    """Models' answers to questions that say nothing of anybody."""
    return AnswerCache(database, ledger=UsageLedger(database))
