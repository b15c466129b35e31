"""What pages write, made plain: no markup, no invisible characters, no endless texts, no addresses but http(s). Pure.

Every text of a page passes here before it becomes part of a value. Hidden characters go because they are how orders to
an assistant are smuggled past readers.
"""

import html
import re
import unicodedata
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 2_000
_LONGEST_URL: Final = 2_000
_READ: Final = 20_000  # characters of one field; what is longer is no description

# Controls, soft hyphen, bidirectional and zero-width marks, variation selectors and tags (both used to hide text),
# surrogates that stand alone.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINE_ENDS: Final = re.compile(r"\r\n|[\r\u2028\u2029\x85]|\\r\\n|\\n")
_HIDDEN: Final = re.compile(
    r"<(script|style|template|iframe)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BREAK: Final = re.compile(
    r"<(?:br|hr|/?(?:p|li|ul|ol|h[1-6]|div|tr|blockquote))\b[^<>]*>", re.IGNORECASE
)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_GLUED: Final = re.compile(r"^https?://[^/\s?#]+?/?(?=https?://)", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[\s<>\"\\^`{|}]")
_NO_TEXT: Final = frozenset({"", "null", "undefined", "none", "n/a", "nan", "-"})


def seen(text: str) -> str:
    """The same text without what nobody sees; composed letters."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def text_of(value: Any, *, limit: int = LONGEST_TEXT) -> str | None:
    """Plain text on as many lines as it has; None when there is nothing to read.

    Entities are decoded once, as `A &amp; B` inside JSON-LD wants it, and once more only inside markup.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)[:_READ]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _without_markup(text)
    text = seen(_LINE_ENDS.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    if text.casefold() in _NO_TEXT:
        return None
    return _cut(text, limit)


def line_of(value: Any, *, limit: int = LONGEST_LINE) -> str | None:
    """`text_of` on one line: titles, names, addresses."""
    text = text_of(value, limit=limit)
    return None if text is None else text.replace("\n", " ")


def url_of(value: Any, base: str) -> str | None:
    """An absolute http(s) address, relative ones completed; None for any other scheme, credentials, or nonsense.

    « https://a.fr » glued before « https://a.fr/x.jpg » is a known fault of themes: the second is meant.
    """
    if not isinstance(value, str):
        return None
    text = seen(html.unescape(value[:_READ])).strip().replace("\\/", "/")
    text = _GLUED.sub("", text)
    if not text or len(text) > _LONGEST_URL or text.startswith(("#", "@")):
        return None
    try:
        absolute = urljoin(base, text)
        parts = urlsplit(absolute)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    if _UNSAFE.search(parts.netloc):
        return None
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", absolute)[:_LONGEST_URL]


def _without_markup(text: str) -> str:
    text = _HIDDEN.sub(" ", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def _cut(text: str, limit: int) -> str | None:
    if len(text) <= limit:
        return text or None
    head = text[: limit - 1]
    words, space, _ = head.rpartition(" ")
    return (words if space and len(words) > limit // 2 else head).rstrip() + "…"
