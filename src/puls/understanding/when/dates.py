"""Rules that name single days: dates in figures and words, days of the week, days told from today. Pure."""

from puls.language.lexicon import PARTS_OF_DAY
from puls.understanding.message import Message
from puls.understanding.notices import Notice
from puls.understanding.when import calendar, days, terms
from puls.understanding.when.days import Days
from puls.understanding.when.grammar import Found, Grammar, rule
from puls.understanding.when.stretches import week_at
from puls.understanding.when.terms import says, skip, words

_LEADS = words(
    "le les l the on du au a pour ce cet c this am el de der il den dem la von vom il"
) | {"coming"}
_DAWN = 6
"""The hour at which « cette nuit » ends."""
_EVERY_OTHER = Notice(
    code="every_other_week",
    fr="« Un sur deux » : lequel n’est pas dit, tous sont proposés.",
    en="“Every other one” does not say which: all of them are shown.",
)


@rule
def numeric(g: Grammar, at: int) -> Found | None:
    """« 2026-12-05 », « le 5/12 », « samedi 05/12/2026 »."""
    start = skip(g.message, at, _LEADS)
    named = terms.weekday(g.message, start)
    start = skip(g.message, start + 1, ("le",)) if named else start
    word = g.message.norm(start)
    if word.count("-") == 2 and word[:4].isdigit():
        year, month, day = (int(part) for part in word.split("-"))
    elif "/" in word:
        day, month, year = ([int(part) for part in word.split("/")] + [0])[:3]
        year += 2000 if 0 < year < 100 else 0
    else:
        return None
    known = named[0] if named else None
    return days.date_of(day, month, year or None, known), start + 1


@rule
def day_and_month(g: Grammar, at: int) -> Found | None:
    """« samedi 5 décembre 2026 », « les 12, 13 et 14 mars », “the 5th of May”."""
    start = skip(g.message, at, _LEADS)
    named = terms.weekday(g.message, start)
    weekday = named[0] if named and not named[1] else None
    start = (
        skip(g.message, start + 1, ("le", "the", "den", "der")) if weekday is not None else start
    )
    numbers: list[int] = []
    while (found := terms.day_number(g.message, start)) is not None and len(numbers) < 8:
        numbers.append(found[0])
        start = found[1]
        joint = skip(g.message, start, ("et", "ou", "and", "or", "le", "les", "the", "&"))
        if joint == start and "," not in g.gap(start):
            break
        start = joint
    after = skip(g.message, start, ("de", "of", "d", "du", "mois", "the"))
    month = terms.month(g.message, after)
    if (
        not numbers
        or month is None
        or g.message.norm(start - 1) in ("et", "ou", "and", "or", "le", "les")
    ):
        return None
    year, end = terms.year(g.message, after + 1)
    named_days = [
        days.date_of(day, month, year, weekday if len(numbers) == 1 else None) for day in numbers
    ]
    return named_days[0] if len(numbers) == 1 else days.joined(*named_days), end


@rule
def month_and_day(g: Grammar, at: int) -> Found | None:
    """English order: “Saturday December 5th”, “Dec 5”."""
    start = skip(g.message, at, words("on the"))
    named = terms.weekday(g.message, start)
    start = skip(g.message, start + 1, ("the",)) if named else start
    month = terms.month(g.message, start)
    day = terms.day_number(g.message, skip(g.message, start + 1, ("the",))) if month else None
    if (
        month is None
        or day is None
        or not g.is_english_month(start)
        or g.message.norm(day[1]) in terms.NOT_A_DAY
    ):
        return None
    numbers, end = [day[0]], day[1]
    while (
        more := terms.day_number(g.message, skip(g.message, end, ("and", "or", "the"), 2))
    ) and g.message.norm(end) in ("and", "or"):
        numbers, end = [*numbers, more[0]], more[1]
    year, end = terms.year(g.message, end)
    meant = [
        days.date_of(number, month, year, named[0] if named and len(numbers) == 1 else None)
        for number in numbers
    ]
    return meant[0] if len(meant) == 1 else days.joined(*meant), end


@rule
def weekday_and_number(g: Grammar, at: int) -> Found | None:
    """« samedi 5 »: the next date that is both; « vendredi 13 » stays a name when there is none soon."""
    start = skip(g.message, at, _LEADS)
    named = terms.weekday(g.message, start)
    if named is None or named[1]:
        return None
    day = terms.day_number(g.message, skip(g.message, start + 1, ("le", "the", "den")))
    if day is None or g.message.norm(day[1]) in terms.NOT_A_DAY or g.is_a_clock_range(day[1] - 1):
        return None
    meant = days.day_of_month(day[0], named[0])
    return (meant, day[1]) if meant.resolve(g.clock) else (days.fixed(is_theme=True), day[1])


@rule
def day_of_month(g: Grammar, at: int) -> Found | None:
    """« le 3 », « les 12 et 13 »."""
    lead = g.message.norm(at)
    if lead not in ("le", "les", "the", "ce", "au"):
        return None
    numbers: list[int] = []
    start = at + 1
    while (found := terms.day_number(g.message, start)) is not None and len(numbers) < 8:
        numbers.append(found[0])
        start = found[1]
        following = skip(g.message, start, ("et", "ou", "le", "les", "and", "or"))
        if (following == start and "," not in g.gap(start)) or terms.day_number(
            g.message, following
        ) is None:
            break
        if (
            lead != "les"
            and g.message.norm(at - 1) in _LEAVING_OUT
            and not {"et", "ou", "and", "or"}
            & {g.message.norm(each) for each in range(start, following)}
        ):
            break  # « pas le 20, le 27 »
        start = following
    if (
        not numbers
        or g.message.norm(start) in terms.NOT_A_DAY
        or (lead == "les" and len(numbers) == 1)
    ):
        return None
    if lead in ("the", "au") and not (
        g.message.has_pause_after(start - 1) or g.message.norm(start) in _AFTER_A_DAY
    ):
        return None
    if len(numbers) == 1:
        return days.day_of_month(numbers[0]), start
    return days.joined(*(days.day_of_month(number) for number in numbers)), start


_LEAVING_OUT = words("pas sauf hors not except ni")
_AFTER_A_DAY = words("a au soir matin apresmidi et ou in at je j il on nous de pour dans vers")


_IN_A_WEEK = {
    7: ("aujourd hui en huit", "aujourd hui en 8"),
    8: ("demain en huit", "demain en 8"),
}


@rule
def today_and_near(g: Grammar, at: int) -> Found | None:
    """« aujourd'hui », « demain », « hier », with the part of the day that the word itself means."""
    start = skip(g.message, at, ("pour", "de", "d", "des", "for"), 1)
    for ahead, in_a_week in _IN_A_WEEK.items():
        after = says(g.message, start, *in_a_week)
        if after is not None:
            return days.relative(ahead), after
    for meant, phrases in _NEAR:
        after = says(g.message, start, *phrases)
        if after is not None:
            return meant, after
    if (after := says(g.message, start, "maintenant", "now")) is not None:
        return None if _means_instead(g, at, after) else (_NOW, after)
    after = says(
        g.message,
        at,
        "ce soir",
        "cette soiree",
        "tonight",
        "this evening",
        "esta noche",
        "heute abend",
        "stasera",
        "vanavond",
        "c soir",
        "d soir",
        "de ce soir",
        "se soir",
    )
    if after is not None:
        return days.relative(0, hours=PARTS_OF_DAY["evening"]), after
    for part, phrases in _PARTS_OF_TODAY:
        after = says(g.message, at, *phrases)
        if after is not None:
            hours = PARTS_OF_DAY[part]
            if part == "night" and g.clock.hour < _DAWN:
                hours = (0.0, float(_DAWN))  # the night that is running
            return days.relative(0, hours=hours), after
    return None


_NOW = days.relative(0, is_weak=True)
_TURNS = frozenset("et ok bon alors bien and so well donc".split())
_GOES_ON = frozenset("ou or et and puis jusqu si if".split())


def _means_instead(g: Grammar, at: int, after: int) -> bool:
    """« et maintenant à Beaune », said after other days were spoken of: the next thing asked, not the hour."""
    opens = all(g.message.norm(before) in _TURNS for before in range(at))
    goes_on = after < len(g.message) and g.message.norm(after) not in _GOES_ON
    return bool(g.clock.anchor) and opens and goes_on


_NEAR: tuple[tuple[Days, tuple[str, ...]], ...] = (
    (days.relative(7), ("aujourdhui en huit", "aujourdhui en 8", "a week from today", "a week today")),
    (days.relative(8), ("demain en huit", "demain en 8", "a week from tomorrow", "a week tomorrow")),
    (days.relative(14), ("aujourdhui en quinze", "aujourdhui en 15", "a fortnight from now", "a fortnight today")),
    (days.relative(2), ("apresdemain", "the day after tomorrow", "day after tomorrow", "ubermorgen", "pasado manana", "dopodomani", "overmorgen")),
    (days.relative(1), ("demain", "tomorrow", "morgen", "manana", "domani")),
    (days.relative(-2, is_past=True), ("avanthier", "the day before yesterday")),
    (days.relative(-1, is_past=True, hours=PARTS_OF_DAY["evening"]), ("hier soir", "last night", "yesterday evening")),
    (days.relative(-1, is_past=True), ("hier", "yesterday", "ayer", "gestern", "ieri", "gisteren")),
    (days.relative(0), (
        "aujourdhui", "today", "hoy", "heute", "oggi", "vandaag", "ce jour", "en ce moment", "tout a l heure", "actuellement", "right now",
        "la maintenant", "a l instant", "dans l heure", "tout de suite", "ce jour meme", "jetzt", "ahora", "le jour meme",
    )),
)  # fmt: skip
_PARTS_OF_TODAY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("night", ("cette nuit", "heute nacht", "later tonight")),
    (
        "morning",
        (
            "ce matin",
            "this morning",
            "esta manana",
            "heute morgen",
            "heute fruh",
            "stamattina",
            "ce mat",
        ),
    ),
    ("noon", ("ce midi", "this lunchtime", "today at lunchtime", "heute mittag")),
    (
        "afternoon",
        (
            "cet apresmidi",
            "cette apresmidi",
            "ce apresmidi",
            "this afternoon",
            "esta tarde",
            "heute nachmittag",
            "c apresmidi",
            "set apresmidi",
            "vanmiddag",
            "questo pomeriggio",
        ),
    ),
)


@rule
def weekday(g: Grammar, at: int) -> Found | None:
    """« samedi », « samedi prochain », « samedi en huit », « le samedi », “a week on Saturday”."""
    m = g.message
    any_of = says(m, at, "n importe quel", "n importe lequel des", "any")
    start = at if any_of is None else any_of
    leads: list[str] = []
    while m.norm(start) in _WEEKDAY_LEADS and len(leads) < 4:
        leads.append(m.norm(start))
        start += 1
    in_a_week = says(m, start, "a week on", "week on", "a week from", "in eight days on")
    named = terms.weekday(m, start if in_a_week is None else in_a_week)
    if named is None:
        return None
    day, is_plural = named
    end = (start if in_a_week is None else in_a_week) + 1
    if in_a_week is not None:
        return days.weekday(day, weeks=1), end
    if g.clock.anchor and says(m, end, "suivant", "suivante", "d apres") is not None:
        return None  # of the day spoken of before
    after = says(
        m,
        end,
        "prochain",
        "prochaine",
        "prochains",
        "qui vient",
        "qui arrive",
        "suivant",
        "que viene",
        "pro",
    )
    if "next" in leads or "nachsten" in leads or "prochain" in leads or after is not None:
        return days.weekday(day, is_next=True), after or end
    if (
        after := says(
            m, end, "en huit", "en 8", "week", "en quinze", "en 15", "ci", "en trois semaines"
        )
    ) is not None:
        if m.norm(after - 1) == "ci":
            return days.weekday(day, this=True), after
        if m.norm(after - 1) != "week" or not g.is_english_week(after):
            return days.weekday(
                day, is_next=True, weeks=2 if m.norm(after - 1) in ("quinze", "15") else 1
            ), after
    after = says(m, end, "dernier", "passe", "d avant")
    if "last" in leads or after is not None:
        after = end if after is None else after
        return (days.weekday(day, is_last=True), after) if m.norm(after - 1) != "avant" else None
    every = (
        is_plural
        or any_of is not None
        or bool(terms.EVERY.intersection(leads))
        or leads[-1:] in (["un"], ["a"])
        or says(m, end, "sur 2", "sur deux")
    )
    if every and not (is_plural and g.is_series_name(end)):
        half = says(m, end, "sur 2", "sur deux")
        named_days, end = _listed(m, day, leads[-1:], end)
        habit = days.habit(named_days)
        return (
            (
                days.Days(
                    resolve=habit.resolve, is_habit=True, weekdays=(day,), notice=_EVERY_OTHER
                ),
                half,
            )
            if half
            else (habit, end)
        )
    if is_plural:
        return days.fixed(is_theme=True), end
    if leads[-1:] == ["le"]:
        return days.habit((day,), is_of_anchor=True), end
    is_today = says(m, at - 2, "on est", "c est", "sommes", "it s", "it is", "today is", "est un")
    is_today = (at >= 2 and is_today == at) or m.norm(at - 1) == "sommes"
    return days.weekday(day, this=is_today or bool(terms.THIS.intersection(leads))), end


def _listed(m: Message, day: int, lead: list[str], end: int) -> tuple[tuple[int, ...], int]:
    """« un mardi ou un jeudi »: both weekdays, where the same article stands before each."""
    found = [day]
    while lead and m.norm(end) in ("ou", "et", "or", "and") and [m.norm(end + 1)] == lead:
        named = terms.weekday(m, end + 2)
        if named is None:
            break
        found.append(named[0])
        end += 3
    return tuple(found), end


_WEEKDAY_LEADS = words(
    "le les l the on du au pour ce cet c this am el next last every each chaque tous toutes tout un a une des de coming prochain "
    "nachsten jeden los das il der questo diesen dieser ts tt this se"
)


@rule
def weekday_of_a_week(g: Grammar, at: int) -> Found | None:
    """« mardi ou jeudi de la semaine prochaine », “Saturday next week”."""
    m = g.message
    start = skip(m, at, ("le", "on", "la", "du"))
    named: list[int] = []
    while (found := terms.weekday(m, start)) is not None and len(named) < 5:
        named.append(found[0])
        start = skip(m, start + 1, ("ou", "et", "le", "or", "and"))
    if not named:
        return None
    week = week_at(g, start, is_hanging=True) or week_at(
        g, skip(m, start, ("de", "of", "d")), is_hanging=True
    )
    if week is None:
        return None
    parts = [days.weekday_of_week(day, week[0]) for day in named]
    return parts[0] if len(parts) == 1 else days.joined(*parts), week[1]


@rule
def working_days(g: Grammar, at: int) -> Found | None:
    """« en semaine », « un soir de semaine », “on weekdays”."""
    after = says(
        g.message, at, "en semaine", "un soir de semaine", "un soir en semaine", "les soirs de semaine", "un jour de semaine",
        "un jour en semaine", "les jours de semaine", "on weekdays", "on a weekday", "during the week", "unter der woche", "weekdays", "en jour de semaine",
        "soir de semaine", "soirs de semaine",
    )  # fmt: skip
    if after is None:
        return None
    has_evening = any(
        word.startswith("soir") for word in (g.message.norm(each) for each in range(at, after))
    )
    return days.habit(
        (0, 1, 2, 3, 4), hours=PARTS_OF_DAY["evening"] if has_evening else None
    ), after


@rule
def every_day(g: Grammar, at: int) -> Found | None:
    after = says(
        g.message,
        at,
        "tous les jours",
        "toutes les jours",
        "chaque jour",
        "every day",
        "everyday",
        "any day",
        "n importe quel jour",
        "tous les soirs",
    )
    if after is None:
        return None
    hours = PARTS_OF_DAY["evening"] if g.message.norm(after - 1) == "soirs" else None
    return days.fixed(hours=hours, unit="span"), after


@rule
def nights(g: Grammar, at: int) -> Found | None:
    """« dans la nuit de samedi à dimanche », « la nuit du 24 au 25 décembre »: it begins on the first of both."""
    m = g.message
    start = skip(m, at, ("dans", "pendant", "durant", "la", "in", "the"))
    if m.norm(start) not in ("nuit", "night") or m.norm(start + 1) not in (
        "de",
        "du",
        "of",
        "from",
        "d",
    ):
        return None
    first = g.day_or_number(start + 2)
    if first is None:
        return None
    joint = skip(m, first[1], ("a", "au", "to", "le"))
    last = g.day_or_number(joint) if joint > first[1] else None
    if last is None:
        return days.Days(resolve=first[0].resolve, hours=PARTS_OF_DAY["night"]), first[1]

    def resolve(clock: days.Clock) -> tuple[calendar.Days, ...]:
        if first[0].of_month is None:
            return first[0].resolve(clock)
        end = last[0].resolve(clock)
        found = days.in_month_of(first[0].of_month, end[0][0]) if end else None
        return (calendar.span_of(found),) if found else ()

    return days.Days(resolve=resolve, hours=PARTS_OF_DAY["night"]), last[1]
