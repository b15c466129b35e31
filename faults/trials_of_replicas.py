"""A primary and its replica under a served Puls: killed in mid-traffic and promoted, away, late, stopped."""

import asyncio
import contextlib
import json
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from tests.replication import Pair, a_pair

from faults.serving import Served, check, serving

_CHATTERS, _SEARCHERS = 4, 4
_AROUND_SECONDS = 6.0  # of traffic before and after
_SERVED_AGAIN_SECONDS = 60.0
_DEAD_SECONDS = 2.0  # until whoever watches the primary decides to promote
_SAID = ("concert ce week-end à Lyon", "expo à Paris samedi", "marché de Noël à Lille", "jazz")


@dataclass
class Traffic:
    """Visitors who repeat a message, with its request id, until it is answered."""

    base: str
    answered: list[str] = field(default_factory=list)
    chats_failed: Counter[str] = field(default_factory=Counter)  # failures by request id
    searches: int = 0
    search_failures: list[str] = field(default_factory=list)
    why: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    ends: bool = False

    async def chat(self, client: httpx.AsyncClient, number: int) -> None:
        turn = number
        while not self.ends:
            await self._one_turn(client, str(uuid4()), _SAID[turn % len(_SAID)])
            turn += 1

    async def _one_turn(self, client: httpx.AsyncClient, request_id: str, said: str) -> None:
        began = time.monotonic()
        while time.monotonic() < began + _SERVED_AGAIN_SECONDS:
            try:
                answer = await client.post(
                    "/v1/chat", json={"text": said, "request_id": request_id}
                )
                if answer.status_code == 200 and "event: done" in answer.text:
                    self.answered.append(request_id)
                    self.longest = max(self.longest, time.monotonic() - began)
                    return
                why = f"chat {answer.status_code} {_code_of(answer)}"
            except httpx.HTTPError as error:
                why = f"chat {type(error).__name__}"
            self.chats_failed[request_id] += 1
            self.why[why] += 1
            await asyncio.sleep(0.25)

    async def search(self, client: httpx.AsyncClient, number: int) -> None:
        while not self.ends:
            said = _SAID[number % len(_SAID)]
            number += 1
            try:
                answer = await client.get("/v1/search", params={"q": said})
                why = None if answer.is_success else f"{answer.status_code} {_code_of(answer)}"
            except httpx.HTTPError as error:
                why = type(error).__name__
            self.searches += 1
            if why is not None:
                self.search_failures.append(why)
                self.why[f"search {why}"] += 1
            await asyncio.sleep(0.1)


def _code_of(answer: httpx.Response) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(answer.json()["code"])
    return answer.text[-120:] if answer.is_success else ""


@contextlib.asynccontextmanager
async def traffic_at(base: str) -> AsyncIterator[Traffic]:
    """Visitors, each with a cookie of its own, until the block ends; the turns under way are ended."""
    traffic = Traffic(base)
    async with contextlib.AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=30))
            for _ in range(_CHATTERS + _SEARCHERS)
        ]
        visits = [
            asyncio.create_task(
                (traffic.chat if number < _CHATTERS else traffic.search)(client, number)
            )
            for number, client in enumerate(clients)
        ]
        try:
            yield traffic
        finally:
            traffic.ends = True
            await asyncio.gather(*visits)


@contextlib.contextmanager
def over_a_pair(**settings: str) -> Iterator[tuple[Pair, Served]]:
    """A served Puls with the sample, whose searches go to the replica."""
    with a_pair() as pair, tempfile.TemporaryDirectory() as home:
        given = {
            "PULS_DATABASE_URL": pair.url,
            "PULS_DATABASE_REPLICA_URL": pair.replica.url,
            "PULS_SECRET": "0123456789abcdef" * 4,
            "PULS_METRICS_OPEN": "true",
        }
        with serving(Path(home), **given | settings) as served:
            served.an_event()
            yield pair, served


def _turns(pair: Pair) -> list[str]:
    with psycopg.connect(pair.url) as connection:
        return [str(row[0]) for row in connection.execute("SELECT request_id FROM turn")]


async def _fail_over(pair: Pair, served: Served) -> tuple[Traffic, float]:
    async with traffic_at(served.base) as traffic:
        await asyncio.sleep(_AROUND_SECONDS)
        check(traffic.answered and not traffic.why, f"not served before: {dict(traffic.why)}")
        told = len(traffic.answered)
        await asyncio.to_thread(pair.primary.kill)
        died = time.monotonic()
        await asyncio.sleep(_DEAD_SECONDS)
        pair.replica.tell("ALTER SYSTEM SET synchronous_standby_names = ''")
        await asyncio.to_thread(pair.replica.promote)
        while len(traffic.answered) <= told + _CHATTERS:
            check(time.monotonic() < died + _SERVED_AGAIN_SECONDS, "no chat was served again")
            await asyncio.sleep(0.05)
        again = time.monotonic() - died
        await asyncio.sleep(_AROUND_SECONDS)
    return traffic, again


def the_primary_dies_in_mid_traffic() -> str:
    """kill -9 of the whole primary, the replica promoted two seconds later, by hand as an operator's tool does it."""
    with over_a_pair() as (pair, served):
        pair.wait_for_both()
        traffic, again = asyncio.run(_fail_over(pair, served))
        kept = Counter(_turns(pair))
        lost = [one for one in traffic.answered if one not in kept]
        doubled = [one for one, times in kept.items() if times > 1]
        unserved = set(traffic.chats_failed) - set(traffic.answered)
        said = json.dumps(
            {
                "answered": len(traffic.answered),
                "messages_that_heard_a_failure": len(traffic.chats_failed),
                "in_flight": _CHATTERS,
                "searches": traffic.searches,
                "searches_failed": len(traffic.search_failures),
                "lost": len(lost),
                "doubled": len(doubled),
                "never_served": len(unserved),
                "chats_again_after_s": round(again, 1),
                "longest_message_s": round(traffic.longest, 1),
                "heard": dict(traffic.why),
            }
        )
    check(len(traffic.chats_failed) <= _CHATTERS, f"more failed than were in flight: {said}")
    check(not traffic.search_failures, f"a search failed: {said}")
    check(not lost and not doubled and not unserved, f"lost, doubled or never served: {said}")
    return said


async def _searches_while(
    base: str, harm: Callable[[], None], seconds: float
) -> tuple[Traffic, float]:
    traffic, slowest = Traffic(base), 0.0
    async with httpx.AsyncClient(base_url=base, timeout=30) as client:
        harm()
        ends, turn = time.monotonic() + seconds, 0
        while time.monotonic() < ends:
            began = time.monotonic()
            answer = await client.get("/v1/search", params={"q": _SAID[turn % len(_SAID)]})
            slowest = max(slowest, time.monotonic() - began)
            turn += 1
            traffic.searches += 1
            if not answer.is_success:
                traffic.search_failures.append(f"{answer.status_code} {_code_of(answer)}")
            await asyncio.sleep(0.05)
    return traffic, slowest


def _without(harm: Callable[[Pair], None], *, left: str, seconds: float = 14.0) -> str:
    """Searches go on while something happens to the replica, and the log says why it was left."""
    with over_a_pair(PULS_DATABASE_REPLICA_LAG_SECONDS="3") as (pair, served):
        traffic, slowest = asyncio.run(_searches_while(served.base, lambda: harm(pair), seconds))
        log = served.said()
    said = f"{traffic.searches} searches, {len(traffic.search_failures)} failed, slowest {slowest:.2f} s"
    check(not traffic.search_failures, f"{said}: {traffic.search_failures[:3]}")
    check("replica.left" in log and left in log, f"{said}; the log does not say {left!r}")
    check(slowest < 10, f"{said}")
    return f"{said}; left as {left!r}"


def _late(pair: Pair) -> None:
    pair.replica.tell("SELECT pg_wal_replay_pause()")
    pair.primary.tell("CREATE TABLE late (one int)")


TRIALS: dict[str, Callable[[], str]] = {
    "fail-over": the_primary_dies_in_mid_traffic,
    "replica-away": lambda: _without(lambda pair: pair.replica.kill(), left="away"),
    "replica-late": lambda: _without(_late, left="lagging"),
    "replica-stopped": lambda: _without(
        lambda pair: pair.replica.signal(signal.SIGSTOP), left="away"
    ),
}
