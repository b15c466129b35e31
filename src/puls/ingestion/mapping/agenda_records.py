"""OpenAgenda REST v2 events in the shape of the OpenDataSoft mirror.

So that one mapping serves both.

Pure. Texts may be monolingual or `{"fr": …}`; long descriptions are Markdown; accessibility is five
booleans.
"""

from collections.abc import Mapping
from typing import Any, Final

from puls.ingestion.mapping.codes import truth
from puls.ingestion.mapping.records import decoded

_TEXTS: Final = {
    "title": "title_fr",
    "description": "description_fr",
    "longDescription": "longdescription_fr",
    "conditions": "conditions_fr",
    "keywords": "keywords_fr",
    "dateRange": "daterange_fr",
}
_SAME: Final = {
    "uid": "uid",
    "slug": "slug",
    "timings": "timings",
    "status": "status",
    "registration": "registration",
    "accessibility": "accessibility",
    "timezone": "timezone",
    "imageCredits": "imagecredits",
    "onlineAccessLink": "onlineaccesslink",
    "attendanceMode": "attendancemode",
    "updatedAt": "updatedat",
    "canonicalUrl": "canonicalurl",
    "links": "links",
}
_PLACES: Final = {
    "uid": "location_uid",
    "name": "location_name",
    "address": "location_address",
    "district": "location_district",
    "adminLevel6": "location_district",
    "postalCode": "location_postalcode",
    "insee": "location_insee",
    "city": "location_city",
    "adminLevel4": "location_city",
    "department": "location_department",
    "adminLevel2": "location_department",
    "region": "location_region",
    "adminLevel1": "location_region",
    "countryCode": "location_countrycode",
}

_FLAT_PLACES: Final = (
    "address",
    "city",
    "postalCode",
    "insee",
    "department",
    "region",
    "district",
    "countryCode",
    "latitude",
    "longitude",
    "timezone",
)


def is_agenda_record(record: Mapping[str, Any]) -> bool:
    """Whether the record has the shape of REST v2 rather than the mirror's."""
    return "title_fr" not in record and (
        "title" in record or isinstance(record.get("location"), dict)
    )


def is_removal(record: Mapping[str, Any]) -> bool:
    """Whether the source says that this event is no more (`removed=null` gives such rows)."""
    return truth(record.get("removed")) is True


def mirror_shape(event: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the mapping reads, under the mirror's names."""
    record: dict[str, Any] = {
        theirs: _french(event[ours]) for ours, theirs in _TEXTS.items() if ours in event
    }
    record |= {theirs: event[ours] for ours, theirs in _SAME.items() if ours in event}
    place = decoded(event.get("location"))
    if not isinstance(place, Mapping):
        place = _flat_place(event)
    if place:
        record |= {
            theirs: place[ours]
            for ours, theirs in _PLACES.items()
            if place.get(ours) not in (None, "")
        }
        record["location_coordinates"] = {
            "lat": place.get("latitude"),
            "lon": place.get("longitude"),
        }
        record.setdefault("timezone", place.get("timezone"))
    age = event.get("age")
    if isinstance(age, Mapping):
        record |= {"age_min": age.get("min"), "age_max": age.get("max")}
    record["image"] = _image_url(event.get("image"))
    agenda = event.get("originAgenda")
    if isinstance(agenda, Mapping):
        record |= {"originagenda_uid": agenda.get("uid"), "originagenda_title": agenda.get("title")}
        if "canonicalurl" not in record and agenda.get("slug") and event.get("slug"):
            record["canonicalurl"] = (
                f"https://openagenda.com/{agenda['slug']}/events/{event['slug']}"
            )
    for bound in ("firstTiming", "lastTiming"):
        timing = event.get(bound)
        if isinstance(timing, Mapping):
            name = bound.removesuffix("Timing")
            record |= {
                f"{name}date_begin": timing.get("begin"),
                f"{name}date_end": timing.get("end"),
            }
    return record


def _flat_place(event: Mapping[str, Any]) -> dict[str, Any]:
    """API v1 wrote the place beside the event's own fields."""
    place = {name: event[name] for name in _FLAT_PLACES if event.get(name)}
    if event.get("locationName"):
        place["name"] = event["locationName"]
    if event.get("locationUid"):
        place["uid"] = event["locationUid"]
    return place


def _french(value: Any) -> Any:
    value = decoded(value) if isinstance(value, str) and value.lstrip()[:1] == "{" else value
    if not isinstance(value, Mapping):
        return value
    return (
        value.get("fr") or value.get("en") or next((text for text in value.values() if text), None)
    )


def _image_url(image: Any) -> str | None:
    if isinstance(image, str):
        return image
    if isinstance(image, Mapping) and isinstance(image.get("filename"), str):
        return f"{image.get('base') or 'https://cdn.openagenda.com/main/'}{image['filename']}"
    return None
