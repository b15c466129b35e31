"""A short quotation of a page: whole sentences of its main text, nearest to a question. Pure. Enter at `snippet_from`.

A quotation is data: it is shown with its source, and told to no model. Sentences that speak to a machine, or hold an address,
are not quoted; a page that holds orders is not quoted at all.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import trafilatura

from puls.geo.names import fold
from puls.web_search.pages.document import Document
from puls.web_search.pages.orders import speaks_to_a_machine
from puls.web_search.pages.plain import seen
from puls.web_search.pages.sentences.cutting import sentences_in
from puls.web_search.values import Snippet

LONGEST: Final = 300
_READ: Final = 300_000  # characters; trafilatura needs some 100 ms for as many
_SHORTEST: Final = 25
_MOST: Final = 600
_LEADS_AWAY: Final = re.compile(
    r"\b(?:https?|ftp|javascript|data|mailto):|\bwww\.|\S@\S|\]\(|(?:\+33|\b0)[ .]?[1-9](?:[ .-]?\d{2}){4}\b"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}(?:/\S*)?(?=[\s,;:!?»)]|\.?$)",
    re.IGNORECASE,
)
_SMALL: Final = frozenset(
    """a ai as au aux avec ce ces cette dans de des du elle en est et il ils je l la le les leur ma mais me mes mon ne nos notre on ou
    par pas pour qu que quel quelle quels quelles qui sa se ses son sont sur ta te tes toi ton tu un une vos votre vous y the is are
    of to in on at and what which who how there""".split()
)


def snippet_from(document: Document, markup: str, about: str, seen_at: datetime) -> Snippet | None:
    """At most 300 characters of whole sentences; None where the page's text holds none of the question's words."""
    wanted = _words(about)
    sentences = _sentences(document, markup)
    if not sentences or not wanted or any(map(speaks_to_a_machine, sentences)):
        return None
    sentences = [sentence for sentence in sentences if not _LEADS_AWAY.search(sentence)]
    if not sentences:
        return None
    scores = [_score(wanted, sentence) for sentence in sentences]
    best = max(range(len(sentences)), key=lambda at: scores[at])
    if scores[best] == 0:
        return None
    text = _grown(sentences, scores, best)
    return Snippet(
        text=text, title=document.title or document.url, url=document.url, seen_at=seen_at
    )


def _sentences(document: Document, markup: str) -> list[str]:
    text = _main_text(markup) or document.words
    return [
        line
        for _, sentence in sentences_in(seen(text[:_READ]))
        if len(line := " ".join(sentence.split())) >= _SHORTEST
    ][:_MOST]


def _main_text(markup: str) -> str:
    if len(markup) > _READ or re.search(r"<[a-zA-Z][^<]{20000,}", markup):
        return ""
    try:
        return trafilatura.extract(markup, include_comments=False, include_tables=True) or ""
    except Exception:  # noqa: BLE001 - a library of many parts met a page it was not written for; the blocks remain
        return ""


def _words(text: str) -> frozenset[str]:
    return frozenset(
        _stem(word) for word in fold(text).split() if word not in _SMALL and len(word) > 1
    )


def _stem(word: str) -> str:
    """Enough of a word for « places » and « place », « présente » and « présentée » to meet."""
    return word if word.isdigit() or len(word) <= 4 else word[: max(4, len(word) - 3)]


def _score(wanted: frozenset[str], sentence: str) -> float:
    held = _words(sentence)
    return len(wanted & held) - 0.001 * len(sentence) / LONGEST if wanted & held else 0.0


def _grown(sentences: Sequence[str], scores: Sequence[float], best: int) -> str:
    """The best sentence with its better neighbours, while all of it fits."""
    text = sentences[best]
    if len(text) > LONGEST:
        head = text[: LONGEST - 1]
        return head.rpartition(" ")[0].rstrip(" ,;:") + "…"
    first = last = best
    while True:
        around = [at for at in (last + 1, first - 1) if 0 <= at < len(sentences)]
        fitting = [at for at in around if len(text) + 1 + len(sentences[at]) <= LONGEST]
        if not fitting:
            return text
        chosen = max(fitting, key=lambda at: scores[at])
        if chosen > last:
            text, last = f"{text} {sentences[chosen]}", chosen
        else:
            text, first = f"{sentences[chosen]} {text}", chosen
