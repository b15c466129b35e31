"""Days told by their numbers: dates, lists, ranges, « le premier dimanche d'octobre ». Pure.

`RULES` in order.
"""

import re
from datetime import date, timedelta

from puls.understanding import calendars
from puls.understanding.date_words import (
    DAY,
    IN_MONTHS,
    IN_WEEKDAYS,
    MONTH,
    MONTHS,
    NOT_A_DAY,
    SHORT_WEEKDAY,
    SHORT_WEEKDAYS,
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
    monday_of,
    real_date,
    span_of,
    this_weekend,
    year_of_month,
)

RULES = Rules()
_MONTHS_AHEAD = 3  # in which « samedi 5 » is looked for
_ENGLISH_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|apr|aug|sept|sep|oct|nov|dec)"
)


# Explicit dates


@RULES.on(
    r"(?:le |on |el |am )?(?P<iso>\d{4}-\d\d-\d\d)",
    needs=("-",),
)
def _iso(match: re.Match[str], _: Today) -> Meaning | None:
    year, month, day = (int(part) for part in match["iso"].split("-"))
    found = real_date(year, month, day)
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:le |on |el |"
    rf"am )?(?:{WEEKDAY} )?(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{2,4}}))?",
    needs=("/",),
)
def _numeric(match: re.Match[str], today: Today) -> Meaning | None:
    year = match["year"]
    if year and len(year) == 2:  # noqa: PLR2004 - the number says itself
        year = "20" + year
    found = coming_date(int(match["month"]), int(match["day"]), year, today)
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:(?:le |ce )?week ?end )?(?:(?:du|de|from|vom|del|des)? ?(?:le |the |el |dem )?"
    rf"(?:{WEEKDAY} )?(?P<first>{DAY})(?: (?P<first_month>{MONTH}))?(?: (?P<first_year>{YEAR}))? "
    rf"(?:au|to|until|till|through|bis|al|a|jusqu au)"
    rf"|(?:entre|between|zwischen|entre el) (?:le |the |el |dem )?(?:{WEEKDAY} )?(?P<first2>{DAY})"
    rf"(?: (?P<first_month2>{MONTH}))?(?: (?P<first_year2>{YEAR}))? (?:et|and|y|und|a)) "
    rf"(?:le |the |el |zum |dem )?(?:{WEEKDAY} )?"
    rf"(?P<last>{DAY}) (?:de |of |d )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _date_range(match: re.Match[str], today: Today) -> Meaning | None:
    """« du 3 au 8 octobre », « entre le 28 novembre et le 2 décembre »."""
    month, last_day = MONTHS[match["month"]], day_of(match["last"])
    named_month = match["first_month"] or match["first_month2"]
    first_month = MONTHS[named_month] if named_month else month
    last = coming_date(month, last_day, match["year"], today)
    if last is None:
        return None
    first_year = match["first_year"] or match["first_year2"]
    year = int(first_year or last.year - (first_month > month))
    first = real_date(year, first_month, day_of(match["first"] or match["first2"]))
    return Meaning(((first, last + timedelta(days=1)),)) if first and first <= last else None


@RULES.on(
    rf"(?:le |les |du |des |the |on the |on |week ?end des |week ?end du ){{0,2}}(?:{WEEKDAY} )?"
    rf"(?P<first>{DAY})(?P<others>(?: (?:et |ou |and |or |y |und )?(?:le |the )?(?:{WEEKDAY} )?{DAY}){{1,8}}) "
    rf"(?:de |of |d )?(?P<month>{MONTH})(?: (?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _list_of_days(match: re.Match[str], today: Today) -> Meaning | None:
    """« les 5, 6 et 7 décembre », « le 5 ou le 12 janvier »: each of them."""
    month = MONTHS[match["month"]]
    numbers = [match["first"], *re.findall(rf"(?<!\S){DAY}(?!\S)", match["others"])]
    dates = [coming_date(month, day_of(number), match["year"], today) for number in numbers]
    return _each_of(dates)


def _each_of(dates: list[date | None]) -> Meaning | None:
    days = tuple(span for each in dates if each for span in span_of(each))
    return Meaning(days) if days else None


@RULES.on(
    rf"(?:on )?(?P<month>{_ENGLISH_MONTH}) (?:the )?(?P<first>{DAY}) (?:and|or) (?:the )?(?P<last>{DAY})"
    rf"(?: (?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _english_list(match: re.Match[str], today: Today) -> Meaning | None:
    """“December 5th and 6th”."""
    month = MONTHS[match["month"]]
    numbers = match["first"], match["last"]
    dates = [coming_date(month, day_of(number), match["year"], today) for number in numbers]
    return _each_of(dates)


@RULES.on(
    rf"(?:du|entre|from|between)? ?(?:le |the )?(?P<month>{MONTH}) (?P<first>{DAY}) (?:to|"
    rf"until|till|through) "
    rf"(?:the )?(?P<last>{DAY})(?: (?P<year>{YEAR}))?",
    needs=IN_MONTHS,
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
    rf"(?:{WEEKDAY} )?(?P<last>{DAY})(?! (?:{NOT_A_DAY})\b)",
    needs=("au ", "et ", "to ", "and "),
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
    rf"(?:le |les |du |on |the |on the |am |el |week ?end du |week ?end des |ce |au |la |"
    rf"semaine du |week of |des ){{0,4}}(?:(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY}) (?:the |le )?)?"
    rf"(?P<day>{DAY}) (?:de |of |d )?(?P<month>{MONTH})(?: (?:de )?(?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _day_and_month(match: re.Match[str], today: Today) -> Meaning | None:
    weekday = weekday_of(match["weekday"]) if match["weekday"] else None
    found = coming_date(MONTHS[match["month"]], day_of(match["day"]), match["year"], today, weekday)
    if found is None:
        return None
    if "semaine" in match[0] or "week of" in match[0]:
        return Meaning(span_of(monday_of(found), 7))
    if "week" in match[0]:
        return Meaning((this_weekend(found - timedelta(days=found.weekday() == SUNDAY)),))
    return Meaning(span_of(found), is_past=bool(match["year"]))


@RULES.on(
    rf"(?:on |"
    rf"the |week of ){{0,4}}(?:(?P<weekday>{WEEKDAY}) )?(?P<month>{_ENGLISH_MONTH}) (?:the "
    rf")?(?P<day>{DAY})(?! euros\b)(?: (?P<year>{YEAR}))?",
    needs=IN_MONTHS,
)
def _month_and_day(match: re.Match[str], today: Today) -> Meaning | None:
    """English order: « October 3rd », « March 21 »."""
    found = coming_date(MONTHS[match["month"]], day_of(match["day"]), match["year"], today)
    if found and "week of" in match[0]:
        return Meaning(span_of(monday_of(found), 7))
    return Meaning(span_of(found)) if found else None


@RULES.on(
    rf"(?:le |du |au |of |the |on the ){{0,4}}(?P<nth>premier|premiere|1er|deuxieme|2e|2eme|"
    rf"second|troisieme|3e|3eme|quatrieme|dernier|first|last|third) "
    rf"(?P<weekday>{WEEKDAY}|week ?end) (?:d |de |of |du |"
    rf"in )(?:(?P<month>{MONTH})(?: (?P<year>{YEAR}))?|(?P<running>mois(?P<next> prochain)?))",
    needs=(*IN_MONTHS, "mois"),
)
def _nth_weekday(match: re.Match[str], today: Today) -> Meaning | None:
    word = match["nth"]
    starts = {2: ("deu", "2", "s"), 3: ("t", "3"), 4: ("q",), 1: ("p", "1", "f"), -1: ("der", "l")}
    nth = next(number for number, begins in starts.items() if word.startswith(begins))
    is_weekend = match["weekday"].startswith("week")
    weekday = SATURDAY if is_weekend else weekday_of(match["weekday"])
    month = MONTHS[match["month"]] if match["month"] else today.date.month
    if match["next"]:
        month = add_months(today.date.replace(day=1), 1).month
    for year in (year_of_month(month, match["year"], today), today.date.year + 1):
        found = calendars.nth_weekday(year, month, weekday, nth)
        if found and (found >= today.date or match["year"] or today.asks_past):
            return Meaning(span_of(found, 2 if is_weekend else 1))
        if match["running"]:
            following = add_months(today.date.replace(day=1), 1)
            found = calendars.nth_weekday(following.year, following.month, weekday, nth)
            return Meaning(span_of(found, 2 if is_weekend else 1)) if found else None
    return None


@RULES.on(
    rf"(?:le |ce |on |du |des |pour ){{0,2}}(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY}) (?:the |le )?(?P<day>{DAY})"
    rf"(?! (?:{NOT_A_DAY})\b)",
    needs=(*IN_WEEKDAYS, *SHORT_WEEKDAYS),
)
def _weekday_and_day(match: re.Match[str], today: Today) -> Meaning | None:
    """« samedi 5 »: the next date that is both; the words stay a name when there is none soon.

    « vendredi 13 » is a film and a superstition far more often than a date half a year ahead.
    """
    if match["day"] in ("premier", "1st", "2nd", "3rd"):
        return None
    weekday, day = weekday_of(match["weekday"]), day_of(match["day"])
    for ahead in range(_MONTHS_AHEAD):
        first = add_months(today.date.replace(day=1), ahead)
        found = real_date(first.year, first.month, day)
        if found and found >= today.date and found.weekday() == weekday:
            return Meaning(span_of(found))
    return Meaning((), is_kept=True) if match["weekday"] not in SHORT_WEEKDAYS else None
