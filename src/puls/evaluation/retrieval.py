"""Judged questions and pairs as cases: what is understood of a question, what is found, and whether « nothing » is rightly said.

Asks the real search, each question at its own frozen moment. Formats: evals/README.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from puls.evaluation import expressions
from puls.evaluation.cases import Case
from puls.evaluation.questions import JudgedQuestion, given_wish, question_of, understood_wish
from puls.evaluation.ranked import Verdict, ceiling, verdict_of
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.search import EventSearch
from puls.retrieval.theme import Match

_WITHOUT_EVENTS = frozenset({"empty", "out_of_scope", "cannot"})
_VAGUE = timedelta(days=7)
_VAGUE_TOLERANCE_MIN = 4 * 24 * 60  # « début octobre » begins and ends where each judge likes
_SHOWN = 10


def is_pair(row: Mapping[str, Any]) -> bool:
    """Whether a line of a set is a wish with what the catalogue has of it."""
    return "has" in row and "wish" in row


def is_question(row: Mapping[str, Any]) -> bool:
    """Whether a line of a set is a judged question."""
    return "expect" in row and "text" in row


async def cases_of_question(
    question: JudgedQuestion, search: EventSearch, gazetteer: Gazetteer, *, is_given: bool = False
) -> list[Case]:
    """What is understood of it, and what is found. `is_given`: search for the judges' wish, not for the words."""
    cases = []
    if is_given:
        wish = given_wish(question, gazetteer) if question.expect in {"results", "empty"} else None
    else:
        wish = understood_wish(question, gazetteer)
        cases.append(understood_case(question, gazetteer))
    uids: Sequence[str] = ()
    best: float | None = None
    if wish is not None:
        if question.expect == "results":
            fitting = await search.fitting_uids(wish, now=question.now)
            best = ceiling(fitting, question.relevant)
        found = await search.find(wish, now=question.now, limit=_SHOWN)
        is_on_theme = found.match is not Match.NOTHING
        uids = [one.event.uid for one in found.events] if is_on_theme or not wish.topic else []
        if not is_on_theme and question.expect == "results":
            uids = [one.event.uid for one in found.events]  # marked as near; it still is a ranking
    cases.append(_retrieval_case(question, verdict_of(question, uids), best))
    return cases


def understood_case(question: JudgedQuestion, gazetteer: Gazetteer) -> Case:
    """The question as an expression: the same fields, judged by the same rules."""
    given = dict(question.wish)
    when = given.get("when")
    position = question.position
    row: dict[str, Any] = {
        **{name: given.get(name) for name in ("where", "free", "max_price", "ages", "online")},
        **{name: given.get(name) for name in ("wheelchair", "hearing")},
        "id": question.id,
        "now": question.now.isoformat(),
        "text": question.text,
        "history": question.history,
        "language": question.language,
        "position": {"lat": position.lat, "lon": position.lon} if position else None,
        "when": [when] if when else None,
        "when_tolerance_min": _VAGUE_TOLERANCE_MIN if when and _is_vague(when) else None,
        "kind": question.expect if question.expect in {"out_of_scope", "cannot"} else "search",
        "also": {"kind": ["refine", "plan"]} if question.expect in {"results", "empty"} else {},
        "tags": question.tags,
    }
    return expressions.case_of(row, gazetteer)


def _is_vague(when: Sequence[str]) -> bool:
    start, end = (datetime.fromisoformat(each) for each in when)
    return end - start >= _VAGUE


def _retrieval_case(question: JudgedQuestion, verdict: Verdict, best: float | None) -> Case:
    """`best`: what no ranking of what the filters let through can exceed."""
    figures: dict[str, float] = {}
    if verdict.ndcg is not None:
        figures = {
            "ndcg@10": verdict.ndcg,
            "recall@10": verdict.recall or 0.0,
            "reciprocal_rank": verdict.reciprocal_rank or 0.0,
        } | ({} if best is None else {"ceiling_of_filters": best})
    elif question.expect in _WITHOUT_EVENTS:
        figures = {"abstained": float(verdict.abstained)}
    grades = ", ".join(f"{uid}:{question.relevant.get(uid, '–')}" for uid in verdict.uids)
    return Case(
        id=question.id,
        part="retrieval",
        text=question.text,
        figures=figures,
        seen={"expects": question.expect, "found": grades, "unjudged": str(verdict.unjudged)},
        tags=question.tags,
    )


async def case_of_pair(row: Mapping[str, Any], search: EventSearch, gazetteer: Gazetteer) -> Case:
    """Whether « nothing on this theme » is said exactly when it is true, and an answer is among ten shown."""
    question = question_of({**row, "text": "", "expect": "results"})
    wish = given_wish(question, gazetteer)
    found = await search.find(wish, now=question.now, limit=_SHOWN)
    says_nothing = found.match is Match.NOTHING
    figures = {"none_said" if not row["has"] else "found": float(says_nothing != row["has"])}
    shown = {one.event.uid for one in found.events}
    if row["has"] and row.get("answers"):
        figures["answer_shown"] = float(bool(shown & set(row["answers"])))
    return Case(
        id=str(row["id"]),
        part="themes",
        text=wish.topic,
        figures=figures,
        seen={"has": str(row["has"]), "said": found.match.value},
        tags=tuple(row.get("tags") or ()),
    )
