"""What a visitor would notice: readiness, and the canary questions asked from outside (`make canaries URL=…`).

The same questions as Puls asks itself (`puls.worker.canaries`), here through load balancer, certificate and API.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import httpx

from puls.worker.canaries import CANARIES, Canary

_SECONDS = 20.0  # a question's whole limit; the promise is 8 s (src/puls/alerts/slo.toml)
_CHAT = "un concert ce week-end"


class Questions:
    """Asks the Puls at `url`. `key`: an API key, where visitors without one may not ask. Raises nothing: a failure is a finding."""

    def __init__(self, url: str, *, key: str = "", seconds: float = _SECONDS) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def wrong(self, canaries: Sequence[Canary] = CANARIES) -> list[str]:
        """What is not as it should be, a sentence each; empty when all is well."""
        with httpx.Client(
            base_url=self._url, headers=self._headers, timeout=self._seconds
        ) as client:
            try:
                return [one for one in self._findings(client, canaries) if one]
            except httpx.HTTPError as error:
                return [f"{self._url} does not answer: {type(error).__name__}."]

    def _findings(self, client: httpx.Client, canaries: Sequence[Canary]) -> Iterator[str]:
        ready = client.get("/health/ready")
        if not ready.is_success:
            yield f"/health/ready says {ready.status_code}."
            return
        for canary in canaries:
            answer = client.get("/v1/search", params={"q": canary.question, "limit": 5})
            yield _judged(canary, answer)
        yield self._turn(client)

    def _turn(self, client: httpx.Client) -> str:
        """One whole turn of a conversation, as the page asks for it."""
        with client.stream("POST", "/v1/chat", json={"text": _CHAT}) as answer:
            if not answer.is_success:
                return f"A turn ends with {answer.status_code}."
            events = [line.removeprefix("event: ") for line in answer.iter_lines() if line.startswith("event: ")]  # fmt: skip
        return "" if events and events[-1] == "done" else "A turn does not end with an answer."


def _judged(canary: Canary, answer: httpx.Response) -> str:
    if not answer.is_success:
        return f"« {canary.question} » is answered with {answer.status_code}."
    try:
        found = answer.json()
        has_events = bool(found["events"]) and found["match"] == "on_theme"
    except (json.JSONDecodeError, KeyError, TypeError):
        return f"« {canary.question} » is answered with something else than a search."
    if canary.expected == "events" and not has_events:
        return f"« {canary.question} » finds no event."
    return ""


def main(url: str) -> int:
    """1 when something is wrong, each on a line."""
    wrong = Questions(url).wrong()
    print("\n".join(wrong) or f"{url}: {len(CANARIES)} questions and a turn answered as expected.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
