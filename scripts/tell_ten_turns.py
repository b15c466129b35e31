"""Writes examples/ten-turns.md: the scripted conversation of `tests.conversation.ten_turns`, really had. Part of `make docs`.

A throwaway database with the sample catalogue, the composer, a frozen moment; words alone decide, without vectors, so
that the page is the same on every machine. A test has the conversation again and compares.
"""

import asyncio
import tempfile
from pathlib import Path

from tests.conversation import ten_turns
from tests.conversation.ten_turns import NOW, Told
from tests.serving import puls_over

from puls.bootstrap import Puls
from puls.database import Database, embedded_server
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample.source import SampleSource
from puls.monitoring import configure_logging
from puls.phrasing import moment_of_day

PAGE = Path(__file__).parents[1] / "examples" / "ten-turns.md"
_HEAD = """\
# Dix messages à Puls

Une vraie conversation, tenue par `make docs` et refaite par un test à chaque construction : catalogue d'exemple (événements
inventés), sans clé ni modèle, {moment}. Chaque phrase a été vérifiée sur la fiche de l'événement avant d'être envoyée. Le
visiteur a accepté que Puls retienne ses préférences.
"""


async def page(puls: Puls) -> str:
    """The whole text of examples/ten-turns.md, of a conversation with an empty Puls at `ten_turns.NOW`."""
    await puls.ingestion.run(SampleSource(today=NOW.date()), now=NOW)
    await puls.catalogue.count_words()
    parts = [_HEAD.format(moment=moment_of_day(NOW, "Europe/Paris", "fr"))]
    parts += [_told(told) async for told in ten_turns.conversation(puls)]
    return "\n".join(parts)


def _told(told: Told) -> str:
    chips = " · ".join(f"`{chip.fr}`" for chip in told.understood.chips)
    answer = "\n".join(f"> {line}".rstrip() for line in told.answer.strip().splitlines())
    understood = f"Compris : {chips}\n\n" if chips else ""
    return f"## {told.text}\n\n{understood}{answer}\n"


async def _write() -> None:
    configure_logging(level="ERROR", format_="text")
    with tempfile.TemporaryDirectory(prefix="puls-turns-") as home:
        async with embedded_server(Path(home)) as url, Database.open(url) as database:
            puls = puls_over(database, Gazetteer.load(), clock=lambda: NOW)
            PAGE.parent.mkdir(exist_ok=True)
            PAGE.write_text(await page(puls), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_write())
