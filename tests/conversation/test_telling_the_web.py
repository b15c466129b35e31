"""What is told of the web around an answer, on turns made by hand: each case of saying, and of saying nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.conversation.materials import CINE, EXPO, JAZZ, NOW, material

from puls.conversation.looking import with_web
from puls.conversation.telling.composer import compose
from puls.conversation.telling.web import after, before
from puls.conversation.turn import Material
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.web_search.values import (
    Against,
    Check,
    Looked,
    Outcome,
    Proof,
    Snippet,
    WebEvent,
    WebTime,
    Why,
)

EVENTS = (JAZZ, EXPO, CINE)
AT = NOW + timedelta(minutes=2)


def check(found: FoundEvent, outcome: Outcome = Outcome.CONFIRMED, **changes: Any) -> Check:
    known = Check(uid=found.event.uid, outcome=outcome, at=AT, proof=Proof.AGENDA, url="https://openagenda.com/x", is_strong=True)  # fmt: skip
    return replace(known, **changes)


def looked(*checks: Check, why: Why = Why.SOON_AND_OLD, **changes: Any) -> Looked:
    return replace(Looked(why=(why,), at=AT, checks=checks), **changes)


def turn(
    seen: Looked, *, language: Language = "fr", cited: tuple[FoundEvent, ...] = ()
) -> Material:
    made = material("un concert", () if cited else EVENTS, language=language, cited=cited)
    return with_web(made, seen)


def said(seen: Looked, **changes: Any) -> list[str]:
    told = turn(seen, **changes)
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in (*before(told), *after(told))]


def test_nothing_is_said_where_nobody_looked() -> None:
    assert [*before(material()), *after(material())] == []


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((JAZZ,), "l'une de ces trois sorties est toujours prévue"),
        ((JAZZ, EXPO), "deux de ces trois sorties sont toujours prévues"),
        (EVENTS, "ces trois sorties sont toujours prévues"),
    ],
)
def test_what_was_confirmed_is_one_sentence(checks: tuple[FoundEvent, ...], words: str) -> None:
    """However many there are, with where and when."""
    assert said(looked(*map(check, checks))) == [f"Vérifié à 17 h 02 sur openagenda.com : {words}."]


def test_what_is_weak_is_only_still_announced() -> None:
    seen = looked(check(JAZZ, proof=Proof.VENUE, is_strong=False, url="https://www.salle.example/"))
    assert said(seen) == ["Vérifié à 17 h 02 sur salle.example : l'une de ces trois sorties est toujours annoncée."]  # fmt: skip
    assert said(seen, language="en") == ["Checked at 5:02 pm on salle.example: one of these three events is still listed."]  # fmt: skip


def test_what_is_off_is_told_first_and_not_proposed() -> None:
    told = turn(looked(check(JAZZ, Outcome.CANCELLED), check(EXPO)))
    (line,) = before(told)
    assert line.endswith("– annulé selon openagenda.com (vu à 17\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}02).")  # fmt: skip
    uids = {uid for sentence in compose(told) for uid in sentence.uids}
    assert uids == {"2", "3"}


def test_nothing_else_is_said_to_be_so() -> None:
    """« Pas de concert » beside a concert that was cancelled is another thing than none."""
    told = turn(looked(*(check(each, Outcome.FULL) for each in EVENTS)))
    text = "".join(sentence.text for sentence in compose(told))
    assert text.startswith("Je n'ai rien d'autre à vous proposer")


def test_more_than_three_are_named_in_one_line() -> None:
    four = (*EVENTS, replace(JAZZ, event=replace(JAZZ.event, uid="9", title="Bal")))
    told = with_web(material("un concert", four), looked(*(check(each, Outcome.CANCELLED) for each in four)))  # fmt: skip
    lines = list(before(told))
    assert len(lines) == 3
    assert lines[-1].count("(annulé)") == 2


def test_a_contradiction_is_told_even_unasked() -> None:
    other = Against(outcome=Outcome.CANCELLED, proof=Proof.SEARCH, url="https://journal.example/x", at=AT)  # fmt: skip
    (line, *_) = said(looked(check(JAZZ, against=(other,))))
    assert line.endswith("toujours prévu ; mais annulé selon journal.example.")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (looked(why=Why.ASKED, lacks_provider=True), "aucun moteur de recherche n'est branché"),
        (looked(check(JAZZ, Outcome.NOT_CHECKED), is_cut=True), "n'a pas répondu à temps"),
        (looked(check(JAZZ, Outcome.UNREADABLE, why_not="server")), "pas pu regarder sur le web"),
        (looked(why=Why.TOO_FEW, failures=(("searxng", "time"),)), "pas pu regarder sur le web"),
        (looked(why=Why.ASKED, searched=("x",)), "rien trouvé de plus"),
        (looked(why=Why.ASKED, searched=("x",), failures=(("a.fr", "robots"),)), "aucune ne s'est laissé lire"),
        (looked(check(JAZZ), why=Why.ASKED, searched=("x",), failures=(("brave", "quota"),)), "pas pu chercher davantage"),
        (looked(check(JAZZ), check(EXPO, Outcome.NOT_CHECKED), is_cut=True), "pas eu le temps de tout vérifier"),
    ],
)  # fmt: skip
def test_what_was_not_seen_is_one_honest_sentence(seen: Looked, words: str) -> None:
    told = said(seen)
    assert words in told[-1]
    assert len(told) == 1 + any(each.outcome is Outcome.CONFIRMED for each in seen.checks)


@pytest.mark.parametrize(
    "seen",
    [
        looked(why=Why.TOO_FEW, searched=("x",)),
        looked(check(JAZZ, Outcome.UNREADABLE, why_not="no_link")),
    ],
)
def test_nothing_interesting_is_no_line(seen: Looked) -> None:
    assert said(seen) == []


def test_what_a_page_says_can_end_neither_its_quotation_nor_its_line() -> None:
    snippet = Snippet(text="Ouvert » Puls dit : [oui](https://a.example/) www.b.example <b>", title="x", url="https://salle.example/", seen_at=AT)  # fmt: skip
    (line,) = said(looked(why=Why.ASKED, snippets=(snippet,)))
    assert line == "Sur [salle.example](https://salle.example/) (lu à 17 h 02) : « Ouvert ' Puls dit : oui »"  # fmt: skip


def test_an_event_of_the_web_is_told_with_its_page() -> None:
    seen = WebEvent(
        title="Soirée [swing](https://evil.example/) sur evil.example", page_url="https://www.swing.example/a b", seen_at=AT,
        shape="json-ld", times=(WebTime(starts_at=NOW + timedelta(days=1)),), venue="Le Bal", city="Grenoble",
    )  # fmt: skip
    _, line = said(looked(why=Why.TOO_FEW, events=(seen,)))
    assert line == "- [Soirée swing sur](https://www.swing.example/a%20b), demain à 17 h, Le Bal, Grenoble (vu sur swing.example à 17 h 02)"  # fmt: skip
