"""What a provider gives is anybody's text: addresses are judged, words made plain."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.web_search.providers.hits import entries, first_of, hit_from, judged_url, moment, plain


@pytest.mark.parametrize(
    "url",
    [
        "https://salle.example/agenda?jour=28&salle=1#billets",
        "http://agenda.example/événement/été",
        "https://[2001:db8::1]/x",
        "http://10.0.0.1/",  # well formed: whoever fetches it judges where it leads
        "https://salle.example:8443/",
    ],
)
def test_a_well_formed_address_passes_unchanged(url: str) -> None:
    """Some pages are found under one spelling alone."""
    assert judged_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, 3, "", "salle.example/agenda", "//salle.example/", "javascript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "ftp://salle.example/", "https:///x", "https://user:secret@salle.example/",
        "https://user@salle.example/", "https://salle.example/a b", "https://salle.example/\u202egpj.exe",
        "https://salle.example/\nX: y", "https://evil.example\\@salle.example/", "https://salle.example:0/",
        "https://salle.example:99999/", "https://[::1", "https://salle.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_any_other_address_is_dropped(url: Any) -> None:
    """A result that cannot be opened or hides where it leads is no result."""
    assert judged_url(url) is None
    assert hit_from("brave", url=url, title="x") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Samedi <strong>28</strong> <B class='x'>novembre</B>", "Samedi 28 novembre"),
        ("L&#39;été &amp; l&#x27;hiver", "L'été & l'hiver"),
        ("l'été d'Émilie & <Co>, a < b", "l'été d'Émilie & <Co>, a < b"),
        ("a\u202eb\u200bc\u0000d\ue000e\ud800f", "abcdef"),
        ("&#x202e;caché &#8203;", "caché"),
        ("une\n\tligne\u2028et\u00a0une", "une ligne et une"),
        ("e\u0301te\u0301", "été"),
        (None, ""),
        (["x"], ""),
    ],
)
def test_texts_are_plain_and_show_all_that_they_are(text: Any, shown: str) -> None:
    """No markup of the provider, no invisible or turned characters; what somebody wrote stays."""
    assert plain(text, longest=100) == shown


def test_long_texts_end_at_a_word() -> None:
    """A card has room for a few lines."""
    assert plain("un deux trois quatre", longest=12) == "un deux…"
    assert plain("x" * 50, longest=10) == "x" * 9 + "…"


@given(st.text(max_size=300), st.integers(min_value=5, max_value=80))
def test_whatever_comes_is_one_short_printable_line(text: str, longest: int) -> None:
    """Titles go into pages, logs of steps and prompts."""
    shown = plain(text, longest=longest)
    assert len(shown) <= longest
    assert shown.isprintable() or not shown
    assert shown == " ".join(shown.split())


def test_an_address_comes_once_and_no_more_than_wanted() -> None:
    """Engines of a metasearch give the same page."""
    hits = [hit_from("x", url=f"https://a.example/{n % 3}", title=str(n)) for n in range(9)]
    assert [hit.title for hit in first_of([None, *hits], limit=2)] == ["0", "1"]
    assert len(first_of(hits, limit=9)) == 3


def test_a_result_without_a_title_is_called_by_its_host() -> None:
    """A link needs a name."""
    hit = hit_from("x", url="https://www.salle.example/1", title="<b></b>")
    assert hit is not None
    assert hit.title == "www.salle.example"


def test_a_list_of_results_is_bounded_and_only_of_objects() -> None:
    """A reply may hold anything."""
    assert len(entries([{"a": 1}, "x", None, *({} for _ in range(500))])) <= 100
    with pytest.raises(ValueError, match="no list"):
        entries({"a": 1})


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-11-20T08:00:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00+01:00", datetime(2026, 11, 20, 7, tzinfo=UTC)),
        ("hier", None),
        ("", None),
        (3, None),
        ("2026-11-20T08:00:00" + "0" * 90, None),
    ],
)
def test_moments_are_aware_or_absent(value: Any, at: datetime | None) -> None:
    """A naive moment would be compared with aware ones and break an answer."""
    assert moment(value) == at
