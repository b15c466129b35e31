"""The drawing of the data model is that of the database."""

import json

import pytest
from study.describe_schema import described
from study.figures.registry import STUDY

pytestmark = pytest.mark.database


def test_the_described_schema_is_what_the_migrations_make(database_url: str) -> None:
    """After a migration: `make study-count`, then `make study`."""
    kept = json.loads((STUDY / "schema.json").read_text(encoding="utf-8"))
    assert kept == described(database_url)
