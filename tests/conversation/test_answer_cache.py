"""Answers told again: what they save, when they are not true any more, and that nothing of anybody is in them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.conversation.test_assistant import (
    ANNA,
    BRUNO,
    GAZETTEER,
    Saying,
    end_of,
    shown,
    text_of,
    turn,
)
from tests.embedders import WordHashEmbedder
from tests.scanning import traces
from tests.serving import NOW, SATURDAY_EVENING, an_event, occurrence, save

from puls.bootstrap import answer_cache_of
from puls.catalogue.event import Price, PriceKind, Status
from puls.conversation.assistant import Assistant
from puls.conversation.keeping.memory import Conversations
from puls.conversation.keeping.personal_data import PersonalData
from puls.conversation.preferences.store import Preferences
from puls.conversation.steps import Steps
from puls.conversation.turn import Sentence
from puls.conversation.writing.answer_cache import AnswerCache, KeptAnswer
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.errors import DatabaseUnavailableError
from puls.llm.chat import Fault, ModelUsage, Prompt
from puls.llm.gateway import ModelInterruptedError
from puls.retrieval.asking import Asking
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary

pytestmark = pytest.mark.database

QUESTION = "concert samedi à Lyon"
ANSWER = (
    "Samedi 28 novembre à 20 h 30, le concert de jazz manouche [1] vous attend au Transbordeur. ",
    "Comptez à partir de 8 €. ",
    "Bonne soirée !",
)


class Echoing(Saying):
    """A model that repeats all it was told, as a careless one does."""

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del purpose, visitor_id
        self.prompts.append(prompt)
        yield "Le concert de jazz manouche [1] vous attend. "
        question = prompt.messages[-1].text.rpartition("<<<")[2]
        yield f"Vous disiez : {question}"
        yield ModelUsage(model="test:model")


@pytest.fixture
async def concert(database: Database) -> Database:
    await save(database, [an_event("jazz")])
    return database


def assistant_of(database: Database, model: Saying, *, now: datetime = NOW) -> Assistant:
    search = EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )
    return Assistant(
        steps=Steps(
            asking=Asking(search=search, database=database, gazetteer=GAZETTEER),
            models=model,
            cache=answer_cache_of(database),
        ),
        search=search,
        conversations=Conversations(database),
        preferences=Preferences(database),
        gazetteer=GAZETTEER,
        clock=lambda: now,
    )


async def ledger_rows(database: Database) -> list[tuple[str, float, int]]:
    rows = await database.fetch_all(
        b"SELECT outcome, cost_eur::float8 AS cost, tokens_in FROM model_call ORDER BY id"
    )
    return [(row["outcome"], row["cost"], row["tokens_in"]) for row in rows]


async def kept_rows(database: Database) -> int:
    row = await database.fetch_one(b"SELECT count(*) AS rows FROM shared_answer")
    assert row is not None
    return int(row["rows"])


@pytest.mark.parametrize("again", [QUESTION, "Samedi, un concert à Lyon ?"])
async def test_the_next_who_asks_the_same_costs_nothing(concert: Database, again: str) -> None:
    """Popular questions are most questions; other words for the same wish are the same question."""
    model = Saying(*ANSWER)
    first = await turn(assistant_of(concert, model), QUESTION)
    second = await turn(assistant_of(concert, model), again, visitor=BRUNO)
    assert len(model.prompts) == 1
    assert text_of(second) == text_of(first) != ""
    assert shown(second) == ["jazz"]
    end = end_of(second)
    assert end.writer == "test:model"
    assert end.usage is not None
    assert (end.usage.cost_eur, end.usage.tokens_in, end.usage.tokens_out) == (0.0, 0, 0)
    assert end.checking.claims == end.checking.grounded_claims > 0
    assert await ledger_rows(concert) == [("cached", 0.0, 0)]


async def changed_price(database: Database) -> None:
    dearer = an_event("jazz", price=Price(kind=PriceKind.PAID, lowest=20, highest=30))
    await save(database, [dearer])


async def full(database: Database) -> None:
    await save(database, [an_event("jazz", status=Status.FULL)])


async def cancelled(database: Database) -> None:
    await save(database, [an_event("jazz", status=Status.CANCELLED)])


async def another_event(database: Database) -> None:
    later = occurrence(SATURDAY_EVENING + timedelta(hours=1))
    await save(database, [an_event("rock", title="Concert de rock", occurrences=(later,))])


@pytest.mark.parametrize("change", [changed_price, full, cancelled, another_event])
async def test_what_changed_since_is_not_told_from_memory(
    concert: Database, change: object
) -> None:
    """Yesterday's price, or a concert that was called off, would cost a visitor their evening."""
    assert callable(change)
    model = Saying(*ANSWER)
    await turn(assistant_of(concert, model), QUESTION)
    await change(concert)
    asked_before = len(model.prompts)
    events = await turn(assistant_of(concert, model), QUESTION, visitor=BRUNO)
    assert len(model.prompts) > asked_before or end_of(events).writer == "composer"
    if change is cancelled:
        assert shown(events) == []
    if change is changed_price:
        assert "8 €" not in text_of(events)


@pytest.mark.parametrize(
    "change",
    [
        b"UPDATE shared_answer SET sentences = replace(sentences::text, '20 h 30', '19 h 30')::jsonb",
        b"UPDATE shared_answer SET sentences = replace(sentences::text, 'openagenda.com', 'evil.example')::jsonb",
    ],
)
async def test_a_kept_answer_passes_the_same_check(concert: Database, change: bytes) -> None:
    """Whatever got into the table, what the record does not bear out reaches nobody."""
    model = Saying(*ANSWER)
    first = await turn(assistant_of(concert, model), QUESTION)
    async with concert.transaction() as connection:
        assert (await connection.execute(change)).rowcount == 1
    events = await turn(assistant_of(concert, model), QUESTION, visitor=BRUNO)
    assert len(model.prompts) == 2
    assert text_of(events) == text_of(first)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(NOW + timedelta(hours=7), id="the next day"),
        pytest.param(NOW + timedelta(days=1, hours=2), id="a day later"),
    ],
)
async def test_another_day_is_another_question(database: Database, later: datetime) -> None:
    """« samedi » said on Saturday evening is the next one; what was told of the first must not be told of it."""
    weekly = (occurrence(SATURDAY_EVENING), occurrence(SATURDAY_EVENING + timedelta(days=7)))
    await save(database, [an_event("jazz", occurrences=weekly)])
    model = Saying(*ANSWER)
    await turn(assistant_of(database, model), QUESTION)
    again = await turn(assistant_of(database, model, now=later), QUESTION, visitor=BRUNO)
    assert shown(again) == ["jazz"]
    assert len(model.prompts) == 2


async def test_tonight_is_one_question_all_evening(database: Database) -> None:
    """The interval of « ce soir » begins now; a key that moved with it would never be met again."""
    tonight = occurrence(NOW.replace(hour=22))
    await save(database, [an_event("jazz", occurrences=(tonight,))])
    model = Saying("Le concert de jazz manouche [1] commence à 22 h ce soir.")
    for minutes in (5, 20):
        later = NOW + timedelta(minutes=minutes)
        await turn(assistant_of(database, model, now=later), "concert ce soir à Lyon")
    assert len(model.prompts) == 1


async def test_another_language_chain_or_index_is_another_key(concert: Database) -> None:
    model, other = Saying(*ANSWER), Saying(*ANSWER)
    other.models = ("test:model", "test:second")
    await turn(assistant_of(concert, model), QUESTION)
    await turn(assistant_of(concert, other), QUESTION)
    await turn(assistant_of(concert, model), "concert on Saturday in Lyon")
    assert (len(model.prompts), len(other.prompts)) == (2, 1)


PERSONAL = (
    "Bonjour, je m'appelle Marie Zyskowicz, je cherche un concert samedi à Lyon",
    "Mon fils Zyskowicz joue du violon, y a-t-il un concert samedi à Lyon ?",
    "concert samedi à Lyon avec Zyskowicz",
    "concert samedi à Lyon, écrivez-moi à zyskowicz@example.org",
    "concert samedi à Lyon, appelez le 06 12 34 56 78",
    "concert samedi à Lyon pour ma fille de 6 ans",
    "concert accessible en fauteuil samedi à Lyon",
    "concert samedi à moins de 10 km de Lyon",
    "concert samedi à Lyon sauf Zyskowicz",
)


@pytest.mark.parametrize("text", PERSONAL)
async def test_what_tells_of_the_visitor_is_never_kept(concert: Database, text: str) -> None:
    await turn(assistant_of(concert, Echoing()), text)
    assert await kept_rows(concert) == 0


async def test_preferences_are_never_kept(concert: Database) -> None:
    model, preferences = Saying(*ANSWER), Preferences(concert)
    await preferences.agree(ANNA, "preferences", now=NOW)
    await turn(assistant_of(concert, model), "j'habite à Lyon")
    kept_before = await kept_rows(concert)
    await turn(assistant_of(concert, model), "concert samedi")
    assert await kept_rows(concert) == kept_before == 0


async def test_a_follow_up_is_answered_for_its_own_conversation(concert: Database) -> None:
    model = Saying(*ANSWER)
    first = await turn(assistant_of(concert, model), "concert à Lyon")
    kept = await kept_rows(concert)
    conversation = end_of(first).conversation_id
    for text in ("plutôt samedi", "concert samedi à Lyon"):
        await turn(assistant_of(concert, model), text, conversation_id=conversation)
    assert (len(model.prompts), await kept_rows(concert)) == (3, kept)


async def test_erasing_a_visitor_leaves_nothing_of_theirs(
    concert: Database, database_url: str
) -> None:
    """The kept answer stays, and it is nobody's."""
    for text in (QUESTION, *PERSONAL):
        await turn(assistant_of(concert, Echoing()), text)
    assert await kept_rows(concert) == 1
    assert await PersonalData(concert).erase(ANNA.id)
    needles = [str(ANNA.id), ANNA.id.hex, "Zyskowicz", "06 12 34", "ma fille", "fauteuil"]
    assert traces(database_url, needles) == []


async def test_an_answer_that_was_cut_short_is_not_kept(concert: Database) -> None:
    cut = ModelInterruptedError("test:model", Fault.STALLED)
    await turn(assistant_of(concert, Saying(*ANSWER, fails_with=cut)), QUESTION)
    assert await kept_rows(concert) == 0


async def test_without_the_table_a_model_writes(
    concert: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache may make an answer cheaper, never impossible."""
    fetch_one = Database.fetch_one

    async def gone(self: Database, query: bytes, **values: object) -> object:
        if b"shared_answer" in query:
            raise DatabaseUnavailableError("gone")
        return await fetch_one(self, query, **values)

    monkeypatch.setattr(Database, "fetch_one", gone)
    events = await turn(assistant_of(concert, Saying(*ANSWER)), QUESTION)
    assert "jazz manouche" in text_of(events)


async def test_the_table_is_bounded_in_number_and_age(database: Database) -> None:
    cache = AnswerCache(database, ledger=UsageLedger(database), most_rows=10)
    answer = KeptAnswer(writer="test:model", sentences=(Sentence(text="Bonjour.", uids=("1",)),))
    for number in range(15):
        await cache.keep(bytes([number]) * 32, answer, now=NOW + timedelta(minutes=number))
    assert await kept_rows(database) == 10
    assert await cache.kept(bytes([14]) * 32, now=NOW + timedelta(hours=1)) == answer
    assert await cache.kept(bytes([4]) * 32, now=NOW + timedelta(hours=1)) is None
    tomorrow = NOW + timedelta(days=1, minutes=30)
    assert await cache.kept(bytes([14]) * 32, now=tomorrow) is None
    assert await cache.forget_old(now=tomorrow) == 10
    replaced = replace(answer, writer="test:other")
    await cache.keep(b"k" * 32, answer, now=NOW)
    await cache.keep(b"k" * 32, replaced, now=NOW)
    assert await cache.kept(b"k" * 32, now=NOW) == replaced
