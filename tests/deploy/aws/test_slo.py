"""The promises as CloudWatch watches them."""

from pathlib import Path

import pytest
from deploy.aws.config import ConfigError

from deploy.aws import slo

PROMISES = slo.promises()


def test_every_promise_is_watched_or_says_what_watches_it_instead() -> None:
    """A promise that nothing watches is none."""
    assert not set(PROMISES.names) - set(slo.signals())


@pytest.mark.parametrize("name", [one.name for one in PROMISES.objectives])
def test_an_objective_has_events_to_count(name: str) -> None:
    """`instead` is for what CloudWatch cannot see; promises it must see."""
    assert {"logs", "metric"} & set(slo.signals()[name])


def test_a_filter_has_the_threshold_of_the_promise() -> None:
    """One number, one place."""
    first_card = next(one for one in PROMISES.objectives if one.name == "first_card")
    text = slo.signals()["first_card"]["logs"]["bad"]
    assert "> 1000)" in slo.pattern(text, first_card)


def test_no_threshold_can_never_be_reached() -> None:
    """At 90 % a burn rate of 14.4 would be a share of 144 %."""
    for objective in PROMISES.objectives:
        for pair in objective.pairs(9):
            assert 0 < pair.rate * objective.budget < 1


def test_without_a_file_of_promises_nothing_is_made(tmp_path: Path) -> None:
    """An environment without alarms must not come about by a missing file."""
    with pytest.raises(ConfigError):
        slo.promises((tmp_path / "slo.toml",))
