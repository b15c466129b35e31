"""Who gets letters by e-mail: addresses that their owners confirmed from the mailbox itself, and nobody else.

Before that nothing is kept: the address travels in the link of the one message that asks. Every read and write of an
address runs as its visitor. Enter at `Letters`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from puls.database import Database, Queries
from puls.errors import InvalidInputError, PulsError
from puls.identity.visitor import Visitor
from puls.phrasing import Language
from puls.returning.tokens import Confirmation, LetterTokens, Stop

ASKED_KEPT: Final = timedelta(days=1)
MOST_ASKED: Final = 3
"""Confirmations to one mailbox a day, whoever asks: nobody is to be flooded through Puls."""
KEPT: Final = timedelta(days=396)
"""How long searches, addresses and what letters told stay after their visitor was last seen: 13 months, as the cookie."""
LONGEST_ADDRESS: Final = 254  # RFC 5321, § 4.5.3.1.3, less the brackets
_MAILBOX: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)
_QUERIES = Queries.beside("puls.returning")
_MEETING = Queries.beside("puls.conversation.keeping")


class LettersOffError(PulsError):
    """This Puls writes no letters: no mail server is set, or nothing says under which address it is found."""

    code, status = "letters_off", 503


class AskedTooOftenError(PulsError):
    """This mailbox was asked to confirm several times today; nothing was sent."""

    code, status = "asked_too_often", 429
    retry_after_seconds = int(ASKED_KEPT.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A confirmed address, with the words that its owner agreed to."""

    address: str
    language: Language
    wording: str
    confirmed_at: datetime


class Letters:
    """Keeps who agreed to letters."""

    def __init__(self, database: Database, *, secret: bytes) -> None:
        self._database = database
        self.tokens = LetterTokens(secret)

    async def address(self, visitor_id: UUID) -> Address | None:
        """Where the visitor's letters go; None when they get none."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            row = await (await connection.execute(_QUERIES["address"])).fetchone()
        return Address(**row) if row else None

    async def begin_asking(self, address: str, *, now: datetime) -> None:
        """Count a question to this mailbox.

        Raises:
            AskedTooOftenError: there were as many today as Puls sends.
        """
        values = {"mark": self.tokens.mark(address), "since": now - ASKED_KEPT, "now": now}
        async with self._database.transaction() as connection:
            row = await (await connection.execute(_QUERIES["asked_lately"], values)).fetchone()
            assert row is not None
            if row["times"] >= MOST_ASKED:
                raise AskedTooOftenError(
                    "This mailbox was asked several times today: look for the message there (also among spam), or ask again tomorrow."
                )
            await connection.execute(_QUERIES["note_asked"], values)

    async def confirm(self, one: Confirmation, *, wording: str, now: datetime) -> None:
        """Keep the address: its owner said yes from the mailbox."""
        values = {
            "visitor_id": one.visitor_id,
            "kind": "anonymous",
            "address": one.address,
            "language": one.language,
            "wording": wording,
            "now": now,
        }
        async with self._database.transaction(visitor_id=one.visitor_id) as connection:
            await connection.execute(_MEETING["meet"], values)
            await connection.execute(_QUERIES["confirm"], values)

    async def stop(self, visitor_id: UUID, *, confirmed_at: datetime | None = None) -> None:
        """Forget the address; with `confirmed_at` only the one that was confirmed then. Also where there is none."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await connection.execute(_QUERIES["stop"], {"confirmed_at": confirmed_at})

    async def stop_by(self, one: Stop) -> None:
        """As the link in a letter asks."""
        await self.stop(one.visitor_id, confirmed_at=one.confirmed_at)

    async def forget_old(self, *, now: datetime) -> int:
        """Delete what is past its time; how many rows there were."""
        gone = 0
        async with self._database.transaction() as connection:
            values = {"before": now - ASKED_KEPT}
            gone += (await connection.execute(_QUERIES["forget_asked"], values)).rowcount
        async with self._database.transaction(is_keeping=True) as connection:
            for what in ("sweep_saved", "sweep_addresses", "sweep_letters"):
                gone += (await connection.execute(_QUERIES[what], {"before": now - KEPT})).rowcount
        return gone


def checked_address(text: str) -> str:
    """An address as SMTP takes it everywhere.

    Raises:
        InvalidInputError: it is none.
    """
    name, at, domain = text.strip().rpartition("@")
    try:
        address = f"{name}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if len(address) > LONGEST_ADDRESS or _MAILBOX.fullmatch(address) is None:
        raise InvalidInputError(
            "This is no e-mail address that Puls can write to; give one such as prenom@example.org."
        )
    return address


def may_write_to(visitor: Visitor) -> None:
    """Raises InvalidInputError for a program: a key is nobody who reads letters."""
    if visitor.kind == "program":
        raise InvalidInputError("Letters are for visitors: an API key has no mailbox.")
