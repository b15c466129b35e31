"""`docs/fetching.md`, printed from the cases that the tests run: `python -m tests.outside.guard_table > docs/fetching.md`."""

import sys

from tests.outside.guarded_addresses import (
    ALLOWED_BY_ADDRESS,
    READ_AS_WRITTEN,
    REFUSED_AS_WRITTEN,
    REFUSED_BY_ADDRESS,
)
from tests.outside.guarded_behaviours import BEHAVIOURS

_LONGEST_SHOWN = 60


def table() -> str:
    """The page, as Markdown."""
    refused = sum(map(len, REFUSED_BY_ADDRESS.values()))
    written = sum(map(len, REFUSED_AS_WRITTEN.values()))
    behaviours = sum(map(len, BEHAVIOURS.values()))
    allowed = len(ALLOWED_BY_ADDRESS) + len(READ_AS_WRITTEN)
    lines = [
        "# What Puls reads on the web, and what it refuses",
        "",
        "Printed by `python -m tests.outside.guard_table` from the cases that `tests/outside/test_guard.py` runs, with the",
        "production guard on, against real servers on the loopback. Why it is built like this:",
        "[decision](decisions/fetching-guard.md).",
        "",
        f"**{refused + written + behaviours + allowed} cases**: {refused} addresses and {written} links that are refused,",
        f"{allowed} that pass, {behaviours} behaviours.",
        "",
        "## A name leads to a refused address: never dialled",
        "",
        "| kind | addresses |",
        "|---|---|",
    ]
    lines += [f"| {kind} | {_all(group)} |" for kind, group in REFUSED_BY_ADDRESS.items()]
    lines += ["", "These pass: " + _all(ALLOWED_BY_ADDRESS) + ".", ""]
    lines += [
        "## A link is refused as it is written: not even looked up",
        "",
        "| kind | links |",
        "|---|---|",
    ]
    lines += [f"| {kind} | {_all(group)} |" for kind, group in REFUSED_AS_WRITTEN.items()]
    lines += ["", "## A link is read, in one form", "", "| written | read as |", "|---|---|"]
    lines += [f"| {_code(url)} | {_code(read_as)} |" for url, read_as in READ_AS_WRITTEN.items()]
    lines += ["", "## Behaviours", "", "| | what it does | what becomes of it |", "|---|---|---|"]
    lines += [
        f"| {group if n == 0 else ''} | {_cell(row.does)} | {row.outcome} |"
        for group, rows in BEHAVIOURS.items()
        for n, row in enumerate(rows)
    ]
    return "\n".join(lines) + "\n"


def _all(texts: tuple[str, ...]) -> str:
    return ", ".join(_code(text) for text in texts)


def _code(text: str) -> str:
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    escaped = shown.encode("unicode_escape").decode() if not shown.isprintable() else shown
    return f"`{_cell(escaped)}`" if text else "nothing"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(table())
