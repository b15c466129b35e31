"""A receiver of Alertmanager's messages on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Webhook:
    """Keeps what comes; nothing leaves the machine."""

    def __init__(self, port: int) -> None:
        self._alerts: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def has(self, status: str, name: str) -> bool:
        return name in self.names(status)

    def names(self, status: str) -> list[str]:
        """Of alerts that came with this status (`firing`, `resolved`), each once."""
        return sorted(
            {one["labels"]["alertname"] for one in self._alerts if one["status"] == status}
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        alerts = self._alerts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                alerts.extend(json.loads(body)["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # as the base class names it
                """Nothing on the terminal."""

        return Handler
