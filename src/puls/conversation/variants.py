"""How one turn is answered, where not everybody is answered alike: the arms of a live experiment, built. Values.

Who takes part is decided once, when the turn begins; the steps then use what the turn was given. Enter at `Trial.of`.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from puls.conversation.turn import TurnRequest
from puls.experiments.experiment import Experiment
from puls.identity.visitor import Visitor
from puls.llm.chat import ModelUsage, Prompt
from puls.retrieval.ranking import Weights


class Models(Protocol):
    """The gateway, as far as a turn needs it."""

    @property
    def models(self) -> tuple[str, ...]: ...

    def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What differs for this turn; None is as usual. `experiment` and `arm` name it in the tables."""

    experiment: str | None = None
    arm: str | None = None
    weights: Weights | None = None
    prompt: int | None = None
    models: Models | None = None


USUAL = Variant()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An experiment under way. `secret`: the one that signs tokens; `variants`: its arms by name."""

    experiment: Experiment
    secret: bytes
    variants: Mapping[str, Variant]

    def of(self, visitor: Visitor, request: TurnRequest, *, usual: Variant = USUAL) -> Variant:
        """The visitor's variant, else the `usual` one. Programs and conversations that are not kept take no part: nothing could be read of them."""
        if visitor.kind != "anonymous" or not request.is_kept:
            return usual
        arm = self.experiment.arm_of(visitor.id, secret=self.secret)
        return usual if arm is None else self.variants[arm.name]
