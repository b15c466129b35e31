"""Events as rows and rows as events. Pure.

`prepare` makes the rows of a batch, in a worker process as well as here; `event_from_row` reads one back.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from puls.catalogue.event import (
    Accessibility,
    Attendance,
    Attribution,
    Category,
    Event,
    Price,
    PriceKind,
    Status,
    Venue,
)
from puls.geo.distance import Coordinates

ACCESSIBILITY_BITS: Mapping[Accessibility, int] = {
    Accessibility.HEARING: 1,
    Accessibility.VISUAL: 2,
    Accessibility.PSYCHIC: 4,
    Accessibility.MOTOR: 8,
    Accessibility.INTELLECTUAL: 16,
}


# The pairs of `puls_fold` in migrations/0001_catalogue.sql; tests/ingestion/test_sync.py holds
# them equal.
_FOLDED: Mapping[str, str] = {
    **dict(
        zip(
            "ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖòóôõöÙÚÛÜùúûüÝýÿŸ’‘ʼ-–—_/",
            "AAAAAAaaaaaaCcEEEEeeeeIIIIiiiiNnOOOOOoooooUUUUuuuuYyyY        ",
            strict=True,
        )
    ),
    "œ": "oe",
    "Œ": "oe",
}
_SEARCHED_DETAILS = 1_200  # characters of the details that the full text index sees, the rest rarely names what people look for


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a record could not become an event."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRecord:
    """A record that is new or changed, with what became of it.

    `ref` is the record's uid (or `line:N`), `hash` 16 bytes over the record less personal data, `record` its JSON text.
    """

    ref: str
    hash: bytes
    record: str
    outcome: Event | Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRecords:
    """Records as rows of JSON, ready for `Catalogue.save`: made in worker processes by `prepare`."""

    source_records: bytes
    venues: bytes
    events: bytes
    occurrences: bytes
    filters: bytes
    uids: list[str]
    rejected: list[str]


def venue_from_row(row: Mapping[str, Any]) -> Venue | None:
    """The venue of a row that names its columns as `event_from_row` reads them."""
    if row["venue_key"] is None:
        return None
    has_position = row["lat"] is not None
    return Venue(
        key=row["venue_key"],
        name=row["venue_name"],
        address=row["address"],
        district=row["district"],
        postcode=row["postcode"],
        city=row["city"],
        commune_code=row["commune_code"],
        department_code=row["department_code"],
        region_code=row["region_code"],
        country_code=row["country_code"],
        coordinates=Coordinates(row["lat"], row["lon"]) if has_position else None,
        is_approximate=row["is_approximate"],
    )


def event_from_row(row: Mapping[str, Any]) -> Event:
    """An `Event` without its occurrences from a row of `event` joined with its venue."""
    return Event(
        uid=row["uid"],
        title=row["title"],
        slug=row["slug"],
        description=row["description"],
        details=row.get("details"),
        keywords=tuple(row["keywords"]),
        category=Category(row["category"]),
        non_cultural_reason=row["non_cultural_reason"],
        status=Status(row["status"]),
        attendance=Attendance(row["attendance"]),
        accessibility=frozenset(Accessibility(code) for code in row["accessibility"]),
        not_accessible=frozenset(Accessibility(code) for code in row["not_accessible"]),
        age_min=row["age_min"],
        age_max=row["age_max"],
        price=Price(
            kind=PriceKind(row["price_kind"]),
            lowest=_euros(row["price_lowest"]),
            highest=_euros(row["price_highest"]),
            on_registration=row["price_on_registration"],
            conditions=row["price_conditions"],
        ),
        image_url=row["image_url"],
        image_credits=row["image_credits"],
        registration=tuple((kind, value) for kind, value in row["registration"]),
        online_url=row["online_url"],
        timezone=row["timezone"],
        venue=venue_from_row(row),
        attribution=Attribution(
            source=row["source"],
            agenda_uid=row["agenda_uid"],
            agenda_title=row["agenda_title"],
            url=row["url"],
            updated_at=row["updated_at"],
            licence=row["licence"],
        ),
        duplicate_key=row["duplicate_key"],
        series_key=row["series_key"],
    )


def accessibility_bits(codes: Iterable[Accessibility]) -> int:
    return sum(ACCESSIBILITY_BITS[code] for code in codes)


def content_hash(event: Event) -> bytes:
    """16 bytes over all the texts of an event: the same words are never embedded twice."""
    texts = (event.title, *event.keywords, "", event.description or "", event.details or "")
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=16).digest()


def prepare(records: Sequence[IncomingRecord]) -> PreparedRecords:
    """The rows of a batch. Pure, and most of the work of `save`."""
    events = [record.outcome for record in records if isinstance(record.outcome, Event)]
    venues = {event.uid: _keyed(event.venue) for event in events if event.venue is not None}
    unique = {venue.key: venue for venue in venues.values()}
    return PreparedRecords(
        source_records=_json(_record_row(record) for record in records),
        venues=_json(_venue_row(venue) for venue in unique.values()),
        events=_json(_event_row(event, venues.get(event.uid)) for event in events),
        occurrences=_json(row for event in events for row in _occurrence_rows(event)),
        filters=_json(_filter_row(event, venues.get(event.uid)) for event in events),
        uids=[event.uid for event in events],
        rejected=[record.ref for record in records if isinstance(record.outcome, Rejection)],
    )


def search_folded(text: str) -> str:
    """What SQL's `puls_fold` gives: its `translate` took half a run."""
    for letter in _FOLDED.keys() & set(text):
        text = text.replace(letter, _FOLDED[letter])
    return text.lower()


def _json(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return orjson.dumps(list(rows))


def _record_row(record: IncomingRecord) -> dict[str, Any]:
    rejection = record.outcome if isinstance(record.outcome, Rejection) else None
    return {
        "ref": record.ref,
        "hash": record.hash.hex(),
        "record": record.record,
        "reason": rejection.reason if rejection else None,
        "detail": rejection.detail if rejection else None,
    }


def _keyed(venue: Venue) -> Venue:
    """The venue under a key that changes with its facts."""
    facts = repr(venue).encode()
    return replace(venue, key=f"{venue.key}:{hashlib.blake2b(facts, digest_size=6).hexdigest()}")


def _venue_row(venue: Venue) -> dict[str, Any]:
    return {
        "key": venue.key,
        "name": venue.name,
        "address": venue.address,
        "district": venue.district,
        "postcode": venue.postcode,
        "city": venue.city,
        "commune_code": venue.commune_code,
        "department_code": venue.department_code,
        "region_code": venue.region_code,
        "country_code": venue.country_code,
        "lat": venue.coordinates.lat if venue.coordinates else None,
        "lon": venue.coordinates.lon if venue.coordinates else None,
        "is_approximate": venue.is_approximate,
    }


def _event_row(event: Event, venue: Venue | None) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "title": event.title,
        "slug": event.slug,
        "description": event.description,
        "details": event.details,
        "keywords": event.keywords,
        "category": event.category,
        "non_cultural_reason": event.non_cultural_reason,
        "status": event.status,
        "attendance": event.attendance,
        "accessibility": sorted(event.accessibility),
        "not_accessible": sorted(event.not_accessible),
        "age_min": event.age_min,
        "age_max": event.age_max,
        "price_kind": event.price.kind,
        "price_lowest": event.price.lowest,
        "price_highest": event.price.highest,
        "price_on_registration": event.price.on_registration,
        "price_conditions": event.price.conditions,
        "image_url": event.image_url,
        "image_credits": event.image_credits,
        "registration": event.registration,
        "online_url": event.online_url,
        "timezone": event.timezone,
        "venue_key": venue.key if venue else None,
        "agenda_uid": event.attribution.agenda_uid,
        "agenda_title": event.attribution.agenda_title,
        "url": event.attribution.url,
        "updated_at": event.attribution.updated_at,
        "licence": event.attribution.licence,
        "duplicate_key": event.duplicate_key,
        "series_key": event.series_key,
        "content_hash": content_hash(event).hex(),
        **_searched_words(event, venue),
    }


def _searched_words(event: Event, venue: Venue | None) -> dict[str, str]:
    """The words of an event by weight, folded in one pass."""
    texts = (
        event.title,
        " ".join((*event.keywords, *_place_words(venue))),
        event.description or "",
        (event.details or "")[:_SEARCHED_DETAILS],
    )
    a, b, c, d = search_folded("\x1f".join(texts)).split("\x1f")
    return {"words_a": a, "words_b": b, "words_c": c, "words_d": d}


def _place_words(venue: Venue | None) -> Iterable[str]:
    return (word for word in (venue.name, venue.city) if word) if venue else ()


def _occurrence_rows(event: Event) -> list[dict[str, Any]]:
    is_findable = event.is_findable
    return [
        {
            "uid": event.uid,
            "starts_at": occurrence.starts_at,
            "ends_at": occurrence.ends_at,
            "is_possible": occurrence.is_possible,
            "is_day_known_only": occurrence.is_day_known_only,
            "is_findable": is_findable,
        }
        for occurrence in event.occurrences
    ]


def _filter_row(event: Event, venue: Venue | None) -> dict[str, Any]:
    coordinates = venue.coordinates if venue else None
    return {
        "uid": event.uid,
        "last_ends_at": max(occurrence.ends_at for occurrence in event.occurrences),
        "lat": coordinates.lat if coordinates else None,
        "lon": coordinates.lon if coordinates else None,
        "commune_code": venue.commune_code if venue else None,
        "postcode": venue.postcode if venue else None,
        "department_code": venue.department_code if venue else None,
        "region_code": venue.region_code if venue else None,
        "price_lowest": event.price.lowest,
        "age_min": event.age_min,
        "age_max": event.age_max,
        "accessibility_bits": accessibility_bits(event.accessibility),
        "inaccessible_bits": accessibility_bits(event.not_accessible),
        "status": event.status,
        "attendance": event.attendance,
        "is_free": event.price.kind is PriceKind.FREE,
        "is_paid": event.price.kind is PriceKind.PAID,
        "is_cultural": event.is_cultural,
        "category": event.category,
    }


def _euros(value: float | None) -> float | None:
    return None if value is None else round(value, 2)  # stored as float4
