"""The little Markdown of an answer (links, bold, paragraphs) as HTML; all else is text. Pure.

A link to the page of an event that the answer speaks of leads to Puls' own page of that event, marked with its uid, so that
the page can show card and pin. Any other address stays as it is, when a browser may follow it, in a tab of its own. Enter at `inline_html`.
"""

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from puls.catalogue.event import Event
from puls.conversation.markdown import LINK, bare, page_address
from puls.phrasing import Language, fine
from puls.ui.cards import web_address
from puls.ui.links import event_address

_MARKED = re.compile(rf"(?P<link>{LINK.pattern})|\*\*(?P<bold>[^*\n]+)\*\*")
PARAGRAPH = "\n\n"


def uids_of(events: Iterable[Event]) -> dict[str, str]:
    """How an answer names an event (its page's address, or its title in bold) → its uid."""
    return {page_address(event) or bare(event.title): event.uid for event in events}


def inline_html(
    text: str, *, uid_of: Mapping[str, str], language: Language, chosen: Language | None
) -> Markup:
    """A piece of an answer inside its paragraph. `chosen`: the language that links keep."""
    html, read = Markup(), 0
    for marked in _MARKED.finditer(text):
        html += _plain(text[read : marked.start()], language)
        html += _marked(marked, uid_of, language, chosen)
        read = marked.end()
    return html + _plain(text[read:], language)


def paragraphs_html(
    text: str, *, uid_of: Mapping[str, str], language: Language, chosen: Language | None
) -> list[Markup]:
    """A whole answer, paragraph by paragraph."""
    return [
        inline_html(paragraph.strip(), uid_of=uid_of, language=language, chosen=chosen)
        for paragraph in text.split(PARAGRAPH)
        if paragraph.strip()
    ]


def _marked(
    marked: re.Match[str], uid_of: Mapping[str, str], language: Language, chosen: Language | None
) -> Markup:
    if marked["bold"] is not None:
        uid = uid_of.get(marked["bold"])
        title = _plain(marked["bold"], language)
        return _event_link(uid, title, chosen) if uid else Markup("<b>{}</b>").format(title)
    label, address = _plain(marked["label"], language), marked["address"]
    uid = uid_of.get(address)
    if uid is not None:
        return _event_link(uid, label, chosen)
    followed = web_address(address)
    if followed is None:
        return label
    return Markup('<a href="{}" rel="noopener nofollow ugc" target="_blank">{}</a>').format(
        followed, label
    )


def _event_link(uid: str, label: Markup, chosen: Language | None) -> Markup:
    return Markup('<a href="{}" data-event="{}">{}</a>').format(
        event_address(uid, chosen), uid, label
    )


def _plain(text: str, language: Language) -> Markup:
    return escape(fine(text) if language == "fr" else text).replace("\n", Markup("<br>"))
