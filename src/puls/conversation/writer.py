"""The words of an answer: told again if they are known, else a model's, else the composer's.

Each sentence is checked before it is sent, whoever wrote it. No database connection is held while a model writes.
Enter at `Writing.write`.
"""

import time
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, field

from puls.conversation.telling import web
from puls.conversation.telling.composer import compose
from puls.conversation.turn import Material, Said, Sentence, TextWritten, Usage
from puls.conversation.turn_state import COMPOSER, TurnState
from puls.conversation.variants import Models
from puls.conversation.writing.answer_cache import AnswerCache, KeptAnswer
from puls.conversation.writing.answers import AnswerCheck
from puls.conversation.writing.cards import VERSION, context_of
from puls.conversation.writing.shared_answers import is_about_nobody, key_of
from puls.llm.chat import Message, ModelUsage
from puls.llm.gateway import ModelInterruptedError, ModelUnavailableError
from puls.monitoring import span
from puls.retrieval.search import EventSearch
from puls.understanding.notices import Notice


class Writing:
    """Who writes, over the parts that writing uses."""

    def __init__(self, *, models: Models, search: EventSearch, cache: AnswerCache | None) -> None:
        self._models = models
        self._search = search
        self._cache = cache

    async def write(self, state: TurnState, material: Material) -> None:
        """The answer, sentence by sentence, each checked before it is sent: by a model, else by the composer."""
        state.check = AnswerCheck(material)
        _tell(state, state.before, web.before(material))
        with span("turn.write"):
            if self._of(state).models and _needs_a_model(material):
                await self._by_kept_answer_or_model(state, material)
            if not state.text:
                state.writer = COMPOSER
                await self._by_composer(state, material)
        if state.writer != COMPOSER:  # which tells them itself
            for notice in material.preferences_used:
                state.send(Said(notice=notice))
        _tell(state, state.after, web.after(material))
        state.mark("written")

    async def _by_kept_answer_or_model(self, state: TurnState, material: Material) -> None:
        """A question that says nothing of anybody may have an answer already, which costs nothing."""
        cache = self._cache
        if cache is None:
            await self._by_model(state, material)
            return
        if state.recalled.turns or state.request.earlier or not is_about_nobody(material):
            cache.count("personal")
            await self._by_model(state, material)
            return
        key = key_of(
            material,
            models=self._of(state).models,
            index_version=self._search.index_version,
            prompt=state.variant.prompt or VERSION,
        )
        answer = await cache.kept(key, now=state.now)
        if answer is not None and self._told_again(state, material, answer):
            seconds = time.perf_counter() - state.began
            await cache.told_again(
                answer, visitor_id=state.visitor_id, seconds=seconds, now=state.now
            )
            return
        cache.count("miss" if answer is None else "stale")
        written = await self._by_model(state, material)
        if any(sentence.uids for sentence in written):
            kept = KeptAnswer(writer=state.writer, sentences=written)
            await cache.keep(key, kept, now=state.now)

    def _told_again(self, state: TurnState, material: Material, answer: KeptAnswer) -> bool:
        """Send a kept answer if every sentence of it is borne out, word for word, by the records of today."""
        check = AnswerCheck(material)
        passed = [one for sentence in answer.sentences for one in check.passed(sentence)]
        if [one.text for one in passed] != [one.text for one in answer.sentences]:
            return False
        state.check, state.writer = check, answer.writer
        state.usage = Usage(model=answer.writer, cost_eur=0.0)
        _send_all(state, iter(passed))
        return True

    async def _by_model(self, state: TurnState, material: Material) -> tuple[Sentence, ...]:
        """As far as a model gets; nothing, when no sentence of its answer tells of an event. What was sent, if it is whole."""
        check, told = _check(state), _Telling(state)
        try:
            async with aclosing(
                self._of(state).stream(  # type: ignore[type-var] # an async generator behind the Protocol
                    context_of(
                        material,
                        earlier=_earlier(state),
                        version=state.variant.prompt or VERSION,
                    ),
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
            return ()
        except ModelInterruptedError as error:
            state.writer = error.model
            told.send(check.end())
            told.give_up()
            if state.text:
                state.send(Said(notice=_CUT_SHORT))
            return ()
        return tuple(told.sent)

    def _of(self, state: TurnState) -> Models:
        """The models of this turn."""
        return state.variant.models or self._models

    async def _by_composer(self, state: TurnState, material: Material) -> None:
        check = _check(state)
        if check.checking.sentences:  # of a model that told of no event: it counts, and is left out
            check = state.check = AnswerCheck(material, counted=check.checking)
        for place, sentence in enumerate(compose(material)):
            _send_all(state, iter([check.composed(sentence)]))
            if place == 0:
                await state.give_way()


_PARAGRAPH = "\n\n"
_CUT_SHORT = Notice(
    code="cut_short",
    fr="La réponse s’est interrompue ; les événements ci-dessus restent valables.",
    en="The answer was cut short; the events shown still stand.",
)


def _earlier(state: TurnState) -> list[Message]:
    """What was said before, as a model sees it: no word of a page is in it."""
    messages = []
    for turn in state.recalled.turns:
        messages.append(Message("user", turn.text))
        if turn.own_words:
            messages.append(Message("assistant", turn.own_words))
    return messages


def _needs_a_model(material: Material) -> bool:
    """A model only words what was found; civilities and « nothing found » need none."""
    return bool(material.events)


@dataclass(slots=True)
class _Telling:
    """Sends a model's sentences from the one on that tells of an event: « Bonjour, voici » alone answers nothing."""

    state: TurnState
    sent: list[Sentence] = field(default_factory=list)
    held: list[Sentence] = field(default_factory=list)

    def send(self, sentences: Iterator[Sentence]) -> None:
        for sentence in sentences:
            self.held.append(sentence)
            if self.state.text or sentence.uids:
                _send_all(self.state, iter(self.held))
                self.sent += self.held
                self.held = []

    def give_up(self) -> None:
        """What is still held is not sent."""
        _check(self.state).leave_out(len(self.held))
        self.held = []


def _send_all(state: TurnState, sentences: Iterator[Sentence]) -> None:
    for sentence in sentences:
        state.mark("first_text")
        text = sentence.text
        if state.before and not state.text:
            text = _PARAGRAPH + text.lstrip()
        state.text.append(text)
        state.send(TextWritten(text=text, uids=sentence.uids))


def _tell(state: TurnState, told: list[str], paragraphs: Iterator[str]) -> None:
    """Paragraphs of the web, beside the writer's own; their claims are the pages', each with its source."""
    for paragraph in paragraphs:
        state.mark("first_text")
        is_first = not (state.before or state.text or told)
        told.append(paragraph if is_first else _PARAGRAPH + paragraph)
        state.send(TextWritten(text=told[-1], uids=()))


def _usage(piece: ModelUsage) -> Usage:
    return Usage(
        model=piece.model,
        tokens_in=piece.tokens_in,
        tokens_cached=piece.tokens_cached,
        tokens_out=piece.tokens_out,
        cost_eur=piece.cost_eur,
    )


def _check(state: TurnState) -> AnswerCheck:
    assert state.check is not None
    return state.check
