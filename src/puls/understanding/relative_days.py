"""Days told from today: « demain », « ce week-end », « samedi prochain », « un mardi soir ». Pure. `RULES` in order.

What was decided, for each day on which one may ask (intervals begin now when they are running):

- « ce week-end », « le week-end », « week-end qui vient »: the coming Saturday and Sunday; on a Saturday or
  a Sunday the one that is running. « le week-end prochain », « d'après »: the one after that, a week later,
  on every day of the week – on a Monday it is not the next to come, which people call « ce week-end ».
- « samedi »: the coming one, today when it is Saturday. « samedi prochain », « samedi qui vient »: the first
  Saturday after today, so tomorrow on a Friday and in a week on a Saturday. « en huit », « en quinze »: one
  and two weeks after that one.
- « cette semaine »: now to Sunday night; on a Sunday, today. « la semaine prochaine »: the Monday to Sunday
  after this Sunday. « mardi de la semaine prochaine »: the Tuesday in it.
- « cette nuit » before six in the morning is the night that is running, later the coming one.
- « le samedi », « tous les samedis », « un samedi », « les week-ends », « en semaine »: each of the next
  eight weeks. « un dimanche sur deux »: all of them, with a notice, as nobody says which.
"""

import re
from datetime import timedelta

from puls.understanding.date_words import (
    COUNT,
    IN_WEEKDAYS,
    MONTH,
    WEEKDAY,
    WEEKDAY_PLURALS,
    count_of,
    weekday_of,
)
from puls.understanding.day_rules import (
    SATURDAY,
    SUNDAY,
    Meaning,
    Rules,
    Today,
    habit_days,
    monday_of,
    shifted,
    span_of,
    this_weekend,
    weekend_habit,
)
from puls.understanding.notices import Notice

RULES = Rules()
_A_TIME = rf"(?:\d\S*|{MONTH}|mois|annee|semaine|saison|vacances|printemps|ete|automne|hiver|juin|midi|soir|matin|prochaine?)(?!\S)"
_EVERY_OTHER = Notice(
    code="every_other_week",
    fr="« Un sur deux » : lequel n’est pas dit, tous sont proposés.",
    en="“Every other one” does not say which: all of them are shown.",
)
_DAWN = 6  # the hour at which « cette nuit » ends

# Days told from today


@RULES.on(
    r"(?:pour |de |d )?(?:aujourd hui|today|hoy|heute|oggi|ce jour|dans la journee|tout a l heure|dans l heure|"
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
    if match["nuit"] and today.hour < _DAWN:
        return Meaning(span_of(today.date), hours=(0, _DAWN))  # the night that is running
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
    r"(?:pour |de )?(?P<next>demain|tomorrow|manana|morgen|domani)"
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


_WEEKEND = r"(?:(?:w[ei]{1,2}k|week) ?ends?|fin de semana|wochenende|fine settimana|finde)"

_IN_WEEKENDS = ("end", "fin de semana", "fine settimana", "finde", "we")


@RULES.on(
    rf"(?:(?:les |ces |the )?(?P<count>{COUNT}) prochains?|(?:the )?next (?P<english>{COUNT})) {_WEEKEND}"
    rf"|(?:les |ces )?prochains (?P<count2>{COUNT}) {_WEEKEND}",
    needs=_IN_WEEKENDS,
)
def _coming_weekends(match: re.Match[str], today: Today) -> Meaning:
    count = count_of(match["count"] or match["english"] or match["count2"])
    first = this_weekend(today.date)
    return Meaning(tuple(shifted(first, 7 * week) for week in range(min(count, 8))))


@RULES.on(r"(?:(?:tous|toutes) les|chaque|n importe quel) jours?|every ?day|any day")
def _every_day(_: re.Match[str], __: Today) -> Meaning:
    return Meaning(())  # no filter at all; « sauf le lundi » may follow


@RULES.on(
    rf"(?:le |ce |au |du |pour le |the |on the |over the |el |am |"
    rf"un ){{0,4}}{_WEEKEND} (?P<next>prochain|suivant|d apres|que viene)"
    rf"|(?:le |the )?(?:next {_WEEKEND}|prochain {_WEEKEND}|nachstes {_WEEKEND}|we prochain)",
    needs=_IN_WEEKENDS,
)
def _next_weekend(_: re.Match[str], today: Today) -> Meaning:
    return Meaning((shifted(this_weekend(today.date), 7),))


@RULES.on(
    rf"(?:le |ce |au |du ){{0,4}}{_WEEKEND} (?:dernier|passe)|last {_WEEKEND}",
    needs=_IN_WEEKENDS,
)
def _last_weekend(_: re.Match[str], today: Today) -> Meaning:
    saturday = monday_of(today.date) - timedelta(days=2)
    return Meaning(span_of(saturday, 2), is_past=True)


@RULES.on(
    rf"(?:les |des |(?:tous|tout|tt) les |chaque |every )+{_WEEKEND}|(?:le|on) (?:week ?ends?|weekends)"
    rf"(?! (?:du|de|des|qui|prochain|suivant|d)\b)|en {_WEEKEND}|un {_WEEKEND}(?! (?:prochain|de|du|d|a)\b)",
    needs=_IN_WEEKENDS,
)
def _weekends(_: re.Match[str], today: Today) -> Meaning:
    return Meaning(weekend_habit(today.date), is_habit=True, weekdays=(SATURDAY, SUNDAY))


@RULES.on(
    rf"(?:pour |de |over |for )?(?:ce |c |this |the |este |dieses |am |questo |du |ce prochain |"
    rf"le |au |cet )?(?:long )?(?:{_WEEKEND})(?: ci| qui (?:vient|arrive))?"
    rf"(?P<other> (?:ou|et) (?:le |celui )?(?:prochain|suivant|d apres))?|(?:ce|c|cet|le|du|"
    rf"pour le|chaque) we(?: ci)?",
    needs=_IN_WEEKENDS,
)
def _weekend(match: re.Match[str], today: Today) -> Meaning | None:
    days = this_weekend(today.date)
    if "long" in match[0]:
        days = days[0] - timedelta(days=1), days[1] + timedelta(days=1)
    is_this = match[0].startswith(("ce", "c ", "this", "pour ce"))
    both = (days, shifted(days, 7)) if match["other"] else (days,)
    return Meaning(both, weekdays=() if is_this else (SATURDAY, SUNDAY))


@RULES.on(
    rf"(?:ce |le |pour )?(?P<weekday>{WEEKDAY}) en (?P<days>huit|8|quinze|15)",
    needs=IN_WEEKDAYS,
)
def _weekday_in_eight(match: re.Match[str], today: Today) -> Meaning:
    coming = today.date + timedelta(
        days=(weekday_of(match["weekday"]) - today.date.weekday() - 1) % 7 + 1
    )
    weeks = 1 if match["days"] in ("huit", "8") else 2
    return Meaning(span_of(coming + timedelta(weeks=weeks)))


@RULES.on(
    rf"(?:le |ce |pour )?(?P<weekday>{WEEKDAY}) (?:dernier|passe)|last (?P<english>{WEEKDAY})",
    needs=IN_WEEKDAYS,
)
def _last_weekday(match: re.Match[str], today: Today) -> Meaning:
    weekday = weekday_of(match["weekday"] or match["english"])
    return Meaning(
        span_of(today.date - timedelta(days=(today.date.weekday() - weekday - 1) % 7 + 1)),
        is_past=True,
    )


@RULES.on(
    rf"(?:le |ce |pour )?(?P<weekday>{WEEKDAY}) (?:prochain|qui vient|suivant)|"
    rf"next (?P<english>{WEEKDAY})",
    needs=IN_WEEKDAYS,
)
def _next_weekday(match: re.Match[str], today: Today) -> Meaning:
    weekday = weekday_of(match["weekday"] or match["english"])
    return Meaning(
        span_of(today.date + timedelta(days=(weekday - today.date.weekday() - 1) % 7 + 1))
    )


@RULES.on(
    rf"(?:les |des )?{WEEKDAY_PLURALS}(?= (?:du|de la|de l|des|de|d) (?!{_A_TIME}))",
    needs=IN_WEEKDAYS,
)
def _name_of_a_series(_: re.Match[str], __: Today) -> Meaning:
    """« Les Mardis du jazz »: a name, not every Tuesday."""
    return Meaning((), is_kept=True)


@RULES.on(
    rf"(?:le |la )?(?P<weekday>{WEEKDAY})(?: (?:ou|et|or|and) (?:le )?(?P<other>{WEEKDAY}))?,? "
    rf"(?:(?:de )?(?:la )?(?P<next>semaine (?:prochaine|suivante|d apres|pro))|(?:of )?(?P<english>next week)|"
    rf"de cette semaine|this week)",
    needs=IN_WEEKDAYS,
)
def _weekday_of_week(match: re.Match[str], today: Today) -> Meaning:
    """« mardi ou jeudi de la semaine prochaine »."""
    monday = monday_of(today.date) + timedelta(days=7 * bool(match["next"] or match["english"]))
    named = [match["weekday"], *([match["other"]] if match["other"] else [])]
    days = (monday + timedelta(days=weekday_of(name)) for name in named)
    return Meaning(tuple(span for day in days for span in span_of(day)))


@RULES.on(
    rf"(?:(?:tous|tout|tt|toutes|ts) les|chaque|every|each) (?P<every>{WEEKDAY})"
    rf"|(?:les|des|on) (?P<each>{WEEKDAY_PLURALS})"
    rf"|un (?P<any>{WEEKDAY})(?P<half> sur (?:deux|2))?"
    rf"|(?:en|un (?:jour|soir) (?:de|en)|les (?:soirs|jours) de|on) (?P<work>semaine|weekdays)|"
    rf"during the week|unter der woche",
    needs=(*IN_WEEKDAYS, "semaine", "week", "woche"),
)
def _habitual(match: re.Match[str], today: Today) -> Meaning:
    word = match["every"] or match["each"] or match["any"]
    weekdays = (weekday_of(word),) if word else (0, 1, 2, 3, 4)
    return Meaning(
        habit_days(weekdays, today.date),
        hours=(18, 24) if "soir" in match[0] else None,
        is_habit=True,
        weekdays=weekdays,
        notice=_EVERY_OTHER if match["half"] else None,
    )


@RULES.on(
    rf"(?:pour |de |d |on |am |este |el |ce |this |coming |le |du |"
    rf"au ){{0,4}}(?P<weekday>{WEEKDAY})(?: qui arrive| ci)?",
    needs=IN_WEEKDAYS,
)
def _weekday(match: re.Match[str], today: Today) -> Meaning | None:
    weekday = weekday_of(match["weekday"])
    if match[0].startswith("le "):
        return Meaning(habit_days((weekday,), today.date), is_habit=True, weekdays=(weekday,))
    coming = today.date + timedelta(days=(weekday - today.date.weekday()) % 7)
    is_this = match[0].startswith(("ce ", "this "))
    return Meaning(span_of(coming), weekdays=() if is_this else (weekday,))
