"""robots.txt: what is forbidden is not read, and a hostile file costs nothing."""

import time

import pytest

from puls.outside.manners import HostPace
from puls.outside.robots import rules_from

OWN = HostPace(burst=3, per_second=1.0)


@pytest.mark.parametrize(
    ("text", "url", "is_allowed"),
    [
        ("", "https://a.example/", True),
        ("User-agent: *\nDisallow:", "https://a.example/", True),
        ("User-agent: *\nDisallow: /x\nAllow: /x/y", "https://a.example/x/y", True),
        ("User-agent: *\nDisallow: /*.pdf$", "https://a.example/a.pdf", False),
        ("User-agent: *\nDisallow: /été", "https://a.example/%C3%A9t%C3%A9", False),
        ("User-agent: PULS\nDisallow: /", "https://a.example/", False),
        ("User-agent: Puls*\nDisallow: /", "https://a.example/", False),
        ("User-agent: Puls # ours\nDisallow: /", "https://a.example/", False),
        ("User-agent: pulsar\nDisallow: /", "https://a.example/", True),
        ("User-agent: impuls\nDisallow: /", "https://a.example/", True),
        ("User-agent: Puls/1.0\nDisallow: /", "https://a.example/", False),
        ("\ufeffUser-agent: *\nDisallow: /", "https://a.example/", False),
        (
            "User-agent: a\nUser-agent: puls\nUser-agent: b\nDisallow: /",
            "https://a.example/",
            False,
        ),
        ("User-agent: a\nDisallow: /\nUser-agent: puls\nDisallow: /x", "https://a.example/", True),
    ],
)
def test_rules_are_for_whom_they_name(text: str, url: str, is_allowed: bool) -> None:
    assert rules_from(text, robot="Puls").allow(url) is is_allowed


@pytest.mark.parametrize(
    ("delay", "pace"),
    [
        ("0", OWN),
        ("-5", OWN),
        ("nan", OWN),
        ("inf", OWN),
        ("x", OWN),
        ("1", HostPace(burst=1, per_second=1.0)),
        ("0.1", HostPace(burst=1, per_second=1.0)),
        ("10", HostPace(burst=1, per_second=0.1)),
        ("1e9", HostPace(burst=1, per_second=1 / 3_600)),
    ],
)
def test_a_delay_is_kept_and_is_never_faster_than_our_own(delay: str, pace: HostPace) -> None:
    assert rules_from(f"User-agent: *\nCrawl-delay: {delay}", robot="Puls").pace(OWN) == pace


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: r{n}\n" for n in range(20_000)) + "Disallow: /x\n" * 20_000,
        "User-agent: puls\n" * 20_000 + "Disallow: /x\n" * 20_000,
        "".join(f"User-agent: r{n}\nDisallow: /{n}\n" for n in range(10_000)),
        "User-agent: *\n" + f"Disallow: /{'*a' * 1_000}$\n" * 200,
        "User-agent: *\n" + "a" * 500_000,
    ],
    ids=["names times rules", "one name again and again", "many groups", "stars", "one line"],
)
def test_a_hostile_file_takes_a_moment(text: str) -> None:
    """Half a megabyte is what RFC 9309 has everybody read; their product would take minutes."""
    begun = time.process_time()
    rules_from(text, robot="Puls").allow("https://a.example/" + "a" * 4_000)
    assert time.process_time() - begun < 1.5
