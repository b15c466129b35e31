"""The stream of a chat: server-sent events, read as the standard says, told as values. Pure."""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from puls.client.answers import WebSeen, WebStep
from puls.client.failures import ConnectionLostError, PulsClientError, TurnFailedError

_LONGEST_LINE = 2**20  # characters; twenty events with their texts have a tenth of it


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """One event of a turn: `wish`, `events`, `web_step`… and `web` where it looks on the web, `token`…, `notice` anywhere, then `done`.

    A newer server may send others. `data` is the server's JSON.
    """

    name: str
    data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """A piece of the answer; the pieces joined are the whole. Empty in events that are no `token`."""
        return str(self.data.get("text", "")) if self.name == "token" else ""

    @property
    def web_step(self) -> WebStep | None:
        """What is being looked at on the web; None in events that are no `web_step`."""
        return WebStep.model_validate(self.data) if self.name == "web_step" else None

    @property
    def web(self) -> WebSeen | None:
        """What was seen on the web; None in events that are not `web`."""
        return WebSeen.model_validate(self.data) if self.name == "web" else None


@dataclass(slots=True)
class ChatReader:
    """Bytes in, events out; knows whether the turn came to its end."""

    request_id: str
    is_done: bool = False
    _conversation_id: str | None = None
    _texts: list[str] = field(default_factory=list)
    _decoder: Any = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"))
    _rest: str = ""
    _name: str = ""
    _data: list[str] = field(default_factory=list)

    def feed(self, piece: bytes) -> Iterator[ChatEvent]:
        """The events that a piece of the stream completes.

        Raises:
            TurnFailedError: the server says that the turn failed.
            PulsClientError: this is no stream of Puls.
        """
        text = self._rest + self._decoder.decode(piece)
        keep = text.endswith("\r")  # perhaps half of a line end
        lines = (text[:-1] if keep else text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop() + ("\r" if keep else "")
        if len(self._rest) > _LONGEST_LINE:
            raise PulsClientError("The server sent a line that no stream of Puls has.")
        for line in lines:
            if line:
                self._take(line)
            elif self._data:
                yield self._event()

    def lost(self, why: str) -> ConnectionLostError:
        """The failure of a stream that stopped before `done`."""
        return ConnectionLostError(
            f"The connection was lost before the end of the answer ({why}). "
            "Ask again with the same request_id to get the turn.",
            request_id=self.request_id,
            conversation_id=self._conversation_id,
            text="".join(self._texts),
        )

    def _take(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)

    def _event(self) -> ChatEvent:
        name, data = self._name or "message", "\n".join(self._data)
        self._name, self._data = "", []
        try:
            said = json.loads(data)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise PulsClientError(f"The server sent a {name!r} event that is no JSON object.")
        if name == "error":
            raise TurnFailedError(
                code=str(said.get("code") or "unknown"),
                fr=str(said.get("fr") or ""),
                en=str(said.get("en") or ""),
            )
        event = ChatEvent(name, said)
        self._texts.append(event.text)
        self._conversation_id = said.get("conversation_id") or self._conversation_id
        self.is_done = self.is_done or name == "done"
        return event
