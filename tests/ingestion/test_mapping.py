"""What becomes of a record.

Each trap of the source (reference.md section 1), and never an exception.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ingestion.examples import MapAny, MapRecord, mirror_record

from puls.catalogue.event import Accessibility, Attendance, Event, Occurrence, Status
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.mapping import LICENCE, Quarantined, event_from
from puls.ingestion.mapping.records import canonical_json, record_hash, without_personal_data


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def without_dates(**dates: Any) -> dict[str, Any]:
    names = ("timings", "firstdate_begin", "firstdate_end", "lastdate_begin", "lastdate_end")
    return {**dict.fromkeys(names), **dates}


def test_json_inside_strings_is_opened(map_record: MapRecord) -> None:
    """The mirror's exports encode timings, status and attendance as text."""
    event = map_record(
        status='{"id": 5, "label": {"fr": "Complet"}}', attendancemode='{"id": 3, "label": {}}'
    )
    assert event.status is Status.FULL
    assert event.attendance is Attendance.MIXED
    assert event.occurrences == (
        Occurrence(starts_at=utc("2026-05-17T17:00Z"), ends_at=utc("2026-05-17T19:00Z")),
    )
    assert event.registration == (("link", "https://example.org/billets"),)


def test_real_objects_and_csv_text_give_the_same_event(map_record: MapRecord) -> None:
    """Three exports of one record must not be three events."""
    from_strings = map_record()
    record = mirror_record()
    opened = {key: json.loads(record[key]) for key in ("timings", "status", "registration")}
    as_csv = {
        "keywords_fr": "musique,plein air",
        "location_coordinates": "44.7286, 5.0222",
        "age_min": "",
        "conditions_fr": "",
    }
    assert map_record(**opened) == from_strings
    assert map_record(**as_csv) == from_strings


def test_html_markdown_and_entities_become_plain_text(map_record: MapRecord) -> None:
    """Texts are read by people and models; markup is neither's business."""
    event = map_record(
        title_fr="Lek &amp; Sowat",
        longdescription_fr="<p>Un<b>e</b> soirée&nbsp;!<br>Puis "
        "<script>bad()</script>**bal**</p><ul><li>[ici](https://a.fr)</li></ul>",
    )
    assert event.title == "Lek & Sowat"
    assert event.details == "Une soirée !\nPuis bal\n\nici"


@pytest.mark.parametrize("dirt", ["\ud83d", "\x00", "\u200b", "\x07"])
def test_lone_surrogates_and_nul_never_reach_the_catalogue(
    map_record: MapRecord, dirt: str
) -> None:
    """They break UTF-8 writers and PostgreSQL refuses NUL."""
    event = map_record(
        title_fr=f"Jazz{dirt} manouche", longdescription_fr=f"<p>a{dirt}b &amp; c</p>"
    )
    assert event.title == "Jazz manouche"
    assert event.details == "ab & c"


def test_a_raw_record_with_lone_surrogates_is_kept_and_hashed() -> None:
    """Nothing that came is lost, not even what is broken."""
    record = mirror_record(title_fr="a\ud83d\x00b")
    text = canonical_json(record)
    assert json.loads(text)["title_fr"] == "a\ud83d\x00b"
    assert len(record_hash(text)) == 16


@pytest.mark.parametrize(
    "begin",
    [
        "1900-01-01T00:00:00+00:00",
        "0023-01-01T10:00:00+00:00",
        "2503-05-05T10:00:00Z",
        "2032-01-01T02:00:00+01:00",
    ],
)
def test_a_record_with_only_absurd_years_goes_to_quarantine(map_any: MapAny, begin: str) -> None:
    """An event in 2503 is a typing mistake; the operator sees what was typed."""
    outcome = map_any(mirror_record(**without_dates(timings=json.dumps([{"begin": begin}]))))
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "absurd_date"
    assert begin[:10] in outcome.detail


def test_an_absurd_year_among_good_ones_is_dropped_alone(map_record: MapRecord) -> None:
    timings = [
        {"begin": "0023-05-17T19:00:00+02:00", "end": "0023-05-17T21:00:00+02:00"},
        {"begin": "2026-05-17T19:00:00+02:00", "end": "2026-05-17T21:00:00+02:00"},
    ]
    assert len(map_record(timings=timings).occurrences) == 1


def test_mixed_offsets_are_one_clock(map_record: MapRecord) -> None:
    """A season crosses the change of hour; the same event is written in two offsets."""
    timings = [
        {"begin": "2026-10-31T20:00:00+01:00", "end": "2026-10-31T22:00:00+01:00"},
        {"begin": "2026-10-17T18:00:00Z", "end": "2026-10-17T22:00:00+02:00"},
        {"begin": "2026-10-31T19:00:00+00:00", "end": "2026-10-31T21:00:00+00:00"},
    ]
    assert [o.starts_at.isoformat() for o in map_record(timings=timings).occurrences] == [
        "2026-10-17T18:00:00+00:00",
        "2026-10-31T19:00:00+00:00",
    ]


def test_a_null_city_is_found_by_insee_or_postcode(map_record: MapRecord) -> None:
    event = map_record(location_city=None)
    assert event.venue is not None
    assert (event.venue.city, event.venue.commune_code) == ("Crest", "26108")


@pytest.mark.parametrize("city", ["CREST", "crest", " Crest "])
def test_changed_case_names_the_same_city(map_record: MapRecord, city: str) -> None:
    event = map_record(location_city=city, location_insee=None)
    assert event.venue is not None
    assert (event.venue.city, event.venue.commune_code) == ("Crest", "26108")


@pytest.mark.parametrize(
    "coordinates",
    [None, {"lat": 0, "lon": 0}, {"lat": 1234, "lon": 5}, {"lat": 48.85, "lon": 2.35}, "nowhere"],
)
def test_missing_impossible_or_far_coordinates_give_way_to_the_communes(
    map_record: MapRecord, coordinates: object
) -> None:
    """A pin in Paris for a hall in Crest would answer « près de moi » wrongly in both places."""
    venue = map_record(location_coordinates=coordinates).venue
    assert venue is not None
    assert venue.coordinates is not None
    assert venue.is_approximate
    assert venue.coordinates.lat == pytest.approx(44.73, abs=0.05)


def test_good_coordinates_are_kept(map_record: MapRecord) -> None:
    venue = map_record().venue
    assert venue is not None
    assert venue.coordinates is not None
    assert not venue.is_approximate
    assert venue.coordinates.lat == 44.7286


def test_the_same_event_under_two_uids_shares_its_duplicate_key(map_record: MapRecord) -> None:
    """A visitor wants to see it once."""
    one = map_record()
    other = map_record(uid="10000002", title_fr="CONCERT de Printemps !", location_uid="999")
    later = map_record(uid="10000003", timings='[{"begin": "2026-06-17T19:00:00+02:00"}]')
    assert one.duplicate_key == other.duplicate_key
    assert one.duplicate_key != later.duplicate_key
    assert one.series_key == later.series_key


def test_contributors_are_forgotten_before_anything_is_kept() -> None:
    """Personal data of who typed the event is not ours to hold."""
    record = mirror_record(
        contributor_email="a@b.fr",
        contributor_contactname="Anne",
        ownerUid=7,
        creatorUid=8,
        contributor={"email": "c@d.fr"},
        originAgenda={"uid": 1, "ownerUid": 3},
    )
    kept = without_personal_data(record)
    text = canonical_json(kept).decode()
    assert not any(word in text for word in ("a@b.fr", "Anne", "c@d.fr", "wnerUid", "reatorUid"))
    assert kept["registration"] == record["registration"]
    assert kept["originAgenda"] == {"uid": 1}


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"title_fr": " "}, "no_title"),
        ({"uid": None}, "no_uid"),
        ({**without_dates(), "daterange_fr": None}, "no_date"),
    ],
)
def test_a_record_that_cannot_be_an_event_says_why(
    map_any: MapAny, missing: dict[str, Any], reason: str
) -> None:
    outcome = map_any(mirror_record(**missing))
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == reason


def test_the_event_says_where_it_comes_from(map_record: MapRecord) -> None:
    """Licence Ouverte asks for the source and the date of the last update."""
    attribution = map_record().attribution
    assert attribution.agenda_title == "Une salle"
    assert attribution.url == "https://openagenda.com/une-salle/events/concert"
    assert attribution.updated_at == utc("2026-03-01T09:00Z")
    assert attribution.licence == LICENCE


def test_a_rest_event_maps_like_a_mirror_record(map_any: MapAny) -> None:
    """OpenAgenda's own API names and nests things otherwise."""
    event = map_any(
        {
            "uid": 77,
            "title": {"fr": "Visite du musée", "en": "Museum tour"},
            "longDescription": {"fr": "Une visite **guidée**."},
            "accessibility": {"hi": True, "mi": False},
            "timings": [{"begin": "2026-05-17T19:00:00+02:00", "end": "2026-05-17T21:00:00+02:00"}],
            "age": {"min": 6, "max": 12},
            "status": 6,
            "attendanceMode": 1,
            "timezone": "Europe/Paris",
            "keywords": {"fr": ["visite"]},
            "location": {
                "uid": 5,
                "name": "Musée",
                "city": "Crest",
                "postalCode": "26400",
                "latitude": 44.73,
                "longitude": 5.02,
            },
            "creatorUid": 12,
        }
    )
    assert isinstance(event, Event)
    assert (event.uid, event.title, event.details) == (
        "77",
        "Visite du musée",
        "Une visite guidée.",
    )
    assert event.accessibility == {Accessibility.HEARING}
    assert (event.age_min, event.age_max, event.status) == (6, 12, Status.CANCELLED)
    assert event.venue is not None
    assert event.venue.commune_code == "26108"


_anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
_fields = st.sampled_from(
    [*mirror_record(), "title", "location", "age", "image", "daterange_fr", "timezone", "removed"]
)
_dates = st.sampled_from(
    [
        "2026-05-17",
        "2026-05-17T00:00:00",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01T00:00:00-12:00",
        "2026-13-01",
        "24:00",
        '[{"begin":"2026-05-17T10:00","end":"2020-01-01"}]',
        '{"id":99}',
        "[[",
        '{"lat":"x"}',
        "Du 3 au 8 décembre",
        "31 février",
        "2031-12-31T23:00:00-12:00",
        "lundi 99 mai 2026, 99h99",
    ]
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.dictionaries(_fields, _anything | _dates, max_size=12))
def test_no_record_makes_the_mapping_fail(gazetteer: Gazetteer, changes: dict[str, Any]) -> None:
    """One bad record among a million must cost one line in quarantine, not the run."""
    record = {**mirror_record(), **changes}
    canonical_json(without_personal_data(record))
    outcome = event_from(record, gazetteer=gazetteer, source="test")
    if isinstance(outcome, Event):
        assert outcome.title.strip()
        assert outcome.occurrences
        assert all(o.starts_at < o.ends_at for o in outcome.occurrences)
        outcome.title.encode()
        (outcome.details or "").encode()
    else:
        outcome.detail.encode()


def test_more_than_800_timings_keep_the_latest(map_record: MapRecord) -> None:
    """The past serves nobody."""
    first = utc("2025-01-01T10:00Z")
    timings = [
        {
            "begin": (first + timedelta(hours=h)).isoformat(),
            "end": (first + timedelta(hours=h + 1)).isoformat(),
        }
        for h in range(900)
    ]
    occurrences = map_record(timings=json.dumps(timings)).occurrences
    assert len(occurrences) == 800
    assert occurrences[-1].starts_at == first + timedelta(hours=899)
