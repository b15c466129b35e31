"""The committed cases of memory: what is said, agreed to, withdrawn, outlived and erased, and what then is remembered.

Each case plays a visitor from message to message through the database, and comes back in another session (`then`).
"""

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.conversation.conftest import outcome, request
from tests.scanning import traces
from tests.serving import NOW

from puls.conversation.keeping.memory import Conversations
from puls.conversation.keeping.personal_data import PersonalData
from puls.conversation.preferences.phrases import words_of
from puls.conversation.preferences.reading import read_preferences
from puls.conversation.preferences.store import Preferences
from puls.conversation.preferences.use import applied
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.understanding.question import understand

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("memory_cases.jsonl").read_text("utf-8").splitlines()
]


class Play:
    """One visitor and what happens to them."""

    def __init__(self, database: Database, url: str, gazetteer: Gazetteer) -> None:
        self._url, self._gazetteer = url, gazetteer
        self._conversations = Conversations(database)
        self._preferences = Preferences(database)
        self._personal_data = PersonalData(database)
        self._visitor = Visitor(id=uuid4())
        self._said: list[str] = []
        self._now: datetime = NOW

    async def run(self, case: dict[str, Any]) -> dict[str, Any]:
        """What is remembered at the end, in the shape of the case's own expectations."""
        await self._agree(case.get("consents", ["preferences", "accessibility"]))
        for text in case.get("say", []):
            await self._say(text)
        await self._like(case.get("likes", []))
        for purpose in case.get("withdraw", []):
            await self._preferences.withdraw(self._visitor, purpose, now=self._now)
        await self._agree(case.get("agree_again", []))
        self._now += timedelta(days=case.get("days_later", 0))
        for text in case.get("say_after", []):
            await self._say(text)
        self._now += timedelta(days=case.get("days_more", 0))
        if case.get("sweep"):
            await self._personal_data.sweep(now=self._now, keep=timedelta(days=30))
        if case.get("erase"):
            await self._personal_data.erase(self._visitor.id)
        result = await self._remembered(case)
        if case.get("erase"):
            result["traces"] = traces(
                self._url, [str(self._visitor.id), self._visitor.id.hex, *self._said]
            )
        return result

    async def _agree(self, purposes: list[Any]) -> None:
        for purpose in purposes:
            await self._preferences.agree(self._visitor, purpose, now=self._now)

    async def _say(self, text: str) -> None:
        self._said.append(text)
        begun = await self._conversations.begin(self._visitor, request(text), now=self._now)
        statements = read_preferences(text, gazetteer=self._gazetteer)
        await self._preferences.remember(
            self._visitor.id, statements, now=self._now, source_turn=begun.turn.id
        )
        await self._conversations.finish(
            self._visitor.id, begun.turn.id, replace(outcome(), answer=text), now=self._now
        )

    async def _like(self, categories: list[str]) -> None:
        for number, category in enumerate(categories):
            begun = await self._conversations.begin(self._visitor, request("idées"), now=self._now)
            await self._conversations.finish(
                self._visitor.id, begun.turn.id, outcome(shown=(f"liked-{number}",)), now=self._now
            )
            await self._conversations.rate(
                self._visitor.id,
                begun.turn.id,
                thumb="up",
                uid=f"liked-{number}",
                category=category,
                now=self._now,
            )
            await self._preferences.learn_from_likes(self._visitor.id, now=self._now)

    async def _remembered(self, case: dict[str, Any]) -> dict[str, Any]:
        profile = await self._preferences.profile(self._visitor.id, now=self._now)
        result: dict[str, Any] = {
            "kept": sorted(words_of(each.value)[0] for each in profile.preferences)
        }
        if "then" in case:
            understood = understand(case["then"], now=self._now, gazetteer=self._gazetteer)
            wish, notices = applied(
                understood.wish,
                profile.preferences,
                text=case["then"],
                now=self._now,
                said={span.kind for span in understood.matched},
            )
            result["wish"] = {name: _plain(getattr(wish, name)) for name in case["wish"]}
            result["told"] = [notice.code for notice in notices]
        return result


def _plain(value: Any) -> Any:
    if hasattr(value, "label"):
        return value.label
    return sorted(value) if isinstance(value, (tuple, frozenset)) else value


def expected(case: dict[str, Any]) -> dict[str, Any]:
    result = {name: case[name] for name in ("kept", "wish", "told") if name in case}
    result["kept"] = sorted(result["kept"])
    return result | ({"traces": []} if case.get("erase") else {})


async def test_every_case_is_remembered_as_it_should_be(
    database: Database,
    database_url: str,
    gazetteer: Gazetteer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The pass rate of each kind is printed; anything below all is a failure."""
    passed: Counter[str] = Counter()
    wrong = []
    for case in CASES:
        got = await Play(database, database_url, gazetteer).run(case)
        if got == expected(case):
            passed[case["kind"]] += 1
        else:
            wrong.append((case, got))
    rates = [
        f"memory, {kind}: {passed[kind]} of {cases} ({passed[kind] / cases:.0%})"
        for kind, cases in Counter(case["kind"] for case in CASES).items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *rates, ""]))
    assert wrong == []
    assert len(CASES) >= 60
