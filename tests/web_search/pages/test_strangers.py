"""Pages by somebody who had not read the code (`strangers/`, invented), against their truth.

Floors are what was reached on 30 November 2026. Truth counts fields alone in `events`, where we count what the same page says
in words too (010, 026, 030), and calls « reporté au 9 avril » postponed, which is rescheduled here (014, 042).
"""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from puls.geo.names import fold
from puls.outside.page import Page
from puls.web_search.pages import events_of, status_in_words
from puls.web_search.values import WebEvent

STRANGERS = Path(__file__).parent / "strangers"
KINDS = {".html": "text/html", ".json": "application/json", ".ics": "text/calendar"}
TRUTHS = [json.loads(line) for line in (STRANGERS / "truth.jsonl").read_text().splitlines()]
GRAVE = {"cancelled", "postponed", "rescheduled", "moved_online", "full"}
SAME = {"scheduled": "unknown", "rescheduled": "postponed"}
ALIKE = 75
FLOORS = {"found": 44, "starts": 43, "venue": 44, "city": 44, "status": 42, "price": 43}


def page_of(truth: dict[str, Any]) -> Page:
    path = STRANGERS / truth["file"]
    return Page(
        url=truth["url"],
        asked_url=truth["url"],
        content_type=KINDS[path.suffix],
        text=path.read_text(),
        fetched_at=datetime.fromisoformat(truth["fetched"]),
    )


def starts_of(event: WebEvent) -> list[str]:
    return sorted(
        one.starts_at.isoformat()[:16] if one.has_time else one.starts_at.date().isoformat()
        for one in event.times
    )


def right_fields(wanted: dict[str, Any], told: list[WebEvent]) -> dict[str, bool]:
    starts = sorted(one[:16] for one in wanted["starts"])
    named = [
        one for one in told if fuzz.token_set_ratio(fold(one.title), fold(wanted["title"])) >= ALIKE
    ]
    best = max(named, key=lambda one: len(set(starts) & set(starts_of(one))), default=None)
    if best is None:
        return {"found": False}
    price = best.price.lowest if best.price else None
    status = best.status.value
    return {
        "found": True,
        "starts": starts_of(best) == starts,
        "venue": fuzz.token_set_ratio(fold(best.venue or ""), fold(wanted["venue"] or "")) >= ALIKE
        or best.venue == wanted["venue"],
        "city": fold(best.city or "") == fold(wanted["city"] or ""),
        "status": SAME.get(status, status) == SAME.get(wanted["status"], wanted["status"]),
        "price": price == wanted["price_lowest"],
    }


def test_events_of_strangers_are_read_as_well_as_they_were() -> None:
    """Pages that nobody here wrote tell how the live web will fare."""
    right: Counter[str] = Counter()
    for truth in TRUTHS:
        told = list(events_of(page_of(truth)))
        for wanted in truth["events"]:
            right.update(field for field, ok in right_fields(wanted, told).items() if ok)
    assert {field: right[field] for field in FLOORS if right[field] < FLOORS[field]} == {}


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda one: str(one["file"]))
def test_words_of_strangers_are_understood(truth: dict[str, Any]) -> None:
    """All of them were at the time of writing; a false grave status is the worst that may come back."""
    for ask in truth["asks"]:
        days = [date.fromisoformat(day) for day in ask["days"]]
        said = status_in_words(page_of(truth), title=ask["title"], days=days).value
        if SAME.get(ask["status"], ask["status"]) == "unknown":
            assert said not in GRAVE
        else:
            assert SAME.get(said, said) == SAME.get(ask["status"], ask["status"])
