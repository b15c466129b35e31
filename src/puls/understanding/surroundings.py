"""What tells namesakes apart: where the visitor is, and what was spoken of before. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Commune, Gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What tells namesakes apart: the visitor's position or the place spoken of before.

    `department_codes` and `city_codes` are those of the place spoken of before.
    """

    anchor: Coordinates | None = None
    department_codes: Collection[str] = ()
    city_codes: Collection[str] = ()
    language: str = "fr"

    def ranked(self, communes: Sequence[Commune], gazetteer: Gazetteer) -> tuple[Commune, ...]:
        """Namesakes, best first: position, then conversation, then population."""
        nearest = gazetteer.nearest(communes, self.anchor)
        if self.anchor is None and self.department_codes:
            return tuple(
                sorted(nearest, key=lambda each: each.department_code not in self.department_codes)
            )
        return nearest
