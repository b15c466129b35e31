"""What pages of other sites may ask: only what the widget needs, and only from the origins of `PULS_WIDGET_ORIGINS`.

Cookies play no part: a widget's visitor is a token that its own page holds. Every other address stays closed to them.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN = re.compile(
    r"/widget/frame|/static/[^/]+\.(?:js|css)|/chat|/v1/me|/v1/turns/[^/]+/(?:stop|feedback|survey)"
)
_PREFLIGHT_KEPT_SECONDS = 7200  # as long as Chromium keeps one


class WidgetDoor:
    """Starlette's CORS on the addresses of the widget, and on no other."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type"),
            max_age=_PREFLIGHT_KEPT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _OPEN.fullmatch(scope["path"]) is None:
            await self._app(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            """Also without an origin: a cache must not give that answer to a page of another site."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Origin" not in headers.get("vary", ""):
                    headers.add_vary_header("Origin")
            await send(message)

        await self._cors(scope, receive, send_varying)
