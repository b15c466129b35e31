"""Ways to tell people of an alert: e-mail, a webhook, a chat. Each sends one notice, in ten seconds or not at all."""

from typing import Protocol

from puls.alerts.notices import AlertNotice
from puls.errors import PulsError

SECONDS = 10.0
"""What one sending may take."""


class NotSentError(PulsError):
    """A notice of an alert was not taken by who should pass it on; it is tried again a minute later."""

    code = "notice_not_sent"


class Channel(Protocol):
    """One way out."""

    @property
    def name(self) -> str: ...

    async def send(self, notice: AlertNotice) -> None:
        """Raises NotSentError when it was not taken."""
        ...
