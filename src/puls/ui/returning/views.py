"""Kept searches and letters as « Mon espace » shows them. Enter at `coming_back`."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.bootstrap import Puls
from puls.errors import InvalidInputError
from puls.phrasing import Language
from puls.returning.saved import SavedSearch
from puls.returning.whats_new import Look
from puls.ui.cards import Card, card
from puls.ui.texts import texts

_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A kept search. `news`: how much is new, in words; `cards`: the first of it; `unreadable`: that it cannot be asked any more."""

    id: str
    name: str
    address: str
    letters: str
    new: int
    news: str
    since: str
    cards: tuple[Card, ...] = ()
    unreadable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingBack:
    """What of « Mon espace » is about coming back. `address`: where letters go, None: nowhere."""

    searches: tuple[SavedView, ...]
    can_write: bool
    address: str | None
    since: str | None


async def coming_back(
    visitor_id: UUID, *, puls: Puls, now: datetime, language: Language
) -> ComingBack:
    """Each kept search is asked again, one after the other: at most twenty."""
    views = []
    for saved in await puls.saved_searches.all(visitor_id):
        look: Look | None
        try:
            look = await puls.whats_new.look(saved, now=now)
        except InvalidInputError:
            look = None
        views.append(_view(saved, look, puls=puls, now=now, language=language))
    address = await puls.people.letters.address(visitor_id)
    return ComingBack(
        searches=tuple(views),
        can_write=puls.post is not None,
        address=address.address if address else None,
        since=_day(address.confirmed_at, puls, now, language) if address else None,
    )


def _view(
    saved: SavedSearch,
    look: Look | None,
    *,
    puls: Puls,
    now: datetime,
    language: Language,
) -> SavedView:
    new = look.new if look else ()
    query = urlencode({"q": saved.text, **({"lang": "en"} if language == "en" else {})})
    return SavedView(
        id=str(saved.id),
        name=saved.name,
        address=f"/recherches/{saved.id}?{query}",
        letters=saved.letters,
        new=len(new),
        news=_news(len(new), language),
        since=_day(saved.seen_at, puls, now, language),
        cards=tuple(card(one, now=now, language=language) for one in new[:_TOLD]),
        unreadable=None if look else texts(language)["search_unreadable"],
    )


def _news(number: int, language: Language) -> str:
    words = texts(language)
    if number == 0:
        return words["nothing_new"]
    return words["one_new"] if number == 1 else f"{number} {words['many_new']}"


def _day(at: datetime, puls: Puls, now: datetime, language: Language) -> str:
    zone = ZoneInfo(puls.settings.timezone)
    return phrasing.day_and_month(
        at.astimezone(zone).date(), today=now.astimezone(zone).date(), language=language
    )
