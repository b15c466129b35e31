"""The sample catalogue as its editor wrote it: venues in a CSV, events in Markdown.

Reads the files of `data/` and never writes. An event reads:

    ## 90000001 Le titre
    @venue-key | schedule | category
    € conditions, in the organiser's words
    # keywords, separated, by commas
    ! age=6-12 acc=hi;mi status=5 mode=3 reg=link,phone twin
    The description, one or several sentences.
    <p>More text in HTML, on as many lines as needed.</p>

Only the first two lines and the description are required; `@-` is an event without a place. A line
`% Title` names the agenda of the events that follow. Schedules are explained in `sample.schedule`.
A uid is never given to another event. Enter at `authored_events`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from puls.catalogue.event import Accessibility, Attendance, Category, Status

_DATA = files("puls.ingestion.sample") / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleVenue:
    """A real place; the commune's codes and clock come from `communes.csv`."""

    key: str
    name: str
    address: str
    postcode: str
    city: str
    insee: str
    department: str
    region: str
    timezone: str
    lat: float
    lon: float
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredEvent:
    """One event before it is given dates.

    `category` is the editor's judgement and is not part of the record. `has_twin` asks for a second
    record of the same event under another uid, as other agendas would repeat it.
    """

    uid: int
    title: str
    agenda: str
    venue: SampleVenue | None
    schedule: str
    category: Category
    description: str
    html: str
    conditions: str | None
    keywords: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    accessibility: tuple[Accessibility, ...]
    status: Status
    attendance: Attendance
    registration: tuple[str, ...]
    has_twin: bool


@cache
def authored_events() -> tuple[AuthoredEvent, ...]:
    """Every authored event, in the order of the files' names."""
    venues = _venues()
    pages = sorted(
        (page for page in _DATA.iterdir() if page.name.endswith(".md")), key=lambda page: page.name
    )
    return tuple(
        event for page in pages for event in _events(page.read_text(encoding="utf-8"), venues)
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(
        (_DATA / name).read_text(encoding="utf-8").splitlines(), delimiter=";"
    )


def _venues() -> dict[str, SampleVenue]:
    communes = {row["insee"]: row for row in _rows("communes.csv")}
    return {row["key"]: _venue(row, communes[row["insee"]]) for row in _rows("venues.csv")}


def _venue(row: dict[str, str], commune: dict[str, str]) -> SampleVenue:
    return SampleVenue(
        key=row["key"],
        name=row["name"],
        address=row["address"],
        postcode=row["postcode"],
        city=commune["city"],
        insee=row["insee"],
        department=commune["department"],
        region=commune["region"],
        timezone=commune["timezone"] or "Europe/Paris",
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        description=row["description"] or None,
    )


def _events(page: str, venues: dict[str, SampleVenue]) -> Iterator[AuthoredEvent]:
    agenda = ""
    entry: list[str] = []
    for line in [*page.splitlines(), "## "]:
        if entry and line.startswith(("## ", "% ")):
            yield _event(entry, agenda, venues)
            entry = []
        if line.startswith("% "):
            agenda = line[2:]
        elif line.strip() and (entry or line.startswith("## 9")):
            entry.append(line)


def _event(entry: list[str], agenda: str, venues: dict[str, SampleVenue]) -> AuthoredEvent:
    uid, _, title = entry[0].removeprefix("## ").partition(" ")
    place, schedule, category = (cell.strip() for cell in entry[1].removeprefix("@").split("|"))
    marked = {line[0]: line[2:] for line in entry[2:] if line[0] in "€#!"}
    options = dict(option.partition("=")[::2] for option in marked.get("!", "").split())
    age_min, _, age_max = options.get("age", "").partition("-")
    return AuthoredEvent(
        uid=int(uid),
        title=title,
        agenda=agenda,
        venue=None if place == "-" else venues[place],
        schedule=schedule,
        category=Category(category),
        description=" ".join(line for line in entry[2:] if line[0] not in "€#!<"),
        html="\n".join(line for line in entry[2:] if line.startswith("<")),
        conditions=marked.get("€"),
        keywords=tuple(word.strip() for word in marked["#"].split(",")) if "#" in marked else (),
        age_min=int(age_min) if age_min else None,
        age_max=int(age_max) if age_max else None,
        accessibility=tuple(
            Accessibility(code) for code in options.get("acc", "").split(";") if code
        ),
        status=Status(int(options.get("status", "1"))),
        attendance=Attendance(int(options.get("mode", "1"))),
        registration=tuple(means for means in options.get("reg", "").split(",") if means),
        has_twin="twin" in options,
    )
