"""Pages of one search: an opaque cursor that goes on where the page before ended. Pure.

A cursor holds the moment of the first page, how many were given, the last uid given and which question it belongs to, so
that « ce soir » stays the same evening and nothing is given twice when the catalogue changes meanwhile. It is no secret
and signed by nobody: whoever changes it changes only their own place in a public list. Enter at `Cursor` and `page_of`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from puls.errors import InvalidInputError
from puls.retrieval.ranking import FoundEvent

MOST_PAGED: Final = 200
"""Events that one question gives in all: beyond, a search proposes no candidates (80 by meaning and as many by words)."""
_NOT_OURS: Final = (
    "This cursor is not one of Puls's, or belongs to another question; leave it out to begin anew."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page ended. `now` is aware; `given` events were given before, `last` being the last one's uid."""

    now: datetime
    given: int
    last: str
    question: str

    def text(self) -> str:
        """As clients send it back."""
        values = [self.now.astimezone(UTC).isoformat(), self.given, self.last, self.question]
        packed = json.dumps(values, separators=(",", ":"), ensure_ascii=True).encode()
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str, *, question: str) -> Self:
        """What `text` wrote, for the same question.

        Raises:
            InvalidInputError: it is none, or another question's.
        """
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            at, given, last, of = json.loads(
                base64.b64decode(padded, altchars=b"-_", validate=True)
            )
            cursor = cls(
                now=datetime.fromisoformat(at), given=int(given), last=str(last), question=str(of)
            )
        except (binascii.Error, UnicodeError, ValueError, TypeError) as error:
            raise InvalidInputError(_NOT_OURS) from error
        is_sane = cursor.now.tzinfo is not None and 0 < cursor.given <= MOST_PAGED
        if not is_sane or cursor.question != question:
            raise InvalidInputError(_NOT_OURS)
        return cursor


def fingerprint_of(parameters: dict[str, object]) -> str:
    """Tells one question from another, whatever the order of its values."""
    said = json.dumps(parameters, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def page_of(
    events: Sequence[FoundEvent], *, size: int, after: Cursor | None, now: datetime, question: str
) -> tuple[tuple[FoundEvent, ...], str | None]:
    """One page of all that was found, best first, and the cursor of the next; None when this is the last one."""
    begin = 0
    if after is not None:
        uids = [one.event.uid for one in events]
        begin = uids.index(after.last) + 1 if after.last in uids else after.given
    shown = tuple(events[begin : begin + size])
    end = begin + len(shown)
    if not shown or end >= len(events):
        return shown, None
    cursor = Cursor(now=now, given=end, last=shown[-1].event.uid, question=question)
    return shown, cursor.text()
