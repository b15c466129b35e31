"""When Puls looks on the web, and how far: stated here, told in the answer, tested. Pure.

It looks when the visitor asks for it, or for what only the web knows (tickets left, called off, opening hours, news of an
artist); when the catalogue holds too little on theme; and when what it would propose is near and its record is old. It
never looks for small talk. Enter at `request_in` and `plan_of`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from puls.catalogue.event import Event
from puls.understanding.message import Message
from puls.understanding.turns import ABOUT_SHOWN, WITHOUT_WISH, Act
from puls.understanding.wish import Wish
from puls.web_search.values import Depth, Why

SOON = timedelta(hours=48)
OLD = timedelta(hours=24)
FEW = 3  # events on theme; fewer are worth a look elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a depth goes: seconds in all, events checked, searches sent, pages read of what they found."""

    seconds: float
    checks: int
    searches: int
    pages: int


QUICK = Bounds(seconds=3.0, checks=5, searches=1, pages=3)
THOROUGH = Bounds(seconds=8.0, checks=10, searches=2, pages=6)


def bounds_of(depth: Depth, *, seconds: float) -> Bounds:
    """The bounds of a depth. `seconds`: what an operator allows a quick look; a thorough one takes as much longer as usual."""
    usual = THOROUGH if depth == "thorough" else QUICK
    return Bounds(
        seconds=usual.seconds * seconds / QUICK.seconds,
        checks=usual.checks,
        searches=usual.searches,
        pages=usual.pages,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """What a message asks of the web: why to look, if it says so, and the message without the words that only say it."""

    why: Why | None
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """An event that the answer speaks of: when it begins next, and when its record was last read, both aware."""

    event: Event
    starts_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known when Puls decides: the act, the wish, the events of the answer best first, how many are on theme.

    `is_about`: the message asks about these very events.
    """

    act: Act
    wish: Wish
    now: datetime
    asked: Why | None = None
    events: Sequence[ToCheck] = ()
    on_theme: int = 0
    is_about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPlan:
    """What looking is to do: check these events, and search or not."""

    why: tuple[Why, ...]
    events: tuple[Event, ...] = ()
    searches: bool = False


def plan_of(situation: Situation, *, depth: Depth, checks: int = QUICK.checks) -> LookPlan | None:
    """What to look for; None when there is nothing to look for."""
    if depth == "off":
        return None
    is_small_talk = situation.act in WITHOUT_WISH and not situation.is_about
    if is_small_talk or (situation.act in ABOUT_SHOWN and not situation.events):
        return None
    why: list[Why] = []
    if situation.asked is not None:
        why.append(situation.asked)
    searches = bool(why) and (situation.asked is Why.ASKED or bool(situation.wish.topic))
    if not situation.is_about and situation.wish.topic and situation.on_theme < FEW:
        why.append(Why.TOO_FEW)
        searches = True
    old = [each for each in situation.events if is_soon_and_old(each, now=situation.now)]
    if old:
        why.append(Why.SOON_AND_OLD)
    chosen = [each.event for each in (situation.events if situation.asked else old)]
    if not why or not (chosen or searches):
        return None
    return LookPlan(why=tuple(why), events=tuple(chosen[:checks]), searches=searches)


def is_soon_and_old(each: ToCheck, *, now: datetime) -> bool:
    """Whether it begins within two days, and nobody read its record today. One under way counts as soon."""
    is_soon = each.starts_at is not None and each.starts_at < now + SOON
    is_old = each.read_at is None or each.read_at < now - OLD
    return is_soon and is_old


def request_in(text: str) -> WebRequest:
    """What a message says of looking: « regarde sur internet s'il y a un concert » is a concert, looked for on the web."""
    message = Message(text)
    looks = _LOOK.search(message.line)
    if looks is not None:
        first = message.line[: looks.start()].count(" ")
        last = first + looks.group().strip().count(" ")
        words = message.words
        before, after = text[: words[first].start], text[words[last].end :]
        rest = " ".join(part for part in (before.strip(" ,;:"), after.strip(" ,;:")) if part)
        return WebRequest(why=Why.ASKED, rest=rest if any(map(str.isalnum, rest)) else "")
    is_question = "?" in text
    if _ONLY_NOW.search(message.line) or (is_question and _STATES.search(message.line)):
        return WebRequest(why=Why.ONLY_THE_WEB_KNOWS, rest=text)
    return WebRequest(why=None, rest=text)


_WEB_FR = r"(?:(?:sur|via|dans) (?:le |l )?(?:web|net|internet|google|toile)|en ligne)"
_WEB_EN = r"(?:(?:on|over|from) the (?:web|net|internet)|on google|online)"
_AFTER_FR = r"(?: (?:s il y a|s il existe|si il y a|si|pour(?: voir)?(?: s il y a)?))?"
_AFTER_EN = r"(?: (?:for|if there (?:is|are)|whether there (?:is|are)))?"
_VERB_FR = (
    r"(?:(?:tu peux|peux tu|pouvez vous|vous pouvez|pourrais tu|pourriez vous|va|allez|et) )?"
    r"(?:regarder?|regardez|chercher?|cherchez|rechercher?|recherchez|verifier?|verifiez|voir|fouiller?|jete[rz]? un (?:coup d )?oeil)"
)
_VERB_EN = r"(?:(?:can you|could you|please|and) )?(?:look(?: (?:it|this|that))?(?: up)?|search|check|browse|google)(?: it| that| this)?"
_LOOK = re.compile(
    rf"(?<!\S)(?:{_VERB_FR}(?: (?:ca|cela|aussi|donc|un peu|bien))? {_WEB_FR}{_AFTER_FR}"
    rf"|{_VERB_EN} {_WEB_EN}{_AFTER_EN}|look it up|google it|cherche plus loin|(?:fais|faites|lance|lancez) une recherche (?:web|internet|sur internet|en ligne))(?!\S)"
)

_LEFT = r"(?:places?|billets?|tickets?|entrees?|seats?|creneaux?|sieges?)"
_STATE = r"(?:annulee?s?|reportee?s?|deplacee?s?|maintenue?s?|confirmee?s?|deprogrammee?s?)"
_ONLY_NOW = re.compile(
    r"(?<!\S)(?:"
    rf"(?:encore|toujours) (?:de la |des |du |de |d )?{_LEFT}|rest\S+(?: \S+){{0,2}} (?:des |de |quelques )?{_LEFT}|{_LEFT} (?:restantes?|disponibles?|encore disponibles?|left|available)"
    rf"|(?:pas|bien|toujours|encore|deja) {_STATE}|(?:est|sont|c est|serait|ete|etre) (?:il |elle |ils |elles )?(?:pas |bien |toujours |encore |deja )?{_STATE}"
    r"|(?:a|ont)(?: t)?(?: il| elle| lieu)? (?:bien|toujours|vraiment) lieu|toujours (?:prevue?s?|d actualite|au programme|programmee?s?)"
    r"|(?:est|c est|sont|deja) (?:il |elle |deja |pas )?(?:complets?|completes?)|billetterie(?: est)?(?: elle)? ouverte"
    r"|(?:horaires?|heures) d ouverture|(?:a )?quelle heure (?:ca |il |elle )?(?:ouvre|ferme)\S*|jours? (?:d ouverture|de fermeture)|(?:est|sont) (?:il |elle |ils |elles )?(?:ouverte?s?|fermee?s?) (?:le|les|ce|cette|demain|aujourdhui|en)"
    r"|(?:quoi de neuf|du nouveau|des nouvelles|dernieres nouvelles|actualites?|l actu|les actus)(?: \S+)? (?:de|du|sur|pour|d|chez)|en tournee"
    r"|(?:any|are there|still) (?:more |any )?(?:tickets?|seats|spots)|(?:tickets?|seats) left|sold out|still (?:on|happening|going ahead|scheduled|taking place)|(?:been |is it |it s |was it )(?:cancelled|canceled|postponed|called off)"
    r"|verifie[rz]?|(?:double )?check (?:that|if|whether|it)|musees? ouverts?|opening (?:hours|times)|what time does \S+(?: \S+){0,4} (?:open|close)|(?:any |latest )news (?:of|about|on|from)|on tour"
    r")(?!\S)"
)

_STATES = re.compile(
    rf"(?<!\S)(?:{_STATE}|completes?|complets?|cancell?ed|postponed|sold out|called off)(?: (?:ou|or|ce|cette|demain|aujourdhui|samedi|dimanche|tonight|tomorrow)(?!\S)|$)"
)
"""At the end of a question, or before its day: « festival reporté ? », « complet samedi ? »."""
