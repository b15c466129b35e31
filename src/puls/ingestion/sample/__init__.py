"""The sample catalogue: invented events at real places, so that Puls is alive without any network.

Nothing here is a real event: titles, artists and companies are made up, every agenda title carries
`SAMPLE_MARK`, and links point to example.org. Dates are relative to the day they are made for, so
tonight is never empty. Enter at `sample_records`; `authored_events` gives the source texts with the
editor's own category.
"""

from puls.ingestion.sample.authored import AuthoredEvent, authored_events
from puls.ingestion.sample.records import SAMPLE_MARK, is_sample_record, sample_records

__all__ = [
    "SAMPLE_MARK",
    "AuthoredEvent",
    "authored_events",
    "is_sample_record",
    "sample_records",
]
