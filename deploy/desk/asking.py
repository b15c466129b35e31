"""Questions through Caddy's TLS, verified against the authority that it made for localhost."""

import http.client
import json
import ssl
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.desk.ports import PORTS
from deploy.desk.wrong import TrialFailedError

_SECONDS = 30.0
_PAUSE_SECONDS = 0.2


def answer_over_tls(
    folder: Path, question: str | None, *, path: str = "/v1/search"
) -> dict[str, Any]:
    """The JSON of an answer with its `status`; without JSON only that.

    Raises:
        OSError: nobody answers yet.
    """
    address = path if question is None else f"{path}?q={urllib.parse.quote(question)}"
    status, body = _exchange(folder, "GET", address)
    try:
        read = json.loads(body)
    except ValueError:
        read = {}
    if status != 200 and question is not None:
        raise OSError(f"status {status}")
    return {"events": [], **(read if isinstance(read, dict) else {}), "status": status}


def conversation_over_tls(folder: Path, text: str) -> str:
    """All that is streamed for one message."""
    return _exchange(folder, "POST", "/v1/chat", json.dumps({"text": text}))[1].decode()


def wait_for(what: str, seconds: float, holds: Callable[[], bool]) -> None:
    """Raises TrialFailedError when it does not hold in time; who does not answer yet is asked again."""
    end, last = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            if holds():
                return
        except (OSError, http.client.HTTPException) as error:
            last = f" ({error})"
        time.sleep(_PAUSE_SECONDS)
    raise TrialFailedError(f"{what} did not come in {seconds:.0f} s{last}")


def _exchange(
    folder: Path, method: str, address: str, body: str | None = None
) -> tuple[int, bytes]:
    authority = folder / "caddy/pki/authorities/local/root.crt"
    context = ssl.create_default_context(cafile=str(authority))
    connection = http.client.HTTPSConnection(
        "localhost", PORTS["https"], timeout=_SECONDS, context=context
    )
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
