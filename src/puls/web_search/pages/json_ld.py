"""JSON-LD of a page: every script that says it is, whatever its parameters. Pure. Enter at `json_ld_of`."""

from collections.abc import Iterator
from typing import Any, Final

from puls.web_search.pages.document import Document
from puls.web_search.pages.json_text import values_in

_TYPES: Final = ("application/ld+json", "application/json+ld", "application/ld json")
_MOST_SCRIPTS: Final = 100
_LONGEST: Final = 1_000_000  # characters of one script


def json_ld_of(document: Document) -> list[Any]:
    """The values of all its scripts of JSON-LD, in the page's order.

    The tree has decoded `application/ld&#x2B;json` already; parameters behind the type are passed over.
    """
    return [value for text in _scripts(document) for value in values_in(text)]


def _scripts(document: Document) -> Iterator[str]:
    count = 0
    for script in document.elements("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith(_TYPES) and not _is_inert(script):
            count += 1
            yield (script.text or "")[:_LONGEST]
        if count >= _MOST_SCRIPTS:
            return


def _is_inert(script: Any) -> bool:
    return any(parent.tag == "template" for parent in script.iterancestors())
