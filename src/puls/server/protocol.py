"""uvicorn's HTTP/1.1 with the limits that it lacks: time for a request's head, patience with a reader, a place for each.

A head that does not come whole within seconds and a reader that takes nothing are closed; what a client still sends after
it was refused is thrown away for a moment, so that it reads the refusal. Enter at `LimitedProtocol.with_limits`.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from puls.monitoring import CONNECTIONS_CLOSED
from puls.server.connections import Connections

_HEAD_SECONDS = 10.0
_UNREAD_SECONDS = 60.0  # for a reader to take something of what waits for it
_LINGER_SECONDS = 2.0
_MOST_LINGERING = 100
_TOO_SLOW = b"The request did not arrive in due time.\r\n"
_TOO_SLOW_ANSWER = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_TOO_SLOW), _TOO_SLOW)
)


class LimitedProtocol(H11Protocol):
    """One connection."""

    limits: Connections
    lingering: "set[LimitedProtocol]"

    @classmethod
    def with_limits(cls, connections: Connections) -> "type[LimitedProtocol]":
        """The protocol of one server, whose connections share one limit."""
        return type("ServedProtocol", (cls,), {"limits": connections, "lingering": set()})

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._plain: asyncio.Transport | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # -- What the event loop tells -----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the base
        if not self.limits.opened(self, now=self.loop.time()):
            transport.abort()
            return
        self._plain = transport
        super().connection_made(_Lingering(transport, self))  # type: ignore[arg-type] # all that uvicorn asks of one
        self._after("head", _HEAD_SECONDS, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self.limits.closed(self)
        self.lingering.discard(self)
        if self._plain is not None:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._plain is not None and self not in self.lingering:
            super().data_received(data)

    def eof_received(self) -> None:
        if self in self.lingering:
            self.cut()

    def handle_events(self) -> None:
        super().handle_events()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            return
        self._no_longer("head")  # it came; for the body `puls.api.edge.bodies` has a limit
        if not cycle.more_body:
            self.limits.is_busy(self)

    def on_response_complete(self) -> None:
        if self.has_more_to_say and not self.transport.is_closing():
            self.linger()
            return
        self.limits.is_idle(self)
        self._after("head", _HEAD_SECONDS + self.timeout_keep_alive, self._head_is_late)
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._after("unread", _UNREAD_SECONDS, self._is_not_read)

    def resume_writing(self) -> None:
        self._no_longer("unread")
        super().resume_writing()

    # -- What we decide ----------------------------------------------------------------------------------------------

    @property
    def has_more_to_say(self) -> bool:
        """Whether the client is still sending what it was answered for already."""
        cycle: RequestResponseCycle | None = self.cycle
        return (
            cycle is not None and cycle.response_complete and self.conn.their_state is h11.SEND_BODY
        )

    def cut(self) -> None:
        """Make room for another."""
        if self._plain is not None:
            self._plain.abort()

    def linger(self) -> None:
        """Say nothing more, and let go what still comes, for a moment: closed at once, the client would see no answer."""
        self._unset_keepalive_if_required()
        if self._plain is None or len(self.lingering) >= _MOST_LINGERING:
            self.cut()
            return
        self.lingering.add(self)
        self._after("linger", _LINGER_SECONDS, self.cut)
        if self._plain.can_write_eof() and not self._plain.is_closing():
            self._plain.write_eof()
        self.flow.resume_reading()

    def _head_is_late(self) -> None:
        CONNECTIONS_CLOSED.labels(reason="head_too_slow").inc()
        if self._plain is not None and not self._plain.is_closing():
            self._plain.write(_TOO_SLOW_ANSWER)
            self._plain.close()

    def _is_not_read(self) -> None:
        CONNECTIONS_CLOSED.labels(reason="unread").inc()
        self.cut()

    def _after(self, name: str, seconds: float, then: Any) -> None:
        self._no_longer(name)
        self._timers[name] = self.loop.call_later(seconds, then)

    def _no_longer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


class _Lingering:
    """A transport that is closed only when the client has said what it has to say."""

    def __init__(self, transport: asyncio.Transport, protocol: LimitedProtocol) -> None:
        self._transport = transport
        self._protocol = protocol

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def close(self) -> None:
        if self._protocol.has_more_to_say and not self.is_closing():
            self._protocol.linger()
        elif self._protocol not in self._protocol.lingering:
            self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing() or self._protocol in self._protocol.lingering
