"""Any search as something to subscribe to, and searches page by page."""

from datetime import timedelta
from typing import Any

import feedparser
import httpx
import pytest
from icalendar import Calendar
from tests.embedders import WordHashEmbedder
from tests.serving import (
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.api.paging import Cursor
from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings

WHOLE_SEARCH = {"q": "concert ce week-end à Lyon", "lang": "fr"}


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    settings = Settings(public_url="http://puls.test")
    return puls_over(database, gazetteer, embedder=WordHashEmbedder(), settings=settings)


async def a_feed(client: httpx.AsyncClient, kind: str, **asked: str) -> httpx.Response:
    answer = await client.get(f"/v1/search.{kind}", params=asked or WHOLE_SEARCH)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_feed_reader_reads_a_search(puls: Puls) -> None:
    """Read back by a program that others wrote, with a title that XML must escape."""
    title = "Rock & Roll <live> \x07 à « L'Épicerie »"
    await save(puls.database, [an_event("1", title=title), an_event("a/b", title="Concert")])
    async with visiting(app_over(puls)) as client:
        answer = await a_feed(client, "rss")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.title == "Puls : concert ce week-end à Lyon"
    assert feed.feed.language == "fr"
    by_link = {entry.link: entry for entry in feed.entries}
    assert set(by_link) == {"http://puls.test/evenement/1", "http://puls.test/evenement/a%2Fb"}
    entry = by_link["http://puls.test/evenement/1"]
    assert " ".join(entry.title.split()) == (  # read days later: no « demain »
        "Rock & Roll <live> à « L'Épicerie » · samedi 28 novembre 2026, 20 h 30"
    )
    assert entry.id == entry.link
    assert "Le Transbordeur, Lyon" in entry.summary
    assert "Licence Ouverte 2.0" in entry.summary


async def test_a_json_feed_holds_the_same(puls: Puls) -> None:
    await save(puls.database, [an_event("1")])
    async with visiting(app_over(puls)) as client:
        answer = await a_feed(client, "json-feed")
    feed: dict[str, Any] = answer.json()
    assert answer.headers["content-type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["_puls"]["uid"] for item in feed["items"]] == ["1"]
    assert feed["items"][0]["_puls"]["starts_at"] == SATURDAY_EVENING.isoformat()
    assert feed["feed_url"].startswith("http://puls.test/v1/search.json-feed?q=concert")


async def test_a_calendar_holds_each_event_once_at_the_date_that_fits(puls: Puls) -> None:
    """A weekend's calendar must not hold an exhibition's fifty other days."""
    weeks = tuple(occurrence(SATURDAY_EVENING + timedelta(weeks=week)) for week in range(9))
    await save(puls.database, [an_event("1", occurrences=weeks)])
    async with visiting(app_over(puls)) as client:
        answer = await a_feed(client, "ics")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [entry.decoded("dtstart") for entry in entries] == [SATURDAY_EVENING]


@pytest.mark.parametrize("kind", ["rss", "json-feed", "ics"])
async def test_a_feed_that_did_not_change_is_not_sent_again(puls: Puls, kind: str) -> None:
    """Readers ask each hour, all day."""
    await save(puls.database, [an_event("1")])
    async with visiting(app_over(puls)) as client:
        first = await a_feed(client, kind)
        again = await client.get(
            f"/v1/search.{kind}",
            params=WHOLE_SEARCH,
            headers={"If-None-Match": first.headers["etag"]},
        )
    assert (again.status_code, again.content) == (304, b"")
    assert "set-cookie" not in first.headers


async def test_what_is_only_near_the_theme_is_in_no_feed(puls: Puls) -> None:
    """Who subscribes to opera wants no reading for toddlers because it is the nearest."""
    await save(puls.database, [an_event("1")])
    async with visiting(app_over(puls)) as client:
        answer = await a_feed(client, "json-feed", q="patinoire à Lyon")
    assert answer.json()["items"] == []


async def test_pages_follow_each_other_and_give_each_event_once(puls: Puls) -> None:
    """Also when the clock goes on and an event disappears between two pages."""
    events = [
        an_event(str(uid), title=f"Concert {uid}", duplicate_key=str(uid), series_key=str(uid))
        for uid in range(1, 24)
    ]
    await save(puls.database, events)
    seen: list[str] = []
    async with visiting(app_over(puls)) as client:
        asked: dict[str, str | int] = {"q": "ce week-end à Lyon", "limit": 5}
        while True:
            page = (await client.get("/v1/search", params=asked)).json()
            seen += [event["uid"] for event in page["events"]]
            assert page["fitting"] in {23, 22}
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]
            if len(seen) == 5:
                async with puls.database.transaction() as connection:
                    await puls.catalogue.remove(connection, "test", [seen[0]], now=NOW)
    assert len(seen) == len(set(seen)) == 23


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "AAAA",
        Cursor(now=NOW, given=5, last="5", question="another").text(),
        Cursor(now=NOW.replace(tzinfo=None), given=5, last="5", question="q").text()[:-4],
        Cursor(now=NOW, given=10**9, last="5", question="q").text(),
    ],
)
async def test_a_cursor_of_another_question_is_refused_with_a_sentence(
    puls: Puls, cursor: str
) -> None:
    async with visiting(app_over(puls)) as client:
        answer = await client.get("/v1/search", params={"q": "jazz", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert "cursor" in answer.json()["detail"]
