"""docs/what-puls-understands.md shows the table of expressions as it is."""

from scripts.list_expressions import PAGE, page


def test_the_page_of_what_is_understood_is_up_to_date() -> None:
    """A page that lags behind promises what is no longer so. `make docs` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
