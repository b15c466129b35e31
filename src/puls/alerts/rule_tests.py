"""A test for `promtool test rules` of every alert: it fires on its fault, it is silent without, every recording has a sample.

Pure; made from the same promises as the rules. Enter at `rule_tests`.
"""

from collections.abc import Iterator
from typing import Any

from puls.alerts.objectives import Events, Gauge, Objective, Share, Watched
from puls.alerts.prometheus import JOB

_ALL = 10  # events a minute
_BAD = 9
_BURN_PAGE_MINUTES = 75
_BURN_TICKET_MINUTES = 90
_LOW_MINUTES = 20
_GAUGE_MINUTES = 40
_DAY = 1440
_DIES_AT = 600
_PAGED_WITHIN = 15
_Test = dict[str, Any]
_Groups = dict[str, list[dict[str, Any]]]


def rule_tests(
    watched: Watched, groups: _Groups, histograms: frozenset[str], *, rules_file: str
) -> dict[str, Any]:
    """The contents of a file of rule tests."""
    series = _Series(histograms)
    alerts = {
        rule["alert"]: rule
        for group in groups["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    tests = [
        *_of_objectives(watched, alerts, series),
        *(_fires(alerts[one.name], series.of(one, _BAD), 25) for one in watched.share),
        *(
            _fires(alerts[one.name], _gauge(one, is_bad=True), _GAUGE_MINUTES)
            for one in watched.gauge
        ),
        _fires(alerts["PulsDown"], [_one(f'up{{job="{JOB}"}}', "0")], 5),
        _silent(watched, alerts, series),
        _records(watched, groups, series),
        *_one_a_minute(watched, alerts, series),
    ]
    return {"rule_files": [rules_file], "evaluation_interval": "1m", "tests": tests}


def _of_objectives(
    watched: Watched, alerts: dict[str, _Test], series: "_Series"
) -> Iterator[_Test]:
    for rule in watched.objective:
        given = series.of(rule, _BAD)
        for severity in rule.severities:
            minutes = _BURN_PAGE_MINUTES if severity == "page" else _BURN_TICKET_MINUTES
            yield _fires(alerts[rule.alert(severity, "burn")], given, minutes)
        if rule.low_volume is not None:
            yield _fires(alerts[rule.alert(rule.low_volume.severity, "low")], given, _LOW_MINUTES)


def _fires(alert: _Test, given: list[_Test], minutes: int) -> _Test:
    return {
        "name": f"{alert['alert']} fires on its fault",
        "interval": "1m",
        "input_series": given,
        "alert_rule_test": [_expected(alert, minutes, is_firing=True)],
    }


def _expected(alert: _Test, minutes: int, *, is_firing: bool) -> _Test:
    labels = dict(alert["labels"])
    expression = alert["expr"]
    for label in ("slo", "condition"):
        if f'{{{label}="' in expression:
            labels[label] = expression.split(f'{{{label}="')[1].split('"')[0]
    said = [{"exp_labels": labels, "exp_annotations": alert["annotations"]}]
    return {
        "eval_time": f"{minutes}m",
        "alertname": alert["alert"],
        "exp_alerts": said if is_firing else [],
    }


def _silent(watched: Watched, alerts: dict[str, _Test], series: "_Series") -> _Test:
    """All is well: nothing is said."""
    return {
        "name": "all alerts are silent when all is well",
        "interval": "1m",
        "input_series": _well(watched, series),
        "alert_rule_test": [
            _expected(alert, minutes, is_firing=False)
            for alert in alerts.values()
            for minutes in (_LOW_MINUTES, _BURN_PAGE_MINUTES)
        ],
    }


def _records(watched: Watched, groups: _Groups, series: "_Series") -> _Test:
    """Each recording gives one sample, under traffic and while nobody asks anything."""
    asked = []
    for group in groups["groups"]:
        for rule in group["rules"]:
            if "record" in rule:
                label, value = next(iter(rule["labels"].items()))
                asked.append(f'count({rule["record"]}{{{label}="{value}"}})')
    return {
        "name": "each recording rule returns a sample",
        "interval": "1m",
        "input_series": _well(watched, series),
        "promql_expr_test": [
            {"expr": one, "eval_time": f"{minutes}m", "exp_samples": [{"labels": "{}", "value": 1}]}
            for one in asked
            for minutes in (0, 30)
        ],
    }


def _one_a_minute(watched: Watched, alerts: dict[str, _Test], series: "_Series") -> Iterator[_Test]:
    """A small Puls: a day of one question a minute with four failures pages nobody; an outage pages within 15 minutes."""
    pages = [alert for alert in alerts.values() if alert["labels"]["severity"] == "page"]
    rules = {rule.name: rule for rule in watched.objective}
    quiet: list[_Test] = [_one(f'up{{job="{JOB}"}}', f"1x{_DAY}")]
    dead: list[_Test] = [_one(f'up{{job="{JOB}"}}', f"1x{_DAY}")]
    for name in ("availability", "answers"):
        rule = rules[name]
        quiet += series.of(rule, failures=(100, 101, 700, 1200))
        dead += series.of(rule, dead_from=_DIES_AT)
    yield {
        "name": "one question a minute, four failures in a day: nobody is paged",
        "interval": "1m",
        "input_series": quiet,
        "alert_rule_test": [
            _expected(alert, minutes, is_firing=False)
            for alert in pages
            for minutes in (102, 106, 115, 400, 702, 710, 1202, 1430)
        ],
    }
    yield {
        "name": "one question a minute, then none is answered: paged within a quarter of an hour",
        "interval": "1m",
        "input_series": dead,
        "alert_rule_test": [
            _expected(
                alerts[rules[name].alert("page", "low")], minutes, is_firing=minutes > _DIES_AT
            )
            for name in ("availability", "answers")
            for minutes in (_DIES_AT - 1, _DIES_AT + _PAGED_WITHIN)
        ],
    }


def _well(watched: Watched, series: "_Series") -> list[_Test]:
    given = [_one(f'up{{job="{JOB}"}}', "1x200")]
    for rule in watched.counted:
        given += series.of(rule, 0)
    for gauge in watched.gauge:
        given += _gauge(gauge, is_bad=False)
    return list({one["series"]: one for one in given}.values())


class _Series:
    def __init__(self, histograms: frozenset[str]) -> None:
        self._histograms = histograms

    def of(
        self,
        rule: Objective | Share,
        bad: int = 0,
        *,
        failures: tuple[int, ...] = (),
        dead_from: int | None = None,
    ) -> list[_Test]:
        """Ten events a minute of which `bad` are; or one a minute, bad at `failures` or from `dead_from` on."""
        if failures or dead_from is not None:
            is_bad = [
                minute in failures or (dead_from is not None and minute >= dead_from)
                for minute in range(_DAY)
            ]
            bads, goods = _steps(is_bad), _steps([not one for one in is_bad])
        else:
            length = _BURN_TICKET_MINUTES + 20
            bads, goods = f"0+{bad}x{length}", f"0+{_ALL - bad}x{length}"
        if rule.bad.over is not None:
            return self._histogram(rule.bad, bad)
        return [
            _one(self._name(rule.bad, _labels_of_bad(rule.bad)), bads),
            _one(self._name(rule.bad, _labels_of_good(rule)), goods),
        ]

    def _name(self, events: Events, labels: dict[str, str]) -> str:
        name = events.metric.value
        if name in self._histograms:
            name += "_count"
        return name + _labels(labels)

    def _histogram(self, events: Events, bad: int) -> list[_Test]:
        name, length = events.metric.value, _BURN_TICKET_MINUTES + 20
        return [
            _one(f"{name}_count", f"0+{_ALL}x{length}"),
            _one(f'{name}_bucket{{le="{float(events.over or 0)}"}}', f"0+{_ALL - bad}x{length}"),
        ]


def _labels_of_bad(events: Events) -> dict[str, str]:
    labels = {label: values[0] for label, values in events.labels.items()}
    return labels | dict.fromkeys(events.without, "some_fault")


def _labels_of_good(rule: Objective | Share) -> dict[str, str]:
    labels = {label: values[0] for label, values in rule.total.labels.items()}
    for label, values in rule.bad.labels.items():
        among = rule.total.labels.get(label, ("good",))
        labels[label] = next((one for one in among if one not in values), among[0])
    return labels | {label: values[0] for label, values in rule.bad.without.items()}


def _gauge(rule: Gauge, *, is_bad: bool) -> list[_Test]:
    limit = rule.above if rule.above is not None else rule.below
    assert limit is not None
    length = 200
    if rule.of is not None:
        missing = 50 if is_bad else 0
        label = next(iter(rule.gauge.labels))
        name = rule.of.metric.value
        return [
            _one(f'{name}{{{label}="{rule.gauge.labels[label][0]}"}}', f"{missing}x{length}"),
            _one(f'{name}{{{label}="other"}}', f"{100 - missing}x{length}"),
        ]
    beyond = limit + 0.5 if rule.above is not None else limit / 2
    within = limit / 2 if rule.above is not None else limit + 0.5
    name = rule.gauge.metric.value + _labels({k: v[0] for k, v in rule.gauge.labels.items()})
    return [_one(name, f"{beyond if is_bad else within:g}x{length}")]


def _steps(happens: list[bool]) -> str:
    """A counter that grows in the minutes given."""
    total, values = 0, []
    for one in happens:
        total += one
        values.append(str(total))
    return " ".join(values)


def _labels(labels: dict[str, str]) -> str:
    written = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return f"{{{written}}}" if written else ""


def _one(series: str, values: str) -> _Test:
    return {"series": series, "values": values}
