"""Our own small judged set on the sample catalogue: what CI can run anywhere. `make smoke`.

Fails when the answers fall below floors that a sound build clears easily: it guards against breakage, and is no score.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from puls.bootstrap import open_puls
from puls.evaluation import evaluate, given_wish, read_questions, summary, understood_wish
from puls.ingestion.sample.source import SampleSource
from puls.settings import Settings

QUESTIONS = Path(__file__).with_name("sample_questions.jsonl")
FLOORS = {"given wish": 0.75, "own words": 0.65}


async def main() -> int:
    questions = read_questions(QUESTIONS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 # the embedded server runs as a user of its own when we are root
        settings = Settings(home=Path(folder) / "home", database_url=None, log_level="WARNING")
        async with open_puls(settings) as puls:
            day = questions[0].now
            await puls.ingestion.run(SampleSource(today=day.date()), now=day)
            await puls.catalogue.count_words()
            await puls.index.build(now=lambda: datetime.now(UTC))
            failed = False
            for name, floor in FLOORS.items():

                async def answer(question, name=name):
                    if name == "given wish":
                        wish = given_wish(question, puls.gazetteer)
                    else:
                        wish = understood_wish(question, puls.gazetteer)
                    if wish is None:
                        return []
                    found = await puls.search.find(wish, now=question.now)
                    return [one.event.uid for one in found.events]

                verdicts = await evaluate(questions, answer)
                figures = summary(verdicts)
                failed = failed or figures["ndcg@10"] < floor
                print(name, figures, f"(floor {floor})")
    return int(failed)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
