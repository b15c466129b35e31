"""A visitor's words become a wish: pure, deterministic, in milliseconds, with `now` as an argument.

Enter at `understand`. The order of reading matters: what is surest claims its words first (numbers
with a unit, then places by number, then time, then places by name), and what nobody claims is the
theme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from puls.catalogue.event import Interval
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.calendars import Zone, zone_of
from puls.understanding.chips import Chip, chips_of
from puls.understanding.condition_words import CHILDREN_ALONE, WORK
from puls.understanding.conditions import Conditions, read_conditions, read_order
from puls.understanding.department_hints import claim_hinted_communes
from puls.understanding.follow_up import changed, days_after, hours_of_same_days
from puls.understanding.labelled import read_labelled, with_labelled
from puls.understanding.language import Language, language_of
from puls.understanding.notices import Notice
from puls.understanding.reach import changed_reach, lacks_position, moved, seen_from
from puls.understanding.readings import Reading
from puls.understanding.titles import claim_titles
from puls.understanding.topic import says_only_filters, topic_of
from puls.understanding.turns import Turn, kind_of
from puls.understanding.venue_names import VenueNames
from puls.understanding.when import When, read_exclusions, read_when
from puls.understanding.where import NO_POSITION, WhereRead, claim_sure_places, read_where
from puls.understanding.wish import Where, Wish
from puls.understanding.words import Message, Span

_CHILDREN_AGES = (
    4,
    10,
)  # « et pour les enfants ? »: primary school, as the judged questions mean it
WITHOUT_WISH = (Turn.GREETING, Turn.THANKS, Turn.OUT_OF_SCOPE, Turn.CANNOT)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means. `carried` is the wish that the next follow-up changes.

    `alternatives` are the readings of names of places that were not taken.
    """

    wish: Wish
    turn: Turn
    language: Language
    matched: tuple[Span, ...] = ()
    notices: tuple[Notice, ...] = ()
    chips: tuple[Chip, ...] = ()
    carried: Wish | None = None
    alternatives: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Where and when the question is asked."""

    now: datetime
    gazetteer: Gazetteer
    position: Coordinates | None
    timezone: str
    venues: VenueNames | None
    addresses: Mapping[str, Where] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one message says by itself, before it meets the wish of the messages before."""

    topic: str
    when: When
    where: WhereRead
    conditions: Conditions
    spans: tuple[Span, ...]


def understand(
    text: str,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    position: Coordinates | None = None,
    history: Sequence[str] = (),
    previous: Understood | None = None,
    timezone: str = "Europe/Paris",
    venues: VenueNames | None = None,
    addresses: Mapping[str, Where] | None = None,
) -> Understood:
    """Understand one message after the visitor's earlier ones.

    `previous` spares reading `history` again. `venues` are those of the catalogue; `addresses`, by
    their words, what a geocoder located.
    """
    context = _Context(
        now=now,
        gazetteer=gazetteer,
        position=position,
        timezone=timezone,
        venues=venues,
        addresses=addresses,
    )
    for earlier in history if previous is None else ():
        previous = _understand_one(earlier, previous, context)
    return _understand_one(text, previous, context)


def asks_for_work(topic: str) -> bool:
    """Whether a theme asks for job fairs, training for a job, founding a company.

    Left out of search otherwise.
    """
    return bool(WORK.search(Message(topic).folded))


def _understand_one(text: str, previous: Understood | None, context: _Context) -> Understood:
    message = Message(text)
    language = language_of(message)
    carried = previous.carried if previous else None
    if carried is not None:
        carried = seen_from(carried, context.position)
    turn = kind_of(message, has_previous=carried is not None)
    if turn in WITHOUT_WISH:
        return Understood(wish=Wish(), turn=turn, language=language, carried=carried)
    read = _read(message, text, carried, language, context, is_change=turn is Turn.REFINEMENT)
    is_bare = turn is Turn.SEARCH and says_only_filters(message, read.topic)
    if carried is not None and is_bare and not _asks_anew(message):
        message, turn = Message(text), Turn.REFINEMENT
        read = _read(message, text, carried, language, context, is_change=True)
    wish = _wish_of(read, None if turn is Turn.SEARCH else carried, turn, message)
    wish = seen_from(wish, context.position)
    notices = (*read.when.notices, *read.where.notices, *read.conditions.notices)
    if lacks_position(wish) and turn not in (Turn.DETAILS, Turn.COMPARISON):
        notices = tuple(dict.fromkeys((*notices, NO_POSITION)))
    return Understood(
        wish=wish,
        turn=turn,
        language=language,
        matched=read.spans,
        notices=notices,
        chips=chips_of(wish, timezone=context.timezone),
        carried=wish,
        alternatives=read.where.alternatives,
    )


def _read(
    message: Message,
    text: str,
    carried: Wish | None,
    language: Language,
    context: _Context,
    *,
    is_change: bool,
) -> _Read:
    gazetteer, where_before = context.gazetteer, carried.where if carried else None
    claim_titles(message)
    hinted = claim_hinted_communes(message, gazetteer)
    zone = None
    if "vacances" in message.folded:
        zone = _school_zone(text, gazetteer, context.position, language)
    excluded = read_exclusions(message, now=context.now, timezone=context.timezone, zone=zone)
    labelled = read_labelled(message)
    conditions = with_labelled(read_conditions(message), labelled)
    sure = claim_sure_places(
        message,
        gazetteer,
        previous=where_before,
        hinted=hinted,
        venues=context.venues,
        addresses=context.addresses,
        position=context.position,
    )
    hours: tuple[Interval, ...] = ()
    if carried is not None and is_change:
        hours = hours_of_same_days(
            message, carried.when, now=context.now, timezone=context.timezone
        ) or days_after(message, carried.when, now=context.now, timezone=context.timezone)
    when = (
        When(hours)
        if hours
        else read_when(
            message, now=context.now, timezone=context.timezone, zone=zone, excluded=excluded
        )
    )
    reach = changed_reach(message, where_before, gazetteer) if where_before and is_change else None
    where = read_where(
        message,
        gazetteer=gazetteer,
        sure=sure,
        position=context.position,
        previous=where_before,
        language=language,
    )
    if reach is not None:
        where = replace(where, where=moved(reach, where.where, gazetteer))
    conditions.order = read_order(message)
    topic = topic_of(
        message,
        is_follow_up=carried is not None,
        ages=conditions.ages,
        is_added=carried is not None and bool(carried.topic),
    )
    if is_change and not conditions.ages and CHILDREN_ALONE.search(message.folded):
        conditions.ages = _CHILDREN_AGES
    return _Read(topic=topic, when=when, where=where, conditions=conditions, spans=message.spans())


def _wish_of(read: _Read, carried: Wish | None, turn: Turn, message: Message) -> Wish:
    """The wish of a message, alone or as a change of the one before."""
    asks_for_jobs = bool(WORK.search(message.folded))
    if carried is None:
        wish = changed(
            Wish(),
            topic=read.topic,
            when=read.when,
            where=read.where,
            conditions=read.conditions,
        )
        return replace(wish, includes_non_cultural=asks_for_jobs)
    if turn in (Turn.DETAILS, Turn.COMPARISON):
        return carried  # « c'est gratuit ? » asks about a result, it filters nothing
    wish = changed(
        carried,
        topic=read.topic,
        when=read.when,
        where=read.where,
        conditions=read.conditions,
    )
    return replace(wish, includes_non_cultural=asks_for_jobs or carried.includes_non_cultural)


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
