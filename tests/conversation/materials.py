"""Turns made by hand on invented events, for what writes and checks answers."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import (
    Accessibility,
    Attribution,
    Category,
    Event,
    Interval,
    Occurrence,
    Price,
    PriceKind,
    Status,
    Venue,
)
from puls.conversation.turn import Material
from puls.retrieval.asking import Answer
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.relaxing import CountedRelaxation
from puls.retrieval.search import Found
from puls.understanding.language import Language
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.saying.relaxations import Relaxation
from puls.understanding.turns import Act, Turn
from puls.understanding.wish import Where, Wish

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 17, 0, tzinfo=PARIS)  # a Friday
GRENOBLE = Where(label="Grenoble (Isère)", commune_codes=("38185",))
WEEKEND = Interval(datetime(2026, 11, 27, 18, tzinfo=PARIS), datetime(2026, 11, 30, tzinfo=PARIS))
FREE = Price(kind=PriceKind.FREE, lowest=0, highest=0)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def during(starts_at: datetime, *, hours: float = 2, **flags: bool) -> Occurrence:
    return Occurrence(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **flags)


def venue(name: str | None, city: str = "Grenoble", **changes: Any) -> Venue:
    return replace(
        Venue(
            key=f"{name}-{city}",
            name=name,
            city=city,
            postcode="38000",
            address="4 rue des Tilleuls",
        ),
        **changes,
    )


def found(
    uid: str,
    title: str,
    occurrence: Occurrence,
    *,
    km: float | None = 1.2,
    url: str | None = "",
    **changes: Any,
) -> FoundEvent:
    event = Event(
        uid=uid,
        title=title,
        venue=venue("Théâtre des Ormes"),
        attribution=Attribution(
            source="sample",
            url=f"https://example.org/{uid}" if url == "" else url,
            licence="Licence Ouverte 2.0",
        ),
        duplicate_key=uid,
        series_key=uid,
    )
    return FoundEvent(
        event=replace(event, **changes), occurrence=occurrence, distance_km=km, score=1.0
    )


JAZZ = found(
    "1",
    "Les Cordes du Vercors",
    during(at(11, 27, 20, 30)),
    category=Category.CONCERT,
    description="Jazz manouche avec Anatole Brisebarre. Trois guitares, un violon, 45 minutes de bœuf final.",
    price=Price(kind=PriceKind.PAID, lowest=12, highest=12),
    age_min=6,
    registration=(("phone", "04 76 00 00 01"), ("link", "https://billets.example.org/cordes")),
)
EXPO = found(
    "2",
    "Objets affectueux",
    during(at(11, 28, 14), hours=4),
    km=0.8,
    category=Category.EXHIBITION,
    price=FREE,
    venue=venue("Musée des Silences"),
    accessibility=frozenset({Accessibility.MOTOR}),
)
CINE = found(
    "3",
    "Le Dernier Tram",
    during(at(11, 29, 18)),
    km=None,
    category=Category.CINEMA,
    venue=venue("Cinéma Le Prisme", "Échirolles"),
)
FULL = found(
    "4",
    "Nuit des comètes",
    during(at(11, 28, 21)),
    status=Status.FULL,
    price=Price(kind=PriceKind.PAID, lowest=8, highest=15),
    venue=venue("Observatoire du Rachais", "La Tronche"),
)
RANGE = found(
    "5",
    "Affiches de neige",
    Occurrence(starts_at=at(11, 1), ends_at=at(1, 16, year=2027), is_possible=True),
    km=3.0,
    price=FREE,
    venue=venue("Maison de la Montagne"),
)
CANCELLED = found("6", "Bal des lucioles", during(at(11, 28, 20)), status=Status.CANCELLED)
PAST = found("7", "Goûter des géants", during(at(11, 20, 15)), price=FREE)
EVENTS = (JAZZ, EXPO, CINE, FULL, RANGE)


_ACTS = {Turn.REFINEMENT: Act.CHANGE, Turn.COMPARISON: Act.COMPARE}


def material(
    text: str = "que faire ce week-end à Grenoble ?",
    events: tuple[FoundEvent, ...] = EVENTS,
    *,
    wish: Wish | None = None,
    turn: Turn = Turn.SEARCH,
    language: Language = "fr",
    fitting: int | None = None,
    notices: tuple[Notice, ...] = (),
    relaxations: tuple[CountedRelaxation, ...] = (),
    **changes: Any,
) -> Material:
    wish = Wish(when=(WEEKEND,), where=GRENOBLE) if wish is None else wish
    answer = Answer(
        understood=Understood(
            wish=wish,
            turn=turn,
            act=_ACTS.get(turn) or Act(turn.value),
            language=language,
        ),
        found=Found(events=events, fitting=len(events) if fitting is None else fitting),
        notices=notices,
        relaxations=relaxations,
    )
    return Material(
        text=text, answer=answer, language=language, now=NOW, timezone="Europe/Paris", **changes
    )


def counted(fr: str, en: str, count: int) -> CountedRelaxation:
    return CountedRelaxation(Relaxation(wish=Wish(), change="day", fr=fr, en=en), count)
