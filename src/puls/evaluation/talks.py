"""Conversations held with the real assistant at frozen moments: what was understood, shown and told, turn by turn.

Each turn is a case of `conversation` (was the right thing understood and shown) and, where sentences were checked against
records, one of `checks` (how many claims were borne out, how many sentences stood). What is kept of the visitor is
erased afterwards. Enter at `Talks.cases`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from puls.conversation.assistant import Assistant
from puls.conversation.preferences.preference import Purpose
from puls.conversation.turn import (
    Checking,
    EventsFound,
    Failed,
    Finished,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.evaluation.cases import Case
from puls.evaluation.expressions import when_right
from puls.evaluation.places import is_same_place, place_in_words
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.retrieval.ranking import FoundEvent
from puls.understanding.given import Given
from puls.understanding.wish import Wish

_KINDS: Mapping[str, frozenset[str]] = {
    "search": frozenset({"search"}),
    "refine": frozenset({"search", "refinement"}),
    "correction": frozenset({"search", "refinement"}),
    "details": frozenset({"details"}),
    "compare": frozenset({"comparison"}),
    "plan": frozenset({"plan"}),
    "thanks": frozenset({"thanks"}),
    "greeting": frozenset({"greeting", "thanks"}),
    "cannot": frozenset({"cannot"}),
    "out_of_scope": frozenset({"out_of_scope"}),
}
_TOLERANCE_MIN = 180  # an evening begins at 17, 18 or 19 h
_PURPOSES: tuple[Purpose, ...] = ("preferences", "accessibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn as the visitor got it."""

    text: str
    now: datetime
    answer: str
    wish: Wish | None
    kind: str
    shown: tuple[FoundEvent, ...]
    named: frozenset[str]
    checking: Checking
    failure: str | None


AssistantAt = Callable[[datetime], Assistant]
Agree = Callable[[Visitor, Purpose, datetime], Awaitable[None]]
Erase = Callable[[UUID], Awaitable[object]]
Judge = Callable[[str, Told], Awaitable[Case | None]]


def is_conversation(row: Mapping[str, Any]) -> bool:
    """Whether a line of a set is one."""
    return "turns" in row


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """Who holds conversations. `assistant_at`: an assistant whose clock stands at a moment; `judge`: a model's opinion."""

    assistant_at: AssistantAt
    agree: Agree
    erase: Erase
    gazetteer: Gazetteer
    judge: Judge | None = None

    async def cases(self, row: Mapping[str, Any]) -> list[Case]:
        """The conversation held, as cases.

        Raises:
            KeyError, ValueError, TypeError: the row is not as evals/README.md says.
        """
        now = datetime.fromisoformat(row["now"])
        assistant, visitor = self.assistant_at(now), Visitor(id=uuid4())
        position = row.get("position")
        here = Coordinates(position["lat"], position["lon"]) if position else None
        cases: list[Case] = []
        conversation: UUID | None = None
        try:
            if row.get("consent"):
                for purpose in _PURPOSES:
                    await self.agree(visitor, purpose, now)
            for number, turn in enumerate(row["turns"], start=1):
                request = TurnRequest(
                    text=turn["user"],
                    request_id=uuid4(),
                    conversation_id=conversation,
                    given=Given(position=here),
                    position=here,
                )
                events = [event async for event in assistant.converse(visitor, request)]
                conversation = _conversation_of(events)
                told = told_of(turn["user"], events, now)
                cases += await self._judged(f"{row['id']}.{number}", turn, told)
        finally:
            await assistant.close()
            await self.erase(visitor.id)
        return cases

    async def _judged(self, id_: str, turn: Mapping[str, Any], told: Told) -> list[Case]:
        cases = [_turn_case(id_, turn, told, self.gazetteer)]
        if (checks := _checks_case(id_, told)) is not None:
            cases.append(checks)
        if self.judge is not None and told.shown and told.failure is None:
            judged = await self.judge(id_, told)
            cases += [judged] if judged is not None else []
        return cases


def told_of(text: str, events: Sequence[TurnEvent], now: datetime) -> Told:
    """What a turn sent, gathered."""
    wish = next((one for one in events if isinstance(one, WishRead)), None)
    written = [one for one in events if isinstance(one, TextWritten)]
    end = events[-1]
    return Told(
        text=text,
        now=now,
        answer="".join(one.text for one in written),
        wish=wish.understood.wish if wish else None,
        kind=wish.understood.turn.value if wish else "",
        shown=tuple(
            found for one in events if isinstance(one, EventsFound) for found in one.events
        ),
        named=frozenset(uid for one in written for uid in one.uids),
        checking=end.checking if isinstance(end, Finished) else Checking(),
        failure=end.notice.code if isinstance(end, Failed) else None,
    )


def _conversation_of(events: Sequence[TurnEvent]) -> UUID | None:
    end = events[-1]
    return end.conversation_id if isinstance(end, Finished | Failed) else None


def _turn_case(id_: str, turn: Mapping[str, Any], told: Told, gazetteer: Gazetteer) -> Case:
    uids = {one.event.uid for one in told.shown} | told.named
    wanted, unwanted = (
        set(turn.get("must_include_any") or ()),
        set(turn.get("must_not_include") or ()),
    )
    right = {"answered": told.failure is None}
    if (kinds := _KINDS.get(turn.get("expect_kind", ""))) is not None:
        right["kind"] = told.kind in kinds
    if wanted:
        right["shown"] = bool(uids & wanted)
    if unwanted:
        right["kept_out"] = not uids & unwanted
    right |= _wish_right(turn.get("wish") or {}, told, gazetteer)
    wish = told.wish
    return Case(
        id=id_,
        part="conversation",
        text=turn["user"],
        figures={name: float(value) for name, value in right.items()},
        seen={
            "kind": f"expected {turn.get('expect_kind')}; was {told.kind or '–'}",
            "place": place_in_words(wish.where) if wish else "",
            "showed": ", ".join(one.event.uid for one in told.shown),
            "answer": told.answer,
            "checks": "; ".join(turn.get("checks") or ()),
        },
    )


def _wish_right(wish: Mapping[str, Any], told: Told, gazetteer: Gazetteer) -> dict[str, bool]:
    """What the row says of the wish after the turn; a field that it does not name is not judged."""
    got = told.wish
    if got is None:
        return {}
    right = {}
    if "when" in wish:
        row = {"when": wish["when"], "when_tolerance_min": _TOLERANCE_MIN}
        right["when"] = when_right(row, got.when, told.now)
    where = wish.get("where")
    if where:
        right["place"] = is_same_place(got.where, where, gazetteer)
    if wish.get("free") is not None:
        right["conditions"] = got.free == wish["free"]
    return right


def _checks_case(id_: str, told: Told) -> Case | None:
    checking = told.checking
    if not checking.sentences:
        return None
    figures = {"sentences_kept": 1 - checking.dropped / checking.sentences}
    if checking.claims:
        figures["claims_borne_out"] = checking.grounded_claims / checking.claims
    return Case(
        id=id_,
        part="checks",
        text=told.text,
        figures=figures,
        seen={
            "sentences": f"{checking.sentences}, {checking.rewritten} rewritten, {checking.dropped} dropped",
            "claims": f"{checking.grounded_claims} of {checking.claims} borne out",
        },
    )
