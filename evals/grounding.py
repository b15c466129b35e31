"""Sixty questions asked of a real model through the whole Assistant: what it claims, and what of it a visitor reads.

    python -m evals.grounding --base-url http://127.0.0.1:8081/v1 [--client openai|mistral] [--first N] [--out FILE]

`make eval-model` does it for both clients. The rate before the check is the share of the model's own claims that the
records bear out; after it, everything that is read is looked at again by `evals.reading`, which shares no code with the
check. Fails when anything read is not borne out. `--out` keeps every answer, to be read by a person.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from evals.reading import unfounded
from evals.talking import MOMENT, Talk, Told, Writer, on_the_sample, rows_of, talking
from puls.conversation.turn import Checking, Usage
from puls.conversation.turn_state import COMPOSER
from puls.geo.distance import Coordinates
from puls.identity.visitor import Visitor

_STRIDE = 7  # through the sixty, so that a run cut short says something of every kind
QUESTIONS = Path(__file__).with_name("grounding_questions.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One question answered, and what the second reader says of it."""

    question: dict[str, Any]
    told: Told
    unfounded: list[str]

    @property
    def is_by_model(self) -> bool:
        return self.told.writer != COMPOSER

    @property
    def fell_back(self) -> bool:
        return self.told.model_said is not None and not self.is_by_model

    @property
    def why_composer(self) -> str:
        """Why the composer wrote it."""
        if self.is_by_model:
            return "no"
        if self.told.model_said is None:
            return "nothing found" if not self.told.events else "no model needed"
        return (
            "the model said nothing"
            if not self.told.model_said
            else "no sentence of the model could be kept"
        )


async def asked(
    talk: Talk,
    question: dict[str, Any],
    rows: dict[str, Any],
    *,
    limit: int | None,
    by: Writer,
    kept: dict[str, Any] | None,
) -> Verdict:
    """One question, after the message before it when there is one."""
    before, told = await _told(talk, question, limit, by, kept["model_said"] if kept else "")
    if kept:
        told = replace(
            told,
            seconds=kept["seconds"],
            first_text_seconds=kept["first_text_seconds"],
            usage=Usage(**kept["usage"]) if kept.get("usage") else told.usage,
        )
    if told.model_said and told.writer == COMPOSER:  # what the composer said is not the model's
        _, by_composer = await _told(talk, question, limit, "composer", "")
        told = replace(told, checking=_without(told.checking, by_composer.checking))
    ours_before = before.ours if before else ()
    asked_words = [question["text"], question["before"] or "", *ours_before, *told.ours, *told.rest]
    known = [
        *told.events,
        *(before.events if before else ()),
    ]  # « la 3 » speaks of what was shown before
    return Verdict(
        question=question,
        told=told,
        unfounded=unfounded(
            told.answer,
            shown=list(dict.fromkeys(one.event.uid for one in known)),
            rows=rows,
            distances={one.event.uid: one.distance_km for one in reversed(known)},
            asked=" \n ".join(asked_words),
            counted=told.counted,
            now=MOMENT,
        ),
    )


async def _told(
    talk: Talk, question: dict[str, Any], limit: int | None, by: Writer, kept: str
) -> tuple[Told | None, Told]:
    """The answer to the message before, if there is one, and the answer; by a visitor of its own."""
    visitor, conversation_id = Visitor(id=uuid4()), None
    place = question["position"]
    before = None
    if question["before"]:
        before = await talk.ask(question["before"], visitor=visitor, by="composer")
        conversation_id = before.conversation_id
    told = await talk.ask(
        question["text"],
        visitor=visitor,
        conversation_id=conversation_id,
        position=Coordinates(place["lat"], place["lon"]) if place else None,
        limit=limit,
        by=by,
        kept=kept,
    )
    return before, told


def _without(all_of: Checking, part: Checking) -> Checking:
    one, other = asdict(all_of), asdict(part)
    return Checking(**{name: one[name] - other[name] for name in one})


def summary(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The figures of the acceptance."""
    by_model = [one for one in verdicts if one.told.model_said is not None]
    checks = [one.told.checking for one in by_model if one.told.model_said]
    claims = sum(one.claims for one in checks)
    usages = [one.told.usage for one in by_model if one.told.usage is not None]
    costs = [one.cost_eur for one in usages]
    kept = sum(one.sentences - one.rewritten - one.dropped for one in checks)
    return {
        "questions": len(verdicts),
        "asked of the model": len(by_model),
        "written by the model": sum(one.is_by_model for one in verdicts),
        "written by the composer": dict(
            Counter(one.why_composer for one in verdicts if not one.is_by_model)
        ),
        "claims of the model": claims,
        "grounded before": round(sum(one.grounded_claims for one in checks) / claims, 4)
        if claims
        else None,
        "sentences kept": kept,
        "sentences rewritten": sum(one.rewritten for one in checks),
        "sentences dropped": sum(one.dropped for one in checks),
        "answers all grounded after": round(
            sum(not one.unfounded for one in verdicts) / len(verdicts), 4
        ),
        "failed": sum(one.told.failure is not None for one in verdicts),
        "first text s p50/p95": _spread([one.told.first_text_seconds for one in by_model]),
        "whole answer s p50/p95": _spread([one.told.seconds for one in by_model]),
        "tokens in/out": (
            sum(one.tokens_in for one in usages),
            sum(one.tokens_out for one in usages),
        ),
        "cost €": None if None in costs else sum(cost for cost in costs if cost),
        "load": os.getloadavg()[0],
    }


def _spread(seconds: Sequence[float | None]) -> tuple[float, float] | None:
    known = sorted(one for one in seconds if one is not None)
    if len(known) < 2:  # nothing to spread
        return None
    return round(statistics.median(known), 1), round(known[int(0.95 * (len(known) - 1))], 1)


async def main(arguments: argparse.Namespace) -> int:
    questions = [
        json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()
    ]  # a script
    if arguments.first:
        questions = questions[:: max(1, len(questions) // arguments.first)][: arguments.first]
    questions = [questions[_STRIDE * at % len(questions)] for at in range(len(questions))]
    kept: dict[str, Any] = {}
    if arguments.replay:
        lines = arguments.replay.read_text(encoding="utf-8").splitlines()
        kept = {one["question"]["id"]: one for one in map(json.loads, lines) if one["model_said"]}
        if not arguments.base_url:
            questions = [one for one in questions if one["id"] in kept]
    by: Writer = "model" if arguments.base_url or kept else "composer"
    verdicts: list[Verdict] = []
    async with (
        on_the_sample() as puls,
        talking(puls, base_url=arguments.base_url, client=arguments.client) as talk,
    ):
        rows = await rows_of(puls)
        for question in questions:
            verdict = await asked(
                talk, question, rows, limit=arguments.events, by=by, kept=kept.get(question["id"])
            )
            verdicts.append(verdict)
            mark = "FALSE" if verdict.unfounded else "ok"
            print(
                f"{question['id']} {verdict.told.seconds:5.1f} s {verdict.told.writer:14} {mark} {question['text']}",
                flush=True,
            )
            for one in verdict.unfounded:
                print(f"      {one}")
            if arguments.out:
                _keep(arguments.out, verdict)
    for name, value in summary(verdicts).items():
        print(f"{name}: {value}")
    return int(any(one.unfounded or one.told.failure for one in verdicts))


def _keep(path: Path, verdict: Verdict) -> None:
    told = verdict.told
    line = {
        "question": verdict.question,
        "model_said": told.model_said,
        "answer": told.answer,
        "writer": told.writer,
        "checking": asdict(told.checking),
        "unfounded": verdict.unfounded,
        "events": [one.event.title for one in told.events],
        "usage": asdict(told.usage) if told.usage else None,
        "seconds": told.seconds,
        "first_text_seconds": told.first_text_seconds,
    }
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--base-url", help="an OpenAI-compatible server; the composer alone when left out"
    )
    parser.add_argument("--client", choices=("openai", "mistral"), default="openai")
    parser.add_argument(
        "--first", type=int, default=0, help="only so many of the questions, spread over the kinds"
    )
    parser.add_argument(
        "--events", type=int, help="at most so many events a question, for a slow model"
    )
    parser.add_argument(
        "--replay",
        type=Path,
        help="an earlier --out: what its model said is checked again; with --base-url the rest is asked",
    )
    parser.add_argument(
        "--out", type=Path, help="where to keep every answer, one JSON object a line"
    )
    sys.exit(asyncio.run(main(parser.parse_args())))
