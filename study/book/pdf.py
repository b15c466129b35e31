"""Compiles typst to PDF: fonts from wheels, nothing from the network or the machine."""

from pathlib import Path

import typst

from study.book.typst_markup import Typesetting, quoted
from study.drawings.look import FONTS
from study.figures.french import told

_PAGE = """#import "/study/book/template.typ": study, accent, soft, ink
#show: study.with(title: {title}, subtitle: {subtitle}, day: {day}, version: {version})
"""


def book(root: Path, pages: dict[str, str], edition: dict[str, object], target: Path) -> None:
    """All chapters in order as one PDF/UA-1 file. `pages`: file name to rendered Markdown, in the order of the book."""
    setting = Typesetting(chapters=list(pages), folder="/docs/etude")
    day = told(edition["date"])  # type: ignore[arg-type]
    head = _PAGE.format(title=quoted(str(edition["title"])), subtitle=quoted(str(edition["subtitle"])), day=quoted(day), version=quoted(str(edition["version"])))  # fmt: skip
    chapters = [setting.chapter(name, text) for name, text in pages.items()]
    compiled(root, head + "\n".join(chapters), target)


def compiled(root: Path, source: str, target: Path) -> None:
    """Writes `target` and, beside it, the typst source it was set from."""
    target.parent.mkdir(parents=True, exist_ok=True)
    page = target.with_suffix(".typ")
    page.write_text(source, encoding="utf-8")
    compiler = typst.Compiler(str(page), root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True)  # fmt: skip
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes), "a PDF is one file"
    target.write_bytes(made)


_SUMMARY = """#import "/study/book/template.typ": one-page, accent, soft, ink
#show: one-page.with(title: {title}, subtitle: {subtitle}, day: {day})
"""


def summary(root: Path, markdown: str, edition: dict[str, object], target: Path) -> None:
    """The summary as one sheet for who has two minutes. Raises ValueError when it needs a second one."""
    setting = Typesetting(chapters=[], folder="/docs/etude")
    head = _SUMMARY.format(title=quoted(str(edition["title"])), subtitle=quoted(str(edition["subtitle"])), day=quoted(told(edition["date"])))  # type: ignore[arg-type]  # fmt: skip
    body = setting.chapter("resume.md", markdown)
    compiled(root, head + body.split("\n", 1)[1], target)
    if (sheets := pages_of(target)) != 1:
        raise ValueError(f"the one-page summary takes {sheets} pages")


def pages_of(target: Path) -> int:
    """How many pages a PDF of ours has, told by typst itself."""
    page = target.with_suffix(".typ")
    found = typst.query(str(page), "<last-page>", field="value", one=True, root=str(page.parents[2]), font_paths=[str(FONTS)], ignore_system_fonts=True)  # fmt: skip
    return int(found)
