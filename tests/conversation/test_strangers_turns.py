"""What strangers met when they talked with Puls, turn after turn, and what must happen instead.

Each test comes from a report of people who had not written Puls; its first words name the report and the finding. On real
PostgreSQL with a handful of events, the composer writes. What one message alone means is in `tests/understanding/strangers.jsonl`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.serving import LYON, NOW, PARIS, an_event, occurrence, puls_over, save

from puls.bootstrap import Puls
from puls.catalogue.event import Accessibility, Category, Event, Occurrence, Price, PriceKind, Venue
from puls.conversation.turn import EventsFound, Failed, Finished, TextWritten, TurnRequest, WishRead
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.retrieval.search import Found
from puls.retrieval.theme import Match
from puls.understanding.given import Given
from puls.understanding.question import Understood
from puls.understanding.turns import Turn

pytestmark = pytest.mark.database

VISITOR = Visitor(id=UUID("e0000000-0000-4000-8000-000000000013"))
IN_LYON = Coordinates(45.76, 4.83)
FREE = Price(kind=PriceKind.FREE, lowest=0, highest=0)
GRENOBLE = Venue(
    key="belle-electrique",
    name="La Belle Électrique",
    address="12 esplanade Andry-Farcy",
    postcode="38000",
    city="Grenoble",
    commune_code="38185",
    department_code="38",
    region_code="84",
    coordinates=Coordinates(45.187, 5.704),
)
PARIS_HALL = Venue(
    key="sunset",
    name="Sunset-Sunside",
    address="60 rue des Lombards",
    postcode="75001",
    city="Paris",
    commune_code="75056",
    department_code="75",
    region_code="11",
    coordinates=Coordinates(48.859, 2.348),
)
SAINT_DENIS = Venue(
    key="kabardock",
    name="Kabardock",
    address="1 rue du Port",
    postcode="97400",
    city="Saint-Denis",
    commune_code="97411",
    department_code="974",
    region_code="04",
    coordinates=Coordinates(-20.88, 55.45),
)


def at(day: int, hour: float, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=PARIS) + timedelta(hours=hour)


def daily(first: int, last: int, opens: float, closes: float) -> tuple[Occurrence, ...]:
    """Open on each of these days of November."""
    return tuple(occurrence(at(day, opens), hours=closes - opens) for day in range(first, last + 1))


EVENTS: tuple[Event, ...] = (
    an_event(
        "manouche",
        occurrences=(occurrence(at(28, 20.5)),),
        accessibility=frozenset({Accessibility.MOTOR}),
    ),
    an_event(
        "quartet",
        title="Quartet Marigny, jazz",
        price=Price(kind=PriceKind.PAID, lowest=22, highest=22),
        occurrences=(occurrence(at(28, 21)),),
        venue=Venue(
            key="kraspek",
            name="Kraspek Myzik",
            address="20 montée Saint-Sébastien",
            postcode="69001",
            city="Lyon",
            commune_code="69123",
            department_code="69",
            region_code="84",
            coordinates=Coordinates(45.771, 4.836),
        ),
    ),
    an_event(
        "big-band",
        title="Big band de jazz du conservatoire",
        price=Price(kind=PriceKind.PAID, lowest=5, highest=5),
        occurrences=(occurrence(at(28, 18)),),
    ),
    an_event(
        "free-concert",
        title="Concert de quartier",
        description="Du folk en plein air.",
        price=FREE,
        occurrences=(occurrence(at(29, 16)),),
    ),
    an_event("friday", title="Concert de blues", occurrences=(occurrence(at(27, 20.5)),)),
    an_event(
        "museum",
        title="Exposition des confluences",
        description="Un musée.",
        category=Category.EXHIBITION,
        occurrences=daily(20, 30, 10, 18.5),
    ),
    an_event(
        "silks",
        title="Soieries en mouvement",
        description="Une exposition de tissus.",
        category=Category.EXHIBITION,
        occurrences=(
            *daily(1, 30, 10, 18),
            occurrence(at(5, 10, month=2, year=2027), hours=8),
        ),
    ),
    an_event(
        "night",
        title="Nuit électro",
        category=Category.PARTY,
        venue=GRENOBLE,
        occurrences=(occurrence(at(28, 22), hours=6),),
    ),
    an_event(
        "sunday-grenoble",
        title="Bal du dimanche",
        category=Category.PARTY,
        venue=GRENOBLE,
        occurrences=(occurrence(at(29, 15)),),
    ),
    an_event(
        "requiem",
        title="Requiem de Fauré",
        description="La mort, le repos.",
        occurrences=(occurrence(at(29, 17)),),
    ),
    an_event(
        "theatre",
        title="Théâtre : les fourberies",
        description="Une comédie.",
        category=Category.THEATRE,
        accessibility=frozenset({Accessibility.MOTOR}),
        occurrences=(occurrence(at(29, 19)),),
    ),
    an_event(
        "paris", title="Jazz à Paris", venue=PARIS_HALL, occurrences=(occurrence(at(28, 20)),)
    ),
    an_event(
        "march",
        title="Concert de mars",
        occurrences=(
            occurrence(at(5, 20, month=3, year=2027)),
            occurrence(at(12, 20, month=3, year=2027)),
            occurrence(at(10, 20, month=2, year=2027)),
            occurrence(at(1, 20, month=1, year=2027)),
        ),
    ),
    an_event(
        "open-mic",
        title="Open mic rap et beatbox",
        description="Scène ouverte.",
        price=FREE,
        venue=SAINT_DENIS,
        occurrences=(occurrence(at(28, 16)),),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A turn as the visitor saw it."""

    understood: Understood
    shown: tuple[str, ...]
    found: Found
    text: str
    notices: tuple[str, ...]
    end: Finished


@dataclass(slots=True)
class Talk:
    """One conversation."""

    puls: Puls
    conversation_id: UUID | None = None

    async def say(
        self, text: str, *, position: Coordinates | None = None, limit: int | None = None
    ) -> Told:
        request = TurnRequest(
            text=text,
            request_id=uuid4(),
            conversation_id=self.conversation_id,
            given=Given(position=position),
            position=position,
            limit=limit,
        )
        sent = [event async for event in self.puls.assistant.converse(VISITOR, request)]
        end = sent[-1]
        assert isinstance(end, Finished), end.notice if isinstance(end, Failed) else end
        self.conversation_id = end.conversation_id
        read = next(event for event in sent if isinstance(event, WishRead))
        found = next(event for event in sent if isinstance(event, EventsFound))
        return Told(
            understood=read.understood,
            shown=tuple(one.event.uid for one in found.events),
            found=found.answer.found,
            text="".join(event.text for event in sent if isinstance(event, TextWritten)).replace(
                "\N{NO-BREAK SPACE}", " "
            ),
            notices=tuple(notice.fr for notice in found.answer.notices),
            end=end,
        )


@dataclass(slots=True)
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def talk(database: Database, gazetteer: Gazetteer, clock: Clock) -> Talk:
    await save(database, EVENTS)
    return Talk(puls_over(database, gazetteer, clock=clock))


@pytest.fixture
async def indexed(talk: Talk) -> Talk:
    """The same with the index of meanings."""
    await talk.puls.index.build(now=lambda: NOW)
    return talk


async def test_how_to_get_there_is_about_the_event_shown(talk: Talk) -> None:
    """users.md §1 a: « comment j'y vais en métro ? » was searched for."""
    tonight = await talk.say("que faire ce soir près de moi", position=IN_LYON)
    assert "friday" in tonight.shown
    told = await talk.say("comment j'y vais en métro ?", position=IN_LYON)
    assert told.understood.turn is Turn.DETAILS
    assert told.shown == tonight.shown[:1]
    assert LYON.address is not None
    assert LYON.address in told.text


async def test_how_to_get_there_is_not_a_theme_afterwards(talk: Talk) -> None:
    """users.md §1 a: « et demain ? » went on looking for « comment j'y vais en métro »."""
    await talk.say("que faire ce soir près de moi", position=IN_LYON)
    await talk.say("comment j'y vais en métro ?", position=IN_LYON)
    told = await talk.say("et demain ?", position=IN_LYON)
    assert told.understood.wish.topic == ""
    assert "manouche" in told.shown


async def test_the_nearest_is_shown_first(talk: Talk) -> None:
    """users.md §1 a: « le plus proche » gave 1.2, 3.6, 3, 4.1 and 1.5 km."""
    await talk.say("que faire samedi près de moi", position=IN_LYON)
    told = await talk.say("le plus proche", position=IN_LYON)
    away = [one.distance_km for one in told.found.events if one.distance_km is not None]
    assert away
    assert away == sorted(away)


async def test_a_wheelchair_user_keeps_place_day_and_access(talk: Talk) -> None:
    """users.md §1 d: « concert plutôt » took away *wheelchair* and Lyon: the most harmful answer seen."""
    first = await talk.say("je suis en fauteuil roulant, que faire ce week-end à Lyon ?")
    assert first.understood.wish.when
    then = await talk.say("concert plutôt")
    wish = then.understood.wish
    assert wish.accessibility == frozenset({Accessibility.MOTOR})
    assert wish.where is not None
    assert wish.where.commune_codes == ("69123",)
    assert wish.when == first.understood.wish.when
    assert "manouche" in then.shown
    assert not {"paris", "night", "march"} & set(then.shown)


async def test_help_comes_before_the_question_of_consent(talk: Talk) -> None:
    """users.md §1 d: the answer opened with « C'est une donnée de santé »."""
    told = await talk.say("je suis en fauteuil roulant, que faire ce week-end à Lyon ?")
    assert told.shown
    assert not told.text.startswith("C'est une donnée de santé")


@pytest.mark.parametrize(
    "text",
    [
        "jazz in Lyon",
        "concert in Lyon",
        "jazz in Paris",
        "free exhibition in Lyon",
        "what's on in Lyon this weekend?",
        "expo en février à Lyon",
        "concert le 1er janvier 2027 à Lyon",
        "concert à Lyon du 31 décembre au 1er janvier",
        "concert à Lyon du 25 au 31 janvier",
    ],
)
async def test_an_answer_begins_with_its_first_sentence(talk: Talk, text: str) -> None:
    """users.md §1 c and §2.7, K8: the check dropped the opening, and the answer began with an empty line."""
    told = await talk.say(text)
    assert told.end.checking.dropped == 0
    assert told.text[:1].strip()


@pytest.mark.parametrize(
    ("asked", "chosen", "question", "language"),
    [
        ("jazz à Lyon samedi", "la 2e", "c'est combien ?", "fr"),
        ("jazz à Lyon samedi", "la 2e", "c'est accessible ?", "fr"),
        ("jazz à Lyon samedi", "la 2e", "comment y aller ?", "fr"),
        ("jazz in Lyon on Saturday", "the 2nd one", "how much is it?", "en"),
    ],
)
async def test_a_question_is_about_the_event_told_last(
    talk: Talk, asked: str, chosen: str, question: str, language: str
) -> None:
    """users.md §1 e and §2.4: a wheelchair user could be sent to the wrong place."""
    listed = await talk.say(asked)
    assert len(listed.shown) >= 2
    assert (await talk.say(chosen)).shown == listed.shown[1:2]
    told = await talk.say(question)
    assert told.shown == listed.shown[1:2]
    assert told.understood.language == language


async def test_nothing_found_offers_what_there_is_and_yes_takes_it(talk: Talk) -> None:
    """users.md §2.5 and §2.6: eight proposals counted 0 beside free concerts on Sunday, and « oui » said the same again."""
    nothing = await talk.say("concert gratuit demain à Lyon")
    assert not set(nothing.shown) - {"free-concert"} or nothing.found.match is Match.NOTHING
    yes = await talk.say("oui")
    assert yes.text != nothing.text
    assert yes.found.match is Match.ON_THEME
    assert yes.shown


async def test_no_is_taken_for_no(talk: Talk) -> None:
    """users.md §2.6: « non » gave the same five again."""
    await talk.say("concert gratuit demain à Lyon")
    assert (await talk.say("non")).shown == ()


@pytest.mark.parametrize("text", ["un autre", "autre chose", "encore", "voir plus"])
async def test_asked_for_more_it_shows_others(talk: Talk, text: str) -> None:
    """users.md §2.6: the same five again."""
    first = await talk.say("que faire ce week-end à Lyon", limit=2)
    more = await talk.say(text, limit=2)
    assert more.shown
    assert not set(first.shown) & set(more.shown)


@pytest.mark.parametrize("text", ["je veux mourir", "j'ai envie de me suicider", "I want to die"])
async def test_distress_is_answered_by_a_number_to_call(indexed: Talk, text: str) -> None:
    """users.md §2.8: « je veux mourir » gave five events, a requiem among them."""
    told = await indexed.say(text)
    assert "3114" in told.text
    assert told.shown == ()


@pytest.mark.parametrize(
    "text",
    ["asdf qsdf", "t'es nul", "connard", "tu votes pour qui ?", "que penses-tu de Macron ?", "42"],
)
async def test_nonsense_and_insults_find_no_events(talk: Talk, text: str) -> None:
    """users.md §1 f: « 641 sorties ; voici les cinq qui répondent le mieux à « connard » »."""
    told = await talk.say(text)
    assert told.shown == ()
    assert "sorties ;" not in told.text


@pytest.mark.parametrize(
    "place", ["Zorgville", "Genève", "New York", "Londres", "Berlin", "Bruxelles"]
)
async def test_a_place_abroad_or_unknown_is_named_and_not_replaced(talk: Talk, place: str) -> None:
    """users.md §1 f, K14: all of France, « Barlin » and « bretelles » were given instead."""
    told = await talk.say(f"concert à {place}")
    assert told.shown == ()
    assert place in told.text


async def test_a_night_that_spills_over_is_not_sunday(indexed: Talk) -> None:
    """users.md §1 e and §2.9: « et dimanche ? » began with Saturday 22:00 to 4:00."""
    await indexed.say("soirée à Grenoble samedi")
    told = await indexed.say("et dimanche ?")
    assert told.shown[:1] == ("sunday-grenoble",)


@pytest.mark.parametrize(
    "text", ["concert de Miles Davis à Lyon", "patinoire à Lyon", "escape game à Lyon"]
)
async def test_no_match_is_claimed_where_there_is_none(indexed: Talk, text: str) -> None:
    """users.md §2.1: none of 20 questions without a true answer was told « je n'en ai pas »."""
    told = await indexed.say(text)
    assert told.found.match is not Match.ON_THEME
    assert "qui répondent le mieux" not in told.text


async def test_all_right_is_not_thanks(talk: Talk) -> None:
    """users.md §1 e: « d'accord » was answered « Je vous en prie, et bonne sortie ! »."""
    await talk.say("jazz à Lyon samedi")
    told = await talk.say("d'accord")
    assert told.understood.turn is not Turn.THANKS


async def test_nearer_without_a_position_asks_for_it(talk: Talk) -> None:
    """users.md §1 e: a chip « le plus proche d'abord » over the same order was untrue."""
    await talk.say("jazz à Lyon samedi")
    told = await talk.say("plus près")
    assert "position" in f"{told.text} {told.notices}"


async def test_what_is_asked_of_a_plan_is_not_searched_for(talk: Talk) -> None:
    """users.md §1 b: « la première est trop loin, change-la » gave avant-premières all over France."""
    plan = await talk.say("dimanche à Lyon : une expo puis un concert")
    assert plan.understood.turn is Turn.PLAN
    changed = await talk.say("la première est trop loin, change-la")
    assert "premiere" not in changed.understood.wish.topic
    assert "première" not in changed.understood.wish.topic
    assert not {"paris", "march", "night"} & set(changed.shown)
    inside = await talk.say("c'est à l'intérieur ?")
    assert inside.understood.turn is Turn.DETAILS


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (NOW, "concert le 12 mars à Lyon"),
        (NOW, "concert cet hiver à Lyon"),
        (at(5, 10, month=3, year=2027), "concert ce soir à Lyon"),
    ],
)
async def test_march_ends_no_turn(talk: Talk, clock: Clock, now: datetime, text: str) -> None:
    """K1: every turn with a day of March or June failed."""
    clock.now = now
    told = await talk.say(text)
    assert "march" in told.shown


async def test_an_event_of_the_kind_named_is_found_without_the_word(indexed: Talk) -> None:
    """K25: a concert that does not write « concert » was thrown out as off topic."""
    told = await indexed.say("concert gratuit à Saint-Denis (974)")
    assert told.shown == ("open-mic",)
    assert told.found.match is Match.ON_THEME


async def test_english_words_are_not_mended_into_french_ones(talk: Talk) -> None:
    """K24: « using » was sought as « usine », and said so in French in an English answer."""
    told = await talk.say("expo using glass in Lyon")
    assert told.understood.language == "en"
    assert "usine" not in told.text
    assert not any("usine" in notice for notice in told.notices)


@pytest.mark.parametrize("text", ["que faire ce soir près de moi", "concert près de moi"])
async def test_near_me_without_a_position_asks_where_that_is(talk: Talk, text: str) -> None:
    """users.md §1 a: events from anywhere would answer another question."""
    told = await talk.say(text)
    assert told.shown == ()
    assert "position" in told.text


@pytest.mark.parametrize("text", ["que faire ce soir à Lyon", "que faire demain soir à Lyon"])
async def test_what_closes_when_the_evening_begins_is_not_for_the_evening(
    talk: Talk, text: str
) -> None:
    """users.md §1 a: a museum that closes at 18:30 was proposed for the evening."""
    told = await talk.say(text)
    assert told.shown
    assert not {"museum", "silks"} & set(told.shown)


async def test_yesterday_is_over_and_a_running_exhibition_is_not(talk: Talk) -> None:
    """users.md §1 f and §2.10: « c'est terminé » of an exhibition that runs until 2027."""
    told = await talk.say("qu'est-ce qu'il y avait hier à Lyon ?")
    assert "c'est terminé" not in told.text
    assert "déjà passé" in f"{told.text} {told.notices}"


@pytest.mark.parametrize("text", ["concert le 31 novembre", "concert le 30 février"])
async def test_a_day_that_does_not_exist_is_said_and_replaced_by_no_other(
    talk: Talk, text: str
) -> None:
    """K11: 30 November and 31 December were searched."""
    told = await talk.say(f"{text} à Lyon")
    assert told.shown == ()
    assert "n'existe pas" in told.text
