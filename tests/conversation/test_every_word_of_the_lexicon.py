"""Every word that Puls reads or says goes through a whole turn, in French and in English, in every month of a year.

A month that a reader knew and the checker did not once ended every turn in March and June. The messages are made from the
tables of `puls.language.lexicon` and `puls.catalogue.event`, so a new entry is covered the day it is added. Each value meets
each language, and a month of the clock in turn; not every combination.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, cycle, product
from uuid import UUID, uuid4

import pytest
from tests.conversation import materials
from tests.embedders import WordHashEmbedder
from tests.serving import PARIS, an_event, occurrence, puls_over, save

from puls.bootstrap import Puls
from puls.catalogue.event import Category, Event, Interval, Occurrence, Price, PriceKind, Status
from puls.conversation.telling.composer import compose
from puls.conversation.turn import Failed, Finished, TextWritten, TurnRequest
from puls.conversation.writing.answers import AnswerCheck
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.language import lexicon
from puls.language.words import Spoken, Words
from puls.retrieval.ranking import FoundEvent
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish

VISITOR = Visitor(id=UUID("d0000000-0000-4000-8000-000000000012"))
LANGUAGES: tuple[Spoken, ...] = ("fr", "en")
CLOCKS = tuple(datetime(2027, month, 5, 10, tzinfo=PARIS) for month in range(1, 13))
PRICES = {
    PriceKind.FREE: (Price(kind=PriceKind.FREE, lowest=0, highest=0),),
    PriceKind.PAID: (
        Price(kind=PriceKind.PAID),
        Price(kind=PriceKind.PAID, lowest=8, highest=8),
        Price(kind=PriceKind.PAID, lowest=8, highest=15.5),
        Price(kind=PriceKind.PAID, lowest=8, conditions="8 €, gratuit pour les moins de 12 ans"),
    ),
    PriceKind.UNKNOWN: (Price(),),
}
MOMENTS = (
    Words("ce soir", "tonight"),
    Words("demain", "tomorrow"),
    Words("ce week-end", "this weekend"),
    Words("la semaine prochaine", "next week"),
    Words("ce mois-ci", "this month"),
    Words("le mois prochain", "next month"),
    Words("cet hiver", "this winter"),
    Words("au printemps", "in spring"),
    Words("cet été", "this summer"),
    Words("en automne", "in autumn"),
    Words("jusqu'au printemps", "until spring"),
    Words("à Noël", "at Christmas"),
    Words("du 31 décembre au 1er janvier", "from 31 December to 1 January"),
    Words("du 25 au 31", "from the 25th to the 31st"),
)
TODAY = MOMENTS[:1]
HOURS = (
    Words("à 20h", "at 8pm"),
    Words("à 20 h 30", "at 8:30 pm"),
    Words("à 20:15", "at 20:15"),
    Words("à 8 heures du soir", "at 8 o'clock in the evening"),
    Words("à midi", "at noon"),
    Words("à minuit", "at midnight"),
    Words("après minuit", "after midnight"),
    Words("vers 19h", "around 7pm"),
    Words("avant 18h", "before 6pm"),
    Words("après 21h30", "after 9.30pm"),
    Words("entre 14h et 16h", "between 2pm and 4pm"),
    Words("de 18h à 2h", "from 6pm to 2am"),
    Words("à 0h", "at 12am"),
)
COSTS = (
    Words("gratuit", "free"),
    Words("payant", "with tickets to pay"),
    Words("moins de 20 €", "under €20"),
    Words("12,50 € max", "€12.50 at most"),
    Words("entre 5 et 15 euros", "between 5 and 15 euros"),
    Words("budget 60 € pour 4 personnes", "a budget of 60 euros for 4 people"),
    Words("pas cher", "cheap"),
)
ABOUT_SHOWN = (
    Words("la première, c'est combien ?", "how much is the first one?"),
    Words("la 2e, c'est où et à quelle heure ?", "where and when is the second one?"),
    Words("compare les deux premières", "compare the first two"),
    Words("voir plus", "show me more"),
    Words("le moins cher", "the cheapest"),
    Words("organise-moi une soirée", "plan an evening for me"),
)


def spellings(language: Spoken, *said: Words, read: Iterable[str]) -> list[str]:
    """An entry's own names in this language, and half of how people write it; the other language has the other half."""
    others = sorted({*read} - {word for each in said for word in each})
    return [*{each.of(language): None for each in said}, *others[LANGUAGES.index(language) :: 2]]


@dataclass(slots=True)
class Frozen:
    """A clock that stands where a test puts it."""

    now: datetime = CLOCKS[0]

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Conversing:
    """Says one message after the other, and keeps what went wrong."""

    puls: Puls
    clock: Frozen
    wrong: list[str] = field(default_factory=list)
    events_told: int = 0

    async def say(
        self,
        text: str,
        now: datetime,
        conversation_id: UUID | None = None,
        *,
        is_kept: bool = True,
    ) -> UUID:
        self.clock.now = now
        request = TurnRequest(
            text=text, request_id=uuid4(), conversation_id=conversation_id, is_kept=is_kept
        )
        sent = [event async for event in self.puls.assistant.converse(VISITOR, request)]
        end = sent[-1]
        assert isinstance(end, Finished | Failed)
        answer = "".join(each.text for each in sent if isinstance(each, TextWritten))
        self.events_told += sum(bool(each.uids) for each in sent if isinstance(each, TextWritten))
        if isinstance(end, Failed):
            self._note(text, f"failed: {end.notice.code}")
        elif end.checking.dropped or end.checking.rewritten:
            self._note(text, f"{end.checking} in {answer[:300]!r}")
        elif not answer or answer != answer.lstrip():
            self._note(text, f"begins with nothing: {answer[:80]!r}")
        return end.conversation_id

    def _note(self, text: str, what: str) -> None:
        self.wrong.append(f"{self.clock.now:%B} – {text} – {what}")


def kinds_of_event() -> Iterator[tuple[Category, Status, Price]]:
    """Every category with every status, and each of them with every price."""
    prices = [price for each in PRICES.values() for price in each]
    for at, (category, status) in enumerate(product(Category, Status)):
        yield category, status, prices[(at + at // len(Status)) % len(prices)]


def catalogue() -> list[Event]:
    """Each of them open in every month, at every hour in turn."""
    titles = lexicon.kinds()
    return [
        an_event(
            f"{category}-{status.name}".lower(),
            title=f"{titles[category].title.fr} numéro {at}",
            category=category,
            status=status,
            price=price,
            occurrences=tuple(
                occurrence(now.replace(hour=10 + at % 12) + timedelta(days=day))
                for now in CLOCKS
                for day in (at % 2, 2 + at % 5)
            ),
        )
        for at, (category, status, price) in enumerate(kinds_of_event())
    ]


@pytest.fixture
async def conversing(database: Database, gazetteer: Gazetteer) -> Conversing:
    await save(database, catalogue())
    clock = Frozen()
    puls = puls_over(database, gazetteer, clock=clock, embedder=WordHashEmbedder())
    return Conversing(puls, clock)


def messages_about_dates(language: Spoken) -> Iterator[str]:
    """Every name of every month and day, with the hours and parts of the day in turn."""
    hours = cycle(
        [
            *(each.of(language) for each in HOURS),
            *(each.of(language) for each in lexicon.PART_NAMES.values()),
        ]
    )
    days = cycle(range(1, 29, 5))
    for month in lexicon.MONTHS:
        for word in spellings(
            language, month.name, month.short_name, read=month.read | month.short
        ):
            yield Words(
                f"concert le {next(days)} {word} {next(hours)} à Lyon",
                f"a concert in Lyon on {next(days)} {word} {next(hours)}",
            ).of(language)
        yield Words(
            f"une expo en {month.name.fr} à Lyon", f"an exhibition in Lyon in {month.name.en}"
        ).of(language)
    for day in lexicon.WEEKDAYS:
        for word in spellings(language, day.name, day.short_name, read=day.read | day.short):
            yield Words(
                f"théâtre {word} {next(hours)} à Lyon", f"theatre in Lyon on {word} {next(hours)}"
            ).of(language)


def messages_about_kinds(language: Spoken) -> Iterator[str]:
    """Every word for every kind of event, with the prices in turn; words of its world by dozens."""
    costs = cycle(each.of(language) for each in COSTS)
    for kind in lexicon.kinds().values():
        for word in spellings(
            language, kind.one, kind.several, kind.all, kind.title, read=kind.read
        ):
            yield Words(f"{word} {next(costs)} à Lyon", f"{word} in Lyon, {next(costs)}").of(
                language
            )
        for at in range(0, len(kind.also), 12):
            some = sorted(kind.also)[at : at + 12]
            yield Words(f"{', '.join(some)} à Lyon", f"{', '.join(some)} in Lyon").of(language)


def messages_with_numbers(language: Spoken) -> Iterator[str]:
    """Every language, number and ordinal that is read."""
    for code, words in lexicon.LANGUAGES.items():
        read = {word for word, named in lexicon.LANGUAGE_OF.items() if named == code}
        for word in spellings(language, words, read=read):
            yield Words(f"visite guidée en {word} à Lyon", f"a tour in {word} in Lyon").of(language)
    for word in spellings(language, read={*lexicon.UNITS, *lexicon.TENS}):
        yield Words(
            f"un spectacle pour mon enfant de {word} ans à Lyon, moins de {word} euros",
            f"a show in Lyon for my {word}-year-old, under {word} euros",
        ).of(language)
    for word in spellings(language, read=lexicon.ORDINALS):
        yield Words(f"un concert à Lyon, le {word} samedi de mai", f"a concert on May {word}").of(
            language
        )


def test_no_table_of_what_is_said_is_forgotten() -> None:
    """A new kind of price needs an example here."""
    assert set(PRICES) == set(PriceKind)
    assert set(lexicon.kinds()) == set(Category)


@pytest.mark.database
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_word_is_answered(conversing: Conversing, language: Spoken) -> None:
    """No word of a table may end a turn, or cost the answer a sentence."""
    months = cycle(CLOCKS)
    messages = (messages_about_dates, messages_about_kinds, messages_with_numbers)
    for text in chain.from_iterable(each(language) for each in messages):
        await conversing.say(text, next(months), is_kept=False)
    assert conversing.wrong == []
    assert conversing.events_told > 0


@pytest.mark.database
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_month_answers_what_is_asked_of_today(
    conversing: Conversing, language: Spoken
) -> None:
    """« Ce soir » in March was the chip that ended a turn; and so each month, with a question about what was shown."""
    about_shown = cycle(ABOUT_SHOWN)
    for at, (moment, now) in enumerate(product(MOMENTS, CLOCKS)):
        if moment not in TODAY and (at // 12 + at) % 2 != LANGUAGES.index(language):
            continue  # the other language says it this month
        said = Words(f"concert à Lyon {moment.fr}", f"a concert in Lyon {moment.en}")
        conversation_id = await conversing.say(said.of(language), now)
        if at % 4 == 0:
            await conversing.say(next(about_shown).of(language), now, conversation_id)
    assert conversing.wrong == []
    assert conversing.events_told > 0


def shown(category: Category, status: Status, price: Price, now: datetime) -> FoundEvent:
    """An event of the evening, or open for weeks."""
    starts_at = now.replace(hour=20, minute=30)
    lasting = timedelta(hours=2) if status is not Status.FULL else timedelta(days=60)
    return materials.found(
        f"{category}-{status.name}",
        "Les Ormes",
        Occurrence(
            starts_at=starts_at,
            ends_at=starts_at + lasting,
            is_possible=lasting > timedelta(days=1),
        ),
        category=category,
        status=status,
        price=price,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", [Turn.SEARCH, Turn.DETAILS, Turn.COMPARISON])
def test_every_kind_of_event_is_told_in_every_month(language: Spoken, turn: Turn) -> None:
    """Each category with each status and each price: a cancelled circus in June is told like a concert in May."""
    questions = cycle(
        ["dis-m'en plus", "et le tarif ?", "c'est où ?", "is it accessible, any seats left?"]
    )
    titles = lexicon.kinds()
    for at, (category, status, price) in enumerate(kinds_of_event()):
        now = CLOCKS[(at + at // len(CLOCKS)) % len(CLOCKS)]
        events = (
            shown(category, status, price, now),
            replace(materials.JAZZ, occurrence=shown(category, status, price, now).occurrence),
        )
        material = replace(
            materials.material(
                next(questions),
                events,
                turn=turn,
                language=language,
                wish=Wish(
                    topic=titles[category].one.of(language),
                    when=(Interval(now, now + timedelta(days=3)),),
                    where=materials.GRENOBLE,
                ),
                cited=() if turn is Turn.SEARCH else events,
            ),
            now=now,
        )
        check = AnswerCheck(material)
        sentences = [sentence.text for sentence in compose(material)]
        told = [one.text for text in compose(material) for one in check.passed(text)]
        assert (told, check.checking.dropped) == (sentences, 0), (category, status, price, now)
