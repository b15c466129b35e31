"""An answer corrected by what was just seen. Pure.

Strong findings decide: what is cancelled, postponed or gone leaves the answer, unless it was asked for by name; the rest is
marked. Weak findings only mark. Enter at `corrected`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from puls.catalogue.event import Event, Interval, Occurrence
from puls.web_search.times import TOLERANCE, timezone_of
from puls.web_search.values import Check, Outcome, WebTime

_OUT: Final = frozenset({Outcome.CANCELLED, Outcome.POSTPONED, Outcome.GONE})
_A_WHILE: Final = timedelta(hours=2)  # how long a performance is taken to last that does not say


class Shown(Protocol):
    """A result: an event with the performance that answers."""

    @property
    def event(self) -> Event: ...
    @property
    def occurrence(self) -> Occurrence: ...


Result = TypeVar("Result", bound=Shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Generic[Result]):
    """A result with what was seen of it; `moved_to` is the performance to tell of now, where its source gives another."""

    result: Result
    check: Check | None = None
    moved_to: WebTime | None = None

    @property
    def occurrence(self) -> Occurrence:
        """The performance to show: the one in the catalogue, or where it went."""
        if self.moved_to is None:
            return self.result.occurrence
        return occurrence_of(self.moved_to, timezone_of(self.result.event))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedAnswer(Generic[Result]):
    """`kept` in their order; `left_out` to be told of in a sentence, not to be proposed."""

    kept: tuple[Corrected[Result], ...]
    left_out: tuple[Corrected[Result], ...] = ()


def corrected(
    found: Sequence[Result],
    checks: Iterable[Check],
    *,
    during: Sequence[Interval] = (),
    named: Collection[str] = (),
) -> CorrectedAnswer[Result]:
    """`found` as it stands after `checks`.

    `during`: when the visitor wants to go; what moved out of it is left out. `named`: uids of events that were asked for
    themselves, which are told whatever became of them.
    """
    by_uid: Mapping[str, Check] = {check.uid: check for check in checks}
    kept: list[Corrected[Result]] = []
    left_out: list[Corrected[Result]] = []
    for result in found:
        one = _corrected(result, by_uid.get(result.event.uid))
        is_out = _is_out(one, during) and result.event.uid not in named
        (left_out if is_out else kept).append(one)
    return CorrectedAnswer(kept=tuple(kept), left_out=tuple(left_out))


def occurrence_of(time: WebTime, zone: ZoneInfo) -> Occurrence:
    """A time seen on the web as an occurrence; two hours long where its end is not known, a day where its hour is not."""
    if not time.has_time:
        day = time.starts_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return Occurrence(starts_at=day, ends_at=day + timedelta(days=1), is_day_known_only=True)
    return Occurrence(starts_at=time.starts_at, ends_at=time.ends_at or time.starts_at + _A_WHILE)


def _corrected(result: Result, check: Check | None) -> Corrected[Result]:
    if check is None or not any(one.what in {"date", "hour"} for one in check.changes):
        return Corrected(result=result, check=check)
    start = next(one.now for one in check.changes if one.what in {"date", "hour"})
    return Corrected(result=result, check=check, moved_to=_time_named(start, check))


def _time_named(start: str, check: Check) -> WebTime | None:
    """The performance that a change names, if the check's source is one to go by."""
    if not check.is_strong or not start:
        return None
    try:
        at = datetime.fromisoformat(start)
    except ValueError:
        return None
    if at.tzinfo is None:  # a day
        named = [
            one for one in check.times if not one.has_time and one.starts_at.date() == at.date()
        ]
        return next(iter(named), None)
    named = [one for one in check.times if abs(one.starts_at - at) <= TOLERANCE]
    return next(iter(named), WebTime(starts_at=at))


def _is_out(one: Corrected[Result], during: Sequence[Interval]) -> bool:
    check = one.check
    if check is None or not check.is_strong:
        return False
    if check.outcome in _OUT:
        return True
    if one.moved_to is None or not during:
        return False
    occurrence = one.occurrence
    open_then = Interval(occurrence.starts_at, occurrence.ends_at)
    return not any(open_then.overlaps(interval) for interval in during)
