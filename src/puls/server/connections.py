"""How many connections there may be, and which must go when there are too many.

A connection costs a descriptor, and a process that has none left answers nobody. So their number stays below, and when it
is reached, the connection that has said least for longest gives way to the new one: one that has not finished its
request, or rests between two. Those that are being answered are never cut for others. Enter at `Connections`.
"""

import resource
from collections import OrderedDict
from typing import Protocol

from puls.monitoring import CONNECTIONS_CLOSED, log

_FOR_OTHER_THINGS = 128  # files, the database, models' connections, what is being accepted
_MOST = 4_096
_LEAST = 16
_TOLD_EVERY_SECONDS = 60.0


class Connection(Protocol):
    """One that can be cut."""

    def cut(self) -> None: ...


class Connections:
    """Those of this process: some idle or still sending, some being answered."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self._idle: OrderedDict[Connection, None] = OrderedDict()  # the longest first
        self._busy: set[Connection] = set()
        self._told_at = float("-inf")
        self._cut = 0

    def __len__(self) -> int:
        return len(self._idle) + len(self._busy)

    def opened(self, connection: Connection, *, now: float) -> bool:
        """A new one. False when all others are being answered: then this one is refused."""
        if len(self) >= self.most:
            if not self._idle:
                self._tell("refused", now)
                return False
            longest, _ = self._idle.popitem(last=False)
            longest.cut()
            self._tell("crowded_out", now)
        self._idle[connection] = None
        return True

    def is_busy(self, connection: Connection) -> None:
        """Its request is whole and is being answered."""
        if self._idle.pop(connection, self) is None:
            self._busy.add(connection)

    def is_idle(self, connection: Connection) -> None:
        """It was answered, and may ask again."""
        if connection in self._busy:
            self._busy.discard(connection)
            self._idle[connection] = None

    def closed(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        self._busy.discard(connection)

    def _tell(self, reason: str, now: float) -> None:
        """One line a minute: whoever opens a thousand connections must not fill a disk."""
        CONNECTIONS_CLOSED.labels(reason=reason).inc()
        self._cut += 1
        if now > self._told_at + _TOLD_EVERY_SECONDS:
            log.warning("connections.crowded", most=self.most, cut=self._cut)
            self._told_at, self._cut = now, 0


def most_connections(*, reserved: int) -> int:
    """As many as the descriptors allow beside what else needs them; the soft limit is raised to the hard one first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _FOR_OTHER_THINGS + reserved
    if soft != resource.RLIM_INFINITY and soft < wanted:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
        except (ValueError, OSError):
            pass  # as it was
    if soft == resource.RLIM_INFINITY:
        return _MOST
    return max(_LEAST, min(_MOST, soft - _FOR_OTHER_THINGS - reserved))
