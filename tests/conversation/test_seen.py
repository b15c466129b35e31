"""What a turn leaves for operators: enough to see why an answer was bad, and no words."""

import json

import pytest
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.database import Database
from puls.geo.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("concert de jazz à Lyon samedi", "on_theme"),
        ("concert à Brest samedi", "nothing"),
        ("bonjour", None),
    ],
)
async def test_a_turn_keeps_what_it_found_and_where_it_was_wanted(
    database: Database, gazetteer: Gazetteer, words: str, found: str | None
) -> None:
    """Unmet demand is counted from these columns, for any message that asks for events."""
    await save(database, [an_event()])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        answer = await client.post("/v1/chat", json={"text": words}, timeout=30)
        assert answer.status_code == 200, answer.text
    row = await database.fetch_one(
        b"SELECT found, place, theme, topic, seen::text AS seen FROM turn"
    )
    assert row is not None
    assert row["found"] == found
    if found is None:
        return
    assert (
        row["theme"] == "concert"
    )  # of the words alone: nothing is counted under « all kinds » that named one
    seen = json.loads(row["seen"])
    assert (row["place"] == "c69123") is ("Lyon" in words)
    if found == "on_theme":
        assert [each["uid"] for each in seen["events"]] == ["1"]
        assert isinstance(seen["events"][0]["score"], float)
    assert "guitares" not in row["seen"]
