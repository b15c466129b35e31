"""One turn of a conversation as values: what is asked, what writers are given, what the visitor is sent.

Pure. Nothing here reads, waits or decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puls.conversation.preferences.preference import Purpose
from puls.geo.distance import Coordinates
from puls.outings.plan import Plan
from puls.retrieval.asking import Answer
from puls.retrieval.ranking import FoundEvent
from puls.understanding.given import Given
from puls.understanding.language import Language
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.web_search.looking import Step
from puls.web_search.values import Check, Depth, Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRequest:
    """A visitor's message.

    `request_id` is chosen by the client: the same one twice is one turn. `conversation_id` None opens a conversation.
    `given` holds values chosen on the page beside the words; `without` the fields of the wish taken away by hand.
    `is_kept` False: the client keeps the conversation itself and sends the visitor's `earlier` messages, oldest first;
    nothing of it is stored. `web`: how far to look on the web; None: as the operator chose.
    """

    text: str
    request_id: UUID
    conversation_id: UUID | None = None
    given: Given = field(default_factory=Given)
    without: frozenset[str] = frozenset()
    language: Language | None = None
    position: Coordinates | None = None
    timezone: str = "Europe/Paris"
    limit: int | None = None
    is_kept: bool = True
    earlier: tuple[str, ...] = ()
    web: Depth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a writer may use to answer one turn, and nothing else; also what its sentences are checked against.

    `cited`: the events that the message is about (« la 2e », « compare les deux premiers »), best first; empty in a
    plain search, where `answer.found.events` are the events to propose. `shown_before`: what the turn before showed, in
    its order. `how` the message told which events it means ("rank", "words", "superlative", "focus", "first"). `is_first`: nothing was said before.
    `said_of_plan`: what was done to the plan under way. `preferences_used`: what the visitor agreed that Puls remembers and that changed this answer, in words.
    `web`: what was seen on the web for this turn, None when nobody looked; the events are as that corrected them, `web_shown` as they were shown.
    """

    text: str
    answer: Answer
    language: Language
    now: datetime
    timezone: str
    cited: tuple[FoundEvent, ...] = ()
    shown_before: tuple[FoundEvent, ...] = ()
    plans: tuple[Plan, ...] = ()
    how: str = "nothing"
    is_first: bool = True
    said_of_plan: str = ""
    preferences_used: tuple[Notice, ...] = ()
    web: Looked | None = None
    web_shown: tuple[FoundEvent, ...] = ()

    def check_of(self, uid: str) -> Check | None:
        """What the web said of an event."""
        checks = self.web.checks if self.web else ()
        return next((check for check in checks if check.uid == uid), None)

    @property
    def events(self) -> tuple[FoundEvent, ...]:
        """The events that may be spoken of, numbered from 1 in this order."""
        return self.cited or self.answer.found.events


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A piece of an answer as the visitor reads it (Markdown: links and bold only), and the uids it speaks of."""

    text: str
    uids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How the sentences of an answer fared: all, claims made, claims that the records bear out, rewritten, dropped."""

    sentences: int = 0
    claims: int = 0
    grounded_claims: int = 0
    rewritten: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a model call used. `cost_eur` is None when the price is not known."""

    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost_eur: float | None = None


# What a turn sends, in this order: WishRead, EventsFound, LookingOnWeb as often as needed and SeenOnWeb where it looks,
# TextWritten as often as needed, Finished or Failed; Said in between.


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRead:
    """What was understood, before anything is searched."""

    turn_id: UUID
    conversation_id: UUID
    understood: Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsFound:
    """The events to show, best first; how many fit in all; what to try instead; and the outings made of them."""

    answer: Answer
    events: tuple[FoundEvent, ...]
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingOnWeb:
    """What is being looked at on the web, or was just seen there."""

    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOnWeb:
    """All that was seen on the web, and the events of `EventsFound` as that corrects them, in the same order."""

    looked: Looked
    events: tuple[FoundEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWritten:
    """A checked piece of the answer; the pieces joined are the whole text."""

    text: str
    uids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something the visitor should know beside the answer."""

    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The end of a turn. `writer` is "composer" or "provider:model"; `milliseconds` by step, with "first_text" and "total".

    `asks_consent`: what the visitor would have to agree to for Puls to remember what they said of themselves.
    """

    turn_id: UUID
    conversation_id: UUID
    writer: str
    milliseconds: Mapping[str, int]
    checking: Checking
    usage: Usage | None = None
    asks_consent: tuple[Purpose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A turn that could not be answered: `code` is stable, `notice` says what is true now and what to do."""

    turn_id: UUID
    conversation_id: UUID
    notice: Notice


TurnEvent = (
    WishRead | EventsFound | LookingOnWeb | SeenOnWeb | TextWritten | Said | Finished | Failed
)
