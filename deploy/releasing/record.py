"""What a release remembers between two calls, so that one cut short is carried on or taken back. Values only.

Kept as JSON in one parameter of the environment (`Cloud.read_record`); its history there says who came after whom.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

BUSY_FOR = timedelta(
    minutes=3
)  # a release says that it lives every `_BEAT` (release.py); three times that long


class Stage(StrEnum):
    """Where a release stands; the first three are « under way »."""

    ROLLING = "rolling"  # services are being pointed to the new version
    WATCHING = "watching"  # all of it serves; questions and alarms decide
    TAKING_BACK = "taking back"
    KEPT = "kept"
    TAKEN_BACK = "taken back"
    HELD = "held"  # bad, and the version before may not be started: a person decides


UNDER_WAY = frozenset({Stage.ROLLING, Stage.WATCHING, Stage.TAKING_BACK})


class RecordError(ValueError):
    """The record of the last release cannot be read; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One release of one environment.

    Attributes:
        image: with its digest (`…@sha256:…`).
        schema: number of the newest migration inside, such as "0061"; empty: unknown.
        before: per service the task definition that served when it began.
        before_schema: of the version that `before` runs; empty: unknown.
        after: per service the task definition made for it, as far as they are made.
        beat_at: when whoever carries it out was last seen, UTC.
    """

    stage: Stage
    version: str
    image: str
    schema: str
    before: Mapping[str, str]
    before_schema: str = ""
    after: Mapping[str, str] = field(default_factory=dict)
    began_at: datetime
    beat_at: datetime
    reason: str = ""

    @property
    def is_under_way(self) -> bool:
        """Begun and neither kept nor given up."""
        return self.stage in UNDER_WAY

    @property
    def may_go_back(self) -> bool:
        """An earlier Puls refuses to start on a newer schema (docs/how-to/roll-back.md); unknown schemas count as the same."""
        return not (self.schema and self.before_schema) or self.schema <= self.before_schema

    def is_held_by_another(self, *, now: datetime) -> bool:
        """Somebody works on it at this moment."""
        return self.is_under_way and now - self.beat_at < BUSY_FOR

    def at(self, stage: Stage, *, now: datetime, reason: str = "") -> "Record":
        """The same release, further on."""
        return replace(self, stage=stage, beat_at=now, reason=reason or self.reason)

    def told(self) -> str:
        """As JSON, for `read`."""
        return json.dumps(
            {
                **asdict(self),
                "began_at": self.began_at.isoformat(),
                "beat_at": self.beat_at.isoformat(),
            },
            ensure_ascii=False,
        )


def read(text: str) -> Record:
    """Raises RecordError."""
    try:
        fields: dict[str, Any] = json.loads(text)
        for one in ("began_at", "beat_at"):
            fields[one] = datetime.fromisoformat(fields[one])
        fields["stage"] = Stage(fields["stage"])
        return Record(**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordError(f"The record of the last release cannot be read: {error}") from error
