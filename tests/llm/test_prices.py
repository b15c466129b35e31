"""Prices by day: the ledger must be right for the day of the call, and say when it does not know."""

from datetime import date
from pathlib import Path

import pytest

from puls.errors import InvalidInputError
from puls.llm.chat import ModelUsage
from puls.llm.prices import FREE, Price, Prices

SMALL = "mistral:mistral-small-latest"
TODAY = date(2026, 11, 27)


def test_an_answer_by_mistral_small_costs_what_the_price_list_says() -> None:
    """1,200 tokens in, 1,000 of them cached, 40 out, at 0.12, 0.012 and 0.50 euros a million."""
    price = Prices.load().of(SMALL, on=TODAY)
    assert price is not None
    usage = ModelUsage(model=SMALL, tokens_in=1200, tokens_cached=1000, tokens_out=40)
    assert price.of(usage) == pytest.approx((200 * 0.12 + 1000 * 0.012 + 40 * 0.50) / 1e6)


def test_dollars_are_converted_with_the_stated_rate() -> None:
    price = Prices.load().of("mistral:ministral-8b-latest", on=TODAY)
    assert price is not None
    assert price.input == pytest.approx(0.15 * 0.90)


def test_a_price_that_is_not_known_is_none_and_not_zero() -> None:
    """A budget that believes in zero is no budget."""
    prices = Prices.load(free=["openai:qwen"])
    assert prices.of("openai:gpt-next", on=TODAY) is None
    assert prices.of(SMALL, on=date(2020, 1, 1)) is None
    assert prices.of("openai:qwen", on=TODAY) == FREE


def test_a_new_price_counts_from_its_day_and_old_calls_keep_theirs() -> None:
    old, new = Price(input=1, cached=0.1, output=2), Price(input=2, cached=0.2, output=4)
    prices = Prices({"m": [(date(2026, 1, 1), old), (date(2026, 12, 1), new)]})
    assert prices.of("m", on=date(2026, 11, 30)) == old
    assert prices.of("m", on=date(2026, 12, 1)) == new


def test_an_operators_own_prices_are_added(tmp_path: Path) -> None:
    """Their contract is not the public list."""
    own = tmp_path / "prices.toml"
    own.write_text(
        '[[price]]\nmodels = ["openai:ours", "mistral:mistral-small-latest"]\nfrom = 2026-11-01\n'
        "euro = { input = 0.05, cached = 0.05, output = 0.2 }\n"
    )
    prices = Prices.load(extra=own)
    expected = Price(input=0.05, cached=0.05, output=0.2)
    assert prices.of("openai:ours", on=TODAY) == prices.of(SMALL, on=TODAY) == expected


@pytest.mark.parametrize(
    "text", ["not toml at all", '[[price]]\nmodels = ["m"]\nfrom = 2026-01-01\n', "price = 3"]
)
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    """Better no start than a wrong sum."""
    own = tmp_path / "prices.toml"
    own.write_text(text)
    with pytest.raises(InvalidInputError, match=r"prices\.toml"):
        Prices.load(extra=own)
    with pytest.raises(InvalidInputError):
        Prices.load(extra=tmp_path / "absent.toml")
