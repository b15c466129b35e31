"""What each part of a message is for: which readings are meant, left out, taken back; which words are the theme. Pure.

The learned chances are taken together into one consistent set: of several places or days that exclude each other the likeliest is meant. Enter at `judged`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from puls.language.lexicon import names_a_kind
from puls.understanding.judging.features import features_of
from puls.understanding.judging.model import label_chances
from puls.understanding.judging.signs import Sign, signs_of
from puls.understanding.judging.units import Unit, units_of
from puls.understanding.message import Message
from puls.understanding.readings import Reading
from puls.understanding.what.price import Price
from puls.understanding.what.theme import joined_over_small_words, without_words
from puls.understanding.when.expressions import Time, asks_of_the_past
from puls.understanding.where.distances import Distance
from puls.understanding.where.place import FIRM, Place

# Chances from which a label is taken although another is likelier, where a message would otherwise say nothing of it.
_POSSIBLE = 0.3
_HINTED = 0.15
_LIKELY_PLACE = 0.25
_CONCEIVABLE = 0.05
_TOLD_AFTER = 0.1  # of the one day that a follow-up names
_TOLD = 0.2  # from here a word of no kind is a theme oftener than not, cross-validated by author
_FEW = 3  # units: « et des expos ? »
_SURE_LIST = 3  # parts: a full stop may stand in an amount
_LIST_REACH = 4  # words between the members of a list
_LIST_WORDS = frozenset(
    "et ou or and ni nor a au aux dans en la le les l sinon puis bien de d du y und voire".split()
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The units of a message with their judgement.

    `used`, `left_out` and `taken_back` are readings; `theme` and `without` spans of words, the last included; `ignored` readings that were told but not meant.
    """

    units: tuple[Unit, ...] = ()
    labels: tuple[str, ...] = ()
    used: tuple[Reading, ...] = ()
    left_out: tuple[Reading, ...] = ()
    taken_back: tuple[Reading, ...] = ()
    ignored: tuple[Reading, ...] = ()
    theme: tuple[tuple[int, int], ...] = ()
    without: tuple[tuple[int, int], ...] = ()
    certainty: float = field(default=1.0)
    """The smallest chance among the labels taken for readings: what the parser is least sure of."""


def judged(message: Message, readings: Sequence[Reading], *, is_follow_up: bool) -> Judged:
    """The most consistent judgement of the whole message."""
    units = units_of(message, readings)
    signs = signs_of(message, units)
    chances = label_chances(features_of(message, units, signs, is_follow_up=is_follow_up))
    labels = [
        _label(unit, each, sign) for unit, each, sign in zip(units, chances, signs, strict=True)
    ]
    _mean_lists(message, units, labels)
    _leave_what_is_left(units, labels, chances, signs)
    _mean_what_is_near(message, units, labels)
    _mean_over_there(message, units, labels)
    if is_follow_up:
        _take_back(units, labels)
    _choose_one_group(message, units, labels, chances)
    _prefer_the_preferred(message, units, labels, signs)
    _give_lengths_a_start(units, labels, chances)
    _give_hours_a_day(units, labels, chances)
    _mean_the_only_day(
        message, units, labels, chances, least=_TOLD_AFTER if is_follow_up else _POSSIBLE
    )
    _mean_the_only_reach(units, labels, chances)
    _keep_the_audience(units, labels)
    _name_both(units, labels, chances)
    if is_follow_up:
        _mean_something(labels, chances)
        _name_what_follows_and(message, units, labels)
        _name_what_is_asked_for(units, labels)
    least = 0.0 if len(units) <= _FEW else _HINTED if is_follow_up else _CONCEIVABLE
    _name_a_theme(units, labels, chances, least=least)
    _keep_feasts_of_themes(message, units, labels)
    feasts = _date_by_feasts(message, units, labels)
    if not is_follow_up:
        _name_what_nearly_is(units, labels, chances)
    _leave_what_it_is_about(message, units, labels)
    _leave_what_is_told(message, units, labels)
    _keep_titles_whole(message, units, labels)
    by_label: dict[str, list[Reading]] = {
        "U": [],
        "N": [],
        "D": [],
        "I": [],
        "T": [],
        "X": [],
        "O": [],
    }
    is_form = any(unit.reading is not None and unit.reading.is_certain for unit in units)
    for unit, label in zip(units, labels, strict=True):
        if unit.reading is not None:
            is_story = label == "I" and not is_form and not _is_of_no_story(unit.reading)
            by_label["U" if label == "I" and not is_story else label].append(unit.reading)
    judged_units = {unit.first for unit in units if unit.reading is not None}
    by_label["U"] += [each for each in readings if each.first not in judged_units]
    sure = [
        each[label]
        for unit, label, each in zip(units, labels, chances, strict=True)
        if unit.reading is not None
    ]
    return Judged(
        units=tuple(units),
        labels=tuple(labels),
        used=tuple(sorted([*by_label["U"], *feasts], key=lambda each: each.first)),
        left_out=tuple(by_label["N"]),
        taken_back=tuple(by_label["D"]),
        ignored=tuple(by_label["I"]),
        theme=tuple(_runs(message, units, labels, "T")),
        without=tuple(_runs(message, units, labels, "X")),
        certainty=min(sure, default=1.0),
    )


def _is_of_no_story(reading: Reading) -> bool:
    """« même payant », « c'est trop loin » are said of what is asked for."""
    if isinstance(reading.value, Distance):
        return reading.value.kind in _OF_WHAT_WAS_SAID
    return isinstance(reading.value, Price) and (
        reading.value.any_price or reading.value.is_paid_fine
    )


_OF_WHAT_WAS_SAID = ("nearer", "wider", "department", "region", "same_place")


def _label(unit: Unit, chances: dict[str, float], sign: Sign | None) -> str:
    """The likeliest label; a sign that grammar gives overrides it unless the words are a theme."""
    if unit.reading is not None and unit.reading.is_certain:
        return "U"
    allowed = "OTX" if unit.reading is None else "UNDITX"
    label = max(allowed, key=lambda each: chances.get(each, 0.0))
    if unit.reading is None or sign is None or label == "X" or (label == "T" and sign != "N"):
        return label
    return label if sign == "N" and label in "DT" else sign


def _mean_lists(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« concert, samedi, à Lyon, gratuit »: parts between commas of which all but the first hold nothing but readings mean each of them."""
    starts = [0, *(at for at in range(1, len(units)) if "," in message.words[units[at].first].gap)]
    parts = [
        range(start, end) for start, end in zip(starts, [*starts[1:], len(units)], strict=True)
    ]
    bare = [_holds_only_conditions(units, part) for part in parts]
    if (
        len(parts) < 2
        or not all(bare[1:])
        or message.norm(len(message) - 1) == ""
        or (any(mark in message.text for mark in ".!;") and len(parts) < _SURE_LIST)
    ):
        return
    for part, is_bare in zip(parts, bare, strict=True):
        for at in part if is_bare else ():
            reading = units[at].reading
            if (
                reading is not None
                and labels[at] in "IT"
                and not (labels[at] == "T" and part is parts[0])
            ):
                labels[at] = "U"


def _holds_only_conditions(units: Sequence[Unit], part: range) -> bool:
    """Whether a part of a list is readings alone, a thing left out, or an order: « sauf rap », « le moins cher d'abord »."""
    if part and units[part[0]].reading is None and units[part[0]].kind in _LEADS_OUT:
        return True
    return all(
        units[at].reading is not None
        or units[at].kind in _LIST_WORDS
        or units[at].kind in _ORDER_WORDS
        for at in part
    )


_LEADS_OUT = frozenset("sauf sans except not without no pas".split())
_ORDER_WORDS = frozenset(
    "plus moins proche proches cher chere tot abord d first nearest cheapest soonest top personnes people".split()
)


def _give_hours_a_day(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """Hours that are meant want a day: of a day that was only told the likeliest, when no other is meant."""
    times = [
        (at, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    has_hours = any(
        labels[at] == "U"
        and time.point is None
        and time.hours
        and not all(each.is_weak for each in time.hours)
        for at, time in times
    )
    has_day = any(
        labels[at] == "U" and (time.point is not None or time.ahead) for at, time in times
    )
    told = [
        at
        for at, time in times
        if labels[at] == "I"
        and time.point is not None
        and not time.point.days.is_past
        and chances[at].get("U", 0.0) >= _CONCEIVABLE
    ]
    if has_hours and not has_day and told:
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


def _give_lengths_a_start(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« 4 jours à Biarritz à partir du 3 décembre »: a length is meant where a start is."""
    times = [
        (at, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    has_start = any(labels[at] == "U" and time.bound == "from" for at, time in times)
    for at, time in times:
        if (
            has_start
            and time.length
            and labels[at] == "I"
            and chances[at].get("U", 0.0) >= _CONCEIVABLE
        ):
            labels[at] = "U"


def _mean_something(labels: list[str], chances: Sequence[dict[str, float]]) -> None:
    """A follow-up that would change nothing means the likeliest of what it tells."""
    if any(label in "UNDTX" for label in labels):
        return
    told = [
        at
        for at, label in enumerate(labels)
        if label == "I" and chances[at].get("U", 0.0) >= _HINTED
    ]
    if told:
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


def _name_a_theme(
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    *,
    least: float,
) -> None:
    """A word for a kind of event is the theme where nothing else is."""
    if any(label == "T" for label in labels) or (units and units[0].kind in _CANCELLING):
        return
    words = [at for at, unit in enumerate(units) if unit.reading is None and labels[at] == "O"]
    kinds = [
        at for at in words if names_a_kind(units[at].kind) and chances[at].get("T", 0.0) >= least
    ]
    kinds = kinds or [at for at in words if chances[at].get("T", 0.0) >= _TOLD]
    least = min(least, _HINTED)
    if kinds:
        best = max(kinds, key=lambda at: chances[at]["T"])
        labels[best] = "T"
        for step in (1, -1):
            at = best + step
            while (
                0 <= at < len(units)
                and units[at].reading is None
                and labels[at] == "O"
                and chances[at].get("T", 0.0) >= least
            ):
                labels[at] = "T"
                at += step


def _leave_what_is_left(
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    signs: Sequence[Sign | None],
) -> None:
    """« que faire à part les concerts », « laisse tomber la musique »: words under such a sign are no theme."""
    for at, (unit, sign) in enumerate(zip(units, signs, strict=True)):
        if unit.reading is not None or labels[at] not in "OT":
            continue
        if unit.kind in _CANCELLING:
            labels[at] = "O"
        elif sign == "N" and (
            labels[at] == "T"
            or names_a_kind(unit.kind)
            or chances[at].get("X", 0.0) >= _CONCEIVABLE
        ):
            labels[at] = "X"
        elif labels[at] == "T" and _is_dropped(units, at):
            labels[at] = "O"
        elif (
            at
            and units[at - 1].kind in _WITHOUT
            and labels[at] == "O"
            and chances[at].get("X", 0.0) >= _WITHOUT_FROM
        ):
            labels[at] = "X"  # « sans camping », not « sans souci »


def _prefer_the_preferred(
    message: Message, units: Sequence[Unit], labels: list[str], signs: Sequence[Sign | None]
) -> None:
    """« plutôt l'après-midi, le matin c'est judo »: of times of one kind the one that is preferred."""
    for at, unit in enumerate(units):
        if labels[at] != "U" or unit.reading is None or unit.reading.field != "when":
            continue
        is_preferred = signs[at] == "U" or (at > 0 and units[at - 1].kind in _RATHER)
        is_preferred = is_preferred or message.norm(unit.first) in _RATHER
        for other in range(at + 1, len(units)) if is_preferred else ():
            if labels[other] == "U" and units[other].kind == unit.kind and signs[other] is None:
                labels[other] = "I"


_WITHOUT = frozenset("sans without".split())
_WITHOUT_FROM = 0.25  # « sans chichis », « sans prise de tête », « sans faute » stay below
_RATHER = frozenset("plutot rather".split())


def _date_by_feasts(message: Message, units: Sequence[Unit], labels: list[str]) -> list[Reading]:
    """Feasts among the words of the theme that are dates where nothing else is: « le 1er janvier », or both: « Nuit des musées »."""
    times = [
        (at, unit.reading, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    if any(labels[at] == "U" and time.point is not None for at, _, time in times):
        return []
    both: list[Reading] = []
    for at, reading, time in times:
        if labels[at] != "T" or time.point is None or time.is_theme:
            continue
        if _names_what_follows(message, units, labels, at):
            continue
        is_date = time.point.days.is_dated and message.norm(units[at].first) in _DATING
        if is_date:
            labels[at] = "U"  # « le 1er janvier 2027 »
            continue
        if units[at].kind != "<feast>":
            continue
        if not time.point.days.is_kept or time.point.daily():
            labels[at] = "U"
        elif message.norm(units[at].first) not in _OF_A_FEAST and not _is_a_person(
            message, units[at]
        ):
            both.append(reading)
    return both


_DATING = frozenset("le du au on from the".split())


def _is_a_person(message: Message, unit: Unit) -> bool:
    return message.norm(unit.first - 1) == "pere"


def _name_what_nearly_is(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« des soirées techno ou house »: beside a theme, a word that nearly is one belongs to it; « quartier » before a place does not."""
    for at, unit in enumerate(units):
        if unit.reading is not None or labels[at] != "O" or len(unit.kind) <= _SMALL:
            continue
        if chances[at].get("T", 0.0) < _NEARLY:
            continue
        before, after = _past_small(units, labels, at, -1), _past_small(units, labels, at, 1)
        is_joined = at > 0 and units[at - 1].kind in _JOINING
        leads = after < len(units) and units[after].reading is not None
        goes_on = before >= 0 and labels[before] == "T" and (is_joined or not leads)
        opens = before >= 0 and after < len(units) and labels[after] == "T"  # « salut expo » not
        if goes_on or opens:
            labels[at] = "T"


def _past_small(units: Sequence[Unit], labels: Sequence[str], at: int, step: int) -> int:
    """The next unit that is no small word; one past the end where none is."""
    at += step
    while (
        0 <= at < len(units)
        and units[at].reading is None
        and labels[at] == "O"
        and len(units[at].kind) <= _SMALL
    ):
        at += step
    return at


_NEARLY = 0.3  # 0.761 against 0.757 nDCG@10 of judged questions in their own words; nothing lost on messages
_SMALL = 3  # letters
_JOINING = frozenset("et ou and or".split())


def _leave_what_is_told(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« j'ai raté l'expo Monet en septembre, il y a une expo … ? »: the theme of a clause that only tells is none where another clause asks for one."""
    starts = [0]
    starts += [at for at in range(1, len(units)) if message.has_pause_before(units[at].first)]
    clauses = [
        range(start, end) for start, end in zip(starts, [*starts[1:], len(units)], strict=True)
    ]
    telling = [
        clause
        for clause in clauses
        if {labels[at] for at in clause if units[at].reading is not None} == {"I"}
    ]
    asking = [clause for clause in clauses if clause not in telling]
    if any(labels[at] == "T" and units[at].reading is None for clause in asking for at in clause):
        for clause in telling:
            for at in clause:
                if labels[at] == "T":
                    labels[at] = "O"


def _leave_what_it_is_about(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« conférence sur le 11 septembre »: what a theme is about is no date to look for."""
    for at, unit in enumerate(units):
        if unit.reading is None or labels[at] != "U" or unit.reading.field != "when":
            continue
        back = at - 1
        while back >= 0 and units[back].kind in ("le", "la", "les", "l", "the"):
            back -= 1
        is_about = message.norm(unit.first) in ("sur", "about") or (
            back >= 0 and units[back].kind in ("sur", "about")
        )
        before = back - 1 if back >= 0 and units[back].kind in ("sur", "about") else at - 1
        if is_about and before >= 0 and labels[before] == "T" and units[before].reading is None:
            labels[at] = "T"


def _keep_feasts_of_themes(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« conte de Noël », « le père Noël »: no date."""
    for at, unit in enumerate(units):
        if (
            labels[at] == "U"
            and unit.kind == "<feast>"
            and _names_what_follows(message, units, labels, at)
        ):
            labels[at] = "T"
        if labels[at] != "U" or unit.kind != "<feast>" or not at or labels[at - 1] != "T":
            continue
        time = unit.reading.value if unit.reading is not None else None
        if not isinstance(time, Time) or time.point is None or not time.point.days.is_kept:
            continue  # « le bal du 14 juillet »
        if message.norm(unit.first) in _OF_A_FEAST or _is_a_person(message, unit):
            labels[at] = "T"


def _names_what_follows(
    message: Message, units: Sequence[Unit], labels: Sequence[str], at: int
) -> bool:
    """“Christmas market”, “Easter egg hunt”."""
    is_english = message.words[units[at].last].said in _ENGLISH_FEASTS
    return (
        is_english
        and at + 1 < len(units)
        and labels[at + 1] == "T"
        and not message.has_pause_before(units[at + 1].first)
    )


_ENGLISH_FEASTS = frozenset("christmas xmas easter halloween".split())
_OF_A_FEAST = frozenset("de du d des of".split())


def _keep_titles_whole(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« la pièce « Entrée libre » »: what stands between quotation marks is a title, whatever its words say."""
    for quoted in _QUOTED.finditer(message.text):
        inside = [
            at
            for at, unit in enumerate(units)
            if quoted.start() < message.words[unit.first].start
            and message.words[unit.last].end < quoted.end()
        ]
        if inside and len(inside) < len(units):
            for at in inside:
                labels[at] = "T"


_QUOTED = re.compile(r"«[^«»]{2,80}»|“[^“”]{2,80}”|\"[^\"]{2,80}\"")


def _take_back(units: Sequence[Unit], labels: list[str]) -> None:
    """« oublie le week-end », « annule le jazz »: what was said before no longer holds."""
    for at in range(1, len(units)):
        back = at - 1
        while back >= 0 and units[back].reading is None and units[back].kind in _LEADING:
            back -= 1
        is_led = back >= 0 and (
            units[back].kind in _CANCELLING
            or (units[back].kind == "tomber" and units[back - 1].kind[:5] == "laiss")
        )
        if is_led and units[at].reading is not None and labels[at] in "UI":
            labels[at] = "D"


_CANCELLING = frozenset(
    "oublie oublies oubliez oublions forget annule annulez annules drop scrap".split()
)


def _mean_what_is_near(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« concert près de la tour Eiffel »: a place and no theme; « près de la gare, une expo »: nor a story, which would say who."""
    for at, unit in enumerate(units):
        if unit.reading is None or unit.reading.field != "where":
            continue
        near = _NEAR.search(message.line[: message.offset(unit.first)])
        if near and (labels[at] == "T" or (labels[at] == "I" and near.start() == 0)):
            labels[at] = "U"


def _mean_over_there(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« … à Dole pour les vacances. Un spectacle là-bas mercredi ? »: the place told last before."""
    there = _THERE.search(message.line)
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field == "where"
    ]
    if there is None or any(labels[at] == "U" for at in places):
        return
    before = [
        at for at in places if labels[at] == "I" and message.offset(units[at].first) < there.start()
    ]
    if before:
        labels[before[-1]] = "U"


_THERE = re.compile(
    r"(?<!\S)(?:la bas|sur place|over there|there)(?!\S)(?! (?:is|are|was|anything|any))"
)
_NEAR = re.compile(
    r"(?<!\S)(?:pres|autour|proche|non loin|a cote|aux alentours|near|around|close to|next to)(?: (?:de|du|d|des|to))?(?: (?:la|le|les|l|the))? $"
)
_DROPPING = frozenset(
    "tomber annule annulez oublie oublies oubliez oublions oublier forget drop scrap".split()
)
_LEADING = frozenset(
    "le la les l du de d des un une about the my mon ma mes cette ce cet that this".split()
)


def _is_dropped(units: Sequence[Unit], at: int) -> bool:
    back = at - 1
    while back >= 0 and units[back].reading is None and units[back].kind in _LEADING:
        back -= 1
    return back >= 0 and units[back].reading is None and units[back].kind in _DROPPING


def _mean_the_only_day(
    message: Message,
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    *,
    least: float,
) -> None:
    """The one day to come that a message tells is meant unless that is unlikely: « Le 15 août dans le Finistère, … »."""
    times = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None
        and isinstance(unit.reading.value, Time)
        and unit.reading.value.point is not None
    ]
    if len(times) != 1 or labels[times[0]] != "I":
        return
    if asks_of_the_past(message):
        labels[times[0]] = "U"
        return
    time = units[times[0]].reading.value  # type: ignore[union-attr]
    assert isinstance(time, Time)
    assert time.point is not None
    if not time.point.days.is_past and chances[times[0]].get("U", 0.0) >= least:
        labels[times[0]] = "U"


def _mean_the_only_reach(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« concert près de moi », « n'importe où »: where nothing else says where, hardly ever a story."""
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field in ("where", "distance")
    ]
    told = [
        at
        for at in places
        if labels[at] == "I"
        and units[at].reading.field == "distance"  # type: ignore[union-attr] # asked for above
        and chances[at].get("U", 0.0) >= _TOLD
    ]
    if told and not any(labels[at] == "U" for at in places):
        labels[max(told, key=lambda at: chances[at]["U"])] = "U"


_BETWEEN_TWO = frozenset("et ou puis and or then un une du de la des le les l a d".split())


def _name_both(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« expo + concert »: a kind of event beside the theme is part of it."""
    for at, unit in enumerate(units):
        if unit.reading is not None or labels[at] != "O" or chances[at].get("T", 0.0) < _TOLD:
            continue
        if not names_a_kind(unit.kind):
            continue
        after = at + 1
        while after < len(units) and units[after].kind in _BETWEEN_TWO and labels[after] == "O":
            after += 1
        if after < len(units) and units[after].reading is None and labels[after] == "T":
            labels[at] = "T"


_AUDIENCES = frozenset(
    "enfants enfant kids children ados adolescents tout-petits petits bebes famille adultes seniors toddlers teens family".split()
)


def _keep_the_audience(units: Sequence[Unit], labels: list[str]) -> None:
    """« spectacle pour enfants » is one theme."""
    for at in range(1, len(units) - 1):
        is_led = units[at].kind in ("pour", "for") and labels[at - 1] == "T"
        if is_led and units[at + 1].reading is None and units[at + 1].kind in _AUDIENCES:
            labels[at] = labels[at + 1] = "T"


_INDEFINITE = frozenset("un une des a an some recherche cherche cherchons".split())


def _name_what_is_asked_for(units: Sequence[Unit], labels: list[str]) -> None:
    """« on cherche une expo dimanche »: a kind of event with « une » is sought, with « la » it is one that was shown."""
    if "T" in labels:
        return
    for at in range(1, len(units)):
        is_kind = units[at].reading is None and names_a_kind(units[at].kind)
        if is_kind and labels[at] == "O" and units[at - 1].kind in _INDEFINITE:
            labels[at] = "T"


_AND_WHAT = frozenset("et and ou or sinon plutot mais but".split())
_MOST_NAMED = 4  # units


def _name_what_follows_and(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« et Indochine ? »: a few words after « et » that are no reading are a theme."""
    rest = range(1, len(units))
    names_a_kind_after = (
        len(units) > 1
        and units[0].kind in _AND_WHAT
        and len(units) <= _MOST_NAMED + 1
        and all(units[at].reading is None and labels[at] == "O" for at in rest)
    )
    for at in rest if names_a_kind_after else ():
        if names_a_kind(units[at].kind):
            labels[at] = "T"
    is_short = (
        1 < len(units) <= _MOST_NAMED + 1
        and units[0].kind in _AND_WHAT
        and message.text.rstrip().endswith("?")
    )
    if (
        is_short
        and all(units[at].reading is None and labels[at] == "O" for at in rest)
        and any(
            units[at].kind == "<name>" or message.is_capitalised(units[at].first) for at in rest
        )
    ):
        for at in rest:
            labels[at] = "T"


def _choose_one_group(
    message: Message, units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """Of several places that are meant, those of one list; where none is, the likeliest that might be."""
    places = [
        at
        for at, unit in enumerate(units)
        if unit.reading is not None and unit.reading.field == "where"
    ]
    meant = [at for at in places if labels[at] == "U"]
    if not meant:
        venues = [at for at in places if labels[at] == "T" and _is_a_venue(units[at])]
        if venues:
            labels[venues[0]] = "U"
            return
        likely = [
            at for at in places if labels[at] == "I" and chances[at].get("U", 0.0) >= _LIKELY_PLACE
        ]
        if likely:
            labels[max(likely, key=lambda at: chances[at]["U"])] = "U"
        return
    best = max(meant, key=lambda at: chances[at]["U"])
    group = _list_around(message, units, meant, best)
    for at in meant:
        if at not in group:
            labels[at] = "I"


def _is_a_venue(unit: Unit) -> bool:
    place = unit.reading.value if unit.reading is not None else None
    return (
        isinstance(place, Place)
        and place.near is not None
        and place.strength > FIRM
        and place.area is None
    )


def _list_around(
    message: Message, units: Sequence[Unit], meant: Sequence[int], best: int
) -> set[int]:
    """The places that stand in one list with the best."""
    group = {best}
    ordered = sorted(meant)
    place = ordered.index(best)
    for step in (1, -1):
        here = place
        while 0 <= here + step < len(ordered) and _is_listed(
            message, units, *sorted((ordered[here], ordered[here + step]))
        ):
            here += step
            group.add(ordered[here])
    return group


def _is_listed(message: Message, units: Sequence[Unit], first: int, second: int) -> bool:
    between = range(units[first].last + 1, units[second].first)
    return len(between) <= _LIST_REACH and all(message.norm(at) in _LIST_WORDS for at in between)


def _runs(
    message: Message, units: Sequence[Unit], labels: Sequence[str], wanted: str
) -> list[tuple[int, int]]:
    """Spans of words of one label; a few small words between two of them belong to them."""
    spans: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for unit, label in zip(units, labels, strict=True):
        if label == wanted:
            spans.append((unit.first, unit.last))
        elif unit.reading is not None:
            others.append((unit.first, unit.last))
    return without_words(joined_over_small_words(message, spans), others)
