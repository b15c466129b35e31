"""Deciding and acting: point, wait, ask, watch; keep or take back. Every wait has a limit.

Enter at `Releasing.deploy` (new, or carrying on one that was cut short) and `Releasing.back`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from deploy.releasing.cloud import Cloud, CloudError
from deploy.releasing.record import Record, Stage

SERVICES = ("api", "worker")  # in this order: what visitors do not see comes last
_BEAT = timedelta(minutes=1)
_TWICE = 2  # so many bad rounds in a row while watching: one lost connection is no bad version


class Judge(Protocol):
    """Says what is wrong now, a sentence each."""

    def wrong(self) -> list[str]: ...


class BusyError(RuntimeError):
    """Another call carries out a release of this environment at this moment."""


class CannotGoBackError(RuntimeError):
    """The version before may not be started: the database has a newer schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`settle`: until the new tasks serve; `watch`: how long it is looked at before it is kept; `round`: between two looks."""

    settle: timedelta = timedelta(minutes=15)
    watch: timedelta = timedelta(minutes=10)
    round: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to bring into service. `schema`: as `Record.schema`."""

    version: str
    image: str
    schema: str = ""
    may_change_schema: bool = False


class Releasing:
    """One environment. `questions` are asked of the new version, `burn` are looked at beside CloudWatch's alarms.

    `clock` gives aware moments, `sleep` waits seconds, `say` tells the operator a line.
    """

    def __init__(
        self,
        cloud: Cloud,
        *,
        questions: Judge,
        burn: Sequence[Judge],
        limits: Limits,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        say: Callable[[str], None],
    ) -> None:
        self._cloud, self._questions, self._burn = cloud, questions, burn
        self._limits, self._clock, self._sleep, self._say = limits, clock, sleep, say

    def deploy(self, wanted: Wanted) -> Record:
        """The release as it ended: KEPT, TAKEN_BACK or HELD.

        One that was cut short is carried on when it is the same image, taken back first when it is another.

        Raises: BusyError, CannotGoBackError (a newer schema that nobody allowed), CloudError (AWS; what was begun is carried on by the
        next call), RecordError.
        """
        last = self._free_record()
        if last is not None and last.is_under_way:
            if last.stage is Stage.TAKING_BACK or last.image != wanted.image:
                self._say(f"{last.version} was left « {last.stage} »: taken back first.")
                last = self._take_back(last, last.reason or "cut short")
                if last.image == wanted.image or last.stage is Stage.HELD:
                    return last
            else:
                self._say(f"{last.version} was left « {last.stage} »: carried on.")
                return self._carried_out(last)
        return self._carried_out(self._new(wanted, last))

    def back(self, reason: str) -> Record:
        """Bring the version before the last release into service again.

        Raises: as `deploy`; CannotGoBackError also when there is none.
        """
        last = self._free_record()
        if last is None or last.stage is Stage.TAKEN_BACK:
            raise CannotGoBackError("There is no release to take back.")
        if not last.may_go_back:
            raise CannotGoBackError(_needs_restore(last))
        return self._take_back(last, reason)

    def _free_record(self) -> Record | None:
        last = self._cloud.read_record()
        if last is not None and last.is_held_by_another(now=self._clock()):
            raise BusyError(
                f"{last.version} is « {last.stage} » since {last.began_at:%H:%M} UTC, last seen {last.beat_at:%H:%M:%S}."
            )
        return last

    def _new(self, wanted: Wanted, last: Record | None) -> Record:
        now = self._clock()
        record = Record(
            stage=Stage.ROLLING,
            version=wanted.version,
            image=wanted.image,
            schema=wanted.schema,
            before={one: self._cloud.service(one).definition for one in SERVICES},
            before_schema=_serving_schema(last),
            began_at=now,
            beat_at=now,
        )
        if not record.may_go_back and not wanted.may_change_schema:
            raise CannotGoBackError(
                f"{wanted.version} brings schema {wanted.schema} over {record.before_schema}: it could not be taken back by itself. "
                "Back up, then say --may-change-schema (docs/how-to/upgrade.md)."
            )
        self._keep(record)
        return record

    def _carried_out(self, record: Record) -> Record:
        spoke_before = self._cloud.alarms()
        if spoke_before:
            self._say(f"Already speaking, not counted: {', '.join(sorted(spoke_before))}.")
        for name in SERVICES:
            record, wrong = self._rolled(record, name)
            if wrong:
                return self._given_up(record, wrong)
        record = self._keep(record.at(Stage.WATCHING, now=self._clock()))
        wrong = self._watched(record, spoke_before)
        if wrong:
            return self._given_up(record, wrong)
        self._say(f"{record.version} is kept.")
        return self._keep(record.at(Stage.KEPT, now=self._clock()))

    def _rolled(self, record: Record, name: str) -> tuple[Record, list[str]]:
        if name not in record.after:
            made = self._cloud.prepare(record.before[name], image=record.image)
            record = self._keep(replace(record, after={**record.after, name: made}))
        definition = record.after[name]
        self._cloud.point(name, definition=definition)
        self._say(f"{name}: {definition.rsplit('/', 1)[-1]}")
        wrong = self._settled(record, name, definition)
        if not wrong and name == SERVICES[0]:
            wrong = self._questions.wrong() and self._again()
        return record, wrong

    def _again(self) -> list[str]:
        self._sleep(self._limits.round.total_seconds())
        return self._questions.wrong()

    def _settled(self, record: Record, name: str, definition: str) -> list[str]:
        """Wait until only the new tasks serve; what went wrong otherwise."""
        until = self._clock() + self._limits.settle
        while self._clock() < until:
            now = self._cloud.service(name)
            if now.definition != definition or now.has_failed:
                return [f"ECS took {name} back itself: tasks do not become healthy, or an alarm spoke."]  # fmt: skip
            if now.has_settled:
                return []
            record = self._beat(record)
            self._sleep(self._limits.round.total_seconds())
        return [f"{name} did not settle within {self._limits.settle.total_seconds():.0f} s."]

    def _watched(self, record: Record, spoke_before: frozenset[str]) -> list[str]:
        until, bad_rounds, wrong = self._clock() + self._limits.watch, 0, list[str]()
        while self._clock() < until or bad_rounds:
            new = sorted(self._cloud.alarms() - spoke_before)
            burning = [f"The alarm {one} speaks." for one in new]
            burning += [said for judge in self._burn for said in judge.wrong()]
            if burning:
                return burning
            if any(self._cloud.service(one).definition != record.after[one] for one in SERVICES):
                return ["ECS took the version back itself while it was watched."]
            wrong = self._questions.wrong()
            bad_rounds = bad_rounds + 1 if wrong else 0
            if bad_rounds >= _TWICE:
                return wrong
            record = self._beat(record)
            self._sleep(self._limits.round.total_seconds())
        return []

    def _given_up(self, record: Record, wrong: list[str]) -> Record:
        reason = " ".join(wrong)
        self._say(f"{record.version} is bad: {reason}")
        if record.may_go_back:
            return self._take_back(record, reason)
        self._say(_needs_restore(record))
        return self._keep(record.at(Stage.HELD, now=self._clock(), reason=reason))

    def _take_back(self, record: Record, reason: str) -> Record:
        if not record.may_go_back:
            return self._given_up(record, [reason])
        record = self._keep(record.at(Stage.TAKING_BACK, now=self._clock(), reason=reason))
        for name in SERVICES:
            self._cloud.point(name, definition=record.before[name])
        for name in SERVICES:
            if wrong := self._settled(record, name, record.before[name]):
                raise CloudError(f"The version before is not in service: {' '.join(wrong)} Call again, or see docs/runbooks/down.md.")  # fmt: skip
        self._say(f"{record.version} was taken back.")
        return self._keep(record.at(Stage.TAKEN_BACK, now=self._clock()))

    def _beat(self, record: Record) -> Record:
        now = self._clock()
        return record if now - record.beat_at < _BEAT else self._keep(replace(record, beat_at=now))

    def _keep(self, record: Record) -> Record:
        self._cloud.write_record(record)
        return record


def _serving_schema(last: Record | None) -> str:
    """Of the database now: a migration stays when its version was taken back."""
    return "" if last is None else max(last.schema, last.before_schema)


def _needs_restore(record: Record) -> str:
    return (
        f"The version before refuses schema {record.schema} (it knows {record.before_schema}). {record.version} stays in service; "
        "restore and carry back by hand: docs/how-to/upgrade.md, « Way back »."
    )
