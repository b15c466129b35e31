"""What a record means when its numbers, spellings, places and links are not as they should be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingestion.examples import MapAny, MapRecord, mirror_record

from puls.catalogue.event import Attendance, Event, PriceKind, Status, Venue
from puls.geo.distance import Coordinates
from puls.ingestion.mapping import Quarantined
from puls.ingestion.mapping.agenda_records import is_removal
from puls.ingestion.mapping.codes import unpublished_reason
from puls.ingestion.mapping.links import booking, mail_address, web_address
from puls.ingestion.mapping.literals import python_literal
from puls.ingestion.mapping.records import coordinates_of, decoded, uid_of

LYON = {"lon": 4.8357, "lat": 45.764}
PARIS = {"lon": 2.35, "lat": 48.85}
NICE = {"lon": 7.26, "lat": 43.7}
GENEVA = {"lon": 6.146, "lat": 46.204}
NOWHERE = dict.fromkeys(
    ("location_coordinates", "location_name", "location_address", "location_insee", "location_postalcode",
     "location_city", "location_department", "location_region", "location_countrycode")
)  # fmt: skip


# Numbers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uid",
    [
        90000013,
        90000013.0,
        "90000013",
        "90000013.0",
        "90000013,00",
        "9.0000013E7",
        "90 000 013",
        "90\u202f000\u202f013",
        "'90000013",
        '="90000013"',
    ],
    ids=repr,
)
def test_a_number_is_one_uid_however_it_is_written(uid: object) -> None:
    """K3: a table that makes numbers of everything gave the same event twice."""
    assert uid_of({"uid": uid}) == "90000013"


@pytest.mark.parametrize(
    "uid", ["abc-1", "1.5", "12345678901234567890", "0012", "e3", "a@openagenda.com", "12:5"]
)
def test_a_uid_that_is_no_number_stays_as_it_is(uid: str) -> None:
    assert uid_of({"uid": uid}) == uid


# Places that contradict each other ------------------------------------------------------------------------------------


def placed(map_record: MapRecord, **place: Any) -> Venue:
    fields = {f"location_{name}": value for name, value in place.items()}
    venue = map_record(**{**NOWHERE, **fields}).venue
    assert venue is not None
    return venue


@pytest.mark.parametrize(
    ("place", "city", "postcode", "at", "is_approximate"),
    [
        # two against one, whichever the one is
        ({"city": "Lyon", "postalcode": "75001", "coordinates": LYON}, "Lyon", None, LYON, True),
        ({"city": "Paris", "postalcode": "69001", "coordinates": LYON}, "Lyon", "69001", LYON, True),
        ({"city": "Lyon", "postalcode": "69001", "coordinates": PARIS}, "Lyon", "69001", LYON, True),
        ({"city": "Lyon", "insee": "75056", "postalcode": "69001"}, "Lyon", "69001", LYON, True),
        ({"city": "Lyon", "insee": "75056", "postalcode": "69001", "coordinates": LYON}, "Lyon", "69001", LYON, True),
        ({"city": "Lyon", "postalcode": "38000", "coordinates": LYON, "department": "Rhône"}, "Lyon", None, LYON, True),
        # numbers of a spreadsheet
        ({"city": "Nice", "postalcode": 6000.0, "coordinates": NICE}, "Nice", "06000", NICE, False),
        ({"city": "Nice", "postalcode": "6000.0"}, "Nice", "06000", NICE, True),
        ({"city": "Lyon", "postalcode": 69001.0}, "Lyon", "69001", LYON, True),
        ({"city": "Divonne-les-Bains", "postalcode": 1220}, "Divonne-les-Bains", "01220", None, True),
        ({"city": "Bourg-en-Bresse", "postalcode": "1000.0"}, "Bourg-en-Bresse", "01000", None, True),
        ({"city": "Lyon", "postalcode": "69 001"}, "Lyon", "69001", LYON, True),
        ({"city": "Marseille", "postalcode": "13001 CEDEX 01"}, "Marseille", "13001", None, True),
        ({"city": "Lyon", "postalcode": "F-69002"}, "Lyon", "69002", LYON, True),
        ({"postalcode": 69001.0, "insee": 69123.0}, "Lyon", "69001", LYON, True),
        # what only looks like a contradiction
        ({"city": "Lyon 3e", "postalcode": "69003", "coordinates": LYON}, "Lyon", "69003", LYON, False),
        ({"city": "Villeurbanne", "postalcode": "69100", "coordinates": LYON}, "Villeurbanne", "69100", LYON, False),
        # a namesake, and a pin with its numbers in each other's place
        ({"city": "Saint-Denis", "coordinates": {"lat": -20.88, "lon": 55.45}}, "Saint-Denis", None, None, False),
        ({"city": "Lyon", "postalcode": "69003", "coordinates": {"lat": 4.8357, "lon": 45.764}}, "Lyon", "69003", LYON, True),
    ],
)  # fmt: skip
def test_two_beat_one_and_the_doubt_is_kept(  # noqa: PLR0917 - the columns of the table
    map_record: MapRecord,
    place: dict[str, Any],
    city: str,
    postcode: str | None,
    at: dict[str, float] | None,
    is_approximate: bool,
) -> None:
    """K3: one wrong number beat the name and the pin together."""
    venue = placed(map_record, **place)
    assert (venue.city, venue.postcode, venue.is_approximate) == (city, postcode, is_approximate)
    assert venue.commune_code is not None
    if at is not None:
        assert venue.coordinates is not None
        assert venue.coordinates.lat == pytest.approx(at["lat"], abs=0.05)
        assert venue.coordinates.lon == pytest.approx(at["lon"], abs=0.05)


def test_the_namesake_near_the_pin_is_meant(map_record: MapRecord) -> None:
    assert (
        placed(
            map_record, city="Saint-Denis", coordinates={"lat": -20.88, "lon": 55.45}
        ).department_code
        == "974"
    )


@pytest.mark.parametrize(
    ("place", "country", "postcode"),
    [
        ({"city": "Genève", "postalcode": 1201, "countrycode": "CH"}, "CH", "1201"),
        ({"city": "Genève", "postalcode": "1201", "countrycode": "Suisse"}, "CH", "1201"),
        ({"city": "Genève", "postalcode": "CH-1201"}, "CH", "1201"),
        ({"city": "CH-1201 Genève"}, "CH", None),
        ({"city": "Genève", "postalcode": "1201", "coordinates": GENEVA}, "FR", "1201"),
        (
            {"city": "Bruxelles", "postalcode": "1000", "coordinates": {"lat": 50.85, "lon": 4.35}},
            "FR",
            "1000",
        ),
        ({"city": "Bruxelles", "postalcode": 1000.0, "countrycode": "BE"}, "BE", "1000"),
        ({"city": "Luxembourg", "postalcode": "L-1234"}, "LU", "1234"),
        ({"city": "Montréal", "postalcode": "H2L 4E3", "countrycode": "CA"}, "CA", "H2L 4E3"),
    ],
)
def test_an_address_abroad_has_no_french_postcode(
    map_record: MapRecord, place: dict[str, Any], country: str, postcode: str | None
) -> None:
    """K3: « Genève, 1201 » was « 01201 Genève »."""
    venue = placed(map_record, **place)
    assert (venue.country_code, venue.postcode, venue.commune_code) == (country, postcode, None)


# Spellings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'id': 6, 'label': {'fr': 'Annulé'}}", {"id": 6, "label": {"fr": "Annulé"}}),
        ("['jazz', 'blues']", ["jazz", "blues"]),
        ("['jazz' 'blues'\n 'soul']", ["jazz", "blues", "soul"]),
        (
            "[{'begin': 'a', 'x': None} {'begin': 'b', 'x': nan}]",
            [{"begin": "a", "x": None}, {"begin": "b", "x": None}],
        ),
        ("[\"l'été\" 'd\"or']", ["l'été", 'd"or']),
        ('"[{\\"a\\": 1}]"', [{"a": 1}]),
        ("{'a': True, 'b': false}", {"a": True, "b": False}),
        ("{'a': ('x', 'y')}", {"a": ["x", "y"]}),
        ("('jazz', 'blues')", ["jazz", "blues"]),
        ("{'jazz', 'blues', 'soul'}", ["jazz", "blues", "soul"]),
        ("array(['jazz', 'blues'], dtype=object)", ["jazz", "blues"]),
        ("[OrderedDict([('id', 6), ('label', 'Annulé')])]", [{"id": 6, "label": "Annulé"}]),
        (
            "[{'begin': datetime.datetime(2026, 12, 12, 20, 0), 'end': Timestamp('2026-12-12 22:00:00+0100')}]",
            [{"begin": "2026-12-12T20:00:00", "end": "2026-12-12 22:00:00+0100"}],
        ),
        (
            "[{'begin': datetime.datetime(2026, 12, 12, 19, 0, tzinfo=datetime.timezone.utc)}]",
            [{"begin": "2026-12-12T19:00:00+00:00"}],
        ),
        ("(dès 'six' ans)", "(dès 'six' ans)"),
        ("('Bal')", "('Bal')"),
        ("{'a': __import__('os')}", "{'a': __import__('os')}"),
        ("[Atelier] d'été", "[Atelier] d'été"),
        ("['unclosed", "['unclosed"),
    ],
)
def test_pythons_spelling_of_json_is_opened(text: str, value: object) -> None:
    """K17: data frames write lists and objects into CSV so."""
    assert decoded(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "45.76, 4.83",
        "45.76;4.83",
        "45,76 4,83",
        "45,76, 4,83",
        "POINT (4.83 45.76)",
        "SRID=4326;POINT(4.83 45.76)",
        "{'lon': '4,83', 'lat': '45,76'}",
        '{"type": "Point", "coordinates": [4.83, 45.76]}',
    ],
)
def test_a_position_is_one_however_it_is_written(text: str) -> None:
    assert coordinates_of(text) == Coordinates(lat=45.76, lon=4.83)


@pytest.mark.parametrize("text", ["45.76", "4 rue 3, 5", "POINT Z (4.83 45.76 200)", "1, 2, 3"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert coordinates_of(text) is None


@pytest.mark.parametrize("value", [True, 1, "1", "true", "True", "oui"], ids=repr)
def test_a_removal_is_one_however_it_is_written(value: object) -> None:
    assert is_removal({"uid": 1, "removed": value})
    assert not is_removal({"uid": 1, "removed": None})


@given(text=st.text("[]{}()'\",: \\\nabc0.", max_size=80))
def test_no_spelling_makes_it_fail(text: str) -> None:
    python_literal(text)
    decoded(text)


@pytest.mark.parametrize("depth", [50, 100_000])
def test_depth_is_refused_before_it_is_read(depth: int) -> None:
    assert python_literal("[" * depth + "'a'" + "]" * depth) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("{'id': 6, 'label': {'fr': 'Annulé'}}", Status.CANCELLED),
        ("6.0", Status.CANCELLED),
        ("Annulée", Status.CANCELLED),
        ("Complet", Status.FULL),
        ("https://schema.org/EventPostponed", Status.POSTPONED),
        ({"label": {"fr": "Reporté"}}, Status.POSTPONED),
        ("Programmé", Status.SCHEDULED),
        ("zut", Status.SCHEDULED),
    ],
)
def test_a_status_in_words_is_a_status(
    map_record: MapRecord, status: object, expected: Status
) -> None:
    assert map_record(status=status).status is expected


def test_a_spreadsheets_row_is_an_event(map_any: MapAny) -> None:
    """OpenAgenda's own: dates as pairs, ways to book behind each other, modes in words, two columns for a pin."""
    event = map_any(
        {
            "uid": 77.0,
            "title_fr": "Bal",
            "timings": "2026-12-12T20:00:00+0100->2026-12-12T22:00:00+0100 | 2026-12-13T20:00:00+01:00 -> 2026-12-13T22:00:00+01:00",
            "attendancemode": "Mixte",
            "conditions_fr": "Entrée libre",
            "registration": "https://a.fr/b, 04 78 00 00 00, a@b.fr",
            "location_city": "Lyon",
            "location_latitude": "45,764",
            "location_longitude": "4,8357",
            "keywords_fr": "bal | folk",
        }
    )
    assert isinstance(event, Event), event
    assert event.uid == "77"
    assert [one.starts_at.day for one in event.occurrences] == [12, 13]
    assert event.attendance is Attendance.MIXED
    assert event.price.kind is PriceKind.FREE
    assert event.registration == (
        ("link", "https://a.fr/b"),
        ("phone", "04 78 00 00 00"),
        ("email", "a@b.fr"),
    )
    assert event.keywords == ("bal", "folk")
    assert event.venue is not None
    assert not event.venue.is_approximate


@pytest.mark.parametrize(
    "begin",
    ["12/12/2026 20:00", "12/12/2026 20:00:00", "12/12/2026 à 20h00", "2026-12-12 20:00:00"],
)
def test_dates_as_a_french_spreadsheet_rewrites_them(map_record: MapRecord, begin: str) -> None:
    event = map_record(
        timings=None,
        firstdate_begin=begin,
        firstdate_end=None,
        lastdate_begin=None,
        lastdate_end=None,
    )
    assert event.occurrences[0].starts_at.isoformat() == "2026-12-12T19:00:00+00:00"


def test_api_v1_writes_the_place_beside_the_event(map_any: MapAny) -> None:
    event = map_any(
        {
            "uid": 1, "title": {"fr": "Bal"}, "locationName": "Salle", "city": "Crest", "postalCode": "26400",
            "latitude": 44.7286, "longitude": 5.0222, "timings": [{"start": "2026-12-12T19:00:00Z", "end": "2026-12-12T21:00:00Z"}],
        }
    )  # fmt: skip
    assert isinstance(event, Event)
    assert event.venue is not None
    assert (event.venue.name, event.venue.commune_code) == ("Salle", "26108")


# What is not published ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        {"draft": 1}, {"draft": True}, {"draft": "true"}, {"state": 0}, {"state": 1}, {"state": -1}, {"state": "0"},
        {"state": "0.0"}, {"state": "À modérer"}, {"state": "Brouillon"}, {"state": "Refusé"}, {"state": {"id": 0}},
        {"private": 1}, {"isPrivate": True}, {"published": False}, {"is_published": "0"}, {"deletedAt": "2026-01-01"},
        {"isDraft": True}, {"visibility": "private"}, {"state": "{'id': 1, 'label': 'Contrôlé'}"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("shape", ["mirror", "api"])
def test_what_is_not_published_is_never_public(
    map_any: MapAny, shape: str, mark: dict[str, Any]
) -> None:
    """K16: two drafts became public events."""
    record: dict[str, Any] = mirror_record()
    if shape == "api":
        record = {
            "uid": 7,
            "title": {"fr": "Bal"},
            "timings": json.loads(record["timings"]),
            "location": {"city": "Crest"},
        }
    outcome = map_any({**record, **mark})
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "not_published"


@pytest.mark.parametrize(
    "mark",
    [
        {"draft": 0}, {"draft": None}, {"state": 2}, {"state": "2"}, {"state": "Publié"}, {"state": "Published"},
        {"private": 0}, {"published": True}, {"state": "Île-de-France"}, {"deletedAt": None}, {"state": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_published_stays(mark: dict[str, Any]) -> None:
    assert unpublished_reason({**mirror_record(), **mark}) is None


# Links ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://bank.example@evil.example/", "https://bank.example:443@evil.example/", "https://bank.example%40evil.example/",
        "https://evil.example\\@bank.example/", "https://a@b@c.example/", "javascript:alert(1)", "data:text/html,x", "//evil.example",
        "https://", "https:///path", "https://a.example:99999/", "https://[::1", "https://a\u202e.example/", "https://a b.example/",
        "https://<b>.example/", "https:/evil.example", "ftp://a.example", "https://\x00a.example@b/", "http://-a.example/",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_than_it_reads_is_none(
    map_record: MapRecord, address: str
) -> None:
    """F30: what stands before the @ is a user's name, and read as the site."""
    assert web_address(address) is None
    event = map_record(
        canonicalurl=address,
        image=address,
        onlineaccesslink=address,
        registration=[{"type": "link", "value": address}],
    )
    assert (event.attribution.url, event.image_url, event.online_url, event.registration) == (
        None,
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://a.fr",
        "HTTP://a.fr/@user",
        "https://été.fr/à",
        "https://a.fr:8443/b?c=d@e#f",
        "http://[2001:db8::1]/",
        "https://a.fr/?q=a|b",
    ],
)
def test_good_addresses_stay_as_they_are(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("email", "mailto:a@b.c?bcc=x@y.z&body=hello", ("email", "a@b.c")),
        ("email", "a@b.c?subject=x", ("email", "a@b.c")),
        ("link", "MAILTO:a@b.fr", ("email", "a@b.fr")),
        ("email", "mailto:a@b.fr,c@d.fr?cc=e@f.fr", ("email", "a@b.fr")),
        ("email", "Anne <a@b.fr>", ("email", "a@b.fr")),
        ("email", "a@b.fr%0Abcc:x@y.z", None),
        ("email", "a@b.fr\nBcc: x@y.z", None),
        ("email", "pas d'adresse", None),
        ("phone", "tel:+33478000000;ext=5", ("phone", "+33478000000")),
        ("phone", "04 78 00 00 00", ("phone", "04 78 00 00 00")),
        ("phone", "javascript:alert(1)", None),
        ("phone", "-", None),
        ("link", "www.exemple.fr/billets", ("link", "www.exemple.fr/billets")),
        ("link", "sur place", ("link", "sur place")),
        ("link", "javascript:alert(1)", None),
    ],
)
def test_a_way_to_book_is_an_address_and_nothing_else(
    kind: str, value: str, expected: tuple[str, str] | None
) -> None:
    assert booking(kind, value) == expected


@given(text=st.text(max_size=60))
def test_what_passes_as_an_address_has_one_at_sign_and_no_header(text: str) -> None:
    address = mail_address(text)
    assert address is None or (address.count("@") == 1 and not set(address) & set("?<>,: \n"))
