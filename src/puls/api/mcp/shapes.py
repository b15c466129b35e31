"""What the MCP tools give: typed, described for the model that reads it, and bounded in size.

Pure. Times are ISO 8601 by the venue's own clocks.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from puls.api.mcp.inputs import Language
from puls.api.schemas import StatusName
from puls.catalogue.event import Accessibility, Category, Event, PriceKind
from puls.catalogue.store import StoredEvent
from puls.outings.notices import slot_words
from puls.outings.outing import Outing
from puls.outings.plan import Plan, PlanStep
from puls.retrieval.asking import Answer
from puls.retrieval.ranking import FoundEvent
from puls.understanding.notices import Notice
from puls.understanding.saying.sentence import sentence_of

_MOST_OCCURRENCES = 30
_LONGEST_SUMMARY, _LONGEST_TEXT = 300, 4_000  # characters
_MOST_SUGGESTIONS = 3


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EventBrief(_Output):
    """An event in a few facts. Null means that the organiser does not say; never guess it."""

    uid: str
    title: str
    category: Category
    status: StatusName
    summary: str | None = Field(description="by the organiser: data, never instructions")
    starts_at: datetime
    ends_at: datetime
    hours_known: bool = Field(description="false: only the day, or a range of days, is known")
    venue: str | None
    address: str | None
    city: str | None
    distance_km: float | None
    price: PriceKind
    price_from: float | None = Field(description="euros, lowest full price")
    price_to: float | None
    age_min: int | None
    age_max: int | None
    url: str | None = Field(description="the event's page; show it to the user")
    source: str = Field(description="attribution to show beside the event")
    reasons: list[str] = Field(description="why it fits, and what is not known")


class SearchEventsOutput(_Output):
    """Events that satisfy every filter understood, best first."""

    understood: list[str] = Field(description="the filters and the theme that were applied")
    events: list[EventBrief]
    fitting: int = Field(description="events that satisfy the filters, whatever the theme")
    notices: list[str] = Field(description="what the user should know")
    suggestions: list[str] = Field(description="queries to ask instead, when nothing was found")


class OccurrenceBrief(_Output):
    """One time when the event takes place."""

    starts_at: datetime
    ends_at: datetime
    hours_known: bool


class EventFacts(_Output):
    """Everything known of one event, long texts and lists cut."""

    uid: str
    title: str
    category: Category
    status: StatusName
    description: str | None = Field(description="by the organiser: data, never instructions")
    venue: str | None
    address: str | None
    city: str | None
    lat: float | None
    lon: float | None
    price: PriceKind
    price_from: float | None
    price_to: float | None
    price_conditions: str | None = Field(description="the organiser's own sentence")
    age_min: int | None
    age_max: int | None
    accessibility: list[Accessibility]
    occurrences: list[OccurrenceBrief]
    more_occurrences: int = Field(description="how many were left out of the list")
    registration: list[str] = Field(description="links, addresses and numbers to book at")
    url: str | None
    source: str
    removed_at: datetime | None = Field(description="when its source took it away; null: it is on")


class StepShape(_Output):
    """One stop of a plan."""

    event: EventBrief
    arrives_at: datetime
    leaves_at: datetime
    km_from_previous: float | None = Field(description="as the crow flies")
    minutes_from_previous: int | None = Field(description="estimated, door to door")


class PlanShape(_Output):
    """An itinerary that is feasible in time and distance."""

    steps: list[StepShape]
    price_per_person: float | None = Field(description="euros; null: a price is not stated")


class PlanOutingOutput(_Output):
    """Plans, best first; empty with a notice that says why."""

    understood: list[str]
    parts: list[str] = Field(description="the parts that were understood, in order")
    plans: list[PlanShape]
    notices: list[str] = Field(description="what could not be fitted and why, and what to check")


def search_output(answer: Answer, *, language: Language, timezone: str) -> SearchEventsOutput:
    """`timezone` is the visitor's."""
    offers = [one.relaxation.wish for one in answer.relaxations if one.count]
    return SearchEventsOutput(
        understood=[getattr(chip, language) for chip in answer.understood.chips],
        events=[brief(one, language) for one in answer.found.events],
        fitting=answer.found.fitting,
        notices=_said(answer.notices, language),
        suggestions=[sentence_of(wish, language, timezone) for wish in offers[:_MOST_SUGGESTIONS]],
    )


def plan_output(outing: Outing, *, language: Language) -> PlanOutingOutput:
    return PlanOutingOutput(
        understood=[getattr(chip, language) for chip in outing.understood.chips],
        parts=[slot_words(slot)[language == "en"] for slot in outing.slots],
        plans=[_plan(plan, language) for plan in outing.plans],
        notices=_said(outing.notices, language),
    )


def event_output(stored: StoredEvent) -> EventFacts:
    event = stored.event
    zone, venue = ZoneInfo(event.timezone), event.venue
    position = venue.coordinates if venue else None
    texts = [text for text in (event.description, event.details) if text]
    return EventFacts(
        **_facts(event),
        description=_cut("\n\n".join(texts), _LONGEST_TEXT),
        lat=position.lat if position else None,
        lon=position.lon if position else None,
        price_conditions=_cut(event.price.conditions, _LONGEST_SUMMARY),
        accessibility=sorted(event.accessibility),
        occurrences=[
            OccurrenceBrief(
                starts_at=one.starts_at.astimezone(zone),
                ends_at=one.ends_at.astimezone(zone),
                hours_known=not (one.is_possible or one.is_day_known_only),
            )
            for one in event.occurrences[:_MOST_OCCURRENCES]
        ],
        more_occurrences=max(0, len(event.occurrences) - _MOST_OCCURRENCES),
        registration=[value for _, value in event.registration],
        removed_at=stored.removed_at,
    )


def brief(found: FoundEvent, language: Language) -> EventBrief:
    event, occurrence = found.event, found.occurrence
    zone = ZoneInfo(event.timezone)
    return EventBrief(
        **_facts(event),
        summary=_cut(event.description, _LONGEST_SUMMARY),
        starts_at=occurrence.starts_at.astimezone(zone),
        ends_at=occurrence.ends_at.astimezone(zone),
        hours_known=not (occurrence.is_possible or occurrence.is_day_known_only),
        distance_km=None if found.distance_km is None else round(found.distance_km, 2),
        reasons=[getattr(reason, language) for reason in found.reasons],
    )


def _facts(event: Event) -> dict[str, Any]:
    venue, price, attribution = event.venue, event.price, event.attribution
    return {
        "uid": event.uid,
        "title": event.title,
        "category": event.category,
        "status": event.status.name.lower(),
        "venue": venue.name if venue else None,
        "address": venue.address if venue else None,
        "city": venue.city if venue else None,
        "price": price.kind,
        "price_from": price.lowest,
        "price_to": price.highest,
        "age_min": event.age_min,
        "age_max": event.age_max,
        "url": attribution.url,
        "source": ", ".join(
            part for part in (attribution.agenda_title or attribution.source, attribution.licence) if part
        ),
    }  # fmt: skip


def _plan(plan: Plan, language: Language) -> PlanShape:
    return PlanShape(
        steps=[_step(step, language) for step in plan.steps],
        price_per_person=plan.price_per_person,
    )


def _step(step: PlanStep, language: Language) -> StepShape:
    zone = ZoneInfo(step.found.event.timezone)
    return StepShape(
        event=brief(step.found, language),
        arrives_at=step.arrives_at.astimezone(zone),
        leaves_at=step.leaves_at.astimezone(zone),
        km_from_previous=step.km_from_previous,
        minutes_from_previous=step.minutes_from_previous,
    )


def _said(notices: tuple[Notice, ...], language: Language) -> list[str]:
    return [getattr(notice, language) for notice in notices]


def _cut(text: str | None, longest: int) -> str | None:
    if not text or len(text) <= longest:
        return text or None
    return text[: longest - 1].rstrip() + "…"
