"""Results of a provider made safe to pass on: addresses judged, texts plain and short. Pure.

An address is only judged by its form here; whoever fetches it judges where it leads.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from puls.web_search.values import Hit

_LONGEST_TITLE: Final = 200  # characters
_LONGEST_TEXT: Final = 500
_LONGEST_RAW: Final = 20_000  # of a text before it is cleaned
_LONGEST_URL: Final = 2_000  # what browsers and servers agree on
_MOST_READ: Final = 100  # results of one reply; providers give at most 50 a page

# What providers put around the words that matched. Other angle brackets are somebody's text: « a < b ».
_MARKUP: Final = re.compile(
    r"</?(?:a|b|br|code|div|em|h[1-6]|i|li|mark|p|small|span|strong|u|ul)\b[^<>]{0,300}/?>",
    re.IGNORECASE,
)
_NOT_SHOWN: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Control, invisible and bidirectional characters, lone surrogates, and what Unicode has no meaning for."""


def hit_from(
    provider: str, *, url: Any, title: Any, text: Any = "", published_at: datetime | None = None
) -> Hit | None:
    """A result; None when its address is none that may be shown or fetched. Without a title it is called by its host."""
    address = judged_url(url)
    if address is None:
        return None
    return Hit(
        title=plain(title, longest=_LONGEST_TITLE) or urlsplit(address).hostname or address,
        url=address,
        text=plain(text, longest=_LONGEST_TEXT),
        published_at=published_at,
        provider=provider,
    )


def first_of(hits: Iterable[Hit | None], *, limit: int) -> tuple[Hit, ...]:
    """The first `limit` results, each address once."""
    chosen: dict[str, Hit] = {}
    for hit in hits:
        if len(chosen) >= limit:
            break
        if hit is not None:
            chosen.setdefault(hit.url, hit)
    return tuple(chosen.values())


def entries(value: Any) -> list[dict[str, Any]]:
    """The objects of a reply's list of results; anything else in it is passed over.

    Raises:
        ValueError: it is no list.
    """
    if not isinstance(value, list):
        raise ValueError("the results are no list")  # noqa: TRY004 - a fault of the reply, not of the program
    return [entry for entry in value[:_MOST_READ] if isinstance(entry, dict)]


def judged_url(url: Any) -> str | None:
    """The address as it was given, if it is http or https with a host and nothing hidden in it."""
    if not isinstance(url, str) or not 0 < len(url) <= _LONGEST_URL:
        return None
    if any(
        not character.isprintable() or character.isspace() or character == "\\" for character in url
    ):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return None
    return None if parts.username is not None or parts.password is not None else url


def plain(text: Any, *, longest: int) -> str:
    """One line without markup, entities and invisible characters; cut at a word, with an ellipsis."""
    if not isinstance(text, str):
        return ""
    shown = html.unescape(_MARKUP.sub(" ", text[:_LONGEST_RAW]))
    kept = "".join(
        " " if character.isspace() else character
        for character in shown
        if character.isspace() or unicodedata.category(character) not in _NOT_SHOWN
    )
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.") + "…"


def moment(value: Any) -> datetime | None:
    """An ISO 8601 moment, in UTC where it names no zone; None for what cannot be read."""
    if not isinstance(value, str) or len(value) > 40:  # noqa: PLR2004 - longer is no date
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
