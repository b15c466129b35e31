"""What is shared, as lines of a list. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from puls import phrasing
from puls.conversation.keeping.shares import Share
from puls.phrasing import Language
from puls.ui.texts import texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """One thing shared: `address` is the link to give, `manage` the page where its owner takes it back."""

    title: str
    what: str
    on: str
    address: str
    manage: str


def share_views(shares: Iterable[Share], base: str, *, language: Language) -> list[ShareView]:
    """`base` of absolute addresses."""
    return [share_view(share, base, language=language) for share in shares]


def share_view(share: Share, base: str, *, language: Language) -> ShareView:
    day = share.created_at.date()
    chosen = "?lang=en" if language == "en" else ""
    return ShareView(
        title=share.title,
        what=texts(language)[f"shared_{share.kind}"],
        on=phrasing.day_and_month(day, today=day, language=language),
        address=f"{base}/partage/{share.token}{chosen}",
        manage=f"/partages/{share.id}",
    )
