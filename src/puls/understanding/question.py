"""A visitor's words become a wish: pure, deterministic, in milliseconds, with `now` as an argument.

Enter at `understand`. The order of reading matters: what is surest claims its words first (numbers
with a unit, then places by number, then time, then places by name), and what nobody claims is the
theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.calendars import Zone, zone_of
from puls.understanding.chips import Chip, chips_of
from puls.understanding.condition_words import CHILDREN_ALONE, WORK
from puls.understanding.conditions import Conditions, read_conditions, read_order
from puls.understanding.follow_up import changed
from puls.understanding.language import Language, language_of
from puls.understanding.topic import topic_of
from puls.understanding.turns import Turn, kind_of
from puls.understanding.when import When, read_when
from puls.understanding.where import WhereRead, claim_numbered_places, read_where
from puls.understanding.wish import Where, Wish
from puls.understanding.words import Message, Span

_CHILDREN_AGES = (
    4,
    10,
)  # « et pour les enfants ? »: primary school, as the judged questions mean it
_WITHOUT_WISH = (Turn.GREETING, Turn.THANKS, Turn.OUT_OF_SCOPE, Turn.CANNOT)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means. `carried` is the wish that the next follow-up changes."""

    wish: Wish
    turn: Turn
    language: Language
    matched: tuple[Span, ...] = ()
    notices: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    carried: Wish | None = None


def understand(
    text: str,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    position: Coordinates | None = None,
    history: Sequence[str] = (),
    previous: Understood | None = None,
    timezone: str = "Europe/Paris",
) -> Understood:
    """Understand one message after the visitor's earlier ones.

    `previous` spares reading `history` again.
    """
    for earlier in history if previous is None else ():
        previous = _understand_one(earlier, now, gazetteer, position, previous, timezone)
    return _understand_one(text, now, gazetteer, position, previous, timezone)


def asks_for_work(topic: str) -> bool:
    """Whether a theme asks for job fairs, training for a job, founding a company.

    Left out of search otherwise.
    """
    return bool(WORK.search(Message(topic).folded))


def _understand_one(  # noqa: PLR0917 - internal, always in this order
    text: str,
    now: datetime,
    gazetteer: Gazetteer,
    position: Coordinates | None,
    previous: Understood | None,
    timezone: str,
) -> Understood:
    message = Message(text)
    language = language_of(message)
    carried = previous.carried if previous else None
    turn = kind_of(message, has_previous=carried is not None)
    if turn in _WITHOUT_WISH:
        return Understood(wish=Wish(), turn=turn, language=language, carried=carried)

    conditions = read_conditions(message)
    where_before = carried.where if carried else None
    numbered = claim_numbered_places(message, gazetteer, where_before)
    zone = (
        _school_zone(text, gazetteer, position, language) if "vacances" in message.folded else None
    )
    when = read_when(message, now=now, timezone=timezone, zone=zone)
    where = read_where(
        message,
        gazetteer=gazetteer,
        numbered=numbered,
        position=position,
        previous=where_before,
        language=language,
    )
    conditions.order = read_order(message)
    is_follow_up = carried is not None and turn is not Turn.SEARCH
    topic = topic_of(message, is_follow_up=carried is not None, ages=conditions.ages)
    if carried is not None and turn is Turn.SEARCH and not topic and not _asks_anew(message):
        turn, is_follow_up = Turn.REFINEMENT, True
    if (
        is_follow_up
        and turn is Turn.REFINEMENT
        and not conditions.ages
        and CHILDREN_ALONE.search(message.folded)
    ):
        conditions.ages = _CHILDREN_AGES
    wish = _wish(topic, when, where, conditions)
    if is_follow_up and carried is not None:
        is_about_results = turn in (Turn.DETAILS, Turn.COMPARISON)
        kept_topic = "" if is_about_results else topic
        wish = changed(carried, topic=kept_topic, when=when, where=where, conditions=conditions)
    wish = replace(
        wish,
        position=position,
        includes_non_cultural=bool(WORK.search(message.folded))
        or (is_follow_up and carried is not None and carried.includes_non_cultural),
    )
    return Understood(
        wish=wish,
        turn=turn,
        language=language,
        matched=message.spans(),
        notices=(*when.notices, *where.notices, *conditions.notices),
        chips=chips_of(wish, timezone=timezone),
        carried=wish,
    )


def _wish(topic: str, when: When, where: WhereRead, conditions: Conditions) -> Wish:
    return Wish(
        topic=topic,
        when=when.intervals,
        where=where.where,
        free=conditions.free,
        max_price=conditions.max_price,
        ages=conditions.ages,
        accessibility=conditions.accessibility,
        online=conditions.online,
        order=conditions.order,
        excluded_categories=conditions.excluded_categories,
        excluded_words=conditions.excluded_words,
    )


def _asks_anew(message: Message) -> bool:
    """« Que faire ce soir à Lyon ? » is a search of its own although it has no theme."""
    return any(
        phrase in message.folded
        for phrase in (
            "que faire",
            "quoi faire",
            "what to do",
            "things to do",
            "what s on",
            "je cherche",
            "evenements",
            "sortir",
        )
    )


def _school_zone(
    text: str, gazetteer: Gazetteer, position: Coordinates | None, language: Language
) -> Zone | None:
    """The school zone of the place named in the same message."""
    where = read_where(
        Message(text), gazetteer=gazetteer, position=position, language=language
    ).where
    return None if where is None else _zone_of(where, gazetteer)


def _zone_of(where: Where, gazetteer: Gazetteer) -> Zone | None:
    departments = [
        *where.department_codes,
        *(
            commune.department_code
            for code in where.commune_codes
            if (commune := gazetteer.commune(code))
        ),
        *(code[:2] for code in where.postcodes),
    ]
    return zone_of(departments[0]) if departments else None
