"""Which readings are meant together: one group of places, days that go with hours, lists of conditions. Pure.

Each step changes the labels of a message in place; `roles.judged` calls them in order.
"""

import itertools
import re
from collections.abc import Sequence

from puls.understanding.judging.chances import CONCEIVABLE, HINTED, TOLD
from puls.understanding.judging.left_out import Sign
from puls.understanding.judging.units import CANCELLING, LEADING, Unit
from puls.understanding.message import Message
from puls.understanding.what.people import Ages
from puls.understanding.when.expressions import asks_of_the_past
from puls.understanding.when.times import Time
from puls.understanding.where.place import FIRM, Place

_LIKELY_PLACE = 0.25


_SURE_LIST = 3  # parts: a full stop may stand in an amount


_LIST_REACH = 4  # words between the members of a list


_LIST_WORDS = frozenset(
    "et ou or and ni nor a au aux dans en la le les l sinon puis bien de d du y und voire".split()
)


def mean_lists(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« concert, samedi, à Lyon, gratuit »: parts between commas of which all but the first hold nothing but readings mean each of them."""
    starts = [0, *(at for at in range(1, len(units)) if "," in message.words[units[at].first].gap)]
    parts = [
        range(start, end) for start, end in zip(starts, [*starts[1:], len(units)], strict=True)
    ]
    bare = [_holds_only_conditions(units, part) for part in parts]
    if (
        len(parts) < 2
        or not all(bare[1:])
        or message.norm(len(message) - 1) == ""
        or (any(mark in message.text for mark in ".!;") and len(parts) < _SURE_LIST)
    ):
        return
    for part, is_bare in zip(parts, bare, strict=True):
        for at in part if is_bare else ():
            reading = units[at].reading
            if (
                reading is not None
                and units[part[0]].kind not in _LEADS_OUT
                and labels[at] in "IT"
                and not (labels[at] == "T" and part is parts[0])
            ):
                labels[at] = "U"


def _holds_only_conditions(units: Sequence[Unit], part: range) -> bool:
    """Whether a part of a list is readings alone, a thing left out, or an order: « sauf rap », « le moins cher d'abord »."""
    if part and units[part[0]].reading is None and units[part[0]].kind in _LEADS_OUT:
        return True
    return all(
        units[at].reading is not None
        or units[at].kind in _LIST_WORDS
        or units[at].kind in _ORDER_WORDS
        for at in part
    )


_LEADS_OUT = frozenset("sauf sans except not without no pas".split())


_ORDER_WORDS = frozenset(
    "plus moins proche proches cher chere tot abord d first nearest cheapest soonest top personnes people".split()
)


def give_hours_a_day(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """Hours that are meant want a day: of a day that was only told the likeliest, when no other is meant."""
    times = [
        (at, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    has_hours = any(
        labels[at] == "U"
        and time.point is None
        and time.hours
        and not all(each.is_weak for each in time.hours)
        for at, time in times
    )
    has_day = any(
        labels[at] == "U" and (time.point is not None or time.ahead) for at, time in times
    )
    told = [
        at
        for at, time in times
        if labels[at] == "I"
        and time.point is not None
        and not time.point.days.is_past
        and chances[at].get("U", 0.0) >= CONCEIVABLE
    ]
    if has_hours and not has_day and told:
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


def bound_habits(units: Sequence[Unit], labels: list[str]) -> None:
    """« on est à Nice la semaine du 7, une expo le mercredi »: a stretch to come that was only told says which Wednesday."""
    times = [
        (at, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    meant = [time for at, time in times if labels[at] == "U" and time.point is not None]
    if not meant or not all(time.point and time.point.days.weekdays for time in meant):
        return
    if any(time.point and time.point.days.unit != "day" for time in meant):
        return
    for at, time in times:
        is_stretch = time.point is not None and (
            time.point.days.unit in ("week", "holidays", "span") or time.until is not None
        )
        if labels[at] == "I" and is_stretch and time.point and not time.point.days.is_past:
            labels[at] = "U"


def give_lengths_a_start(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« 4 jours à Biarritz à partir du 3 décembre »: a length is meant where a start is."""
    times = [
        (at, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    has_start = any(labels[at] == "U" and time.bound == "from" for at, time in times)
    for at, time in times:
        if (
            has_start
            and time.length
            and labels[at] == "I"
            and chances[at].get("U", 0.0) >= CONCEIVABLE
        ):
            labels[at] = "U"


def mean_something(labels: list[str], chances: Sequence[dict[str, float]]) -> None:
    """A follow-up that would change nothing means the likeliest of what it tells."""
    if any(label in "UNDTX" for label in labels):
        return
    told = [
        at
        for at, label in enumerate(labels)
        if label == "I" and chances[at].get("U", 0.0) >= HINTED
    ]
    if told:
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


def leave_birthdays(units: Sequence[Unit], labels: list[str]) -> None:
    """« ma fille a 7 ans aujourd'hui, … samedi »: since when somebody is so old is no day to go out when another is named."""
    days = [at for at, unit in enumerate(units) if unit.kind in ("<day>", "<weekend>")]
    is_another = sum(labels[at] == "U" for at in days) > 1
    for at in days:
        before = units[at - 1].reading if at > 1 else None
        if before is not None and isinstance(before.value, Ages) and units[at - 2].kind in _TURNS:
            labels[at - 1] = "U" if labels[at - 1] == "I" else labels[at - 1]
            labels[at] = "I" if is_another else labels[at]


_TURNS = frozenset("a ai ont as aura auront avait eu ses mes son fete is are turns turned".split())
"""Before an age: « a (7 ans) », « fête ses (10 ans) »."""


def mean_what_opens_a_sentence(
    message: Message, units: Sequence[Unit], labels: list[str], signs: Sequence[Sign | None]
) -> None:
    """« samedi je bosse. Dimanche ? »: what is left out in one sentence leaves nothing out in the next; « … le 12 mars. La veille, … » is the eve of it."""
    is_left_out = has_day = False
    for at, unit in enumerate(units):
        if unit.reading is None or unit.reading.field != "when":
            continue
        if labels[at] == "N" and signs[at] is None and is_left_out:
            labels[at] = "U" if message.has_pause_before(unit.first) else "N"
        is_left_out = is_left_out or signs[at] == "N"
        time = unit.reading.value
        if isinstance(time, Time) and time.needs_anchor and labels[at] == "I" and has_day:
            labels[at] = "U" if message.starts_a_sentence(unit.first) else "I"
        has_day = has_day or (
            labels[at] == "U" and isinstance(time, Time) and time.point is not None
        )


def prefer_the_preferred(
    message: Message, units: Sequence[Unit], labels: list[str], signs: Sequence[Sign | None]
) -> None:
    """« plutôt l'après-midi, le matin c'est judo »: of times of one kind the one that is preferred."""
    for at, unit in enumerate(units):
        if labels[at] != "U" or unit.reading is None or unit.reading.field != "when":
            continue
        is_preferred = signs[at] == "U" or (at > 0 and units[at - 1].kind in _RATHER)
        is_preferred = is_preferred or message.norm(unit.first) in _RATHER
        for other in range(at + 1, len(units)) if is_preferred else ():
            if labels[other] == "U" and units[other].kind == unit.kind and signs[other] is None:
                labels[other] = "I"


_RATHER = frozenset("plutot rather".split())


def take_back(units: Sequence[Unit], labels: list[str]) -> None:
    """« oublie le week-end », « annule le jazz »: what was said before no longer holds."""
    for at in range(1, len(units)):
        back = at - 1
        while back >= 0 and units[back].reading is None and units[back].kind in LEADING:
            back -= 1
        is_led = back >= 0 and (
            units[back].kind in CANCELLING
            or (units[back].kind == "tomber" and units[back - 1].kind[:5] == "laiss")
        )
        reading = units[at].reading
        if reading is not None and reading.field == "where":
            is_led = is_led or (back >= 0 and units[back].kind in _TAKING_OUT)
        if is_led and reading is not None and labels[at] in "UI":
            labels[at] = "D"


_TAKING_OUT = frozenset(
    "retire retirez retirer enleve enlevez enlever vire virez virer supprime supprimez ote otez exclus excluez exclure remove skip exclude zappe zappez".split()
)


def mean_both(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« ma sœur dit jeudi, moi mercredi… prends les deux »: the two days, or the two places, told before."""
    both = _BOTH.search(message.line)
    if both is None:
        return
    for field in ("when", "where"):
        told = [
            at
            for at, unit in enumerate(units)
            if unit.reading is not None
            and unit.reading.field == field
            and message.offset(unit.first) < both.start()
            and unit.kind not in ("<hours>", "<range>")
        ]
        if len(told) == _TWO and units[told[0]].kind == units[told[1]].kind:
            after = [at for at in range(told[1], len(units)) if units[at].kind == "<hours>"]
            for at in (*told, *after):
                labels[at] = "U" if labels[at] == "I" else labels[at]


_BOTH = re.compile(
    r"(?<!\S)(?:(?:prend[sz]?|prenez|prenons|garde[rsz]?|gardons|met[sz]?|mettez|cherche[rsz]?|regarde[rsz]?|fais|on prend|take|keep|try) (?:moi |nous )?(?:les 2|both)|les 2 me vont|both (?:are|is) fine)(?! (?:billets?|places?|tickets?|jours? d|seats?))(?!\S)"
)
_TWO = 2


def mean_each_stop(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« le 3 à Cassis puis le 4 à Hyères », « à Brest jeudi et à Quimper vendredi »: each day has its town, and both are meant."""
    where = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field == "where" and labels[at] in "UI"
    ]
    for one, two in itertools.pairwise(where):
        if "U" not in (labels[one], labels[two]) or not _is_a_stop_then(units, one, two):
            continue
        if all(message.norm(units[at].first - 1) in _AT for at in (one, two)):
            labels[one] = labels[two] = "U"


def _is_a_stop_then(units: Sequence[Unit], one: int, two: int) -> bool:
    """Whether one day stands between two places, and another before the first or after the second of them."""
    between = range(one + 1, two)
    days = [at for at in between if units[at].kind == "<day>"]
    words = {units[at].kind for at in between if at not in days}
    around = (*range(max(0, one - _STOP_REACH), one), *range(two + 1, min(two + 3, len(units))))
    return (
        len(days) == 1
        and words <= _LIST_WORDS | _THEN
        and len(between) <= _LIST_REACH + 1
        and any(units[at].kind == "<day>" for at in around)
    )


_STOP_REACH = 5
_THEN = frozenset("puis ensuite then apres".split())
_AT = frozenset("a au aux en dans vers sur in at to near".split())


def mean_what_is_near(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« concert près de la tour Eiffel »: a place and no theme; « près de la gare, une expo »: nor a story, which would say who."""
    for at, unit in enumerate(units):
        if unit.reading is None or unit.reading.field != "where":
            continue
        near = _NEAR.search(message.line[: message.offset(unit.first)])
        if near and (labels[at] == "T" or (labels[at] == "I" and near.start() == 0)):
            labels[at] = "U"


def mean_over_there(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« … à Dole pour les vacances. Un spectacle là-bas mercredi ? »: the place told last before."""
    there = _THERE.search(message.line)
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field == "where"
    ]
    if there is None or any(labels[at] == "U" for at in places):
        return
    before = [
        at for at in places if labels[at] == "I" and message.offset(units[at].first) < there.start()
    ]
    if before:
        labels[before[-1]] = "U"


_THERE = re.compile(
    r"(?<!\S)(?:la bas|sur place|over there|there)(?!\S)(?! (?:is|are|was|anything|any))"
)


_NEAR = re.compile(
    r"(?<!\S)(?:pres|autour|proche|non loin|a cote|aux alentours|near|around|close to|next to)(?: (?:de|du|d|des|to))?(?: (?:la|le|les|l|the))? $"
)


def mean_the_only_day(
    message: Message,
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    *,
    least: float,
) -> None:
    """The one day to come that a message tells is meant unless that is unlikely: « Le 15 août dans le Finistère, … »."""
    times = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None
        and isinstance(unit.reading.value, Time)
        and unit.reading.value.point is not None
    ]
    if len(times) != 1 or labels[times[0]] != "I":
        return
    if asks_of_the_past(message):
        labels[times[0]] = "U"
        return
    time = units[times[0]].reading.value  # type: ignore[union-attr]
    assert isinstance(time, Time)
    assert time.point is not None
    if not time.point.days.is_past and chances[times[0]].get("U", 0.0) >= least:
        labels[times[0]] = "U"


def mean_the_only_reach(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« concert près de moi », « n'importe où »: where nothing else says where, hardly ever a story."""
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field in ("where", "distance")
    ]
    told = [
        at
        for at in places
        if labels[at] == "I"
        and units[at].reading.field == "distance"  # type: ignore[union-attr] # asked for above
        and chances[at].get("U", 0.0) >= TOLD
    ]
    if told and not any(labels[at] == "U" for at in places):
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


def choose_one_group(
    message: Message, units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """Of several places that are meant, those of one list; where none is, the likeliest that might be."""
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field == "where"
    ]
    meant = [at for at in places if labels[at] == "U"]
    if meant:
        meant = [
            at for at in places if at in meant or (labels[at] in "TI" and _is_numbered(units[at]))
        ]
    elif (named := _named_last(message, units, labels, places)) is not None:
        labels[named] = "U"
        return
    else:
        venues = [at for at in places if labels[at] == "T" and _is_a_venue(units[at])]
        if venues:
            labels[venues[0]] = "U"
            return
        by_code = [at for at in places if labels[at] == "I" and _is_a_postcode(units[at])]
        if by_code:
            for at in by_code:
                labels[at] = "U"
            return
        is_corrected = any(
            labels[at] == "N" for at in places
        )  # « je parlais d'Oyonnax, pas d'Oloron »
        least = CONCEIVABLE if is_corrected else _LIKELY_PLACE
        likely = [at for at in places if labels[at] == "I" and chances[at].get("U", 0.0) >= least]
        if likely:
            labels[max(likely, key=lambda at: chances[at]["U"])] = "U"
        return
    between = _between_two(message, units, places)
    if between:
        meant = sorted({*meant, *between})
    best = between[0] if between else max(meant, key=lambda at: chances[at]["U"])
    group = _list_around(message, units, meant, best)
    group |= {
        at
        for pair in itertools.pairwise(meant)
        if group.intersection(pair) and _is_a_stop_then(units, *pair)
        for at in pair
    }
    for at in meant:
        labels[at] = "U" if at in group else "I"


def _is_numbered(unit: Unit) -> bool:
    """A département by its number: « 22, 29 ou 56 »."""
    place = unit.reading.value if unit.reading is not None else None
    return (
        isinstance(place, Place)
        and bool(place.department_codes or _is_a_postcode(unit))
        and unit.first == unit.last
        and place.strength == FIRM
    )


def _is_a_postcode(unit: Unit) -> bool:
    """« 75011 », which nobody tells for another reason; « 11e » may be of anything."""
    place = unit.reading.value if unit.reading is not None else None
    return (
        isinstance(place, Place)
        and bool(place.postcodes)
        and place.label.startswith(place.postcodes)
    )


def _named_last(
    message: Message, units: Sequence[Unit], labels: Sequence[str], places: Sequence[int]
) -> int | None:
    """« conférence sur la préhistoire les Eyzies »: the one town of a message, in capitals after all else, though it looked like theme."""
    if len(places) != 1 or labels[places[0]] != "T" or places[0] < _FEW_BEFORE:
        return None
    at = places[0]
    place = units[at].reading.value  # type: ignore[union-attr] # of readings alone
    if not isinstance(place, Place) or place.population < _VILLAGE:
        return None
    unit, rest = units[at], units[at + 1 :]
    is_last = all(each.reading is not None for each in rest)
    is_capitalised = message.is_capitalised(unit.last) and not message.text.isupper()
    has_theme_before = at > 0 and labels[at - 1] == "T" and units[at - 1].reading is None
    is_new = (
        has_theme_before
        and not message.is_capitalised(units[at - 1].first)
        and units[at - 1].kind not in _BELONGING
    )
    return at if is_last and is_capitalised and is_new and unit.kind == "<town>" else None


_FEW_BEFORE, _VILLAGE = 3, 1_000  # words before the name, inhabitants
_BELONGING = frozenset(
    "sur de d du des a au aux en avec par chez sous pour contre et le la les l un une the of about on in from to by with against and".split()
)
"""After these a name is what a theme is about: « conférence sur Lyon », « Cyrano de Bergerac »."""


def _between_two(message: Message, units: Sequence[Unit], places: Sequence[int]) -> tuple[int, ...]:
    """« dans le Sud-Ouest, quelque chose entre Dax et Mont-de-Marsan »: the two, which say more than what holds them."""
    for first, second in itertools.pairwise(places):
        words = [message.norm(at) for at in range(units[first].last + 1, units[second].first)]
        if message.norm(units[first].first - 1) in ("entre", "between") and words in (
            ["et"],
            ["and"],
        ):
            return first, second
    return ()


def _is_a_venue(unit: Unit) -> bool:
    place = unit.reading.value if unit.reading is not None else None
    return (
        isinstance(place, Place)
        and place.near is not None
        and place.strength > FIRM
        and place.area is None
    )


def _list_around(
    message: Message, units: Sequence[Unit], meant: Sequence[int], best: int
) -> set[int]:
    """The places that stand in one list with the best."""
    group = {best}
    ordered = sorted(meant)
    place = ordered.index(best)
    for step in (1, -1):
        here = place
        while 0 <= here + step < len(ordered) and _is_listed(
            message, units, *sorted((ordered[here], ordered[here + step]))
        ):
            here += step
            group.add(ordered[here])
    return group


def _is_listed(message: Message, units: Sequence[Unit], first: int, second: int) -> bool:
    between = range(units[first].last + 1, units[second].first)
    words = {message.norm(at) for at in between}
    if words & _OR:
        words -= _NEAR_ONE  # « à Bordeaux ou vers Mérignac »
    return len(between) <= _LIST_REACH and words <= _LIST_WORDS


_OR = frozenset("ou or et and sinon".split())
_NEAR_ONE = frozenset(
    "vers autour cote pres proche alentours environs near around alors bien".split()
)
