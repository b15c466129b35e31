"""Alarms: each promise of slo.toml by its burn rate, and what AWS itself can tell of its own services.

A burn-rate alarm is two alarms that say nothing alone and one that speaks when both fire: nobody is woken by five bad minutes, nor
by an hour that is long over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from deploy.aws import slo
from deploy.aws.config import Environment
from deploy.aws.parts import collector

_LOW_VOLUME_SECONDS = 900
_RUNBOOKS = "docs/runbooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Bad events and all events, as sums over any period."""

    bad: cloudwatch.Metric
    total: cloudwatch.Metric


class Promised(Construct):
    """Alarms for every promise. `release_alarms` are those for which ECS takes a release back: quick, with any traffic."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        api_logs: logs.ILogGroup,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self._api_logs = api_logs
        self._action = actions.SnsAction(topic)
        self.release_alarms: list[cloudwatch.IAlarm] = []
        promises = slo.promises()
        signals = slo.signals()
        for objective in promises.objectives:
            self._burning(objective, self._ratio(objective, signals[objective.name]))
        for gauge in promises.gauges:
            if "metric" in signals[gauge.name]:
                self._beyond(gauge, signals[gauge.name]["metric"])

    def _ratio(self, objective: slo.Objective, signal: Mapping[str, Any]) -> Ratio:
        if "logs" in signal:
            return Ratio(
                bad=self._counted(objective, "bad", signal["logs"]["bad"]),
                total=self._counted(objective, "total", signal["logs"]["total"]),
            )
        metric = signal["metric"]
        return Ratio(
            bad=self._collected(metric, metric["bad"], "Sum"),
            total=self._collected(metric, metric["total"], "Sum"),
        )

    def _counted(self, objective: slo.Objective, which: str, text: str) -> cloudwatch.Metric:
        """Lines of the api's log that match, one each."""
        name = f"slo_{objective.name}_{which}"
        logs.MetricFilter(
            self,
            f"{objective.name}-{which}",
            log_group=self._api_logs,
            filter_pattern=logs.FilterPattern.literal(slo.pattern(text, objective)),
            metric_namespace=collector.namespace(self._environment),
            metric_name=name,
            metric_value="1",
        )
        return cloudwatch.Metric(
            namespace=collector.namespace(self._environment), metric_name=name, statistic="Sum"
        )

    def _collected(
        self, metric: Mapping[str, Any], labels: Mapping[str, str], statistic: str
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=collector.namespace(self._environment),
            metric_name=metric["name"],
            dimensions_map={"service.name": f"puls-{metric['service']}", **labels},
            statistic=statistic,
        )

    def _burning(self, objective: slo.Objective, ratio: Ratio) -> None:
        for number, pair in enumerate(objective.pairs(self._environment.spending.burn_pairs)):
            halves = [
                self._half(objective, ratio, pair, seconds, f"{objective.name}-{number}-{which}")
                for which, seconds in (("long", pair.long), ("short", pair.short))
            ]
            both = cloudwatch.CompositeAlarm(
                self,
                f"{objective.name}-{number}",
                composite_alarm_name=self._named(
                    f"{pair.severity}-{objective.name}-{pair.rate:g}x"
                ),
                alarm_description=_told(objective.says, objective.runbook),
                alarm_rule=cloudwatch.AlarmRule.all_of(*halves),
            )
            both.add_alarm_action(self._action)
            both.add_ok_action(self._action)
        if objective.low_volume is not None:
            self._few_and_all_bad(objective, ratio, *objective.low_volume)

    def _half(
        self, objective: slo.Objective, ratio: Ratio, pair: slo.Pair, seconds: int, name: str
    ) -> cloudwatch.Alarm:
        """Silent by itself. Fewer bad events than the promise's minimum in the long window count as none."""
        enough = objective.min_bad if seconds == pair.long else 1
        return self._alarm(
            name,
            _share(ratio, seconds, enough),
            threshold=round(pair.rate * objective.budget, 6),
            says=f"One half of {objective.name} at {pair.rate:g} times its budget.",
            runbook=objective.runbook,
        )

    def _few_and_all_bad(
        self, objective: slo.Objective, ratio: Ratio, bad: int, share: float
    ) -> None:
        alarm = self._alarm(
            f"{objective.name}-low-volume",
            _share(ratio, _LOW_VOLUME_SECONDS, bad),
            threshold=share,
            says=objective.says,
            runbook=objective.runbook,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        self.release_alarms.append(alarm)

    def _beyond(self, gauge: slo.Gauge, metric: Mapping[str, Any]) -> None:
        beyond = cloudwatch.ComparisonOperator
        alarm = cloudwatch.Alarm(
            self,
            gauge.name,
            alarm_name=self._named(f"{gauge.severity}-{gauge.name}"),
            alarm_description=_told(gauge.says, gauge.runbook),
            metric=self._collected(metric, {}, "Maximum" if gauge.is_above else "Minimum").with_(
                period=Duration.minutes(1)
            ),
            evaluation_periods=gauge.minutes,
            threshold=gauge.limit,
            comparison_operator=beyond.GREATER_THAN_THRESHOLD
            if gauge.is_above
            else beyond.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.MISSING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        says: str,
        runbook: str,
    ) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            name,
            alarm_name=self._named(name),
            alarm_description=_told(says, runbook),
            metric=metric,
            evaluation_periods=1,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _named(self, name: str) -> str:
        return f"puls-{self._environment.name}-{name}"


class Services(Construct):
    """Alarms on what AWS tells of its own: the same few for every environment."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self._action = actions.SnsAction(topic)

    def watch(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        says: str,
        runbook: str,
        minutes: int = 15,
        below: bool = False,
        absent_is_bad: bool = False,
    ) -> cloudwatch.Alarm:
        """`metric` beyond `threshold` for `minutes`, in periods of five."""
        operators = cloudwatch.ComparisonOperator
        missing = cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"puls-{self._environment.name}-{name}",
            alarm_description=_told(says, runbook),
            metric=metric,
            evaluation_periods=max(1, minutes // 5),
            threshold=threshold,
            comparison_operator=operators.LESS_THAN_THRESHOLD
            if below
            else operators.GREATER_THAN_THRESHOLD,
            treat_missing_data=missing.BREACHING if absent_is_bad else missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        return alarm


def _share(ratio: Ratio, seconds: int, enough: int) -> cloudwatch.MathExpression:
    """Bad events of all, 0 when there are fewer than `enough` bad ones."""
    period = Duration.seconds(seconds)
    return cloudwatch.MathExpression(
        expression=f"IF(bad >= {enough}, bad / total, 0)",
        using_metrics={
            "bad": ratio.bad.with_(period=period),
            "total": ratio.total.with_(period=period),
        },
        period=period,
        label="share of bad events",
    )


def _told(says: str, runbook: str) -> str:
    return f"{says} {_RUNBOOKS}/{runbook}.md"


def names_of(alarms: Sequence[cloudwatch.IAlarm]) -> list[str]:
    """What ECS wants: the names."""
    return [alarm.alarm_name for alarm in alarms]
