"""`puls understand`: what words mean to Puls, word by word, without any database.

A table for people, JSON for programs. Needs no database and no embedding; reading the weights takes a second.
"""

import time
from collections.abc import Iterator
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from puls.api.schemas import WishShape
from puls.cli.opening import checked_settings
from puls.cli.output import AsJson, console, moment_or_now, plain, print_json
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.message import Message
from puls.understanding.question import Understood, understand
from puls.understanding.saying.sentence import sentence_of


def understand_words(
    question: Annotated[str, typer.Argument(help="In French or English.")],
    *,
    now: Annotated[
        str | None, typer.Option(help="Freeze the clock at this ISO 8601 moment.")
    ] = None,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Your position.")] = None,
    history: Annotated[
        list[str] | None, typer.Option(help="An earlier message; repeat it, the oldest first.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what Puls understands: the wish, which words said it, and what else they may mean."""
    timezone = checked_settings().timezone
    moment = moment_or_now(now, timezone)
    position = position_of(near)
    gazetteer = Gazetteer.load()
    began = time.perf_counter()
    understood = understand(
        question,
        now=moment,
        gazetteer=gazetteer,
        position=position,
        history=tuple(history or ()),
        timezone=timezone,
    )
    milliseconds = round((time.perf_counter() - began) * 1000, 2)
    if as_json:
        print_json(_shape(question, understood, timezone, milliseconds))
    else:
        _print(question, understood, timezone, milliseconds)


def position_of(text: str | None) -> Coordinates | None:
    """LAT,LON in degrees.

    Raises:
        BadParameter: it is something else.
    """
    if text is None:
        return None
    try:
        lat, lon = (float(part) for part in text.split(","))
        return Coordinates(lat, lon)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is not a position; write LAT,LON, like 45.76,4.84."
        ) from error


def _shape(
    question: str, understood: Understood, timezone: str, milliseconds: float
) -> dict[str, Any]:
    wish = understood.wish
    return {
        "turn": understood.turn.value,
        "language": understood.language,
        "wish": WishShape.of(wish, timezone=ZoneInfo(timezone)).model_dump(mode="json"),
        "matched": [
            {"start": span.start, "end": span.end, "words": span.words, "kind": span.kind}
            for span in understood.matched
        ],
        "act": understood.act.value,
        "certainty": round(understood.certainty, 3),
        "left_aside": [
            {"words": words, "why": why} for words, why in left_aside(question, understood)
        ],
        "notices": [
            {"code": each.code, "fr": each.fr, "en": each.en} for each in understood.notices
        ],
        "alternatives": [
            {
                "words": reading.words,
                "taken": reading.taken.label,
                "others": [other.label for other in reading.others],
            }
            for reading in understood.alternatives
        ],
        "sentence_fr": sentence_of(wish, "fr", timezone),
        "sentence_en": sentence_of(wish, "en", timezone),
        "milliseconds": milliseconds,
    }


_WHY = {
    "I": "raconté, pas demandé",
    "N": "exclu",
    "D": "retiré de la demande",
    "T": "fait partie du thème",
    "X": "exclu du thème",
}


def left_aside(question: str, understood: Understood) -> list[tuple[str, str]]:
    """What was read of a time, a place, a price… and is not meant, with why."""
    judgement, message = understood.judgement, Message(question)
    units = zip(judgement.units, judgement.labels, strict=True)
    return [
        (message.written(unit.first, unit.last), _WHY[label])
        for unit, label in units
        if unit.reading is not None and label in _WHY
    ]


def _print(question: str, understood: Understood, timezone: str, milliseconds: float) -> None:
    table = Table(show_header=False, box=None)
    for name, words in _rows(question, understood, timezone):
        table.add_row(name, escape(plain(words)))
    console.print(table)
    console.print(f"compris en {milliseconds:g} ms", markup=False)


def _rows(question: str, understood: Understood, timezone: str) -> Iterator[tuple[str, str]]:
    sure = f"sûr à {understood.certainty:.0%}"
    yield "tour", f"{understood.turn.value}, {understood.act.value} ({understood.language}, {sure})"
    for chip in understood.chips:
        yield _FIELDS.get(chip.field, chip.field), chip.fr
    told: set[str] = set()
    for span in understood.matched:
        if span.words in told:
            continue
        told.add(span.words)
        yield "mots lus", f"« {span.words} » : {_KINDS.get(span.kind, span.kind)}"
    for words, why in left_aside(question, understood):
        yield "laissé de côté", f"« {words} » : {why}"
    for notice in understood.notices:
        yield "à savoir", notice.fr
    for reading in understood.alternatives:
        others = ", ".join(other.label for other in reading.others)
        yield "pas retenu", f"« {reading.words} » : {others}"
    if understood.chips:
        yield "en clair", sentence_of(understood.wish, "fr", timezone)


_FIELDS = {
    "topic": "thème", "when": "quand", "where": "où", "free": "prix", "max_price": "prix",
    "ages": "âges", "accessibility": "accessibilité", "online": "présence", "setting": "cadre",
    "spoken_language": "langue", "max_minutes": "durée", "party_size": "participants",
    "number_wanted": "nombre", "categories": "catégories", "excluded_categories": "exclu",
    "excluded_words": "exclu", "includes_non_cultural": "emploi", "order": "ordre",
}  # fmt: skip
_KINDS = {
    "when": "quand", "where": "où", "price": "prix", "ages": "âges", "order": "ordre",
    "accessibility": "accessibilité", "online": "présence", "excluded": "exclusion",
    "asking": "façon de demander", "story": "récit, laissé de côté", "title": "titre, gardé",
    "setting": "cadre", "language": "langue", "spoken_language": "langue", "duration": "durée",
    "party": "participants", "number": "nombre voulu", "categories": "catégories",
}  # fmt: skip
