"""A wish, or the change of the wish before, from what a message was judged to say. Pure.

Within a conversation what a message does not speak of stays; a new theme replaces the theme only. Enter at `wish_after`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from puls.catalogue.event import Category
from puls.geo.distance import great_circle_km
from puls.geo.names import fold
from puls.language.lexicon import category_of_word, singular
from puls.understanding.change_of_days import SaidOfTime, with_days
from puls.understanding.drops import dropped_fields, dropping_words
from puls.understanding.judging.roles import Judged
from puls.understanding.message import Message
from puls.understanding.notices import Notice
from puls.understanding.readings import Around, Reading
from puls.understanding.what.needs import Need
from puls.understanding.what.people import CHILDREN_ALONE, Ages, Party
from puls.understanding.what.price import CHEAP_EUROS, Price
from puls.understanding.what.theme import (
    joined_over_small_words,
    left_out_of,
    only_kinds,
    theme_of,
    without_words,
)
from puls.understanding.when.intervals import IS_OVER, clock_of
from puls.understanding.when.times import Time
from puls.understanding.where.distances import Distance
from puls.understanding.where.place import FIRM, Place, place_of_commune
from puls.understanding.where.reach import both
from puls.understanding.where.reading import NO_POSITION, Area, OtherReading, area_of
from puls.understanding.where.venues import VENUE_RADIUS_KM
from puls.understanding.wish import Where, Wish

_CHILDREN_AGES = (
    4,
    10,
)  # « et pour les enfants ? »: primary school, as the judged questions mean it
_LIST_REACH = 3  # words between two of a list

# Words that only add to a theme: an audience, a manner.
_ADDED = re.compile(
    r"^(?:pour|avec|for|with|en|in|au|a l|accessibles?|outdoors?|plein air|dehors) "
)
_ALSO = re.compile(r"(?<!\S)(?:aussi|egalement|too|as well|also|en plus)(?!\S)")
_OR_ALSO = re.compile(r"(?:ou (?:bien )?|or )(?!pas|quoi|non|alors|sinon|plutot|else|rather|maybe)")
"""« ou dimanche »: in addition to what was asked."""
_FOR_CHILDREN = re.compile(
    r"(?: (?:pour|avec|for|with|de|et))?(?: (?:les|des|mes|un|une|the|my|tout))*"
    r" (?:enfants?|petits|tout-petits|adolescents|ados?|bébés?|kids|children)(?!\w)",
    re.IGNORECASE,
)
_CANCELS = re.compile(r"(?:annule[rzs]?|oublie[rzs]?|laisse[rzs]? tomber|drop|forget)(?!\S)")
_SAME_PLACE = re.compile(
    r"(?<!\S)(?:au meme (?:endroit|lieu)|meme (?:endroit|lieu|salle|musee)|sur place|la bas|same place|same venue|there)(?!\S)"
)
_SETTING = re.compile(
    r"(?<!\S)(?:(?:en|de) )?(?:plein[- ]air|extérieur|dehors|intérieur)(?!\S)|(?<!\S)(?:open[- ]air|outdoors?|indoors?)(?!\S)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Said:
    """What a message says for itself: values, what it takes back, what should be told."""

    topic: str = ""
    is_added: bool = False
    is_more: bool = False
    times: list[Time] = field(default_factory=list)
    times_left_out: list[Time] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    places_left_out: list[Place] = field(default_factory=list)
    beyond: list[Place] = field(default_factory=list)
    distances: list[Distance] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    ages: list[Ages] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    needs_left_out: list[Need] = field(default_factory=list)
    categories: tuple[Category, ...] = ()
    excluded_categories: tuple[Category, ...] = ()
    excluded_words: tuple[str, ...] = ()
    drops: frozenset[str] = frozenset()
    is_of_the_other_setting: bool = False

    @property
    def is_anywhere(self) -> bool:
        return any(each.kind == "anywhere" for each in self.distances)


@dataclass(frozen=True, slots=True)
class Changed:
    """The wish after a message, with what to say of it."""

    wish: Wish
    notices: tuple[Notice, ...] = ()
    alternatives: tuple[OtherReading, ...] = ()


_DROP_OF_FIELD = {
    "when": "when",
    "where": "where",
    "distance": "where",
    "price": "price",
    "ages": "ages",
    "need": "access",
    "party": "party",
}


def said_in(message: Message, judgement: Judged, carried: Wish | None = None) -> Said:
    """The judged readings of a message by field; a place that it takes back from the larger one asked for before is left out of that."""
    said = Said(drops=dropped_fields(message))
    for reading in judgement.used:
        _add(said, reading)
    for reading in judgement.left_out:
        if isinstance(reading.value, Time):
            said.times_left_out.append(reading.value)
        elif isinstance(reading.value, Place):
            said.places_left_out.append(reading.value)
        elif isinstance(reading.value, Ages) and not reading.value.which:
            said.drops |= {"ages"}
        elif isinstance(reading.value, Need) and reading.value.field == "accessibility":
            said.needs_left_out.append(reading.value)
        elif isinstance(reading.value, Need) and reading.value.field == "setting":
            said.needs.append(
                replace(
                    reading.value,
                    value="indoor" if reading.value.value == "outdoor" else "outdoor",
                    is_kept=False,
                )
            )
            said.is_of_the_other_setting = True
    parts = [each for each in judgement.taken_back if _is_a_part_of(each, carried)]
    said.places_left_out += [each.value for each in parts if isinstance(each.value, Place)]
    if said.places_left_out:  # « sans le Morbihan, c'est trop loin » says why
        why = _told(judgement)
        said.distances = [each for each in said.distances if each not in why]
    one_child = [each for each in judgement.taken_back if _is_of_one_child(each)]
    said.drops |= {
        _DROP_OF_FIELD[each.field]
        for each in judgement.taken_back
        if each not in one_child and each not in parts
    }
    for reading in (*one_child, *(each for each in judgement.left_out if _is_of_one_child(each))):
        _add(said, reading)
    ages = [year for each in said.ages for year in each.years]
    said.topic = theme_of(message, _theme_spans(message, judgement, said), ages=ages)
    said.is_more = bool(_OR_ALSO.match(message.line))
    said.is_added = bool(_ALSO.search(message.line)) or bool(_ADDED.match(f"{fold(said.topic)} "))
    said.categories = only_kinds(message, judgement.theme)
    said.excluded_categories, said.excluded_words = left_out_of(message, judgement.without)
    return said


def _told(judgement: Judged) -> list[object]:
    """The values of readings that are told rather than asked for."""
    return [
        unit.reading.value
        for unit, label in zip(judgement.units, judgement.labels, strict=True)
        if unit.reading is not None and label == "I"
    ]


def _is_a_part_of(reading: Reading, carried: Wish | None) -> bool:
    """« retire la Seine-et-Marne », said of the Île-de-France."""
    if not isinstance(reading.value, Place) or carried is None or carried.where is None:
        return False
    where, part = carried.where, reading.value.where()
    return not any(
        set(own).intersection(others)
        for own, others in (
            (where.commune_codes, part.commune_codes),
            (where.postcodes, part.postcodes),
            (where.department_codes, part.department_codes),
            (where.region_codes, part.region_codes),
        )
    ) and (where.label != part.label)


def _is_of_one_child(reading: Reading) -> bool:
    """« sans la petite » leaves the others."""
    return isinstance(reading.value, Ages) and reading.value.which is not None


def _is_also_said(message: Message, readings: Sequence[Time] | Sequence[Place]) -> bool:
    """« dimanche aussi », « aussi à Lyon »: in addition to what was asked."""
    for each in readings:
        beside = (
            message.norm(at)
            for at in (each.first - 2, each.first - 1, each.last + 1)
            if 0 <= at < len(message)
        )
        if any(word in _ALSO_WORDS for word in beside):
            return True
    return False


_ALSO_WORDS = frozenset("aussi egalement too also".split())


def _add(said: Said, reading: Reading) -> None:
    match reading.value:
        case Time():
            said.times.append(reading.value)
        case Place(beyond=None):
            said.places.append(reading.value)
        case Place():
            said.beyond.append(reading.value)
        case Distance():
            said.distances.append(reading.value)
        case Price():
            said.prices.append(reading.value)
        case Ages():
            said.ages.append(reading.value)
        case Party():
            said.parties.append(reading.value)
        case Need():
            said.needs.append(reading.value)


def _theme_spans(message: Message, judgement: Judged, said: Said) -> list[tuple[int, int]]:
    """The words of the theme, joined over small words, without those that order, count or take back."""
    ruled = [
        (each.first, each.last) for each in said.needs if each.field in ("order", "number_wanted")
    ]
    return without_words(
        joined_over_small_words(message, _with_kept(judgement, said)),
        [*ruled, *dropping_words(message)],
    )


def _with_kept(judgement: Judged, said: Said) -> list[tuple[int, int]]:
    """The spans of the theme with the words of needs and feasts that are theme as well, where they stand beside it."""
    is_alone = not judgement.theme  # « il me faudrait de l'audiodescription » is no other theme
    kept = [
        (each.first, each.last)
        for each in said.needs
        if each.is_kept and not (is_alone and each.field in ("accessibility", "spoken_language"))
    ]
    kept += [(each.first, each.last) for each in said.ages if each.is_word]
    kept += [
        (each.first, each.last)
        for each in said.times
        if each.point is not None and each.point.days.is_kept
    ]
    spans = sorted([*judgement.theme, *kept])
    return spans if judgement.theme or any(span in kept for span in spans) else []


def wish_after(
    message: Message,
    said: Said,
    carried: Wish | None,
    around: Around,
    *,
    now: datetime,
    timezone: str,
    ignored: Sequence[Reading] = (),
) -> Changed:
    """The carried wish with what the message says in place of what it replaces; a wish of its own when nothing is carried."""
    before = _without_dropped(carried or Wish(), said.drops)
    if not said.topic and _CANCELS.match(message.line):
        before = replace(before, topic=_without_phrases(before.topic, message.line.split()))
    if said.is_of_the_other_setting:
        before = replace(
            before, setting=None, topic=" ".join(_SETTING.sub(" ", before.topic).split())
        )
    told = [each.value for each in ignored if isinstance(each.value, Time)]
    wish, when_notices = with_days(
        before,
        message,
        SaidOfTime(said.times, said.times_left_out, told),
        around.clock,
        is_more=bool(before.when) and (said.is_more or _is_also_said(message, said.times)),
        now=now,
        timezone=timezone,
    )
    if carried is not None and said.topic and not _SAME_PLACE.search(message.line):
        wish = replace(wish, where=_out_of_a_venue(wish.where, around))
    wish, area = _with_where(wish, message, said, around)
    wish, price_notices = _with_price(wish, said)
    wish = _with_people(wish, message, said, is_change=carried is not None)
    wish = _with_needs(wish, said)
    reach_notices: tuple[Notice, ...] = ()
    if any(each.kind == "nearer" for each in said.distances) and not (
        wish.where and wish.where.near
    ):
        wish = replace(wish, order="nearest")
        if around.position is None:
            reach_notices = (NO_POSITION,)  # the order waits for one
    wish = _with_topic(wish, said)
    notices = (*when_notices, *area.notices, *reach_notices, *price_notices)
    return Changed(wish, notices, area.alternatives)


def _out_of_a_venue(where: Where | None, around: Around) -> Where | None:
    """The town of a venue: another theme is hardly asked for in the same hall."""
    if (
        where is None
        or where.near is None
        or where.near.radius_km > VENUE_RADIUS_KM
        or where.around_visitor_km is not None
    ):
        return where
    center = where.near.center
    communes = around.gazetteer.communes_folded(fold(where.label.rpartition(",")[2]))
    town = min(communes, key=lambda each: great_circle_km(each.coordinates, center), default=None)
    return (
        place_of_commune((town,), 0, 0, FIRM).where()
        if town is not None and "," in where.label
        else where
    )


def _without_dropped(wish: Wish, drops: frozenset[str]) -> Wish:
    if "all" in drops:
        return Wish(topic=wish.topic, where=wish.where, when=wish.when, position=wish.position)
    if "when" in drops:
        wish = replace(wish, when=())
    if "where" in drops:
        wish = replace(wish, where=None)
    if "price" in drops:
        wish = replace(wish, free=None, max_price=None)
    if "ages" in drops:
        wish = replace(wish, ages=(), topic=_FOR_CHILDREN.sub("", f" {wish.topic}").strip())
    if "access" in drops:
        wish = replace(wish, accessibility=frozenset())
    if "theme" in drops:
        wish = replace(wish, topic="", categories=())
    if "without" in drops:
        where = replace(wish.where, excluded=()) if wish.where else None
        wish = replace(wish, excluded_categories=(), excluded_words=(), where=where)
    return wish


# Where


def _with_where(wish: Wish, message: Message, said: Said, around: Around) -> tuple[Wish, Area]:
    if said.is_anywhere and not said.places:
        return replace(wish, where=None), Area()
    area = area_of(
        message,
        said.places,
        said.places_left_out,
        said.distances,
        gazetteer=around.gazetteer,
        position=around.position,
        previous=wish.where,
    )
    if area.where is None:
        return wish, area
    where = (
        both(wish.where, area.where)
        if (said.is_more or _is_also_said(message, said.places)) and said.places and wish.where
        else area.where
    )
    return replace(wish, where=where), area


# Price and people


def _with_price(wish: Wish, said: Said) -> tuple[Wish, tuple[Notice, ...]]:
    notices: tuple[Notice, ...] = ()
    amounts = [each for each in said.prices if each.most is not None]
    party = said.parties[0].size if said.parties else wish.party_size
    if any(each.any_price for each in said.prices):
        return replace(wish, free=None, max_price=None), notices
    if any(each.is_paid_fine for each in said.prices):
        wish = replace(wish, free=None)
    frees = [each.is_free for each in said.prices if each.is_free is not None]
    if amounts:
        price = amounts[-1]
        assert price.most is not None
        sharing = price.sharing or (party if price.for_all else None)
        each_pays = round(price.most / sharing, 2) if sharing else price.most
        wish = replace(wish, max_price=each_pays, free=None)
        if price.sharing:
            wish = replace(wish, party_size=price.sharing)
    elif frees and not _is_free_or_cheap(said.prices):
        wish = replace(wish, free=frees[-1], max_price=None)
    elif any(each.is_cheap for each in said.prices) and not wish.free:
        wish = replace(
            wish,
            max_price=wish.max_price
            if wish.max_price is not None and wish.max_price < CHEAP_EUROS
            else CHEAP_EUROS,
        )
        notices = (_CHEAP,)
    return wish, notices


def _is_free_or_cheap(prices: Sequence[Price]) -> bool:
    """« gratuit ou pas cher »."""
    return any(
        one.is_free and other.is_cheap and 0 < other.first - one.last <= _LIST_REACH - 1
        for one in prices
        for other in prices
    )


_CHEAP = Notice(
    code="cheap",
    fr=f"« Petit budget » est compris comme {CHEAP_EUROS:g} € au plus par personne.",
    en=f"“On a budget” is taken as €{CHEAP_EUROS:g} at most per person.",
)


def _with_people(wish: Wish, message: Message, said: Said, *, is_change: bool) -> Wish:
    ages = tuple(sorted({year for each in said.ages for year in each.years if not each.is_told}))
    known = ages or wish.ages
    one = next((each for each in said.ages if each.which), None)
    if one is not None and len(known) > 1:
        chosen = known[-1] if one.which == "oldest" else known[0]
        others = tuple(year for year in known if year != chosen)
        wish = replace(wish, ages=others if one.is_without else (chosen,))
    elif any(each.is_without and not each.which for each in said.ages):
        topic = _FOR_CHILDREN.sub("", f" {wish.topic}").strip()
        wish = replace(wish, ages=(), topic=topic)
    elif ages:
        wish = replace(
            wish,
            ages=tuple(sorted({*wish.ages, *ages}))
            if said.is_more or _ALSO.search(message.line)
            else ages,
        )
    elif is_change and not wish.ages and CHILDREN_ALONE.search(message.line):
        wish = replace(wish, ages=_CHILDREN_AGES)
    if said.parties:
        wish = replace(wish, party_size=said.parties[0].size)
    return wish


def _with_needs(wish: Wish, said: Said) -> Wish:
    refused = {need.value for need in said.needs_left_out}
    wish = replace(
        wish, accessibility=frozenset(code for code in wish.accessibility if code not in refused)
    )
    for need in said.needs:
        match need.field:
            case "accessibility":
                if need.value is not None:
                    wish = replace(wish, accessibility=wish.accessibility | {need.value})
            case "online":
                wish = replace(wish, online=need.value)
            case "setting":
                wish = replace(
                    wish,
                    setting=need.value
                    if wish.setting is None or need.value != "outdoor" or wish.setting != "indoor"
                    else wish.setting,
                )
            case "spoken_language":
                wish = replace(wish, spoken_language=need.value)
            case "max_minutes":
                wish = replace(wish, max_minutes=need.value)
            case "number_wanted":
                wish = replace(wish, number_wanted=need.value)
            case "order":
                wish = replace(wish, order=need.value)
            case "categories":
                wish = replace(wish, categories=need.value)
    return wish


# Theme


_HANGING = re.compile(r"(?:\s(?:de|du|des|d|de la|et|ou|of|and))+$", re.IGNORECASE)


def _without_words(topic: str, said: Said) -> str:
    """The theme without the words that are left out of it now: « concert de métal », then « pas de métal »."""
    if said.topic or not said.excluded_words or not topic:
        return topic
    kept = [
        word
        for word in topic.split()
        if not any(
            fold(word).split()[-1:] == excluded.split()[-1:] for excluded in said.excluded_words
        )
    ]
    return _HANGING.sub("", f" {' '.join(kept)}").strip()


def _with_topic(wish: Wish, said: Said) -> Wish:
    topic = _without_words(_joined_topic(wish.topic, said), said)
    is_given = any(need.field == "categories" for need in said.needs)
    categories = (
        wish.categories
        if is_given
        else said.categories
        if said.categories or (said.topic and _names_kind(said.topic))
        else wish.categories
    )
    dropped_words = [fold(word) for word in said.excluded_words]
    words = tuple(word for word in wish.excluded_words if not _is_wanted(word, said.topic))
    kinds = tuple(
        kind
        for kind in wish.excluded_categories
        if not (
            said.topic and category_of_word().get(singular(fold(said.topic).split()[0])) is kind
        )
    )
    return replace(
        wish,
        topic=topic,
        categories=categories,
        excluded_words=tuple(dict.fromkeys((*words, *dropped_words))),
        excluded_categories=tuple(dict.fromkeys((*kinds, *said.excluded_categories))),
    )


def _is_wanted(word: str, topic: str) -> bool:
    return bool(topic) and singular(word) in {singular(each) for each in fold(topic).split()}


def _joined_topic(earlier: str, said: Said) -> str:
    """A new theme replaces the earlier one; an audience, a manner, a style of a kind is added to it; what is left out goes from it."""
    earlier = _without_phrases(earlier, said.excluded_words)
    change = said.topic
    if not change or not earlier:
        return change or earlier
    if (
        said.is_more
        and _names_kind(change)
        and _names_kind(earlier)
        and fold(change) not in fold(earlier)
    ):
        return f"{earlier} ou {change}"  # « ou un bal »
    if fold(change) in fold(earlier):
        return earlier if said.is_added or not _names_kind(change) else change
    if (
        (said.is_added and not fold(change).startswith(("en ", "pour ")))
        or _ADDED.match(f"{fold(change)} ")
    ) or (_is_only_kind(earlier) and not _names_kind(change)):
        return f"{earlier} {change}"
    return change


def _without_phrases(topic: str, phrases: Sequence[str]) -> str:
    """A theme without what is left out, as far as that is a part of it: « pas le musée Picasso » leaves « musées » alone."""
    words = topic.split()
    for phrase in phrases:
        left_out = {singular(word) for word in phrase.split()}
        if left_out <= {singular(fold(word)) for word in words}:
            words = [word for word in words if singular(fold(word)) not in left_out]
            while words and fold(words[-1]) in ("de", "du", "des", "d", "et", "ou", "avec"):
                words.pop()
    return " ".join(words)


_OTHER_KINDS = frozenset("spectacle spectacles musee musees show shows museum museums".split())


def _names_kind(topic: str) -> bool:
    words = fold(topic).split()
    return any(
        singular(word) in category_of_word() or word in category_of_word() or word in _OTHER_KINDS
        for word in words
    )


def _is_only_kind(topic: str) -> bool:
    small = {"de", "d", "du", "des", "un", "une", "le", "la", "les", "pour", "en", "l"}
    words = [word for word in fold(topic).split() if word not in small]
    return bool(words) and all(
        singular(word) in category_of_word() or word in category_of_word() for word in words
    )


__all__ = ["IS_OVER", "Changed", "Said", "clock_of", "said_in", "wish_after"]
