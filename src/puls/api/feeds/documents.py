"""What a search found as RSS 2.0 and JSON Feed 1.1. Pure: values in, bytes out. Enter at `rss_of` and `json_feed_of`.

Formats: https://www.rssboard.org/rss-specification and https://www.jsonfeed.org/version/1.1/. Addresses are absolute.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.returning.dates import moment_whenever_read
from puls.ui.cards import is_example
from puls.ui.links import event_address
from puls.ui.plain_words import plain, plain_line
from puls.ui.texts import texts

RSS_TYPE: Final = "application/rss+xml; charset=utf-8"
JSON_TYPE: Final = "application/feed+json; charset=utf-8"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_REFRESHED_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A search and what it found now. `page`: where people read it; `address`: where programs do; both absolute."""

    title: str
    page: str
    address: str
    base: str
    language: Language
    now: datetime
    found: Sequence[FoundEvent]


def rss_of(feed: Feed) -> bytes:
    """RSS 2.0; an item's guid is its event's page, so that a reader shows each event once."""
    ET.register_namespace("atom", _ATOM)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.page)
    _text(channel, "description", texts(feed.language)["feed_lead"])
    _text(channel, "language", feed.language)
    _text(channel, "lastBuildDate", format_datetime(feed.now.astimezone(UTC)))
    _text(channel, "ttl", str(_REFRESHED_MINUTES))
    ET.SubElement(
        channel,
        f"{{{_ATOM}}}link",
        {"href": feed.address, "rel": "self", "type": "application/rss+xml"},
    )
    for one in feed.found:
        _add_item(channel, one, feed)
    body: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return body


def _add_item(channel: ET.Element, one: FoundEvent, feed: Feed) -> None:
    event = one.event
    item = ET.SubElement(channel, "item")
    address = feed.base + event_address(event.uid, None)
    _text(item, "title", title_of(one, feed))
    _text(item, "link", address)
    ET.SubElement(item, "guid", isPermaLink="true").text = address
    _text(item, "description", "\n".join(lines_of(one, feed)))
    _text(item, "category", phrasing.category_name(event.category, feed.language))
    if event.attribution.updated_at is not None:
        _text(item, "pubDate", format_datetime(event.attribution.updated_at.astimezone(UTC)))


def json_feed_of(feed: Feed) -> bytes:
    """JSON Feed 1.1; `_puls` holds the date as a value."""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": texts(feed.language)["feed_lead"],
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        "items": [_item(one, feed) for one in feed.found],
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _item(one: FoundEvent, feed: Feed) -> dict[str, object]:
    event, address = one.event, feed.base + event_address(one.event.uid, None)
    item: dict[str, object] = {
        "id": address,
        "url": address,
        "title": title_of(one, feed),
        "content_text": "\n".join(lines_of(one, feed)),
        "tags": [phrasing.category_name(event.category, feed.language)],
        "_puls": {
            "uid": event.uid,
            "starts_at": _here(one.occurrence.starts_at, event.timezone),
            "ends_at": _here(one.occurrence.ends_at, event.timezone),
        },
    }
    if event.image_url:
        item["image"] = event.image_url
    if event.attribution.updated_at is not None:
        item["date_modified"] = event.attribution.updated_at.isoformat()
    return item


def _here(at: datetime, timezone: str) -> str:
    return at.astimezone(ZoneInfo(timezone)).isoformat()


def title_of(one: FoundEvent, feed: Feed) -> str:
    """The title, then the day: a list of titles without days helps nobody."""
    when = moment_whenever_read(one.occurrence, one.event.timezone, feed.language)
    example = texts(feed.language)["example"] if is_example(one.event) else None
    return plain_line(" · ".join(filter(None, (one.event.title, when, example))))


def lines_of(one: FoundEvent, feed: Feed) -> list[str]:
    """Place, price, the organiser's sentence, and where it comes from."""
    event, words = one.event, texts(feed.language)
    venue = event.venue
    place = ", ".join(dict.fromkeys(filter(None, (venue.name, venue.city)))) if venue else None
    source = event.attribution
    lines: Iterable[str | None] = (
        place,
        phrasing.sentence(phrasing.price_words(event.price, feed.language)),
        event.description,
        " ".join(filter(None, (words["published_by"], source.agenda_title)))
        if source.agenda_title
        else words["published_on"],
        f"{words['licence']} {source.licence}",
    )
    return [plain(line) for line in lines if line]


def _text(parent: ET.Element, name: str, text: str) -> None:
    """Characters that XML cannot hold are left out."""
    ET.SubElement(parent, name).text = "".join(
        each
        for each in text
        if each in "\t\n" or (ord(each) >= 32 and ord(each) not in {0xFFFE, 0xFFFF})  # noqa: PLR2004 - controls
    )
