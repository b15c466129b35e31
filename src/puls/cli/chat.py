"""`puls chat`: the same conversation as over HTTP, in a terminal or line by line from a pipe.

Only the conversation is printed: what is logged goes to standard error, and only what is a warning.
"""

import getpass
import sys
from collections.abc import Iterable
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import typer

from puls.api.chat_shapes import shape_of
from puls.api.openai.shapes import as_far_as_read
from puls.bootstrap import Puls
from puls.cli.chat_telling import HELP, Telling
from puls.cli.opening import run
from puls.cli.output import AsJson, console, plain, print_json_text, say_error
from puls.cli.understand import position_of
from puls.conversation.turn import Failed, Finished, TurnEvent, TurnRequest
from puls.errors import InvalidInputError
from puls.identity.visitor import Visitor
from puls.understanding.given import Given

_GOODBYES = {"exit", "quit", "quitter", ":q", "/quitter", "/quit", "/exit", "/q"}
_HELP = {"/aide", "/help", "/?", "/h"}
_ANEW = {"/nouveau", "/new"}
_HOW_TO_LEAVE = "/aide pour l'aide ; une ligne vide ou /quitter termine la conversation."


def chat(
    message: Annotated[
        str, typer.Argument(help="One message; without it, a conversation line by line.")
    ] = "",
    *,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Your position.")] = None,
    conversation: Annotated[UUID | None, typer.Option(help="Go on with this conversation.")] = None,
    as_json: AsJson = False,
) -> None:
    """Talk with Puls; follow-ups are understood, and the conversation is kept. Exits with 1 if a turn failed."""
    given = Given(position=position_of(near))

    async def work(puls: Puls) -> bool:
        visitor = Visitor(id=uuid5(NAMESPACE_URL, f"puls:terminal:{getpass.getuser()}"))
        going_on = conversation
        is_well = True
        telling = Telling()
        for line in [message] if message else _lines():
            if line in _ANEW:
                going_on = None
                continue
            text, is_cut = as_far_as_read(line)
            if is_cut:
                say_error("Message trop long : seule sa fin a été lue.")
            request = TurnRequest(
                text=text,
                request_id=uuid4(),
                conversation_id=going_on,
                given=given,
                position=given.position,
                timezone=puls.settings.timezone,
            )
            ended: TurnEvent | None = None
            async for event in puls.assistant.converse(visitor, request):
                if as_json:
                    name, shape = shape_of(event, timezone=request.timezone)
                    print_json_text(f'{{"event": "{name}", "data": {shape.model_dump_json()}}}')
                else:
                    telling.tell(event)
                ended = event
            if isinstance(ended, Finished | Failed):
                going_on = ended.conversation_id
            is_well = is_well and isinstance(ended, Finished)
        return is_well

    if message and not message.strip():
        raise InvalidInputError("Say something: the message is blank.")
    if not run(work, is_quiet=True):
        raise typer.Exit(1)


def _lines() -> Iterable[str]:
    """What is typed or piped, until its end or a goodbye; at a terminal also until an empty line."""
    is_terminal = sys.stdin.isatty()
    if is_terminal:
        console.print(_HOW_TO_LEAVE, style="dim", markup=False)
    while True:
        if is_terminal:
            console.print("[bold]›[/bold] ", end="")
        line = sys.stdin.readline()
        if not line or line.strip().lower() in _GOODBYES:
            return
        if line.strip().lower() in _HELP:
            console.print(HELP, markup=False)
        elif line.strip().lower() in _ANEW:
            console.print("Nouvelle conversation.", style="dim", markup=False)
            yield line.strip().lower()
        elif line.strip():
            if not is_terminal:
                console.print(f"› {plain(line.strip())}", style="bold", markup=False)
            yield line.strip()
        elif is_terminal:
            return
