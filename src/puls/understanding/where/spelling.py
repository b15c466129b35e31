"""Names of towns with a slip in them: « a monpellier », « gif sur yvete », « concert toulous ». Pure.

Tried where something announces a town, where a word that nobody knows stands bare, and a bounded number of times. A slip never becomes a
far smaller town than the whole word could mean, nor a French town out of a word of another language.
Enter at `slips` for a whole message and at `span_spelt_like` for words at one place.
"""

from dataclasses import replace

from puls.geo.gazetteer import Gazetteer
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.where.context import NOT_LOWER_CASE, ORDINARY_WORDS, Context, context_at
from puls.understanding.where.place import BARE, LIKELY, Place, Surroundings, place_of_commune

_TOWN, _BIG_TOWN, _CITY, _METROPOLIS = 2_000, 20_000, 30_000, 60_000
_SHORTEST = 5  # letters
_LONGEST = 4  # words
_MOST_TRIES = 24
_TYING = frozenset("en sur les le la de du sous aux lez".split())


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
    is_announced = context.is_firm_town or context.is_loose_town
    spans = [tied] if tied > max(longest, 1) and (is_announced or context.is_capitalised) else []
    if 0 < longest < free and message.norm(at + longest) in _TYING:
        spans += [length for length in (longest + 3, longest + 2) if length <= free]
    for length in spans:
        name = _joined(message, at, length)
        like = () if gazetteer.is_a_name(name) else gazetteer.communes_spelt_like(name)
        if like:
            return replace(place_of_commune(like, at, at + length - 1, LIKELY), is_slip=True)
    return None


def slips(
    message: Message, gazetteer: Gazetteer, surroundings: Surroundings, taken: bytearray
) -> list[Place]:
    """The first town spelt with a slip; for a message in which no name was found."""
    tries = 0
    bare: list[Place] = []
    for at in range(len(message)):
        word = message.words[at].said
        if taken[at] or len(word) < _SHORTEST - 2 or not word.isalpha() or word in ORDINARY_WORDS:
            continue
        context = context_at(message, at, surroundings.language)
        is_announced = context.is_firm_town or (
            context.is_loose_town
            and context.lead in ("dans", "ds", "to")
            and context.is_capitalised
        )
        if tries == _MOST_TRIES:
            break
        tries += 1
        place = (
            _announced(message, at, context, gazetteer, surroundings, taken)
            if is_announced
            else _bare(message, at, context, gazetteer, taken)
        )
        if place is not None and is_announced:
            return [place]
        if place is not None:
            bare.append(place)
    return sorted(bare, key=lambda place: -place.population)[:1]


def _announced(
    message: Message,
    at: int,
    context: Context,
    gazetteer: Gazetteer,
    surroundings: Surroundings,
    taken: bytearray,
) -> Place | None:
    for length in range(_LONGEST, 0, -1):
        if at + length > len(message) or any(taken[at : at + length]):
            continue
        name = _joined(message, at, length)
        if gazetteer.is_a_name(name):
            continue
        if length == 1 and (is_known_word(name) or len(name) < _SHORTEST):
            continue
        is_sure = length > 1 or context.is_capitalised
        like = gazetteer.communes_spelt_like(name, population=_TOWN if is_sure else _BIG_TOWN)
        if not like and context.is_capitalised and (called := gazetteer.communes_called(name)):
            like = surroundings.ranked(called, gazetteer)
        is_verb = length == 1 and NOT_LOWER_CASE.fullmatch(name) and not context.is_capitalised
        if like and not (is_verb and like[0].population < _CITY):
            return replace(place_of_commune(like, at, at + length - 1, LIKELY), is_slip=True)
    return None


_ARTICLES = frozenset("le la les".split())


def _bare(
    message: Message, at: int, context: Context, gazetteer: Gazetteer, taken: bytearray
) -> Place | None:
    """« concert toulous », « chalonsursaone expo »: a word that nobody knows, close to a large town's name."""
    for length in range(_LONGEST, 0, -1):
        if (
            at + length > len(message)
            or any(taken[at : at + length])
            or context.is_of
            or context.is_street
        ):
            continue
        words = [message.words[each].said for each in range(at, at + length)]
        has_article = length > 1 and words[0] in _ARTICLES  # « la rochele »
        if (is_known_word(words[0]) and not has_article) or is_known_word(words[-1]):
            continue
        name = " ".join(words)
        if gazetteer.is_a_name(name):
            continue
        like = gazetteer.communes_spelt_like(
            name, population=_METROPOLIS if length == 1 else _BIG_TOWN
        )
        like = like or gazetteer.communes_run_together(name.replace(" ", ""))
        if like:
            return replace(place_of_commune(like, at, at + length - 1, BARE), is_slip=True)
    return None


def _joined(message: Message, at: int, length: int) -> str:
    return " ".join(message.words[each].said for each in range(at, at + length))
