"""Secret addresses in letters: one that confirms a mailbox, one that stops all letters to it. Pure.

What confirms carries the address itself, signed, because nothing of it may be kept before; what stops carries no address.
Enter at `LetterTokens`.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from puls.phrasing import Language

CONFIRMED_WITHIN: Final = timedelta(days=2)
_CONFIRM: Final = "c1"
_STOP: Final = "s1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whose letters are to go where, once the mailbox's owner agrees."""

    visitor_id: UUID
    address: str
    language: Language
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Whose letters are to stop: those to the address that was confirmed at that moment."""

    visitor_id: UUID
    confirmed_at: datetime


class LetterTokens:
    """Signed as `VERSION.<values, base64url>.<HMAC-SHA256>`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"puls letters", "sha256")
        self._marking = hmac.digest(secret, b"puls mailbox mark", "sha256")

    def confirming(self, one: Confirmation) -> str:
        """A token good for two days from `asked_at`."""
        at = one.asked_at.timestamp()
        return self._signed(_CONFIRM, [one.visitor_id.hex, one.address, one.language, at])

    def confirmation(self, token: str, *, now: datetime) -> Confirmation | None:
        """What the token says; None when it is forged, broken or older than two days."""
        values = self._read(_CONFIRM, token)
        if values is None:
            return None
        visitor, address, language, at = values
        asked_at = datetime.fromtimestamp(float(at), UTC)
        if now - asked_at > CONFIRMED_WITHIN:
            return None
        return Confirmation(
            visitor_id=UUID(hex=visitor),
            address=address,
            language="en" if language == "en" else "fr",
            asked_at=asked_at,
        )

    def stopping(self, visitor_id: UUID, *, confirmed_at: datetime) -> str:
        """A token that stops the letters to the address confirmed then, whenever it is used."""
        return self._signed(_STOP, [visitor_id.hex, confirmed_at.isoformat()])

    def stop(self, token: str) -> Stop | None:
        """What the token says; None when it is forged or broken."""
        values = self._read(_STOP, token)
        if values is None:
            return None
        visitor, at = values
        return Stop(visitor_id=UUID(hex=visitor), confirmed_at=datetime.fromisoformat(at))

    def mark(self, address: str) -> bytes:
        """A keyed hash of a mailbox, to count how often it was asked."""
        return hmac.digest(self._marking, address.lower().encode(), "sha256")

    def _signed(self, version: str, values: list[object]) -> str:
        packed = json.dumps(values, separators=(",", ":")).encode()
        body = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
        return f"{version}.{body}.{self._signature(f'{version}.{body}')}"

    def _read(self, version: str, token: str) -> list[str] | None:
        signed, _, signature = token.rpartition(".")
        good = self._signature(signed).encode()
        if not hmac.compare_digest(good, signature.encode("utf-8", "surrogatepass")):
            return None
        said, _, body = signed.partition(".")
        if said != version:
            return None
        try:
            values: list[str] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (binascii.Error, ValueError):
            return None
        return values

    def _signature(self, signed: str) -> str:
        digest = hmac.digest(self._key, signed.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
