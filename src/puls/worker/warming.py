"""Looks on the web ahead of visitors: what they ask for tonight, and what was noted and may have changed again."""

from datetime import datetime

from puls.bootstrap import Puls


async def warm(puls: Puls, about: str, now: datetime) -> str:
    """Check as many events as there is time for; a check that was made today is not made again."""
    del about
    warming = puls.web.warming if puls.web is not None else None
    if warming is None:
        return "Looking on the web is switched off; nothing was looked at."
    warmed = await warming.warm(now)
    return (
        f"{warmed.checked:,} events were checked on the web, for {warmed.not_checked:,} there was no time; "
        f"{warmed.notes_ended:,} notes ended."
    )
