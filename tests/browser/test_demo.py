"""The demonstration that the slides announce, played as an audience would see it."""

from pathlib import Path

from study.demo.playing import demonstration, play
from tests.browser.visits import Visits


def test_the_demonstration_is_played_within_two_minutes(visit: Visits, tmp_path: Path) -> None:
    """What is promised on a slide must happen in the room."""
    page = visit(viewport={"width": 1180, "height": 760})
    seconds = play(page, visit.url, pictures=tmp_path)
    assert seconds <= demonstration().limit_seconds
    assert {path.stem for path in tmp_path.glob("*.png")} == {
        step.id for step in demonstration().steps if step.picture
    }
