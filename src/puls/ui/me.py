"""What Puls knows of a visitor, as values of the page that lets them see and correct it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from puls import phrasing
from puls.catalogue.store import StoredEvent
from puls.conversation.keeping.followed import Followed, news_of
from puls.conversation.preferences.phrases import words_of
from puls.conversation.preferences.preference import (
    Budget,
    Children,
    Dislike,
    Home,
    Like,
    Moments,
    Needs,
    NoCar,
)
from puls.conversation.preferences.store import Profile
from puls.phrasing import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedView:
    """One thing remembered, where it comes from and until when."""

    kind: str
    words: str
    origin: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The same as values of a form."""

    home: str = ""
    children: str = ""
    likes: str = ""
    dislikes: str = ""
    max_price: str = ""
    moments: frozenset[str] = frozenset()
    without_car: bool = False
    accessibility: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedView:
    """An event that the visitor follows: its next moment, and what is new since they saw it."""

    uid: str
    title: str
    moment: str | None
    news: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeView:
    """`agreed`: purpose → since when; a purpose that is not in it is not agreed to."""

    agreed: Mapping[str, str]
    remembered: Sequence[RememberedView]
    form: FormView


def me_view(profile: Profile, *, now: datetime, language: Language) -> MeView:
    today = now.date()

    def day(at: datetime) -> str:
        return phrasing.day_and_month(at.date(), today=today, language=language)

    remembered = []
    for one in profile.preferences:
        fr, en = words_of(one.value)
        remembered.append(
            RememberedView(
                kind=one.value.kind.value,
                words=en if language == "en" else fr,
                origin=one.origin,
                since=day(one.created_at),
                until=day(one.expires_at),
            )
        )
    return MeView(
        agreed={consent.purpose: day(consent.given_at) for consent in profile.consents},
        remembered=remembered,
        form=_form(profile),
    )


def followed_view(
    followed: Followed, stored: StoredEvent, *, now: datetime, language: Language
) -> FollowedView:
    event = stored.event
    coming = event.coming(now)
    return FollowedView(
        uid=event.uid,
        title=event.title,
        moment=phrasing.sentence(
            phrasing.moment(coming[0], event.timezone, now=now, language=language)
        )
        if coming
        else None,
        news=[
            notice.en if language == "en" else notice.fr
            for notice in news_of(followed, stored, now=now)
        ],
    )


def _form(profile: Profile) -> FormView:
    form: dict[str, object] = {}
    likes, dislikes = [], []
    for one in profile.preferences:
        match one.value:
            case Home(where=where):
                form["home"] = where.label.split(" (")[0]
            case Children(children=children):
                form["children"] = ", ".join(str(child.age) for child in children)
            case Like(about=about):
                likes.append(about)
            case Dislike(about=about):
                dislikes.append(about)
            case Budget(max_price=price):
                form["max_price"] = f"{price:g}"
            case Moments(moments=moments):
                form["moments"] = frozenset(moments)
            case NoCar():
                form["without_car"] = True
            case Needs(accessibility=codes):
                form["accessibility"] = frozenset(code.value for code in codes)
    return FormView(likes=", ".join(likes), dislikes=", ".join(dislikes), **form)  # type: ignore[arg-type] # names are the form's
