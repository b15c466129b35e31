"""A topic as the words that an event may hold: each with what else says the same, and how much it counts. Pure.

English names of outings are said in French too, mistyped words as the catalogue's, and the thesaurus adds what other people
call it, at half the worth. Enter at `words_of` and `in_french`.
"""

import functools
import importlib.resources
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from puls.geo.names import fold
from puls.retrieval.kinds import says_a_kind
from puls.retrieval.theme import KIND_WEIGHT
from puls.retrieval.vocabulary import Correction, groups_in

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_PHRASE: Final = 3
_SMALL: Final = frozenset(
    """
    about an and any are at au autour aux avec by ce ces chose choses comment dans de des du en entre et faire fait for
    from in is la le les ma mes mon my near nos notre of on or ou our par peut pour quel quelle quelles quels quelque
    quelques qui some something sur the there to tout toute toutes tous un une what with
    """.split()
)


@dataclass(frozen=True, slots=True)
class TopicWord:
    """One word of a topic (or a phrase that is one word in French).

    `said`: it, and what says exactly the same. `near`: what says about the same. `weight`: 1, less for a word that only
    says the kind of event.
    """

    said: tuple[str, ...]
    near: tuple[str, ...] = ()
    weight: float = 1.0


def words_of(topic: str, corrections: Sequence[Correction] = ()) -> list[TopicWord]:
    """The topic's words, each once; grammar and single letters are left out."""
    mended = {fold(one.typed): one.understood for one in corrections}
    groups = groups_in(in_french(topic) or topic)
    found: dict[tuple[str, ...], TopicWord] = {}
    for phrase, french in _phrases_of(topic):
        if not french and (len(phrase) == 1 or phrase in _SMALL):
            continue
        said = (phrase, *french, *((mended[phrase],) if phrase in mended else ()))
        held = {word for text in said for word in text.split()}
        near = (
            other for trigger, others in groups if held & set(trigger.split()) for other in others
        )
        found.setdefault(said, TopicWord(said, tuple(dict.fromkeys(near))))
    kinds = [any(says_a_kind(word) for word in one.said[-1].split()) for one in found.values()]
    if all(kinds):
        return list(found.values())
    return [
        TopicWord(one.said, one.near, KIND_WEIGHT) if is_kind else one
        for one, is_kind in zip(found.values(), kinds, strict=True)
    ]


def in_french(topic: str) -> str | None:
    """The topic with its English names of outings in French; None when it has none.

    Vectors of the two languages lie apart: the distance of « puppet show » to « marionnettes » says little.
    """
    parts = list(_phrases_of(topic))
    if not any(french for _, french in parts):
        return None
    kept = (french[0] if french else phrase for phrase, french in parts)
    return " ".join(word for word in kept if word not in _SMALL)


def _phrases_of(topic: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The folded words, the longest known English phrases as one, each with its French."""
    words = _WORD.findall(fold(topic))
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            french = _english().get(phrase)
            if french is None:
                continue
            if french:
                yield phrase, french
            else:  # said so in French, too
                yield from ((word, ()) for word in words[at : at + length])
            at += length
            break
        else:
            yield words[at], ()
            at += 1


@functools.cache
def _english() -> Mapping[str, tuple[str, ...]]:
    """english.txt: « puppet, puppets: marionnettes »; without a right side the words are French as well."""
    text = (
        importlib.resources.files("puls.retrieval")
        .joinpath("english.txt")
        .read_text(encoding="utf-8")
    )
    known: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        english, french = line.split(":")
        meanings = tuple(fold(each.strip()) for each in french.split(",") if each.strip())
        known |= {fold(each.strip()): meanings for each in english.split(",")}
    return known
