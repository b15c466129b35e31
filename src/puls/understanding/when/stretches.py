"""Rules that name stretches of days: week-ends, weeks, months, seasons, spans counted from today. Pure."""

from dataclasses import replace
from datetime import timedelta

from puls.language.lexicon import MONTH_OF, SHORT_MONTHS, WEEKDAY_OF
from puls.understanding.message import Message
from puls.understanding.when import calendar, days, terms
from puls.understanding.when.days import Clock, Days
from puls.understanding.when.grammar import Found, Grammar, rule
from puls.understanding.when.terms import says, skip, words


@rule
def weekend(g: Grammar, at: int) -> Found | None:
    """« ce week-end », « le week-end prochain », « les deux prochains week-ends », “the weekend after next”."""
    m = g.message
    whole = says(m, skip(m, at, _DURING, 1), *_WHOLE_WEEKEND)
    if whole is not None and m.norm(whole) not in _SAYS_WHICH:
        return _spoken_of(days.weekend()), whole
    start = at
    leads: list[str] = []
    while m.norm(start) in _WEEKEND_LEADS and len(leads) < 5:
        leads.append(m.norm(start))
        start += 1
    counted = next((int(word) for word in leads if word.isdigit()), None)
    if m.norm(start) not in terms.WEEKENDS or not _is_weekend_meant(g, start, leads):
        return None
    end = start + 1
    if (after := says(m, end, "after next", "d apres le prochain", "en huit")) is not None:
        return days.weekend(weeks=1), after
    if g.clock.anchor and says(m, end, "d apres", "suivant") is not None:
        return None  # of the one spoken of before
    following = says(
        m, end, "prochain", "suivant", "que viene", "prochains", "pro", "d apres", "en 8"
    )
    if (long := _long_weekend(m, end, leads)) is not None:
        return long
    is_next = (
        "next" in leads
        or "prochain" in leads
        or "nachstes" in leads
        or "nachsten" in leads
        or "prochains" in leads
    )
    if counted and (is_next or following is not None):
        return days.weekends(counted), following or end
    if (last := says(m, end, "dernier", "passe")) is not None or "last" in leads:
        return days.weekend(is_last=True), last or end
    if is_next or following is not None:
        return days.weekend(weeks=1), following or end
    if (
        terms.EVERY.intersection(leads)
        or m.norm(start) == "weekends"
        or leads[-1:] in (["les"], ["des"], ["en"], ["un"], ["a"])
    ):
        return days.weekends(), end
    end = says(m, end, "ci", "qui vient", "qui arrive", "a venir", "la") or end
    return days.weekend(is_long="long" in leads, this=bool(terms.THIS.intersection(leads))), end


_WEEKEND_LEADS = words(
    "ce c cet cette this the le les l du au a pour sur de on over for at during ces des en un une prochain prochains next last tous "
    "toutes tout chaque every long longs day coming el este am dieses il questo nachstes nachsten diesem dit komend se 2 3 4 petit durant pendant tt"
)


def _long_weekend(m: Message, at: int, leads: list[str]) -> Found | None:
    """« week-end de trois jours », « prolongé », “three-day weekend”; « ce long week-end » of a usual week has a Friday and no more."""
    length = says(m, at, "de 3 jours", "de 4 jours")
    named = length or says(m, at, "prolonge", "prolonges", "a rallonge") or at
    count = int(m.norm(length - 2)) if length else None
    if "day" in leads:
        count = next((int(word) for word in leads if word in ("3", "4")), None)
    is_next = bool({"prochain", "prochains", "next", "un", "a"} & set(leads))
    if named == at and count is None and not ("long" in leads and is_next):
        return None
    return days.long_weekend(count), says(m, named, "prochain", "qui vient", "a venir") or named


def _is_weekend_meant(g: Grammar, at: int, leads: list[str]) -> bool:
    """“we” is a week-end in a French message only: « ce we », « samedi we »."""
    if g.message.norm(at) != "we":
        return True
    return g.language == "fr" and (
        bool(leads)
        or g.message.has_pause_after(at)
        or at == len(g.message) - 1
        or g.message.norm(at + 1) in ("prochain", "pro", "a", "en")
    )


@rule
def week(g: Grammar, at: int) -> Found | None:
    """« cette semaine », « la semaine prochaine », « en fin de semaine »."""
    return week_at(g, at)


def week_at(g: Grammar, at: int, *, is_hanging: bool = False) -> Found | None:
    """A week, or a part of one; `is_hanging`: what « mardi » may hang on."""
    m = g.message
    part = terms.part(m, at)
    start = part[1] if part else at
    which = part[0] if part else None
    if (after := says(m, start, *_THIS_WEEK)) is not None:
        return days.week(part=which), after
    after = says(m, start, *_NEXT_WEEK)
    if after is not None and says(m, after, "after next") is None:
        return days.week(1, part=which), after
    if (
        after := says(
            m,
            start,
            "the week after next",
            "week after next",
            "dans 2 semaines la semaine",
            "la semaine d apres la prochaine",
        )
    ) is not None:
        return days.week(2, part=which), after
    if (
        after := says(m, start, "la semaine derniere", "la semaine passee", "last week")
    ) is not None:
        return days.week(-1, part=which), after
    if is_hanging:
        return None
    whole = says(m, skip(m, start, _DURING, 1), *_WHOLE_WEEK)
    if whole is not None and m.norm(whole) not in _SAYS_WHICH:
        return _spoken_of(days.week(part=which)), whole
    if (after := says(m, start, "within the week", "within a week")) is not None:
        return _ahead(8), after
    if (
        after := says(m, start, "de la semaine", "la semaine", "semaine", "the week")
    ) is not None and (part or m.norm(start) == "de"):
        is_dated = m.norm(after) == "du" and m.norm(after + 1)[:1].isdigit()
        if is_dated or m.norm(after) in ("prochaine", "suivante", "derniere", "prochaines"):
            return None  # « la semaine du 4 mai », « la semaine prochaine »
        if part:
            return days.week(part=which), after
        return Days(
            resolve=lambda clock: (
                (clock.today, calendar.monday_of(clock.today) + timedelta(days=7)),
            ),
            unit="week",
        ), after
    return None


_THIS_WEEK = (
    "cette semaine", "this week", "esta semana", "diese woche", "la semaine en cours", "dans cette semaine", "de cette semaine",
    "questa settimana", "deze week", "cette sem", "dieser woche", "dans la semaine", "d ici la fin de la semaine", "the current week", "pendant cette semaine", "c semaine", "cet semaine",
)  # fmt: skip
_NEXT_WEEK = (
    "la semaine prochaine", "semaine prochaine", "la semaine suivante", "semaine suivante", "la semaine qui vient", "next week", "the next week",
    "proxima semana", "la proxima semana", "nachste woche", "semaine pro", "la semaine pro", "the following week", "la prochaine semaine",
    "prochaine semaine", "volgende week", "la prossima settimana", "prossima settimana", "nachster woche", "coming week", "la semaine a venir",
)  # fmt: skip


def _ahead(length: int) -> Days:
    """So many days from today on."""
    return Days(resolve=lambda clock: (calendar.span_of(clock.today, length),), unit="span")


@rule
def relative_month(g: Grammar, at: int) -> Found | None:
    """« ce mois-ci », « le mois prochain », « avant la fin du mois »."""
    m = g.message
    whole = says(m, skip(m, at, _DURING, 1), *_WHOLE_MONTH)
    if whole is not None and m.norm(whole) not in _SAYS_WHICH:
        return _spoken_of(days.relative_month(0)), whole
    part = terms.part(m, at)
    start = (
        part[1]
        if part
        else skip(m, at, ("pendant", "courant", "dans", "le", "au", "du", "de", "en"), 2)
    )
    which = part[0] if part else None
    for candidate in dict.fromkeys((start, at)):
        for ahead, phrases in _MONTHS_TOLD:
            after = says(m, candidate, *phrases)
            if after is not None:
                return days.relative_month(ahead, part=which), says(m, after, "ci") or after
    if part and m.norm(start - 1) == "mois":
        return days.relative_month(0, part=which), start
    if part and (after := says(m, start, "month", "mois", "the month")) is not None:
        return days.relative_month(0, part=which), after
    return None


_DURING = ("sur", "pendant", "durant", "dans", "pour", "for", "during", "over")
_WHOLE_MONTH = ("tout le mois", "le mois entier", "le mois complet", "the whole month", "the entire month", "all month")  # fmt: skip
_WHOLE_WEEK = (
    "toute la semaine", "de toute la semaine", "la semaine entiere", "la semaine complete", "all week", "the whole week", "the entire week",
)  # fmt: skip
_WHOLE_WEEKEND = ("tout le weekend", "le weekend entier", "le weekend complet", "the whole weekend", "the entire weekend", "all weekend")  # fmt: skip
_SAYS_WHICH = words(
    "prochain prochaine suivant suivante dernier derniere passe passee pro qui d apres du de des long of before after"
)
"""What tells which month or week is meant: « tout le mois de mars », « toute la semaine prochaine »."""
_SOON = 62  # days; the conversation speaks of no later stretch when it says « tout le mois »


def _spoken_of(running: Days) -> Days:
    """« le mois entier », « toute la semaine »: the one of the days spoken of before, else the running one."""

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        first = clock.anchor[0][0] if clock.anchor else clock.today
        is_soon = clock.today <= first <= clock.today + timedelta(days=_SOON)
        return running.resolve(clock.at(first) if is_soon else clock)

    return replace(running, resolve=resolve)


_MONTHS_TOLD = (
    (0, ("ce mois ci", "ce mois", "this month", "este mes", "diesen monat", "mois en cours", "ce mois de", "questo mese", "deze maand", "le mois en cours", "the current month")),
    (1, ("mois prochain", "le mois prochain", "next month", "proximo mes", "nachsten monat", "mois pro", "le mois suivant", "prochain mois", "le prochain mois", "il mese prossimo", "mois d apres", "volgende maand")),
    (-1, ("mois dernier", "le mois dernier", "last month", "mois passe", "le mois passe")),
)  # fmt: skip


@rule
def month(g: Grammar, at: int) -> Found | None:
    """« en novembre », « début avril 2027 », « courant mars », « mai »."""
    m = g.message
    part = terms.part(m, at)
    start = part[1] if part else at
    leads: list[str] = []
    while not part and m.norm(start) in _MONTH_LEADS and len(leads) < 5:
        leads.append(m.norm(start))
        start += 1
    number = terms.month(m, start)
    is_mid = part is not None and m.norm(start - 1) in ("mi", "mid")
    if (
        number is None
        or (m.is_tied(start) and not is_mid)
        or (m.is_tied(start + 1) and m.norm(start + 1) not in MONTH_OF)
    ):
        return None
    year, end = terms.year(m, start + 1)
    following = says(m, end, "prochain", "dernier", "passe", "suivant", "qui vient")
    is_supported = (
        part
        or year is not None
        or following
        or any(lead in _SURE_MONTH_LEADS for lead in leads)
        or (leads == ["de"] and m.norm(at - 1) in _BEFORE_A_MONTH)
    )
    if not is_supported and (m.norm(start) in _AMBIGUOUS or m.norm(start) in SHORT_MONTHS):
        return None
    if following is not None and m.norm(following - 1) in ("dernier", "passe"):
        return Days(resolve=_last_month(number), unit="month", is_past=True), following
    return days.month(number, year, part=part[0] if part else None), following or end


_MONTH_LEADS = words(
    "en in im au le la l du de d mois pour pendant durant courant during for of the fur cours over vers a through sur des"
)
_BEFORE_A_MONTH = frozenset(WEEKDAY_OF) | terms.WEEKENDS
_SURE_MONTH_LEADS = words(
    "en in im au mois pendant durant courant during fur vers cours over through"
)
_AMBIGUOUS = words("mars mai may march juni juli")


def _last_month(number: int) -> days.Resolve:
    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        year = clock.today.year - (number >= clock.today.month)
        return (calendar.month_span(year, number),)

    return resolve


@rule
def season(g: Grammar, at: int) -> Found | None:
    """« cet été », « au printemps », « fin d'automne »; « concert d'été » is a theme."""
    m = g.message
    part = terms.part(m, at)
    start = part[1] if part else at
    leads: list[str] = []
    while not part and m.norm(start) in _SEASON_LEADS and len(leads) < 4:
        leads.append(m.norm(start))
        start += 1
    name = terms.SEASONS.get(m.norm(start))
    if name is None or m.is_tied(start):
        return None
    year, end = terms.year(m, start + 1)
    if year is None and m.norm(end).isdigit() and len(m.norm(end)) == 4:
        year, end = int(m.norm(end)), end + 1
    following = says(m, end, "prochain", "dernier", "qui vient", "passe", "suivant")
    is_last = "last" in leads or (
        following is not None and m.norm(following - 1) in ("dernier", "passe")
    )
    is_dated = part or year is not None or following
    if not is_dated and (not leads or not any(lead in _SURE_SEASON_LEADS for lead in leads)):
        return None
    if m.norm(start) in ("fall", "spring") and g.language != "en":
        return None
    return days.season(
        name, year, part=part[0] if part else None, is_last=is_last
    ), following or end


_SEASON_LEADS = words(
    "cet cette ce en au a l le la this in the next last im pendant durant coming pour du de d during en el este diesen prochain"
)
_SURE_SEASON_LEADS = words(
    "cet cette ce en au this in next last im pendant durant coming during este diesen prochain pour"
)


@rule
def year(g: Grammar, at: int) -> Found | None:
    """« en 2027 », « cette année », « l'an prochain », « fin 2026 »."""
    m = g.message
    for meant, phrases in _YEARS:
        after = says(m, at, *phrases)
        if after is not None:
            return meant, after
    part = terms.part(m, at)
    start = part[1] if part else at
    if (
        after := says(
            m, start, "annee", "l annee", "cette annee", "the year", "year", "de l annee", "an"
        )
    ) is not None and part:
        return _part_of_year(part[0], None), after
    leads = skip(m, start, ("en", "in", "de", "pour", "annee", "saison", "l", "d"))
    number, end = terms.year(m, leads)
    if (
        number is None
        or not calendar.FIRST_YEAR <= number < calendar.LAST_YEAR
        or (leads == start and not part)
    ):
        return None
    if part:
        return _part_of_year(part[0], number), end
    lead = m.norm(leads - 1)
    if lead in ("de", "d", "l") or m.norm(end) in (
        "euros",
        "personnes",
        "metres",
        "places",
        "ans",
        "km",
    ):
        return None
    return days.year_of(number), end


_YEARS: tuple[tuple[Days, tuple[str, ...]], ...] = (
    (days.year_of(ahead=0), ("cette annee", "this year", "dieses jahr", "este ano")),
    (days.year_of(ahead=1), ("l annee prochaine", "next year", "l an prochain", "nachstes jahr")),
    (
        days.year_of(ahead=-1),
        ("l annee derniere", "l an dernier", "last year", "l an passe", "l annee passee"),
    ),
    (
        days.month(1),
        (
            "in the new year",
            "debut d annee",
            "en debut d annee",
            "au debut de l annee prochaine",
            "apres les fetes",
            "after the holidays",
        ),
    ),
)


def _part_of_year(part: days.Part, year: int | None) -> Days:
    """« fin d'année » is from 15 December on, « fin 2026 » its last two months, « début 2027 » its first two."""

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        number = year or clock.today.year
        first, end = calendar.month_span(number, 1)[0], calendar.month_span(number, 12)[1]
        if part == "late":
            first = first.replace(month=11) if year else first.replace(month=12, day=15)
        elif part == "early":
            end = first.replace(month=3)
            if year is None and end <= clock.today:
                first, end = first.replace(year=number + 1), end.replace(year=number + 1)
        else:
            first, end = first.replace(month=6), first.replace(month=8)
        return ((first, end),)

    return Days(resolve=resolve, unit="span", is_past=year is not None)


@rule
def back_to_school(g: Grammar, at: int) -> Found | None:
    after = says(
        g.message, skip(g.message, at, ("a", "pour", "des", "de", "la", "cette")), "rentree"
    )
    if after is None or g.message.norm(after) in ("litteraire", "des", "de", "du", "culturelle"):
        return None

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        return (calendar.month_span(clock.today.year + (clock.today.month > 9), 9),)

    return Days(resolve=resolve, unit="month"), says(g.message, after, "prochaine") or after


@rule
def in_some_time(g: Grammar, at: int) -> Found | None:
    """« dans trois semaines », « dans 15 jours », « d'ici une dizaine de jours », « sous quinzaine »."""
    m = g.message
    lead = next((lead for lead in _SOME_TIME if says(m, at, lead) is not None), None)
    if lead is None:
        return None
    start = at + len(lead.split())
    is_until = lead in ("d ici", "sous", "en", "within", "au cours de")
    start = says(m, start, "a peu pres", "environ", "about", "moins de", "moins d") or start
    about_at = skip(m, start, ("une", "la", "a"), 1)
    if (about := terms.ABOUT.get(m.norm(about_at))) is not None:
        end = says(m, about_at + 1, "de jours", "of days") or about_at + 1
        return (_until(about) if is_until else _around(about)), end
    found = terms.count(m, start)
    if found is None:
        return None
    number, unit = found[0], m.norm(found[1])
    end = found[1] + 1
    if unit in terms.DAY_UNITS:
        return (_until(number) if is_until else days.relative(number)), end
    if unit in terms.WEEK_UNITS:
        if is_until:
            return _until(7 * number), end
        exactly = says(m, end, "jour pour jour", "exactement", "exactly", "to the day")
        return (days.relative(7 * number), exactly) if exactly else (days.week(number), end)
    if unit in terms.MONTH_UNITS:
        if is_until:
            return Days(
                resolve=lambda clock: (
                    (clock.today, calendar.add_months(clock.today, number) + timedelta(days=1)),
                ),
                unit="span",
            ), end

        def about_then(clock: Clock) -> tuple[calendar.Days, ...]:
            day = calendar.add_months(clock.today, number)
            return ((day - timedelta(days=3), day + timedelta(days=4)),)

        exactly = says(m, end, "jour pour jour", "exactement")
        if exactly:
            return Days(
                resolve=lambda clock: (calendar.span_of(calendar.add_months(clock.today, number)),)
            ), exactly
        return Days(resolve=about_then, unit="span"), end
    return None


_SOME_TIME = ("dans", "d ici", "sous", "in", "within", "en", "au cours de")


def _around(ahead: int) -> Days:
    """The seven days around the one that lies so many days ahead."""
    return Days(
        resolve=lambda clock: (calendar.span_of(clock.today + timedelta(days=ahead - 3), 7),),
        unit="span",
    )


def _until(length: int) -> Days:
    """From now to the end of the day that lies so many days ahead."""
    return _ahead(length + 1)


@rule
def coming_time(g: Grammar, at: int) -> Found | None:
    """« les trois prochains jours », “the next few weeks”, « ces jours-ci », « dans les semaines qui viennent », « pendant deux jours »."""
    m = g.message
    start = skip(
        m,
        at,
        (
            "dans",
            "au",
            "cours",
            "sur",
            "pendant",
            "over",
            "in",
            "within",
            "durant",
            "pour",
            "d",
            "for",
            "during",
            "de",
            "of",
        ),
        3,
    )
    opened = start > at
    after_article = skip(
        m, start, ("les", "des", "ces", "the", "los", "den", "la", "le", "l", "this"), 1
    )
    number: int | None = None
    at_word, is_coming = after_article, False
    for _ in range(3):
        word = m.norm(at_word)
        if word in (
            "prochains",
            "prochaines",
            "prochain",
            "prochaine",
            "next",
            "coming",
            "proximos",
            "nachsten",
            "few",
            "premiers",
        ):
            is_coming = is_coming or word not in ("few", "premiers")
            number = 3 if word == "few" else number
            at_word += 1
        elif (
            (counted := terms.count(m, at_word)) is not None
            and number is None
            and m.norm(at_word) not in ("un", "une", "a", "an")
        ):
            number, at_word = counted
        else:
            break
    unit = m.norm(at_word)
    if unit not in terms.DAY_UNITS | terms.WEEK_UNITS | terms.MONTH_UNITS | terms.YEAR_UNITS:
        return None
    end = at_word + 1
    if (
        after := says(
            m,
            end,
            "qui viennent",
            "qui vient",
            "a venir",
            "suivants",
            "suivantes",
            "prochains",
            "prochaines",
            "qui suivent",
        )
    ) is not None:
        is_coming, end = True, after
    elif says(m, at, "ces jours ci", "ces jours", "in the days ahead") is not None:
        return _ahead(7), says(m, at, "ces jours ci", "ces jours", "in the days ahead") or end
    if (
        not is_coming
        and not (
            number
            and opened
            and m.norm(start - 1) in ("pendant", "durant", "sur", "for", "pour")
            and unit in terms.DAY_UNITS | terms.WEEK_UNITS
        )
        and not (
            number
            and after_article > start
            and m.norm(start - 1) in ("dans", "within", "in", "d")
            and unit in terms.DAY_UNITS
        )
    ):
        return None
    is_plural = (unit.endswith("s") and unit != "mois") or m.norm(after_article - 1) in (
        "les",
        "the",
        "ces",
        "des",
    )
    length = _length(unit, number, is_plural=is_plural)
    return (_ahead(length) if is_coming else replace(_ahead(length), length=length)), end


def _length(unit: str, number: int | None, *, is_plural: bool) -> int:
    for units, length, usual in (
        (terms.DAY_UNITS, 1, 7),
        (terms.WEEK_UNITS, 7, 5),
        (terms.MONTH_UNITS, 31, 3),
        (terms.YEAR_UNITS, 365, 1),
    ):
        if unit in units:
            return length * (number or (usual if is_plural else 1))
    return 7
