"""The little Markdown of an answer: links and bold. What others wrote can open neither. Pure."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

from puls.catalogue.event import Event

_SPECIAL = str.maketrans(
    {"[": "(", "]": ")", "*": " ", "`": "'", "<": " ", ">": " ", "\\": " ", "|": "/", "_": " "}
)
SAFE_IN_ADDRESS = "/:?#@!$&'*+,;=%~-._"
_TOP_LEVEL = (
    "com|fr|org|net|io|eu|info|app|co|xyz|ru|biz|me|tv|ch|uk|nl|pt|lu|ca|cn|tk|ml|ga|cf|gq|link|click|top|site|online|"
    "shop|store|club|tickets|events|bzh|alsace|corsica|zip|mov|dev|cc|ws|gg|ly|mobi|onion|example|test|invalid"
)
_FOLLOWED = (  # what a program would follow, or a person type: schemes, hosts with a path, numbers of hosts
    r"\b(?:https?|ftps?|hxxps?|wss?|file|blob)\s?:\S*|\b(?:javascript|vbscript|data|mailto)\s?:(?=\S)\S*|(?<![\w:])//[\w-]+\.\S+|"
    r"\bwww\.\S+|(?<![\w.+])(?!0\d(?:\.\d\d){4})(?:\d{1,3}\.){3}\d{1,3}\b\S*|(?<![@\w.])[\w-]{2,}(?:\.[\w-]+)*\.[^\W\d_]{2,24}/\S*|"
    rf"\b[\w-]+ ?(?:\[\.\]|\(\.\)|[\[(](?:dot|point)[\])]| (?:dot|point)) ?(?:{_TOP_LEVEL})\b"
)
FOLLOWED = re.compile(_FOLLOWED, re.IGNORECASE)
ADDRESS = re.compile(
    rf"{_FOLLOWED}|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.(?:{_TOP_LEVEL})\b", re.IGNORECASE
)
"""A web address in a text, however it is disguised; `FOLLOWED` leaves out a bare name of a site (« festival.fr »)."""
TELEPHONE = re.compile(r"(?:\+33|\b0)[ .]?\(?0?\)?[1-9](?:[ .-]?\d{2}){4}\b")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
LINK = re.compile(r"!?\[(?P<label>[^\[\]\n]*)\]\((?P<address>[^()\s]*)(?:\s+\"[^\"]*\")?\)")


def bare(text: str) -> str:
    """One line without anything that Markdown or HTML would read, nor an address to follow."""
    words = _TAG.sub(" ", LINK.sub(r"\g<label>", legible(text)))
    return " ".join(FOLLOWED.sub(" ", words).translate(_SPECIAL).split())


def legible(text: str) -> str:
    """The text without invisible marks, and with the usual letters for their look-alikes (« ｅｖｉｌ．ｃｏｍ »)."""
    if text.isascii():
        return text
    return "".join(map(_legible, text))


@lru_cache(maxsize=4096)
def _legible(letter: str) -> str:
    if letter.isascii() or letter == "…":
        return letter
    if letter in "。｡．․":
        return "."
    if unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cn"}:
        return ""
    usual = unicodedata.normalize("NFKC", letter)
    is_disguise = usual.isascii() and not usual.isspace() and unicodedata.category(letter) != "No"
    return usual if is_disguise else letter


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
