"""Mapping with the real gazetteer."""

from typing import Any

import pytest
from tests.ingestion.examples import MapAny, MapRecord, Record, mirror_record

from puls.catalogue.event import Event
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.mapping import Quarantined, event_from


@pytest.fixture
def map_any(gazetteer: Gazetteer) -> MapAny:
    def map_it(record: Record) -> Event | Quarantined:
        return event_from(record, gazetteer=gazetteer, source="test")

    return map_it


@pytest.fixture
def map_record(map_any: MapAny) -> MapRecord:
    """The event of a mirror record with changes; the test fails when it is quarantined."""

    def map_it(**changes: Any) -> Event:
        event = map_any(mirror_record(**changes))
        assert isinstance(event, Event), event
        return event

    return map_it
