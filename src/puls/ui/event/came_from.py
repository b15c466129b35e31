"""Which of our own pages a visitor came from: to lead them back there, and to know what its address held. Pure.

Read from `Referer`, which our pages send to Puls alone (`Referrer-Policy: same-origin`); nothing is kept.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from puls.geo.distance import Coordinates, coarse_position
from puls.phrasing import Language
from puls.ui.texts import texts

_LISTS = ("/c/", "/recherche", "/semaine", "/lieu/", "/partage/", "/moi")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameFrom:
    """`address` None: from elsewhere. `position`: where the visitor said they are, when that address says it."""

    address: str | None = None
    words: str = ""
    position: Coordinates | None = None


def came_from(request: Request, language: Language) -> CameFrom:
    """The page before this one, when it is one of ours and another one."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return CameFrom()
    if before.netloc != request.url.netloc or before.path == request.url.path:
        return CameFrom()
    query = parse_qs(before.query)
    is_list = before.path.startswith(_LISTS) or (before.path == "/" and "q" in query)
    if not is_list and before.path != "/" and not before.path.startswith("/evenement/"):
        return CameFrom()
    return CameFrom(
        address=before.path + (f"?{before.query}" if before.query else ""),
        words=texts(language)["back_to_list" if is_list else "back_before"],
        position=_position(query),
    )


def _position(query: dict[str, list[str]]) -> Coordinates | None:
    try:
        lat, lon = float(query["lat"][0]), float(query["lon"][0])
    except (KeyError, ValueError):
        return None
    is_on_earth = -90 <= lat <= 90 and -180 <= lon <= 180  # noqa: PLR2004 # degrees
    return coarse_position(lat, lon) if is_on_earth else None
