"""What the words around a reading say of its sign, by rule: « sauf à Lyon », « samedi non, plutôt dimanche », « pas demain, après-demain ». Pure.

A sign is what is certain from grammar alone; the learned judgement decides the rest. Enter at `signs_of`.
"""

import itertools
import re
from collections.abc import Sequence

from puls.language.lexicon import names_a_kind
from puls.understanding.judging.left_out import (
    AND,
    INSTEAD,
    LEAVING_OUT,
    LEAVING_OUT_MORE,
    LEAVING_OUT_TWO,
    NOT,
    OF,
    REACH,
    SMALL,
    Sign,
    ends_with,
    is_refused,
    refuse_what_precedes,
    sign_of_word,
    words_between,
)
from puls.understanding.judging.units import Unit
from puls.understanding.message import Message
from puls.understanding.when.expressions import asks_of_the_past
from puls.understanding.when.stays import leaves_at
from puls.understanding.when.times import Time

_WANTED = frozenset("surtout plutot idealement preferably ideally especially mainly".split())
"""Before a reading: it is wished for. « plutôt » corrects only what stands right before it (below)."""
_BECAUSE = frozenset("car because puisque".split())
_SINCE = frozenset("depuis since".split())
_THINGS = frozenset(
    "anything something things stuff events event activities activity truc trucs chose choses sortie sorties activite activites entree acces idee idees quelquechose evenement evenements".split()
)
_ANY = frozenset("any all every anything anywhere everything everywhere anytime".split())
_BUT = frozenset("mais but plutot rather instead sinon alors".split())
_UNDONE_AFTER = (
    "non",
    "no",
    "impossible",
    "exclu",
    "exclue",
    "c est mort",
    "c est non",
    "pas possible",
    "je peux pas",
    "je ne peux pas",
    "on peut pas",
    "on ne peut pas",
    "ca va pas",
    "ca ne va pas",
    "ca marche pas",
    "ne me va pas",
    "je suis pas libre",
    "je suis pas dispo",
    "we re busy",
    "i m busy",
    "i work",
    "on a deja quelque chose",
    "ne va pas",
    "me va pas",
    "i can t",
    "we can t",
    "won t work",
    "doesn t work",
    "is out",
    "c est trop loin",
    "trop loin",
    "est trop loin",
    "a eviter",
    "pas dispo",
    "on bosse",
    "je bosse",
    "je travaille",
    "on travaille",
    "ca ira pas",
    "ne nous va pas",
    "pas libre",
    "est exclu",
    "est impossible",
    "sont exclus",
    "n est pas possible",
    "not possible",
    "excluded",
    "excepte",
    "excepted",
    "exclus",
    "exclues",
    "par contre non",
    "ras la casquette",
    "j en ai marre",
    "ras le bol",
)
_UNDONE_AFTER_BY_LENGTH = sorted(
    {tuple(phrase.split()) for phrase in _UNDONE_AFTER}, key=len, reverse=True
)
_FINE_AFTER = tuple(
    tuple(phrase.split())
    for phrase in (
        "oui", "ok", "works", "is fine", "is ok", "ca marche", "ca va", "c est bon", "ca irait", "ca nous va", "ca me va", "on est libres", "on est libre",
        "je suis libre", "on est dispo", "je suis dispo", "nous va", "me va", "je peux", "on peut", "yes", "i can", "we can", "plutot", "rather", "instead",
    )
)  # fmt: skip
_BUSY = {
    (who, has, what)
    for who, has in (("on", "a"), ("j", "ai"), ("nous", "avons"), ("we", "have"), ("i", "have"))
    for what in (
        "le",
        "la",
        "un",
        "une",
        "deja",
        "l",
        "piscine",
        "judo",
        "danse",
        "foot",
        "a",
        "the",
    )
}
_CORRECTIONS = (
    "ou plus exactement",
    "plus exactement",
    "ou plus precisement",
    "ah zut",
    "zut",
    "je confonds",
    "je me suis trompe",
    "je me suis trompee",
    "ah mince",
    "rectif",
    "my mistake",
    "or rather",
    "non plutot",
    "non finalement",
    "finalement",
    "euh",
    "non pardon",
    "non non",
    "pardon",
    "oups",
    "oups pardon",
    "je voulais dire",
    "je veux dire",
    "i mean",
    "i meant",
    "enfin non",
    "euh non",
    "ah non",
    "no wait",
    "wait no",
    "actually no",
    "sorry",
    "erreur",
    "rectification",
    "plutot",
    "ou plutot",
    "or rather",
    "en fait",
    "make that",
    "scratch that",
    "non",
    "no",
    "enfin",
    "nan",
    "mince",
    "je me trompe",
    "je rectifie",
    "correction",
    "desole",
    "ou pas",
)
_CORRECTIONS_BY_LENGTH = sorted(
    {tuple(phrase.split()) for phrase in _CORRECTIONS}, key=len, reverse=True
)
_REPLACING = frozenset(
    "remplace remplacer remplacez remplaces change changer changez changes echange replace swap troque".split()
)
_BY = frozenset("par pour en contre with for by into to".split())


def signs_of(message: Message, units: Sequence[Unit]) -> list[Sign | None]:
    """The sign of each unit; None where grammar alone does not tell."""
    signs: list[Sign | None] = [None] * len(units)
    for at, unit in enumerate(units):
        if unit.reading is None:
            signs[at] = sign_of_word(message, units, signs, at)
        else:
            signs[at] = (
                _told(message, units, at)
                or _before(message, units, signs, at)
                or _after(message, units, at)
                or _of_somebody(message, units, at)
            )
    _move(message, units, signs)
    refuse_what_precedes(message, units, signs)
    _correct(message, units, signs)
    _replace(units, signs)
    return signs


def _told(message: Message, units: Sequence[Unit], at: int) -> Sign | None:
    """A time of a reason, of a state or of the way home: « car l'après-midi il s'endort », « en fauteuil depuis mars », « on rentre le 29 »."""
    if units[at].reading.field != "when" or asks_of_the_past(message):  # type: ignore[union-attr] # asked for readings alone
        return None
    if message.norm(units[at].first) in _SINCE or leaves_at(message, units[at].first):
        return "I"
    for back in range(at - 1, max(-1, at - REACH), -1):
        if message.has_pause_before(units[back + 1].first) or units[back].reading is not None:
            return None
        is_reason = units[back].kind in _BECAUSE and words_between(units, back - 1, back) != ("en",)
        if is_reason or words_between(units, back - 1, back + 1) in _BECAUSE_TWO:
            return "I"
    return None


def _is_not_only(units: Sequence[Unit], back: int) -> bool:
    """« pas seulement (le week-end) », « pas que (samedi) », “not just (Friday)”: nothing is left out."""
    return units[back].kind in _ONLY and back > 0 and units[back - 1].kind in NOT


_ONLY = frozenset("seulement que qu juste uniquement forcement only just merely simplement".split())
_WITHOUT = frozenset("sans without".split())
_CANNOT = (
    "can t do",
    "can t make",
    "cannot do",
    "cannot make",
    "can t come",
    "peux plus",
    "peut plus",
)
_BECAUSE_TWO = {("parce", "que"), ("parce", "qu"), ("vu", "que"), ("vu", "qu")}


def _before(
    message: Message, units: Sequence[Unit], signs: Sequence[Sign | None], at: int
) -> Sign | None:
    """What stands before, over small words of the same clause."""
    field = units[at].reading.field  # type: ignore[union-attr] # asked for readings alone
    if field == "price" and at and units[at - 1].kind in _THINGS:
        return "U"  # “anything free”, « des trucs gratuits »
    back = at - 1
    while (
        back >= max(0, at - REACH)
        and units[back].reading is None
        and units[back].kind in SMALL
        and not message.has_pause_before(units[back + 1].first)
    ):
        if ends_with(units, back + 1, LEAVING_OUT_MORE) or ends_with(units, back + 1, INSTEAD):
            return "N"
        if " ".join(words_between(units, back - 1, back + 1)) in LEAVING_OUT_TWO:
            return "N"
        back -= 1
    if back < 0:
        return None
    is_apart = message.has_pause_before(units[back + 1].first)
    before = units[back]
    if is_apart and before.reading is None and before.kind not in LEAVING_OUT:
        return None
    if before.reading is not None:
        joined = back + 1 < at and units[back + 1].kind in AND
        if back + 1 == at and not is_apart and before.reading.field == field and signs[back] == "N":
            return "U"  # « pas mardi mercredi »
        if signs[back] == "N" and before.reading.field == field and _is_but(units, back, at):
            return "U"  # « c'est pas Tours c'est Tulle »
        return signs[back] if joined and before.reading.field == field else None
    said = before.kind
    if field == "when" and _is_not_only(units, back):
        return "I"
    if (
        said in LEAVING_OUT
        or ends_with(units, back + 1, LEAVING_OUT_MORE)
        or ends_with(units, back + 1, INSTEAD)
        or " ".join(words_between(units, back - 1, back + 1)) in LEAVING_OUT_TWO
    ):
        return "N"
    if said in NOT and (back == 0 or units[back - 1].kind not in ("pourquoi", "why", "if", "si")):
        return (
            "N"
            if (field in ("when", "where", "distance") or units[at].kind == "<accessibility>")
            and (field == "where" or units[back + 1].kind not in OF)
            else None
        )
    if field in ("when", "where", "distance", "need") and is_refused(message, units, at):
        return "N"
    if said == "but" and any(each.kind in _ANY for each in units[max(0, back - 5) : back]):
        return "N"
    if field == "where" and said in _WITHOUT:
        return "N"  # « en Bretagne sans le Morbihan »
    if field == "when" and (said in _WITHOUT or ends_with(units, back + 1, _CANNOT)):
        return "N"
    if said in _WANTED and field == "when":
        return "N" if back and units[back - 1].kind in NOT else "U"
    if said == "rien" and units[at].kind in ("<before>", "<after>", "<until>", "<from>"):
        return "N"
    if said == "impossible" and (back == 0 or message.has_pause_before(units[back].first)):
        return "N"
    if said in AND and back > 0:
        other = next(
            (
                each
                for each in range(back - 1, max(-1, back - 3), -1)
                if units[each].reading is not None
            ),
            None,
        )
        if other is not None and units[other].reading.field == field and signs[other] == "N":  # type: ignore[union-attr]
            return "N"
    if said in _BUT and any(
        sign == "N" and each.reading is not None and each.reading.field == field
        for sign, each in zip(signs[:back], units[:back], strict=True)
    ):
        return "U"
    return None


def _is_but(units: Sequence[Unit], first: int, second: int) -> bool:
    return words_between(units, first + 1, second)[:2] in (("c", "est"), ("it", "s"))


_SOMEBODY = re.compile(
    r"(?<!\S)(?:ma|mon|mes|notre|nos|my|our) (?:\S+ )?(?:soeurs?|freres?|filles?|fils|mere|pere|parents|cousine?s?|tante|oncle|amie?s?|copain|copine|collegues?|voisine?s?|grand \S+|belle \S+|beau \S+|sister|brother|daughter|son|mother|father|cousin|friends?|aunt|uncle)"
    r" (?:habite|habitent|vit|vivent|travaille|travaillent|etudie|est|sont|lives?|live|works?|studies)(?: (?:a|au|aux|en|dans|pres de|in|near))?(?: (?:la|le|les|l))? $"
)
_THERE = re.compile(
    r"(?<!\S)(?:la bas|chez (?:elle|lui|eux|elles)|la voir|le voir|les voir|there|visit\S*)(?!\S)"
)


def _of_somebody(message: Message, units: Sequence[Unit], at: int) -> Sign | None:
    """« ma sœur habite Lille »: where somebody else lives is no place to look in."""
    unit = units[at]
    if unit.reading is None or unit.reading.field != "where" or _THERE.search(message.line):
        return None
    before = message.line[: message.offset(unit.first)]
    return "I" if _SOMEBODY.search(before) else None


def _after(message: Message, units: Sequence[Unit], at: int) -> Sign | None:
    """« samedi non », « Lyon, impossible »; « le 30 oui », “the 4th works”."""
    following = words_between(units, at + 1, at + 8)
    fine = next((each for each in _FINE_AFTER if following[: len(each)] == each), ())
    if following[:3] in _BUSY and any(
        other.reading is not None
        and isinstance(other.reading.value, Time)
        and other.reading.value.point is not None
        for other in units[at + 1 :]
    ):
        return "N"  # « dimanche on a le baptême, samedi alors »
    is_undone = following[len(fine) :][:1] in (("pas",), ("plus",), ("not",))
    if fine and not is_undone and not message.has_pause_before(units[at + 1].first):
        return "U"
    for phrase in _UNDONE_AFTER_BY_LENGTH:
        for skip in (0, 1):
            if following[skip : skip + len(phrase)] == phrase and (
                skip == 0 or following[0] in ("c", "ca", "is", "it", "that", "est", "la")
            ):
                end = at + 1 + skip + len(phrase)
                closes = (
                    end >= len(units)
                    or message.has_pause_before(units[end].first)
                    or units[end].kind in _BUT
                )
                if (closes or len(phrase) > 2) and (
                    len(phrase) > 1
                    or phrase[0] not in ("non", "no")
                    or not message.has_pause_before(units[at + 1].first)
                ):
                    return "N"
    return None


def _correct(message: Message, units: Sequence[Unit], signs: list[Sign | None]) -> None:
    """« samedi, non pardon, dimanche »: the earlier reading of the field is taken back."""
    for at, unit in enumerate(units):
        if unit.reading is None or signs[at] == "N":
            continue
        start = at - 1
        while start >= 0 and units[start].reading is None and units[start].kind in SMALL:
            start -= 1
        if start < 0 or units[start].reading is not None:
            continue
        phrase = next(
            (
                each
                for each in _CORRECTIONS_BY_LENGTH
                if words_between(units, start + 1 - len(each), start + 1) == each
            ),
            None,
        )
        if phrase is None:
            continue
        first = start + 1 - len(phrase)
        if _opens(units, first, phrase):
            signs[at] = signs[at] or "U"  # « non, en fait le 21 »
        if first <= 0 or not (
            message.has_pause_before(units[first].first)
            or len(phrase) > 1
            or phrase[0] in ("plutot", "pardon", "oups")
        ):
            continue
        others = [
            other
            for other in range(first)
            if units[other].reading is not None
            and units[other].reading.field == unit.reading.field  # type: ignore[union-attr]
            and signs[other] != "N"
        ]
        between = first - others[-1] - 1 if others else REACH + 1
        others = [other for other in others if _can_correct(units[other], unit)]
        if others and between <= 2 * REACH:
            for other in others if unit.reading.field == "when" else others[-1:]:
                is_run = units[others[-1]].first - units[other].last <= 3 * REACH
                signs[other] = "I" if is_run else signs[other]
            signs[at] = "U"


def _move(message: Message, units: Sequence[Unit], signs: list[Sign | None]) -> None:
    """« dimanche y a belle-maman qui débarque… bon, samedi alors »: a day on which something else is told, and the day taken for it."""
    named = [at for at, unit in enumerate(units) if _names_a_day(unit) and signs[at] != "N"]
    if len(named) < _PAIR or not _is_taken(units, named[-1]):
        return
    first, last = named[-2], named[-1]
    told = units[first + 1 : last]
    if (
        len(told) >= _SHORTEST_STORY
        and told[0].kind in _STORY_OPENS
        and not any(names_a_kind(unit.kind) and unit.kind not in _OF_A_STORY for unit in told)
        and message.has_pause_before(_clause_of(message, units, last))
    ):
        signs[first], signs[last] = "I", "U"


def _names_a_day(unit: Unit) -> bool:
    time = unit.reading.value if unit.reading is not None else None
    return isinstance(time, Time) and time.point is not None and time.until is None


def _clause_of(message: Message, units: Sequence[Unit], at: int) -> int:
    """The first word of the clause in which a day is taken: « bon, samedi alors »."""
    while at > 0 and units[at - 1].reading is None and units[at - 1].kind in _TAKING | SMALL:
        if message.has_pause_before(units[at].first) and units[at - 1].kind in SMALL:
            break
        at -= 1
    return units[at].first


def _is_taken(units: Sequence[Unit], at: int) -> bool:
    """« samedi alors », « bon, samedi », « du coup samedi »."""
    before, after = words_between(units, at - 4, at), words_between(units, at + 1, at + 3)
    follows = bool(after) and (after[0] in _TAKING or after == ("du", "coup"))
    return (
        follows
        or bool(_TAKING.intersection(before))
        or ("du", "coup") in tuple(itertools.pairwise(before))
    )


_PAIR, _SHORTEST_STORY = 2, 2
_TAKING = frozenset("alors donc bon ben plutot disons coup so then instead rather bah".split())
_STORY_OPENS = frozenset(
    "y ya il elle c j je on nous ils elles ma mon mes notre nos sa son les belle beau mamie papi papa maman tonton tata it s i we my our there they".split()
)
"""How something that is told of a day begins: « y a … », « c'est … », « ma mère … »."""
_OF_A_STORY = frozenset("match matchs mariage bapteme fete anniversaire reunion".split())


def _opens(units: Sequence[Unit], first: int, phrase: Sequence[str]) -> bool:
    """Whether a correction of more than a « non » begins the message: it corrects what was said before."""
    is_said = phrase[0] not in ("non", "no", "nan") or len(phrase) > 1
    return is_said and all(unit.kind in ("non", "no", "ah", "oh", "bon") for unit in units[:first])


def is_corrected(message: Message, first: int, last: int) -> bool:
    """Whether words between two readings take the first of them back."""
    said = [message.norm(at) for at in range(first + 1, last)]
    return any(
        tuple(said[at : at + len(phrase)]) == phrase
        for phrase in _CORRECTIONS_BY_LENGTH
        for at in range(len(said))
    )


def _can_correct(earlier: Unit, later: Unit) -> bool:
    """« samedi, plutôt le soir » and « la semaine du 7, plutôt le jeudi » narrow; they take nothing back."""
    first = earlier.reading.value if earlier.reading else None
    second = later.reading.value if later.reading else None
    if not isinstance(first, Time) or not isinstance(second, Time):
        return True
    if first.point is None or second.point is None:
        return second.point is not None or first.point is None
    return not (second.point.days.weekdays and first.point.days.unit in _WIDE)


_WIDE = ("week", "weekend", "month", "season", "holidays", "year", "span")


def _replace(units: Sequence[Unit], signs: list[Sign | None]) -> None:
    """« remplace samedi par dimanche »."""
    for at, unit in enumerate(units):
        if unit.reading is not None or unit.kind not in _REPLACING:
            continue
        readings = [
            other
            for other in range(at + 1, min(at + 9, len(units)))
            if units[other].reading is not None
        ]
        for one, two in itertools.pairwise(readings):
            same = units[one].reading.field == units[two].reading.field  # type: ignore[union-attr]
            if same and any(units[each].kind in _BY for each in range(one + 1, two)):
                signs[one], signs[two] = "I", "U"
