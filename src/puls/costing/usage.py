"""What a scenario uses in a month: answers, tokens, searches, gigabytes, processors. Arithmetic alone, no price."""

from dataclasses import dataclass
from decimal import Decimal

from puls.costing.money import ceiling
from puls.costing.scenarios import Scenario
from puls.errors import InvalidInputError

_KIB_PER_GB = Decimal(1024 * 1024)  # GB of bills are taken as GiB
_SECONDS_PER_DAY = Decimal(86_400)
_HOURS_PER_DAY = Decimal(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Quantities of one month. Gigabytes are GiB; `*_gb` of storage are as at the end of the months that are sized."""

    answers: Decimal
    visitors: Decimal
    model_answers: Decimal
    tokens_in_fresh: Decimal
    tokens_in_cached: Decimal
    tokens_out: Decimal
    paid_searches: Decimal
    peak_per_second: Decimal
    vcpu_at_peak: Decimal  # of the api
    database_vcpu_at_peak: Decimal
    peak_share: Decimal  # of the day
    database_gb: Decimal
    logs_gb: Decimal
    egress_gb: Decimal
    outbound_gb: Decimal
    requests: Decimal

    @property
    def tokens_in(self) -> Decimal:
        return self.tokens_in_fresh + self.tokens_in_cached


def usage_of(scenario: Scenario) -> Usage:
    """The month of a scenario.

    Raises:
        InvalidInputError: a share is above one, or nothing is asked.
    """
    _check(scenario)
    answers = scenario["questions_per_day"] * scenario["days"]
    asked = answers * scenario["model_share"] * (1 - scenario["cache_hit"])
    prompt = (
        scenario["prompt_tokens"] + scenario["follow_up_share"] * scenario["earlier_tokens"]
    ) * scenario["retry_factor"]
    tokens_in = asked * prompt
    cached = tokens_in * scenario["provider_cached_share"]
    peak = scenario.optional("peak_answers_per_second")
    if peak is None:
        average = scenario["questions_per_day"] / _SECONDS_PER_DAY
        peak = average * scenario["peak_factor"]
    visitors = answers / scenario["questions_per_visitor_month"]
    visits = visitors * 2  # of three messages each, as `questions_per_visitor_month` says
    return Usage(
        answers=answers,
        visitors=visitors,
        model_answers=asked,
        tokens_in_fresh=tokens_in - cached,
        tokens_in_cached=cached,
        tokens_out=asked * scenario["answer_tokens"] * scenario["retry_factor"],
        paid_searches=answers * scenario["web_share"] * scenario["paid_search_share"],
        peak_per_second=peak,
        vcpu_at_peak=peak / scenario["answers_per_second_per_vcpu"],
        database_vcpu_at_peak=peak * _search_seconds(scenario) / scenario["database_busy"],
        peak_share=scenario["peak_hours_per_day"] / _HOURS_PER_DAY,
        database_gb=_database_gb(scenario),
        logs_gb=scenario["log_gb_fixed"] + answers * scenario["log_kib_per_answer"] / _KIB_PER_GB,
        egress_gb=(visits * scenario["page_kib"] + answers * scenario["answer_kib"]) / _KIB_PER_GB,
        outbound_gb=scenario["outbound_gb_month"],
        requests=answers * scenario["requests_per_answer"],
    )


def vcpu_on_average(usage: Usage, *, always: Decimal, step: Decimal) -> Decimal:
    """VCPU that are paid on average: `always`, and in the hours of the peak as many steps more as it needs."""
    needed = Decimal(ceiling(usage.vcpu_at_peak / step)) * step
    return always + max(Decimal(0), needed - always) * usage.peak_share


def _events(scenario: Scenario) -> Decimal:
    return scenario["events"] + scenario["events_growth_month"] * scenario["months_sized"]


def _search_seconds(scenario: Scenario) -> Decimal:
    """Processor time of PostgreSQL per answer; it is taken to grow as the events do."""
    growth = _events(scenario) / scenario["search_events"]
    return scenario["search_ms"] * growth / 1000


def _database_gb(scenario: Scenario) -> Decimal:
    events = _events(scenario)
    turns = scenario["questions_per_day"] * scenario["retention_days"]
    return (events * scenario["event_kib"] + turns * scenario["turn_kib"]) / _KIB_PER_GB


def _check(scenario: Scenario) -> None:
    shares = (
        "model_share", "cache_hit", "follow_up_share", "provider_cached_share", "web_share", "paid_search_share", "click_share",
    )  # fmt: skip
    for key in shares:
        if scenario[key] > 1:
            raise InvalidInputError(f"{key} of scenario {scenario.name} is a share: at most 1.")
    positive = (
        "questions_per_day",
        "days",
        "questions_per_visitor_month",
        "answers_per_second_per_vcpu",
        "search_events",
        "database_busy",
    )
    for key in positive:
        if scenario[key] <= 0:
            raise InvalidInputError(f"{key} of scenario {scenario.name} must be above zero.")
    if scenario["peak_hours_per_day"] > _HOURS_PER_DAY:
        raise InvalidInputError(f"A day of scenario {scenario.name} has at most 24 hours of peak.")
