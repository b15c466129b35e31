"""The build: three points, many draws."""

from decimal import Decimal

import pytest

from puls.costing.building import Backlog, Story, backlog, build_cost


def one_story(days: tuple[float, float, float], *, factor: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Backlog:  # fmt: skip
    return Backlog(
        stories=(Story(id="A", epic="e", milestone="mvp0", role="r", days=days),),
        epics={"e": "E"},
        milestones={"mvp0": "M"},
        rates={"r": Decimal(500)},
        other={"audit": Decimal(1000)},
        draws=2000,
        seed=1,
        common_factor=factor,
    )


def test_a_story_without_doubt_costs_its_days() -> None:
    """Four days at 500 euros, and 1,000 bought."""
    built = build_cost(one_story((4.0, 4.0, 4.0)))
    assert built.by_epic["e"].p50_eur == built.by_epic["e"].p80_eur == 2000
    assert built.whole.p80_eur == 3000


def test_doubt_lies_between_the_estimates_and_widens_p80() -> None:
    """PERT of 2, 4, 12 has a mean of 5 days."""
    built = build_cost(one_story((2.0, 4.0, 12.0))).by_epic["e"]
    assert built.expected_eur == 2500
    assert 1000 < built.p50_eur < built.p80_eur < 6000
    assert float(built.p50_eur) == pytest.approx(2400, rel=0.05)


def test_what_slows_one_slows_all() -> None:
    """Without a common factor, fifty estimates would make each other's mistakes good."""
    given = backlog()
    alone = build_cost(
        Backlog(**{name: getattr(given, name) for name in Backlog.__slots__} | {"common_factor": (1.0, 1.0, 1.0)})
    ).whole  # fmt: skip
    together = build_cost(given).whole
    assert together.p80_eur - together.p50_eur > 2 * (alone.p80_eur - alone.p50_eur)


def test_the_same_seed_gives_the_same_cent() -> None:
    """A figure of the study is the same wherever it is computed."""
    assert build_cost(backlog()) == build_cost(backlog())


def test_epics_and_milestones_are_the_whole() -> None:
    """Nothing is counted twice or left out."""
    built = build_cost(backlog())
    for parts in (built.by_epic, built.by_milestone):
        assert sum(one.expected_eur for one in parts.values()) + built.other_eur == pytest.approx(
            built.whole.expected_eur
        )
        assert sum(one.expected_days for one in parts.values()) == pytest.approx(
            built.whole.expected_days
        )
