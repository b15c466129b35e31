"""Who asks: signed, scoped, revocable; and nobody can be somebody else."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scanning import traces
from tests.serving import NOW

from puls.database import Database
from puls.errors import (
    DatabaseUnavailableError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    UnauthorizedError,
)
from puls.identity.api_keys import ApiKeys
from puls.identity.erased import ErasedVisitors
from puls.identity.rate_limits import Allowance, RateLimits
from puls.identity.secret import kept_secret
from puls.identity.visitor import (
    LIFETIME,
    LONGEST_KNOWN,
    Visitor,
    VisitorTokens,
    end_of_token,
    unknown_visitor,
)

SECRET = b"a secret that nobody else has, 32"
TOKENS = VisitorTokens(SECRET)


def test_a_token_names_its_visitor_until_its_time_is_over() -> None:
    """A cookie outlives a restart; it does not live for ever."""
    visitor_id = uuid4()
    token = TOKENS.issue(visitor_id, now=NOW)
    assert TOKENS.read(token, now=NOW) == Visitor(id=visitor_id, met=NOW)
    assert VisitorTokens(SECRET).read(token, now=NOW) == Visitor(id=visitor_id, met=NOW)
    old = TOKENS.read(token, now=NOW + timedelta(days=40))
    assert old is not None
    assert old.needs_token
    assert TOKENS.read(token, now=NOW + LIFETIME + timedelta(days=1)) is None


def test_a_clock_that_went_wrong_locks_nobody_out() -> None:
    """Only we sign: a token from the future was signed by a clock that was ahead, and is renewed."""
    known = TOKENS.read(TOKENS.issue(uuid4(), now=NOW), now=NOW - timedelta(days=1))
    assert known is not None
    assert known.needs_token
    assert known.met == NOW - timedelta(days=1)


def test_renewal_comes_to_an_end() -> None:
    """A token that leaked must not open somebody's space for ever."""
    visitor_id, renewed_at = uuid4(), NOW
    for _ in range(20):
        token = TOKENS.issue(visitor_id, now=renewed_at, met=NOW)
        if TOKENS.read(token, now=renewed_at) is None:
            break
        renewed_at += timedelta(days=30)
    assert timedelta(days=365) < renewed_at - NOW <= LONGEST_KNOWN + timedelta(days=30)
    assert end_of_token(renewed_at, met=NOW) == NOW + LONGEST_KNOWN


async def test_whoever_is_erased_stays_erased_on_every_replica(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the cookie in another browser must not open a new space under the old name."""
    monkeypatch.setattr("puls.identity.erased._FRESH_SECONDS", 0.0)
    here, there = (ErasedVisitors(database, secret=SECRET) for _ in range(2))
    gone, stays = uuid4(), uuid4()
    assert not await there.hold(gone)
    await here.add(gone, now=NOW)
    assert [await one.hold(gone) for one in (here, there)] == [True, True]
    assert not await there.hold(stays)
    assert await here.forget_old(now=NOW + LONGEST_KNOWN - timedelta(days=1)) == 0
    assert await here.forget_old(now=NOW + LONGEST_KNOWN + timedelta(days=1)) == 1


async def test_what_is_kept_of_the_erased_names_nobody(
    database: Database, database_url: str
) -> None:
    """Erasing leaves a mark that only the secret can tell apart from any other."""
    gone = uuid4()
    await ErasedVisitors(database, secret=SECRET).add(gone, now=NOW)
    assert traces(database_url, [str(gone), gone.hex]) == []


@pytest.mark.parametrize("content", [b"", b"short", bytes(64), b" " * 64, b"a" * 64, b"\n" * 40])
def test_what_could_be_guessed_is_no_secret(tmp_path: Path, content: bytes) -> None:
    """With it everybody could sign as any visitor; a full disk once left such a file."""
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(InvalidInputError, match="is no secret"):
        kept_secret(tmp_path)


def test_a_secret_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    """A copy by hand, with the usual mask."""
    kept_secret(tmp_path)
    (tmp_path / "secret").chmod(0o644)
    kept_secret(tmp_path)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_token_cannot_be_changed_or_made_with_another_secret() -> None:
    """Another visitor's id in the cookie is worth nothing without the signature."""
    token = TOKENS.issue(uuid4(), now=NOW)
    version, _, met, issued, signature = token.split(".")
    assert TOKENS.read(f"{version}.{uuid4().hex}.{met}.{issued}.{signature}", now=NOW) is None
    assert VisitorTokens(b"another secret, also 32 bytes ok").read(token, now=NOW) is None


@given(st.text())
def test_no_text_passes_for_a_token(text: str) -> None:
    """Nor does any text fail to be refused."""
    assert TOKENS.read(text, now=NOW) is None


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    """A restart must not turn every visitor into a stranger."""
    home = tmp_path / "home"
    assert kept_secret(home) == kept_secret(home)
    assert len(kept_secret(home)) == 64
    assert (home / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["secret"]
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInputError, match="PULS_SECRET"):
        kept_secret(tmp_path / "file")


async def test_a_key_is_shown_once_scoped_and_revocable(
    database: Database, database_url: str
) -> None:
    """Whoever reads the database cannot act as a program."""
    keys = ApiKeys(database)
    key, written = await keys.create(name="agent", scopes=["search"], now=NOW)
    visitor = await keys.visitor(written, now=NOW)
    assert visitor.kind == "program"
    assert visitor.scopes == {"search"}
    assert (await keys.visitor(written, now=NOW)).id == visitor.id
    with pytest.raises(ForbiddenError):
        visitor.check_may("operator")
    visitor.check_may("search")
    assert (await keys.all())[0].last_used_at == NOW
    assert traces(database_url, [written, written.removeprefix(key.prefix)]) == []
    for wrong in (key.prefix, written + "x", "puls_", "puls_\ud800"):
        with pytest.raises(UnauthorizedError):
            await keys.visitor(wrong, now=NOW)
    assert (await keys.revoke(key.prefix, now=NOW)).revoked_at == NOW
    with pytest.raises(UnauthorizedError):
        await keys.visitor(written, now=NOW)
    with pytest.raises(NotFoundError):
        await keys.revoke("puls_unknown", now=NOW)
    with pytest.raises(InvalidInputError):
        await keys.create(name="x", scopes=["admin"], now=NOW)


def limits(database: Database, *, per_visitor: int = 5, per_address: int = 8) -> RateLimits:
    each = Allowance(per_visitor=per_visitor, per_address=per_address)
    return RateLimits(database, secret=SECRET, chat=each, request=each)


async def allowed(
    rate_limits: RateLimits, visitor: Visitor, times: int, address: str = "192.0.2.1"
) -> int:
    """How many of so many requests at once are let through."""

    async def one() -> bool:
        try:
            await rate_limits.check(visitor, address=address, purpose="chat", now=NOW)
        except RateLimitedError:
            return False
        return True

    return sum(await asyncio.gather(*(one() for _ in range(times))))


async def test_replicas_share_one_allowance(database: Database, database_url: str) -> None:
    """Ten replicas are not ten times the rate; requests at the same moment count, each once."""
    ada = Visitor(id=uuid4())
    async with Database.open(database_url, pool_size=4) as replica:
        passed = await asyncio.gather(
            allowed(limits(database), ada, 10), allowed(limits(replica), ada, 10)
        )
    assert sum(passed) == 5


async def test_a_refused_request_learns_when_to_come_back(database: Database) -> None:
    """`Retry-After` is a promise: then it passes, and not a second earlier."""
    ada, rate_limits = Visitor(id=uuid4()), limits(database)
    assert await allowed(rate_limits, ada, 9) == 5
    with pytest.raises(RateLimitedError) as refusal:
        await rate_limits.check(ada, address="", purpose="chat", now=NOW)
    seconds = refusal.value.retry_after_seconds
    assert seconds == 12  # five a minute
    with pytest.raises(RateLimitedError):
        await rate_limits.check(
            ada, address="", purpose="chat", now=NOW + timedelta(seconds=seconds - 1)
        )
    await rate_limits.check(ada, address="", purpose="chat", now=NOW + timedelta(seconds=seconds))


async def test_new_visitors_are_counted_by_their_address(database: Database) -> None:
    """A client that drops its cookie each time is a new visitor each time, at one address."""
    rate_limits = limits(database)
    passed = [await allowed(rate_limits, unknown_visitor(), 1) for _ in range(12)]
    assert sum(passed) == 8
    assert await allowed(rate_limits, unknown_visitor(), 1, address="198.51.100.7") == 1


async def test_a_household_of_ipv6_is_one_address(database: Database) -> None:
    """One subscriber has 2^64 addresses."""
    rate_limits = limits(database)
    addresses = [f"2001:db8:1:2::{number:x}" for number in range(1, 13)]
    passed = [
        await allowed(rate_limits, unknown_visitor(), 1, address=address) for address in addresses
    ]
    assert sum(passed) == 8


async def test_operators_are_not_counted(database: Database) -> None:
    """Whoever mends the service is not locked out of it."""
    operator = Visitor(id=uuid4(), kind="program", scopes=frozenset({"operator"}))
    assert await allowed(limits(database), operator, 30) == 30


async def test_counters_name_nobody_and_are_forgotten(
    database: Database, database_url: str
) -> None:
    """Neither the visitor's id nor the address can be read from a counter."""
    ada, rate_limits = Visitor(id=uuid4()), limits(database)
    await allowed(rate_limits, ada, 3, address="192.0.2.77")
    assert traces(database_url, [str(ada.id), ada.id.hex, "192.0.2.77"]) == []
    assert await rate_limits.forget_idle(now=NOW) == 0
    assert await rate_limits.forget_idle(now=NOW + timedelta(minutes=2)) == 2


async def test_reading_is_counted_by_the_process_while_the_database_is_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica goes on answering searches then; nobody may ask without end for all that."""
    ada = Visitor(id=uuid4())
    async with Database.open(database_url, pool_size=2) as database:
        rate_limits = limits(database)
        monkeypatch.setattr(database, "transaction", _away)
        for _ in range(5):
            await rate_limits.check(ada, address="", purpose="request", now=NOW)
        with pytest.raises(RateLimitedError):
            await rate_limits.check(ada, address="", purpose="request", now=NOW)
        await rate_limits.check(ada, address="", purpose="request", now=NOW + timedelta(minutes=1))
        with pytest.raises(DatabaseUnavailableError):
            await rate_limits.check(ada, address="", purpose="chat", now=NOW)


def _away(**_: object) -> object:
    raise DatabaseUnavailableError("PostgreSQL does not answer: a test.")
