"""Events, statuses and quotations read from pages. Pure: pages are data, and nothing here reads an address."""

from puls.web_search.pages.extraction import (
    events_of,
    mentions,
    said_in_words,
    snippet_of,
    status_in_words,
)
from puls.web_search.pages.words import Mention, Said

__all__ = [
    "Mention",
    "Said",
    "events_of",
    "mentions",
    "said_in_words",
    "snippet_of",
    "status_in_words",
]
