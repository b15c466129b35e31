"""Brave Search, an index of its own, with a key.

Protocol: `GET https://api.search.brave.com/res/v1/web/search` with `X-Subscription-Token` (reference §2a; its errors as its
own reference of the API shows them: `{"type": "ErrorResponse", "error": {"code", "status", "meta"}}`, a bad key being a 422
`SUBSCRIPTION_TOKEN_INVALID`, a spent month a 429 `QUOTA_LIMITED`). Headers tell what is left in each window:
`X-RateLimit-Policy: 1;w=1, 15000;w=2592000`, `-Remaining: 0, 14231`, `-Reset: 1, 1419704` (seconds).
"""

import math
import time
from collections.abc import Callable, Mapping
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

NAME: Final = "brave"
BASE_URL: Final = "https://api.search.brave.com/res/v1"
_MOST_RESULTS: Final = 20
_FRESHNESS: Final[dict[Freshness, str]] = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}
_SPOKEN: Final[dict[Language, tuple[str, str]]] = {"fr": ("fr", "fr-FR"), "en": ("en", "en-US")}
_KEY_CODES: Final = frozenset(
    {"SUBSCRIPTION_TOKEN_INVALID", "SUBSCRIPTION_TOKEN_MISSING", "SUBSCRIPTION_NOT_FOUND"}
)
_QUOTA_CODE: Final = "QUOTA_LIMITED"
_A_PLAN_SECONDS: Final = (
    3600  # a window longer than this is the plan's allowance rather than its pace
)


class BraveSearch:
    """Brave's web search; what its headers say is left is held to, so that no request is sent to be refused."""

    name = NAME

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        key: str,
        base_url: str = BASE_URL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._key = key
        self._url = base_url.rstrip("/") + "/web/search"
        self._clock = clock
        self._silent_until = -math.inf
        self._is_spent = False

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
        """As `SearchProvider.search`."""
        self._hold()
        spoken, interface = _SPOKEN[language]
        params = {
            "q": bounded(words, place or ""),
            "count": str(min(max(limit, 1), _MOST_RESULTS)),
            "country": "FR",
            "search_lang": spoken,
            "ui_lang": interface,
            "safesearch": "moderate",
        }
        if freshness is not None:
            params["freshness"] = _FRESHNESS[freshness]
        headers = {"Accept": "application/json", "X-Subscription-Token": self._key}
        request = self._http.build_request(
            "GET",
            self._url,
            params=params,
            headers=outside.ASKED_ENCODING | headers,
            timeout=within,
        )
        reply = await exchange(
            self._http, request, name=self.name, within=within, refused=self._refused
        )
        self._heed(reply.headers)
        return hits_from(reply.body, limit=limit)

    def _hold(self) -> None:
        """Refuse what Brave said that it would refuse."""
        wait = self._silent_until - self._clock()
        if wait > 0:
            raise _limited(is_spent=self._is_spent, retry_after_seconds=wait)

    def _heed(self, headers: Mapping[str, str]) -> None:
        wait, self._is_spent = rest_of(headers)
        if wait > 0:
            self._silent_until = self._clock() + wait

    def _refused(self, refusal: Refusal) -> ProviderError:
        code = _code_of(refusal.body)
        if code in _KEY_CODES:
            why = (
                f"Brave does not accept the key ({code}); look at PULS_BRAVE_API_KEY and its plan."
            )
            return ProviderError(ProviderFault.DENIED, why)
        if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait, is_spent = rest_of(refusal.headers)
            is_spent = is_spent or code == _QUOTA_CODE
            said = refusal.retry_after_seconds
            return _limited(
                is_spent=is_spent, retry_after_seconds=said if said is not None else wait or None
            )
        return usual_refusal(NAME, refusal)


def rest_of(headers: Mapping[str, str]) -> tuple[float, bool]:
    """How many seconds to leave Brave alone, and whether the plan is spent rather than its pace; (0, False) is no rest."""
    remaining, reset, windows = (
        [_whole(part) for part in headers.get(f"x-ratelimit-{kind}", "").split(",")]
        for kind in ("remaining", "reset", "policy")
    )
    spent = [
        (wait, at < len(windows) and windows[at] > _A_PLAN_SECONDS)
        for at, (left, wait) in enumerate(zip(remaining, reset, strict=False))
        if left == 0 and wait > 0
    ]
    return max(spent, default=(0.0, False))


def _whole(part: str) -> float:
    """« 14231 », or the window of « 15000;w=2592000 »; -1 for anything else."""
    number = part.rpartition("w=")[2].strip()
    return float(number) if number.isdigit() and len(number) < 12 else -1.0  # noqa: PLR2004 - digits


def hits_from(body: dict[str, Any], *, limit: int) -> tuple[Hit, ...]:
    """The results of a reply; `web` is absent when there are none.

    Raises:
        ProviderError: it is no such reply.
    """
    if body.get("type") == "ErrorResponse" or not isinstance(web := body.get("web", {}), dict):
        raise garbage(NAME, "no web results")
    try:
        results = hits.entries(web.get("results", []))
    except ValueError as error:
        raise garbage(NAME, str(error)) from error
    return hits.first_of((_hit(result) for result in results), limit=limit)


def _hit(result: dict[str, Any]) -> Hit | None:
    return hits.hit_from(
        NAME,
        url=result.get("url"),
        title=result.get("title"),
        text=result.get("description"),
        published_at=hits.moment(result.get("page_age")),
    )


def _code_of(body: Any) -> str:
    """Its reference shows `errors`, its server sends `error`: both are read."""
    if not isinstance(body, dict):
        return ""
    listed = body.get("errors")
    error = body.get("error") or (listed[0] if isinstance(listed, list) and listed else None)
    return code_in(error.get("code")) if isinstance(error, dict) else ""


def _limited(*, is_spent: bool, retry_after_seconds: float | None) -> ProviderError:
    if is_spent:
        return ProviderError(
            ProviderFault.QUOTA,
            "Brave's plan is used up for this period.",
            retry_after_seconds=retry_after_seconds,
        )
    return ProviderError(
        ProviderFault.RATE_LIMITED,
        "Brave's allowance per second is used up.",
        retry_after_seconds=retry_after_seconds,
    )
