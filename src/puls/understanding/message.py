"""A message as words in one normal form, made once; each word knows where it stands in what was typed. Pure.

Everything that people write differently and mean alike is made alike here, and nowhere else: case, accents, letters of other
alphabets, short forms of typing (« 2main », « qqch »), numbers and ordinals in words or Roman (« vingt et un » is 21,
« XVIIIe » is 18e), hours (« huit heures et demie du soir », “8.30pm” and « 20:30 » are 20h30), dates in figures (12/5),
compounds (« week-end » is one word), slips in words of time. What stands between words (punctuation, quotes) is kept as `gap`.

Readers look at `words` or at `line`, their normal forms joined by spaces. Enter at `Message`.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TypedDict

from puls.geo.names import fold
from puls.language.lexicon import ORDINALS, TENS, UNITS
from puls.understanding.slips import mended

LONGEST_READ = 2_000
"""Characters; of a longer message the beginning and the end are read, and the visitor is told."""
_BEGINNING_READ = 600
_MOST_WORDS = 400
_LONGEST_WORD = 40  # letters that are compared

_WORD = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<date>\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|\d{1,2}([.-])\d{1,2}\3(?:\d{4}|\d\d)(?![\d-]|\.\d)|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d))"
    r"|(?P<half_day>\d{1,2}(?:[.:]\d{2})?\s?[aApP]\.?[mM](?![^\W_])\.?)"
    r"|(?P<clock>\d{1,2}\s?[hH]\s?\d{2}(?!\d)|\d{1,2}:\d{2}(?!\d)|\d{1,2}\s?[hH](?![^\W_]))"
    r"|(?P<war>(?:14\s?[-–]\s?18|39\s?[-–]\s?45)(?!\d|\s?(?:[hH€]|ans|eu|j[au]|f[eé]v|ma|av|ao|se|oc|no|d[eé])))"
    r"|(?P<thousands>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?=\s?(?:€|eu|pers|places)))"
    r"|(?P<decimal>\d+[.,]\d+(?!\d))"
    r"|(?P<ordinal>\d+(?i:ers?|ères?|eres?|res?|e|è|[èe]mes?|i[èe]mes?|nde?|st|rd|th)(?![^\W_]))"
    r"|(?P<less>[<≤]|(?<![^\W_])-(?=\s?d[e'’]\s?\d))"
    r"|(?P<to>(?<=[\dhH])\s?[-–—]\s?(?=\d)|(?<=[^\W\d_])\s[-–—]\s(?=\d{1,2}\s?[hH])|(?<=€)\s?[-–—]\s?(?=\d)|(?<=\d)\s?(?:->|→)\s?)"
    r"|(?P<symbol>[€£$])"
    r"|(?P<word>[^\W_]+)"
)
_GLUED = re.compile(r"(\d+)([^\W\d_]+)")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2,4})?)?")
_HOURS = re.compile(r"(\d{1,2})\s?[hH:]\s?(\d{2})?")
_HOURS_AM_PM = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s?([aApP])")
_ROMAN = re.compile(r"(?=[IVX])(X{0,2}(?:IX|IV|V?I{0,3}))(e|è|ème|eme|ième|er)")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_SYMBOLS = {"€": "euros", "£": "pounds", "$": "dollars"}
_LATEST_HOUR, _LATEST_MONTH, _LATEST_DAY = 24, 12, 31
_NOON = 12

# Letters of other alphabets that look like ours, and letters in circles or squares that NFKC leaves alone.
_LOOK_ALIKE = str.maketrans(
    "аеіорсухԁѕјһԛԝАВЕНІКМОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι",
    "aeiopcyxdsjhqwABEHIKMOPCTXABEZHIKMNOPTYXoi",
)

_COMPOUNDS = {
    "week end": "weekend", "week ends": "weekend", "weekends": "weekend", "w e": "weekend", "wik end": "weekend", "wek end": "weekend", "week and": "weekend",
    "fin de semana": "weekend", "fine settimana": "weekend", "wochenende": "weekend", "wochenend": "weekend",
    "apres midi": "apresmidi", "ap midi": "apresmidi", "ap m": "apresmidi", "apres demain": "apresdemain",
    "aujourd hui": "aujourdhui", "au jour d hui": "aujourdhui", "avant hier": "avanthier", "o clock": "h",
}  # fmt: skip
_BY_FIRST: dict[str, list[tuple[list[str], str]]] = {}
for _said, _one in _COMPOUNDS.items():
    _BY_FIRST.setdefault(_said.split()[0], []).append((_said.split(), _one))


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `start` and `end` are where it stands in the text; several words may come of one place (« ya »).

    `said` is what was typed, folded; `norm` its normal form; `gap` what stands between the word before and this one.
    """

    start: int
    end: int
    said: str
    norm: str
    gap: str = ""


class WordRange(TypedDict):
    """Where a reading stands among the words, the last included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the message and what it was understood as."""

    start: int
    end: int
    words: str
    kind: str


class Message:
    """The words of one message."""

    def __init__(self, text: str) -> None:
        self.is_cut = len(text) > LONGEST_READ
        self.text = _shortened(text) if self.is_cut else text
        clear, origins = _cleared(self.text)
        typed = list(islice(_typed(clear, origins), _MOST_WORDS))
        self.words = tuple(_with_clocks(list(_normal(typed, self.text))))
        self.line = " ".join(word.norm for word in self.words)
        self._starts: list[int] = []
        self._ends: list[int] = []
        at = 0
        for word in self.words:
            self._starts.append(at)
            at += len(word.norm)
            self._ends.append(at)
            at += 1

    def __len__(self) -> int:
        return len(self.words)

    def norm(self, at: int) -> str:
        """The normal form of a word; "" outside the message."""
        return self.words[at].norm if 0 <= at < len(self.words) else ""

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last word between two offsets of `line`."""
        return bisect_right(self._ends, start), bisect_left(self._starts, end) - 1

    def offset(self, word: int) -> int:
        """Where a word begins in `line`."""
        return self._starts[word]

    def end_offset(self, word: int) -> int:
        return self._ends[word]

    def written(self, first: int, last: int) -> str:
        """What was typed from one word to another, the last included."""
        return self.text[self.words[first].start : self.words[last].end]

    def is_capitalised(self, word: int) -> bool:
        return self.text[self.words[word].start].isupper()

    def is_all_capitals(self, word: int) -> bool:
        return self.written(word, word).isupper()

    def is_tied(self, word: int) -> bool:
        """Whether a hyphen ties the word to the one before."""
        return word < len(self.words) and self.words[word].gap in ("-", "‐", "‑")

    def has_pause_before(self, word: int) -> bool:
        """Whether punctuation, a line end, or the beginning of the message stands before the word."""
        return word == 0 or bool(_PAUSE.search(self.words[word].gap))

    def has_pause_after(self, word: int) -> bool:
        return word + 1 >= len(self.words) or bool(_PAUSE.search(self.words[word + 1].gap))

    def starts_a_sentence(self, word: int) -> bool:
        return word == 0 or bool(_SENTENCE_END.search(self.words[word].gap))

    def span(self, first: int, last: int, kind: str) -> Span:
        start, end = self.words[first].start, self.words[last].end
        return Span(start, end, self.text[start:end], kind)


_PAUSE = re.compile(r"[.,;:!?…()\[\]\n«»“”\"+/|—–]|\s-\s")
_SENTENCE_END = re.compile(r"[.!?…\n:«“\"]")


def _shortened(text: str) -> str:
    """The beginning and the end: a question stands at one of them."""
    return f"{text[:_BEGINNING_READ]}\n{text[len(text) - LONGEST_READ + _BEGINNING_READ + 1 :]}"


def _cleared(text: str) -> tuple[str, list[int] | None]:
    """The text without marks and invisible letters, look-alikes made plain; and where each letter comes from.

    None when every letter stands where it stood.
    """
    if text.isascii() or all(ord(letter) < _LATIN_END or letter in _PLAIN for letter in text):
        return text, None
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in ("Cf", "Me") or (category == "Mn" and not _is_accent(letter)):
            continue
        plain = (
            letter
            if letter in _PLAIN
            else unicodedata.normalize("NFKC", letter.translate(_LOOK_ALIKE))
        )
        letters.append(plain)
        origins += [at] * len(plain)
    return "".join(letters), origins


_LATIN_END = 0x0180
_PLAIN = frozenset("’‘“”«»…–—€\u202f")
_COMMON_ACCENTS = frozenset("\u0300\u0301\u0302\u0303\u0308\u0327\u030a")


def _is_accent(mark: str) -> bool:
    return mark in _COMMON_ACCENTS


def _typed(text: str, origins: list[int] | None) -> Iterator[Word]:
    """The words as they were typed, each part of them in its own normal form."""
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        for start, stop, said, norm in _parts(match):
            first, last = start, stop
            if origins is not None:
                first, last = origins[start], origins[stop - 1] + 1
            for one in norm.split(" "):
                yield Word(first, last, said[:_LONGEST_WORD], one[:_LONGEST_WORD], gap)
                gap = " "
            gap = ""
        end = match.end()


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, folded and normal form of what one match holds."""
    written, start, end = match[0], match.start(), match.end()
    bare = written.strip()
    match match.lastgroup:
        case "word":
            yield from _letters(bare, start, end)
        case "to":
            yield start, end, bare, "au"
        case "less":
            yield start, end, bare, "moins" if bare == "-" else "moins de"
        case "symbol":
            yield start, end, bare, _SYMBOLS[bare]
        case "half_day" if (clock := _HOURS_AM_PM.match(bare)) and int(clock[1]) <= _NOON:
            hour = int(clock[1]) % _NOON + (_NOON if clock[3] in "pP" else 0)
            yield start, end, bare, f"{hour}h{clock[2] or ''}"
        case "clock" if (clock := _HOURS.fullmatch(bare)) and int(clock[1]) <= _LATEST_HOUR * 3:
            yield start, end, bare, f"{int(clock[1])}h{clock[2] or ''}"
        case "ordinal":
            number = int(re.match(r"\d+", bare)[0][:6])  # type: ignore[index] # the pattern begins with figures
            yield start, end, fold(bare), "1er" if number == 1 else f"{number}e"
        case "date" if (date := _NUMERIC_DATE.fullmatch(bare)) and not _is_date(date):
            for part in re.finditer(r"\d+", bare):  # « 12/14 ans », « 24/24 »
                yield start + part.start(), start + part.end(), part[0], part[0]
        case "date":
            yield start, end, bare, re.sub(r"[.-]", "/", bare)
        case "thousands" | "decimal":
            yield start, end, bare, re.sub(r"\s", "", bare).replace(",", ".")
        case _:
            yield start, end, bare, bare


def _letters(bare: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    said = fold(bare).replace(" ", "")
    short = _short_forms().get(said)
    glued = _GLUED.fullmatch(bare)
    if short is None and glued:  # « 5ans », « 20km »
        unit = fold(glued[2])
        yield start, start + len(glued[1]), glued[1], glued[1]
        yield start + len(glued[1]), end, unit, _short_forms().get(unit, unit)
    elif said:
        yield start, end, said, short or mended(said)


def _is_date(date: re.Match[str]) -> bool:
    return 0 < int(date[1]) <= _LATEST_DAY and 0 < int(date[2]) <= _LATEST_MONTH


def _normal(words: list[Word], text: str) -> Iterator[Word]:
    """Compounds, numbers and hours of several words as one word each."""
    at = 0
    while at < len(words):
        merged = _compound(words, at) or _number(words, at) or _roman(words, at, text)
        if merged is None:
            yield words[at]
            at += 1
            continue
        norm, after = merged
        joined = words[at] if after == at + 1 else _joined(words[at:after])
        yield replace(joined, norm=norm)
        at = after


def _joined(words: list[Word]) -> Word:
    said = " ".join(word.said for word in words)
    return Word(words[0].start, words[-1].end, said, said, words[0].gap)


def _compound(words: list[Word], at: int) -> tuple[str, int] | None:
    for said, one in _BY_FIRST.get(words[at].norm, ()):
        if [word.norm for word in words[at : at + len(said)]] == said:
            return one, at + len(said)
    return None


def _roman(words: list[Word], at: int, text: str) -> tuple[str, int] | None:
    """« XVIIIe », « XXe »: an ordinal; letters alone are left, since they are numbers of kings and chapters."""
    written = text[words[at].start : words[at].end]
    if (
        written[:1] not in _ROMAN_DIGITS
        or (roman := _ROMAN.fullmatch(written)) is None
        or not roman[1]
    ):
        return None
    values = [_ROMAN_DIGITS[letter] for letter in roman[1]]
    number = sum(
        -value if position + 1 < len(values) and value < values[position + 1] else value
        for position, value in enumerate(values)
    )
    return ("1er" if number == 1 else f"{number}e"), at + 1


def _number(words: list[Word], at: int) -> tuple[str, int] | None:
    """A number or an ordinal in words; a word that is one only sometimes (« un », « neuf ») stays when it stands alone."""
    said = words[at].norm
    if (
        said not in UNITS
        and said not in TENS
        and said not in ORDINALS
        and said not in ("cent", "mille", "cents")
    ):
        return None
    value, after = _cardinal(words, at)
    last = words[after].norm if after < len(words) else ""
    if (
        last == "et" and after + 1 < len(words) and words[after + 1].norm == "unieme"
    ):  # « vingt et unième »
        return f"{value + 1}e", after + 2
    is_tied = after > at and after < len(words) and words[after].gap in ("-", " ", "‑")
    if (
        last in ORDINALS
        and last not in ("second", "seconde")
        and (after == at or (is_tied and _makes_an_ordinal(value, last)))
    ):
        number = (value if after > at else 0) + ORDINALS[last]
        return ("1er" if number == 1 else f"{number}e"), after + 1
    if after == at and said in ("second", "seconde"):
        return ("2e", at + 1) if at and words[at - 1].norm in _BEFORE_SECOND else None
    if after == at or (after == at + 1 and _stays_a_word(words, at)):
        return None
    return str(value), after


def _with_clocks(words: list[Word]) -> Iterator[Word]:
    """« huit heures et demie du soir », « midi et quart », “half past seven” as one word: 20h30, 12h15, 7h30."""
    at = 0
    while at < len(words):
        clock = _clock_after(words, at) or _clock_before(words, at)
        if clock is None:
            yield words[at]
            at += 1
        else:
            norm, after = clock
            yield replace(_joined(words[at:after]), norm=norm)
            at = after


def _clock_after(words: list[Word], at: int) -> tuple[str, int] | None:
    """Hours with what follows them: minutes, halves, « du soir »."""
    following = [word.norm for word in words[at + 1 : at + 7]] + [""] * 6
    said = words[at].norm
    if (
        said.isdigit()
        and len(said) <= 2
        and following[0] in _HOUR_WORDS
        and words[at + 1].gap.strip() == ""
    ):
        hour, minutes, after = int(said), 0, at + 2
    elif (clock := _HOURS.fullmatch(said)) and "h" in said:
        hour, minutes, after = int(clock[1]), int(clock[2] or 0), at + 1
    elif said in ("midi", "minuit", "noon", "midnight") and following[0] in ("et", "moins"):
        hour, minutes, after = (24 if said in ("minuit", "midnight") else 12), 0, at + 1
    else:
        return None
    began = after
    rest = [word.norm for word in words[after : after + 4]] + [""] * 4
    if rest[0] == "et" and rest[1] in ("demi", "demie", "quart"):
        minutes, after = (15 if rest[1] == "quart" else 30), after + 2
    elif rest[0] == "moins" and (rest[1:3] == ["le", "quart"] or rest[1] == "quart"):
        hour, minutes, after = hour - 1, 45, after + 1 + (2 if rest[1] == "le" else 1)
    elif (
        rest[0] == "moins"
        and rest[1].isdigit()
        and int(rest[1]) < 60
        and rest[2] not in ("euros", "ans", "km")
    ):
        hour, minutes, after = hour - 1, 60 - int(rest[1]), after + 2
    elif (
        minutes == 0
        and said.isdigit()
        and rest[0].isdigit()
        and 0 < int(rest[0][:3]) < 60
        and rest[1] not in _COUNTED
    ):
        minutes, after = int(rest[0]), after + 1
    hour, after = _half_day(words, hour, after)
    if said in ("midi", "minuit", "noon", "midnight") and after == began:
        return None
    return f"{hour}h{minutes:02d}" if minutes else f"{hour}h", after


def _half_day(words: list[Word], hour: int, after: int) -> tuple[int, int]:
    """« du soir », « de l'après-midi » after an hour of the clock's first half; « du matin » as it is."""
    rest = [word.norm for word in words[after : after + 3]] + [""] * 3
    for said, is_late in _HALF_DAYS:
        if rest[: len(said)] == said:
            return (hour + 12 if is_late and hour < 12 else hour), after + len(said)
    return hour, after


def _clock_before(words: list[Word], at: int) -> tuple[str, int] | None:
    """“half past seven”, “quarter to eight”."""
    said = [word.norm for word in words[at : at + 4]] + [""] * 4
    if said[0] not in ("half", "quarter"):
        return None
    if said[0] == "half" and said[1].isdigit() and int(said[1]) <= 12:  # “half six” is half past
        hour, after = _half_day(words, int(said[1]), at + 2)
        return f"{hour}h30", after
    skip = 2 if said[1] in ("past", "to") else 0
    if not skip or not said[skip].isdigit() or int(said[skip]) > 12:
        return None
    hour, minutes = int(said[skip]), 30 if said[0] == "half" else 15
    if said[1] == "to":
        hour, minutes = hour - 1, 60 - minutes
    hour, after = _half_day(words, hour, at + skip + 1)
    return f"{hour}h{minutes:02d}", after


_HOUR_WORDS = frozenset(("heure", "heures", "h", "uhr"))
_HALF_DAYS = (
    (["du", "soir"], True), (["ce", "soir"], True), (["de", "l", "apresmidi"], True), (["du", "matin"], False),
    (["in", "the", "evening"], True), (["in", "the", "afternoon"], True), (["in", "the", "morning"], False),
    (["de", "la", "noche"], True), (["de", "la", "tarde"], True), (["abends"], True), (["pm"], True), (["am"], False),
)  # fmt: skip
_COUNTED = frozenset("euros ans km personnes places minutes enfants adultes jours".split())
_BEFORE_SECOND = frozenset("le la les l du de the that this au aux".split())
_ARTICLES = frozenset("un une a one uno una ein eine an cent mille zero".split())
_BEFORE_NEW = frozenset("de du quoi tout flambant chateau pont the coup est".split())


def _makes_an_ordinal(value: int, last: str) -> bool:
    """« dix huitième », « vingt et unième » and not « trois deuxièmes »."""
    return value % 10 == 0 and ORDINALS[last] < 10


def _stays_a_word(words: list[Word], at: int) -> bool:
    said = words[at].norm
    before = words[at - 1].norm if at else ""
    after = words[at + 1].norm if at + 1 < len(words) else ""
    if said in _ARTICLES:
        return not (said in ("cent", "mille") and after in ("euros", "personnes", "km"))
    if said == "sept":  # a month after a number, unless it is counted
        return before.isdigit() and after not in ("ans", "heures", "jours", "euros", "personnes")
    if said == "tres":  # « très peu »; “tres personas”
        return not after.endswith(("as", "os"))
    if said in ("neuf", "due", "otto", "vier", "nine"):
        return said == "neuf" and before in _BEFORE_NEW
    return False


def _cardinal(words: list[Word], at: int) -> tuple[int, int]:
    """The value of a number in words from a word on, and the word after it; the same word when there is none."""
    total, here, at_first = 0, 0, at
    while at < len(words):
        said = words[at].norm
        if at > at_first and words[at].gap not in ("-", " ", "‑", "\u00a0"):
            break
        if (
            said == "et"
            and here % 100 >= 20
            and at + 1 < len(words)
            and words[at + 1].norm in ("un", "une", "onze")
        ):
            at += 1
            continue
        if said in ("vingt", "vingts") and here % 100 == 4:
            here += 76
        elif said in TENS and here % 100 == 0:
            here += TENS[said]
        elif (
            said in UNITS and _may_follow(here, UNITS[said]) and not (at > at_first and said == "a")
        ):
            here += UNITS[said]
        elif said == "une" and here >= 20 and here % 10 == 0:
            here += 1
        elif said in ("cent", "cents", "hundred") and here % 1000 < 10:
            here = max(1, here) * 100
        elif said in ("mille", "thousand") and total == 0:
            total, here = max(1, here) * 1000, 0
        else:
            break
        at += 1
    return total + here, at


def _may_follow(here: int, unit: int) -> bool:
    """« vingt-deux », « soixante-quinze », « quatre-vingt-dix », « cent dix »; not « deux trois »."""
    tens = here % 100
    if here == 0 or tens == 0:
        return True
    if tens == 10:
        return unit in (7, 8, 9)
    return tens % 10 == 0 and (unit < 10 or tens in (60, 80))


@cache
def _short_forms() -> dict[str, str]:
    tables = tomllib.loads(
        files("puls.language").joinpath("typing.toml").read_text(encoding="utf-8")
    )
    return {short: words for table in tables.values() for short, words in table.items()}
