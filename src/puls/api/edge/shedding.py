"""What is too much is refused before anything is done for it: no routing, no database, a prompt 503.

Those who are let through still take a place in their own order, see `puls.conversation.pacing`. Enter at `Shedding`.
"""

import time
from collections import Counter

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from puls.api.problems import answer, headers_of
from puls.bootstrap import Puls
from puls.conversation.pacing import Pacing
from puls.errors import OverloadedError
from puls.monitoring import REQUESTS_REFUSED, log

_TURNS = frozenset({"/chat", "/v1/chat", "/v1/chat/completions"})
_SEARCHES = ("/v1/search", "/mcp", "/v1/events/", "/evenement/", "/c/")
_TOLD_EVERY_SECONDS = 10.0  # a line per refusal would cost more than the refusal


class Shedding:
    """Refuses what would wait too long for its turn."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told_at = 0.0
        self._refused = 0
        self._on_their_way: Counter[int] = (
            Counter()
        )  # to each queue: let through, and not answered yet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pacing = _pacing_of(scope) if scope["type"] == "http" else None
        if pacing is None:
            await self._app(scope, receive, send)
            return
        way = id(pacing)
        try:
            pacing.check(on_their_way=self._on_their_way[way])
        except OverloadedError as error:
            self._count(scope)
            scope["puls.is_routine"] = True
            refusal = answer(
                Request(scope),
                status=error.status,
                code=error.code,
                detail=str(error),
                headers=headers_of(error),
            )
            await refusal(scope, receive, send)
            return
        self._on_their_way[way] += 1
        is_on_its_way = True

        def arrived() -> None:
            nonlocal is_on_its_way
            if is_on_its_way:
                is_on_its_way = False
                self._on_their_way[way] -= 1

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                arrived()
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            arrived()

    def _count(self, scope: Scope) -> None:
        REQUESTS_REFUSED.labels(path="turn" if scope["path"] in _TURNS else "search").inc()
        self._refused += 1
        now = time.monotonic()
        if now > self._told_at + _TOLD_EVERY_SECONDS:
            log.warning("http.overloaded", refused=self._refused)
            self._told_at, self._refused = now, 0


def _pacing_of(scope: Scope) -> Pacing | None:
    """The queue that a request would stand in; None for what costs little."""
    path: str = scope["path"]
    puls: Puls | None = getattr(scope["app"].state, "puls", None)
    if puls is None:
        return None
    if path in _TURNS and scope["method"] == "POST":
        return puls.assistant.pacing
    if path.startswith("/v1/events/") and path.endswith("/verification"):
        return puls.looks
    if path.startswith(_SEARCHES) or (path == "/" and b"q=" in scope["query_string"]):
        return puls.searches
    return None
