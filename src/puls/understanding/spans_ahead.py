"""Spans counted from today, and bare days of the month: « dans 15 jours », « le 3 ». Pure. `RULES` in order.

« dans N semaines » is the week that lies N weeks ahead, « dans N jours » the day itself, « dans un mois »
the seven days around; « d'ici » and « sous » begin now.
"""

import re
from datetime import timedelta

from puls.understanding.date_words import COUNT, DAY, NOT_A_DAY, count_of, day_of
from puls.understanding.day_rules import (
    Meaning,
    Rules,
    Today,
    add_months,
    monday_of,
    real_date,
    span_of,
)

RULES = Rules()


@RULES.on(
    rf"(?:dans|d ici|in|sous|en) (?P<count>{COUNT}) (?P<unit>jours?|days?|semaines?|weeks?|mois|"
    rf"months?|tagen|wochen|dias|semanas)"
)
def _in_some_time(match: re.Match[str], today: Today) -> Meaning | None:
    count, unit = count_of(match["count"]), match["unit"]
    if unit.startswith(("j", "d", "t")):
        target = today.date + timedelta(days=count)
        days = target, target + timedelta(days=1)
    elif unit.startswith(("s", "w")) and match[0].startswith(("sous", "d ici", "en")):
        days = today.date, today.date + timedelta(days=7 * count + 1)
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
    r"(?P<lead>dans|d ici|sous|in) (?:une |a )?(?P<about>dizaine|quinzaine|vingtaine|fortnight)(?: de jours)?"
    rf"|dans les (?P<within>{COUNT}) jours"
)
def _about(match: re.Match[str], today: Today) -> Meaning:
    """« dans une dizaine de jours »: three days around; « dans les quinze jours »: until then."""
    if match["within"]:
        return Meaning(span_of(today.date, count_of(match["within"])))
    count = {"dizaine": 10, "vingtaine": 20}.get(match["about"], 15)
    if match["lead"] in ("d ici", "sous"):
        return Meaning(span_of(today.date, count + 1))
    return Meaning(span_of(today.date + timedelta(days=count - 3), 7))


@RULES.on(
    rf"(?:dans |au cours |sur |pendant |over |in |within |durant |pour )?(?:les |des |ces |the |los |den |"
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


@RULES.on(rf"(?<!dans )(?:le|the|on the|ce|pour le) (?P<day>{DAY})(?! (?:{NOT_A_DAY})\b)")
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
