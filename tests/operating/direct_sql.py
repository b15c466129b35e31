"""Every figure of `/ops` as a statement of its own, written without looking at how the page counts."""

import math

_IN = "created_at >= %(since)s AND created_at < %(until)s"
_TURN_IN = "turn.created_at >= %(since)s AND turn.created_at < %(until)s"
_AT = "at >= %(since)s AND at < %(until)s"
_PEOPLE = "FROM visitor WHERE kind = 'anonymous' AND seen_at >= %(since)s"
_RATED = f"FROM feedback JOIN turn ON turn.id = feedback.turn_id WHERE {_TURN_IN}"
_SURVEYED = f"FROM survey_answer s JOIN turn ON turn.id = s.turn_id WHERE {_TURN_IN}"
_COST = (
    f"(SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE {_AT})"
    f" + (SELECT coalesce(sum(cost_eur), 0) FROM web_search_call WHERE {_AT})"
)
_ANSWERS = f"(SELECT count(*) FROM turn WHERE state = 'finished' AND {_IN})"


def _share(part: str, rows: str) -> str:
    return f"SELECT count(*) FILTER (WHERE {part})::float8 / nullif(count(*), 0) {rows}"


def _sum(field: str) -> str:
    return f"sum((checking ->> '{field}')::float8)"


FIGURES = {
    "turns": f"SELECT count(*) FROM turn WHERE {_IN}",
    "answers": f"SELECT {_ANSWERS}",
    "failures": f"SELECT count(*) FROM turn WHERE {_IN} AND state = 'failed' AND coalesce(failure, '') <> 'stopped'",
    "visitors": f"SELECT count(*) {_PEOPLE}",
    "new_visitors": f"SELECT count(*) {_PEOPLE} AND created_at >= %(since)s",
    "return_share": _share("seen_at - created_at >= interval '24 hours'", _PEOPLE),
    "programs": "SELECT count(*) FROM visitor WHERE kind = 'program' AND seen_at >= %(since)s",
    "refinement_share": _share(
        "kind = 'refinement'", f"FROM turn WHERE state = 'finished' AND {_IN}"
    ),
    "thumbs_up": f"SELECT count(*) {_RATED} AND uid IS NULL AND thumb = 'up'",
    "thumbs_down": f"SELECT count(*) {_RATED} AND uid IS NULL AND thumb = 'down'",
    "thumbs_share": _share("thumb = 'up'", f"{_RATED} AND uid IS NULL"),
    "event_thumbs_up": f"SELECT count(*) {_RATED} AND uid IS NOT NULL AND thumb = 'up'",
    "event_thumbs_down": f"SELECT count(*) {_RATED} AND uid IS NOT NULL AND thumb = 'down'",
    "event_thumbs_share": _share("thumb = 'up'", f"{_RATED} AND uid IS NOT NULL"),
    "survey_answers": f"SELECT count(*) {_SURVEYED}",
    "survey_mean": f"SELECT avg(score) {_SURVEYED}",
    "survey_satisfied": _share("score >= 4", _SURVEYED),
    "searches": f"SELECT count(*) FROM turn WHERE seen ->> 'found' IS NOT NULL AND {_IN}",
    "on_theme_share": _share(
        "seen ->> 'found' = 'on_theme'", f"FROM turn WHERE seen ? 'found' AND {_IN}"
    ),
    "off_theme_share": _share(
        "seen ->> 'found' = 'off_theme'", f"FROM turn WHERE seen ? 'found' AND {_IN}"
    ),
    "nothing_share": _share(
        "seen ->> 'found' = 'nothing'", f"FROM turn WHERE seen ? 'found' AND {_IN}"
    ),
    "grounded_share": f"SELECT {_sum('grounded_claims')} / nullif({_sum('claims')}, 0) FROM turn WHERE {_IN}",
    "dropped_share": f"SELECT {_sum('dropped')} / nullif({_sum('sentences')}, 0) FROM turn WHERE {_IN}",
    "composed_share": _share(
        "writer = 'composer'", f"FROM turn WHERE state = 'finished' AND {_IN}"
    ),
    "cost": f"SELECT {_COST}",
    "model_cost": f"SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE {_AT}",
    "web_cost": f"SELECT coalesce(sum(cost_eur), 0) FROM web_search_call WHERE {_AT}",
    "cost_per_answer": f"SELECT ({_COST}) / nullif({_ANSWERS}, 0)",
    "cost_per_visitor": f"SELECT ({_COST}) / nullif((SELECT count(*) {_PEOPLE}), 0)",
    "cost_today": (
        "SELECT (SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE at >= %(today)s)"
        " + (SELECT coalesce(sum(cost_eur), 0) FROM web_search_call WHERE at >= %(today)s)"
    ),
    "daily_budget": "SELECT NULL",
    "budget_share": "SELECT NULL",
    "model_calls": f"SELECT count(*) FROM model_call WHERE {_AT}",
    "model_answered_share": _share(
        "outcome IN ('answered', 'cached')", f"FROM model_call WHERE {_AT}"
    ),
    "tokens_in": f"SELECT coalesce(sum(tokens_in), 0) FROM model_call WHERE {_AT}",
    "tokens_cached": f"SELECT coalesce(sum(tokens_cached), 0) FROM model_call WHERE {_AT}",
    "tokens_out": f"SELECT coalesce(sum(tokens_out), 0) FROM model_call WHERE {_AT}",
    "web_searches": f"SELECT count(*) FROM web_search_call WHERE {_AT}",
}
"""By name; `%(since)s`, `%(until)s` the span, `%(today)s` the last local midnight."""

_STEPS = ("understood", "found", "looked", "first_text", "written", "total")
PERCENTILES = {
    f"{step}_p{percent}": (
        f"SELECT percentile_disc({percent / 100}) WITHIN GROUP (ORDER BY (milliseconds ->> '{step}')::int)"
        f" FROM turn WHERE state = 'finished' AND {_IN}"
    )
    for step in _STEPS
    for percent in (50, 95, 99)
} | {
    "model_first_token_p95": (
        f"SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY first_token_ms) FROM model_call WHERE {_AT}"
    ),
    "model_whole_p95": (
        "SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY total_ms)"
        f" FROM model_call WHERE outcome = 'answered' AND {_AT}"
    ),
}
"""Milliseconds as they are; the page shows them rounded up to two digits."""


def two_digits(milliseconds: int | None) -> int | None:
    """Rounded up to two digits."""
    if milliseconds is None or milliseconds < 100:
        return milliseconds
    unit = int(10 ** (len(str(milliseconds)) - 2))
    return math.ceil(milliseconds / unit) * unit
