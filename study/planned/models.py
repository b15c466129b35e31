"""The forms of `study/*.yaml`. What is missing, unknown or of another type is refused by name; a story has criteria and an estimate."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Milestone = Literal["mvp0", "mvp1", "later"]
Status = Literal["built", "partial", "open"]
Text = Annotated[str, Field(min_length=1)]
Days = Annotated[float, Field(gt=0, le=60)]


class Strict(BaseModel):
    """Nothing more, nothing less, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """A place in this repository: the file, the heading under which it stands, and words that must still be there."""

    file: Text
    heading: str | None = None
    quote: Text


class Epic(Strict):
    id: Text
    name: Text
    goal: Text


class Story(Strict):
    """One story. `days`: optimistic, likely, pessimistic, of one person of the role."""

    id: Text
    epic: Text
    title: Text
    milestone: Milestone
    role: Text
    days: tuple[Days, Days, Days]
    after: tuple[str, ...]
    criteria: Annotated[tuple[Text, ...], Field(min_length=1)]
    status: Status
    proof: Text

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        low, likely, high = self.days
        if not low <= likely <= high:
            raise ValueError(f"{self.id}: an estimate is optimistic ≤ likely ≤ pessimistic.")
        return self

    @property
    def expected_days(self) -> float:
        """PERT's mean."""
        low, likely, high = self.days
        return (low + 4 * likely + high) / 6


class Backlog(Strict):
    date: dt.date
    estimates_are: Literal["hypothesis"]
    epics: tuple[Epic, ...]
    stories: tuple[Story, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ids = [one.id for one in self.stories]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"twice in the backlog: {', '.join(twice)}.")
        epics = {one.id for one in self.epics}
        for one in self.stories:
            if one.epic not in epics:
                raise ValueError(f"{one.id}: there is no epic {one.epic!r}.")
            if unknown := sorted(set(one.after) - set(ids)):
                raise ValueError(f"{one.id} waits for {', '.join(unknown)}, which nobody does.")
        return self


class WorkingDays(Strict):
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...]
    holidays: tuple[dt.date, ...]


class Role(Strict):
    id: Text
    name: Text
    people: Annotated[int, Field(ge=1)]
    day_rate_eur: Annotated[float, Field(gt=0)]
    source: Text


class Simulation(Strict):
    draws: Annotated[int, Field(ge=100, le=100_000)]
    seed: int
    common_factor: tuple[float, float, float]


class OtherCost(Strict):
    id: Text
    name: Text
    eur: Annotated[float, Field(ge=0)]
    source: Text


class MilestonePlan(Strict):
    id: Milestone
    name: Text
    goal: Text
    acceptance: Annotated[tuple[Text, ...], Field(min_length=1)]
    deliverables: Annotated[tuple[Text, ...], Field(min_length=1)]


class Ritual(Strict):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    name: Text
    every: Text
    minutes: Annotated[int, Field(gt=0)]
    who: tuple[str, ...]
    with_: str | None = Field(default=None, alias="with")


Letter = Literal["R", "A", "C", "I"]


class Responsibility(Strict):
    """A row of the RACI; `client` is Puls-Events."""

    what: Text
    lead: Letter
    backend: Letter
    ai: Letter
    data: Letter
    ops: Letter
    frontend: Letter
    product: Letter
    ux: Letter
    dpo: Letter
    client: Letter

    @property
    def letters(self) -> dict[str, str]:
        return {name: value for name, value in self.model_dump().items() if name != "what"}

    @model_validator(mode="after")
    def _one_answers(self) -> Self:
        letters = list(self.letters.values())
        if letters.count("A") != 1 or "R" not in letters:
            raise ValueError(f"{self.what}: exactly one A, and somebody who does it.")
        return self


class Message(Strict):
    audience: Text
    what: Text
    channel: Text
    every: Text
    owner: Text


class Plan(Strict):
    date: dt.date
    start: dt.date
    working_days: WorkingDays
    availability: Annotated[float, Field(gt=0, le=1)]
    roles: tuple[Role, ...]
    simulation: Simulation
    other_build_costs: tuple[OtherCost, ...]
    milestones: tuple[MilestonePlan, ...]
    rhythm: tuple[Ritual, ...]
    raci: tuple[Responsibility, ...]
    communication: tuple[Message, ...]


Score = Annotated[int, Field(ge=1, le=5)]


class Risk(Strict):
    id: Text
    title: Text
    kind: Text
    probability: Score
    impact: Score
    owner: Text
    trigger: Text
    prevention: Text
    answer: Text
    proof: Text

    @property
    def criticality(self) -> int:
        return self.probability * self.impact


class Risks(Strict):
    date: dt.date
    risks: Annotated[tuple[Risk, ...], Field(min_length=1)]


class Persona(Strict):
    id: Text
    name: Text
    kind: Text
    is_hypothesis: Literal[True]
    asks: Text
    must_get: Text


class Observation(Strict):
    what: Text
    persona: Text
    source: Source


class Need(Strict):
    id: Text
    text: Text
    who: Annotated[tuple[Text, ...], Field(min_length=1)]
    priority: Literal["must", "should", "could"]
    epic: Text


class Moscow(Strict):
    must: tuple[str, ...]
    should: tuple[str, ...]
    could: tuple[str, ...]
    wont: tuple[Text, ...]


class Criterion(Strict):
    """A measure of success. `today` None: not measured, and `why_unknown` says so. `baseline`: the POC's."""

    id: Text
    name: Text
    unit: str
    better: Literal["higher", "lower"]
    target: float
    today: float | None
    baseline: float | None = None
    why_unknown: str | None = None
    source: Source

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if (self.today is None) != (self.why_unknown is not None):
            raise ValueError(f"{self.id}: what was not measured says why, and nothing else does.")
        return self

    @property
    def met(self) -> bool | None:
        """None while nobody measured it."""
        if self.today is None:
            return None
        return self.today >= self.target if self.better == "higher" else self.today <= self.target


class Needs(Strict):
    date: dt.date
    personas: tuple[Persona, ...]
    observed: tuple[Observation, ...]
    needs: tuple[Need, ...]
    moscow: Moscow
    criteria: tuple[Criterion, ...]
