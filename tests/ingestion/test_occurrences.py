"""When an event is open, from the little that a record may say."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from puls.ingestion.mapping.occurrences import occurrences_of

PARIS = ZoneInfo("Europe/Paris")


def local(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Start, end and marks of each occurrence on Paris clocks."""
    return [
        (
            o.starts_at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M"),
            o.ends_at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M"),
            ("possible " * o.is_possible + "day" * o.is_day_known_only).strip(),
        )
        for o in occurrences_of(record, PARIS)
    ]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            {
                "firstdate_begin": "2025-07-19T20:30:00+02:00",
                "firstdate_end": "2025-07-19T21:30:00+02:00",
            },
            [("2025-07-19 20:30", "2025-07-19 21:30", "")],
            id="first date only",
        ),
        pytest.param(
            {"firstdate_begin": "2025-07-19T18:30:00Z"},
            [("2025-07-19 20:30", "2025-07-19 22:30", "")],
            id="no end: the usual two hours",
        ),
        pytest.param(
            {"firstdate_end": "2026-01-20T21:00:00+01:00"},
            [("2026-01-20 19:00", "2026-01-20 21:00", "")],
            id="only the end",
        ),
        pytest.param(
            {
                "firstdate_begin": "2025-09-03T10:00:00+02:00",
                "lastdate_end": "2025-12-17T12:00:00+01:00",
            },
            [("2025-09-03 10:00", "2025-12-17 12:00", "possible")],
            id="a long range is only possible",
        ),
        pytest.param(
            {"firstdate_begin": "2025-03-18", "lastdate_end": "2025-03-18"},
            [("2025-03-18 00:00", "2025-03-19 00:00", "day")],
            id="a bare day",
        ),
        pytest.param(
            {"firstdate_begin": "2025-09-20", "lastdate_end": "2025-09-21"},
            [("2025-09-20 00:00", "2025-09-22 00:00", "possible day")],
            id="two bare days",
        ),
        pytest.param(
            {
                "firstdate_begin": "2025-05-01T00:00:00+02:00",
                "firstdate_end": "2025-05-01T01:59:59+02:00",
            },
            [("2025-05-01 00:00", "2025-05-02 00:00", "day")],
            id="a whole day shifted by its offset",
        ),
        pytest.param(
            {
                "timings": '[{"begin": "2026-03-28T00:00:00+01:00", "end": '
                '"2026-03-28T23:59:00+01:00"}]'
            },
            [("2026-03-28 00:00", "2026-03-29 00:00", "day")],
            id="hours unknown in timings",
        ),
        pytest.param(
            {
                "firstdate_begin": "2026-06-20T22:00:00+02:00",
                "lastdate_end": "2026-06-21T04:00:00+02:00",
            },
            [("2026-06-20 22:00", "2026-06-21 04:00", "")],
            id="a night is one evening",
        ),
        pytest.param(
            {"firstdate_begin": "2025-09-20T08:00:00Z", "lastdate_begin": "2025-09-21T09:00:00Z"},
            [
                ("2025-09-20 10:00", "2025-09-20 12:00", ""),
                ("2025-09-21 11:00", "2025-09-21 13:00", ""),
            ],
            id="first and last of two days in a row",
        ),
        pytest.param(
            {"firstdate_begin": "2024-09-23T16:00:00Z", "lastdate_begin": "2025-05-19T16:00:00Z"},
            [
                ("2024-09-23 18:00", "2024-09-23 20:00", ""),
                ("2024-09-23 20:00", "2025-05-19 18:00", "possible"),
                ("2025-05-19 18:00", "2025-05-19 20:00", ""),
            ],
            id="first and last are certain, in between is possible",
        ),
        pytest.param(
            {"daterange_fr": "Samedi 17 mai, 19h00", "updatedat": "2025-04-01T10:00:00+00:00"},
            [("2025-05-17 19:00", "2025-05-17 21:00", "")],
            id="words with a week-day",
        ),
        pytest.param(
            {"daterange_fr": "19 et 20 septembre", "updatedat": "2026-08-01T10:00:00Z"},
            [
                ("2026-09-19 00:00", "2026-09-20 00:00", "day"),
                ("2026-09-20 00:00", "2026-09-21 00:00", "day"),
            ],
            id="two days in words",
        ),
        pytest.param(
            {"daterange_fr": "Du 3 au 8 décembre 2025"},
            [("2025-12-03 00:00", "2025-12-09 00:00", "possible day")],
            id="a range in words",
        ),
        pytest.param({"daterange_fr": "Samedi 17 mai, 19h00"}, [], id="no year to infer"),
        pytest.param({}, [], id="nothing"),
    ],
)
def test_what_is_known_of_the_dates_is_what_is_said(
    record: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    """A certain time and a possible one must never look alike."""
    assert local(record) == expected


def test_a_timing_without_a_usable_end_lasts_the_usual_time() -> None:
    record = {
        "timings": [{"begin": "2026-05-17T19:00:00+02:00", "end": "2026-05-17T00:00:00+02:00"}]
    }
    assert local(record) == [("2026-05-17 19:00", "2026-05-17 21:00", "")]


def test_times_without_offset_are_the_venues_own() -> None:
    """19:00 in Cayenne is not 19:00 in Paris."""
    (occurrence,) = occurrences_of(
        {"firstdate_begin": "2026-05-17T19:00:00"}, ZoneInfo("America/Cayenne")
    )
    assert occurrence.starts_at == datetime(2026, 5, 17, 22, tzinfo=UTC)
