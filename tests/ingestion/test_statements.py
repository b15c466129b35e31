"""What organisers say in words.

Status, attendance, ages, accessibility, category, outing or not.
"""

from typing import Any

import pytest
from tests.ingestion.examples import MapRecord

from puls.catalogue.event import Attendance, Category, Status


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title_fr": "ANNULÉ - Balades en canoë"}, Status.CANCELLED),
        ({"title_fr": "[ANNULÉ] Visite du théâtre"}, Status.CANCELLED),
        ({"title_fr": "Annulé | Le réseau des diplômés"}, Status.CANCELLED),
        ({"title_fr": "COMPLET - Visite de la manufacture"}, Status.FULL),
        ({"title_fr": 'Visite famille "Jeux" [complet]'}, Status.FULL),
        ({"title_fr": "COMPLET l Atelier DIY"}, Status.FULL),
        ({"title_fr": "(Inscriptions closes) Visite de l'hôtel d'Avaray"}, Status.FULL),
        ({"title_fr": "Concert REPORTÉ"}, Status.POSTPONED),
        ({"description_fr": "Toutes les visites sont complètes"}, Status.FULL),
        ({"longdescription_fr": "Un plan circulaire d’origine. COMPLET"}, Status.FULL),
        ({"longdescription_fr": "L'inscription est désormais clôturée."}, Status.FULL),
        ({"longdescription_fr": "Événement reporté à une date ultérieure."}, Status.POSTPONED),
        ({"longdescription_fr": "L'atelier est malheureusement annulé."}, Status.CANCELLED),
        ({"title_fr": "Petit-déjeuner complet au château"}, Status.SCHEDULED),
        ({"title_fr": "JOURNEE COMPLETE DE STAGE"}, Status.SCHEDULED),
        (
            {"longdescription_fr": "Maintenu sauf si annulé. Programme complet sur le site."},
            Status.SCHEDULED,
        ),
        (
            {"longdescription_fr": "La sortie pourra être annulée ou reportée en cas de pluie."},
            Status.SCHEDULED,
        ),
        (
            {"longdescription_fr": "En cas de soirée annulée, vous serez prévenus."},
            Status.SCHEDULED,
        ),
        ({"longdescription_fr": "Cette visite est complétée par un atelier."}, Status.SCHEDULED),
        (
            {"longdescription_fr": "En cas de retard votre réservation sera annulée."},
            Status.SCHEDULED,
        ),
        (
            {
                "longdescription_fr": "Le concert de Fairuz, celui-ci est annulé "
                "par la guerre, devient un film."
            },
            Status.SCHEDULED,
        ),
        ({"status": '{"id": 4}'}, Status.POSTPONED),
        ({"status": '{"id": 2}', "title_fr": "Bal (ANNULÉ)"}, Status.CANCELLED),
        ({"status": "garbage"}, Status.SCHEDULED),
    ],
)
def test_a_status_is_read_where_organisers_write_it(
    map_record: MapRecord, changes: dict[str, Any], expected: Status
) -> None:
    """The field often stays « programmé » when the title says the contrary."""
    assert map_record(**changes).status is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title_fr": "Webinaire : le sommeil"}, Attendance.ONLINE),
        ({"title_fr": "Rencontre en visio"}, Attendance.ONLINE),
        ({"location_name": "En ligne"}, Attendance.ONLINE),
        ({"attendancemode": '{"id": 2}'}, Attendance.ONLINE),
        (
            {"attendancemode": None, "description_fr": "Un webinaire interactif d'une heure"},
            Attendance.ONLINE,
        ),
        (
            {"title_fr": "Webinaire", "description_fr": "En présentiel et en visio"},
            Attendance.MIXED,
        ),
        (
            {"attendancemode": None, "description_fr": "Inscription en ligne obligatoire"},
            Attendance.ONSITE,
        ),
        (
            {
                "attendancemode": None,
                "longdescription_fr": "Billetterie en ligne. Mise à distance de soi.",
            },
            Attendance.ONSITE,
        ),
        ({"title_fr": "Vendre en ligne : atelier"}, Attendance.ONSITE),
        ({"title_fr": "Visions croisées"}, Attendance.ONSITE),
        ({"longdescription_fr": "À 14 h au centre ou à 20 h par Zoom."}, Attendance.MIXED),
        ({"longdescription_fr": "Sur place et à distance, par zoom."}, Attendance.MIXED),
        ({"longdescription_fr": "Séance disponible en distanciel : https://x"}, Attendance.MIXED),
        ({"description_fr": "À suivre aussi en ligne depuis votre canapé."}, Attendance.MIXED),
        ({"description_fr": "La séance est diffusée en direct."}, Attendance.MIXED),
        ({"description_fr": "En direct sur YouTube."}, Attendance.MIXED),
        ({"description_fr": "Un lien de connexion vous sera envoyé."}, Attendance.MIXED),
        ({"description_fr": "Lieu : en visio ou bâtiment A"}, Attendance.MIXED),
        ({"description_fr": "La conférence se tiendra en visioconférence."}, Attendance.ONLINE),
        ({"description_fr": "Avec Ana Ruiz (en visio), de Madrid."}, Attendance.ONSITE),
        ({"description_fr": "Concert retransmis en direct sur France 2."}, Attendance.ONSITE),
        ({"description_fr": "Retransmission sur grand écran."}, Attendance.ONSITE),
        ({"description_fr": "L'inscription se fera en ligne."}, Attendance.ONSITE),
        ({"description_fr": "Réservation à distance ou au guichet."}, Attendance.ONSITE),
    ],
)
def test_online_is_what_is_held_online_not_what_is_booked_online(
    map_record: MapRecord, changes: dict[str, Any], expected: Attendance
) -> None:
    assert map_record(**changes).attendance is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"description_fr": "Dès 6 ans"}, (6, None)),
        ({"description_fr": "À partir de 3 ans"}, (3, None)),
        ({"title_fr": "Atelier 7-12 ans"}, (7, 12)),
        ({"longdescription_fr": "Pour les enfants de 6 à 10 ans."}, (6, 10)),
        ({"longdescription_fr": "Interdit aux moins de 18 ans"}, (18, None)),
        ({"longdescription_fr": "Visite déconseillée aux enfants de moins de 8 ans"}, (8, None)),
        ({"longdescription_fr": "De la naissance à 3 ans"}, (0, 3)),
        ({"longdescription_fr": "Réservé aux 16 ans et plus"}, (16, None)),
        ({"conditions_fr": "A partir de 4 ans sur réservation entrée gratuite"}, (4, None)),
        ({"age_min": 0, "age_max": 120}, (None, None)),
        ({"age_min": "6", "age_max": "12"}, (6, 12)),
        ({"longdescription_fr": "Tout public"}, (None, None)),
        ({"longdescription_fr": "Gratuit pour les moins de 10 ans"}, (None, None)),
        ({"conditions_fr": "3 € pour les enfants de 6 à 16 ans"}, (None, None)),
        (
            {"longdescription_fr": "Il y a 30 ans naissait le festival, 30 ans de jazz."},
            (None, None),
        ),
        ({"longdescription_fr": "La fête des 50 ans du musée"}, (None, None)),
        (
            {"longdescription_fr": "Détective privé de 60 ans, il disparaît pendant 5 à 7 ans"},
            (None, None),
        ),
        ({"conditions_fr": "Adulte : 14€ ; Enfant (4-17 ans) : 9€"}, (None, None)),
    ],
)
def test_ages_are_who_is_invited(
    map_record: MapRecord, changes: dict[str, Any], expected: tuple[int | None, int | None]
) -> None:
    """A child turned away at the door is the worst answer."""
    event = map_record(**changes)
    assert (event.age_min, event.age_max) == expected


@pytest.mark.parametrize(
    ("details", "is_denied"),
    [
        ("Site non accessible PMR", True),
        ("La tour n'est pas accessible aux fauteuils roulants.", True),
        ("Pas d'accès PMR à l'observatoire.", True),
        ("Inaccessible aux personnes à mobilité réduite.", True),
        ("Visite non adaptée aux poussettes et aux fauteuils.", True),
        ("Montée déconseillée aux personnes à mobilité réduite.", True),
        ("Accès PMR : non", True),
        ("Une partie de la visite n'est pas accessible aux personnes à mobilité réduite.", False),
        ("Lieu accessible aux personnes à mobilité réduite.", False),
        ("Pas de fauteuil numéroté.", False),
        ("Entrée libre.", False),
    ],
)
def test_an_access_is_denied_only_when_the_whole_place_is(
    map_record: MapRecord, details: str, is_denied: bool
) -> None:
    """What is denied is refused to who needs it; what nobody states is only marked."""
    denied = map_record(longdescription_fr=details).not_accessible
    assert {code.value for code in denied} == ({"mi"} if is_denied else set())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"accessibility": "hi;vi"}, {"hi", "vi"}),
        ({"accessibility": '["mi"]'}, {"mi"}),
        ({"accessibility_label_fr": ["handicap moteur"]}, {"mi"}),
        ({"description_fr": "Visite en langue des signes (LSF)"}, {"hi"}),
        ({"longdescription_fr": "Surtitrage adapté aux sourds, surtitres adaptés"}, {"hi"}),
        ({"longdescription_fr": "Séance avec audiodescription"}, {"vi"}),
        ({"longdescription_fr": "Lieu accessible aux personnes à mobilité réduite."}, {"mi"}),
        ({"longdescription_fr": "Accès PMR"}, {"mi"}),
        ({"longdescription_fr": "Site non accessible PMR"}, set()),
        ({"longdescription_fr": "La tour n'est pas accessible aux fauteuils roulants."}, set()),
        ({"longdescription_fr": "Pas d'accès PMR à l'observatoire."}, set()),
        (
            {
                "longdescription_fr": "Malheureusement inaccessible aux personnes à mobilité "
                "réduite."
            },
            set(),
        ),
        ({"longdescription_fr": "Initiation à la langue des signes"}, set()),
        ({"longdescription_fr": "Installez-vous dans votre fauteuil"}, set()),
    ],
)
def test_an_access_is_promised_only_when_it_is_stated(
    map_record: MapRecord, changes: dict[str, Any], expected: set[str]
) -> None:
    """« Non accessible PMR » also contains « accessible PMR »."""
    assert {code.value for code in map_record(**changes).accessibility} == expected


@pytest.mark.parametrize(
    ("title", "keywords", "expected"),
    [
        ("Concert de jazz au musée", [], Category.CONCERT),
        ("Ciné-concert : Nosferatu", [], Category.CINEMA),
        ("Visite guidée de l'exposition Monet", [], Category.EXHIBITION),
        ("Atelier théâtre", [], Category.WORKSHOP),
        ("Balade contée en forêt", [], Category.WALK),
        ("Les nuits d'été", ["danse", "plein air"], Category.DANCE),
        ("Le marché de Noël", [], Category.MARKET),
        ("Stand-up : Anne fait rire", [], Category.COMEDY),
        ("Escape game au château", [], Category.GAME),
        ("Quelque chose", [], Category.OTHER),
    ],
)
def test_the_title_then_the_keywords_give_the_category(
    map_record: MapRecord, title: str, keywords: list[str], expected: Category
) -> None:
    event = map_record(title_fr=title, keywords_fr=keywords, description_fr=None)
    assert event.category is expected


@pytest.mark.parametrize(
    "changes",
    [
        {"originagenda_title": "Mes événements France Travail", "title_fr": "Concert de CV"},
        {"canonicalurl": "https://openagenda.com/francetravail/events/x"},
        {"title_fr": "Job dating restauration"},
        {"title_fr": "McDonald's recrute"},
        {"title_fr": "Forum de l'emploi"},
        {"title_fr": "Créer son entreprise", "longdescription_fr": "Pour les porteurs de projet"},
        {
            "title_fr": "Visite de l'entreprise X",
            "canonicalurl": "https://openagenda.com/semaine-industrie-2025/events/x",
            "description_fr": "organisée par l'agglo pour les secondes du lycée",
        },
        {"title_fr": "Collecte de sang"},
    ],
)
def test_what_is_not_an_outing_is_marked(map_record: MapRecord, changes: dict[str, Any]) -> None:
    """Job fairs answering « concert » is what every earlier attempt did."""
    assert map_record(**changes).non_cultural_reason is not None


@pytest.mark.parametrize(
    "title",
    [
        "Découverte des métiers d'art",
        "Visite du musée de l'Industrie",
        "Repair Café",
        "Atelier jardinage au naturel",
        "Portes ouvertes des ateliers d'artistes",
        "Les coulisses du métro",
        "Salle du Conseil municipal",
        "Stage de cirque",
    ],
)
def test_outings_about_work_stay_outings(map_record: MapRecord, title: str) -> None:
    assert map_record(title_fr=title).is_cultural
