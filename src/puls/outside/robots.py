"""What a site's robots.txt allows Puls, and what not being able to read it means. Pure.

Policy (reference §9a, RFC 9309): none (404, 410 and other refusals of the file itself) allows everything; a server in
trouble (5xx), « too many » or silence forbids everything for now. A Crawl-delay longer than Puls's own pace is kept.
"""

import re
from dataclasses import dataclass
from typing import Final

from protego import Protego

from puls.outside.manners import HostPace

LONGEST_ROBOTS: Final = 500 * 1_024
"""Bytes; RFC 9309 asks for at least that, what comes after is not read."""

_MOST_LINES = 10_000
_LONGEST_LINE = 2_048
_LONGEST_DELAY = 3_600.0  # seconds; beyond, it is one request an hour
_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt that was read, for one robot."""

    _file: Protego
    _robot: str

    def allow(self, url: str) -> bool:
        """Whether this address may be read."""
        return bool(self._file.can_fetch(url, self._robot))

    def pace(self, own: HostPace) -> HostPace:
        """The slower of its own and what the file asks for; with a delay there is no burst."""
        delay = min(self._file.crawl_delay(self._robot) or 0.0, _LONGEST_DELAY)
        if delay <= 0 or (delay * own.per_second <= 1 and own.burst == 1):
            return own
        return HostPace(burst=1, per_second=min(own.per_second, 1.0 / delay))


def rules_from(text: str, *, robot: str) -> Rules:
    """Read a robots.txt for `robot`, the name at the head of its User-Agent.

    Groups for other robots become one: a file of ten thousand names and as many rules would cost their product.
    """
    name = robot.lower()
    lines = []
    for line in text.removeprefix("\ufeff").splitlines()[:_MOST_LINES]:
        agent = _AGENT.match(line)
        if agent is None:
            lines.append(line[:_LONGEST_LINE])
        else:
            named = agent[1].partition("/")[0].lower().strip("*") or "*"
            lines.append(f"User-agent: {named if named in (name, '*') else 'other'}")
    return Rules(Protego.parse("\n".join(lines)), name)
