"""The dates of an event as a calendar reads them back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar
from icalendar import Event as Entry
from tests.serving import (
    LYON,
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import Attribution, Event, Price, PriceKind, Status
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample import SAMPLE_MARK

ICS = "/v1/events/1/calendar.ics"


@asynccontextmanager
async def serving(
    database: Database, gazetteer: Gazetteer, event: Event, **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    await save(database, [event])
    puls = puls_over(database, gazetteer)
    puls = replace(puls, settings=puls.settings.model_copy(update=settings))
    async with visiting(app_over(puls)) as client:
        yield client


async def entries(client: httpx.AsyncClient, address: str = ICS) -> list[Entry]:
    response = await client.get(address)
    assert response.status_code == 200, response.text
    return read_back(response)


def read_back(response: httpx.Response) -> list[Entry]:
    calendar = Calendar.from_ical(response.content)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar.events


def said(entry: Entry, name: str) -> str:
    """What a property says, read back."""
    value = entry[name]
    return value if isinstance(value, str) else str(value.to_ical())


async def test_an_event_goes_into_a_calendar(client: httpx.AsyncClient) -> None:
    """Everything that a person on their way needs, without opening Puls again."""
    response = await client.get(ICS)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (
        response.headers["content-disposition"]
        == 'attachment; filename="concert-de-jazz-manouche.ics"'
    )
    (entry,) = read_back(response)
    assert (entry.start, entry.end) == (SATURDAY_EVENING, SATURDAY_EVENING + timedelta(hours=2))
    assert said(entry, "summary") == "Concert de jazz manouche"
    assert said(entry, "location") == "Le Transbordeur, 3 boulevard de Stalingrad, 69100 Lyon"
    assert said(entry, "geo") == "45.7838;4.8604"
    assert said(entry, "url") == "http://puls.test/evenement/1"
    assert said(entry, "status") == "CONFIRMED"
    assert said(entry, "uid") == "1-20261128T193000Z@puls"
    assert entry.DTSTAMP == NOW
    for words in ("De 8 à 15", "Agenda du Transbordeur", "Licence Ouverte 2.0", "openagenda.com"):
        assert words in said(entry, "description")


async def test_the_same_date_keeps_its_uid_and_what_is_over_is_left_out(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Imported twice it is one entry; a season of 100 dates is not a season of 100 alarms."""
    dates = tuple(occurrence(SATURDAY_EVENING + timedelta(weeks=week)) for week in range(-3, 100))
    async with serving(
        database, gazetteer, an_event(occurrences=dates), public_url="https://puls.example/"
    ) as client:
        first, second = await entries(client), await entries(client)
    assert [said(one, "uid") for one in first] == [said(one, "uid") for one in second]
    assert len({said(one, "uid") for one in first}) == len(first) == 60
    assert min(one.start for one in first) == SATURDAY_EVENING
    assert said(first[0], "url") == "https://puls.example/evenement/1"


async def test_dates_that_begin_together_are_one_entry(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Two entries with one UID are an error to some calendars, and a riddle to people."""
    dates = (occurrence(SATURDAY_EVENING, hours=4), occurrence(SATURDAY_EVENING, hours=2))
    async with serving(database, gazetteer, an_event(occurrences=dates)) as client:
        (entry,) = await entries(client)
    assert entry.end == SATURDAY_EVENING + timedelta(hours=4)


async def test_one_date_is_picked_by_its_start(database: Database, gazetteer: Gazetteer) -> None:
    """« Add to calendar » on a card is about the date that the card shows."""
    second = SATURDAY_EVENING + timedelta(days=1)
    event = an_event(occurrences=(occurrence(SATURDAY_EVENING), occurrence(second)))
    async with serving(database, gazetteer, event) as client:
        for written in (second.isoformat(), second.astimezone(UTC).isoformat()):
            address = f"{ICS}?occurrence={written.replace('+', '%2B')}"
            assert [one.start for one in await entries(client, address)] == [second]
        other = await client.get(f"{ICS}?occurrence=2026-11-28T20:31:00%2B01:00")
        unreadable = await client.get(f"{ICS}?occurrence=tomorrow")
    assert (other.status_code, unreadable.status_code) == (404, 422)


@pytest.mark.parametrize("timezone", ["Europe/Paris", "Indian/Reunion", "America/Martinique"])
async def test_the_moment_is_right_whatever_the_venues_clocks(
    database: Database, gazetteer: Gazetteer, timezone: str
) -> None:
    """Also across the change of clocks in March."""
    zone = ZoneInfo(timezone)
    starts = [datetime(2027, 3, day, 20, 30, tzinfo=zone) for day in (27, 28)]
    event = an_event(timezone=timezone, occurrences=tuple(map(occurrence, starts)))
    async with serving(database, gazetteer, event) as client:
        found = [one.start for one in await entries(client)]
    assert found == starts


async def test_what_is_cancelled_or_withdrawn_says_so(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Nobody stands before a closed door because of an entry of ours."""
    async with serving(database, gazetteer, an_event(status=Status.CANCELLED)) as client:
        (entry,) = await entries(client)
        assert (said(entry, "status"), said(entry, "summary")) == (
            "CANCELLED",
            "Concert de jazz manouche (annulé)",
        )
        await database.fetch_all(b"UPDATE event SET status = 1, removed_at = now() RETURNING id")
        (entry,) = await entries(client, f"{ICS}?lang=en")
        assert said(entry, "summary") == "Concert de jazz manouche (cancelled)"
        await database.fetch_all(b"UPDATE event SET status = 4, removed_at = NULL RETURNING id")
        (entry,) = await entries(client)
        assert (said(entry, "status"), str(said(entry, "summary"))[-9:]) == (
            "TENTATIVE",
            "(reporté)",
        )


async def test_dates_without_hours_are_whole_days(database: Database, gazetteer: Gazetteer) -> None:
    """A range that is only possible is marked, and keeps nobody busy for three weeks."""
    paris = ZoneInfo("Europe/Paris")
    event = an_event(
        occurrences=(
            occurrence(datetime(2026, 12, 1, tzinfo=paris), hours=24, is_day_known_only=True),
            occurrence(datetime(2026, 12, 5, tzinfo=paris), hours=24 * 21, is_possible=True),
        )
    )
    async with serving(database, gazetteer, event) as client:
        day, possible = await entries(client)
    assert (day.start, day.end) == (date(2026, 12, 1), date(2026, 12, 2))
    assert "Horaires non précisés" in said(day, "description")
    assert (possible.start, possible.end) == (date(2026, 12, 5), date(2026, 12, 26))
    assert said(possible, "summary").endswith("(dates à vérifier)")
    assert (said(possible, "status"), said(possible, "transp")) == ("TENTATIVE", "TRANSPARENT")


async def test_an_event_without_a_date_to_come_is_no_empty_calendar(
    database: Database, gazetteer: Gazetteer
) -> None:
    """RFC 5545 wants an entry; a person wants to know why there is none."""
    past = an_event(occurrences=(occurrence(NOW - timedelta(days=3)),))
    async with serving(database, gazetteer, past) as client:
        answer = await client.get(ICS)
        unknown = await client.get("/v1/events/0/calendar.ics")
    assert answer.status_code == unknown.status_code == 404
    assert "no date to come" in answer.json()["detail"]


async def test_an_invented_event_says_so_in_the_calendar(
    database: Database, gazetteer: Gazetteer
) -> None:
    """It stays there when the page is long closed."""
    source = Attribution(source="sample", agenda_title=f"Le fil {SAMPLE_MARK}", licence="MIT")
    async with serving(database, gazetteer, an_event(attribution=source)) as client:
        (entry,) = await entries(client)
    assert "d'exemple" in said(entry, "summary")
    assert "inventé" in said(entry, "description")


async def test_what_an_organiser_wrote_breaks_nothing_out(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Markup, forged lines, control characters, turned directions and heaps of accents are words."""
    title = "Été; a,b\\n\r\nEND:VEVENT\rATTACH:x <b>\x07\u2028\u202eגמר\u202c 🎻e" + "\u0301" * 140
    event = an_event(
        uid='é;"x',
        title=title,
        description="SUMMARY:forgé\r\nBEGIN:VALARM\nDTSTART:19700101 " + "😀" * 200,
        price=Price(kind=PriceKind.PAID, conditions="5 €\r\nEND:VCALENDAR"),
        venue=replace(LYON, name="Salle\nGEO:0;0"),
        attribution=Attribution(source="test", url="javascript:alert(1)", licence="MIT"),
    )
    async with serving(database, gazetteer, event) as client:
        response = await client.get("/v1/events/%C3%A9;%22x/calendar.ics")
    (entry,) = read_back(response)
    assert said(entry, "summary") == "Été; a,b\\n END:VEVENT ATTACH:x <b> גמר 🎻e" + "\u0301" * 3
    assert said(entry, "location") == "Salle GEO:0;0, 3 boulevard de Stalingrad, 69100 Lyon"
    assert said(entry, "geo") == "45.7838;4.8604"
    assert not entry.subcomponents
    assert entry.start == SATURDAY_EVENING
    assert "javascript" not in said(entry, "description")
    assert response.headers["content-disposition"].isascii()
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    letters = response.content.replace(b"\r\n", b"").decode()
    assert not [letter for letter in letters if category(letter) in {"Cc", "Zl", "Zp"}]
    assert "\u202e" not in letters
