"""Who asks: an anonymous visitor or a program, and what they may do. Pure values and signatures.

An anonymous visitor is a random id that Puls signed; it says nothing about a person. The same signed text is a cookie
in a browser and a bearer token elsewhere. Enter at `VisitorTokens`.
"""

import base64
import hmac
from dataclasses import dataclass, field
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
LONGEST_KNOWN = timedelta(days=396)  # 13 months, however often it is renewed
_RENEWED_AFTER = timedelta(days=30)
_SKEW = timedelta(minutes=5)  # between the clocks of two replicas
_VERSION = "v2"
_FIRST_VERSION = "v1"  # without the moment of the first one; read until the last of them is over
_MADE_AT_RANDOM = (
    4  # of UUIDs; a program's is derived from its key (5), and no token speaks for a program
)
_ANYBODY: frozenset[Scope] = frozenset({"search", "chat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever sent a request. `is_new`: nothing identified them, so the id was made for this request.

    `needs_token`: they have none yet, or theirs is old enough to be renewed. `met`: when their first token was issued.
    """

    id: UUID
    kind: VisitorKind = "anonymous"
    scopes: frozenset[Scope] = _ANYBODY
    is_new: bool = False
    needs_token: bool = False
    met: datetime | None = field(default=None, compare=False)

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
    """Signed visitor ids: `v2.<id>.<first issued>.<issued>.<HMAC-SHA256>`, moments in seconds of Unix time."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"puls visitor token", "sha256")

    def issue(self, visitor_id: UUID, *, now: datetime, met: datetime | None = None) -> str:
        """A token that is good from now on; `met` as of the one that it renews."""
        first = int((met or now).timestamp())
        signed = f"{_VERSION}.{visitor_id.hex}.{first}.{int(now.timestamp())}"
        return f"{signed}.{self._signature(signed)}"

    def read(self, token: str, *, now: datetime) -> Visitor | None:
        """The visitor a token names; None when it is forged, broken, or past its end or that of all its renewals.

        One from the future is good, and renewed: only we sign, so a clock went wrong, which is no fault of the visitor's.
        """
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            return None
        version, written, *moments = signed.split(".")
        if version not in {_VERSION, _FIRST_VERSION}:
            return None
        visitor_id = UUID(written)
        met, issued = (datetime.fromtimestamp(int(moments[at]), UTC) for at in (0, -1))
        if visitor_id.version != _MADE_AT_RANDOM or now > end_of_token(issued, met=met):
            return None
        needs_token = now - issued > _RENEWED_AFTER or issued - now > _SKEW
        return Visitor(id=visitor_id, needs_token=needs_token, met=min(met, now))

    def _signature(self, signed: str) -> str:
        digest = hmac.digest(self._key, signed.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def end_of_token(issued: datetime, *, met: datetime | None = None) -> datetime:
    """Until when a token is good: its own time, and never beyond what all renewals have together."""
    return min(issued + LIFETIME, (met or issued) + LONGEST_KNOWN)
