"""An OpenAgenda record becomes an `Event`, or `Quarantined` with a reason.

Pure: no database, HTTP or clock, and it never raises, whatever a source sends. Enter at
`event_from`. Understands the OpenDataSoft mirror (JSON inside strings, real objects, CSV's text
everywhere, partial records) and REST v2 events.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.catalogue.event import Attribution, Event, Occurrence, Venue
from puls.ingestion.mapping.agenda_records import is_agenda_record, mirror_shape
from puls.ingestion.mapping.announcements import attendance_of, status_of
from puls.ingestion.mapping.audience import accessibility_of, ages_of, denied_accessibility_of
from puls.ingestion.mapping.classification import category_of
from puls.ingestion.mapping.codes import unpublished_reason, with_plain_codes
from puls.ingestion.mapping.links import booking, web_address
from puls.ingestion.mapping.occurrences import moment_of, occurrences_of
from puls.ingestion.mapping.outings import agenda_slug_of, non_cultural_reason
from puls.ingestion.mapping.prices import MAX_CONDITIONS_CHARACTERS, price_from_folded
from puls.ingestion.mapping.records import (
    code_text,
    decoded,
    text_of,
    uid_of,
    words_of,
)
from puls.ingestion.mapping.text import folded, plain_line, plain_text, storable
from puls.ingestion.mapping.venues import Places, timezone_of, venue_of

# "Les données sont disponibles sous licence ouverte": OpenAgenda/dev-doc docs/intro.md, read 2026
# (reference.md 1c).
LICENCE: Final = "Licence Ouverte / Open Licence 2.0 (Etalab)"
_KEY_OCCURRENCES: Final = (
    3  # the first times tell two events of one title apart; all of them would miss late edits
)
_MAX_KEYWORDS: Final = 40
_MAX_WAYS: Final = 20
_LONGEST_WAY: Final = 500
_BETWEEN_WAYS: Final = re.compile(r"[,;|\n] *(?=[^ ])")
_PHONE: Final = re.compile(r"[+(]?\d[\d ().-]{5,28}\d")
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that cannot be an event.

    `reason` is a stable code, `detail` a sentence for the operator.
    """

    reason: str
    detail: str
    uid: str | None


@dataclass(frozen=True, slots=True)
class _Texts:
    """The plain texts and their folded forms, computed once."""

    title: str
    description: str | None
    details: str | None
    conditions: str | None

    def folded_parts(self) -> tuple[str, str, str, str]:
        return (
            folded(self.title),
            folded(self.description or ""),
            folded(self.details or ""),
            folded(self.conditions or ""),
        )


def event_from(record: Mapping[str, Any], *, gazetteer: Places, source: str) -> Event | Quarantined:
    """Everything Puls understands of a record."""
    unpublished = unpublished_reason(record)
    record = with_plain_codes(mirror_shape(record) if is_agenda_record(record) else record)
    uid = uid_of(record)
    if uid is None:
        return Quarantined(reason="no_uid", detail="The record has no uid.", uid=None)
    if unpublished is not None:
        return Quarantined(reason="not_published", detail=storable(unpublished), uid=uid)
    title = plain_line(text_of(record, "title_fr"))
    if title is None:
        return Quarantined(reason="no_title", detail="The record has no title.", uid=uid)
    venue = venue_of(record, gazetteer)
    zone = timezone_of(record, venue)
    occurrences = occurrences_of(record, zone)
    if not occurrences:
        return _without_date(record, uid)
    texts = _Texts(
        title=title,
        description=plain_text(text_of(record, "description_fr"), limit=2_000),
        details=plain_text(text_of(record, "longdescription_fr")),
        conditions=plain_text(text_of(record, "conditions_fr"), limit=MAX_CONDITIONS_CHARACTERS),
    )
    return _event(record, uid, texts, venue, zone, occurrences, source)


def _event(  # noqa: PLR0917 - the steps of one mapping
    record: Mapping[str, Any],
    uid: str,
    texts: _Texts,
    venue: Venue | None,
    zone: ZoneInfo,
    occurrences: tuple[Occurrence, ...],
    source: str,
) -> Event:
    title, description, details, conditions = texts.folded_parts()
    every = f"{title}\n{description}\n{details}\n{conditions}"
    body = f"{description}\n{details}\n{conditions}"
    keywords = _keywords(record)
    agenda_title = plain_line(text_of(record, "originagenda_title"))
    url = web_address(text_of(record, "canonicalurl"))
    place = folded(venue.name or "") if venue else ""
    ages = ages_of(
        record,
        [part.lower() for part in (texts.title, texts.conditions, texts.description) if part],
        (texts.details or "").lower(),
    )
    series = _series_of(title, venue)
    accessible = accessibility_of(record, every)
    return Event(
        uid=uid,
        title=texts.title,
        slug=plain_line(text_of(record, "slug")),
        description=texts.description,
        details=texts.details,
        keywords=keywords,
        category=category_of(title, folded(" ".join(keywords)), description),
        non_cultural_reason=non_cultural_reason(
            agenda=folded(agenda_title or ""),
            slug=agenda_slug_of(url),
            place=place,
            title=title,
            texts=body,
        ),
        status=status_of(record, texts.title, title, body),
        attendance=attendance_of(record, title, place, f"{description}\n{details[:400]}", every),
        accessibility=accessible,
        not_accessible=denied_accessibility_of(every) - accessible,
        age_min=ages.minimum,
        age_max=ages.maximum,
        price=price_from_folded(texts.conditions, conditions, f"{title}\n{description}\n{details}"),
        image_url=web_address(text_of(record, "image") or text_of(record, "originalimage")),
        image_credits=plain_line(text_of(record, "imagecredits")),
        registration=_registration(record),
        online_url=web_address(text_of(record, "onlineaccesslink")),
        timezone=zone.key,
        venue=venue,
        occurrences=occurrences,
        attribution=Attribution(
            source=source,
            agenda_uid=code_text(record, "originagenda_uid"),
            agenda_title=agenda_title,
            url=url,
            updated_at=moment_of(record.get("updatedat"), zone),
            licence=LICENCE,
        ),
        duplicate_key=_key(series, *(_minute(o.starts_at) for o in occurrences[:_KEY_OCCURRENCES])),
        series_key=_key(series),
    )


def _without_date(record: Mapping[str, Any], uid: str) -> Quarantined:
    given = [
        f"{key}={str(record[key])[:60]}"
        for key in (
            "timings",
            "firstdate_begin",
            "firstdate_end",
            "lastdate_begin",
            "lastdate_end",
            "daterange_fr",
        )
        if record.get(key)
    ]
    if not given:
        return Quarantined(reason="no_date", detail="The record has no date.", uid=uid)
    detail = storable(f"No believable date in {', '.join(given)}")
    return Quarantined(reason="absurd_date", detail=detail, uid=uid)


def _keywords(record: Mapping[str, Any]) -> tuple[str, ...]:
    words = (
        plain_line(word, limit=100) for word in words_of(record, "keywords_fr")[:_MAX_KEYWORDS]
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _registration(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Ways to book, as published for visitors: links, telephone numbers, addresses.

    OpenAgenda's spreadsheets write them one after the other.
    """
    ways = decoded(record.get("registration"))
    if isinstance(ways, str):
        ways = [{"value": value} for value in _BETWEEN_WAYS.split(ways)]
    if not isinstance(ways, list):
        return ()
    found = (
        booking(str(way.get("type") or _kind_of(value)), value[:_LONGEST_WAY])
        for way in ways[:_MAX_WAYS]
        if isinstance(way, dict) and isinstance(value := way.get("value"), str) and value.strip()
    )
    return tuple(dict.fromkeys(way for way in found if way))


def _kind_of(value: str) -> str:
    return "phone" if _PHONE.fullmatch(value.strip()) else "link"


def _series_of(folded_title: str, venue: Venue | None) -> str:
    words = " ".join(_only_words(folded_title))
    if venue is None:
        return words
    town = venue.commune_code or folded(venue.city or "")
    spot = " ".join(_only_words(folded(venue.name or venue.address or "")))
    return f"{words}\x1f{town}\x1f{spot}"


def _only_words(text: str) -> list[str]:
    return _WORD.findall(text)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M")


def _key(*parts: str) -> str:
    return hashlib.blake2b("\x1e".join(parts).encode(), digest_size=12).hexdigest()
