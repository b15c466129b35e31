"""What is new in a saved search since its visitor last looked. Enter at `WhatsNew.look`; `news_of` is pure.

New is an event on the theme that was not among those seen, and that either came into the catalogue since, or would have
been among them had it fitted then: the whole list was seen, or its dates lie behind those that were asked for then (« ce
week-end » is another one each week). An event that only climbed into view in a long list is no news.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from puls.database import Database, Queries
from puls.retrieval.asking import Answer, Asking, Question
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.theme import Match
from puls.understanding.given import Given
from puls.understanding.question import Understood

LOOKED_AT: Final = 200
"""As many as a search proposes at most (80 candidates by meaning, as many by words)."""
_QUERIES = Queries.beside("puls.returning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a visitor has seen of a search.

    `uids`: the events, best first. `highest`: the last event's number in the catalogue then; numbers grow. `is_whole`:
    nothing else fitted then. `until`: where the dates asked for ended then, aware; None without any.
    """

    uids: tuple[str, ...] = ()
    highest: int = 0
    is_whole: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A saved search asked again: the answer, what is new in it, and what is known once this was seen."""

    answer: Answer
    new: tuple[FoundEvent, ...]
    known: Known


class Kept(Protocol):
    """`saved.SavedSearch`."""

    @property
    def text(self) -> str: ...
    @property
    def given(self) -> Given: ...
    @property
    def known(self) -> Known: ...


class WhatsNew:
    """Asks saved searches again."""

    def __init__(self, asking: Asking, *, database: Database, timezone: str) -> None:
        self._asking = asking
        self._database = database
        self._timezone = timezone

    async def understood(self, text: str, given: Given, *, now: datetime) -> Understood:
        """What a question means; see `Asking.understand`."""
        return await self._asking.understand(self._question(text, given, now))

    async def first(self, text: str, given: Given, *, now: datetime) -> Look:
        """A question asked for the first time: nothing of it is known, and so nothing is new."""
        look = await self._look(text, given, Known(), now)
        return Look(answer=look.answer, new=(), known=look.known)

    async def look(self, kept: Kept, *, now: datetime) -> Look:
        """Raises InvalidInputError when what was kept can no longer be read, such as a place that is gone."""
        return await self._look(kept.text, kept.given, kept.known, now)

    def _question(self, text: str, given: Given, now: datetime) -> Question:
        return Question(text=text, given=given, now=now, timezone=self._timezone, limit=LOOKED_AT)

    async def _look(self, text: str, given: Given, known: Known, now: datetime) -> Look:
        answer = await self._asking.ask(self._question(text, given, now))
        found = on_theme(answer)
        uids = [one.event.uid for one in found]
        highest = await self._database.fetch_one(_QUERIES["highest"])
        rows = await self._database.fetch_all(_QUERIES["ids"], uids=uids)
        ids = {row["uid"]: int(row["id"]) for row in rows}
        assert highest is not None
        wish = answer.understood.wish
        return Look(
            answer=answer,
            new=news_of(found, ids, known),
            known=Known(
                uids=tuple(uids),
                highest=int(highest["highest"]),
                is_whole=len(found) >= answer.found.fitting,
                until=max((one.end for one in wish.when), default=None),
            ),
        )


def on_theme(answer: Answer) -> tuple[FoundEvent, ...]:
    """What was found on the theme; when none surely is, what perhaps is; never what is only near."""
    best = answer.found.match
    if best is Match.NOTHING:
        return ()
    return tuple(one for one in answer.found.events if one.match is best)


def news_of(
    found: Sequence[FoundEvent], ids: Mapping[str, int], known: Known
) -> tuple[FoundEvent, ...]:
    """Those of `found` that are new, in their order. Pure."""
    seen = set(known.uids)
    return tuple(
        one
        for one in found
        if one.event.uid not in seen
        and (
            known.is_whole
            or ids.get(one.event.uid, 0) > known.highest
            or (known.until is not None and one.occurrence.starts_at >= known.until)
        )
    )
