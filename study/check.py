"""`make check-study`: everything that a text of the study may get wrong, in one list. Exit 1 and a sentence for each fault.

A number that no figure stands behind, a stale figure, a text that is not what its sources give, a backlog item without criteria or estimate,
a quotation that is gone, a broken link, a sign without its French space.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from study.book.chapters import CHAPTERS
from study.edition_texts import Edition
from study.figures.declared import read
from study.figures.figure import StudyError
from study.figures.registry import ROOT
from study.texts.hard_coded import hard_coded
from study.texts.links import broken
from study.texts.typography import faults

_OTHER_TEXTS = ("study/etude/readme.md",)
_DATA_TEXTS = ("study/slides/deck.yaml", "study/demo/steps.yaml")


def problems(edition: Edition) -> Iterator[str]:
    """Every fault as a sentence that says where. A source that does not hold ends the list: nothing after it can be judged."""
    root = edition.root
    yield from _typed_numbers(root)
    yield from _signs(root)
    try:
        yield from _stale(edition)
    except StudyError as error:
        yield from str(error).splitlines()
        return
    yield from _broken_links(root)


def _typed_numbers(root: Path) -> Iterator[str]:
    names = [row["pattern"] for row in read(root / "study/names.yaml")]
    for path, text in _templates(root):
        for found in hard_coded(text, names):
            yield f"{path}:{found.line}: a number that no figure stands behind: {found.words}"


def _signs(root: Path) -> Iterator[str]:
    for path, text in _templates(root):
        for words in faults(text):
            yield f"{path}: a sign without the space before it: {words}"


def _templates(root: Path) -> Iterator[tuple[str, str]]:
    for name in (*(f"study/etude/{chapter}" for chapter in CHAPTERS), *_OTHER_TEXTS):
        yield name, (root / name).read_text(encoding="utf-8")
    for name in _DATA_TEXTS:
        for words in _words_of(yaml.safe_load((root / name).read_text(encoding="utf-8"))):
            yield name, words
    for path in sorted((root / "study/diagrams").glob("*.yaml")):
        for words in _words_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(root)), words


def _words_of(value: Any) -> Iterator[str]:
    """The strings of a page that readers see: what visitors type in the demonstration is quoted, names and places are not words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _words_of(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in {"say", "words", "chips", "id", "from", "to", "foot", "tables", "pictures"}:  # fmt: skip
                yield from _words_of(one)


def _stale(edition: Edition) -> Iterator[str]:
    for path, text in edition.files():
        if not path.exists():
            yield f"{path.relative_to(edition.root)} is missing: `make study`"
        elif path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(edition.root)} is not what its sources give: `make study`"
    list(edition.deck)
    known = {path.name for path, _ in edition.files()}
    for page in sorted((edition.root / "docs/etude").rglob("*")):
        if page.suffix in {".md", ".svg"} and page.name not in known:
            yield f"{page.relative_to(edition.root)} is made by nothing any more"


def _broken_links(root: Path) -> Iterator[str]:
    pages = [*sorted((root / "docs").rglob("*.md")), root / "README.md", root / "ARCHITECTURE.md"]
    for one in broken(pages):
        yield f"{one.page.relative_to(root)}: a link leads nowhere: {one.to}"


def main(*, root: Path = ROOT, say: Callable[[str], object] = print) -> int:
    found = list(problems(Edition(root=root)))
    for one in found:
        say(one)
    say(f"{len(found)} problem(s)" if found else "the study holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
