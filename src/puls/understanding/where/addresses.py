"""« 12 rue de la République à Lyon »: the words of a street address in a message. Pure.

Enter at `address_in`; what a geocoder makes of the words goes back into `understand` as `addresses`.
"""

import re

from puls.geo.places import Address
from puls.understanding.wish import Near, Where

ADDRESS_RADIUS_KM = 1.0
_ADDRESS = re.compile(
    r"(?<![\w/])\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av\.?|boulevard|bd\.?|bld|blvd|"
    r"place|quai|all[ée]es?|impasse|chemin|route|square|passage|faubourg|fbg|ruelle|mont[ée]e|"
    r"esplanade|promenade|cours(?= (?-i:[A-ZÉÈ]))) (?P<name>[^?!.;:\n()«»\"]{2,120})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[,\s]+(?:ce|cet|cette|ces|demain|aujourd.?hui|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|pour|avec|gratuit\w*|svp|stp|please|tonight|tomorrow|today|this|on|for|with|and|et|"
    r"ou|or|apr[èe]s|avant|vers|dans|entre|le \d|[àa] \d{1,2} ?h|[àa] partir|j'|je|on|y|il|un|une|"
    r"des|quoi|que|qu'|dès)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 14  # words


def address_in(text: str) -> str | None:
    """The first street address that a message holds, without what follows it; None when none is there."""
    found = _ADDRESS.search(text) if any(letter.isdigit() for letter in text) else None
    if found is None:
        return None
    start = found.start("name") - found.start()
    name = _AFTER.sub("", found["name"]).rstrip(" ,")
    words = (found[0][:start] + name).split()
    return " ".join(words[:_LONGEST]) if name else None


def address_where(address: Address) -> Where:
    """A circle of a kilometre around an address."""
    near = Near(center=address.coordinates, radius_km=ADDRESS_RADIUS_KM)
    return Where(label=f"{address.label} ({ADDRESS_RADIUS_KM:g} km)", near=near)
