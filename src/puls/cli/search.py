"""`puls search` and `puls show`: the same answers as the API, as a table for people or as its JSON."""

import shlex
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from puls import phrasing
from puls.api.schemas import SearchAnswer, event_details, search_answer
from puls.bootstrap import Puls
from puls.catalogue.event import Accessibility, Category
from puls.cli.opening import checked_settings, run
from puls.cli.output import AsJson, console, moment_or_now, plain, print_json, table_of
from puls.cli.understand import position_of
from puls.retrieval.asking import Answer, Question
from puls.retrieval.ranking import off_theme
from puls.retrieval.search import MOST_COUNTED
from puls.understanding.given import Given
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Order

_MOST_DATES = 12


def search(
    question: Annotated[str, typer.Argument(help="In French or English; may be empty.")] = "",
    *,
    now: Annotated[
        str | None, typer.Option(help="Freeze the clock at this ISO 8601 moment.")
    ] = None,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Your position.")] = None,
    starts: Annotated[
        str | None, typer.Option("--from", help="Open from this day or moment on.")
    ] = None,
    ends: Annotated[
        str | None, typer.Option("--to", help="Open before this moment; a day is included.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="A commune, postcode, département or région.")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(help="Kilometres around --place or --near.")
    ] = None,
    free: Annotated[bool | None, typer.Option("--free/--no-free", help="Only free events.")] = None,
    max_price: Annotated[float | None, typer.Option(help="Euros per person.")] = None,
    age: Annotated[list[int] | None, typer.Option(help="In years; may be repeated.")] = None,
    accessibility: Annotated[
        list[Accessibility] | None, typer.Option(help="hi, vi, pi, mi or ii; may be repeated.")
    ] = None,
    online: Annotated[bool | None, typer.Option("--online/--on-site")] = None,
    category: Annotated[list[Category] | None, typer.Option(help="May be repeated.")] = None,
    order: Annotated[str | None, typer.Option(help="relevance, soonest, nearest, cheapest")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=50, help="As many as the words ask for, else 10.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the events that fit a question and filters; filters win over words."""
    given = Given(
        starts=_day_or_moment(starts),
        ends=_day_or_moment(ends),
        place=place,
        radius_km=radius,
        position=position_of(near),
        free=free,
        max_price=max_price,
        ages=tuple(age or ()),
        accessibility=frozenset(accessibility or ()),
        online=online,
        categories=tuple(category or ()),
        order=_order(order),
    )

    moment = moment_or_now(now, checked_settings().timezone)

    async def work(puls: Puls) -> tuple[Answer, SearchAnswer]:
        timezone = puls.settings.timezone
        answer = await puls.asking.ask(
            Question(text=question, given=given, now=moment, timezone=timezone, limit=limit)
        )
        return answer, search_answer(answer, timezone=timezone)

    answer, shape = run(work, is_quiet=True)
    if as_json:
        print_json(shape.model_dump(mode="json"))
    else:
        _print(answer, now=moment)


def show(
    uid: Annotated[str, typer.Argument(help="As `puls search` prints it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Everything about one event: dates, place, price, source."""
    stored = run(lambda puls: puls.catalogue.event(uid), is_quiet=True)
    if as_json:
        print_json(event_details(stored).model_dump(mode="json"))
        return
    event, zone = stored.event, ZoneInfo(stored.event.timezone)
    facts = Table(show_header=False, box=None)
    facts.add_row("title", _shown(event.title))
    facts.add_row("what", f"{event.category}; {event.status.name.lower()}")
    venue = event.venue
    if venue is not None:
        parts = (venue.name, venue.address, venue.postcode, venue.city)
        facts.add_row("where", _shown(", ".join(dict.fromkeys(part for part in parts if part))))
    dates = [
        f"{one.starts_at.astimezone(zone):%a %Y-%m-%d %H:%M} – {one.ends_at.astimezone(zone):%Y-%m-%d %H:%M}"
        + (" (dates à vérifier)" if one.is_possible else "")
        for one in event.occurrences
    ]
    more = [f"… and {len(dates) - _MOST_DATES} more"] if len(dates) > _MOST_DATES else []
    facts.add_row("when", "\n".join(dates[:_MOST_DATES] + more))
    facts.add_row("price", phrasing.price_words(event.price, "fr"))
    facts.add_row("about", _shown(event.description or ""))
    attribution = event.attribution
    source = (attribution.agenda_title, attribution.url, attribution.licence)
    facts.add_row("source", _shown("\n".join(part for part in source if part)))
    if stored.other_uids:
        facts.add_row("also as", _shown(", ".join(stored.other_uids)))
    if stored.removed_at is not None:
        facts.add_row("note", f"removed by its source on {stored.removed_at:%Y-%m-%d}")
    console.print(facts)


def _print(answer: Answer, *, now: datetime) -> None:
    understood, found = answer.understood, answer.found
    chips = " · ".join(chip.fr for chip in understood.chips)
    console.print(plain(f"Compris : {chips or 'tout ce qui vient'}"), markup=False)
    for notice in answer.notices:
        console.print(plain(notice.fr), markup=False)
    if not found.events:
        _print_relaxations(answer)
        return
    rows = []
    for one in found.events:
        event = one.event
        place = (event.venue.name, event.venue.city) if event.venue else ()
        rows.append(
            (
                event.uid,
                event.title,
                phrasing.moment(one.occurrence, event.timezone, now=now, language="fr"),
                ", ".join(part for part in place if part),
                phrasing.price_words(event.price, "fr"),
                ", ".join(reason.fr for reason in one.reasons),
            )
        )
    console.print(table_of("uid!", "titre", "quand", "où", "prix", "à savoir", rows=rows))
    console.print(
        phrasing.count_words(
            len(found.events),
            found.fitting,
            "fr",
            most=MOST_COUNTED,
            beside=off_theme(found.events),
        ),
        markup=False,
    )


def _shown(text: str) -> str:
    """A text of an organiser's: neither markup nor orders to a terminal."""
    return escape(plain(text))


def _print_relaxations(answer: Answer) -> None:
    """« Rien · 3 samedi · 2 à Valence, 28 km », and how to ask for the first of them."""
    offers = [one for one in answer.relaxations if one.count]
    words = " · ".join(f"{one.count} {one.relaxation.fr}" for one in offers)
    console.print(plain(f"Rien ne convient. {words}".rstrip()), markup=False)
    if offers:
        question = sentence_of(offers[0].relaxation.wish, "fr", checked_settings().timezone)
        console.print(plain(f"Par exemple : puls search {shlex.quote(question)}"), markup=False)


def _day_or_moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is not an ISO 8601 date or time.") from error


def _order(text: str | None) -> Order | None:
    match text:
        case None | "relevance" | "soonest" | "nearest" | "cheapest":
            return text
        case _:
            pass
    raise typer.BadParameter(f"{text!r} is not one of relevance, soonest, nearest, cheapest.")
