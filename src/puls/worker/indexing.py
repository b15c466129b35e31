"""Vectors for events that lack one, and the words of the catalogue. Both begin where a killed run left off."""

from datetime import UTC, datetime

from puls.bootstrap import Puls


async def embed(puls: Puls, about: str, now: datetime) -> str:
    """Give every findable event its vector. The model computes in a thread of its own."""
    del about, now
    version = await puls.index.keep_up(now=lambda: datetime.now(UTC))
    return f"{version.embedded:,} of {version.events:,} events have their vector (version {version.id})."


async def count_words(puls: Puls, about: str, now: datetime) -> str:
    """Count words and stems anew and let PostgreSQL see its tables as they are."""
    del about
    await puls.catalogue.count_words()
    figures = await puls.catalogue.figures(now=now)
    return f"The words of {figures['events']:,} events were counted."
