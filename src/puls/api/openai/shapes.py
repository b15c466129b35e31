"""What is read of OpenAI's chat completions, and what is given. Pure."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from puls.conversation.turn import Finished
from puls.ui.absent import NullIsAbsent

MODEL = "puls"
LONGEST_READ = 2_000  # characters of a message, as everywhere
_CREATED = 1_795_305_600  # 22 November 2026: when this model was first served
_READ_PARTS = frozenset({"text", "input_text"})


class Part(NullIsAbsent):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str = "text"
    text: str = ""


def _as_part(value: Any) -> Any:
    return {"type": "text", "text": value} if isinstance(value, str) else value


AnyPart = Annotated[Part, BeforeValidator(_as_part, json_schema_input_type=str | Part)]


class ChatMessage(NullIsAbsent):
    """One message. What it says of itself beyond its words (names, tool calls…) is not read."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[AnyPart] = ""

    @property
    def words(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return " ".join(part.text for part in self.content if part.type in _READ_PARTS)


class StreamOptions(NullIsAbsent):
    """Whether the stream ends with a chunk of usage."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class CompletionRequest(NullIsAbsent):
    """What is read of OpenAI's request; settings of a model (temperature…) change nothing."""

    model_config = ConfigDict(extra="allow")

    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1_000)]
    model: str = MODEL
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()

    def said_by(self, *roles: str) -> list[str]:
        """The words of the messages of some roles, oldest first, empty ones left out."""
        words = (message.words.strip() for message in self.messages if message.role in roles)
        return [one for one in words if one]


class ModelCard(BaseModel):
    """The one model that Puls offers."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = _CREATED
    owned_by: str = "puls"


class ModelList(BaseModel):
    """What `GET /v1/models` answers."""

    object: Literal["list"] = "list"
    data: list[ModelCard] = [ModelCard()]


def as_far_as_read(words: str) -> tuple[str, bool]:
    """A message as long as it is read, and whether something of it is not: of a long one the end, where the question is.

    It begins with a whole line or sentence where there is one near.
    """
    if len(words) <= LONGEST_READ:
        return words, False
    end = words[-LONGEST_READ:]
    for mark in ("\n", ". ", "? ", "! ", " "):
        place = end.find(mark, 0, LONGEST_READ // 4)
        if place >= 0:
            return end[place + len(mark) :].strip(), True
    return end, True


def usage_of(finished: Finished | None) -> dict[str, int]:
    """Tokens of the model behind; none when no model wrote."""
    used = finished.usage if finished else None
    tokens_in, tokens_out = (used.tokens_in, used.tokens_out) if used else (0, 0)
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
