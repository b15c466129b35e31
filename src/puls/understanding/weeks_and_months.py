"""Weeks, months, seasons, years and spans told from today: « fin novembre », « cet été ». Pure. `RULES` in order."""

import re
from datetime import date, timedelta

from puls.understanding.calendars import Days
from puls.understanding.date_words import (
    AMBIGUOUS_MONTHS,
    COUNT,
    DAY,
    IN_MONTHS,
    MONTH,
    MONTHS,
    YEAR,
    count_of,
    day_of,
)
from puls.understanding.day_rules import (
    FRIDAY,
    Meaning,
    Rules,
    Today,
    add_months,
    coming_date,
    monday_of,
    month_span,
    span_of,
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


# Weeks, months, years


@RULES.on(
    r"(?:(?P<part>(?:en |a la )?(?:toute )?fin|(?:en |au )?debut|milieu|end of|early|late|later) (?:de |of )?)?(?:"
    r"(?:la |de la )?(?P<next>semaine (?:prochaine|suivante|pro|d apres|qui vient)|next week|proxima semana|nachste woche)"
    r"|(?P<last>la semaine derniere|last week)"
    r"|(?:dans |de )?(?P<this>cette semaine|this week|esta semana|diese woche|la semaine en cours))"
    rf"|(?:la )?semaine du (?P<day>{DAY})(?: (?P<month>{MONTH}))?|(?P<within>dans la semaine)"
    r"|(?P<rest>de la semaine)",
    needs=("semaine", "week", "woche", "semana"),
)
def _week(match: re.Match[str], today: Today) -> Meaning | None:
    monday = monday_of(today.date)
    if match["next"]:
        return Meaning(_part_of_week(match["part"], monday + timedelta(days=7), today))
    if match["this"]:
        return Meaning(_part_of_week(match["part"], monday, today))
    if match["rest"]:
        return Meaning(((today.date, monday + timedelta(days=7)),))
    if match["last"]:
        return Meaning(span_of(monday - timedelta(days=7), 7), is_past=True)
    if match["within"]:
        return Meaning(span_of(today.date, 8))
    month = MONTHS[match["month"]] if match["month"] else today.date.month
    found = coming_date(month, day_of(match["day"]), None, today)
    return Meaning(span_of(monday_of(found), 7)) if found else None


def _part_of_week(part: str | None, monday: date, today: Today) -> tuple[Days, ...]:
    """A week from today on: its first three days, its last four or all of it."""
    first, end = monday, monday + timedelta(days=7)
    if part and ("debut" in part or "early" in part):
        end = monday + timedelta(days=3)
    elif part and "later" not in part and "milieu" not in part:
        first = monday + timedelta(days=FRIDAY - 1)
    elif part and "milieu" in part:
        first, end = monday + timedelta(days=1), monday + timedelta(days=4)
    return ((max(first, today.date), end),) if end > today.date else ((first, end),)


@RULES.on(
    rf"(?:(?:dans|pendant|en|during|in) )?(?:la |le |l |the )?(?P<which>premiere?|1ere?|deuxieme|2e|2eme|seconde?|troisieme|3e|3eme|derniere?s?|last|first|second|third) "
    rf"(?:(?P<count>{COUNT}) )?(?P<unit>semaines?|quinzaine|weeks?) (?:de |d |du mois de |du mois d |of )(?P<month>{MONTH})(?: (?P<year>{YEAR}))?",
    needs=("semaine", "quinzaine", "week"),
)
def _part_by_weeks(match: re.Match[str], today: Today) -> Meaning:
    """« la première semaine de décembre » is the 1st to the 7th, « la dernière » its last seven days."""
    month = MONTHS[match["month"]]
    year = year_of_month(month, match["year"], today)
    first, following = month_span(year, month)
    length = 15 if match["unit"] == "quinzaine" else 7 * count_of(match["count"] or "1")
    order = {"p": 0, "1": 0, "f": 0, "t": 2, "3": 2}.get(match["which"][0], 1)
    if match["which"].startswith("third"):
        order = 2
    is_last = match["which"].startswith(("der", "last")) or (length == 15 and order > 0)  # noqa: PLR2004 - a « quinzaine »
    if is_last:
        start = date(year, month, 16) if length == 15 else following - timedelta(days=length)  # noqa: PLR2004 - a « quinzaine »
        return Meaning(((start, following),))
    start = first + timedelta(days=length * order)
    return Meaning(((start, start + timedelta(days=length)),))


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
    rf"the month|month|mois))",
    needs=("mois", "month", "mes", "monat"),
)
def _relative_month(match: re.Match[str], today: Today) -> Meaning | None:
    if match["this"] in ("mois", "le mois", "du mois", "month", "the month") and not match["part"]:
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
    rf"(?P<season>{'|'.join(_SEASONS)})(?P<next> prochaine?| qui vient)?(?: (?P<year>{YEAR}))?",
    needs=_SEASONS,
)
def _season(match: re.Match[str], today: Today) -> Meaning | None:
    month, day = _SEASONS[match["season"]]
    end_month, end_day = _SEASON_ENDS[month, day]
    year = int(match["year"]) if match["year"] else today.date.year
    lead = match["lead"].strip()
    is_dated = match["year"] or match["part"] or match["next"]
    if not is_dated and (
        lead in ("l", "d") or (lead == "de l" and match["season"] in ("ete", "printemps"))
    ):
        return None  # « Festival d'automne », « concert d'été »: a theme
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
    r"(?:a |pour |des |de )?(?:la |cette )?rentree(?: prochaine)?(?! (?:litteraire|des|de|du))",
    needs=("rentree",),
)
def _back_to_school(_: re.Match[str], today: Today) -> Meaning:
    year = today.date.year + (today.date.month > 9)  # noqa: PLR2004 - the number says itself
    return Meaning((month_span(year, 9),))


@RULES.on(
    rf"(?:de |d |entre |from |between )(?:le mois de )?(?P<first>{MONTH})(?: (?P<first_year>{YEAR}))? "
    rf"(?:a|et|au|to|and|until|jusqu en|jusqu a) (?:fin |le mois de )?(?P<last>{MONTH})(?: (?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _months_range(match: re.Match[str], today: Today) -> Meaning:
    """« de décembre à février », « entre mars et mai »; the range that is running counts."""
    first_month, last_month = MONTHS[match["first"]], MONTHS[match["last"]]
    last_year = year_of_month(last_month, match["year"], today)
    first_year = int(match["first_year"] or last_year - (first_month > last_month))
    start, end = month_span(first_year, first_month)[0], month_span(last_year, last_month)[1]
    return Meaning(((start, end),), is_past=bool(match["year"]))


@RULES.on(
    rf"(?P<lead>(?:en|in|im|au mois de|au mois d|mois de|mois d|pour|de|d|pendant|for|during|"
    rf"au cours du mois de|le mois de|fur|avant la fin du mois de|before the end of|courant|of) )?"
    rf"(?:(?:le |la |en |au |vers ){{0,4}}{_PART_OF_MONTH} )?(?:of |du mois de |de |d |"
    rf"le mois de )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?(?P<next> prochain)?",
    needs=IN_MONTHS,
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
    rf"(?:en|in|de|pour|annee|l annee|pour l annee|saison) (?P<year>{YEAR})|(?P<this>cette annee|"
    rf"this year|(?:de )?l annee(?! prochaine))|(?P<january>in the new year|(?:au )?debut d annee)|(?P<next>l annee prochaine|next year|l an prochain)"
)
def _year(match: re.Match[str], today: Today) -> Meaning | None:
    if match["this"] in ("de l annee", "l annee"):
        return None
    if match["january"]:
        return Meaning((month_span(year_of_month(1, None, today), 1),))
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
