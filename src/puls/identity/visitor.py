"""Who asks: an anonymous visitor or a program, and what they may do. Pure values and signatures.

An anonymous visitor is a random id that Puls signed; it says nothing about a person. The same signed text is a cookie
in a browser and a bearer token elsewhere. Enter at `VisitorTokens`.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID, uuid4

from puls.errors import ForbiddenError

Scope = Literal["search", "chat", "operator"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
VisitorKind = Literal["anonymous", "program"]

LIFETIME = timedelta(
    days=180
)  # as long as a preference; the CNIL's most for a tracker is 13 months
_RENEWED_AFTER = timedelta(days=30)
_VERSION = "v1"
_ANYBODY: frozenset[Scope] = frozenset({"search", "chat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever sent a request. `is_new`: nothing identified them, so the id was made for this request.

    `needs_token`: they have none yet, or theirs is old enough to be renewed.
    """

    id: UUID
    kind: VisitorKind = "anonymous"
    scopes: frozenset[Scope] = _ANYBODY
    is_new: bool = False
    needs_token: bool = False

    def check_may(self, scope: Scope) -> None:
        """Pass, or say what is missing.

        Raises:
            ForbiddenError: the scope is not among theirs.
        """
        if scope not in self.scopes:
            raise ForbiddenError(
                f"This needs an API key with the scope {scope!r}; see `puls keys`."
            )


def unknown_visitor() -> Visitor:
    """Somebody whom nothing identifies yet."""
    return Visitor(id=uuid4(), is_new=True, needs_token=True)


class VisitorTokens:
    """Signed visitor ids: `v1.<id>.<issued, seconds of Unix time>.<HMAC-SHA256>`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"puls visitor token", "sha256")

    def issue(self, visitor_id: UUID, *, now: datetime) -> str:
        signed = f"{_VERSION}.{visitor_id.hex}.{int(now.timestamp())}"
        return f"{signed}.{self._signature(signed)}"

    def read(self, token: str, *, now: datetime) -> Visitor | None:
        """The visitor a token names; None when it is forged, broken, from the future or past its lifetime."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            return None
        version, visitor_id, issued = signed.split(".")
        age = now - datetime.fromtimestamp(int(issued), UTC)
        if version != _VERSION or not -timedelta(minutes=5) <= age <= LIFETIME:
            return None
        return Visitor(id=UUID(visitor_id), needs_token=age > _RENEWED_AFTER)

    def _signature(self, signed: str) -> str:
        digest = hmac.digest(self._key, signed.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
