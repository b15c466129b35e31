"""A checked sentence as the visitor reads it: citations become links on the titles. Pure. Enter at `rendered`."""

import re
from collections.abc import Collection

from puls.conversation.grounding.mentions import Mention, Mentions
from puls.conversation.markdown import LINK, bare, page_address, title_link
from puls.geo.names import fold

_LEFT_BY_CITATION = " :|-–.)"  # « [1] : Le titre »
_CLOSED = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›"})


def rendered(body: str, mentions: Mentions) -> str:
    """The sentence as the visitor reads it: citations become links on the titles."""
    named = {one.record.event.uid for one in mentions.found if one.shown is not None}
    written: set[str] = set()
    text, last = "", 0
    spans: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions.found:
        spans.setdefault((mention.start, mention.end), []).append(mention)
    for (start, end), same in spans.items():
        if start < last:
            continue
        text += body[last:start]
        last = end
        if same[0].shown is not None:
            text += _shown(same[0], written)
            written.add(same[0].record.event.uid)
            continue
        links = [
            title_link(one.record.event)
            for one in same
            if one.record.event.uid not in named | written
        ]
        if links:
            written |= {one.record.event.uid for one in same}
            text += f"({', '.join(links)})"
        else:
            text = text.rstrip()
    return re.sub(r"\*\*(\*\*[^*]+\*\*)\*\*", r"\1", text + body[last:]).lstrip(_LEFT_BY_CITATION)


def closed(text: str, addresses: Collection[str]) -> str:
    """The same text in which nothing can be followed or run but links to these addresses: the last look of all."""
    safe, last = "", 0
    for link in LINK.finditer(text):
        if link["address"] in addresses and not link.group().startswith("!"):
            safe += text[last : link.start()].translate(_CLOSED) + link.group()
            last = link.end()
    return safe + text[last:].translate(_CLOSED)


def _shown(mention: Mention, written: set[str]) -> str:
    assert mention.shown is not None
    link = title_link(mention.record.event)
    if mention.address is not None:
        is_page = f"]({mention.address})" in link
        is_title = fold(mention.shown) == mention.record.title
        return link if is_title and is_page else f"[{mention.shown}]({mention.address})"
    if mention.record.event.uid in written:
        return mention.shown
    address = page_address(mention.record.event)
    words = fold(mention.shown)
    is_part = words != mention.record.title and f" {words} " in f" {mention.record.title} "
    return f"[{bare(mention.shown)}]({address})" if is_part and address else link
