"""Each check in French and English: what was seen, where, when, by the visitor's clock."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from puls.outside.page import FetchFailure
from puls.phrasing import Language
from puls.web_search.sayings import badge, change_words, sentence
from puls.web_search.values import Against, Change, Check, Outcome, Proof

AT = datetime(2026, 11, 30, 13, 2, tzinfo=UTC)
NB = "\N{NO-BREAK SPACE}"
LANGUAGES: tuple[Language, ...] = ("fr", "en")
MOVED = Change(what="date", before="2026-12-01T20:30+01:00", now="2026-12-05T20:30+01:00")


def check(outcome: Outcome, proof: Proof | None = Proof.AGENDA, **facts: object) -> Check:
    known = Check(
        uid="1",
        outcome=outcome,
        at=AT,
        proof=proof,
        url="https://www.salle.example/concert" if proof else None,
        is_strong=True,
        changes=(MOVED,) if outcome is Outcome.CHANGED else (),
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def say(one: Check, language: Language = "fr", *, timezone: str = "Europe/Paris") -> str:
    return sentence(one, language=language, timezone=timezone, now=AT + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("one", "fr", "en"),
    [
        (
            check(Outcome.CONFIRMED),
            "vérifié à 14 h 02 sur openagenda.com : toujours prévu",
            "checked at 2:02 pm on openagenda.com: still on",
        ),
        (
            check(Outcome.CONFIRMED, Proof.TICKETS, is_strong=False),
            "vérifié à 14 h 02 sur salle.example : toujours annoncé",
            "checked at 2:02 pm on salle.example: still listed",
        ),
        (
            check(Outcome.CONFIRMED, Proof.PORTAL, is_strong=False),
            "vérifié à 14 h 02 sur le portail open data : rien de changé",
            "checked at 2:02 pm on the open data portal: nothing has changed",
        ),
        (
            check(Outcome.CANCELLED, Proof.VENUE),
            "annulé selon salle.example (vu à 14 h 02)",
            "cancelled according to salle.example (seen at 2:02 pm)",
        ),
        (
            check(Outcome.CANCELLED, Proof.VENUE, is_strong=False),
            "peut-être annulé selon salle.example (vu à 14 h 02)",
            "perhaps cancelled according to salle.example (seen at 2:02 pm)",
        ),
        (
            check(Outcome.CHANGED),
            "nouvelle date : samedi 5 décembre, 20 h 30, selon openagenda.com (vu à 14 h 02)",
            "new date: Saturday 5 December, 8:30 pm, according to openagenda.com (seen at 2:02 pm)",
        ),
        (
            check(Outcome.GONE),
            "retiré de l'agenda selon openagenda.com (vu à 14 h 02)",
            "taken off the agenda according to openagenda.com (seen at 2:02 pm)",
        ),
        (
            check(Outcome.UNREADABLE, None, why_not="robots"),
            "page non lisible (le site refuse les robots)",
            "page could not be read (the site refuses robots)",
        ),
        (
            check(Outcome.NOT_CHECKED, None, why_not="no_time"),
            "pas vérifié, faute de temps",
            "not checked, for lack of time",
        ),
        (
            check(
                Outcome.FULL,
                Proof.TICKETS,
                against=(
                    Against(
                        outcome=Outcome.CONFIRMED, proof=Proof.AGENDA, url="https://x.fr", at=AT
                    ),
                ),
            ),
            "complet selon salle.example (vu à 14 h 02) ; mais toujours annoncé selon openagenda.com",
            "fully booked according to salle.example (seen at 2:02 pm); but still listed according to openagenda.com",
        ),
    ],
)
def test_the_sentences(one: Check, fr: str, en: str) -> None:
    assert say(one).replace(NB, " ") == fr
    assert say(one, "en").replace(NB, " ") == en


@pytest.mark.parametrize(
    ("outcome", "proof", "is_strong", "language"),
    [
        (outcome, proof, is_strong, language)
        for outcome, proof, is_strong, language in itertools.product(
            Outcome, Proof, (True, False), LANGUAGES
        )
        if outcome not in {Outcome.UNREADABLE, Outcome.NOT_CHECKED}
    ],
)
def test_each_outcome_by_each_proof_says_what_where_and_when(
    outcome: Outcome, proof: Proof, is_strong: bool, language: Language
) -> None:
    """A claim is told with its source and its time, never as Puls's own."""
    words = say(check(outcome, proof, is_strong=is_strong), language)
    assert ("14 h 02" if language == "fr" else "2:02 pm") in words.replace(NB, " ")
    place = {
        Proof.AGENDA: "openagenda.com",
        Proof.PORTAL: "portail open data" if language == "fr" else "open data portal",
    }.get(proof, "salle.example")
    assert place in words
    assert words[0].islower()
    assert not words.endswith(".")
    assert badge(check(outcome, proof, is_strong=is_strong), language=language)
    is_hedged = words.startswith(("peut-être", "perhaps"))
    assert is_hedged is (not is_strong and outcome is not Outcome.CONFIRMED)


CODES = [*map(str, FetchFailure), "no_link", "not_on_page", "other_date", "older", "not_understood"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_for_not_reading_has_its_own_words(language: Language) -> None:
    said = {code: say(check(Outcome.UNREADABLE, None, why_not=code), language) for code in CODES}
    bare = say(check(Outcome.UNREADABLE, None, why_not="?"), language)
    assert bare not in said.values()
    assert all("_" not in words for words in said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_change_is_told_by_the_clocks_of_the_place(language: Language) -> None:
    changes = [
        MOVED,
        Change(what="date", before="2026-12-01", now="2026-12-05"),
        Change(what="date", before="2026-12-01", now=""),
        Change(what="hour", before="2026-12-01T20:30+04:00", now="2026-12-01T19:00+04:00"),
        Change(what="venue", before="Le Temple", now="Salle Moulinages, Crest"),
        Change(what="attendance", before="onsite", now="online"),
        Change(what="price", before="0", now="7.5"),
        Change(what="price", before="7.5", now="0"),
    ]
    said = [change_words(one, language=language, now=AT).replace(NB, " ") for one in changes]
    french = [
        "nouvelle date : samedi 5 décembre, 20 h 30",
        "nouvelle date : samedi 5 décembre",
        "nouvelle date : à voir sur la page",
        "nouvel horaire : demain, 19 h",
        "nouveau lieu : Salle Moulinages, Crest",
        "désormais en ligne",
        "nouveau prix : 7,5 €",
        "nouveau prix : gratuit",
    ]
    assert len(set(said)) == len(changes)
    if language == "fr":
        assert said == french


@pytest.mark.parametrize(
    ("timezone", "hour"),
    [("Europe/Paris", "14 h 02"), ("Indian/Reunion", "17 h 02"), ("America/Cayenne", "10 h 02")],
)
def test_the_time_of_a_check_is_by_the_visitors_clock(timezone: str, hour: str) -> None:
    assert hour in say(check(Outcome.CONFIRMED), timezone=timezone).replace(NB, " ")


@pytest.mark.parametrize(
    ("later", "when"),
    [
        (timedelta(hours=3), "vérifié à 14 h 02"),
        (timedelta(hours=12), "vérifié hier à 14 h 02"),
        (timedelta(days=4), "vérifié le lundi 30 novembre à 14 h 02"),
    ],
)
def test_a_check_of_another_day_says_so(later: timedelta, when: str) -> None:
    """« Vérifié à 14 h 02 » three days ago would be a lie."""
    words = sentence(
        check(Outcome.CONFIRMED), language="fr", timezone="Europe/Paris", now=AT + later
    )
    assert words.replace(NB, " ").startswith(when)
