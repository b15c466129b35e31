"""What a message takes back from the wish before: « enlève la date », « peu importe le lieu », « tous styles ». Pure. Enter at `dropped_fields`."""

import re

from puls.understanding.message import Message

_VERBS = (
    r"(?:enleve[rz]?|retire[rz]?|supprime[rz]?|oublie[rz]?|vire[rz]?|laisse[rz]? tomber|annule[rz]?|efface[rz]?|lache[rz]?|leve[rz]?|zappe[rz]?|sans|plus de|peu importe|n importe|qu importe|pas de|aucune?|ignore[rz]?|abandonne[rz]?|"
    r"forget(?: about)?|drop|remove|never mind|skip|lift|without|no|any|clear|take (?:off|away|out)|don t care about|scrap)"
)
_THE = r"(?: (?:pour|about|de|sur))?(?: (?:le|la|les|l|the|ma|mon|mes|ce|cette|cet|quel|quelle|toute?|filtre|filtre de|filtre d|critere|critere de|contrainte de|contrainte d|condition de|condition|limite de|limite d|restriction de|restriction|my|that)){0,3}"
_FIELDS: tuple[tuple[str, str], ...] = (
    (
        "when",
        r"(?:dates?|jours?(?! feries?)|moment|periode|horaires?|heures?|quand|when|days?|time|timing|dates? precises?|contrainte horaire)",
    ),
    (
        "where",
        r"(?:lieux?|endroits?|villes?|distance|rayon|region|departement|secteur|perimetre|place|location|town|city|where|radius)",
    ),
    ("price", r"(?:prix|budget|tarifs?|gratuit|gratuite|price|budget limit|free|cout)"),
    ("ages", r"(?:ages?|enfants|gosses|gamins|kids|age limit)"),
    (
        "access",
        r"(?:accessibilite|pmr|fauteuil|acces pmr|handicap|wheelchair|accessibility|step free)",
    ),
    (
        "theme",
        r"(?:themes?|genres?|styles?|types?|genre de sortie|type de sortie|type d evenement|sujet|kind|style|genre)",
    ),
    ("without", r"(?:exclusions?|exceptions?|restrictions?)"),
    ("all", r"(?:filtres?|criteres?|contraintes|tout|filters?|everything|all that)"),
)
_DROPS = tuple(
    (field, re.compile(rf"(?<!\S){_VERBS}{_THE} {nouns}(?!\S)")) for field, nouns in _FIELDS
)
_OTHERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "where",
        re.compile(
            r"(?<!\S)(?:change[rz]?|changeons) (?:de|d) (?:ville|lieu|endroit|coin|region)(?!\S)"
        ),
    ),
    (
        "when",
        re.compile(
            r"(?<!\S)(?:n importe quand|peu importe quand|any ?time|whenever|quand tu veux|toutes dates|toutes les dates|a n importe quelle date|la date (?:m est egale|importe peu|on s en fiche|n a pas d importance)|any day|any date|sans date precise|n importe quel jour|une autre periode|d autres dates)(?!\S)(?! (?:sauf|mais|except))"
        ),
    ),
    (
        "theme",
        re.compile(
            r"(?<!\S)(?:tous (?:les )?styles|tous (?:les )?genres|toutes? sortes?(?: de sorties?)?|n importe (?:quoi|quelle sortie|quel evenement|quel style|quelle activite|quel genre|quel spectacle|quel type)|peu importe (?:quoi|le genre|le style|le theme)|anything(?: really| at all| goes| will do)?(?=$| goes| will)|any kind|whatever kind|tout type|tous types|tout genre)(?!\S)"
        ),
    ),
    (
        "without",
        re.compile(
            r"(?<!\S)(?:enleve[rz]?|retire[rz]?|leve[rz]?|oublie[rz]?|remove|drop) (?:cette |la |l |this |that |the )?(?:restriction|exclusion|exception|interdiction)(?!\S)"
        ),
    ),
)


def dropped_fields(message: Message) -> frozenset[str]:
    """The fields among "when", "where", "price", "ages", "access", "theme", "without", "all" that are taken back in so many words."""
    found = {field for field, pattern in (*_DROPS, *_OTHERS) if pattern.search(message.line)}
    return frozenset(found)


def dropping_words(message: Message) -> list[tuple[int, int]]:
    """The words, the last included, that take something back: they are no theme."""
    return [
        message.word_range(match.start(), match.end())
        for _, pattern in (*_DROPS, *_OTHERS)
        for match in pattern.finditer(message.line)
    ]
