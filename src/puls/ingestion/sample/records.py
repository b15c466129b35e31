"""Dated sample records, field for field as the OpenDataSoft mirror of OpenAgenda publishes them.

Pure apart from reading the authored files: the same day always gives the same records.
Enter at `sample_records`.
"""

import html
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Attendance, Status
from puls.ingestion.sample.authored import AuthoredEvent, SampleVenue, authored_events
from puls.ingestion.sample.date_range import date_range_fr
from puls.ingestion.sample.schedule import Timing, schedule_of

SAMPLE_MARK = "(exemple)"

_TWIN_OFFSET = 5_000_000
_TWIN_AGENDA = f"Sorties en régions, le relais des agendas {SAMPLE_MARK}"
_DESCRIPTION_LIMIT = 200  # OpenAgenda's own limit; longer texts go to the long description

_ACCESSIBILITY_LABELS = {
    Accessibility.HEARING: "handicap auditif",
    Accessibility.VISUAL: "handicap visuel",
    Accessibility.PSYCHIC: "handicap psychique",
    Accessibility.MOTOR: "handicap moteur",
    Accessibility.INTELLECTUAL: "handicap intellectuel",
}
_STATUS_LABELS = {
    Status.SCHEDULED: ("Programmé", "Scheduled"),
    Status.RESCHEDULED: ("Re-programmé", "Re-scheduled"),
    Status.MOVED_ONLINE: ("Déplacé en ligne", "Moved online"),
    Status.POSTPONED: ("Reporté", "Postponed"),
    Status.FULL: ("Complet", "Full"),
    Status.CANCELLED: ("Annulé", "Canceled"),
}
_ATTENDANCE_LABELS = {
    Attendance.ONSITE: ("Sur place", "In situ"),
    Attendance.ONLINE: ("En ligne", "Online"),
    Attendance.MIXED: ("Mixte", "Mixed"),
}
_NEVER_PUBLISHED = [
    "image",
    "imagecredits",
    "thumbnail",
    "originalimage",
    "location_district",
    "location_image",
    "location_imagecredits",
    "location_phone",
    "location_website",
    "location_links",
    "location_tags",
    "location_access_fr",
    "contributor_email",
    "contributor_contactnumber",
    "contributor_contactname",
    "contributor_contactposition",
    "contributor_organization",
    "category",
    "links",
]


def sample_records(today: date) -> Iterator[dict[str, Any]]:
    """Every sample event as an OpenDataSoft record, with dates around `today`."""
    for event in authored_events():
        record = _record(event, today=today)
        yield record
        if event.has_twin:
            yield _twin(record)


def is_sample_record(record: Mapping[str, Any]) -> bool:
    """Tell a sample record from a real one, so that a page can say « événements d'exemple »."""
    return str(record.get("originagenda_title") or "").endswith(SAMPLE_MARK)


def _record(event: AuthoredEvent, *, today: date) -> dict[str, Any]:
    zone = ZoneInfo(event.venue.timezone if event.venue else "Europe/Paris")
    schedule = schedule_of(event.schedule, today=today, zone=zone)
    first, last = schedule.timings[0], schedule.timings[-1]
    slug = f"{_slug(event.title)}-{event.uid % 1_000_000}"
    return {
        "uid": str(event.uid),
        "slug": slug,
        "canonicalurl": f"https://example.org/puls-exemple/events/{slug}",
        "title_fr": event.title,
        **_texts(event),
        "conditions_fr": event.conditions,
        "keywords_fr": list(event.keywords) or None,
        "updatedat": _updated(event.uid, today),
        "daterange_fr": date_range_fr(schedule, today=today),
        "firstdate_begin": _utc(first.begin),
        "firstdate_end": _utc(first.end),
        "lastdate_begin": _utc(last.begin),
        "lastdate_end": _utc(last.end),
        "timings": _timings(schedule.timings) if schedule.has_hours else None,
        "accessibility": ";".join(event.accessibility) or None,
        "accessibility_label_fr": [_ACCESSIBILITY_LABELS[code] for code in event.accessibility]
        or None,
        **_location(event.venue),
        "attendancemode": _labelled(event.attendance, _ATTENDANCE_LABELS[event.attendance]),
        "onlineaccesslink": _online_link(event, slug),
        "status": _labelled(event.status, _STATUS_LABELS[event.status]),
        "age_min": event.age_min,
        "age_max": event.age_max,
        "originagenda_title": event.agenda,
        "originagenda_uid": _number(event.agenda),
        "country_fr": "France (Métropole)" if zone.key == "Europe/Paris" else "France (Outre-mer)",
        "registration": _registration(event, slug),
        **dict.fromkeys(_NEVER_PUBLISHED),
    }


def _twin(record: dict[str, Any]) -> dict[str, Any]:
    """The same event as a second agenda retypes it: another uid, the title shouted, no keywords."""
    uid = int(record["uid"]) + _TWIN_OFFSET
    slug = f"{_slug(record['title_fr'])}-{uid % 10_000_000}"
    return record | {
        "uid": str(uid),
        "slug": slug,
        "canonicalurl": f"https://example.org/puls-exemple/events/{slug}",
        "title_fr": record["title_fr"].upper(),
        "longdescription_fr": None,
        "keywords_fr": None,
        "originagenda_title": _TWIN_AGENDA,
        "originagenda_uid": _number(_TWIN_AGENDA),
    }


def _texts(event: AuthoredEvent) -> dict[str, str | None]:
    if len(event.description) <= _DESCRIPTION_LIMIT:
        return {"description_fr": event.description, "longdescription_fr": event.html or None}
    long_html = f"<p>{html.escape(event.description, quote=False)}</p>{event.html}"
    return {"description_fr": _shortened(event.description), "longdescription_fr": long_html}


def _shortened(text: str) -> str:
    """Whole sentences if one fits, else whole words and an ellipsis."""
    head = text[:_DESCRIPTION_LIMIT]
    sentences = re.match(r".{60,}[.!?…](?= [A-ZÀÂÇÉÈÊÎÔŒ«])", head, re.DOTALL)
    return (
        sentences[0]
        if sentences
        else head[: _DESCRIPTION_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    )


def _location(venue: SampleVenue | None) -> dict[str, Any]:
    return {
        "location_uid": _number(venue.key) if venue else None,
        "location_coordinates": {"lon": venue.lon, "lat": venue.lat} if venue else None,
        "location_name": venue.name if venue else None,
        "location_address": f"{venue.address}, {venue.postcode} {venue.city}" if venue else None,
        "location_insee": venue.insee if venue else None,
        "location_postalcode": venue.postcode if venue else None,
        "location_city": venue.city if venue else None,
        "location_department": venue.department if venue else None,
        "location_region": venue.region if venue else None,
        "location_countrycode": "FR" if venue else None,
        "location_description_fr": venue.description if venue else None,
    }


def _registration(event: AuthoredEvent, slug: str) -> str | None:
    # Phone numbers come from the block that Arcep keeps for works of fiction.
    ways = {
        "link": f"https://example.org/puls-exemple/reservation/{slug}",
        "phone": f"01 99 00 {event.uid // 100 % 100:02} {event.uid % 100:02}",
        "email": "reservation@example.org",
    }
    means = [{"type": kind, "value": ways[kind]} for kind in event.registration]
    return json.dumps(means) if means else None


def _online_link(event: AuthoredEvent, slug: str) -> str | None:
    is_onsite = event.attendance is Attendance.ONSITE and event.status is not Status.MOVED_ONLINE
    return None if is_onsite else f"https://example.org/puls-exemple/en-ligne/{slug}"


def _timings(timings: tuple[Timing, ...]) -> str:
    return json.dumps(
        [{"begin": timing.begin.isoformat(), "end": timing.end.isoformat()} for timing in timings]
    )


def _labelled(code: Status | Attendance, labels: tuple[str, str]) -> str:
    return json.dumps({"id": int(code), "label": {"fr": labels[0], "en": labels[1]}})


def _updated(uid: int, today: date) -> str:
    """A last change some days ago, different from event to event and always the same for one."""
    minutes = zlib.crc32(str(uid).encode())
    day = today - timedelta(days=1 + minutes % 45)
    return _utc(datetime.combine(day, time(7 + minutes % 11, minutes % 60), tzinfo=UTC))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _number(words: str) -> str:
    """A stable eight-digit identifier, as OpenAgenda gives to agendas and places."""
    return str(10_000_000 + zlib.crc32(words.encode()) % 89_999_999)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.lower().replace("œ", "oe").replace("æ", "ae"))
    return (
        re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
        .strip("-")[:60]
        .strip("-")
    )
