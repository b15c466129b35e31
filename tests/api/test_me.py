"""What a visitor can see, correct, take away and erase, over HTTP."""

from uuid import UUID

import httpx
import pytest
from tests.conversation.conftest import outcome, request, said
from tests.scanning import traces
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.bootstrap import Puls
from puls.conversation.preferences.reading import read_preferences
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


async def bearer(puls: Puls, client: httpx.AsyncClient) -> Visitor:
    """A visitor whom the client names in every request from now on."""
    answer = await client.post("/v1/me")
    assert answer.status_code == 201
    token = answer.json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    visitor = puls.people.tokens.read(token, now=NOW)
    assert visitor is not None
    return visitor


async def test_a_cookie_is_given_only_when_something_is_kept(puls: Puls) -> None:
    """A page that is only read sets no tracker; what is agreed to has to find its visitor again."""
    async with visiting(app_over(puls)) as client:
        for path in ("/v1/me/preferences", "/v1/conversations", "/v1/me/export", "/"):
            assert "set-cookie" not in (await client.get(path)).headers
        agreed = await client.put("/v1/me/consent", json={"preferences": True})
        cookie = agreed.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        profile = (await client.get("/v1/me/preferences")).json()
        assert profile["consents"][0]["given_at"] is not None
        again = await client.put("/v1/me/consent", json={"accessibility": True})
        assert "set-cookie" not in again.headers


async def test_preferences_are_seen_corrected_and_forgotten(puls: Puls) -> None:
    """Article 15 and 16: what is held, where it comes from, and the right to mend it."""
    async with visiting(app_over(puls)) as client:
        refused = await client.patch("/v1/me/preferences", json={"home": "Grenoble"})
        assert (refused.status_code, refused.json()["code"]) == (409, "consent_needed")
        await client.put("/v1/me/consent", json={"preferences": True})
        changed = await client.patch(
            "/v1/me/preferences",
            json={"home": "Grenoble", "children": [7, 4], "likes": ["Jazz"], "max_price": 20},
        )
        assert [each["fr"] for each in changed.json()["preferences"]] == [
            "J’habite Grenoble",
            "Mes enfants : 4 et 7 ans",
            "J’aime : jazz",
            "Budget : 20 € au plus",
        ]
        one = changed.json()["preferences"][0]
        assert (one["origin"], one["source_turn"]) == ("stated", None)
        assert one["expires_at"] > one["created_at"]
        await client.patch("/v1/me/preferences", json={"home": None, "max_price": 30})
        needs = await client.patch(
            "/v1/me/preferences", json={"accessibility": ["mi"], "max_price": 50}
        )
        assert needs.status_code == 409
        kept = (await client.get("/v1/me/preferences")).json()["preferences"]
        assert [each["en"] for each in kept] == [
            "My children: 4 and 7",
            "I like: jazz",
            "Budget: €30 at most",
        ]
        assert (await client.delete("/v1/me/preferences?kind=budget")).status_code == 204
        assert len((await client.get("/v1/me/preferences")).json()["preferences"]) == 2
        await client.delete("/v1/me/preferences")
        assert (await client.get("/v1/me/preferences")).json()["preferences"] == []
        unknown = await client.patch("/v1/me/preferences", json={"home": "Nullepartville"})
        assert unknown.status_code == 422


async def test_what_was_said_before_agreeing_is_kept_on_agreeing(puls: Puls) -> None:
    """« Shall I remember it? » « Yes »: nobody has to say it again."""
    async with visiting(app_over(puls)) as client:
        visitor = await bearer(puls, client)
        begun = await puls.people.conversations.begin(
            visitor, request("j'habite Grenoble et je suis en fauteuil"), now=NOW
        )
        statements = read_preferences(begun.turn.text, gazetteer=puls.gazetteer)
        remembered = await puls.people.preferences.remember(visitor.id, statements, now=NOW)
        assert remembered.kept == ()
        assert remembered.asks == {"preferences", "accessibility"}
        assert len(remembered.notices) == 2
        profile = await client.put(
            "/v1/me/consent", json={"preferences": True, "from_turn": str(begun.turn.id)}
        )
        kept = profile.json()["preferences"]
        assert [(each["kind"], each["source_turn"]) for each in kept] == [
            ("home", str(begun.turn.id))
        ]


async def test_who_refuses_is_not_asked_again(puls: Puls) -> None:
    """Consent is asked once: a question that comes back after a no is pressure, not a question."""
    async with visiting(app_over(puls)) as client:
        visitor = await bearer(puls, client)
        home = read_preferences("j'habite Grenoble", gazetteer=puls.gazetteer)
        preferences = puls.people.preferences
        asked = await preferences.remember(visitor.id, home, now=NOW)
        assert asked.asks == {"preferences"}
        for _ in range(2):
            await client.put("/v1/me/consent", json={"preferences": False})
        again = await preferences.remember(visitor.id, home, now=NOW)
        assert (again.asks, again.notices) == (frozenset(), ())
        await client.put("/v1/me/consent", json={"preferences": True})
        assert (await preferences.remember(visitor.id, home, now=NOW)).kept
        exported = (await client.get("/v1/me/export")).json()["consents"]
        assert [each["given_at"] is None for each in exported] == [True, False]


async def test_the_words_that_were_read_are_kept_with_the_consent(puls: Puls) -> None:
    """Somebody who reads no French cannot have agreed to French words."""
    async with visiting(app_over(puls)) as client:
        await bearer(puls, client)
        agreed = await client.put("/v1/me/consent", json={"preferences": True, "language": "en"})
        (preferences, accessibility) = agreed.json()["consents"]
        assert preferences["wording"].startswith("I agree")
        assert accessibility["given_at"] is None


async def test_likes_become_a_preference_that_says_so(puls: Puls, database: Database) -> None:
    """Two thumbs up for concerts, and the next list leans towards concerts; the page tells why."""
    await save(database, [an_event("1"), an_event("2")])
    async with visiting(app_over(puls)) as client:
        visitor = await bearer(puls, client)
        await client.put("/v1/me/consent", json={"preferences": True})
        _, turn_id = await said(puls.people.conversations, visitor, what=outcome(shown=("1", "2")))
        for uid in ("1", "2"):
            answer = await client.post(
                f"/v1/turns/{turn_id}/feedback", json={"thumb": "up", "uid": uid}
            )
            assert answer.status_code == 204
        kept = (await client.get("/v1/me/preferences")).json()["preferences"]
        assert [(each["fr"], each["origin"]) for each in kept] == [("J’aime : concerts", "learnt")]
        unseen = await client.post(
            f"/v1/turns/{turn_id}/feedback", json={"thumb": "up", "uid": "3"}
        )
        assert unseen.status_code == 422


async def test_the_export_holds_everything_and_erasing_leaves_nothing(
    puls: Puls, database_url: str
) -> None:
    """Articles 17 and 20: a copy of everything, then a scan of every table finds no trace."""
    async with visiting(app_over(puls)) as client:
        visitor = await bearer(puls, client)
        conversation_id, turn_id = await said(
            puls.people.conversations,
            visitor,
            "un concert de nyckelharpa",
            what=outcome("nyckelharpa", answer="Voici un concert de nyckelharpa."),
        )
        await client.put("/v1/me/consent", json={"preferences": True, "accessibility": True})
        await client.patch(
            "/v1/me/preferences", json={"likes": ["nyckelharpa"], "accessibility": ["mi"]}
        )
        await client.post(
            f"/v1/turns/{turn_id}/feedback", json={"thumb": "up", "reason": "nyckelharpa !"}
        )
        await client.post(
            f"/v1/turns/{turn_id}/survey", json={"score": 4, "comment": "Une nyckelharpa, enfin."}
        )
        await save(puls.database, [an_event("7")])
        assert (await client.put("/v1/me/followed/7")).status_code == 204
        exported = (await client.get("/v1/me/export")).json()
        assert [(one["uid"], one["status"]) for one in exported["followed"]] == [("7", 1)]
        assert exported["visitor"]["id"] == str(visitor.id)
        turn = exported["conversations"][0]["turns"][0]
        assert (turn["id"], turn["shown"]) == (str(turn_id), ["1", "2"])
        assert turn["wish"]["wish"]["topic"] == "nyckelharpa"
        assert turn["feedback"][0]["reason"] == "nyckelharpa !"
        assert turn["survey"]["score"] == 4
        assert len(exported["preferences"]) == len(exported["consents"]) == 2
        needles = [str(visitor.id), visitor.id.hex, "nyckelharpa", str(turn_id)]
        needles.append(str(conversation_id))
        assert len(traces(database_url, needles)) >= 9
        erased = await client.delete("/v1/me")
        assert erased.status_code == 204
        assert 'puls_visitor="";' in erased.headers["set-cookie"]
        assert traces(database_url, needles) == []
        assert (
            await client.get("/v1/me/export")
        ).status_code == 401  # nobody is this visitor again


async def test_conversations_are_listed_read_renamed_and_deleted(puls: Puls) -> None:
    """A dropped connection loses nothing: the turn is here."""
    async with visiting(app_over(puls)) as client:
        visitor = await bearer(puls, client)
        conversation_id, turn_id = await said(puls.people.conversations, visitor)
        path = f"/v1/conversations/{conversation_id}"
        assert (await client.patch(path, json={"title": "Jazz"})).status_code == 204
        listed = (await client.get("/v1/conversations")).json()["conversations"]
        assert [(each["id"], each["title"]) for each in listed] == [(str(conversation_id), "Jazz")]
        turns = (await client.get(path)).json()["turns"]
        assert [UUID(turn["id"]) for turn in turns] == [turn_id]
        turn = (await client.get(f"/v1/turns/{turn_id}?wait_seconds=1")).json()
        assert (turn["state"], turn["answer"], turn["shown"]) == ("finished", "Voici.", ["1", "2"])
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "credential", ["puls_unknown", "v1.x.1.y", f"v1.{UUID(int=7).hex}.1.zz", "?"]
)
async def test_a_credential_that_is_not_good_is_refused(puls: Puls, credential: str) -> None:
    """A program with a revoked key must hear of it, not become somebody else."""
    async with visiting(app_over(puls)) as client:
        answer = await client.get(
            "/v1/me/preferences", headers={"Authorization": f"Bearer {credential}"}
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_cookie_that_is_not_good_makes_a_new_visitor(puls: Puls) -> None:
    """After a new secret the page still works."""
    async with visiting(app_over(puls)) as client:
        client.cookies.set("puls_visitor", "v1.broken")
        agreed = await client.put("/v1/me/consent", json={"preferences": True})
    assert agreed.status_code == 200
    assert "set-cookie" in agreed.headers


async def test_too_many_requests_are_told_when_to_come_back(puls: Puls) -> None:
    """429 with Retry-After, as a problem, and the same for every replica."""
    allowed = puls.settings.requests_per_minute
    async with visiting(app_over(puls)) as client, visiting(app_over(puls)) as replica:
        await bearer(puls, client)
        replica.headers["Authorization"] = client.headers["Authorization"]
        answers = [
            await each.get("/v1/me/preferences")
            for _ in range(allowed // 2 + 1)
            for each in (client, replica)
        ]
    assert [answer.status_code for answer in answers[:allowed]] == [200] * allowed
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "rate_limited"
    assert int(answers[-1].headers["retry-after"]) >= 1
