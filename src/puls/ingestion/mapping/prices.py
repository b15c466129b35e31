"""What an event costs, from the organiser's words.

Pure. Never guessed: a price is known when it is stated. Enter at `price_from`.

How the facts are defined:
- `lowest` is the lowest price that an adult without a special right can pay (full, single or
  pre-sale price); reduced, child, student, member and group prices count only when no other is
  stated. `highest` is the highest stated.
- « gratuit pour les moins de 12 ans, 8 € » is paid, lowest 8: a condition on who does not make an
  event free.
- « prix libre », « au chapeau » alone is paid with lowest 0 (nobody is turned away, yet a
  contribution is asked); « entrée libre, au chapeau » is free, as the organiser says.
- « gratuit du 5 au 28 novembre, entrée 4 € ensuite » is free: it is, for who comes in time; the
  sentence is kept.
- An event whose title says that it is free is free, whatever else its text sells.
- A free part beside a paid part (« visite libre gratuite, visite guidée 5 € ») is paid with lowest
  0.
- The conditions are believed first; the other texts only when the conditions are silent, and only
  on strong words (« entrée libre », « concert gratuit », « tarif : 8 € »), never on a bare «
  gratuit » or a bare amount.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from puls.catalogue.event import Price, PriceKind
from puls.ingestion.mapping.text import folded

MAX_CONDITIONS_CHARACTERS: Final = 1_000
_OPENS_WITHIN: Final = 3  # characters: a quote or a dash may stand before the first word
# Above this a sum in an event's text is a prize, a budget or a fee of several days' course rather
# than a ticket.
_HIGHEST_BELIEVED: Final = 1_000.0
_LATE_CENTS: Final = re.compile(r"\b(\d{1,3}) ?euros? ?(\d{2})\b(?! ?(?:h|ans|euros?|%|min|pers))")
_AMOUNT: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?: \d{3}|\d)?(?:[.,]\d{1,2})?) ?(?:euros?\b|eur\b)"
)
_RANGE: Final = re.compile(
    r"(?<![\d.,h])(\d{1,3}(?:[.,]\d{1,2})?) ?(?:euros?)?(?: ?(?:a|/|ou|et|-)|,(?= )) "
    r"?(?=\d{1,3}(?:[.,]\d{1,2})? ?euros?\b)"
)
_BREAK: Final = re.compile(
    r"[|;\n]|,(?!\d)|\.(?=\s|$)| - |/(?! ?\d)|\bgratuite?s?\b|\bpuis\b|\bou\b(?! \d)"
)
_REDUCED: Final = re.compile(
    r"reduit|enfant|etudiant|moins de|[-<] ?(?:de )?\d+ ?ans|demandeur|chomeur|\brsa\b|minima"
    r"|adherent|abonne|groupe|scolaire"
    r"|famille|jeune|senior|\bpass\b|carte|handicap|licencie|membre|\bamis\b|minus|accompagnateur"
    r"|preferentiel|durable|mobilite"
    r"|\bpour les \d|solidaire|eleve|apprenti|\bplus de 6\d|\b\d+ ?[-a] ?\d+ ?ans|collegien"
    r"|lyceen|\bpro\b|ados?\b"
)
_FULL: Final = re.compile(
    r"adulte|plein|normal|standard|uni(?:que|ty)|prevente|par personne|par pers|/ ?pers|tout "
    r"public|sur place|exterieur|non adherent"
)
_OTHER_THING: Final = re.compile(
    r"repas|pique|menu|plat\b|boisson|consommation|buvette|chiens?\b|location|audiophone"
    r"|audioguide|quizz?\b|parking|livret|caution|casque|manege|stand\b|stands\b"
    r"|restauration|\bvente|achat|a gagner|recompense|de prix|prix de [\d ]+ euros? pour|bourse "
    r"de|budget|subvention|tombola|sandwich"
    r"|initial|au lieu|cotisation|adhesion|cadeau|valeur|gain|salaire|remuner|brut|net\b|dotation"
    r"|million|milliard|economi|amende|aide de|apero|brunch"
)  # fmt: skip
_PRICE_WORD: Final = re.compile(
    r"tarif|entree|prix|billet|place|participation|par pers|/ ?pers|adulte|plein|reduit|\bpaf\b"
    r"|cout|payant|prevente|sur place|formule|inscription"
)

_FREE: Final = re.compile(
    r"\bgra-?tui(?:te?s?|tement|te)\b|\bgratis\b|\bentree libre\b(?! ?: ?0)|\b(?:en )?acces "
    r"libre\b|\blibre (?:d')?acces\b|\bfree (?:entry|admission|entrance|of charge)\b|\bentree "
    r"offerte\b|\bsans frais\b|^free$"
)
_NOT_THE_EVENT: Final = re.compile(
    r"(?:parking|stationnement|lunettes?(?: connectees?)?|livrets?|brochures?|application|appli"
    r"|navettes?|casques?|wifi|boissons?|sandwich\w*"
    r"|vestiaires?|telechargement|telechargeable|pret|essai|cadeaux?|distribution|compost"
    r"|restaurant|audioguides?|plans?|guides? papier|programme papier|consultation|bus"
    r"|depistages?|transports?|plateforme \w+|catalogue|collation|gouter|accompagnateurs?|cafe"
    r"|verre)(?: \w+){0,2} (?:est |sont |et |entierement )*$"
)
_FOR_SOME: Final = re.compile(
    r"\W*(?:(?:uniquement|seulement|egalement) )*(?:pour (?!tou|l'ensemble|l'occasion|les jep"
    r"|les journees|la nuit|cette|les deux jours|le (?:grand )?public|les (?:enfants|petits) et"
    r"|les (?:grands|adultes) et|le plaisir|participer|les visiteurs)"
    r"|aux (?!public|grand|visiteurs|expo|collec|musees)|moins de|- ?(?:de )?\d+|\(? ?[-<] ?\d"
    r"|jusqu'a \d+ ans|chaque premier|le premier|(?:les? |tous les )?1ers?"
    r"|sur (?:presentation|justificatif)|si |avec (?:le|la|l'|un|une|votre|presentation|ce|son"
    r"|notre|reservation de)|pendant|hors)"
)
_NEEDS_TICKET: Final = re.compile(
    r"\b(?:avec|muni\w* d|sur presentation d|inclus\w* dans|compris dans|apres achat d|en sus "
    r"d)(?:e |u |'|e l'|es )? ?(?:le |la |l'|un |une |votre |son )?"
    r"(?:\w+ d\w* ?'?(?:entree|musee|exposition)|billet|ticket|adhesion|entree|pass|carte|achat"
    r"|reservation de l'expo)"
)
_WINDOW: Final = re.compile(
    r"\W*(?:du (?:\w+ )?\d|le (?:\w+ )?\d|les \d|jusqu'au|a partir du|ce (?:jour|soir|week)"
    r"|(?:samedi|dimanche)\b)"
)
_WHO_BEFORE: Final = re.compile(
    r"(?:ans|enfants?|etudiants?|adherents?|abonnes?|reduit|jeunes?|membres?|demandeurs? d'emploi"
    r"|minima sociaux|scolaires?|pmr|handicap\w*|accompagnateurs?|personnel)(?: \([^)]*\)|\))? "
    r"?[:=-]? ?$"
)
_PAY_WHAT_YOU_WANT: Final = re.compile(
    r"\bprix libre|\bau chapeau|\bparticipation(?: aux frais)? libre|\blibre participation"
    r"|\btarif libre|\bprix conscient|\ba votre bon coeur|\bdonation libre|\blibre contribution"
)
_PAID: Final = re.compile(
    r"\bpayante?s?\b|\btarif (?:plein|reduit|unique|normal|habituel)|\bbillet(?:terie)? payant"
    r"|\bplein tarif\b|\btarifs? d(?:'|u |e l')(?:entree|musee|exposition)"
)
_PAID_IN_TEXT: Final = re.compile(
    r"\b(?:entree|acces|visite|atelier|spectacle|concert|animation|activite|evenement"
    r"|participation)s? (?:\w+ ){0,2}payant|\btarif (?:plein|reduit|unique|normal|habituel)"
    r"|\bplein tarif\b"
)
_NOT_PAID: Final = re.compile(
    r"non payant|pas payant|(?:stands?|maneges?|parking|buvette|restauration|consommations?"
    r"|boissons?|repas)(?: et \w+)? (?:est |sont )?payant"
)
_REGISTRATION: Final = re.compile(
    r"\b(?:sur|sous|apres|via) (?:pre-?)?(?:inscription|reservation|rendez-vous|rdv)"
    r"|\b(?:pre-?)?(?:inscription|reservation)s?(?: \w+){0,4} (?:obligatoire|necessaire|requise"
    r"|conseillee|recommandee|indispensable|souhaitee|imperative)"
    r"|\b(?:obligation|pensez|merci) (?:de|d'|a) (?:vous )?(?:re|s'in|in)(?:server|scri\w+)"
    r"|\binscri(?:vez|re)[- ]vous|\bvous inscrire|\bs'inscrire|\breservez\b|\bpreinscri"
    r"|\binscriptions?(?: et \w+)? ?:|\breservations? ?:|\b(?:booking|registration) (?:required"
    r"|mandatory)|\ba reserver\b|\binscription gratuite|\breserver (?:votre|vos|sa|son)"
)
_NO_REGISTRATION: Final = re.compile(
    r"\bsans (?:aucune )?(?:inscription|reservation|rendez-vous|rdv)|\bpas (?:de|d') "
    r"?(?:inscription|reservation)|\bni (?:inscription|reservation)"
)

_FREE_HINTS: Final = ("gratuit", "libre", "free ")
_STRONGLY_FREE: Final = re.compile(
    r"\b(?:entrees?|participations?|evenements?|concerts?|spectacles?|visites?|ateliers?"
    r"|animations?|activites?|soirees?|seances?|projections?"
    r"|expositions?|conferences?|parcours|sorties?|balades?|stages?|initiations?|festivals?"
    r"|manifestations?|inscriptions?|rencontres?|jeux?"
    r"|lectures?|bals?|representations?|webinaires?|reunions?|journees?|formations?|itineraires?"
    r"|demonstrations?|acces|sessions?|fete|salon|circuits?|decouvertes?|match|tournoi)"
    r"(?: (?!pas|non|ni|ou|parking|lunettes|jeunes|pour)[\w']+){0,4} gratuite?s?\b"
    r"|\bgratuite?s?,? (?:et|mais|sur|sans|dans la limite|en acces libre|ouverte?s? a|avec "
    r"inscription)\b"
    r"|\blibre (?:et|&) gratuite?|\bgratuite? et libre|\bentree libre\b|\bgratuit pour tou"
    r"|\btout est gratuit|\bc'est gratuit|\b(?:100 ?%|entierement|totalement) gratuit"
    r"|\bgratuitement (?:les|la|le|l'|au|aux|dans|a la decouverte|ses|son)|\b(?:ouvert\w*"
    r"|ouvre\w*|ouvrent|visiter?|accede[rz]|decouvrir|participe[rz]|profite[rz]|assiste[rz])(?: "
    r"\w+){0,3} gratuitement"
    r"|(?:^|[.!|\n:*()]|\btarif ?:?) ?gratuit(?:e|es|s)? ?(?=$|[.,!|\n*)(-])|\bfree (?:entry"
    r"|admission|of charge)|\bacces (?:libre et )?gratuit"
)


class _Amount(NamedTuple):
    euros: float
    is_reduced: bool
    is_labelled: bool


class _Statement(NamedTuple):
    """What one text says of the price."""

    is_free: bool = False
    is_free_whatever_follows: bool = False
    is_pay_what_you_want: bool = False
    is_paid: bool = False
    amounts: tuple[_Amount, ...] = ()

    @property
    def says_something(self) -> bool:
        return self.is_free or self.is_pay_what_you_want or self.is_paid or bool(self.amounts)


def price_from(conditions: str | None, *texts: str | None) -> Price:
    """The price that `conditions` state, else the one that the other plain texts state strongly."""
    sentence = conditions[:MAX_CONDITIONS_CHARACTERS] if conditions else None
    return price_from_folded(
        sentence, folded(sentence or ""), folded("\n".join(t for t in texts if t))
    )


def price_from_folded(conditions: str | None, folded_conditions: str, folded_texts: str) -> Price:
    """`price_from` for who has folded the texts already."""
    said = _read_conditions(folded_conditions) if folded_conditions else _Statement()
    if not said.says_something and folded_texts:
        said = _read_texts(folded_texts)
    return _price(
        said, conditions, on_registration=_asks_registration(folded_conditions, folded_texts)
    )


def _price(said: _Statement, conditions: str | None, *, on_registration: bool) -> Price:
    asked = [amount for amount in said.amounts if amount.euros > 0] or said.amounts
    usable = [amount.euros for amount in asked if not amount.is_reduced] or [a.euros for a in asked]
    highest = max((amount.euros for amount in said.amounts), default=None)
    kind, lowest = PriceKind.UNKNOWN, None
    if said.is_free_whatever_follows or (said.is_free and not usable):
        kind, lowest, highest = PriceKind.FREE, 0.0, 0.0
    elif usable and max(usable) == 0:
        kind, lowest = PriceKind.FREE, 0.0
    elif usable:
        kind, lowest = PriceKind.PAID, 0.0 if said.is_free else min(usable)
    elif said.is_pay_what_you_want:
        kind, lowest = PriceKind.PAID, 0.0
    elif said.is_paid:
        kind = PriceKind.PAID
    return Price(
        kind=kind,
        lowest=lowest,
        highest=highest,
        on_registration=on_registration,
        conditions=conditions,
    )


def _asks_registration(conditions: str, texts: str) -> bool:
    for sentence in (conditions, texts):
        if "sans " in sentence and _NO_REGISTRATION.search(sentence):
            return False
        if (
            "reserv" in sentence
            or "inscri" in sentence
            or "rendez" in sentence
            or "registr" in sentence
        ) and _REGISTRATION.search(sentence):
            return True
    return False


def _read_conditions(sentence: str) -> _Statement:
    amounts = tuple(_amounts(sentence)) if _names_euros(sentence) else ()
    is_free = whatever_follows = False
    for match in _FREE.finditer(sentence):
        if _is_for_everyone(sentence, match):
            is_free = True
            whatever_follows = whatever_follows or (
                match.start() < _OPENS_WITHIN and _WINDOW.match(sentence, match.end()) is not None
            )
    return _Statement(
        is_free=is_free,
        is_free_whatever_follows=whatever_follows,
        is_pay_what_you_want=_PAY_WHAT_YOU_WANT.search(sentence) is not None,
        is_paid=_is_said_paid(sentence),
        amounts=amounts,
    )


def _read_texts(sentence: str) -> _Statement:
    amounts = (
        tuple(a for a in _amounts(sentence) if a.is_labelled) if _names_euros(sentence) else ()
    )
    is_free = False
    if "grat" in sentence or "libre" in sentence or "free" in sentence:
        is_free = _is_strongly_free(sentence)
    title = sentence.partition("\n")[0]
    return _Statement(
        is_free=is_free,
        is_free_whatever_follows=is_free and _is_strongly_free(title),
        is_pay_what_you_want=("libre" in sentence or "chapeau" in sentence)
        and not is_free
        and _PAY_WHAT_YOU_WANT.search(sentence) is not None,
        is_paid=not is_free
        and ("payant" in sentence or "tarif" in sentence)
        and _PAID_IN_TEXT.search(sentence) is not None,
        amounts=amounts,
    )


def _is_strongly_free(sentence: str) -> bool:
    return any(
        _is_for_everyone(window, match)
        for window in _around(_FREE_HINTS, sentence)
        for match in _STRONGLY_FREE.finditer(window)
    )


def _names_euros(sentence: str) -> bool:
    return "euro" in sentence or " eur" in sentence


def _around(hints: Iterable[str], sentence: str) -> Iterator[str]:
    """The neighbourhoods of hints, so that costly patterns read little of a long text."""
    for hint in hints:
        at = sentence.find(hint)
        while at >= 0:
            end = at + len(hint)
            yield sentence[max(0, at - 100) : end + 120]
            at = sentence.find(hint, end)


def _is_said_paid(sentence: str) -> bool:
    return _PAID.search(sentence) is not None and _NOT_PAID.search(sentence) is None


def _is_for_everyone(sentence: str, free: re.Match[str]) -> bool:
    """Whether these words of gratuity are about the event itself and about any visitor."""
    before = sentence[max(0, free.start() - 60) : free.start()]
    words = free.group()
    grat = max(words.rfind("grat"), 0)
    if _NOT_THE_EVENT.search(before + words[:grat]) or _WHO_BEFORE.search(before):
        return False
    if _FOR_SOME.match(sentence, free.end()) and not words.endswith(
        (" les", " la", " le", " l'", " au", " aux", " dans")
    ):
        return False
    if re.search(r"\b(?:pas|non|ni) (?:\w+ )?$", before):
        return False
    stop = sentence.find("\n", free.end())
    after = sentence[free.end() : min(free.end() + 70, stop if stop >= 0 else len(sentence))]
    return _NEEDS_TICKET.search(after) is None


def _amounts(sentence: str) -> list[_Amount]:
    """Every entrance price of a folded text, each with what its neighbouring words say of it."""
    sentence = _RANGE.sub(r"\1 euros/", _LATE_CENTS.sub(r"\1.\2 euros", sentence))
    found: list[_Amount] = []
    matches = list(_AMOUNT.finditer(sentence))
    if not matches:
        return found
    breaks = [m.span() for m in _BREAK.finditer(sentence)]
    inherited = ""
    for index, match in enumerate(matches):
        left = max((end for start, end in breaks if end <= match.start()), default=0)
        right = min((start for start, end in breaks if start >= match.end()), default=len(sentence))
        previous_end = matches[index - 1].end() if index else 0
        next_start = matches[index + 1].start() if index + 1 < len(matches) else len(sentence)
        is_first_of_segment = previous_end <= left
        before = sentence[max(left, previous_end) : match.start()]
        after = sentence[match.end() : min(right, next_start)]
        if is_first_of_segment:
            inherited = before
        label = _label(
            before, after, inherited, shares_segment=next_start < right or not is_first_of_segment
        )
        euros = float(match.group(1).replace(" ", "").replace(",", "."))
        context = sentence[max(0, left - 40) : left][-40:] + sentence[left:right]
        if euros > _HIGHEST_BELIEVED or _OTHER_THING.search(
            sentence[max(left, previous_end) - 0 : min(right, next_start)]
        ):
            continue
        is_reduced = _REDUCED.search(label) is not None and _FULL.search(label) is None
        found.append(_Amount(euros, is_reduced, _PRICE_WORD.search(context) is not None))
    return found


def _label(before: str, after: str, inherited: str, *, shares_segment: bool) -> str:
    """The words that qualify an amount.

    Before it when labels precede (« plein 10 € réduit 8 € »), else around it.
    """
    if not shares_segment:
        return f"{before} {after}"
    if _REDUCED.search(inherited) or _FULL.search(inherited):
        return before
    return after
