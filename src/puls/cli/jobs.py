"""`puls jobs …` and `puls worker`: see what runs by itself, steer it, and run it. See docs/how-to/jobs.md."""

import signal
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from puls.bootstrap import Puls
from puls.cli.opening import run
from puls.cli.output import AsJson, console, plain, print_json, table_of, utc_now
from puls.jobs import JobName, JobOverview, freshness, jobs_overview
from puls.jobs.overview import runs_of
from puls.server.stopping import Stopped

app = typer.Typer(no_args_is_help=True, help="What runs by itself: see it, start it, hold it back.")

Job = Annotated[
    str, typer.Argument(help='As `puls jobs list` names it: embed, "sync openagenda: Rhône".')
]
Which = Annotated[str, typer.Argument(help="A job's name, or its number in the queue.")]
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def worker() -> None:
    """Run jobs until stopped; for a database whose `puls serve` has PULS_WORKER=off, or beside it."""
    from puls.worker import work  # noqa: PLC0415 # a second that other commands need not pay

    try:
        run(work)
    except Stopped as stopped:
        if stopped.exit_code - 128 != signal.SIGTERM:  # what a supervisor sends is an orderly end
            raise


@app.command("list")
def list_jobs(*, as_json: AsJson = False) -> None:
    """Every job: when it last went well, when it runs next, what went wrong; and how fresh each source is."""

    async def work(puls: Puls) -> dict[str, object]:
        now = utc_now()
        return {
            "workers": await puls.jobs.workers(),
            "jobs": await jobs_overview(puls.database, puls.plan, now=now),
            "sources": [
                asdict(one) | {"age": one.age.total_seconds() if one.age else None}
                for one in await freshness(puls.database, puls.plan, now=now)
            ],
            "now": now,
        }

    seen = run(work, is_quiet=True)
    if as_json:
        print_json({name: value for name, value in seen.items() if name != "now"})
        return
    jobs, now = seen["jobs"], seen["now"]
    assert isinstance(jobs, tuple)
    assert isinstance(now, datetime)
    console.print(_table(jobs, now))
    _say_workers(seen["workers"])


@app.command()
def show(job: Job, *, as_json: AsJson = False) -> None:
    """One job with its last runs."""
    name = JobName.read(job)

    async def work(puls: Puls) -> dict[str, object]:
        overview = await jobs_overview(puls.database, puls.plan, now=utc_now())
        return {
            "job": next((one for one in overview if one.name == str(name)), None),
            "runs": await runs_of(puls.database, str(name), limit=20),
        }

    seen = run(work, is_quiet=True)
    if as_json:
        print_json(seen)
        return
    one, runs = seen["job"], seen["runs"]
    assert isinstance(runs, tuple)
    if isinstance(one, JobOverview):
        console.print(_table([one], utc_now()))
        _say(one.en)
    rows = [
        (
            str(each.job_id),
            _moment(each.started_at),
            _seconds(
                (each.finished_at - each.started_at).total_seconds() if each.finished_at else None
            ),
            each.outcome or "running",
            each.sentence or "",
        )
        for each in runs
    ]
    console.print(table_of("number!", "began", "took", "outcome", "said", rows=rows))


@app.command("run")
def run_now(job: Job) -> None:
    """Have a worker do it now."""
    name = JobName.read(job)

    async def work(puls: Puls) -> tuple[int, int]:
        return await puls.jobs.run(name), await puls.jobs.workers()

    number, workers = run(work, is_quiet=True)
    _say(f"{name} waits as number {number}.")
    _say_workers(workers)


@app.command()
def retry(which: Which) -> None:
    """Have a job that was given up tried again."""
    number = run(lambda puls: puls.jobs.retry(which), is_quiet=True)
    _say(f"Number {number} is tried again.")


@app.command()
def cancel(which: Which) -> None:
    """End what runs, within seconds, and let what waits never begin."""
    numbers = run(lambda puls: puls.jobs.cancel(which), is_quiet=True)
    _say(f"Ended: {', '.join(map(str, numbers))}.")


@app.command()
def pause(job: Job) -> None:
    """Hold a job back until it is resumed; one that runs ends as usual."""
    name = JobName.read(job)
    run(lambda puls: puls.jobs.pause(name, now=utc_now()), is_quiet=True)
    _say(f"{name} is held back; `puls jobs resume` lets it go on.")


@app.command()
def resume(job: Job) -> None:
    """Let a job that was held back run again."""
    name = JobName.read(job)
    run(lambda puls: puls.jobs.resume(name), is_quiet=True)
    _say(f"{name} goes on.")


def _table(jobs: Sequence[JobOverview], now: datetime) -> object:
    rows = [
        (
            one.name,
            "dead" if one.is_dead and one.state != "running" else one.state,
            one.schedule or "when asked",
            _ago(one.last_success, now),
            _ahead(one.next_run, now),
            f"{_seconds(one.last_seconds)} / {_seconds(one.usual_seconds)}",
            one.last_error or one.last_said or "",
        )
        for one in jobs
    ]
    return table_of(
        "job!", "state", "schedule", "went well", "next", "took / usual", "said", rows=rows
    )


def _say_workers(workers: object) -> None:
    if workers == 0:
        _say(
            "No worker gives a sign of life: start `puls serve` (with PULS_WORKER=inside) or `puls worker`."
        )


def _say(sentence: str) -> None:
    console.print(escape(plain(sentence)), soft_wrap=True)


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_span(now - moment)} ago"


def _ahead(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "–"
    return "now" if moment <= now else f"in {_span(moment - now)}"


def _span(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"
