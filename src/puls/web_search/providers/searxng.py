"""SearXNG, the metasearch one runs oneself: nothing leaves but the words, under no key and no price.

Protocol: `GET {base_url}/search?q=…&format=json&language=…&time_range=…&safesearch=…&timeout_limit=…`
(searxng/searxng: docs/dev/search_api.rst, searx/webutils.py and searx/webadapter.py at 9fea412, 2026-08-22). JSON has to be
enabled by its operator, else 403. With a `time_range`, which its code reads as day, week, month or year, it passes over engines
that cannot search by one.
"""

from http import HTTPStatus
from typing import Any, Final

import httpx

from puls import outside
from puls.web_search.providers import hits
from puls.web_search.providers.exchange import Refusal, exchange, garbage, usual_refusal
from puls.web_search.providers.provider import Freshness, Language, ProviderError, ProviderFault
from puls.web_search.providers.queries import bounded
from puls.web_search.values import Hit

NAME: Final = "searxng"
_FOR_ITSELF_SECONDS: Final = (
    0.25  # between its engines' limit and ours, to gather and send what it has
)
# An engine that misses its limit is left out for 5 s by SearXNG (`ban_time_on_fail`): with less, none is named.
_LEAST_FOR_ENGINES_SECONDS: Final = 1.0
_ENGINES_NAMED: Final = 5


class SearxngSearch:
    """One instance, by its address."""

    name = NAME

    def __init__(self, http: httpx.AsyncClient, *, base_url: str) -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/search"

    async def search(
        self,
        words: str,
        *,
        language: Language,
        place: str | None,
        limit: int,
        within: float,
        freshness: Freshness | None,
    ) -> tuple[Hit, ...]:
        """As `SearchProvider.search`; engines that did not answer matter only when nothing was found."""
        params = {
            "q": bounded(words, place or ""),
            "format": "json",
            "language": language,
            "safesearch": "1",
        }
        if (engines_seconds := within - _FOR_ITSELF_SECONDS) >= _LEAST_FOR_ENGINES_SECONDS:
            params["timeout_limit"] = f"{engines_seconds:.2f}"
        if freshness is not None:
            params["time_range"] = freshness
        request = self._http.build_request(
            "GET",
            self._url,
            params=params,
            headers=outside.ASKED_ENCODING | {"Accept": "application/json"},
            timeout=within,
        )
        reply = await exchange(self._http, request, name=self.name, within=within, refused=_refused)
        return hits_from(reply.body, limit=limit)


def hits_from(body: dict[str, Any], *, limit: int) -> tuple[Hit, ...]:
    """The results of a reply.

    Raises:
        ProviderError: it is no such reply, or it is empty because no engine answered.
    """
    try:
        results = hits.entries(body.get("results"))
    except ValueError as error:
        raise garbage(NAME, str(error)) from error
    found = hits.first_of((_hit(result) for result in results), limit=limit)
    silent = body.get("unresponsive_engines")
    if not found and isinstance(silent, list) and silent:
        why = f"No engine of {NAME} answered: {_named(silent)}."
        raise ProviderError(ProviderFault.ENGINES, why)
    return found


def _hit(result: dict[str, Any]) -> Hit | None:
    return hits.hit_from(
        NAME,
        url=result.get("url"),
        title=result.get("title"),
        text=result.get("content"),
        published_at=hits.moment(result.get("publishedDate") or result.get("pubdate")),
    )


def _named(silent: list[Any]) -> str:
    """« duckduckgo (timeout), qwant (access denied) », a few of them."""
    said = [
        f"{hits.plain(entry[0], longest=40)} ({hits.plain(entry[1], longest=60)})"
        for entry in silent[:_ENGINES_NAMED]
        if isinstance(entry, list) and len(entry) == 2  # noqa: PLR2004 - a pair: name and reason
    ]
    return ", ".join(said) or f"{len(silent)} of them"


def _refused(refusal: Refusal) -> ProviderError:
    if refusal.status == HTTPStatus.FORBIDDEN:
        return ProviderError(
            ProviderFault.FORMAT_OFF,
            "This SearXNG does not give JSON (403). In its settings.yml write `search: formats: [html, json]` and start "
            "it anew; public instances rarely allow it, so use one of your own.",
        )
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        return ProviderError(
            ProviderFault.RATE_LIMITED,
            "The limiter of SearXNG refuses (429): it lets programs ask four times an hour. In its limiter.toml name the "
            "address of Puls under `[botdetection.ip_lists] pass_ip`, or set `server: limiter: false`.",
            retry_after_seconds=refusal.retry_after_seconds,
        )
    return usual_refusal(NAME, refusal)
