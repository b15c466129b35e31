"""Secret addresses of what visitors let others read: made again for their owner from the share's id, kept nowhere. Pure.

A share's row holds only a hash of its token (`mark`), so that a copy of the tables opens nothing.
"""

import base64
import hashlib
import hmac
from uuid import UUID

_BYTES = 18  # 144 bits: nobody guesses one
_LETTERS = 24  # of base64


class ShareTokens:
    """The first bytes of HMAC-SHA256 of the share's id, in letters that an address may hold."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"puls shared pages", "sha256")

    def token(self, share_id: UUID) -> str:
        digest = hmac.digest(self._key, share_id.bytes, "sha256")[:_BYTES]
        return base64.urlsafe_b64encode(digest).decode()

    @staticmethod
    def mark(token: str) -> bytes | None:
        """What the row of this token holds; None when it cannot be a token."""
        if len(token) != _LETTERS or not token.isascii():
            return None
        return hashlib.sha256(token.encode()).digest()
