"""Makes the study: `python -m study.make texts` writes docs/etude and README's figures, `all` also what readers are handed.

That is build/study: PDF, slides (PPTX and PDF), summary and site. Offline; seconds are printed.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from study.book.chapters import CHAPTERS, FIGURES
from study.book.pdf import book, summary
from study.edition_texts import Edition
from study.figures.figure import StudyError
from study.figures.registry import ROOT
from study.site.building import build_site
from study.slides.layout import laid_out
from study.slides.pdf import slides_pdf
from study.slides.powerpoint import powerpoint

BUILD = ROOT / "build" / "study"


def write_texts(edition: Edition) -> None:
    for path, text in edition.files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_book(edition: Edition) -> None:
    pages = {name: edition.pages[name] for name in (*CHAPTERS, FIGURES)}
    book(ROOT, pages, edition.about, BUILD / "puls-etude.pdf")
    summary(ROOT, edition.pages["resume.md"], edition.about, BUILD / "puls-resume.pdf")


def write_slides(edition: Edition) -> None:
    pictures = ROOT / "docs/etude/images"
    about = edition.rendering.plain("Puls · étude du {{ etude.date }}")
    scenes = [
        laid_out(slide, number, edition=about, album=edition.album, pictures=pictures)
        for number, slide in enumerate(edition.deck, start=1)
    ]
    title = str(edition.about["title"])
    spoken = zip(scenes, (slide.notes for slide in edition.deck), strict=True)
    powerpoint(list(spoken), BUILD / "puls-presentation.pptx", title=title)
    slides_pdf(ROOT, scenes, BUILD / "puls-presentation.pdf", title=title)


def write_site(edition: Edition) -> None:
    del edition
    build_site(ROOT, BUILD / "site")


_STEPS: dict[str, Callable[[Edition], None]] = {
    "texts": write_texts,
    "book": write_book,
    "slides": write_slides,
    "site": write_site,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*_STEPS, "all"], default="all", nargs="?")
    what = parser.parse_args(arguments).what
    edition = Edition()
    try:
        for name, step in _STEPS.items():
            if what in {name, "all"}:
                began = time.monotonic()
                step(edition)
                print(f"{name}: {time.monotonic() - began:.1f} s")
    except StudyError as error:
        print(error, file=sys.stderr)
        return 1
    if what != "texts":
        print(f"see {_relative(BUILD)}")
    return 0


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
