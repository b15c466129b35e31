"""The same load, their price and ours: the public answers to this brief put through our model. Enter at `comparisons`."""

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from puls.costing.clouds import CLOUDS, Cloud
from puls.costing.money import exact
from puls.costing.prices import PriceTable
from puls.costing.running import bill_of
from puls.costing.scenarios import Scenario, scenarios

_DAYS: Final = Decimal(30)
# Which of AWS's templates a load is taken to need: requests a day below which it is enough.
_SMALL: Final = Decimal(400)
_MIDDLE: Final = Decimal(10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One price that a peer states, and ours at the same load. Euros a month; `ours` by cloud."""

    peer: str
    label: str
    cloud: Cloud
    requests: Decimal
    theirs: Decimal
    ours: Mapping[Cloud, Decimal]

    @property
    def alike(self) -> Decimal:
        """Ours on the cloud they chose."""
        return self.ours[self.cloud]

    @property
    def cheapest(self) -> tuple[Cloud, Decimal]:
        """Our cheapest."""
        cloud = min(self.ours, key=lambda one: self.ours[one])
        return cloud, self.ours[cloud]

    @property
    def why_not_below(self) -> str | None:
        """The reason, when ours on their cloud is not below theirs."""
        if self.alike < self.theirs:
            return None
        return (
            "À cette charge le coût fixe domine : notre gabarit tourne jour et nuit (base gérée avec retour à un instant, pare-feu, "
            "alarmes, clés, réseau privé) et ne compte aucune part gratuite ni arrêt hors usage."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A public answer. `build_eur` and `points` as it states them."""

    id: str
    cloud: Cloud
    build_eur: Decimal | None
    points: tuple[tuple[str, Decimal, Decimal], ...]


def peers() -> tuple[Peer, ...]:
    """All seven; three state no price."""
    text = importlib.resources.files("puls.costing").joinpath("peers.toml").read_text("utf-8")
    table = tomllib.loads(text, parse_float=Decimal)
    per_user = exact(table["questions_per_user_day"]["value"])
    return tuple(_peer(entry, per_user) for entry in table["peer"])


def at_load(requests: Decimal, *, based_on: Scenario | None = None) -> Scenario:
    """The scenario of so many requests a month, with the template that such a load needs."""
    base = based_on or scenarios()["s2"]
    a_day = requests / _DAYS
    environment = "dev" if a_day < _SMALL else "staging" if a_day < _MIDDLE else "production"
    return base.having(questions_per_day=a_day, aws_environment=environment)


def comparisons(prices: PriceTable) -> tuple[Comparison, ...]:
    """Every price that a peer states, in the order of the file."""
    return tuple(
        _compared(peer, label, requests, theirs, prices)
        for peer in peers()
        for label, requests, theirs in peer.points
    )


def _compared(
    peer: Peer, label: str, requests: Decimal, theirs: Decimal, prices: PriceTable
) -> Comparison:
    scenario = at_load(requests)
    return Comparison(
        peer=peer.id,
        label=label,
        cloud=peer.cloud,
        requests=requests,
        theirs=theirs,
        ours={cloud: bill_of(scenario, cloud, prices).eur for cloud in CLOUDS},
    )


def _peer(entry: Mapping[str, Any], per_user: Decimal) -> Peer:
    build = entry.get("build_eur")
    return Peer(
        id=entry["id"],
        cloud=entry["cloud"],
        build_eur=None if build is None else exact(build),
        points=tuple(
            (point["label"], _requests(point, per_user), exact(point["eur_month"]))
            for point in entry["points"]
        ),
    )


def _requests(point: Mapping[str, Any], per_user: Decimal) -> Decimal:
    if "requests_per_month" in point:
        return exact(point["requests_per_month"])
    if "requests_per_day" in point:
        return exact(point["requests_per_day"]) * _DAYS
    return exact(point["users_per_day"]) * per_user * _DAYS
