"""What comes from outside over HTTP, within limits: `replies` of servers an operator chose, and `pages` of anybody's.

An address that was found in data is fetched by a `Fetcher` only (`page`); the one for real use is
`fetching.PageFetcher`, over the guarded sockets of `dialing`. Who is asked how often: `manners`.
"""

from puls.outside.replies import (
    ASKED_ENCODING,
    ReplyError,
    ReplyLimits,
    body,
    document,
    gathered,
    lines,
    refuse_announced,
    unpacked,
    unpacked_from,
)

__all__ = [
    "ASKED_ENCODING",
    "ReplyError",
    "ReplyLimits",
    "body",
    "document",
    "gathered",
    "lines",
    "refuse_announced",
    "unpacked",
    "unpacked_from",
]
