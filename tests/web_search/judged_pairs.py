"""Pairs of a catalogue event and a web event, judged by hand, and how a merging is measured against them."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Attribution, Event, Occurrence, Venue
from puls.web_search.merging import likeness
from puls.web_search.values import Run, WebEvent, WebTime

PAIRS = Path(__file__).parent / "merging_pairs.jsonl"
PARIS = ZoneInfo("Europe/Paris")


def pairs(which: str | None = None) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in PAIRS.read_text().splitlines()]
    return [pair for pair in read if which is None or pair["set"] == which]


def catalogue_event(side: dict[str, Any], *, uid: str = "1") -> Event:
    return Event(
        uid=uid,
        title=side["title"],
        venue=Venue(key=side["venue"] or "", name=side["venue"], city=side["city"]),
        occurrences=tuple(_occurrences(side["when"])),
        attribution=Attribution(source="openagenda", licence="Licence Ouverte 2.0"),
        duplicate_key=uid,
        series_key=uid,
    )


def web_event(side: dict[str, Any]) -> WebEvent:
    first, is_run, last = side["when"].partition("..")
    return WebEvent(
        title=side["title"],
        page_url="https://page.example/",
        seen_at=datetime(2026, 11, 30, 10, 0, tzinfo=UTC),
        shape="json-ld",
        times=()
        if is_run
        else tuple(
            WebTime(starts_at=_local(one), has_time="T" in one) for one in side["when"].split(",")
        ),
        run=Run(first_day=date.fromisoformat(first), last_day=date.fromisoformat(last))
        if is_run
        else None,
        venue=side["venue"],
        city=side["city"],
    )


def _occurrences(when: str) -> list[Occurrence]:
    first, is_run, last = when.partition("..")
    if is_run:
        end = _local(last) + timedelta(days=1)
        return [
            Occurrence(
                starts_at=_local(first).astimezone(UTC),
                ends_at=end.astimezone(UTC),
                is_possible=True,
            )
        ]
    return [
        Occurrence(
            starts_at=_local(one).astimezone(UTC),
            ends_at=(_local(one) + timedelta(hours=2)).astimezone(UTC),
            is_day_known_only="T" not in one,
        )
        for one in when.split(",")
    ]


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def measured(which: str | None = None) -> tuple[float, float, list[str]]:
    """Precision, recall, and the pairs that are judged wrongly."""
    right = wrong = missed = 0
    faults = []
    for pair in pairs(which):
        like = likeness(catalogue_event(pair["catalogue"]), web_event(pair["web"]))
        right += like.is_same and pair["same"]
        wrong += like.is_same and not pair["same"]
        missed += pair["same"] and not like.is_same
        if like.is_same != pair["same"]:
            faults.append(
                f"{'missed' if pair['same'] else 'false'}: {pair['catalogue']} {pair['web']} ({like.why})"
            )
    return right / max(1, right + wrong), right / max(1, right + missed), faults


if __name__ == "__main__":
    precision, recall, faults = measured(sys.argv[1] if len(sys.argv) > 1 else None)
    sys.stdout.write("\n".join(faults) + "\n")
    sys.stdout.write(f"precision {100 * precision:.1f} %, recall {100 * recall:.1f} %" + "\n")
