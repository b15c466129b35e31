"""Reading of pages that are not in the corpus: arbitrary text, and pages made to take long."""

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.outside.page import Page
from puls.web_search.pages import events_of, mentions, said_in_words, snippet_of, status_in_words
from puls.web_search.values import WebStatus

SEEN_AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
DAY = date(2026, 12, 11)
PIECES = (
    '<script type="application/ld+json">', "</script>", '{"@type":"Event",', '"name":"', '"startDate":"2026-12-11T20:30', '"', "}", "[", ",",
    "<div itemscope itemtype='http://schema.org/Event'>", "<b itemprop=name>", "<time datetime=2026-13-45>", "</div>", "BEGIN:VEVENT\n",
    "DTSTART:20261211T203000\n", "RRULE:FREQ=DAILY;UNTIL=\n", "END:VEVENT\n", "« complet »", "annulé", "du 6 au 31/12", "\ud800", "\x00", "&#xD800;",
    "<h1>Orée</h1>", "reporté au 12 mars", "\u202e", '"subEvent":', '"offers":{"price":1e400}', "20h30", "<![CDATA[", "<!--",
)  # fmt: skip


def page(text: str, *, kind: str = "text/html") -> Page:
    return Page(
        url="https://page.example/a",
        asked_url="https://page.example/a",
        content_type=kind,
        text=text,
        fetched_at=SEEN_AT,
    )


@settings(max_examples=250, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
    ),
    kind=st.sampled_from(
        ["text/html", "application/json", "text/calendar", "application/ld+json", "text/plain"]
    ),
)
def test_no_text_makes_reading_raise(text: str, kind: str) -> None:
    """A page is written by anybody; one that raises would take the whole answer with it."""
    read = page(text, kind=kind)
    for event in events_of(read):
        assert event.title
        event.title.encode()
        assert all(one.starts_at.tzinfo is not None for one in event.times)
    said_in_words(read, title=text[:40], days=[DAY])
    mentions(read, title="Orée", venue="Salle", days=[DAY])
    snippet_of(read, "complet")


EVENT = '{"@type":"Event","name":"Concert %d","startDate":"2026-12-11T20:00"}'
SLOW = {
    "nesting": "<div>" * 400_000,
    "elements": "<span>a</span>" * 140_000,
    "attributes": "<div " + " ".join(f"a{number}" for number in range(200_000)) + ">",
    "brackets": '<script type="application/ld+json">' + "[" * 1_900_000,
    "quotes": '<script type="application/ld+json">{"@type":"Event","name":"' + '"a' * 500_000,
    "statements": "<h1>Concert 7</h1>" + "<h3>Concert 7</h3><p>Complet</p>" * 30_000,
    "dates": "<p>" + "1 et 2 et " * 190_000,
    "events": '<script type="application/ld+json">['
    + ",".join(EVENT % number for number in range(5_000))
    + "]</script>",
    "digits": '<script type="application/ld+json">' + "9" * 1_900_000,
}


@pytest.mark.parametrize("name", list(SLOW))
def test_a_page_of_two_megabytes_takes_a_bounded_time(name: str) -> None:
    """200 ms is the goal (see LOG); a second on a busy machine tells linear from quadratic, which took minutes."""
    read = page(SLOW[name])
    begun = time.process_time()
    events_of(read)
    status_in_words(read, title="Concert 7", days=[DAY])
    assert time.process_time() - begun < 2.5


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Le concert est annulé.", WebStatus.CANCELLED),
        ("CONCERT ANNULÉ", WebStatus.CANCELLED),
        ("La soirée n'aura finalement pas lieu.", WebStatus.CANCELLED),
        ("Nous avons dû annuler cette date.", WebStatus.CANCELLED),
        ("Le spectacle est annulé et reporté à une date ultérieure.", WebStatus.POSTPONED),
        ("La séance est reportée au 12 mars 2027.", WebStatus.RESCHEDULED),
        ("This show has been postponed.", WebStatus.POSTPONED),
        ("Rescheduled to March 12, 2027", WebStatus.RESCHEDULED),
        ("Le débat se tiendra uniquement en ligne.", WebStatus.MOVED_ONLINE),
        ("Ce concert affiche complet !", WebStatus.FULL),
        ("Sold out", WebStatus.FULL),
        ("Il n'y a plus de places.", WebStatus.FULL),
        ("Toutes les places sont épuisées, billetterie épuisée.", WebStatus.FULL),
        ("Dernières places disponibles", WebStatus.SCHEDULED),
        ("Le concert est maintenu.", WebStatus.SCHEDULED),
        ("Annulation gratuite jusqu'à la veille.", WebStatus.UNKNOWN),
        ("En cas d'annulation, les billets sont remboursés.", WebStatus.UNKNOWN),
        ("Le concert n'est pas annulé.", WebStatus.SCHEDULED),
        ("Téléchargez le programme complet.", WebStatus.UNKNOWN),
        ("Une formation complète au chant.", WebStatus.UNKNOWN),
        ("Le spectacle peut être reporté en cas de pluie.", WebStatus.UNKNOWN),
        ("Achetez vos billets en ligne.", WebStatus.UNKNOWN),
        ("Les préventes sont épuisées, billets sur place.", WebStatus.UNKNOWN),
        ("Le concert de « Mara Elm » est annulé.", WebStatus.UNKNOWN),
        ("Le concert du 3 décembre 2026 est complet.", WebStatus.UNKNOWN),
    ],
)
def test_a_sentence_below_the_title_says_what_a_reader_would_understand(
    sentence: str, status: WebStatus
) -> None:
    """Statuses in words are the only proof that six venues in seven give."""
    read = page(
        f"<html><head><title>Orée</title></head><body><h1>Orée</h1><p>11 décembre 2026</p><p>{sentence}</p></body></html>"
    )
    assert status_in_words(read, title="Orée", days=[DAY]) is status


def test_a_quotation_is_whole_sentences_of_at_most_300_characters() -> None:
    """What is quoted must be what the page says, and short enough to be one."""
    text = "<article>" + "".join(
        f"<p>La salle numéro {n} ouvre une heure avant le concert du soir.</p>" for n in range(30)
    )
    read = page(
        f"<html><head><title>Accès</title></head><body>{text}<p>Le vestiaire coûte deux euros par manteau déposé.</p></article></body></html>"
    )
    snippet = snippet_of(read, "combien coûte le vestiaire ?")
    assert snippet is not None
    assert "Le vestiaire coûte deux euros par manteau déposé." in snippet.text
    assert len(snippet.text) <= 300
    assert snippet_of(read, "horaires du zoo") is None
