"""What no text of the study may hold, and what its readers get instead of what authors type."""

from pathlib import Path

import pytest
from study.figures.figure import Figure, Source, StudyError
from study.figures.french import NARROW, number, told
from study.texts.hard_coded import hard_coded
from study.texts.links import broken
from study.texts.rendering import Rendering
from study.texts.typography import faults, french

_SPEED = Figure(name="vite.p95", value=1234.5, unit="ms", what="essai", source=Source(file="LOG.md"))  # fmt: skip


def rendering() -> Rendering:
    return Rendering(figures={"vite.p95": _SPEED}, blocks={"table": lambda: "| a |\n|---|"})


@pytest.mark.parametrize(
    "text",
    ["La recherche prend 62 ms.", "Trois pannes sur dix.", "un gain de 5 %", "P95 : 80", "**40** récits", "| 12 | 3 |", "une dizaine de cas", "de 0,141 à 0,8"],
)  # fmt: skip
def test_a_typed_number_is_found(text: str) -> None:
    """A number without a source is an assertion; the study has none."""
    assert list(hard_coded(text, ()))


@pytest.mark.parametrize(
    "text",
    ["{{ recherche.p95 }} au pire", "`puls costs --scenario s1`", "[coûts](12-couts.md)", "1. d'abord", "une phrase, un mot", "PostgreSQL 16"],
)  # fmt: skip
def test_what_is_no_figure_is_let_through(text: str) -> None:
    """Names, code, addresses and lists may hold digits; the listed names alone."""
    assert not list(hard_coded(text, ("PostgreSQL 16",)))


def test_the_line_of_a_typed_number_is_told() -> None:
    (found,) = hard_coded("rien\n\nil y en a 7 ici", ())
    assert (found.line, found.words) == (3, "il y en a 7 ici")


def test_numbers_are_written_as_french_readers_expect() -> None:
    """Narrow no-break spaces and commas, or a line breaks inside a number."""
    assert told(1234567.891, "€", 2) == f"1{NARROW}234{NARROW}567,89{NARROW}€"
    assert number(-0.5) == "−0,5"
    assert told(0.8305, "", 3) == "0,831"
    assert told(1.9, "jour(s)") == f"1,9{NARROW}jour"
    assert told(2, "jour(s)") == f"2{NARROW}jours"


def test_a_name_becomes_its_figure_with_a_link_to_its_source() -> None:
    written = f"1{NARROW}234,5"
    assert rendering().markdown("{{ vite.p95 }}") == f"[{written}{NARROW}ms](chiffres.md#vite.p95)"
    assert rendering().markdown("{{ vite.p95|nu }}") == f"[{written}](chiffres.md#vite.p95)"
    assert rendering().plain("{{ vite.p95 }}") == f"{written}{NARROW}ms"


@pytest.mark.parametrize("text", ["{{ inconnu }}", "{{ bloc: inconnue }}"])
def test_a_name_that_nothing_stands_behind_is_refused(text: str) -> None:
    """A misspelt name must not become an empty place."""
    with pytest.raises(StudyError):
        rendering().markdown(text)


def test_french_signs_get_their_spaces_and_code_is_left_alone() -> None:
    assert (
        french("Oui ; « non » : l'un ?")
        == f"Oui{NARROW}; «{NARROW}non{NARROW}»{NARROW}: l’un{NARROW}?"
    )
    kept = "`a : b ; c` et [lien](a.md#b) et https://x.fr/a;b"
    assert french(kept) == kept
    assert faults("vraiment? non;") == ["vraiment?", "vraiment? non;"]


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    """Files and anchors both: a page that was renamed leaves neither behind."""
    (tmp_path / "b.md").write_text('# Une tête\n\n<a id="ancre"></a>', encoding="utf-8")
    page = tmp_path / "a.md"
    page.write_text("[x](b.md#ancre) [y](b.md#une-tête) [z](b.md#perdue) [w](c.md) `[v](d.md)`", encoding="utf-8")  # fmt: skip
    assert [one.to for one in broken([page])] == ["b.md#perdue", "c.md"]
