"""How good a ranking is, on judged questions. Pure, but for what is asked of the search.

nDCG@10 uses gain 2^grade - 1 and a log2 discount. Enter at `evaluate` and `summary`.
"""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from puls.evaluation.questions import JudgedQuestion

_TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one question was answered. The three figures are None where nothing is to be recommended."""

    id: str
    expect: str
    ndcg: float | None
    recall: float | None
    reciprocal_rank: float | None
    unjudged: int
    uids: tuple[str, ...] = field(default=())

    @property
    def abstained(self) -> bool:
        return not self.uids


Answerer = Callable[[JudgedQuestion], Awaitable[Sequence[str]]]
"""Gives the uids that are recommended, best first."""


async def evaluate(questions: Sequence[JudgedQuestion], answer: Answerer) -> list[Verdict]:
    return [verdict_of(question, await answer(question)) for question in questions]


def verdict_of(question: JudgedQuestion, uids: Sequence[str]) -> Verdict:
    """How well these uids, best first, answer the question."""
    top = tuple(uids[:_TOP])
    judged = question.relevant.keys() | question.judged_zero
    counts = question.expect == "results"
    return Verdict(
        id=question.id,
        expect=question.expect,
        ndcg=ndcg(top, question.relevant) if counts else None,
        recall=recall(top, question.relevant) if counts else None,
        reciprocal_rank=reciprocal_rank(top, question.relevant) if counts else None,
        unjudged=sum(uid not in judged for uid in top),
        uids=top,
    )


def ndcg(uids: Sequence[str], relevant: Mapping[str, int], *, top: int = _TOP) -> float:
    """Normalised discounted cumulative gain of the first `top`; unjudged events gain nothing."""
    gained = _discounted([relevant.get(uid, 0) for uid in uids[:top]])
    ideal = _discounted(sorted(relevant.values(), reverse=True)[:top])
    return gained / ideal if ideal else 0.0


def _discounted(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def ceiling(fitting: AbstractSet[str], relevant: Mapping[str, int]) -> float:
    """What no ranking can exceed: nDCG of the best one of the events that the filters let through."""
    return ndcg(sorted(relevant.keys() & fitting, key=lambda uid: -relevant[uid]), relevant)


def recall(uids: Sequence[str], relevant: Mapping[str, int], *, top: int = _TOP) -> float:
    """Share of all relevant events among the first `top` (below 1 by nature when there are more than `top`)."""
    return sum(uid in relevant for uid in uids[:top]) / len(relevant) if relevant else 0.0


def reciprocal_rank(uids: Sequence[str], relevant: Mapping[str, int]) -> float:
    return next((1 / rank for rank, uid in enumerate(uids, start=1) if uid in relevant), 0.0)


def summary(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Means over the questions that expect results, and how often nothing was recommended where nothing should be."""
    scored = [verdict for verdict in verdicts if verdict.ndcg is not None]
    empty = [verdict for verdict in verdicts if verdict.expect == "empty"]
    return {
        "ndcg@10": _mean([verdict.ndcg or 0.0 for verdict in scored]),
        "recall@10": _mean([verdict.recall or 0.0 for verdict in scored]),
        "mrr": _mean([verdict.reciprocal_rank or 0.0 for verdict in scored]),
        "unjudged@10": _mean([float(verdict.unjudged) for verdict in scored]),
        "questions": len(scored),
        "abstained_when_empty": _mean([float(verdict.abstained) for verdict in empty]),
        "empty_questions": len(empty),
    }


def _mean(values: Sequence[float]) -> float:
    return round(math.fsum(values) / len(values), 4) if values else 0.0
