"""The steps of a turn: understand, then search, plan or recall, then write. One use of a part each.

Steps hold no database connection while a model writes. What they find is sent at once, so that a visitor sees events
before words. They know neither the graph that orders them (`conversation.graph`) nor how a turn is kept
(`conversation.assistant`).
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from puls.conversation.answers import AnswerCheck
from puls.conversation.cards import context_of
from puls.conversation.composer import compose
from puls.conversation.outing import plan_understood
from puls.conversation.preference_use import applied, reranked
from puls.conversation.preferences import Preference
from puls.conversation.references import meant
from puls.conversation.stored_turn import Recalled
from puls.conversation.turn import (
    EventsFound,
    Material,
    Plan,
    Said,
    Sentence,
    TextWritten,
    TurnEvent,
    TurnRequest,
    Usage,
    WishRead,
)
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.chat import Message, ModelUsage, Prompt
from puls.llm.gateway import ModelInterruptedError, ModelUnavailableError
from puls.monitoring import span
from puls.retrieval.asking import Answer, find_events, sentence_instead, understand_asked
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import EventSearch, Found
from puls.understanding.chips import chips_of
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.slots import asks_for_outing
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish

Send = Callable[[TurnEvent], None]
Way = Literal["instead", "recall", "plan", "search"]

_SHOWN = 5  # events, unless the words or the client ask for another number
_ABOUT_SHOWN = (Turn.DETAILS, Turn.COMPARISON)
_NOTHING = Found(events=(), fitting=0)
COMPOSER = "composer"


class Models(Protocol):
    """The gateway, as far as a turn needs it."""

    @property
    def models(self) -> tuple[str, ...]: ...

    def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]: ...


@dataclass(slots=True, kw_only=True)
class TurnState:
    """One turn on its way through the steps.

    `is_about_visitor`: the message tells of the visitor and asks for no kind of event.
    `recalled`: what is stored of the conversation; `previous`: what a follow-up changes. `writer` is "composer" or the model's name; `milliseconds` since `began` (a monotonic clock).
    """

    turn_id: UUID
    conversation_id: UUID
    visitor_id: UUID
    request: TurnRequest
    now: datetime
    send: Send
    recalled: Recalled = field(default_factory=Recalled)
    previous: Understood | None = None
    is_about_visitor: bool = False
    preferences: tuple[Preference, ...] = ()
    said_of_preferences: tuple[Notice, ...] = ()
    understood: Understood | None = None
    preferences_used: tuple[Notice, ...] = ()
    material: Material | None = None
    writer: str = COMPOSER
    usage: Usage | None = None
    text: list[str] = field(default_factory=list)
    check: AnswerCheck | None = None
    began: float = field(default_factory=time.perf_counter)
    milliseconds: dict[str, int] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        """Note how long after its beginning the turn reached this point, the first time."""
        self.milliseconds.setdefault(step, round(1000 * (time.perf_counter() - self.began)))

    @property
    def shown(self) -> tuple[str, ...]:
        """The uids that « la 2e » counts from after this turn."""
        material = self.material
        if material is None or material.cited:
            return ()
        return tuple(one.event.uid for one in material.answer.found.events)


class Steps:
    """The steps over the parts they use."""

    def __init__(
        self,
        *,
        search: EventSearch,
        database: Database,
        gazetteer: Gazetteer,
        models: Models,
        beyond: BeyondGazetteer | None = None,
    ) -> None:
        self._search = search
        self._database = database
        self._gazetteer = gazetteer
        self._models = models
        self._beyond = beyond

    async def understand(self, state: TurnState) -> Way:
        """The wish of the words, under what is given, remembered and agreed; and which way the turn takes."""
        request = state.request
        with span("turn.understand"):
            understood = await understand_asked(
                request.text,
                request.given,
                gazetteer=self._gazetteer,
                now=state.now,
                timezone=request.timezone,
                without=request.without,
                near_position=True,
                beyond=self._beyond,
                previous=state.previous,
            )
        if request.language is not None:
            understood = replace(understood, language=request.language)
        if state.is_about_visitor:
            understood = _about_the_visitor(understood, state.previous)
        if state.preferences and sentence_instead(understood.turn) is None:
            understood = self._as_preferred(understood, state)
        state.understood = understood
        state.mark("understood")
        state.send(
            WishRead(
                turn_id=state.turn_id,
                conversation_id=state.conversation_id,
                understood=understood,
            )
        )
        return _way(understood, state)

    def _as_preferred(self, understood: Understood, state: TurnState) -> Understood:
        """What the wish leaves open is filled in; a follow-up changes what was said, and the home that was taken."""
        wish, state.preferences_used = applied(
            understood.wish,
            state.preferences,
            text=state.request.text,
            now=state.now,
            said={span.kind for span in understood.matched},
            without=state.request.without,
        )
        chips = chips_of(wish, timezone=state.request.timezone)
        carried = replace(understood.wish, where=wish.where)
        return replace(understood, wish=wish, chips=chips, carried=carried)

    async def search(self, state: TurnState) -> None:
        """Events that fit, or what to try instead."""
        answer = await find_events(
            _understood(state),
            search=self._search,
            database=self._database,
            gazetteer=self._gazetteer,
            now=state.now,
            timezone=state.request.timezone,
            limit=state.request.limit,
            usual_limit=_SHOWN,
        )
        events, notices = reranked(
            answer.found.events, state.preferences, order=answer.understood.wish.order
        )
        state.preferences_used += notices
        self._gathered(state, replace(answer, found=replace(answer.found, events=events)))

    async def plan(self, state: TurnState) -> None:
        """One or several outings; without any, the events that fit."""
        understood = _understood(state)
        outing = await plan_understood(
            state.request.text,
            understood,
            search=self._search,
            database=self._database,
            gazetteer=self._gazetteer,
            now=state.now,
            timezone=state.request.timezone,
            venues=await self._beyond.venues() if self._beyond else None,
        )
        if not outing.plans:
            state.understood = replace(
                understood, notices=tuple(dict.fromkeys((*understood.notices, *outing.notices)))
            )
            await self.search(state)
            return
        answer = Answer(understood=understood, found=outing.found, notices=outing.notices)
        self._gathered(state, answer, plans=outing.plans)

    async def recall(self, state: TurnState) -> None:
        """The events that the message speaks of, among those shown before."""
        shown = await self._shown_before(state)
        titles = [one.event.title for one in shown]
        cited = tuple(shown[index] for index in meant(state.request.text, titles))
        understood = _understood(state)
        answer = Answer(understood=understood, found=_NOTHING, notices=understood.notices)
        self._gathered(state, answer, cited=cited, shown_before=shown)

    async def instead(self, state: TurnState) -> None:
        """A sentence for a message that asks for no event."""
        understood = _understood(state)
        shown = await self._shown_before(state) if understood.turn is Turn.CANNOT else ()
        titles = [one.event.title for one in shown]
        cited = tuple(shown[index] for index in meant(state.request.text, titles))
        answer = Answer(understood=understood, found=_NOTHING, notices=understood.notices)
        self._gathered(state, answer, cited=cited, shown_before=shown)

    async def write(self, state: TurnState) -> None:
        """The answer, sentence by sentence, each checked before it is sent: by a model, else by the composer."""
        material = _material(state)
        state.check = AnswerCheck(material)
        with span("turn.write"):
            if self._models.models and _needs_a_model(material):
                await self._by_model(state, material)
            if not state.text:
                state.writer = COMPOSER
                self._by_composer(state, material)
        if state.writer != COMPOSER:  # which tells them itself
            for notice in material.preferences_used:
                state.send(Said(notice=notice))
        state.mark("written")

    async def _by_model(self, state: TurnState, material: Material) -> None:
        """As far as a model gets; nothing, when no sentence of its answer tells of an event."""
        check, told = _check(state), _Telling(state)
        try:
            async with aclosing(
                self._models.stream(  # type: ignore[type-var] # an async generator behind the Protocol
                    context_of(material, earlier=_earlier(state)),
                    purpose="answer",
                    visitor_id=state.visitor_id,
                )
            ) as pieces:
                async for piece in pieces:
                    if isinstance(piece, ModelUsage):
                        state.writer = piece.model
                        state.usage = _usage(piece)
                    else:
                        told.send(check.feed(piece))
            told.send(check.end())
            told.give_up()
        except ModelUnavailableError:
            return
        except ModelInterruptedError as error:
            state.writer = error.model
            told.send(check.end())
            told.give_up()
            if state.text:
                state.send(Said(notice=_CUT_SHORT))

    def _by_composer(self, state: TurnState, material: Material) -> None:
        before = _check(
            state
        )  # of a model that told of no event: what it said counts, and is left out
        check = state.check = AnswerCheck(material, counted=before.checking)
        for sentence in compose(material):
            _send_all(state, check.passed(sentence))

    async def _shown_before(self, state: TurnState) -> tuple[FoundEvent, ...]:
        """What the turn before showed; found again when the client keeps the conversation and only words are left."""
        wish = state.previous.carried if state.previous else None
        if state.recalled.shown_last or wish is None:
            uids = state.recalled.shown_last
            return await self._search.events(uids, wish or Wish(), now=state.now)
        return (await self._search.find(wish, now=state.now, limit=_SHOWN)).events

    def _gathered(
        self,
        state: TurnState,
        answer: Answer,
        *,
        cited: tuple[FoundEvent, ...] = (),
        shown_before: tuple[FoundEvent, ...] = (),
        plans: tuple[Plan, ...] = (),
    ) -> None:
        state.material = Material(
            text=state.request.text,
            answer=answer,
            language=answer.understood.language,
            now=state.now,
            timezone=state.request.timezone,
            cited=cited,
            shown_before=shown_before,
            plans=plans,
            preferences_used=(*state.preferences_used, *state.said_of_preferences),
        )
        state.mark("found")
        state.send(EventsFound(answer=answer, events=state.material.events, plans=plans))
        for notice in answer.notices:
            state.send(Said(notice=notice))


_CUT_SHORT = Notice(
    code="cut_short",
    fr="La réponse s’est interrompue ; les événements ci-dessus restent valables.",
    en="The answer was cut short; the events shown still stand.",
)


def _about_the_visitor(understood: Understood, previous: Understood | None) -> Understood:
    """« En fait j'habite Rennes maintenant » changes where and for whom, not what was looked for nor when."""
    said = understood.wish
    before = (previous.carried if previous else None) or Wish()
    wish = replace(
        before,
        where=said.where or before.where,
        ages=said.ages or before.ages,
        max_price=said.max_price if said.max_price is not None else before.max_price,
        accessibility=said.accessibility | before.accessibility,
        excluded_categories=said.excluded_categories or before.excluded_categories,
        excluded_words=said.excluded_words or before.excluded_words,
        position=said.position,
    )
    turn = Turn.REFINEMENT if previous else Turn.SEARCH
    return replace(understood, wish=wish, carried=wish, turn=turn, chips=chips_of(wish))


def _earlier(state: TurnState) -> list[Message]:
    """What was said before, as a model sees it."""
    messages = []
    for turn in state.recalled.turns:
        messages.append(Message("user", turn.text))
        if turn.answer:
            messages.append(Message("assistant", turn.answer))
    return messages


def _way(understood: Understood, state: TurnState) -> Way:
    if sentence_instead(understood.turn) is not None:
        return "instead"
    has_shown = state.recalled.shown_last or not state.request.is_kept
    if understood.turn in _ABOUT_SHOWN and state.previous is not None and has_shown:
        return "recall"
    return "plan" if asks_for_outing(state.request.text, understood) else "search"


def _needs_a_model(material: Material) -> bool:
    """A model only words what was found; civilities and « nothing found » need none."""
    return bool(material.events)


@dataclass(slots=True)
class _Telling:
    """Sends a model's sentences from the one on that tells of an event: « Bonjour, voici » alone answers nothing."""

    state: TurnState
    held: list[Sentence] = field(default_factory=list)

    def send(self, sentences: Iterator[Sentence]) -> None:
        for sentence in sentences:
            self.held.append(sentence)
            if self.state.text or sentence.uids:
                _send_all(self.state, iter(self.held))
                self.held = []

    def give_up(self) -> None:
        """What is still held is not sent."""
        _check(self.state).leave_out(len(self.held))
        self.held = []


def _send_all(state: TurnState, sentences: Iterator[Sentence]) -> None:
    for sentence in sentences:
        state.mark("first_text")
        state.text.append(sentence.text)
        state.send(TextWritten(text=sentence.text, uids=sentence.uids))


def _usage(piece: ModelUsage) -> Usage:
    return Usage(
        model=piece.model,
        tokens_in=piece.tokens_in,
        tokens_cached=piece.tokens_cached,
        tokens_out=piece.tokens_out,
        cost_eur=piece.cost_eur,
    )


def _understood(state: TurnState) -> Understood:
    assert state.understood is not None
    return state.understood


def _material(state: TurnState) -> Material:
    assert state.material is not None
    return state.material


def _check(state: TurnState) -> AnswerCheck:
    assert state.check is not None
    return state.check
