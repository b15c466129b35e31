"""Every row of our own table means what it says; nothing more, nothing less."""

from collections import Counter

import pytest
from tests.understanding.expressions import Expression, read_expressions, read_missed, written

from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand

GAZETTEER = Gazetteer.load()
EXPRESSIONS = read_expressions()
MISSED = read_missed()


def _name(row: Expression) -> str:
    return f"{row.table}:{row.now}:{' / '.join((*row.history, row.text))}:{row.position or ''}"


@pytest.mark.parametrize("row", EXPRESSIONS, ids=map(_name, EXPRESSIONS))
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


@pytest.mark.xfail(strict=True, reason="not understood yet; once it is, it moves to its table")
@pytest.mark.parametrize("row", MISSED, ids=map(_name, MISSED))
def test_a_row_is_not_understood_yet(row: Expression) -> None:
    test_what_is_written_is_what_is_understood(row)


def test_no_row_is_said_twice() -> None:
    keys = Counter(
        (row.now, row.text, row.history, row.position) for row in (*EXPRESSIONS, *MISSED)
    )
    assert [key for key, count in keys.items() if count > 1] == []
