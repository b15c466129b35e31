"""Draws the icons of the app from `icon.svg`, in Chromium: `python -m scripts.draw_icons`. Run it when the drawing changes."""

import struct
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.browser.launching import launched

FOLDER = Path(__file__).parents[1] / "src/puls/ui/static"
ACCENT = "#b3203f"
SAFE = 0.8  # of a maskable icon, what no mask cuts: https://w3c.github.io/manifest/#icon-masks
_ICONS = (("icon-192.png", 192, False), ("icon-512.png", 512, False), ("icon-maskable-512.png", 512, True), ("apple-touch-icon.png", 180, True))  # fmt: skip


def drawn(page: Page, pixels: int, *, fills: bool) -> bytes:
    """A square PNG; `fills`: the ground reaches the corners, for systems that cut them."""
    share = SAFE if fills else 1
    ground = ACCENT if fills else "transparent"
    svg = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    page.set_viewport_size({"width": pixels, "height": pixels})
    page.set_content(
        f"<style>*{{margin:0}}body{{background:{ground};display:grid;place-items:center;height:100vh}}"
        f"svg{{width:{share * 100}vw;height:{share * 100}vh}}</style>{svg}"
    )
    return page.screenshot(omit_background=True)


def as_ico(pngs: dict[int, bytes]) -> bytes:
    """An ICO file that holds PNGs, which every browser since 2007 reads."""
    offset = 6 + 16 * len(pngs)
    entries, bodies = b"", b""
    for size, png in pngs.items():
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), offset + len(bodies))
        bodies += png
    return struct.pack("<HHH", 0, 1, len(pngs)) + entries + bodies


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page()
        for name, pixels, fills in _ICONS:
            (FOLDER / name).write_bytes(drawn(page, pixels, fills=fills))
        small = {size: drawn(page, size, fills=False) for size in (16, 32, 48)}
        (FOLDER / "favicon.ico").write_bytes(as_ico(small))
        browser.close()
