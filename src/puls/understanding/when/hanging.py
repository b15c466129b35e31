"""Rules for days that hang on other days: « la veille de Noël », « le deuxième samedi de mars », « deux jours plus tard ». Pure.

Without anything named to hang on, they count from the days spoken of before.
"""

from dataclasses import replace
from datetime import timedelta

from puls.understanding.message import Message
from puls.understanding.when import calendar, days, terms
from puls.understanding.when.days import Clock, Days, Unit
from puls.understanding.when.grammar import Found, Grammar, rule
from puls.understanding.when.hours import hours_at
from puls.understanding.when.terms import says, skip, words

_OF = words("de du des d of")
_ANCHOR = days.anchored()


def _base(g: Grammar, at: int) -> Found | None:
    """What an expression hangs on, after « de », « du », « of »; None when nothing follows."""
    start = skip(g.message, at, _OF, 1)
    found = g.days(start) or g.days(skip(g.message, start, terms.THE, 1))
    if found is None and start > at:
        found = g.day_or_number(start)
    named = (
        terms.month(g.message, skip(g.message, start, ("mois", "de"), 2))
        if found is None and start > at
        else None
    )
    if named is not None:  # « de mars »
        after = skip(g.message, start, ("mois", "de"), 2) + 1
        year, end = terms.year(g.message, after)
        return days.month(named, year), end
    if found is not None and found[0].is_theme and not found[0].resolve(g.clock):
        return None
    return found


@rule
def day_beside(g: Grammar, at: int) -> Found | None:
    """« le lendemain de Noël », « la veille », “the day after Christmas”, « le surlendemain »."""
    for by, phrases in _BESIDE:
        end = says(g.message, at, *phrases)
        if end is None:
            continue
        base = (
            _base(g, end)
            if g.message.norm(end) in _OF
            or g.message.norm(end - 1) in ("after", "before", "avant", "apres")
            else None
        )
        if base is not None:
            return days.moved(base[0], by), base[1]
        return days.moved(_ANCHOR, by), end
    return None


_BESIDE: tuple[tuple[int, tuple[str, ...]], ...] = (
    (2, ("le surlendemain", "surlendemain")),
    (1, ("le lendemain", "lendemain", "the day after", "the next day", "the following day", "le jour d apres", "le jour suivant", "le jour apres", "day after")),
    (-2, ("l avant veille", "avant veille")),
    (-1, ("la veille", "veille", "the day before", "le jour d avant", "le jour precedent", "the previous day", "le jour avant", "day before", "the night before")),
)  # fmt: skip


@rule
def counted_from(g: Grammar, at: int) -> Found | None:
    """« deux jours avant Noël », « trois jours après Pâques », « un mois plus tard », « une semaine après »."""
    m = g.message
    counted = terms.count(m, at)
    if counted is None or m.norm(at - 1) in ("il", "depuis", "y"):
        return None
    number, unit = counted[0], m.norm(counted[1])
    units: Unit | None = next((name for name, known in _UNITS if unit in known), None)
    if units is None:
        return None
    end = counted[1] + 1
    later = says(m, end, "plus tard", "apres", "later", "after", "de plus", "from", "d apres")
    earlier = says(m, end, "plus tot", "avant", "earlier", "before", "de moins", "d avant")
    after = later or earlier
    if after is None or number == 0:
        return None
    told = m.norm(after - 1)
    if told in ("apres", "avant", "after", "before", "from"):
        base = _base(g, after)
        if base is None and told == "from":
            return None
        if base is not None:
            return _counted(number, units, base[0], is_after=later is not None), base[1]
    return _counted(number, units, _ANCHOR, is_after=later is not None), after


_UNITS: tuple[tuple[Unit, frozenset[str]], ...] = (
    ("day", terms.DAY_UNITS),
    ("week", terms.WEEK_UNITS),
    ("month", terms.MONTH_UNITS),
)


def _counted(number: int, unit: Unit, base: Days, *, is_after: bool) -> Days:
    sign = 1 if is_after else -1
    if unit == "day":
        return days.moved(base, sign * number)

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        found = base.resolve(clock)
        if unit == "week":
            return tuple(calendar.shifted(span, sign * 7 * number) for span in found)
        return tuple(_months_away(span, sign * number) for span in found)

    return Days(resolve=resolve, needs_anchor=base.needs_anchor, unit=base.unit)


def _months_away(span: calendar.Days, months: int) -> calendar.Days:
    """The same days of another month; a whole month stays whole."""
    first, end = span
    if first.day == 1 and end == calendar.month_span(first.year, first.month)[1]:
        other = calendar.add_months(first, months)
        return calendar.month_span(other.year, other.month)
    return calendar.add_months(first, months), calendar.add_months(end, months)


@rule
def unit_beside(g: Grammar, at: int) -> Found | None:
    """« le week-end avant Noël », « le dimanche d'après », « la semaine suivante », “the Sunday after Easter”."""
    m = g.message
    start = skip(m, at, ("le", "la", "the", "les", "juste", "au", "du", "pendant", "en"), 2)
    weekday = terms.weekday(m, start)
    word = m.norm(start)
    unit: Unit | None = (
        "day" if weekday else next((name for name, known in _LONGER if word in known), None)
    )
    if unit is None:
        return None
    end = start + 1
    for is_after, phrases in ((True, _AFTER), (False, _BEFORE)):
        told = says(m, end, *phrases)
        if told is None:
            continue
        base = _base(g, told) if not m.has_pause_after(told - 1) else None
        if base is not None and (m.norm(told - 1) in _TAKES_BASE):
            return days.beside(
                unit, base[0], after=is_after, weekday=weekday[0] if weekday else None
            ), base[1]
        if (
            m.norm(told - 1) in ("apres", "avant", "after", "before")
            and not (m.norm(told - 2) == "d" or start > at)
        ) or (m.norm(told - 1) in ("suivant", "suivante") and g.clock.anchor == ()):
            return None
        if (
            m.norm(told - 1) in ("after", "before", "avant", "apres")
            and m.norm(told - 2) != "d"
            and g.gap(told) == " "
            and told < len(m)
        ):
            return None  # « samedi après 20 h »
        return days.beside(
            unit, _ANCHOR, after=is_after, weekday=weekday[0] if weekday else None
        ), told
    return None


_LONGER: tuple[tuple[Unit, frozenset[str]], ...] = (
    ("weekend", terms.WEEKENDS), ("week", words("semaine week")), ("month", words("mois month")), ("year", words("annee year")),
)  # fmt: skip
_AFTER = (
    "apres",
    "d apres",
    "qui suit",
    "after",
    "suivant",
    "suivante",
    "following",
    "juste apres",
    "qui suivra",
)
_BEFORE = ("avant", "d avant", "qui precede", "before", "precedent", "precedente", "juste avant")
_TAKES_BASE = words("apres avant suit precede after before suivant suivante following")


def _is_of_days(m: Message, at: int, pont: int) -> bool:
    """« pendant le pont », « ce pont », « pour le prochain pont »; a bridge over water is no such day."""
    said = {m.norm(before) for before in range(max(0, at - 1), pont)}
    is_of_days = bool(said & {"pendant", "durant", "ce", "prochain", "during"})
    return is_of_days and not m.is_tied(pont) and not m.is_tied(pont + 1)


@rule
def unit_around(g: Grammar, at: int) -> Found | None:
    """« la semaine du 8 mars », « le week-end de la fête des mères », « le pont du 8 mai », “the week of March 5”."""
    m = g.message
    start = skip(
        m,
        at,
        (
            "le",
            "la",
            "the",
            "ce",
            "pour",
            "pendant",
            "durant",
            "lors",
            "du",
            "au",
            "faire",
            "les",
            "un",
            "d",
            "grand",
            "during",
        ),
        4,
    )
    word = m.norm(start)
    if word == "pont" and m.norm(start + 1) not in _OF and _is_of_days(m, at, start):
        return replace(days.long_weekend(), is_weak=False), start + 1
    if word == "pont":
        unit: Unit = "span"
    elif word in terms.WEEKENDS or word in ("semaine", "week"):
        unit = "weekend" if word in terms.WEEKENDS else "week"
    else:
        return None
    if m.norm(start + 1) not in _OF:
        return None
    base = _base(g, start + 1)
    if base is None or base[0].is_habit or base[0].needs_anchor:
        return None
    if unit == "span" and base[0].unit == "month":  # « le pont de mai »
        month = base[0]

        def first_of_month(clock: Clock) -> tuple[calendar.Days, ...]:
            found = month.resolve(clock)
            start = max(found[0][0], clock.today) if found else clock.today
            return days.long_weekend().resolve(clock.at(start)) if found else ()

        return Days(resolve=first_of_month, unit="weekend"), base[1]
    if unit == "span":

        def bridged(clock: Clock) -> tuple[calendar.Days, ...]:
            found = base[0].resolve(clock)
            return (
                (
                    calendar.bridge(found[0][0])
                    if (found[0][1] - found[0][0]).days < 4
                    else found[0],
                )
                if found
                else ()
            )

        return Days(resolve=bridged, unit="weekend"), base[1]
    if base[0].unit in ("month", "season", "holidays", "year", "span") and unit == "weekend":
        return days.in_each("weekend", base[0]), base[1]
    if base[0].unit in ("month", "season", "year", "week", "weekend"):
        return None
    return days.around(unit, base[0]), base[1]


@rule
def nth(g: Grammar, at: int) -> Found | None:
    """« le deuxième samedi de mars », « la dernière semaine d'août », « les trois premiers jours des vacances », “the last Sunday of May”."""
    m = g.message
    start = skip(
        m,
        at,
        (
            "le",
            "la",
            "les",
            "the",
            "juste",
            "seulement",
            "on",
            "du",
            "pendant",
            "dans",
            "au",
            "en",
            "during",
            "in",
            "pour",
        ),
        3,
    )
    counted = (
        terms.count(m, start)
        if m.norm(start + 1) in _ORDERS or m.norm(start + 1) in ("premiers", "premieres")
        else None
    )
    number = counted[0] if counted else 1
    start = counted[1] if counted else start
    order = _order(m.norm(start))
    if order is None:
        return None
    start += 1
    if (after := terms.count(m, start)) is not None and not counted and m.norm(start).isdigit():
        number, start = after
    weekday = terms.weekday(m, start)
    word = m.norm(start)
    unit: Unit | None = (
        "day" if weekday else next((name for name, known in _ORDERED if word in known), None)
    )
    if unit is None:
        return None
    end = start + 1
    of = m.norm(end)
    if of in _OF or of == "in":
        if (
            says(
                m,
                end,
                "de chaque mois",
                "du mois",
                "of every month",
                "of each month",
                "of the month",
            )
            is not None
            and m.norm(end + 1) != "mois"
        ):
            told = (
                says(m, end, "de chaque mois", "of every month", "of each month", "of the month")
                or end
            )
            return _each_month(order, weekday[0] if weekday else None, unit), told
        base = _base(g, end) or g.days(end + 1)
        this_month = says(
            m, end, "du mois", "de ce mois", "of the month", "of that month", "of this month"
        )
        if this_month is not None:
            base = (
                _ANCHOR if g.clock.anchor and unit == "month" else days.relative_month(0),
                this_month,
            )
        if base is not None and base[0].unit in (
            "month",
            "holidays",
            "season",
            "year",
            "week",
            "span",
        ):
            return days.nth_in(
                order, unit, base[0], weekday=weekday[0] if weekday else None, count=number
            ), base[1]
        if base is not None and base[0] is _ANCHOR:
            return days.nth_in(order, unit, base[0], count=number), base[1]
    if g.clock.anchor and unit != "day":
        return days.nth_in(
            order, unit, _ANCHOR, weekday=weekday[0] if weekday else None, count=number
        ), end
    return None


_ORDERS = {
    "premier": 1, "premiere": 1, "1er": 1, "premiers": 1, "premieres": 1, "first": 1, "2e": 2, "3e": 3, "4e": 4, "5e": 5,
    "dernier": -1, "derniere": -1, "derniers": -1, "dernieres": -1, "last": -1, "avant derniere": -2, "second": 2,
}  # fmt: skip
_ORDERED: tuple[tuple[Unit, frozenset[str]], ...] = (
    ("weekend", terms.WEEKENDS), ("week", words("semaine semaines week weeks")), ("month", words("quinzaine moitie half")), ("day", words("jour jours day days")),
)  # fmt: skip


def _order(word: str) -> int | None:
    return _ORDERS.get(word)


def _each_month(order: int, weekday: int | None, unit: Unit) -> Days:
    """« le premier dimanche de chaque mois »: those of the next months."""

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        spans = []
        for ahead in range(4):
            first = calendar.add_months(clock.today.replace(day=1), ahead)
            month = days.month(first.month, first.year)
            spans += [
                span
                for span in days.nth_in(order, unit, month, weekday=weekday).resolve(clock)
                if span[1] > clock.today
            ]
        return tuple(spans[:3])

    return Days(resolve=resolve)


@rule
def each_in(g: Grammar, at: int) -> Found | None:
    """« les mercredis de décembre », « tous les samedis d'octobre », « les week-ends de septembre »."""
    m = g.message
    start = skip(m, at, ("tous", "les", "chaque", "des", "le", "every", "on", "the", "toutes"), 3)
    named: list[int] = []
    while (found := terms.weekday(m, start)) is not None and len(named) < 4:
        named.append(found[0])
        start = skip(m, start + 1, ("et", "ou", "les", "and"), 2)
    is_weekend = not named and m.norm(start) in terms.WEEKENDS
    if not named and not is_weekend:
        return None
    end = start + 1 if is_weekend else start
    if m.norm(end) not in ("de", "d", "du", "des", "in", "of", "en") or "," in g.gap(end):
        return None
    base = g.days(end) or g.days(end + 1)
    if base is None or base[0].unit not in ("month", "season", "holidays", "span"):
        return None
    if not is_weekend and m.norm(at) not in ("tous", "les", "chaque", "des", "every", "le", "on"):
        return None
    return days.in_each("weekend" if is_weekend else "day", base[0], tuple(named)), base[1]


@rule
def same_day(g: Grammar, at: int) -> Found | None:
    """« ce jour-là », « le même jour », « ces dates », “that day”."""
    end = says(
        g.message, at, "ce jour la", "le meme jour", "ces dates la", "ces dates", "that day", "the same day", "same day", "ce week end la", "ce weekend la",
        "cette semaine la", "that weekend", "that week", "ces jours la", "meme jour", "aux memes dates", "memes dates", "ce soir la", "that evening", "that night",
        "la meme date", "meme date", "on that day", "ce mois la", "le meme weekend", "la meme semaine", "that same day",
    )  # fmt: skip
    if end is None:
        return None
    evening = g.message.norm(at + 1) in ("soir", "evening", "night")
    return days.Days(
        resolve=_ANCHOR.resolve,
        needs_anchor=True,
        is_same=not evening,
        hours=(18.0, 24.0) if evening else None,
    ), end


@rule
def one_after(g: Grammar, at: int) -> Found | None:
    """« celui d'après », « l'autre d'après », « le suivant », “the one after”: a stretch as long as the one spoken of, right after it."""
    end = says(
        g.message, at, "celui d apres", "celle d apres", "l autre d apres", "le suivant", "la suivante", "celui qui suit", "celle qui suit", "celui qui vient apres", "the one after",
        "the following one", "the next one", "l autre apres", "celui encore apres",
    )  # fmt: skip
    if end is None or not (
        g.message.has_pause_after(end - 1)
        or g.message.norm(end) in ("a", "alors", "plutot", "stp", "svp", "peut")
    ):
        return None

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        if not clock.anchor:
            return ()
        first, last = clock.anchor[0][0], clock.anchor[-1][1]
        if first.day == 1 and last == calendar.month_span(first.year, first.month)[1]:
            return (calendar.month_span(last.year, last.month),)
        weeks = max(1, -((first - last).days // 7))
        return ((first + timedelta(days=7 * weeks), last + timedelta(days=7 * weeks)),)

    return Days(resolve=resolve, unit="span", needs_anchor=True), end


@rule
def the_one(g: Grammar, at: int) -> Found | None:
    """« sauf celui de Noël », “except the one before Christmas”: a week-end, a week, a weekday as the one named before it."""
    m = g.message
    end = says(m, at, "celui", "celle", "ceux", "celles", "the one", "the ones")
    if end is None or m.norm(at - 1) not in _LEAVES_OUT:
        return None
    is_after = m.norm(end) in ("apres", "after")
    is_beside = is_after or m.norm(end) in ("avant", "before")
    base = _base(g, end + is_beside) if is_beside or m.norm(end) in _OF else None
    if base is None:
        return None
    for back in range(at - 1, -1, -1):
        unit = next((name for name, known in _LONGER if m.norm(back) in known), None)
        weekday = terms.weekday(m, back)
        if unit is None and weekday is None:
            continue
        day = weekday[0] if weekday else None
        if is_beside:
            return days.beside(unit or "day", base[0], after=is_after, weekday=day), base[1]
        if day is not None and base[0].unit == "feast":
            return days.weekday_of_week(day, days.around("week", base[0])), base[1]
        return (days.around(unit, base[0]) if unit in ("week", "weekend") else base[0]), base[1]
    return None


_LEAVES_OUT = words("sauf hors hormis excepte pas except ni not")
_FILLERS = words(
    "genre disons plutot please stp svp si possible alors style say like maybe vers mettons peut etre un peu bien"
)


def _hours_follow(g: Grammar, at: int) -> bool:
    """« plus tard, genre après 21 h »: later on the same day."""
    named = hours_at(g.message, skip(g.message, at, _FILLERS, 4)) or hours_at(g.message, at)
    return named is not None and not named[0].is_weak


@rule
def later_on(g: Grammar, at: int) -> Found | None:
    """« plus tard », « les jours suivants »: the seven days that follow those spoken of, or the next seven."""
    end = says(
        g.message,
        at,
        "plus tard",
        "later",
        "later on",
        "un peu plus tard",
        "les jours suivants",
        "les jours d apres",
        "the days after",
        "the following days",
        "un autre jour",
        "une autre date",
        "another day",
    )
    if (
        end is None
        or g.message.norm(end) in terms.THIS
        or _hours_follow(g, end)
        or says(
            g.message,
            end,
            "dans la journee",
            "dans la soiree",
            "le soir",
            "que",
            "in the evening",
            "in the day",
            "that evening",
            "that night",
            "at night",
            "ce soir",
            "than",
            "dans la nuit",
            "le meme jour",
        )
        is not None
    ):
        return None

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        last = clock.anchor[-1][1] if clock.anchor else calendar.span_of(clock.today, 7)[1]
        return (calendar.span_of(last, 7),)

    return Days(resolve=resolve, unit="span", needs_anchor=True), end
