"""What searches leave out as no outing, and when a visitor asks for it by name all the same.

« Une visite d'entreprise », « une réunion d'information », « un don du sang »: the words name the very kind of the record that
`ingestion.outings` marks, so it is admitted. Pure. Enter at `reasons_asked_for`.
"""

import functools
import re
from typing import Final

from puls.geo.names import fold

_WORDS: Final = re.compile(r"[a-z0-9]+")
_EMPLOYMENT: Final = ("employment", "employment_agenda")
_BUSINESS: Final = ("business", "business_agenda", "professional")
_STUDIES: Final = ("studies", "studies_agenda")
# What names a kind, and the reasons of `ingestion.outings` that such records carry.
_NAMED: Final = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), reasons)
    for pattern, reasons in (
        (
            (
                r"visit\w* (?:guidees? )?(?:d |de |des |une? |l |la |les )*(?:entreprises?|usines?|sites? industriels?)"
                r"|(?:company|factory|plant) (?:visits?|tours?)|entreprises? (?:a visiter|qui ouvrent)"
            ),
            (*_EMPLOYMENT, "trade_promotion", "closed_group"),
        ),
        (
            (
                r"(?:reunions?|seances?|sessions?|rencontres?) d informations?|informations? collectives?"
                r"|information (?:sessions?|meetings?)"
            ),
            (*_EMPLOYMENT, *_BUSINESS, *_STUDIES, "health_and_social"),
        ),
        (
            (
                r"job ?dating|jobs? fairs?|forums? (?:de l )?emplois?|forums? (?:des )?metiers|salons? de l emploi"
                r"|recrutements?"
            ),
            (*_EMPLOYMENT, "trade_promotion"),
        ),
        (r"webinaires?|webinars?", (*_EMPLOYMENT, *_BUSINESS, *_STUDIES, "health_and_social")),
        (
            r"creations? d entreprise|(?:creer|monter|fonder) (?:son|ma|mon|sa|une) (?:entreprise|boite|societe)",
            (*_EMPLOYMENT, *_BUSINESS),
        ),
        (
            r"dons? d[ue] sang|collectes? de sang|depistages?|vaccinations?|blood donations?",
            ("health_and_social",),
        ),
        (
            (
                r"salons? (?:de l |des )?etudiants?|parcoursup|portes ouvertes (?:d |de |des |du |une? |l |la )*"
                r"(?:universite|lycee|cfa|campus|ecole|fac|faculte)s?"
            ),
            (*_STUDIES, "business_agenda"),
        ),
        (r"assemblees? generales?|conseils? (?:municipal|municipaux|de quartier)", ("studies",)),
        (r"budgets? participatifs?", ("directory",)),
    )
)


@functools.lru_cache(maxsize=1_024)
def reasons_asked_for(topic: str) -> tuple[str, ...]:
    """The reasons whose records the topic asks for by name; none for most topics."""
    if not topic:
        return ()
    folded = " ".join(_WORDS.findall(fold(topic)))
    named = (reasons for pattern, reasons in _NAMED if pattern.search(folded))
    return tuple(dict.fromkeys(reason for reasons in named for reason in reasons))
