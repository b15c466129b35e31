"""What is asked of a chat model and how one fails: values and the Protocol that a model fulfils.

Pure. Nothing here speaks to a provider; `puls.llm.gateway` calls models, `puls.llm.providers` builds them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the dialogue shown to a model."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One request to a model.

    What stays the same from call to call belongs in `system` and in the first messages: providers sell a repeated
    beginning at a tenth of the price. `cache_key` names that beginning, such as `answer-fr-3`, and never a visitor.
    """

    system: str
    messages: tuple[Message, ...]
    max_tokens: int = 600
    temperature: float = 0.3
    cache_key: str | None = None

    @property
    def characters(self) -> int:
        """The length of all that is sent."""
        return len(self.system) + sum(len(message.text) for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """What one call used. `tokens_cached` are part of `tokens_in`.

    `cost_eur` is None when the model's price is not known. `is_estimated`: the provider did not count, Puls did, upwards.
    """

    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost_eur: float | None = None
    is_estimated: bool = False


class ChatModel(Protocol):
    """One model at one provider.

    `name` is `provider:model`. `stream` sends one request, never a second one, and gives the text in pieces and, when
    the provider counts, one `ModelUsage` without a cost. It closes its connection when it is cancelled.

    Raises:
        ModelFaultError: the call failed; the only error that `stream` raises for what a provider did.
    """

    @property
    def name(self) -> str: ...

    def stream(self, prompt: Prompt) -> AsyncIterator[str | ModelUsage]: ...


class Fault(StrEnum):
    """How a call fails. Stored in the usage ledger and counted by name: a name, once used, keeps its meaning."""

    UNREACHABLE = "unreachable"  # no connection: refused, unknown host, TLS
    RATE_LIMITED = "rate_limited"  # 429
    SERVER_ERROR = "server_error"  # 5xx
    DENIED = "denied"  # 401, 403, 404: this key or this model will not work
    REJECTED = "rejected"  # another 4xx: this request will not work
    ERROR_BODY = "error_body"  # 200, then an error or no stream at all
    GARBAGE = "garbage"  # what came cannot be read as an answer
    EMPTY = "empty"  # a proper stream without a word
    CLOSED_EARLY = "closed_early"  # the stream ended without its end
    SILENT = "silent"  # no word within the first-token limit
    STALLED = "stalled"  # silent in the middle
    TOO_LONG = "too_long"  # beyond the total limit, or far more text than was asked for
    BUSY = "busy"  # no place became free on our side; the provider was not asked
    CIRCUIT_OPEN = "circuit_open"  # it failed too often a moment ago; the provider was not asked


class ModelFaultError(Exception):
    """A call to one model failed. `retry_after_seconds` is what the provider asked for, if it did."""

    def __init__(
        self, fault: Fault, detail: str = "", *, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.retry_after_seconds = retry_after_seconds
