"""The learned judgements: what each unit of a message is for, and what kind of message it is. Pure.

Linear models, made by `scripts/train_understanding.py` from the sentences in `training/understanding`: a chain of labels over units (a conditional random
field), one label for the message (a logistic regression), and another of it from the message's vector, for whoever has one. Their weights are the data file beside this module; reading them is all that happens here.
Dates, places, prices and ages are never learned: a label only says whether what was computed is meant. Enter at `judgement`.
"""

import gzip
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Any

import orjson

"""O: says nothing. T: theme. X: a theme left out. U: a reading that is meant. N: left out. D: taken back. I: of a story, not meant."""

_MODEL = "model.json.gz"


@dataclass(frozen=True, slots=True)
class _Weights:
    labels: Sequence[str]
    by_feature: dict[str, Sequence[tuple[int, float]]]
    transitions: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`of_vector`: for each label its weight of each dimension, after `mean` is taken away; `weights`: of features beside it."""

    mean: Sequence[float]
    of_vector: Sequence[Sequence[float]]
    weights: _Weights


@cache
def _weights() -> tuple[_Weights, _Weights, _Meaning]:
    """Of the chain, of the message, and of its vector."""
    data = orjson.loads(
        gzip.decompress(files("puls.understanding.judging").joinpath(_MODEL).read_bytes())
    )
    meaning = data["meaning"]
    return (
        _read(data["units"]),
        _read(data["message"]),
        _Meaning(meaning["mean"], meaning["vector"], _read(meaning)),
    )


def _read(data: dict[str, Any]) -> _Weights:
    by_feature: dict[str, Sequence[tuple[int, float]]] = {
        name: [(int(at), value) for at, value in zip(pairs[::2], pairs[1::2], strict=True)]
        for name, pairs in data["weights"].items()
    }
    return _Weights(data["labels"], by_feature, data["transitions"])


def _scores(weights: _Weights, features: Sequence[str]) -> list[float]:
    scores = [0.0] * len(weights.labels)
    known = weights.by_feature
    for name in features:
        for at, value in known.get(name, ()):
            scores[at] += value
    return scores


def label_chances(features: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """For each unit the chance of each label, by the forward and backward sums of the chain."""
    weights, _, _ = _weights()
    if not features:
        return []
    scores = [_scores(weights, each) for each in features]
    moves = weights.transitions
    count = len(weights.labels)
    forward = [scores[0]]
    for each in scores[1:]:
        before = forward[-1]
        forward.append(
            [
                each[to] + _log_sum([before[come] + moves[come][to] for come in range(count)])
                for to in range(count)
            ]
        )
    backward = [[0.0] * count]
    for at in range(len(scores) - 1, 0, -1):
        after, step = backward[0], scores[at]
        backward.insert(
            0,
            [
                _log_sum([moves[come][to] + step[to] + after[to] for to in range(count)])
                for come in range(count)
            ],
        )
    total = _log_sum(forward[-1])
    return [
        {
            label: math.exp(forward[at][place] + backward[at][place] - total)
            for place, label in enumerate(weights.labels)
        }
        for at in range(len(scores))
    ]


def kind_chances(
    features: Sequence[str], meaning: Sequence[float] | None = None
) -> dict[str, float]:
    """The chance of each kind of message; `meaning`: its unit vector by the default embedding, which tells what the words alone do not."""
    _, weights, vectors = _weights()
    scores = _log_chances(_scores(weights, features))
    if meaning is not None and len(meaning) == len(vectors.mean):
        scores = _log_chances(
            [
                a + b
                for a, b in zip(
                    scores, _log_chances(_meant(vectors, features, meaning)), strict=True
                )
            ]
        )
    return {label: math.exp(score) for label, score in zip(weights.labels, scores, strict=True)}


def _meant(vectors: _Meaning, features: Sequence[str], meaning: Sequence[float]) -> list[float]:
    centred = [value - mean for value, mean in zip(meaning, vectors.mean, strict=True)]
    length = math.sqrt(math.fsum(value * value for value in centred)) or 1.0
    beside = _scores(vectors.weights, features)
    return [
        sum(map(mul, weights, centred)) / length + score
        for weights, score in zip(vectors.of_vector, beside, strict=True)
    ]


def _log_chances(scores: Sequence[float]) -> list[float]:
    total = _log_sum(scores)
    return [score - total for score in scores]


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
