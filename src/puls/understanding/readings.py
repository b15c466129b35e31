"""Readings of a name that were not taken, so that a visitor can choose again. Pure values."""

from dataclasses import dataclass

from puls.understanding.notices import Notice
from puls.understanding.wish import Where

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Words that name several places: the one taken and the others, likeliest first."""

    words: str
    taken: Where
    others: tuple[Where, ...]

    def notice(self) -> Notice:
        """Which was taken, and the others."""
        others = ", ".join(other.label for other in self.others[:_MOST_NAMED])
        return Notice(
            code="homonym",
            fr=f"{self.taken.label} retenu ; il y a aussi {others}.",
            en=f"{self.taken.label} was taken; there is also {others}.",
        )
