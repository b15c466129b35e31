"""What search engines and messengers read of an event's page. Pure. Enter at `for_machines`."""

from datetime import datetime
from typing import Any

from puls import phrasing
from puls.catalogue.event import Event
from puls.catalogue.store import StoredEvent
from puls.phrasing import Language
from puls.ui.cards import is_example, web_address
from puls.ui.event.facts import address_lines
from puls.ui.event.structured_data import event_json_ld
from puls.ui.links import event_address
from puls.ui.plain_words import plain_line
from puls.ui.posters.drawing import poster_address
from puls.ui.posters.png import PIXELS
from puls.ui.texts import texts

_SUMMARY_LENGTH = 200  # characters; messengers show fewer


def for_machines(
    stored: StoredEvent, base: str, *, now: datetime, language: Language
) -> dict[str, Any]:
    """Values of the template's head. What is not on, or was invented, is not to be listed."""
    event, is_gone = stored.event, stored.removed_at is not None
    addresses = {
        "fr": base + event_address(event.uid, None),
        "en": base + event_address(event.uid, "en"),
    }
    own_picture = web_address(event.image_url)
    return {
        "is_gone": is_gone,
        "is_listed": not is_gone and not is_example(event),
        "addresses": addresses,
        "canonical": addresses[language],
        "summary": summary(event, language),
        "og_image": own_picture or base + poster_address(event.category, event.title, kind="png"),
        "og_size": None if own_picture else PIXELS,
        "json_ld": None
        if is_gone
        else event_json_ld(event, now=now, address=addresses[language], language=language),
    }


def summary(event: Event, language: Language) -> str:
    """One line for a link to the page."""
    told = plain_line(event.description or event.details or "")
    if len(told) > _SUMMARY_LENGTH:
        told = told[:_SUMMARY_LENGTH].rsplit(" ", 1)[0] + "…"
    if is_example(event):
        space = " " if language == "fr" else ""
        return f"{texts(language)['example']}{space}: {told}"
    place = [phrasing.category_name(event.category, language), *address_lines(event)[:1]]
    return told or ", ".join(map(plain_line, place))
