"""What else.

Price, ages, accessibility, online, order, exclusions, said in the words of a message. Pure.

Each reader claims the words it understood; words that also carry the theme (« pour les enfants »,
« en langue des signes ») stay in it. Enter at `read_conditions`.
"""

import re
from dataclasses import dataclass, field

from puls.catalogue.event import Accessibility, Category
from puls.understanding.condition_words import (
    ACCESSIBILITY,
    AGE_WORDS,
    AGES_WITH_UNIT,
    AGES_WITHOUT_UNIT,
    AMOUNT_WORDS,
    ANY_PRICE,
    BUDGET,
    CATEGORY_WORDS,
    CHEAP,
    EXCEPT,
    FREE,
    FROM_AGE,
    MAX_PRICE,
    NOT_FREE,
    NOT_ONLINE_BEFORE,
    ON_SITE,
    ONLINE,
    ORDERS,
    PEOPLE,
    PEOPLE_WORDS,
    YEARS_OF_SOMETHING,
)
from puls.understanding.wish import Order
from puls.understanding.words import Message

_CHEAP_EUROS = 15.0  # what « petit budget » means when no amount is given; said in a notice
_OLDEST = 99  # « 120 ans de cinéma » is no visitor's age


@dataclass(slots=True)
class Conditions:
    """What was understood beside time and place. `is_price_free`.

    The visitor says that price does not matter.
    """

    free: bool | None = None
    max_price: float | None = None
    is_price_free: bool = False
    ages: tuple[int, ...] = ()
    accessibility: frozenset[Accessibility] = frozenset()
    online: bool | None = None
    order: Order = "relevance"
    excluded_categories: tuple[Category, ...] = ()
    excluded_words: tuple[str, ...] = ()
    notices: list[str] = field(default_factory=list)


def read_conditions(message: Message) -> Conditions:
    """Read and claim every filter that is neither time nor place."""
    conditions = Conditions()
    _read_price(message, conditions)
    conditions.ages = _read_ages(message)
    conditions.accessibility = _read_accessibility(message)
    conditions.online = _read_online(message)
    _read_exclusions(message, conditions)
    return conditions


def read_order(message: Message) -> Order:
    """Which results first; read after time, since « les prochaines semaines » is no order."""
    chosen: Order = "relevance"
    for order, pattern in ORDERS:
        for match in message.find(pattern):
            message.claim(match, "order")
            chosen = order
    return chosen


def _read_price(message: Message, conditions: Conditions) -> None:
    for match in message.find(ANY_PRICE):
        message.claim(match, "price")
        conditions.is_price_free = True
        return
    for match in message.find(NOT_FREE):
        message.claim(match, "price")
    conditions.max_price = _max_price(message)
    for match in message.find(FREE):
        conditions.free = True
        message.claim(match, "price")
    if conditions.max_price == 0:
        conditions.free, conditions.max_price = True, None
    for match in message.find(CHEAP):
        message.claim(match, "price")
        if conditions.max_price is None and not conditions.free:
            conditions.max_price = _CHEAP_EUROS
            meaning = f"compris comme {_CHEAP_EUROS:g} € au plus par personne"
            conditions.notices.append(f"« {match[0]} » est {meaning}.")


def _max_price(message: Message) -> float | None:
    for pattern in (MAX_PRICE, BUDGET):
        for match in message.find(pattern):
            named = match.groupdict()
            amount = next(
                named[name] for name in named if name.startswith("amount") and named[name]
            )
            message.claim(match, "price")
            euros = AMOUNT_WORDS.get(amount) or float(amount)
            return round(euros / _people(match), 2)
    return None


def _people(match: re.Match[str]) -> int:
    """How many people share a budget: « 60 € pour quatre » is 15 € each."""
    found = PEOPLE.search(match[0])
    if found is None:
        return 1
    return max(1, PEOPLE_WORDS.get(found["people"]) or int(found["people"]))


def _read_ages(message: Message) -> tuple[int, ...]:
    ages: list[int] = []
    for pattern in (FROM_AGE, AGES_WITH_UNIT, AGES_WITHOUT_UNIT):
        for match in message.find(pattern):
            numbers = [int(number) for number in re.findall(r"\d+", match["ages"])]
            if "mois" in match[0] or "month" in match[0]:
                numbers = [number // 12 for number in numbers]
            is_anniversary = YEARS_OF_SOMETHING.search(message.folded[: match.start()])
            if message.is_open(match) and max(numbers) <= _OLDEST and not is_anniversary:
                ages += numbers
                message.claim(match, "ages")
    if ages:
        return tuple(sorted(set(ages)))
    for pattern, meant in AGE_WORDS:
        for match in message.find(pattern)[:1]:
            message.claim(match, "ages", keep=True)
            ages += meant
    return tuple(sorted(set(ages)))


def _read_accessibility(message: Message) -> frozenset[Accessibility]:
    found = set()
    for code, pattern in ACCESSIBILITY:
        for match in message.find(pattern):
            if message.is_open(match):
                message.claim(match, "accessibility", keep=True)
                found.add(code)
    return frozenset(found)


def _read_online(message: Message) -> bool | None:
    for match in message.find(ON_SITE):
        message.claim(match, "online")
        return False
    online = None
    for match in message.find(ONLINE):
        if not NOT_ONLINE_BEFORE.search(message.folded[: match.start()]):
            message.claim(match, "online", keep=match[0].startswith("web"))
            online = True
    return online


def _read_exclusions(message: Message, conditions: Conditions) -> None:
    categories: list[Category] = []
    words: list[str] = []
    for match in message.find(EXCEPT):
        for word in re.split(r" (?:et|ni|ou|and|or) (?:pas )?(?:de |du |d )?", match["what"]):
            category = CATEGORY_WORDS.get(word)
            if category is not None:
                categories.append(category)
            else:
                words.append(word)
        message.claim(match, "excluded")
    conditions.excluded_categories = tuple(dict.fromkeys(categories))
    conditions.excluded_words = tuple(dict.fromkeys(words))
