"""Stops that an address or a form names, read back with their events. Enter at `stored_stops`."""

from collections.abc import Sequence

from puls.bootstrap import Puls
from puls.catalogue.store import StoredEvent
from puls.conversation.keeping.shares import SharedStop
from puls.errors import InvalidInputError, NotFoundError
from puls.ui.plans.timeline import Stop, stop_read


async def stored_stops(said: Sequence[str], puls: Puls) -> list[tuple[StoredEvent, SharedStop]]:
    """Each stop with its event, in the order given.

    Raises:
        InvalidInputError: one cannot be read.
        NotFoundError: an event is unknown.
    """
    stops: list[SharedStop] = []
    for each in said:
        read = stop_read(each)
        if read is None:
            raise InvalidInputError(
                "A stop is `uid,from,until` with moments that have an offset, the first before the second."
            )
        uid, arrives, leaves = read
        stops.append(SharedStop(uid=uid, arrives_at=arrives, leaves_at=leaves))
    events = await puls.catalogue.events([stop.uid for stop in stops])
    missing = next((stop.uid for stop in stops if stop.uid not in events), None)
    if missing is not None:
        raise NotFoundError(f"No event has the uid {missing!r}.")
    return [(events[stop.uid], stop) for stop in stops]


async def still_known(stops: Sequence[SharedStop], puls: Puls) -> list[Stop]:
    """The stops whose event is still on; the others are left out."""
    events = await puls.catalogue.events([stop.uid for stop in stops])
    return [
        Stop(event=events[stop.uid].event, arrives_at=stop.arrives_at, leaves_at=stop.leaves_at)
        for stop in stops
        if stop.uid in events and events[stop.uid].removed_at is None
    ]
