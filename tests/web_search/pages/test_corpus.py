"""What is read from the corpus of pages, against what each says by hand."""

from collections.abc import Sequence

import pytest
from tests.web_search.pages.judged import CORPUS, Verdict, truths, verdicts

LEAST_RIGHT = 0.98


def every_verdict() -> list[Verdict]:
    return [one for truth in truths() for one in verdicts(truth)]


def wrong_among(judged: Sequence[Verdict]) -> list[str]:
    return [
        f"{one.file}: {one.what}: wanted {one.wanted!r}, got {one.got!r}"
        for one in judged
        if not one.is_right
    ]


def test_fields_of_all_pages_are_right_as_they_are_written() -> None:
    """The figure that the issue asks for: every field right in at least 98 of 100."""
    judged = every_verdict()
    wrong = wrong_among(judged)
    assert len(truths()) >= 75
    assert 1 - len(wrong) / len(judged) >= LEAST_RIGHT, "\n".join(wrong)


def test_every_status_is_right_and_none_is_falsely_rescheduled() -> None:
    """A visitor who stays at home for a concert that takes place, or the reverse, never comes back."""
    statuses = [
        one
        for one in every_verdict()
        if one.what in {"status", "is_status_in_words", "previous_start"}
        or one.what.startswith("words")
    ]
    assert len(statuses) >= 90
    assert not wrong_among(statuses)


@pytest.mark.parametrize(
    "truth", [one for one in truths() if one.get("hostile")], ids=lambda one: str(one["file"])
)
def test_a_hostile_page_gives_what_it_says_of_its_event_and_nothing_else(
    truth: dict[str, object],
) -> None:
    """Orders, broken numbers, loops and hidden words are data, and mostly worthless data."""
    assert not wrong_among(list(verdicts(truth)))


def test_there_are_twelve_hostile_pages_and_every_file_is_judged() -> None:
    """A page without a truth would count for nothing."""
    assert sum(bool(one.get("hostile")) for one in truths()) >= 12
    assert {one["file"] for one in truths()} | {"truth.jsonl"} == {
        path.name for path in CORPUS.iterdir()
    }
