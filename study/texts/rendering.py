"""From a template to Markdown: `{{ name }}` becomes the figure, linked to its line on the page of figures; `{{ bloc: name }}` a table.

`{{ name|nu }}` is without its unit, `{{ name|sec }}` without a link (heads, pictures, code). Pure.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from study.figures.figure import Figure, Figures, StudyError
from study.texts.typography import french

_NAMED = re.compile(r"\{\{\s*(?P<name>[^}|:]+?)\s*(?:\|\s*(?P<how>nu|sec)\s*)?\}\}")
_BLOCK = re.compile(r"^\{\{\s*bloc\s*:\s*(?P<name>[\w-]+)\s*\}\}$", re.MULTILINE)
FIGURES_PAGE = "chiffres.md"
Blocks = Mapping[str, Callable[[], str]]


@dataclass
class Rendering:
    """Renders texts over the same figures, and remembers which were used."""

    figures: Figures
    blocks: Blocks
    used: set[str] = field(default_factory=set)

    def markdown(self, template: str) -> str:
        """With links. Raises StudyError for a name that no figure has."""
        whole = _BLOCK.sub(lambda found: self._block(found["name"]), template)
        return french(_NAMED.sub(lambda found: self._linked(found["name"], found["how"]), whole))

    def plain(self, template: str) -> str:
        """Without links: for slides and pictures."""
        return french(_NAMED.sub(lambda found: self._bare(found["name"], found["how"]), template))

    def english(self, template: str) -> str:
        """With links, numbers the English way: for README."""

        def linked(found: re.Match[str]) -> str:
            return f"[{self.figure(found['name']).in_english}]({FIGURES_PAGE}#{found['name']})"

        return _NAMED.sub(linked, template)

    def figure(self, name: str) -> Figure:
        """A figure by its name, noted as used."""
        if name not in self.figures:
            raise StudyError(f"no figure is called {name}")
        self.used.add(name)
        return self.figures[name]

    def _block(self, name: str) -> str:
        if name not in self.blocks:
            raise StudyError(f"no block is called {name}")
        return self.blocks[name]()

    def _linked(self, name: str, how: str | None) -> str:
        written = self._bare(name, how)
        return written if how == "sec" else f"[{written}]({FIGURES_PAGE}#{name})"

    def _bare(self, name: str, how: str | None) -> str:
        figure = self.figure(name)
        return figure.bare if how == "nu" else figure.written


def names_in(template: str) -> list[str]:
    """The figures that a text names, in its order."""
    return [found["name"] for found in _NAMED.finditer(template)]
