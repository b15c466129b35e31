"""How well the rules tell outings from the rest, on real records judged by hand.

`python -m evals.non_cultural [FOLDER]` prints precision and recall with their counts. FOLDER holds
the real records (default `../shared/data`). `non_cultural_sample.json` holds our judgements by uid:

- `tuning`: 320 records, seed 20261122 (120 flagged, 110 unflagged with a word of work in their
  text, 90 others); the rules were improved after reading these, so their figures flatter;
- `held_out`: 170 records, seed 7 (50 flagged, 80 unflagged with such a word, 40 others), read after
  the last change.

An outing is what the public is invited to enjoy or learn in its free time: visits of factories,
repair cafés, gardening, citizens' workshops and services of worship are; job fairs, training
offers, closed groups, screening stands are not.
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from puls.catalogue.event import Event
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import record_from_line
from puls.ingestion.mapping import event_from

SAMPLE = Path(__file__).with_name("non_cultural_sample.json")
REAL_RECORDS = Path(__file__).parents[2] / "shared" / "data"
FILES = ("openagenda_records.jsonl.gz", "openagenda_partial.jsonl.gz")


def measure(folder: Path) -> dict[str, Counter[str]]:
    """Hits and misses by part of the sample."""
    judgements: dict[str, dict[str, str]] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    events = _events(folder, {uid for labels in judgements.values() for uid in labels})
    return {
        part: Counter(_verdict(events[uid], label) for uid, label in labels.items())
        for part, labels in judgements.items()
    }


def _events(folder: Path, wanted: set[str]) -> dict[str, Event]:
    gazetteer = Gazetteer.load()
    events = {}
    for name in FILES:
        with gzip.open(folder / name, "rb") as lines:
            for number, line in enumerate(lines, start=1):
                record = record_from_line(line, number)
                if isinstance(record, dict) and record["uid"] in wanted:
                    event = event_from(record, gazetteer=gazetteer, source="eval")
                    assert isinstance(event, Event), event
                    events[event.uid] = event
    return events


def _verdict(event: Event, label: str) -> str:
    is_flagged = not event.is_cultural
    if label == "not_outing":
        return "rightly flagged" if is_flagged else "missed"
    return "wrongly flagged" if is_flagged else "rightly kept"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL_RECORDS
    for part, found in measure(folder).items():
        flagged = found["rightly flagged"] + found["wrongly flagged"]
        to_flag = found["rightly flagged"] + found["missed"]
        print(
            f"{part}: precision {found['rightly flagged'] / flagged:.3f} "
            f"({found['rightly flagged']}/{flagged}), "
            f"recall {found['rightly flagged'] / to_flag:.3f} "
            f"({found['rightly flagged']}/{to_flag}), "
            f"of {found.total()} records"
        )


if __name__ == "__main__":
    main()
