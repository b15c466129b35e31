"""Every row of our own table means what it says; nothing more, nothing less."""

from collections import Counter

import pytest
from tests.understanding.expressions import Expression, read_expressions, written

from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand

GAZETTEER = Gazetteer.load()
EXPRESSIONS = read_expressions()


@pytest.mark.parametrize(
    "row",
    EXPRESSIONS,
    ids=[
        f"{row.table}:{row.now}:{' / '.join((*row.history, row.text))}:{row.position or ''}"
        for row in EXPRESSIONS
    ],
)
def test_what_is_written_is_what_is_understood(row: Expression) -> None:
    """The whole wish is compared: understanding too much sends a visitor astray like understanding too little."""
    understood = understand(
        row.text,
        now=row.moment,
        gazetteer=GAZETTEER,
        position=row.coordinates,
        history=row.history,
    )
    assert written(understood.wish) == dict(row.wish)
    assert understood.turn == row.turn
    assert understood.language == row.language


def test_no_row_is_said_twice() -> None:
    keys = Counter((row.now, row.text, row.history, row.position) for row in EXPRESSIONS)
    assert [key for key, count in keys.items() if count > 1] == []
