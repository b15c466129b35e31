"""What chat clients ask of their model beside the conversation: a title, tags, next questions, queries for a search.

It comes as a message of the visitor's and is none: answered shortly from the words that are there, without a search, and
nothing of it is kept. Pure. Enter at `housekeeping_in`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_TITLE = 50  # characters; lists of conversations show about as many
_TITLE_WORDS = 7
_LEAST_WORDS = 5  # of such an order; « donne-moi un titre » alone may be about a film


class Chore(StrEnum):
    """What is asked for."""

    TITLE = "title"
    TAGS = "tags"
    FOLLOW_UPS = "follow_ups"
    QUERIES = "queries"
    COMPLETION = "text"
    EMOJI = "emoji"


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """A chore, the message that the conversation began with as far as it is told, and the form of the answer.

    `key`: the name of the JSON field that is asked for; None: plain words.
    """

    chore: Chore
    about: str
    key: str | None

    @property
    def is_french(self) -> bool:
        """As the conversation is; French when that cannot be told."""
        return not _ENGLISH.search(self.about)

    def answer(self) -> str:
        """The text that the client waits for."""
        said: str | list[str]
        match self.chore:
            case Chore.TITLE:
                said = title_of(self.about, french=self.is_french)
            case Chore.TAGS:
                said = _tags(self.about, french=self.is_french)
            case Chore.FOLLOW_UPS:
                said = list(_NEXT_FR if self.is_french else _NEXT_EN)
            case Chore.QUERIES:
                said = []  # Puls searches by itself
            case Chore.COMPLETION:
                said = ""
            case Chore.EMOJI:
                said = "🎭"
        if self.key is not None:
            return json.dumps({self.key: said}, ensure_ascii=False)
        return said if isinstance(said, str) else "\n".join(said)


def housekeeping_in(
    system: Sequence[str], said: Sequence[str], *, last: str
) -> Housekeeping | None:
    """The chore that a request asks for, or None for a visitor's own message.

    `system`: the instructions sent along, `said`: the user's messages, oldest first, `last`: the last of them.
    """
    for order, before, is_system in (
        (last, said[:-1], False),
        *((one, said, True) for one in system),
    ):
        chore = _chore_of_instructions(order) if is_system else _chore_of(order)
        if chore is not None:
            about = _told_first(order) or next((one for one in before if one.strip()), "")
            return Housekeeping(chore=chore, about=about, key=_key_of(order, chore))
    return None


def title_of(text: str, *, french: bool = True) -> str:
    """The first words of a message as a title."""
    line = " ".join(re.sub(r"[*_`#>\"«»“”]+", " ", text).split())
    words = line.split(" ")[:_TITLE_WORDS]
    title = " ".join(words)
    while len(title) > _LONGEST_TITLE and len(words) > 1:
        words = words[:-1]
        title = " ".join(words)
    title = title[:_LONGEST_TITLE].rstrip(" ,.;:!?…-–")
    if not title:
        return "Sorties" if french else "Going out"
    return title[0].upper() + title[1:]


def _chore_of(order: str) -> Chore | None:
    """What an order asks for. Its beginning and its end are read: in between stands the conversation itself."""
    told = _HISTORY.split(order, maxsplit=1)[0]
    text = told[:1500] if len(told) > len(order) / 20 else order[:1500]
    is_task = _TASK.search(order) is not None
    if len(order.split()) < _LEAST_WORDS:
        return None
    for chore, named in _CHORES.items():
        if is_task and _ORDERED[chore].search(text):
            return chore
        if not is_task and named.search(text) and _ABOUT_A_CHAT.search(text):
            return chore
    return Chore.TITLE if is_task and _WRITTEN_OUT.search(order) else None  # none that is known


def _chore_of_instructions(order: str) -> Chore | None:
    """Instructions stand beside every message: only those that are the chore itself count, not a wish for the answers."""
    if _TASK.search(order):
        return _chore_of(order)
    return Chore.TITLE if _TITLE_MAKER.search(order) else None


def _told_first(order: str) -> str:
    """The first message of a conversation that is written out in an order."""
    told = _HISTORY.split(order, maxsplit=1)
    place = told[-1] if len(told) > 1 else order
    if match := _FIRST_USER.search(place):
        return match[1].strip()
    if len(told) > 1:
        rest = re.sub(r"</?[\w-]+>", " ", place).strip()
        return rest.splitlines()[0].strip() if rest else ""
    return ""


def _key_of(order: str, chore: Chore) -> str | None:
    keys = _JSON_KEY.findall(_HISTORY.split(order, maxsplit=1)[0])
    if chore.value in keys:
        return chore.value
    if keys:
        return str(keys[-1])
    return chore.value if re.search(r"\bJSON\b", order) else None


def _tags(about: str, *, french: bool) -> list[str]:
    """The general one, and the longer words of the message: they name its subject or its town."""
    words = [
        word.strip(".,;:!?…«»\"'’()")
        for word in re.split(r"[\s’']+", about)
        if len(word.strip(".,;:!?…«»\"'’()")) > 3  # noqa: PLR2004 # « les », « des », « the »
    ]
    subjects = [word for word in words if word.lower() not in _EMPTY_WORDS]
    general = "Sorties" if french else "Events"
    return list(dict.fromkeys([general, *(word[0].upper() + word[1:] for word in subjects)]))[:3]


_VERB = (
    r"(?:generate|create|write|provide|suggest|give|propose|produce|make|come up with|summari[sz]e|analy[sz]e|determine|"
    r"g[ée]n[èe]re[rz]?|cr[ée]e[rz]?|[ée]cris|[ée]crivez|r[ée]dige[rz]?|donne[rz]?|propose[rz]?|sugg[èe]re[rz]?|"
    r"trouve[rz]?|r[ée]sume[rz]?|analyse[rz]?|reflect|continue)\b"
)
_NEAR = r"[^\n]{0,120}?(?:\n[^\n]{0,120}?){0,3}?"
_WORDS: dict[Chore, str] = {
    Chore.FOLLOW_UPS: r"\bfollow[\s-]?ups?\b|\bquestions? (?:de suivi|de relance|suivantes?)\b",
    Chore.TAGS: r"\btags?\b|\bétiquettes?\b|\bmots[\s-]cl[ée]s\b",
    Chore.QUERIES: r"\bsearch quer(?:y|ies)\b|\bqueries\b|\brequ[êe]tes? de recherche\b",
    Chore.COMPLETION: r"\bauto-?complet(?:ion|e)\b",
    Chore.TITLE: r"\btitles?\b|\btitres?\b|\bname for (?:this|the) (?:chat|conversation)\b",
    Chore.EMOJI: r"\bemojis?\b",
}
_CHORES = {
    chore: re.compile(rf"{_VERB}{_NEAR}(?:{words})", re.IGNORECASE)
    for chore, words in _WORDS.items()
}
_ORDERED = {chore: re.compile(words, re.IGNORECASE) for chore, words in _WORDS.items()}
_TASK = re.compile(
    r"^\s*#{1,4}\s*(?:task|t[âa]che)\b|<chat_history>|###\s*chat history", re.IGNORECASE
)
_WRITTEN_OUT = re.compile(r"<chat_history>|###\s*chat history", re.IGNORECASE)
_TITLE_MAKER = re.compile(  # « give each answer a title » is a wish for answers, and no chore
    r"^(?=[\s\S]{0,400}\b(?:conversation|chat|message|discussion|topic|sujet)\b)"
    r"[\s\S]{0,200}?(?:\btitle (?:generator|maker|writer)\b|"
    r"\b(?:generate|create|write|provide|produce|come up with|summari[sz]e[^.\n]{0,60}? (?:as|in|into|with)|"
    r"g[ée]n[èe]re[rsz]?|cr[ée]e[rsz]?|[ée]cri[sv](?:ez)?|donne[rsz]?|propose[rsz]?) "
    r"(?:[\w,’'-]+ ){0,5}?tit(?:le|re)s?\b(?![^.\n]{0,60}\b(?:each|every|all|answers?|events?|chaque|toutes?|r[ée]ponses?|sorties?)\b))",
    re.IGNORECASE,
)
_ABOUT_A_CHAT = re.compile(
    r"\b(?:this|the|a new|following|our|cette|la|notre|d['’]une?) "
    r"(?:chat|conversation|discussion|dialogue|messages?|session|exchange|échange)\b|\bchat (?:history|session|title)|"
    r"\b(?:a|une) conversation (?:that|which|qui)\b|"
    r"\bconversation['’]?s? titles?\b|\btitles? for conversations?\b|\bfirst message\b|\bpremier message\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"<chat_history>|<conversation>|#{1,4}\s*(?:chat history|conversation|historique)\s*:?\s*\n|"
    r"\n\s*(?:conversation|historique|messages?|transcript)\s*:\s*\n",
    re.IGNORECASE,
)
_FIRST_USER = re.compile(
    r"^\s*(?:user|human|message|utilisateur|visiteur)\s*[:：>]\s*(\S[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_JSON_KEY = re.compile(r"[{,]\s*\\?[\"“](\w{1,30})\\?[\"”]\s*:")
_ENGLISH = re.compile(
    r"\b(?:the|what|what['’]s|in|on|this|tonight|tomorrow|week-?end in|near me|free|show|kids|with)\b",
    re.IGNORECASE,
)
_EMPTY_WORDS = frozenset(
    [
        "avec",
        "pour",
        "dans",
        "cette",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "faire",
        "veux",
        "voudrais",
        "aller",
        "what",
        "with",
        "this",
        "that",
        "there",
        "near",
        "next",
        "some",
        "find",
        "show",
        "tonight",
        "weekend",
        "week-end",
        "ce-soir",
        "soir",
        "demain",
        "samedi",
        "dimanche",
        "gratuit",
        "gratuite",
        "free",
    ]  # a list of words reads better as prose
)
_NEXT_FR = ("Et demain ?", "Seulement ce qui est gratuit", "Quelque chose avec des enfants ?")
_NEXT_EN = ("What about tomorrow?", "Only what is free", "Something with children?")
