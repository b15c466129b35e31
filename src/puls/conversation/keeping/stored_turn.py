"""A turn and a conversation as they are kept. Values, and how rows become them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from puls.conversation.keeping.stored_wish import StoredWishError, wish_from
from puls.conversation.state import Kept, KeptPlan, Offer, kept_from
from puls.conversation.turn import Checking, Usage
from puls.geo.distance import Coordinates
from puls.monitoring import log
from puls.understanding.language import Language
from puls.understanding.question import Understood
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.turns import Standing, Turn
from puls.understanding.where.reach import seen_from
from puls.understanding.wish import Wish

TurnState = Literal["begun", "finished", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTurn:
    """One turn: what was said, what was understood, what was shown and answered.

    `wish` is the one that the next follow-up changes, `kept` what else it may speak of. `failure` is the code of the error of a failed turn.
    """

    id: UUID
    conversation_id: UUID
    request_id: UUID
    ordinal: int
    state: TurnState
    text: str
    created_at: datetime
    finished_at: datetime | None = None
    kind: Turn | None = None
    language: Language | None = None
    wish: Wish | None = None
    shown: tuple[str, ...] = ()
    answer: str | None = None
    writer: str | None = None
    failure: str | None = None
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    checking: Checking | None = None
    usage: Usage | None = None
    kept: Kept = field(default_factory=Kept)

    @property
    def own_words(self) -> str:
        """The answer without what it tells of the web."""
        first, last = self.kept.own or (0, None)
        return (self.answer or "")[first:last].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The turn of a request. `is_new` False: another request with the same id has it; wait for it or show it."""

    turn: StoredTurn
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConversation:
    """A conversation without its turns; `turns` counts them."""

    id: UUID
    title: str
    created_at: datetime
    last_turn_at: datetime
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is left of the turns before the window: the wishes (oldest first), the last of them, and the events shown, the last ones first.

    Computed from rows, not written by a model: it costs nothing, holds no invention, and those two are all that a later
    message can refer to.
    """

    turns: int
    wish: Wish | None
    shown: tuple[str, ...]
    wishes: tuple[Wish, ...] = ()

    def words(self, language: Language, *, timezone: str) -> str:
        """The summary for a model's context; in English unless the visitor speaks French."""
        is_french = language == "fr"
        told = sentence_of(self.wish, "fr" if is_french else "en", timezone) if self.wish else ""
        shown = ", ".join(self.shown)
        if is_french:
            wanted, seen = f" Demande d’alors : {told}.", f" Déjà montrés : {shown}."
            return f"{self.turns} échanges plus tôt.{wanted * bool(told)}{seen * bool(shown)}"
        wanted, seen = f" Asked for then: {told}.", f" Already shown: {shown}."
        return f"{self.turns} turns earlier.{wanted * bool(told)}{seen * bool(shown)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What a follow-up needs: the finished turns of the window, oldest first, and the summary of those before."""

    turns: tuple[StoredTurn, ...] = ()
    earlier: Summary | None = None

    @property
    def _since_begun_anew(self) -> tuple[StoredTurn, ...]:
        """The turns that count: those after the last « oublie tout »."""
        for at in range(len(self.turns) - 1, -1, -1):
            if self.turns[at].kept.has_begun_anew:
                return self.turns[at + 1 :]
        return self.turns

    @property
    def _is_whole(self) -> bool:
        return len(self._since_begun_anew) == len(self.turns)

    @property
    def carried(self) -> Wish | None:
        """The wish that a follow-up changes."""
        for turn in reversed(self._since_begun_anew):
            if turn.wish is not None:
                return turn.wish
        return self.earlier.wish if self.earlier and self._is_whole else None

    @property
    def trail(self) -> tuple[Wish, ...]:
        """The wishes of the conversation, oldest first, each once where it did not change."""
        before = self.earlier.wishes if self.earlier and self._is_whole else ()
        wishes = [*before, *(turn.wish for turn in self._since_begun_anew if turn.wish is not None)]
        return tuple(wish for at, wish in enumerate(wishes) if at == 0 or wish != wishes[at - 1])

    @property
    def plan(self) -> KeptPlan | None:
        """The plan under way."""
        return next(
            (turn.kept.plan for turn in reversed(self._since_begun_anew) if turn.kept.plan), None
        )

    @property
    def focus(self) -> tuple[str, ...]:
        """The uids told last, unless events were listed since."""
        for turn in reversed(self._since_begun_anew):
            if turn.kept.focus:
                return turn.kept.focus
            if turn.shown:
                return ()
        return ()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the last answer offered."""
        return self._since_begun_anew[-1].kept.offers if self._since_begun_anew else ()

    @property
    def standing(self) -> Standing:
        """What a message may refer to."""
        return Standing(
            has_wish=self.carried is not None,
            has_shown=bool(self.shown),
            has_plan=self.plan is not None,
        )

    @property
    def language(self) -> Language | None:
        return next((turn.language for turn in reversed(self.turns) if turn.language), None)

    @property
    def shown_last(self) -> tuple[str, ...]:
        """The uids of the last turn that showed events, in its order: what « la 2e » is counted in."""
        return next((turn.shown for turn in reversed(self._since_begun_anew) if turn.shown), ())

    @property
    def shown(self) -> tuple[str, ...]:
        """Every uid shown in the conversation, those of the last turn first."""
        uids = [uid for turn in reversed(self._since_begun_anew) for uid in turn.shown]
        before = self.earlier.shown if self.earlier and self._is_whole else ()
        return tuple(dict.fromkeys((*uids, *before)))

    @property
    def shown_for_this(self) -> tuple[str, ...]:
        """The uids shown for the wish that is carried: what « d'autres ? » goes on from."""
        uids: list[str] = []
        for turn in reversed(self._since_begun_anew):
            if turn.wish is not None and turn.wish != self.carried:
                break
            uids += turn.shown
        return tuple(dict.fromkeys(uids))

    def understood(self, *, position: Coordinates | None = None) -> Understood | None:
        """The state for `understand(previous=…)`, with the visitor where they are now; None at the start of a conversation."""
        if not self.turns:
            return None
        carried = self.carried and seen_from(self.carried, position)
        return Understood(
            wish=carried or Wish(),
            turn=self.turns[-1].kind or Turn.SEARCH,
            language=self.language or "fr",
            carried=carried,
            trail=self.trail,
        )


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def turn_from(row: Mapping[str, Any]) -> StoredTurn:
    """A row of `turn` with `wish_text` and `shown`. A wish that cannot be read is none, and is logged."""
    return StoredTurn(
        **{name: row[name] for name in _AS_THEY_ARE},
        kind=_kind(row["kind"]),
        language=cast("Language | None", row["language"]),
        wish=readable_wish(row["wish_text"]),
        kept=kept_from(row["kept_text"]),
        shown=tuple(row["shown"]),
        milliseconds=row["milliseconds"] or {},
        checking=Checking(**row["checking"]) if row["checking"] else None,
        usage=Usage(**row["usage"]) if row["usage"] else None,
    )


def readable_wish(stored: str | None) -> Wish | None:
    """The wish, or None when there is none or it cannot be read; the latter is logged."""
    if stored is None:
        return None
    try:
        return wish_from(stored)
    except StoredWishError as error:
        log.warning("conversation.wish_unreadable", why=str(error))
        return None


def _kind(written: str | None) -> Turn | None:
    return Turn(written) if written in set(Turn) else None


_AS_THEY_ARE = (
    "id", "conversation_id", "request_id", "ordinal", "state", "text", "created_at", "finished_at",
    "answer", "writer", "failure",
)  # fmt: skip
