"""What comes from outside over HTTP, within limits: `replies` of servers an operator chose, and `pages` of anybody's.

An address that was found in data is fetched by a `Fetcher` only.
"""

from puls.outside.replies import (
    ASKED_ENCODING,
    ReplyError,
    ReplyLimits,
    body,
    document,
    lines,
    unpacked,
)

__all__ = [
    "ASKED_ENCODING",
    "ReplyError",
    "ReplyLimits",
    "body",
    "document",
    "lines",
    "unpacked",
]
