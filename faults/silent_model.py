"""An OpenAI-compatible model that accepts every question and never says a word. Port in argv[1]."""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Silent(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:  # the library's name
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.wfile.flush()
        time.sleep(600)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Silent).serve_forever()
