"""`puls chat`: the same conversation as over HTTP, in a terminal or line by line from a pipe."""

import getpass
import sys
from collections.abc import Iterable
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import typer
from rich.markup import escape

from puls.api.chat_shapes import shape_of
from puls.bootstrap import Puls
from puls.cli.output import AsJson, console, run
from puls.cli.understand import position_of
from puls.conversation.turn import EventsFound, Failed, Finished, Said, TextWritten, TurnRequest
from puls.identity.visitor import Visitor
from puls.understanding.given import Given

_GOODBYES = {"exit", "quit", "quitter", ":q"}


def chat(
    message: Annotated[
        str, typer.Argument(help="One message; without it, a conversation line by line.")
    ] = "",
    *,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Your position.")] = None,
    conversation: Annotated[UUID | None, typer.Option(help="Go on with this conversation.")] = None,
    as_json: AsJson = False,
) -> None:
    """Talk with Puls; follow-ups are understood, and the conversation is kept."""
    given = Given(position=position_of(near))

    async def work(puls: Puls) -> bool:
        visitor = Visitor(id=uuid5(NAMESPACE_URL, f"puls:terminal:{getpass.getuser()}"))
        going_on = conversation
        is_well = True
        for text in [message] if message else _lines():
            request = TurnRequest(
                text=text,
                request_id=uuid4(),
                conversation_id=going_on,
                given=given,
                position=given.position,
                timezone=puls.settings.timezone,
            )
            async for event in puls.assistant.converse(visitor, request):
                if as_json:
                    name, shape = shape_of(event, timezone=request.timezone)
                    sys.stdout.write(f'{{"event": "{name}", "data": {shape.model_dump_json()}}}\n')
                else:
                    _say(event)
                if isinstance(event, Finished | Failed):
                    going_on = event.conversation_id
                    is_well = isinstance(event, Finished)
        return is_well

    if not run(work):
        raise typer.Exit(1)


def _lines() -> Iterable[str]:
    """What is typed or piped, until an empty end or a goodbye."""
    is_terminal = sys.stdin.isatty()
    while True:
        if is_terminal:
            console.print("[bold]›[/bold] ", end="")
        line = sys.stdin.readline()
        if not line or line.strip().lower() in _GOODBYES:
            return
        if line.strip():
            if not is_terminal:
                console.print(f"[bold]›[/bold] {escape(line.strip())}")
            yield line.strip()


def _say(event: object) -> None:
    match event:
        case TextWritten(text=text):
            console.print(text, end="", markup=False, soft_wrap=True)
        case EventsFound():
            pass  # the text tells them
        case Said(notice=notice):
            console.print(f"({notice.fr})", style="dim", markup=False)
        case Failed(notice=notice):
            console.print(f"\n{notice.fr}", markup=False)
        case Finished():
            console.print("\n")
        case _:
            pass
