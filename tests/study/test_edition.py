"""The whole study holds together, and `make check-study` sees what is planted against it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip(
    "fontpkg_arimo", reason="the study's tools are missing: `make check-study` installs them"
)
pytest.importorskip(
    "typst", reason="the study's tools are missing: `make check-study` installs them"
)

from study.check import problems
from study.drawings.look import (
    ACCENT_STRONG,
    ACCENT_WASH,
    CARD,
    CAUTION,
    CAUTION_WASH,
    GOOD,
    GOOD_WASH,
    INK,
    PAPER,
    PLAIN_WASH,
    SOFT,
    contrast,
)  # fmt: skip
from study.edition_texts import Edition
from study.figures.declared import read
from study.figures.registry import ROOT
from study.slides.deck import minutes
from study.slides.layout import laid_out

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "cdk.out", "__pycache__", ".*_cache", ".puls", ".hypothesis", "*.gz", "*.parquet")  # fmt: skip


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition()


def test_the_study_holds(edition: Edition) -> None:
    """Committed texts are what their sources give, today. When this fails: `make study-count study`, and read the difference."""
    assert list(problems(edition)) == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, to plant faults in. Code that runs is still ours."""
    root = tmp_path_factory.mktemp("study") / "copy"
    shutil.copytree(ROOT, root, ignore=_LEFT_OUT, symlinks=True)
    return root


@pytest.fixture
def planted(copy: Path) -> Iterator[Callable[[str, str, str], list[str]]]:
    """`planted(file, old, new)`: what `check-study` says of the copy with that change, which is taken back afterwards."""
    changed: list[tuple[Path, str]] = []

    def plant(file: str, old: str, new: str) -> list[str]:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        changed.append((path, text))
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        read.cache_clear()
        return list(problems(Edition(root=copy)))

    yield plant
    for path, text in changed:
        path.write_text(text, encoding="utf-8")
    read.cache_clear()


def test_an_unchanged_copy_holds(planted: Callable[[str, str, str], list[str]]) -> None:
    """Otherwise what is found below would prove nothing."""
    assert planted("LOG.md", "# Log of experiments", "# Log of experiments") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study/etude/resume.md", "{{ recherche.rayon.p95 }}", "62 ms", "a number that no figure stands behind"),
        ("study/slides/deck.yaml", "{{ s3.aws.part }}", "8 %", "a number that no figure stands behind"),
        ("study/etude/15-limites.md", "**Une petite machine.**", "**Deux petites machines.**", "a number that no figure stands behind"),
        ("LOG.md", "+ 20 km 35/62", "+ 20 km 35/71", "no longer s"),
        ("src/puls/alerts/slo.toml", "objective = 0.995", "objective = 0.999", "is not what its sources give"),
        ("docs/etude/12-couts.md", "Coûts", "Couts", "is not what its sources give"),
        ("docs/etude/dessins/turn.svg", "understand", "comprendre", "is not what its sources give"),
        ("docs/how-to/install.md", "(aws.md)", "(azure.md)", "a link leads nowhere"),
        ("docs/etude/01-contexte.md", "(04-architecture.md)", "(04-plan.md)", "a link leads nowhere"),
        ("study/etude/resume.md", "{{ poc.ndcg }}", "{{ poc.mrr }}", "no figure is called poc.mrr"),
        ("study/backlog.yaml", "    days: [3, 5, 9]\n", "", "days"),
        ("study/backlog.yaml", "    criteria:\n      - \"Un second passage sans changement n'écrit rien.\"\n", "    criteria: []\n    x:\n", "backlog"),
        ("study/etude/15-limites.md", "Aucun visiteur réel.", "Aucun visiteur réel!", "a sign without the space before it"),
    ],
)  # fmt: skip
def test_a_planted_change_is_found(
    planted: Callable[[str, str, str], list[str]], file: str, old: str, new: str, said: str
) -> None:
    """Each kind of fault that the acceptance names."""
    assert any(said in one for one in planted(file, old, new))


def test_the_talk_takes_twenty_minutes(edition: Edition) -> None:
    """The two minutes of the demonstration are among them."""
    said = minutes(edition.deck)
    assert 13 <= said <= 18
    main = [one for one in edition.deck if one.part != "annexe"]
    assert 15 <= len(main) <= 18
    assert all(one.notes for one in main)


def test_every_slide_fits(edition: Edition) -> None:
    """What does not fit raises; the audience never sees a word cut."""
    for number, slide in enumerate(edition.deck, start=1):
        scene = laid_out(slide, number, edition="essai", album=edition.album, pictures=ROOT / "docs/etude/images")  # fmt: skip
        assert scene.shapes


@pytest.mark.parametrize(
    ("front", "back"),
    [(INK, PAPER), (SOFT, PAPER), (SOFT, CARD), (ACCENT_STRONG, PAPER), (ACCENT_STRONG, ACCENT_WASH), (ACCENT_STRONG, PLAIN_WASH), (GOOD, GOOD_WASH), (CAUTION, CAUTION_WASH), (SOFT, PLAIN_WASH), (CARD, "#b3203f")],
)  # fmt: skip
def test_words_can_be_read_on_their_ground(front: str, back: str) -> None:
    """WCAG 2.2 AA for text of any size."""
    assert contrast(front, back) >= 4.5
