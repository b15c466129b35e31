"""Which words are the theme, beyond what is likeliest for each: beside what stands, told in a story, under « sans », a title. Pure.

Each step changes the labels of a message in place; `roles.judged` calls them in order.
"""

import itertools
import re
from collections.abc import Sequence

from puls.language.lexicon import names_a_kind
from puls.understanding.judging.chances import CONCEIVABLE, HINTED, TOLD
from puls.understanding.judging.left_out import NOT, SMALL, Sign, is_of_no_theme
from puls.understanding.judging.units import CANCELLING, LEADING, Unit
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.readings import Reading
from puls.understanding.when.times import Time


def name_a_theme(
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    *,
    least: float,
) -> None:
    """A word for a kind of event is the theme where nothing else is."""
    if any(label == "T" for label in labels) or (units and units[0].kind in CANCELLING):
        return
    words = [at for at, unit in enumerate(units) if unit.reading is None and labels[at] == "O"]
    kinds = [
        at for at in words if names_a_kind(units[at].kind) and chances[at].get("T", 0.0) >= least
    ]
    kinds = kinds or [at for at in words if chances[at].get("T", 0.0) >= TOLD]
    least = min(least, HINTED)
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


def leave_what_is_left(
    message: Message,
    units: Sequence[Unit],
    labels: list[str],
    chances: Sequence[dict[str, float]],
    signs: Sequence[Sign | None],
) -> None:
    """« que faire à part les concerts », « laisse tomber la musique »: words under such a sign are no theme."""
    for at, (unit, sign) in enumerate(zip(units, signs, strict=True)):
        if unit.reading is not None:
            continue
        if labels[at] not in "OTX":
            continue
        if unit.kind in CANCELLING or (
            is_of_no_theme(unit.kind) and (labels[at] == "X" or sign == "N")
        ):
            labels[at] = "O"
        elif sign == "U" and labels[at] in "OX":
            labels[at] = "T"
        elif sign == "N" and (
            labels[at] == "T"
            or names_a_kind(unit.kind)
            or chances[at].get("X", 0.0) >= CONCEIVABLE
            or _is_excepted(units, at)
        ):
            labels[at] = "X"
        elif labels[at] == "T" and _is_dropped(units, at):
            labels[at] = "O"
        elif labels[at] == "O" and _is_done_without(units, at):
            labels[at] = "X"
        elif labels[at] == "T" and _is_stressed(message, at, units):
            labels[at], labels[at - 1] = "X", "O"
    _leave_feasts_of_what_is_left(message, units, labels, signs)


def _is_stressed(message: Message, at: int, units: Sequence[Unit]) -> bool:
    """« un spectacle SANS clown »."""
    return (
        at > 0
        and units[at - 1].kind in _OF_VERBS
        and message.is_all_capitals(units[at - 1].first)
        and not message.text.isupper()
        and not message.is_capitalised(units[at].first)
    )


def _leave_feasts_of_what_is_left(
    message: Message, units: Sequence[Unit], labels: list[str], signs: Sequence[Sign | None]
) -> None:
    """« marre des marchés de Noël », “not a Christmas market”: the feast goes with its word."""
    for at, unit in enumerate(units):
        if unit.kind != "<feast>":
            continue
        after = at + 1 < len(units) and not message.has_pause_before(units[at + 1].first)
        if at and labels[at - 1] == "X" and message.norm(unit.first) in _OF_A_FEAST:
            labels[at] = "X"
        elif (
            signs[at] == "N"
            and after
            and labels[at + 1] == "T"
            and _is_english_feast(message, unit)
        ):
            labels[at] = labels[at + 1] = "X"


def _is_excepted(units: Sequence[Unit], at: int) -> bool:
    """« sauf piscine », « sauf si c'est du Molière »: whatever the word, it is left out."""
    word, back = units[at].kind, at - 1
    between: set[str] = set()
    while back > 0 and units[back].reading is None and units[back].kind in _BEFORE_EXCEPTED:
        between.add(units[back].kind)
        back -= 1
    return (
        back >= 0
        and (
            units[back].kind in _EXCEPT
            or (units[back].kind in NOT and between & _INDEFINITE != set())
        )
        and len(word) > _SMALL
        and word not in _MANNERS
        and not word.endswith(_OF_VERBS["sans"])
    )


_EXCEPT = frozenset("sauf hors hormis excepte except ni nor rien nothing".split())
_BEFORE_EXCEPTED = frozenset("le la les l un une a an the du de d des si c est some any".split())


def _is_done_without(units: Sequence[Unit], at: int) -> bool:
    """« sans camping », “without wine”; neither « sans souci » nor « sans réserver », which say how."""
    word = units[at].kind
    return (
        at > 0
        and units[at - 1].kind in _OF_VERBS
        and len(word) > _SMALL
        and word not in _MANNERS
        and not is_of_no_theme(word)
        and not word.endswith(_OF_VERBS[units[at - 1].kind])
    )


# « sans attendre », “without paying”.
_OF_VERBS = {"sans": ("er", "oir", "ir", "dre", "ttre", "ire", "ivre"), "without": ("ing",)}
_MANNERS = frozenset(
    "souci soucis probleme problemes faute faille doute chichi chichis prise hesiter hesitation pretention pretentions rancune facon "
    "facons cesse arret effort efforts but blague blagues dec deconner plus moins cela quoi lui elle eux vous nous moi toi "
    "inscription inscriptions rendez reservation reservations place places billet billets date dates voiture permis "
    "gluten lactose parole paroles texte entracte interruption "  # what an event says of itself in these words
    "fail doubt problem problems worries worry further delay question questions reservation booking tickets ticket car".split()
)


def date_by_feasts(message: Message, units: Sequence[Unit], labels: list[str]) -> list[Reading]:
    """Feasts among the words of the theme that are dates where nothing else is: « le 1er janvier », or both: « Nuit des musées »."""
    times = [
        (at, unit.reading, unit.reading.value)
        for at, unit in enumerate(units)
        if unit.reading is not None and isinstance(unit.reading.value, Time)
    ]
    for at, _, time in times:
        if labels[at] == "T" and (time.until is not None or _is_plain(message, units[at], time)):
            labels[at] = "U"  # “between Christmas and New Year”, « demain soir théâtre »
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


def leave_out_their_markets(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« pas de marché de Noël », “not a Christmas market”: the market of the feast is left out, not the day."""
    for at, unit in enumerate(units):
        if labels[at] not in "NU" or unit.kind != "<feast>":
            continue
        before = _past_small(units, labels, at, -1)
        follows = (
            message.norm(unit.first) in _OF_A_FEAST or message.norm(unit.first - 1) in _OF_A_FEAST
        )
        is_named = before >= 0 and units[before].reading is None and follows
        is_naming = (
            at + 1 < len(units)
            and labels[at + 1] in "TX"
            and units[at + 1].reading is None
            and not message.has_pause_after(unit.last)
        )
        if labels[at] == "U":
            is_named, is_naming = is_named and labels[before] == "X", False
        if is_named or is_naming:
            labels[at] = "X"
            labels[before if is_named else at + 1] = "X"


def _is_plain(message: Message, unit: Unit, time: Time) -> bool:
    """« demain », « ce soir », « aprem » outside a title say when."""
    is_title = message.is_capitalised(unit.first) and not message.starts_a_sentence(unit.first)
    first = message.norm(unit.first)
    is_told = first in _TOLD_FROM_NOW or (first in _THIS and unit.last > unit.first)
    is_stretch = time.point is not None and time.point.days.unit in ("weekend", "week")
    return (
        (is_told or time.is_next or is_stretch)
        and not is_title
        and not _QUOTE.search(message.words[unit.first].gap)
    )


_TOLD_FROM_NOW = frozenset("demain apresdemain aujourdhui tomorrow tonight today dans".split())
_THIS = frozenset("ce cet cette this".split())
_QUOTE = re.compile(r"[«“\"']")
_DATING = frozenset("le du au on from the".split())


def _is_a_person(message: Message, unit: Unit) -> bool:
    return message.norm(unit.first - 1) == "pere"


def name_what_nearly_is(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« techno ou house », « la peinture et la gravure »: beside a theme, a word that nearly is one belongs to it; « quartier » before a place does not."""
    for at, unit in enumerate(units):
        if unit.reading is not None or labels[at] != "O" or len(unit.kind) <= _SMALL:
            continue
        if is_of_no_theme(unit.kind):
            continue
        before, after = _past_small(units, labels, at, -1), _past_small(units, labels, at, 1)
        follows = before >= 0 and labels[before] == "T"
        leads = after < len(units) and labels[after] == "T"
        joined = (follows and _is_joined(units, before, at)) or (
            leads and _is_joined(units, at, after)
        )
        ends = after < len(units) and units[after].reading is not None
        goes_on = follows and not ends
        opens = leads and before >= 0  # « salut expo » not
        chance = chances[at].get("T", 0.0)
        if (joined and chance >= _JOINED_FROM) or ((goes_on or opens) and chance >= _NEARLY):
            labels[at] = "T"


def _is_joined(units: Sequence[Unit], first: int, last: int) -> bool:
    return any(unit.kind in _JOINING for unit in units[first + 1 : last])


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


_JOINED_FROM = 0.1
_SMALL = 3  # letters


_JOINING = frozenset("et ou and or".split())


def leave_what_is_told(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
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


def leave_what_it_is_about(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
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


def keep_feasts_of_themes(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
    """« conte de Noël », « le père Noël »: no date."""
    for at, unit in enumerate(units):
        if (
            labels[at] == "U"
            and unit.kind == "<feast>"
            and _names_what_follows(message, units, labels, at)
        ):
            labels[at] = "T"
        is_told = labels[at] == "I" and message.norm(unit.first) in _OF_A_FEAST
        if not (labels[at] == "U" or is_told) or unit.kind != "<feast>":
            continue
        if not at or labels[at - 1] != "T":
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
    return (
        _is_english_feast(message, units[at])
        and at + 1 < len(units)
        and labels[at + 1] == "T"
        and not message.has_pause_before(units[at + 1].first)
    )


def _is_english_feast(message: Message, unit: Unit) -> bool:
    return message.words[unit.last].said in _ENGLISH_FEASTS


_ENGLISH_FEASTS = frozenset("christmas xmas easter halloween".split())


_OF_A_FEAST = frozenset("de du d des of".split())


def keep_titles_whole(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
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


_DROPPING = frozenset(
    "tomber annule annulez oublie oublies oubliez oublions oublier forget drop scrap".split()
)


def _is_dropped(units: Sequence[Unit], at: int) -> bool:
    back = at - 1
    while back >= 0 and units[back].reading is None and units[back].kind in LEADING:
        back -= 1
    return back >= 0 and units[back].reading is None and units[back].kind in _DROPPING


_BETWEEN_TWO = frozenset("et ou puis and or then un une du de la des le les l a d".split())


def name_both(
    units: Sequence[Unit], labels: list[str], chances: Sequence[dict[str, float]]
) -> None:
    """« expo + concert »: a kind of event beside the theme is part of it."""
    for at, unit in enumerate(units):
        if unit.reading is not None or labels[at] != "O" or chances[at].get("T", 0.0) < TOLD:
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


def keep_the_audience(units: Sequence[Unit], labels: list[str]) -> None:
    """« spectacle pour enfants » is one theme."""
    for at in range(1, len(units) - 1):
        is_led = units[at].kind in ("pour", "for") and labels[at - 1] == "T"
        if is_led and units[at + 1].reading is None and units[at + 1].kind in _AUDIENCES:
            labels[at] = labels[at + 1] = "T"


def name_what_a_thing_is(units: Sequence[Unit], labels: list[str]) -> None:
    """« un truc romantique », « quelque chose d'insolite », “something weird”: the quality is the theme, unless it says nothing."""
    for at in range(1, len(units)):
        back = at - 2 if units[at - 1].kind in _OF_A_FEAST and at > 1 else at - 1
        is_quality = (
            units[at].reading is None
            and labels[at] == "O"
            and units[back].kind in _THINGS
            and len(units[at].kind) > _SMALL
            and units[at].kind.endswith(_QUALITY_ENDS)
            and not is_of_no_theme(units[at].kind)
            and units[at].kind not in _SAYS_NOTHING
        )
        if is_quality:
            labels[at] = "T"


_THINGS = frozenset("truc trucs chose something anything things stuff".split())
_QUALITY_ENDS = (
    "ique", "iques", "ite", "ites", "al", "ale", "ales", "aux", "el", "elle", "elles", "if", "ive", "ifs", "ives", "eux", "euse", "euses", "ole", "oles",
    "tre", "tres", "ant", "ants", "ante", "antes", "aire", "aires", "arre", "arres", "ic", "ical", "ful", "ny", "ky", "ish", "ird", "ive", "ous",
)  # fmt: skip
_SAYS_NOTHING = frozenset(
    "sympathique sympathiques chouette interessant interessante interessants special speciale normal normale ouvert possible final pareil autre autres quelque notre votre contre entre etre mettre faire "
    "nice cheap great interesting available special vraiment maintenant avant pendant demain cultural culturel culturelle culturels quiet amazing".split()
)


def name_what_opens(units: Sequence[Unit], labels: list[str]) -> None:
    """« gwo ka samedi soir »: words that open a message and that nobody knows are what is sought, where nothing else is."""
    if "T" in labels:
        return
    opening = list(
        itertools.takewhile(
            lambda at: units[at].reading is None, range(min(len(units), _MOST_NAMED))
        )
    )
    after = units[len(opening)].reading if len(opening) < len(units) else None
    is_before_reading = after is not None and after.field != "where"  # « massif des Bauges »
    telling = [at for at in opening if units[at].kind not in SMALL]
    is_unknown = all(
        not is_known_word(units[at].kind) and units[at].kind.isalpha() for at in telling
    )
    is_long = sum(len(units[at].kind) for at in telling) > _SMALL
    if is_long and is_before_reading and is_unknown and all(labels[at] == "O" for at in opening):
        for at in opening:
            labels[at] = "T"


def leave_who_asks(units: Sequence[Unit], labels: list[str]) -> None:
    """« professeure des écoles à Vesoul, je cherche une sortie », “I'm a music teacher looking for a workshop”: who one is, is no theme."""
    asked = next((at for at, unit in enumerate(units) if unit.kind in _SEEKS), None)
    if asked is None:
        return
    before = [at for at in range(asked) if labels[at] == "T" and units[at].reading is None]
    is_person = any(
        units[at].kind.endswith(_PERSONS) and not names_a_kind(units[at].kind) for at in before
    )
    for at in before if is_person else ():
        labels[at] = "O"
    if is_person and labels[asked] == "T":
        labels[asked] = "O"


_SEEKS = frozenset(
    "cherche cherchons recherche recherchons looking voudrais voudrions aimerais aimerions".split()
)
_PERSONS = (
    "seur", "seure", "teur", "teuse", "trice", "niere", "nier", "miere", "mier", "iste", "cien", "cienne", "gnante", "gnant", "diant", "diante", "prof", "maitresse", "instit",
    "teacher", "student", "nurse", "driver", "worker",
)  # fmt: skip


_INDEFINITE = frozenset("un une des a an some recherche cherche cherchons".split())


def name_what_is_asked_for(units: Sequence[Unit], labels: list[str]) -> None:
    """« on cherche une expo dimanche »: a kind of event with « une » is sought, with « la » it is one that was shown."""
    if "T" in labels:
        return
    for at in range(2, len(units)):
        back = at - 1
        while back > 0 and units[back].kind in _PARTITIVE:
            back -= 1
        is_asked = back < at - 1 and units[back].kind in ("plutot", "rather", "instead")
        if (
            is_asked
            and units[at].reading is None
            and len(units[at].kind) > _SMALL
            and not is_of_no_theme(units[at].kind)
        ):
            labels[at] = "T"  # « t'aurais pas plutôt de l'accordéon ? »
            return
    for at in range(1, len(units)):
        is_kind = units[at].reading is None and names_a_kind(units[at].kind)
        if is_kind and labels[at] == "O" and units[at - 1].kind in _INDEFINITE:
            labels[at] = "T"


_PARTITIVE = frozenset("de du des la l d".split())


_AND_WHAT = frozenset("et and ou or sinon plutot mais but".split())


_MOST_NAMED = 4  # units


def name_what_follows_and(message: Message, units: Sequence[Unit], labels: list[str]) -> None:
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
