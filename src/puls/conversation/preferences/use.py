"""What preferences change: they fill in what a wish leaves open and move events up or down. Pure.

A wish always wins: what the visitor asks for in this message is never overridden. Everything that was changed is said in
a notice. Enter at `applied` before the search and at `reranked` after it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Category
from puls.conversation.markdown import bare
from puls.conversation.preferences.phrases import listed
from puls.conversation.preferences.preference import (
    Budget,
    Children,
    Dislike,
    Home,
    Like,
    Moment,
    Moments,
    Needs,
    NoCar,
    Preference,
    ages_today,
    values_of,
)
from puls.conversation.repeating import is_taste
from puls.geo.names import fold
from puls.language.lexicon import kinds
from puls.retrieval.ranking import FoundEvent
from puls.understanding.notices import Notice
from puls.understanding.wish import Near, Where, Wish

_AROUND_HOME_KM = 15.0
_WITHOUT_CAR_KM = 5.0  # half an hour by bus or bicycle
_FAR_WITHOUT_CAR_KM = 10.0
_PLACES_PER_POINT = 3  # how far one preference moves an event in the list
_AFTERNOON, _EVENING = 12, 18  # hours
_SATURDAY = 5
_FAMILY = re.compile(
    r"(?<!\S)(?:en famille|familiale?s?|avec (?:les|mes|nos) (?:enfants|gamins|petits|loulous)|pour (?:les|mes|nos) (?:enfants|"
    r"gamins|petits)|(?:et )?les enfants|family|with (?:the|my|our) (?:kids|children)|for (?:the|my|our) (?:kids|children))(?!\S)"
)

Change = tuple[str, Any, Notice]
"""A field of the wish, its new value, and the notice that says so."""


def applied(
    wish: Wish,
    preferences: Sequence[Preference],
    *,
    text: str,
    now: datetime,
    said: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[Wish, tuple[Notice, ...]]:
    """The wish with what it leaves open filled in, and a notice for each thing that was.

    `said`: what the message speaks of (the kinds of `Understood.matched`): « n'importe où » leaves no place open.
    `without`: fields of the wish that the visitor took away by hand; they stay away.
    """
    notices: list[Notice] = []
    folded = fold(text)
    for field, value, notice in (
        *_home(wish, preferences, said),
        *_ages(wish, preferences, folded, now),
        *_needs(wish, preferences),
        *_budget(wish, preferences, said),
        *_exclusions(wish, preferences, folded),
    ):
        if field not in without:
            wish = replace(wish, **{field: value})
            notices.append(notice)
    return wish, tuple(dict.fromkeys(notices))


def _home(wish: Wish, preferences: Sequence[Preference], said: Collection[str]) -> Iterator[Change]:
    is_open = wish.where is None and wish.position is None and not wish.online
    for home in values_of(preferences, Home)[-1:] if is_open and "where" not in said else []:
        where, name = home.where, home.where.label.split(" (")[0]
        if home.center is not None and where.near is None:
            has_no_car = bool(values_of(preferences, NoCar))
            km = _WITHOUT_CAR_KM if has_no_car else _AROUND_HOME_KM
            where = Where(label=f"{name} ({km:g} km)", near=Near(center=home.center, radius_km=km))
        notice = Notice(
            code="preference_home",
            fr=f"J’ai cherché autour de chez vous : {where.label}.",
            en=f"I searched around your home: {where.label}.",
        )
        yield "where", where, notice


def _ages(
    wish: Wish, preferences: Sequence[Preference], folded: str, now: datetime
) -> Iterator[Change]:
    """Only when the children come along, and unless the message tells ages itself."""
    if not _FAMILY.search(folded) or (
        wish.ages and re.search(r"\d ?(?:ans|an|years?|mois)", folded)
    ):
        return
    for preference in preferences:
        if isinstance(preference.value, Children):
            ages = ages_today(preference.value, said_at=preference.created_at, now=now)
            told = [str(age) for age in ages]
            notice = Notice(
                code="preference_children",
                fr=f"J’ai tenu compte de l’âge de vos enfants : {listed(told, 'et')} ans.",
                en=f"I took your children's ages into account: {listed(told, 'and')}.",
            )
            yield "ages", ages, notice


def _needs(wish: Wish, preferences: Sequence[Preference]) -> Iterator[Change]:
    for needs in values_of(preferences, Needs):
        if not needs.accessibility <= wish.accessibility:
            notice = Notice(
                code="preference_needs",
                fr="Je n’ai gardé que ce qui est annoncé accessible pour vous.",
                en="I kept only what is stated to be accessible to you.",
            )
            yield "accessibility", wish.accessibility | needs.accessibility, notice


def _budget(
    wish: Wish, preferences: Sequence[Preference], said: Collection[str]
) -> Iterator[Change]:
    is_open = wish.max_price is None and wish.free is None and "price" not in said
    for budget in values_of(preferences, Budget) if is_open else []:
        notice = Notice(
            code="preference_budget",
            fr=f"Je suis resté dans votre budget : {budget.max_price:g} € au plus.",
            en=f"I kept to your budget: €{budget.max_price:g} at most.",
        )
        yield "max_price", budget.max_price, notice


def _exclusions(wish: Wish, preferences: Sequence[Preference], folded: str) -> Iterator[Change]:
    """Themes disliked, unless this very message asks for them."""
    asked = f" {fold(wish.topic)} {folded} "
    left_out = []
    categories, themes = [], []
    for dislike in values_of(preferences, Dislike):
        if (
            not is_taste(dislike.about)
            or f" {dislike.about}" in asked
            or dislike.category in wish.categories
        ):
            continue
        if dislike.category is not None and dislike.category not in wish.excluded_categories:
            categories.append(dislike.category)
            left_out.append(dislike)
        elif dislike.category is None and dislike.about not in wish.excluded_words:
            themes.append(dislike.about)
            left_out.append(dislike)
    if not left_out:
        return
    notice = Notice(
        code="preference_dislikes",
        fr=f"J’ai laissé de côté ce que vous n’aimez pas : {_named(left_out, 0)}.",
        en=f"I left out what you do not like: {_named(left_out, 1)}.",
    )
    if categories:
        yield "excluded_categories", (*wish.excluded_categories, *categories), notice
    if themes:
        yield "excluded_words", (*wish.excluded_words, *themes), notice


def _named(values: Sequence[Like | Dislike], language: int) -> str:
    """Kinds of outings by their names, the visitor's own words in quotation marks."""
    marks = ("« {} »", "“{}”")[language]
    names = [
        marks.format(bare(value.about))
        if value.category is None
        else kinds()[value.category].all[language]
        for value in values
    ]
    return ", ".join(dict.fromkeys(names))


def reranked(
    events: Sequence[FoundEvent], preferences: Sequence[Preference], *, order: str = "relevance"
) -> tuple[tuple[FoundEvent, ...], tuple[Notice, ...]]:
    """The same events, those that suit the visitor a few places further up; nothing when another order was asked for.

    A shift by places keeps most of what ranking did (series spread out, best first), whatever its scores mean.
    """
    if order != "relevance":
        return tuple(events), ()
    likes = [like for like in values_of(preferences, Like) if is_taste(like.about)]
    moments = {each for value in values_of(preferences, Moments) for each in value.moments}
    has_no_car = bool(values_of(preferences, NoCar))
    keyed = []
    liked: dict[Like, None] = {}
    for place, found in enumerate(events):
        suits = [like for like in likes if _is_liked(found, like)]
        points = (
            min(len(suits), 2) + _suits_moment(found, moments) - (has_no_car and _is_far(found))
        )
        keyed.append((place - _PLACES_PER_POINT * points, place, found))
        liked |= dict.fromkeys(suits)
    ordered = tuple(found for _, _, found in sorted(keyed, key=lambda one: one[:2]))
    if ordered == tuple(events):
        return ordered, ()
    return ordered, (_order_notice(tuple(liked), moments, has_no_car=has_no_car),)


def _order_notice(
    likes: Sequence[Like], moments: Collection[Moment], *, has_no_car: bool
) -> Notice:
    fr, en = [], []
    if likes:
        fr.append(f"vos goûts ({_named(likes, 0)})")
        en.append(f"your tastes ({_named(likes, 1)})")
    if moments:
        fr.append("vos horaires")
        en.append("when you go out")
    if has_no_car:
        fr.append("vos trajets sans voiture")
        en.append("getting there without a car")
    return Notice(
        code="preference_order",
        fr=f"L’ordre tient compte de {listed(fr, 'et')}.",
        en=f"The order takes into account {listed(en, 'and')}.",
    )


def _is_liked(found: FoundEvent, like: Like) -> bool:
    event = found.event
    if like.category is not None and like.category is not Category.OTHER:
        return event.category is like.category
    words = fold(" ".join(filter(None, (event.title, event.description, *event.keywords))))
    return re.search(rf"(?<!\w){re.escape(like.about)}(?!\w)", words) is not None


def _suits_moment(found: FoundEvent, moments: Collection[Moment]) -> int:
    if not moments or found.occurrence.is_possible or found.occurrence.is_day_known_only:
        return 0
    starts = found.occurrence.starts_at.astimezone(ZoneInfo(found.event.timezone))
    part: Moment = (
        "morning"
        if starts.hour < _AFTERNOON
        else "afternoon"
        if starts.hour < _EVENING
        else "evening"
    )
    return int(part in moments or ("weekend" in moments and starts.weekday() >= _SATURDAY))


def _is_far(found: FoundEvent) -> bool:
    return found.distance_km is not None and found.distance_km > _FAR_WITHOUT_CAR_KM
