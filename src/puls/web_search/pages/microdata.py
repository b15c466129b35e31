"""Microdata and RDFa Lite of a page as the nodes that JSON-LD would be. Pure. Enter at `microdata_of` and `rdfa_of`."""

from typing import Any, Final, NamedTuple

from puls.web_search.pages.document import Document
from puls.web_search.pages.nodes import Node

_MOST_ITEMS: Final = 2_000
_DEEPEST: Final = 20
_ADDRESSES: Final = frozenset(
    "url image sameas eventstatus eventattendancemode availability thumbnailurl contenturl itemcondition logo photo".split()
)
_LINKS: Final = frozenset({"a", "link", "area"})
_SOURCES: Final = frozenset({"img", "audio", "embed", "iframe", "source", "track", "video"})
_LONGEST: Final = 20_000


class _Names(NamedTuple):
    """The attributes that the two syntaxes use for the same things."""

    scope: str
    kind: str
    name: str


_MICRODATA: Final = _Names("itemscope", "itemtype", "itemprop")
_RDFA: Final = _Names("typeof", "typeof", "property")


def microdata_of(document: Document) -> list[Node]:
    """Top items of microdata, in the page's order."""
    return _items(document, _MICRODATA)


def rdfa_of(document: Document) -> list[Node]:
    """Top items of RDFa Lite, in the page's order."""
    return _items(document, _RDFA)


def _items(document: Document, names: _Names) -> list[Node]:
    if document.root is None:
        return []
    found: list[Node] = []
    left = [_MOST_ITEMS]
    inside: set[Any] = set()
    for element in document.root.xpath(f"//*[@{names.scope}][@{names.kind}]")[:_MOST_ITEMS]:
        if left[0] <= 0:
            break
        if not any(
            parent in inside or parent.tag == "template" for parent in element.iterancestors()
        ):
            inside.add(element)
            found.append(_item(element, names, left, 0))
    return found


def _item(element: Any, names: _Names, left: list[int], depth: int) -> Node:
    left[0] -= 1
    node: Node = {"@type": (element.get(names.kind) or "").split()}
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if not isinstance(child.tag, str):
            continue
        is_item = child.get(names.scope) is not None
        said = (child.get(names.name) or "").split()
        if said and (not is_item or left[0] > 0):
            value = (
                _item(child, names, left, depth + 1)
                if is_item and depth < _DEEPEST
                else _value(child, said[0])
            )
            for name in said[:5]:
                node.setdefault(name.rsplit("/", 1)[-1].rsplit(":", 1)[-1], []).append(value)
        if not is_item:
            waiting.extend(reversed(child))
        elif not said and left[0] > 0 and depth < _DEEPEST:
            node.setdefault("@items", []).append(_item(child, names, left, depth + 1))
    _say_offers_in_words(element, node, names)
    return node


def _say_offers_in_words(element: Any, node: Node, names: _Names) -> None:
    """An offer whose price is in its text alone is read as text, as people do."""
    if "Offer" in " ".join(node["@type"]):
        words = "".join(element.itertext())[:500]
        node["@words"] = words
        if not any(node.get("price", [])):
            node["price"] = [words]
    elif names is _MICRODATA and "PostalAddress" in " ".join(node["@type"]) and len(node) == 1:
        node["streetAddress"] = ["".join(element.itertext())[:500]]


def _value(element: Any, name: str) -> str:
    name = name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
    content = element.get("content")
    if content is not None:
        return str(content)
    if element.tag == "time" and element.get("datetime"):
        return str(element.get("datetime"))
    if element.tag in _LINKS and (name in _ADDRESSES or element.tag == "link"):
        return str(element.get("href") or "")
    if element.tag in _SOURCES:
        return str(element.get("src") or element.get("data-src") or "")
    if element.tag in {"data", "meter"} and element.get("value"):
        return str(element.get("value"))
    if element.get("datetime"):
        return str(element.get("datetime"))
    return " ".join("".join(element.itertext()).split())[:_LONGEST]
