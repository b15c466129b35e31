"""What was seen and what the catalogue holds, made into one `Check`. Pure.

« Scheduled » is weak, whoever writes it: many never change it. « Cancelled », « postponed », « full » are strong where they
stand for this event and this date. A run's next date is no new date: a page that names another day than ours is not
about ours unless it says that ours moved. Enter at `judge`; `standing` weighs a check against the one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from puls.catalogue.event import Event, Occurrence
from puls.web_search.differences import (
    attendance_change,
    place_change,
    price_change,
    time_change,
)
from puls.web_search.proofs.seen import Seen
from puls.web_search.times import is_same, is_within, meant, moved, timezone_of, written
from puls.web_search.values import Against, Change, Check, Outcome, Proof, WebStatus

_SUREST_FIRST: Final = tuple(Proof)
_OVER: Final = frozenset({"time", "pace"})  # codes that say only that there was no time
_AT_AN_END: Final[Mapping[WebStatus, Outcome]] = {
    WebStatus.CANCELLED: Outcome.CANCELLED,
    WebStatus.POSTPONED: Outcome.POSTPONED,
    WebStatus.FULL: Outcome.FULL,
}
_STRONG_KEPT: Final = timedelta(days=2)  # a strong finding outweighs weak ones for so long
_NOTHING: Final = frozenset({Outcome.UNREADABLE, Outcome.NOT_CHECKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    outcome: Outcome
    is_strong: bool = False
    changes: tuple[Change, ...] = ()
    why_not: str = ""


def judge(event: Event, seen: Sequence[Seen], *, shown: Occurrence | None, now: datetime) -> Check:
    """The one check that all of `seen` comes to, for the performance `shown` or the next one.

    Strong statements come before weak ones, then the surer proof; what says otherwise stands in `against`. A statement
    that a surer place contradicts is not strong any more, except that a full event is still a scheduled one.
    """
    checks = [_check(event, one, meant(event, shown, now=now), now) for one in seen]
    told = sorted((one for one in checks if one.outcome not in _NOTHING), key=_weight)
    if not told:
        return _unread(event.uid, checks, now)
    first, *others = told
    against = tuple(_against(one) for one in others if one.outcome is not first.outcome)
    return replace(
        first, against=against, is_strong=first.is_strong and not _doubted(first, others)
    )


def not_checked(uid: str, *, now: datetime) -> Check:
    """There was no time for it."""
    return Check(uid=uid, outcome=Outcome.NOT_CHECKED, at=now, why_not="no_time")


def standing(before: Check | None, check: Check) -> Check:
    """What is true after `check`: a strong finding of a moment ago outlives weaker ones and pages that cannot be read.

    Only for two days, and never a later statement by a proof as sure as its own.
    """
    if before is None or not before.is_strong or before.outcome is Outcome.CONFIRMED:
        return check
    if check.at - before.at > _STRONG_KEPT or check.is_strong:
        return check
    if check.outcome in _NOTHING:
        return before
    # The portal's copy of what we hold already is no news, however sure a proof it would be otherwise.
    is_surer = check.proof is not Proof.PORTAL and _surety(check) <= _surety(before)
    return check if is_surer else replace(before, against=(*before.against, _against(check)))


def is_decided(check: Check, *, is_thorough: bool = False) -> bool:
    """Whether no further place needs to be looked at. A thorough look goes on after « toujours prévu »."""
    if not check.is_strong:
        return False
    return not (is_thorough and check.outcome is Outcome.CONFIRMED)


# One place -----------------------------------------------------------------------------------------------------------


def _check(event: Event, seen: Seen, shown: Occurrence | None, now: datetime) -> Check:
    found = _finding(event, seen, shown, now)
    url = event.attribution.url if seen.is_of_source and event.attribution.url else seen.url
    return Check(
        uid=event.uid,
        outcome=found.outcome,
        at=seen.at,
        proof=seen.proof,
        url=url,
        is_strong=found.is_strong,
        changes=found.changes,
        times=seen.times if seen.are_all_times else (),
        says=seen.says[:200],
        why_not=found.why_not,
        source_updated_at=seen.updated_at,
    )


def _finding(event: Event, seen: Seen, shown: Occurrence | None, now: datetime) -> _Finding:
    if seen.failure:
        return _Finding(outcome=Outcome.UNREADABLE, why_not=seen.failure)
    if seen.is_gone:
        return _Finding(outcome=Outcome.GONE, is_strong=seen.is_sure)
    if seen.is_of_source:
        return _by_source(event, seen, shown, now)
    return _by_page(event, seen, shown, now)


def _by_source(event: Event, seen: Seen, shown: Occurrence | None, now: datetime) -> _Finding:
    """OpenAgenda's own fields; a copy of them counts as far as it is newer than ours."""
    ours = event.attribution.updated_at
    is_strong = True
    if seen.proof is not Proof.AGENDA:
        if seen.updated_at is not None and ours is not None and seen.updated_at < ours:
            return _Finding(outcome=Outcome.UNREADABLE, why_not="older")
        is_strong = seen.updated_at is not None and (ours is None or seen.updated_at > ours)
    changes = [
        time_change(event, seen, shown, now=now),
        place_change(event, seen),
        attendance_change(event, seen),
    ]
    known = tuple(one for one in changes if one is not None)
    if (outcome := _AT_AN_END.get(seen.status)) is not None:
        return _Finding(outcome=outcome, is_strong=is_strong, changes=known)
    if not known and seen.status is WebStatus.RESCHEDULED and not seen.times and shown is not None:
        before = written(shown, timezone_of(event))
        known = (Change(what="date", before=before, now=""),)
    outcome = Outcome.CHANGED if known else Outcome.CONFIRMED
    return _Finding(outcome=outcome, is_strong=is_strong, changes=known)


def _by_page(event: Event, seen: Seen, shown: Occurrence | None, now: datetime) -> _Finding:
    zone = timezone_of(event)
    is_same_time = shown is not None and any(
        is_same(shown, one, zone, as_written=True) for one in seen.times
    )
    is_in_run = shown is not None and seen.run is not None and is_within(shown, seen.run, zone)
    is_whole = not seen.times and seen.run is None
    was_ours = shown is not None and _was(shown, seen)
    is_ours = shown is None or is_same_time or is_in_run or is_whole or was_ours
    if (outcome := _AT_AN_END.get(seen.status)) is not None:
        if not is_ours:
            return _Finding(outcome=Outcome.UNREADABLE, why_not="other_date")
        # « Complet » over a whole run may mean one evening of it.
        is_strong = not (outcome is Outcome.FULL and is_in_run and not is_same_time)
        return _Finding(outcome=outcome, is_strong=is_strong)
    if seen.status is WebStatus.RESCHEDULED and shown is not None and not is_same_time:
        return _rescheduled(event, seen, shown, now, is_in_run=is_in_run, was_ours=was_ours)
    if not is_ours:
        change = _another_hour(event, seen, shown, now)
        if change is None:
            return _Finding(outcome=Outcome.UNREADABLE, why_not="other_date")
        return _Finding(outcome=Outcome.CHANGED, changes=(change,))
    changes = [attendance_change(event, seen), place_change(event, seen), price_change(event, seen)]
    known = tuple(one for one in changes if one is not None)
    is_online_now = seen.status is WebStatus.MOVED_ONLINE and bool(known)
    return _Finding(
        outcome=Outcome.CHANGED if known else Outcome.CONFIRMED,
        is_strong=is_online_now,
        changes=known,
    )


def _rescheduled(
    event: Event, seen: Seen, shown: Occurrence, now: datetime, *, is_in_run: bool, was_ours: bool
) -> _Finding:
    """« Reprogrammé »: strong where it is surely our date that moved, and nothing where a run still covers it."""
    zone = timezone_of(event)
    if is_in_run and not was_ours:
        return _Finding(outcome=Outcome.CONFIRMED)
    if not seen.times:
        before = written(shown, zone)
        return _Finding(
            outcome=Outcome.CHANGED,
            is_strong=was_ours,
            changes=(Change(what="date", before=before, now=""),),
        )
    is_single = len(event.occurrences) == 1 and len(seen.times) == 1
    change = moved(shown, seen.times, zone, now=now)
    is_strong = was_ours or (is_single and seen.previous_start is None)
    return _Finding(outcome=Outcome.CHANGED, is_strong=is_strong, changes=(change,))


def _another_hour(
    event: Event, seen: Seen, shown: Occurrence | None, now: datetime
) -> Change | None:
    """The same day at least an hour apart, where both tell of one performance; less may be doors and show."""
    if shown is None or len(seen.times) != 1 or not seen.times[0].has_time:
        return None
    zone = timezone_of(event)
    change = moved(shown, seen.times, zone, now=now)
    apart = abs(seen.times[0].starts_at - shown.starts_at)
    is_alone = sum(one.starts_at.date() == shown.starts_at.date() for one in event.occurrences) <= 1
    return change if change.what == "hour" and is_alone and apart >= timedelta(hours=1) else None


def _was(shown: Occurrence, seen: Seen) -> bool:
    """Whether the page says that it moved from our date."""
    if seen.previous_start is None:
        return False
    return abs(seen.previous_start - shown.starts_at) < timedelta(hours=24)


# Several places ------------------------------------------------------------------------------------------------------


def _surety(check: Check) -> int:
    return _SUREST_FIRST.index(check.proof) if check.proof else len(_SUREST_FIRST)


def _weight(check: Check) -> tuple[bool, bool, int]:
    """Strong news first, then strong confirmations, then the rest; of each the surest place."""
    is_news = check.is_strong and check.outcome is not Outcome.CONFIRMED
    return not is_news, not check.is_strong, _surety(check)


def _doubted(first: Check, others: Sequence[Check]) -> bool:
    """Whether a surer place says otherwise, and strongly."""
    if first.outcome is Outcome.FULL:
        return False
    return any(
        one.is_strong and one.outcome is not first.outcome and _surety(one) < _surety(first)
        for one in others
    )


def _against(check: Check) -> Against:
    assert check.proof is not None
    return Against(outcome=check.outcome, proof=check.proof, url=check.url or "", at=check.at)


def _unread(uid: str, checks: Sequence[Check], now: datetime) -> Check:
    """Nothing told anything, and why not: by the last place that was tried, unless there was no time for the surest."""
    if not checks:
        return Check(uid=uid, outcome=Outcome.UNREADABLE, at=now, why_not="no_link")
    tried = [one for one in checks if one.why_not not in _OVER]
    if not tried or min(checks, key=_surety).why_not in _OVER:
        return not_checked(uid, now=now)
    return tried[-1]
