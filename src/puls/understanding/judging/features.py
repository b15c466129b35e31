"""What a judgement looks at: each unit with its neighbours, its clause and what stands before it. Pure.

Readings count as what they are, not as what they say: « à Lyon » and « à Die » look alike. Enter at `features_of` for units, `traits_of` for a message.
"""

import re
from collections.abc import Iterator, Sequence

from puls.language.lexicon import category_of_word, cues, singular, words_of_themes
from puls.understanding.judging.left_out import Sign
from puls.understanding.judging.units import Unit
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.when.times import Time
from puls.understanding.where.context import ORDINARY_WORDS
from puls.understanding.where.place import Place

_NEGATIONS = frozenset(
    "pas sauf hors ni sans excepte hormis except not but no jamais non aucun aucune autre plutot without don evite deteste marre ras impossible plus never neither nor except ohne kein sin senza geen".split()
)
_REQUESTS = frozenset(
    "cherche cherchons cherchais recherche voudrais voudrait voudrions veux veut voulons aimerais aimerait aimerions envie trouve trouver trouvez propose proposez proposer quoi quel quelle quels quelles "
    "faire voir il y a t existe auriez avez faut faudrait besoin dispo prevu any looking find want what where show recommend est possible peut on conseillez conseiller emmener sortir aller".split()
)
_PAST = re.compile(
    r"^(?:etais|etait|etions|avais|avait|avions|ai|avons|suis|vu|vue|rate|ratee|fait|alle|allee|parti|partie|went|was|were|had|saw|missed|passe|deja|derniere|dernier|came|moved)$|(?:ais|ait|ions|aient)$"
)
_VERBS = {
    word: kind
    for kind, words in (
        (
            "home",
            "habite habites habitons habitent habitant vis vivons vit vivent reside residons loge logeons dors dormons heberge heberges installe installes originaire live living lives based natif native ne nee",
        ),
        (
            "from",
            "viens venons vient venant venus venue pars partons part partis partie quitte quittons quittent rentre rentrons rentrent reviens revient revenons debarque debarquent depuis came coming leaving left fuis fuyons chasse mute",
        ),
        (
            "to",
            "vais allons vont arrive arrivons arrivent passe passons descends descendons monte montons serai serons seront suis sommes sejour sejourne sejournons going visiting visit arriving landing staying stay rejoins rejoint retrouve retrouvons recois reste restons pose posons visons vise atterris campe campons amene emmene",
        ),
        (
            "seek",
            "cherche cherchons cherchais recherche voudrais voudrait voudrions veux veut voulons aimerais aimerait aimerions envie trouve trouvez trouver propose proposez faudrait faut existe looking find want any anything plairait tente tenterait connais connaissez dispo programme conseillez conseilles",
        ),
        (
            "told",
            "rate ratee vu vue vus adore aime detestait detestais avait avais etait etais allions alle allee joue jouait chante missed saw went was were loved heard parle parler travaille travaillons bosse bossait lu entendu ferme annule",
        ),
    )
    for word in words.split()
}
_PREPOSITIONS = frozenset(
    "a au aux en dans ds sur vers de du d des depuis pour chez par entre jusqu avant apres pendant from to in at near around for on by until before after avec sans sauf hors ni pas".split()
)
_ARTICLES = frozenset("le la les l un une the ce cet cette".split())
_NEGATION_KINDS = dict.fromkeys(
    "sauf hors hormis excepte except ni jamais never neither nor without evite sans ohne senza sin".split(),
    "sauf",
) | dict.fromkeys("pas not non plus no don".split(), "pas")
_OTHERS = frozenset(
    "ma mon mes son sa ses leur leurs soeur frere mere pere cousin cousine amie ami amis fils fille mari femme copain copine collegue parents voisin voisine tante oncle ex his her their sister brother".split()
)


def features_of(
    message: Message, units: Sequence[Unit], signs: Sequence[Sign | None], *, is_follow_up: bool
) -> list[list[str]]:
    """The features of each unit, as names."""
    looks = [_look(unit) for unit in units]
    shapes = [_shape(message, unit) for unit in units]
    clauses = _clauses(message, units)
    traits = [_clause_traits(message, units, clause) for clause in clauses]
    clause_of = [at for at, clause in enumerate(clauses) for _ in clause]
    fields = [unit.reading.field if unit.reading else "" for unit in units]
    quoted = _quoted(message, units)
    result = []
    for at, unit in enumerate(units):
        here = looks[at]
        names = [
            "b",
            f"w={here}",
            f"s={shapes[at]}",
            f"kindleft={_left_kind(shapes, clauses[clause_of[at]], at)}|{shapes[at][:2]}",
        ]
        if unit.reading is None and len(unit.kind) > 3:
            names += [
                f"suf={unit.kind[-3:]}",
                f"pre={unit.kind[:3]}",
                f"known={is_known_word(unit.kind)}",
            ]
        for step in (-3, -2, -1, 1, 2, 3):
            names.append(f"w{step}={_at(looks, at + step)}")
        for step in (-1, 1):
            names.append(f"s{step}={_at(shapes, at + step)}")
        names += [
            f"w-2-1={_at(looks, at - 2)}|{_at(looks, at - 1)}",
            f"w-10={_at(looks, at - 1)}|{here}",
            f"w01={here}|{_at(looks, at + 1)}",
            f"w12={_at(looks, at + 1)}|{_at(looks, at + 2)}",
            f"w-11={_at(looks, at - 1)}|{_at(looks, at + 1)}",
            f"s-10={_at(shapes, at - 1)}|{shapes[at]}",
            f"s01={shapes[at]}|{_at(shapes, at + 1)}",
            f"s-101={_at(shapes, at - 1)}|{shapes[at]}|{_at(shapes, at + 1)}",
        ]
        clause = clause_of[at]
        own = traits[clause]
        names += [f"c={trait}" for trait in own]
        kind = fields[at] or shapes[at]
        names += [f"k={kind}|c={trait}" for trait in own]
        names.append(
            f"k={kind}|clause={'only' if len(clauses) == 1 else 'first' if clause == 0 else 'last' if clause == len(clauses) - 1 else 'mid'}"
        )
        names += _around_reading(looks, clauses[clause], at, kind)
        if is_follow_up:
            names += ["f", f"f|k={kind}", f"f|w={here}"]
        if quoted[at]:
            names += ["q", f"q|k={kind}"]
        if signs[at] is not None:
            names += [f"sign={signs[at]}", f"k={kind}|sign={signs[at]}"]
        if unit.reading is not None:
            names += _reading_features(message, units, at, clause_of, traits)
        elif at == 0 or message.has_pause_before(unit.first):
            names.append("after_pause")
        result.append(names)
    return result


def _reading_features(
    message: Message,
    units: Sequence[Unit],
    at: int,
    clause_of: Sequence[int],
    traits: Sequence[Sequence[str]],
) -> Iterator[str]:
    """How a reading stands among others of its field."""
    unit = units[at]
    assert unit.reading is not None
    field = unit.reading.field
    same = [
        other for other, each in enumerate(units) if each.reading and each.reading.field == field
    ]
    place = same.index(at)
    yield f"n={field}|{min(len(same), 3)}"
    if len(same) > 1:
        yield f"n={field}|{'first' if place == 0 else 'last' if place == len(same) - 1 else 'mid'}"
        asks = [
            "asks" in traits[clause_of[other]] or "kind" in traits[clause_of[other]]
            for other in same
        ]
        yield f"n={field}|{'here' if asks[place] else 'there' if any(asks) else 'nowhere'}_asked"
        is_alone_in_clause = sum(clause_of[other] == clause_of[at] for other in same) == 1
        yield f"n={field}|alone={is_alone_in_clause}"
        yield f"n={field}|{'here' if asks[place] else 'there' if any(asks) else 'nowhere'}|{'first' if place == 0 else 'last'}|{is_alone_in_clause}"
    value = unit.reading.value
    if isinstance(value, Place):
        yield f"p=strength{value.strength}"
        yield f"p=size{len(str(value.population))}"
        if value.is_slip:
            yield "p=slip"
        if message.words[unit.first].said in ORDINARY_WORDS:
            yield f"p=ordinary|cap={message.is_capitalised(unit.first)}"
        yield f"p=cap{message.is_capitalised(unit.first)}"
    if isinstance(value, Time):
        if value.point is not None:
            yield f"t=unit{value.point.days.unit}"
            if value.point.hours:
                yield "t=hours"
        if value.hours and all(each.is_weak for each in value.hours):
            yield "t=weak"


def _left_kind(shapes: Sequence[str], clause: range, at: int) -> str:
    """How far to the left in the clause a word for a kind of event stands, and whether a reading stands between."""
    for back in range(1, min(7, at - clause.start + 1)):
        if shapes[at - back] in ("KIND", "WORLD"):
            return f"{shapes[at - back]}{min(back, 4)}"
        if shapes[at - back].startswith("<"):
            return f"reading{min(back, 3)}"
    return "none"


def _at(values: Sequence[str], at: int) -> str:
    return values[at] if 0 <= at < len(values) else "^" if at < 0 else "$"


def _look(unit: Unit) -> str:
    """The word, or what the reading is; figures all look alike."""
    if unit.reading is not None:
        return unit.kind
    return "#" if unit.kind[:1].isdigit() else unit.kind


def _shape(message: Message, unit: Unit) -> str:
    """What kind of word it is."""
    if unit.reading is not None:
        return f"<{unit.reading.field}>"
    word = singular(unit.kind)
    if word in category_of_word() or unit.kind in category_of_word():
        return "KIND"
    if word in words_of_themes() or unit.kind in words_of_themes():
        return "WORLD"
    if unit.kind[:1].isdigit():
        return "#"
    is_name = message.is_capitalised(unit.first) and not message.starts_a_sentence(unit.first)
    if is_name:
        return "Name"
    length = len(unit.kind)
    return f"x{min(length, 6)}{unit.kind[-2:] if length > 5 else ''}"


def _clauses(message: Message, units: Sequence[Unit]) -> list[range]:
    """Runs of units between pauses."""
    starts = [
        0,
        *(at for at in range(1, len(units)) if _BREAK.search(message.words[units[at].first].gap)),
    ]
    return [
        range(start, end)
        for start, end in zip(starts, [*starts[1:], len(units)], strict=True)
        if end > start
    ]


_BREAK = re.compile(r"[.,;:!?…()\[\]\n|]|\s[-–—]\s")


def _clause_traits(message: Message, units: Sequence[Unit], clause: range) -> list[str]:
    words = [units[at].kind for at in clause if units[at].reading is None]
    traits = []
    if any(word in _REQUESTS for word in words):
        traits.append("asks")
    if any(
        singular(word) in category_of_word() or singular(word) in words_of_themes()
        for word in words
    ):
        traits.append("kind")
    if any(_PAST.search(word) for word in words if len(word) > 1):
        traits.append("past")
    if any(word in _OTHERS for word in words):
        traits.append("others")
    if any(word in ("je", "j", "on", "nous", "i", "we", "moi", "m") for word in words):
        traits.append("me")
    end = units[clause[-1]].last
    after = message.text[message.words[end].end : message.words[end].end + 3]
    if "?" in after:
        traits.append("question")
    if any(word in _NEGATIONS for word in words):
        traits.append("negation")
    if not traits:
        traits.append("plain")
    return traits


def _around_reading(looks: Sequence[str], clause: range, at: int, kind: str) -> Iterator[str]:
    """What governs a unit in its clause: the nearest negation, preposition and verb before it, and the word after it."""
    negation = preposition = verb = ""
    for back in range(1, min(9, at - clause.start + 1)):
        word = looks[at - back]
        if not negation and back <= 6 and word in _NEGATION_KINDS:
            negation = f"{_NEGATION_KINDS[word]}{min(back, 3)}"
            yield f"k={kind}|negword={word}"
            if any(look.startswith("<") for look in looks[at - back + 1 : at]):
                negation += "over"
        if not preposition and back <= 3 and word in _PREPOSITIONS:
            preposition = word
        if not verb and word in _VERBS:
            verb = f"{_VERBS[word]}"
        if word.startswith("<") and not preposition:
            preposition = "reading"
    yield f"k={kind}|neg={negation}"
    yield f"k={kind}|prep={preposition}"
    yield f"k={kind}|verb={verb}"
    yield f"k={kind}|verb={verb}|prep={preposition}"
    for ahead in range(1, min(5, clause.stop - at)):
        word = looks[at + ahead]
        if word in _VERBS:
            yield f"k={kind}|then={_VERBS[word]}"
            break


def _quoted(message: Message, units: Sequence[Unit]) -> list[bool]:
    """Whether each unit stands between quotes."""
    if not any(mark in message.text for mark in '«“"'):
        return [False] * len(units)
    inside = False
    result = []
    for unit in units:
        gap = message.words[unit.first].gap
        for mark in gap:
            if mark in "«“":
                inside = True
            elif mark in "»”":
                inside = False
            elif mark == '"':
                inside = not inside
        result.append(inside)
    return result


def traits_of(
    message: Message, units: Sequence[Unit], *, is_follow_up: bool, has_shown: bool
) -> list[str]:
    """The features of a whole message: runs of what its units look like, and how long it is."""
    looks = ["^", *(_look(unit) for unit in units), "$"]
    shapes = ["^", *(_shape_for_turn(message, unit) for unit in units), "$"]
    state = "s" if has_shown else "f" if is_follow_up else "n"
    names = [
        "b",
        f"state={state}",
        f"len={min(len(units), 20) // 2}",
        f"state={state}|len={min(len(units), 12) // 2}",
    ]
    for sequence, tag in ((looks, "w"), (shapes, "s")):
        for size in (1, 2, 3):
            for at in range(len(sequence) - size + 1):
                gram = " ".join(sequence[at : at + size])
                names.append(f"{tag}{size}={gram}")
                if size < 3:
                    names.append(f"{state}|{tag}{size}={gram}")
    hints = _hints(message)
    names += [f"hint={hint}" for hint in hints] + [f"{state}|hint={hint}" for hint in hints]
    names += [f"hints={one}+{two}" for at, one in enumerate(hints) for two in hints[at + 1 :]]
    names.append(f"no hint|{state}" if not hints else f"first hint={hints[0]}|{state}")
    for field in dict.fromkeys(unit.reading.field for unit in units if unit.reading):
        names += [f"hint={hint}|has={field}" for hint in hints]
        names.append(f"has={field}")
        names.append(f"{state}|has={field}")
    if "?" in message.text:
        names += ["question", f"{state}|question"]
    if "!" in message.text:
        names.append("exclaims")
    if not any(unit.reading for unit in units):
        names += ["bare", f"{state}|bare"]
    return list(dict.fromkeys(names))


def _hints(message: Message) -> list[str]:
    """The classes of words that hint at a kind of message, in the order in which they are met."""
    words = [word.norm for word in message.words]
    return list(
        dict.fromkeys(
            name for place in range(len(words)) for name in sorted(cues().at(words, place))
        )
    )


def _shape_for_turn(message: Message, unit: Unit) -> str:
    shape = _shape(message, unit)
    return unit.kind if shape.startswith("x") and len(unit.kind) <= 4 else shape
