"""Judged questions (format: evals/README.md): read, and as wishes. Pure but for reading the file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Interval
from puls.errors import InvalidInputError
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import asks_for_work, understand
from puls.understanding.turns import Turn
from puls.understanding.wish import Near, Where, Wish

_ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A question with what should be understood and which events answer it (`relevant`: uid to grade 1-3)."""

    id: str
    now: datetime
    text: str
    history: tuple[str, ...]
    position: Coordinates | None
    language: str
    expect: str
    wish: Mapping[str, Any]
    relevant: Mapping[str, int]
    judged_zero: frozenset[str]
    tags: tuple[str, ...] = ()


def read_questions(path: Path) -> list[JudgedQuestion]:
    """Read a `.jsonl` of judged questions.

    Raises:
        InvalidInputError: the file is missing or a line is not a judged question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"Cannot read {path}: {error}.") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(question_of(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInputError(
                f"{path}, line {number}: not a judged question ({error!r})."
            ) from error
    return questions


def question_of(line: Mapping[str, Any]) -> JudgedQuestion:
    """One judged question, as its line tells it."""
    user, wish = line.get("user"), line.get("wish") or {}
    if not isinstance(wish, dict):
        raise TypeError("the wish is not an object")
    return JudgedQuestion(
        id=str(line["id"]),
        now=_aware(datetime.fromisoformat(line["now"])),
        text=line["text"],
        history=tuple(line.get("history") or ()),
        position=Coordinates(user["lat"], user["lon"]) if user else None,
        language=line.get("language", "fr"),
        expect=line["expect"],
        wish=wish,
        relevant={str(uid): int(grade) for uid, grade in line.get("relevant", {}).items()},
        judged_zero=frozenset(line.get("judged_zero", ())),
        tags=tuple(line.get("tags", ())),
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)


def given_wish(question: JudgedQuestion, gazetteer: Gazetteer) -> Wish:
    """The wish that the judges wrote down, as filters and topic."""
    given = question.wish
    codes = [
        code
        for code, key in (
            (Accessibility.MOTOR, "wheelchair"),
            (Accessibility.HEARING, "hearing"),
        )
        if given.get(key)
    ]
    topic = given.get("topic") or ""
    return Wish(
        topic=topic,
        when=_given_interval(given.get("when")),
        where=_given_place(given.get("where"), gazetteer),
        free=given.get("free"),
        max_price=given.get("max_price"),
        ages=tuple(given.get("ages") or ()),
        accessibility=frozenset(codes),
        online=given.get("online"),
        includes_non_cultural=asks_for_work(topic),
        position=question.position,
    )


def understood_wish(question: JudgedQuestion, gazetteer: Gazetteer) -> Wish | None:
    """What Puls itself understands of the words; None when they ask for nothing that can be searched."""
    understood = understand(
        question.text,
        now=question.now,
        gazetteer=gazetteer,
        position=question.position,
        history=question.history,
    )
    if understood.turn in {Turn.OUT_OF_SCOPE, Turn.CANNOT, Turn.GREETING, Turn.THANKS}:
        return None
    return understood.wish


def _given_interval(when: Sequence[str] | None) -> tuple[Interval, ...]:
    """Judges write the last minute, Puls the moment after."""
    if not when:
        return ()
    try:
        start, last = (datetime.fromisoformat(moment).replace(tzinfo=_ZONE) for moment in when)
    except (ValueError, TypeError) as error:
        raise InvalidInputError(f"Not a time: {when!r}.") from error
    end = last + timedelta(minutes=1) if last.minute == 59 else last  # noqa: PLR2004 # a last minute
    return (Interval(start, end),)


def _given_place(where: Mapping[str, Any] | None, gazetteer: Gazetteer) -> Where | None:
    match where:
        case None:
            return None
        case {"city": str(city)}:
            locality = gazetteer.locate(city=city, postcode=None)
            code = locality.commune_code if locality else None
            return Where(label=city, commune_codes=(code,) if code else ("?",))
        case {"postcode": str(postcode)}:
            return Where(label=postcode, postcodes=(postcode,))
        case {"department": department}:
            departments = (department,) if isinstance(department, str) else tuple(department)
            return Where(label=", ".join(departments), department_codes=departments)
        case {"region": str(name)}:
            region = gazetteer.region_named(name)
            return Where(label=name, region_codes=(region.code,) if region else ("?",))
        case {"near": {"lat": lat, "lon": lon, "radius_km": radius_km}}:
            circle = Near(center=Coordinates(lat, lon), radius_km=float(radius_km))
            return Where(label=f"{radius_km} km", near=circle)
        case _:
            pass
    raise InvalidInputError(f"Not a place: {where!r}.")
