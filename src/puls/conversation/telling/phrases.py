"""How an event is spoken of in a sentence: its moment, place, price and what to beware of. Pure.

Every word comes from the record; what nobody stated is said to be unknown, or not said.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from puls import phrasing
from puls.catalogue.event import (
    Accessibility,
    Attendance,
    Event,
    Price,
    PriceKind,
    Status,
)
from puls.conversation.markdown import ADDRESS, TELEPHONE, bare, title_link
from puls.conversation.turn import Material
from puls.geo.names import fold
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent, ReasonCode
from puls.understanding.wish import Wish

_NB = "\N{NO-BREAK SPACE}"
_MASCULINE = re.compile(
    r"(?:théâtre|théatre|musée|centre|cinéma|parc|château|conservatoire|jardin|palais|stade|café|temple|marché|"
    r"domaine|pôle|lycée|collège|campus|gymnase|kiosque|muséum|planétarium|square|port|fort|bar|pavillon|"
    r"hot club|club|prieuré|couvent|chapiteau|cloître|foyer|complexe|tiers-lieu|quai|magic|grand|petit|nouveau|vieux)\b",
    re.IGNORECASE,
)
_FEMININE = re.compile(
    r"(?:médiathèque|bibliothèque|salle|mc ?\d+|halle|maison|galerie|place|chapelle|cathédrale|basilique|villa|ferme|"
    r"grange|mairie|fondation|citadelle|gare|collégiale|librairie|mjc|cave|scène|friche|brasserie|guinguette|"
    r"filature|manufacture|tour|cité|rue|avenue|plage|promenade|péniche|base|boutique|crypte|bourse|ludothèque|cinémathèque|grande|petite|nouvelle)\b",
    re.IGNORECASE,
)
_ELIDED = re.compile(
    r"(?:église|espace|auditorium|abbaye|opéra|atelier|hôtel|esplanade|association|île|établissement|office|école|université|arena|observatoire|institut|"
    r"orangerie|usine|amphithéâtre|aquarium|hippodrome|entrepôt|autre)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"(?:archives|arènes|halles|jardins|ateliers|docks|thermes|grands|petits|anciennes?s|nouveaux|bains|serres|écuries|catacombes|remparts)\b",
    re.IGNORECASE,
)
_NO_ARTICLE = re.compile(r"(?:saint|sainte|notre-dame|st|ste)\b", re.IGNORECASE)
_HAS_PREPOSITION = re.compile(r"(?:À|Au|Aux|Chez|Dans|Sous|Sur|En) (?=\w)")
_VOWEL = re.compile(r"[aeiou]")
_LONGEST_CONDITIONS = 160


def written_language(material: Material) -> Language:
    """The language to write in: French or English, whatever else the visitor wrote."""
    return "fr" if material.language == "fr" else "en"


def chosen(options: Sequence[str], *key: object) -> str:
    """One of the options, always the same for the same key."""
    digest = hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=4).digest()
    return options[int.from_bytes(digest, "big") % len(options)]


def either(french: str, english: str, language: Language) -> str:
    return french if language == "fr" else english


def joined(parts: Sequence[str], language: Language, last: tuple[str, str] = ("et", "and")) -> str:
    """« a, b et c »."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {either(*last, language)} {parts[-1]}"


def capital(text: str) -> str:
    """The text with a capital, also when it begins with a link."""
    return (
        re.sub(r"^(\W*)(\w)", lambda match: match[1] + match[2].upper(), text, count=1)
        if text[:1].isalpha()
        else text
    )


def when(found: FoundEvent, now: datetime, language: Language) -> str:
    return phrasing.moment_in_a_sentence(
        found.occurrence, found.event.timezone, now=now, language=language
    )


def where(event: Event, language: Language) -> str | None:
    """« au Théâtre des Ormes, à Lyon »; « à Lyon (Kraspek Myzik) » when the name wants no preposition; None when unknown."""
    venue = event.venue
    if event.attendance is Attendance.ONLINE:
        return either("en ligne", "online", language)
    if venue is None:
        return None
    name, city = bare(venue.name or ""), bare(venue.city or "")
    place = at_venue(name, language) if name else None
    if city and city.casefold() in name.casefold():
        return place
    parts = [part for part in (place, in_town(city, language) if city else None) if part]
    return ", ".join(parts) if language == "fr" else " ".join(parts) or None


def at_venue(name: str, language: Language) -> str:
    if language == "en":
        return f"at {name}"
    if _HAS_PREPOSITION.match(name):  # « À Thou bout d'chant », « Chez Paul »
        return name[0].lower() + name[1:]
    for article, contracted in (
        ("Le ", "au "),
        ("La ", "à la "),
        ("L'", "à l'"),
        ("L’", "à l'"),
        ("Les ", "aux "),
    ):
        if name.startswith(article):
            return contracted + name[len(article) :]
    for pattern, preposition in (
        (_NO_ARTICLE, "à "),
        (_PLURAL, "aux "),
        (_ELIDED, "à l'"),
        (_FEMININE, "à la "),
        (_MASCULINE, "au "),
    ):
        if pattern.match(name):
            return preposition + name
    return f"à l'{name}" if _VOWEL.match(fold(name)) else f"au {name}"


def in_town(city: str, language: Language) -> str:
    if language == "en":
        return f"in {city}"
    if city.startswith("Le "):
        return f"au {city[3:]}"
    if city.startswith("Les "):
        return f"aux {city[4:]}"
    return f"à {city}"


def price(of: Price, language: Language) -> str:
    """In a few words; never the organiser's own sentence, which `conditions` quotes."""
    if of.kind is PriceKind.PAID and of.lowest == 0:
        if of.highest is None:
            return either("prix variable, voir la page", "price varies, see its page", language)
        return either(
            f"gratuit ou jusqu'à {phrasing.euros(of.highest, 'fr')}",
            f"free or up to {phrasing.euros(of.highest, 'en')}",
            language,
        )
    return phrasing.price_words(of, language)


def conditions(of: Price) -> str | None:
    """The organiser's own words about the price, fit to be quoted; None when there are none."""
    words = (
        bare(of.conditions or "")
        .replace("«", "")
        .replace("»", "")
        .replace('"', "")
        .replace("“", "")
        .replace("”", "")
    )
    words = " ".join(words.split()).strip(" .")
    has_address = "@" in words or ADDRESS.search(of.conditions or "") or TELEPHONE.search(words)
    return words if words and len(words) <= _LONGEST_CONDITIONS and not has_address else None


def cautions(found: FoundEvent, now: datetime, language: Language) -> list[str]:
    """What the visitor must not miss, the gravest first."""
    event, occurrence = found.event, found.occurrence
    said: list[str] = []
    match event.status:
        case Status.CANCELLED:
            said.append(either("annulé", "cancelled", language))
        case Status.FULL:
            said.append(either("complet", "sold out", language))
        case Status.POSTPONED:
            said.append(either("reporté", "postponed", language))
        case Status.RESCHEDULED:
            said.append(either("programmation modifiée", "changed by the organiser", language))
        case Status.MOVED_ONLINE:
            said.append(either("désormais en ligne", "moved online", language))
        case Status.SCHEDULED:
            pass
    if occurrence.ends_at <= now:
        said.append(either("terminé", "over", language))
    elif occurrence.is_possible:
        said.append(either("dates à vérifier", "dates to be checked", language))
    elif occurrence.is_day_known_only:
        said.append(either("horaires non précisés", "hours not stated", language))
    return said


def is_on(found: FoundEvent, now: datetime) -> bool:
    """Whether it may be proposed as an outing."""
    return found.occurrence.ends_at > now and found.event.status not in {
        Status.CANCELLED,
        Status.POSTPONED,
        Status.FULL,
    }


def reasons(
    found: FoundEvent, wish: Wish, language: Language, *, tells_unknown_ages: bool = True
) -> list[str]:
    """What matters to this wish: distance, price, ages, accessibility."""
    event = found.event
    said: list[str] = []
    if found.distance_km is not None:
        said.append(phrasing.distance_words(found.distance_km, language))
    said.append(price(event.price, language))
    ages = phrasing.ages_words(event.age_min, event.age_max, language)
    if ages:
        said.append(ages)
    elif wish.ages and tells_unknown_ages:
        said.append(either("âges non précisés", "ages not stated", language))
    stated = wish.accessibility & event.accessibility
    if stated:
        said += phrasing.accessibility_names(frozenset(stated), language)
    elif wish.accessibility:
        said.append(either("accessibilité non précisée", "accessibility not stated", language))
    if event.attendance is Attendance.MIXED:
        said.append(either("aussi en ligne", "also online", language))
    if any(reason.code is ReasonCode.APPROXIMATE_PLACE for reason in found.reasons):
        said.append(either("position approximative", "approximate position", language))
    return said


def event_sentence(
    found: FoundEvent,
    wish: Wish,
    now: datetime,
    language: Language,
    *,
    tells_unknown_ages: bool = True,
) -> str:
    """The whole of what matters about one event, in one sentence, built as that of every other."""
    event = found.event
    beware = cautions(found, now, language)
    moment, place = when(found, now, language), where(event, language)
    facts = ", ".join(
        [*reasons(found, wish, language, tells_unknown_ages=tells_unknown_ages), *beware]
    )
    parts = [part for part in (moment, place) if part]
    if not is_on(found, now):
        beyond_status = beware[1:] if event.status is Status.FULL else []
        return _not_on(found, ", ".join([*parts, *beyond_status]), now, language)
    colon = either(" :", ":", language)
    return f"{title_link(event)}, {', '.join(parts)}{colon} {facts}."


def _not_on(found: FoundEvent, told: str, now: datetime, language: Language) -> str:
    """That an event was, is full, cancelled or postponed, before anything else."""
    link = title_link(found.event)
    if found.occurrence.ends_at <= now:  # of an exhibition, one of its days
        return either(f"{link} a eu lieu {told}.", f"{link} took place {told}.", language)
    match found.event.status:
        case Status.CANCELLED:
            return either(
                f"Attention, {link} : l'événement est annulé.",
                f"Please note that {link} is cancelled.",
                language,
            )
        case Status.POSTPONED:
            return either(
                f"Attention, {link} : l'événement est reporté.",
                f"Please note that {link} is postponed.",
                language,
            )
        case _:
            return either(
                f"{link} affiche complet ({told}).", f"{link} is sold out ({told}).", language
            )


def accessibility(codes: frozenset[Accessibility], language: Language) -> str | None:
    if not codes:
        return None
    return joined(phrasing.accessibility_names(codes, language), language)
