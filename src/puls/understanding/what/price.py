"""What a visitor is ready to pay: « gratuit », « 15 € max », « entre 10 et 20 euros », « 60 € pour quatre ». Pure.

Euros of other currencies are taken as euros. Enter at `prices_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from puls.understanding.message import Message, WordRange

CHEAP_EUROS = 15.0
"""What « petit budget » means when no amount is given; said in a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Words about money, between two words of the message, the last included.

    `most`: euros, for each unless `sharing` people share them or they are `for_all`. `is_free`: free of charge; False: paid on purpose. `is_cheap`: no
    amount was said. `any_price`: money does not matter. `is_paid_fine`: it need not be free.
    """

    first: int
    last: int
    most: float | None = None
    sharing: int | None = None
    for_all: bool = False
    is_free: bool | None = None
    is_cheap: bool = False
    any_price: bool = False
    is_paid_fine: bool = False


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)")


_EUROS = r"(?:euros?|eur|balles?|boules|(?<=\s)e|bucks?|quid|pounds?|dollars?|eu|brouzoufs|tickets? resto)"
_AMOUNT = r"\d{1,4}(?:\.\d{1,2})?"
_CUE = (
    r"(?:(?:pour |a |de |c est )?moins (?:de|d|des)|max(?:imum)?(?: de)?|maxi|jusqu a|pas plus (?:de|d|que)|au plus|under|less than|up to|below|no more than|at most|unter|bis zu|hochstens|"
    r"maximal|menos de|maximo|hasta|meno di|en dessous de|sous(?: les?)?|inferieur a|n excedant pas|sans depasser(?: les)?|ne depass\w+ pas|a moins de|je plafonne a|plafonne[rz]? a|plafond(?: de| a)?|onder|minder dan|tops|"
    r"(?:avec |pour |mon |un |une |notre |a |my |our )*(?:budgets?|cagnottes?(?: communes?)?)(?: max(?:imum)?| maxi| total| tot| serre| limite| c est| est)?(?: est)?(?: de| d environ| d| limite a| of| c est|is|:)?|"
    r"(?:dans les|around|about|environ|autour de|aux alentours de|vers les|pour) |disons|genre|a|(?:on a|nous avons|we have|we ve got)(?: toujours| quand meme| seulement| que| en tout| only| just| still)?|j ai|i have|avec|with|i ve got|jai|"
    r"moins cher(?:e|es|s)? (?:que|qu)|cheaper than|less expensive than)"
)
_SURE_CUE = re.compile(
    r"(?:moins|max|jusqu|pas plus|plus|under|less|up to|below|most|more than|unter|bis zu|hochst|dessous|sous|inferieur|depass|plafon|budget|hasta|menos|meno|onder|tops|cher|cheap|expensive)"
)
_WE_HAVE = re.compile(r"(?:on a|nous avons|we have|we ve got|avec|with)(?!\S)")
"""« on est 3 et on a 24 euros »: what all of them have."""
_ABOUT_MONEY = re.compile(
    r"(?<!\S)(?:payante?s?|payer|paid|pay|paying|cheres?|chers?|cheaper|expensive|prix|tarifs?|price|depenser|spend)(?: \S+){0,4} $"
)
"""Words after which a bare « jusqu'à 12 » is money."""
_OR_LESS = r"(?:grand )?(?:max(?:imum)?|maxi|maximal|hochstens|au plus|au maximum|ou moins|or less|tops|at most|pas plus|grand max|c est (?:mon |le )?max(?:imum)?|c est mon (?:budget|plafond)|de budget|a depenser|to spend|en poche|budget|max max)"
_EACH = r"(?:la place|le billet|l entree|par personne|par tete(?: de pipe)?|par adulte|par enfant|chacune?|each|per person|a ticket|the ticket|pp|pro person|la seance|le ticket|a head|par pers|personne|per head|apiece|l unite|a person|la soiree)"
_NUMBER = r"(?:\d{1,3})"
_SHARED = rf"(?:(?:pour|a|for|between|entre|zu) (?:nous |les |the |nos )?(?P<people>{_NUMBER})(?: (?:personnes|people|adultes|pers|of us|amis|copines|copains|entrees|billets|eleves|tickets|students|persons))?(?! ?(?:ans|euros|h|km|jours|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|places)(?!\S)))"
_FOR_ALL = r"(?:au total|en tout|in total|total|pour (?:toute la famille|nous tous|tout le monde|la famille|tous|le groupe|toute la tribu|l ensemble)|a nous tous|for (?:all of us|everyone|the family|the whole family)|altogether|together|en commun|tout compris|a nous)"
_TAIL = rf"(?: (?:{_OR_LESS}|{_EACH}|{_SHARED}|{_FOR_ALL}))"

_NOT_ABOVE = re.compile(
    rf"(?<!\S)(?:pas|rien|aucune?|jamais|refus\S+|no|nothing|none|not)(?: (?:de|d|du|un|une|a|payer|mettre|depenser|debourser|pay|spend))*(?: (?P<ticket>tickets?|billets?|places?|entrees?|tarifs?|prix|seats?|entry))?(?: (?:a|qui coutent?|qui coute))?"
    rf" (?:plus|au dessus|au dela|plus cher(?:e|es|s)?|over|above|more than|dearer than) ?(?:de|d|des|du|que|qu)? ?(?P<amount>{_AMOUNT})(?: ?(?P<euros>{_EUROS}))?(?P<tail>{_TAIL}{{0,3}})(?!\S)(?! ?(?:ans|km|h|heures?|minutes?|min|personnes|people|jours|kilometres|mois)(?!\S))"
)
"""« pas de ticket à plus de 15 », “nothing over £20”."""
_RANGE = re.compile(
    rf"(?<!\S)(?:entre|de|from|between)? ?(?P<low>{_AMOUNT}) ?(?:{_EUROS} )?(?:et|a|au|and|to|ou) (?P<amount>{_AMOUNT}) ?{_EUROS}(?P<tail>{_TAIL.replace('?P<people>', '?P<people_r>')}{{0,3}})(?!\S)"
)
_MOST = re.compile(
    rf"(?<!\S)(?P<cue>{_CUE}) ?(?P<amount>{_AMOUNT})(?: ?(?P<euros>{_EUROS}))?(?P<tail>{_TAIL}{{0,3}})(?!\S)(?! ?(?:ans|km|h|heures?|minutes?|min|personnes|people|jours|places?|enfants|kids|metres|m|ans|semaines|fois|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|adultes|arrondissement|kilometres|mois|years)(?!\S))"
)
_EUROS_FIRST = re.compile(
    rf"(?<!\S)(?P<cue>{_CUE} )?(?:euros|pounds|dollars) (?P<amount>{_AMOUNT})(?P<tail>{_TAIL}{{0,3}})(?!\S)"
)
_BARE = re.compile(
    rf"(?<!\S)(?P<amount>{_AMOUNT}) ?(?:{_EUROS.replace('|e|', '|')}(?P<tail>{_TAIL}{{0,3}})|(?P<each>{_EACH}|(?:{_OR_LESS})))(?!\S)"
)
_SHORT = re.compile(
    rf"(?<!\S)(?:(?:moins de|max|maxi|jusqu a|budget|pas plus de|a) (?P<first>{_AMOUNT})e(?P<tail>{_TAIL.replace('?P<people>', '?P<people_s>')}{{0,3}})"
    rf"|(?P<second>{_AMOUNT})e (?P<each>{_EACH}|{_OR_LESS}))(?!\S)(?! ?arrondissement)"
)
"""« 5e max » is five euros."""
_AT_LEAST = re.compile(
    r"(?:plus de|a partir de|au moins|minimum|more than|at least|gagner|over|des) $"
)
_PEOPLE = re.compile(rf"(?<!\S){_SHARED}")
_ALL = _words(_FOR_ALL)

_NO = r"(?:sans|pas(?: de| d| du| des)?|rien(?: de| d)?|hors|aucune?|ni|non|jamais(?: de| d)?|no|nothing|without|not|zero)(?: qui (?:soi\S+|est|sont|coute\S*))?"
_THING = r"(?:trucs?|choses?|entrees?|sorties?|billets?|tickets?|evenements?|activites?|events?|things?|stuff|entry|admission)"
_FREE = _words(
    rf"{_NO} (?:les |le |la |des |the )?(?:{_THING} )?(?:payante?s?|paid(?: {_THING})?)",
    r"(?:(?:on|je|nous|we|i) )?(?:(?:ne|n|don t|do not) )?(?:veu\S+|voul\S+|compt\S+|peu\S+|souhait\S+|want|wish)(?: plus)? (?:rien|to (?=\S+ (?:anything|a cent|a penny|any money))) ?(?:payer|depenser|debourser|sortir|spend|pay)(?: anything| a cent| a penny| any money)?",
    r"(?:0|zero|aucune|sans|pas de) (?:depenses?|frais)",
    r"(?:pas|plus|sans)(?: meme)? (?:un|le moindre) (?:rond|sou|radis|kopeck|centime|euro)",
    r"(?:si possible |plutot |uniquement |only |seulement |que du |entierement |completement |totalement |100 )?(?:gratuite?s?|gratuitement|gratuit)",
    r"(?:en )?(?:entree|acces) (?:libres?(?: et gratuite?)?|gratuite?s?)",
    r"(?:for |only |just |completely |totally )?free(?: of charge| entry| admission| entrance)?(?! (?:time|jazz|style|party|fight|tour|on|after|before|from|until|till|fight|wheelin|man)(?!\S))",
    r"sans (?:rien )?(?:payer|debourser|depenser|sortir (?:le|la|de) \S+)(?: (?:rien|un (?:centime|sou|euro|rond)|d argent|un kopeck|le moindre sou))?",
    r"0 euros?|0 balles?|kostenlos(?:e[nrs]?)?|umsonst|gratuit[oaie]s?|no cost|sans un sou|a l oeil|for nothing|without paying|no charge|costs? nothing|free entry|qui coute rien|qui ne coute rien|pour 0|gratis",
)
_NOT_FREE_BEFORE = re.compile(
    r"(?:gluten|step|sugar|alcohol|smoke|barrier|lactose|hands|duty|i m|we re|we are|is|libre|vegan|feel|set|be) $"
)
_PAID = _words(
    r"(?:uniquement |que |seulement |rien que )(?:du |des |les )?payante?s?",
    r"paid (?:only|events only)",
    r"pas (?:du |de |les )?gratuite?s?(?= (?:svp|stp|merci)|$)",
    r"payante?s? uniquement",
    rf"pas (?:les |des |de |du |the )?(?:{_THING} )gratuite?s?",
)
_PAID_FINE = _words(
    r"pas (?:forcement |obligatoirement |necessairement |besoin que ce soit )gratuite?s?",
    r"pas (?:que du |que |du )?gratuite?s? (?:forcement|obligatoirement|necessairement)",
    r"(?:don t|do not) mind paying|happy to pay|ready to pay",
    r"not (?:necessarily )?free",
    r"meme (?:si c est )?payante?s?",
    r"payante?s? (?:aussi|(?:c est |ca )?(?:va|bon|ok|possible|me va|nous va|marche|passe|convient))",
    r"(?:je peux|on peut) payer(?: un peu)?",
    r"pas grave si c est payant",
    r"can be paid",
    r"it (?:doesn t|need not) have to be free",
    r"doesn t have to be free",
    r"payante?s?",
    r"pas que du gratuit",
    r"(?:oublie|laisse tomber|enleve|retire|vire) (?:le )?gratuit",
)
_ANY_PRICE = _words(
    r"(?:peu importe|qu importe|n importe|sans (?:limite|regarder|condition))(?: (?:pour|de|le|quel|au|a))*(?: le)? (?:prix|tarifs?|budget|cout)",
    r"whatever the (?:price|cost)|any price|prix indifferent|payante?s? ou (?:non|pas|gratuite?s?)(?: ca m est egal| peu importe| c est egal| on s en fiche)?|any budget|gratuite?s? ou (?:pas(?! (?:trop )?cher)|non|payante?s?)(?: peu importe| ca m est egal| c est pareil)?|"
    r"le (?:prix|budget|tarif) (?:n a pas d importance|importe peu|m est egal|n est pas un probleme|on s en fiche|n est pas important)|money is no object|price (?:doesn t|does not) matter|sans limite de (?:prix|budget)|free or not|free or paid|paid or free|quel que soit le (?:prix|tarif)|"
    r"(?:oublie|laisse tomber|enleve|retire|supprime|vire|forget|drop|remove) (?:le |la |les |the )?(?:prix|budget|tarif|limite de prix|price|price limit|budget limit)",
)
_CHEAP = _words(
    r"(?:a |avec )?(?:un |notre |mon |de |des )?(?:tout )?(?:petits? (?:prix|budgets?)|budgets? (?:serres?|limites?|etudiants?|modestes?|reduits?|minuscules?))",
    r"(?:pas (?:trop |tres |bien )?|peu |vraiment pas )cheres?|pas (?:trop |tres |bien |vraiment )?chers?(?: du tout)?|peu chers?|bon marche|cheap|inexpensive|not (?:too |very |so |that )?(?:expensive|pricey)|affordable|on a (?:tight )?budget|"
    r"low cost|low budget|abordables?|gunstig|baratos?|pas (?:trop )?ruineux|economiques?|qui (?:ne )?coutent? pas (?:cher|un bras|trop cher)|sans se ruiner|a prix (?:doux|modique|mini|reduit)s?|tight budget|fauchee?s?|goedkoop|economico|sans trop depenser|pas un bras|a bas prix",
)


def prices_of(message: Message) -> list[Price]:
    """Every expression of money, in reading order; none shares a word with another."""
    found = [*_any_price(message), *_amounts(message), *_free(message), *_cheap(message)]
    kept: list[Price] = []
    for each in sorted(found, key=lambda one: (one.first, -one.last)):
        if not kept or each.first > kept[-1].last:
            kept.append(each)
    return kept


def _any_price(message: Message) -> Iterator[Price]:
    for match in _ANY_PRICE.finditer(message.line):
        yield Price(**_place(message, match), any_price=True)
    for match in _PAID.finditer(message.line):
        yield Price(**_place(message, match), is_free=False)
    for match in _PAID_FINE.finditer(message.line):
        yield Price(**_place(message, match), is_paid_fine=True)


def _free(message: Message) -> Iterator[Price]:
    for match in _FREE.finditer(message.line):
        first, _ = message.word_range(match.start(), match.end())
        is_told_of_something_else = (
            _NOT_FREE_BEFORE.search(message.line[: match.start()]) and "free" in match[0]
        )
        is_no = match[0].startswith("non ") and _has_a_pause(message, match)
        if is_told_of_something_else or is_no or message.is_tied(first):
            continue
        yield Price(**_place(message, match), is_free=True)


def _cheap(message: Message) -> Iterator[Price]:
    for match in _CHEAP.finditer(message.line):
        yield Price(**_place(message, match), is_cheap=True)


def _amounts(message: Message) -> Iterator[Price]:
    line = message.line
    if not any(letter.isdigit() for letter in line):
        return
    for match in _RANGE.finditer(line):
        yield _priced(message, match, match["tail"])
    for match in _NOT_ABOVE.finditer(line):
        if (
            match["euros"]
            or match["ticket"]
            or re.search("cher|pay|spend", match[0])
            or match["tail"]
        ):
            yield _priced(message, match, match["tail"])
    for match in _MOST.finditer(line):
        is_sure = _SURE_CUE.search(match["cue"]) is not None
        says_money = match["euros"] is not None or bool(
            match["tail"] and re.search(_EACH + "|" + _FOR_ALL, match["tail"])
        )
        says_money = says_money or bool(_ABOUT_MONEY.search(line[: match.start()]))
        is_budget = re.search("budget|cher|cheap|expens|^max|plaf", match["cue"]) is not None
        if (says_money and (is_sure or not _AT_LEAST.search(line[: match.start("amount")]))) or (
            is_budget and is_sure
        ):
            yield _priced(message, match, match["tail"])
    for match in _SHORT.finditer(line):
        if match["second"] or not match[0].startswith("a ") or match["tail"]:
            first, last = message.word_range(match.start(), match.end())
            yield Price(first=first, last=last, most=float(match["first"] or match["second"]))
    for match in _EUROS_FIRST.finditer(line):
        yield _priced(message, match, match["tail"])
    for match in _BARE.finditer(line):
        if match["each"] and not re.search(
            r"place|billet|entree|personne|tete|chacun|each|person|ticket|head|pers|budget|tarif|euros|max",
            match["each"],
        ):
            continue
        if (
            match["each"]
            and re.fullmatch(_OR_LESS, match["each"])
            and (not _is_about_money(line, match) or _has_a_pause(message, match))
        ):
            continue
        if not _AT_LEAST.search(line[: match.start()]):
            yield _priced(message, match, match["tail"] or "")


def _has_a_pause(message: Message, match: re.Match[str]) -> bool:
    """« nous sommes six, budget 90 euros »: no budget of six."""
    first, last = message.word_range(match.start(), match.end())
    return any(message.has_pause_before(at) for at in range(first + 1, last + 1))


def _is_about_money(line: str, match: re.Match[str]) -> bool:
    """« 20 max » with no unit: money unless an hour, a distance or an age stands there."""
    before = line[: match.start()].rsplit(" ", 3)[-3:]
    return (
        not any(word in ("a", "h", "ans", "km", "vers", "avant") for word in before[-2:])
        and float(match["amount"]) >= 3
    )


def _priced(message: Message, match: re.Match[str], tail: str) -> Price:
    groups = match.groupdict()
    amount = float(groups["amount"])
    tail = tail or ""
    people = _PEOPLE.search(f" {tail}".strip()) if tail else None
    place = _place(message, match)
    if amount == 0:
        return Price(**place, is_free=True)
    sharing = int(people["people"]) if people else None
    is_each = re.search(rf"(?<!\S){_EACH}(?!\S)", tail) is not None
    is_of_all = (
        bool(_ALL.search(tail))
        or re.search(r"cagnotte|\btot(?:al)?\b", match[0])
        or _WE_HAVE.match(match[0])
    )
    return Price(
        **place,
        most=amount,
        sharing=None if is_each else sharing,
        for_all=not is_each and bool(is_of_all),
    )


def _place(message: Message, match: re.Match[str]) -> WordRange:
    first, last = message.word_range(match.start(), match.end())
    return WordRange(first=first, last=last)
