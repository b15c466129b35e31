"""What an experiment says now: first whether the arms are as large as they should be, then harm, then satisfaction. Pure.

May be read at any moment and as often as one likes. Each visitor counts once: with their first turn for what must not
get worse, with their first rating for what should get better. Enter at `read`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from puls.experiments.always_valid import FEWEST_VISITORS, Compared, Sample, compared, sample_ratio
from puls.experiments.experiment import Experiment
from puls.understanding.notices import Notice

Measure = Literal["latency", "failed", "nothing_found", "cost"]
UNEQUAL_BELOW = 0.001  # the usual limit of sample-ratio checks: it is looked at often


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """What must not get worse; more of it is worse. `tau`: the change that matters, in its own unit."""

    tau: float
    fr: str
    en: str
    unit: str


GUARDRAILS: Mapping[Measure, Guardrail] = {
    "latency": Guardrail(
        tau=0.10, fr="durée de la réponse", en="time to answer", unit="natural log of ms"
    ),
    "failed": Guardrail(tau=0.01, fr="réponses en échec", en="failed answers", unit="share"),
    "nothing_found": Guardrail(
        tau=0.03, fr="rien trouvé sur le thème", en="nothing found on theme", unit="share"
    ),
    "cost": Guardrail(tau=0.0001, fr="coût d’une réponse", en="cost of an answer", unit="euros"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmOutcome:
    """What came of one arm: `visitors` who got it, `satisfied` (1 or 0) of those who rated, and each guardrail."""

    arm: str
    visitors: int
    turns: int = 0
    satisfied: Sample = field(default_factory=Sample)
    guardrails: Mapping[Measure, Sample] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmReading:
    """An arm beside the first; None where there is too little to go by."""

    outcome: ArmOutcome
    satisfaction: Compared | None = None
    guardrails: Mapping[Measure, Compared] = field(default_factory=dict)

    @property
    def harmed(self) -> tuple[Measure, ...]:
        """What is surely worse than in the first arm."""
        return tuple(
            name for name, one in self.guardrails.items() if one.is_decided and one.difference > 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The whole experiment. `ratio_chance`: of arms as unequal as these by chance; `verdict` in words for both languages."""

    experiment: str
    alpha: float
    ratio_chance: float
    arms: tuple[ArmReading, ...]
    verdict: Notice


def read(experiment: Experiment, outcomes: Sequence[ArmOutcome]) -> Reading:
    """What can be said now. With more than two arms α is divided among the comparisons."""
    by_name = {one.arm: one for one in outcomes}
    ordered = [by_name.get(a.name, ArmOutcome(arm=a.name, visitors=0)) for a in experiment.arms]
    alpha = experiment.alpha / (len(ordered) - 1)
    chance = sample_ratio([one.visitors for one in ordered])
    if chance < UNEQUAL_BELOW:
        arms = tuple(ArmReading(outcome=one) for one in ordered)
        return _reading(experiment, chance, arms, _UNEQUAL)
    first = ordered[0]
    arms = (
        ArmReading(outcome=first),
        *(_beside(first, one, experiment.effect, alpha) for one in ordered[1:]),
    )
    return _reading(experiment, chance, arms, _verdict(arms))


def _reading(
    experiment: Experiment, chance: float, arms: tuple[ArmReading, ...], verdict: Notice
) -> Reading:
    return Reading(
        experiment=experiment.name,
        alpha=experiment.alpha,
        ratio_chance=chance,
        arms=arms,
        verdict=verdict,
    )


def _beside(first: ArmOutcome, other: ArmOutcome, tau: float, alpha: float) -> ArmReading:
    guardrails = {}
    for name, rail in GUARDRAILS.items():
        pair = first.guardrails.get(name, Sample()), other.guardrails.get(name, Sample())
        if (one := compared(*pair, tau=rail.tau, alpha=alpha)) is not None:
            guardrails[name] = one
    satisfaction = compared(first.satisfied, other.satisfied, tau=tau, alpha=alpha)
    return ArmReading(outcome=other, satisfaction=satisfaction, guardrails=guardrails)


def _verdict(arms: Sequence[ArmReading]) -> Notice:
    """The first of: harm, a decided difference, too few, still open."""
    for one in arms[1:]:
        if one.harmed:
            return _harm(one)
    decided = [one for one in arms[1:] if one.satisfaction and one.satisfaction.is_decided]
    if decided:
        best = max(decided, key=lambda one: one.satisfaction.difference if one.satisfaction else 0)
        return _difference(best)
    if all(one.satisfaction is None for one in arms[1:]):
        return _TOO_FEW
    return _OPEN


def _harm(one: ArmReading) -> Notice:
    fr = ", ".join(GUARDRAILS[name].fr for name in one.harmed)
    en = ", ".join(GUARDRAILS[name].en for name in one.harmed)
    return Notice(
        code="harm",
        fr=f"« {one.outcome.arm} » dégrade : {fr}. Arrêtez l’essai.",
        en=f"“{one.outcome.arm}” makes this worse: {en}. Stop the experiment.",
    )


def _difference(one: ArmReading) -> Notice:
    assert one.satisfaction is not None
    points, arm = 100 * one.satisfaction.difference, one.outcome.arm
    is_better = points > 0
    size = f"{abs(points):.1f}"
    return Notice(
        code="better" if is_better else "worse",
        fr=f"« {arm} » satisfait {'plus' if is_better else 'moins'} : {size.replace('.', ',')} points d’écart, "
        "établi quel que soit le moment de la lecture.",
        en=f"“{arm}” satisfies {'more' if is_better else 'fewer'}: {size} points apart, "
        "established whenever it is read.",
    )


_UNEQUAL = Notice(
    code="unequal_arms",
    fr="Les groupes n’ont pas la taille prévue : la répartition est faussée, rien d’autre n’est lu.",
    en="The arms are not as large as they should be: the split is broken, nothing else is read.",
)
_TOO_FEW = Notice(
    code="too_few",
    fr=f"Moins de {FEWEST_VISITORS} avis par groupe : rien à lire encore.",
    en=f"Fewer than {FEWEST_VISITORS} ratings an arm: nothing to read yet.",
)
_OPEN = Notice(
    code="open",
    fr="Aucun écart établi pour l’instant ; l’essai continue.",
    en="No difference is established so far; the experiment goes on.",
)
