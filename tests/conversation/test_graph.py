"""The drawn turn is the turn that runs."""

from pathlib import Path

from scripts.draw_turn import page


def test_the_diagram_in_the_documentation_is_drawn_from_the_code() -> None:
    drawn = Path(__file__).parents[2] / "docs" / "turn.md"
    assert drawn.read_text(encoding="utf-8") == page(), "run `make docs`"
