"""What is promised, as a page for people: the table of objectives and what an empty error budget means. Pure.

Enter at `policy`; `scripts/make_alerts.py` writes docs/monitoring/slo.md with it.
"""

from puls.alerts.objectives import Gauge, Objective, Share, Watched

_MINUTES_A_DAY = 1440

_POLICY = """
## When an error budget is spent
The budget of an objective is what may go wrong in {days} days. It is there to be spent: on releases, experiments, moves.

1. **More than half of it left**: release as you like.
2. **Less than half left**: each release names the objective at risk and how it is rolled back.
3. **Spent**: only what mends that objective, and what the law or safety asks for, is released, until the {days}-day figure is back
   within the objective. Live experiments (`PULS_EXPERIMENT`) stop. Who decides otherwise writes down why, in LOG.md.
4. An incident that spends a fifth of a budget alone gets a written review within five days: what was seen when, which alert
   fired, what would have found it sooner; its remedy becomes an issue.

*Pages* wake somebody, at any hour: visitors do not get what they came for, now. *Tickets* wait for working hours: they will not,
soon. An alert that asked for nothing to be done is a bug: raise its threshold in `slo.toml` or take it out.

## How the alerts work
Each objective is watched at the burn rates of Google's SRE workbook for {days} days, over a long window and a twelfth of it, so
that an alert comes quickly and ends quickly:

| severity | burn rate | long window | short window | budget spent by then |
|---|---|---|---|---|
| page | 14.4 | 1 h | 5 min | 2 % |
| page | 6 | 6 h | 30 min | 5 % |
| ticket | 3 | 1 d | 2 h | 10 % |
| ticket | 1 | 3 d | 6 h | 10 % |

With little traffic a single failure is a large share. So each burn alert asks for a number of bad events as well, and a rule of
its own pages for a few failures in 15 minutes that are also most of what was asked. A burn rate times its budget must stay
below 1, or the alert could never fire: the generator refuses it.

The same rules are judged twice: by Prometheus (`deploy/prometheus/rules/puls.yml`), and by Puls itself each minute, with no other
service (`puls.alerts`). The built-in judge cannot tell that Puls is dead; Prometheus' `PulsDown`, or anything outside that asks
`/health/ready`, can.
"""


def policy(watched: Watched) -> str:
    """The whole page in Markdown."""
    lines = [
        "# What Puls promises",
        "",
        "Made by `python -m scripts.make_alerts` from [slo.toml](../../src/puls/alerts/slo.toml); change that file, not this page.",
        "",
        "| objective | promise | of | budget | alerts | runbook |",
        "|---|---|---|---|---|---|",
        *(_row(rule, watched.window_days) for rule in watched.objective),
        "",
        "## Conditions",
        "What is no promise to visitors, and is told before it becomes one.",
        "",
        "| alert | severity | when | runbook |",
        "|---|---|---|---|",
    ]
    conditions: tuple[Share | Gauge, ...] = (*watched.share, *watched.gauge)
    lines += [
        f"| {rule.name} | {rule.severity} | {rule.says} | [{rule.runbook}](../runbooks/{rule.runbook}.md) |"
        for rule in conditions
    ]
    return "\n".join(lines) + "\n" + _POLICY.format(days=watched.window_days)


def _row(rule: Objective, days: int) -> str:
    alerts = [rule.alert(severity, "burn") for severity in rule.severities]
    if rule.low_volume is not None:
        alerts.append(rule.alert(rule.low_volume.severity, "low"))
    whole_days = f"{rule.budget * days * _MINUTES_A_DAY / 60:.1f} h of {days} days"
    return (
        f"| {rule.name} | {rule.objective:.1%} | {rule.says} | {rule.budget:.1%}, as {whole_days} | {', '.join(alerts)} "
        f"| [{rule.runbook}](../runbooks/{rule.runbook}.md) |"
    )
