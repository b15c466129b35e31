"""The same promises as recording rules and alerts of Prometheus. Pure; `scripts/make_alerts.py` writes the files.

Every vector of an expression is summed to one series before it is compared, and none may be empty: a label that does not
match can neither silence an alert nor empty a panel. Enter at `rule_groups`.
"""

from collections.abc import Iterator
from typing import Any

from puls.alerts.objectives import (
    LOW_VOLUME_MINUTES,
    Events,
    Gauge,
    Objective,
    Rule,
    Severity,
    Share,
    Watched,
)

RUNBOOKS = "https://github.com/puls-events/puls/blob/main/docs/runbooks"
JOB = "puls"
"""The job of the scrape configuration; `up{job="puls"}` says whether Puls answers."""

_Group = dict[str, Any]


def rule_groups(
    watched: Watched, histograms: frozenset[str], *, runbooks: str = RUNBOOKS
) -> dict[str, list[_Group]]:
    """The contents of a rules file. `histograms`: names of the families that are."""
    writer = _Writer(histograms, runbooks)
    return {
        "groups": [
            *(writer.of_objective(rule) for rule in watched.objective),
            {"name": "puls-shares", "rules": [*writer.of_shares(watched.share)]},
            {"name": "puls-gauges", "rules": [writer.of_gauge(rule) for rule in watched.gauge]},
            {"name": "puls-up", "rules": [writer.of_up()]},
        ]
    }


def window(minutes: int) -> str:
    """A duration as Prometheus writes it: 5m, 6h, 3d."""
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


class _Writer:
    def __init__(self, histograms: frozenset[str], runbooks: str) -> None:
        self._histograms = histograms
        self._runbooks = runbooks

    def of_objective(self, rule: Objective) -> _Group:
        pairs = list(rule.pairs)
        spans = sorted(
            {m for _, _, long, short in pairs for m in (long, short)} | {LOW_VOLUME_MINUTES}
        )
        counted = sorted({long for _, _, long, _ in pairs} | {LOW_VOLUME_MINUTES})
        labels = {"slo": rule.name}
        rules: list[_Group] = [
            {
                "record": f"puls:slo_errors:ratio_rate{window(minutes)}",
                "expr": self._ratio(rule, minutes),
                "labels": labels,
            }
            for minutes in spans
        ]
        rules += [
            {
                "record": f"puls:slo_bad:increase{window(minutes)}",
                "expr": self._bad(rule, minutes),
                "labels": labels,
            }
            for minutes in counted
        ]
        rules += [self._burn(rule, severity) for severity in rule.severities]
        if rule.low_volume is not None:
            rules.append(self._low(rule))
        return {"name": f"puls-slo-{rule.name.replace('_', '-')}", "rules": rules}

    def _burn(self, rule: Objective, severity: Severity) -> _Group:
        chosen = f'{{slo="{rule.name}"}}'
        parts = [
            f"(puls:slo_errors:ratio_rate{window(long)}{chosen} > {threshold:g}"
            f" and puls:slo_errors:ratio_rate{window(short)}{chosen} > {threshold:g}"
            f" and puls:slo_bad:increase{window(long)}{chosen} >= {rule.min_bad})"
            for one, threshold, long, short in rule.pairs
            if one == severity
        ]
        return self._alert(rule, rule.alert(severity, "burn"), severity, "\nor\n".join(parts), 0)

    def _low(self, rule: Objective) -> _Group:
        low = rule.low_volume
        assert low is not None
        chosen, span = f'{{slo="{rule.name}"}}', window(LOW_VOLUME_MINUTES)
        # `increase` extrapolates: three failures may be told as 2.9.
        expression = (
            f"puls:slo_bad:increase{span}{chosen} > {low.bad - 0.5:g}"
            f" and puls:slo_errors:ratio_rate{span}{chosen} >= {low.share:g}"
        )
        return self._alert(rule, rule.alert(low.severity, "low"), low.severity, expression, 0)

    def of_shares(self, shares: tuple[Share, ...]) -> Iterator[_Group]:
        for rule in shares:
            labels = {"condition": rule.name}
            chosen = f'{{condition="{rule.name}"}}'
            yield {
                "record": "puls:condition:ratio",
                "expr": self._ratio(rule, rule.minutes),
                "labels": labels,
            }
            yield {
                "record": "puls:condition:bad",
                "expr": self._bad(rule, rule.minutes),
                "labels": labels,
            }
            expression = (
                f"puls:condition:ratio{chosen} >= {rule.at_least:g}"
                f" and puls:condition:bad{chosen} > {rule.min_bad - 0.5:g}"
            )
            yield self._alert(rule, rule.name, rule.severity, expression, 0)

    def of_gauge(self, rule: Gauge) -> _Group:
        sign, limit = (">", rule.above) if rule.above is not None else ("<", rule.below)
        name = rule.gauge.metric.value + _selector(rule.gauge)
        if rule.of is not None:
            value = f"sum({name}) / sum({rule.of.metric.value}{_selector(rule.of)})"
        else:
            value = f"{'max' if sign == '>' else 'min'}({name})"
        expression = f"{value} {sign} {limit:g}"
        return self._alert(rule, rule.name, rule.severity, expression, rule.minutes)

    def of_up(self) -> _Group:
        rule = Rule(
            name="PulsDown",
            says="Prometheus cannot read Puls.",
            fr="Puls ne répond plus.",
            runbook="down",
        )
        up = f'up{{job="{JOB}"}}'
        return self._alert(rule, rule.name, "page", f"min({up}) == 0 or absent({up})", 2)

    def _alert(
        self, rule: Rule, alert: str, severity: Severity, expression: str, minutes: int
    ) -> _Group:
        made: _Group = {"alert": alert, "expr": expression}
        if minutes:
            made["for"] = f"{minutes}m"
        return made | {
            "labels": {"severity": severity, "service": "puls"},
            "annotations": {
                "summary": rule.fr,
                "description": rule.says,
                "runbook_url": f"{self._runbooks}/{rule.runbook}.md",
            },
        }

    def _ratio(self, rule: Objective | Share, minutes: int) -> str:
        """Zero without traffic: an empty series would silence alert and panel alike."""
        bad, total = self._rate(rule.bad, minutes), self._rate(rule.total, minutes)
        return f"(({bad} or vector(0)) / ({total} > 0)) or vector(0)"

    def _bad(self, rule: Objective | Share, minutes: int) -> str:
        return f"{self._rate(rule.bad, minutes, 'increase')} or vector(0)"

    def _rate(self, events: Events, minutes: int, function: str = "rate") -> str:
        name, selector = events.metric.value, _selector(events)
        if name in self._histograms:
            name += "_count"
        counted = f"sum({function}({name}{selector}[{window(minutes)}]))"
        if events.over is None:
            return counted
        within = _selector(events, le=str(float(events.over)))
        bucket = f"{events.metric.value}_bucket{within}"
        return f"({counted} - sum({function}({bucket}[{window(minutes)}])))"


def _selector(events: Events, **more: str) -> str:
    parts = [f'{label}="{value}"' for label, value in more.items()]
    for label, values in events.labels.items():
        sign = "=" if len(values) == 1 else "=~"
        parts.append(f'{label}{sign}"{"|".join(values)}"')
    for label, values in events.without.items():
        sign = "!=" if len(values) == 1 else "!~"
        parts.append(f'{label}{sign}"{"|".join(values)}"')
    return f"{{{','.join(parts)}}}" if parts else ""
