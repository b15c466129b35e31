"""People of a test: visitors, and what they say."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.serving import NOW

from puls.conversation.keeping.memory import Conversations, Outcome
from puls.conversation.keeping.personal_data import PersonalData
from puls.conversation.preferences.store import Preferences
from puls.conversation.turn import TurnRequest
from puls.database import Database
from puls.identity.visitor import Visitor
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


@pytest.fixture
def preferences(database: Database) -> Preferences:
    return Preferences(database)


@pytest.fixture
def personal_data(database: Database) -> PersonalData:
    return PersonalData(database)


@pytest.fixture
def ada() -> Visitor:
    return Visitor(id=uuid4())


@pytest.fixture
def bob() -> Visitor:
    return Visitor(id=uuid4())


def request(text: str = "un concert de jazz", conversation_id: UUID | None = None) -> TurnRequest:
    return TurnRequest(text=text, request_id=uuid4(), conversation_id=conversation_id)


def outcome(
    topic: str = "jazz", shown: tuple[str, ...] = ("1", "2"), answer: str = "Voici."
) -> Outcome:
    return Outcome(
        kind=Turn.SEARCH,
        language="fr",
        answer=answer,
        writer="composer",
        carried=Wish(topic=topic),
        shown=shown,
        milliseconds={"total": 12},
    )


async def said(
    conversations: Conversations,
    visitor: Visitor,
    text: str = "un concert de jazz",
    conversation_id: UUID | None = None,
    *,
    days_ago: int = 0,
    what: Outcome | None = None,
) -> tuple[UUID, UUID]:
    """A finished turn: its conversation's id and its own."""
    now = NOW - timedelta(days=days_ago)
    begun = await conversations.begin(visitor, request(text, conversation_id), now=now)
    assert await conversations.finish(visitor.id, begun.turn.id, what or outcome(), now=now)
    return begun.turn.conversation_id, begun.turn.id
