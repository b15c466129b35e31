"""`puls evaluate FILE`: judge the answers of the present catalogue."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from puls.bootstrap import Puls
from puls.cli.output import AsJson, console, print_json, run
from puls.evaluation import (
    JudgedQuestion,
    Verdict,
    ceiling,
    given_wish,
    read_questions,
    summary,
    understood_wish,
)
from puls.evaluation import evaluate as judge


def evaluate(
    file: Annotated[Path, typer.Argument(help="Judged questions, one JSON object a line.")],
    *,
    use_given_wish: Annotated[
        bool,
        typer.Option("--given-wish", help="Filter and rank by the judges' wish, not by the words."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """nDCG@10, recall@10 and MRR on judged questions, each asked at its own frozen moment.

    `ceiling_of_filters` is the nDCG@10 that a perfect ranking of what the filters let through would reach.
    """
    questions = read_questions(file)

    async def work(puls: Puls) -> tuple[list[Verdict], float]:
        ceilings = []

        async def answer(question: JudgedQuestion) -> list[str]:
            if use_given_wish:
                wish = given_wish(question, puls.gazetteer)
            else:
                understood = understood_wish(question, puls.gazetteer)
                if understood is None:
                    return []
                wish = understood
            if question.expect == "results":
                fitting = await puls.search.fitting_uids(wish, now=question.now)
                ceilings.append(ceiling(fitting, question.relevant))
            found = await puls.search.find(wish, now=question.now, limit=10)
            return [one.event.uid for one in found.events]

        asked = [
            question
            for question in questions
            if not use_given_wish or question.expect in {"results", "empty"}
        ]
        verdicts = await judge(asked, answer)
        scored = sum(verdict.ndcg is not None for verdict in verdicts)
        return verdicts, round(math.fsum(ceilings) / scored, 4) if scored else 0.0

    verdicts, of_filters = run(work)
    metrics = summary(verdicts) | {"ceiling_of_filters": of_filters}
    if as_json:
        print_json({"metrics": metrics, "questions": [_row(one) for one in verdicts]})
        return
    table = Table("question", "expects", "nDCG@10", "recall@10", "RR", "unjudged")
    for verdict in verdicts:
        table.add_row(
            verdict.id,
            verdict.expect,
            *(
                "" if figure is None else f"{figure:.3f}"
                for figure in (verdict.ndcg, verdict.recall, verdict.reciprocal_rank)
            ),
            str(verdict.unjudged),
        )
    console.print(table)
    for name, figure in metrics.items():
        console.print(f"{name}: {figure:g}")


def _row(verdict: Verdict) -> dict[str, Any]:
    row = asdict(verdict)
    return {
        "id": row["id"],
        "expect": row["expect"],
        "ndcg@10": row["ndcg"],
        "recall@10": row["recall"],
        "reciprocal_rank": row["reciprocal_rank"],
        "unjudged@10": row["unjudged"],
        "uids": row["uids"],
    }
