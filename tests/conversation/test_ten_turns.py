"""Ten turns with nothing but the composer, each right: what a visitor can do without any key or model."""

from collections.abc import AsyncIterator

import pytest
from scripts.tell_ten_turns import PAGE, page
from tests.conversation import ten_turns
from tests.conversation.ten_turns import NOW, VISITOR, Told
from tests.serving import puls_over

from puls.catalogue.event import Category, PriceKind
from puls.conversation.preferences.preference import Home
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample.source import SampleSource
from puls.understanding.turns import Turn

pytestmark = pytest.mark.database
CONCERTS = {Category.CONCERT, Category.PARTY, Category.FESTIVAL}


async def test_every_one_of_ten_turns_is_right(  # noqa: PLR0915 - a conversation is one story
    database: Database, gazetteer: Gazetteer
) -> None:
    """The whole product in one conversation: search, refine, move, ask, compare, plan, tell, correct, stray, overreach."""
    puls = puls_over(database, gazetteer, clock=lambda: NOW)
    await puls.ingestion.run(SampleSource(today=NOW.date()), now=NOW)
    await puls.catalogue.count_words()
    turns: AsyncIterator[Told] = ten_turns.conversation(puls)

    first = await anext(turns)
    assert first.understood.turn is Turn.SEARCH
    assert first.events
    assert {one.event.venue.city for one in first.events if one.event.venue} == {"Lyon"}
    assert all(one.occurrence.starts_at.date().isoformat() <= "2026-11-22" for one in first.events)
    assert all(one.event.title in first.answer for one in first.events)
    assert first.answer.startswith("Voici cinq concerts ce week-end à Lyon, sur ")
    assert first.answer.endswith("\n\nEn voulez-vous d’autres ?")

    cheaper = await anext(turns)
    assert cheaper.understood.turn is Turn.REFINEMENT
    assert cheaper.understood.wish.max_price == 15
    prices = [one.event.price.lowest for one in cheaper.events]
    assert all(price is None or price <= 15 for price in prices)
    assert "concerts ce week-end à Lyon, à 15 € au plus" in cheaper.answer

    moved = await anext(turns)
    assert moved.understood.wish.where is not None
    assert moved.understood.wish.where.commune_codes == ("38185",)
    assert moved.understood.wish.topic == first.understood.wish.topic
    assert moved.events or moved.found.answer.relaxations

    detail = await anext(turns)
    assert detail.understood.turn is Turn.DETAILS
    assert len(detail.events) == 1
    about = detail.events[0].event
    assert about.venue is not None
    assert about.title in detail.answer
    assert (about.venue.address or about.venue.name or "") in detail.answer
    assert (
        about.price.kind is PriceKind.UNKNOWN or "€" in detail.answer or "gratuit" in detail.answer
    )

    compared = await anext(turns)
    assert compared.understood.turn is Turn.COMPARISON
    assert all(one.event.title in compared.answer for one in compared.events)

    outing = await anext(turns)
    assert outing.understood.turn is Turn.PLAN
    assert outing.found.plans
    plan = outing.found.plans[0]
    assert [step.arrives_at.date().isoformat() for step in plan.steps] == ["2026-11-21"] * 2
    assert plan.steps[0].leaves_at < plan.steps[1].arrives_at
    assert plan.price_per_person is None or plan.price_per_person <= 30

    home = await anext(turns)
    assert home.understood.wish.where is not None
    assert home.understood.wish.where.label.startswith("Nantes")
    assert home.understood.wish.ages == (4, 7)

    corrected = await anext(turns)
    assert corrected.understood.wish.where is not None
    assert corrected.understood.wish.where.label.startswith("Rennes")
    profile = await puls.people.preferences.profile(VISITOR.id, now=NOW)
    homes = [one.value for one in profile.preferences if isinstance(one.value, Home)]
    assert [one.where.label for one in homes] == ["Rennes"]

    strayed = await anext(turns)
    assert (strayed.understood.turn, strayed.events) == (Turn.OUT_OF_SCOPE, ())
    assert "Lima" not in strayed.answer
    assert "?" not in strayed.answer

    refused = await anext(turns)
    assert refused.understood.turn is Turn.CANNOT
    assert "réserv" in refused.answer
    assert corrected.events[0].event.title in refused.answer  # « le premier » of those shown last


async def test_the_transcript_is_a_conversation_that_really_happens(
    database: Database, gazetteer: Gazetteer
) -> None:
    """What examples/ shows a newcomer is what Puls answers today, to the letter. `make docs` writes it again."""
    puls = puls_over(database, gazetteer, clock=lambda: NOW)
    assert PAGE.read_text(encoding="utf-8") == await page(puls), "run `make docs`"
