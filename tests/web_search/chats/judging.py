"""What is wrong with an answer by its script, in words; the same judgement whoever wrote the answer. Pure."""

import re
from collections.abc import Iterator

from tests.web_search.chats.scripts import Line
from tests.web_search.chats.talking import Told

from puls.conversation.turn import TextWritten

_SPACES = re.compile("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]")
_LINK = re.compile(r"\]\((?P<address>[^()\s]+)\)")


def plain(text: str) -> str:
    """With plain spaces."""
    return _SPACES.sub(" ", text)


def faults_of(told: Told, line: Line) -> list[str]:
    """Each thing that is not as the script wants it."""
    return [*_words(told, line), *_cards(told, line), *_proposed(told, line)]


def links_in(text: str) -> list[str]:
    """The addresses that an answer links to."""
    return [found["address"] for found in _LINK.finditer(text)]


def _words(told: Told, line: Line) -> Iterator[str]:
    text = plain(told.text)
    yield from (f"lacks « {words} »" for words in line.says if words not in text)
    shown = _LINK.sub("]", text)
    yield from (f"says « {words} »" for words in line.says_not if words in shown)
    paragraphs = [each.strip() for each in text.split("\n\n")]
    yield from {f"says twice « {each} »" for each in paragraphs if paragraphs.count(each) > 1}


def _cards(told: Told, line: Line) -> Iterator[str]:
    if line.cards is not None and tuple(one.event.uid for one in told.found) != line.cards:
        yield f"shows {[one.event.uid for one in told.found]}"
    if told.seen is None:
        return
    outcomes = {check.uid: check.outcome for check in told.seen.looked.checks}
    for uid, outcome in line.checks:
        if outcomes.get(uid) is not outcome:
            yield f"{uid} is {outcomes.get(uid)}, not {outcome}"
    if tuple(one.title for one in told.seen.looked.events) != line.web_titles:
        yield f"web events {[one.title for one in told.seen.looked.events]}"
    if [one.event.uid for one in told.seen.events] != [one.event.uid for one in told.found]:
        yield "the corrected cards are others"


def _proposed(told: Told, line: Line) -> Iterator[str]:
    spoken_of = {uid for event in told.sent if isinstance(event, TextWritten) for uid in event.uids}
    yield from (f"proposes {uid}" for uid in line.off if uid in spoken_of)
