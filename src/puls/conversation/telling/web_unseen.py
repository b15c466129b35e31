"""What the web did not tell, in one honest sentence where the visitor would else believe that it had. Pure.

Enter at `not_seen`.
"""

from puls.conversation.turn import Material
from puls.language.words import Words
from puls.web_search.values import Looked, Outcome, Why

_NO_ENGINE = Words(
    "Je n'ai pas pu chercher sur le web : aucun moteur de recherche n'est branché ici. Ce qui précède vient de notre catalogue.",
    "I could not search the web: no search engine is connected here. The above comes from our catalogue.",
)
_NOT_ALL = Words(
    "Je n'ai pas eu le temps de tout vérifier sur le web.",
    "I had no time to check everything on the web.",
)
_TOO_LATE = Words(
    "Le web n'a pas répondu à temps : ce qui précède vient de notre catalogue.",
    "The web did not answer in time: the above comes from our catalogue.",
)
_NO_ANSWER = Words(
    "Je n'ai pas pu regarder sur le web à l'instant : ce qui précède vient de notre catalogue.",
    "I could not look on the web just now: the above comes from our catalogue.",
)
_NOT_SEARCHED = Words(
    "Je n'ai pas pu chercher davantage sur le web à l'instant.",
    "I could not search the web any further just now.",
)
_NOT_READ = Words(
    "J'ai trouvé des pages sur le web, mais aucune ne s'est laissé lire.",
    "I found pages on the web, but none of them could be read.",
)
_NOTHING_MORE = Words(
    "Sur le web, je n'ai rien trouvé de plus.",
    "I found nothing more on the web.",
)
_UNSEEN = frozenset({Outcome.UNREADABLE, Outcome.NOT_CHECKED})


def not_seen(material: Material, looked: Looked) -> Words | None:
    """The sentence; None when nothing is missing, or what is missing was told of its event."""
    is_told_of_each = bool(material.cited and looked.checks)
    is_asked = bool({Why.ASKED, Why.ONLY_THE_WEB_KNOWS}.intersection(looked.why))
    if is_told_of_each:
        # What was asked was told above; unasked, only what was to be read anew is worth a word.
        return None if is_asked or _has_checked(looked) else _unchecked(looked)
    if looked.lacks_provider and is_asked:
        return _NO_ENGINE
    if looked.events or looked.snippets:
        return _NOT_ALL if looked.is_cut else None
    if not _has_checked(looked):
        return _without_anything(looked, is_asked=is_asked)
    if looked.is_cut:
        return _NOT_ALL
    return _of_search(looked) if Why.ASKED in looked.why and looked.searched else None


def _without_anything(looked: Looked, *, is_asked: bool) -> Words | None:
    if (unchecked := _unchecked(looked)) is not None:
        return unchecked
    if _has_failed_provider(looked):
        return _NO_ANSWER
    return _of_search(looked) if is_asked and looked.searched else None


def _unchecked(looked: Looked) -> Words | None:
    """What was to be checked and could not be; an event that links to nothing is no failure."""
    if looked.is_cut:
        return _TOO_LATE
    return _NO_ANSWER if any(each.why_not != "no_link" for each in looked.checks) else None


def _of_search(looked: Looked) -> Words:
    if _has_failed_provider(looked):
        return _NOT_SEARCHED
    return _NOT_READ if looked.failures and not looked.read else _NOTHING_MORE


def _has_checked(looked: Looked) -> bool:
    return any(each.outcome not in _UNSEEN for each in looked.checks)


def _has_failed_provider(looked: Looked) -> bool:
    """Whether a search engine did not answer, and nothing was read in its stead; hosts have a dot, engines have none."""
    return not looked.read and any("." not in name for name, _ in looked.failures)
