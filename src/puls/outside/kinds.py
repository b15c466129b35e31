"""Content types that are read: what can hold an event. Pure."""

from typing import Final

from puls.outside.page import Accept

_PAGES: Final = frozenset(
    {"text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/calendar"}
)
_JSON: Final = frozenset({"application/json", "text/json"})


def is_read(content_type: str, accept: Accept) -> bool:
    """Whether a content type (lower case, without parameters) is what was asked for."""
    application, _, kind = content_type.partition("/")
    is_json = content_type in _JSON or (application == "application" and kind.endswith("+json"))
    if accept == "json":
        return is_json
    is_xml = application == "application" and kind.endswith("+xml")
    return is_json or is_xml or content_type in _PAGES


def looks_like_html(text: str) -> bool:
    """Whether a text that came without a type begins as HTML does."""
    return text.lstrip()[:9].lower().startswith(("<!doctype", "<html"))
