"""What a message asks of the web: to look there, or what only the web knows. Pure.

Whether it does is learned from sentences (`training/web`, `scripts/train_web_asking.py`): people say it in a thousand ways.
What is then left to look for is grammar: the clause around « sur internet » is taken out. Enter at `request_in`.
"""

import gzip
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Any, Final

import orjson

from puls.understanding.message import Message
from puls.web_search.values import Why

ASKED: Final = "asked"
ONLY: Final = "only"
SCALE: Final = 8.0  # of a centred vector, as the judgement of kinds of message has it
LONGEST_MEANT: Final = 300  # characters of a message whose meaning is asked for
_SURELY_NOT = 0.995
_STEM = 5  # letters; enough to bring forms of a French word together
_PIECE = 3  # and one letter: as long a piece as slips usually leave whole
_MOST_WORDS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """What a message asks of the web: why to look, if it says so, and the message without the words that only say it."""

    why: Why | None
    rest: str


def request_in(text: str, meaning: Sequence[float] | None = None) -> WebRequest:
    """« regarde sur internet s'il y a un concert » is a concert, looked for on the web.

    `meaning`: the message's unit vector by the default embedding; without it only the words tell.
    """
    message = Message(text)
    chances = chances_of(message, meaning)
    kind = max(chances, key=lambda each: chances[each])
    if kind == ASKED:
        return WebRequest(why=Why.ASKED, rest=_without_asking(message))
    return WebRequest(why=Why.ONLY_THE_WEB_KNOWS if kind == ONLY else None, rest=text)


def is_unsure(text: str) -> bool:
    """Whether the words alone leave it open, so that the message's meaning is worth asking for."""
    return chances_of(Message(text)).get("none", 0.0) < _SURELY_NOT


def chances_of(message: Message, meaning: Sequence[float] | None = None) -> dict[str, float]:
    """The chance of each kind of message: asked, only, none."""
    known = _weights()
    scores = list(known["bias"])
    for name in features_of(message):
        for at, value in enumerate(known["weights"].get(name, ())):
            scores[at] += value
    if meaning is not None and len(meaning) == len(known["mean"]):
        both = zip(_log_chances(scores), _log_chances(_meant(known, meaning)), strict=True)
        scores = [one + other for one, other in both]
    return {
        label: math.exp(score)
        for label, score in zip(known["labels"], _log_chances(scores), strict=True)
    }


def _meant(known: dict[str, Any], meaning: Sequence[float]) -> list[float]:
    centred = [value - mean for value, mean in zip(meaning, known["mean"], strict=True)]
    length = math.sqrt(math.fsum(value * value for value in centred)) or 1.0
    return [
        SCALE * sum(map(mul, weights, centred)) / length + bias
        for weights, bias in zip(known["meaning"], known["meaning_bias"], strict=True)
    ]


def _log_chances(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    total = highest + math.log(math.fsum(math.exp(score - highest) for score in scores))
    return [score - total for score in scores]


def features_of(message: Message) -> list[str]:
    """Its words, their beginnings, runs and pairs of them, and its marks."""
    words = [_shape(word.norm) for word in message.words[:_MOST_WORDS]]
    stems = ["^", *(word[:_STEM] for word in words), "$"]
    names = [f"w={word}" for word in words]
    for size in (1, 2, 3):
        names += [
            f"s{size}={' '.join(stems[at : at + size])}" for at in range(len(stems) - size + 1)
        ]
    names += [
        f"p={one} {other}" for at, one in enumerate(stems) for other in stems[at + 2 : at + 4]
    ]
    names += [f"c={piece}" for word in words if len(word) > _PIECE for piece in _pieces(word)]
    names.append(f"length={min(len(words), 16) // 2}")
    names += [name for mark, name in (("?", "question"), (":", "colon")) if mark in message.text]
    return list(dict.fromkeys(names))


# Words that stand around « internet » in a clause that only asks to look there: a closed set, verbs apart.
_WEB = frozenset("web net internet google toile online site sites website websites wifi".split())
_LOOKING = re.compile(
    r"(?:re)?gard\w*|(?:re)?ch[e]?rch\w*|rechrch\w*|verifi\w*|consult\w*|navigu?\w*|fouill\w*|surf\w*|ch?eck\w*|search\w*|look\w*|brows\w*|googl\w*|scrut\w*|explor\w*|jete\w*|jeti\w*"
    r"|fai[st]\w*|faire|refai\w*|v[ao]i?s?|aller?|allez|aill\w*|voir|lanc\w*|elargi\w*|etend\w*|peu[xt]?|pe|pouv\w*|pourr\w*|trouv\w*|go|went|find|use|utilis\w*|pass\w*|ressa\w*|essa\w*|try|do|can|could|would|serait|possible|aim\w*|voudr\w*|veux|like|rather|mind|prie"
)
_BETWEEN = frozenset(
    "sur dans via par le la les l du de des d un une au aux en ce ca cela moi me m nous tu te t vous vs il y a si s qu que pour pr est ce "
    "aussi plutot donc direct directement bien bon ok oui et puis alors avec tour oeil coup petit petite ptite recherche recherches besoin "
    "leur leurs son sa ses ton ta votre vos officiel officielle the a an on at in over through to for it this that them their there is are whether if up you i please pls svp stp "
    "merci and yes ahead quick actual s t ailleurs base catalogue lieu dessus exemple seulement reel temps dit dis dites sais say tell".split()
)


_ARTICLES = frozenset("un une des du de le la les l d an the".split())


def _without_asking(message: Message) -> str:
    """The message less the clause that asks to look on the web; empty when nothing telling is left."""
    words = [word.norm for word in message.words]
    taken: set[int] = set()
    for at, word in enumerate(words):
        is_there = word in _WEB or (word == "ligne" and at and words[at - 1] == "en")
        if is_there or _is_google(word):
            first, last = at, at
            while first > 0 and _belongs(words[first - 1]):
                first -= 1
            while last + 1 < len(words) and _belongs(words[last + 1]):
                last += 1
            if last + 1 < len(words) and last > at and words[last] in _ARTICLES:
                last -= 1  # of what is looked for
            taken.update(range(first, last + 1))
    left = [at for at, word in enumerate(words) if at not in taken]
    if not any(not _belongs(words[at]) for at in left):
        return ""
    pieces, first = [], 0
    spans = [(message.words[at].start, message.words[at].end) for at in sorted(taken)]
    for start, end in spans:
        pieces.append(message.text[first:start])
        first = max(first, end)
    pieces.append(message.text[first:])
    rest = "".join(piece if any(map(str.isalnum, piece)) else " " for piece in pieces)
    return " ".join(rest.split()).strip(" ,;:.!-'’")


def _is_google(word: str) -> bool:
    return word.startswith("googl")


def _belongs(word: str) -> bool:
    return word in _BETWEEN or word in _WEB or _LOOKING.fullmatch(word) is not None


def _pieces(word: str) -> list[str]:
    """Four letters at a time, so that « rechrche » is still near « recherche »."""
    return [word[at : at + _PIECE + 1] for at in range(len(word) - _PIECE)]


def _shape(word: str) -> str:
    return "#" if word[:1].isdigit() else word


@cache
def _weights() -> dict[str, Any]:
    data = files("puls.web_search").joinpath("asking.json.gz").read_bytes()
    known: dict[str, Any] = orjson.loads(gzip.decompress(data))
    return known
