"""Figures that a file of the repository holds: `declared.yaml` names the file and the place in it.

A place is a path with `/`: a key, a position, or `name=availability` for the row of a list whose field has that value. `count` as
the last step is how many there are. `python MODULE NAME` in place of a file is a constant of the code (a duration counts in days);
`setting` the default of a setting.
"""

import importlib
import json
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from puls.settings import Settings
from study.figures.figure import Figure, Source, StudyError


def declared(root: Path, page: Path) -> Iterator[Figure]:
    """Each line of `page`, looked up. Raises StudyError for a place that is not there."""
    for row in yaml.safe_load(page.read_text(encoding="utf-8")):
        value = looked_up(root, row["from"], row["key"])
        if isinstance(value, timedelta):
            value = value.days
        if "scale" in row:
            value = round(value * row["scale"], 6)
        file = row["from"]
        source = Source(file=_file_of(file), place=str(row["key"]))
        yield Figure(name=row["name"], value=value, what=row["what"], unit=row.get("unit", ""), digits=row.get("digits"), source=source)  # fmt: skip


def looked_up(root: Path, source: str, key: str) -> Any:
    """The value at a place of a file, or a constant of a module."""
    if source == "setting":
        return Settings.model_fields[key].default
    if source.startswith("python "):
        return getattr(importlib.import_module(source.removeprefix("python ")), key)
    value = read(root / source)
    for step in str(key).split("/"):
        value = _step(value, step, f"{source}: {key}")
    if not isinstance(value, int | float | str | date):
        raise StudyError(f"{source}: {key} is no value but a {type(value).__name__}")
    return value


@cache
def read(path: Path) -> Any:
    """JSON, YAML or TOML, once for a run."""
    if not path.exists():
        raise StudyError(f"{path} does not exist")
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def _step(value: Any, step: str, where: str) -> Any:
    if step == "count":
        return len(value)
    if "=" in step and isinstance(value, list):
        field, _, wanted = step.partition("=")
        rows = [row for row in value if str(row.get(field)) == wanted]
        if len(rows) != 1:
            raise StudyError(f"{where}: {len(rows)} rows with {step}")
        return rows[0]
    try:
        return value[int(step)] if isinstance(value, list) else value[step]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise StudyError(f"{where}: there is no {step}") from error


def _file_of(source: str) -> str:
    if source == "setting":
        return "src/puls/settings.py"
    if not source.startswith("python "):
        return source
    module = source.removeprefix("python ")
    path = f"src/{module.replace('.', '/')}"
    return f"{path}.py" if not (Path(path).is_dir()) else f"{path}/__init__.py"
