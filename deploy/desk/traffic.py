"""Visitors who talk and search without a pause, and remember what they were told."""

import http.client
import json
import threading
import time
import urllib.parse
from collections import Counter
from itertools import count
from types import TracebackType
from typing import Self
from uuid import uuid4

_VISITORS = 3
_BUSY = 503
_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
_READING_SECONDS = 1.0  # between two messages of a visitor
_SAID = (
    "concert ce week-end à Lyon",
    "et gratuit ?",
    "expo à Paris samedi",
    "la 2e",
    "marché de Noël à Lille",
    "avec des enfants",
)


class BusyError(Exception):
    """Puls said at once that it is busy, and when to come back: nothing was begun, nothing is lost."""


class Traffic:
    """Threads that ask one port at a time; a failure is counted and its sentence kept."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.searches = self.failed = self.refused = 0
        self.first_failure = ""
        self._port: int | None = None
        self._under_way: Counter[int] = Counter()  # requests by port
        self._state = threading.Condition()
        self._ends = threading.Event()
        self._threads = [
            threading.Thread(target=self._visit, args=(number,), daemon=True)
            for number in range(_VISITORS)
        ]

    @property
    def told(self) -> int:
        """Turns whose end a visitor has seen."""
        return len(self.kept)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join(_SECONDS)

    def begin(self, port: int) -> None:
        self.go_to(port)

    def go_to(self, port: int | None) -> None:
        """New requests go there, as a proxy sends them; returns when those to the port before have ended."""
        with self._state:
            before, self._port = self._port, port
        deadline = time.monotonic() + 2 * _SECONDS
        while before is not None and time.monotonic() < deadline:
            with self._state:
                if not self._under_way[before]:
                    return
            time.sleep(_PAUSE_SECONDS)

    def pause(self) -> None:
        self.go_to(None)

    def _visit(self, number: int) -> None:
        cookie, conversation = "", None
        for turn in count(number):
            if self._ends.is_set():
                return
            with self._state:
                port = self._port
                if port is not None:
                    self._under_way[port] += 1
            if port is None:
                time.sleep(_PAUSE_SECONDS)
                continue
            try:
                said = _SAID[turn % len(_SAID)]
                cookie, conversation = self._talk(port, said, cookie, conversation)
                _search(port, said)
                self.searches += 1
            except BusyError:
                self.refused += 1
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failed += 1
                self.first_failure = self.first_failure or f"{type(error).__name__}: {error}"
            finally:
                with self._state:
                    self._under_way[port] -= 1
            time.sleep(_READING_SECONDS)

    def _talk(
        self, port: int, said: str, cookie: str, conversation: str | None
    ) -> tuple[str, str | None]:
        request_id = str(uuid4())
        body = {"text": said, "request_id": request_id} | (
            {"conversation_id": conversation} if conversation else {}
        )
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            headers = {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
            connection.request("POST", "/v1/chat", json.dumps(body), headers)
            answer = connection.getresponse()
            set_cookie = answer.headers.get_all("Set-Cookie") or []
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status == _BUSY:
            raise BusyError
        if answer.status != 200 or "event: done" not in text:
            raise ValueError(f"status {answer.status}: {text[-200:]!r}")
        self.kept.append(request_id)
        cookies = "; ".join(one.split(";", 1)[0] for one in set_cookie)
        return cookies or cookie, conversation


def ready(port: int, *, with_event: bool = False) -> bool:
    """Whether Puls answers; `with_event`: and finds one."""
    answer = _search(port, _SAID[0])
    return bool(answer["events"]) or not with_event


def _search(port: int, said: str) -> dict[str, list[object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", f"/v1/search?q={urllib.parse.quote(said)}")
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(f"status {answer.status}")
    read: dict[str, list[object]] = json.loads(body)
    return read
