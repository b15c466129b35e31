"""Amounts as decimals: sums of a bill are exact, and rounded to cents once, when they are shown."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def exact(value: float | str | Decimal) -> Decimal:
    """The number as it is written: 0.1 is a tenth."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, half away from zero, as invoices are."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def ceiling(amount: Decimal) -> int:
    """The next whole number that is not below."""
    return int(amount.to_integral_value(rounding="ROUND_CEILING"))
