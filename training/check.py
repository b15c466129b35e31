"""`python training/check.py FILE`: checks the format of a file of conversations; prints what is wrong, then counts."""

import collections
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_KINDS = frozenset(
    "search change more details compare plan greeting thanks out_of_scope cannot help reset yes no distress insult about_me unclear".split()
)
_LISTS = "theme without when when_not where where_not price ages access other".split()
_DROPS = frozenset("theme without when where price ages access all".split())


def problems_of(turn: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one message."""
    said = turn.get("say", "")
    if not said:
        yield "no say"
        return
    if turn.get("kind") not in _KINDS:
        yield f"kind {turn.get('kind')!r}"
    if unknown := set(turn) - {"say", "kind", "puls", "drop", "ref", *_LISTS}:
        yield f"unknown keys {unknown}"
    for key in _LISTS:
        for phrase in turn.get(key, []):
            if phrase not in said:
                yield f"{key} phrase not verbatim in the message: {phrase!r} / {said!r}"
    for field in turn.get("drop", []):
        if field not in _DROPS:
            yield f"drop {field!r}"


def main(path: Path) -> None:
    kinds: collections.Counter[str] = collections.Counter()
    seen: set[str] = set()
    bad = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        conversation = json.loads(line)
        turns = conversation.get("turns", [])
        found = [problem for turn in turns for problem in problems_of(turn)]
        if unknown := set(conversation) - {"turns", "now", "note", "about"}:
            found.append(f"unknown keys {unknown}")
        key = json.dumps([turn.get("say") for turn in turns])
        if key in seen:
            found.append("said twice")
        seen.add(key)
        kinds.update(turn.get("kind") for turn in turns)
        bad += len(found)
        for problem in found:
            print(f"line {number}: {problem}")
    print(
        sum(kinds.values()),
        "messages in",
        len(seen),
        "conversations;",
        bad,
        "problems;",
        dict(kinds),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
