"""What operators see at `/ops`, from parts that each know their own: jobs, a live experiment, drift, cases of bad answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from puls.alerts import AlertStore, Watched
from puls.alerts.counting import firing_here
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.evaluation.added import kept, prepared
from puls.evaluation.drift.daily import DailyHistograms
from puls.evaluation.drift.judging import DriftReport
from puls.experiments.experiment import Experiment
from puls.experiments.outcomes import reading_of
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.embedding import EmbeddingIndex
from puls.jobs.overview import JobOverview, jobs_overview
from puls.jobs.plan import Plan
from puls.operating.looking import Limits, Operating
from puls.operating.places import PlaceNames
from puls.operating.reviewing import Reviewing
from puls.operating.sights import Circuits, Sights
from puls.settings import Settings

_ALARMING = "drifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExperimentSeen:
    """`operating.sights.Experiment`."""

    name: str
    arms: Mapping[str, int]
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _DriftSeen:
    """`operating.sights.Drift`."""

    name: str
    index: float
    is_alarming: bool
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _AlarmSeen:
    """`operating.sights.Alarm`."""

    name: str
    is_urgent: bool
    since: datetime | None
    fr: str
    en: str
    runbook_url: str


def sights_of(
    settings: Settings,
    database: Database,
    *,
    gazetteer: Gazetteer,
    plan: Plan,
    experiment: Experiment | None,
    models: Circuits,
    engines: Circuits,
) -> Sights:
    """All that other parts can tell `/ops`."""

    async def jobs(now: datetime) -> Sequence[JobOverview]:
        return await jobs_overview(database, plan, now=now)

    async def drifts(now: datetime) -> Sequence[_DriftSeen]:
        histograms = DailyHistograms(database, gazetteer=gazetteer, timezone=settings.timezone)
        return _drifts_of(await histograms.report(now=now))

    async def add_case(turn_id: UUID) -> str:
        path = settings.home / "evaluation" / "cases.jsonl"
        is_new = await kept(path, await prepared(database, turn_id, gazetteer))
        return f"Cas ajouté à {path}." if is_new else f"Ce cas est déjà dans {path}."

    return Sights(
        alarms=alarms_of(settings, database) if settings.alerts else None,
        jobs=jobs,
        experiments=_experiments(database, experiment),
        drifts=drifts,
        add_case=add_case,
        models=models,
        engines=engines,
    )


def alarms_of(
    settings: Settings, database: Database
) -> Callable[[], Awaitable[Sequence[_AlarmSeen]]]:
    """The alarms that are on, the urgent ones first: of all replicas from the tables, about this process from itself."""
    watched, runbooks = Watched.load(), settings.alerts_runbooks.rstrip("/")
    store = AlertStore(database)

    async def seen() -> Sequence[_AlarmSeen]:
        since: dict[str, datetime | None] = {one.alert: one.since for one in await store.firing()}
        since |= dict.fromkeys(firing_here(watched))
        return [
            _AlarmSeen(
                name=name,
                is_urgent=severity == "page",
                since=since[name],
                fr=rule.fr,
                en=rule.says,
                runbook_url=f"{runbooks}/{rule.runbook}.md",
            )
            for name, (rule, severity) in watched.alerts.items()
            if name in since
        ]

    return seen


def _experiments(
    database: Database, experiment: Experiment | None
) -> Callable[[datetime], Awaitable[Sequence[_ExperimentSeen]]] | None:
    if experiment is None:
        return None

    async def seen(now: datetime) -> Sequence[_ExperimentSeen]:
        reading = await reading_of(database, experiment, now=now)
        return [
            _ExperimentSeen(
                name=reading.experiment,
                arms={arm.outcome.arm: arm.outcome.visitors for arm in reading.arms},
                fr=reading.verdict.fr,
                en=reading.verdict.en,
            )
        ]

    return seen


def _drifts_of(report: DriftReport) -> list[_DriftSeen]:
    seen = []
    for drift in report.drifts:
        moved = ", ".join(
            f"{one.bin} {100 * one.before:.0f} → {100 * one.share:.0f} %" for one in drift.moved
        )
        seen.append(
            _DriftSeen(
                name=drift.signal,
                index=drift.index,
                is_alarming=drift.level == _ALARMING,
                fr=moved or "rien n’a bougé",
                en=moved or "nothing moved",
            )
        )
    seen += [
        _DriftSeen(
            name=f"{gone.signal}: {gone.bin}",
            index=0.0,
            is_alarming=True,
            fr=f"attendu {gone.expected:.0f} fois cette semaine, jamais venu",
            en=f"expected {gone.expected:.0f} times this week, never came",
        )
        for gone in report.disappeared
    ]
    return seen


def operating_of(
    database: Database,
    settings: Settings,
    *,
    gazetteer: Gazetteer,
    index: EmbeddingIndex,
    sights: Sights | None = None,
) -> Operating:
    """What operators see at `/ops`."""
    return Operating(
        database,
        limits=Limits(
            daily_budget_eur=settings.daily_budget_eur,
            timezone=settings.timezone,
            home=settings.home,
        ),
        reviewing=Reviewing(database, retention=timedelta(days=settings.retention_days)),
        places=PlaceNames(gazetteer),
        versions=index.versions,
        costs=UsageLedger(database),
        sights=sights or Sights(),
    )
