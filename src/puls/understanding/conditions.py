"""What else.

Price, ages, accessibility, online, order, exclusions, said in the words of a message. Pure.

Each reader claims the words it understood; words that also carry the theme (« pour les enfants »,
« en langue des signes ») stay in it. Enter at `read_conditions`.
"""

import re
from dataclasses import dataclass, field, replace

from puls.catalogue.event import Accessibility, Category
from puls.understanding.condition_words import (
    ACCESSIBILITY,
    AGE_WORDS,
    AGES_WITH_UNIT,
    AGES_WITHOUT_UNIT,
    AMOUNT_WORDS,
    ANY_PRICE,
    BUDGET,
    CHEAP,
    FREE,
    FREE_OR_CHEAP,
    FROM_AGE,
    IN_TOTAL,
    MAX_PRICE,
    NEEDS,
    NO_CHILDREN,
    NOT_FREE,
    NOT_ONLINE_BEFORE,
    ON_SITE,
    ONLINE,
    ORDERS,
    PEOPLE,
    YEARS_OF_SOMETHING,
)
from puls.understanding.kinds import read_exclusions, read_only
from puls.understanding.manner import Manner, number_of, read_manner
from puls.understanding.notices import Notice
from puls.understanding.wish import Order
from puls.understanding.words import Message

_CHEAP_EUROS = 15.0  # what « petit budget » means when no amount is given; said in a notice
_OLDEST = 99  # « 120 ans de cinéma » is no visitor's age


@dataclass(slots=True)
class Conditions:
    """What was understood beside time and place.

    `sharing`: how many the budget is for; `is_for_all`: it is a sum for an unsaid number of people.
    `is_price_free`: price does not matter. `is_paid_fine`: it need not be free. `is_without_children`: the children stay
    at home, after all.
    """

    free: bool | None = None
    max_price: float | None = None
    sharing: int | None = None
    is_for_all: bool = False
    is_price_free: bool = False
    is_paid_fine: bool = False
    is_without_children: bool = False
    ages: tuple[int, ...] = ()
    accessibility: frozenset[Accessibility] = frozenset()
    online: bool | None = None
    order: Order = "relevance"
    manner: Manner = field(default_factory=Manner)
    categories: tuple[Category, ...] = ()
    excluded_categories: tuple[Category, ...] = ()
    excluded_words: tuple[str, ...] = ()
    notices: list[Notice] = field(default_factory=list)


def read_conditions(message: Message) -> Conditions:
    """Read and claim every filter that is neither time nor place."""
    conditions = Conditions()
    _read_price(message, conditions)
    _read_company(message, conditions)
    conditions.manner = _share_budget(read_manner(message), conditions)
    conditions.accessibility = _read_accessibility(message)
    conditions.online = _read_online(message)
    conditions.excluded_categories, conditions.excluded_words = read_exclusions(message)
    conditions.categories = read_only(message)
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
    for match in message.find(FREE_OR_CHEAP):
        message.claim(match, "price")
    for match in message.find(NOT_FREE):
        message.claim(match, "price")
        conditions.is_paid_fine = True
    _read_max_price(message, conditions)
    for match in message.find(FREE):
        conditions.free = True
        message.claim(match, "price")
    if conditions.max_price == 0:
        conditions.free, conditions.max_price = True, None
    for match in message.find(CHEAP):
        message.claim(match, "price")
        if conditions.max_price is None and not conditions.free:
            conditions.max_price = _CHEAP_EUROS
            conditions.notices.append(_cheap(match[0]))


def _cheap(words: str) -> Notice:
    return Notice(
        code="cheap",
        fr=f"« {words} » est compris comme {_CHEAP_EUROS:g} € au plus par personne.",
        en=f"“{words}” is taken as €{_CHEAP_EUROS:g} at most per person.",
    )


def _read_max_price(message: Message, conditions: Conditions) -> None:
    """The budget of each: « 60 € pour quatre » is 15 €."""
    for pattern in (MAX_PRICE, BUDGET):
        for match in message.find(pattern):
            amount = next(
                value
                for name, value in match.groupdict().items()
                if name.startswith("amount") and value
            )
            message.claim(match, "price")
            euros = AMOUNT_WORDS.get(amount) or float(amount)
            sharing = PEOPLE.search(match[0])
            if sharing is not None:
                conditions.sharing = max(1, number_of(sharing["people"]))
            conditions.is_for_all = IN_TOTAL.search(match[0]) is not None
            conditions.max_price = round(euros / (conditions.sharing or 1), 2)
            return


def _read_company(message: Message, conditions: Conditions) -> None:
    conditions.ages = _read_ages(message)
    for match in message.find(NO_CHILDREN):
        message.claim(match, "ages")
        conditions.is_without_children = True


def _share_budget(manner: Manner, conditions: Conditions) -> Manner:
    """Who shares the budget comes along; who comes along shares what is said to be for all."""
    if conditions.sharing is not None:
        return replace(manner, party_size=conditions.sharing)
    if conditions.is_for_all and conditions.max_price and manner.party_size:
        conditions.max_price = round(conditions.max_price / manner.party_size, 2)
    return manner


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
    found = _listed_accessibility(message)
    for code, pattern in ACCESSIBILITY:
        for match in message.find(pattern):
            if message.is_open(match):
                message.claim(match, "accessibility", keep=True)
                found.add(code)
    return frozenset(found)


def _listed_accessibility(message: Message) -> set[Accessibility]:
    """« accessibilité : fauteuil roulant, malvoyants » is a list of needs, not a theme."""
    found: set[Accessibility] = set()
    for match in message.find(NEEDS):
        end = match.end()
        while heard := next(
            (
                (code, said)
                for code, pattern in ACCESSIBILITY
                if (said := pattern.match(message.open, end + 1))
            ),
            None,
        ):
            found.add(heard[0])
            end = heard[1].end()
        if end > match.end():
            first, last = message.word_range(match.start(), end)
            message.claim_words(first, last, "accessibility")
    return found


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
