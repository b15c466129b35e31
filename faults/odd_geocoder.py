"""A geocoding service that answers in eight wrong ways, by a word in the question. Port in argv[1]."""

import contextlib
import gzip
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_plus

GOOD = {
    "features": [
        {"geometry": {"coordinates": [4.8, 45.7]}, "properties": {"score": 0.9, "label": "x"}}
    ]
}


class Odd(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:  # the library's name
        question = unquote_plus(self.path)
        kind = next((kind for kind in KINDS if f" {kind} " in question), "good")
        with contextlib.suppress(OSError):  # whoever asked has enough
            KINDS.get(kind, good)(self)


def head(asked: Odd, **headers: str) -> None:
    asked.send_response(200)
    for name, value in headers.items():
        asked.send_header(name.replace("_", "-"), value)
    asked.end_headers()


def good(asked: Odd) -> None:
    head(asked)
    asked.wfile.write(json.dumps(GOOD).encode())


def deep(asked: Odd) -> None:
    head(asked)
    for _ in range(120):
        asked.wfile.write(b'{"a":' * 1_000_000)


def long(asked: Odd) -> None:
    head(asked)
    for _ in range(500):
        asked.wfile.write(b" " * 1_000_000)


def drip(asked: Odd) -> None:
    head(asked)
    for _ in range(600):
        asked.wfile.write(b" ")
        asked.wfile.flush()
        time.sleep(0.3)


def nan(asked: Odd) -> None:
    head(asked)
    asked.wfile.write(
        b'{"features":[{"geometry":{"coordinates":[NaN,1e999]},"properties":{"score":NaN,"label":null}}]}'
    )


def list_(asked: Odd) -> None:
    head(asked)
    asked.wfile.write(b'[{"features": 3}]')


def bomb(asked: Odd) -> None:
    packed = gzip.compress(gzip.compress(bytes(200_000_000)))
    head(asked, Content_Encoding="gzip, gzip", Content_Length=str(len(packed)))
    asked.wfile.write(packed)


def redirect(asked: Odd) -> None:
    asked.send_response(302)
    asked.send_header("Location", "http://127.0.0.1:1/")
    asked.end_headers()


def reset(asked: Odd) -> None:
    asked.connection.close()


KINDS = {
    "deep": deep, "long": long, "drip": drip, "nan": nan, "list": list_, "bomb": bomb, "redirect": redirect, "reset": reset,
}  # fmt: skip

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Odd).serve_forever()
