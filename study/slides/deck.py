"""Reads `deck.yaml`: slides with their words, figures by name, and what is said. Enter at `slides`."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from study.texts.rendering import Rendering

WORDS_A_MINUTE = 140  # a calm speaker in French


class Slide(BaseModel):
    """One slide. A kind uses what it needs of the fields; `notes` is what is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["cover", "bullets", "figures", "table", "drawing", "pictures", "columns"]
    title: str
    part: Literal["business", "technique", "annexe"]
    notes: str = ""
    subtitle: str = ""
    bullets: list[str] = []
    figures: list[tuple[str, str]] = []
    rows: list[list[str]] = []
    widths: list[float] = []
    right: list[int] = []
    drawing: str = ""
    pictures: list[tuple[str, str]] = []
    columns: list[tuple[str, list[str]]] = []
    foot: str = ""


def slides(page: Path, rendering: Rendering) -> list[Slide]:
    """The deck with its figures written out. Raises StudyError for a name without a figure."""
    return [Slide(**_filled(row, rendering)) for row in yaml.safe_load(page.read_text("utf-8"))]


def minutes(deck: list[Slide]) -> float:
    """How long it takes to say the notes of what is no annex."""
    return sum(len(one.notes.split()) for one in deck if one.part != "annexe") / WORDS_A_MINUTE


def _filled(value: Any, rendering: Rendering) -> Any:
    if isinstance(value, str):
        return rendering.plain(value)
    if isinstance(value, list):
        return [_filled(one, rendering) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, rendering) for key, one in value.items()}
    return value
