"""The first thing to do on an event's page: book, or else read on at the organiser's. Pure. Enter at `first_action`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from puls.catalogue.event import Event, PriceKind, Status
from puls.phrasing import Language
from puls.ui.cards import web_address
from puls.ui.texts import texts

To = Literal["registration", "organiser", "phone", "email"]
_NOT_BOOKABLE = {Status.CANCELLED, Status.POSTPONED, Status.FULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAction:
    """One big button. `address` is ours and leads there (`to`); of a phone number or an e-mail address it is theirs."""

    words: str
    address: str
    to: To
    is_booking: bool
    host: str | None = None


def first_action(event: Event, *, now: datetime, language: Language) -> FirstAction | None:
    """None when the event names nowhere to go."""
    words = texts(language)
    is_on = event.status not in _NOT_BOOKABLE and bool(event.coming(now))
    target = booking_target(event) if is_on else None
    if target is not None:
        to, address = target
        if to == "registration":
            return FirstAction(
                words=words["book"],
                address=booking_address(event.uid),
                to=to,
                is_booking=True,
                host=host_of(address),
            )
        return FirstAction(
            words=words["book_by_phone" if to == "phone" else "book_by_email"],
            address=address,
            to=to,
            is_booking=True,
        )
    page = web_address(event.attribution.url)
    if page is None:
        return None
    may_book = is_on and (event.price.kind is not PriceKind.FREE or event.price.on_registration)
    return FirstAction(
        words=words["book_at_organiser" if may_book else "on_openagenda"],
        address=booking_address(event.uid),
        to="organiser",
        is_booking=may_book,
        host=host_of(page),
    )


def booking_address(uid: str) -> str:
    """Our own address that leads to where one books; it counts, and knows nobody."""
    return f"/evenement/{quote(uid, safe='')}/reserver"


def booking_target(event: Event) -> tuple[To, str] | None:
    """Where its organiser takes bookings: a page rather than a phone, a phone rather than an e-mail address."""
    found: dict[str, str] = {}
    for kind, value in event.registration:
        match kind:
            case "phone":
                found.setdefault("phone", f"tel:{''.join(value.split())}")
            case "email":
                found.setdefault("email", f"mailto:{value.strip()}")
            case _ if (page := web_address(value)) is not None:
                found.setdefault("registration", page)
            case _:
                pass
    to: To
    for to in ("registration", "phone", "email"):
        if to in found:
            return to, found[to]
    return None


def host_of(address: str) -> str:
    """« billetterie.example », as people read an address."""
    return (
        address.split("/")[2]
        .rsplit("@", maxsplit=1)[-1]
        .split(":", maxsplit=1)[0]
        .removeprefix("www.")
    )
