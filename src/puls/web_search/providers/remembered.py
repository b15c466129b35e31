"""Results kept for some minutes in this process's memory, where the provider's terms allow it; never anywhere else."""

from collections import OrderedDict
from dataclasses import dataclass

from puls.web_search.providers.provider import Freshness, Language
from puls.web_search.values import Hit

_REMEMBERED = 256  # searches; one takes about ten kilobytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a provider; also the key under which its results are kept."""

    words: str
    language: Language
    place: str | None
    limit: int
    freshness: Freshness | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Results, whose they are, and until when they may be given (seconds of a monotonic clock)."""

    provider: str
    hits: tuple[Hit, ...]
    until: float


class RememberedSearches:
    """A bounded memory; what was not asked for longest goes first."""

    def __init__(self, *, most: int = _REMEMBERED) -> None:
        self._most = most
        self._kept: OrderedDict[Question, Kept] = OrderedDict()

    def find(self, question: Question, *, now: float) -> Kept | None:
        """What is kept and still fresh."""
        kept = self._kept.get(question)
        if kept is None:
            return None
        if now >= kept.until:
            del self._kept[question]
            return None
        self._kept.move_to_end(question)
        return kept

    def keep(self, question: Question, kept: Kept) -> None:
        """Keep results until their time, or until too many others were asked for since."""
        self._kept[question] = kept
        self._kept.move_to_end(question)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
