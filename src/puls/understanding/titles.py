"""Quoted titles: « le film « Entrée libre » » asks for a film of that name, not for a free one. Pure."""

import re

from puls.understanding.words import Message

_CLOSING = {"«": "»", "“": "”", '"': '"'}
_TITLED = re.compile(
    r"(?<!\S)(?:pieces?|films?|documentaire|spectacle|concert|opera|livre|album|chanson|roman|titre|"
    r"expo|exposition|comedie|ballet|festival|show|play|movie|exhibition|intitulee?)(?= )"
)


def claim_titles(message: Message) -> None:
    """Claim what is quoted right after a kind of work; it stays theme, and no filter reads it."""
    if not any(mark in message.text for mark in _CLOSING):
        return
    for match in message.find(_TITLED):
        kind = message.word_range(match.start(), match.end())[1]
        between = message.text[message.words[kind].end : message.words[kind + 1].start]
        opening = next((mark for mark in _CLOSING if mark in between), None)
        if opening is None:
            continue
        end = message.text.find(_CLOSING[opening], message.words[kind + 1].start)
        last = kind
        while last + 1 < len(message.words) and message.words[last + 1].end <= end:
            last += 1
        message.claim_words(kind + 1, last, "title", keep=True)
