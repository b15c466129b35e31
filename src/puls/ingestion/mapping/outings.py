"""Which records are not outings.

Job fairs, recruitment, training offers, business meetings, calls for applications.

Pure. Such records are kept and marked, never deleted. Enter at `non_cultural_reason`; its precision
and recall are measured by `python -m evals.non_cultural` on a sample judged by hand. Visits of
workshops and factories, "métiers d'art", repair cafés, gardening and citizens' workshops are
outings: what the public is invited to enjoy or learn.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_JOB_AGENDA: Final = re.compile(
    r"france travail|francetravail|pole emploi|pole-emploi|mission locale|\bapec\b|cap emploi"
    r"|evenements emploi"
)
_JOB_PLACE: Final = re.compile(
    r"^(?:[\w' -]+ - )?agence (?!de la|du patrimoine|d'architect|d'urbanisme|culturelle)[\w' -]+$"
    r"|france travail|pole emploi|mission locale|\bapec\b"
)
_JOB_TITLE: Final = re.compile(
    r"job ?-?dat|jobs? (?:saisonnier|d'ete|etudiant|trotteur|day|fair|meeting|truck|chef)|speed "
    r"?-?recruit|\brecrut\w*|forum (?:de l'|pour l'|des? )?(?:emploi|metier|job|alternance"
    r"|recrutement)"
    r"|\b(?:salon|semaine|village|rencontres?|rallye|cafe|bus|matinee|journee|carrefour|place"
    r"|stade) (?:\w+ )?(?:de l'|vers l'|pour l')(?:emploi|alternance|insertion)\b|\bcarrieres? "
    r"(?:et|dans|au)\b|alternance\b|apprentissage (?:recrut|cfa)"
    r"|detection de potentiel|methode de recrutement|\bmrs\b|\bpoei?c?\b|\binfo(?:rmation)?s?[- "
    r"]?coll(?:ective)?s?\b|reunion d'information (?:collective|sur (?:la formation|les metiers))"
    r"|recherche d'emploi|retour a l'emploi|demandeurs? d'emploi|\bemploi\b(?! du temps)|trouver "
    r"(?:un|son|votre) (?:job|emploi|stage|metier)|\b(?:mon|votre|son|un|de) cv\b|lettre de "
    r"motivation"
    r"|entretien d'embauche|conseil en evolution professionnelle|\bvae\b|validation des acquis"
    r"|bilan de competences|\bcdi\b|\bcdd\b|interim\b|offres? d'emploi|preparation operationnelle"
    r"|forindustrie|en contrat d'apprentissage|service civique|reconversion|\bafpa\b|\bgreta\b"
    r"|titre professionnel|orientation professionnelle|metiers? (?:en tension|qui recrutent)"
    r"|immersion professionnelle|\bpmsmp\b|creation d'entreprise.*atelier|activ'?emploi"
    r"|#?tousmobilises|nos agences|club (?:des )?(?:cadres|seniors)|indemnisation|coach(?:ing)? "
    r"emploi"
    r"|(?:decouvr\w+|decouverte|presentation|exploration|zoom|focus|atelier|rencontre"
    r"|formez-vous)[^|]{0,45} (?:du|des|de|les|le|aux?|un) metiers? (?!d'art|d'antan|anciens"
    r"|oublies|de la (?:scene|culture|pierre)|du (?:patrimoine|cinema|spectacle|livre|musee|bois "
    r"ancien)|des arts|traditionnels|artisan)"
    r"|\b(?:parcours|dispositif|formation|atelier|prestation) (?:\w+ )?(?:agil'?cadres"
    r"|boost'emploi|valoris|activ'|stabilise d'integration|qualifiante|certifiante|diplomante)"
    r"|^(?:information|reunion) (?:\w+ )?(?:concours|formation|metier)|cap sur (?:l'emploi|les "
    r"metiers)|webtv|projet professionnel|insertion professionnelle|\bmetiers? (?:de|du|des) .* "
    r"(?:agence|h/f)"
)  # fmt: skip
_JOB_TEXT: Final = re.compile(
    r"france travail|pole emploi|demandeurs? d'emploi|mission locale|\bjob[- ]?dating|conseiller "
    r"(?:referent|emploi)|offres? d'emploi|contrat d'(?:apprentissage|alternance)"
    r"|\bpostes? a pourvoir|vos? cv\b|\bcv\b|en cdi\b|\bcdd\b|recrut(?:e|ent|ement|eur|eurs|ons"
    r"|er)\b|retour a l'emploi|formation qualifiante|alternance|immersion professionnelle"
    r"|postuler"
)
_BUSINESS_AGENDA: Final = re.compile(
    r"france ?num|\bcci\b|chambre de commerce|chambre de metiers|\bcma\b|g9\+|g9plus|supply chain"
    r"|calendrier des evenements economiques|solutions ?cse|\bmedef\b|\badie\b|business france"
    r"|france-belgique-calendrier|intermines|kestocal|smart weeks"
    r"|ambassadeurs[ -]ia\b|chambre d'agriculture .*pro|conseil general de l'economie|agenda de "
    r"bruno le maire|agnes pannier|agenda du ministre|\bminefi\b|bpifrance|mecenat-en-grand-est"
    r"|rencontresfssidf|reseau entreprendre"
)
_BUSINESS_TITLE: Final = re.compile(
    r"creation d'entreprise|creer (?:son|votre|sa|mon) (?:entreprise|boite|activite|societe"
    r"|micro)|micro-?entrepr|auto-?entrepr|business plan|\bstatuts? juridiques?\b|etude de "
    r"marche\b|prospection|tresorerie|\burssaf\b|fiscalite"
    r"|facturation electronique|factur-?x|\brgpd\b|\bseo\b|referencement|reseaux sociaux (?:pour"
    r"|pro)|linkedin|google (?:ads|business|my)|e-?commerce|marketing|community manag|\btpe\b"
    r"|\bpme\b|\berp\b|chefs? d'entreprise|dirigeants?\b"
    r"|repreneur|reprise d'entreprise|transmission d'entreprise|cedants?|entrepreneur"
    r"|entreprendre|startups?|start-ups?|levee de fonds|networking|afterwork (?:pro|business)"
    r"|petit[- ]dejeuner (?:\w+ )?(?:entreprise|pro|d'affaires|:)|\bb2b\b|club (?:d')?affaires"
    r"|cybersecurite|cyber ?(?:defense|attaque)|supply ?chain|\bwebin[ae]r|formation "
    r"(?:professionnelle|continue)|salon professionnel|appels? (?:a|d') ?(?:projets?"
    r"|candidatures?|offres?|manifestation)|\bcowork\w*|intelligence artificielle (?:pour|au "
    r"service) (?:les|des|votre) (?:entreprises?|pro)"
    r"|bpifrance|cma paca|cci paca|tendances instagram|diagnostic numerique|transformation "
    r"numerique|presence en ligne|vente en ligne|vendre en ligne|audite votre site|devenir "
    r"(?:franchise|independant|freelance|formateur)|portage salarial|congres (?:national|annuel"
    r"|pro)|assises (?:nationales|de l'industrie)|forum (?:entreprises?|economique|des? "
    r"entreprises)"
)  # fmt: skip
_BUSINESS_TEXT: Final = re.compile(
    r"chefs? d'entreprise|dirigeants?|entrepreneur|porteurs? de projet|\btpe\b|\bpme\b|\bcci\b"
    r"|chambre de metiers|\bcma\b|votre (?:entreprise|activite|chiffre d'affaires)|createurs? "
    r"d'entreprise|vos clients|professionnels? d[eu]|business|\br&d\b|startup"
)
_CULTURE_TITLE: Final = re.compile(
    r"concert|exposition|spectacle|theatre|musee|visite|balade|festival|projection|film|cine"
    r"|danse|opera|lecture|conte|jardin|patrimoine|chateau|eglise|jeu\b|jeux\b|metiers? d'art"
    r"|fete|match|yoga|peinture|poesie"
)
_STUDY_AGENDA: Final = re.compile(
    r"oraccle|\boriane\b|daac versailles|daac-versailles|parcoursup|colos? ?apprenantes"
    r"|colosapprenantes"
)
_STUDY_TITLE: Final = re.compile(
    r"(?:journees?|soirees?|samedi) (?:\w+ )?portes? ouvertes?.*(?:universite|campus|ecole|lycee"
    r"|cfa|iut|bts|master|etudiant|formation)|(?:universite|campus|ecole|lycee|cfa"
    r"|iut)\b.*portes? ouvertes?|\bjpo\b"
    r"|salon (?:de l'|des? )?(?:etudiant|post-?bac|formations?|grandes ecoles|masters?)"
    r"|post-?bac\b|parcoursup|(?<!marche d')(?<!course d')(?<!raid d')\borientation\b(?! "
    r"spatiale)|reorientation|soutenance|immersion (?:a l'|en )(?:universite|cfa|lycee)|\bbts\b"
    r"|\bcfa\b"
    r"|\bspoc\b|\bmooc\b|diplome d'etat|presentation de l'institut|licence canonique|preparer "
    r"une licence|salon de l etudiant|certificat universitaire|diplome universitaire|rentree "
    r"(?:universitaire|des etudiants)|conseil d'administration|assemblee generale|(?<!salle du "
    r")(?<!salle de )conseil municipal|conseil de quartier"
)  # fmt: skip
_DIRECTORY: Final = re.compile(
    r"structures d'accueil et d'hebergement|structures-d?-?accueil-et-d"
    r"|structures-accueil-hebergement|budget participatif"
)
_AGENDA_SLUG: Final = re.compile(r"^https?://(?:www\.)?openagenda\.com/(?:[a-z]{2}/)?([^/?#]+)/")
_INDUSTRY_WEEK: Final = re.compile(
    r"semaine[- ](?:de[- ]l'?)?-?industrie|semaine[- ]des[- ]metiers"
)
_FOR_A_CLASS: Final = re.compile(
    r"pour (?:une?|la|les?|des|un groupe de) ?(?:\w+ ){0,2}(?:classes?|eleves?|secondes?|1e?res?"
    r"|premieres?|terminales?|termin\w*|3e\w*|2e\w*|bts|cap\b|jeunes|collegiens?"
    r"|lyceens?|conseillers?|enseignants?|professeurs?|demandeurs|club)|organisee? par "
    r"[^.\n]{0,40} pour (?:les|la|le|une?|des) |professeurs en entreprise"
)
_HEALTH: Final = re.compile(
    r"\bdepistages?\b|don du sang|collecte de sang|vaccination|modes? d'accueil|\bmdph\b|besoin "
    r"d'info|^information seniors"
)
_PROFESSIONAL: Final = re.compile(
    r"webinaires? (?:rendez|du social|de l'apprentissage|d ?'?information|phd)"
    r"|\berc\b[^.]{0,30}(?:grant|session)|rencontres? professionnelle|journees? professionnelle"
    r"|conseils a la candidature"
    r"|^forum entreprises?\b|^seminaire (?:des enseignants|dataia)|formation des (?:clercs"
    r"|enseignants|formateurs)|^formation ihefr|\bcse\b|hackathon pro"
)
_FOR_PROFESSIONALS: Final = re.compile(
    r"(?:webinaires?|formation|seminaire|colloque|journee|rencontre)[^.\n]{0,60} (?:a "
    r"destination des|pour les|aux|reservee?s? aux|destinee?s?(?: en priorite)? aux) "
    r"(?:professionnel|soignant|enseignant|candidats|agents|elus|entreprises|agriculteurs)"
)
_TO_SOMEONE: Final = (" a destination des ", " pour les ", " aux ")  # one is in each match
_OPEN_TO_PUBLIC: Final = re.compile(
    r"\bvisites? (?:guidees?|libres?|commentees?|d(?:e|u|es)|de l')|portes ouvertes|grand public"
    r"|tout public|en famille|exposition|degustation|escape game|patrimoine|musee|concert|theatre"
    r"|fresque|histoire"
)
# A title that a rule for titles can match holds one of these: a plain look is thirty times faster.
_STEMS_OF_TITLES: Final = tuple(
    stem.replace("_", " ")
    for stem in [
        "job",
        "recrut",
        "recruit",
        "forum",
        "emploi",
        "alternance",
        "insertion",
        "carriere",
        "apprentissage",
        "detection",
        "mrs",
        "poe",
        "coll",
        "reunion",
        "trouver",
        "cv",
        "lettre",
        "embauche",
        "conseil",
        "vae",
        "validation",
        "bilan",
        "cdi",
        "cdd",
        "interim",
        "operationnelle",
        "forindustrie",
        "civique",
        "reconversion",
        "afpa",
        "greta",
        "professionnel",
        "metier",
        "pmsmp",
        "entreprise",
        "tousmobilises",
        "agence",
        "club",
        "indemnisation",
        "cadres",
        "valoris",
        "activ'",
        "stabilise",
        "qualifiante",
        "certifiante",
        "diplomante",
        "information",
        "webtv",
        "creer",
        "entrepr",
        "business",
        "statut",
        "etude",
        "prospection",
        "tresorerie",
        "urssaf",
        "fiscal",
        "factur",
        "rgpd",
        "seo",
        "referencement",
        "reseaux",
        "linkedin",
        "google",
        "commerce",
        "marketing",
        "community",
        "tpe",
        "pme",
        "erp",
        "dirigeant",
        "repreneur",
        "cedant",
        "start",
        "levee",
        "networking",
        "afterwork",
        "dejeuner",
        "b2b",
        "affaires",
        "cyber",
        "supply",
        "webin",
        "formation",
        "appel",
        "cowork",
        "artificielle",
        "bpifrance",
        "paca",
        "instagram",
        "numerique",
        "ligne",
        "audite",
        "devenir",
        "portage",
        "congres",
        "assises",
        "ouverte",
        "jpo",
        "salon",
        "bac",
        "parcoursup",
        "orientation",
        "soutenance",
        "immersion",
        "bts",
        "cfa",
        "spoc",
        "mooc",
        "diplome",
        "institut",
        "licence",
        "etudiant",
        "universitaire",
        "rentree",
        "assemblee",
        "depistage",
        "don_du",
        "collecte",
        "vaccin",
        "accueil",
        "mdph",
        "besoin",
        "senior",
        "erc",
        "candidature",
        "seminaire",
        "cse",
        "hackathon",
    ]
)


def agenda_slug_of(url: str | None) -> str:
    """The agenda's name inside an OpenAgenda address, else nothing."""
    match = _AGENDA_SLUG.match(url) if url else None
    return match[1].lower() if match else ""


class _Agenda(NamedTuple):
    """What the names of an agenda say of all its events."""

    is_about_jobs: bool
    is_directory: bool
    is_industry_week: bool
    is_about_business: bool
    is_about_studies: bool


@lru_cache(maxsize=4_096)  # a few thousand agendas publish a million events
def _agenda(names: str) -> _Agenda:
    return _Agenda(
        is_about_jobs=_JOB_AGENDA.search(names) is not None,
        is_directory=_DIRECTORY.search(names) is not None,
        is_industry_week=_INDUSTRY_WEEK.search(names) is not None,
        is_about_business=_BUSINESS_AGENDA.search(names) is not None,
        is_about_studies=_STUDY_AGENDA.search(names) is not None,
    )


def non_cultural_reason(
    *, agenda: str, slug: str, place: str, title: str, texts: str
) -> str | None:
    """The rule that marks the record as not an outing, else None. All arguments are folded."""
    names = f"{agenda} {slug}"
    published = _agenda(names)
    if published.is_about_jobs or (place and _JOB_PLACE.search(place)):
        return "employment_agenda"
    if published.is_directory:
        return "directory"
    if published.is_industry_week:
        return _industry_week_reason(title, texts)
    is_telling = any(stem in title for stem in _STEMS_OF_TITLES)
    return (
        (_job_reason(title, texts) if is_telling else None)
        or ("business_agenda" if published.is_about_business else None)
        or (_business_reason(title, texts) if is_telling else None)
        or ("studies_agenda" if published.is_about_studies else None)
        or (_study_reason(title) if is_telling else None)
        or _health_reason(title, is_telling=is_telling, is_about_aids="sans-sida" in names)
        or (_professional_reason(title) if is_telling else None)
        or _reason_for_professionals(title, texts)
    )


def _industry_week_reason(title: str, texts: str) -> str | None:
    """In the weeks that promote industry and its jobs.

    Only what invites the public to visit is an outing.
    """
    if _JOB_TITLE.search(title) or _JOB_TEXT.search(texts):
        return "employment"
    if _FOR_A_CLASS.search(f"{title}\n{texts}"):
        return "closed_group"
    return None if _OPEN_TO_PUBLIC.search(title) else "trade_promotion"


def _job_reason(title: str, texts: str) -> str | None:
    if not _JOB_TITLE.search(title):
        return None
    if _CULTURE_TITLE.search(title) and not _JOB_TEXT.search(texts):
        return None
    return "employment"


def _business_reason(title: str, texts: str) -> str | None:
    if (
        _BUSINESS_TITLE.search(title)
        and _BUSINESS_TEXT.search(f"{title}\n{texts}")
        and not _CULTURE_TITLE.search(title)
    ):
        return "business"
    return None


def _health_reason(title: str, *, is_telling: bool, is_about_aids: bool) -> str | None:
    if not (is_about_aids or (is_telling and _HEALTH.search(title))):
        return None
    is_culture = "histoire" in title or _CULTURE_TITLE.search(title) is not None
    return None if is_culture else "health_and_social"


def _professional_reason(title: str) -> str | None:
    return "professional" if _PROFESSIONAL.search(title) else None


def _reason_for_professionals(title: str, texts: str) -> str | None:
    opening = f"{title}\n{texts[:400]}"
    if not any(words in opening for words in _TO_SOMEONE) or _CULTURE_TITLE.search(title):
        return None
    return "professional" if _FOR_PROFESSIONALS.search(opening) else None


def _study_reason(title: str) -> str | None:
    return "studies" if _STUDY_TITLE.search(title) and not _CULTURE_TITLE.search(title) else None
