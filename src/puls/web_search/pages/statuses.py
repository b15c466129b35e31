"""What pages say of an event's status: schema.org's words, and sentences in French and English. Pure.

Enter at `field_status`, `without_status` for titles and `statements_in` for sentences. A sentence is read for what it
states of an event now: « annulation gratuite », « en cas d'annulation », « n'est pas annulé », « programme complet »,
« presque complet » state nothing. Who or what the sentence is about is not decided here (`words`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from puls.web_search.pages.days import hours_at, lowered, spans_written
from puls.web_search.pages.orders import speaks_to_a_machine
from puls.web_search.pages.plain import line_of
from puls.web_search.pages.sentences.cutting import sentences_in
from puls.web_search.pages.sentences.masking import MASK
from puls.web_search.pages.sentences.unsaid import is_order, said_alone
from puls.web_search.values import WebStatus

STRONG: Final = (
    WebStatus.CANCELLED,
    WebStatus.POSTPONED,
    WebStatus.RESCHEDULED,
    WebStatus.MOVED_ONLINE,
    WebStatus.FULL,
)
"""From what weighs most to what weighs least; `SCHEDULED` is no evidence against any of them."""

_FIELD: Final = {
    "scheduled": WebStatus.SCHEDULED,
    "confirmed": WebStatus.SCHEDULED,
    "cancelled": WebStatus.CANCELLED,
    "canceled": WebStatus.CANCELLED,
    "postponed": WebStatus.POSTPONED,
    "rescheduled": WebStatus.RESCHEDULED,
    "movedonline": WebStatus.MOVED_ONLINE,
    "soldout": WebStatus.FULL,
}

_NOUN: Final = (
    r"(?:concert|spectacle|evenement|representation|seance|soiree|atelier|date|festival|visite|conference|bal|expo(?:sition)?"
    r"|projection|rencontre|lecture|stage|show|event|manifestation|match|rendez-vous|spectacles?|randonnee|balade|sortie"
    r"|edition|fete|performance|gig|screening|tournoi|salon|marche|brocante|vide-grenier|masterclass|debat|session|creneau"
    r"|tout|c'est|jauge|billetterie|gala|repas-spectacle|opera|recital|piece|tournee|dates|concerts|seances|representations)"
)
_IS: Final = (
    r"(?:est|sont|a ete|ont ete|sera|seront|doit etre|is|are|was|were|has been|have been|will be|been)"
    r"(?: (?:malheureusement|finalement|helas|donc|desormais|deja|maintenant|hereusement|officiellement|unfortunately|now|sadly|totalement|entierement|already|completely))*"
)
_OBJECT: Final = "\0"  # put behind a present tense with an object, see `_with_verbs`
_ANNULE: Final = r"annul(?:e|ee|es|ees)\b"
_CANCELLED: Final = re.compile(
    rf"\b{_ANNULE}(?!{_OBJECT})|\b(?:cancelled|canceled)\b|\bn'?a(?:ura|uront)? (?:finalement |malheureusement |donc |helas )?pas lieu\b"
    r"|\bne (?:pourra|peut|pourront|peuvent) (?:finalement |malheureusement |donc |helas )?(?:pas )?(?:avoir lieu|se tenir|etre maintenue?s?)\b"
    r"|\bn'aura pas pu avoir lieu\b|\bannulation (?:du|de la|de l'|de notre|de nos|des|de ce|de cette|de)\b"
    rf"|\b{_IS} supprimee?s?\b"
    r"|\bdeprogramme(?:e|s|es)?\b|\bcall(?:ed)? off\b|\bwill (?:not|no longer) (?:take place|be held)\b|\bwon't take place\b"
    r"|\bne (?:sera|seront|se tiendra|se tiendront|se jouera|se joueront)(?: \w+ment| donc| helas)* (?:pas|plus)(?: (?:joue|donne|maintenu|assure|presente|programme|organise)e?s?)?\b(?! (?:annul|report|complet))"
    r"|\b(?:annulons|annulent)\b|\bannule (?:sa|son|ses) (?:tournee|concerts?|venue|dates?|representations?|participation)\b"
    r"|\b(?:contraint|oblige|force)e?s? (?:de |d'|a )annuler\b|\bdans l'obligation d'annuler\b|\b(?:demande|decide|prononce|exige) (?:l'annulation|d'annuler)\b"
    r"|\bwill not go ahead\b|\bn'aura plus lieu\b|\bcontraints? d'annuler\b|\b(?:devons|avons du|obliges d'|doit|a du|ont du) ?annuler\b|\bhave had to cancel\b|\bhad to cancel\b"
)
_NOT_CANCELLED: Final = re.compile(
    r"\b(?:pas|non|jamais|plus|sans etre|not|never|n't|aucune?)(?: encore| ete| etre| been| yet| be)* (?:annul|cancel|deprogramme)"
    r"|\bnon[- ]annul"
    r"|(?:en cas d[e']|risque d[e']|frais d[e']|conditions? d[e']|assurance|politique d[e']|demandes? d[e']|delais? d[e']|garantie|sous peine d[e']"
    r"|suite a l[a'] ?|possibilite d[e']|droit d[e']|toute|modalites d[e']|apres|procedure d[e']) ?'?annul(?!ee? )"
    r"|\bannulation (?:gratuite|possible|sans frais|offerte|flexible|de (?:votre|ma|la|une|toute) (?:reservation|commande|inscription|billet|place)"
    r"|des? (?:reservations?|commandes?|inscriptions?|billets?|places?))"
    r"|(?:peut|peuvent|pourra|pourront|pourrait|pourraient|serait|seraient|susceptible d'|may|might|could|can) (?:(?:etre|be|toutefois|cependant|ainsi|egalement) )*(?:annul|cancel|deprogramme)"
    r"|\b(?:si|s'il|if|when|lorsque|quand|sauf si|sauf|unless|should|except|en cas d[e']|in case of)(?<=[\w'])[^.;!?]{0,60}(?:annul|cancel)\w*"
    r"|\b(?:apres|depuis|malgre|since|after) (?:l'|son |leur |une |la |les |the )?(?:annulation|cancel\w+)"
    r"|(?:annul|cancel)\w*[^.;!?]{0,15}\b(?:si|if|en cas d)\b"
    r"|(?:reservation|commande|inscription|billet|paiement|booking)s? (?:[\w'-]+ ){0,5}(?:annul|cancel)"
    r"|(?:vol|train|place|adhesion|transaction|order|ticket|option|panier|abonnement)s? (?:non |sera |seront |est |sont |will be |is |are |automatiquement )*(?:annul|cancel)"
    r"|free cancel|cancell?ation policy"
)
_POSTPONED: Final = re.compile(
    rf"\breporte(?:e|s|es)?\b(?!{_OBJECT})|\breport (?:du|de la|de l'|de ce|de cette|de notre)\b|\bpostponed\b|\brepousse(?:e|s|es)?\b(?!{_OBJECT})"
    rf"|\b(?:{_IS} |{_NOUN} (?:{_IS} )?|^)(?:decale|differe|ajourne)(?:e|s|es)?\b|\bdecale(?:e|s|es)? (?:au|a une|a la|d'un|de (?:\d|deux|quelques)|en (?:janv|fev|mars|avr|mai|juin|juil|aou|sept|oct|nov|dec))"
    r"|\breprogramme(?:e|s|es)?\b|\brescheduled\b|\bnouvelles? dates?\b|\bnew date\b|\bavance(?:e|s|es)? au\b"
    r"|\b(?:est|sera|a ete) (?:donc |finalement )?remise? (?:au|a (?:plus tard|une date|un autre|la))\b"
    r"|\b(?:contraint|oblige|force|amene)e?s? (?:de |d'|a )(?:reporter|decaler|repousser)\b|\b(?:devons|doit|doivent|avons du|a du|ont du|prefere|decide de|choisi de) (?:reporter|decaler|repousser)\b"
    r"|\b(?:reportons|decalons|repoussons)\b|\bdeplace(?:e|s|es)? au\b(?= ?(?:\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche))"
)
_NOT_POSTPONED: Final = re.compile(
    r"\b(?:pas|non|jamais|plus|not|never|n't|ni)(?: encore| ete| etre| been| yet| be)* (?:reporte|repousse|decale|postponed|reprogramme|rescheduled)"
    r"|\bnon[- ]reporte|\ben cas de (?:report|mauvais|pluie|meteo|intemperies)|(?:se|vous|etre) reporter?\b"
    r"|(?:peut|peuvent|pourra|pourront|pourrait|pourraient|serait|seraient|may|might|could|can) (?:(?:etre|be) )*(?:reporte|repousse|decale|postponed|reprogramme|rescheduled|annule[es]* ou reporte)"
    r"|\b(?:si|s'il|if|lorsque|sauf si|should|unless|en cas d[e']|in case of)(?<=[\w'])[^.;!?]{0,60}(?:reporte|postponed|repousse|decale|rescheduled|reprogramme)\w*"
    r"|(?:reporte|postponed|decale)\w*[^.;!?]{0,15}\b(?:si|if|en cas d)\b"
    r"|(?:billet|reservation|inscription|paiement|horaire|depart|train|ouverture|mise en vente|vote|solde|ticket|article|prix)s? "
    r"(?:non |sera |seront |est |sont |is |are |de vente )*(?:reporte|repousse|decale|postponed)"
    r"|\breporte(?:e|s|es)? (?:de|du) (?:la |l'|le )?(?:\d|saison|edition|printemps|ete|automne|hiver|janv|fev|mars|avr|mai|juin|juil|aou|sept|oct|nov|dec)"
    r"|\bnouvelles? dates?(?: (?:de tournee|a venir|ajoutee?s?|supplementaires?|en vente|disponibles?))|\bnouvelles? dates? !|\breportes? par\b|\bdecale (?:et|du|de)\b|\bhumour decale\b|\bunivers decale\b"
)
_WORD_FULL: Final = r"complet(?:e|s|es)?"
_FULL: Final = re.compile(
    rf"(?:^|[\[(|:>•·!.\-] ?|\b{_NOUN} (?:(?:\d+|du|de la|le|ce|[\d/hH:]+) ?)*(?:{_IS} |(?:affiche|affichent|joue|complet) )?|\b(?:{_IS}|affiche|affichent|all|archi[- ]?|deja) ){_WORD_FULL}(?! ?(?:(?:du|de|des|a|et detaille|en|avec|sur|pour)\b|d'|:))\b"
    r"|\bsold[ -]?out\b|\bfully booked\b|\bno (?:more )?(?:tickets|seats|places)(?: left| available| remaining)?\b|\b(?:a )?guichets? fermes?\b"
    r"|\b(?:plus|pas) (?:de|aucune?) (?:places?|billets?|tickets?)(?: (?:disponibles?|libres?|a la vente|en vente|restante?s?))?\b|\bplus une seule place\b"
    r"|\baucune? (?:places?|billets?) (?:n'est |n'etant )?(?:plus )?(?:disponible|libre|restante)?"
    r"|\b(?:places?|billets?|billetterie|tickets?|reservations?|inscriptions?) (?:(?:sont |est )?(?:ete )?(?:toutes? |tous )?(?:epuisee?s?|closes? \(complet\)|ecoulee?s?|toutes vendues|parties|vendu(?:e?s)|reservees|attribuees|prises))\b"
    r"|(?:^|[:·(\[-] ?)epuisee?s?\b|\b(?:places|billets) ont (?:toutes |tous )?(?:trouve preneur|ete (?:vendu|reserve|pris|attribue|distribue)e?s)\b"
    r"|\b(?:salle|jauge|seance|representation) (?:est )?(?:deja )?(?:pleine|comble)\b|\bplus (?:une? seule?|de|aucune?) (?:place|siege|fauteuil|dossard|billet|creneau)s?\b"
    r"|\b(?:reste|avons|dispose|restent) (?:plus )?(?:aucune?|zero|plus de) (?:places?|billets?|dossards?|creneaux?)\b|\bdossards? (?:tous )?epuises?\b"
    r"|\bliste d'attente (?:uniquement|seulement)\b|\bwait(?:ing)?[ -]?list only\b|\b(?:quota|nombre|effectif|maximum)(?: (?:maximal|maximum|limite|de|d')?[\w' ]{0,30})? (?:est |a ete |etant )?atteint\b|\btout (?:est )?vendu\b"
    r"|\bnombre (?:maximal|maximum|limite)(?: de \w+)? (?:est |a ete )?atteint\b|\b(?:jauge|capacite|limite)(?: maximale| maximum| d'accueil)? (?:est |a ete )?atteinte\b"
    r"|\bcomplet(?:e|s|es)? de chez complet|\bcomplet(?:e|s|es)?\W+complet(?:e|s|es)?\b|\bcapacity reached\b|\btout est (?:parti|vendu)\b|\ba l'affiche complete\b"
)
_NOT_FULL: Final = re.compile(
    rf"\b(?:presque|quasi(?:ment)?|bientot|pas|pas encore|jamais|non|almost|nearly|not|n't|soon) (?:encore |deja |yet )?(?:{_WORD_FULL}|sold|fully)"
    rf"|\b(?:si|if|lorsque|quand|des que|une fois|when|once|en cas)\b[^.;!?]{{0,50}}(?:{_WORD_FULL}|sold|epuise|atteint|plus de place)"
    rf"|(?:programme|programmation|tarif|pass|dossier|album|texte|article|menu|repas|formule|liste|line-up|agenda|calendrier|planning|detail|nom|prix|guide|plan|catalogue|formulaire|adresse|site|reglement|version|horaires?|infos?|informations?|journee|oeuvre|integrale|biographie|cv|parking|vestiaire|restaurant|hotel|recit|cycle|panorama|petit-dejeuner|formation|semaine|annee|distribution|saison|bilan|abonnement|parcours|costume|matinee|nuit|voir|lire|kit|set|equipement|decor|artiste|groupe|collection|equipe|tour|experience|immersion) (?:(?:le|la|plus|tres|vegetarien|est|sera|sont|et) )*{_WORD_FULL}"
    rf"|\b(?:un|une|le|la|les|ce|cette|son|notre|votre|a|the) {_NOUN} {_WORD_FULL}|\b(?:terrasse|bar|camping|hebergement|gite|navette|bus|car|buvette|dortoir|chambre|garderie|cours|ecole|restauration|stationnement|hotel)s? [^.;!?]{{0,25}}{_WORD_FULL}"
    rf"|\bau (?:grand )?{_WORD_FULL}|\ble plus {_WORD_FULL}|\btres {_WORD_FULL}|\bplus {_WORD_FULL}|\b{_WORD_FULL} (?:et|a telecharger|en pdf|ici|\(pdf)"
    r"|\b(?:categorie|carre|tarif|zone|preventes?|early|pack|formule|bloc|tribune|fosse|balcon|orchestre|option|prevente|pass|vinyle|livre|album|edition limitee|cd|parking)\b[^.;!?]{0,40}(?:epuise|complet|sold|ecoule)"
    r"|\bplus de places? (?:assises|de parking|gratuites|de stationnement|a tarif|pmr|en fosse|au balcon|pour vous)"
    r"|\bpas de place (?:a|pour)\b|\bplus de billets? (?:papier|a tarif)|\baucune? (?:places? (?:numerotee|attribuee|assise)|billets? (?:ne sera|n'est (?:ni )?(?:repris|rembourse|echange)))"
)
_ONLINE: Final = re.compile(
    r"\b(?:se (?:tiendra|tient|deroulera|deroule|fera|fait)|aura lieu|a lieu|aura|passe|passera|bascule|bascul\w+|maintenue?s?|deplacee?s?|transferee?s?|transforme\w*|organisee?s?|proposee?s?|diffusee?s?|devient|retransmise?)"
    r"(?: (?:finalement|desormais|exclusivement|uniquement|entierement|donc|mais|100 ?%|seulement|toujours|directement))* (?:en (?:ligne|visio(?:conference)?|distanciel|webinaire)|sur zoom|a distance|en live sur internet)\b"
    r"|\bmoved online\b|\b(?:will (?:now )?(?:take place|be held)|now (?:held|taking place)|moved|goes|going) (?:entirely |exclusively |fully )?online\b|\b(?:uniquement|exclusivement|desormais|finalement) en (?:ligne|visio(?:conference)?|distanciel)\b"
)
_NOT_ONLINE: Final = re.compile(
    r"\b(?:vente|billetterie|reservations?|inscriptions?|achat|billets?|reserver|acheter|boutique|paiement|tickets?|booking|catalogue|programme|formulaire|expo permanente|questionnaire|don)\b[^.;!?]{0,60}(?:en ligne|online)"
    r"|\bpas en ligne\b|\bnot online\b"
)
_STILL: Final = re.compile(
    r"\b(?:dernieres? (?:places?|billets?)|(?:il reste|il ne reste que|il ne reste plus que|reste|encore)(?: encore)?(?: quelques| des| \d+)? (?:places?|billets?)(?: disponibles?)?|places? (?:encore )?disponibles?|billets disponibles|last tickets|tickets available|few tickets left"
    rf"|(?:{_IS} )?(?:bien )?maintenue?s?|aura bien lieu|a bien lieu|(?:aura|auront) lieu (?:comme prevu|normalement)|se tiendra comme prevu|n'est pas (?:du tout )?(?:annule|reporte|complet)e?|presque complet|bientot complet|deplacee? (?:a |au |dans |vers )|will go ahead|still going ahead)\b"
)
_TO_A_DAY: Final = re.compile(
    r"(?:reporte\w*|repousse\w*|decale\w*|reprogramme\w*|postponed|rescheduled|avance\w*|deplace\w*|report (?:du|de)[^.;!?]{0,60}|nouvelles? dates?|new date)"
    r"\s*(?:\(|:|,|-|est|sera|is|fixee?|desormais|donc)*\s*(?:au|pour le|le|a|to|for|:|until|jusqu'au)?\s*(?:nouvelle date)?\s*(?::|le|la|au)?\s*"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s*)?(?:the )?"
    r"(?=\d{1,2}(?:er|st|nd|rd|th)?[ /.-](?:\d|janv|fev|mar|avr|mai|juin|juil|aou|sept|oct|nov|dec|feb|apr|may|june|july|aug)"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d)"
)
_BEFORE_TITLE: Final = re.compile(
    r"^\W*(?P<word>annul(?:e|ee|es|ees|ation)|cancelled|canceled|report(?:e|ee|es|ees)?|postponed|complet(?:e|s|es)?|sold[ -]?out|reprogramme(?:e|s|es)?|rescheduled|en ligne|deplacee?)"
    r"(?P<mark>\s*[:\])!|*>•·-]+\s*|\s{2,})(?=\S)"
)
_AFTER_TITLE: Final = re.compile(
    r"(?:\s*[\[(*|•·]+\s*|\s+-+\s+|\s*:\s+)(?P<word>annul(?:e|ee|es|ees|ation)|cancelled|canceled|report(?:e|ee|es|ees)?|postponed|complet(?:e|s|es)?|sold[ -]?out|reprogramme(?:e|s|es)?)\s*!*[\])*|]*\s*$"
)
_TITLE_WORDS: Final = {
    "ann": WebStatus.CANCELLED, "can": WebStatus.CANCELLED, "rep": WebStatus.POSTPONED, "pos": WebStatus.POSTPONED,
    "com": WebStatus.FULL, "sol": WebStatus.FULL, "res": WebStatus.POSTPONED, "en ": WebStatus.MOVED_ONLINE,
    "dep": WebStatus.UNKNOWN,
}  # fmt: skip
_PRICE: Final = re.compile(r"\d+(?:[.,]\d\d)? ?(?:€|euros?|eur)\b|\d+(?:[.,]\d\d)? ?€")
_VERB: Final = re.compile(
    r"\b(?:annule|reporte|repousse)(?=\s(?:son|sa|ses|leurs?|tout\w*|une?|les?|la|l['’]|ce\w*)\b)(?!\s(?:sa|son|ses) (?:tournée|concert|venue|date|représentation|participation))"
)
_BETWEEN_DAYS: Final = re.compile(r"[,;/] ?|\b(?:et|mais|puis) ")
_SEVERAL: Final = 2
_LONGEST_SENTENCE: Final = 600


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that states a status, where it stands in the text, and the span of the words that do."""

    status: WebStatus
    sentence: str
    start: int
    words: tuple[int, int]
    is_order: bool = False  # it tells a reader how to file the event, or speaks to a machine
    masked: str = ""  # the sentence lowered with the title covered, where it was read so


def field_status(event_status: Any, offers: Any = None) -> WebStatus:
    """What fields state: the gravest of `eventStatus`, then whether every offer is sold out."""
    stated = [status for one in _flat(event_status) if (status := _of_word(one)) is not None]
    for status in STRONG:
        if status in stated:
            return status
    if _is_sold_out(offers):
        return WebStatus.FULL
    return WebStatus.SCHEDULED if stated else WebStatus.UNKNOWN


def without_status(title: str) -> tuple[str, WebStatus]:
    """A title without « Annulé : », « [COMPLET] », « – reporté » around it, and what they state."""
    low = lowered(title)
    if len(low) != len(title):
        return title, WebStatus.UNKNOWN
    if found := _BEFORE_TITLE.match(low):
        rest = title[found.end() :].strip()
        return rest, _TITLE_WORDS[found["word"][:3]]
    if found := _AFTER_TITLE.search(low):
        rest = title[: found.start()].strip()
        return (rest, _TITLE_WORDS[found["word"][:3]]) if rest else (title, WebStatus.UNKNOWN)
    return title, WebStatus.UNKNOWN


def statements_in(text: str, *, masked: str | None = None) -> Iterator[Statement]:
    """The statuses that a text states, sentence by sentence; the gravest of each sentence.

    `masked`: the text lowered, with what is to be passed over covered.
    """
    for start, sentence in _of_one_day_each(text):
        low = lowered(sentence) if masked is None else masked[start : start + len(sentence)]
        low = _with_verbs(sentence, low)[:_LONGEST_SENTENCE]
        found = _statement(low)
        if found is not None:
            yield Statement(
                found[0],
                sentence,
                start,
                found[1],
                is_order(low) or speaks_to_a_machine(sentence),
                masked=low if masked else "",
            )


def _statement(low: str) -> tuple[WebStatus, tuple[int, int]] | None:
    alone = said_alone(low)
    said = _without(_NOT_POSTPONED, alone)
    if found := _POSTPONED.search(said):
        moved = _TO_A_DAY.search(said)
        if moved or not found[0].startswith(("nouvelle", "new date")):
            return WebStatus.RESCHEDULED if moved else WebStatus.POSTPONED, found.span()
    for status, states, but in (
        (WebStatus.CANCELLED, _CANCELLED, _NOT_CANCELLED),
        (WebStatus.MOVED_ONLINE, _ONLINE, _NOT_ONLINE),
        (WebStatus.FULL, _FULL, _NOT_FULL),
    ):
        if found := states.search(_without(but, alone)):
            return status, found.span()
    if found := _FULL.search(_without(_NOT_FULL, _without_moments(alone))):
        return WebStatus.FULL, found.span()
    if found := _STILL.search(low):
        return WebStatus.SCHEDULED, found.span()
    return None


def _of_one_day_each(text: str) -> Iterator[tuple[int, str]]:
    """Sentences; « 11 décembre (complet), 12 décembre, 13 décembre (annulé) » in three, unless it tells of a move."""
    for start, sentence in sentences_in(text):
        low = lowered(sentence)
        days = [span[0] for span in spans_written(low)]
        if len(days) < _SEVERAL or len(low) != len(sentence) or _POSTPONED.search(low):
            yield start, sentence
            continue
        cuts = [0]
        for found in _BETWEEN_DAYS.finditer(low):
            is_before = any(cuts[-1] <= day < found.start() for day in days)
            if is_before and any(day >= found.end() for day in days):
                cuts.append(found.end())
        for first, last in zip(cuts, [*cuts[1:], len(sentence)], strict=True):
            yield start + first, sentence[first:last]


def _with_verbs(sentence: str, low: str) -> str:
    """« elle annule son vol », « il repousse les limites »: the space behind a present tense with an object is marked."""
    if len(low) != len(sentence):
        return low
    for found in _VERB.finditer(sentence):
        at = found.end()
        low = low[:at] + _OBJECT + low[at + 1 :]
    return low


def _without_moments(low: str) -> str:
    """« 19 déc. 2026 à 20h complet »: days, hours and prices are boundaries, not what is complete."""
    spans = [*spans_written(low), *((start, end) for _, start, end in hours_at(low))]
    spans.extend(found.span() for found in _PRICE.finditer(low))
    for start, end in spans:
        low = low[:start] + MASK * (end - start) + low[end:]
    return low


def _without(what: re.Pattern[str], low: str) -> str:
    """A sentence with what states nothing blotted out, each letter in its place."""
    return what.sub(lambda found: "_" * len(found[0]), low)


def _of_word(value: Any) -> WebStatus | None:
    if isinstance(value, dict):
        value = value.get("@id", value.get("name"))
    line = line_of(value)
    if line is None:
        return None
    word = line.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].rsplit("#", 1)[-1].lower()
    return _FIELD.get(word.removeprefix("event").replace("_", "").replace(" ", ""))


def _is_sold_out(offers: Any) -> bool:
    stated = [one.get("availability") for one in _flat(offers) if isinstance(one, dict)]
    words = [str(next(_flat(one), "")).rstrip("/").rsplit("/", 1)[-1].lower() for one in stated]
    return bool(words) and all(word in {"soldout", "outofstock"} for word in words)


def _flat(value: Any) -> Iterator[Any]:
    waiting: Iterable[Any] = value if isinstance(value, list) else [value]
    for one in list(waiting)[:100]:
        if isinstance(one, list):
            yield from one[:100]
        elif one is not None:
            yield one
