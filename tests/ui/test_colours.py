"""Words can be read: colours that meet on the page keep WCAG AA contrast, day and night."""

import colorsys
import re
from importlib import resources

import pytest

STATIC = resources.files("puls.ui").joinpath("static")
SHEET = STATIC.joinpath("base.css").read_text(encoding="utf-8")
CARDS = STATIC.joinpath("cards.css").read_text(encoding="utf-8")
DAY, NIGHT = SHEET.split("@media (prefers-color-scheme: dark)")[:2]
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("soft-ink", "paper"), ("soft-ink", "card"),
    ("soft-ink", "plain-wash"), ("accent", "paper"), ("accent", "card"),
    ("accent-strong", "accent-wash"), ("accent-strong", "card"), ("on-accent", "accent"),
    ("on-accent", "accent-strong"), ("good", "good-wash"), ("caution", "caution-wash"),
    ("caution", "card"), ("warning", "warning-wash"),
]  # fmt: skip
CONTROL_PAIRS = [("control-line", "card"), ("control-line", "paper"), ("accent", "paper")]
TEXT_CONTRAST, CONTROL_CONTRAST = 4.5, 3.0


def colours(*parts: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", "".join(parts)))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def hsl(hue: int, saturation: int, lightness: int) -> str:
    rgb = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


@pytest.mark.parametrize("palette", [colours(DAY), colours(DAY, NIGHT)], ids=["day", "night"])
def test_words_and_controls_stand_out(palette: dict[str, str]) -> None:
    """Low sight is common; so are phones in the sun."""
    for words, ground in TEXT_PAIRS:
        assert contrast(palette[words], palette[ground]) >= TEXT_CONTRAST, (words, ground)
    for line, ground in CONTROL_PAIRS:
        assert contrast(palette[line], palette[ground]) >= CONTROL_CONTRAST, (line, ground)


def test_the_colour_of_a_category_can_be_read() -> None:
    """Each family of outings has a hue of its own; the lightness makes it readable."""
    hues = [int(hue) for hue in re.findall(r"--hue: (\d+);", CARDS)]
    scheme = (
        r"--leaf-ink: hsl\(var\(--hue\) (\d+)% (\d+)%\); "
        r"--leaf-wash: hsl\(var\(--hue\) (\d+)% (\d+)%\)"
    )
    schemes = re.findall(scheme, CARDS)
    assert len(schemes) == 2
    for numbers in schemes:
        ink_saturation, ink, wash_saturation, wash = map(int, numbers)
        for hue in hues:
            pair = hsl(hue, ink_saturation, ink), hsl(hue, wash_saturation, wash)
            assert contrast(*pair) >= TEXT_CONTRAST, hue
