"""The words of `/ops` in French and English, and numbers as a person reads them. Pure, apart from reading its own files once."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.operating.figures import Unit
from puls.phrasing import Language, fine

_NB: Final = "\u00a0"
_THIN: Final = "\u202f"
_SECOND_MS: Final = 1_000
_TEN_SECONDS_MS: Final = 10_000
_BYTES: Final = ("o", "Kio", "Mio", "Gio", "Tio")
_BINARY: Final = 1024
_NONE: Final = "–"


@cache
def words(language: Language) -> Mapping[str, Any]:
    """All the words in one language; tables of names are tables."""
    text = resources.files("puls.ui.ops").joinpath(f"ops.{language}.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    return found if language == "en" else _fine(found)


def _fine(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _fine(each) for key, each in value.items()}
    return fine(value) if isinstance(value, str) else value


def said(value: float | None, unit: Unit, language: Language) -> str:
    """A figure with its unit; a dash when there is none."""
    if value is None:
        return _NONE
    match unit:
        case "count":
            return number(value, language)
        case "share":
            return f"{_decimal(100 * value, 1, language)}{_NB if language == 'fr' else ''}%"
        case "ms":
            return milliseconds(value, language)
        case "eur":
            return euros(value, language)
        case "score":
            return f"{_decimal(value, 2, language)}{_NB}/{_NB}5"


def number(value: float, language: Language) -> str:
    """« 12 345 », “12,345”; with decimals below ten when it has them."""
    digits = 0 if value >= 10 or value == round(value) else 1  # noqa: PLR2004 # two digits are enough
    text = f"{value:,.{digits}f}"
    return text.replace(",", _THIN).replace(".", ",") if language == "fr" else text


def times(value: float | None, language: Language) -> str:
    """« 2,4 × »: how many times as fast as allowed; a dash when nothing can be said."""
    return _NONE if value is None else f"{_decimal(value, 1, language)}{_NB}×"


def milliseconds(value: float, language: Language) -> str:
    """« 84 ms », « 1,2 s », « 12 s »."""
    if value < _SECOND_MS:
        return f"{value:.0f}{_NB}ms"
    digits = 1 if value < _TEN_SECONDS_MS and value % _SECOND_MS else 0
    return f"{_decimal(value / 1000, digits, language)}{_NB}s"


def euros(value: float, language: Language) -> str:
    """Cents when they tell something, and four decimals below a cent: an answer costs so little."""
    digits = 2 if value >= 0.01 or value == 0 else 4  # noqa: PLR2004 # a cent
    amount = f"{value:,.{digits}f}"
    if language == "en":
        return f"€{amount}"
    return f"{amount.replace(',', _THIN).replace('.', ',')}{_NB}€"


def size(value: float, language: Language) -> str:
    """Bytes in binary units."""
    power = 0
    while value >= _BINARY and power < len(_BYTES) - 1:
        value, power = value / _BINARY, power + 1
    unit = _BYTES[power] if language == "fr" else _BYTES[power].replace("o", "B")
    return f"{_decimal(value, 1 if power else 0, language)}{_NB}{unit}"


def ago(at: datetime | None, *, now: datetime, language: Language) -> str:
    """« il y a 12 min », « dans 3 h »; a dash when never."""
    if at is None:
        return _NONE
    length = duration(abs(now - at), language)
    if at <= now:
        return f"il y a {length}" if language == "fr" else f"{length} ago"
    return f"dans {length}" if language == "fr" else f"in {length}"


def duration(length: timedelta, language: Language) -> str:
    """The largest unit that is not zero."""
    seconds = length.total_seconds()
    for each, fr, en in ((86_400, "j", "d"), (3_600, "h", "h"), (60, "min", "min")):
        if seconds >= each:
            return f"{seconds / each:.0f}{_NB}{fr if language == 'fr' else en}"
    return f"{seconds:.0f}{_NB}s"


def clock(at: datetime, timezone: str, language: Language) -> str:
    """« 18 h 05 »."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%H}{_NB}h{_NB}{local:%M}" if language == "fr" else f"{local:%H:%M}"


def day(at: datetime, timezone: str) -> str:
    """« 27/11 »: short enough to stand below a column."""
    return f"{at.astimezone(ZoneInfo(timezone)):%d/%m}"


def _decimal(value: float, digits: int, language: Language) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "fr" else text
