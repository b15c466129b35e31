"""An OpenAI-compatible model that thinks in the way that its name says, then answers from the cards. Port in argv[1]."""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FORMS = {
    "paired": ("<think>\n{t}", "{u}\n</think>\n\n{a}"),
    "lone": ("{t}", "{u}\n</think>\n\n{a}"),
    "bracket": ("[THINK]{t}", "{u}[/THINK]{a}"),
    "harmony": (
        "<|channel|>analysis<|message|>{t}",
        "{u}<|end|><|start|>assistant<|channel|>final<|message|>{a}",
    ),
    "reasoning": ("<reasoning>{t}", "{u}</reasoning>{a}"),
    "unclosed": ("<think>{t}", "{u}"),
    "aside": ("", "{a}"),
}


class Thinking(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:  # the library's name
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        cards = re.findall(
            r"^(.+?) \[(\d)\] : (.+?)(?:\. À propos|\.\n|$)",
            asked["messages"][-1]["content"],
            re.MULTILINE,
        )
        said = [
            f"{facts[0].upper()}{facts[1:]} : {title} [{n}]. " for title, n, facts in cards[:2]
        ] + ["", ""]
        words = {
            "t": f"Je dois choisir parmi les fiches. {said[0]}",
            "u": "C'est sans doute le mieux.",
            "a": said[1],
        }
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if asked["model"] == "aside":
            self.tell({"reasoning_content": words["t"]})
        for part in FORMS[asked["model"]]:
            for piece in re.findall(r".{1,7}", part.format(**words), re.DOTALL):
                self.tell({"content": piece})
        self.tell({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def tell(self, delta: dict[str, str], end: str | None = None) -> None:
        chunk = {
            "id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": end}],
        }  # fmt: skip
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Thinking).serve_forever()
