"""The page of one event: for the person who decides to go, and for the machines that tell others of it."""

import json
import re
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.serving import (
    LYON,
    NOW,
    PARIS,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import (
    Accessibility,
    Attendance,
    Attribution,
    Category,
    Event,
    Price,
    PriceKind,
    Status,
)
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample import SAMPLE_MARK
from puls.monitoring import BOOKINGS
from puls.ui.event.structured_data import event_json_ld
from puls.ui.posters.drawing import poster_address

Served = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]>&lt;script&gt;",
    "\u202eנוף\u2066 evil \u2067exe.txt",
    "🎻👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "Z" + "\u0301" * 140 + "algo",
    "quote \" and ' and \\ and {{ 7 * 7 }}",
    "line\u2028paragraph\u2029end",
]


@pytest.fixture
def served(database: Database, gazetteer: Gazetteer) -> Served:
    """A client of Puls with this event alone."""

    @asynccontextmanager
    async def open_(event: Event, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        await save(database, [event])
        puls = puls_over(database, gazetteer)
        puls = replace(puls, settings=puls.settings.model_copy(update=settings))
        async with visiting(app_over(puls)) as client:
            yield client

    return open_


async def read(client: httpx.AsyncClient, address: str = "/evenement/1") -> LexborHTMLParser:
    response = await client.get(address)
    assert response.status_code == 200, address
    return LexborHTMLParser(response.text)


def words(page: LexborHTMLParser, selector: str = "body") -> str:
    (node,) = page.css(selector)
    return " ".join(node.text(separator=" ").replace("\N{NO-BREAK SPACE}", " ").split())


def words_of(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").replace("\N{NO-BREAK SPACE}", " ").split())


def structured(page: LexborHTMLParser) -> list[dict[str, Any]]:
    (script,) = page.css("script[type='application/ld+json']")
    document = json.loads(script.text())
    assert document["@context"] == "https://schema.org"
    graph: list[dict[str, Any]] = document["@graph"]
    return graph


def described(event: Event) -> dict[str, Any]:
    told = event_json_ld(event, now=NOW, address="https://puls.example/e", language="fr")
    first: dict[str, Any] = json.loads(told)["@graph"][0]
    return first


async def test_it_shows_all_dates(served: Served) -> None:
    """Dates by month, past ones folded away, place, price, and who says so."""
    dates = [occurrence(SATURDAY_EVENING + timedelta(weeks=week)) for week in range(-2, 30)]
    async with served(an_event(occurrences=tuple(dates), status=Status.FULL)) as client:
        page = await read(client)
    text = words(page)
    assert "Novembre 2026" in text
    assert "Samedi 28 20 h 30 – 22 h 30" in text
    assert "3 boulevard de Stalingrad" in text
    assert "Licence Ouverte 2.0" in text
    assert len(page.css(".dates li")) == len(dates)
    assert [one.text().strip() for one in page.css(".event-facts summary")] == [
        "Les dates suivantes",
        "Dates passées",
    ]


async def test_it_offers_what_to_do_and_booking_comes_first(served: Served) -> None:
    """Book, into the calendar, on the way, to a friend; each a plain link that works without JavaScript."""
    event = an_event(
        registration=(("phone", "04 78 00 00 00"), ("link", "https://tickets.example/1"))
    )
    async with served(event, public_url="https://puls.example/") as client:
        page = await read(client, "/evenement/1?lang=en")
        links = [
            (words_of(one), one.attributes["href"] or "") for one in page.css(".event-actions a")
        ]
        assert links[0] == (
            "Book (takes you to tickets.example) (new tab)",
            "/evenement/1/reserver",
        )
        assert dict(links[1:]) == {
            "Calendar": "/v1/events/1/calendar.ics?lang=en&occurrence=2026-11-28T19%3A30%3A00Z",
            "Public transport Google Maps (new tab)": "https://www.google.com/maps/dir/?api=1&destination=45.7838%2C4.8604&travelmode=transit",
            "On foot OpenStreetMap (new tab)": "https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&to=45.7838%2C4.8604",
            "By bike OpenStreetMap (new tab)": "https://www.openstreetmap.org/directions?engine=fossgis_osrm_bike&to=45.7838%2C4.8604",
            "By car OpenStreetMap (new tab)": "https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&to=45.7838%2C4.8604",
            "Open in an app": "geo:45.7838,4.8604?q=45.7838,4.8604",
            "Share": "https://puls.example/evenement/1?lang=en",
        }
        taken = await client.get(dict(links)["Calendar"])
        assert taken.headers["content-type"].startswith("text/calendar")
    (share,) = page.css("[data-share]")
    assert share.attributes["data-share"] == "Concert de jazz manouche"
    (keep,) = page.css("button[data-follow]")
    assert keep.attributes["data-follow"] == "1"
    assert {"hidden", "aria-pressed"} <= keep.attributes.keys()  # it needs a script to act


async def test_booking_leads_there_and_is_counted_without_saying_who(served: Served) -> None:
    """The one figure that says whether Puls is of use; a redirect of our own, to the organiser's address alone."""
    before = BOOKINGS.labels("registration")._value.get()
    event = an_event(registration=(("link", "https://tickets.example/1?a=b"),))
    async with served(event) as client:
        answer = await client.get("/evenement/1/reserver?to=https://evil.example")
        assert answer.status_code == 302
        assert answer.headers["location"] == "https://tickets.example/1?a=b"
        assert "set-cookie" not in answer.headers
        assert BOOKINGS.labels("registration")._value.get() == before + 1
        assert (await client.get("/evenement/nobody/reserver")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words", "address", "is_primary"),
    [
        ({"registration": (("email", "a@b.example"), ("phone", "04 78"))}, "Réserver par téléphone", "tel:0478", True),
        ({"registration": (("email", "a@b.example"),)}, "Réserver par e-mail", "mailto:a@b.example", True),
        ({}, "Infos et réservation", "/evenement/1/reserver", True),
        ({"price": Price(kind=PriceKind.FREE, lowest=0, highest=0)}, "Page de l'organisateur", "/evenement/1/reserver", False),
        ({"status": Status.CANCELLED, "registration": (("link", "https://t.example"),)}, "Page de l'organisateur", "/evenement/1/reserver", False),
        ({"registration": (("link", "javascript:alert(1)"),)}, "Infos et réservation", "/evenement/1/reserver", True),
    ],
)  # fmt: skip
async def test_the_first_action_promises_no_more_than_there_is(
    served: Served, changes: dict[str, Any], words: str, address: str, is_primary: bool
) -> None:
    """Free without booking, cancelled, by phone only: « Réserver » would be untrue."""
    async with served(an_event(**changes)) as client:
        page = await read(client)
    (first,) = page.css(".first-action a")
    assert words_of(first).split(" (")[0] == words
    assert first.attributes["href"] == address
    assert ("primary" in (first.attributes["class"] or "")) is is_primary


async def test_the_calendar_takes_the_day_and_all_dates_come_second(served: Served) -> None:
    """52 entries for one exhibition is what people swore at."""
    dates = [occurrence(SATURDAY_EVENING + timedelta(weeks=week)) for week in range(8)]
    async with served(an_event(occurrences=tuple(dates))) as client:
        page = await read(client, "/evenement/1?jour=2026-12-12")
        first, every = (
            one.attributes["href"] or "" for one in page.css(".event-actions a[download]")
        )
        assert (await client.get(first)).text.count("BEGIN:VEVENT") == 1
        assert "20261212T193000Z" in (await client.get(first)).text
        assert (await client.get(every)).text.count("BEGIN:VEVENT") == 8
        assert "Samedi 12 décembre, 20 h 30" in words(page, ".event-line")
        assert len(page.css(".dates .to-calendar")) == 8


async def test_it_leads_back_to_the_list_one_came_from(served: Served) -> None:
    """With the question, the chips and the position of the list; nowhere when one came from elsewhere."""
    async with served(an_event()) as client:
        there = "http://puls.test/?q=concert+%C3%A0+Lyon&lat=45.760&lon=4.840"
        came = LexborHTMLParser((await client.get("/evenement/1", headers={"Referer": there})).text)
        (back,) = came.css(".back a")
        assert back.attributes["href"] == "/?q=concert+%C3%A0+Lyon&lat=45.760&lon=4.840"
        assert words_of(back) == "Revenir à la liste"
        assert "à 3,1 km" in words(came, ".event-line")
        ways = [one.attributes["href"] or "" for one in came.css("[data-from-here]")]
        assert all("45.76%2C4.84" in way for way in ways)
        for elsewhere in (
            "https://evil.example/c/1",
            "http://puls.test/evenement/1",
            "http://[",
            "",
        ):
            answer = await client.get("/evenement/1", headers={"Referer": elsewhere})
            assert 'class="back"' not in answer.text, elsewhere


async def test_what_is_near_in_place_and_spirit_is_offered(
    served: Served, database: Database
) -> None:
    """At the same venue under any key of it, then alike; no repeat of the series, nothing twice, nothing that is over."""
    other_key = replace(LYON, key="transbordeur-bis", name="LE TRANSBORDEUR")
    far = replace(
        LYON,
        key="lille",
        name="Le Zénith",
        city="Lille",
        commune_code="59350",
        coordinates=Coordinates(50.6, 3.1),
    )
    await save(
        database,
        [
            an_event("2", title="Bal folk", venue=other_key),
            an_event("3", title="Concert de jazz manouche", series_key="series-1"),
            an_event("4", title="Jazz ailleurs", venue=replace(LYON, key="k", name="Périscope")),
            an_event("5", title="Jazz à Lille", venue=far),
            an_event("6", title="C'était hier", occurrences=(occurrence(NOW - timedelta(days=1)),)),
        ],
    )  # fmt: skip
    async with served(an_event()) as client:
        page = await read(client)
    lists = {
        one.attributes["aria-label"]: [words_of(title) for title in one.css("h3")]
        for one in page.css(".minis")
    }
    assert lists == {"Dans le même lieu": ["Bal folk"], "Dans le même esprit": ["Jazz ailleurs"]}


async def test_accessibility_is_the_organisers_word_in_peoples_words(served: Served) -> None:
    """For, against, or not said: who comes in a wheelchair decides by it."""
    event = an_event(
        accessibility=frozenset({Accessibility.HEARING}),
        not_accessible=frozenset({Accessibility.MOTOR}),
    )
    async with served(event) as client:
        page = await read(client)
    assert words(page, ".access-good") == "Accessible aux sourds et malentendants"
    assert words(page, ".access-against") == "Non accessible en fauteuil"
    assert "Selon l'organisateur" in words(page)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.CANCELLED, "Annulé : cet événement n'aura pas lieu."),
        (Status.POSTPONED, "Reporté : les dates indiquées ne tiennent plus"),
        (Status.FULL, "Complet : il n'y a plus de place."),
        (Status.RESCHEDULED, "Reprogrammé : les dates ont changé"),
        (Status.MOVED_ONLINE, "Déplacé en ligne"),
    ],
)
async def test_what_changes_the_evening_is_said_first(
    served: Served, status: Status, said: str
) -> None:
    """Before the title, once, in a sentence."""
    async with served(an_event(status=status)) as client:
        page = await read(client)
    assert said in words(page, ".banner")
    text = words(page, "article")
    assert text.index(said) < text.index("Concert de jazz manouche")
    assert page.css(".badge.warning, .badge.caution") == []


async def test_an_event_that_is_over_cannot_be_put_into_a_calendar(served: Served) -> None:
    """A button that gives a 404 is worse than none."""
    async with served(an_event(occurrences=(occurrence(NOW - timedelta(days=9)),))) as client:
        page = await read(client)
    assert page.css("a[href*='calendar.ics']") == []
    assert "Cet événement est terminé." in words(page)


async def test_search_engines_read_it_as_schema_org_describes_events(served: Served) -> None:
    """One object per date, with what the organiser stated and nothing else."""
    dates = [occurrence(SATURDAY_EVENING + timedelta(weeks=week)) for week in range(-1, 20)]
    async with served(
        an_event(
            occurrences=tuple(dates),
            image_url="https://images.example/1.jpg",
            age_min=6,
            registration=(("link", "https://tickets.example/1"),),
        ),
        public_url="https://puls.example",
    ) as client:
        graph = structured(await read(client))
    assert [one["startDate"] for one in graph[:2]] == [
        "2026-11-28T20:30:00+01:00",
        "2026-12-05T20:30:00+01:00",
    ]
    assert len(graph) == 10
    assert graph[0] == {
        "@type": "MusicEvent",
        "name": "Concert de jazz manouche",
        "url": "https://puls.example/evenement/1",
        "sameAs": "https://openagenda.com/a/events/concert",
        "description": "Trois guitares et un violon.",
        "image": "https://images.example/1.jpg",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": [
            {
                "@type": "Place",
                "name": "Le Transbordeur",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "3 boulevard de Stalingrad",
                    "postalCode": "69100",
                    "addressLocality": "Lyon",
                    "addressCountry": "FR",
                },
                "geo": {"@type": "GeoCoordinates", "latitude": 45.7838, "longitude": 4.8604},
            }
        ],
        "organizer": {"@type": "Organization", "name": "Agenda du Transbordeur"},
        "isAccessibleForFree": False,
        "offers": {
            "@type": "AggregateOffer",
            "lowPrice": "8",
            "highPrice": "15",
            "priceCurrency": "EUR",
            "url": "https://tickets.example/1",
        },
        "typicalAgeRange": "6-",
        "startDate": "2026-11-28T20:30:00+01:00",
        "endDate": "2026-11-28T22:30:00+01:00",
    }


@pytest.mark.parametrize(
    ("price", "is_free", "offer"),
    [
        (Price(kind=PriceKind.FREE, lowest=0, highest=0), True, "0"),
        (Price(kind=PriceKind.PAID, lowest=12.5), False, "12.50"),
        (Price(kind=PriceKind.PAID), False, None),
        (Price(kind=PriceKind.PAID, lowest=0), None, None),  # a contribution
        (Price(), None, None),
    ],
)
def test_no_price_is_made_up(price: Price, is_free: bool | None, offer: str | None) -> None:
    """A search engine shows it as the organiser's word."""
    told = described(an_event(price=price))
    assert told.get("isAccessibleForFree") is is_free
    assert told.get("offers", {}).get("price") == offer


def test_what_is_known_of_place_and_dates_is_told_and_no_more() -> None:
    """Days stay days, a town's centre is no venue's position, online is a place of its own."""
    day = occurrence(datetime(2026, 12, 1, tzinfo=PARIS), hours=24 * 3, is_possible=True)
    exhibition = described(
        an_event(
            category=Category.EXHIBITION,
            occurrences=(day,),
            venue=replace(LYON, is_approximate=True),
        )
    )
    assert exhibition["@type"] == "ExhibitionEvent"
    assert (exhibition["startDate"], exhibition["endDate"]) == ("2026-12-01", "2026-12-03")
    assert "geo" not in exhibition["location"][0]
    mixed = described(
        an_event(
            attendance=Attendance.MIXED, status=Status.FULL, online_url="https://live.example/1"
        )
    )
    assert [one["@type"] for one in mixed["location"]] == ["Place", "VirtualLocation"]
    assert mixed["offers"]["availability"] == "https://schema.org/SoldOut"
    online = described(an_event(attendance=Attendance.ONLINE, status=Status.MOVED_ONLINE))
    assert online["location"] == [{"@type": "VirtualLocation", "url": "https://puls.example/e"}]
    assert online["eventStatus"] == "https://schema.org/EventMovedOnline"
    cancelled = described(an_event(status=Status.CANCELLED, venue=None))
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert "location" not in cancelled


@pytest.mark.parametrize("title", HOSTILE)
async def test_a_hostile_title_is_words_in_every_place(served: Served, title: str) -> None:
    """Page, structured data, head and attributes; the JSON element ends where we end it."""
    event = an_event(title=title, description=title, details=title, image_credits=title)
    source = replace(event.attribution, agenda_title=title)
    async with served(replace(event, attribution=source)) as client:
        response = await client.get("/evenement/1")
    page = LexborHTMLParser(response.text)
    (told,) = structured(page)
    heading = words(page, "h1").replace("\N{NO-BREAK SPACE}", " ")
    assert told["name"] == heading == " ".join(told["name"].split())
    assert len(heading) < 60
    assert [one.attributes["src"] for one in page.css("img")] == [
        poster_address(event.category, title)
    ]
    inline = {one.attributes.get("type") for one in page.css("script:not([src])")}
    assert inline == {"application/json", "application/ld+json"}  # data, never run
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029]", page.css_first("h1").text())  # type: ignore[union-attr] # the page has one
    assert "onerror=alert(1)>" not in response.text
    assert "49" not in heading
    (script,) = page.css("script[type='application/ld+json']")
    assert not set("<>&\u2028\u2029") & set(script.text())


async def test_an_invented_event_is_marked_for_machines_too(served: Served) -> None:
    """It must not come back from a search engine as a real one."""
    source = Attribution(source="sample", agenda_title=f"Le fil {SAMPLE_MARK}", licence="MIT")
    async with served(an_event(attribution=source)) as client:
        (told,) = structured(await read(client))
    assert told["description"].startswith("Événement d'exemple")


async def test_a_withdrawn_event_claims_nothing(served: Served, database: Database) -> None:
    """Its page says so to people; machines find no event in it."""
    async with served(an_event()) as client:
        await database.fetch_all(b"UPDATE event SET removed_at = now() RETURNING id")
        page = await read(client)
    assert page.css("script[type='application/ld+json']") == []
    assert "L'organisateur a retiré cet événement" in words(page)


@pytest.mark.parametrize("title", ["Concert de jazz manouche", *HOSTILE])
async def test_a_link_to_it_shows_what_it_is(served: Served, title: str) -> None:
    """In a messenger: title, summary and picture, at the address that stays."""
    event = an_event(title=title, image_url="https://images.example/1.jpg")
    async with served(event, public_url="https://puls.example") as client:
        page = await read(client, "/evenement/1?lang=en")
    meta = {
        one.attributes.get("property") or one.attributes.get("name"): one.attributes.get("content")
        for one in page.css("head meta")
    }
    assert meta["og:title"] == words(page, "h1")
    assert meta["og:description"] == meta["description"] == "Trois guitares et un violon."
    assert meta["og:url"] == "https://puls.example/evenement/1?lang=en"
    assert meta["og:image"] == "https://images.example/1.jpg"
    assert meta["og:locale"] == "en_GB"
    (canonical,) = page.css("head link[rel='canonical']")
    assert canonical.attributes["href"] == meta["og:url"]
    assert "robots" not in meta


async def test_a_share_of_an_event_without_a_picture_shows_its_poster(served: Served) -> None:
    """As a PNG at an absolute address: messengers draw no SVG and resolve nothing."""
    async with served(an_event(), public_url="https://puls.example") as client:
        page = await read(client)
        (meta,) = page.css("meta[property='og:image']")
        address = meta.attributes["content"] or ""
        assert address.startswith("https://puls.example/affiche/concert-")
        picture = await client.get(address.removeprefix("https://puls.example"))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[16:24] == struct.pack(">II", 1200, 630)
