"""One turn from a message to its last word: begun in the tables, run, sent as it comes, finished in the tables.

A turn runs on its own: whoever listens may leave, and find it again by its request id or in the conversation. The same
request id is one turn, on every replica. Enter at `Assistant.converse`.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from puls.conversation.figures import figures_of
from puls.conversation.keeping.leases import BEAT_SECONDS
from puls.conversation.keeping.memory import Conversations, Outcome
from puls.conversation.keeping.stored_turn import StoredTurn
from puls.conversation.pacing import Pacing, Place
from puls.conversation.preferences.reading import read_preferences
from puls.conversation.preferences.store import Preferences
from puls.conversation.seen import seen_of
from puls.conversation.steps import Steps
from puls.conversation.turn import (
    Checking,
    EventsFound,
    Failed,
    Finished,
    Said,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.conversation.turn_state import Send, TurnState
from puls.conversation.variants import USUAL, Trial, Variant
from puls.errors import DatabaseUnavailableError, InvalidInputError, PulsError
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.monitoring import TurnOutcome, log, observe_turn, span
from puls.retrieval.asking import Answer
from puls.retrieval.search import EventSearch, Found
from puls.understanding.notices import Notice
from puls.understanding.question import Understood, understand
from puls.understanding.turns import Standing, Turn
from puls.understanding.where.reach import seen_from
from puls.understanding.wish import Wish

_STORING_TRIES = 6  # over some six seconds: as long as PostgreSQL takes to restart
_TOLD_AFTER_SECONDS = (
    1.0  # of waiting for another process; then the stream begins, and the wait may be long
)
_STORED_WITHIN_SECONDS = 1.0
_EARLIER_READ = 20  # messages, some milliseconds each
_STOPPED = "stopped"


@dataclass(slots=True)
class _Running:
    """A turn under way and all that it has sent, for whoever listens from whenever."""

    visitor_id: UUID
    turn_id: UUID
    conversation_id: UUID
    sent: list[TurnEvent] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None
    place: Place | None = None

    def send(self, event: TurnEvent) -> None:
        self.sent.append(event)
        self.more.set()
        self.more = asyncio.Event()

    async def events(self) -> AsyncIterator[TurnEvent]:
        """From the first event to the last one, however late one begins to listen and however slowly one reads."""
        read = 0
        while True:
            while read < len(self.sent):
                event = self.sent[read]
                read += 1
                yield event
                if isinstance(event, Finished | Failed):
                    return
            await self.more.wait()


class Assistant:
    """Answers messages; one per process."""

    def __init__(
        self,
        *,
        steps: Steps,
        search: EventSearch,
        conversations: Conversations,
        clock: Callable[[], datetime],
        preferences: Preferences,
        gazetteer: Gazetteer,
        time_limit_seconds: float = 40.0,
        trial: Trial | None = None,
        usual: Variant = USUAL,
    ) -> None:
        """`trial`: the experiment under way, if any; `usual`: how everybody else is answered."""
        self._trial, self._usual = trial, usual
        self._steps = steps
        self._run_turn: Callable[[TurnState], Awaitable[None]] | None = None
        self._search = search
        self._conversations = conversations
        self._clock = clock
        self._preferences = preferences
        self._gazetteer = gazetteer
        self._time_limit_seconds = time_limit_seconds
        self._running: dict[UUID, _Running] = {}
        self.pacing = Pacing()
        self._beating: asyncio.Task[None] | None = None
        self._beginning: WeakValueDictionary[tuple[UUID, UUID], asyncio.Lock] = (
            WeakValueDictionary()
        )

    async def warm_up(self) -> None:
        """Load what the first turn would wait for."""
        await self._turn_runner()

    async def _turn_runner(self) -> Callable[[TurnState], Awaitable[None]]:
        """The graph, loaded when first needed: LangGraph takes two seconds that a search need not pay."""
        if self._run_turn is None:
            self._run_turn = await asyncio.to_thread(_graph_of, self._steps)
        return self._run_turn

    async def converse(
        self, visitor: Visitor, request: TurnRequest, *, place: Place | None = None
    ) -> AsyncIterator[TurnEvent]:
        """Everything that the turn of this request sends, from its beginning. To leave early, just leave.

        `place`: the one that `pacing` admitted; without it the turn waits for one.

        Raises:
            NotFoundError: the visitor has no such conversation.
            DatabaseUnavailableError: nothing could be begun.
        """
        if not request.is_kept:
            await self._conversations.meet(
                visitor, now=self._clock()
            )  # its calls count for its quota
            running = self._start(visitor, request, uuid4(), uuid4(), place)
            async for event in running.events():
                yield event
            return
        waits_until = asyncio.get_running_loop().time() + self._time_limit_seconds
        is_told = False
        while True:
            turn, here = await self._begun(visitor, request, place)
            if place is not None and not place.is_handed_over:
                place.give_back()  # nothing is begun for this request
            if here is not None:
                async for event in here.events():
                    yield event
                return
            turn = await self._conversations.ended(
                visitor.id, turn.id, patience_seconds=_TOLD_AFTER_SECONDS
            )
            is_over = asyncio.get_running_loop().time() > waits_until
            if turn.state != "begun" or is_over:
                async for event in self._told_again(turn, request.position):
                    yield event
                return
            if not is_told:
                is_told = True
                yield Said(notice=_UNDER_WAY)

    async def _begun(
        self, visitor: Visitor, request: TurnRequest, place: Place | None
    ) -> tuple[StoredTurn, _Running | None]:
        """The turn of a request, and who tells it here: begun now, or running already; None: another process answers it."""
        key = (visitor.id, request.request_id)
        one_by_one = self._beginning.setdefault(key, asyncio.Lock())
        async with one_by_one:  # the second of two must see that the first runs
            begun = await self._conversations.begin(
                visitor,
                request,
                now=self._clock(),
                running=tuple(self._running),
                variant=self._variant(visitor, request),
            )
            turn = begun.turn
            if begun.is_new:
                return turn, self._start(visitor, request, turn.id, turn.conversation_id, place)
            return turn, self._running.get(turn.id)

    def _variant(self, visitor: Visitor, request: TurnRequest) -> Variant:
        return self._trial.of(visitor, request, usual=self._usual) if self._trial else self._usual

    async def stop(self, visitor_id: UUID, turn_id: UUID) -> None:
        """Stop a turn of this visitor, whichever process answers it; what was written so far is kept."""
        running = self._running.get(turn_id)
        if running is None:
            await self._conversations.stop(visitor_id, turn_id, failure=_STOPPED, now=self._clock())
        elif running.visitor_id == visitor_id and running.task is not None:
            running.task.cancel(_STOPPED)

    async def _stay_alive(self) -> None:
        """While turns run: this process is there, and stops what others were asked to stop."""
        while self._running:
            try:
                for turn_id in await self._conversations.leases.prolong():
                    running = self._running.get(turn_id)
                    if running is not None and running.task is not None:
                        running.task.cancel(_STOPPED)
            except DatabaseUnavailableError:
                pass  # told by whoever needs it; the next beat may pass
            await asyncio.sleep(BEAT_SECONDS)

    async def close(self) -> None:
        """Let what runs end, for a moment, then stop it; each is kept as far as it got."""
        tasks = [running.task for running in self._running.values() if running.task]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=5.0)
            for task in late:
                task.cancel(_STOPPED)
            await asyncio.gather(*late, return_exceptions=True)
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        await self._conversations.leases.end()

    def _start(
        self,
        visitor: Visitor,
        request: TurnRequest,
        turn_id: UUID,
        conversation_id: UUID,
        place: Place | None,
    ) -> _Running:
        running = _Running(visitor.id, turn_id, conversation_id)
        running.place = place.hand_over() if place else None
        self._running[turn_id] = running
        running.task = asyncio.create_task(self._run(running, visitor, request))
        if request.is_kept and (self._beating is None or self._beating.done()):
            self._beating = asyncio.create_task(self._stay_alive())
        return running

    async def _run(self, running: _Running, visitor: Visitor, request: TurnRequest) -> None:
        """The whole turn; whatever happens, one last event is sent and the turn is closed in the tables."""
        now = self._clock()
        state = TurnState(
            turn_id=running.turn_id,
            conversation_id=running.conversation_id,
            visitor_id=visitor.id,
            request=request,
            now=now,
            send=running.send,
            give_way=self.pacing.give_way,
            variant=self._variant(visitor, request),
        )
        failure: Notice | None = None
        try:
            async with asyncio.timeout(self._time_limit_seconds):
                async with self.pacing.beginning(running.place) as place:
                    state.send = _until_events(place, running.send)
                    with span("turn"):
                        await self._remember(state)
                        await (await self._turn_runner())(state)
        except TimeoutError:
            failure = _TOO_SLOW
        except asyncio.CancelledError:
            failure = _STOPPED_BY_VISITOR
        except InvalidInputError as error:
            failure = Notice(code=error.code, fr=str(error), en=str(error))
        except DatabaseUnavailableError:
            failure = _DATABASE
        except PulsError as error:
            failure = Notice(code=error.code, fr=_WENT_WRONG.fr, en=_WENT_WRONG.en)
            log.warning("turn.failed", code=error.code, why=str(error))
        except Exception:  # noqa: BLE001 # the edge of the task: told without internals, logged
            log.exception("turn.failed")
            failure = _WENT_WRONG
        try:
            await self._close(running, state, failure)
        finally:
            self._running.pop(running.turn_id, None)

    async def _remember(self, state: TurnState) -> None:
        """What was said before, what the visitor agreed to have remembered, and what they say of themselves now."""
        visitor_id, request = state.visitor_id, state.request
        if not request.is_kept:
            state.previous = await asyncio.to_thread(self._read_before, request, state.now)
            has_wish = state.previous is not None and state.previous.carried is not None
            state.standing = Standing(has_wish=has_wish, has_shown=has_wish)
            return
        state.recalled = await self._conversations.recall(visitor_id, state.conversation_id)
        state.previous = state.recalled.understood(position=request.position)
        state.standing, state.offers = state.recalled.standing, state.recalled.offers
        carried = state.recalled.carried
        statements = read_preferences(
            request.text,
            gazetteer=self._gazetteer,
            previous=carried.where if carried else None,
            is_follow_up=carried is not None,
        )
        if statements:
            remembered = await self._preferences.remember(
                visitor_id, statements, now=state.now, source_turn=state.turn_id
            )
            state.said_of_preferences = remembered.notices
            state.asks_consent = tuple(sorted(remembered.asks))
        profile = await self._preferences.profile(visitor_id, now=state.now)
        state.preferences = profile.preferences

    def _read_before(self, request: TurnRequest, now: datetime) -> Understood | None:
        """What the earlier messages came to, read again."""
        previous = None
        for text in request.earlier[-_EARLIER_READ:]:
            previous = understand(
                text,
                now=now,
                gazetteer=self._gazetteer,
                position=request.position,
                previous=previous,
                timezone=request.timezone,
            )
        return previous

    async def _close(self, running: _Running, state: TurnState, failure: Notice | None) -> None:
        state.mark("total")
        checking = state.check.checking if state.check else Checking()
        storing = asyncio.create_task(self._store(running, state, checking, failure))
        # The next message may come at once and must find this turn; a database that is away keeps nobody waiting.
        await asyncio.wait([storing], timeout=_STORED_WITHIN_SECONDS)
        ids = {"turn_id": running.turn_id, "conversation_id": running.conversation_id}
        self._observe(state, failure)
        if failure is None:
            running.send(
                Finished(
                    **ids,
                    writer=state.writer,
                    milliseconds=dict(state.milliseconds),
                    checking=checking,
                    usage=state.usage,
                    asks_consent=state.asks_consent,
                )
            )
        else:
            running.send(Failed(**ids, notice=failure))
        log.info(
            "turn.finished",
            kind=state.understood.turn if state.understood else None,
            writer=state.writer,
            failure=failure.code if failure else None,
            dropped=checking.dropped,
            web_seconds=_seconds_on_the_web(state),
            **state.milliseconds,
        )
        await asyncio.shield(storing)

    def _observe(self, state: TurnState, failure: Notice | None) -> None:
        code = failure.code if failure else ""
        observe_turn(
            figures_of(state, outcome=_outcome_by(code), failure=code, gazetteer=self._gazetteer)
        )

    async def _store(
        self, running: _Running, state: TurnState, checking: Checking, failure: Notice | None
    ) -> None:
        """Keep what the turn came to, also when PostgreSQL is restarting just now."""
        if not state.request.is_kept:
            return
        visitor_id, turn_id = running.visitor_id, running.turn_id
        text = "".join((*state.before, *state.text, *state.after))
        for attempt in range(_STORING_TRIES):
            try:
                if failure is not None or state.understood is None:
                    code = failure.code if failure else _WENT_WRONG.code
                    await self._conversations.fail(
                        visitor_id, turn_id, failure=code, answer=text, now=self._clock()
                    )
                else:
                    await self._conversations.finish(
                        visitor_id,
                        turn_id,
                        _outcome(state, state.understood, text, checking),
                        now=self._clock(),
                    )
            except DatabaseUnavailableError:
                await asyncio.sleep(min(2.0, 0.1 * 2**attempt) * (0.5 + random.random() / 2))  # noqa: S311 # jitter
            else:
                return
        log.error("turn.not_stored", turn_id=str(turn_id))

    async def _told_again(
        self, ended: StoredTurn, position: Coordinates | None
    ) -> AsyncIterator[TurnEvent]:
        """A turn that another request began, from the tables."""
        ids = {"turn_id": ended.id, "conversation_id": ended.conversation_id}
        if ended.state != "finished":
            code = ended.failure or "still_running"
            yield Failed(**ids, notice=_BY_CODE.get(code, _WENT_WRONG))
            return
        wish = seen_from(ended.wish or Wish(), position)
        understood = Understood(
            wish=wish,
            turn=ended.kind or Turn.SEARCH,
            language=ended.language or "fr",
            carried=wish,
        )
        yield WishRead(**ids, understood=understood)
        events = await self._search.events(ended.shown, wish, now=self._clock())
        found = Found(events=events, fitting=len(events))
        yield EventsFound(
            answer=Answer(understood=understood, found=found, notices=()), events=events
        )
        yield TextWritten(text=ended.answer or "", uids=ended.shown)
        yield Finished(
            turn_id=ended.id,
            conversation_id=ended.conversation_id,
            writer=ended.writer or "composer",
            milliseconds=ended.milliseconds,
            checking=ended.checking or Checking(),
            usage=ended.usage,
        )


def _until_events(place: Place, send: Send) -> Send:
    """Keeps the place of a turn until its events are sent; from then on it is being told."""

    def sending(event: TurnEvent) -> None:
        send(event)
        if isinstance(event, EventsFound):
            place.give_back()

    return sending


def _seconds_on_the_web(state: TurnState) -> float | None:
    looked = state.material.web if state.material else None
    return round(looked.seconds, 3) if looked else None


def _graph_of(steps: Steps) -> Callable[[TurnState], Awaitable[None]]:
    from puls.conversation.graph import turn_runner  # noqa: PLC0415 # two seconds, see above

    return turn_runner(steps)


def _outcome_by(failure: str) -> TurnOutcome:
    """What operators count: a visitor who leaves, or who asks for what cannot be, is no failure of ours."""
    if not failure:
        return "answered"
    if failure == _STOPPED_BY_VISITOR.code:
        return "stopped"
    return "refused" if failure == InvalidInputError.code else "failed"


def _outcome(state: TurnState, understood: Understood, text: str, checking: Checking) -> Outcome:
    return Outcome(
        kind=understood.turn,
        language=understood.language,
        answer=text,
        writer=state.writer,
        carried=understood.carried,
        shown=state.shown,
        milliseconds=dict(state.milliseconds),
        checking=checking,
        usage=state.usage,
        kept=state.kept,
        seen=None if state.material is None else seen_of(state.material),
    )


_TOO_SLOW = Notice(
    code="too_slow",
    fr="La réponse a pris trop de temps et s’est arrêtée ; reposez la question dans un instant.",
    en="The answer took too long and was stopped; ask again in a moment.",
)
_STOPPED_BY_VISITOR = Notice(
    code=_STOPPED,
    fr="Réponse arrêtée ; ce qui précède est conservé.",
    en="Answer stopped; what came before is kept.",
)
_DATABASE = Notice(
    code=DatabaseUnavailableError.code,
    fr="Le catalogue ne répond pas pour le moment ; réessayez dans quelques secondes.",
    en="The catalogue does not answer right now; try again in a few seconds.",
)
_WENT_WRONG = Notice(
    code="internal_error",
    fr="Quelque chose s’est mal passé de notre côté ; votre message est conservé, réessayez.",
    en="Something went wrong on our side; your message is kept, please try again.",
)
_STILL_RUNNING = Notice(
    code="still_running",
    fr="La réponse est encore en cours ; rouvrez la conversation dans un instant.",
    en="The answer is still being written; open the conversation again in a moment.",
)
_UNDER_WAY = Notice(
    code="under_way",
    fr="Cette réponse est déjà en cours ; elle arrive ici dès qu’elle est prête.",
    en="This answer is already under way; it comes here as soon as it is ready.",
)
_BY_CODE = {
    notice.code: notice
    for notice in (_TOO_SLOW, _STOPPED_BY_VISITOR, _DATABASE, _WENT_WRONG, _STILL_RUNNING)
}
