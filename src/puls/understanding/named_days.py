"""Days that have a name: celebrations and their bridges, public and school holidays. Pure.

`RULES` come before dates (« pont du 8 mai »), `LATE_RULES` after them (« le 14 juillet » is a date).
What a celebration is stands in `calendars`.
"""

import re
from datetime import timedelta

from puls.understanding import calendars
from puls.understanding.calendars import Days, Zone
from puls.understanding.date_words import DAY, MONTH, MONTHS, WEEKDAY, YEAR, day_of, weekday_of
from puls.understanding.day_rules import (
    SATURDAY,
    SUNDAY,
    Meaning,
    Rules,
    Today,
    coming_date,
    span_of,
    this_weekend,
    word_before,
)
from puls.understanding.notices import Notice

RULES = Rules()
LATE_RULES = Rules()
_MID_WEEK = (2, SATURDAY)  # a Wednesday makes no long week-end, a Saturday is one
_ALL_ZONES = Notice(
    code="all_school_zones",
    fr="Les trois zones (A, B, C) sont comprises dans ces vacances.",
    en="These school holidays span all three zones (A, B, C).",
)
_UNKNOWN_SCHOOL_YEAR = Notice(
    code="unknown_school_year",
    fr=f"Le calendrier scolaire n’est connu que pour {calendars.KNOWN_SCHOOL_YEARS}.",
    en="The French school calendar is only known for "
    f"{calendars.KNOWN_SCHOOL_YEARS.replace(' à ', ' to ')}.",
)
_DAYS_OFF = re.compile(
    r"jour de l an|nouvel an|lundi de|vendredi saint|ascension|pentecote|assomption|toussaint|"
    r"armistice|fete nationale|\d"
)
_THEMES_OF_WINTER = frozenset(
    "noel christmas xmas weihnachten navidad easter paques halloween reveillon".split()  # noqa: SIM905 - a list of words reads better as prose
)
_ENGLISH_FEASTS = frozenset(("christmas", "xmas", "easter"))
_BOUNDS = frozenset("avant ici apres depuis jusqu a until before after by till entre et".split())  # noqa: SIM905 - a list of words reads better as prose
_CELEBRATION_PATTERN = "|".join(
    f"(?P<c{index}>{pattern})" for index, pattern in enumerate(calendars.CELEBRATIONS)
)
_CELEBRATION_DAYS = list(calendars.CELEBRATIONS.values())


def _celebrated(match: re.Match[str], today: Today) -> tuple[str, Days] | None:
    """The celebration named in a match, and its days: those to come, or of the year given."""
    named = match.groupdict()
    group = next(
        (name for name in named if name[0] == "c" and name[1:].isdigit() and named[name]), None
    )
    if group is None:
        return None
    of_year = _CELEBRATION_DAYS[int(group[1:])]
    if match["year"]:
        return named[group], of_year(int(match["year"]))
    years = today.date.year, today.date.year + 1
    return named[group], next(days for year in years if (days := of_year(year))[1] > today.date)


@RULES.on(
    rf"(?:pour |pendant |durant |lors |faire |during )?(?:du |le |ce |les |un |d un )?(?:grand )?pont (?:de la |de l |du |des |de |d )?"
    rf"(?:(?:{_CELEBRATION_PATTERN})|(?P<day>{DAY}) (?P<month>{MONTH}))(?: (?P<year>{YEAR}))?",
    needs=("pont",),
)
def _bridge(match: re.Match[str], today: Today) -> Meaning | None:
    if match["day"]:
        found = coming_date(MONTHS[match["month"]], day_of(match["day"]), match["year"], today)
        return Meaning((calendars.bridge(found),)) if found else None
    celebrated = _celebrated(match, today)
    if celebrated is None:
        return None
    name, days = celebrated
    return Meaning((days if "pont" in name else calendars.bridge(days[0]),))


@RULES.on(
    rf"(?:dans |pendant |durant )?(?:la )?nuit (?:de |du )(?P<first>{WEEKDAY}) (?:a|au) {WEEKDAY}"
    rf"|(?:dans |pendant |durant )?(?:la )?nuit du (?P<day>{DAY})(?: (?P<month>{MONTH}) au {DAY}(?: {MONTH})?| au {DAY} (?P<month2>{MONTH})| (?P<month3>{MONTH}))",
    needs=("nuit",),
)
def _night_between(match: re.Match[str], today: Today) -> Meaning | None:
    """« dans la nuit de samedi à dimanche »: it begins on the first of both."""
    if match["first"]:
        ahead = (weekday_of(match["first"]) - today.date.weekday()) % 7
        return Meaning(span_of(today.date + timedelta(days=ahead)), hours=(21, 30))
    month = MONTHS[match["month"] or match["month2"] or match["month3"]]
    found = coming_date(month, day_of(match["day"]), None, today)
    return Meaning(span_of(found), hours=(21, 30)) if found else None


@LATE_RULES.on(
    r"(?:pendant |durant |on )?(?:un |les |des |le |l |the |public )?(?:jours? feries?|(?:public|bank) holidays?)",
    needs=("ferie", "holiday"),
)
def _public_holidays(_: re.Match[str], today: Today) -> Meaning:
    years = today.date.year, today.date.year + 1
    coming = [
        days for year in years for days in calendars.public_holidays(year) if days[1] > today.date
    ]
    return Meaning(tuple(coming[:11]))


@LATE_RULES.on(
    rf"(?:pendant |durant |pour |aux |les |des |nos |mes |during |the |a |de ){{0,4}}(?:prochaines )?(?:vacances scolaires|"
    rf"petites vacances|vacances|conges|conge|school holidays|school break)"
    rf"(?: scolaires)?(?: (?:de la |de l |de |d |du )(?P<name>toussaint|noel|fin d annee|fevrier|"
    rf"hiver|paques|printemps|avril|ete))?"
    rf"(?: (?P<year>{YEAR}))?(?: (?:de la |en )?zone (?P<zone>[abc]))?",
    needs=("vacances", "conge", "school"),
)
def _school_holidays(match: re.Match[str], today: Today) -> Meaning | None:
    names = {"fevrier": "hiver", "paques": "printemps", "avril": "printemps", "fin d annee": "noel"}
    name_asked: str | None = match["name"]
    asked = names.get(name_asked or "", name_asked)
    words = match[0]
    if asked is None and not any(
        word in words for word in ("scolaires", "pendant", "school", "prochaines")
    ):
        return None
    zone: Zone | None = next(
        (each for each in ("A", "B", "C") if each == (match["zone"] or "").upper()), today.zone
    )
    every = calendars.all_school_holidays(zone)
    wanted = (asked,) if asked else ("toussaint", "noel", "hiver", "printemps", "ete")
    for school_year in range(today.date.year - 1, today.date.year + 2):
        for name in wanted:
            days = calendars.school_holidays(name, school_year, zone)
            if days is None or (match["year"] and str(days[0].year) != match["year"]):
                continue
            if days[1] > today.date:
                spans_zones = zone is None and name in ("hiver", "printemps")
                return Meaning(
                    (days,),
                    notice=_ALL_ZONES if spans_zones else None,
                    excludes=() if asked else every,
                )
    return Meaning((), notice=_UNKNOWN_SCHOOL_YEAR)


def _weekend_of(days: Days) -> Days:
    """With the days that a holiday adds to the week-end; in mid-week, the week-end after it."""
    if days[0].weekday() == SUNDAY:
        return days[0] - timedelta(days=1), days[1]
    return this_weekend(days[0]) if days[0].weekday() in _MID_WEEK else calendars.bridge(days[0])


@LATE_RULES.on(
    rf"(?P<lead>pour (?:les |la |le |l )?|a (?:la |l )?|au |aux |pendant (?:les |la |le |l )?|"
    rf"lors (?:des |de la |du |de l )|"
    rf"for (?:the )?|at |on |over |during (?:the )?|durant (?:les |la |le )?|le jour de |(?:le |ce |"
    rf"au )?(?:week ?end|soir|jour) (?:de la |de l |des |du |de )|"
    rf"le |la |les |l |ce )?(?:{_CELEBRATION_PATTERN})(?: (?P<year>{YEAR}))?",
    needs=calendars.IN_CELEBRATIONS,
)
def _celebration(match: re.Match[str], today: Today) -> Meaning | None:
    celebrated = _celebrated(match, today)
    if celebrated is None:
        return None
    name, days = celebrated
    lead = (match["lead"] or "").strip()
    is_bare = not lead and word_before(match) not in _BOUNDS
    is_bare |= lead == "a" and name in _ENGLISH_FEASTS  # “a christmas market”, not « à Noël »
    is_theme = is_bare or (lead in ("le", "la", "les", "l") and not _DAYS_OFF.search(name))
    if is_theme and name in _THEMES_OF_WINTER and word_before(match) not in _BOUNDS:
        return None  # « marché de Noël », « Easter egg hunt »: a theme, not a day
    hours = None
    if "week" in lead:
        days = _weekend_of(days)
    elif "soir" in lead:
        days, hours = (days[0], days[0] + timedelta(days=1)), (18.0, 24.0)
    return Meaning((days,), hours=hours, is_kept=is_theme)
