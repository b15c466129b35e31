"""Addresses that organisers give, as far as a visitor may be sent there.

Pure. A web address has a host and nobody's name before it (`https://bank.example@evil.example/` leads elsewhere than it
reads); an e-mail address is an address and nothing else (`mailto:a@b.c?bcc=…` writes to others as well). What is
neither is None.
"""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from puls.ingestion.mapping.text import storable

_LONGEST: Final = 2_000
_LONGEST_HOST: Final = 253
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]{0,250}[a-z0-9](?:/[!#-;=?-\[\]-~]{0,1500})?"
)
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?|[0-9a-f:.]+", re.IGNORECASE)
_NEVER: Final = re.compile('[\\s\\\\<>"\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_MAIL: Final = re.compile(rf"[A-Za-z0-9.!#$&'*+/=^_~-]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z]{{1,24}}")
_NEVER_IN_WORDS: Final = re.compile(r"[\\<>\x00-\x1f\x7f-\x9f]")
_LOOKS_LIKE_AN_ADDRESS: Final = re.compile(r"@|//|^\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NEVER_IN_PHONE: Final = re.compile(r"[<>\"`@?&=%:\\]")


def web_address(text: str | None) -> str | None:
    """The address, when a browser goes where a reader expects."""
    if text is None or _PLAIN.fullmatch(text):  # as nearly all are
        return text
    address = storable(text).strip().replace(" ", "%20")[:_LONGEST]
    if not _WEB.match(address) or _NEVER.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, has_name, _ = parts.hostname, parts.username is not None, parts.port
    except ValueError:  # brackets that do not close, a port beyond 65,535
        return None
    if has_name or "@" in parts.netloc or not host or len(host) > _LONGEST_HOST:
        return None
    return address if _HOST.fullmatch(host) else None


def mail_address(text: str) -> str | None:
    """The one address of `a@b.c`, `mailto:a@b.c?subject=…` or `Anne <a@b.c>`; the first of several; None when it names none."""
    words = unquote(storable(text)).strip()
    if words.lower().startswith("mailto:"):
        words = words[len("mailto:") :].lstrip("/").partition("?")[0]
    elif words.endswith(">") and "<" in words:
        words = words[words.rindex("<") + 1 : -1]
    words = words.partition("?")[0].partition(",")[0].strip()
    return words if len(words) <= _LONGEST_HOST and _MAIL.fullmatch(words) else None


def booking(kind: str, value: str) -> tuple[str, str] | None:
    """A way to book as (kind, value); how the value begins decides when it contradicts its kind. None: not shown."""
    words = storable(value).strip()[:_LONGEST]
    if words.lower().startswith("tel:"):
        kind, words = "phone", words[len("tel:") :].partition(";")[0]
    elif words.lower().startswith("mailto:") or (not _WEB.match(words) and mail_address(words)):
        kind = "email"
    elif _WEB.match(words):
        kind = "link"
    match kind:
        case "email":
            address = mail_address(words)
        case "phone":
            is_number = any(map(str.isdigit, words)) and not _NEVER_IN_PHONE.search(words)
            address = words[:100].strip() if is_number else None
        case _:
            kind, address = "link", web_address(words) or _without_scheme(words)
    return (kind, address) if address else None


def _without_scheme(words: str) -> str | None:
    """« www.example.org/billets », « à l'accueil »: shown as they are and not followed."""
    return None if _LOOKS_LIKE_AN_ADDRESS.search(words) or _NEVER_IN_WORDS.search(words) else words
