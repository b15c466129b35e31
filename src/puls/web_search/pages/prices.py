"""What an event costs, from fields and from words. Pure. Enter at `price_of`.

Nothing is guessed: 0 in a field is what software writes for « nobody said »; an event is free only where a text or
`isAccessibleForFree` says so, and no amount is asked beside it. Amounts in other currencies are left out.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from puls.web_search.pages.days import lowered
from puls.web_search.values import WebPrice

_HIGHEST: Final = 5_000.0  # euros; above, a number is an identifier
_NUMBER: Final = r"\d{1,4}(?:[ .]\d{3})?(?:[.,]\d{1,2})?"
_AMOUNT: Final = re.compile(
    rf"(?<![\d.,])({_NUMBER})(?![\d]|[.,]\d)\s?(?:€|euros?\b|eur\b)(?:\s?(\d\d)\b(?!\s?(?:€|euro|ans)))?|€\s?({_NUMBER})"
)
_RANGE: Final = re.compile(
    rf"(?<![\d.,])({_NUMBER})\s?€?\s?(?:-|/|a|to|et|ou)\s?(?={_NUMBER}\s?(?:€|euros?\b|eur\b))"
)
_BARE: Final = re.compile(rf"\s*{_NUMBER}(?:\s*[-,;/]\s*{_NUMBER})*\s*,?\s*$")
_FREE: Final = re.compile(
    r"\bgratuit(?:e|s|es|ement)?\b|\bentree libre\b|\bacces libre\b|\blibre acces\b|\bfree (?:entry|admission|of charge|entrance)\b"
    r"|\bentree offerte\b|^\s*free\s*$|\bgratis\b"
)
_FREE_OF_OTHER: Final = re.compile(
    r"(?:annulation|parking|stationnement|navette|livraison|echange|vestiaire|wifi|wi-fi|application|newsletter|telechargement"
    r"|remboursement|boisson|audioguide)s? (?:est |sont |et |entierement )?gratuite?s?"
    r"|gratuit\w* (?:pour|aux|-|\(?-|\(?<|moins|jusqu|sous conditions|sur presentation|avec)"
    r"|(?:pas|non) gratuit\w*|\bgratuit\w* (?:pour )?les? (?:moins|enfants|- )"
)
_SEPARATORS: Final = str.maketrans({"\xa0": " ", "\u202f": " "})


def price_of(offers: Any, *, is_free: Any = None, words: str = "") -> WebPrice | None:
    """The price of the values of `offers`, of `isAccessibleForFree`, and of the event's own words; None when not stated."""
    amounts: list[float] = []
    says_free = _is_true(is_free)
    for text, is_number in _stated(offers):
        amounts.extend(amounts_in(text, is_number=is_number))
        says_free = says_free or (not is_number and says_it_is_free(text))
    asked = [amount for amount in amounts if amount > 0]
    if asked:
        return WebPrice(lowest=min(asked), highest=max(asked))
    if says_free or says_it_is_free(words):
        return WebPrice(lowest=0.0, highest=0.0, is_free=True)
    return None


def amounts_in(text: str, *, is_number: bool = False) -> list[float]:
    """Euros that a text asks; a text of nothing but numbers is read where a field holds a price."""
    text = text.translate(_SEPARATORS)[:2_000]
    low = lowered(text)
    if is_number and _BARE.fullmatch(low):
        found = (
            re.findall(r"\d+(?:[.,]\d{1,2})?", low)
            if "-" in low or ";" in low or "/" in low
            else [low.strip(" ,")]
        )
        return [amount for one in found if (amount := _euros(one)) is not None]
    low = _RANGE.sub(r"\1 €/", low)
    return [
        amount
        for found in _AMOUNT.finditer(low)
        if (amount := _euros((found[1] or found[3]) + (f".{found[2]}" if found[2] else "")))
        is not None
    ]


def says_it_is_free(words: str) -> bool:
    """Whether a text says that the event itself is free to all, and asks no amount beside."""
    if not words:
        return False
    low = _FREE_OF_OTHER.sub(" ", lowered(words[:20_000]))
    return _FREE.search(low) is not None and not any(amounts_in(low))


def _euros(digits: str) -> float | None:
    digits = digits.strip().replace(" ", "")
    if re.fullmatch(r"\d{1,3}\.\d{3}", digits):
        digits = digits.replace(".", "")
    try:
        amount = float(digits.replace(",", "."))
    except ValueError:
        return None
    return amount if amount <= _HIGHEST else None


def _is_true(value: Any) -> bool:
    if isinstance(value, list):
        return any(_is_true(one) for one in value)
    if isinstance(value, str):
        return value.strip().lower().rsplit("/", 1)[-1] in {"true", "1", "yes", "oui"}
    return value is True


def _stated(offers: Any, depth: int = 0) -> Iterator[tuple[str, bool]]:
    """Texts of prices with whether they stand in a field made for a number."""
    if depth > 6:
        return
    if isinstance(offers, list):
        for one in offers[:100]:
            yield from _stated(one, depth + 1)
    elif isinstance(offers, dict):
        currency = offers.get("priceCurrency")
        if isinstance(currency, str) and currency.strip().upper() not in {
            "EUR",
            "€",
            "EURO",
            "EUROS",
            "",
        }:
            return
        words = offers.get("@words")
        if isinstance(words, str) and says_it_is_free(words):
            yield words, False
        for key in ("price", "lowPrice", "highPrice", "minPrice", "maxPrice"):
            yield from _stated(offers.get(key), depth + 1)
        for key in ("priceSpecification", "offers"):
            if isinstance(offers.get(key), dict | list):
                yield from _stated(offers.get(key), depth + 1)
    elif isinstance(offers, str):
        yield offers, True
        if not _BARE.fullmatch(offers.translate(_SEPARATORS)):
            yield offers, False
    elif isinstance(offers, int | float) and not isinstance(offers, bool):
        yield f"{offers:.2f}" if abs(offers) < 1e9 else "", True
