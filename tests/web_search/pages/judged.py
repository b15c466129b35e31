"""The corpus of pages with what each says, field by field, and how an extraction is judged against it.

`corpus/truth.jsonl`: a page a line. A field that is not named there is absent from the event (`status` then is unknown).
Times are local: `2026-12-05T14:30/2026-12-05T16:30`, a day alone has no hour.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from puls.outside.page import Page
from puls.web_search.pages import events_of, mentions, snippet_of, status_in_words
from puls.web_search.values import WebEvent, WebStatus, WebTime

CORPUS = Path(__file__).parent / "corpus"
SEEN_AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
FIELDS = (
    "title", "times", "run", "status", "is_status_in_words", "previous_start", "attendance", "venue", "address", "postcode",
    "city", "country_code", "coordinates", "price", "url", "image_url", "description", "organizer", "performers", "shape",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One fact of the truth or of the extraction, and whether the two agree."""

    file: str
    shape: str
    what: str
    wanted: Any
    got: Any

    @property
    def is_right(self) -> bool:
        return bool(self.wanted == self.got)


def truths(which: str | None = None) -> list[dict[str, Any]]:
    lines = (CORPUS / "truth.jsonl").read_text().splitlines()
    truths = [json.loads(line) for line in lines]
    return [truth for truth in truths if which is None or truth["set"] == which]


def page_of(truth: dict[str, Any]) -> Page:
    text = (CORPUS / truth["file"]).read_text()
    return Page(
        url=truth["url"],
        asked_url=truth["url"],
        content_type=truth["type"],
        text=text,
        fetched_at=SEEN_AT,
    )


def verdicts(truth: dict[str, Any]) -> Iterator[Verdict]:
    """Every fact of one page: fields that either side has, statuses in words, mentions, quotations."""
    page = page_of(truth)
    wanted, got = truth["events"], [_told(event) for event in events_of(page)]
    row = truth.get("row", wanted[0].get("shape", "words") if wanted else "words")
    yield Verdict(truth["file"], row, "number of events", len(wanted), len(got))
    for one in wanted:
        found = _nearest(one, got)
        for field in FIELDS:
            expected, told = one.get(field), found.get(field)
            if expected is not None or told is not None:
                yield Verdict(truth["file"], row, field, expected, told)
    for one in truth.get("words", []):
        days = [date.fromisoformat(day) for day in one["days"]]
        status = status_in_words(page, title=one["title"], days=days)
        said = (
            status.value
            if status.value != "scheduled" or one["status"] == "scheduled"
            else "unknown"
        )
        yield Verdict(truth["file"], row, f"words of {one['title']}", one["status"], said)
    for one in truth.get("mentions", []):
        days = [date.fromisoformat(day) for day in one["days"]]
        mention = mentions(page, title=one["title"], venue=one["venue"], days=days)
        yield Verdict(truth["file"], row, f"mentions {one['title']}", one["sure"], mention.is_sure)
    if "snippet" in truth:
        snippet = snippet_of(page, truth["snippet"]["about"])
        text = "" if snippet is None else snippet.text
        holds = truth["snippet"]["holds"]
        yield Verdict(truth["file"], row, "snippet", holds, holds if holds in text else text)


def _nearest(wanted: dict[str, Any], got: list[dict[str, Any]]) -> dict[str, Any]:
    """The event of the same title, and of the same times where several have it."""
    same = [one for one in got if one["title"] == wanted["title"]]
    exact = [one for one in same if one.get("times") == wanted.get("times")]
    return (exact or same or [{}])[0]


def _told(event: WebEvent) -> dict[str, Any]:
    """An event in the words of the truth."""
    price = event.price
    told: dict[str, Any] = {
        "title": event.title,
        "times": [_written(one) for one in event.times] or None,
        "run": [event.run.first_day.isoformat(), event.run.last_day.isoformat()]
        if event.run
        else None,
        "status": event.status.value if event.status.value != "unknown" else None,
        "is_status_in_words": event.is_status_in_words or None,
        "previous_start": _local(event.previous_start) if event.previous_start else None,
        "attendance": event.attendance.name.lower() if event.attendance else None,
        "coordinates": [event.coordinates.lat, event.coordinates.lon]
        if event.coordinates
        else None,
        "performers": list(event.performers) or None,
        "price": ("free" if price.is_free else [price.lowest, price.highest]) if price else None,
    }
    plain = "venue address postcode city country_code url image_url description organizer shape"
    return told | {name: getattr(event, name) for name in plain.split()}


def _written(one: WebTime) -> str:
    if not one.has_time:
        assert one.starts_at.astimezone(PARIS).time() == time(0, 0)
        return one.starts_at.astimezone(PARIS).date().isoformat()
    return _local(one.starts_at) + (f"/{_local(one.ends_at)}" if one.ends_at else "")


def _local(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


def shown(title: str, body: str, *, kind: str = "text/html") -> Page:
    """A page written in a test: its name and what its body holds; another kind than HTML holds `body` alone."""
    text = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return Page(
        url="https://page.example/a",
        asked_url="https://page.example/a",
        content_type=kind,
        text=text if kind == "text/html" else body,
        fetched_at=SEEN_AT,
    )


def status_on(page: Page, title: str, day: str) -> WebStatus:
    return status_in_words(page, title=title, days=[date.fromisoformat(day)])


def main() -> None:
    """`python -m tests.web_search.pages.judged [shut|open]`: what is wrong, and the share that is right."""
    which = sys.argv[1] if len(sys.argv) > 1 else None
    all_verdicts = [verdict for truth in truths(which) for verdict in verdicts(truth)]
    for one in all_verdicts:
        if not one.is_right:
            sys.stdout.write(
                f"{one.file:34} {one.what:24} wanted {one.wanted!r} got {one.got!r}" + "\n"
            )
    right = sum(one.is_right for one in all_verdicts)
    sys.stdout.write(
        f"{right} of {len(all_verdicts)} right: {100 * right / len(all_verdicts):.1f} %" + "\n"
    )


if __name__ == "__main__":
    main()
