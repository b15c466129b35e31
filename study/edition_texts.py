"""All texts and drawings of the edition, as they should stand in docs/etude: what `make study` writes and `make check-study` compares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from study.blocks.markdown import table
from study.blocks.sources import Material, blocks
from study.book.chapters import CHAPTERS, FIGURES
from study.demo.playing import demonstration
from study.drawings.album import album
from study.drawings.scene import Scene
from study.drawings.svg import svg
from study.figures.costed import costed, planned
from study.figures.declared import read
from study.figures.figure import Figure, Source
from study.figures.registry import ROOT, load
from study.slides.deck import Slide, minutes, slides
from study.texts.figures_page import figures_page
from study.texts.rendering import Rendering
from study.texts.typography import french

_README = re.compile(r"(<!-- study:begin -->\n).*?(<!-- study:end -->)", re.DOTALL)


@dataclass
class Edition:
    """Everything is computed when it is first asked for."""

    root: Path = ROOT

    @cached_property
    def material(self) -> Material:
        return Material(root=self.root)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        material = self.material
        more = planned(material.schedule, material.study)
        return load(costed(material.costs), more, _demonstration(), root=self.root)

    @cached_property
    def rendering(self) -> Rendering:
        return Rendering(figures=self.figures, blocks=blocks(self.material) | {"demonstration": _steps})  # fmt: skip

    @cached_property
    def album(self) -> dict[str, Scene]:
        return album(self.root, self.figures, self.material)

    @cached_property
    def pages(self) -> dict[str, str]:
        """Rendered chapters by file name, the page of figures last."""
        rendered = {name: self.rendering.markdown(self.template(name)) for name in CHAPTERS}
        rendered["presentation.md"] = self._spoken()
        return rendered | {FIGURES: french(figures_page(self.figures, self.rendering.used))}

    @cached_property
    def deck(self) -> list[Slide]:
        return slides(self.root / "study/slides/deck.yaml", self.rendering)

    @property
    def about(self) -> dict[str, Any]:
        edition: dict[str, Any] = read(self.root / "study/edition.yaml")
        return edition

    def template(self, name: str) -> str:
        return (self.root / "study/etude" / name).read_text(encoding="utf-8")

    def readme(self, text: str) -> str:
        """README.md with today's figures between its marks."""
        shown = self.rendering.english((self.root / "study/etude/readme.md").read_text("utf-8"))
        shown = shown.replace("](chiffres.md#", "](docs/etude/chiffres.md#")
        return _README.sub(lambda marks: marks[1] + shown + marks[2], text)

    def files(self) -> Iterator[tuple[Path, str]]:
        """Every committed file that the edition makes, with its text."""
        folder = self.root / "docs/etude"
        for name, text in self.pages.items():
            yield folder / name, text
        for name, scene in self.album.items():
            yield folder / "dessins" / f"{name}.svg", svg(scene)
        readme = self.root / "README.md"
        yield readme, self.readme(readme.read_text(encoding="utf-8"))

    def _spoken(self) -> str:
        """What is said at each slide, for who presents."""
        parts = [f"# Présentation : texte dit\n\n{len(self.deck)} diapositives, annexes comprises ; environ {minutes(self.deck):.0f} minutes à voix posée.\n"]  # fmt: skip
        parts += [
            f"## {number}. {slide.title}\n\n{slide.notes or 'Annexe : pour les questions.'}\n"
            for number, slide in enumerate(self.deck, start=1)
        ]
        return french("\n".join(parts))


def _demonstration() -> Iterator[Figure]:
    source = Source(
        file="study/demo/steps.yaml", place="limit_seconds", command="make test-browser"
    )
    show = demonstration()
    yield Figure(name="demo.limite", value=show.limit_seconds, unit="s", what="durée que la démonstration ne peut dépasser", source=source)  # fmt: skip
    yield Figure(name="demo.etapes", value=len(show.steps), what="étapes de la démonstration", source=source)  # fmt: skip


def _steps() -> str:
    rows = []
    for number, step in enumerate(demonstration().steps, start=1):
        doing = f"« {step.say} »" if step.say else f"ouvrir `{step.open}`"
        rows.append([str(number), doing, step.said, ", ".join(step.sees)])
    pictures = "\n\n".join(f"![{step.sees[0].capitalize()}](images/{step.id}.png)" for step in demonstration().steps if step.picture)  # fmt: skip
    return table(["", "on fait", "on dit", "on voit"], rows) + "\n\n" + pictures
