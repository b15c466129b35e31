"""`make check-delivery`: what fails is told, what cannot be checked here is skipped aloud."""

import sys
from dataclasses import replace

import pytest
from scripts import check_delivery
from scripts.check_delivery import Check, main

_HOLDS = Check(name="holds", command=(sys.executable, "-c", "pass"))
_FAILS = Check(name="fails", command=(sys.executable, "-c", "raise SystemExit('the words')"))
_LACKS = Check(name="lacks", command=("no-such-tool",), needs=("no-such-tool",))
_ABSENT = replace(_HOLDS, name="absent", over="no/such/folder")


def _run(monkeypatch: pytest.MonkeyPatch, *checks: Check, strict: bool = False) -> int:
    monkeypatch.setattr(check_delivery, "checks", lambda: list(checks))
    monkeypatch.setattr(sys, "argv", ["check_delivery", *(["--strict"] if strict else [])])
    return main()


def test_what_cannot_be_checked_is_said_and_passes_on_a_desk_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A green line for what nobody looked at would be a lie."""
    assert _run(monkeypatch, _HOLDS, _LACKS, _ABSENT) == 0
    said = capsys.readouterr().out
    assert "ok    holds" in said
    assert "skip  lacks: not installed: no-such-tool" in said
    assert "skip  absent: there is no no/such/folder" in said
    assert _run(monkeypatch, _HOLDS, _LACKS, strict=True) == 1


def test_a_failed_check_shows_its_last_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, _FAILS, _HOLDS) == 1
    said = capsys.readouterr().out
    assert "FAIL  fails\nthe words" in said
    assert "ok    holds" in said


def test_a_check_that_does_not_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_delivery, "_WHOLE_SECONDS", 0.0)
    slow = Check(name="slow", command=(sys.executable, "-c", "import time; time.sleep(60)"))
    assert _run(monkeypatch, slow) == 1
    assert "not finished after 1 s" in capsys.readouterr().out


def test_every_check_of_ours_names_a_program_or_a_module_that_exists() -> None:
    names = [check.name for check in check_delivery.checks()]
    assert len(names) == len(set(names))
    assert any("tests" in check.name for check in check_delivery.checks())
