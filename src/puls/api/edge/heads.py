"""`HEAD` wherever there is `GET`: the same answer without its body, for probes and proxies."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BY_ITSELF = "/static/"  # files need not be read to tell their size


class HeadsOfGets:
    """Asks for the whole and gives the head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "HEAD"
            or scope["path"].startswith(_BY_ITSELF)
        ):
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, send_head)
        finally:
            scope["route"] = asked.get("route")  # for the log line around it
