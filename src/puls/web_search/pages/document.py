"""A page of HTML as a tree and as blocks of text, within limits. Pure.

libxml2 reads it (through lxml): it is linear, and stops at 256 levels of nesting, where a parser that follows the HTML
standard took 300 seconds for 200,000 `<div>` (measured, selectolax 1.0.2). Enter at `Document`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree

from puls.web_search.pages.plain import line_of, seen

LONGEST_PAGE: Final = 2_000_000  # characters
_MOST_BLOCKS: Final = 10_000
_MOST_ELEMENTS: Final = 25_000  # read for their text; the longest agenda pages have a tenth
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<]{900,}")
_VALUE: Final = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_MOST_ATTRIBUTES: Final = 300  # libxml2 compares each with each: 100,000 took 21 s
_UNREAD: Final = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "select",
        "textarea",
        "head",
    }
)
_BLOCKS: Final = frozenset(
    """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul br html button option
    label""".split()
)
_CARD: Final = 2  # elements in a link that make it a card
_SPACES: Final = re.compile(r"\s+")
_ASIDES: Final = frozenset({"aside", "nav", "footer"})
_ASIDE_ROLES: Final = frozenset({"navigation", "complementary", "contentinfo"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that stands for itself, and the element that holds it. `level` 1–6 for headings, else 0."""

    text: str
    element: Any
    level: int
    is_aside: bool


class Document:
    """One page, read once."""

    def __init__(self, markup: str, *, url: str) -> None:
        self.root: Any = _tree(markup[:LONGEST_PAGE])
        self.url = url

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to."""
        for element in self.elements("base"):
            try:
                return urljoin(self.url, str(element.get("href") or ""))
            except ValueError:
                break
        return self.url

    def elements(self, *names: str) -> Iterator[Any]:
        """Elements of these names in the order of the page."""
        if self.root is not None:
            yield from self.root.iter(*names)

    @cached_property
    def title(self) -> str:
        """The page's name: of Open Graph, else of its head, else its first heading."""
        for element in self.elements("meta"):
            if element.get("property") == "og:title" and (line := line_of(element.get("content"))):
                return line
        for name in ("title", "h1"):
            for element in self.elements(name):
                if line := line_of("".join(element.itertext())):
                    return line
        return ""

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Visible text in its order; scripts, menus of choices and hidden parts are left out."""
        return _Blocks(self.root).read() if self.root is not None else ()

    @cached_property
    def words(self) -> str:
        """The visible text, a line for each block, without what stands beside the main part."""
        return "\n".join(block.text for block in self.blocks if not block.is_aside)


def _tree(markup: str) -> Any:
    markup = _LONG_TAG.sub(_few_attributes, markup).replace("\x00", "")
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(markup.encode("utf-8", "ignore"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _few_attributes(found: re.Match[str]) -> str:
    head = _VALUE.sub("=v", found[0]).partition(">")[0]
    is_sane = len(head.replace("/", " ").replace("=", " ").split()) < _MOST_ATTRIBUTES * 2
    return found[0] if is_sane else "<a>"


def is_hidden(element: Any) -> bool:
    """Whether an element says of itself that nobody sees it."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _is_glued(element: Any) -> bool:
    """Whether it stands directly behind another piece, which pages set apart by style alone: « 20h30 » « Complet »."""
    before = element.getprevious()
    return (
        before is not None
        and not (before.tail or "")
        and len(element.text or "") > 1
        and len(before.text or "") != 1
    )


class _Blocks:
    """One walk through a tree, without recursion: text is gathered until an element that stands for itself begins or ends."""

    def __init__(self, root: Any) -> None:
        self._root = self._holder = root
        self._pieces: list[str] = []
        self._known: dict[Any, bool] = {}
        self._found: list[Block] = []

    def read(self) -> tuple[Block, ...]:
        waiting: list[tuple[Any, bool, bool]] = [(self._root, False, False)]
        elements = 0
        while waiting and len(self._found) < _MOST_BLOCKS and elements < _MOST_ELEMENTS:
            element, is_end, is_aside = waiting.pop()
            elements += not is_end
            if is_end:
                self._end(element, is_aside=is_aside)
            elif not isinstance(element.tag, str) or element.tag in _UNREAD or is_hidden(element):
                self._pieces.append(element.tail or "")
            else:
                within = is_aside or element.tag in _ASIDES or element.get("role") in _ASIDE_ROLES
                self._begin(element, is_aside=is_aside)
                waiting.append((element, True, within))
                children = element[:_MOST_ELEMENTS]
                waiting.extend((child, False, within) for child in reversed(children))
        self._cut(is_aside=False)
        return tuple(self._found)

    def _begin(self, element: Any, *, is_aside: bool) -> None:
        if self._is_block(element):
            self._cut(is_aside=is_aside)
            self._holder = element
        elif _is_glued(element):
            self._pieces.append(" ")
        self._pieces.append(element.text or "")

    def _end(self, element: Any, *, is_aside: bool) -> None:
        if self._is_block(element):
            self._cut(is_aside=is_aside)
            holder = element.getparent()
            while holder is not None and not self._is_block(holder):
                holder = holder.getparent()
            self._holder = self._root if holder is None else holder
        if element is not self._root:
            self._pieces.append(element.tail or "")

    def _cut(self, *, is_aside: bool) -> None:
        told = "".join(self._pieces)
        self._pieces.clear()
        name = str(self._holder.tag)
        for line in told.splitlines() if name == "pre" else (told,):
            text = seen(_SPACES.sub(" ", line)).strip()
            if text:
                level = int(name[1]) if re.fullmatch("h[1-6]", name) else 0
                self._found.append(Block(text, self._holder, level, is_aside))

    def _is_block(self, element: Any) -> bool:
        """Whether its text stands for itself: by its name, or because it holds such elements (links as cards)."""
        if element not in self._known:
            self._known[element] = (
                element.tag in _BLOCKS
                or any(child.tag in _BLOCKS for child in element)
                or (element.tag == "a" and len(element) >= _CARD)
            )
        return self._known[element]
