"""What people are told of an alert: French first, with the figure, the limit and the runbook. Nobody's words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from puls.alerts.objectives import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNotice:
    """One message. `since` is aware; `where`: the address of the Puls it is about, or its host's name."""

    alert: str
    severity: Severity
    state: Literal["firing", "resolved"]
    fr: str
    says: str
    value: float | None
    limit: float | None
    since: datetime
    runbook_url: str
    where: str

    @property
    def subject(self) -> str:
        """One line: what, how urgent, where."""
        urgency = "URGENT" if self.severity == "page" else "À traiter"
        return f"[Puls] {'Résolu' if self.state == 'resolved' else urgency} : {self.alert}"

    @property
    def text(self) -> str:
        """A short message for people."""
        over = "C’est résolu : " if self.state == "resolved" else ""
        lines = [f"{over}{self.fr}"]
        if self.value is not None and self.limit is not None:
            lines.append(f"Mesure : {_figure(self.value)} (seuil : {_figure(self.limit)})")
        lines += [
            f"Depuis : {self.since.isoformat(timespec='minutes')}",
            f"Où : {self.where}",
            f"Que faire : {self.runbook_url}",
            "",
            f"({self.says})",
        ]
        return "\n".join(lines)

    @property
    def as_json(self) -> Mapping[str, Any]:
        """For programs; field names are stable."""
        return {
            "alert": self.alert,
            "state": self.state,
            "severity": self.severity,
            "summary": self.fr,
            "summary_en": self.says,
            "value": self.value,
            "limit": self.limit,
            "since": self.since.isoformat(),
            "runbook_url": self.runbook_url,
            "where": self.where,
        }


def _figure(value: float) -> str:
    return f"{value:.4g}".replace(".", ",")
