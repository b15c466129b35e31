"""Which answers of a model may be told to the next visitor who asks the same, and under which key. Pure.

Shared is only what depends on nobody: an opening question that is understood to its last word – a name, a mail, a story
that the wish does not hold is the visitor's – without position, preferences, ages or needs, and whose theme is made of
the catalogue's own words. The key holds all that the answer was
made of, the records of the events found included: a cancelled event or a new price is another key. Enter at `key_of`.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.conversation.keeping.stored_wish import json_of
from puls.conversation.telling.phrases import written_language
from puls.conversation.turn import Material
from puls.conversation.writing.cards import VERSION, card, instructions
from puls.geo.names import fold
from puls.language.lexicon import names_a_kind
from puls.phrasing import category_name
from puls.retrieval.ranking import FoundEvent
from puls.understanding.message import Message
from puls.understanding.question import Understood
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish
from puls.web_search.values import Outcome

_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?<=\w{3})[sx]$")
_NOTHING_NEW = frozenset({Outcome.CONFIRMED, Outcome.UNREADABLE, Outcome.NOT_CHECKED})
_SMALL_WORDS = frozenset(
    "a au aux avec d dans de des du en et l la le les ou par pour sans sous sur un une and at for in of on or the to with"
    .split()
)  # fmt: skip
# With which anybody asks for an outing.
_ASKING_WORDS = _SMALL_WORDS | frozenset(
    "bonjour bonsoir salut coucou hello hi hey merci thanks please svp stp s il te vous plait je j on nous i we m d ai cherche cherchons recherche "
    "voudrais veux veut aimerais aimerait voulez trouve trouver propose proposez conseille voir faire sortir que qu quoi quel quels quelle quelles "
    "est ce y t quelque quelques chose choses des sortie sorties idee idees evenement evenements activite activites outing outings "
    "event events thing things do see find show me what which where is are there any some am looking want would like go out can could going"
    .split()
)  # fmt: skip


def is_about_nobody(material: Material) -> bool:
    """Whether neither the question nor its answer tells anything of the visitor who asked."""
    understood, wish = material.answer.understood, material.answer.understood.wish
    is_opening = understood.turn is Turn.SEARCH and not (material.cited or material.shown_before)
    tells_of_visitor = bool(
        material.preferences_used
        or wish.position
        or wish.ages
        or wish.accessibility
        or wish.excluded_words
        or (wish.where and wish.where.near)  # perhaps an address, perhaps where the visitor stands
        or not _is_all_understood(material.text, understood)
    )
    return (
        is_opening
        and not _is_corrected(
            material
        )  # true of the moment of a check; the catalogue will say it by itself
        and not material.plans  # a plan follows from the words, not from the wish alone
        and bool(material.events)
        and not tells_of_visitor
        and _words(wish.topic) <= _words_of_catalogue(material.events)
    )


def _is_corrected(material: Material) -> bool:
    checks = material.web.checks if material.web else ()
    return any(check.outcome not in _NOTHING_NEW for check in checks)


def _is_all_understood(text: str, understood: Understood) -> bool:
    """Whether every word of the message is in the wish, or one with which anybody asks."""
    message, judgement = Message(text), understood.judgement
    spans = [(each.first, each.last) for each in judgement.used]
    spans += judgement.theme
    held = {at for first, last in spans for at in range(first, last + 1)}
    return not message.is_cut and all(
        at in held or word.norm in _ASKING_WORDS for at, word in enumerate(message.words)
    )


def key_of(
    material: Material, *, models: Sequence[str], index_version: str, prompt: int = VERSION
) -> bytes:
    """The key of the answer: what was wished, on which day, in which language, of which models and from which records.

    Scores are left out, they move a little from one computation to the next; the order of the events is in.
    """
    language, timezone = written_language(material), ZoneInfo(material.timezone)
    made_of = {
        "prompt": [prompt, instructions(language, prompt)],
        "models": list(models),
        "index": index_version,
        "language": language,
        "day": material.now.astimezone(timezone).date().isoformat(),
        "timezone": material.timezone,
        "wish": json_of(_from_now(material.answer.understood.wish, material.now)),
        "events": [
            [card(found, number, material), asdict(replace(found, score=0.0))]
            for number, found in enumerate(material.events, start=1)
        ],
    }
    written = json.dumps(made_of, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def _from_now(wish: Wish, now: datetime) -> Wish:
    """« Ce soir » asked at 19 h 02 and at 19 h 05 is one wish: what is over of it does not count."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    when = tuple(
        Interval(today, one.end) if today < one.start <= now < one.end else one for one in wish.when
    )
    return replace(wish, when=when)


def _words(text: str) -> set[str]:
    found = {_PLURAL.sub("", word) for word in _WORD.findall(fold(text))}
    return {word for word in found if word not in _SMALL_WORDS and not names_a_kind(word)}


def _words_of_catalogue(events: Sequence[FoundEvent]) -> set[str]:
    texts = []
    for event in (found.event for found in events):
        texts += [event.title, event.description or "", event.details or "", *event.keywords]
        texts += [category_name(event.category, language) for language in ("fr", "en")]
        if event.venue:
            texts += [event.venue.name or "", event.venue.city or ""]
    return _words(" ".join(texts))


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
