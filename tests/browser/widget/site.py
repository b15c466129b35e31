"""Another site on loopback, under a policy as strict as one can be, with pages that embed Puls."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DEMO = Path(__file__).parents[3] / "examples" / "widget"
DEMO_PULS = "http://127.0.0.1:8000"
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css"}


@dataclass
class Site:
    """The demo's files and pages of a test, as a site whose Puls is at `puls_url`.

    `connects`: what its policy lets pages connect to, when that is not Puls.
    """

    port: int = 0
    puls_url: str = ""
    connects: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, element: str, *, style: str = "", before: str = "") -> str:
        """The path of a page with this element."""
        name = f"/{len(self.pages)}"
        self.pages[f"{name}.css"] = style
        self.pages[
            f"{name}.html"
        ] = f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un site</title>
            <link rel="stylesheet" href="{name}.css"><script type="module" src="{self.puls_url}/widget.js"></script></head>
            <body><main><h1>Un site</h1>{before}{element}</main></body></html>"""
        return f"{name}.html"

    @property
    def policy(self) -> str:
        return (
            f"default-src 'none'; style-src 'self'; img-src https:; script-src {self.puls_url}; "
            f"connect-src {self.connects or self.puls_url}"
        )

    def answer(self, path: str) -> str | None:
        if path in self.pages:
            return self.pages[path]
        file = DEMO / path.removeprefix("/")
        if file.parent != DEMO or not file.is_file():
            return None
        return file.read_text(encoding="utf-8").replace(DEMO_PULS, self.puls_url)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *values: object) -> None:
        self._site = site
        super().__init__(*values)  # type: ignore[arg-type] # what the server passes on

    def do_GET(self) -> None:
        body = self._site.answer(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", _TYPES.get(Path(self.path).suffix, "text/plain"))
        self.send_header("Content-Security-Policy", self._site.policy)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 # the base's name
        pass


@contextlib.contextmanager
def open_site() -> Iterator[Site]:
    """A site; its Puls is named later, once that knows the site's origin."""
    site = Site()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site)) as server:
        site.port = server.server_port
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
