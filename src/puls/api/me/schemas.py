"""The JSON shapes of `/v1/me` and `/v1/conversations`."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from puls.catalogue.event import Accessibility
from puls.conversation.keeping.memory import Thumb, ThumbReason
from puls.conversation.keeping.stored_turn import StoredConversation, StoredTurn, TurnState
from puls.conversation.preferences.phrases import words_of
from puls.conversation.preferences.preference import (
    Kind,
    Moment,
    Origin,
    Preference,
    Purpose,
    json_of,
)
from puls.conversation.preferences.store import WORDING, Profile
from puls.phrasing import Language
from puls.ui.absent import NullIsAbsent
from puls.ui.event.page import UID_PATTERN

_Theme = Annotated[str, StringConstraints(min_length=2, max_length=60, strip_whitespace=True)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenShape(_Shape):
    """A visitor for a program that keeps no cookies."""

    token: str = Field(description="send it as `Authorization: Bearer …`")
    expires_at: datetime


class ConsentShape(_Shape):
    """What the visitor agreed to, when, and in which words; `wording` is what agreeing means."""

    purpose: Purpose
    given_at: datetime | None
    wording: str


class PreferenceShape(_Shape):
    """One thing remembered, where it comes from and until when."""

    kind: Kind
    value: dict[str, Any]
    fr: str
    en: str
    origin: Origin = Field(description="stated by the visitor, or learnt from their likes")
    source_turn: UUID | None = Field(description="the turn that said it, while that is kept")
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, preference: Preference) -> Self:
        fr, en = words_of(preference.value)
        return cls(
            kind=preference.value.kind,
            value=json_of(preference.value),
            fr=fr,
            en=en,
            origin=preference.origin,
            source_turn=preference.source_turn,
            created_at=preference.created_at,
            expires_at=preference.expires_at,
        )


class ProfileShape(_Shape):
    """All that is remembered beyond conversations."""

    consents: list[ConsentShape]
    preferences: list[PreferenceShape]

    @classmethod
    def of(cls, profile: Profile) -> Self:
        given = {consent.purpose: consent for consent in profile.consents}
        return cls(
            consents=[
                ConsentShape(
                    purpose=purpose,
                    given_at=given[purpose].given_at if purpose in given else None,
                    wording=given[purpose].wording if purpose in given else wording["fr"],
                )
                for purpose, wording in WORDING.items()
            ],
            preferences=[PreferenceShape.of(each) for each in profile.preferences],
        )


class ConsentChange(_Shape, NullIsAbsent):
    """True agrees, false withdraws and deletes what stood on it, absent leaves as it is."""

    preferences: StrictBool | None = None
    accessibility: StrictBool | None = Field(
        default=None, description="needs of accessibility are health data: a consent of their own"
    )
    from_turn: UUID | None = Field(
        default=None, description="the turn whose statements were waiting for this consent"
    )
    language: Language = Field(
        default="fr", description="of the words that the visitor read; they are kept as the proof"
    )


class PreferenceChanges(_Shape):
    """A merge patch: a value replaces, null forgets, absent leaves as it is."""

    home: str | None = Field(default=None, min_length=1, max_length=100, examples=["Grenoble"])
    children: list[Annotated[int, Field(ge=0, le=25)]] | None = Field(default=None, max_length=12)
    likes: list[_Theme] | None = Field(default=None, max_length=50)
    dislikes: list[_Theme] | None = Field(default=None, max_length=50)
    accessibility: list[Accessibility] | None = Field(default=None, max_length=5)
    max_price: float | None = Field(default=None, gt=0, le=10_000, allow_inf_nan=False)
    moments: list[Moment] | None = Field(default=None, max_length=4)
    without_car: bool | None = None


class TurnShape(_Shape):
    """A stored turn; `state` tells whether its answer is whole."""

    id: UUID
    conversation_id: UUID
    request_id: UUID
    state: TurnState
    text: str
    kind: str | None
    language: str | None
    answer: str | None
    writer: str | None
    shown: list[str] = Field(description="uids of the events shown, in their order")
    failure: str | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, turn: StoredTurn) -> Self:
        return cls(
            id=turn.id,
            conversation_id=turn.conversation_id,
            request_id=turn.request_id,
            state=turn.state,
            text=turn.text,
            kind=turn.kind,
            language=turn.language,
            answer=turn.answer,
            writer=turn.writer,
            shown=list(turn.shown),
            failure=turn.failure,
            created_at=turn.created_at,
            finished_at=turn.finished_at,
        )


class ConversationShape(_Shape):
    """A conversation without its turns."""

    id: UUID
    title: str
    created_at: datetime
    last_turn_at: datetime
    turns: int

    @classmethod
    def of(cls, stored: StoredConversation) -> Self:
        return cls(
            id=stored.id,
            title=stored.title,
            created_at=stored.created_at,
            last_turn_at=stored.last_turn_at,
            turns=stored.turns,
        )


class ConversationsShape(_Shape):
    """The visitor's conversations, the latest first."""

    conversations: list[ConversationShape]


class WholeConversation(_Shape):
    """A conversation with its last turns, oldest first."""

    conversation: ConversationShape
    turns: list[TurnShape]


class Renaming(_Shape):
    """A new title."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class FeedbackGiven(_Shape, NullIsAbsent):
    """A thumb on an answer, or on one event that it showed."""

    thumb: Thumb
    reason_code: ThumbReason | None = Field(default=None, description="why, in one word")
    reason: str | None = Field(default=None, max_length=1_000, description="why, in their words")
    uid: str | None = Field(
        default=None,
        pattern=UID_PATTERN,
        description="the event it is about",
        examples=["10173778"],
    )


class SurveyAnswered(_Shape, NullIsAbsent):
    """« Did you find an outing? », from 1, not at all, to 5, exactly what I wanted."""

    score: int = Field(ge=1, le=5)
    comment: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] | None = None


class ExportShape(BaseModel):
    """Everything that is held of the visitor."""

    model_config = ConfigDict(extra="allow")

    format: Literal["puls-export-1"] = "puls-export-1"
