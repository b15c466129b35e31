"""Which jobs run when, from two settings: sources to keep fresh, and what differs from the usual schedules. Pure.

Enter at `read_plan`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from puls.errors import InvalidInputError, NotFoundError
from puls.jobs.kinds import KINDS, OFF, JobName
from puls.jobs.schedules import HOW_TO_WRITE, Schedule, read_schedule

_SOURCE: Final = re.compile(
    r"(?P<source>openagenda(?: full)?(?:: ?(?P<place>[^:;]+?))?|agenda: ?\d{1,19}|file(?: full)?: ?[^;]+?)"
    r" (?P<schedule>(?:every|daily|weekly|cron) .+|off)",
    re.IGNORECASE,
)
_NEEDS_SOURCES: Final = frozenset(
    {"warm"}
)  # asks the outside, which a desk does not unless told to
HOW_TO_NAME: Final = (
    "write sources with their schedules, separated by `;`, such as `openagenda: Rhône every 1h; agenda: 12345 every 30m; "
    "file: /data/events.jsonl daily at 05:00`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What runs by itself, by the job's whole name."""

    schedules: Mapping[str, Schedule] = field(default_factory=dict)


def read_plan(*, sync: str, jobs: str, timezone: str) -> Plan:
    """The plan that PULS_SYNC (`sync`), PULS_JOBS (`jobs`) and the usual schedules make; `timezone` is an IANA name.

    Raises:
        InvalidInputError: a setting cannot be read; names it and says how to write it.
    """
    sources = dict(_sources(sync, timezone))
    if jobs.strip().lower() == OFF:
        return Plan(schedules=sources)
    own = dict(_own(jobs))
    usual = {
        kind.name: OFF if kind.name in _NEEDS_SOURCES and not sources else kind.schedule
        for kind in KINDS.values()
        if not kind.needs_about
    }
    schedules = {
        name: read_schedule(text, timezone=timezone)
        for name, text in (usual | own).items()
        if text != OFF
    }
    return Plan(schedules=sources | schedules)


def _sources(text: str, timezone: str) -> Iterator[tuple[str, Schedule]]:
    seen: set[str] = set()
    for part in filter(None, map(str.strip, text.split(";"))):
        words = " ".join(part.split())
        found = _SOURCE.fullmatch(words)
        if found is None:
            raise InvalidInputError(f"PULS_SYNC: {words!r} cannot be read; {HOW_TO_NAME}.")
        about = _as_named(found["source"])
        job = str(JobName(kind="sync", about=about))
        if job in seen:
            raise InvalidInputError(f"PULS_SYNC names {about!r} twice; give it one schedule.")
        seen.add(job)
        if found["schedule"].lower() != OFF:
            yield job, _schedule("PULS_SYNC", found["schedule"], timezone)


def _as_named(source: str) -> str:
    """One spelling: a source written twice is one source."""
    kind, colon, rest = source.partition(":")
    return f"{kind.lower()}{colon} {rest.strip()}".strip()


def _own(text: str) -> Iterator[tuple[str, str]]:
    separator = ";" if ";" in text else ","
    for part in filter(None, map(str.strip, text.split(separator))):
        name, _, schedule = " ".join(part.split()).partition(" ")
        try:
            kind = KINDS[JobName.read(name).kind]
        except (NotFoundError, InvalidInputError) as error:
            meant = "; sources have PULS_SYNC" if name == "sync" else ""
            raise InvalidInputError(f"PULS_JOBS: {error}{meant}") from error
        if not schedule:
            raise InvalidInputError(f"PULS_JOBS: {kind.name} has no schedule; {HOW_TO_WRITE}.")
        if schedule.lower() != OFF:
            _schedule("PULS_JOBS", schedule, "UTC")
        yield kind.name, schedule.lower()


def _schedule(setting: str, text: str, timezone: str) -> Schedule:
    try:
        return read_schedule(text, timezone=timezone)
    except InvalidInputError as error:
        raise InvalidInputError(f"{setting}: {error}") from error
