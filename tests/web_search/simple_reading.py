"""One plain JSON-LD event of a page, read as `pages.extraction` does: until that part stands beside this one."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime

from puls.catalogue.event import Event
from puls.outside.page import Page
from puls.web_search.values import WebEvent, WebStatus, WebTime

_STATUSES = {
    "EventScheduled": WebStatus.SCHEDULED,
    "EventCancelled": WebStatus.CANCELLED,
    "EventPostponed": WebStatus.POSTPONED,
    "EventRescheduled": WebStatus.RESCHEDULED,
}


class PageReading:
    def events_of(self, page: Page, *, timezone: str) -> tuple[WebEvent, ...]:
        del timezone
        found = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL
        )
        if not found:
            return ()
        event = json.loads(found[1])
        status = _STATUSES[event["eventStatus"].rpartition("/")[2]]
        if "SoldOut" in found[1]:
            status = WebStatus.FULL
        return (
            WebEvent(
                title=event["name"],
                page_url=page.url,
                seen_at=page.fetched_at,
                shape="json-ld",
                times=(WebTime(starts_at=datetime.fromisoformat(event["startDate"])),),
                status=status,
            ),
        )

    def status_in_words(self, page: Page, *, title: str, days: Sequence[date]) -> WebStatus:
        del title, days
        return WebStatus.CANCELLED if "annulé" in page.text.lower() else WebStatus.UNKNOWN

    def mentions(self, page: Page, *, title: str, venue: str | None, days: Sequence[date]) -> float:
        del venue, days
        return 1.0 if title in page.text else 0.0

    def same_event(self, event: Event, seen: WebEvent) -> bool:
        return event.title == seen.title
