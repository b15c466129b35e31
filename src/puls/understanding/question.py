"""A visitor's words become a wish: pure, deterministic, in milliseconds, with `now` as an argument.

A message is read once: words → readings → what each is for → the turn → the state's change. Enter at `understand`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.change import Said, said_in, wish_after
from puls.understanding.earlier import wish_spoken_of
from puls.understanding.judging.features import traits_of
from puls.understanding.judging.model import kind_chances
from puls.understanding.judging.roles import Judged, judged
from puls.understanding.language import Language, language_of
from puls.understanding.message import Message, Span
from puls.understanding.notices import Notice
from puls.understanding.readings import Around, readings_of
from puls.understanding.saying.chips import Chip, chips_of
from puls.understanding.turns import (
    ABOUT_SHOWN,
    TURN_OF,
    WITHOUT_WISH,
    Act,
    Heard,
    Standing,
    Turn,
    act_of,
    asks_anew,
    asks_generally,
    asks_something_else,
    wants_something,
)
from puls.understanding.what.theme import telling_part
from puls.understanding.what.work import asks_for_work
from puls.understanding.when import calendar
from puls.understanding.when.calendar import Zone
from puls.understanding.when.days import Clock
from puls.understanding.when.expressions import asks_of_the_past
from puls.understanding.when.intervals import clock_of
from puls.understanding.when.times import Time
from puls.understanding.where.place import Place
from puls.understanding.where.reach import lacks_position, seen_from
from puls.understanding.where.reading import NO_POSITION, OtherReading
from puls.understanding.where.venues import VenueNames
from puls.understanding.wish import Where, Wish

__all__ = ["WITHOUT_WISH", "Understood", "asks_for_work", "understand"]

_SURE = 0.9
_MOST_REMEMBERED = 12  # earlier wishes of a conversation
_CUT = Notice(
    code="message_cut",
    fr="Votre message est long : seuls son début et sa fin ont été lus.",
    en="Your message is long: only its beginning and its end were read.",
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means.

    `act` is finer than `turn`. `carried` is the wish that the next follow-up changes, `trail` the wishes of the conversation, oldest first. `judgement` says what each
    part of the message is for, `said` what it says for itself, `certainty` how sure the act is; `alternatives` are the readings of names of places that were not taken.
    """

    wish: Wish
    turn: Turn
    language: Language
    act: Act = Act.SEARCH
    matched: tuple[Span, ...] = ()
    notices: tuple[Notice, ...] = ()
    carried: Wish | None = None
    trail: tuple[Wish, ...] = ()
    alternatives: tuple[OtherReading, ...] = ()
    timezone: str = "Europe/Paris"
    judgement: Judged = field(default_factory=Judged)
    said: Said = field(default_factory=Said)
    certainty: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Whether the words alone tell what kind of message it is."""
        return self.certainty >= _SURE

    @property
    def unknown_place(self) -> str:
        """The place that was asked for and is not in France, or not known; empty when there is none."""
        return self.said.beyond[0].label if self.said.beyond else ""

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The wish as labels to read and remove."""
        return chips_of(self.wish, timezone=self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Where and when the question is asked."""

    now: datetime
    gazetteer: Gazetteer
    position: Coordinates | None
    timezone: str
    venues: VenueNames | None
    addresses: Mapping[str, Where] | None
    standing: Standing | None
    meaning: Sequence[float] | None


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
    standing: Standing | None = None,
    meaning: Sequence[float] | None = None,
) -> Understood:
    """Understand one message after the visitor's earlier ones.

    `previous` spares reading `history` again. `venues` are those of the catalogue; `addresses`, by their words, what a geocoder located. `standing`: what the
    conversation holds beside wishes; told by `previous` when it is not given. `meaning`: the message's unit vector by the default embedding, which tells kinds of message apart better than words alone.
    """
    context = _Context(
        now=now,
        gazetteer=gazetteer,
        position=position,
        timezone=timezone,
        venues=venues,
        addresses=addresses,
        standing=standing,
        meaning=meaning,
    )
    for earlier in history if previous is None else ():
        previous = _understand_one(earlier, previous, replace(context, standing=None, meaning=None))
    return _understand_one(text, previous, context)


def _understand_one(text: str, previous: Understood | None, context: _Context) -> Understood:
    message = Message(text)
    language = language_of(message, usual=previous.language if previous else None)
    carried = previous.carried if previous else None
    if carried is not None:
        carried = seen_from(carried, context.position)
    trail = previous.trail if previous else ()
    standing = context.standing or Standing(
        has_wish=carried is not None, has_shown=carried is not None
    )
    around = _around(message, language, carried, context)
    readings = readings_of(message, around)
    judgement = judged(message, readings, is_follow_up=carried is not None)
    said = said_in(message, judgement, carried)
    act, certainty = _act(message, judgement, said, standing, context.meaning)
    if act in (Act.SEARCH, Act.CHANGE) and not said.topic and wants_something(message):
        said = replace(said, topic=telling_part(message, _free_words(judgement)))
    heard = Understood(
        wish=Wish(),
        language=language,
        act=act,
        turn=TURN_OF[act],
        timezone=context.timezone,
        judgement=judgement,
        said=said,
        certainty=certainty,
        notices=(_CUT,) if message.is_cut else (),
        carried=carried,
        trail=trail,
    )
    if act is Act.RESET:
        return replace(heard, carried=None, trail=())
    if act in WITHOUT_WISH:
        return heard
    spans = tuple(
        message.span(each.first, each.last, "where" if each.field == "distance" else each.field)
        for each in judgement.used
    )
    if act in ABOUT_SHOWN and carried is not None:
        return replace(heard, wish=carried, matched=spans)
    if act is Act.PLAN:
        said = replace(said, times=_of_the_whole(said, judgement))
    base = _base(act, message, said, carried, trail)
    changed = wish_after(
        message,
        said,
        base,
        around,
        now=context.now,
        timezone=context.timezone,
        ignored=judgement.ignored,
    )
    wish = replace(
        seen_from(changed.wish, context.position),
        includes_non_cultural=asks_for_work(message.line)
        or bool(base and base.includes_non_cultural),
    )
    notices = (*heard.notices, *changed.notices, *(_beyond(place) for place in said.beyond))
    if lacks_position(wish):
        notices = tuple(dict.fromkeys((*notices, NO_POSITION)))
    is_known = carried is not None and lacks_position(carried)  # and a label of it can be told
    return replace(
        heard,
        wish=wish if is_known or not lacks_position(wish) else replace(wish, where=None),
        said=said,
        notices=notices,
        matched=spans,
        carried=wish,
        trail=(*trail, wish)[-_MOST_REMEMBERED:],
        alternatives=changed.alternatives,
    )


def _free_words(judgement: Judged) -> list[int]:
    """The words that are no part of a reading."""
    units = [unit for unit in judgement.units if unit.reading is None]
    return [at for unit in units for at in range(unit.first, unit.last + 1)]


def _of_the_whole(said: Said, judgement: Judged) -> list[Time]:
    """The times of a plan as a whole: hours that its parts have are none of it."""
    hours = [each for each in said.times if each.point is None and each.hours]
    has_parts = len(hours) > 1 or len(judgement.theme) > 1
    return [each for each in said.times if not (has_parts and each in hours)]


def _beyond(place: Place) -> Notice:
    """That one of several places is left out of the search."""
    if place.beyond == "abroad":
        return Notice(
            code="abroad",
            fr=f"{place.label} n’est pas en France : cherché ailleurs.",
            en=f"{place.label} is not in France: searched elsewhere.",
        )
    return Notice(
        code="unknown_place",
        fr=f"« {place.label} » n’est pas connu : cherché ailleurs.",
        en=f"“{place.label}” is not known: searched elsewhere.",
    )


def _around(
    message: Message, language: Language, carried: Wish | None, context: _Context
) -> Around:
    zone = (
        _school_zone(message, language, carried, context)
        if "vacances" in message.line or "holiday" in message.line
        else None
    )
    asks_past = asks_of_the_past(message)
    clock = clock_of(
        context.now,
        context.timezone,
        asks_past=asks_past,
        zone=zone,
        anchor=carried.when if carried else (),
    )
    return _around_with(clock, language, carried, context)


def _around_with(
    clock: Clock, language: Language, carried: Wish | None, context: _Context
) -> Around:
    return Around(
        gazetteer=context.gazetteer,
        clock=clock,
        language=language,
        position=context.position,
        previous=carried.where if carried else None,
        is_follow_up=carried is not None,
        venues=context.venues,
        addresses=context.addresses,
    )


def _school_zone(
    message: Message, language: Language, carried: Wish | None, context: _Context
) -> Zone | None:
    """The school zone of the place named in the same message, or spoken of before."""
    clock = clock_of(context.now, context.timezone)
    readings = readings_of(message, _around_with(clock, language, carried, context))
    places = [reading.value for reading in readings if isinstance(reading.value, Place)]
    codes = [
        code
        for place in places
        for code in (
            *place.department_codes,
            *(each.department_code for each in place.candidates[:1]),
            *(code[:2] for code in place.postcodes),
        )
    ]
    if not codes and carried is not None and carried.where is not None:
        where = carried.where
        communes = (context.gazetteer.commune(code) for code in where.commune_codes)
        codes = [
            *where.department_codes,
            *(each.department_code for each in communes if each),
            *(code[:2] for code in where.postcodes),
        ]
    return calendar.zone_of(codes[0]) if codes else None


def _act(
    message: Message,
    judgement: Judged,
    said: Said,
    standing: Standing,
    meaning: Sequence[float] | None,
) -> tuple[Act, float]:
    """What the message does, and how sure that is."""
    if not len(message):
        return Act.GREETING, 1.0
    heard = Heard(
        has_theme=bool(said.topic) or asks_generally(message),
        has_when=bool(said.times),
        has_day=any(each.point is not None or each.ahead for each in said.times),
        is_anchored=any(each.needs_anchor for each in said.times),
        has_where=bool(said.places or said.distances),
        has_filter=bool(
            said.prices
            or said.ages
            or said.needs
            or said.times_left_out
            or said.places_left_out
            or said.excluded_words
            or said.excluded_categories
        ),
        is_abroad=bool(said.beyond) and not said.places and said.beyond[0].beyond == "abroad",
        is_nowhere=bool(said.beyond) and not said.places and said.beyond[0].beyond == "unknown",
        drops=bool(said.drops),
    )
    traits = traits_of(
        message, judgement.units, is_follow_up=standing.has_wish, has_shown=standing.has_shown
    )
    chances = kind_chances(traits, meaning)
    return act_of(chances, heard, standing, message), max(chances.values())


def _base(
    act: Act, message: Message, said: Said, carried: Wish | None, trail: tuple[Wish, ...]
) -> Wish | None:
    """The wish that the message changes; None for one of its own. A request of its own that names no place stays where one was looking."""
    if carried is None:
        return None
    if (earlier := wish_spoken_of(message, said.topic, trail)) is not None:
        return earlier
    if asks_something_else(message) and said.topic:
        return replace(carried, topic="", categories=())
    if asks_anew(message):
        return Wish(accessibility=carried.accessibility) if carried.accessibility else None
    if act is Act.SEARCH:
        names_a_place = bool(said.places or said.distances or said.beyond or said.places_left_out)
        return Wish(
            accessibility=carried.accessibility,
            where=None if names_a_place else carried.where,
            position=carried.position,
        )
    return carried
