"""Whether a run may take out of search what it found gone. Pure. Enter at `objection`."""

from dataclasses import dataclass
from typing import Final

UNASKED_EVENTS: Final = 100
UNASKED_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What a source would lose, in events that search shows.

    `absent`: not met by a full run. `disowned`: the source itself says so, or their record can no longer be read.
    `held`: before the run. `left`: records of the source that can be read and would remain, new ones included.
    """

    absent: int
    disowned: int
    held: int
    left: int

    @property
    def all(self) -> int:
        return self.absent + self.disowned


def objection(
    losses: Losses, *, allowed: int | None, former_origin: str | None, origin: str | None
) -> str | None:
    """Why nothing may be removed unasked; None when it may. `allowed`: up to so many by permission, None any number."""
    if not losses.all or allowed is None or losses.all <= allowed:
        return None
    figure = f"{losses.all:,} of {losses.held:,} events"
    if (
        losses.absent
        and former_origin is not None
        and origin is not None
        and former_origin != origin
    ):
        return f"it was last read from {former_origin} and now from {origin}, which lacks {figure}"
    if losses.absent and not losses.left:
        return f"it is empty or holds nothing readable, and lacks {figure}"
    if losses.all > UNASKED_EVENTS and losses.all > UNASKED_SHARE * losses.held:
        share = f"{losses.all / losses.held:.0%}" if losses.held else "all"
        return f"it lacks {figure} ({share})"
    return None
