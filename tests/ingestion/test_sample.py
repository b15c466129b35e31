"""The sample is somebody's first impression of Puls: alive on any day, true to the schema."""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from puls.catalogue.event import Accessibility, Attendance, Category, Status
from puls.ingestion.sample import authored_events, is_sample_record, sample_records
from puls.ingestion.sample.schedule import schedule_of

PARIS = ZoneInfo("Europe/Paris")
_QUESTIONS = Path(__file__).parents[2] / "evals" / "sample_questions.jsonl"
_METROPOLITAN_REGIONS = 13
_BIG_CITIES = (
    "Paris",
    "Lyon",
    "Marseille",
    "Bordeaux",
    "Lille",
    "Nantes",
    "Toulouse",
    "Strasbourg",
    "Rennes",
    "Montpellier",
    "Grenoble",
    "Nice",
)
_DAYS = [
    *(date(2026, 11, 16) + timedelta(days=day) for day in range(7)),  # every weekday
    date(2026, 1, 31),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2026, 3, 28),  # the night when clocks go forward
    date(2026, 3, 29),
    date(2026, 10, 24),  # the night when clocks go back
    date(2026, 10, 25),
]
_FIELDS = frozenset(
    [
        "uid",
        "slug",
        "canonicalurl",
        "title_fr",
        "description_fr",
        "longdescription_fr",
        "conditions_fr",
        "keywords_fr",
        "image",
        "imagecredits",
        "thumbnail",
        "originalimage",
        "updatedat",
        "daterange_fr",
        "firstdate_begin",
        "firstdate_end",
        "lastdate_begin",
        "lastdate_end",
        "timings",
        "accessibility",
        "accessibility_label_fr",
        "location_uid",
        "location_coordinates",
        "location_name",
        "location_address",
        "location_district",
        "location_insee",
        "location_postalcode",
        "location_city",
        "location_department",
        "location_region",
        "location_countrycode",
        "location_image",
        "location_imagecredits",
        "location_phone",
        "location_website",
        "location_links",
        "location_tags",
        "location_description_fr",
        "location_access_fr",
        "attendancemode",
        "onlineaccesslink",
        "status",
        "age_min",
        "age_max",
        "originagenda_title",
        "originagenda_uid",
        "contributor_email",
        "contributor_contactnumber",
        "contributor_contactname",
        "contributor_contactposition",
        "contributor_organization",
        "category",
        "country_fr",
        "registration",
        "links",
    ]
)

_KEPT = {Status.SCHEDULED, Status.RESCHEDULED, Status.MOVED_ONLINE}

Opening = tuple[datetime, datetime]


@pytest.fixture(scope="module", params=_DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


@pytest.fixture(scope="module")
def records(today: date) -> list[dict[str, Any]]:
    return list(sample_records(today))


def _openings(record: dict[str, Any]) -> list[Opening]:
    timings = json.loads(record["timings"] or "[]")
    return [
        (datetime.fromisoformat(timing["begin"]), datetime.fromisoformat(timing["end"]))
        for timing in timings
    ]


def _open_between(
    records: list[dict[str, Any]], start: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
    for record in records:
        status = json.loads(record["status"])["id"]
        if (
            status in _KEPT
            and not re.search("ANNUL|COMPLET", record["title_fr"])
            and any(begins < end and ends > start for begins, ends in _openings(record))
        ):
            yield record


def _starting_between(
    records: list[dict[str, Any]], start: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
    for record in _open_between(records, start, end):
        if any(start <= begins < end for begins, _ in _openings(record)):
            yield record


def _local(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=PARIS)


def _by_city(records: Iterator[dict[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for record in records:
        counts[record["location_city"]] += 1
    return counts


def test_every_record_has_the_fields_of_the_mirror(records: list[dict[str, Any]]) -> None:
    """The sample goes through the same door as real records, so it must look the same there."""
    assert all(record.keys() == _FIELDS for record in records)
    assert all(record["title_fr"] and len(record["title_fr"]) <= 140 for record in records)
    assert all(
        record["description_fr"] and len(record["description_fr"]) <= 200 for record in records
    )


def test_there_are_enough_events_in_enough_places(records: list[dict[str, Any]]) -> None:
    """Someone from anywhere in France finds something near home."""
    regions = {
        record["location_region"]
        for record in records
        if record["country_fr"] == "France (Métropole)"
    }
    cities = _by_city(iter(records))
    assert len(records) >= 600
    assert len({record["location_insee"] for record in records} - {None}) >= 40
    assert len(regions - {None}) == _METROPOLITAN_REGIONS
    assert cities["Paris"] >= 70
    assert cities["Lyon"] >= 45
    assert all(cities[city] >= 20 for city in _BIG_CITIES)


def test_uids_and_addresses_are_unique(records: list[dict[str, Any]]) -> None:
    """Re-ingestion must update an event, never mix two."""
    assert len({record["uid"] for record in records}) == len(records)
    assert len({record["canonicalurl"] for record in records}) == len(records)
    places = {(record["location_uid"], record["location_name"]) for record in records}
    assert len({uid for uid, _ in places}) == len(places)


def test_tonight_and_tomorrow_are_never_empty_in_big_cities(
    records: list[dict[str, Any]], today: date
) -> None:
    """« Que faire ce soir ? » is the first thing a newcomer types."""
    for day in (today, today + timedelta(days=1)):
        outings = _by_city(_open_between(records, _local(day, 18), _local(day, 23)))
        assert all(outings[city] for city in _BIG_CITIES), (day, outings)
    tonight = _by_city(_starting_between(records, _local(today, 18), _local(today, 23)))
    assert all(tonight[city] for city in _BIG_CITIES), tonight
    assert tonight["Paris"] >= 5


def test_this_week_end_and_the_next_are_never_empty_in_big_cities(
    records: list[dict[str, Any]], today: date
) -> None:
    saturday = today + timedelta(
        days=(6 - today.weekday()) % 7 - 1
    )  # on a Sunday, yesterday: its week-end goes on
    for start in (saturday, saturday + timedelta(days=7)):
        first, last = max(start, today), start + timedelta(days=2)
        outings = _by_city(_open_between(records, _local(first, 9), _local(last, 0)))
        assert all(outings[city] >= 3 for city in _BIG_CITIES), (start, outings)


def test_a_concert_this_week_end_in_lyon_can_be_of_five_kinds(
    records: list[dict[str, Any]], today: date
) -> None:
    """The README's question; asked on a Sunday evening it means tonight or the week-end after."""
    sunday = today + timedelta(days=6 - today.weekday())
    is_sunday = today == sunday
    windows = [
        (
            _local(today, 17) if is_sunday else _local(sunday - timedelta(days=1), 0),
            _local(sunday, 23),
        )
    ]
    if is_sunday:
        windows.append(
            (_local(today + timedelta(days=6), 0), _local(today + timedelta(days=7), 23))
        )
    concerts = {event.uid for event in authored_events() if event.category is Category.CONCERT}
    for start, end in windows:
        found = [
            set(record["keywords_fr"])
            for record in _starting_between(records, start, end)
            if record["location_city"] == "Lyon" and int(record["uid"]) in concerts
        ]
        assert len(found) >= 5
        for kinds in (
            {"jazz", "jazz manouche"},
            {"musique classique"},
            {"rock"},
            {"chanson", "chanson française"},
            {"électro"},
        ):
            assert any(kinds & keywords for keywords in found), (kinds, start)


def test_openings_are_well_formed(records: list[dict[str, Any]]) -> None:
    """OpenAgenda's rules: at most 800 openings, none over 24 hours, no overlap, local offsets."""
    for record in records:
        openings = _openings(record)
        assert len(openings) <= 800
        zone = {"Martinique": "America/Martinique", "La Réunion": "Indian/Reunion"}.get(
            record["location_region"], "Europe/Paris"
        )
        for begins, ends in openings:
            assert timedelta() < ends - begins <= timedelta(hours=24), record["title_fr"]
            for moment in (begins, ends):
                assert moment.utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset(), record[
                    "title_fr"
                ]
        for (_, ends), (begins, _) in itertools.pairwise(openings):
            assert ends <= begins, record["title_fr"]


def test_first_and_last_dates_agree_with_the_openings(records: list[dict[str, Any]]) -> None:
    for record in records:
        assert all(
            record[key].endswith("+00:00")
            for key in record
            if key.startswith(("firstdate", "lastdate"))
        )
        if openings := _openings(record):
            assert datetime.fromisoformat(record["firstdate_begin"]) == openings[0][0]
            assert datetime.fromisoformat(record["lastdate_end"]) == openings[-1][1]
        else:
            assert record["firstdate_begin"] < record["lastdate_begin"]


def test_records_survive_json_and_the_same_day_gives_the_same_records(
    records: list[dict[str, Any]], today: date
) -> None:
    """`puls ingest` twice on one day reports everything unchanged."""
    lines = [json.dumps(record, ensure_ascii=False).encode("utf-8") for record in records]
    assert [json.loads(line) for line in lines] == records
    assert list(sample_records(today)) == records


def test_every_kind_of_thing_is_in_the_sample(records: list[dict[str, Any]]) -> None:
    """Each filter of the product has something to find and something to leave out."""
    events = authored_events()
    assert {event.category for event in events} == set(Category)
    assert {json.loads(record["status"])["id"] for record in records} == set(Status)
    assert {json.loads(record["attendancemode"])["id"] for record in records} == set(Attendance)
    codes = {code for record in records for code in (record["accessibility"] or "").split(";")}
    assert codes - {""} == set(Accessibility)
    ages = {(record["age_min"], record["age_max"]) for record in records}
    assert {(None, None), (0, 3), (3, None), (6, 12), (18, None)} <= ages
    assert any(record["timings"] is None for record in records)
    assert any(record["location_city"] is None and record["onlineaccesslink"] for record in records)
    assert sum("France Travail" in str(record) for record in records) >= 4


@pytest.mark.parametrize(
    "words",
    [
        r"^[Gg]ratuit",
        r"Entrée libre",
        r"réduit",
        r"^[Dd]e \d+ (€ )?à \d+ €",
        r"[Pp]rix libre",
        r"[Ss]ur inscription",
        r"^\d+ €$",
        r"gratuit moins de",
    ],
)
def test_every_way_to_say_a_price_is_in_the_sample(words: str) -> None:
    assert any(
        event.conditions and re.search(words, event.conditions) for event in authored_events()
    )


def test_some_prices_are_not_told_and_some_bad_news_is_only_in_the_title() -> None:
    events = authored_events()
    assert sum(event.conditions is None for event in events) >= 20
    for word, status in (("ANNUL", Status.CANCELLED), ("COMPLET", Status.FULL)):
        assert any(word in event.title and event.status is not status for event in events)


def test_no_record_can_be_taken_for_a_real_one(records: list[dict[str, Any]]) -> None:
    """Invented events shown as real ones are what a visitor would never forgive."""
    assert all(is_sample_record(record) for record in records)
    links = re.findall(r"https?://([^/\"]+)/", json.dumps(records))
    assert set(links) == {"example.org"}


def test_the_same_event_is_told_twice_under_two_uids(records: list[dict[str, Any]]) -> None:
    """Near-duplicates crowd real results; the demo shows that Puls groups them."""
    told: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for record in records:
        told[record["title_fr"].casefold(), record["location_uid"], record["timings"]].append(
            record["uid"]
        )
    assert sum(len(uids) > 1 for uids in told.values()) >= 3


def test_places_are_where_their_department_is(records: list[dict[str, Any]]) -> None:
    for record in records:
        if record["location_coordinates"] and record["country_fr"] == "France (Métropole)":
            assert 41.3 < record["location_coordinates"]["lat"] < 51.2, record["location_name"]
            assert -5.2 < record["location_coordinates"]["lon"] < 9.6, record["location_name"]
            code = record["location_insee"][:2].replace("2A", "20").replace("2B", "20")
            assert record["location_postalcode"].startswith(code), record["location_name"]


def test_a_week_end_under_way_is_kept_whole() -> None:
    sunday = date(2026, 11, 22)
    days = [
        timing.begin.date()
        for timing in schedule_of("fri-sun 10:00-18:00", today=sunday, zone=PARIS).timings
    ]
    assert days == [date(2026, 11, 20), date(2026, 11, 21), sunday]


def test_a_night_keeps_the_hours_that_clocks_show() -> None:
    """Doors close at five by the clock on the wall, the night when an hour is skipped too."""
    (night,) = schedule_of("today 23:00+6h", today=date(2026, 3, 28), zone=PARIS).timings
    assert (night.begin.isoformat(), night.end.isoformat()) == (
        "2026-03-28T23:00:00+01:00",
        "2026-03-29T05:00:00+02:00",
    )


@pytest.mark.parametrize("words", ["someday 20:00+1h", "sat", "sat 9h", "fri 20:00", ""])
def test_words_outside_the_vocabulary_are_refused(words: str) -> None:
    """An editor's slip must fail the tests, never load as an event at a wrong time."""
    with pytest.raises(ValueError, match=r"."):
        schedule_of(words, today=date(2026, 11, 18), zone=PARIS)


def test_the_judged_questions_are_answered_by_the_events_they_name() -> None:
    """A judgement that breaks its own wish would teach us to rank wrongly; see evals/README.md."""
    questions = [json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines()]
    asked_at = {datetime.fromisoformat(question["now"]) for question in questions}
    assert len(questions) == len({question["id"] for question in questions}) == 40
    assert len(asked_at) == 1, "the whole file is judged against one day's catalogue"
    by_uid = {record["uid"]: record for record in sample_records(asked_at.pop().date())}
    for question in questions:
        wish = question["wish"]
        assert bool(question["relevant"]) is (question["expect"] == "results"), question["id"]
        assert not question["relevant"].keys() & set(question["judged_zero"]), question["id"]
        for uid in question["relevant"]:
            record = by_uid[uid]
            place = wish["where"] or {}
            assert place.get("city") in {None, record["location_city"]}, question["id"]
            assert place.get("region") in {None, record["location_region"]}, question["id"]
            assert not wish["wheelchair"] or "mi" in record["accessibility"], question["id"]
            assert not wish["hearing"] or "hi" in record["accessibility"], question["id"]
            assert not wish["online"] or record["onlineaccesslink"], question["id"]
            for age in wish["ages"] or []:
                assert (record["age_min"] or 0) <= age <= (record["age_max"] or 120), question["id"]
            if wish["when"]:
                start, end = (
                    datetime.fromisoformat(moment).replace(tzinfo=PARIS) for moment in wish["when"]
                )
                assert list(_open_between([record], start, end)), (question["id"], uid)
        assert set(question["judged_zero"]) <= by_uid.keys(), question["id"]
