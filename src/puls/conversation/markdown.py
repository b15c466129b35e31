"""The little Markdown of an answer: links and bold. What others wrote can open neither. Pure."""

import re
from urllib.parse import quote

from puls.catalogue.event import Event

_SPECIAL = str.maketrans(
    {"[": "(", "]": ")", "*": " ", "`": "'", "<": " ", ">": " ", "\\": " ", "|": "/", "_": " "}
)
SAFE_IN_ADDRESS = "/:?#@!$&'*+,;=%~-._"
LINK = re.compile(r"!?\[(?P<label>[^\[\]\n]*)\]\((?P<address>[^()\s]*)(?:\s+\"[^\"]*\")?\)")


def bare(text: str) -> str:
    """One line without anything that Markdown or HTML would read."""
    return " ".join(text.translate(_SPECIAL).split())


def page_address(event: Event) -> str | None:
    """The event's own page, safe inside a link; None when it has none that a browser may follow."""
    url = event.attribution.url
    if not url or not url.lower().startswith(("https://", "http://")):
        return None
    return quote(url.strip(), safe=SAFE_IN_ADDRESS)


def title_link(event: Event) -> str:
    """The title linked to the event's page, or in bold without one."""
    title, address = bare(event.title) or "?", page_address(event)
    return f"[{title}]({address})" if address else f"**{title}**"
