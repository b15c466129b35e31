"""A catalogue of any size that resembles the real one, for benchmarks.

Places are drawn by population over all of metropolitan France, dates over the coming half year with long exhibitions
among them, texts and vectors mix two real events each, so that no two are near-copies. Deterministic.
"""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puls.catalogue.event import Attribution, Category, Event, Occurrence, Price, PriceKind, Venue
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Commune, Gazetteer

_CATEGORIES = list(Category)


def populated_communes(gazetteer: Gazetteer) -> tuple[list[Commune], list[float]]:
    """Communes of metropolitan France with coordinates, and their populations as weights."""
    communes = [
        commune
        for commune in gazetteer.communes()
        if len(commune.department_code) == 2
        and commune.coordinates is not None  # three are overseas
    ]
    return communes, [float(commune.population or 1) for commune in communes]


def events(
    real: Sequence[dict[str, Any]],
    count: int,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    seed: int = 7,
) -> Iterator[Event]:
    """`count` events; `real` gives rows with title, description, details, keywords."""
    draw = random.Random(seed)
    communes, weights = populated_communes(gazetteer)
    places = draw.choices(communes, weights, k=count)
    for number, commune in enumerate(places):
        one, other = draw.choice(real), draw.choice(real)
        yield Event(
            uid=str(10_000_000 + number),
            title=one["title"],
            description=other["description"],
            details=one["details"],
            keywords=tuple(one["keywords"]),
            category=draw.choice(_CATEGORIES),
            price=_price(draw),
            venue=_venue(commune, draw),
            occurrences=_occurrences(now, draw),
            attribution=Attribution(source="bench", licence="bench"),
            duplicate_key=f"bench-{number}",
            series_key=f"bench-{number}",
        )


def vectors(real: NDArray[np.float32], count: int, *, seed: int = 7) -> NDArray[np.float32]:
    """`count` unit vectors, each between two real ones (nearer to the first) with a little noise."""
    draw = np.random.default_rng(seed)
    one = real[draw.integers(len(real), size=count)]
    other = real[draw.integers(len(real), size=count)]
    mixed = 0.75 * one + 0.25 * other + 0.01 * draw.standard_normal(one.shape).astype(np.float32)
    unit: NDArray[np.float32] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit.astype(np.float32)


def _price(draw: random.Random) -> Price:
    kind = draw.random()
    if kind < 0.35:
        return Price(kind=PriceKind.FREE, lowest=0.0, highest=0.0)
    if kind < 0.6:
        lowest = float(draw.randint(2, 40))
        return Price(kind=PriceKind.PAID, lowest=lowest, highest=lowest)
    return Price()


def _venue(commune: Commune, draw: random.Random) -> Venue:
    assert commune.coordinates is not None
    spread_km = 0.5 + math.sqrt(commune.population or 1) / 150  # Paris about 10 km, a village 500 m
    lat = commune.coordinates.lat + draw.gauss(0, spread_km / 2) / 111
    lon = commune.coordinates.lon + draw.gauss(0, spread_km / 2) / 75
    hall = draw.randrange(1 + (commune.population or 1) // 2_000)
    return Venue(
        key=f"bench-{commune.code}-{hall}",
        name=f"Salle {hall}",
        postcode=commune.postcodes[0] if commune.postcodes else None,
        city=commune.name,
        commune_code=commune.code,
        department_code=commune.department_code,
        region_code=commune.region_code,
        coordinates=Coordinates(lat, lon),
    )


def _occurrences(now: datetime, draw: random.Random) -> tuple[Occurrence, ...]:
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=int(180 * draw.random() ** 1.5), hours=draw.choice((9, 10, 14, 15, 18, 20))
    )
    shape = draw.random()
    if shape < 0.70:
        times = [first]
    elif shape < 0.88:
        times = [first + timedelta(weeks=week) for week in range(draw.randint(2, 12))]
    elif shape < 0.97:
        times = [first + timedelta(days=day) for day in range(draw.randint(5, 40))]
    else:
        return (
            Occurrence(
                starts_at=first,
                ends_at=first + timedelta(days=draw.randint(10, 60)),
                is_possible=True,
            ),
        )
    hours = timedelta(hours=draw.choice((1, 2, 3, 8)))
    return tuple(Occurrence(starts_at=time, ends_at=time + hours) for time in times)
