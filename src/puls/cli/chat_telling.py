"""What `puls chat` prints: answers, links that a terminal opens (OSC 8) or footnotes where none would, help. Enter at `Telling`."""

import re
from typing import Final

from rich.console import Console
from rich.text import Text

from puls.cli.output import console, plain, say_error
from puls.conversation.markdown import LINK
from puls.conversation.turn import Failed, Finished, Said, TextWritten, TurnEvent

HELP: Final = """\
Écrivez comme vous parlez : « jazz à Lyon samedi », puis « et gratuit ? », « la deuxième, c'est où ? ».
  /nouveau   recommencer : ce qui a été dit ne compte plus
  /aide      cette aide
  /quitter   partir (aussi : une ligne vide, Ctrl-D, Ctrl-C)"""
_WEB: Final = re.compile(r"https?://[!-~]+")


class Telling:
    """Prints one conversation. `is_linking`: the terminal makes links of OSC 8; None: it does when it is one."""

    def __init__(self, *, on: Console = console, is_linking: bool | None = None) -> None:
        self._console = on
        self._is_linking = on.is_terminal if is_linking is None else is_linking
        self._notes: list[str] = []

    def tell(self, event: TurnEvent) -> None:
        """Print what an event says to a person; what the text tells anyway is passed over."""
        match event:
            case TextWritten(text=text):
                self._console.print(self._with_links(text), end="", soft_wrap=True)
            case Said(notice=notice):
                self._console.print(plain(f"({notice.fr})"), style="dim", markup=False)
            case Failed(notice=notice):
                self._console.print()
                say_error(notice.fr)
                self._notes.clear()
            case Finished():
                self._console.print("\n")
                self._tell_notes()
            case _:
                pass

    def _with_links(self, text: str) -> Text:
        words = Text()
        end = 0
        for link in LINK.finditer(text):
            words.append(plain(text[end : link.start()].replace("**", "")))
            self._append(words, plain(link["label"].replace("**", "")), link["address"])
            end = link.end()
        return words.append(plain(text[end:].replace("**", "")))

    def _append(self, words: Text, label: str, address: str) -> None:
        """Only addresses of the web; whatever else an answer might hold is words."""
        if _WEB.fullmatch(address) is None:
            words.append(label)
        elif self._is_linking:
            words.append(label, style=f"underline link {address}")
        else:
            if address not in self._notes:
                self._notes.append(address)
            words.append(f"{label} [{self._notes.index(address) + 1}]")

    def _tell_notes(self) -> None:
        for number, address in enumerate(self._notes, start=1):
            self._console.print(f"[{number}] {address}", markup=False, soft_wrap=True)
        if self._notes:
            self._console.print()
        self._notes.clear()
