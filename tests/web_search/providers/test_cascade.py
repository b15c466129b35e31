"""From one provider to the next: every transition, one deadline for all, and a row for each request."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog.testing
from tests.web_search.providers.servers import (
    HANGING,
    Answer,
    Asked,
    Brave,
    Searxng,
    Server,
    Tavily,
    brave_result,
    searxng_result,
    serving,
    tavily_result,
)

from puls import monitoring
from puls.costs.ledger import UsageLedger
from puls.costs.searches import SearchLedger
from puls.database import Database
from puls.llm.breaker import BreakerLimits
from puls.web_search.providers.accounts import SearchBudget
from puls.web_search.providers.brave import BraveSearch
from puls.web_search.providers.cascade import Cascade, SearchResult
from puls.web_search.providers.provider import SearchProvider
from puls.web_search.providers.searxng import SearxngSearch
from puls.web_search.providers.tavily import TavilySearch
from puls.web_search.providers.terms import AllTerms, Terms

pytestmark = [pytest.mark.database, pytest.mark.alone]

WORDS = "jazz manouche Lyon"
GOOD = {
    "searxng": Searxng([searxng_result()]).answer,
    "brave": Brave([brave_result()]).answer,
    "tavily": Tavily([tavily_result()]).answer,
}
EMPTY = {"searxng": Searxng().answer, "brave": Brave().answer, "tavily": Tavily().answer}
WIDE = Terms(
    prices=((date(2020, 1, 1), 0.0),),
    kept_minutes=0.0,
    may_be_stored=True,
    requests=1000,
    seconds=1.0,
    daily_calls=1000,
    concurrent_calls=4,
)
DEAR = replace(WIDE, prices=((date(2020, 1, 1), 0.5),))


@dataclass
class World:
    """Three servers behind a cascade; what a server answers may be changed at any time."""

    http: httpx.AsyncClient
    database: Database
    answers: dict[str, Callable[[Asked], Answer]] = field(default_factory=lambda: dict(GOOD))
    servers: dict[str, Server] = field(default_factory=dict)
    at: datetime | None = None
    monotonic: float = 0.0

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    def asked(self, name: str) -> int:
        return len(self.servers[name].asked)

    def answering(self, name: str) -> Callable[[Asked], Answer]:
        """As `answers` says at the moment of a request."""

        def answer(asked: Asked) -> Answer:
            return self.answers[name](asked)

        return answer

    def always(self, name: str, answer: Answer) -> None:
        self.answers[name] = lambda _: answer

    def one_after_another(self, name: str, *answers: Answer) -> None:
        rest: Iterator[Answer] = iter(answers)
        self.answers[name] = lambda asked: next(rest, None) or GOOD[name](asked)

    def providers(self, names: Sequence[str]) -> list[SearchProvider]:
        url = {name: server.url for name, server in self.servers.items()}
        made: dict[str, SearchProvider] = {
            "searxng": SearxngSearch(self.http, base_url=url["searxng"]),
            "brave": BraveSearch(self.http, key="BSA-key", base_url=url["brave"]),
            "tavily": TavilySearch(self.http, key="tvly-key", base_url=url["tavily"]),
        }
        return [made[name] for name in names]

    @asynccontextmanager
    async def cascade(
        self,
        *names: str,
        terms: dict[str, Terms] | None = None,
        budget: SearchBudget | None = None,
        breaker: BreakerLimits | None = None,
    ) -> AsyncIterator[Cascade]:
        names = names or ("searxng", "brave", "tavily")
        async with Cascade(
            self.providers(names),
            ledger=SearchLedger(self.database),
            terms=AllTerms(dict.fromkeys(names, WIDE) | (terms or {})),
            clock=self.now,
            budget=budget,
            breaker=breaker,
            monotonic=lambda: self.monotonic,
        ) as cascade:
            yield cascade

    async def rows(self) -> list[tuple[Any, ...]]:
        async with self.database.transaction() as connection:
            cursor = await connection.execute(
                "SELECT provider, outcome, cost_eur::float8 AS cost, results FROM web_search_call ORDER BY id"
            )
            return [tuple(row.values()) for row in await cursor.fetchall()]


@pytest.fixture
async def world(http: httpx.AsyncClient, database: Database) -> AsyncIterator[World]:
    world = World(http, database)
    async with (
        serving(world.answering("searxng")) as searxng,
        serving(world.answering("brave")) as brave,
        serving(world.answering("tavily")) as tavily,
    ):
        world.servers = {"searxng": searxng, "brave": brave, "tavily": tavily}
        yield world


async def test_the_first_that_finds_something_answers(world: World) -> None:
    """The others are not asked, and one row says what it was."""
    async with world.cascade() as cascade:
        found = await cascade.search(WORDS)
    assert cascade.names == ("searxng", "brave", "tavily")
    assert (found.provider, len(found.hits), found.failures) == ("searxng", 1, ())
    assert [world.asked(name) for name in cascade.names] == [1, 0, 0]
    assert await world.rows() == [("searxng", "answered", 0.0, 1)]


async def test_who_finds_nothing_is_followed_by_the_next(world: World) -> None:
    """One index lacks what another has; nothing found by all is an answer too."""
    world.answers |= {"searxng": EMPTY["searxng"]}
    async with world.cascade() as cascade:
        found = await cascade.search(WORDS)
        assert (found.provider, found.empty, found.failures) == ("brave", ("searxng",), ())
        world.answers |= EMPTY
        found = await cascade.search(WORDS)
    assert found.hits == ()
    assert (found.provider, found.empty) == ("searxng", ("searxng", "brave", "tavily"))
    assert not found.is_cut


NEXT: dict[str, tuple[Answer, str]] = {
    "json off": (Answer("<html></html>", 403), "format_off"),
    "refused": (Answer("", 400), "rejected"),
    "garbage": (Answer("<html></html>"), "garbage"),
    "cut": (Answer({"results": []}, cut_after=3), "unreachable"),
    "endless": (Answer(is_endless=True), "too_long"),
    "no engine": (
        Answer({"results": [], "unresponsive_engines": [["qwant", "timeout"]]}),
        "engines",
    ),
}


@pytest.mark.parametrize("name", NEXT)
async def test_what_will_not_pass_is_not_retried(world: World, name: str) -> None:
    """A second try would cost the next provider its time."""
    answer, code = NEXT[name]
    world.always("searxng", answer)
    async with world.cascade() as cascade:
        found = await cascade.search(WORDS)
    assert (found.provider, found.failures) == ("brave", (("searxng", code),))
    assert world.asked("searxng") == 1
    assert [row[:2] for row in await world.rows()] == [("searxng", code), ("brave", "answered")]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "rate_limited"), (500, "server"), (503, "server")]
)
async def test_a_429_or_5xx_is_retried_once(world: World, status: int, code: str) -> None:
    """It often passes a moment later; a second time it does not."""
    world.one_after_another("searxng", Answer("", status))
    async with world.cascade() as cascade:
        found = await cascade.search(WORDS)
        assert (found.provider, found.failures, world.asked("searxng")) == ("searxng", (), 2)
        world.always("searxng", Answer("", status))
        found = await cascade.search(WORDS)
    assert (found.provider, found.failures) == ("brave", (("searxng", code),))
    assert world.asked("searxng") == 4


async def test_a_retry_waits_as_long_as_it_is_told_if_there_is_time(world: World) -> None:
    """`Retry-After` is the provider's own word; where it does not fit, the next one is asked at once."""
    world.one_after_another("searxng", Answer("", 429, {"Retry-After": "1"}))
    async with world.cascade("searxng") as cascade:
        began = time.monotonic()
        assert (await cascade.search(WORDS)).provider == "searxng"
        assert 1.0 <= time.monotonic() - began < 1.6
    world.one_after_another("searxng", Answer("", 429, {"Retry-After": "30"}))
    async with world.cascade() as cascade:
        began = time.monotonic()
        assert (await cascade.search(WORDS)).provider == "brave"
        assert time.monotonic() - began < 0.5
        assert (await cascade.search(WORDS)).failures == (("searxng", "rate_limited"),)
    assert world.asked("searxng") == 3  # left alone while it asked to be


async def test_what_lasts_is_left_alone_for_a_while(world: World) -> None:
    """A bad key is not better a second later, and each try costs a visitor time."""
    world.answers["brave"] = Brave(key="another").answer
    async with world.cascade("brave", "tavily") as cascade:
        for _ in range(3):
            found = await cascade.search(WORDS)
            assert (found.provider, found.failures) == ("tavily", (("brave", "denied"),))
            assert "PULS_BRAVE_API_KEY" in found.failed[0].why
    assert world.asked("brave") == 1


async def test_who_fails_too_often_is_left_alone_and_tried_again(world: World) -> None:
    """The circuit breaker of one provider leaves the others as they are."""
    world.always("searxng", Answer("<html></html>"))
    limits = BreakerLimits(failures=2, window_seconds=30, pause_seconds=0.3)
    async with world.cascade("searxng", "brave", breaker=limits) as cascade:
        codes = [(await cascade.search(WORDS)).failures[0][1] for _ in range(4)]
        assert codes == ["garbage", "garbage", "circuit_open", "circuit_open"]
        assert world.asked("searxng") == 2
        await asyncio.sleep(0.35)
        world.answers["searxng"] = GOOD["searxng"]
        assert (await cascade.search(WORDS)).provider == "searxng"
        assert (await cascade.search(WORDS)).provider == "searxng"


async def test_who_had_too_little_time_is_not_blamed(world: World) -> None:
    """A provider that is asked last gets what is left, which says nothing about it."""
    world.always("searxng", HANGING)
    limits = BreakerLimits(failures=2, window_seconds=30, pause_seconds=10)
    async with world.cascade("searxng", breaker=limits) as cascade:
        for _ in range(3):
            assert (await cascade.search(WORDS, within=0.15)).failures == (("searxng", "time"),)
        for _ in range(2):
            await cascade.search(WORDS, within=0.8)
        assert (await cascade.search(WORDS)).failures == (("searxng", "circuit_open"),)


async def test_one_that_hangs_leaves_the_next_its_time(world: World) -> None:
    """At most half of what is left while others follow."""
    world.always("searxng", HANGING)
    async with world.cascade("searxng", "brave") as cascade:
        found = await cascade.search(WORDS, within=1.0)
    assert (found.provider, found.failures) == ("brave", (("searxng", "time"),))
    assert 0.45 < found.seconds < 0.8


async def test_all_that_hang_end_within_the_limit(world: World) -> None:
    """The answer goes on at most 300 ms later and says so."""
    for name in world.answers:
        world.always(name, HANGING)
    async with world.cascade() as cascade:
        began = time.monotonic()
        found = await cascade.search(WORDS, within=1.0)
        took = time.monotonic() - began
    assert took < 1.3
    assert found.is_cut
    assert not found.hits
    assert {code for _, code in found.failures} == {"time"}
    assert [row[1] for row in await world.rows()] == ["time"] * len(found.failures)


async def test_all_that_are_away_end_at_once(http: httpx.AsyncClient, database: Database) -> None:
    """Without a network nobody waits."""
    nowhere = "http://127.0.0.1:9"
    providers: list[SearchProvider] = [
        SearxngSearch(http, base_url=nowhere),
        BraveSearch(http, key="k", base_url=nowhere),
        TavilySearch(http, key="k", base_url=nowhere),
    ]
    async with Cascade(
        providers, ledger=SearchLedger(database), terms=AllTerms.load(),
        clock=lambda: datetime.now(UTC),
    ) as cascade:  # fmt: skip
        found = await cascade.search(WORDS)
    assert [code for _, code in found.failures] == ["unreachable"] * 3
    assert found.seconds < 0.5
    assert not found.is_cut


async def test_without_providers_nothing_is_asked(database: Database) -> None:
    """The feature says elsewhere that none is configured."""
    async with Cascade(
        (), ledger=SearchLedger(database), terms=AllTerms.load(), clock=lambda: datetime.now(UTC)
    ) as cascade:
        assert await cascade.search(WORDS) == SearchResult()
    assert cascade.names == ()


async def test_words_that_say_nothing_are_not_sent(world: World) -> None:
    """No request, no row."""
    async with world.cascade() as cascade:
        assert await cascade.search(" !!! — ") == SearchResult()
    assert await world.rows() == []


async def test_a_cancelled_search_stops_its_request(world: World) -> None:
    """The visitor left: the connection closes, and the row says so with what it may have cost."""
    world.always("brave", HANGING)
    async with world.cascade("brave", terms={"brave": DEAR}) as cascade:
        task = asyncio.create_task(cascade.search(WORDS))
        await _until(lambda: world.asked("brave") == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await _until(lambda: world.servers["brave"].left == 1)
    assert await world.rows() == [("brave", "left", 0.5, 0)]


async def test_only_what_a_provider_worked_on_costs(world: World) -> None:
    """Refused requests are not billed; a timeout may be."""
    world.answers["brave"] = Brave(key="another").answer
    world.always("tavily", HANGING)
    terms = {"brave": DEAR, "tavily": DEAR}
    async with world.cascade("brave", "tavily", terms=terms) as cascade:
        await cascade.search(WORDS, within=0.6)
    assert [row[:3] for row in await world.rows()] == [
        ("brave", "denied", 0.0), ("tavily", "time", 0.5),
    ]  # fmt: skip


async def test_searches_and_models_share_the_days_budget(world: World) -> None:
    """One euro a day: two searches of fifty cents, then only what is free; models see them in the same sum."""
    since = world.now() - timedelta(hours=25)
    budget = SearchBudget(daily_eur=1.0)
    async with world.cascade("brave", "searxng", terms={"brave": DEAR}, budget=budget) as cascade:
        who = [(await cascade.search(WORDS)).provider for _ in range(3)]
        assert who == ["brave", "brave", "searxng"]
        found = await cascade.search(WORDS)
        assert found.failures == (("brave", "budget"),)
    assert await UsageLedger(world.database).cost_since(since) == 1.0
    async with world.database.transaction() as connection:
        await connection.execute("DELETE FROM web_search_call")
        await connection.execute(
            "INSERT INTO model_call (at, purpose, model, outcome, attempt, tokens_in, tokens_cached,"
            " tokens_out, is_estimated, cost_eur, total_ms)"
            " VALUES (now(), 'answer', 'm', 'answered', 1, 1, 0, 1, false, 0.9, 1)"
        )
    async with world.cascade("brave", terms={"brave": DEAR}, budget=budget) as cascade:
        assert (await cascade.search(WORDS)).failures == (("brave", "budget"),)


async def test_daily_counts_hold_for_all_replicas_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cascades stand for two replicas: twenty searches at once make five requests, not one more."""
    monkeypatch.setattr(
        "puls.web_search.providers.accounts._PATIENCE_SECONDS", 20.0
    )  # a busy machine
    terms = {"searxng": replace(DEAR, daily_calls=5, concurrent_calls=20)}
    async with (
        world.cascade("searxng", terms=terms) as one,
        world.cascade("searxng", terms=terms) as two,
    ):
        found = await asyncio.gather(
            *(
                cascade.search(f"jazz {at}", within=60.0)
                for at in range(10)
                for cascade in (one, two)
            )
        )
    assert world.asked("searxng") == 5
    refused = [each.failures for each in found if not each.hits]
    assert refused == [(("searxng", "daily_limit"),)] * 15


async def test_a_cap_of_all_providers_holds_and_ends_with_the_day(world: World) -> None:
    """By the day of the operator's time zone."""
    world.at = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23 h 59 in Paris
    budget = SearchBudget(daily_calls=2)
    async with world.cascade("searxng", "brave", budget=budget) as cascade:
        assert (await cascade.search("a1")).hits
        world.always("searxng", Answer("", 400))
        found = await cascade.search("a2")
        assert found.failures == (("searxng", "rejected"), ("brave", "daily_limit"))
        world.at += timedelta(minutes=2)
        assert (await cascade.search("a3")).provider == "brave"


async def test_a_pace_is_waited_for_where_it_fits(world: World) -> None:
    """Two a second for all: the third waits, the fourth would wait too long and goes to the next provider."""
    terms = {"searxng": replace(WIDE, requests=2, seconds=0.6)}
    async with world.cascade("searxng", "brave", terms=terms) as cascade:
        began = time.monotonic()
        for at in range(3):
            assert (await cascade.search(f"jazz {at}", within=4.0)).provider == "searxng"
        assert 0.55 < time.monotonic() - began < 1.5
        assert (await cascade.search("jazz 3", within=0.6)).provider in {"searxng", "brave"}
        found = await cascade.search("jazz 4", within=0.5)
    assert (found.provider, found.failures) == ("brave", (("searxng", "pace"),))
    times = [asked.at for asked in world.servers["searxng"].asked]
    assert all(later - earlier > 0.55 for earlier, later in zip(times, times[2:], strict=False))


async def test_as_many_at_once_as_allowed(world: World) -> None:
    """The rest waits for a place within its own time."""
    world.always(
        "searxng", replace(Searxng([searxng_result()]).answer(_query()), after_seconds=0.3)
    )
    terms = {"searxng": replace(WIDE, concurrent_calls=1)}
    async with world.cascade("searxng", terms=terms) as cascade:
        found = await asyncio.gather(
            cascade.search("a1", within=2.0), cascade.search("a2", within=0.25),
        )  # fmt: skip
    assert found[0].hits
    assert found[1].failures == (("searxng", "busy"),)
    assert world.asked("searxng") == 1


async def test_without_the_ledger_only_what_is_free_is_asked(world: World) -> None:
    """Money that cannot be counted is not spent; the visitor still gets an answer."""
    async with world.database.transaction() as connection:
        await connection.execute("DROP TABLE web_search_call")
    async with world.cascade("brave", "searxng", terms={"brave": DEAR}) as cascade:
        found = await cascade.search(WORDS)
    assert (found.provider, found.failures) == ("searxng", (("brave", "budget_unknown"),))
    assert world.asked("brave") == 0


async def test_a_ledger_that_hangs_takes_half_a_second_at_most(world: World) -> None:
    """Somebody holds the lock."""
    async with world.database.transaction() as connection:
        await connection.execute("LOCK TABLE web_search_call IN ACCESS EXCLUSIVE MODE")
        async with world.cascade("searxng") as cascade:
            began = time.monotonic()
            assert (await cascade.search(WORDS)).provider == "searxng"
            assert time.monotonic() - began < 1.0


async def test_results_are_kept_as_long_as_the_terms_say(world: World) -> None:
    """Ten minutes of SearXNG's, nothing of Brave's."""
    terms = {
        "searxng": replace(WIDE, kept_minutes=10.0),
        "brave": replace(WIDE, may_be_stored=False),
    }
    async with world.cascade("searxng", "brave", terms=terms) as cascade:
        first = await cascade.search(WORDS)
        again = await cascade.search(f"  {WORDS} ")
        assert (again.is_cached, again.hits, again.may_be_stored) == (True, first.hits, True)
        assert not (await cascade.search(WORDS, language="en")).is_cached
        world.monotonic += 599.0
        assert (await cascade.search(WORDS)).is_cached
        world.monotonic += 2.0
        assert not (await cascade.search(WORDS)).is_cached
    world.always("searxng", Answer("", 400))
    async with world.cascade("searxng", "brave", terms=terms) as cascade:
        for _ in range(2):
            found = await cascade.search(WORDS)
            assert (found.provider, found.is_cached, found.may_be_stored) == ("brave", False, False)
    assert world.asked("brave") == 2


async def test_no_word_of_a_search_is_logged_or_kept_in_a_row(world: World) -> None:
    """A wish says much of a visitor."""
    world.always("searxng", Answer("<html>jazz</html>"))
    with structlog.testing.capture_logs() as logs:
        async with world.cascade("searxng", "brave") as cascade:
            await cascade.search(WORDS, place="Villeurbanne")
    assert logs
    for line in [*map(str, logs), str(await world.rows())]:
        assert not {"jazz", "manouche", "Lyon", "Villeurbanne", "salle.example"} & set(
            line.split("'")
        )
        assert "jazz" not in line
    assert logs[-1]["failed"]["searxng"].startswith("garbage: ")


async def test_outcomes_are_counted_by_provider(world: World) -> None:
    """What an operator sees at /metrics."""

    def counted(provider: str, outcome: str) -> float:
        labels = {"provider": provider, "outcome": outcome}
        return monitoring.REGISTRY.get_sample_value("puls_web_searches_total", labels) or 0.0

    before = counted("searxng", "garbage"), counted("brave", "answered")
    world.always("searxng", Answer("<html></html>"))
    async with world.cascade("searxng", "brave") as cascade:
        await cascade.search(WORDS)
    assert (counted("searxng", "garbage"), counted("brave", "answered")) == (
        before[0] + 1, before[1] + 1,
    )  # fmt: skip


async def test_operators_see_what_each_provider_did(world: World) -> None:
    """Calls, answers, results, euros and times."""
    world.one_after_another("brave", Answer("", 500))
    async with world.cascade("brave", terms={"brave": DEAR}) as cascade:
        await cascade.search(WORDS, purpose="warm")
    (row,) = await SearchLedger(world.database).by_provider(
        since=world.now() - timedelta(hours=1), until=world.now() + timedelta(hours=1)
    )
    assert dict(row) | {"ms": None} == {
        "provider": "brave", "purpose": "warm", "calls": 2, "answered": 1, "results": 1,
        "cost_eur": 0.5, "ms": None,
    }  # fmt: skip


async def _until(happened: Callable[[], bool]) -> None:
    for _ in range(200):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within two seconds")


def _query() -> Asked:
    return Asked("GET", "/search", {"q": "jazz", "format": "json"}, {}, b"", 0.0)
