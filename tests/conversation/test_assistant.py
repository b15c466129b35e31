"""A whole turn on real PostgreSQL, with the composer: what is sent, what is kept, and what happens when things go wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, SATURDAY_EVENING, an_event, occurrence, save

from puls.conversation.assistant import Assistant
from puls.conversation.keeping.memory import Conversations
from puls.conversation.preferences.store import Preferences
from puls.conversation.steps import Steps
from puls.conversation.turn import (
    EventsFound,
    Failed,
    Finished,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.database import Database
from puls.errors import DatabaseUnavailableError, NotFoundError
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.llm.accounts import Unavailable
from puls.llm.chat import Fault, ModelUsage, Prompt
from puls.llm.gateway import ModelInterruptedError, ModelUnavailableError
from puls.retrieval.asking import Asking
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.turns import Turn

pytestmark = pytest.mark.database

GAZETTEER = Gazetteer.load()
ANNA = Visitor(id=UUID("a0000000-0000-4000-8000-000000000001"))
BRUNO = Visitor(id=UUID("b0000000-0000-4000-8000-000000000002"))


class Saying:
    """A model that says what the test wants; `fails_with` after its last word."""

    def __init__(self, *pieces: str, fails_with: Exception | None = None) -> None:
        self.models: tuple[str, ...] = ("test:model",)
        self._pieces = pieces
        self._fails_with = fails_with
        self.prompts: list[Prompt] = []

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del purpose, visitor_id
        self.prompts.append(prompt)
        for piece in self._pieces:
            yield piece
        if self._fails_with is not None:
            raise self._fails_with
        yield ModelUsage(model="test:model", tokens_in=10, tokens_out=5, cost_eur=0.001)


class Silent(Saying):
    """No model at all: the composer writes."""

    def __init__(self) -> None:
        super().__init__()
        self.models = ()


def an_assistant(
    database: Database, models: Saying | None = None, *, time_limit_seconds: float = 20.0
) -> Assistant:
    search = EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )
    return Assistant(
        steps=Steps(
            asking=Asking(search=search, database=database, gazetteer=GAZETTEER),
            models=models or Silent(),
        ),
        search=search,
        conversations=Conversations(database),
        preferences=Preferences(database),
        gazetteer=GAZETTEER,
        clock=lambda: NOW,
        time_limit_seconds=time_limit_seconds,
    )


@pytest.fixture
async def two_concerts(database: Database) -> Database:
    sunday = occurrence(SATURDAY_EVENING + timedelta(days=1))
    await save(
        database,
        [
            an_event("jazz"),
            an_event("rock", title="Concert de rock", occurrences=(sunday,)),
        ],
    )
    return database


async def turn(
    assistant: Assistant,
    text: str,
    *,
    conversation_id: UUID | None = None,
    request_id: UUID | None = None,
    visitor: Visitor = ANNA,
) -> list[TurnEvent]:
    request = TurnRequest(
        text=text, request_id=request_id or uuid4(), conversation_id=conversation_id
    )
    return [event async for event in assistant.converse(visitor, request)]


def text_of(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextWritten))


def shown(events: list[TurnEvent]) -> list[str]:
    return [
        one.event.uid for event in events if isinstance(event, EventsFound) for one in event.events
    ]


def end_of(events: list[TurnEvent]) -> Finished:
    end = events[-1]
    assert isinstance(end, Finished)
    return end


async def test_events_come_before_words_and_every_claim_is_borne_out(
    two_concerts: Database,
) -> None:
    """A visitor sees where to go before they read why."""
    events = await turn(an_assistant(two_concerts), "concert samedi à Lyon")
    kinds = [type(event) for event in events]
    assert kinds.index(WishRead) < kinds.index(EventsFound) < kinds.index(TextWritten)
    end = end_of(events)
    assert (shown(events), end.writer) == (["jazz"], "composer")
    assert "jazz manouche" in text_of(events)
    assert end.checking.claims == end.checking.grounded_claims > 0
    assert end.checking.dropped == 0


async def test_a_follow_up_is_understood_after_a_restart(two_concerts: Database) -> None:
    """Another replica, or the same one after a deployment, knows what was said."""
    first = await turn(an_assistant(two_concerts), "concert samedi à Lyon")
    second = await turn(
        an_assistant(two_concerts),
        "et dimanche ?",
        conversation_id=end_of(first).conversation_id,
    )
    assert shown(second) == ["rock"]


async def test_the_second_one_is_what_was_shown_second(two_concerts: Database) -> None:
    assistant = an_assistant(two_concerts)
    first = await turn(assistant, "concert ce week-end à Lyon")
    both = shown(first)
    assert len(both) == 2
    second = await turn(assistant, "la 2e", conversation_id=end_of(first).conversation_id)
    assert shown(second) == [both[1]]
    third = await turn(
        assistant, "compare les deux premiers", conversation_id=end_of(first).conversation_id
    )
    assert shown(third) == both


async def test_the_same_request_twice_is_one_turn(two_concerts: Database) -> None:
    """A client that lost its connection asks again; nothing is answered or stored twice."""
    request_id = uuid4()
    first = await turn(an_assistant(two_concerts), "concert samedi", request_id=request_id)
    again = await turn(an_assistant(two_concerts), "concert samedi", request_id=request_id)
    assert end_of(again).turn_id == end_of(first).turn_id
    assert (text_of(again), shown(again)) == (text_of(first), shown(first))
    _, turns = await Conversations(two_concerts).conversation(
        ANNA.id, end_of(first).conversation_id
    )
    assert len(turns) == 1


async def test_two_at_once_with_one_request_id_hear_the_same_turn(two_concerts: Database) -> None:
    request_id = uuid4()
    assistant = an_assistant(two_concerts)
    one, other = await asyncio.gather(
        turn(assistant, "concert samedi", request_id=request_id),
        turn(assistant, "concert samedi", request_id=request_id),
    )
    assert text_of(one) == text_of(other) != ""


async def test_who_leaves_finds_the_turn_again(two_concerts: Database) -> None:
    """A train enters a tunnel."""
    assistant = an_assistant(two_concerts)
    request = TurnRequest(text="concert samedi à Lyon", request_id=uuid4())
    async for event in assistant.converse(ANNA, request):
        assert isinstance(event, WishRead)
        break
    again = [event async for event in assistant.converse(ANNA, request)]
    assert "jazz manouche" in text_of(again)


async def test_another_visitor_has_no_such_conversation(two_concerts: Database) -> None:
    first = await turn(an_assistant(two_concerts), "concert samedi")
    with pytest.raises(NotFoundError):
        await turn(
            an_assistant(two_concerts),
            "et dimanche ?",
            conversation_id=end_of(first).conversation_id,
            visitor=BRUNO,
        )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("merci !", Turn.THANKS),
        ("quel temps demain ?", Turn.OUT_OF_SCOPE),
        ("réserve-moi deux places", Turn.CANNOT),
    ],
)
async def test_a_message_that_asks_for_no_event_gets_a_sentence(
    two_concerts: Database, text: str, kind: Turn
) -> None:
    events = await turn(an_assistant(two_concerts), text)
    read = events[0]
    assert isinstance(read, WishRead)
    assert (read.understood.turn, shown(events)) == (kind, [])
    assert text_of(events)


async def test_a_model_writes_and_its_inventions_do_not_reach_the_visitor(
    two_concerts: Database,
) -> None:
    """A model's words are input."""
    model = Saying(
        "Samedi, le concert de jazz manouche [1] commence à 3 h du matin. ",
        "Il y a aussi un gala inventé à Marseille.",
    )
    events = await turn(an_assistant(two_concerts, model), "concert samedi à Lyon")
    end = end_of(events)
    assert end.writer == "test:model"
    assert end.usage is not None
    assert "3 h" not in text_of(events)
    assert "Marseille" not in text_of(events)
    assert end.checking.dropped + end.checking.rewritten > 0


@pytest.mark.parametrize("said", [(), ("",)])
async def test_without_a_model_that_answers_the_composer_writes(
    two_concerts: Database, said: tuple[str, ...]
) -> None:
    refusal = ModelUnavailableError(Unavailable.ALL_FAILED, {"test:model": Fault.UNREACHABLE})
    events = await turn(
        an_assistant(two_concerts, Saying(*said, fails_with=refusal)), "concert samedi à Lyon"
    )
    assert end_of(events).writer == "composer"
    assert "jazz manouche" in text_of(events)


async def test_a_model_that_stops_midway_leaves_what_is_true(two_concerts: Database) -> None:
    cut = ModelInterruptedError("test:model", Fault.STALLED)
    model = Saying("Samedi soir, le concert de jazz manouche [1] vous attend. Et ", fails_with=cut)
    events = await turn(an_assistant(two_concerts, model), "concert samedi à Lyon")
    assert end_of(events).writer == "test:model"
    assert "jazz manouche" in text_of(events)


async def test_a_whole_day_is_told_as_an_outing(two_concerts: Database) -> None:
    """« Une journée » names no kind of event and yet wants a plan: the answer must tell the plan that is shown."""
    morning = occurrence(SATURDAY_EVENING.replace(hour=10, minute=0))
    afternoon = occurrence(SATURDAY_EVENING.replace(hour=15, minute=0))
    await save(
        two_concerts,
        [
            an_event("visite", title="Visite des traboules", occurrences=(morning,)),
            an_event("expo", title="Exposition de soieries", occurrences=(afternoon,)),
        ],
    )
    events = await turn(an_assistant(two_concerts), "une journée à Lyon samedi")
    plans = [plan for event in events if isinstance(event, EventsFound) for plan in event.plans]
    assert plans
    told = text_of(events)
    first_title, last_title = (plans[0].steps[at].found.event.title for at in (0, -1))
    assert first_title in told
    assert "Ensuite" in told
    assert told.index(first_title) < told.index("Ensuite") < told.index(last_title)


class Hanging(Saying):
    """A model that never says anything."""

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del prompt, purpose, visitor_id
        await asyncio.sleep(60)
        yield "never"


async def test_a_turn_that_takes_too_long_ends_with_a_sentence(two_concerts: Database) -> None:
    assistant = an_assistant(two_concerts, Hanging(), time_limit_seconds=2.0)
    await assistant.warm_up()
    events = await turn(assistant, "concert samedi à Lyon")
    end = events[-1]
    assert isinstance(end, Failed)
    assert end.notice.code == "too_slow"
    assert shown(events) == ["jazz"]


async def test_a_visitor_stops_an_answer_and_what_was_said_is_kept(two_concerts: Database) -> None:
    assistant = an_assistant(two_concerts, Hanging())
    request = TurnRequest(text="concert samedi à Lyon", request_id=uuid4())
    events: list[TurnEvent] = []
    async for event in assistant.converse(ANNA, request):
        events.append(event)
        if isinstance(event, EventsFound):
            read = events[0]
            assert isinstance(read, WishRead)
            await assistant.stop(BRUNO.id, read.turn_id)
            await asyncio.sleep(0)
            assert not any(isinstance(each, Failed) for each in events)
            await assistant.stop(ANNA.id, read.turn_id)
    end = events[-1]
    assert isinstance(end, Failed)
    assert end.notice.code == "stopped"
    await assistant.close()


async def test_a_database_that_goes_away_midway_is_a_sentence(
    two_concerts: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost: the message was kept before anything else was done."""

    async def gone(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError("PostgreSQL does not answer: gone.")

    monkeypatch.setattr(EventSearch, "find", gone)
    events = await turn(an_assistant(two_concerts), "concert samedi à Lyon")
    end = events[-1]
    assert isinstance(end, Failed)
    assert end.notice.code == "database_unavailable"
