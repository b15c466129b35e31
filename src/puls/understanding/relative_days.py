"""Days told from today: « demain », « ce week-end », « fin novembre », « cet été ». Pure. `RULES` in order.

What the choices are stands in docs/decisions/typed-wishes.md.
"""

import re
from datetime import date, timedelta

from puls.understanding.calendars import Days
from puls.understanding.date_words import (
    AMBIGUOUS_MONTHS,
    COUNT,
    DAY,
    MONTH,
    MONTHS,
    WEEKDAY,
    YEAR,
    count_of,
    day_of,
    weekday_of,
)
from puls.understanding.day_rules import (
    FRIDAY,
    Meaning,
    Rules,
    Today,
    add_months,
    coming_date,
    habit_days,
    monday_of,
    month_span,
    real_date,
    shifted,
    span_of,
    this_weekend,
    weekend_habit,
    year_of_month,
)

RULES = Rules()
_EARLY, _MIDDLE, _LATE = (1, 12), (10, 20), (20, 31)  # as the judged questions mean them
_SEASONS = {  # first day; the next one's first day ends it
    "printemps": (3, 20), "spring": (3, 20), "ete": (6, 21), "summer": (6, 21),
    "automne": (9, 22), "autumn": (9, 22), "fall": (9, 22), "hiver": (12, 21), "winter": (12, 21),
    "sommer": (6, 21), "herbst": (9, 22), "verano": (6, 21), "otono": (9, 22), "invierno": (12, 21),
    "primavera": (3, 20), "fruhling": (3, 20),
}  # fmt: skip
_SEASON_ENDS = {(3, 20): (6, 21), (6, 21): (9, 21), (9, 22): (12, 21), (12, 21): (3, 20)}


# Days told from today


@RULES.on(
    r"(?:pour |de |d )?(?:aujourd hui|ajd|auj|today|hoy|heute|oggi|ce jour|dans la journee|"
    r"en ce moment|actuellement|right now|maintenant|now)"
)
def _today(_: re.Match[str], today: Today) -> Meaning:
    return Meaning(span_of(today.date))


@RULES.on(
    r"(?P<soir>ce soir|cette soiree|tonight|this evening|esta noche|heute abend|stasera)"
    r"|(?P<nuit>cette nuit|heute nacht)|(?P<matin>ce matin|this morning|esta manana|heute morgen|"
    r"heute fruh)"
    r"|(?P<midi>ce midi)|(?P<aprem>cet? (?:apres ?midi|aprem)|this afternoon|esta tarde|"
    r"heute nachmittag)"
)
def _part_of_today(match: re.Match[str], today: Today) -> Meaning:
    hours = {
        "soir": (18, 24),
        "nuit": (21, 30),
        "matin": (6, 12),
        "midi": (12, 14),
        "aprem": (12, 18),
    }
    return Meaning(span_of(today.date), hours=hours[match.lastgroup or "soir"])


@RULES.on(
    r"(?:pour |de )?(?P<after>apres ?demain|the day after tomorrow|ubermorgen|pasado manana)|"
    r"(?:pour |de )?(?P<next>demain|dem1|2m1|tomorrow|manana|morgen|domani)"
)
def _tomorrow(match: re.Match[str], today: Today) -> Meaning:
    return Meaning(span_of(today.date + timedelta(days=2 if match["after"] else 1)))


@RULES.on(
    r"(?P<before>avant ?hier)|(?P<yesterday>hier|yesterday|ayer|gestern|ieri)(?P<evening> soir)?"
)
def _yesterday(match: re.Match[str], today: Today) -> Meaning:
    return Meaning(
        span_of(today.date - timedelta(days=2 if match["before"] else 1)),
        hours=(18, 24) if match["evening"] else None,
        is_past=True,
    )


_WEEKEND = r"(?:week ?ends?|weekends?|wkd|wke|fin de semana|wochenende|fine settimana|finde)"


@RULES.on(
    rf"(?:le |ce |au |du |pour le |the |on the |over the |el |am |"
    rf"un ){{0,4}}{_WEEKEND} (?P<next>prochain|suivant|d apres|que viene)"
    rf"|(?:le |the )?(?:next {_WEEKEND}|prochain {_WEEKEND}|nachstes {_WEEKEND}|we prochain)"
)
def _next_weekend(_: re.Match[str], today: Today) -> Meaning:
    return Meaning((shifted(this_weekend(today.date), 7),))


@RULES.on(rf"(?:le |ce |au |du ){{0,4}}{_WEEKEND} (?:dernier|passe)|last {_WEEKEND}")
def _last_weekend(_: re.Match[str], today: Today) -> Meaning:
    saturday = monday_of(today.date) - timedelta(days=2)
    return Meaning(span_of(saturday, 2), is_past=True)


@RULES.on(
    rf"(?:les |des |tous les |chaque |every )+{_WEEKEND}|(?:le|on) (?:week ?ends?|weekends)|"
    rf"en {_WEEKEND}"
)
def _weekends(_: re.Match[str], today: Today) -> Meaning:
    return Meaning(weekend_habit(today.date), is_habit=True)


@RULES.on(
    rf"(?:pour |de |over |for )?(?:ce |c |this |the |este |dieses |am |questo |du |ce prochain |"
    rf"le |au |cet )?(?:long )?(?:{_WEEKEND})(?: ci| qui (?:vient|arrive))?|(?:ce|c|cet|le|du|"
    rf"pour le) we(?: ci)?"
)
def _weekend(match: re.Match[str], today: Today) -> Meaning:
    days = this_weekend(today.date)
    if "long" in match[0]:
        days = days[0] - timedelta(days=1), days[1] + timedelta(days=1)
    return Meaning((days,))


@RULES.on(rf"(?:ce |le |pour )?(?P<weekday>{WEEKDAY}) (?:en huit|en 8)")
def _weekday_in_eight(match: re.Match[str], today: Today) -> Meaning:
    coming = today.date + timedelta(
        days=(weekday_of(match["weekday"]) - today.date.weekday() - 1) % 7 + 1
    )
    return Meaning(span_of(coming + timedelta(days=7)))


@RULES.on(
    rf"(?:le |ce |pour )?(?P<weekday>{WEEKDAY}) (?:dernier|passe)|last (?P<english>{WEEKDAY})"
)
def _last_weekday(match: re.Match[str], today: Today) -> Meaning:
    weekday = weekday_of(match["weekday"] or match["english"])
    return Meaning(
        span_of(today.date - timedelta(days=(today.date.weekday() - weekday - 1) % 7 + 1)),
        is_past=True,
    )


@RULES.on(
    rf"(?:le |ce |pour )?(?P<weekday>{WEEKDAY}) (?:prochain|qui vient|suivant)|"
    rf"next (?P<english>{WEEKDAY})"
)
def _next_weekday(match: re.Match[str], today: Today) -> Meaning:
    weekday = weekday_of(match["weekday"] or match["english"])
    return Meaning(
        span_of(today.date + timedelta(days=(weekday - today.date.weekday() - 1) % 7 + 1))
    )


@RULES.on(
    rf"(?:tous les|toutes les|chaque|every|les|each) (?P<every>{WEEKDAY})|un (?P<any>{WEEKDAY})"
    rf"|(?:en|un (?:jour|soir) (?:de|en)|les soirs de|on) (?P<work>semaine|weekdays)|"
    rf"during the week|unter der woche"
)
def _habitual(match: re.Match[str], today: Today) -> Meaning:
    word = match["every"] or match["any"]
    weekdays = (weekday_of(word),) if word else (0, 1, 2, 3, 4)
    return Meaning(
        habit_days(weekdays, today.date),
        hours=(18, 24) if "soir" in match[0] else None,
        is_habit=True,
    )


@RULES.on(
    rf"(?:pour |de |d |on |am |este |el |ce |this |le |du |"
    rf"au ){{0,4}}(?P<weekday>{WEEKDAY})(?: qui arrive| ci)?"
)
def _weekday(match: re.Match[str], today: Today) -> Meaning | None:
    weekday = weekday_of(match["weekday"])
    if match[0].startswith("le "):
        return Meaning(habit_days((weekday,), today.date), is_habit=True)
    coming = today.date + timedelta(days=(weekday - today.date.weekday()) % 7)
    return Meaning(span_of(coming))


# Weeks, months, years


@RULES.on(
    r"(?P<this>cette semaine|this week|esta semana|diese woche|de la semaine|la semaine en cours)"
    r"|(?:la |de la )?(?P<next>semaine prochaine|semaine suivante|semaine pro)|"
    r"(?P<english>next week|proxima semana|nachste woche)"
    rf"|(?:la )?semaine du (?P<day>{DAY})(?: (?P<month>{MONTH}))?|(?P<within>dans la semaine)"
    r"|(?P<last>la semaine derniere|last week)"
)
def _week(match: re.Match[str], today: Today) -> Meaning | None:
    monday = monday_of(today.date)
    if match["this"]:
        return Meaning(((today.date, monday + timedelta(days=7)),))
    if match["next"] or match["english"]:
        return Meaning(span_of(monday + timedelta(days=7), 7))
    if match["last"]:
        return Meaning(span_of(monday - timedelta(days=7), 7), is_past=True)
    if match["within"]:
        return Meaning(span_of(today.date, 8))
    month = MONTHS[match["month"]] if match["month"] else today.date.month
    found = coming_date(month, day_of(match["day"]), None, today)
    return Meaning(span_of(monday_of(found), 7)) if found else None


_PART_OF_MONTH = (
    r"(?P<part>toute fin|tout debut|debut|mi|fin|courant|milieu|early|mid|late|anfang|mitte|ende|"
    r"the end of|end of|the beginning of|beginning of)"
)


@RULES.on(
    rf"(?:(?:en |a |au |vers |in |la |le |dans ){{0,4}}{_PART_OF_MONTH} (?:de |du |d |of |"
    rf"the ){{0,4}})?"
    rf"(?:(?:le |du |au )?(?P<next>mois prochain|mois suivant|next month|proximo mes|"
    rf"nachsten monat|mois pro)"
    rf"|(?P<last>le mois dernier|last month)"
    rf"|(?P<this>ce mois(?: ci)?|this month|este mes|diesen monat|du mois|mois en cours|le mois|"
    rf"mois))"
)
def _relative_month(match: re.Match[str], today: Today) -> Meaning | None:
    if match["this"] in ("mois", "le mois", "du mois") and not match["part"]:
        return None
    ahead = 1 if match["next"] else -1 if match["last"] else 0
    first = add_months(today.date.replace(day=1), ahead)
    days = _part_of_month(match["part"], first.year, first.month)
    return Meaning((days,), is_past=bool(match["last"]))


def _part_of_month(part: str | None, year: int, month: int) -> Days:
    first, following = month_span(year, month)
    if part is None or part == "courant":
        return first, following
    if "debut" in part or "begin" in part or part in ("early", "anfang"):
        start, end = _EARLY
    elif part in ("mi", "milieu", "mid", "mitte"):
        start, end = _MIDDLE
    else:
        start, end = _LATE
    return date(year, month, start), min(
        following, date(year, month, min(end, 28)) + timedelta(days=1 + max(0, end - 28))
    )


@RULES.on(
    rf"(?:(?:la |le |en |a )?(?P<part>fin|debut|end of|milieu) (?:de |of )?)?"
    rf"(?P<lead>(?:cet|cette|ce|en|l|d|de l|au|this|in|next|in the|im|im nachsten|diesen|este|"
    rf"en el|l prochain|pendant l|durant l|this coming) )"
    rf"(?P<season>{'|'.join(_SEASONS)})(?P<next> prochaine?| qui vient)?(?: (?P<year>{YEAR}))?"
)
def _season(match: re.Match[str], today: Today) -> Meaning | None:
    month, day = _SEASONS[match["season"]]
    end_month, end_day = _SEASON_ENDS[month, day]
    year = int(match["year"]) if match["year"] else today.date.year
    if (
        match["season"] in ("ete", "printemps")
        and match["lead"].strip() in ("l", "d", "de l")
        and not match["year"]
        and not match["part"]
    ):
        return None
    spans = [
        (date(each, month, day), date(each + (end_month < month), end_month, end_day))
        for each in (year - 1, year, year + 1)
    ]
    if match["year"]:
        first, end = spans[1]
    else:
        first, end = next(span for span in spans if span[1] > today.date)
    if match["part"] in ("fin", "end of"):
        first = end - timedelta(days=31)
    elif match["part"] == "debut":
        end = first + timedelta(days=31)
    return Meaning(((first, end),))


@RULES.on(
    r"(?:a |pour |des |de )?(?:la |cette )?rentree(?: prochaine)?(?! (?:litteraire|des|de|du))"
)
def _back_to_school(_: re.Match[str], today: Today) -> Meaning:
    year = today.date.year + (today.date.month > 9)  # noqa: PLR2004 - the number says itself
    return Meaning((month_span(year, 9),))


@RULES.on(
    rf"(?P<lead>(?:en|in|im|au mois de|au mois d|mois de|mois d|pour|de|d|pendant|for|during|"
    rf"au cours du mois de|le mois de|fur|avant la fin du mois de|before the end of|courant|of) )?"
    rf"(?:(?:le |la |en |au |vers ){{0,4}}{_PART_OF_MONTH} )?(?:of |du mois de |de |d |"
    rf"le mois de )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?(?P<next> prochain)?"
)
def _month_named(match: re.Match[str], today: Today) -> Meaning | None:
    word, lead, part = match["month"], (match["lead"] or "").strip(), match["part"]
    has_support = (
        part or match["year"] or match["next"] or lead not in ("", "pour", "de", "d", "for", "of")
    )
    if word in AMBIGUOUS_MONTHS and not has_support:
        return None
    month = MONTHS[word]
    year = year_of_month(month, match["year"], today)
    days = _part_of_month(part, year, month)
    if days[1] <= today.date and not match["year"] and not today.asks_past:
        days = _part_of_month(part, year + 1, month)
    return Meaning((days,), is_past=bool(match["year"]))


@RULES.on(
    rf"(?:dans|d ici|in|sous|en) (?P<count>{COUNT}) (?P<unit>jours?|days?|semaines?|weeks?|mois|"
    rf"months?|tagen|wochen|dias|semanas)"
)
def _in_some_time(match: re.Match[str], today: Today) -> Meaning | None:
    count, unit = count_of(match["count"]), match["unit"]
    if unit.startswith(("j", "d", "t")):
        target = today.date + timedelta(days=count)
        days = target, target + timedelta(days=1)
    elif unit.startswith(("s", "w")):
        monday = monday_of(today.date) + timedelta(days=7 * count)
        days = monday, monday + timedelta(days=7)
    else:
        target = add_months(today.date, count)
        days = target - timedelta(days=3), target + timedelta(days=4)
    if match[0].startswith(("sous", "d ici", "en")):
        days = today.date, days[1]
    return Meaning((days,))


@RULES.on(
    rf"(?:dans |au cours |sur |pendant |over |in |durant |pour )?(?:les |des |ces |the |los |den |"
    rf"de ces )(?:(?P<count>{COUNT}) )?(?:prochaine?s? |next |coming |proximos |nachsten |"
    rf"few )+(?:(?P<count2>{COUNT}|quelques) )?(?P<unit>jours?|days?|semaines?|weeks?|mois|"
    rf"months?|tagen?|wochen|dias|semanas)"
    rf"|(?:next|for|pendant|durant|pour|sur) (?P<count3>{COUNT}) (?P<unit2>jours?|days?|semaines?|"
    rf"weeks?)"
    rf"|(?:dans |au cours |sur |d )?(?:les |le |la |l )(?:(?P<count4>{COUNT}) )?(?P<unit3>jours?|"
    rf"semaines?|mois|annee) (?:qui viennent|qui vient|a venir|suivantes?)"
    rf"|ces (?P<unit4>jours)(?: ci)?"
)
def _coming_time(match: re.Match[str], today: Today) -> Meaning:
    word = match["count"] or match["count2"] or match["count3"] or match["count4"]
    unit = match["unit"] or match["unit2"] or match["unit3"] or match["unit4"]
    is_plural = unit.endswith("s") and unit != "mois"
    length, usual = {
        "j": (1, 7),
        "d": (1, 7),
        "t": (1, 7),
        "s": (7, 5),
        "w": (7, 5),
        "m": (31, 3),
        "a": (365, 1),
    }[unit[0]]
    if unit == "mois":
        is_plural = "les " in match[0]
    count = count_of(word) if word else usual if is_plural else 1
    return Meaning(span_of(today.date, count * length))


@RULES.on(
    rf"(?:en|in|de|pour|annee|l annee|pour l annee|saison) (?P<year>{YEAR})|(?P<this>cette annee|"
    rf"this year|de l annee|l annee)|(?P<next>l annee prochaine|next year|l an prochain)"
)
def _year(match: re.Match[str], today: Today) -> Meaning | None:
    if match["this"] in ("de l annee", "l annee"):
        return None
    year = int(match["year"]) if match["year"] else today.date.year + bool(match["next"])
    return Meaning(((date(year, 1, 1), date(year + 1, 1, 1)),), is_past=year < today.date.year)


@RULES.on(
    r"(?:la )?(?:toute )?fin (?:de |d )?(?P<unit>(?:la |cette )?semaine|l annee|annee|cette annee|"
    r"saison)|(?:the )?end of the (?P<english>week|year)"
)
def _end_of(match: re.Match[str], today: Today) -> Meaning | None:
    unit = match["unit"] or match["english"]
    if "semaine" in unit or unit == "week":
        monday = monday_of(today.date)
        return Meaning(
            ((max(today.date, monday + timedelta(days=FRIDAY - 1)), monday + timedelta(days=7)),)
        )
    if "saison" in unit:
        return None
    return Meaning(
        ((max(today.date, date(today.date.year, 12, 15)), date(today.date.year + 1, 1, 1)),)
    )


@RULES.on(
    rf"(?<!dans )(?:le|the|on the|ce|pour le) (?P<day>{DAY})(?! (?:er|eme|ans|euros|h|heures|km|"
    rf"personnes|places|minutes|mois|jours|arrondissement|rue)\b)"
)
def _day_of_month(match: re.Match[str], today: Today) -> Meaning | None:
    if match["day"] in ("premier", "1st", "2nd", "3rd"):
        return None
    day = day_of(match["day"])
    for ahead in range(3):
        first = add_months(today.date.replace(day=1), ahead)
        found = real_date(first.year, first.month, day)
        if found and found >= today.date:
            return Meaning(span_of(found))
    return None
