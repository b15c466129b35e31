"""How firmly words mean a commune, by what stands around its name. Pure. Enter at `strength_of`."""

import re

from puls.geo.gazetteer import Commune
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.where.context import (
    ENGLISH_WORDS,
    NOT_LOWER_CASE,
    ORDINARY_WORDS,
    SMALL_WORDS_AFTER,
    TOWN_NOUN,
    Context,
    stands_alone,
)
from puls.understanding.where.place import BARE, FIRM, LIKELY, WEAK

_TOWN, _BIG_TOWN, _CITY = 2_000, 10_000, 30_000
_HAMLET, _VILLAGE, _SMALL_TOWN, _KNOWN_TOWN = 150, 500, 1_000, 4_000
_ARTICLES_THE = ("the",)
_ARTICLES = ("le", "la", "les", "l")
# A name right after « de », an article or a street is not bare: it belongs to something.
_BELONGS = re.compile(
    r"(?:^| )(?:de|d|du|des|la|le|les|l|the|a|un|une|saint|sainte|rue|avenue|place|gare|quai|boulevard|pont|porte)$"
)


def strength_of(
    message: Message, name: str, context: Context, commune: Commune, first: int, last: int
) -> int | None:
    """How firmly the words mean this commune; None when they likely mean something else."""
    has_article = message.words[first].said in _ARTICLES
    is_long = last - first > has_article
    is_ordinary = name in ORDINARY_WORDS or (
        has_article and name.partition(" ")[2] in ORDINARY_WORDS
    )
    is_capitalised = context.is_capitalised and (first > 0 or is_long or not is_ordinary)
    if has_article and not context.is_capitalised and message.is_capitalised(first + 1):
        is_capitalised = True  # « la préhistoire, les Eyzies »
    population = commune.population
    if _is_english_word(message, name, context, first, last):
        return None
    if context.is_firm_town:
        return _firm_strength(
            message, name, context, population, first, last, is_ordinary=is_ordinary
        )
    if context.is_loose_town or (context.lead == "en" and context.language != "fr"):
        is_enough = population >= _BIG_TOWN and not is_ordinary
        return (
            FIRM
            if is_enough
            or (
                is_capitalised
                and population >= (_TOWN if is_long else _KNOWN_TOWN)
                and not is_ordinary
            )
            else None
        )
    if context.is_of:
        if is_ordinary and not (is_capitalised and _is_of_a_town(context, population)):
            return None
        is_known = is_capitalised and (population >= _VILLAGE or is_long)
        return WEAK if is_known or population >= _CITY else None
    if (
        stands_alone(message, first, last)
        and is_capitalised
        and first > 0
        and population >= _HAMLET
    ):
        return LIKELY
    if is_ordinary:
        is_named = (
            is_capitalised
            and not message.starts_a_sentence(first)
            and population >= _BIG_TOWN
            and not _BELONGS.search(context.before)
        )
        is_large = (
            population >= _CITY
            and not _BELONGS.search(context.before)
            and not (context.language != "fr" and name in ENGLISH_WORDS)
        )
        return BARE if is_named or is_large or len(message.words) == 1 else None
    if _BELONGS.search(context.before) and not (
        context.lead in _ARTICLES_THE and is_capitalised and population >= _CITY
    ):
        return None
    if len(message.words) <= last - first + 2:
        return LIKELY if population >= _HAMLET else None
    if is_capitalised and (
        population >= _HAMLET
        if not message.starts_a_sentence(first)
        else population >= _KNOWN_TOWN or is_long
    ):
        return BARE
    is_unknown = is_long or not is_known_word(name)
    return (
        BARE
        if population >= _CITY
        or (is_unknown and population >= (_VILLAGE if is_long else _SMALL_TOWN))
        else None
    )


def _is_of_a_town(context: Context, population: int) -> bool:
    """« Chorégies d'Orange », « château d'Eu »: what has a town, or a town large enough."""
    if context.language == "en":
        return context.lead == "of" and population >= _CITY  # “the carnival of Nice”
    return population >= _BIG_TOWN or bool(TOWN_NOUN.search(context.before))


def _is_english_word(message: Message, name: str, context: Context, first: int, last: int) -> bool:
    """« a nice exhibition »: an article and a word that goes on, not « à Nice »."""
    if name not in ENGLISH_WORDS or context.is_capitalised or context.lead != "a" or not first:
        return False
    if message.written(first - 1, first - 1) not in ("a", "A"):
        return False
    if context.language == "en":
        return True
    following = message.norm(last + 1)
    return following.isalpha() and following not in SMALL_WORDS_AFTER


def _firm_strength(
    message: Message,
    name: str,
    context: Context,
    population: int,
    first: int,
    last: int,
    *,
    is_ordinary: bool,
) -> int | None:
    is_accented_lead = first > 0 and message.written(first - 1, first - 1) in ("à", "À")
    if context.is_capitalised:
        is_indefinite = context.language == "en" and context.lead == "a" and not is_accented_lead
        is_letter = len(name) <= 1 and not is_accented_lead and population < _HAMLET
        return None if is_indefinite or is_letter else FIRM
    if context.language == "en" and context.before.endswith(" a") and not is_accented_lead:
        return None
    is_verb = NOT_LOWER_CASE.fullmatch(name) is not None and population < _BIG_TOWN
    is_known = population >= _KNOWN_TOWN and context.lead in ("a", "vers")
    is_word = first == last and is_known_word(name) and population < _BIG_TOWN
    if is_verb or ((is_ordinary or is_word) and not is_known):
        return None
    return FIRM if last > first or population >= _HAMLET else None
