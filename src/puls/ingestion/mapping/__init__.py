"""What a record says becomes an `Event`, field by field. Pure. Enter at `event_from`."""

from puls.ingestion.mapping.events import LICENCE, Quarantined, event_from
from puls.ingestion.mapping.records import without_personal_data

__all__ = ["LICENCE", "Quarantined", "event_from", "without_personal_data"]
