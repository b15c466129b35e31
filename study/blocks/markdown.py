"""Tables and lists in Markdown. Pure."""

from collections.abc import Iterable, Sequence

_NAMES = {"pgvector", "e5-small"}  # written small wherever they stand


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """A table; `right` are columns of numbers."""
    rule = ["--:" if index in right else "---" for index in range(len(head))]
    lines = [_row(head), "|" + "|".join(rule) + "|", *(_row(row) for row in rows)]
    return "\n".join(lines)


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    if not text:
        return text
    first = text.split(" ", maxsplit=1)[0]
    is_name = first in _NAMES or any(sign.isdigit() for sign in first)
    start = text[0] if is_name else text[0].upper()
    return start + text[1:] + ("" if text[-1] in ".!?…" else ".")
