"""A record as OpenAgenda's mirror gives it, for the tests of this folder."""

from collections.abc import Callable
from typing import Any

from puls.catalogue.event import Event
from puls.ingestion.mapping import Quarantined

Record = dict[str, Any]
MapRecord = Callable[..., Event]
MapAny = Callable[[Record], Event | Quarantined]


def mirror_record(**changes: Any) -> Record:
    """A complete record of the mirror, JSON inside strings as it comes, with the changes wanted."""
    return {
        "uid": "10000001",
        "slug": "concert",
        "canonicalurl": "https://openagenda.com/une-salle/events/concert",
        "title_fr": "Concert de printemps",
        "description_fr": "Un quatuor au jardin",
        "longdescription_fr": "<p>Un quatuor joue <strong>dehors</strong>.</p>",
        "conditions_fr": None,
        "keywords_fr": ["musique", "plein air"],
        "updatedat": "2026-03-01T09:00:00+00:00",
        "firstdate_begin": "2026-05-17T17:00:00+00:00",
        "firstdate_end": "2026-05-17T19:00:00+00:00",
        "lastdate_begin": "2026-05-17T17:00:00+00:00",
        "lastdate_end": "2026-05-17T19:00:00+00:00",
        "timings": '[{"begin": "2026-05-17T19:00:00+02:00", "end": "2026-05-17T21:00:00+02:00"}]',
        "status": '{"id": 1, "label": {"fr": "Programmé"}}',
        "attendancemode": '{"id": 1, "label": {"fr": "Sur place"}}',
        "accessibility": None,
        "age_min": None,
        "age_max": None,
        "location_uid": "76123962",
        "location_coordinates": {"lon": 5.0222, "lat": 44.7286},
        "location_name": "Le Temple",
        "location_address": "1 place de l'Église, 26400 Crest",
        "location_insee": "26108",
        "location_postalcode": "26400",
        "location_city": "Crest",
        "location_department": "Drôme",
        "location_region": "Auvergne-Rhône-Alpes",
        "location_countrycode": "FR",
        "registration": '[{"type": "link", "value": "https://example.org/billets"}]',
        "originagenda_title": "Une salle",
        "originagenda_uid": "42",
        "contributor_email": None,
        **changes,
    }
