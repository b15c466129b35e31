"""A report beside its baseline: a planted regression fails, noise does not."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from puls.evaluation.cases import Case, Report, json_of, read_report
from puls.evaluation.comparing import compare, interval
from puls.evaluation.report import html_of, markdown_of

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIGURES = {"ndcg@10": 0.85, "recall@10": 0.7, "reciprocal_rank": 0.9}
SHARES = {"when": 0.97, "place": 0.99, "conditions": 0.98, "every": 0.94}


def report(*cases: Case) -> Report:
    return Report(made_at=AT, sets=("set.jsonl",), configuration="as usual", cases=cases)


def drawn(generator: np.random.Generator, *, lost: float = 0.0, noise: float = 0.05) -> Report:
    """Forty questions and 350 expressions of a fixed difficulty; each run differs by noise, and by what is lost."""
    difficulty = np.random.default_rng(0)
    cases = []
    for number in range(40):
        base = {name: mean - difficulty.random() * 0.3 for name, mean in FIGURES.items()}
        figures = {
            name: float(np.clip(value + generator.normal(0, noise) - lost, 0, 1))
            for name, value in base.items()
        }
        cases.append(Case(id=f"q{number}", part="retrieval", text="?", figures=figures))
    for number in range(350):
        hard = {name: difficulty.random() > share for name, share in SHARES.items()}
        figures = {
            name: float(not is_hard) if generator.random() > noise / 10 else float(is_hard)
            for name, is_hard in hard.items()
        }
        cases.append(Case(id=f"x{number}", part="understanding", text="?", figures=figures))
    return report(*cases)


def test_noise_is_quiet_over_two_hundred_resamplings() -> None:
    """A gate that cries at random is switched off within a week."""
    generator = np.random.default_rng(42)
    baseline = drawn(generator)
    alarms = sum(
        compare(drawn(generator), baseline if run % 2 else drawn(generator), draws=2_000).is_worse
        for run in range(200)
    )
    print(f"noise: {alarms} of 200 resamplings called worse")  # noqa: T201 # the figure of the docs
    assert alarms <= 10


def test_a_planted_regression_fails_every_time() -> None:
    """Five hundredths of nDCG are a release that should not leave."""
    generator = np.random.default_rng(43)
    found = sum(
        compare(drawn(generator, lost=0.05), drawn(generator), draws=2_000).is_worse
        for _ in range(50)
    )
    print(f"planted: found in {found} of 50")  # noqa: T201 # the figure of the docs
    assert found == 50


def test_the_same_answers_are_never_worse() -> None:
    """The usual run of the gate: nothing changed."""
    one = drawn(np.random.default_rng(1))
    comparison = compare(one, one)
    assert not comparison.is_worse
    assert not comparison.cases
    assert all((change.low, change.high) == (0, 0) for change in comparison.figures)


def test_eight_broken_expressions_are_beyond_noise_and_three_are_not() -> None:
    """Three of 350 may be three hard ones; eight, all to the worse, are a bug."""

    def understood(broken: int) -> Report:
        return report(
            *(
                Case(
                    id=str(n), part="understanding", text="", figures={"every": float(n >= broken)}
                )
                for n in range(350)
            )
        )

    assert compare(understood(8), understood(0)).is_worse
    assert not compare(understood(3), understood(0)).is_worse
    assert not compare(understood(0), understood(8)).is_worse


def test_a_case_that_is_not_judged_any_more_is_told() -> None:
    """Deleting the hard questions is no progress."""
    one, other = (Case(id=n, part="themes", text="", figures={"found": 1.0}) for n in "ab")
    comparison = compare(report(one), report(one, other))
    assert comparison.missing == ("themes/b",)
    assert comparison.is_worse
    assert "were not judged" in comparison.sentences[0]


def test_the_interval_holds_the_true_difference_as_often_as_it_says() -> None:
    """95 of 100, or the word « noise » means nothing."""
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        low, high = interval(generator.normal(0.1, 0.4, 120), draws=1_000)
        held += low <= 0.1 <= high
    assert 0.92 <= held / 300 <= 0.98


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A baseline is a file in the repository."""
    path = tmp_path / "report.json"
    one = drawn(np.random.default_rng(1))
    path.write_text(json.dumps(json_of(one)), encoding="utf-8")
    read = read_report(path)
    assert [case.key for case in read.cases] == [case.key for case in one.cases]
    assert not compare(read, one).cases
    assert not compare(one, read).cases  # what is rounded away is no change


def test_the_page_shows_each_case_and_obeys_none() -> None:
    """Visitors' words stand in it, and it is opened in a browser."""
    hostile = Case(
        id="h",
        part="retrieval",
        text="<script>alert(1)</script> | `x`",
        figures={"ndcg@10": 0.2},
        seen={"found": "</dd><img src=x onerror=alert(1)>"},
    )
    before = Case(id="h", part="retrieval", text="", figures={"ndcg@10": 0.9})
    comparison = compare(report(hostile), report(before))
    page = html_of(report(hostile), comparison)
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "0.90 → 0.20" in page
    assert "0.90 → 0.20" in markdown_of(report(hostile), comparison)
    assert "`retrieval/h`" in markdown_of(report(hostile))
