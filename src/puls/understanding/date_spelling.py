"""Words about time as people type them: short forms and slips of the finger. Pure.

A word one slip away (a letter missing, added, changed or two swapped) from a date word of six
letters or more is that word, when it begins alike: « demein », « samdi », “tomorow”. Words that
exist are left alone. Enter at `mended`.
"""

_LONG_WORDS = frozenset(
    "demain samedi dimanche mercredi vendredi samedis dimanches mercredis vendredis janvier fevrier "  # noqa: SIM905 - a list of words reads better as prose
    "juillet septembre octobre novembre decembre weekend prochain prochaine tomorrow tonight "
    "tuesday wednesday thursday saturday january february september october november december "
    "vacances".split()
)
_SHORT_FORMS = {
    "ajd": "aujourd hui", "ajrd": "aujourd hui", "auj": "aujourd hui", "aujourdhui": "aujourd hui",
    "aujourdui": "aujourd hui", "ojourdhui": "aujourd hui", "ojd": "aujourd hui",
    "2main": "demain", "dem1": "demain", "2m1": "demain", "dmain": "demain", "tmrw": "tomorrow",
    "tmr": "tomorrow", "2nite": "tonight", "2night": "tonight", "tonite": "tonight",
    "soire": "soir", "swar": "soir", "aprem": "apres midi", "aprèm": "apres midi",
    "jusqua": "jusqu a", "jusquau": "jusqu au", "dici": "d ici", "apresmidi": "apres midi",
    "apresdemain": "apres demain", "wknd": "weekend", "wkend": "weekend", "wkd": "weekend",
    "wke": "weekend", "juedi": "jeudi", "jeuid": "jeudi", "ludni": "lundi", "marid": "mardi",
    "madri": "mardi",
}  # fmt: skip
_REAL_WORDS = frozenset("domain domains demian juliet vacance vacant vacante".split())  # noqa: SIM905 - a list of words reads better as prose
_SHORTEST, _LONGEST = 5, 11  # letters of a slip


def mended(word: str) -> str:
    """The date word that a folded word stands for, itself when none."""
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if not _SHORTEST <= len(word) <= _LONGEST or word in _REAL_WORDS:
        return word
    if word in _LONG_WORDS or word.removesuffix("s") in _LONG_WORDS:
        return word
    candidates = _BY_MISSING_LETTER.get(word, ())
    for shorter in _missing_one(word):
        candidates = (*candidates, *_BY_MISSING_LETTER.get(shorter, ()))
        if shorter in _LONG_WORDS:
            candidates = (*candidates, shorter)
    likely = [each for each in candidates if each[0] == word[0] and _is_one_slip(word, each)]
    return likely[0] if likely else word


def _missing_one(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _is_one_slip(written: str, meant: str) -> bool:
    """Whether one letter is missing, added or changed, or two neighbours are swapped."""
    if len(written) > len(meant):
        return meant in _missing_one(written) and written.removesuffix("s") != meant
    if len(written) < len(meant):
        return written in _missing_one(meant)
    differing = [at for at in range(len(meant)) if written[at] != meant[at]]
    if len(differing) == 1:
        return True
    return (
        len(differing) == 2  # noqa: PLR2004 - two neighbours
        and differing[1] == differing[0] + 1
        and written[differing[0]] == meant[differing[1]]
        and written[differing[1]] == meant[differing[0]]
    )


_BY_MISSING_LETTER: dict[str, tuple[str, ...]] = {}
for _word in sorted(_LONG_WORDS):
    for _shorter in _missing_one(_word):
        _BY_MISSING_LETTER[_shorter] = (*_BY_MISSING_LETTER.get(_shorter, ()), _word)
