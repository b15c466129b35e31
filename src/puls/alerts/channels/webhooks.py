"""Notices posted to an address: as JSON for programs, or as Mattermost and Slack take them. Enter at `Webhook` and `Chat`."""

from collections.abc import Mapping
from typing import Any

import httpx

from puls.alerts.channels import SECONDS, NotSentError
from puls.alerts.notices import AlertNotice

_COLOURS = {"page": "#c4314b", "ticket": "#d98e04", "resolved": "#2e7d4f"}


class Webhook:
    """The notice's own fields as JSON."""

    name = "webhook"

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def send(self, notice: AlertNotice) -> None:
        """Raises NotSentError unless the answer is a success; redirects are not followed."""
        await _post(self._http, self._url, notice.as_json)


class Chat:
    """An incoming webhook of Mattermost or Slack: both take `text` with `attachments`."""

    name = "chat"

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def send(self, notice: AlertNotice) -> None:
        """Raises NotSentError unless the answer is a success."""
        colour = _COLOURS["resolved" if notice.state == "resolved" else notice.severity]
        body = {
            "username": "Puls",
            "text": notice.subject,
            "attachments": [
                {
                    "fallback": notice.subject,
                    "color": colour,
                    "title": notice.alert,
                    "title_link": notice.runbook_url,
                    "text": notice.text,
                }
            ],
        }
        await _post(self._http, self._url, body)


async def _post(http: httpx.AsyncClient, url: str, body: Mapping[str, Any]) -> None:
    try:
        answer = await http.post(url, json=body, timeout=SECONDS, follow_redirects=False)
    except httpx.HTTPError as error:
        raise NotSentError(f"The webhook did not answer ({type(error).__name__}).") from error
    if not answer.is_success:
        raise NotSentError(f"The webhook answered {answer.status_code}.")
