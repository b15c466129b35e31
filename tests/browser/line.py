"""The line between a browser and Puls, which a test can cut, hold or take away: a TCP relay on loopback."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

_PIECE = 65_536
_TICK_SECONDS = 0.05


class Line:
    """Passes bytes on in both directions.

    `cut_after` ends a connection once an answer has carried these bytes, one time; `hold_after` lets nothing more of
    that answer through until `let_go`. While `is_down`, every connection is closed at once.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(_TICK_SECONDS)
        self._is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.cut_after: bytes | None = None
        self.hold_after: bytes | None = None
        self.is_down = False
        self.cuts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def let_go(self) -> None:
        self.hold_after = None

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _begin(self, work: object, *values: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=values, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                browser, _ = self._listening.accept()
                self._begin(self._relay, browser)

    def _relay(self, browser: socket.socket) -> None:
        with browser, contextlib.suppress(OSError):
            if self.is_down:
                return
            with socket.create_connection(self._target) as puls:
                for piece, towards in self._pieces(browser, puls):
                    towards.sendall(piece)

    def _pieces(
        self, browser: socket.socket, puls: socket.socket
    ) -> Iterator[tuple[bytes, socket.socket]]:
        with selectors.DefaultSelector() as ready:
            ready.register(browser, selectors.EVENT_READ, puls)
            ready.register(puls, selectors.EVENT_READ, browser)
            while not self._is_over.is_set() and not self.is_down:
                for key, _ in ready.select(_TICK_SECONDS):
                    source = key.fileobj
                    assert isinstance(source, socket.socket)
                    piece = source.recv(_PIECE)
                    if not piece:
                        return
                    if source is browser:
                        yield piece, puls
                        continue
                    through, is_cut = self._let_through(piece)
                    yield through, browser
                    if is_cut:
                        return
                    if len(through) < len(piece):
                        self._wait()
                        yield piece[len(through) :], browser

    def _let_through(self, piece: bytes) -> tuple[bytes, bool]:
        """How much of an answer's piece passes now, and whether the connection ends after it."""
        for mark, is_cut in ((self.cut_after, True), (self.hold_after, False)):
            if mark is not None and mark in piece:
                if is_cut:
                    self.cut_after = None
                    self.cuts += 1
                return piece[: piece.index(mark) + len(mark)], is_cut
        return piece, False

    def _wait(self) -> None:
        while self.hold_after is not None and not self._is_over.wait(_TICK_SECONDS):
            pass
