"""Every figure that `/ops` shows, by name: its value, its unit and the SQL that gives the same. Pure.

The SQL is what the « ? » beside a figure says, over the rows of the span ($since, $until); a test runs its own and compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from puls.operating.counts import Counts, share

Unit = Literal["count", "share", "ms", "eur", "score"]
STEPS: Final = ("understood", "found", "looked", "first_text", "written", "total")
"""What a turn's `milliseconds` may hold, in the order in which they are reached."""
PERCENTILES: Final = (50, 95, 99)
_SATISFIED: Final = ("4", "5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` None: nothing was counted, so there is none. Shares lie in [0, 1], euros exclude tax."""

    name: str
    value: float | None
    unit: Unit
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """Who was seen in the span: people (anonymous visitors), how many of them are new or came back, and programs."""

    visitors: int = 0
    new_visitors: int = 0
    returned: int = 0
    programs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Euros since the local midnight, and what an operator allows a day; None: no limit."""

    today_eur: float = 0.0
    daily_budget_eur: float | None = None


def figures_of(counts: Counts, visitors: Visitors, spending: Spending) -> dict[str, Figure]:
    """All of them, by name, in the order of the page."""
    found = (
        *_use(counts, visitors),
        *_speed(counts),
        *_satisfaction(counts),
        *_quality(counts),
        *_cost(counts, visitors, spending),
    )
    return {one.name: one for one in found}


def _figure(name: str, value: float | None, unit: Unit, sql: str) -> Figure:
    return Figure(name=name, value=value, unit=unit, sql=sql)


def _use(counts: Counts, visitors: Visitors) -> Iterator[Figure]:
    seen = "FROM visitor WHERE kind = 'anonymous' AND seen_at >= $since"
    yield _figure("turns", counts.n("turns"), "count", "count(*) FROM turn")
    yield _figure(
        "answers",
        counts.n("turns", "finished"),
        "count",
        "count(*) FROM turn WHERE state = 'finished'",
    )
    stopped = counts.n("failures", "stopped")
    yield _figure(
        "failures",
        counts.n("turns", "failed") - stopped,
        "count",
        "count(*) FROM turn WHERE state = 'failed' AND failure IS DISTINCT FROM 'stopped'",
    )
    yield _figure("visitors", visitors.visitors, "count", f"count(*) {seen}")
    yield _figure(
        "new_visitors", visitors.new_visitors, "count", f"count(*) {seen} AND created_at >= $since"
    )
    yield _figure(
        "return_share",
        share(visitors.returned, visitors.visitors),
        "share",
        f"avg((seen_at - created_at >= interval '24 hours')::int) {seen}",
    )
    yield _figure(
        "programs",
        visitors.programs,
        "count",
        "count(*) FROM visitor WHERE kind = 'program' AND seen_at >= $since",
    )
    yield _figure(
        "refinement_share",
        share(counts.n("kinds", "refinement"), counts.n("kinds")),
        "share",
        "avg((kind = 'refinement')::int) FROM turn WHERE state = 'finished'",
    )


def _speed(counts: Counts) -> Iterator[Figure]:
    for step in STEPS:
        for percent in PERCENTILES:
            yield _figure(
                f"{step}_p{percent}",
                counts.percentile(f"ms:{step}", percent / 100),
                "ms",
                f"puls_two_digits(percentile_disc({percent / 100:g}) WITHIN GROUP (ORDER BY "
                f"(milliseconds ->> '{step}')::int)) FROM turn WHERE state = 'finished'",
            )
    for name, column in (("model_first_token", "first_token_ms"), ("model_whole", "total_ms")):
        condition = " WHERE outcome = 'answered'" if name == "model_whole" else ""
        yield _figure(
            f"{name}_p95",
            counts.percentile(f"ms:{name}", 0.95),
            "ms",
            f"puls_two_digits(percentile_disc(0.95) WITHIN GROUP (ORDER BY {column})) FROM model_call{condition}",
        )


def _satisfaction(counts: Counts) -> Iterator[Figure]:
    for about, name in (("uid IS NULL", "thumbs"), ("uid IS NOT NULL", "event_thumbs")):
        rows = f"FROM feedback JOIN turn ON turn.id = turn_id WHERE {about}"
        up, down = counts.n(name, "up"), counts.n(name, "down")
        yield _figure(f"{name}_up", up, "count", f"count(*) {rows} AND thumb = 'up'")
        yield _figure(f"{name}_down", down, "count", f"count(*) {rows} AND thumb = 'down'")
        yield _figure(
            f"{name}_share", share(up, up + down), "share", f"avg((thumb = 'up')::int) {rows}"
        )
    rows = "FROM survey_answer JOIN turn ON turn.id = turn_id"
    answered = counts.n("survey")
    yield _figure("survey_answers", answered, "count", f"count(*) {rows}")
    yield _figure(
        "survey_mean", share(counts.total("survey"), answered), "score", f"avg(score) {rows}"
    )
    yield _figure(
        "survey_satisfied",
        share(counts.n("survey", *_SATISFIED), answered),
        "share",
        f"avg((score >= 4)::int) {rows}",
    )


def _quality(counts: Counts) -> Iterator[Figure]:
    searches = counts.n("found")
    yield _figure("searches", searches, "count", "count(*) FROM turn WHERE found IS NOT NULL")
    for label in ("on_theme", "off_theme", "nothing"):
        yield _figure(
            f"{label}_share",
            share(counts.n("found", label), searches),
            "share",
            f"avg((found = '{label}')::int) FROM turn WHERE found IS NOT NULL",
        )
    yield _figure(
        "grounded_share",
        share(counts.total("claims", "grounded"), counts.total("claims", "made")),
        "share",
        "sum((checking ->> 'grounded_claims')::int)::float8 / sum((checking ->> 'claims')::int) FROM turn",
    )
    yield _figure(
        "dropped_share",
        share(counts.total("sentences", "dropped"), counts.total("sentences", "all")),
        "share",
        "sum((checking ->> 'dropped')::int)::float8 / sum((checking ->> 'sentences')::int) FROM turn",
    )
    composed = counts.n("writers", "composer")
    yield _figure(
        "composed_share",
        share(composed, counts.n("writers")),
        "share",
        "avg((writer = 'composer')::int) FROM turn WHERE state = 'finished'",
    )


def _cost(counts: Counts, visitors: Visitors, spending: Spending) -> Iterator[Figure]:
    models, web = counts.total("model_cost"), counts.total("web_cost")
    both = "(sum(cost_eur) of model_call and web_search_call)"
    yield _figure("cost", models + web, "eur", both)
    yield _figure("model_cost", models, "eur", "sum(cost_eur) FROM model_call")
    yield _figure("web_cost", web, "eur", "sum(cost_eur) FROM web_search_call")
    answers = counts.n("turns", "finished")
    yield _figure("cost_per_answer", share(models + web, answers), "eur", f"{both} / answers")
    yield _figure(
        "cost_per_visitor", share(models + web, visitors.visitors), "eur", f"{both} / visitors"
    )
    yield _figure(
        "cost_today", spending.today_eur, "eur", f"{both} since midnight in PULS_TIMEZONE"
    )
    budget = spending.daily_budget_eur
    yield _figure("daily_budget", budget, "eur", "PULS_DAILY_BUDGET_EUR")
    yield _figure(
        "budget_share", budget and spending.today_eur / budget, "share", "cost_today / daily_budget"
    )
    calls = counts.n("model_outcomes")
    yield _figure("model_calls", calls, "count", "count(*) FROM model_call")
    yield _figure(
        "model_answered_share",
        share(counts.n("model_outcomes", "answered", "cached"), calls),
        "share",
        "avg((outcome IN ('answered', 'cached'))::int) FROM model_call",
    )
    for label in ("in", "cached", "out"):
        yield _figure(
            f"tokens_{label}",
            counts.total("model_tokens", label),
            "count",
            f"sum(tokens_{label}) FROM model_call",
        )
    yield _figure(
        "web_searches", counts.n("web_outcomes"), "count", "count(*) FROM web_search_call"
    )
