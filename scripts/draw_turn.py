"""Writes docs/turn.md: the graph of a turn, drawn from the code. Part of `make docs`."""

from pathlib import Path
from typing import Any, cast

from puls.conversation.graph import turn_graph
from puls.conversation.steps import Steps

PAGE = Path(__file__).parents[1] / "docs" / "turn.md"
_TEXT = """\
# The life of a turn

Drawn from `puls.conversation.graph` by `make docs`; do not edit. What each step does is said in `puls.conversation.steps`.

```mermaid
{diagram}
```

What the client is sent, in this order: `wish` (what was understood), `events` (before a word is written), `token` (a checked
piece of the answer, as often as needed), then `done` or `error`; `notice` in between. A turn is stored when it begins and
when it ends; nothing is stored in between, and no database connection is held while a model writes.
"""


def page() -> str:
    """The whole text of docs/turn.md."""
    graph = turn_graph(cast("Steps", _Nothing()))
    return _TEXT.format(diagram=graph.get_graph().draw_mermaid().strip())


class _Nothing:
    """Steps that are drawn and never run."""

    def __getattr__(self, name: str) -> Any:
        return name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
