"""A report for people: Markdown for a merge request, one HTML file that needs nothing else. Pure. JSON is `cases.json_of`."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from puls.evaluation.cases import Report
from puls.evaluation.comparing import Comparison, FigureChange

_MOST_CHANGES = 40  # cases told in Markdown; HTML and JSON have all
_MOST_WRONG = 40
_WHOLE = 0.9999


def markdown_of(report: Report, comparison: Comparison | None = None) -> str:
    """The figures, what changed, and the cases that are wrong or changed."""
    lines = [
        "# Evaluation",
        "",
        _about(report),
        "",
        *_figures(report, comparison),
        "",
    ]
    if report.left_out:
        lines += ["Left out: " + "; ".join(report.left_out) + ".", ""]
    if comparison is not None:
        lines += [*_verdict(comparison), "", *_changes(comparison)]
    else:
        lines += _wrong(report)
    return "\n".join(lines).rstrip() + "\n"


def _about(report: Report) -> str:
    return (
        f"{report.made_at:%Y-%m-%d %H:%M %Z}; sets: {', '.join(report.sets)}; "
        f"configuration: {report.configuration}; {len(report.cases)} cases in {report.seconds:.0f} s."
    )


def _figures(report: Report, comparison: Comparison | None) -> Iterator[str]:
    changes = {(one.part, one.name): one for one in comparison.figures} if comparison else {}
    yield "| part | figure | mean | cases |" + (" before | difference | |" if comparison else "")
    yield "|---|---|---|---|" + ("---|---|---|" if comparison else "")
    for part, named in report.means.items():
        for name, mean in named.items():
            row = f"| {part} | {name} | {mean:.3f} | {report.count(part, name)} |"
            if comparison:
                row += _beside(changes.get((part, name)))
            yield row


def _beside(change: FigureChange | None) -> str:
    if change is None:
        return " – | – | |"
    difference = f"{change.now - change.before:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
    return f" {change.before:.3f} | {difference} | {said_of(change)} |"


def said_of(change: FigureChange) -> str:
    """One word."""
    if change.is_worse:
        return "worse"
    return "better" if change.is_better else ""


def _verdict(comparison: Comparison) -> Iterator[str]:
    if comparison.is_worse:
        yield "**Worse than the baseline.** " + " ".join(comparison.sentences)
    else:
        yield "Not worse than the baseline beyond noise."
    if comparison.added:
        yield f"{comparison.added} cases are new."


def _changes(comparison: Comparison) -> Iterator[str]:
    if not comparison.cases:
        yield "No case changed."
        return
    yield f"## {len(comparison.cases)} cases changed"
    yield ""
    for one in comparison.cases[:_MOST_CHANGES]:
        moved = ", ".join(
            f"{name} {before:.2f} → {now:.2f}" for name, (before, now) in one.figures.items()
        )
        yield f"- `{one.now.part}/{one.now.id}` {_cell(one.now.text)}: {moved}"
    if len(comparison.cases) > _MOST_CHANGES:
        yield f"- … and {len(comparison.cases) - _MOST_CHANGES} more (all are in the HTML and the JSON)."


def _wrong(report: Report) -> Iterator[str]:
    wrong = [
        case for case in report.cases if any(value < _WHOLE for value in case.figures.values())
    ]
    yield f"## {len(wrong)} cases are not wholly right"
    yield ""
    for case in wrong[:_MOST_WRONG]:
        low = ", ".join(
            f"{name} {value:.2f}" for name, value in case.figures.items() if value < _WHOLE
        )
        yield f"- `{case.part}/{case.id}` {_cell(case.text)}: {low}"
    if len(wrong) > _MOST_WRONG:
        yield f"- … and {len(wrong) - _MOST_WRONG} more."


def _cell(text: str) -> str:
    """Others' words on one line, without what Markdown would obey."""
    return " ".join(text.replace("|", "¦").replace("`", "'").split())[:160]


def html_of(report: Report, comparison: Comparison | None = None) -> str:
    """One page with every case, made to be opened from a file: no script and nothing from elsewhere."""
    changes = {one.now.key: one.figures for one in comparison.cases} if comparison else {}
    figures = {(one.part, one.name): one for one in comparison.figures} if comparison else {}
    context: dict[str, Any] = {
        "report": report,
        "comparison": comparison,
        "changes": changes,
        "figures": figures,
        "said_of": said_of,
        "whole": _WHOLE,
    }
    return _page().render(context)


@cache
def _page() -> Template:
    text = files("puls.evaluation").joinpath("report.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
