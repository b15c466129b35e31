"""When what is done: stories on working days, by who is free, and the critical path. Pure; the plan's own dates and the backlog decide.

Two paths are told: the longest chain of dependencies (nobody added could shorten it), and the chain that really ends last with
the people there are. Enter at `schedule_of`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from study.planned.loading import StudyError
from study.planned.models import Backlog, Plan, Story

_ORDER: Final = {"mvp0": 0, "mvp1": 1, "later": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A story in time. Days are working days since the start (fractions of one); dates include both ends."""

    story: Story
    person: str
    begins: float
    ends: float
    first_day: date
    last_day: date
    waits_for: str | None  # the story that decided when this one begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Everything, in the order of the start; paths from the first story to the last."""

    stories: tuple[Scheduled, ...]
    critical_path: tuple[str, ...]
    critical_days: float
    last_chain: tuple[str, ...]
    milestones: Mapping[str, date]
    busy: Mapping[str, float]  # share of the time until the end, by person

    def of(self, story: str) -> Scheduled:
        return next(one for one in self.stories if one.story.id == story)


def schedule_of(backlog: Backlog, plan: Plan) -> Schedule:
    """The schedule with the people of the plan, at PERT's mean divided by what of a day goes to stories.

    Raises:
        StudyError: stories wait for each other in a circle.
    """
    ordered = _in_order(backlog.stories)
    calendar = _Calendar(plan)
    placed = _placed(ordered, plan, calendar)
    days = {one.id: _days(one, plan) for one in ordered}
    critical, length = _longest(ordered, days)
    last = max(placed.values(), key=lambda one: one.ends)
    return Schedule(
        stories=tuple(sorted(placed.values(), key=lambda one: (one.begins, one.story.id))),
        critical_path=critical,
        critical_days=round(length, 1),
        last_chain=_chain(last, placed),
        milestones={
            milestone: max(one.last_day for one in placed.values() if one.story.milestone == milestone)
            for milestone in _ORDER
            if any(one.story.milestone == milestone for one in placed.values())
        },
        busy=_busy(placed.values(), last.ends),
    )  # fmt: skip


class _Calendar:
    """Working days of the plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._days: list[date] = []

    def day(self, number: float) -> date:
        """The day in which this moment falls."""
        while len(self._days) <= int(number):
            self._days.append(self._next())
        return self._days[int(number)]

    def _next(self) -> date:
        at = self._days[-1] + timedelta(days=1) if self._days else self._plan.start
        while (
            at.weekday() not in self._plan.working_days.weekdays
            or at in self._plan.working_days.holidays
        ):
            at += timedelta(days=1)
        return at


def _days(story: Story, plan: Plan) -> float:
    return story.expected_days / plan.availability


def _in_order(stories: Sequence[Story]) -> list[Story]:
    """What waits comes after; earlier milestones first, then the order of the file."""
    rank = {one.id: (_ORDER[one.milestone], number) for number, one in enumerate(stories)}
    left, done, ordered = {one.id: one for one in stories}, set[str](), list[Story]()
    while left:
        free = [one for one in left.values() if set(one.after) <= done]
        if not free:
            raise StudyError(f"In a circle: {', '.join(sorted(left))} wait for each other.")
        chosen = min(free, key=lambda one: rank[one.id])
        ordered.append(left.pop(chosen.id))
        done.add(chosen.id)
    return ordered


def _placed(ordered: Sequence[Story], plan: Plan, calendar: _Calendar) -> dict[str, Scheduled]:
    free = {
        f"{role.id} {number}": 0.0 for role in plan.roles for number in range(1, role.people + 1)
    }
    before: dict[str, str | None] = dict.fromkeys(free)
    placed: dict[str, Scheduled] = {}
    for story in ordered:
        ready, because = 0.0, None
        for one in story.after:
            if placed[one].ends > ready:
                ready, because = placed[one].ends, one
        person = min(
            (name for name in free if name.rsplit(" ", 1)[0] == story.role),
            key=lambda name: (max(free[name], ready), name),
        )
        if free[person] > ready:
            because = before[person]
        begins = max(free[person], ready)
        ends = begins + _days(story, plan)
        placed[story.id] = Scheduled(
            story=story, person=person, begins=round(begins, 4), ends=round(ends, 4),
            first_day=calendar.day(begins), last_day=calendar.day(max(begins, ends - 1e-6)), waits_for=because,
        )  # fmt: skip
        free[person], before[person] = ends, story.id
    return placed


def _longest(ordered: Sequence[Story], days: Mapping[str, float]) -> tuple[tuple[str, ...], float]:
    """The longest chain of dependencies."""
    length: dict[str, float] = {}
    came: dict[str, str | None] = {}
    for story in ordered:
        before = max(story.after, key=lambda one: length[one], default=None)
        came[story.id] = before
        length[story.id] = days[story.id] + (length[before] if before else 0.0)
    end = max(length, key=lambda one: length[one])
    path: list[str] = []
    at: str | None = end
    while at is not None:
        path.append(at)
        at = came[at]
    return tuple(reversed(path)), length[end]


def _chain(last: Scheduled, placed: Mapping[str, Scheduled]) -> tuple[str, ...]:
    def back() -> Iterator[str]:
        at: Scheduled | None = last
        while at is not None:
            yield at.story.id
            at = placed[at.waits_for] if at.waits_for else None

    return tuple(reversed(list(back())))


def _busy(placed: Iterable[Scheduled], until: float) -> dict[str, float]:
    worked: dict[str, float] = {}
    for one in placed:
        worked[one.person] = worked.get(one.person, 0.0) + one.ends - one.begins
    return {person: round(days / until, 3) for person, days in sorted(worked.items())}
