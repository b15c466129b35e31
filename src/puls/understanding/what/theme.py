"""The theme in the visitor's own words, and what is left out of it, from the words that were judged to be so. Pure.

Ranking reads it, so theme words keep the visitor's spelling, accents included. Enter at `theme_of` and `left_out_of`.
"""

import re
from collections.abc import Iterable, Sequence

from puls.catalogue.event import Category
from puls.geo.names import fold
from puls.language.lexicon import category_of_word, singular
from puls.understanding.message import Message

ABBREVIATIONS = {
    "expo": "exposition", "expos": "expositions", "conf": "conférence", "confs": "conférences", "cine": "cinéma", "zik": "musique", "zic": "musique", "teuf": "fête",
    "assos": "associations", "asso": "association", "rando": "randonnée", "randos": "randonnées", "astro": "astronomie", "impro": "improvisation", "bd": "bande dessinée",
    "philo": "philosophie", "resto": "restaurant", "biblio": "bibliothèque", "electro": "électro", "expositon": "exposition", "consert": "concert", "concer": "concert",
    "spectacl": "spectacle", "teatre": "théâtre",
}  # fmt: skip
_HANGING_BEFORE = frozenset(
    "le la les l un une des du de d au aux a en et ou the an of for in on with to some any y aussi plutot genre style ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs quelques petit petite bon bonne vrai vraie quel quelle quels quelles what which pres seulement uniquement only juste adore adores aime aimes love loves like likes".split()
)
_HANGING_AFTER = frozenset(
    "le la les l un une des du de d au aux a en et ou pour avec sur dans the of for in on with at by to y par sous chez entre sauf hors except excepte sans without hormis between pres plutot rather aussi too stp svp please".split()
)
_GENERIC = frozenset(
    "sortie sorties evenement evenements truc trucs chose choses activite activites idee idees something anything things thing event events quelque programme programmes plan planning journee autre autres agenda "
    "sympa sympas cool chouette outing activity activities stuff spectacles-ou sortir faire voir bouger occuper actvite animation-ou propositions suggestions dehors quartier personne personnes person people jumeaux jumelles triples".split()
)
_ADULT, _TEENAGER, _TODDLER = 18, 12, 4
_CHILD_WORDS = re.compile(
    r"(?<!\S)(?:enfants?|kids?|children|jeune public|petits|famille|tout petits|bebes?|ados?|adolescents?|toddlers?|family|juniors?|fillettes?|gamins|teens?)(?!\S)"
)
_REFUSING = frozenset("except sauf sans pas ni hors no not without excepte exceptes nor".split())
_SPLIT = re.compile(r"\s*(?:,|;|/|\+|\bet\b|\bou\b|\bni\b|\band\b|\bor\b|\bnor\b)\s*")
_SPACES = re.compile(r"\s+")


def joined_over_small_words(
    message: Message, spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans of words, those between which only a few small words stand made one: « concert en plein air »."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        between = range(joined[-1][1] + 1, first) if joined else range(0)
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        elif (
            joined
            and len(between) <= _MOST_JOINING
            and all(
                message.norm(at) in _JOINING and not message.has_pause_before(at) for at in between
            )
            and not message.has_pause_before(first)
        ):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def without_words(
    spans: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The spans without these words, which may cut one in two."""
    out = {at for first, last in taken for at in range(first, last + 1)}
    left: list[tuple[int, int]] = []
    for first, last in spans:
        for at in range(first, last + 1):
            if at in out:
                continue
            if left and left[-1][1] == at - 1 and at > first:
                left[-1] = (left[-1][0], at)
            else:
                left.append((at, at))
    return left


_JOINING = frozenset(
    "de d du des la le les l a au aux en et ou pour avec sur sous of in the and for with s un une contre autour par chez dans".split()
)
_MOST_JOINING = 3


def theme_of(
    message: Message, spans: Sequence[tuple[int, int]], *, ages: Sequence[int] = ()
) -> str:
    """The theme; empty when nothing but filters was said. That it is for children is theme as well."""
    parts = [_trimmed(message, *span) for span in spans]
    said = [part for part in parts if part and not _is_generic(part)]
    topic = " ".join(dict.fromkeys(said))
    if not topic or not ages or min(ages) >= _ADULT or _CHILD_WORDS.search(fold(topic)):
        return topic
    if max(ages) < _TODDLER:
        return f"{topic} pour tout-petits"
    return f"{topic} pour enfants" if min(ages) <= _TEENAGER else f"{topic} pour adolescents"


def telling_part(message: Message, words: Iterable[int]) -> str:
    """Those of the words that are not of every day, as written."""
    return " ".join(
        message.written(at, at)
        for at in words
        if len(message.norm(at)) >= _SHORTEST and message.norm(at) not in _GENERIC | _EVERY_DAY
    )


_SHORTEST = 4  # letters of a word that tells something
_EVERY_DAY = frozenset(
    "quelque chose voit voir peut peux veut veux pour avec dans chez alors sinon plutot something where with that which have there like fait faire being some".split()
)


def _is_generic(part: str) -> bool:
    return all(word in _GENERIC or word in _HANGING_BEFORE for word in fold(part).split())


def _trimmed(message: Message, first: int, last: int) -> str:
    """The words as written, without the small words that hang at either end, short forms written out."""
    while (
        first <= last
        and message.norm(first) in _HANGING_BEFORE
        and not _is_tea(message, first)
        and not _begins_a_title(message, first, last)
    ):
        first += 1
    while last >= first and message.norm(last) in _HANGING_AFTER:
        last -= 1
    if last < first:
        return ""
    pieces: list[str] = []
    end = message.words[first].start
    for at in range(first, last + 1):
        word = message.words[at]
        if word.start < end:  # several words of one place
            continue
        between = message.text[end : word.start] if pieces else ""
        pieces.append(between if between.strip() in ("", "'", "’", "-", "&", "‑") else " ")
        pieces.append(ABBREVIATIONS.get(word.said, message.text[word.start : word.end]))
        end = word.end
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _begins_a_title(message: Message, at: int, last: int) -> bool:
    """« le Petit Prince »: a capital within a sentence, before another."""
    return (
        message.norm(at) in _QUALITIES
        and message.is_capitalised(at)
        and not message.starts_a_sentence(at)
        and at < last
        and message.is_capitalised(at + 1)
    )


_QUALITIES = frozenset("petit petite bon bonne vrai vraie".split())


def _is_tea(message: Message, at: int) -> bool:
    return message.norm(at) == "the" and message.written(at, at).endswith(("é", "É"))


def left_out_of(
    message: Message, spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Category, ...], tuple[str, ...]]:
    """Kinds of event and folded words that are left out."""
    categories: list[Category] = []
    words: list[str] = []
    for first, last in spans:
        for piece in _SPLIT.split(message.written(first, last)):
            folded = " ".join(
                fold(_KINDS_OF_QUALITIES.get(word) or ABBREVIATIONS.get(word, word))
                for word in fold(piece).split()
                if word not in _HANGING_BEFORE - {"petit", "petite"} | _REFUSING | _GENERIC
            )
            category = category_of_word().get(singular(folded)) or category_of_word().get(folded)
            if category is not None:
                categories.append(category)
            elif folded:
                words.append(folded)
    return tuple(dict.fromkeys(categories)), tuple(dict.fromkeys(words))


_KINDS_OF_QUALITIES = dict.fromkeys("sportif sportifs sportive sportives sporty".split(), "sport")
"""« rien de sportif » leaves out what is said to be sport."""
_ONLY = re.compile(
    r"(?<!\S)(?:uniquement|seulement|exclusivement|rien que|only|nothing but|que)(?: (?:de la|de l|du|des|de|d|les|le|la|the|some))?$"
)


_ONLY_WORDS = frozenset("seulement uniquement exclusivement only que rien des du de les".split())


def only_kinds(message: Message, spans: Sequence[tuple[int, int]]) -> tuple[Category, ...]:
    """« uniquement des concerts », « concerts seulement »: kinds asked for alone."""
    for whole, last in spans:
        first = whole
        while first < last and message.norm(first) in _ONLY_WORDS:
            first += 1
        before = message.line[: message.offset(first)].rstrip()
        is_only = _ONLY.search(before) is not None and not before.endswith(
            (
                "plus que",
                "moins que",
                "chose que",
                "mieux que",
                "autre que",
                "est ce que",
                "que que",
                "ce que",
            )
        )
        is_only = is_only or (
            message.norm(last + 1) in ("uniquement", "seulement", "only")
            and message.has_pause_after(last + 1)
        )
        if not is_only or (message.norm(first - 1) == "que"):
            continue
        pieces = [fold(piece) for piece in _SPLIT.split(message.written(first, last))]
        kinds = [_kind_of(piece) for piece in pieces]
        if kinds and all(kind is not None for kind in kinds):
            return tuple(dict.fromkeys(kind for kind in kinds if kind is not None))
    return ()


def _kind_of(piece: str) -> Category | None:
    """The kind of event that a phrase is of: « concerts de jazz » are concerts."""
    words = [word for word in piece.split() if word not in _HANGING_BEFORE]
    whole = category_of_word().get(singular(" ".join(words)))
    return whole or (category_of_word().get(singular(words[0])) if words else None)
