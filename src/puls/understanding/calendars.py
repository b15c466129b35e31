"""Days that have a name in France: public holidays, celebrations, school holidays. Pure data and rules.

School holidays, zones A, B and C of metropolitan France, in the words of the ministry: from the
Saturday classes end to the morning they start again (left out). Other years, Corsica and overseas
give None: callers say so. Sources:

- 2024-2025 and 2025-2026: arrêté du 7 décembre 2022 (Journal officiel of 8 December 2022).
- 2026-2027: the three zones as in the draft order put before the Conseil supérieur de l'éducation
  in September 2025 (published by Sgen-CFDT); checked again, zone A against a copy of the ministry's
  data set `fr-en-calendrier-scolaire` of 28 September 2026 and zone B against Onisep's page as seen
  on 29 September 2026: no difference. The text of the order itself could not be read from here.
- The end of the summer of 2027 is not certain (1 or 2 September, sources differ): the earlier is used.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

Zone = Literal["A", "B", "C"]
Days = tuple[date, date]  # from the first day to the day after the last

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms)."""
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    quads, rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * quads - epact - rest) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth weekday of a month (1 = first); -1 is the last."""
    if nth < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return day if day.month == month else None


def _fixed(month: int, day: int, length: int = 1) -> Callable[[int], Days]:
    return lambda year: _days(date(year, month, day), length)


def _around_easter(offset: int, length: int = 1) -> Callable[[int], Days]:
    return lambda year: _days(easter(year) + timedelta(days=offset), length)


def _days(first: date, length: int) -> Days:
    return first, first + timedelta(days=length)


def _weekday(month: int, weekday: int, nth: int, length: int = 1) -> Callable[[int], Days]:
    def days(year: int) -> Days:
        first = nth_weekday(year, month, weekday, nth)
        assert first is not None  # only first to fourth and last are asked for
        return _days(first, length)

    return days


def _museum_night(year: int) -> Days:
    """Nuit européenne des musées: the Saturday nearest International Museum Day (18 May).

    As announced.
    """
    announced = {2023: 13, 2024: 18, 2025: 17, 2026: 23}
    day = announced.get(year)
    if day is not None:
        return _days(date(year, 5, day), 1)
    reference = date(year, 5, 18)
    return _days(reference + timedelta(days=(_SATURDAY - reference.weekday() + 3) % 7 - 3), 1)


def _mothers_day(year: int) -> Days:
    """The last Sunday of May.

    Or the first of June when that is Whit Sunday (loi du 24 mai 1950).
    """
    day = nth_weekday(year, 5, _SUNDAY, -1)
    assert day is not None
    if day == easter(year) + timedelta(days=49):
        day += timedelta(days=7)
    return _days(day, 1)


def bridge(holiday: date) -> Days:
    """The « pont » around a public holiday: the days off up to the week-end.

    The week-end included.
    """
    weekday = holiday.weekday()
    if weekday in (_MONDAY, _MONDAY + 1):
        first = holiday - timedelta(days=weekday + 2)
        return first, holiday + timedelta(days=1)
    if weekday <= _THURSDAY + 1:
        return holiday, holiday + timedelta(days=_SUNDAY - weekday + 1)
    first = holiday - timedelta(days=weekday - _SATURDAY)
    return first, first + timedelta(days=2)


# Folded names, the longest first where one begins another.
CELEBRATIONS: dict[str, Callable[[int], Days]] = {
    r"(?:jour de l an|1er janvier|new year s day)": _fixed(1, 1),
    r"(?:nouvel an(?! (?:chinois|lunaire|vietnamien|juif|berbere)))": _fixed(12, 31, 2),
    r"(?:epiphanie)": _fixed(1, 6),
    r"(?:nuits? de la lecture)": _weekday(1, _THURSDAY, 4, 4),
    r"(?:chandeleur)": _fixed(2, 2),
    r"(?:saint valentin|st valentin|valentine s day)": _fixed(2, 14),
    r"(?:mardi gras)": _around_easter(-47),
    r"(?:saint patrick|st patrick)": _fixed(3, 17),
    r"(?:vendredi saint|good friday)": _around_easter(-2),
    r"(?:week ?end de paques|easter weekend|paques week ?end)": _around_easter(-1, 3),
    r"(?:lundi de paques|easter monday)": _around_easter(1),
    r"(?:dimanche de paques|paques|easter)": _around_easter(0, 2),
    r"(?:fete du travail|1er mai|premier mai)": _fixed(5, 1),
    r"(?:8 mai(?: 1945)?)": _fixed(5, 8),
    r"(?:nuit(?: europeenne)? des musees)": _museum_night,
    r"(?:week ?end de l ascension|pont de l ascension)": _around_easter(39, 4),
    r"(?:(?:jeudi de )?l? ?ascension)": _around_easter(39),
    r"(?:week ?end de (?:la )?pentecote)": _around_easter(48, 3),
    r"(?:lundi de pentecote)": _around_easter(50),
    r"(?:pentecote)": _around_easter(49, 2),
    r"(?:fete des meres)": _mothers_day,
    r"(?:fete des peres)": _weekday(6, _SUNDAY, 3),
    r"(?:rendez vous aux jardins)": _weekday(6, 4, 1, 3),
    r"(?:nuit blanche)": _weekday(6, _SATURDAY, 1),
    r"(?:journees? (?:europeennes? )?de l archeologie)": _weekday(6, 4, 2, 3),
    r"(?:fete de la musique)": _fixed(6, 21),
    r"(?:(?<=la )(?:saint|st) jean(?! (?:de|d|du|des|sur|en|le|la|les|aux|pied)\b))": _fixed(6, 24),
    r"(?:14 juillet|fete nationale|quatorze juillet|bastille day)": _fixed(7, 14),
    r"(?:assomption|15 aout)": _fixed(8, 15),
    r"(?:journees? (?:europeennes? )?d[ue] patrimoine|heritage days)": _weekday(9, _SATURDAY, 3, 2),
    r"(?:fete de la science)": _weekday(10, 4, 1, 11),
    r"(?:halloween)": _fixed(10, 31),
    r"(?:toussaint)": _fixed(11, 1),
    r"(?:armistice|11 novembre)": _fixed(11, 11),
    r"(?:beaujolais nouveau)": _weekday(11, _THURSDAY, 3),
    r"(?:fete des lumieres)": _fixed(12, 5, 4),
    r"(?:(?<=la )(?:saint|st) nicolas(?! (?:de|d|du|des|sur|en|le|la|les)\b))": _fixed(12, 6),
    r"(?:reveillon de noel|soir de noel|veille de noel|christmas eve)": _fixed(12, 24),
    r"(?:fetes de fin d annee)": _fixed(12, 20, 13),
    r"(?:noel|christmas|xmas|weihnachten|navidad)": _fixed(12, 24, 2),
    r"(?:saint sylvestre|st sylvestre|reveillon(?: du (?:nouvel an|jour de l an))?|"
    r"new year s eve)": _fixed(12, 31),
}


# Strings of which one stands in any text that names a celebration.
IN_CELEBRATIONS = (
    "jour de l an", "nouvel an", "1er janvier", "new year", "epiphanie", "lecture", "chandeleur",
    "valentin", "mardi gras", "patrick", "vendredi saint", "good friday", "paques", "easter", "travail",
    "er mai", "8 mai", "musees", "ascension", "pentecote", "meres", "peres", "jardins", "blanche",
    "archeologie", "musique", "jean", "14 juillet", "nationale", "quatorze", "bastille", "assomption",
    "15 aout", "patrimoine", "heritage", "science", "halloween", "toussaint", "armistice", "11 novembre",
    "beaujolais", "lumieres", "nicolas", "reveillon", "noel", "christmas", "fin d annee", "xmas",
    "weihnachten", "navidad", "sylvestre",
)  # fmt: skip


# First day off and day of return, by school year (its first calendar year), name and zone.
_SCHOOL_HOLIDAYS: dict[tuple[int, str], dict[Zone, tuple[str, str]] | tuple[str, str]] = {
    (2024, "toussaint"): ("2024-10-19", "2024-11-04"),
    (2024, "noel"): ("2024-12-21", "2025-01-06"),
    (2024, "hiver"): {
        "A": ("2025-02-22", "2025-03-10"),
        "B": ("2025-02-08", "2025-02-24"),
        "C": ("2025-02-15", "2025-03-03"),
    },
    (2024, "printemps"): {
        "A": ("2025-04-19", "2025-05-05"),
        "B": ("2025-04-05", "2025-04-22"),
        "C": ("2025-04-12", "2025-04-28"),
    },
    (2024, "ete"): ("2025-07-05", "2025-09-01"),
    (2025, "toussaint"): ("2025-10-18", "2025-11-03"),
    (2025, "noel"): ("2025-12-20", "2026-01-05"),
    (2025, "hiver"): {
        "A": ("2026-02-07", "2026-02-23"),
        "B": ("2026-02-14", "2026-03-02"),
        "C": ("2026-02-21", "2026-03-09"),
    },
    (2025, "printemps"): {
        "A": ("2026-04-04", "2026-04-20"),
        "B": ("2026-04-11", "2026-04-27"),
        "C": ("2026-04-18", "2026-05-04"),
    },
    (2025, "ete"): ("2026-07-04", "2026-09-01"),
    (2026, "toussaint"): ("2026-10-17", "2026-11-02"),
    (2026, "noel"): ("2026-12-19", "2027-01-04"),
    (2026, "hiver"): {
        "A": ("2027-02-13", "2027-03-01"),
        "B": ("2027-02-20", "2027-03-08"),
        "C": ("2027-02-06", "2027-02-22"),
    },
    (2026, "printemps"): {
        "A": ("2027-04-10", "2027-04-26"),
        "B": ("2027-04-17", "2027-05-03"),
        "C": ("2027-04-03", "2027-04-19"),
    },
    (2026, "ete"): ("2027-07-03", "2027-09-01"),
}
KNOWN_SCHOOL_YEARS = "2024-2025 à 2026-2027"

_NAMES_OF_SCHOOL_HOLIDAYS = ("toussaint", "noel", "hiver", "printemps", "ete")

_ZONES_BY_DEPARTMENT: dict[Zone, str] = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 "
    "69 70 71 73 74 79 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 "
    "55 56 57 59 60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}


def zone_of(department_code: str) -> Zone | None:
    """The school zone of a département; None for Corsica and overseas.

    Which have their own calendars.
    """
    return next(
        (zone for zone, codes in _ZONES_BY_DEPARTMENT.items() if department_code in codes.split()),
        None,
    )


def school_holidays(name: str, school_year: int, zone: Zone | None) -> Days | None:
    """Days off of one holiday; without a zone.

    From the first zone's first day to the last zone's last.
    """
    known = _SCHOOL_HOLIDAYS.get((school_year, name))
    if known is None:
        return None
    if isinstance(known, tuple):
        first, back = known
    elif zone is not None:
        first, back = known[zone]
    else:
        first, back = (
            min(pair[0] for pair in known.values()),
            max(pair[1] for pair in known.values()),
        )
    return date.fromisoformat(first), date.fromisoformat(back)


def all_school_holidays(zone: Zone | None) -> tuple[Days, ...]:
    """Every known school holiday, the oldest first."""
    years = sorted({year for year, _ in _SCHOOL_HOLIDAYS})
    found = (
        school_holidays(name, year, zone) for year in years for name in _NAMES_OF_SCHOOL_HOLIDAYS
    )
    return tuple(days for days in found if days)


def public_holidays(year: int) -> tuple[Days, ...]:
    """The eleven public holidays of a year (Code du travail, article L3133-1), in order."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # days after Easter Sunday
    days = {date(year, month, day) for month, day in fixed}
    days |= {easter(year) + timedelta(days=after) for after in moving}
    return tuple(_days(day, 1) for day in sorted(days))
