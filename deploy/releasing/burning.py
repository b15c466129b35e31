"""Whether visitors suffer, by the promises of src/puls/alerts/slo.toml: from Prometheus, where one is reachable.

The factor is that of the fastest alert (14.4: a month's budget in two days); the fewest bad events guard quiet hours.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import httpx

FASTEST = 14.4
_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`budget`: the share that may fail; `min_bad`: fewer failures in 15 minutes say nothing."""

    name: str
    budget: float
    min_bad: float


def promises() -> list[Promise]:
    """Those of the project's one file."""
    text = (resources.files("puls.alerts") / "slo.toml").read_text(encoding="utf-8")
    return [
        Promise(name=one["name"], budget=1 - one["objective"], min_bad=one["min_bad"])
        for one in tomllib.loads(text)["objective"]
    ]


def burning(
    kept: list[Promise], ratios: Mapping[str, float], bad: Mapping[str, float], *, factor: float
) -> list[str]:
    """The promises whose budget burns faster than `factor` allows. Pure."""
    return [
        f"« {one.name} » burns its budget {ratios[one.name] / one.budget:.1f} times too fast."
        for one in kept
        if ratios.get(one.name, 0.0) > factor * one.budget and bad.get(one.name, 0.0) >= one.min_bad
    ]


class Prometheus:
    """Reads the recording rules of deploy/prometheus. One that does not answer is a finding: who cannot look must not go on."""

    def __init__(self, url: str, *, factor: float = FASTEST) -> None:
        self._url = url.rstrip("/")
        self._factor = factor

    def wrong(self) -> list[str]:
        """What burns, a sentence each."""
        try:
            ratios = self._by_promise("puls:slo_errors:ratio_rate5m")
            bad = self._by_promise("puls:slo_bad:increase15m")
        except (httpx.HTTPError, KeyError, ValueError) as error:
            return [f"Prometheus cannot be asked: {type(error).__name__}."]
        return burning(promises(), ratios, bad, factor=self._factor)

    def _by_promise(self, metric: str) -> dict[str, float]:
        answer = httpx.get(f"{self._url}/api/v1/query", params={"query": metric}, timeout=_SECONDS)
        answer.raise_for_status()
        rows: list[Any] = answer.json()["data"]["result"]
        return {str(one["metric"]["slo"]): float(one["value"][1]) for one in rows}
