"""How often somebody may ask, counted in PostgreSQL and so shared by all replicas.

Per visitor and per address; an address is kept as a hash with the day's salt only. Enter at `RateLimits.check`.
"""

import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from puls.database import Connection, Database, Queries
from puls.errors import DatabaseBusyError, DatabaseUnavailableError, RateLimitedError
from puls.identity.buckets import Buckets
from puls.identity.visitor import Visitor

Purpose = Literal["chat", "request"]

_WRONG_KEYS = "wrong key"
_WRONG_KEYS_PER_MINUTE = 10  # by hand one makes three; a program that guesses makes thousands

_QUERIES = Queries.beside("puls.identity")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Requests a minute on average, which is also how many may come at once."""

    per_visitor: int
    per_address: int


class RateLimits:
    """Buckets that fill evenly over a minute."""

    def __init__(
        self, database: Database, *, secret: bytes, chat: Allowance, request: Allowance
    ) -> None:
        self._database = database
        self._secret = secret
        self._own = Buckets()
        self._allowances: dict[Purpose, Allowance] = {"chat": chat, "request": request}

    async def check(
        self, visitor: Visitor, *, address: str, purpose: Purpose, now: datetime
    ) -> None:
        """Count one request; operators are not counted.

        While PostgreSQL is away requests that read are counted by this process alone: the catalogue may still be read.
        A visitor whom nothing identifies is counted by address alone: a new id each time would never run out.

        Raises:
            RateLimitedError: with the seconds after which the same request would be let through.
        """
        if "operator" in visitor.scopes:
            return
        buckets = self._buckets_of(visitor, address, purpose, now)
        try:
            async with self._database.transaction() as connection:
                waits = [await _wait(connection, key, most, now) for key, most in buckets]
        except DatabaseBusyError:
            raise
        except DatabaseUnavailableError:
            if purpose != "request":  # what is kept needs PostgreSQL; a replica may still be read
                raise
            waits = [self._own.take(key, most, now) for key, most in buckets]
        _refuse_for(max(waits, default=timedelta()), "Too many requests")

    def _buckets_of(
        self, visitor: Visitor, address: str, purpose: Purpose, now: datetime
    ) -> list[tuple[bytes, int]]:
        """Out of which a request is paid, and how many a minute each pays."""
        allowance = self._allowances[purpose]
        buckets = []
        if not visitor.is_new:
            key = self._key(purpose, f"visitor {visitor.id}", now)
            buckets.append((key, allowance.per_visitor))
        if visitor.kind == "anonymous" and address:
            key = self._key(purpose, f"address {_network(address)}", now)
            buckets.append((key, allowance.per_address))
        return buckets

    async def count_wrong_key(self, *, address: str, now: datetime) -> None:
        """Count a key or token that is not good, whosever it pretends to be. Good ones from there pass as before.

        Raises:
            RateLimitedError: there were too many from this address.
        """
        if not address:
            return
        key = self._key(_WRONG_KEYS, f"address {_network(address)}", now)
        async with self._database.transaction() as connection:
            wait = await _wait(connection, key, _WRONG_KEYS_PER_MINUTE, now)
        _refuse_for(wait, "Too many keys that are not good came from here")

    async def forget_idle(self, *, now: datetime) -> int:
        """Drop the buckets that are full again; how many there were."""
        async with self._database.transaction() as connection:
            return (await connection.execute(_QUERIES["forget_idle"], {"now": now})).rowcount

    def _key(self, purpose: str, who: str, now: datetime) -> bytes:
        salt = hmac.digest(self._secret, f"puls rate {now:%Y-%m-%d}".encode(), "sha256")
        return hmac.digest(salt, f"{purpose} {who}".encode(), "sha256")


def _refuse_for(wait: timedelta, why: str) -> None:
    if wait > timedelta():
        seconds = max(1, math.ceil(wait.total_seconds()))
        raise RateLimitedError(f"{why}; try again in {seconds} s.", retry_after_seconds=seconds)


async def _wait(connection: Connection, key: bytes, per_minute: int, now: datetime) -> timedelta:
    """Zero when the request is let through, else how long to wait."""
    each = _MINUTE / per_minute
    cursor = await connection.execute(
        _QUERIES["take"], {"key": key, "now": now, "each": each, "burst": _MINUTE}
    )
    row = await cursor.fetchone()
    assert row is not None
    if row["is_allowed"]:
        return timedelta()
    # Refused by a row so new that this statement's snapshot lacks it: then the burst was spent just now.
    paid_until: datetime = row["paid_until"] or now + _MINUTE
    return max(paid_until + each - _MINUTE - now, timedelta(milliseconds=1))


def _network(address: str) -> str:
    """The address; of IPv6 its /64, which is what one household has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
