"""An outing asked for in words, planned from a real catalogue."""

from datetime import datetime, timedelta
from typing import Any

from puls.catalogue.event import Category, Event, Price, PriceKind, Venue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.outings.outing import Outing, plan_outing
from puls.retrieval.asking import Question
from puls.understanding.given import Given
from tests.serving import LYON, NOW, PARIS, an_event, occurrence, puls_over, save

SATURDAY = datetime(2026, 11, 28, tzinfo=PARIS)
TEXT = "samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux"
MUSEUM = Venue(
    key="mba", name="Musée des Beaux-Arts", city="Lyon", commune_code="69123", postcode="69001",
    department_code="69", region_code="84", coordinates=Coordinates(45.7670, 4.8336),
)  # fmt: skip


def expo(uid: str = "expo", **changes: Any) -> Event:
    facts: dict[str, Any] = {
        "title": "Exposition de peinture",
        "description": "Une exposition de toiles.",
        "category": Category.EXHIBITION,
        "venue": MUSEUM,
        "price": Price(kind=PriceKind.PAID, lowest=6, highest=6),
        "occurrences": tuple(
            occurrence(SATURDAY + timedelta(days=day, hours=10), hours=8) for day in range(-1, 3)
        ),
    }
    return an_event(uid, **facts | changes)


async def planned(
    database: Database, gazetteer: Gazetteer, text: str, events: list[Event], **values: Any
) -> Outing:
    await save(database, events)
    puls = puls_over(database, gazetteer)
    return await plan_outing(
        puls.asking, Question(text=text, given=Given(**values), now=NOW, timezone="Europe/Paris")
    )


def codes(outing: Outing) -> list[str]:
    return [notice.code for notice in outing.notices if notice.code.startswith("plan_")]


async def test_the_example_of_the_issue_becomes_a_plan(
    database: Database, gazetteer: Gazetteer
) -> None:
    """An exhibition on the Saturday, then the concert across the river, 14 € of the 15 € that each may spend."""
    outing = await planned(database, gazetteer, TEXT, [expo(), an_event("concert")])
    (plan,) = outing.plans
    assert [step.found.event.uid for step in plan.steps] == ["expo", "concert"]
    assert plan.price_per_person == 14
    first, second = plan.steps
    assert first.arrives_at.astimezone(PARIS).date() == SATURDAY.date()
    assert first.leaves_at < second.arrives_at == SATURDAY + timedelta(hours=20, minutes=30)
    assert second.km_from_previous is not None
    assert 2 < second.km_from_previous < 4
    assert codes(outing) == ["plan_travel_estimated"]
    assert [one.event.uid for one in outing.answer.found.events] == ["expo", "concert"]


async def test_what_could_not_be_fitted_is_told_with_its_reason(
    database: Database, gazetteer: Gazetteer
) -> None:
    """« Rien » without a reason leaves the visitor guessing what to change."""
    nothing = await planned(database, gazetteer, TEXT, [expo()])
    assert codes(nothing) == ["plan_nothing_found"]
    assert "« concert »" in nothing.notices[-1].fr
    dear = an_event("dear", price=Price(kind=PriceKind.PAID, lowest=12, highest=12))
    assert codes(await planned(database, gazetteer, TEXT, [dear])) == ["plan_over_budget"]


async def test_unknown_hours_are_no_plan_and_are_told(
    database: Database, gazetteer: Gazetteer
) -> None:
    """A day without hours cannot be promised to fit."""
    hourless = an_event(
        "concert", occurrences=(occurrence(SATURDAY, hours=23, is_day_known_only=True),)
    )
    outing = await planned(database, gazetteer, TEXT, [expo(), hourless])
    assert codes(outing) == ["plan_no_hours"]
    assert [len(plan.steps) for plan in outing.plans] == [1]


async def test_an_unknown_price_is_told_when_there_is_a_budget(
    database: Database, gazetteer: Gazetteer
) -> None:
    """The sum would be a guess; the visitor is asked to check instead."""
    outing = await planned(database, gazetteer, TEXT, [expo(price=Price()), an_event("concert")])
    assert outing.plans[0].price_per_person is None
    assert "plan_prices_unknown" in codes(outing)


async def test_a_day_that_suits_every_part_is_found(
    database: Database, gazetteer: Gazetteer
) -> None:
    """No day was said: the exhibition is open each day, the concert on Sunday only."""
    sunday = an_event("concert", occurrences=(occurrence(SATURDAY + timedelta(days=1, hours=18)),))
    outing = await planned(
        database, gazetteer, "une expo puis un concert puis un resto, à Lyon", [expo(), sunday]
    )
    (plan,) = outing.plans
    assert {f"{step.arrives_at.astimezone(PARIS):%a}" for step in plan.steps} == {"Sun"}
    assert codes(outing) == ["plan_no_meals", "plan_any_day", "plan_travel_estimated"]


async def test_a_day_with_children_has_a_morning_and_an_afternoon(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Workshops for four and seven year olds, none for adults, none of one series twice."""
    events = [
        an_event(
            f"{hour}-{age}", title=f"Atelier {hour}", category=Category.WORKSHOP, age_min=age, age_max=99,
            venue=LYON if hour < 12 else MUSEUM, occurrences=(occurrence(SATURDAY + timedelta(hours=hour), hours=1),),
        )
        for hour, age in ((10, 3), (15, 4), (16, 18))
    ]  # fmt: skip
    text = "une journée à Lyon samedi avec deux enfants de 4 et 7 ans"
    (plan,) = (await planned(database, gazetteer, text, events)).plans
    assert [step.found.event.uid for step in plan.steps] == ["10-3", "15-4"]


async def test_a_place_chosen_on_the_page_holds_for_every_part(
    database: Database, gazetteer: Gazetteer
) -> None:
    """A form that says Grenoble means Grenoble."""
    outing = await planned(
        database, gazetteer, TEXT, [expo(), an_event("concert")], place="Grenoble"
    )
    assert outing.plans == ()
    assert codes(outing) == ["plan_nothing_found"] * 2


async def test_another_kind_of_event_is_told(database: Database, gazetteer: Gazetteer) -> None:
    """A talk about an exhibition is no exhibition; as the nearest thing it may be proposed, not passed off."""
    talk = expo(
        "talk",
        category=Category.CONFERENCE,
        occurrences=(occurrence(SATURDAY + timedelta(hours=14)),),
    )
    outing = await planned(database, gazetteer, TEXT, [talk, an_event("concert")])
    assert [len(plan.steps) for plan in outing.plans] == [2]
    assert "plan_another_kind" in codes(outing)
    both = await planned(database, gazetteer, TEXT, [expo()])
    assert both.plans[0].steps[0].found.event.uid == "expo"
    assert "plan_another_kind" not in codes(both)
