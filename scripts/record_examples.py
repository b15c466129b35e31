"""Records the examples of the API's description from a served Puls over the sample catalogue.

`puls serve --with-sample --port 8121`, then `python -m scripts.record_examples http://127.0.0.1:8121`. Lists keep their
first entry; the three examples that stand without a method were made by hand and stay.
"""

import json
import sys
from pathlib import Path
from typing import Any

import httpx

FILE = Path(__file__).parents[1] / "src/puls/api/examples.json"
_LONGEST_STREAM = 4_000
_LONGEST_BLOCK = 700


def shortened(value: Any) -> Any:
    """The first entry of each list, so that a shape is seen and not a catalogue."""
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return [shortened(one) for one in value[:1]] if isinstance(value, list) else value


def recorded(client: httpx.Client) -> dict[str, Any]:
    """Asks as a visitor would, in this order."""
    uid = client.get("/v1/search", params={"q": "jazz à Lyon"}).json()["events"][0]["uid"]
    stream = client.post("/v1/chat", json={"text": "jazz à Lyon ce week-end"}).text
    blocks = [one if len(one) <= _LONGEST_BLOCK else f"{one[:_LONGEST_BLOCK]}…" for one in stream.split("\n\n")]  # fmt: skip
    told: dict[str, Any] = {"POST /v1/chat": "\n\n".join(blocks)[:_LONGEST_STREAM]}
    client.put(f"/v1/me/followed/{uid}")
    saved = client.post("/v1/me/searches", json={"q": "jazz à Lyon"})
    told["POST /v1/me/searches"] = saved.json()
    completion = {"model": "puls", "messages": [{"role": "user", "content": "jazz à Lyon"}]}
    told["POST /v1/chat/completions"] = client.post("/v1/chat/completions", json=completion).json()
    for path in (
        "/v1/conversations", "/v1/me/searches", "/v1/me/letters", "/v1/me/followed", "/v1/me/preferences", "/v1/models",
        "/v1/search.rss", "/v1/search.json-feed",
    ):  # fmt: skip
        answer = client.get(
            path, params={"q": "jazz à Lyon", "limit": 1} if "search." in path else None
        )
        told[f"GET {path}"] = answer.text if path.endswith("rss") else shortened(answer.json())
    client.delete("/v1/me")
    return told


if __name__ == "__main__":
    with httpx.Client(base_url=sys.argv[1], timeout=30) as client:
        told = recorded(client)
    kept = {
        name: one
        for name, one in json.loads(FILE.read_text(encoding="utf-8")).items()
        if " " not in name
    }
    text = json.dumps(kept | told, ensure_ascii=False, indent=1)
    FILE.write_text(
        text.replace("http://127.0.0.1:8121", "https://puls.example") + "\n", encoding="utf-8"
    )
