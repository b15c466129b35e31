"""One number, one value: the study, the slides, README, the workbook and `puls costs` say the same."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fontpkg_arimo", reason="the study's tools are missing: `make check-study` installs them")  # fmt: skip
pytest.importorskip("pptx", reason="the study's tools are missing: `make check-study` installs them")  # fmt: skip
pytest.importorskip("typst", reason="the study's tools are missing: `make check-study` installs them")  # fmt: skip

from study.book.pdf import pages_of, summary
from study.edition_texts import Edition
from study.figures.french import told
from study.figures.registry import ROOT
from study.planned.exports import write_all
from study.slides.layout import laid_out
from study.slides.powerpoint import powerpoint

from puls.costing.prices import PriceTable
from puls.costing.report import report_of


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition()


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What `puls costs --json` prints."""
    return report_of(PriceTable.load())


@pytest.fixture(scope="module")
def slides(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Parts of the PowerPoint file by name, as text."""
    target = tmp_path_factory.mktemp("slides") / "deck.pptx"
    scenes = [
        (laid_out(one, number, edition="essai", album=edition.album, pictures=ROOT / "docs/etude/images"), one.notes)
        for number, one in enumerate(edition.deck, start=1)
    ]  # fmt: skip
    powerpoint(scenes, target, title="essai")
    return _parts(target)


def _parts(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}  # fmt: skip


def _text(part: str) -> str:
    return " ".join(re.findall(r"<a:t>([^<]*)</a:t>", part))


@pytest.mark.parametrize("scenario", ["s1", "s2", "s3"])
def test_a_month_costs_the_same_everywhere(
    edition: Edition, report: dict[str, Any], slides: dict[str, str], scenario: str
) -> None:
    """A reader who compares two documents must not have to choose one."""
    euros = report["scenarios"][scenario]["clouds"]["aws"]["eur"]
    written = told(euros, "€", 0)
    assert edition.figures[f"{scenario}.aws.mois"].written == written
    assert written in edition.pages["12-couts.md"]
    assert f"{euros:,.0f} €" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert any(written in _text(part) for name, part in slides.items() if "slides/slide" in name)


def test_the_build_costs_the_same_everywhere(
    edition: Edition, report: dict[str, Any], slides: dict[str, str], tmp_path: Path
) -> None:
    """Backlog, plan, workbook and cost model have one total."""
    mvp, whole = report["build"]["mvp"], report["build"]["whole"]
    written = told(mvp["p50_eur"], "€", 0)
    assert written in edition.pages["12-couts.md"]
    assert written in edition.pages["resume.md"]
    assert any(written in _text(part) for part in slides.values())
    assert told(whole["expected_days"], "jours", 1) == edition.figures["carnet.jours"].written
    assert edition.figures["carnet.jours"].bare in edition.pages["11-carnet.md"]
    write_all(edition.material.study, tmp_path)
    workbook = _parts(tmp_path / "backlog.xlsx")
    totals = {round(float(value)) for sheet in workbook.values() for value in re.findall(r"<v>(\d+(?:\.\d+)?)</v>", sheet)}  # fmt: skip
    assert round(whole["expected_eur"]) in totals


def test_slides_can_be_edited_and_read_aloud(slides: dict[str, str]) -> None:
    """Shapes and tables are native, each slide has a title, each picture words, each main slide notes."""
    pages = [part for name, part in slides.items() if re.match(r"ppt/slides/slide\d+\.xml", name)]
    notes = [name for name in slides if "notesSlides/notesSlide" in name]
    assert len(pages) == 24
    assert all('type="title"' in page for page in pages)
    assert sum("<a:tbl>" in page for page in pages) >= 6
    assert all('descr=""' not in page for page in pages)
    assert len(notes) >= 15


def test_the_summary_is_one_page(edition: Edition) -> None:
    """Who has two minutes reads one sheet."""
    target = ROOT / "build" / "study" / "test-summary.pdf"
    summary(ROOT, edition.pages["resume.md"], edition.about, target)
    assert pages_of(target) == 1
    target.unlink()
    target.with_suffix(".typ").unlink()
