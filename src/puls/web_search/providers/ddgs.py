"""`ddgs`, which reads the result pages of public search engines: for development alone, and off unless it is named.

An optional extra (`pip install "puls[ddgs]"`), imported at the first search. Its call blocks, so it runs in a thread; a
thread cannot be stopped, so it is left to end by the library's own limit and its place stays taken until then.
"""

import asyncio
import importlib
import importlib.util
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from puls.web_search.providers import hits
from puls.web_search.providers.exchange import garbage
from puls.web_search.providers.provider import Freshness, Language, ProviderError, ProviderFault
from puls.web_search.providers.queries import bounded
from puls.web_search.values import Hit

NAME: Final = "ddgs"
_REGIONS: Final[dict[Language, str]] = {"fr": "fr-fr", "en": "uk-en"}
_LIMITS: Final[dict[Freshness, str]] = {"day": "d", "week": "w", "month": "m", "year": "y"}
_MOST_RESULTS: Final = 20
_THREADS: Final = 2

Blocking = Callable[..., Any]
"""`ddgs.DDGS(timeout=…).text`, or what stands for it."""


def is_installed() -> bool:
    """Whether the extra is there; imports nothing."""
    return importlib.util.find_spec("ddgs") is not None


class DdgsSearch:
    """The library's text search over all its engines; `proxy` as the library takes it."""

    name = NAME

    def __init__(self, *, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._running: set[asyncio.Future[Any]] = set()

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
        if len(self._running) >= _THREADS:
            raise ProviderError(ProviderFault.BUSY, "Earlier searches of ddgs have not ended yet.")
        options = {
            "region": _REGIONS[language],
            "safesearch": "moderate",
            "timelimit": None if freshness is None else _LIMITS[freshness],
            "max_results": min(max(limit, 1), _MOST_RESULTS),
        }
        query = bounded(words, place or "")
        thread = asyncio.get_running_loop().run_in_executor(
            None, lambda: self._text(query, options, timeout=math.ceil(within))
        )
        self._running.add(thread)
        thread.add_done_callback(self._ended)
        try:
            async with asyncio.timeout(within):
                found = await asyncio.shield(thread)
        except TimeoutError as error:
            raise ProviderError(ProviderFault.TIME, "ddgs did not answer in time.") from error
        return hits_from(found, limit=limit)

    def _ended(self, thread: asyncio.Future[Any]) -> None:
        self._running.discard(thread)
        if not thread.cancelled():
            thread.exception()  # nobody may be waiting for it any more

    def _text(self, query: str, options: dict[str, Any], *, timeout: int) -> Any:
        """In a thread: the search itself."""
        try:
            library: Any = importlib.import_module("ddgs")
            exceptions: Any = importlib.import_module("ddgs.exceptions")
        except ImportError as error:
            why = 'The extra is missing: pip install "puls[ddgs]".'
            raise ProviderError(ProviderFault.NOT_INSTALLED, why) from error
        try:
            return library.DDGS(proxy=self._proxy, timeout=timeout).text(query, **options)
        except exceptions.RatelimitException as error:
            why = "A search engine behind ddgs asks to be left alone."
            raise ProviderError(ProviderFault.RATE_LIMITED, why) from error
        except exceptions.TimeoutException as error:
            raise ProviderError(ProviderFault.TIME, "ddgs did not answer in time.") from error
        except exceptions.DDGSException as error:
            return _nothing(error)


def _nothing(error: Exception) -> Sequence[Any]:
    """The library raises alike for no results and for no engine; only its words differ.

    Raises:
        ProviderError: no engine could be read.
    """
    if "No results" in str(error):
        return ()
    kinds = " ".join({type(part).__name__ for part in (error, *error.args)})
    why = f"No engine behind ddgs could be read ({kinds})."
    raise ProviderError(ProviderFault.UNREACHABLE, why) from error


def hits_from(found: Any, *, limit: int) -> tuple[Hit, ...]:
    """The results of a call.

    Raises:
        ProviderError: they are none.
    """
    try:
        results = hits.entries(list(found) if isinstance(found, tuple) else found)
    except ValueError as error:
        raise garbage(NAME, str(error)) from error
    return hits.first_of(
        (
            hits.hit_from(
                NAME, url=result.get("href"), title=result.get("title"), text=result.get("body")
            )
            for result in results
        ),
        limit=limit,
    )
