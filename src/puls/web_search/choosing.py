"""Which events are worth a look on the web before they are shown. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from puls.catalogue.event import Event, Occurrence
from puls.web_search.times import meant
from puls.web_search.values import Check, Outcome
from puls.web_search.verifying import FRESH

SOON: Final = timedelta(
    hours=48
)  # issue 12: « the top results are within 48 h and their record is old »
OLD: Final = timedelta(hours=24)
MOST: Final = (
    5  # five agendas are five requests to one host: the most that its pace allows in three seconds
)
_UNREAL_SOURCES: Final = frozenset(
    {"sample"}
)  # invented events have no page that could say anything


def worth_checking(
    found: Sequence[Event],
    *,
    now: datetime,
    read_at: Mapping[str, datetime],
    shown: Mapping[str, Occurrence] | None = None,
    checked: Mapping[str, Check] | None = None,
    most: int = MOST,
) -> tuple[Event, ...]:
    """Those of `found` (best first) that start within 48 hours, or are on now, and may have changed unnoticed.

    That is: their source (`read_at`, by name) was not read to its end in the last 24 hours, nor was the event checked in
    the last ten minutes; or a strong finding stands that its record does not say yet. The nearest first, at most `most`.
    """
    worth = []
    for event in found:
        performance = meant(event, (shown or {}).get(event.uid), now=now)
        if performance is None or event.attribution.source in _UNREAL_SOURCES:
            continue
        check = (checked or {}).get(event.uid)
        is_soon = performance.starts_at - now <= SOON and performance.ends_at > now
        if (
            is_soon
            and not _is_fresh(check, now)
            and (_is_old(event, read_at, now) or _is_open(check))
        ):
            worth.append((performance.starts_at, event))
    worth.sort(key=lambda one: one[0])
    return tuple(event for _, event in worth[:most])


def can_be_checked(event: Event) -> bool:
    """Whether there is anywhere to look: an invented event has nothing but invented addresses."""
    return event.attribution.source not in _UNREAL_SOURCES


def _is_old(event: Event, read_at: Mapping[str, datetime], now: datetime) -> bool:
    read = read_at.get(event.attribution.source)
    return read is None or now - read > OLD


def _is_fresh(check: Check | None, now: datetime) -> bool:
    return check is not None and now - check.at < FRESH


def _is_open(check: Check | None) -> bool:
    return check is not None and check.is_strong and check.outcome is not Outcome.CONFIRMED
