"""A browser's way to what operators may see: an API key, exchanged once for a short-lived signed cookie.

The cookie names the key's program and nothing else, and is good while the key is. Enter at `OperatorSessions`.
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from puls.errors import ForbiddenError
from puls.identity.api_keys import ApiKeys

LIFETIME: Final = timedelta(hours=8)
"""A working day; then the key is asked for again."""
_VERSION: Final = "o1"
_SKEW: Final = timedelta(minutes=5)  # between the clocks of two replicas


class OperatorSessions:
    """Signed as `o1.<id of the key's program>.<issued, seconds of Unix time>.<HMAC-SHA256>`."""

    def __init__(self, api_keys: ApiKeys, *, secret: bytes) -> None:
        self._api_keys = api_keys
        self._key = hmac.digest(secret, b"puls operator session", "sha256")

    async def open(self, written: str, *, now: datetime) -> str:
        """The cookie for a key.

        Raises:
            UnauthorizedError: there is no such key, or it was revoked.
            ForbiddenError: it is not an operator's.
        """
        visitor = await self._api_keys.visitor(written, now=now)
        if "operator" not in visitor.scopes:
            raise ForbiddenError("This key has not the scope 'operator'.")
        signed = f"{_VERSION}.{visitor.id.hex}.{int(now.timestamp())}"
        return f"{signed}.{self._signature(signed)}"

    async def holds(self, cookie: str, *, now: datetime) -> bool:
        """Whether a cookie is ours, not past its end, and its key still good."""
        signed, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            return False
        version, program, issued = signed.split(".")
        age = now - datetime.fromtimestamp(int(issued), UTC)
        if version != _VERSION or not -_SKEW <= age <= LIFETIME:
            return False
        return await self._api_keys.is_alive(UUID(program))

    def _signature(self, signed: str) -> str:
        digest = hmac.digest(self._key, signed.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
