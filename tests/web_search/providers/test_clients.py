"""Each provider by its protocol: what is sent, what is read, and a typed reason for every failure."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.web_search.providers.servers import (
    HANGING,
    Answer,
    Asked,
    Brave,
    Searxng,
    Tavily,
    brave_result,
    searxng_result,
    serving,
    tavily_result,
)

from puls.web_search.providers.brave import BraveSearch, rest_of
from puls.web_search.providers.ddgs import DdgsSearch, is_installed
from puls.web_search.providers.ddgs import hits_from as ddgs_hits
from puls.web_search.providers.provider import ProviderError, ProviderFault, SearchProvider
from puls.web_search.providers.searxng import SearxngSearch
from puls.web_search.providers.tavily import TavilySearch
from puls.web_search.values import Hit

pytestmark = pytest.mark.alone

Make = Callable[[httpx.AsyncClient, str], SearchProvider]
MAKERS: dict[str, Make] = {
    "searxng": lambda http, url: SearxngSearch(http, base_url=url),
    "brave": lambda http, url: BraveSearch(http, key="BSA-key", base_url=url),
    "tavily": lambda http, url: TavilySearch(http, key="tvly-key", base_url=url),
}


async def ask(
    provider: SearchProvider, words: str = "jazz Lyon", **changes: Any
) -> tuple[Hit, ...]:
    options: dict[str, Any] = {
        "language": "fr", "place": None, "limit": 10, "within": 2.0, "freshness": None,
    }  # fmt: skip
    return await provider.search(words, **options | changes)


async def fault_of(provider: SearchProvider, **changes: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await ask(provider, **changes)
    assert "jazz" not in str(caught.value)
    assert "instructions" not in str(caught.value)
    return caught.value


async def test_searxng_is_asked_for_json_and_gives_hits(http: httpx.AsyncClient) -> None:
    """Every parameter of its API that matters, and a limit for its engines below ours."""
    instance = Searxng(results=[searxng_result(publishedDate="2026-11-20T08:00:00+01:00")])
    async with serving(instance.answer) as server:
        (hit,) = await ask(
            SearxngSearch(http, base_url=f"{server.url}/"), place="Lyon", freshness="week"
        )
    (asked,) = server.asked
    assert asked.params == {
        "q": "jazz Lyon", "format": "json", "language": "fr", "safesearch": "1",
        "timeout_limit": "1.75", "time_range": "week",
    }  # fmt: skip
    assert asked.headers["accept-encoding"] == "gzip"
    assert hit.published_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert (hit.provider, hit.title, hit.text) == (
        "searxng", "Concert 1", "Samedi 28 novembre à 20 h 30.",
    )  # fmt: skip


async def test_searxng_in_a_hurry_is_not_made_to_ban_its_engines(http: httpx.AsyncClient) -> None:
    """It leaves an engine out for seconds that misses a limit of ours."""
    async with serving(Searxng([searxng_result()]).answer) as server:
        await ask(SearxngSearch(http, base_url=server.url), within=0.75)
    assert "timeout_limit" not in server.asked[0].params


async def test_a_searxng_without_json_says_how_to_enable_it(http: httpx.AsyncClient) -> None:
    """As it comes, SearXNG gives HTML alone: the commonest trouble of those who set it up."""
    async with serving(Searxng(gives_json=False).answer) as server:
        error = await fault_of(SearxngSearch(http, base_url=server.url))
    assert error.fault is ProviderFault.FORMAT_OFF
    assert "formats: [html, json]" in str(error)


async def test_the_limiter_of_searxng_is_explained(http: httpx.AsyncClient) -> None:
    """It lets programs ask four times an hour; an operator has to name Puls."""
    async with serving(Searxng(limits=True).answer) as server:
        error = await fault_of(SearxngSearch(http, base_url=server.url))
    assert error.fault is ProviderFault.RATE_LIMITED
    assert "pass_ip" in str(error)


async def test_engines_that_are_silent_matter_only_when_nothing_was_found(
    http: httpx.AsyncClient,
) -> None:
    """« Nothing found » and « nobody could be asked » are two things."""
    silent = [("duckduckgo", "timeout"), ("qwant", "access denied")]
    async with serving(Searxng(unresponsive=silent).answer) as server:
        error = await fault_of(SearxngSearch(http, base_url=server.url))
    assert error.fault is ProviderFault.ENGINES
    assert "duckduckgo (timeout), qwant (access denied)" in str(error)
    async with serving(Searxng([searxng_result()], unresponsive=silent).answer) as server:
        assert len(await ask(SearxngSearch(http, base_url=server.url))) == 1
    async with serving(Searxng().answer) as server:
        assert await ask(SearxngSearch(http, base_url=server.url)) == ()


async def test_brave_is_asked_in_french_for_france(http: httpx.AsyncClient) -> None:
    """Its parameters, its header, and its markup made plain."""
    async with serving(Brave([brave_result(), brave_result(2)]).answer) as server:
        found = await ask(
            BraveSearch(http, key="BSA-key", base_url=server.url), limit=50, freshness="week"
        )
    (asked,) = server.asked
    assert asked.params == {
        "q": "jazz Lyon", "count": "20", "country": "FR", "search_lang": "fr", "ui_lang": "fr-FR",
        "safesearch": "moderate", "freshness": "pw",
    }  # fmt: skip
    assert [hit.url[-1] for hit in found] == ["1", "2"]
    assert found[0].text == "Samedi 28 novembre 'à 20 h 30'"
    assert found[0].published_at == datetime(2026, 11, 25, 10, tzinfo=UTC)


async def test_brave_without_web_results_found_nothing(http: httpx.AsyncClient) -> None:
    """It leaves `web` out then."""
    async with serving(Brave().answer) as server:
        assert await ask(BraveSearch(http, key="BSA-key", base_url=server.url)) == ()


async def test_a_bad_key_of_brave_is_a_422_and_told_as_a_key(http: httpx.AsyncClient) -> None:
    """The status says « malformed »; only the code says that the key is meant."""
    async with serving(Brave().answer) as server:
        error = await fault_of(BraveSearch(http, key="other", base_url=server.url))
    assert error.fault is ProviderFault.DENIED
    assert "PULS_BRAVE_API_KEY" in str(error)


async def test_brave_tells_a_spent_second_from_a_spent_month(http: httpx.AsyncClient) -> None:
    """One passes in a second, the other when somebody pays."""
    async with serving(Brave(a_second=0).answer) as server:
        error = await fault_of(BraveSearch(http, key="BSA-key", base_url=server.url))
    assert (error.fault, error.retry_after_seconds) == (ProviderFault.RATE_LIMITED, 1.0)
    async with serving(Brave(a_month=0).answer) as server:
        error = await fault_of(BraveSearch(http, key="BSA-key", base_url=server.url))
    assert (error.fault, error.retry_after_seconds) == (ProviderFault.QUOTA, 1_419_704.0)


async def test_brave_is_not_asked_again_before_its_headers_allow(http: httpx.AsyncClient) -> None:
    """A request that will be refused is not sent; only successful ones are billed, but all count against the pace."""
    now = [100.0]
    async with serving(Brave([brave_result()], a_second=1).answer) as server:
        brave = BraveSearch(http, key="BSA-key", base_url=server.url, clock=lambda: now[0])
        assert len(await ask(brave)) == 1
        error = await fault_of(brave)
        assert (error.fault, error.retry_after_seconds) == (ProviderFault.RATE_LIMITED, 1.0)
        assert len(server.asked) == 1
        now[0] += 1.0
        with pytest.raises(ProviderError):  # its own second is not over
            await ask(brave)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        ({}, (0.0, False)),
        ({"x-ratelimit-remaining": "1, 900", "x-ratelimit-reset": "1, 9"}, (0.0, False)),
        ({"x-ratelimit-remaining": "0, 900", "x-ratelimit-reset": "1, 9"}, (1.0, False)),
        (
            {
                "x-ratelimit-policy": "1;w=1, 15000;w=2592000",
                "x-ratelimit-remaining": "0, 0",
                "x-ratelimit-reset": "1, 900",
            },
            (900.0, True),
        ),
        ({"x-ratelimit-remaining": "zero", "x-ratelimit-reset": "-1"}, (0.0, False)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 30}, (0.0, False)),
    ],
)
def test_headers_of_brave_say_how_long_to_rest(
    headers: dict[str, str], rest: tuple[float, bool]
) -> None:
    """Windows are told apart by their length; what cannot be read says nothing."""
    assert rest_of(headers) == rest


async def test_tavily_is_asked_for_a_basic_search_and_nothing_more(http: httpx.AsyncClient) -> None:
    """One credit: no answer, no raw content, no images."""
    async with serving(Tavily([tavily_result()]).answer) as server:
        (hit,) = await ask(
            TavilySearch(http, key="tvly-key", base_url=server.url), limit=3, freshness="week"
        )
    (asked,) = server.asked
    assert asked.json == {
        "query": "jazz Lyon", "search_depth": "basic", "topic": "general", "max_results": 3,
        "include_answer": False, "include_raw_content": False, "include_images": False,
        "country": "france", "time_range": "week",
    }  # fmt: skip
    assert hit.provider == "tavily"


@pytest.mark.parametrize(
    ("status", "fault", "wait"),
    [
        (403, ProviderFault.DENIED, None),
        (429, ProviderFault.RATE_LIMITED, 7.0),
        (432, ProviderFault.QUOTA, None),
        (433, ProviderFault.QUOTA, None),
        (500, ProviderFault.SERVER, None),
        (400, ProviderFault.REJECTED, None),
    ],
)
async def test_tavily_refuses_by_its_statuses(
    http: httpx.AsyncClient, status: int, fault: ProviderFault, wait: float | None
) -> None:
    """Its sentences stay out of ours."""
    async with serving(Tavily(refuses=status).answer) as server:
        error = await fault_of(TavilySearch(http, key="tvly-key", base_url=server.url))
    assert (error.fault, error.retry_after_seconds) == (fault, wait)


async def test_a_bad_key_of_tavily_is_told(http: httpx.AsyncClient) -> None:
    """An operator looks at one setting."""
    async with serving(Tavily().answer) as server:
        error = await fault_of(TavilySearch(http, key="other", base_url=server.url))
    assert error.fault is ProviderFault.DENIED
    assert "PULS_TAVILY_API_KEY" in str(error)


async def test_tavily_without_a_key_reads_the_other_envelope(http: httpx.AsyncClient) -> None:
    """Its keyless mode says in the body how long to wait."""
    async with serving(Tavily([tavily_result()], keyless_left=1).answer) as server:
        tavily = TavilySearch(http, key=None, base_url=server.url)
        assert len(await ask(tavily)) == 1
        error = await fault_of(tavily)
    assert "authorization" not in server.asked[0].headers
    assert (error.fault, error.retry_after_seconds) == (ProviderFault.RATE_LIMITED, 1800.0)
    assert "keyless_limit_reached" in str(error)


BROKEN: dict[str, tuple[Answer, ProviderFault]] = {
    "a page": (Answer("<html>maintenance</html>"), ProviderFault.GARBAGE),
    "a list": (Answer([1, 2]), ProviderFault.GARBAGE),
    "results that are a word": (
        Answer({"results": "x", "web": {"results": "x"}}),
        ProviderFault.GARBAGE,
    ),
    "nested too deep": (Answer("[" * 5000 + "]" * 5000), ProviderFault.GARBAGE),
    "cut": (Answer({"results": []}, cut_after=5), ProviderFault.UNREACHABLE),
    "nothing by 204": (Answer("", 204), ProviderFault.GARBAGE),
    "moved": (
        Answer("", 302, {"Location": "http://169.254.169.254/"}),
        ProviderFault.REJECTED,
    ),
    "away": (Answer("", 503, {"Retry-After": "3"}), ProviderFault.SERVER),
    "broken": (Answer("oops", 500), ProviderFault.SERVER),
    "too many": (Answer("", 429), ProviderFault.RATE_LIMITED),
    "unknown key": (Answer({"error": "x"}, 401), ProviderFault.DENIED),
    "not found": (Answer("", 404), ProviderFault.REJECTED),
    "silent": (HANGING, ProviderFault.TIME),
    "drips": (Answer(" " * 500, drips=True), ProviderFault.TIME),
    "endless": (Answer(is_endless=True), ProviderFault.TOO_LONG),
    "two lengths": (
        Answer("{}", 200, {"Content-Length": "3000000"}),
        ProviderFault.UNREACHABLE,
    ),
    "a bomb": (
        Answer(gzip.compress(b" " * 2**24), 200, {"Content-Encoding": "gzip"}),
        ProviderFault.TOO_LONG,
    ),
    "packed otherwise": (Answer(b"xx", 200, {"Content-Encoding": "br"}), ProviderFault.TOO_LONG),
    "an endless error": (Answer(status=500, is_endless=True), ProviderFault.SERVER),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("provider", MAKERS)
async def test_whatever_comes_is_a_typed_failure_in_time(
    http: httpx.AsyncClient, provider: str, name: str
) -> None:
    """A provider may be replaced by anything: a captive portal, a proxy's page, an attacker."""
    answer, fault = BROKEN[name]
    async with serving(lambda _: answer) as server:
        began = time.monotonic()
        error = await fault_of(MAKERS[provider](http, server.url), within=0.4)
        assert time.monotonic() - began < 0.7
    assert error.fault is fault


@pytest.mark.parametrize("provider", MAKERS)
async def test_nobody_there_is_a_typed_failure(http: httpx.AsyncClient, provider: str) -> None:
    """Port 9 is closed."""
    error = await fault_of(MAKERS[provider](http, "http://127.0.0.1:9"))
    assert error.fault is ProviderFault.UNREACHABLE


@pytest.mark.parametrize("provider", MAKERS)
async def test_an_error_that_is_garbage_is_still_told_by_its_status(
    http: httpx.AsyncClient, provider: str
) -> None:
    """Error bodies are optional reading, whatever stands in them."""
    strange: list[Any] = [{"error": 3}, {"error": {"code": "x y"}}, {"detail": None}, [], "x", None]
    answers = iter([Answer(json.dumps(body), 429) for body in strange])
    async with serving(lambda _: next(answers)) as server:
        for _ in strange:
            error = await fault_of(MAKERS[provider](http, server.url))
            assert error.fault is ProviderFault.RATE_LIMITED


@pytest.mark.parametrize("provider", MAKERS)
async def test_no_query_is_longer_than_a_provider_takes(
    http: httpx.AsyncClient, provider: str
) -> None:
    """Brave and Tavily refuse 401 characters or 51 words, and a long title is no fault of the visitor's."""
    servers = {
        "searxng": Searxng([searxng_result()]).answer,
        "brave": Brave([brave_result()]).answer,
        "tavily": Tavily([tavily_result()]).answer,
    }
    async with serving(servers[provider]) as server:
        maker = MAKERS[provider](http, server.url)
        assert len(await ask(maker, "mot " * 90, place="Villeurbanne")) == 1
        assert len(await ask(maker, "anticonstitutionnellement " * 30)) == 1


@pytest.mark.parametrize("provider", MAKERS)
async def test_a_search_that_is_given_up_closes_its_connection(
    http: httpx.AsyncClient, provider: str
) -> None:
    """A cancelled turn stops its requests."""
    async with serving(lambda _: HANGING) as server:
        await fault_of(MAKERS[provider](http, server.url), within=0.1)
        for _ in range(50):
            if server.left:
                break
            await asyncio.sleep(0.01)
        assert server.left == 1


@pytest.mark.skipif(not is_installed(), reason="the extra is missing")
async def test_ddgs_itself_without_a_network_is_a_typed_failure() -> None:
    """The real library, sent through a proxy that is not there."""
    error = await fault_of(DdgsSearch(proxy="http://127.0.0.1:9"), within=10.0)
    assert error.fault is ProviderFault.UNREACHABLE
    assert "salle" not in str(error)


@pytest.mark.skipif(not is_installed(), reason="the extra is missing")
async def test_ddgs_that_hangs_is_left_in_time_and_not_piled_up() -> None:
    """Its threads cannot be stopped: no third one is begun while two still run."""

    async with serving(lambda _: HANGING) as server:
        ddgs = DdgsSearch(proxy=server.url)
        began = time.monotonic()
        for _ in range(2):
            error = await fault_of(ddgs, within=0.2)
            assert error.fault is ProviderFault.TIME
        assert (await fault_of(ddgs, within=0.2)).fault is ProviderFault.BUSY
        assert time.monotonic() - began < 0.9


def test_results_of_ddgs_are_read() -> None:
    """Its own names of the three fields; anything else is garbage."""
    found = [{"title": "Concert", "href": "https://salle.example/1", "body": "Samedi"}, {"href": 3}]
    assert ddgs_hits(found, limit=5) == (
        Hit(title="Concert", url="https://salle.example/1", text="Samedi", provider="ddgs"),
    )
    with pytest.raises(ProviderError):
        ddgs_hits("x", limit=5)


def test_servers_answer_html_to_people() -> None:
    """The fake SearXNG is one: without `format=json` it gives a page."""
    asked = Asked("GET", "/search", {"q": "jazz"}, {}, b"", 0.0)
    assert "html" in Searxng().answer(asked).body
