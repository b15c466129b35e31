"""Sets of any kind judged in one go: each line of a file says by its form what it is. Enter at `Running.report`."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from puls.errors import InvalidInputError
from puls.evaluation import expressions
from puls.evaluation.cases import Case, Part, Report
from puls.evaluation.judged import ModelJudge
from puls.evaluation.questions import question_of
from puls.evaluation.retrieval import case_of_pair, cases_of_question, is_pair, is_question
from puls.evaluation.talks import Talks, is_conversation
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.search import EventSearch

UNJUDGED = "unjudged"
Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""Where each line stands, for an error, and what it says."""


def read_sets(paths: Sequence[Path]) -> Rows:
    """The lines of JSONL files, in order.

    Raises:
        InvalidInputError: a file is missing, or a line is of no known form.
    """
    return [row for path in paths for row in _lines(path)]


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"Cannot read {path}: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidInputError(f"{where}: no JSON ({error}).") from error
        if not isinstance(row, dict) or _form(row) is None:
            raise InvalidInputError(
                f"{where}: neither a judged question, an expression, a pair nor a conversation (evals/README.md)."
            )
        yield where, row


def _form(row: Mapping[str, Any]) -> str | None:
    forms = {
        "conversation": is_conversation,
        "pair": is_pair,
        "expression": expressions.is_expression,
        "question": is_question,
    }
    return next((name for name, is_this in forms.items() if is_this(row)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What is judged: a search and, for conversations, who holds them (None: conversations are left out).

    `parts`: only these; empty: all. `is_given`: judged questions are searched for by the judges' wish. `judge`: the
    model that `talks` asks, for what it left out.
    """

    search: EventSearch
    gazetteer: Gazetteer
    talks: Talks | None = None
    judge: ModelJudge | None = None
    is_given: bool = False
    parts: frozenset[Part] = frozenset()
    configuration: str = "as usual"
    left_out: "Counter[str]" = field(default_factory=Counter)

    async def report(self, rows: Rows, sets: Sequence[str], *, now: datetime) -> Report:
        """Every line judged, one after the other.

        Raises:
            InvalidInputError: a line lacks something, or two cases have one name.
        """
        began = time.monotonic()
        cases: dict[tuple[str, str], Case] = {}
        for where, row in rows:
            for case in await self._cases(where, row):
                if self.parts and case.part not in self.parts:
                    continue
                if case.key in cases:
                    raise InvalidInputError(f"{where}: {case.id} was there already ({case.part}).")
                cases[case.key] = case
        counted = self.left_out + (self.judge.left_out if self.judge else Counter())
        return Report(
            made_at=now,
            sets=tuple(sets),
            configuration=self.configuration,
            cases=tuple(cases.values()),
            left_out=tuple(f"{count} × {why}" for why, count in sorted(counted.items())),
            seconds=time.monotonic() - began,
        )

    async def _cases(self, where: str, row: Mapping[str, Any]) -> Sequence[Case]:
        try:
            match _form(row):
                case "conversation":
                    return await self._talked(row)
                case "pair":
                    return [await case_of_pair(row, self.search, self.gazetteer)]
                case "expression":
                    return [expressions.case_of(row, self.gazetteer)]
                case _:
                    return await self._asked(row)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidInputError(f"{where}: cannot be judged ({error!r}).") from error

    async def _talked(self, row: Mapping[str, Any]) -> Sequence[Case]:
        if self.talks is None:
            self.left_out["conversations: nobody to hold them"] += 1
            return []
        return await self.talks.cases(row)

    async def _asked(self, row: Mapping[str, Any]) -> Sequence[Case]:
        if row["expect"] == UNJUDGED:
            self.left_out["questions of bad thumbs that wait for a judgement"] += 1
            return []
        question = question_of(row)
        return await cases_of_question(
            question, self.search, self.gazetteer, is_given=self.is_given
        )
