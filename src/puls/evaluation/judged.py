"""A model's opinion of an answer: is it faithful to the records it was made of, and relevant to what was asked?

Asked through the gateway under the purpose `judge`, so with its limits, budget and ledger. What the model says is parsed
into a typed value; what is no such value is left out and counted, never guessed. Enter at `ModelJudge.case`.
"""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import aclosing
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from puls import phrasing
from puls.conversation.variants import Models
from puls.evaluation.cases import Case
from puls.evaluation.talks import Told
from puls.llm.accounts import Unavailable
from puls.llm.chat import Message, Prompt
from puls.llm.gateway import ModelInterruptedError, ModelUnavailableError
from puls.retrieval.ranking import FoundEvent

VERSION = 1
PURPOSE = "judge"
_MOST_TOKENS = 200
_MOST_RECORDS = 8
_TEXT_CHARACTERS = 600
_ANSWER_CHARACTERS = 4_000
_LAST = frozenset({Unavailable.DAILY_BUDGET, Unavailable.NO_MODEL, Unavailable.BUDGET_UNKNOWN})
_HIGHEST, _LOWEST = 5, 1
_TIMEZONE = "Europe/Paris"

Mark = Annotated[int, Field(ge=_LOWEST, le=_HIGHEST)]


class Opinion(BaseModel):
    """What the model was asked for."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    faithful: Mark
    relevant: Mark
    why: Annotated[str, Field(max_length=1_000)] = ""


def opinion_in(said: str) -> Opinion | None:
    """The opinion in a model's words, fences and talk around it passed over; None: it refused, or said something else."""
    start = said.find("{")
    while start >= 0:
        try:
            value, _ = json.JSONDecoder().raw_decode(said[start:])
            return Opinion.model_validate(value)
        except (ValueError, ValidationError):
            start = said.find("{", start + 1)
    return None


class ModelJudge:
    """Asks the chain of models; `left_out` counts by reason what has no opinion."""

    def __init__(self, models: Models, *, most: int = 200) -> None:
        """`most`: answers judged in one run; the rest is left out."""
        self._models = models
        self._most = most
        self._asked = 0
        self.left_out: Counter[str] = Counter()
        self._is_over: str | None = None

    async def case(self, id_: str, told: Told) -> Case | None:
        """The answer judged; None when no opinion could be had."""
        if self._is_over or self._asked >= self._most:
            self.left_out[self._is_over or "enough were judged"] += 1
            return None
        self._asked += 1
        try:
            said = await self._said(prompt_of(told.text, told.shown, told.answer))
        except ModelUnavailableError as error:
            self.left_out[f"no model: {error.reason}"] += 1
            if error.reason in _LAST:
                self._is_over = f"no model: {error.reason}"
            return None
        except ModelInterruptedError:
            self.left_out["the model stopped in the middle"] += 1
            return None
        opinion = opinion_in(said)
        if opinion is None:
            self.left_out["the model refused or gave no marks"] += 1
            return None
        return _case(id_, told, opinion)

    async def _said(self, prompt: Prompt) -> str:
        pieces: Any = self._models.stream(prompt, purpose=PURPOSE)
        async with aclosing(pieces):
            return "".join([piece async for piece in pieces if isinstance(piece, str)])


def _case(id_: str, told: Told, opinion: Opinion) -> Case:
    return Case(
        id=id_,
        part="judged",
        text=told.text,
        figures={"faithful": _share(opinion.faithful), "relevant": _share(opinion.relevant)},
        seen={"why": opinion.why, "answer": told.answer},
    )


def _share(mark: int) -> float:
    return (mark - _LOWEST) / (_HIGHEST - _LOWEST)


def prompt_of(text: str, shown: Iterable[FoundEvent], answer: str) -> Prompt:
    """What the model is asked; all that others wrote stands inside a fence that it cannot close."""
    records = "\n".join(_record(found) for found in list(shown)[:_MOST_RECORDS])
    asked = "\n\n".join(
        f"{name}\n<<<DATA\n{_fenced(part, most)}\nDATA>>>"
        for name, part, most in (
            ("Visitor's message", text, _TEXT_CHARACTERS),
            ("Records", records or "(none)", _MOST_RECORDS * 2 * _TEXT_CHARACTERS),
            ("Answer", answer, _ANSWER_CHARACTERS),
        )
    )
    return Prompt(
        system=_instructions(),
        messages=(Message("user", asked),),
        max_tokens=_MOST_TOKENS,
        temperature=0.0,
        cache_key=f"judge-{VERSION}",
    )


@cache
def _instructions() -> str:
    name = f"judge.v{VERSION}.md"
    return files("puls.evaluation").joinpath("prompts", name).read_text(encoding="utf-8").strip()


def _record(found: FoundEvent) -> str:
    event, venue = found.event, found.event.venue
    when = found.occurrence.starts_at, found.occurrence.ends_at
    facts = [
        event.title,
        phrasing.moment(found.occurrence, _TIMEZONE, now=when[0], language="fr"),
        ", ".join(filter(None, (venue.name, venue.city) if venue else ())),
        f"price {event.price}",
        f"ages {event.age_min}–{event.age_max}",
        f"status {event.status.name}",
        (event.description or "")[:_TEXT_CHARACTERS],
    ]
    return f"[{event.uid}] " + " | ".join(filter(None, facts))


def _fenced(text: str, most: int) -> str:
    return text[:most].replace("<<<", "‹‹‹").replace(">>>", "›››")
