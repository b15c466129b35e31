"""A message that changes a plan: stops left out, put in another's place, added, moved. Pure.

The visitor speaks of a stop by its rank, its kind, words of its title or its part of the day. Enter at `edit_of`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import Stemmer

from puls.catalogue.event import Event
from puls.geo.names import fold
from puls.language.lexicon import Hours, category_of_word, singular
from puls.outings.slots import Slot
from puls.understanding.message import Message
from puls.understanding.when.hours import NamedHours, hours_in

_RECAP = re.compile(
    r"(?<!\S)(?:recap\w*|recapitul\w*|resume[rz]?(?: moi)?(?: le| la| ce| notre| tout)?|rappelle[sz]?(?: moi)? (?:le|mon|notre|la) (?:plan|programme|planning|journee|soiree|itineraire)|"
    r"(?:redonne|remontre|reaffiche|montre)(?: moi| nous)? (?:le|mon|notre|la|tout le) (?:plan|programme|planning|journee|soiree|itineraire)|summary|summari[sz]e|sum up|go over (?:the|it)|on resume|ca donne quoi|what s the plan)(?!\S)"
)
_REMOVE = r"(?:enleve[rz]?|retire[rz]?|supprime[rz]?|vire[rz]?|laisse[rz]? tomber|annule[rz]?|oublie[rz]?|saute[rz]?|remove|drop|skip|cancel|lose|scrap|finalement pas|sans|pas|without|not)"
_REPLACE = r"(?:remplace[rz]?|change[rz]?|echange[rz]?|troque[rz]?|replace|swap|change|trade|substitue[rz]?)"
_ADD = r"(?:ajoute[rz]?|rajoute[rz]?|complete[rz]?|mets?(?: aussi| en plus)?|glisse[rz]?|insere[rz]?|prevois(?: aussi)?|add|also|include|et aussi|en plus|put in|plus)"
_MOVE = r"(?:decale[rz]?|avance[rz]?|repousse[rz]?|recule[rz]?|deplace[rz]?|commence[rz]? (?:plus|a|vers)|move|shift|push|start (?:at|later|earlier)|plus tard|plus tot)"
_KEEP = r"(?:je veux|on veut|je prefere|on prefere|je garde|on garde|garde[rz]?|plutot|i want|we want|i d rather|keep|choisis|prends)"
_BY = re.compile(
    r"(?<!\S)(?:par|pour|contre|avec|with|for|by|a la place(?: de)?|instead of|instead)(?!\S)"
)
_VERBS: tuple[tuple["Does", re.Pattern[str]], ...] = (
    ("replace", re.compile(rf"(?<!\S){_REPLACE}(?!\S)")),
    ("add", re.compile(rf"(?<!\S){_ADD}(?!\S)")),
    ("move", re.compile(rf"(?<!\S){_MOVE}(?!\S)")),
    ("remove", re.compile(rf"(?<!\S){_REMOVE}(?!\S)")),
    ("choose", re.compile(rf"(?<!\S){_KEEP}(?!\S)")),
)
_ANYTHING_ELSE = re.compile(
    r"(?<!\S)(?:autre chose|un autre|une autre|something else|another(?: one)?|quelque chose d autre)(?!\S)"
)
_PARTS = {
    "matin": "morning",
    "morning": "morning",
    "apresmidi": "afternoon",
    "afternoon": "afternoon",
    "soir": "evening",
    "evening": "evening",
    "soiree": "evening",
    "nuit": "night",
    "night": "night",
}
_RANKS = {
    "1er": 0,
    "2e": 1,
    "3e": 2,
    "4e": 3,
    "dernier": -1,
    "derniere": -1,
    "first": 0,
    "second": 1,
    "last": -1,
    "final": -1,
}
_SMALL = frozenset(
    "le la les l un une des de du d au aux a et ou the of at in on etape etapes stop step celui celle".split()
)
_SHORTEST = 3
_STEMMER = Stemmer.Stemmer("french")

Does = Literal["recap", "remove", "replace", "add", "move", "choose"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a plan: what is done, to which stop (by its place, None: none named), and the words of what comes instead or in addition."""

    does: Does
    stop: int | None = None
    words: str = ""
    hours: Hours | None = None
    wants_another: bool = False


def edit_of(  # noqa: PLR0911 - one return an edit
    text: str, slots: Sequence[Slot], events: Sequence[Event | None]
) -> Edit | None:
    """The change that a message asks for; None when it asks for a new plan. `events`: what fills each part."""
    message = Message(text)
    line = message.line
    if _RECAP.search(line):
        return Edit("recap")
    found = [
        (match.start(), does, match) for does, pattern in _VERBS for match in pattern.finditer(line)
    ]
    if not found:
        return None
    _, does, match = min(found, key=lambda each: each[0])
    if does == "remove" and any(
        other == "replace" for _, other, _ in found
    ):  # « finalement pas Mozart, remplace par … »
        does = "replace"
    object_words, other_words = _objects(message, match)
    hours = next((each for each in hours_in(message) if not each.is_weak), None)
    if does == "move":
        stop = stop_named(line, slots, events)
        return Edit("move", stop, hours=_from(hours, line)) if hours else Edit("move", stop)
    if does == "add":
        return Edit("add", words=object_words or text)
    if does == "choose":
        words = _before_a_refusal(message, match)
        return Edit("choose", stop_named(words, slots, events), words=words) if words else None
    stop = stop_named(object_words, slots, events)
    if stop is None and does == "replace":
        stop = stop_named(line, slots, events)
    if does == "remove":
        return Edit("remove", stop) if stop is not None else None
    if not other_words:
        other_words = (
            ""
            if _ANYTHING_ELSE.search(line)
            else object_words
            if stop_named(object_words, slots, events) is None
            else ""
        )
    wants_another = bool(_ANYTHING_ELSE.search(other_words or line)) or not other_words
    return Edit(
        "replace",
        stop,
        words="" if _ANYTHING_ELSE.search(other_words) else other_words,
        wants_another=wants_another,
    )


def _objects(message: Message, verb: re.Match[str]) -> tuple[str, str]:
    """What the verb governs, and what stands after « par », « avec », “with”; as written."""
    _, last = message.word_range(verb.start(), verb.end())
    first = last + 1
    if first >= len(message):
        return "", ""
    after = message.line[message.offset(first) :]
    by = _BY.search(after)
    if by is None:
        return message.written(first, len(message) - 1), ""
    left, right = message.word_range(
        message.offset(first) + by.start(), message.offset(first) + by.end()
    )
    said = message.written(first, left - 1) if left > first else ""
    instead = message.written(right + 1, len(message) - 1) if right + 1 < len(message) else ""
    return said, instead


def _before_a_refusal(message: Message, verb: re.Match[str]) -> str:
    """« je veux l'atelier à la plume, pas l'autre »: up to the pause."""
    _, last = message.word_range(verb.start(), verb.end())
    end = last + 1
    while end < len(message) and not (end > last + 1 and message.has_pause_before(end)):
        end += 1
    return message.written(last + 1, end - 1) if end > last + 1 else ""


def _from(hours: NamedHours | None, line: str) -> Hours | None:
    if hours is None:
        return None
    start, end = hours.hours
    return (
        (start + 0.5, 26.0)
        if hours.manner in ("at", "noon") and "a partir" not in line
        else (start, max(end, start + 1))
    )


def stop_named(text: str, slots: Sequence[Slot], events: Sequence[Event | None]) -> int | None:
    """The place of the stop that words speak of; None when they name none."""
    line = Message(text).line
    words = line.split()
    for word in words:
        if word in _RANKS and slots:
            place = _RANKS[word] % len(slots) if _RANKS[word] < 0 else _RANKS[word]
            if place < len(slots):
                return place
    kinds = {
        category_of_word()[singular(word)] for word in words if singular(word) in category_of_word()
    }
    said = {_stem(word) for word in words if len(word) >= _SHORTEST and word not in _SMALL}
    parts = {_PARTS[word] for word in words if word in _PARTS}
    scores: list[float] = []
    for slot, event in zip(slots, events, strict=True):
        title = {_stem(word) for word in fold(event.title).split()} if event else set()
        venue = (
            {_stem(word) for word in fold((event.venue.name if event.venue else "") or "").split()}
            if event
            else set()
        )
        topic = {_stem(word) for word in fold(slot.wish.topic).split()}
        score: float = 3 * len(said & title) + 2 * len(said & (topic - title)) + len(said & venue)
        score += 1.5 * bool(event and event.category in kinds) + 1.0 * bool(slot.part in parts)
        scores.append(score)
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 else None


def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem
