"""Prices are what the organiser states, never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.catalogue.event import PriceKind
from puls.ingestion.mapping.prices import price_from


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("Gratuit", "free"),
        ("entrée libre", "free"),
        ("Gratuit, sur inscription", "free, register"),
        ("gratuit pour tous", "free"),
        ("GRA-TUIT !", "free"),
        ("Entrée libre (au chapeau)", "free"),
        ("gratuit du 5 au 28 novembre, entrée 4 euros à partir du 1er décembre", "free"),
        (
            (
                "Visite guidée gratuite. Une participation de 3€ est demandée pour la location "
                "du matériel"
            ),
            "free",
        ),
        ("3 €", "paid 3-3"),
        ("12 à 30€", "paid 12-30"),
        ("Entre 7€ et 10€", "paid 7-10"),
        ("Tarif de 4€ à 5€20", "paid 4-5.2"),
        ("5,50 €", "paid 5.5-5.5"),
        ("8 €, gratuit pour les moins de 12 ans", "paid 8-8"),
        ("gratuit pour les moins de 12 ans, 8 €", "paid 8-8"),
        ("Tarif plein : 14 €; tarif réduit : 5 €", "paid 14-14"),
        ("Tarif réduit : 12€ | Tarif standard : 15€ | Préventes limitées ! : 10€", "paid 10-15"),
        ("Adulte 5,00 €, Étudiant 3,50 €, Enfant 2,50 €, Moins de 10 ans gratuit", "paid 5-5"),
        ("6 € adultes, 4 € étudiants et demandeurs d'emploi", "paid 6-6"),
        ("De 20 à 30€ tout public / gratuit moins de 12 ans", "paid 20-30"),
        ("Payant", "paid"),
        ("Prix libre", "paid 0"),
        ("Participation libre", "paid 0"),
        (
            ("Tarification prix billet d'entrée et lunettes connectées gratuites sur réservation"),
            "unknown, register",
        ),
        ("Gratuit avec le billet du musée", "unknown"),
        ("Gratuit avec l'adhésion", "unknown"),
        ("Gratuit pour les adhérents", "unknown"),
        ("Parking gratuit", "unknown"),
        ("Réservation possible. Tarif du repas 15 €", "unknown"),
        ("Sur réservation", "unknown, register"),
        ("Limité à 20 personnes", "unknown"),
        ("Sans réservation", "unknown"),
        (None, "unknown"),
    ],
)
def test_conditions_say_the_price(conditions: str | None, expected: str) -> None:
    """« Gratuit » somewhere in a sentence has disappointed many visitors."""
    assert shown(conditions) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un concert gratuit au parc", "free"),
        ("Entrée libre dans la limite des places", "free"),
        ("Venez nombreux. Gratuit.", "free"),
        ("PhotoSaintGermain offre un parcours gratuit et libre d’accès d’expositions", "free"),
        ("des soirées gratuites d’observation, ouvertes à tous", "free"),
        ("L'inscription est gratuite mais obligatoire", "free"),
        ("Tarifs 8 € 6 € (réduit)", "paid 8-8"),
        ("Une participation de 15€/personne", "paid 15-15"),
        ("Parking gratuit à côté de la maison", "unknown"),
        ("L'application est téléchargeable gratuitement", "unknown"),
        ("L'entrée est gratuite pour les moins de 26 ans", "unknown"),
        ("Un prix de 1 000 € à gagner", "unknown"),
        ("Le bâtiment a coûté 3 millions d'euros", "unknown"),
        ("Distribution gratuite de compost", "unknown"),
    ],
)
def test_other_texts_count_only_when_they_speak_strongly(text: str, expected: str) -> None:
    assert shown(None, text).removesuffix(", register") == expected


def test_the_conditions_are_believed_before_the_description() -> None:
    price = price_from("5 €", "Entrée libre")
    assert (price.kind, price.lowest) == (PriceKind.PAID, 5)


@given(st.text(max_size=200) | st.text("0123456789 €,.-/|gratuitlibremoinsdeans", max_size=120))
def test_any_sentence_gives_consistent_facts(sentence: str) -> None:
    price = price_from(sentence, sentence)
    match price.kind:
        case PriceKind.FREE:
            assert price.lowest == price.highest == 0
        case PriceKind.UNKNOWN:
            assert price.lowest is None
        case PriceKind.PAID:
            assert price.lowest is None or price.lowest >= 0
            assert price.highest is None or price.lowest is None or price.highest >= price.lowest


def shown(conditions: str | None, *texts: str) -> str:
    price = price_from(conditions, *texts)
    words: str = price.kind.value
    if price.kind is PriceKind.PAID and price.lowest is not None:
        words += f" {price.lowest:g}" + (f"-{price.highest:g}" if price.highest is not None else "")
    return f"{words}, register" if price.on_registration else words
