"""What an experiment says: size first, then harm, then satisfaction."""

from collections.abc import Mapping

from puls.experiments.always_valid import Sample
from puls.experiments.experiment import experiment_of
from puls.experiments.reading import ArmOutcome, Measure, read

EXPERIMENT = experiment_of({"name": "one", "arms": {"a": {}, "b": {"prompt": 2}}})


def arm(
    name: str,
    *,
    visitors: int = 2_000,
    satisfied: int = 700,
    of: int = 1_000,
    guardrails: Mapping[Measure, Sample] | None = None,
) -> ArmOutcome:
    return ArmOutcome(
        arm=name,
        visitors=visitors,
        satisfied=Sample(visitors=of, total=satisfied, squares=satisfied),
        guardrails=guardrails or {},
    )


def shares(hits: int, of: int = 2_000) -> Sample:
    return Sample(visitors=of, total=hits, squares=hits)


def test_arms_of_the_wrong_size_are_not_read_at_all() -> None:
    """A redirect that loses visitors of one arm makes any figure of it a lie."""
    reading = read(EXPERIMENT, [arm("a", visitors=2_000), arm("b", visitors=1_700, satisfied=900)])
    assert reading.verdict.code == "unequal_arms"
    assert all(one.satisfaction is None for one in reading.arms)


def test_more_satisfied_visitors_are_told_with_their_number() -> None:
    """The sentence that an operator decides by."""
    reading = read(EXPERIMENT, [arm("a"), arm("b", satisfied=790)])
    assert reading.verdict.code == "better"
    assert "9,0 points" in reading.verdict.fr
    assert "9.0 points" in reading.verdict.en


def test_harm_comes_before_satisfaction() -> None:
    """Happier visitors of whom one in ten gets an error are no reason to go on."""
    before, after = {"failed": shares(10)}, {"failed": shares(200)}
    reading = read(
        EXPERIMENT,
        [
            arm("a", guardrails=before),  # type: ignore[arg-type] # a Measure
            arm("b", satisfied=790, guardrails=after),  # type: ignore[arg-type] # a Measure
        ],
    )
    assert reading.verdict.code == "harm"
    assert "réponses en échec" in reading.verdict.fr


def test_fewer_failures_are_no_harm() -> None:
    """A guardrail has one bad direction."""
    reading = read(
        EXPERIMENT,
        [
            arm("a", guardrails={"failed": shares(200)}),
            arm("b", guardrails={"failed": shares(10)}),
        ],
    )
    assert reading.verdict.code == "open"


def test_a_small_difference_stays_open_and_few_ratings_say_nothing() -> None:
    """Open is an answer too."""
    assert read(EXPERIMENT, [arm("a"), arm("b", satisfied=715)]).verdict.code == "open"
    few = [arm("a", of=20, satisfied=1), arm("b", of=20, satisfied=19)]
    assert read(EXPERIMENT, few).verdict.code == "too_few"
    assert read(EXPERIMENT, []).verdict.code == "too_few"
