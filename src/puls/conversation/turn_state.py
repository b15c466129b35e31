"""One turn on its way through the steps: what is known so far, and where what it sends goes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puls.conversation.keeping.stored_turn import Recalled
from puls.conversation.preferences.preference import Preference, Purpose
from puls.conversation.state import Kept, KeptPlan, Offer
from puls.conversation.telling.closing import focus_of, offers_of
from puls.conversation.turn import Material, TurnEvent, TurnRequest, Usage
from puls.conversation.variants import USUAL, Variant
from puls.conversation.writing.answers import AnswerCheck
from puls.retrieval.asking import Question
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.turns import Act, Standing
from puls.web_search.values import Why

Send = Callable[[TurnEvent], None]
COMPOSER = "composer"


async def _at_once() -> None:
    """Nobody to give way to; what was sent so far may leave."""
    await asyncio.sleep(0)


@dataclass(slots=True, kw_only=True)
class TurnState:
    """One turn on its way through the steps.

    `standing` and `offers`: what the message may refer to and accept; `offered_uids`: the events of an offer that it accepted; `plan`: the plan as the turn leaves it.
    `recalled`: what is stored of the conversation; `previous`: what a follow-up changes. `writer` is "composer" or the model's name; `milliseconds` since `began` (a monotonic clock).
    `before`, `after`: what is told of the web around the writer's text; `sent`: the uids of the cards; `web_asked`: what the message asks of the web.
    `variant`: how this turn is answered, where an experiment is under way.
    `give_way`: waited for once the first sentence was sent; others may not have begun.
    """

    turn_id: UUID
    conversation_id: UUID
    visitor_id: UUID
    request: TurnRequest
    now: datetime
    send: Send
    variant: Variant = USUAL
    give_way: Callable[[], Awaitable[None]] = _at_once
    recalled: Recalled = field(default_factory=Recalled)
    previous: Understood | None = None
    standing: Standing = field(default_factory=Standing)
    offers: tuple[Offer, ...] = ()
    offered_uids: tuple[str, ...] = ()
    question: Question | None = None
    plan: KeptPlan | None = None
    preferences: tuple[Preference, ...] = ()
    said_of_preferences: tuple[Notice, ...] = ()
    asks_consent: tuple[Purpose, ...] = ()
    understood: Understood | None = None
    preferences_used: tuple[Notice, ...] = ()
    material: Material | None = None
    writer: str = COMPOSER
    usage: Usage | None = None
    text: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    sent: tuple[str, ...] = ()
    web_asked: Why | None = None
    check: AnswerCheck | None = None
    began: float = field(default_factory=time.perf_counter)
    milliseconds: dict[str, int] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        """Note how long after its beginning the turn reached this point, the first time."""
        self.milliseconds.setdefault(step, round(1000 * (time.perf_counter() - self.began)))

    @property
    def question_now(self) -> Question:
        """What is asked; only once the turn was understood."""
        assert self.question is not None
        return self.question

    @property
    def understood_now(self) -> Understood:
        assert self.understood is not None
        return self.understood

    @property
    def material_now(self) -> Material:
        assert self.material is not None
        return self.material

    @property
    def kept(self) -> Kept:
        """What this turn leaves for the next ones."""
        material, understood = self.material, self.understood
        if material is None or understood is None:
            return Kept()
        return Kept(
            act=understood.act,
            focus=focus_of(material),
            offers=offers_of(material),
            plan=self.plan,
            has_begun_anew=understood.act is Act.RESET,
            own=self._own,
        )

    @property
    def _own(self) -> tuple[int, int] | None:
        if not self.before and not self.after:
            return None
        first = len("".join(self.before))
        return first, first + len("".join(self.text))

    @property
    def shown(self) -> tuple[str, ...]:
        """The uids that « la 2e » counts from after this turn."""
        material = self.material
        if material is None or material.cited:
            return ()
        return self.sent
