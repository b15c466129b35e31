"""What a turn found and saw on the web, as it is kept for operators: ids, scores and codes, no words of anybody. Pure.

It tells why an answer was as it was, and what was asked for and not found. Enter at `seen_of`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from puls.conversation.turn import Material
from puls.retrieval.kinds import asked_kinds
from puls.retrieval.ranking import FoundEvent, off_theme
from puls.understanding.turns import ABOUT_SHOWN, WITHOUT_WISH
from puls.web_search.values import Looked

Found = Literal["on_theme", "off_theme", "nothing"]
_SHOWN = 12  # events kept with their scores; a page shows fewer


def seen_of(material: Material) -> dict[str, Any]:
    """As JSON: `found` and `theme` (absent when no event, or no kind, was asked for), `fitting`, `events` with scores, `web`."""
    seen: dict[str, Any] = {}
    if _asks_for_events(material):
        seen["found"] = _found(material)
        seen["fitting"] = material.answer.found.fitting
        if kinds := asked_kinds(material.answer.understood.wish):
            seen["theme"] = kinds[0].value
    if material.events:
        seen["events"] = [_event(one) for one in material.events[:_SHOWN]]
    if material.web is not None:
        seen["web"] = _web(material.web)
    return seen


def _asks_for_events(material: Material) -> bool:
    act = material.answer.understood.act
    return not material.cited and act not in WITHOUT_WISH | ABOUT_SHOWN


def _found(material: Material) -> Found:
    """What the web adds counts as found: it passed the same filters."""
    events = material.answer.found.events
    if len(events) > off_theme(events) or (material.web is not None and material.web.events):
        return "on_theme"
    return "off_theme" if events else "nothing"


def _event(one: FoundEvent) -> Mapping[str, Any]:
    return {
        "uid": one.event.uid,
        "score": round(one.score, 3),
        "match": one.match.value,
        "is_sure": one.is_sure,
        "reasons": [reason.code for reason in one.reasons],
    }


def _web(looked: Looked) -> Mapping[str, Any]:
    return {
        "why": [each.value for each in looked.why],
        "seconds": round(looked.seconds, 2),
        "events": len(looked.events),
        "is_cut": looked.is_cut,
        "lacks_provider": looked.lacks_provider,
        "failures": [code for _, code in looked.failures],
        "checks": [
            {
                "uid": check.uid,
                "outcome": check.outcome.value,
                "proof": check.proof.value if check.proof else None,
                "is_strong": check.is_strong,
                "why_not": check.why_not,
            }
            for check in looked.checks
        ],
    }
