"""An OpenAI-compatible model that behaves as the file in argv[2] says: ok, slow, lying, down. Port in argv[1]."""

import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODE = Path(sys.argv[2])
SLOW_SECONDS = 3.2  # after Puls' mark of 2.56 s, before its patience of 4 s ends


class Odd(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:  # the library's name
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        mode = MODE.read_text().strip()
        if mode == "down":
            self.send_error(503)
            return
        if mode == "slow":
            time.sleep(SLOW_SECONDS)
        cards = re.findall(
            r"^(.+?) \[(\d)\] : (.+?)(?:\. À propos|\.\n|$)",
            asked["messages"][-1]["content"],
            re.MULTILINE,
        )[:3]
        if mode == "lying":
            said = "".join(
                f"{title} [{n}] a lieu le 31 décembre 2031 à Vladivostok et coûte 999 €. " * 3
                for title, n, _ in cards
            )
        else:
            said = "".join(f"{title} [{n}] : {facts}. " for title, n, facts in cards)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for piece in re.findall(r".{1,40}", said, re.DOTALL):
            self.tell({"content": piece})
        self.tell({}, "stop")
        usage = {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020}
        self.write({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def tell(self, delta: dict[str, str], end: str | None = None) -> None:
        self.write({"choices": [{"index": 0, "delta": delta, "finish_reason": end}]})

    def write(self, chunk: dict[str, object]) -> None:
        whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"} | chunk
        self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Odd).serve_forever()
