"""Events side by side: a small table of what tells them apart. Pure. Enter at `comparison`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puls import phrasing
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.ui.texts import texts

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """`heads`: (uid, title) of each column; `rows`: a name and a cell for each column. What nobody knows of any is left out."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[str]]]


def comparison(
    events: Sequence[FoundEvent], *, now: datetime, language: Language
) -> ComparisonView | None:
    """None for less than two events."""
    shown = events[:MOST_COMPARED]
    if len(shown) < 2:  # noqa: PLR2004 # side by side
        return None
    words = texts(language)
    rows = [
        (words[f"compare_{name}"], [_cell(name, one, now=now, language=language) for one in shown])
        for name in ("when", "where", "price", "distance", "ages", "access")
    ]
    return ComparisonView(
        heads=[(one.event.uid, one.event.title) for one in shown],
        rows=[
            (name, [cell or words["not_stated"] for cell in cells])
            for name, cells in rows
            if any(cells)
        ],
    )


def _cell(name: str, one: FoundEvent, *, now: datetime, language: Language) -> str:
    event = one.event
    match name:
        case "when":
            told = phrasing.moment(one.occurrence, event.timezone, now=now, language=language)
            return phrasing.sentence(told)
        case "where":
            venue = event.venue
            parts = (venue.name, venue.city) if venue else ()
            return ", ".join(dict.fromkeys(part for part in parts if part))
        case "price":
            return phrasing.sentence(phrasing.price_words(event.price, language))
        case "distance":
            km = one.distance_km
            return "" if km is None else phrasing.distance_words(km, language)
        case "ages":
            return phrasing.ages_words(event.age_min, event.age_max, language) or ""
        case _:
            names = phrasing.accessibility_names(event.accessibility, language)
            return phrasing.sentence(", ".join(names)) if names else ""
