"""Numbers as French readers write them: a narrow no-break space between thousands and before a unit, a decimal comma. Pure."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"  # narrow no-break space
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
Value = int | float | Decimal | str | date


def number(value: float | Decimal, digits: int | None = None) -> str:
    """`digits` after the comma; None: as many as the value has."""
    exact = Decimal(str(value))
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    sign = "\u2212" if exact < 0 else ""
    whole, _, part = f"{abs(exact):f}".partition(".")
    if digits is None:
        part = part.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", NARROW)
    return sign + grouped + (f",{part}" if part else "")


def day(value: date) -> str:
    """« 30 novembre 2026 », the first of a month as « 1er »."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first} {MONTHS[value.month - 1]} {value.year}"


def told(value: Value, unit: str = "", digits: int | None = None) -> str:
    """A value with its unit; words and days as they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    written = number(value, digits)
    return f"{written}{NARROW}{agreed(unit, value)}" if unit else written


def agreed(unit: str, value: float | Decimal) -> str:
    """« jour(s) » takes its s from two on, as French has it (1,9 jour)."""
    many = abs(float(value)) >= 2  # noqa: PLR2004  # French grammar
    return unit.replace("(s)", "s" if many else "").replace("(x)", "x" if many else "")
