"""A month's bill: lines with their service, and sums that are exact until they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Service = Literal[
    "compute", "database", "network", "storage", "watching", "security", "model", "web"
]
SERVICES: tuple[Service, ...] = (
    "compute", "database", "network", "storage", "watching", "security", "model", "web",
)  # fmt: skip
SERVICE_NAMES: Mapping[Service, str] = {
    "compute": "calcul", "database": "base", "network": "réseau", "storage": "fichiers", "watching": "observation",
    "security": "sécurité", "model": "modèle", "web": "web",
}  # fmt: skip
BY_ANSWER: frozenset[Service] = frozenset({"model", "web"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `eur`: before tax. `resource`: what of the inventory it pays, None for what no template makes."""

    service: Service
    what: str
    quantity: Decimal
    unit: str
    unit_eur: Decimal
    price: str
    resource: str | None = None

    @property
    def eur(self) -> Decimal:
        return self.quantity * self.unit_eur


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A month of one scenario on one cloud. `notes`: what the sum rests on that a reader must know."""

    scenario: str
    cloud: str
    answers: Decimal
    visitors: Decimal
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def eur(self) -> Decimal:
        return sum((line.eur for line in self.lines), Decimal(0))

    @property
    def eur_by_answers(self) -> Decimal:
        """What grows with each answer: model and web search."""
        return sum((line.eur for line in self.lines if line.service in BY_ANSWER), Decimal(0))

    @property
    def eur_fixed(self) -> Decimal:
        """Everything else: it grows by steps."""
        return self.eur - self.eur_by_answers

    @property
    def eur_per_answer(self) -> Decimal:
        return self.eur / self.answers

    @property
    def eur_per_visitor(self) -> Decimal:
        return self.eur / self.visitors

    def of(self, service: Service) -> Decimal:
        """The euros of one service."""
        return sum((line.eur for line in self.lines if line.service == service), Decimal(0))
