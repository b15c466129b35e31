"""What an operator writes, and who gets which arm."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from puls.conversation.turn import TurnRequest
from puls.conversation.variants import USUAL, Trial, Variant
from puls.errors import InvalidInputError
from puls.experiments.always_valid import sample_ratio
from puls.experiments.experiment import experiment_of
from puls.identity.visitor import Visitor
from puls.retrieval.ranking import Weights

SECRET = bytes(range(32))
WRITTEN: dict[str, Any] = {
    "name": "more-words",
    "arms": {"usual": {}, "words": {"ranking": {"words": 0.6}}},
}


def test_a_visitor_always_gets_the_same_arm_and_all_arms_are_as_large() -> None:
    """Otherwise nothing could be said of what they got."""
    experiment = experiment_of(WRITTEN)
    visitors = [uuid4() for _ in range(10_000)]
    arms = [experiment.arm_of(one, secret=SECRET) for one in visitors]
    assert arms == [experiment.arm_of(one, secret=SECRET) for one in visitors]
    counts = Counter(arm.name for arm in arms if arm)
    assert counts.total() == 10_000
    assert sample_ratio(list(counts.values())) > 1e-6


def test_another_experiment_or_secret_is_another_draw() -> None:
    """Who was in the second arm of the last experiment must not be so in the next one too."""
    one, other = experiment_of(WRITTEN), experiment_of({**WRITTEN, "name": "again"})
    visitors = [UUID(int=number) for number in range(4_000)]
    same = sum(
        one.arm_of(each, secret=SECRET) == other.arm_of(each, secret=SECRET) for each in visitors
    )
    moved = sum(
        one.arm_of(each, secret=SECRET) == one.arm_of(each, secret=SECRET[::-1])
        for each in visitors
    )
    assert 1_800 < same < 2_200
    assert 1_800 < moved < 2_200


def test_only_the_share_takes_part() -> None:
    """A careful operator tries on a tenth."""
    experiment = experiment_of({**WRITTEN, "share": 0.1})
    taking_part = sum(experiment.arm_of(uuid4(), secret=SECRET) is not None for _ in range(10_000))
    assert 850 < taking_part < 1_150


def test_programs_and_conversations_that_are_not_kept_take_no_part() -> None:
    """Nothing could be read of them: a program's thumb is nobody's."""
    experiment = experiment_of(WRITTEN)
    variants = {
        arm.name: Variant(experiment=experiment.name, arm=arm.name) for arm in experiment.arms
    }
    trial = Trial(experiment=experiment, secret=SECRET, variants=variants)
    kept = TurnRequest(text="concert", request_id=uuid4())
    assert trial.of(Visitor(id=uuid4()), kept).arm is not None
    assert trial.of(Visitor(id=uuid4(), kind="program"), kept) is USUAL
    unkept = TurnRequest(text="concert", request_id=uuid4(), is_kept=False)
    assert trial.of(Visitor(id=uuid4()), unkept) is USUAL


def test_weights_that_are_not_named_stay_as_they_are() -> None:
    """One thing at a time is compared."""
    (_, words) = experiment_of(WRITTEN).arms
    assert words.overrides.weights == Weights(words=0.6)
    assert words.overrides.said == "ranking.words = 0.6"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "Mots!"}, "small letters"),
        ({"arms": {"usual": {}}}, "2 to 4 tables"),
        ({"arms": {"a": {}, "b": {}}}, "are the same"),
        ({"arms": {"a": {}, "b": {"ranking": {"wordz": 1}}}}, "no weight 'wordz'"),
        ({"arms": {"a": {}, "b": {"ranking": {"words": float("nan")}}}}, "a number from"),
        ({"arms": {"a": {}, "b": {"index": 2}}}, "compared offline"),
        ({"arms": {"a": {}, "b": {"temperature": 1}}}, "cannot be overridden"),
        ({"share": 0}, "share is a number above 0"),
        ({"alfa": 0.05}, "means nothing"),
    ],
)
def test_what_cannot_be_run_is_refused_in_a_sentence(change: dict[str, Any], told: str) -> None:
    """An experiment with a slip in it costs a month."""
    with pytest.raises(InvalidInputError, match=told):
        experiment_of(WRITTEN | change)
