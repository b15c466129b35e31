"""Diagrams that the code itself gives: layers (import-linter's contract), the graph of a turn (LangGraph), the tables (`schema.json`)."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from puls.conversation.graph import turn_graph
from puls.conversation.steps import Steps
from study.drawings.boxes import KINDS, boxes
from study.drawings.look import (
    ACCENT_STRONG,
    CARD,
    EDGE,
    GOOD,
    GOOD_WASH,
    INK,
    LINE,
    PLAIN_WASH,
    SOFT,
    wrapped,
)  # fmt: skip
from study.drawings.scene import Box, Scene, Shape, Words
from study.figures.figure import StudyError

_WIDE = 620.0
_ENDS = {"__start__": "début", "__end__": "fin"}


def layers(root: Path, said: Mapping[str, str]) -> Scene:
    """The layers of `pyproject.toml`; `said` tells in French what each package is for. Raises StudyError for a package without words."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]  # fmt: skip
    rows = [
        [name.strip(" ()") for name in row.split("|")]
        for contract in contracts
        if contract.get("containers") == ["puls"]
        for row in contract["layers"]
    ]
    shapes: list[Shape] = []
    y = 12.0
    for row in rows:
        w = (_WIDE - 24 - 10 * (len(row) - 1)) / len(row)
        high = max(30.0, *(14 + 12 * len(wrapped(_said(name, said), 9, w - 12)) + 6 for name in row))  # fmt: skip
        for index, name in enumerate(row):
            fill, edge, ink = KINDS["puls"] if name in {"conversation", "understanding", "retrieval", "ingestion", "web_search"} else (CARD, EDGE, INK)  # fmt: skip
            shapes.append(Box(x=12 + index * (w + 10), y=y, w=w, h=high, text=name, detail=_said(name, said), fill=fill, edge=edge, ink=ink, size=10.5))  # fmt: skip
        y += high + 6
    return Scene(width=_WIDE, height=y + 6, alt="Couches du code : chacune n’importe que celles du dessous", shapes=shapes)  # fmt: skip


def _said(name: str, said: Mapping[str, str]) -> str:
    if name not in said:
        raise StudyError(f"diagrams/layers.yaml says nothing of the package {name}")
    return said[name]


def turn(said: Mapping[str, str]) -> Scene:
    """The graph of a turn: its nodes in rows by their distance from the beginning."""
    graph = turn_graph(cast("Steps", _Nothing())).get_graph()
    edges = [(edge.source, edge.target, edge.conditional) for edge in graph.edges]
    rows: dict[int, list[str]] = {}
    for name in graph.nodes:
        rows.setdefault(_depth(name, edges), []).append(name)
    page = {
        "title": "Les étapes d’un tour de conversation, lues dans le graphe du code",
        "width": _WIDE,
        "rows": [
            {"height": 26 if depth in {0, len(rows) - 1} else 38, "gap": 24, "boxes": [{"id": name, "text": _ENDS.get(name, name), "detail": said.get(name, ""), "kind": "plain" if name.startswith("__") else "puls"} for name in sorted(rows[depth])]}
            for depth in sorted(rows)
        ],
        "arrows": [{"from": start, "to": end, "dashed": maybe} for start, end, maybe in edges],
    }  # fmt: skip
    return boxes(page)


def _depth(name: str, edges: list[tuple[str, str, bool]]) -> int:
    before = [start for start, end, _ in edges if end == name]
    return 1 + max(_depth(start, edges) for start in before) if before else 0


class _Nothing:
    """Steps that are drawn and never run."""

    def __getattr__(self, name: str) -> Any:
        return name


def tables(root: Path, groups: Mapping[str, Any], *, columns: int = 2, wide: float = _WIDE) -> Scene:  # fmt: skip
    """The tables by room, from `study/schema.json`; a table under row-level security is marked. Raises StudyError for a table without a room."""
    schema = json.loads((root / "study/schema.json").read_text(encoding="utf-8"))["tables"]
    placed = {name for group in groups["groups"] for name in group["tables"]}
    if placed != set(schema):
        raise StudyError(f"diagrams/tables.yaml and the schema differ: {sorted(placed ^ set(schema))}")  # fmt: skip
    w = (wide - 24 - 12 * (columns - 1)) / columns
    tops = [12.0] * columns
    shapes: list[Shape] = []
    for group in groups["groups"]:
        column = tops.index(min(tops))
        x, y = 12 + column * (w + 12), tops[column]
        high = 32 + 14.4 * len(group["tables"])
        shapes.append(Box(x=x, y=y, w=w, h=high, fill=PLAIN_WASH, edge=LINE))
        shapes.append(Words(x=x + 8, y=y + 7, w=w - 16, h=14, text=group["name"], size=10.5, bold=True, ink=ACCENT_STRONG))  # fmt: skip
        for index, name in enumerate(group["tables"]):
            at = y + 25 + 14.4 * index
            table = schema[name]
            guarded = table["row_security"]
            shapes.append(Box(x=x + 8, y=at, w=w - 16, h=13.5, fill=GOOD_WASH if guarded else CARD, edge=GOOD if guarded else LINE, radius=2))  # fmt: skip
            words = f"{name} ({len(table['columns'])})" + (f" → {', '.join(sorted(set(table['references'])))}" if table["references"] else "")  # fmt: skip
            shapes.append(Words(x=x + 12, y=at + 1.5, w=w + 200, h=12, text=words, size=8.5, ink=GOOD if guarded else SOFT))  # fmt: skip
        tops[column] = y + high + 12
    alt = "Tables de PostgreSQL par domaine, avec leur nombre de colonnes et les tables qu’elles citent ; en vert, celles que la sécurité par ligne protège"
    return Scene(width=wide, height=max(tops), alt=alt, shapes=shapes)
