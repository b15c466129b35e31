"""What `puls chat` prints of an answer: words, and links that can be followed."""

import io

from rich.console import Console

from puls.cli.chat_telling import Telling
from puls.conversation.turn import TextWritten

ANSWER = "**Jazz** : [Les Doigts](https://example.org/a_b?c=1), [menu](javascript:alert) et [Les Doigts](https://example.org/a_b?c=1)."


def told(*, is_linking: bool) -> tuple[str, Telling]:
    out = io.StringIO()
    telling = Telling(
        on=Console(file=out, force_terminal=is_linking, width=80, highlight=False),
        is_linking=is_linking,
    )
    telling.tell(TextWritten(text=ANSWER, uids=()))
    telling._tell_notes()
    return out.getvalue(), telling


def test_a_pipe_gets_footnotes() -> None:
    """One number an address; what is no address of the web is words."""
    assert told(is_linking=False)[0] == (
        "Jazz : Les Doigts [1], menu et Les Doigts [1].[1] https://example.org/a_b?c=1\n\n"
    )


def test_a_terminal_gets_links_that_it_opens() -> None:
    said, _ = told(is_linking=True)
    assert "\x1b]8;" in said
    assert "https://example.org/a_b?c=1" in said
    assert "javascript" not in said
    assert "](" not in said
