"""One request to a stranger's server, with manners: left alone, robots.txt, pace, and what a refusal asks of Puls.

Every request for a page goes through `Visits.answer`, hops of redirects too. A robots.txt is asked for at most once a
day and is not counted against its host's pace.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn
from weakref import WeakValueDictionary

import httpcore2
import structlog

from puls.outside.addresses import RefusedAddressError, WebAddress, web_address
from puls.outside.challenges import challenge_in, challenger
from puls.outside.charsets import text_of
from puls.outside.dialing import UnsafeAddressError
from puls.outside.exchange import Answer, AnswerError, Exchanges
from puls.outside.manners import HostPace, LeftAlone, Pace, PageStore, RobotsRead
from puls.outside.page import FetchError, FetchFailure
from puls.outside.replies import ReplyError
from puls.outside.robots import LONGEST_ROBOTS, Rules, rules_from

log = structlog.get_logger()

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_STARTS_BYTES: Final = 64 * 2**10  # of an answer that is not read, for the marks of a challenge
_OK, _TOO_MANY, _BROKEN, _UNAVAILABLE = 200, 429, 500, 503
_BY_STATUS: Final = {
    401: FetchFailure.FORBIDDEN,
    403: FetchFailure.FORBIDDEN,
    404: FetchFailure.NOT_FOUND,
    407: FetchFailure.FORBIDDEN,
    410: FetchFailure.GONE,
    429: FetchFailure.TOO_MANY,
    451: FetchFailure.FORBIDDEN,
}
_LONGEST_REST = timedelta(hours=24)
_RULES_AT_HAND = 64  # sites whose robots.txt stays read


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What reading an address may take."""

    most_bytes: int = 2 * 2**20  # before and after unpacking
    connect_seconds: float = 1.5  # with resolving; less than robots_seconds
    redirects: int = 3
    robots_seconds: float = 2.0
    robots_held: timedelta = timedelta(hours=24)
    robots_failure_held: timedelta = timedelta(minutes=10)
    challenge_rest: timedelta = timedelta(hours=24)
    too_many_rest: timedelta = timedelta(minutes=1)  # when no Retry-After says otherwise
    connections: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Who Puls says it is, and how often it asks. `user_agent` is `Name/version (+URL)`; robots.txt knows the name.

    `of_host` is for hosts an operator chose: their own pace, whatever Crawl-delay says.
    """

    user_agent: str
    pace: HostPace = field(default_factory=HostPace)
    of_host: Mapping[str, HostPace] = field(default_factory=dict)

    @property
    def robot(self) -> str:
        """The name at the head of the User-Agent."""
        return self.user_agent.partition("/")[0].strip()


class Turns:
    """One at a time, by name; a name is remembered as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, what: str) -> asyncio.Lock:
        """The lock of this name."""
        return self._locks.setdefault(what, asyncio.Lock())


class Visits:
    """Requests to hosts that did not ask for any. `clock` gives the aware moment; deadlines are the loop's seconds."""

    def __init__(
        self,
        exchanges: Exchanges,
        *,
        store: PageStore,
        pace: Pace,
        manners: Manners,
        limits: FetchLimits,
        clock: Callable[[], datetime],
    ) -> None:
        self._exchanges = exchanges
        self._store = store
        self._pace = pace
        self._manners = manners
        self._limits = limits
        self._clock = clock
        self._turns = Turns()
        self._rules_at_hand: OrderedDict[str, tuple[str, Rules]] = OrderedDict()

    @contextlib.asynccontextmanager
    async def answer(
        self, address: WebAddress, *, accept: str, deadline: float, is_paid: bool
    ) -> AsyncIterator[Answer]:
        """An open answer, with any status; `is_paid`: the request before was to the same host and led here.

        Raises:
            FetchError: the host is left alone, its robots.txt forbids it, there is no time for its pace, the guard
                refuses, or nothing that can be read answers.
        """
        await self._unless_left_alone(address)
        rules = await self._rules(address, deadline)
        if not rules.allow(address.url):
            raise FetchError(FetchFailure.ROBOTS, address.url, "its robots.txt forbids it")
        if not is_paid:
            await self._wait_for_pace(address, rules, deadline)
        async with self._asked(address, accept) as answer:
            yield answer

    async def next(self, answer: Answer, address: WebAddress) -> WebAddress:
        """Where a redirect leads, judged as the first address was.

        Raises:
            FetchError: nowhere, where Puls does not go, or to a challenge.
        """
        location = answer.headers.get("location", "")
        with contextlib.suppress(
            UnicodeError
        ):  # headers come as Latin-1; addresses in them are UTF-8
            location = location.encode("latin-1").decode("utf-8")
        if not location.strip():
            raise FetchError(FetchFailure.REDIRECTS, address.url, "it redirects to nowhere")
        try:
            target = web_address(location, base=address)
        except RefusedAddressError as refused:
            why = f"it redirects to where Puls does not go: {refused}"
            raise FetchError(FetchFailure.REFUSED_ADDRESS, address.url, why) from refused
        if maker := challenger(target.host):
            await self._leave_alone_for_challenge(address, maker)
        return target

    async def refuse(self, answer: Answer, address: WebAddress) -> NoReturn:
        """Say why an answer without a page is none, and leave its host alone where it asks for that.

        Raises:
            FetchError: always.
        """
        start = (await answer.start(_STARTS_BYTES)).decode("utf-8", "replace")
        await self.unless_challenge(answer, address, start)
        failure = _BY_STATUS.get(answer.status, FetchFailure.SERVER)
        said = answer.headers.get("retry-after", "")
        if answer.status == _TOO_MANY or (answer.status == _UNAVAILABLE and said):
            now = self._clock()
            asked_for = _rest_of(said, now)
            rest = (
                self._limits.too_many_rest if asked_for is None else min(asked_for, _LONGEST_REST)
            )
            left = LeftAlone(until=now + rest, failure=failure, why="it asked for that")
            await self._store.leave_alone(address.host, left)
        raise FetchError(failure, address.url, f"HTTP {answer.status}")

    async def unless_challenge(self, answer: Answer, address: WebAddress, text: str) -> None:
        """Go on unless this answer asks for a human; then its host is left alone.

        Raises:
            FetchError: it does.
        """
        if maker := challenge_in(answer.status, answer.headers, text[:_STARTS_BYTES]):
            await self._leave_alone_for_challenge(address, maker)

    async def _leave_alone_for_challenge(self, address: WebAddress, maker: str) -> NoReturn:
        until = self._clock() + self._limits.challenge_rest
        rest = LeftAlone(until=until, failure=FetchFailure.CHALLENGE, why=f"challenge ({maker})")
        await self._store.leave_alone(address.host, rest)
        log.info("page.challenge", host=address.host, maker=maker)
        raise FetchError(FetchFailure.CHALLENGE, address.url, rest.why)

    async def _unless_left_alone(self, address: WebAddress) -> None:
        rest = await self._store.left_alone(address.host, now=self._clock())
        if rest is not None:
            why = f"its host is left alone until {rest.until:%Y-%m-%d %H:%M %Z}: {rest.why}"
            raise FetchError(rest.failure, address.url, why)

    async def _wait_for_pace(self, address: WebAddress, rules: Rules, deadline: float) -> None:
        pace = self._manners.of_host.get(address.host) or rules.pace(self._manners.pace)
        left = _left(deadline)
        wait = await self._pace.take(address.host, pace=pace, within=left)
        if wait > left:
            raise FetchError(FetchFailure.PACE, address.url, f"its host is free in {wait:.0f} s")
        if wait > 0:
            await asyncio.sleep(wait)
            await self._unless_left_alone(address)

    @contextlib.asynccontextmanager
    async def _asked(self, address: WebAddress, accept: str) -> AsyncIterator[Answer]:
        """An open answer; what can go wrong on the way there, as a `FetchError`."""
        seconds = self._limits.connect_seconds
        try:
            async with self._exchanges.get(address, accept=accept, seconds=seconds) as answer:
                yield answer
        except UnsafeAddressError as refused:
            raise FetchError(FetchFailure.REFUSED_ADDRESS, address.url, str(refused)) from refused
        except ReplyError as error:
            raise FetchError(FetchFailure.TOO_LONG, address.url, str(error)) from error
        except AnswerError as error:
            raise FetchError(FetchFailure.SERVER, address.url, str(error)) from error
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise FetchError(FetchFailure.UNREACHABLE, address.url, str(error)) from error
        except httpcore2.TimeoutException as error:
            raise FetchError(FetchFailure.TIME, address.url) from error

    # -- robots.txt --------------------------------------------------------------------------------------------------

    async def _rules(self, address: WebAddress, deadline: float) -> Rules:
        async with self._turns.of(address.origin):
            read = await self._store.robots(address.origin, now=self._clock())
            if read is None:
                read = await self._robots_read(address, deadline)
                await self._store.keep_robots(address.origin, read)
            if read.failure is not None:
                raise FetchError(read.failure, address.url, "its robots.txt cannot be read for now")
            return await self._rules_of(address.origin, read.text)

    async def _rules_of(self, origin: str, text: str) -> Rules:
        at_hand = self._rules_at_hand.get(origin)
        if at_hand is None or at_hand[0] != text:
            at_hand = text, await asyncio.to_thread(rules_from, text, robot=self._manners.robot)
            self._rules_at_hand[origin] = at_hand
            if len(self._rules_at_hand) > _RULES_AT_HAND:
                self._rules_at_hand.popitem(last=False)
        return at_hand[1]

    async def _robots_read(self, address: WebAddress, deadline: float) -> RobotsRead:
        seconds = min(self._limits.robots_seconds, _left(deadline))
        text, failure = "", None
        try:
            async with asyncio.timeout(seconds):
                text = await self._robots_text(web_address("/robots.txt", base=address))
        except TimeoutError:
            if seconds < self._limits.robots_seconds / 2:
                raise  # whoever asked had no time; that says nothing of the site
            failure = FetchFailure.ROBOTS
        except FetchError as error:
            if error.failure in {FetchFailure.CHALLENGE, FetchFailure.REFUSED_ADDRESS}:
                raise
            is_its_own = error.failure is FetchFailure.UNREACHABLE
            failure = error.failure if is_its_own else FetchFailure.ROBOTS
        held = self._limits.robots_held if failure is None else self._limits.robots_failure_held
        return RobotsRead(text=text, until=self._clock() + held, failure=failure)

    async def _robots_text(self, address: WebAddress) -> str:
        """What the file says; empty when there is none, or too many redirects before it (RFC 9309)."""
        for _ in range(self._limits.redirects + 1):
            await self._unless_left_alone(address)
            async with self._asked(address, "robots") as answer:
                if answer.status == _OK:
                    raw = await answer.start(LONGEST_ROBOTS)
                    return await asyncio.to_thread(text_of, raw, answer.charset)
                if answer.status in REDIRECTS:
                    address = await self.next(answer, address)
                    continue
                if answer.status < _BROKEN and answer.status != _TOO_MANY:
                    start = (await answer.start(_STARTS_BYTES)).decode("utf-8", "replace")
                    await self.unless_challenge(answer, address, start)
                    return ""
                await self.refuse(answer, address)
        return ""


def _left(deadline: float) -> float:
    return max(0.001, deadline - asyncio.get_running_loop().time())


def _rest_of(retry_after: str, now: datetime) -> timedelta | None:
    """What a Retry-After asks for: seconds or a date."""
    said = retry_after.strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(), moment - now) if moment.tzinfo else None
