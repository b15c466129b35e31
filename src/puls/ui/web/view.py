"""What was seen on the web as the page shows it: a badge on each checked card, a list of what the catalogue lacks. Pure.

Enter at `WebPieces`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.conversation.telling.web import place_told, price_told, when_told
from puls.conversation.turn import SeenOnWeb
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.ui.cards import Tone, card, web_address
from puls.ui.links import Links
from puls.ui.rendering import fragment
from puls.ui.texts import texts
from puls.ui.web.words import seen_words, step_words
from puls.web_search.amending import is_off
from puls.web_search.looking import Step, host_of
from puls.web_search.sayings import sentence
from puls.web_search.values import Check, Outcome, WebEvent

_TITLE_CHARACTERS = 160
_SURE: dict[Outcome, Tone] = {
    Outcome.CONFIRMED: "good",
    Outcome.CHANGED: "caution",
    Outcome.FULL: "warning",
    Outcome.CANCELLED: "warning",
    Outcome.POSTPONED: "warning",
    Outcome.GONE: "warning",
}
_NEWS = frozenset(_SURE) - {Outcome.CONFIRMED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """What was seen of a card's event. `banner`: that its source no longer has it, which no status of an event says."""

    words: str
    tone: Tone
    url: str | None
    is_off: bool
    banner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCard:
    """An event that a page tells of. `seen`: « lu à 14 h 02 »."""

    title: str
    address: str | None
    host: str
    seen: str
    when: str
    place: str
    price: str


def check_view(check: Check, *, language: Language, timezone: str) -> CheckView:
    """`timezone` is the visitor's."""
    sure = _SURE.get(check.outcome, "plain")
    weak: Tone = "caution" if check.outcome in _NEWS else "plain"
    is_gone = check.outcome is Outcome.GONE and is_off(check)
    return CheckView(
        words=sentence(check, language=language, timezone=timezone, now=check.at),
        tone=sure if check.is_strong else weak,
        url=web_address(check.url),
        is_off=is_off(check),
        banner=texts(language)["web_gone"] if is_gone else None,
    )


def web_cards(
    seen: Sequence[WebEvent], *, now: datetime, language: Language, timezone: str
) -> list[WebCard]:
    """`timezone` is the visitor's."""
    read = texts(language)["web_read_at"]
    return [
        WebCard(
            title=one.title[:_TITLE_CHARACTERS],
            address=web_address(one.page_url),
            host=host_of(one.page_url),
            seen=f"{read} {phrasing.clock(one.seen_at.astimezone(ZoneInfo(timezone)), language)}",
            when=when_told(one, now=now, timezone=timezone, language=language),
            place=place_told(one),
            price=price_told(one, language),
        )
        for one in seen
    ]


class WebPieces:
    """The look of one turn, piece by piece. Remembers the cards that are on the page, in their order."""

    def __init__(self, *, now: datetime, timezone: str) -> None:
        self._now = now
        self._timezone = timezone
        self._shown: dict[str, tuple[int, FoundEvent]] = {}
        self._checked: set[str] = set()
        self._to_check = 0
        self._has_begun = False

    def shows(self, events: Sequence[FoundEvent]) -> None:
        """These are on cards."""
        self._shown = {one.event.uid: (number, one) for number, one in enumerate(events, 1)}

    def step(self, step: Step, *, language: Language, links: Links) -> dict[str, Any]:
        """What to say while it goes on; only the first step is for a screen reader too."""
        if step.doing == "checking":
            self._to_check = step.number
        if step.check is not None:
            self._checked.add(step.check.uid)
        words = step_words(step, done=len(self._checked), of=self._to_check, language=language)
        said = "" if self._has_begun else words
        self._has_begun = True
        cards = self._cards([step.check] if step.check else [], {}, language, links)
        return {"doing": words, "said": said, "cards": cards}

    def seen(self, seen: SeenOnWeb, *, language: Language, links: Links) -> dict[str, Any]:
        """Cards as what was seen corrects them, and the list of what the catalogue lacks."""
        looked = seen.looked
        cards = web_cards(looked.events, now=self._now, language=language, timezone=self._timezone)
        return {
            "html": fragment("_web.html", language=language, web_cards=cards) if cards else "",
            "said": seen_words(looked, language),
            "cards": self._cards(
                looked.checks, {one.event.uid: one for one in seen.events}, language, links
            ),
        }

    def _cards(
        self,
        checks: Sequence[Check],
        corrected: dict[str, FoundEvent],
        language: Language,
        links: Links,
    ) -> list[dict[str, Any]]:
        """A card with its badge for each checked event that is on one; `is_changed`: more than the badge is new."""
        pieces = []
        for check in checks:
            if check.uid not in self._shown:
                continue
            number, before = self._shown[check.uid]
            one = corrected.get(check.uid, before)
            html = fragment(
                "_checked_card.html",
                language=language,
                links=links,
                card=card(one, now=self._now, language=language),
                number=number,
                check=check_view(check, language=language, timezone=self._timezone),
            )
            is_changed = one != before or (bool(corrected) and is_off(check))
            pieces.append({"uid": check.uid, "html": html, "is_changed": is_changed})
        return pieces
