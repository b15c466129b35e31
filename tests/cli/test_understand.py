"""`puls understand`: what words mean, shown to people and programs, with no database anywhere."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from puls.cli.app import main

Understand = Callable[..., tuple[int, str, str]]
AT = ("--now", "2026-11-18T10:00+01:00")  # a Wednesday


@pytest.fixture
def understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Understand:
    """`puls understand …` in this process: exit code, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PULS_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr("sys.argv", ["puls", "understand", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not (tmp_path / "home").exists(), "no database is started"
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


def test_the_table_shows_the_wish_the_words_and_what_was_not_taken(understood: Understand) -> None:
    """A visitor who wonders « why these events? » reads the answer here."""
    code, out, _ = understood("concert de jazz ce soir à Saint-Denis, gratuit", *AT)
    assert code == 0
    for fact in (
        "concert de jazz",
        "mer. 18 nov., dès 18:00",
        "« ce soir » : quand",
        "Saint-Denis (974)",
        "le mercredi 18 novembre 2026 de 18 h à minuit",
        "compris en",
    ):
        assert fact in out


def test_the_json_holds_the_same_for_programs(understood: Understand) -> None:
    """Positions of the words let a page underline them."""
    text = "concert de jazz ce soir à Saint-Denis, gratuit"
    code, out, _ = understood(text, "--json", *AT)
    answer = json.loads(out)
    assert code == 0
    assert answer["turn"] == "search"
    assert answer["wish"]["free"] is True
    assert answer["wish"]["where"]["communes"] == ["93066"]
    assert answer["wish"]["when"] == ["2026-11-18T18:00:00+01:00", "2026-11-19T00:00:00+01:00"]
    (tonight,) = [one for one in answer["matched"] if one["kind"] == "when"]
    assert text[tonight["start"] : tonight["end"]] == tonight["words"] == "ce soir"
    assert answer["alternatives"][0]["others"] == ["Saint-Denis (974)"]
    assert answer["sentence_en"].startswith("concert de jazz, on Wednesday 18 November 2026")
    assert answer["milliseconds"] > 0


def test_earlier_messages_and_a_position_count(understood: Understand) -> None:
    """As in a conversation."""
    history = ("--history", "concert à Lyon samedi", "--history", "plutôt gratuit")
    _, out, _ = understood("et dimanche ?", "--json", *history, *AT)
    wish = json.loads(out)["wish"]
    assert (wish["free"], wish["where"]["label"]) == (True, "Lyon")
    assert wish["when"][0] == "2026-11-22T00:00:00+01:00"
    _, out, _ = understood("concert près de moi", "--near", "45.76,4.84", "--json", *AT)
    assert json.loads(out)["wish"]["where"]["near"]["lat"] == 45.76


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "question"),
        (("jazz", "--now", "hier"), "ISO 8601"),
        (("jazz", "--near", "Lyon"), "LAT,LON"),
        (("jazz", "--fast"), "--fast"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    understood: Understand, arguments: tuple[str, ...], sentence: str
) -> None:
    """Never a stack trace for what is known."""
    code, out, err = understood(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert sentence in err.lower() or sentence in err
