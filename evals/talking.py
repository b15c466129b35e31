"""Puls over the sample catalogue, talked to at a frozen moment and overheard: what a model said beside what was read.

The whole Assistant runs, on a database thrown away afterwards. Only the limits are patient: a model on two cores takes
half a minute to read five cards. Enter at `on_the_sample` and `talking`.
"""

import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from psycopg.rows import dict_row

from puls.bootstrap import Puls, assistant_of, gateway_of, open_puls
from puls.catalogue.event import Event
from puls.conversation.assistant import Assistant
from puls.conversation.turn import (
    Checking,
    EventsFound,
    Failed,
    Finished,
    Said,
    TextWritten,
    TurnRequest,
    Usage,
    WishRead,
)
from puls.conversation.variants import Models
from puls.geo.distance import Coordinates
from puls.identity.visitor import Visitor
from puls.ingestion.sample.source import SampleSource
from puls.llm.chat import ModelUsage, Prompt
from puls.retrieval.ranking import FoundEvent
from puls.settings import Settings
from puls.understanding.given import Given

PARIS = ZoneInfo("Europe/Paris")
MOMENT = datetime(2026, 11, 20, 17, 30, tzinfo=PARIS)  # a Friday
PATIENT: dict[str, Any] = {
    "model_first_token_seconds": 300,
    "model_between_tokens_seconds": 120,
    "model_total_seconds": 600,
}
_TURN_SECONDS = 620.0
_KEPT = "kept:model"
_PIECE = 5  # characters

Client = Literal["openai", "mistral"]
Writer = Literal["model", "composer"]


@dataclass(slots=True)
class Overheard:
    """The models of a turn, with the prompts and all that was said. `kept`: said instead, from an earlier run."""

    models_behind: Models
    prompts: list[Prompt] = field(default_factory=list)
    said: str = ""
    kept: str = ""

    @property
    def models(self) -> tuple[str, ...]:
        return (*self.models_behind.models, *((_KEPT,) if self.kept else ()))

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        self.prompts.append(prompt)
        self.said = self.kept
        if self.kept:
            for at in range(0, len(self.kept), _PIECE):
                yield self.kept[at : at + _PIECE]
            yield ModelUsage(model=_KEPT)
            return
        pieces: Any = self.models_behind.stream(prompt, purpose=purpose, visitor_id=visitor_id)
        async with contextlib.aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, str):
                    self.said += piece
                yield piece


class Nobody:
    """No model: the composer writes."""

    models: tuple[str, ...] = ()

    def stream(self, *_: Any, **__: Any) -> AsyncIterator[str | ModelUsage]:
        raise AssertionError("nobody is asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn: `model_said` is None when no model was asked; `answer` is what the visitor read, `rest` beside it."""

    text: str
    model_said: str | None
    answer: str
    rest: tuple[str, ...]
    ours: tuple[str, ...]
    events: tuple[FoundEvent, ...]
    counted: frozenset[tuple[str, float]]
    writer: str
    checking: Checking
    usage: Usage | None
    seconds: float
    first_text_seconds: float | None
    conversation_id: UUID
    failure: str | None = None


@dataclass(slots=True)
class Talk:
    """Two assistants over the same tables: one with the model, one without."""

    puls: Puls
    overheard: Overheard
    with_model: Assistant
    with_composer: Assistant
    in_catalogue: tuple[Event, ...] = ()  # beside the sample, of the attack before

    async def ask(
        self,
        text: str,
        *,
        visitor: Visitor,
        conversation_id: UUID | None = None,
        position: Coordinates | None = None,
        limit: int | None = None,
        by: Writer = "model",
        kept: str = "",
    ) -> Told:
        """One message and the whole answer; the model's words are the `kept` ones of an earlier run, if any."""
        self.overheard.said, self.overheard.kept = "", kept
        asked_before = len(self.overheard.prompts)
        request = TurnRequest(
            text=text,
            request_id=uuid4(),
            conversation_id=conversation_id,
            given=Given(position=position),
            position=position,
            limit=limit,
        )
        assistant = self.with_model if by == "model" else self.with_composer
        began = time.perf_counter()
        events = [event async for event in assistant.converse(visitor, request)]
        seconds = time.perf_counter() - began
        end = events[-1]
        assert isinstance(end, Finished | Failed)
        found = [event for event in events if isinstance(event, EventsFound)]
        read = [event for event in events if isinstance(event, WishRead)]
        chips = [
            word for one in read for chip in one.understood.chips for word in (chip.fr, chip.en)
        ]
        notices = [event.notice for event in events if isinstance(event, Said)]
        offers = [
            word
            for one in found
            for offer in one.answer.relaxations
            for word in (offer.relaxation.fr, offer.relaxation.en)
        ]
        was_asked = len(self.overheard.prompts) > asked_before
        milliseconds = end.milliseconds if isinstance(end, Finished) else {}
        first = milliseconds.get("first_text")
        return Told(
            text=text,
            model_said=self.overheard.said if was_asked else None,
            answer="".join(event.text for event in events if isinstance(event, TextWritten)),
            rest=tuple(word for notice in notices for word in (notice.fr, notice.en)),
            ours=(*chips, *offers),
            events=tuple(one for each in found for one in each.events),
            counted=frozenset(figure for each in found for figure in _counted(each)),
            writer=end.writer if isinstance(end, Finished) else "none",
            checking=end.checking if isinstance(end, Finished) else Checking(),
            usage=end.usage if isinstance(end, Finished) else None,
            seconds=seconds,
            first_text_seconds=None if first is None else first / 1000,
            conversation_id=end.conversation_id,
            failure=end.notice.code if isinstance(end, Failed) else None,
        )


def _counted(found: EventsFound) -> Iterator[tuple[str, float]]:
    """The figures of the turn itself: how many fit, and of each outing its stops, legs and sums."""
    yield "number", found.answer.found.fitting
    for relaxation in found.answer.relaxations:
        yield "number", relaxation.count
    people = found.answer.understood.wish.party_size or 1
    for plan in found.plans:
        if plan.price_per_person is not None:
            yield from (("price", plan.price_per_person), ("price", plan.price_per_person * people))
        for step in plan.steps:
            for moment in (step.arrives_at, step.leaves_at):
                there = moment.astimezone(PARIS)
                yield "hour", there.hour * 60 + there.minute
            if step.km_from_previous is not None:
                yield "km", step.km_from_previous
            if step.minutes_from_previous is not None:
                yield "minutes", step.minutes_from_previous


@contextlib.asynccontextmanager
async def on_the_sample(**settings: Any) -> AsyncIterator[Puls]:
    """Puls over the sample catalogue of `MOMENT`, with its vectors, in a database of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 # the embedded server runs as a user of its own when we are root
        home = Path(folder) / "home"
        values = {"log_level": "ERROR", "models": "composer"} | settings
        async with open_puls(Settings(home=home, database_url=None, **values)) as puls:
            await puls.ingestion.run(SampleSource(today=MOMENT.date()), now=MOMENT)
            await puls.catalogue.count_words()
            await puls.index.build(now=lambda: datetime.now(UTC))
            yield puls


@contextlib.asynccontextmanager
async def talking(
    puls: Puls, *, base_url: str | None, client: Client, model: str = "local", key: str = ""
) -> AsyncIterator[Talk]:
    """A conversation with the model at `base_url` through one client class; without it, with kept words or the composer."""
    chain = f"{client}:{model}@{base_url}" if base_url else "composer"
    values: dict[str, Any] = PATIENT | ({f"{client}_api_key": key} if key else {})
    settings = Settings(home=puls.settings.home, database_url=None, models=chain, **values)
    async with gateway_of(settings, puls.database) as gateway:
        overheard = Overheard(gateway)
        with_model, with_composer = (
            assistant_of(
                puls.database,
                puls.search,
                puls.gazetteer,
                puls.people,
                models=models,
                beyond=puls.beyond,
                clock=lambda: MOMENT,
                time_limit_seconds=_TURN_SECONDS,
                keeps_answers=False,
            )
            for models in (overheard, Nobody())
        )
        yield Talk(puls, overheard, with_model, with_composer)


async def rows_of(puls: Puls) -> dict[str, dict[str, Any]]:
    """Every event as the tables hold it, by uid: what an answer is compared with."""
    async with (
        puls.database.transaction() as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        await cursor.execute(
            """
            SELECT event.uid, event.title, event.description, event.details, event.keywords, event.status, event.age_min,
                   event.age_max, event.price_kind, event.price_lowest, event.price_highest, event.price_conditions,
                   event.registration, event.online_url, event.url, event.agenda_title, event.timezone,
                   venue.name AS venue, venue.address, venue.district, venue.postcode, venue.city,
                   (SELECT array_agg(ARRAY[starts_at, ends_at] ORDER BY starts_at)
                    FROM occurrence WHERE event_id = event.id) AS times
            FROM event LEFT JOIN venue ON venue.id = event.venue_id
            """
        )
        rows: Sequence[Any] = await cursor.fetchall()
    return {row["uid"]: dict(row) for row in rows}
