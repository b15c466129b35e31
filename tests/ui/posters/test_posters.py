"""Posters: the same for the same title, different for others, small, and drawn alike as SVG and PNG."""

import struct
import zlib
from xml.etree import ElementTree as ET

import httpx
import numpy as np
import pytest

from puls.catalogue.event import Category
from puls.ui.posters.drawing import VARIETY, poster, poster_address
from puls.ui.posters.png import PIXELS, png_of
from puls.ui.posters.svg import svg_of

MOST_BYTES = 6_000
MOST_PNG_BYTES = 60_000


@pytest.mark.parametrize("category", list(Category))
def test_every_kind_has_a_poster_that_is_small_and_has_no_script(category: Category) -> None:
    """What an event page loads before its words; also for seeds at the ends."""
    for seed in (0, 1, 777, VARIETY - 1):
        drawn = svg_of(poster(category, seed))
        assert len(drawn) < MOST_BYTES
        tree = ET.fromstring(drawn)
        tags = {one.tag.rpartition("}")[2] for one in tree.iter()}
        assert tags <= {"svg", "style", "path", "circle", "polyline"}
        assert "prefers-color-scheme" in drawn


def test_a_title_has_its_own_poster_for_good() -> None:
    """Two concerts on one page differ; the same one never changes by itself."""
    address = poster_address(Category.CONCERT, "Les Rouilles, release party")
    assert address == "/affiche/concert-1-96f.svg"
    assert poster_address(Category.CONCERT, "  les rouilles,  RELEASE party ") == address
    titles = {poster_address(Category.CONCERT, f"Concert {number}") for number in range(100)}
    assert len(titles) > 95
    assert svg_of(poster(Category.CONCERT, 3)) == svg_of(poster(Category.CONCERT, 3))
    assert svg_of(poster(Category.CONCERT, 3)) != svg_of(poster(Category.CONCERT, 4))


def test_the_png_is_one_and_shows_the_same() -> None:
    """1200 × 630, of few colours, its ground that of the SVG."""
    drawn = poster(Category.EXHIBITION, 9)
    content = png_of(drawn)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == PIXELS
    assert len(content) < MOST_PNG_BYTES
    pixels = unpacked(content)
    ground = svg_of(drawn).split(".g{fill:#")[1][:6]
    assert "".join(f"{part:02x}" for part in pixels[2, 2]) == ground
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 3


def unpacked(content: bytes) -> "np.typing.NDArray[np.uint8]":
    """The pixels, by the file's own words: rows filtered by the one above."""
    length = struct.unpack(">I", content[33:37])[0]
    rows = np.frombuffer(zlib.decompress(content[41 : 41 + length]), np.uint8)
    lines = rows.reshape(PIXELS[1], PIXELS[0] * 3 + 1)
    assert set(lines[:, 0]) == {2}
    whole: np.typing.NDArray[np.uint8] = np.cumsum(lines[:, 1:], axis=0, dtype=np.uint8)
    return whole.reshape(PIXELS[1], PIXELS[0], 3)


async def test_posters_are_served_for_good_and_only_those_that_are(
    client: httpx.AsyncClient,
) -> None:
    """Kept for a year by whoever fetched one; no name but ours draws anything."""
    answer = await client.get(poster_address(Category.MARKET, "Marché"))
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "immutable" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    for wrong in (
        "opera-1-b1f.svg",
        "concert-9-b1f.svg",
        "concert-1-b1f.gif",
        "concert-1-zzz.svg",
        "x",
    ):
        assert (await client.get(f"/affiche/{wrong}")).status_code in {404, 422}, wrong
