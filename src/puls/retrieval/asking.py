"""A visitor's question answered: words and values understood, events found, notices gathered.

The one use case behind the page, the API and the command line. Enter at `Asking`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from puls.database import Database
from puls.errors import InvalidInputError
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.ranking import Weights
from puls.retrieval.relaxing import CountedRelaxation, count_relaxations
from puls.retrieval.search import EventSearch, Found
from puls.retrieval.theme import Match
from puls.understanding.given import Given, place_named, understand_given
from puls.understanding.instead import sentence_instead
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.saying.relaxations import relaxations_of
from puls.understanding.turns import Standing

_NOTHING_FOUND = Found(events=(), fitting=0)
_LONGEST_MEANT = 300  # characters of a message whose meaning is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was understood, what was found, and the notices of both, in the order to say them.

    `relaxations`: what to try instead, counted; only when nothing was found on theme.
    """

    understood: Understood
    found: Found
    notices: tuple[Notice, ...]
    relaxations: tuple[CountedRelaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, by whom and when.

    `given` holds values chosen beside the words, `without` fields of the wish taken away by hand. `near_position`: when no place is named at all, look around the
    position. At most `limit` events; when it is None, as many as the words ask for (« trois idées »), else `usual_limit`. `previous` is what a follow-up changes,
    `standing` what its conversation holds beside. `weights`: how to rank, when not as usual.
    """

    text: str
    given: Given = field(default_factory=Given)
    now: datetime
    timezone: str = "Europe/Paris"
    without: frozenset[str] = frozenset()
    near_position: bool = False
    limit: int | None = None
    usual_limit: int = 10
    previous: Understood | None = None
    standing: Standing | None = None
    weights: Weights | None = None


class Asking:
    """Questions answered over the parts that answering uses."""

    def __init__(
        self,
        *,
        search: EventSearch,
        database: Database,
        gazetteer: Gazetteer,
        beyond: BeyondGazetteer | None = None,
    ) -> None:
        self.search = search
        self.database = database
        self.gazetteer = gazetteer
        self.beyond = beyond

    async def understand(self, question: Question) -> Understood:
        """What a question means, under the values given; see `understand_given`. What the words leave unsure the meaning of the message decides.

        Raises:
            InvalidInputError: a value names nothing, or contradicts another one.
        """
        read = await self._reader(question)
        understood = read(None)
        if understood.is_sure or not question.text.strip():
            return understood
        meaning = await self.search.meaning_of(question.text[:_LONGEST_MEANT])
        return understood if meaning is None else read(meaning)

    async def _reader(self, question: Question) -> Callable[[Sequence[float] | None], Understood]:
        given = question.given
        venues = await self.beyond.venues() if self.beyond else None
        unknown = _unknown_place(given, self.gazetteer)
        addresses = (
            await self.beyond.addresses(question.text, unknown, given.position)
            if self.beyond
            else None
        )

        def read(meaning: Sequence[float] | None) -> Understood:
            return understand_given(
                question.text,
                given,
                now=question.now,
                gazetteer=self.gazetteer,
                timezone=question.timezone,
                without=question.without,
                near_position=question.near_position,
                venues=venues,
                addresses=addresses,
                previous=question.previous,
                standing=question.standing,
                meaning=meaning,
            )

        return read

    async def find(self, understood: Understood, question: Question) -> Answer:
        """The best events for what was understood; when none is on theme, what to try instead."""
        most = question.limit or understood.wish.number_wanted or question.usual_limit
        found = await self.search.find(
            understood.wish, now=question.now, limit=most, weights=question.weights
        )
        relaxations: tuple[CountedRelaxation, ...] = ()
        if found.match is Match.NOTHING:
            offers = relaxations_of(
                understood.wish, question.now, self.gazetteer, timezone=question.timezone
            )
            relaxations = await count_relaxations(
                self.database, self.search, offers, now=question.now
            )
        return Answer(
            understood=understood,
            found=found,
            notices=(*understood.notices, *found.notices),
            relaxations=relaxations,
        )

    async def ask(self, question: Question) -> Answer:
        """The best events for a question that stands alone. A message that asks for no event gets a sentence instead.

        Raises:
            InvalidInputError: a value names nothing, or contradicts another one.
        """
        understood = await self.understand(question)
        instead = sentence_instead(understood)
        has_values = question.given != Given(
            position=question.given.position, order=question.given.order
        )
        if instead is not None and question.text.strip() and not has_values:
            return Answer(
                understood=understood, found=_NOTHING_FOUND, notices=(*understood.notices, instead)
            )
        return await self.find(understood, question)


def _unknown_place(given: Given, gazetteer: Gazetteer) -> str | None:
    """The place given as a value, when the gazetteer does not know it."""
    if given.place is None:
        return None
    try:
        place_named(given.place, gazetteer)
    except InvalidInputError:
        return given.place
    return None
