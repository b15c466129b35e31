"""What visitors think of the answers: thumbs with their reasons, and one question now and then."""

from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.conversation.conftest import said
from tests.serving import NOW, app_over, puls_over, visiting

from puls.bootstrap import Puls
from puls.conversation.survey import asks_survey
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


async def counted(client: httpx.AsyncClient, sample: str, **labels: str) -> float:
    page = (await client.get("/metrics")).text
    return sum(
        one.value
        for family in text_string_to_metric_families(page)
        for one in family.samples
        if one.name == sample and labels.items() <= one.labels.items()
    )


def test_a_share_of_turns_asks_and_every_replica_agrees() -> None:
    """One in ten is one in ten, the same ones for everybody, and none or all when told so."""
    turns = [UUID(int=number) for number in range(10_000)]
    assert not any(asks_survey(turn, 0) for turn in turns)
    assert all(asks_survey(turn, 1) for turn in turns)
    tenth = {turn for turn in turns if asks_survey(turn, 0.1)}
    assert 900 < len(tenth) < 1_100
    assert tenth < {turn for turn in turns if asks_survey(turn, 0.3)}
    # Pinned: two releases behind one address must agree as well.
    assert [number for number in range(40) if asks_survey(UUID(int=number), 0.1)] == [
        16,
        28,
        36,
        38,
    ]


async def test_an_answer_is_kept_counted_and_replaced(puls: Puls) -> None:
    """The last one counts for the visitor; the operator sees how many of each score were given."""
    visitor = Visitor(id=uuid4())
    _, turn_id = await said(puls.people.conversations, visitor)
    async with visiting(app_over(puls)) as client:
        client.headers["Authorization"] = f"Bearer {puls.people.tokens.issue(visitor.id, now=NOW)}"
        before = await counted(client, "puls_survey_score_count")
        for score, comment in ((2, None), (5, " Le concert était complet.\0 ")):
            answer = await client.post(
                f"/v1/turns/{turn_id}/survey", json={"score": score, "comment": comment}
            )
            assert answer.status_code == 204
        assert await counted(client, "puls_survey_score_count") == before + 2
        (conversation,) = (await client.get("/v1/me/export")).json()["conversations"]
        survey = conversation["turns"][0]["survey"]
        assert (survey["score"], survey["comment"]) == (5, "Le concert était complet.")
        for wrong in ({"score": 0}, {"score": 6}, {}, {"score": 3, "comment": "x" * 501}):
            refused = await client.post(f"/v1/turns/{turn_id}/survey", json=wrong)
            assert refused.status_code == 422
        unknown = await client.post(f"/v1/turns/{uuid4()}/survey", json={"score": 3})
        assert unknown.status_code == 404


async def test_a_thumb_says_why(puls: Puls) -> None:
    """A word from a short list that can be counted, and free words beside it; neither is asked for."""
    visitor = Visitor(id=uuid4())
    _, turn_id = await said(puls.people.conversations, visitor)
    path = f"/v1/turns/{turn_id}/feedback"
    async with visiting(app_over(puls)) as client:
        client.headers["Authorization"] = f"Bearer {puls.people.tokens.issue(visitor.id, now=NOW)}"
        labels = {"thumb": "down", "about": "event", "reason": "too_expensive"}
        before = await counted(client, "puls_thumbs_total", **labels)
        given = {"thumb": "down", "uid": "1", "reason_code": "too_expensive", "reason": "80 € !"}
        assert (await client.post(path, json=given)).status_code == 204
        assert (await client.post(path, json={"thumb": "up"})).status_code == 204
        assert await counted(client, "puls_thumbs_total", **labels) == before + 1
        (conversation,) = (await client.get("/v1/me/export")).json()["conversations"]
        kept = conversation["turns"][0]["feedback"]
        assert [(one["uid"], one["reason_code"], one["reason"]) for one in kept] == [
            ("1", "too_expensive", "80 € !"),
            (None, None, None),
        ]
        refused = await client.post(path, json={"thumb": "down", "reason_code": "boring"})
        assert refused.status_code == 422
