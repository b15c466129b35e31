"""docs/reference/errors.md is what the code says."""

from pathlib import Path

from scripts.error_reference import page

PAGE = Path(__file__).parents[2] / "docs/reference/errors.md"


def test_the_page_of_errors_is_made_from_the_code() -> None:
    """A code that nobody explains costs every integrator an hour. `python -m scripts.error_reference` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == page()
