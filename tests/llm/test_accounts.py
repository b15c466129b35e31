"""Which models may be called for what was spent. Money is never passed by more than the calls under way."""

from hypothesis import given
from hypothesis import strategies as st

from puls.llm.accounts import Budgets, Spent, Unavailable, permitted
from puls.llm.prices import FREE, Price

DEAR = Price(input=1.25, cached=0.125, output=6.4)
CHEAP = Price(input=0.12, cached=0.012, output=0.5)
CHAIN = [DEAR, None, CHEAP, FREE]
EURO = Budgets(daily_eur=1.0, visitor_daily_calls=10)


def test_within_budget_and_quota_the_whole_chain_may_be_called() -> None:
    assert permitted(CHAIN, Spent(cost_eur=0.79, visitor_calls=9), EURO) == ([0, 1, 2, 3], None)


def test_near_the_end_of_the_budget_cheaper_models_make_it_last() -> None:
    """One whose price is not known is not taken for cheap."""
    assert permitted(CHAIN, Spent(cost_eur=0.8), EURO) == ([2, 3], Unavailable.DAILY_BUDGET)


def test_without_a_cheaper_model_the_budget_is_used_to_its_end() -> None:
    assert permitted([CHEAP], Spent(cost_eur=0.99), EURO) == ([0], None)
    assert permitted([CHEAP], Spent(cost_eur=1.0), EURO) == ([], Unavailable.DAILY_BUDGET)


def test_beyond_the_budget_only_what_costs_nothing_is_called() -> None:
    assert permitted(CHAIN, Spent(cost_eur=1.0), EURO) == ([3], Unavailable.DAILY_BUDGET)


def test_a_visitor_at_the_quota_gets_the_cheaper_models_and_at_twice_the_quota_none() -> None:
    """A script that talks all day must not use up everybody's evening, nor the machine."""
    quota = Unavailable.VISITOR_QUOTA
    assert permitted(CHAIN, Spent(visitor_calls=10), EURO) == ([2, 3], quota)
    assert permitted(CHAIN, Spent(visitor_calls=20), EURO) == ([], quota)
    assert permitted([CHEAP], Spent(visitor_calls=10), EURO) == ([], quota)


def test_when_nobody_knows_what_was_spent_only_what_costs_nothing_is_called() -> None:
    assert permitted(CHAIN, None, EURO) == ([3], Unavailable.BUDGET_UNKNOWN)


prices = st.lists(
    st.none()
    | st.builds(
        Price,
        input=st.floats(0, 10),
        cached=st.floats(0, 1),
        output=st.floats(0, 50),
    )
)


@given(prices, st.floats(0, 10), st.integers(0, 50), st.floats(0, 5), st.integers(0, 20))
def test_spending_more_never_opens_more_models(
    chain: list[Price | None], cost: float, calls: int, budget: float, quota: int
) -> None:
    """And the order of the chain is kept."""
    budgets = Budgets(daily_eur=budget, visitor_daily_calls=quota)
    before, _ = permitted(chain, Spent(cost_eur=cost, visitor_calls=calls), budgets)
    after, reason = permitted(chain, Spent(cost_eur=cost + 1, visitor_calls=calls + 5), budgets)
    assert set(after) <= set(before)
    assert after == sorted(after)
    assert reason is not None or len(after) == len(chain)
