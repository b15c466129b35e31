"""Which words of a message are refused: after « sauf », « pas un », « rien de », « je déteste », before « non merci », « très peu pour moi ». Pure.

Words under such a sign are likely no theme; `themes` decides with their chances. « Rien sauf le rap » is the other way round. `signs` reads the
same tables for readings.
"""

from collections.abc import Sequence
from typing import Literal

from puls.understanding.judging.units import Unit
from puls.understanding.message import Message

Sign = Literal["U", "N", "I"]
"""U: meant, against what was said before it. N: left out. I: taken back by what follows."""

LEAVING_OUT = frozenset(
    "sauf hors hormis excepte exceptes ni nor except ausser ohne senza salvo excepto jamais never evite evitez evitons eviter esquive fuis fuyons avoid".split()
)
LEAVING_OUT_TWO = frozenset(
    {
        "a part",
        "mis a",
        "autre que",
        "chose que",
        "chose qu",
        "autres que",
        "mais pas",
        "but not",
        "surtout pas",
        "certainement pas",
        "et pas",
        "other than",
        "non pas",
        "apart from",
        "anywhere but",
        "any but",
        "anything but",
        "aside from",
        "sans compter",
        "pas libre",
        "pas dispo",
        "pas disponible",
        "ailleurs que",
        "nothing with",
        "nothing about",
        "nothing like",
        "rien avec",
        "rien sur",
        "ailleurs qu",
        "aucun cas",
        "not free",
    }
)
LEAVING_OUT_MORE = (
    "en dehors de",
    "en dehors d",
    "en dehors du",
    "a l exception de",
    "a l exception du",
    "a l exception d",
    "a l exclusion de",
    "a l exclusion du",
    "tout sauf",
    "partout sauf",
    "n importe ou sauf",
)
INSTEAD = (
    "plutot que",
    "plutot qu",
    "au lieu de",
    "au lieu d",
    "au lieu du",
    "a la place de",
    "a la place du",
    "a la place d",
    "rather than",
    "instead of",
)
NOT = frozenset("pas not".split())
OF = frozenset("de du d des".split())
SMALL = frozenset(
    "le la les l un une ce cet cette ces de du d des a au aux en dans pour chez vers sur par cote the this that in at on for near around to of coin moi y c est".split()
)
AND = frozenset("et ou or and ni nor & y und".split())
REACH = 4  # small words between a trigger and what it governs

# « je n'aime pas l'opéra », “I don't want to be outdoors”: a wish that is denied.
_REFUSING = tuple(
    tuple(phrase.split())
    for phrase in (
        *(
            f"{verb} {no}"
            for verb in "aime aimes aimons aiment aimez veux veut voulons veulent voudrais supporte supportons supportent".split()
            for no in ("pas", "plus", "pas trop", "pas du tout")
        ),
        *(f"{no} {liking}" for no in ("pas", "plus", "pas trop", "pas tres", "pas du tout") for liking in ("envie", "fan", "fans", "amateur", "amateurs")),
        *("marre", "ras le bol", "ras la casquette", "deteste", "detestons", "detestent", "horreur", "raffole pas", "raffolons pas"),
        *(f"{no} {verb}" for no in ("don t", "do not", "doesn t", "don", "dont") for verb in ("like", "want", "love", "fancy", "enjoy")),
        *("not into", "not a fan", "not fans", "not keen", "hate", "hates", "can t stand", "tired", "sick", "bored", "fed up with", "enough"),
    )
)  # fmt: skip
_REFUSING_BY_LAST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in _REFUSING:
    _REFUSING_BY_LAST.setdefault(_phrase[-1], []).append(_phrase)
_DOING = frozenset("aller voir faire etre retourner be go see do to in visit".split())
"""Verbs between a refusal and what is refused: « pas envie d'aller au musée »."""
_REFUSED_BEFORE = sorted(
    (
        tuple(phrase.split())
        for phrase in (
            "non merci", "no thanks", "no thank you", "merci non", "tres peu pour", "sans facon", "surtout pas", "exclu", "exclue", "exclus", "exclues",
            "on s en passe", "on s en passera", "je m en passe", "deja vu", "deja vue", "deja vus", "deja vues", "deja fait", "deja faite", "deja faits",
            "bof", "on evite", "a eviter", "evitez", "j en ai marre", "m interesse pas", "nous interesse pas", "j aime pas", "on aime pas",
            "c est non", "c est pas pour moi", "pas pour moi", "pas pour nous", "par pitie", "is out", "not for me", "not for us", "pas mon truc", "pas notre truc",
        )
    ),
    key=len,
    reverse=True,
)  # fmt: skip
_REFUSED_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in _REFUSED_BEFORE:
    _REFUSED_BY_FIRST.setdefault(_phrase[0], []).append(_phrase)
_MOST_REFUSED = 4  # words before such a phrase
_OPENS = frozenset(
    "mais but et and surtout non no nan ah oh alors donc ben bon ou hein si possible".split()
)
"""What may stand before the « pas » or “not” that leaves something out, other than a verb."""
_OF_NO_THEME = frozenset(
    # who, what, how much
    "mais but autre autres other others et ou and or besoin envie ne non pas no not ah oh lol hein alors chose choses avec depuis "
    "i you we he she it they me us them je tu il elle on nous vous ils elles moi toi lui eux j t m s n y en qu que qui quoi ca cela ici that this which what who "
    "trop tres plus moins assez encore aussi bien mal tout tous toute rien peu beaucoup fois forcement necessarily vraiment really very too so all only again after when than with from "
    "if si one either be been being have has had do does did go  more need must need necessary obligatoire obligation probleme problem rush idee idea clue car parce donc ai ont ont est sont va vont fait peut faut "
    # how one gets in
    "entree entrees ticket tickets billet billets place places reservation reservations inscription inscriptions seance tarif tarifs prix argent budget euros limite "
    # how one comes
    "voiture voitures car cars license permis debout salle grave pitie plait please thanks merci stp svp peine dispo libre prevu special particulier precis mieux cher chers chere fou neuf "
    # of everyone, not of an event
    "monde ferie feries fort forte forts fortes bruyant bruyants bruyante long longs longue tard tot loud noisy late loin far debut fin date dates heure heures jour jours soucis souci saison vacances celle celles celui ceux lieu endroit".split()
)


def words_between(units: Sequence[Unit], start: int, end: int) -> tuple[str, ...]:
    return tuple(unit.kind for unit in units[max(0, start) : end])


def ends_with(units: Sequence[Unit], end: int, phrases: Sequence[str]) -> bool:
    for phrase in phrases:
        words = tuple(phrase.split())
        if words_between(units, end - len(words), end) == words and end >= len(words):
            return True
    return False


def is_of_no_theme(word: str) -> bool:
    """« trop », “must”, « ticket »: words that say how, never which kind of event; nothing is left out by them."""
    return word in _OF_NO_THEME or len(word) < _SHORTEST


_SHORTEST = 2  # letters


def sign_of_word(
    message: Message, units: Sequence[Unit], signs: Sequence[Sign | None], at: int
) -> Sign | None:
    """N for what follows « sauf », « pas de » or « ni » up to a pause or a reading, U after « rien sauf »: a hint for themes, not a certainty."""
    unit = units[at]
    if unit.kind in SMALL or unit.kind in LEAVING_OUT or unit.kind in NOT:
        return None
    back = _trigger(message, units, at)
    if back is None:
        return None
    before = units[back].kind
    is_led = back + 1 < at and units[back + 1].kind in OF
    if _is_nothing_but(units, back):
        return "U"
    two = " ".join(words_between(units, back - 1, back + 1))
    if (
        (before in LEAVING_OUT and before not in ("never", "jamais"))
        or two in LEAVING_OUT_TWO
        or two == "sauf si"
        or (before in NOT and is_led and not (back and units[back - 1].kind in ("un", "le")))
        or (before in NOT and _opens_a_clause(message, units, back))
        or (before == "no" and not _is_of_a_title(message, units[back].first))
        or (before in ("rien", "nothing") and _opens_a_clause(message, units, back))
        or is_refused(message, units, at)
    ):
        return "N"
    if is_of_no_theme(unit.kind) or is_of_no_theme(before):
        return None
    is_joined = (back + 1 == at or is_led) and signs[back] is not None
    if is_joined:
        return signs[back]
    if before in _OR and back and signs[back - 1] is not None and back + 1 == at:
        return signs[back - 1]  # « sauf rap ou slam »
    return None


_OR = frozenset("ou or ni nor".split())


def _trigger(message: Message, units: Sequence[Unit], at: int) -> int | None:
    """The word before, over small words of the same clause; None at a pause or a reading."""
    back = at - 1
    while (
        back >= max(0, at - REACH)
        and units[back].reading is None
        and (units[back].kind in SMALL or units[back].kind in _SO)
    ):
        if message.has_pause_before(units[back + 1].first):
            return None
        back -= 1
    if (
        back < 0
        or units[back].reading is not None
        or message.has_pause_before(units[back + 1].first)
    ):
        return None
    return back


_SO = frozenset("trop tres too very".split())


def _is_nothing_but(units: Sequence[Unit], back: int) -> bool:
    """« rien sauf le rap », « rien d'autre que du jazz », “nothing but jazz”: that is what is wanted."""
    before = words_between(units, back - 3, back + 1)
    return before[-2:] in (("rien", "sauf"), ("nothing", "but"), ("nothing", "except")) or before[
        -4:
    ] in (("rien", "d", "autre", "que"), ("rien", "d", "autre", "qu"))


def _opens_a_clause(message: Message, units: Sequence[Unit], at: int) -> bool:
    """« …, pas un bar », « mais pas la plage », « rock pas techno»; not « j'ai pas la voiture »."""
    if at == 0 or message.has_pause_before(units[at].first) or units[at - 1].reading is not None:
        return True
    return units[at - 1].kind in _OPENS


def _is_of_a_title(message: Message, word: int) -> bool:
    """« No man's land » within a sentence."""
    return message.is_capitalised(word) and not message.starts_a_sentence(word)


def is_refused(message: Message, units: Sequence[Unit], at: int) -> bool:
    """Whether a denied wish governs what stands at a unit: « je déteste le cirque », “I don't want to be outdoors”."""
    back = at
    while (
        back > max(0, at - REACH - 1)
        and units[back - 1].reading is None
        and (units[back - 1].kind in SMALL or units[back - 1].kind in _DOING)
        and not message.has_pause_before(units[back].first)
    ):
        back -= 1
    if message.has_pause_before(units[back].first):
        return False
    return back > 0 and any(
        len(phrase) <= back and words_between(units, back - len(phrase), back) == phrase
        for phrase in _REFUSING_BY_LAST.get(units[back - 1].kind, ())
    )


def refuse_what_precedes(message: Message, units: Sequence[Unit], signs: list[Sign | None]) -> None:
    """« manif non merci », « le rugby, très peu pour moi »: N for the few words that such a phrase is said of."""
    for at in range(1, len(units)):
        phrase = next(
            (
                each
                for each in _REFUSED_BY_FIRST.get(units[at].kind, ())
                if words_between(units, at, at + len(each)) == each
            ),
            None,
        )
        if phrase is None:
            continue
        back = at - 1
        while (
            back >= max(0, at - _MOST_REFUSED)
            and units[back].reading is None
            and (back == at - 1 or not message.has_pause_before(units[back + 1].first))
        ):
            is_small = units[back].kind in SMALL or units[back].kind in AND
            if not is_small and not is_of_no_theme(units[back].kind):
                signs[back] = "N"
            back -= 1
