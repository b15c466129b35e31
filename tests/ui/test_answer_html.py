"""An answer as HTML: two kinds of markup and no third, whatever is written."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from tests.serving import an_event

from puls.ui.answer_html import inline_html, paragraphs_html, uids_of

UIDS = uids_of([an_event("1")])
PAGE = "https://openagenda.com/a/events/concert"


def html(text: str) -> str:
    return str(inline_html(text, uid_of=UIDS, language="fr", chosen=None))


def test_links_and_bold_become_html() -> None:
    assert html(f"Voyez [Concert]({PAGE}) !") == (
        'Voyez <a href="/evenement/1" data-event="1">Concert</a>\N{NO-BREAK SPACE}!'
    )
    assert html("**Gratuit**") == "<b>Gratuit</b>"
    assert 'rel="noopener nofollow ugc"' in html("[ailleurs](https://example.org/)")
    assert html("[piège](javascript:alert)") == "piège"


def test_paragraphs_are_told_apart() -> None:
    found = paragraphs_html("Un.\n\nDeux.\n\n", uid_of=UIDS, language="fr", chosen="en")
    assert [str(each) for each in found] == ["Un.", "Deux."]


@given(st.text(alphabet=st.sampled_from("<>\"'&[]()*!/:.\n javscriptdonlé="), max_size=60))
def test_no_text_opens_any_other_markup(text: str) -> None:
    """Only a, b and br, and no address that a browser would run."""
    body = LexborHTMLParser(f"<body>{html(text)}</body>").body
    assert body is not None
    for node in body.css("*"):
        if node.tag != "body":
            assert node.tag in {"a", "b", "br"}
            assert set(node.attributes) <= {"href", "rel", "data-event"}
            assert (node.attributes.get("href") or "/").startswith(("/", "https://", "http://"))
