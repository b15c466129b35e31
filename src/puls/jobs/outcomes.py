"""How a run of a job ends, each with a sentence for an operator. Pure."""

import traceback
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from puls.errors import PulsError


class Outcome(StrEnum):
    """How a run ended. `LOST`: its worker was killed; `HANDED_BACK`: its worker stopped in good order."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    POSTPONED = "postponed"
    HANDED_BACK = "handed_back"
    CANCELLED = "cancelled"
    LOST = "lost"


class Postponed(Exception):  # noqa: N818 - no error: it will be done
    """The job cannot be done at this moment and nothing of it was begun; ask again after `wait`."""

    def __init__(self, sentence: str, *, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


class Again(Exception):  # noqa: N818 - the way a run tells the queue
    """Put the job back into the queue for a moment from now."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"again in {wait}")
        self.wait = wait


class TimedOutError(PulsError):
    """A job took longer than its kind may; what it had begun was stopped."""

    code = "job_timed_out"


def sentence_of(error: BaseException) -> str:
    """A failure as one sentence. Of what nobody foresaw only its kind and place: its words may hold what a visitor said."""
    if isinstance(error, PulsError | Postponed):
        return " ".join(str(error).split())[:1_000] or type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"It stopped for a reason that Puls does not know ({type(error).__name__}{where})."
