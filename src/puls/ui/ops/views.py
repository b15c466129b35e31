"""What an operator sees, as values of a template: sentences and numbers in one language. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from puls.operating.components import Component, State, Sync
from puls.operating.figures import PERCENTILES, STEPS, Figure
from puls.operating.looking import Look, Version, state_of
from puls.operating.objectives import WINDOWS, Burn
from puls.operating.periods import Period
from puls.operating.places import PlaceNames
from puls.operating.reading import Unmet
from puls.operating.reviewing import BadAnswer
from puls.operating.sights import Alarm, Job
from puls.phrasing import Language
from puls.ui.ops import words as saying
from puls.ui.ops.charts import Chart
from puls.ui.ops.drawing import Drawing, theme_name

_SHOWN_UNMET: Final = 20
_LATE: Final = 1.5  # times what a job usually takes


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A number with its name, its unit and what it is. `value` is what a program reads; empty without one."""

    name: str
    label: str
    text: str
    value: str
    help: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row of a table: a name, a state where it has one, cells, and what it is."""

    name: str
    cells: Sequence[str]
    state: State = State.GOOD
    help: str = ""
    sql: str = ""
    figures: Sequence[FigureView] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """A component: `word` says its state, `sentence` what is true of it."""

    name: str
    state: State
    word: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstView:
    id: str
    when: str
    text: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmView:
    """An alarm that is on: what is so, since when, and the address of what to do about it."""

    name: str
    state: State
    word: str
    sentence: str
    since: str
    runbook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsView:
    """The page. `alarms` None: switched off, or they cannot be read; `jobs` None: no worker; `experiments` and `drifts` None: those parts are not there."""

    period: Period
    state: State
    word: str
    until: str
    is_whole: bool
    figures: Mapping[str, FigureView]
    charts: Mapping[str, Chart]
    alarms: Sequence[AlarmView] | None
    components: Sequence[StateView]
    burns: Sequence[RowView]
    speed: Sequence[RowView]
    unmet: Sequence[RowView]
    undetailed: str
    worst: Sequence[WorstView]
    syncs: Sequence[RowView]
    versions: Sequence[RowView]
    jobs: Sequence[RowView] | None
    experiments: Sequence[RowView] | None
    drifts: Sequence[RowView] | None


class Viewing:
    """Makes views in one language; `timezone` (IANA) for moments."""

    def __init__(self, *, language: Language, timezone: str, places: PlaceNames) -> None:
        self._language, self._timezone, self._places = language, timezone, places
        self._words: Mapping[str, Any] = saying.words(language)

    def page(self, look: Look) -> OpsView:
        """All of it."""
        figures = {name: self._figure(one) for name, one in look.figures.items()}
        standing, state = look.standing, state_of(look)
        return OpsView(
            period=look.span.period,
            state=state,
            word=self._words["states"][state],
            until=saying.clock(look.now, self._timezone, self._language)
            if look.is_whole
            else self._moment(look.counted_until, look.now),
            is_whole=look.is_whole,
            figures=figures,
            charts=Drawing(look, language=self._language, timezone=self._timezone).all(),
            alarms=None
            if standing.alarms is None
            else [self._alarm(one, look.now) for one in standing.alarms],
            components=[self._component(one) for one in standing.components],
            burns=[self._burn(one) for one in look.burns],
            speed=[self._step(step, figures) for step in STEPS],
            unmet=[self.unmet(one) for one in look.unmet[:_SHOWN_UNMET]],
            undetailed=self._undetailed(look.undetailed),
            worst=[self._worst(one, look.now) for one in look.worst],
            syncs=[self._sync(one, look.now) for one in standing.syncs],
            versions=[self._version(one, look.now) for one in standing.versions],
            jobs=None
            if standing.jobs is None
            else [self._job(one, look.now) for one in standing.jobs],
            experiments=None
            if standing.experiments is None
            else [
                RowView(
                    name=one.name,
                    cells=[
                        ", ".join(f"{arm} : {self._number(n)}" for arm, n in one.arms.items()),
                        one.fr if self._language == "fr" else one.en,
                    ],
                )
                for one in standing.experiments
            ],
            drifts=None
            if standing.drifts is None
            else [
                RowView(
                    name=one.name,
                    state=State.WARNING if one.is_alarming else State.GOOD,
                    cells=[f"{one.index:.3f}", one.fr if self._language == "fr" else one.en],
                )
                for one in standing.drifts
            ],
        )

    def unmet(self, one: Unmet) -> RowView:
        """Place, kind, subject, how often, by how many."""
        return RowView(
            name=self._places.name(one.place, self._language),
            cells=[
                theme_name(one.theme, self._language),
                one.topic or self._words["any_topic"],
                self._number(one.demands),
                self._number(one.visitors),
            ],
        )

    def _figure(self, one: Figure) -> FigureView:
        told = self._words["figures"].get(one.name, {})
        return FigureView(
            name=one.name,
            label=told.get("label", one.name),
            text=saying.said(one.value, one.unit, self._language),
            value="" if one.value is None else repr(one.value),
            help=told.get("help", ""),
            sql=one.sql,
        )

    def _component(self, one: Component) -> StateView:
        told = self._words["components"][one.name]
        return StateView(
            name=told["name"],
            state=one.state,
            word=self._words["states"][one.state],
            sentence=told[one.code].format_map(self._facts(one.facts)),
        )

    def _alarm(self, one: Alarm, now: datetime) -> AlarmView:
        return AlarmView(
            name=one.name,
            state=State.BAD if one.is_urgent else State.WARNING,
            word=self._words["alarms"]["urgent" if one.is_urgent else "ticket"],
            sentence=one.fr if self._language == "fr" else one.en,
            since="" if one.since is None else self._ago(one.since, now),
            runbook=one.runbook_url,
        )

    def _undetailed(self, demands: int) -> str:
        """How many demands the table leaves out; nothing when it leaves none out."""
        if not demands:
            return ""
        told: str = self._words["undetailed"]["one" if demands == 1 else "many"]
        return told.format(demands=self._number(demands))

    def _facts(self, facts: Mapping[str, object]) -> dict[str, object]:
        said: dict[str, object] = {}
        for name, fact in facts.items():
            if name in {"size", "free"} and isinstance(fact, (int, float)):
                said[name] = saying.size(fact, self._language)
            elif name == "share" and isinstance(fact, float):
                said[name] = saying.said(fact, "share", self._language)
            elif isinstance(fact, timedelta):
                said[name] = saying.duration(fact, self._language)
            elif isinstance(fact, int):
                said[name] = self._number(fact)
            else:
                said[name] = fact
        return said

    def _burn(self, one: Burn) -> RowView:
        told = self._words["objectives"].get(one.objective.name, {})
        limit = saying.milliseconds(one.objective.limit_ms, self._language)
        rates = [saying.times(one.rates[name], self._language) for name in WINDOWS]
        return RowView(
            name=told.get("name", one.objective.name).format(limit=limit),
            state=State.WARNING if one.is_alarming else State.GOOD,
            cells=[
                saying.said(one.objective.target, "share", self._language),
                *rates,
                saying.said(one.budget_left, "share", self._language),
            ],
            help=told.get("help", "").format(limit=limit),
            sql="bad / all / (1 - target)",
        )

    def _step(self, step: str, figures: Mapping[str, FigureView]) -> RowView:
        told = self._words["steps"][step]
        shown = [figures[f"{step}_p{percent}"] for percent in PERCENTILES]
        return RowView(
            name=told["name"],
            cells=[one.text for one in shown],
            figures=shown,
            help=told["help"],
            sql=shown[1].sql,
        )

    def _worst(self, one: BadAnswer, now: datetime) -> WorstView:
        reasons, found = self._words["reasons"], self._words["charts"]["series"]
        facts = [
            reasons.get(one.reason_code, one.reason_code or ""),
            found.get(one.found, "") if one.found else "",
            f"{one.score}/5" if one.score else "",
            one.writer or "",
        ]
        return WorstView(
            id=str(one.id),
            when=self._moment(one.at, now),
            text=one.text,
            facts=" · ".join(filter(None, facts)),
        )

    def _sync(self, one: Sync, now: datetime) -> RowView:
        counts = (one.seen, one.new, one.changed, one.removed, one.quarantined)
        return RowView(
            name=one.source,
            state=State.WARNING if one.failure else State.GOOD,
            cells=[
                self._ago(one.last_good_at, now),
                self._words["running"]
                if one.finished_at is None
                else self._ago(one.finished_at, now),
                " / ".join(self._number(count) for count in counts),
                one.failure or self._words["no_failure"],
            ],
        )

    def _version(self, one: Version, now: datetime) -> RowView:
        return RowView(
            name=f"{one.id} · {one.model}",
            state=State.GOOD
            if one.embedded >= one.events or one.state == "retired"
            else State.WARNING,
            cells=[
                self._words["version_states"].get(one.state, one.state),
                f"{self._number(one.embedded)} / {self._number(one.events)}",
                self._ago(one.switched_at or one.created_at, now),
            ],
        )

    def _job(self, one: Job, now: datetime) -> RowView:
        is_late = bool(
            one.usual_seconds and one.last_seconds and one.last_seconds > _LATE * one.usual_seconds
        )
        seconds = [
            "–" if each is None else f"{self._number(each)} s"
            for each in (one.last_seconds, one.usual_seconds)
        ]
        return RowView(
            name=one.name,
            state=State.WARNING if one.last_error or is_late else State.GOOD,
            help=one.fr if self._language == "fr" else one.en,
            cells=[
                self._ago(one.last_success, now),
                self._ago(one.next_run, now),
                " / ".join(seconds),
                one.last_error or self._words["no_failure"],
            ],
        )

    def _ago(self, at: datetime | None, now: datetime) -> str:
        return saying.ago(at, now=now, language=self._language)

    def _moment(self, at: datetime, now: datetime) -> str:
        clock = saying.clock(at, self._timezone, self._language)
        is_today = saying.day(at, self._timezone) == saying.day(now, self._timezone)
        return clock if is_today else f"{saying.day(at, self._timezone)} {clock}"

    def _number(self, value: float) -> str:
        return saying.number(value, self._language)
