"""A message without what tells who wrote it: mails, telephones, addresses, positions, numbers of accounts, names. Pure.

It masks rather too much than too little: beside what is recognised, any capitalised word inside a sentence that is
neither a place of the gazetteer nor a word that people use is taken for a name. A person still reads the result before
it is kept (`puls evaluate add` shows it). Enter at `Masking.masked`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from puls.geo.areas import place_names
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.understanding.known_words import is_known_word

NAME, MAIL, PHONE, ADDRESS, POSITION, NUMBER, LINK = (
    "[nom]",
    "[mail]",
    "[téléphone]",
    "[adresse]",
    "[position]",
    "[numéro]",
    "[lien]",
)
_WAYS = (
    "rue|avenue|av|bd|boulevard|chemin|impasse|allée|allee|place|quai|route|cours|square|passage|sentier|lotissement|"
    "résidence|residence|villa|faubourg|street|road|lane"
)
_PATTERNS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE), LINK),
    (re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\]|\barobase\b)\s*[\w-]+(?:\s*\.\s*[\w-]+)*", re.IGNORECASE), MAIL),
    (re.compile(r"-?\d{1,3}[.,]\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,}\s*°?\s*[EWOewo]?\b"), POSITION),
    (re.compile(r"(?<![\d€])(?:(?:\+|00)\d{1,3}[\s.\-/]?(?:\(0\)\s?)?|0)[1-9](?:[\s.\-/]?\d{2}){4}\b"), PHONE),
    (re.compile(r"\+\d[\d\s.\-/()]{7,}\d"), PHONE),
    (
        re.compile(
            rf"\b\d{{1,4}}\s*(?:bis|ter|quater)?\s*,?\s*(?:{_WAYS})\b\.?\s+(?:(?:d|l)['’]|(?:de|du|des|la|le|les|of)\s+)*"
            r"[\w'’-]+(?:[ -](?:de|du|des|la|le|les|l['’]\w+|d['’]\w+|(?-i:[A-ZÀ-Ý])[\w'’-]*))*",
            re.IGNORECASE,
        ),
        ADDRESS,
    ),
    (re.compile(r"\b(?:FR\d{2}|[A-Z]{2}\d{2})(?:\s?[0-9A-Z]{4}){3,}\s?[0-9A-Z]{0,4}\b"), NUMBER),
    (re.compile(r"\b\d(?:[\s.-]?\d){6,}\b"), NUMBER),
)  # fmt: skip
# Who is spoken of by name, whatever its capitals: « je m'appelle paul durand », « avec ma fille lea ».
_CUED = re.compile(
    r"(?P<cue>\b(?:je m['’]appelle|mon nom (?:est|c['’]est)|moi c['’]est|my name is|i['’]?m called|signé|"
    r"m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|docteur|dr\.?|mrs\.?|ms\.?)\s+)"
    r"(?P<name>[^\W\d_][\w'’-]*(?:\s+(?:de\s+|du\s+|le\s+|la\s+)?[^\W\d_][\w'’-]*)?)",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"(?P<cue>\b(?:ma|mon|mes|notre|nos|my|our)\s+(?:petite?\s+|grande?\s+|meilleure?\s+|best\s+)*"
    r"(?:fille|fils|femme|mari|copine|copain|compagne|compagnon|mère|mere|père|pere|maman|papa|sœur|soeur|frère|frere|"
    r"tante|oncle|cousine?|ami|amie|amis|nièce|niece|neveu|collègue|collegue|voisine?|petite?-fille|petits?-fils|"
    r"daughter|son|wife|husband|friend|mother|father|sister|brother|aunt|uncle)s?\s+)(?P<name>[^\W\d_][\w'’-]+)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:;«»\"“”\n(])\s*$")
_SHORTEST = 2
_PART = re.compile(r"[\w'’-]+")
_LONGEST_PLACE = 3  # words around, as in « Saint-Rémy de Provence »
_LARGE_TOWN = 20_000  # inhabitants: named without « à », such as « concert Lyon »
_LEADING = frozenset(
    "a au aux de d vers sur depuis en dans pres entre et ou puis ni sauf in at near from to around and or".split()
)


@dataclass(frozen=True, slots=True)
class Masking:
    """`gazetteer` knows the places, which stay: they are what was asked for. `keeps`: further folded words that stay."""

    gazetteer: Gazetteer
    keeps: frozenset[str] = frozenset()

    def masked(self, text: str) -> str:
        """The text with a mark in place of each."""
        for pattern, mark in _PATTERNS:
            text = pattern.sub(mark, text)
        text = _CUED.sub(self._after_cue(is_sure=True), text)
        text = _KIN.sub(self._after_cue(is_sure=False), text)
        return self._without_names(text)

    def _after_cue(self, *, is_sure: bool) -> Callable[[re.Match[str]], str]:
        """After « je m'appelle » whatever comes is a name; after « ma fille » only what is no word that people use."""

        def put(found: re.Match[str]) -> str:
            name = found["name"]
            is_word = is_known_word(fold(name)) and not name[:1].isupper()
            if not is_sure and is_word:
                return found[0]
            return found["cue"] + NAME

        return put

    def _without_names(self, text: str) -> str:
        pieces, at = [], 0
        for found in _WORD.finditer(text):
            pieces.append(text[at : found.start()])
            pieces.append(NAME if self._is_name(found, text) else found[0])
            at = found.end()
        return "".join((*pieces, text[at:])).replace(f"{NAME} {NAME}", NAME)

    def _is_name(self, found: re.Match[str], text: str) -> bool:
        word = found[0]
        inside_mark = text[found.start() - 1 : found.start()] == "["
        if inside_mark or len(word) <= _SHORTEST or not word[0].isupper():
            return False
        folded = fold(word)
        parts = [part for part in re.split(r"['’ -]", folded) if part]
        if all(part in self.keeps or is_known_word(part) for part in parts):
            return False
        if self._is_of_a_place(found, text):
            return False
        is_shouted = word.isupper() and text.isupper()
        starts = _SENTENCE_STARTS.search(text[: found.start()]) is not None
        return not is_shouted or not starts

    def _is_of_a_place(self, found: re.Match[str], text: str) -> bool:
        """Whether the word stands in the name of a place: alone, or with the words around it.

        « Albert » is a town and a friend: without a word such as « à » before it only a large town is a place.
        """
        before = _PART.findall(text[: found.start()])[-_LONGEST_PLACE:]
        after = _PART.findall(text[found.end() :])[:_LONGEST_PLACE]
        around, middle = [*before, found[0], *after], len(before)
        for start in range(middle + 1):
            is_led = start > 0 and fold(around[start - 1]) in _LEADING
            for end in range(middle + 1, len(around) + 1):
                if self._is_place(" ".join(around[start:end]), is_led=is_led or end - start > 1):
                    return True
        return False

    def _is_place(self, words: str, *, is_led: bool) -> bool:
        folded = fold(words)
        if folded in self.keeps or self.gazetteer.is_an_area(folded):
            return True
        if folded in place_names().areas:
            return True
        known = self.gazetteer.communes_named(words)
        if is_led and self.gazetteer.communes_called(folded):  # « Évian », « Sarlat »
            return True
        return bool(known) and (is_led or known[0].population >= _LARGE_TOWN)
