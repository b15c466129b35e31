"""The poster of an event without a picture: drawn for its kind, varied by its title, the same every time. Pure.

Enter at `poster_address` for where it is, and at `poster` for what it is.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from puls.catalogue.event import Category, Event
from puls.ui.posters.motifs import MOTIFS
from puls.ui.posters.shapes import Chance, Poster

VARIETY = 4096  # posters of one kind: two events on one page rarely share one
RELEASE = (
    1  # part of every address; another drawing is another address, since these are kept for a year
)

# The hues of `cards.css`: one for each family of outings.
_HUES: Mapping[Category, int] = {
    Category.CONCERT: 345,
    Category.FESTIVAL: 330,
    Category.PARTY: 20,
    Category.COMEDY: 30,
    Category.THEATRE: 275,
    Category.CIRCUS: 265,
    Category.DANCE: 310,
    Category.EXHIBITION: 225,
    Category.CINEMA: 240,
    Category.VISIT: 150,
    Category.WALK: 135,
    Category.SPORT: 170,
    Category.WORKSHOP: 38,
    Category.GAME: 48,
    Category.MARKET: 90,
    Category.CONFERENCE: 195,
    Category.READING: 205,
    Category.OTHER: 255,
}
_SWAY = 14  # degrees that a title turns the hue
_CONTRASTS = (150, 180, 210)


def poster_address(category: Category, title: str, *, kind: str = "svg") -> str:
    """Where the poster is; it changes with what is drawn, so a browser may keep it. `kind`: svg, or png for messengers."""
    return f"/affiche/{quote(category.value)}-{RELEASE}-{_seed(title):03x}.{kind}"


def picture_address(event: Event) -> str:
    return poster_address(event.category, event.title)


def poster(category: Category, seed: int) -> Poster:
    """What is drawn; `seed` below `VARIETY`."""
    chance = Chance(seed)
    hue = (_HUES[category] + chance.whole(-_SWAY, _SWAY)) % 360
    spark = (hue + _CONTRASTS[chance.whole(0, 2)]) % 360
    return Poster(hue=hue, spark=spark, shapes=tuple(MOTIFS[category](chance)))


def _seed(title: str) -> int:
    """Titles that differ in case or blanks alone look the same."""
    line = " ".join(title.casefold().split())
    digest = hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % VARIETY
