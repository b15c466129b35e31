"""Tavily, a search made for programs, with a key or within its keyless allowance.

Protocol: `POST https://api.tavily.com/search` with `Authorization: Bearer …` and JSON (tavily-ai/tavily-python: tavily/tavily.py
at bf17644, 2026-06-10). Errors: `{"detail": {"error": …}}`, or for what is malformed `{"detail": [{…}]}`; 401 key, 403
forbidden, 429 too many, 432 the plan's and 433 the pay-as-you-go limit. Without a key it wants
`X-Tavily-Access-Mode: keyless` and answers errors as `{"error": {"code", "retry_after_seconds", …}}`.
"""

import math
from http import HTTPStatus
from typing import Any, Final

import httpx

from puls import outside
from puls.web_search.providers import hits
from puls.web_search.providers.exchange import (
    Refusal,
    code_in,
    exchange,
    garbage,
    usual_refusal,
)
from puls.web_search.providers.provider import Freshness, Language, ProviderError, ProviderFault
from puls.web_search.providers.queries import bounded
from puls.web_search.values import Hit

NAME: Final = "tavily"
BASE_URL: Final = "https://api.tavily.com"
_MOST_RESULTS: Final = 20
_PLAN_LIMIT: Final = 432
_PAY_AS_YOU_GO_LIMIT: Final = 433
_LONGEST_REST_SECONDS: Final = 86_400.0


class TavilySearch:
    """Tavily's basic search, one credit each; `key` None asks without one, within what Tavily gives to anybody."""

    name = NAME

    def __init__(
        self, http: httpx.AsyncClient, *, key: str | None, base_url: str = BASE_URL
    ) -> None:
        self._http = http
        self._access = (
            {"X-Tavily-Access-Mode": "keyless"}
            if key is None
            else {"Authorization": f"Bearer {key}"}
        )
        self._url = base_url.rstrip("/") + "/search"

    async def search(
        self,
        words: str,
        *,
        language: Language,  # noqa: ARG002 - Tavily answers in the language of the words
        place: str | None,
        limit: int,
        within: float,
        freshness: Freshness | None,
    ) -> tuple[Hit, ...]:
        """As `SearchProvider.search`."""
        body: dict[str, Any] = {
            "query": bounded(words, place or ""),
            "search_depth": "basic",
            "topic": "general",
            "max_results": min(max(limit, 1), _MOST_RESULTS),
            "include_answer": False,
            "include_raw_content": False,
            "include_images": False,
            "country": "france",
        }
        if freshness is not None:
            body["time_range"] = freshness
        request = self._http.build_request(
            "POST",
            self._url,
            json=body,
            headers=outside.ASKED_ENCODING | {"Accept": "application/json"} | self._access,
            timeout=within,
        )
        reply = await exchange(self._http, request, name=self.name, within=within, refused=_refused)
        return hits_from(reply.body, limit=limit)


def hits_from(body: dict[str, Any], *, limit: int) -> tuple[Hit, ...]:
    """The results of a reply.

    Raises:
        ProviderError: it is no such reply.
    """
    try:
        results = hits.entries(body.get("results"))
    except ValueError as error:
        raise garbage(NAME, str(error)) from error
    return hits.first_of((_hit(result) for result in results), limit=limit)


def _hit(result: dict[str, Any]) -> Hit | None:
    return hits.hit_from(
        NAME,
        url=result.get("url"),
        title=result.get("title"),
        text=result.get("content"),
        published_at=hits.moment(result.get("published_date")),
    )


def _refused(refusal: Refusal) -> ProviderError:
    code, wait = _envelope(refusal.body)
    named = f" ({code})" if code else ""
    wait = refusal.retry_after_seconds if wait is None else wait
    match refusal.status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            why = (
                f"Tavily does not accept the key{named}; look at PULS_TAVILY_API_KEY and its plan."
            )
            return ProviderError(ProviderFault.DENIED, why)
        case 432 | 433 as status:
            assert status in {_PLAN_LIMIT, _PAY_AS_YOU_GO_LIMIT}
            which = "plan" if status == _PLAN_LIMIT else "pay-as-you-go limit"
            why = f"Tavily's {which} is used up ({status})."
            return ProviderError(ProviderFault.QUOTA, why, retry_after_seconds=wait)
        case HTTPStatus.TOO_MANY_REQUESTS:
            why = f"Tavily asks to be left alone for a moment{named}."
            return ProviderError(ProviderFault.RATE_LIMITED, why, retry_after_seconds=wait)
        case _:
            return usual_refusal(NAME, refusal)


def _envelope(body: Any) -> tuple[str, float | None]:
    """Code and seconds to wait of the keyless envelope; nothing of the other kind, which holds sentences alone."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", None
    wait = error.get("retry_after_seconds")
    if isinstance(wait, bool) or not isinstance(wait, int | float) or not math.isfinite(wait):
        wait = None
    return code_in(error.get("code")), wait and min(max(float(wait), 0.0), _LONGEST_REST_SECONDS)
