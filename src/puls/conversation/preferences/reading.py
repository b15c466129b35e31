"""Preferences in a visitor's words: « j'habite Grenoble », « je n'aime pas le théâtre », “I live in Lyon”. Pure.

Only what the visitor says of themselves, in the first person, as a fact, is read; a question, a third person, a
quotation, something imagined or said of one evening is not: what is not sure is not remembered. Enter at
`read_preferences`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from puls.catalogue.event import Category
from puls.conversation.preferences import words
from puls.conversation.preferences.preference import (
    Budget,
    Child,
    Children,
    Dislike,
    Forgotten,
    Home,
    Kind,
    Like,
    Moments,
    Needs,
    NoCar,
    Statement,
)
from puls.conversation.repeating import is_taste
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.language.lexicon import category_of_word, singular
from puls.understanding.where.reach import center_of
from puls.understanding.where.reading import where_named
from puls.understanding.wish import Where

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\d)[^.!?;\n]+)*[.!?;\n]*")
_CLAUSE = re.compile(
    r",(?!\s?\d)|\s(?:mais|donc|alors|but|so)\s|"
    r"\s(?:et|and)\s(?=(?:j['’]|je\s|on\s|nous\s|mes\s|mon\s|ma\s|I\s|I['’]|i\s|we\s|my\s|oublie|forget))",
    re.IGNORECASE,
)
_LISTED_AGES = re.compile(r"((?:enfants?|kids|children)\s*)[,:(]\s*(?=\d)", re.IGNORECASE)
_OLDEST_CHILD = 25
_MOST_CHILDREN = 12
_KNOWN_TOWN = 2_000  # inhabitants


_WORD = re.compile(r"\d+[.,]\d{1,2}(?=\s?(?:€|euros?\b))|[^\W_]+|€")


def _folded(word: str) -> str:
    """« 12,50 € » keeps its amount and its sign, which names have none of."""
    if word == "€":
        return "euros"
    return word.replace(",", ".") if re.fullmatch(r"\d+[.,]\d+", word) else fold(word)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause: its text, its words folded, and where what leads in ends in them."""

    text: str
    folded: str
    start: int = 0

    @classmethod
    def of(cls, text: str) -> "_Clause":
        return cls(text, " ".join(_folded(match[0]) for match in _WORD.finditer(text)))

    @property
    def said(self) -> str:
        return self.folded[self.start :]

    def raw(self, start: int, end: int | None = None) -> str:
        """The visitor's own spelling of a part of `said`."""
        begin = self.start + start
        stop = self.start + (len(self.said) if end is None else end)
        at, spans = 0, []
        for match in _WORD.finditer(self.text):
            length = len(_folded(match[0]))
            if at < stop and at + length > begin:
                spans.append(match.span())
            at += length + 1
        return self.text[spans[0][0] : spans[-1][1]] if spans else ""


def _category(about: str) -> Category | None:
    return category_of_word().get(about) or category_of_word().get(singular(about))


def read_preferences(
    text: str,
    *,
    gazetteer: Gazetteer,
    previous: Where | None = None,
    is_follow_up: bool = False,
) -> tuple[Statement, ...]:
    """What a message states about the visitor, in the order said; usually nothing.

    `previous` is the place spoken of before (« j'habite dans le 9e »). `is_follow_up`: an earlier search goes on, so
    that « budget 20 € maximum » alone changes that search and states nothing.
    """
    text = _LISTED_AGES.sub(r"\1 de ", _QUOTED.sub(" … ", text[:2_000]))
    clauses = list(_clauses(text))
    stated = [list(_statements(each, gazetteer, previous)) for each in clauses]
    if clauses and not is_follow_up:
        bare = [found or list(_bare(clause)) for clause, found in zip(clauses, stated, strict=True)]
        stated = bare if all(bare) else stated
    return tuple(dict.fromkeys(statement for found in stated for statement in found))


def _clauses(text: str) -> Iterator[_Clause]:
    """The clauses that state something: those of what is asked or imagined are left out."""
    for sentence in _SENTENCE.findall(text):
        if words.NOT_SAID.search(_Clause.of(sentence).folded):
            continue
        parts = [part for part in _CLAUSE.split(sentence) if part and part.strip(" .!?;\n")]
        for number, part in enumerate(parts, start=1):
            clause = _Clause.of(part)
            start = _end_of(words.LEAD, clause.folded, 0)
            asked = _end_of(words.REMEMBER, clause.folded, start)
            is_order = asked > start or words.FORGET.match(clause.folded, start)
            is_question = number == len(parts) and "?" in sentence
            if clause.folded and (is_order or not is_question):
                yield replace(clause, start=_end_of(words.LEAD, clause.folded, asked))


def _end_of(pattern: re.Pattern[str], folded: str, at: int) -> int:
    match = pattern.match(folded, at)
    return match.end() if match else at


def _statements(
    clause: _Clause, gazetteer: Gazetteer, previous: Where | None
) -> Iterator[Statement]:
    yield from _taken_back(clause, gazetteer, previous)
    yield from _homes(clause, gazetteer, previous)
    yield from _children(clause)
    yield from _likes(clause, gazetteer)
    yield from _needs(clause)
    for pattern in words.BUDGET:
        yield from _budget(pattern, clause)
    yield from _moments(words.MOMENT, clause)
    if words.NO_CAR.match(clause.said):
        yield NoCar()


def _bare(clause: _Clause) -> Iterator[Statement]:
    """What is a preference only in a message that holds nothing else."""
    yield from _budget(words.BARE_BUDGET, clause)
    yield from _moments(words.BARE_MOMENT, clause)


def _homes(clause: _Clause, gazetteer: Gazetteer, previous: Where | None) -> Iterator[Statement]:
    match = words.HOME.match(clause.said)
    if match is None or words.FOR_A_TIME.search(clause.said):
        return
    where = _place(clause, match.end(), gazetteer, previous)
    if where is not None:
        yield Home(where=where, center=center_of(where, gazetteer))
    elif match.end() == len(clause.said) and "demenage" in match[0]:
        yield Forgotten(kind=Kind.HOME)  # « j'ai déménagé »: the home that is known is no more


def _place(
    clause: _Clause, start: int, gazetteer: Gazetteer, previous: Where | None
) -> Where | None:
    """The commune or area named from there on."""
    rest = clause.said[start:].lstrip()
    offset = len(clause.said) - len(rest)
    end = len(rest)
    if since := words.SINCE.search(f" {rest}"):
        end = max(0, since.start() - 1) or end
    for pattern in (words.HOME_MANNER, words.MOVED_FROM):
        manner = pattern.match(rest[:end])
        begins = manner.end() if manner else 0
        rest, offset, end = rest[begins:], offset + begins, end - begins
    rest = rest[:end].strip()
    first = rest.split(" ", 1)[0]
    is_vague = previous is None and words.VAGUE_PLACE.match(rest)
    if not first or first in words.NO_PLACE or is_vague:
        return None
    raw = clause.raw(offset, offset + len(rest))
    if first in ("to", "pour"):
        raw, first = raw.split(" ", 1)[-1], ""
    phrase = raw if first in words.HOME_PREPOSITIONS else f"à {raw}"
    where = where_named(phrase, gazetteer, previous=previous)
    is_here = where is not None and where.around_visitor_km is not None
    return None if is_here else where


def _children(clause: _Clause) -> Iterator[Statement]:
    if words.NO_CHILDREN.match(clause.said):
        yield Forgotten(kind=Kind.CHILDREN)
        return
    for pattern in words.CHILDREN:
        match = pattern.match(clause.said)
        if match is None:
            continue
        said = match["who"]
        divisor = 12 if (match["unit"] or "").startswith(("mois", "month")) else 1
        ages = [int(age) // divisor for age in re.findall(r"\d+", match["ages"])]
        if ages and max(ages) <= _OLDEST_CHILD and len(ages) <= _MOST_CHILDREN:
            is_one = len(ages) == 1 and not said.endswith(("enfants", "kids", "children"))
            who: Literal["daughter", "son"] | None = (
                "daughter" if said in words.DAUGHTER else "son" if said in words.SON else None
            )
            children = sorted({Child(age, who) for age in ages}, key=lambda child: child.age)
            yield Children(children=tuple(children), is_complete=not is_one)
        return


def _likes(clause: _Clause, gazetteer: Gazetteer) -> Iterator[Statement]:
    for patterns, made in (
        (words.DISLIKE, lambda about: Dislike(about=about, category=_category(about))),
        (words.NO_LONGER, lambda about: Forgotten(kind=Kind.LIKE, about=about)),
        (words.LIKE, lambda about: Like(about=about, category=_category(about))),
    ):
        for pattern in patterns:
            if match := pattern.match(clause.said):
                for about in _themes(clause, match.end(), gazetteer):
                    yield made(about)
                return


def _themes(clause: _Clause, start: int, gazetteer: Gazetteer) -> Iterator[str]:
    rest = words.END_OF_THEME.sub("", f" {clause.said[start:].strip()}").strip()
    for each in words.AND_ANOTHER.split(rest):
        about = words.ARTICLE.sub("", each).strip()
        is_short = is_taste(about) and len(about) > 1
        if is_short and not words.NO_THEME.match(about) and not _is_town(about, clause, gazetteer):
            yield about


def _is_town(about: str, clause: _Clause, gazetteer: Gazetteer) -> bool:
    """« j'adore Lyon » says nothing about events; « le rock » is no town, since nobody capitalised it."""
    towns = gazetteer.communes_named(about)
    at = clause.said.find(about)
    return (
        bool(towns)
        and towns[0].population >= _KNOWN_TOWN
        and clause.raw(at, at + len(about))[:1].isupper()
    )


def _needs(clause: _Clause) -> Iterator[Statement]:
    codes = frozenset(code for code, pattern in words.NEEDS if pattern.match(clause.said))
    if codes:
        yield Needs(accessibility=codes)


def _budget(pattern: re.Pattern[str], clause: _Clause) -> Iterator[Statement]:
    if match := pattern.match(clause.said):
        amount = next((float(value) for value in match.groupdict().values() if value), 0.0)
        if amount > 0:
            yield Budget(max_price=amount)


def _moments(pattern: re.Pattern[str], clause: _Clause) -> Iterator[Statement]:
    if match := pattern.match(clause.said):
        named = tuple(
            moment
            for moment, written in words.MOMENT_WORDS
            if re.search(rf"(?<!\S)(?:{written})(?!\S)", match["moments"])
        )
        if named:
            yield Moments(moments=named)


def _taken_back(
    clause: _Clause, gazetteer: Gazetteer, previous: Where | None
) -> Iterator[Statement]:
    """« oublie mes enfants », « je n'habite plus Lyon », « j'ai une voiture maintenant »."""
    if match := words.NOT_HOME.match(clause.said):
        where = _place(clause, match.end(), gazetteer, previous)
        if where is not None:
            yield Forgotten(kind=Kind.HOME, about=where.label)
    for pattern, kind in (
        (words.NO_NEEDS, Kind.NEEDS),
        (words.NO_BUDGET, Kind.BUDGET),
        (words.HAS_CAR, Kind.NO_CAR),
    ):
        if pattern.match(clause.said):
            yield Forgotten(kind=kind)
    if match := words.FORGET.match(clause.said):
        yield from _forgotten(match["what"])


def _forgotten(what: str) -> Sequence[Forgotten]:
    for kinds, pattern in words.FORGETTABLE:
        if pattern.match(what):
            return [Forgotten(kind=kind) for kind in kinds]
    if match := words.FORGET_THEME.match(what):
        about = match["about"]
        if not words.NO_THEME.match(about):
            return [Forgotten(kind=kind, about=about) for kind in (Kind.LIKE, Kind.DISLIKE)]
    return []
