"""The writer without a model: natural, varied, true to the records."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conversation.materials import (
    CANCELLED,
    CINE,
    EVENTS,
    EXPO,
    FREE,
    FULL,
    JAZZ,
    NOW,
    PAST,
    at,
    counted,
    found,
    material,
    venue,
)

from puls.catalogue.event import Category, Occurrence, Price, PriceKind, Status
from puls.conversation.answers import AnswerCheck
from puls.conversation.composer import compose
from puls.conversation.turn import Material, Plan, PlanStep
from puls.retrieval.ranking import FoundEvent
from puls.understanding.notices import Notice
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish

TITLES = (
    "Les Ormes",
    "Nuit gratuite à Lyon [18 h]",
    "20 000 lieues",
    "« Écoute ! »",
    "A*B_C",
    "Fado (complet ?)",
    "12 €",
    "Vendredi",
    "Bal",
)
QUESTIONS = (
    "c'est où ?",
    "et le tarif ?",
    "à quelle heure, combien de temps, pour quel âge ?",
    "dis-m'en plus",
    "is it accessible, any seats left, how do I book?",
)


def written(turn: Material) -> str:
    return "".join(sentence.text for sentence in compose(turn)).replace("\N{NO-BREAK SPACE}", " ")


@st.composite
def events(draw: st.DrawFn, uid: str) -> FoundEvent:
    starts_at = NOW + timedelta(minutes=15 * draw(st.integers(-300, 20_000)))
    lasting = timedelta(minutes=draw(st.sampled_from([45, 120, 360, 60 * 24 * 40])))
    occurrence = Occurrence(
        starts_at=starts_at,
        ends_at=starts_at + lasting,
        is_possible=draw(st.booleans()) and lasting > timedelta(days=1),
        is_day_known_only=draw(st.booleans()),
    )
    lowest = draw(st.sampled_from([0.0, 5.0, 12.5]))
    prices = [Price(), FREE, Price(kind=PriceKind.PAID), Price(kind=PriceKind.PAID, lowest=lowest, highest=draw(st.sampled_from([None, 12.5, 30.0])),
              conditions=draw(st.sampled_from([None, "12 € plein tarif, gratuit pour les moins de 12 ans"])))]  # fmt: skip
    return found(
        uid,
        draw(st.sampled_from(TITLES)) + draw(st.sampled_from(["", f" {uid}", " !"])),
        occurrence,
        km=draw(st.none() | st.floats(0, 80)),
        url=draw(st.sampled_from(["", None, "https://example.org/a (b)", "javascript:alert(1)"])),
        category=draw(st.sampled_from(Category)),
        status=draw(st.sampled_from(Status)),
        price=draw(st.sampled_from(prices)),
        age_min=draw(st.sampled_from([None, 0, 3, 12])),
        age_max=draw(st.sampled_from([None, 11, 99])),
        venue=draw(st.sampled_from([None, venue(None), venue("Le 104", "Paris"), venue("L'Étoile", "Le Havre"), venue("Salle 3 [bis]", "")])),
        description=draw(st.sampled_from([None, "Du jazz. Gratuit ! Voir www.pirate.com", "Une soirée à 20 h « pour tous »."])),
    )  # fmt: skip


@st.composite
def turns(draw: st.DrawFn) -> Material:
    number = draw(st.integers(1, 5))
    some = tuple(draw(events(str(at))) for at in range(number))
    turn = draw(st.sampled_from([Turn.SEARCH, Turn.DETAILS, Turn.COMPARISON, Turn.CANNOT]))
    return material(
        draw(st.sampled_from(QUESTIONS)),
        some,
        turn=turn,
        cited=() if turn is Turn.SEARCH else some,
        language=draw(st.sampled_from(["fr", "en", "de"])),
        fitting=number + draw(st.sampled_from([0, 4, 900])),
        wish=draw(st.sampled_from([None, Wish(), Wish(topic="jazz", ages=(4,)), Wish(free=True), Wish(max_price=20)])),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns())
def test_all_that_the_composer_writes_bears_the_check(turn: Material) -> None:
    """The writer of last resort must not lose a sentence."""
    check = AnswerCheck(turn)
    sentences = list(compose(turn))
    passed = [one.text for sentence in sentences for one in check.passed(sentence)]
    assert passed == [sentence.text for sentence in sentences]
    assert check.checking.claims == check.checking.grounded_claims
    assert (check.checking.dropped, check.checking.rewritten) == (0, 0)


def test_the_same_turn_gives_the_same_text_and_another_one_varies() -> None:
    """Reproducible, and yet not a form."""
    assert written(material()) == written(material())
    openings = {written(material(f"question {n}")).split("\n")[0] for n in range(20)}
    assert len(openings) > 1


def test_a_search_says_what_was_found_with_what_matters() -> None:
    """« à 1,2 km, 12 €, dès 6 ans », when, where, and the link."""
    text = written(material(wish=Wish(topic="jazz", ages=(7,))))
    for words in ("jazz", "[Les Cordes du Vercors](https://example.org/1)", "à 1,2 km, 12 €, dès 6 ans", "au Théâtre des Ormes, à Grenoble", "prix non précisé", "dates à vérifier", "complet"):  # fmt: skip
        assert words in text
    assert "soir à 20 h 30" in text
    assert text.rstrip().endswith("?")


def test_english_visitors_read_english() -> None:
    """A tourist gets whole sentences in their language, whatever other language they wrote."""
    for language in ("en", "de"):
        text = written(material(language=language))
        assert "onight at 8:30 pm" in text
        assert "1.2 km away, €12, ages 6 and up" in text
        assert "prix" not in text


def test_when_nothing_fits_it_says_what_would() -> None:
    """« rien ce soir à Crest ; 3 samedi, 2 à Valence »."""
    relaxations = (
        counted("samedi 28 novembre", "on Saturday 28 November", 3),
        counted("dans tout Lyon", "anywhere in Lyon", 0),
        counted("à Valence, 28 km", "in Valence, 28 km away", 2),
    )
    text = written(material(events=(), relaxations=relaxations))
    assert "trois sorties samedi 28 novembre et deux sorties à Valence, 28 km" in text
    assert "Lyon" not in text


@pytest.mark.parametrize(
    ("question", "event", "words"),
    [
        ("et le tarif ?", JAZZ, "comptez 12 €"),
        ("et le tarif ?", EXPO, "c'est gratuit"),
        ("et le tarif ?", CINE, "prix non précisé"),
        ("c'est où ?", JAZZ, "au Théâtre des Ormes, à Grenoble (4 rue des Tilleuls), à 1,2 km"),
        ("à quelle heure ?", CINE, "dimanche 29 novembre à 18 h"),
        ("ça dure combien de temps ?", JAZZ, "dure 120 minutes"),
        ("c'est pour quel âge ?", JAZZ, "dès 6 ans"),
        ("c'est accessible ?", EXPO, "handicap moteur"),
        ("c'est complet ?", FULL, "complet"),
        ("où réserver ?", JAZZ, "(https://billets.example.org/cordes)"),
        ("dis-m'en plus", JAZZ, "Jazz manouche avec Anatole Brisebarre."),
        ("la première", CANCELLED, "l'événement est annulé"),
        ("la première", PAST, "c'est terminé"),
    ],
)
def test_what_is_asked_of_an_event_is_answered(
    question: str, event: FoundEvent, words: str
) -> None:
    """« la 2e », « et le tarif ? »: that, and no whole card again."""
    text = written(material(question, turn=Turn.DETAILS, cited=(event,)))
    assert words in text


def test_events_are_compared_by_what_tells_them_apart() -> None:
    """Price, place, date and ages side by side, and which one is cheapest and nearest."""
    text = written(material("compare", turn=Turn.COMPARISON, cited=(JAZZ, EXPO)))
    for words in ("12 €", "gratuit", "à 800 m", "dès 6 ans", "la moins chère et la plus proche : [Objets affectueux]"):  # fmt: skip
        assert words in text


def test_a_plan_tells_its_steps_and_its_cost() -> None:
    """Times, ways between and the total for everyone."""
    concert = replace(
        JAZZ, occurrence=Occurrence(starts_at=at(11, 28, 20, 30), ends_at=at(11, 28, 22, 30))
    )
    steps = (
        PlanStep(found=EXPO, arrives_at=at(11, 28, 14), leaves_at=at(11, 28, 15, 30), km_from_previous=None, minutes_from_previous=None),
        PlanStep(found=concert, arrives_at=at(11, 28, 20, 30), leaves_at=at(11, 28, 22, 30), km_from_previous=2.4, minutes_from_previous=35),
    )  # fmt: skip
    turn = material(turn=Turn.PLAN, events=(EXPO, concert), wish=Wish(party_size=2), plans=(Plan(steps=steps, price_per_person=12),))  # fmt: skip
    text = written(turn)
    for words in ("Demain de 14 h à 15 h 30", "à 2,4 km (35 minutes de trajet)", "12 € par personne, soit 24 € pour 2"):  # fmt: skip
        assert words in text
    check = AnswerCheck(turn)
    assert [one for each in compose(turn) for one in check.passed(each)]
    assert check.checking.claims == check.checking.grounded_claims


def test_preferences_are_said_and_notices_left_to_stand_beside() -> None:
    """Nothing that changed the answer is hidden, and nothing is read twice: a turn sends notices on their own."""
    used = Notice(
        code="p", fr="J'ai tenu compte de votre ville.", en="I took your town into account."
    )
    told = Notice(code="homonym", fr="J'ai compris Die, dans la Drôme.", en="I read Die, in Drôme.")
    text = written(material(notices=(told,), preferences_used=(used,)))
    assert used.fr in text
    assert told.fr not in text


@pytest.mark.parametrize("turn", [Turn.GREETING, Turn.THANKS, Turn.OUT_OF_SCOPE, Turn.CANNOT])
def test_messages_that_ask_for_no_event_get_a_sentence(turn: Turn) -> None:
    """Always an answer, never a card about something else."""
    assert len(written(material("…", (), turn=turn, wish=Wish()))) > 20
    assert EVENTS[0].event.title not in written(material("…", (), turn=turn, wish=Wish()))


def test_what_puls_cannot_do_is_sent_to_the_organiser() -> None:
    """« réserve la première »: the organiser's own link."""
    text = written(
        material("réserve-moi la première", (), turn=Turn.CANNOT, wish=Wish(), shown_before=(JAZZ,))
    )
    assert "https://billets.example.org/cordes" in text


def test_what_nobody_states_is_said_once() -> None:
    """Five times « âges non précisés » reads like a form."""
    events = tuple(
        found(str(at), f"Sortie {at}", JAZZ.occurrence, km=None, age_min=None, age_max=None)
        for at in range(3)
    )
    text = written(material("pour mes enfants", events, wish=Wish(ages=(4,))))
    assert "âges non précisés" not in text
    assert text.count("Aucune ne précise d'âge") == 1


def test_a_count_of_all_that_passes_the_filters_is_not_told_as_concerts() -> None:
    """« 240 sorties ce soir », of which five for the theme: never « 240 concerts »."""
    text = written(material("concert", fitting=240, wish=Wish(topic="concert")))
    assert "240 sorties" in text
    assert "votre envie de concert" in text


def test_a_venue_without_an_article_stands_in_brackets_and_facts_do_not_follow_in_others() -> None:
    for number in range(6):
        one = found(str(number), "Nuit", JAZZ.occurrence, venue=venue("Kraspek Myzik", "Lyon"))
        text = written(material(f"question {number}", (one,)))
        assert "à Lyon (Kraspek Myzik)" in text
        assert "Myzik) (" not in text


def test_the_price_is_not_quoted_when_the_organiser_says_the_same() -> None:
    same = Price(kind=PriceKind.PAID, lowest=8, highest=32, conditions="De 8 à 32 €")
    one = found("1", "Schubert", JAZZ.occurrence, price=same)
    text = written(material("combien ?", turn=Turn.DETAILS, cited=(one,)))
    assert text.count("de 8 à 32") == 1
    assert "précise" not in text
