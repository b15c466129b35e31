"""How alike two titles of events are: sub-titles, guests, capitals, « complet » before them, the kind of event. Pure.

« Mila Kern » and « MILA KERN + première partie » name one event; « Requiem de Fauré » and « Requiem de Mozart » two, though
more letters agree: what stands on both sides and differs decides, not how much agrees. Enter at `title_likeness`.
"""

import re
from enum import Enum
from typing import Final

from rapidfuzz import fuzz

from puls.geo.names import fold_place
from puls.web_search.pages.statuses import without_status

_KINDS: Final = frozenset(
    """concert concerts spectacle spectacles exposition expo conference conferences atelier ateliers visite visites guidee guidees
    cine recital festival soiree soirees bal balade projection rencontre lecture lectures stage marche noel fete fetes theatre danse
    musique jazz cirque humour match tournoi salon brocante vide grenier greniers loto repas debat cafe apero quiz contes conte
    dj set live show musical one man woman comedie opera ballet ciné club seance film avec dans jour nuit edition scene ouverte
    saison tournee tour presente jeune public famille enfants enfant gratuit orgue piano chorale choeur orchestre
    trio quartet quatuor duo ensemble randonnee marches noels nouvel an annees hiver ete automne printemps
    premiere partie guest guests dedicace signature karaoke blind test jeux societe dansant cirque contemporain
    contemporaine vernissage restitution representation""".split()
)
_NEUTRAL: Final = frozenset(
    """concert concerts spectacle spectacles exposition expo conference conferences soiree projection rando randonnee live show dj set
    avec dans seance film musical one man woman tournee tour presente special speciale edition guest guests premiere partie""".split()
)
"""What one page writes and another leaves out or says otherwise; every other kind tells events apart (« Trio Lune », « Duo Lune »)."""
_SMALL: Final = frozenset(
    """le la les l de du des d un une et ou a au aux en sur pour par the of and in at s c est ce cette son sa ses n m e""".split()
)
_PARTS: Final = re.compile(r"\s*(?:[:|•+(\[/]|\s[-–—]\s|,|\bfeat\b|\bft\b|\s«)\s*")
_GUESTS: Final = re.compile(r"[+(\[/]|\bfeat\b|\bft\b|\binvite", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+")
_EDITION: Final = re.compile(r"^\d+(?:e|er|eme|th|nd|rd|st|re)$")
_SAME_WORD: Final = 94.0  # « dessous » and « dessus » have 92


class TitleLikeness(Enum):
    """From the same title to another; the value is what it is worth among several candidates."""

    EQUAL = 1.0
    HELD = 0.8  # one is part of the other
    SHARES_MAIN = 0.6  # the same before « : », other words behind
    EQUAL_BUT_COMMON = 0.5  # « Marché de Noël »
    HELD_BUT_COMMON = 0.4  # « Récital d'orgue » and « Récital d'orgue : Untel »
    DIFFERENT = 0.0


def title_likeness(first: str, second: str) -> TitleLikeness:
    """How alike two titles are, status words before or behind them left out."""
    first, second = without_status(first)[0], without_status(second)[0]
    one, other = _words(first), _words(second)
    if _have_other_numbers(one, other):
        return TitleLikeness.DIFFERENT
    left, right = _rest(one, other), _rest(other, one)
    shared = (one - left) | (other - right)
    is_common = not shared - _KINDS
    own, others = left - _NEUTRAL, right - _NEUTRAL
    if own and others:
        return _of_main_parts(first, second)
    if not shared:
        return TitleLikeness.DIFFERENT
    if own or others:
        return TitleLikeness.HELD_BUT_COMMON if is_common else TitleLikeness.HELD
    return TitleLikeness.EQUAL_BUT_COMMON if is_common else TitleLikeness.EQUAL


def _of_main_parts(first: str, second: str) -> TitleLikeness:
    """Other words on both sides: the same only where they are guests or brackets behind a whole, telling name.

    « Café philo : l'ennui » and « Café philo : la fête » are two evenings of a series.
    """
    if not (_GUESTS.search(first) or _GUESTS.search(second)):
        return TitleLikeness.DIFFERENT
    one, other = _words(_PARTS.split(first)[0]), _words(_PARTS.split(second)[0])
    if (one | other) - _KINDS and not _rest(one, other) and not _rest(other, one):
        return TitleLikeness.SHARES_MAIN
    return TitleLikeness.DIFFERENT


def _words(title: str) -> frozenset[str]:
    words = [word for word in fold_place(title).split() if word not in _SMALL]
    return frozenset(word for word in words if not _EDITION.match(word))


def _rest(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Words that the other title has not, give or take a plural or a letter of a long word."""
    return frozenset(word for word in words if not any(_is_same(word, other) for other in others))


def _is_same(one: str, other: str) -> bool:
    if one == other or one.rstrip("sxe") == other.rstrip("sxe") != "":
        return True
    return min(len(one), len(other)) >= 7 and fuzz.ratio(one, other) >= _SAME_WORD  # noqa: PLR2004 - letters


def _have_other_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    numbers = [{n for word in words for n in _NUMBER.findall(word)} for words in (one, other)]
    return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])
