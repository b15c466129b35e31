"""What a search provider is, and how it fails. A Protocol and values."""

from enum import StrEnum
from typing import Final, Literal, Protocol

from puls.errors import PulsError
from puls.web_search.values import Hit

Freshness = Literal["day", "week", "month", "year"]
"""How old a page may be, by the provider's own knowledge of its age."""

Language = Literal["fr", "en"]


class ProviderFault(StrEnum):
    """Why a provider gave no results, in words that are stable."""

    UNREACHABLE = "unreachable"  # no such name, no connection, closed in the middle
    TIME = "time"  # it did not answer within its share
    RATE_LIMITED = "rate_limited"  # 429: a moment later it may answer
    QUOTA = "quota"  # the plan is used up
    DENIED = "denied"  # the key is not good, or not for this
    FORMAT_OFF = "format_off"  # a SearXNG whose JSON is not enabled
    REJECTED = "rejected"  # it understood the request and refuses it
    SERVER = "server"  # 5xx
    GARBAGE = "garbage"  # no answer of this protocol
    TOO_LONG = "too_long"  # more than is read, or packed otherwise than asked
    ENGINES = "engines"  # a metasearch none of whose engines answered
    NOT_INSTALLED = "not_installed"  # the extra is missing
    CIRCUIT_OPEN = "circuit_open"  # it failed too often a moment ago
    BUSY = "busy"  # as many requests as allowed are under way
    PACE = "pace"  # its allowance per second is used up within the time there is
    DAILY_LIMIT = "daily_limit"  # of searches: its own, or of all providers
    BUDGET = "budget"  # the day's euros are spent
    BUDGET_UNKNOWN = (
        "budget_unknown"  # what was spent cannot be read; only what costs nothing is asked
    )


LASTING: Final = frozenset(
    {
        ProviderFault.QUOTA,
        ProviderFault.DENIED,
        ProviderFault.FORMAT_OFF,
        ProviderFault.NOT_INSTALLED,
    }
)
"""Stays until somebody does something; asking again at once only costs time."""


class ProviderError(PulsError):
    """A provider gave no results; `fault` says why in a stable word, the sentence says it to an operator.

    The sentence never holds the words searched for, nor text of the provider beyond a code or names of engines.
    `retry_after_seconds`: how long it asks to be left alone, None when it does not say.
    """

    code, status = "search_failed", 502

    def __init__(
        self, fault: ProviderFault, why: str, *, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(why)
        self.fault = fault
        self.retry_after_seconds = retry_after_seconds


class SearchProvider(Protocol):
    """Finds addresses for words."""

    @property
    def name(self) -> str:
        """As in the setting, the ledger, the metrics and `terms.toml`."""
        ...

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
        """At most `limit` results, best first, within so many seconds; none when the provider knows none.

        `place` is a town or region that the results should be about; it is added to the words that lack it.

        Raises:
            ProviderError: it did not answer as its protocol says.
        """
        ...
