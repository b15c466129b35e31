"""Rules that name holidays and feasts: « pendant les vacances de Noël », « hors jours fériés », « le soir du réveillon ». Pure."""

from puls.language.lexicon import PARTS_OF_DAY
from puls.understanding.message import Message
from puls.understanding.notices import Notice
from puls.understanding.when import calendar, days, terms
from puls.understanding.when.days import Clock, Days
from puls.understanding.when.grammar import Found, Grammar, rule
from puls.understanding.when.terms import says, skip, words

_UNKNOWN_SCHOOL_YEAR = Notice(
    code="unknown_school_year",
    fr=f"Le calendrier scolaire n’est connu que pour {calendar.KNOWN_SCHOOL_YEARS}.",
    en=f"The French school calendar is only known for {calendar.KNOWN_SCHOOL_YEARS.replace(' à ', ' to ')}.",
)
_ALL_ZONES = Notice(
    code="all_school_zones",
    fr="Les trois zones (A, B, C) sont comprises dans ces vacances.",
    en="These school holidays span all three zones (A, B, C).",
)


@rule
def holidays(g: Grammar, at: int) -> Found | None:
    """« pendant les vacances de Noël », « aux prochaines vacances », « vacances scolaires zone A »."""
    m = g.message
    start = skip(
        m,
        at,
        (
            "pendant",
            "durant",
            "pour",
            "aux",
            "les",
            "des",
            "nos",
            "mes",
            "during",
            "the",
            "a",
            "de",
            "au",
            "cours",
            "over",
            "lors",
        ),
        4,
    )
    is_dated = any(
        m.norm(each) in ("pendant", "durant", "during", "aux", "prochaines", "over", "lors")
        for each in range(at, start + 1)
    )
    start = skip(m, start, ("prochaines", "petites", "grandes"), 2)
    end = says(
        m,
        start,
        "vacances scolaires",
        "vacances",
        "conges",
        "school holidays",
        "school break",
        "half term",
        "vacs",
    )
    if end is None:
        return None
    is_school = m.norm(end - 1) in ("scolaires", "break", "term") or m.norm(start) == "school"
    name: str | None = None
    after = skip(m, end, ("de", "d", "du", "la", "l", "scolaires", "of"), 3)
    for known, phrases in _HOLIDAY_NAMES:
        if (told := says(m, after, *phrases)) is not None and (after > end or known == "noel"):
            name, end = known, told
            break
    year_said, end = terms.year(m, end)
    zone = g.clock.zone
    if (
        told := says(
            m,
            end,
            "zone a",
            "zone b",
            "zone c",
            "de la zone a",
            "de la zone b",
            "de la zone c",
            "en zone a",
            "en zone b",
            "en zone c",
        )
    ) is not None:
        zone, end = {"a": "A", "b": "B", "c": "C"}[m.norm(told - 1)], told  # type: ignore[assignment] # a zone
    is_bare = m.norm(at) == "vacances" and end == at + 1 and m.norm(at - 1) not in _NOT_OUR_HOLIDAYS
    if name is None and not (
        is_school or is_dated or (is_bare and (m.has_pause_after(at) or m.norm(end) in _CLOSING))
    ):
        return None
    wanted = (name,) if name else calendar.SCHOOL_HOLIDAYS
    spans_zones = zone is None and name in ("hiver", "printemps")

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        for school_year in range(clock.today.year - 1, clock.today.year + 2):
            for each in wanted:
                found = calendar.school_holidays(each, school_year, zone)
                if found and found[1] > clock.today and year_said in (None, found[0].year):
                    return (found,)
        return ()

    is_known = bool(resolve(g.clock))
    notice = _UNKNOWN_SCHOOL_YEAR if not is_known else _ALL_ZONES if spans_zones else None
    excludes = () if name else calendar.all_school_holidays(zone)
    is_weak = name is None and not (is_school or is_dated)
    return Days(
        resolve=resolve, unit="holidays", notice=notice, excludes=excludes, is_weak=is_weak
    ), end


_CLOSING = words("svp stp merci s please quoi lol pour avec car")
_NOT_OUR_HOLIDAYS = words(
    "en de les des mes nos ses leurs ces aux club village colonie centre chasse"
)


_HOLIDAY_NAMES = (
    ("toussaint", ("toussaint", "automne")), ("noel", ("noel", "fin d annee", "christmas")), ("hiver", ("hiver", "fevrier", "ski")),
    ("printemps", ("printemps", "paques", "avril")), ("ete", ("ete", "juillet", "aout")),
)  # fmt: skip


@rule
def public_holidays(g: Grammar, at: int) -> Found | None:
    after = says(
        g.message,
        skip(
            g.message,
            at,
            ("pendant", "durant", "on", "un", "les", "des", "le", "l", "the", "public", "a"),
        ),
        "jours feries",
        "jour ferie",
        *(("feries", "ferie") if g.message.norm(at - 1) in _LEAVES_OUT else ()),
        "public holidays",
        "public holiday",
        "bank holidays",
        "bank holiday",
    )
    if after is None:
        return None

    def resolve(clock: Clock) -> tuple[calendar.Days, ...]:
        years = clock.today.year, clock.today.year + 1
        return tuple(
            day for year in years for day in calendar.public_holidays(year) if day[1] > clock.today
        )[:11]

    return Days(resolve=resolve, unit="feast"), after


_LEAVES_OUT = words("hors sauf hormis excepte ni et ou")


@rule
def feast(g: Grammar, at: int) -> Found | None:
    """« à Noël », « pour la fête des mères », « le soir du réveillon »; « marché de Noël » is a theme."""
    m = g.message
    start = at
    leads: list[str] = []
    while m.norm(start) in _FEAST_LEADS and len(leads) < 4:
        leads.append(m.norm(start))
        start += 1
    best: tuple[calendar.Celebration, int] | None = None
    best_begins = start
    chosen_leads: list[str] = []
    for begins in dict.fromkeys((start, *range(start - 1, max(at, start - 3) - 1, -1))):
        for celebration, name in calendar.celebrations_called().get(m.norm(begins), ()):
            end = begins + len(name)
            if all(m.norm(begins + step) == word for step, word in enumerate(name)) and (
                best is None or (end, -begins) > (best[1], -best_begins)
            ):
                best, best_begins = (celebration, end), begins
                chosen_leads = leads[: begins - at]
    if best is None or m.norm(best[1]) in best[0].not_before or _are_some_fetes(m, best[1]):
        return None
    celebration, end = best
    year_said, end = terms.year(m, end)
    lead = next((word for word in chosen_leads if word in _DATING_LEADS), None)
    is_named = lead is not None or year_said is not None or m.norm(at - 1) in _BOUNDS
    is_evening = "soir" in chosen_leads or "soir" in (
        m.norm(step) for step in range(best_begins, end)
    )
    hours = PARTS_OF_DAY["evening"] if is_evening else None
    return days.feast(
        celebration.of_year, year_said, hours=hours, main_day=celebration.main_day,
        is_theme=celebration.is_theme and not is_named, is_kept=not is_named and not celebration.is_day_off,
    ), end  # fmt: skip


def _are_some_fetes(m: Message, end: int) -> bool:
    """« les fêtes basques » are not those of Christmas."""
    is_short = m.norm(end - 1) == "fetes" and m.norm(end - 2) in ("les", "des")
    return is_short and not m.has_pause_after(end - 1) and m.norm(end) not in _AFTER_THE_FETES


_AFTER_THE_FETES = words("a au aux en dans avec et ou sur pour chez on je nous qui pres vers")
_FEAST_LEADS = words(
    "pour les la le l a au aux pendant lors des de du for the at on over during durant jour ce soir fetes fete d"
)
_DATING_LEADS = words("pour a au aux pendant lors for at on over during durant jour soir ce")
_BOUNDS = words(
    "avant ici apres depuis jusqu until before after by till entre et au lendemain veille"
)
