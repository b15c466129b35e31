"""Days named by the calendar: dates, ranges, public and school holidays. Pure. `RULES` in order."""

import re
from datetime import timedelta

from puls.understanding import calendars
from puls.understanding.calendars import Zone
from puls.understanding.date_words import (
    DAY,
    MONTH,
    MONTHS,
    SHORT_WEEKDAY,
    WEEKDAY,
    YEAR,
    day_of,
    weekday_of,
)
from puls.understanding.day_rules import (
    SATURDAY,
    SUNDAY,
    Meaning,
    Rules,
    Today,
    add_months,
    coming_date,
    real_date,
    span_of,
    this_weekend,
    year_of_month,
)

RULES = Rules()
_ENGLISH_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)


# Explicit dates


@RULES.on(r"(?:le |on |el |am )?(?P<iso>\d{4}-\d\d-\d\d)")
def _iso(match: re.Match[str], _: Today) -> Meaning | None:
    year, month, day = (int(part) for part in match["iso"].split("-"))
    found = real_date(year, month, day)
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:le |on |el |"
    rf"am )?(?:{WEEKDAY} )?(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{2,4}}))?"
)
def _numeric(match: re.Match[str], today: Today) -> Meaning | None:
    year = match["year"]
    if year and len(year) == 2:  # noqa: PLR2004 - the number says itself
        year = "20" + year
    found = coming_date(int(match["month"]), int(match["day"]), year, today)
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:(?:le |ce )?week ?end )?(?:du|entre|de|from|between|vom|zwischen|del|entre el|"
    rf"des)? ?(?:le |the |el |dem )?(?:{WEEKDAY} )?"
    rf"(?P<first>{DAY})(?: (?P<first_month>{MONTH}))?(?: (?P<first_year>{YEAR}))? "
    rf"(?:au|et le|et|to|and|until|till|bis|al|y el|y|a|jusqu au|und) (?:le |the |zum |"
    rf"dem )?(?:{WEEKDAY} )?"
    rf"(?P<last>{DAY}) (?:de |of |d )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?"
)
def _date_range(match: re.Match[str], today: Today) -> Meaning | None:
    """« du 3 au 8 octobre », « entre le 28 novembre et le 2 décembre », « 20 et 21 septembre »."""
    month, last_day = MONTHS[match["month"]], day_of(match["last"])
    first_month = MONTHS[match["first_month"]] if match["first_month"] else month
    last = coming_date(month, last_day, match["year"], today)
    if last is None:
        return None
    year = int(match["first_year"] or last.year - (first_month > month))
    first = real_date(year, first_month, day_of(match["first"]))
    return Meaning(((first, last + timedelta(days=1)),)) if first and first <= last else None


@RULES.on(
    rf"(?:du|entre|from|between)? ?(?:le |the )?(?P<month>{MONTH}) (?P<first>{DAY}) (?:to|and|"
    rf"until|till|through) "
    rf"(?:the )?(?P<last>{DAY})(?: (?P<year>{YEAR}))?"
)
def _english_range(match: re.Match[str], today: Today) -> Meaning | None:
    month = MONTHS[match["month"]]
    last = coming_date(month, day_of(match["last"]), match["year"], today)
    first = last and real_date(last.year, month, day_of(match["first"]))
    return (
        Meaning(((first, last + timedelta(days=1)),)) if first and last and first <= last else None
    )


@RULES.on(
    rf"(?:du |entre |from |between )(?:le |the )?(?:{WEEKDAY} )?(?P<first>{DAY}) (?:au|et le|et|"
    rf"to|and) (?:the )?"
    rf"(?:{WEEKDAY} )?(?P<last>{DAY})(?! (?:ans|euros|h|heures|km|personnes|mois|jours)\b)"
)
def _days_of_this_month(match: re.Match[str], today: Today) -> Meaning | None:
    """« du 3 au 8 »: this month, or the next when it is over."""
    first_day, last_day = day_of(match["first"]), day_of(match["last"])
    for ahead in range(3):
        first_of_month = add_months(today.date.replace(day=1), ahead)
        first = real_date(first_of_month.year, first_of_month.month, first_day)
        in_next = add_months(first_of_month, 1) if last_day < first_day else first_of_month
        last = real_date(in_next.year, in_next.month, last_day)
        if first and last and last >= today.date:
            return Meaning(((first, last + timedelta(days=1)),))
    return None


@RULES.on(
    rf"(?:le |les |du |on |the |on the |am |el |week ?end du |week ?end des |ce |au |"
    rf"des ){{0,4}}(?:(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY}) (?:the |le )?)?"
    rf"(?P<day>{DAY}) (?:de |of |d )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?"
)
def _day_and_month(match: re.Match[str], today: Today) -> Meaning | None:
    weekday = weekday_of(match["weekday"]) if match["weekday"] else None
    found = coming_date(MONTHS[match["month"]], day_of(match["day"]), match["year"], today, weekday)
    if found is None:
        return None
    if "week" in match[0]:
        return Meaning((this_weekend(found - timedelta(days=found.weekday() == SUNDAY)),))
    return Meaning(span_of(found), is_past=bool(match["year"]))


@RULES.on(
    rf"(?:on |"
    rf"the ){{0,4}}(?:(?P<weekday>{WEEKDAY}) )?(?P<month>{_ENGLISH_MONTH}) (?:the "
    rf")?(?P<day>{DAY})(?! euros\b)(?: (?P<year>{YEAR}))?"
)
def _month_and_day(match: re.Match[str], today: Today) -> Meaning | None:
    """English order: « October 3rd », « March 21 »."""
    found = coming_date(MONTHS[match["month"]], day_of(match["day"]), match["year"], today)
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:le |du |au |of |the |on the ){{0,4}}(?P<nth>premier|premiere|1er|deuxieme|2e|2eme|"
    rf"second|troisieme|3e|3eme|quatrieme|dernier|first|last|third) "
    rf"(?P<weekday>{WEEKDAY}|week ?end) (?:d |de |of |du |"
    rf"in )(?:(?P<month>{MONTH})(?: (?P<year>{YEAR}))?|(?P<running>mois))"
)
def _nth_weekday(match: re.Match[str], today: Today) -> Meaning | None:
    word = match["nth"]
    starts = {2: ("deu", "2", "s"), 3: ("t", "3"), 4: ("q",), 1: ("p", "1", "f"), -1: ("der", "l")}
    nth = next(number for number, begins in starts.items() if word.startswith(begins))
    is_weekend = match["weekday"].startswith("week")
    weekday = SATURDAY if is_weekend else weekday_of(match["weekday"])
    month = MONTHS[match["month"]] if match["month"] else today.date.month
    for year in (year_of_month(month, match["year"], today), today.date.year + 1):
        found = calendars.nth_weekday(year, month, weekday, nth)
        if found and (found >= today.date or match["year"] or today.asks_past):
            return Meaning(span_of(found, 2 if is_weekend else 1))
        if match["running"]:
            following = add_months(today.date.replace(day=1), 1)
            found = calendars.nth_weekday(following.year, following.month, weekday, nth)
            return Meaning(span_of(found, 2 if is_weekend else 1)) if found else None
    return None


# Named days and school holidays


@RULES.on(
    rf"(?:pendant |durant |aux |les |des |during |a ){{0,4}}(?:vacances scolaires|"
    rf"petites vacances|vacances|conges|conge)"
    rf"(?: scolaires)?(?: (?:de la |de l |de |d |du )(?P<name>toussaint|noel|fin d annee|fevrier|"
    rf"hiver|paques|printemps|avril|ete))?"
    rf"(?: (?P<year>{YEAR}))?(?: zone (?P<zone>[abc]))?"
)
def _school_holidays(match: re.Match[str], today: Today) -> Meaning | None:
    names = {"fevrier": "hiver", "paques": "printemps", "avril": "printemps", "fin d annee": "noel"}
    name_asked: str | None = match["name"]
    asked = names.get(name_asked or "", name_asked)
    if asked is None and "scolaires" not in match[0] and "pendant" not in match[0]:
        return None
    zone: Zone | None = next(
        (each for each in ("A", "B", "C") if each == (match["zone"] or "").upper()), today.zone
    )
    wanted = (asked,) if asked else ("toussaint", "noel", "hiver", "printemps", "ete")
    for school_year in range(today.date.year - 1, today.date.year + 2):
        for name in wanted:
            days = calendars.school_holidays(name, school_year, zone)
            if days is None or (match["year"] and str(days[0].year) != match["year"]):
                continue
            if days[1] > today.date:
                notice = None
                if zone is None and name in ("hiver", "printemps"):
                    notice = "Les trois zones (A, B, C) sont comprises dans ces vacances."
                return Meaning((days,), notice=notice)
    known = f"Le calendrier scolaire n’est connu que pour {calendars.KNOWN_SCHOOL_YEARS}."
    return Meaning((), notice=known)


_CELEBRATION_PATTERN = "|".join(
    f"(?P<c{index}>{pattern})" for index, pattern in enumerate(calendars.CELEBRATIONS)
)
_CELEBRATION_DAYS = list(calendars.CELEBRATIONS.values())


@RULES.on(
    rf"(?P<lead>pour (?:les |la |le |l )?|a (?:la |l )?|au |aux |pendant (?:les |la |le |l )?|"
    rf"lors (?:des |de la |du |de l )|"
    rf"for (?:the )?|at |on |during (?:the )?|durant (?:les |la |le )?|le jour de |(?:le |ce |"
    rf"au )?(?:week ?end|pont|soir|jour) (?:de la |de l |des |du |de )|"
    rf"le |la |les |l |ce )?(?:{_CELEBRATION_PATTERN})(?: (?P<year>{YEAR}))?"
)
def _celebration(match: re.Match[str], today: Today) -> Meaning | None:
    index = next(
        int(name[1:]) for name, value in match.groupdict().items() if value and name[0] == "c"
    )
    lead, of_year = match["lead"] or "", _CELEBRATION_DAYS[index]
    is_theme = not lead or lead.strip() in ("le", "la", "les", "l")
    if is_theme and match[f"c{index}"] in (
        "noel",
        "christmas",
        "xmas",
        "weihnachten",
        "navidad",
        "easter",
        "paques",
        "halloween",
        "reveillon",
    ):
        return None  # « marché de Noël », « Easter egg hunt »: a theme, not a day
    years = [int(match["year"])] if match["year"] else [today.date.year, today.date.year + 1]
    days = next(
        (found for year in years if (found := of_year(year))[1] > today.date or match["year"]), None
    )
    if days is None:
        return None
    if "pont" in lead:
        days = calendars.bridge(days[0])
    elif "week" in lead:
        days = (
            this_weekend(days[0])
            if days[0].weekday() < SUNDAY
            else (days[0] - timedelta(days=1), days[0] + timedelta(days=1))
        )
    hours = (18, 24) if "soir" in lead else None
    return Meaning((days,), hours=hours, is_kept=is_theme)
