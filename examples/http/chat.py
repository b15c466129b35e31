"""Chat over HTTP with nothing but the standard library: two messages of one conversation, read as they are written.

Usage: python chat.py [http://127.0.0.1:8000]
"""

import json
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

PULS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


def said(text: str, conversation_id: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Send a message; give each server-sent event as (name, data)."""
    body: dict[str, Any] = {"text": text, "language": "fr"}
    if conversation_id:
        body["conversation_id"] = conversation_id
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{PULS}/v1/chat", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        name = ""
        for raw in answer:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


def token() -> str:
    """A visitor of our own: without one each request would be a stranger's, and could not go on with a conversation."""
    request = urllib.request.Request(f"{PULS}/v1/me", b"", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        new: str = json.load(answer)["token"]
        return new


TOKEN = token()
conversation: str | None = None
for message in ("jazz à Lyon ce week-end", "et gratuit ?"):
    print(f"\n> {message}")
    for name, data in said(message, conversation):
        match name:
            case "wish":
                print("understood:", ", ".join(chip["fr"] for chip in data["chips"]))
            case "events":
                print("found:", data["fitting"])
            case "token":
                print(data["text"], end="", flush=True)
            case "done":
                conversation = data["conversation_id"]
                print(f"\n(written by {data['writer']} in {data['milliseconds']['total']} ms)")
            case "error":
                sys.exit(f"{data['code']}: {data['fr']}")
