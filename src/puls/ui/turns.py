"""A turn of the conversation as its templates show it, whether it streams or comes from the tables. Pure.

The pieces of a turn appear one by one, so each is a view of its own: what was understood, what was found, what was said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from puls import phrasing
from puls.conversation.preferences.preference import Purpose
from puls.conversation.turn import EventsFound
from puls.phrasing import Language
from puls.retrieval.ranking import off_theme
from puls.retrieval.relaxing import CountedRelaxation
from puls.retrieval.search import MOST_COUNTED
from puls.ui.cards import Card, card
from puls.ui.links import MOST, Asked, asking, week_address
from puls.ui.plans.comparison import ComparisonView, comparison
from puls.ui.plans.timeline import PlanView, timeline
from puls.ui.seeking.address import Search
from puls.ui.seeking.follow_ups import FollowUp
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Where, Wish

_HORIZON_YEAR = 2100
_MORE = 12  # events, the first time more are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipView:
    """One thing understood. `address` takes it away without JavaScript; None where a conversation does it."""

    field: str
    words: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineView:
    """The wish as values of the form that changes it."""

    topic: str
    starts: str | None
    ends: str | None
    place: str | None
    radius_km: float | None
    max_price: float | None
    is_free: bool
    ages: str
    accessibility: frozenset[str]
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodView:
    """What was understood. `restored` puts everything back without JavaScript."""

    chips: Sequence[ChipView]
    refine: RefineView | None = None
    restored: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """What to ask instead: its words, how many events it finds, and the question that asks it."""

    words: str
    count: int
    question: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundView:
    """What was found. `more` is the number to ask for to see more, None when all is shown.

    `address`: the page that finds the same, `week_address` as a week. `orders`: (words, address, whether it is the current one), for a page without JavaScript. `is_empty`: nothing fits,
    and no text will say so.
    """

    cards: Sequence[Card]
    count: str
    offers: Sequence[OfferView] = ()
    plans: Sequence[PlanView] = ()
    comparison: ComparisonView | None = None
    more: int | None = None
    more_address: str | None = None
    address: str | None = None
    results_address: str | None = None
    week_address: str | None = None
    orders: Sequence[tuple[str, str, bool]] = ()
    is_empty: bool = False

    @property
    def is_sample(self) -> bool:
        """Whether all are invented, which is then said once."""
        return bool(self.cards) and all(card.is_example for card in self.cards)

    @property
    def has_places(self) -> bool:
        """Whether a map has something to show."""
        return any(card.lat is not None for card in self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterView:
    """What follows an answer: thumbs, a question of consent, a question of satisfaction."""

    turn_id: str
    conversation_id: str
    asks_consent: Sequence[Purpose] = ()
    consent_words: Mapping[str, str] | None = None
    asks_survey: bool = False
    follow_ups: Sequence[FollowUp] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """One turn, as far as it has come. `failure` says what went wrong and what to do; `thumbs` by event, None: the answer."""

    text: str
    id: str | None = None
    understood: UnderstoodView | None = None
    found: FoundView | None = None
    notices: Sequence[str] = ()
    answer: Sequence[Markup] = ()
    after: AfterView | None = None
    failure: str | None = None
    is_current: bool = False
    thumbs: Mapping[str | None, str] = field(default_factory=dict)


def found_view(
    found: EventsFound,
    *,
    now: datetime,
    language: Language,
    timezone: str,
    directions: str,
    compares: bool = False,
) -> FoundView:
    """What a turn found, for cards and map. `directions`: the setting `PULS_DIRECTIONS`; `compares`: it sets events side by side."""
    asked = asking(found.answer.understood.wish, Asked(), language, timezone)
    shown, fitting = len(found.events), found.answer.found.fitting
    is_all = bool(found.plans) or fitting <= shown or shown >= MOST or not found.answer.found.events
    return FoundView(
        cards=[card(one, now=now, language=language) for one in found.events],
        count=phrasing.count_words(
            shown, max(shown, fitting), language, most=MOST_COUNTED, beside=off_theme(found.events)
        ),
        offers=offers(Asked(), found.answer.relaxations, language=language, timezone=timezone),
        plans=[timeline(plan, directions=directions, language=language) for plan in found.plans],
        comparison=comparison(found.events, now=now, language=language) if compares else None,
        more=None if is_all else min(MOST, max(_MORE, shown + _MORE)),
        address=asked.address,
        results_address=None
        if found.plans
        else Search(text=sentence_of(found.answer.understood.wish, language, timezone)).address,
        week_address=None if found.plans or compares else week_address(asked),
    )


def offers(
    asked: Asked, counted: Iterable[CountedRelaxation], *, language: Language, timezone: str
) -> list[OfferView]:
    """What finds something: the changed wish is a question again."""
    return [
        OfferView(
            words=one.relaxation.en if language == "en" else one.relaxation.fr,
            count=one.count,
            question=sentence_of(one.relaxation.wish, language, timezone),
            address=asking(one.relaxation.wish, asked, language, timezone).address,
        )
        for one in counted
        if one.count
    ]


def refine_view(wish: Wish, *, timezone: str) -> RefineView:
    """The first interval only: a form with two dates cannot hold more."""
    zone = ZoneInfo(timezone)
    starts = ends = None
    if wish.when:
        first = wish.when[0]
        starts = first.start.astimezone(zone).date().isoformat()
        if first.end.year < _HORIZON_YEAR:  # later means « from then on »
            ends = (first.end.astimezone(zone) - timedelta(minutes=1)).date().isoformat()
    where = wish.where
    return RefineView(
        topic=wish.topic,
        starts=starts,
        ends=ends,
        place=where.label.split(" (")[0] if where else None,
        radius_km=_radius_km(where) if where else None,
        max_price=wish.max_price,
        is_free=bool(wish.free),
        ages=", ".join(map(str, wish.ages)),
        accessibility=frozenset(code.value for code in wish.accessibility),
        order=wish.order,
    )


def _radius_km(where: Where) -> float | None:
    return where.near.radius_km if where.near else where.around_visitor_km
