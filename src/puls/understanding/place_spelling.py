"""Names of towns with a slip in them: « a monpellier », « gif sur yvete ». Pure.

Tried only where something announces a town, or where nothing else is said, and a bounded number of
times. Enter at `misspelt` for a whole message and at `span_spelt_like` for words at one place.
"""

from puls.geo.gazetteer import Gazetteer
from puls.understanding.named_place import LIKELY, Place, place_of_commune
from puls.understanding.place_context import Context, context_at
from puls.understanding.place_words import NOT_LOWER_CASE, ORDINARY_WORDS
from puls.understanding.surroundings import Surroundings
from puls.understanding.words import Message

_TOWN, _BIG_TOWN, _CITY, _METROPOLIS = 2_000, 20_000, 30_000, 50_000
_SHORTEST = 5  # letters
_LONGEST = 4  # words
_MOST_TRIES = 24
_TYING = frozenset("en sur les le la de du sous aux lez".split())  # noqa: SIM905 - a list of words reads better as prose


def span_spelt_like(
    message: Message,
    context: Context,
    gazetteer: Gazetteer,
    at: int,
    *,
    tied: int,
    longest: int,
    free: int,
) -> Place | None:
    """A name of several words with a slip, where only its beginning is known or nothing is.

    `tied` words hang together by hyphens, `longest` words are a known name, `free` are unclaimed.
    """
    spans = [tied] if tied > max(longest, 1) and _is_announced(context) else []
    if 0 < longest < free and message.words[at + longest].folded in _TYING:
        spans += [length for length in (longest + 3, longest + 2) if length <= free]
    for length in spans:
        name = _joined(message, at, length)
        like = gazetteer.communes_spelt_like(name)
        if like and not gazetteer.is_a_name(name):
            return place_of_commune(like, at, at + length - 1, LIKELY)
    return None


def misspelt(message: Message, gazetteer: Gazetteer, surroundings: Surroundings) -> list[Place]:
    """The first town spelt with a slip; for a message in which no name was found."""
    whole = _whole_message(message, gazetteer)
    if whole:
        return whole
    tries = 0
    for at, word in enumerate(message.words):
        if (
            not message.is_free(at)
            or len(word.folded) < _SHORTEST - 2
            or word.folded in ORDINARY_WORDS
            or not word.folded.isalpha()
        ):
            continue
        context = context_at(message, at, None, surroundings.language)
        if not context.is_firm_town and not (context.is_loose_town and context.is_capitalised):
            continue
        tries += 1
        if place := _slip_at(message, at, context, gazetteer, surroundings):
            return [place]
        if tries == _MOST_TRIES:
            break
    return []


def _slip_at(
    message: Message, at: int, context: Context, gazetteer: Gazetteer, surroundings: Surroundings
) -> Place | None:
    for length in range(_LONGEST, 0, -1):
        if at + length > len(message.words) or not all(
            message.is_free(at + step) for step in range(length)
        ):
            continue
        name = _joined(message, at, length)
        is_sure = length > 1 or context.is_capitalised
        like = gazetteer.communes_spelt_like(name, population=_TOWN if is_sure else _BIG_TOWN)
        if not like and context.is_capitalised and (called := gazetteer.communes_called(name)):
            like = surroundings.ranked(called, gazetteer)
        is_verb = length == 1 and NOT_LOWER_CASE.fullmatch(name) and not context.is_capitalised
        if like and not (is_verb and like[0].population < _CITY):
            return place_of_commune(like, at, at + length - 1, LIKELY)
    return None


def _whole_message(message: Message, gazetteer: Gazetteer) -> list[Place]:
    """« la rochele demain »: all that is left to understand is one name with a slip."""
    free = [at for at in range(len(message.words)) if message.is_free(at)]
    if not free or len(free) > _LONGEST or free[-1] - free[0] >= len(free):
        return []
    name = _joined(message, free[0], len(free))
    if len(name) < _SHORTEST or name in ORDINARY_WORDS or not name.replace(" ", "").isalpha():
        return []
    like = gazetteer.communes_spelt_like(name, population=_METROPOLIS)
    return [place_of_commune(like, free[0], free[-1], LIKELY)] if like else []


def _is_announced(context: Context) -> bool:
    return context.is_firm_town or context.is_loose_town


def _joined(message: Message, at: int, length: int) -> str:
    return " ".join(word.folded for word in message.words[at : at + length])
