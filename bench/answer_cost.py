"""What an answer costs, read from the ledger of a real run: `python -m bench.answer_cost [--base-url URL --model-questions N --seconds S]`.

Asks every question of `evals` (grounding, sample, expressions) once through the whole Assistant over the sample catalogue,
without a model: processor time, share of answers for which a model would write, and the prompt that it would have read. With
`--base-url` a real model answers N of the grounding questions through the gateway, and the ledger's rows are read back.
Prompts and words are counted by Mistral's own tokenizer (`mistral-common`, a package of the bench alone) where
`--tokenizer PYTHON` names an interpreter that has it. Prints JSON; `study/measured.yaml` keeps what the day's run said.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from evals.talking import on_the_sample, talking

from puls.costs.ledger import UsageLedger
from puls.identity.visitor import Visitor

_EVALS = Path(__file__).parent.parent / "evals"
_SETS = ("grounding_questions.jsonl", "sample_questions.jsonl", "expressions_sample.jsonl")
_COUNT = """
import json, sys
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
from importlib.resources import files
tokenizer = MistralTokenizer.from_file(str(files("mistral_common").joinpath("data/tekken_240911.json"))).instruct_tokenizer.tokenizer
for line in sys.stdin:
    print(len(tokenizer.encode(json.loads(line), bos=False, eos=False)))
"""


def questions_of(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def tokens_of(texts: list[str], python: str) -> list[int]:
    """How many tokens Mistral's tokenizer makes of each."""
    given = "\n".join(json.dumps(text) for text in texts)
    counted = subprocess.run(  # the interpreter that was named
        [python, "-c", _COUNT], input=given, capture_output=True, text=True, check=True, timeout=300
    )
    return [int(line) for line in counted.stdout.split()]


def spread(values: list[int]) -> dict[str, float]:
    values = sorted(values)
    return {
        "mean": round(statistics.mean(values), 1),
        "p50": values[len(values) // 2],
        "p95": values[int(0.95 * (len(values) - 1))],
    }


async def without_a_model(puls, texts, python):
    """Every question, its words by the composer; then the prompts that a model would have been given."""
    async with talking(puls, base_url=None, client="openai") as talk:
        for text in texts[:5]:  # warms what is read once
            await talk.ask(text, visitor=Visitor(id=uuid4()), by="composer")
        began, spent = time.perf_counter(), time.process_time()
        told = [await talk.ask(text, visitor=Visitor(id=uuid4()), by="composer") for text in texts]
        seconds, spent = time.perf_counter() - began, time.process_time() - spent
        for text, one in zip(texts, told, strict=True):
            await talk.ask(
                text, visitor=Visitor(id=uuid4()), by="model", kept=one.answer or "Bonjour."
            )
    prompts = talk.overheard.prompts
    systems = [one.system for one in prompts]
    users = ["\n".join(message.text for message in one.messages) for one in prompts]
    figures = {
        "questions": len(texts),
        "failed": sum(one.failure is not None for one in told),
        "seconds": round(seconds, 2),
        "python_cpu_ms_per_answer": round(spent / len(texts) * 1e3, 1),
        "model_would_write_share": round(len(prompts) / len(texts), 4),
    }
    if python:
        system = tokens_of(systems, python)
        user = tokens_of(users, python)
        both = [one + other for one, other in zip(system, user, strict=True)]
        figures["prompt_tokens"] = spread(both)
        figures["stable_prefix_tokens"] = spread(system)
        figures["composer_answer_tokens"] = spread(
            tokens_of([one.answer for one in told if one.answer], python)
        )
    return figures


async def with_a_model(puls, texts, arguments):
    """A real model through the gateway: what the ledger holds afterwards."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    said, asked = [], 0
    until = time.monotonic() + arguments.seconds
    async with talking(puls, base_url=arguments.base_url, client=arguments.client) as talk:
        for text in texts:
            if time.monotonic() > until:
                break
            asked += 1
            told = await talk.ask(text, visitor=Visitor(id=uuid4()))
            if told.model_said:
                said.append(told.model_said)
            print(f"{told.seconds:6.1f} s {told.writer} {text}", file=sys.stderr, flush=True)
    prompts = [
        one.system + "\n" + "\n".join(message.text for message in one.messages)
        for one in talk.overheard.prompts
    ]
    rows = await UsageLedger(puls.database).by_model(
        since=since, until=datetime(2100, 1, 1, tzinfo=UTC)
    )
    figures = {"questions": asked, "ledger": [dict(row) for row in rows]}
    if arguments.tokenizer and said:
        figures["mistral_tokens_in"] = sum(tokens_of(prompts, arguments.tokenizer))
        figures["mistral_tokens_out"] = sum(tokens_of(said, arguments.tokenizer))
        figures["mistral_tokens_out_per_answer"] = spread(tokens_of(said, arguments.tokenizer))
    return figures


async def main(arguments: argparse.Namespace) -> int:
    texts = [text for name in _SETS for text in questions_of(_EVALS / name)]
    grounding = questions_of(_EVALS / _SETS[0])
    report = {
        "command": "python -m bench.answer_cost " + " ".join(sys.argv[1:]),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load_before": round(os.getloadavg()[0], 1),
    }
    async with on_the_sample() as puls:
        if not arguments.model_alone:
            report["without_a_model"] = await without_a_model(puls, texts, arguments.tokenizer)
        if arguments.base_url:
            stride = max(1, len(grounding) // arguments.model_questions)
            report["with_a_model"] = await with_a_model(
                puls, grounding[::stride][: arguments.model_questions], arguments
            )
    report["load_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(report, indent=2, ensure_ascii=False, default=float))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url")
    parser.add_argument("--client", default="openai", choices=("openai", "mistral"))
    parser.add_argument("--model-questions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3600, help="no question is begun after")
    parser.add_argument("--model-alone", action="store_true")
    parser.add_argument("--tokenizer", help="a Python that has mistral-common")
    sys.exit(asyncio.run(main(parser.parse_args())))
