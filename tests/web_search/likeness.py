"""Title alone: until `puls.web_search.merging` stands beside this part."""

from puls.catalogue.event import Event
from puls.geo.names import fold
from puls.web_search.values import WebEvent


def same_event(event: Event, seen: WebEvent, /) -> bool:
    return fold(event.title) in fold(seen.title)
