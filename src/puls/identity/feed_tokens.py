"""Secret addresses of calendars: a signed text that reads one visitor's followed events and does nothing else. Pure.

A calendar's server keeps the address for years, so it has no end of its own; it ends with what it stands on. The moment
when Puls met the visitor is signed with it: after an erasure that moment is another, and the old address reads nothing.
"""

import base64
import hmac
from datetime import datetime
from uuid import UUID

_VERSION = "f1"


class FeedTokens:
    """Signed as `f1.<visitor's id>.<HMAC-SHA256 of it and of when the visitor was met>`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"puls followed calendar", "sha256")

    def issue(self, visitor_id: UUID, *, known_since: datetime) -> str:
        return f"{_VERSION}.{visitor_id.hex}.{self._signature(visitor_id, known_since)}"

    def visitor_named(self, token: str) -> UUID | None:
        """Whose token it says it is, before it is proved; None when it is none."""
        version, _, rest = token.partition(".")
        written, _, _ = rest.partition(".")
        if version != _VERSION or len(written) != len(UUID(int=0).hex):
            return None
        try:
            return UUID(hex=written)
        except ValueError:
            return None

    def is_good(self, token: str, *, visitor_id: UUID, known_since: datetime) -> bool:
        good = self.issue(visitor_id, known_since=known_since)
        return hmac.compare_digest(good.encode(), token.encode("utf-8", "surrogatepass"))

    def _signature(self, visitor_id: UUID, known_since: datetime) -> str:
        signed = f"{visitor_id.hex}.{known_since.timestamp():.6f}"
        digest = hmac.digest(self._key, signed.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
