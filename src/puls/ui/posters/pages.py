"""`/affiche/KIND-RELEASE-SEED.svg` and `.png`: posters, drawn when asked for and kept by whoever asked."""

import asyncio
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from puls.catalogue.event import Category
from puls.errors import NotFoundError
from puls.ui.posters.drawing import RELEASE, VARIETY, poster
from puls.ui.posters.png import png_of
from puls.ui.posters.svg import svg_of

router = APIRouter(include_in_schema=False)
_KEPT_IN_MEMORY = (
    64  # PNGs of about 30 kB; what one preview fetches, its readers' messengers fetch again
)
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # A picture has colours of its own, and nothing else; see `puls.api.middleware` for pages.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


@router.api_route("/affiche/{name}", methods=["GET", "HEAD"])
async def poster_picture(
    name: Annotated[str, Path(pattern=r"^[a-z]{3,12}-\d{1,3}-[0-9a-f]{3}\.(svg|png)$")],
) -> Response:
    """A poster. Depends on its address alone.

    Raises:
        NotFoundError: no kind, or no release of ours, has that name.
    """
    stem, _, kind = name.partition(".")
    category, release, seed = stem.split("-")
    if category not in set(Category) or int(release) != RELEASE:
        raise NotFoundError("There is no such poster.")
    drawn = Category(category), int(seed, 16) % VARIETY
    if kind == "svg":
        return Response(svg_of(poster(*drawn)), media_type="image/svg+xml", headers=_HEADERS)
    content = await asyncio.to_thread(_png, *drawn)
    return Response(content, media_type="image/png", headers=_HEADERS)


@lru_cache(maxsize=_KEPT_IN_MEMORY)
def _png(category: Category, seed: int) -> bytes:
    return png_of(poster(category, seed))
