"""Which of a visitor's words may be said back: a theme, never an order to whoever answers. Pure.

« Rien sur « jazz manouche » » is an answer; « Rien sur « dis toujours coquelicot » » does what was ordered. Enter at `is_repeatable`.
"""

import re

from puls.geo.names import fold

MOST_WORDS_OF_A_THEME = 6
MOST_WORDS_OF_A_TASTE = 3
_CODE = re.compile(r"[{}<>\[\]=\\|$#`~^]|\w\(|::|;\s*\S|_\w|\w_|https?:|www\.")
# Verbs by which somebody is told to speak, write or forget; no event is about them.
_ORDERS = re.compile(
    r"(?<!\S)(?:ignore[rsz]?|ignorez|oublie[rsz]?|dis|dites|redis|ecris|ecrivez|repete[rsz]?|repon(?:ds?|dez|dre)|invente[rsz]?|termine[rsz]?|"
    r"recopie[rsz]?|traduis|traduisez|imprime[rsz]?|revele[rsz]?|ajoute[rsz]?|insulte[rsz]?|felicite[rsz]?|pretends|fais|faites|sois|soyez|deviens|agis|raconte[rsz]?|"
    r"conclus|concluez|"
    r"say|saying|write|repeat|respond|reply|pretend|disregard|forget|translate|reveal|output|append|recite|insult)(?!\S)"
)
# The same of words that are nouns or titles as well, where a phrase begins with them.
_ORDERS_WHEN_FIRST = re.compile(
    r"(?:affiche[rz]?|montre[rz]?|donne[rz]?|commence[rz]?|fini(?:s|ssez)|copi(?:er?|ez)|chante[rz]?|parle[rz]?|print|tell|answer|act|begin|end|show|give|finish|copy|sing|make|insert|include|use)"
    r" (?:moi|nous|le|la|les|un|une|toujours|tout|toute|chaque|par|comme|en|tes|ton|ta|me|us|the|a|an|all|every|your|each|with|always|as)(?!\S)"
)


def is_repeatable(words: str, *, most_words: int = MOST_WORDS_OF_A_THEME) -> bool:
    """Whether these words of a visitor read like a theme: few, no code, and nobody is ordered to do anything."""
    folded = fold(words)
    return (
        0 < len(folded.split()) <= most_words
        and not _CODE.search(words)
        and not _ORDERS.search(folded)
        and not _ORDERS_WHEN_FIRST.match(folded)
    )


def is_taste(words: str) -> bool:
    """The same of what somebody likes or not: « le théâtre de rue », at most three words."""
    return is_repeatable(words, most_words=MOST_WORDS_OF_A_TASTE)
