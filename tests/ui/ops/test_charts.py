"""Curves without a script: what is drawn is what is said."""

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from puls.ui.ops.charts import Series, Words, bars, lines, nice_ceiling, stacked

WORDS = Words(
    id="c", title="Titre <b>", description="Ce qu’on voit", labels="Jour", say=lambda x: f"{x:g} €"
)
NUMBERS = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=0, max_size=40)


@given(NUMBERS)
def test_any_numbers_give_a_whole_picture_inside_its_frame(values: list[float | None]) -> None:
    """Empty, a single one, holes: never a broken page."""
    labels = [str(at) for at in range(len(values))]
    for chart in (
        lines(WORDS, labels, [Series(name="a", values=values), Series(name="b", values=values)]),
        stacked(WORDS, labels, [Series(name="a", values=values), Series(name="b", values=values)]),
        bars(WORDS, labels, [value or 0 for value in values]),
    ):
        tree = ET.fromstring(str(chart.svg))
        assert tree.get("role") == "img"
        assert tree.findtext("title") == "Titre <b>"
        for points in re.findall(r'points="([^"]*)"', str(chart.svg)):
            for point in points.split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= 320
                assert 0 <= y <= 170
        assert len(chart.rows) == len(labels)
        assert "style=" not in str(chart.svg)  # the policy allows none


def test_the_table_says_what_the_picture_shows() -> None:
    """For who does not see it."""
    chart = stacked(
        WORDS,
        ["lundi", "mardi"],
        [Series(name="a", values=[1, None]), Series(name="b", values=[2, 3])],
    )
    assert chart.columns == ["Jour", "a", "b"]
    assert chart.rows == [["lundi", "1 €", "2 €"], ["mardi", "–", "3 €"]]
    assert str(chart.svg).count("<rect") == 3
    assert "mardi, b : 3 €" in str(chart.svg)


def test_a_curve_breaks_where_nothing_is_known() -> None:
    """A line across a gap would be an invention."""
    chart = lines(WORDS, list("abcde"), [Series(name="a", values=[1, 2, None, 3, 4])])
    assert str(chart.svg).count("<polyline") == 2


@given(st.floats(1e-6, 1e9))
def test_an_axis_ends_at_a_round_number(value: float) -> None:
    """Marks that can be read: 1, 2, 2.5 or 5 times a power of ten, and nothing above them."""
    top = nice_ceiling(value)
    assert value <= top * (1 + 1e-8)
    assert top <= value * 2.6
