"""Takes the pictures of the demonstration: `python -m study.demo` (real vectors, sample catalogue, frozen moment). Part of `make study-demo`."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from scripts.screens import served_sample
from tests.browser.launching import launched

from study.demo.playing import play
from study.figures.registry import ROOT

PICTURES = ROOT / "docs" / "etude" / "images"
_SIZE = {"width": 1180, "height": 760}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served_sample() as served, sync_playwright() as playwright:
        browser = launched(playwright)
        context = browser.new_context(viewport=_SIZE, color_scheme="light", reduced_motion="reduce", locale="fr-FR", timezone_id="Europe/Paris")  # type: ignore[arg-type]  # fmt: skip
        seconds = play(context.new_page(), served.url, pictures=PICTURES)
        browser.close()
    for path in sorted(PICTURES.glob("*.png")):
        _lighten(path)
        print(f"{path.name} {path.stat().st_size / 1000:.0f} kB")
    print(f"{seconds:.1f} s")


def _lighten(path: Path) -> None:
    """A palette of 128 colours: a third of the bytes, and no difference to see on a slide."""
    with Image.open(path) as image:
        image.convert("RGB").quantize(128).save(path, optimize=True)


if __name__ == "__main__":
    main()
