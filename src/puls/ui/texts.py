"""The fixed words of the page, from `texts.fr.toml` and `texts.en.toml`, and those of rooms that have their own."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from puls.phrasing import Language, fine


@cache
def texts(language: Language) -> dict[str, str]:
    """All the fixed words in one language."""
    words: dict[str, str] = {
        **_file(language)["words"],
        **_file(language, "home/words")["words"],
        **_file(language, "returning/words")["words"],
        **_file(language, "event/words")["words"],
    }
    return words if language == "en" else {key: fine(text) for key, text in words.items()}


def examples(language: Language, *, is_place_known: bool = False) -> list[str]:
    """Questions to begin with; they name no place where one is known."""
    questions: list[str] = _file(language)["examples_here" if is_place_known else "examples"]
    return questions


def examples_in(language: Language, town: str) -> list[str]:
    """Questions to begin with, about this town."""
    return [question.format(town=town) for question in _file(language, "home/words")["examples_in"]]


@cache
def _file(language: Language, name: str = "texts") -> dict[str, Any]:
    file = resources.files("puls.ui").joinpath(f"{name}.{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
