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

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from puls.understanding.message import Message
from puls.web_search.asking import ONLY, features_of

SENTENCES = Path("training/web")
OTHERS = Path("training/understanding")
MODEL = Path("src/puls/web_search/asking.json.gz")
_INVERSE_PENALTY = 3.0
_SMALLEST_WEIGHT = 0.02
_EVERY = 2  # of the other messages, so that the asking ones are not drowned
_AVAILABILITY = ("complet", "reste", "annule", "places", "billets", "sold", "left", "tickets")


def examples() -> Iterator[tuple[str, str, str]]:
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
            turn["kind"] == "details" and any(word in Message(turn["say"]).line for word in _AVAILABILITY)
        )
    ]
    for text in messages[::_EVERY]:
        yield "others", text, "none"


def trained(rows: Sequence[tuple[str, str, str]]) -> tuple[DictVectorizer, LogisticRegression]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(features_of(Message(text)), 1.0) for _, text, _ in rows])
    model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=400)
    return vectorizer, model.fit(matrix, [kind for _, _, kind in rows])


def cross_validate(rows: Sequence[tuple[str, str, str]]) -> None:
    for author in sorted({row[0] for row in rows} - {"others"}):
        held = [row for row in rows if row[0] == author]
        vectorizer, model = trained([row for row in rows if row[0] != author])
        said = model.predict(
            vectorizer.transform([dict.fromkeys(features_of(Message(text)), 1.0) for _, text, _ in held])
        )
        right, number = Counter[str](), Counter[str]()
        for (_, _, kind), guess in zip(held, said, strict=True):
            number[kind] += 1
            right[kind] += kind == guess
        print(author, {kind: f"{right[kind]}/{number[kind]}" for kind in sorted(number)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross-validate", action="store_true")
    rows = list(examples())
    if parser.parse_args().cross_validate:
        cross_validate(rows)
        return
    vectorizer, model = trained(rows)
    names, labels = vectorizer.get_feature_names_out(), list(model.classes_)
    weights = {
        str(name): [round(float(value), 3) for value in model.coef_[:, at]]
        for at, name in enumerate(names)
        if np.abs(model.coef_[:, at]).max() >= _SMALLEST_WEIGHT
    }
    data = {"labels": labels, "bias": [round(float(value), 3) for value in model.intercept_], "weights": weights}
    assert ONLY in labels
    with MODEL.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(json.dumps(data, ensure_ascii=False, sort_keys=True).encode())
    print(f"{MODEL}: {len(weights)} features of {len(rows)} messages, {MODEL.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
