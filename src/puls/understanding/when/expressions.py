"""Whole expressions of time: a day with its hours, from one moment to another, up to a day, a length. Pure.

« samedi soir », « du vendredi soir au dimanche midi », « d'ici la mi-juillet », « 4 jours ». Each is a `Time`, which knows its spans
once it is known when it is asked. Whether it says when the outing must be is for `roles` to judge. Enter at `times_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from puls.understanding.message import Message
from puls.understanding.when import dates, days, feasts, hanging, stretches, terms
from puls.understanding.when.days import Clock, Days
from puls.understanding.when.grammar import Grammar
from puls.understanding.when.hours import (
    AROUND_AFTER,
    AROUND_BEFORE,
    Manner,
    NamedHours,
    clock_at,
    hours_at,
    night_after_day,
)
from puls.understanding.when.terms import says, skip, words
from puls.understanding.when.times import Bound, Point, Time

__all__ = [
    "dates",
    "feasts",
    "hanging",
    "stretches",
    "times_of",
]  # the rules register themselves

_MOST_TIMES = 40


_PAST = re.compile(
    r"(?<!\S)(?:(?:quels?|quelles?) .{0,40}(?:ont ete|avaient|etaient|ont eu lieu)|ont eu lieu|a eu lieu|s est passe|se sont passes|took place|happened|were there|was there|y avait il|qu il y avait)(?!\S)"
)


# Reading


def asks_of_the_past(message: Message) -> bool:
    """Whether what took place is asked for: « qu'est-ce qu'il y avait hier ? »."""
    return bool(_PAST.search(message.line))


def times_of(message: Message, clock: Clock, *, language: str = "fr") -> list[Time]:
    """Every expression of time in the message, in reading order; none shares a word with another."""
    reader = _Reader(message, Grammar(message, clock, language=language))
    found: list[Time] = []
    at = 0
    while at < len(message) and len(found) < _MOST_TIMES:
        best = reader.longest(at)
        if best is None:
            at += 1
            continue
        found.append(best)
        at = best.last + 1
    return list(_sharing_hours(message, found))


class _Reader:
    def __init__(self, message: Message, grammar: Grammar) -> None:
        self._message = message
        self._grammar = grammar

    def longest(self, at: int) -> Time | None:
        read = (
            self._hours_then_range(at),
            self._range(at),
            self._bound(at),
            self._point(at),
            self._length(at),
            self._hours(at),
            self._ahead(at),
        )
        return max((each for each in read if each), key=lambda each: each.last, default=None)

    def _point(self, at: int) -> Time | None:
        found = self._point_at(at)
        return Time(first=at, last=found[1] - 1, point=found[0]) if found else None

    def _point_at(self, at: int, *, with_number: bool = False) -> tuple[Point, int] | None:
        """Days and the hours right after or before them."""
        found = self._grammar.day_or_number(at) if with_number else self._grammar.days(at)
        if found is None:
            return self._hours_then_days(at)
        named, end = found
        hours = self._hours_after(end)
        if hours is not None and not (named.is_theme and not named.resolve(self._grammar.clock)):
            within = self._of_longer(named, hours[1])
            return (
                (Point(within[0], hours[0]), within[1])
                if within
                else (Point(named, hours[0]), hours[1])
            )
        return Point(named), end

    def _of_longer(self, named: Days, at: int) -> tuple[Days, int] | None:
        """« un mardi matin de mars »: those days of the month."""
        if not named.is_habit or self._message.norm(at) not in (
            "de",
            "d",
            "du",
            "des",
            "in",
            "of",
            "en",
        ):
            return None
        found = hanging._base(self._grammar, at)  # noqa: SLF001 - the rules of one grammar
        if found is None or found[0].unit not in ("month", "season", "holidays"):
            return None
        return days.in_each("day", found[0], named.weekdays), found[1]

    def _hours_after(self, at: int) -> tuple[tuple[NamedHours, ...], int] | None:
        message = self._message
        if at < len(message) and not _may_go_on(message.words[at].gap):
            return None
        night = night_after_day(message, at)
        if night is not None:
            return (night[0],), night[1]
        start = at
        for begins in dict.fromkeys((start, skip(message, start, _BEFORE_HOURS, 2))):
            found = hours_at(message, begins)
            if (
                found is None
                or found[0].is_weak
                or (found[0].manner == "until" and message.norm(begins) == "d")
            ):
                continue
            hours, end = [found[0]], found[1]
            more = self._more_hours(end, found[0])
            if more is not None:
                hours, end = more
            return tuple(hours), end
        return None

    def _more_hours(self, at: int, known: NamedHours) -> tuple[list[NamedHours], int] | None:
        """« le soir à partir de 20h » narrows, « le matin et le soir » adds."""
        message = self._message
        if at >= len(message) or not _may_go_on(message.words[at].gap):
            return None
        joint = skip(message, at, ("et", "ou", "and", "or", "puis", "mais"), 1)
        for begins in dict.fromkeys((joint, skip(message, joint, _BEFORE_HOURS, 2))):
            other = hours_at(message, begins)
            if other is None or other[0].is_weak:
                continue
            is_other = message.norm(at) in ("ou", "or")
            both = max(known.hours[0], other[0].hours[0]), min(known.hours[1], other[0].hours[1])
            if both[0] < both[1] and not is_other:
                exact = other[0] if other[0].manner in ("at", "noon", "between") else known
                return [
                    NamedHours(
                        exact.hours if exact.manner in ("at", "noon", "between") else both,
                        exact.manner,
                    )
                ], other[1]
            return ([known, other[0]], other[1]) if joint > at else None
        return None

    def _hours_then_days(self, at: int) -> tuple[Point, int] | None:
        """« le soir du 23 décembre », « à 20h samedi », “at 8 on Friday”."""
        hours = hours_at(self._message, at)
        if hours is None or hours[0].is_weak:
            return None
        start = hours[1]
        if start < len(self._message) and not _may_go_on(self._message.words[start].gap):
            return None
        for begins in dict.fromkeys(
            (start, skip(self._message, start, ("du", "de", "d", "on", "le", "ce", "of"), 1))
        ):
            found = self._grammar.days(begins) or (
                self._grammar.day_or_number(begins)
                if self._message.norm(start) in ("du", "le")
                else None
            )
            if (
                found is not None
                and not found[0].is_theme
                and found[0].hours is None
                and not found[0].needs_anchor
            ):
                return Point(found[0], (hours[0],)), found[1]
        return None

    def _hours(self, at: int) -> Time | None:
        found = hours_at(self._message, at)
        if found is None:
            return None
        hours, end = [found[0]], found[1]
        if not found[0].is_weak and (more := self._more_hours(end, found[0])) is not None:
            hours, end = more
        return Time(
            first=at,
            last=end - 1,
            hours=tuple(hours),
            is_next=self._are_the_next(at, end, hours[0].manner),
        )

    def _are_the_next(self, at: int, end: int, manner: Manner) -> bool:
        """« patinoire Lille aprem », « encore ouvert après 22 h ? »: today's."""
        message = self._message
        before = [message.norm(back) for back in range(max(0, at - _STILL_REACH), at)]
        is_bare = end == at + 1 and message.norm(at) in _BARE_PARTS
        is_led = not before or before[-1] in _LEADS_TO_PARTS
        is_still = manner in ("from", "at") and bool(_STILL.intersection(before))
        return (is_bare and not is_led) or is_still

    def _range(self, at: int) -> Time | None:
        """« du 3 au 8 décembre », « de vendredi soir à dimanche midi », “between Christmas and New Year”."""
        message = self._message
        opening = message.norm(at)
        if (said := hours_at(message, at)) is not None and said[0].manner == "between":
            return None  # « ce soir entre 18 et 20 »
        is_open = opening in _OPENING or message.norm(at + 1) == "au"
        for start in (at + 1, at) if opening in _OPENING else (at,):
            first = self._number_before_joint(start) or self._point_at(start, with_number=is_open)
            if first is None or first[0].days.needs_anchor:
                continue
            joint = says(message, first[1], *_JOINTS)
            if joint is None:
                continue
            if first[0].days.of_month is not None and clock_at(message, joint) is not None:
                continue  # “between 5 and 9 pm”
            said = message.norm(joint - 1)
            if said in ("et", "and", "und", "y") and opening not in _BETWEEN:
                continue
            if said in ("a", "to") and not is_open and first[0].days.unit not in ("day", "month"):
                continue
            last = self._point_at(joint, with_number=True)
            if (
                last is None
                or last[0].days.needs_anchor
                or (
                    last[0].days.is_theme
                    and not first[0].days.is_theme
                    and last[0].days.unit != "feast"
                )
            ):
                continue
            if last[0].days.of_month is not None and opening not in _OPENING:
                continue
            is_daily = (
                bool(last[0].hours)
                and not first[0].daily()
                and (last[0].hours[0].manner != "part" or self._stand_apart(joint, last[1]))
            )
            until = Point(last[0].days) if is_daily else last[0]
            daily = last[0].hours if is_daily else ()
            found = Time(
                first=at,
                last=last[1] - 1,
                point=first[0],
                until=until,
                daily=daily,
                is_between=opening in _BETWEEN,
            )
            if found.spans(self._grammar.clock):
                return found
        return None

    def _stand_apart(self, at: int, end: int) -> bool:
        """« du mardi au jeudi, en soirée » is each evening; « de mardi à jeudi soir » ends with one."""
        day = self._grammar.day_or_number(at)
        if day is None or day[1] >= end:
            return False
        return "," in self._grammar.gap(day[1]) or self._message.norm(day[1]) in _BEFORE_HOURS

    def _hours_then_range(self, at: int) -> Time | None:
        """« un soir entre lundi et mercredi », « le matin du lundi au vendredi »."""
        hours = hours_at(self._message, at)
        if hours is None or hours[0].is_weak:
            return None
        if self._message.norm(hours[1]) not in _OPENING and "," not in self._grammar.gap(hours[1]):
            return None
        found = self._range(hours[1])
        if found is None or found.daily or found.until is None or found.until.hours:
            return None
        return replace(found, first=at, daily=(hours[0],))

    def _number_before_joint(self, at: int) -> tuple[Point, int] | None:
        """The « 5 » of « entre le 5 et le 8 »: no list, although it reads like one."""
        message = self._message
        start = skip(message, at, ("le", "the"), 1)
        number = terms.day_number(message, start)
        opening = message.norm(at - 1)
        joint = (
            says(message, number[1], "et", "and", "au", "to", "a")
            if number is not None and opening in _OPENING
            else None
        )
        if number is None or joint is None or clock_at(message, joint) is not None:
            return None
        return Point(days.day_of_month(number[0])), number[1]

    def _bound(self, at: int) -> Time | None:
        """« à partir du 3 », « d'ici dimanche », « avant la fin du mois », « jusqu'à vendredi soir »."""
        message = self._message
        for bound, phrases in _BOUNDS:
            end = says(message, at, *phrases)
            if end is None or (
                bound in ("before", "after")
                and message.norm(at - 1) in ("pas", "not")
                and message.norm(at) in ("avant", "before", "apres", "after")
            ):
                continue
            if end < len(message) and message.has_pause_before(end):
                continue
            for start in dict.fromkeys(
                (end, skip(message, end, _AFTER_BOUND, 1), skip(message, end, _AFTER_BOUND, 2))
            ):
                found = self._point_at(
                    start, with_number=start > end or message.norm(end - 1) in ("du", "au", "le")
                )
                bare = self._grammar.bare_month(start) or self._grammar.bare_season(start)
                if found is None and bare is not None:
                    found = Point(bare[0]), bare[1]
                if (found is not None and found[0].days.unit != "feast") or (
                    found is not None and found[0].days.resolve(self._grammar.clock)
                ):
                    lasts = bound == "until" and self._lasts(found[0].days, at, found[1])
                    meant: Bound = "before" if lasts else bound
                    point = found[0]
                    if message.norm(at) in SINCE:
                        point = replace(point, days=replace(point.days, is_past=True))
                    return Time(first=at, last=found[1] - 1, point=point, bound=meant)
        return None

    def _lasts(self, named: Days, first: int, end: int) -> bool:
        """« jusqu'au printemps », « d'ici les vacances »: until they begin, unless their end is told."""
        words = {self._message.norm(at) for at in range(first, end)}
        return named.unit in ("season", "holidays") and not words & _ENDS

    def _ahead(self, at: int) -> Time | None:
        """« dans deux heures », « dans les 48 heures », « d'ici une heure », “in the next 2 hours”."""
        message = self._message
        for is_within, phrases in ((True, _WITHIN), (False, ("dans", "in"))):
            end = says(message, at, *phrases)
            if end is None:
                continue
            amount = _HOURS_AHEAD.fullmatch(message.norm(end))
            minutes = message.norm(end) if message.norm(end + 1) in ("minutes", "min", "mn") else ""
            if amount:
                hours, after = int(amount[1]) + int(amount[2] or 0) / 60, end + 1
            elif minutes.isdigit():
                hours, after = int(minutes) / 60, end + 2
            elif message.norm(end) in ("une", "1", "an", "one") and message.norm(end + 1) in (
                "heure",
                "hour",
            ):
                hours, after = 1.0, end + 2
            elif message.norm(end).isdigit() and message.norm(end + 1) in ("hours", "prochaines"):
                hours, after = float(message.norm(end)), end + 2
                after += message.norm(after) in ("heures", "hours")
            else:
                continue
            if hours > _MOST_HOURS_AHEAD or message.norm(after) in ("de", "a", "en", "plus", "max"):
                continue
            span = (
                (0.0, hours)
                if is_within
                else (max(0.0, hours - AROUND_BEFORE), hours + AROUND_AFTER)
            )
            return Time(first=at, last=after - 1, ahead=span)
        return None

    def _length(self, at: int) -> Time | None:
        """« 4 jours », « une semaine », « deux nuits »: from a start that stands elsewhere."""
        message = self._message
        start = skip(message, at, ("pour", "pendant", "durant", "for", "sur", "during"), 1)
        counted = terms.count(message, start)
        if (
            counted is None
            or message.norm(at - 1) in _NO_LENGTH
            or message.norm(start - 1) in _NO_LENGTH
        ):
            return None
        unit = message.norm(counted[1])
        if unit in terms.WEEK_UNITS:
            length = 7 * counted[0]
        elif unit in terms.DAY_UNITS:
            length = counted[0] + (unit in ("nuit", "nuits", "night", "nights"))
        elif unit in terms.WEEKENDS and counted[0] == 1:
            return None
        else:
            return None
        return Time(first=at, last=counted[1], length=length) if 0 < length <= 60 else None


_BARE_PARTS = words("matin soir apresmidi")
_LEADS_TO_PARTS = words(
    "le la les l du de des d au en un une ce cet cette chaque tous tout ni pas sans bon beau premier dernier"
)
_STILL = words("encore toujours still")
_STILL_REACH = 3
SINCE = words("depuis since")
_WITHIN = (
    "dans les",
    "d ici",
    "sous",
    "within",
    "in the next",
    "dans les prochaines",
    "d ici a",
    "the next",
)
_HOURS_AHEAD = re.compile(r"(\d{1,3})h(\d\d)?")
_MOST_HOURS_AHEAD = 240
_OPENING = words("du de d entre from between vom von zwischen des le les")
_BETWEEN = words("entre between zwischen")
_JOINTS = (
    "au", "a", "et", "to", "and", "jusqu au", "jusqu a", "jusqu aux", "until", "till", "through", "thru", "bis", "al", "und", "et jusqu au", "et jusqu a", "jusqu en",
    "et le", "a la", "au matin du", "bis zum", "bis am", "hasta", "tot", "y",
)  # fmt: skip
_BEFORE_HOURS = words(
    "le la au a en dans de du l in the vers plutot at um am pour mais des surtout seulement les"
)
_ENDS = words("fin end bout")
_AFTER_BOUND = words("le la les l du de d au a the fin")
_NO_LENGTH = words("dans in ici depuis sous y for-ever il dernier last les ces prochains next")
_BOUNDS: tuple[tuple[Bound, tuple[str, ...]], ...] = (
    ("until", (
        "d ici", "d ici a", "d ici au", "d ici la", "jusqu a", "jusqu au", "jusqu aux", "jusqu en", "jusque", "until", "till", "by", "bis", "hasta", "fino a", "from now until",
        "from now to", "pas apres", "pas plus tard que", "no later than", "up to", "d ici le", "au plus tard", "jusqu a la", "before the end of", "avant la fin de", "avant la fin du", "avant la fin des",
        "bis zum", "jusqu",
    )),
    ("before", ("avant", "before", "vor", "avant le", "avant la", "in the run up to", "the run up to", "leading up to", "en attendant")),
    ("from", (
        "a partir de", "a partir du", "a partir d", "a compter de", "a compter du", "des", "depuis", "from", "starting", "starting from", "starting on", "pas avant", "not before", "ab",
        "a partir des", "des le", "from the", "as of", "a dater du", "since",
    )),
    ("after", ("apres", "after", "apres le", "apres la", "nach", "passe le")),
)  # fmt: skip


def _may_go_on(gap: str) -> bool:
    """Whether what stands between two words lets an expression go on: a space, a comma, a dash."""
    return not any(mark in gap for mark in ".!?;:\n()")


def _sharing_hours(message: Message, times: list[Time]) -> Iterator[Time]:
    """« samedi ou dimanche soir », « le soir, vendredi, samedi ou dimanche »: the evening of each day of the list."""
    for group in _lists(message, times):
        told = [each.point.hours for each in group if each.point is not None]
        is_last = len(group) > 1 and told[-1] and not any(told[:-1])
        is_first = len(group) > 1 and told[0] and not any(told[1:])
        leads = is_first and hours_at(message, group[0].first) is not None
        shared = told[-1] if is_last else told[0] if leads else ()
        for each in group:
            if shared and each.point is not None and not each.point.daily():
                yield replace(each, point=replace(each.point, hours=shared))
            else:
                yield each


def _lists(message: Message, times: list[Time]) -> list[list[Time]]:
    """The times, those of one list of days together: « mardi, jeudi ou vendredi »."""
    lists: list[list[Time]] = []
    for each in times:
        last = lists[-1][-1] if lists else None
        is_joined = (
            last is not None
            and _is_a_day(last)
            and _is_a_day(each)
            and last.point is not None
            and each.point is not None
            and last.point.days.unit == each.point.days.unit
            and _is_joined(message, last.last + 1, each.first)
        )
        if is_joined:
            lists[-1].append(each)
        else:
            lists.append([each])
    return [
        part
        for each in lists
        for part in ([each] if _has_a_joint(message, each) else [[one] for one in each])
    ]


def _is_a_day(each: Time) -> bool:
    return each.point is not None and each.until is None and each.bound is None


def _has_a_joint(message: Message, times: list[Time]) -> bool:
    """Whether the last of a list is tied to it by a word: « ou dimanche »."""
    return len(times) > 1 and any(
        message.norm(at) in _JOINING for at in range(times[-2].last + 1, times[-1].first)
    )


_JOINING = words("ou et or and")


def _is_joined(message: Message, first: int, after: int) -> bool:
    between = [message.norm(at) for at in range(first, after)]
    is_near = all(word in _JOINING | words("le la bien on the un une a") for word in between)
    return is_near and all(_may_go_on(message.words[at].gap) for at in range(first, after + 1))
