"""How people say prices, ages, accessibility, order and work.

Patterns over folded words. Pure data.
"""

import re

from puls.catalogue.event import Accessibility
from puls.understanding.wish import Order


def _words(*alternatives: str) -> re.Pattern[str]:
    """Whole words only; the alternatives in the order given."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)")


# Price

AMOUNT_WORDS = {
    "dix": 10.0, "quinze": 15.0, "vingt": 20.0, "trente": 30.0, "cinquante": 50.0, "cent": 100.0,
    "ten": 10.0, "twenty": 20.0, "thirty": 30.0, "fifty": 50.0,
}  # fmt: skip
_PEOPLE = r"(?:\d{1,2}|deux|two|trois|three|quatre|four|cinq|five|six)"
_EUROS = r"(?:euros?|eur|balles|boules|e)"
_NUMBER = rf"\d{{1,4}}(?:\.\d{{1,2}})?|{'|'.join(AMOUNT_WORDS)}"
_EACH = (
    r"(?: (?:la place|le billet|l entree|par personne|par tete|par adulte|par enfant|chacun|each|"
    r"per person|a ticket|the ticket|pp|pro person))?"
)
_TOGETHER = (
    rf"(?: (?:au total|en tout|in total|pour {_PEOPLE}(?: personnes)?|for {_PEOPLE}(?: people)?|"
    rf"a (?:deux|trois|quatre|cinq)|pour (?:toute la famille|nous tous))){{0,4}}"
)
_AT_MOST = (
    r"(?:(?:(?:pour |a |de )?moins (?:de|d)|max(?:imum)?|maxi|jusqu a|pas plus (?:de|d)|au plus|"
    r"under|less than|up to|below|no more than|at most|unter|bis zu|hochstens|maximal|menos de|"
    r"maximo|"
    r"hasta|meno di|en dessous de|sous(?: les)?|inferieur a|n excedant pas|"
    r"(?:avec |pour )?(?:un |mon |notre |a )?budget(?: max(?:imum)?| maxi)?(?: est)?(?: de| d environ|"
    r" limite a| of)?)"
    r"(?: de| of| a)? )"
)
_OR_LESS = (
    r"(?: (?:grand )?(?:max(?:imum)?|maxi|maximal|hochstens|au plus|"
    r"au maximum|ou moins|or less|tops))"
)
MAX_PRICE = _words(
    rf"{_AT_MOST}(?P<amount>{_NUMBER}) ?{_EUROS}{_EACH}{_TOGETHER}(?:{_OR_LESS})?{_EACH}",
    rf"{_AT_MOST}euros (?P<amount_after>\d{{1,4}}(?:\.\d+)?){_EACH}",
    rf"(?P<amount_before>{_NUMBER}) ?{_EUROS}{_EACH}{_TOGETHER}{_OR_LESS}{_EACH}{_TOGETHER}",
    rf"euros (?P<amount_english>\d{{1,4}}){_OR_LESS}",
)
BUDGET = _words(
    rf"(?:on a |j ai |nous avons |we have |i have |"
    rf"avec )(?:un budget de )?(?P<amount>{_NUMBER}) ?{_EUROS}"
    rf"(?: (?:a depenser|to spend|en poche))?{_TOGETHER}{_EACH}",
    rf"(?P<amount_shared>{_NUMBER}) ?{_EUROS} (?:pour|a|for) {_PEOPLE}(?: personnes| people)?",
)
PEOPLE = re.compile(rf"(?:pour|for|a) (?P<people>{_PEOPLE})(?!\S)(?! ?{_EUROS})")
IN_TOTAL = _words(r"au total|en tout|in total|pour (?:toute la famille|nous tous)")
FREE = _words(
    r"(?:si possible |plutot |uniquement |only |seulement |que du |entierement |completement |totalement )?"
    r"(?:gratuite?s?|gratos|gratis|gratuitement|gratuit)",
    r"(?:en )?(?:entree|acces) (?:libres?(?: et gratuite?)?|gratuite?s?)",
    r"(?:for |only |just )?free(?: of charge| entry| admission)?(?! (?:time|jazz|style|party|fight|tour))",
    r"sans (?:rien )?(?:payer|debourser)(?: rien)?",
    r"0 euros?|zero euros?|kostenlos(?:e[nrs]?)?|umsonst|gratuit[oaie]s?|no cost|sans un sou|"
    r"a l oeil",
)
NOT_FREE = _words(
    r"pas (?:forcement |obligatoirement |necessairement )?gratuite?s?|payante?s?|"
    r"not (?:necessarily )?free"
)
# « gratuit ou pas cher »: cheap will do.
FREE_OR_CHEAP = _words(
    r"(?:gratuite?s?|free) (?:ou|or)(?= (?:presque|(?:pas|peu) (?:trop )?cher|(?:a )?petits? prix|"
    r"bon marche|(?:a )?(?:moins|pas plus) d|cheap|low|under|less)[a-z]*)"
)
CHEAP = _words(
    r"(?:a |avec )?(?:un |notre |mon )?(?:tout )?(?:petits? (?:prix|budget)|budget (?:serre|"
    r"limite|etudiant|modeste))",
    r"(?:pas (?:trop )?|peu )ch?eres?|pas (?:trop )?chers?(?: du tout)?|peu chers?|bon marche|cheap|"
    r"inexpensive|not (?:too |very |so )?expensive|affordable|on a budget|"
    r"low cost|low budget|abordables?|gunstig|baratos?",
)
ANY_PRICE = _words(
    r"(?:peu importe|qu importe|n importe)(?: pour)? (?:le |quel )?(?:prix|tarif|budget)",
    r"whatever the price|any price|prix indifferent|payant ou (?:non|pas|gratuit)|any budget|"
    r"gratuit ou (?:pas(?! (?:trop )?cher)|non|payant)",
)

# Ages

_YEARS = r"(?:ans|an|years?(?: old)?|yo|jahren?|jahre|anos|anni)"
_KIN = (
    r"(?:mes|mon|ma|notre|nos|deux|trois|quatre|les|des|un|une|le|la|leurs?|son|sa|ses|my|our|a|"
    r"two|three|the|"
    r"meine[nrm]?|unsere[nrm]?|mis?|2|3|4)"
)
_CHILD = (
    r"(?:enfants?|kids?|children|child|fils|filles?|garcons?|gamine?s?|petite?s?|ados?|"
    r"adolescente?s?|bebes?|loulous?|"
    r"neveux?|nieces?|sons?|daughters?|kinder?n?|sohn|tochter|ninos?|hij[oa]s?|bambin[oi]|"
    r"bouts? de chou|minots?|"
    r"jumeaux|jumelles|boys?|girls?|teens?|teenagers?|frere|soeur|cousine?s?|grands?|petits)"
)
_ONE_AGE = r"\d{1,2}"
_WHO = (
    rf"(?:(?:pour |avec |for |with |mit |con |et |and ){{0,4}}(?:{_KIN} ){{0,4}}{_CHILD}"
    rf"(?: {_CHILD}){{0,4}} (?:qui (?:a|ont) |who (?:is|are) |ages? de |agee?s? de |agee?s? |"
    r"aged |de |d |of |a |ont |is |are |entre |between )?)?"
)
_AND = r"(?:et|ou|and|or|a|und|y|e|to|bis|puis|o)"
_AGES = rf"(?P<ages>{_ONE_AGE}(?:(?: ?(?:ans|an|mois))? {_AND} {_ONE_AGE}| {_ONE_AGE}){{0,4}})"
AGES_WITH_UNIT = _words(
    rf"{_WHO}{_AGES} ?(?:{_YEARS}|mois|months?)(?: et (?:plus|demi)| and (?:up|over|"
    rf"a half))?(?: old| alt)?(?! (?:de|d|of) (?!(?:et|ou)))"
)
AGES_WITHOUT_UNIT = _words(
    rf"{_WHO}(?:aged|ages?|agee?s?(?: de)?) {_AGES}",
)
FROM_AGE = _words(
    rf"(?:des|a partir de|from age|from|ab) (?:l age de )?(?P<ages>{_ONE_AGE}) {_YEARS}"
)
# « il y a 20 ans », « les 100 ans de », « depuis 10 ans »: years that are nobody's age.
YEARS_OF_SOMETHING = re.compile(
    r"(?:^| )(?:depuis|pendant|ses|les|fete|fetent|feter|celebre|anniversaire(?: des)?|il y a|for|since|"
    r"plus de|pres de|dans|about)(?: mes| ses| leurs| nos| les| my| our)? $"
)
AGE_WORDS: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (
        _words(
            r"(?:tout|tous|toute) petite?s?|bebes?|baby|babies|toddlers?|nourrissons?|kleinkinder"
        ),
        (0, 3),
    ),
    (_words(r"ados?|adolescente?s?|teens?|teenagers?|jugendliche"), (14,)),
    (_words(r"seniors?|personnes agees|retraite(?:es|s)|troisieme age|elderly"), (70,)),
)
CHILDREN_ALONE = _words(
    r"(?:pour|avec|for|with|mit|para|con) (?:les |des |mes |nos |the |my |den |los )?"
    r"(?:enfants|kids|gamins|children|petits|minots|kindern?|ninos)"
)

NO_CHILDREN = _words(
    r"(?:sans|without) (?:les |des |mes |nos |the |my |our |any )?"
    r"(?:enfants?|kids?|gamins|children|petits|minots|ados?|bebes?)",
    r"(?:juste |plutot )?entre adultes|(?:just )?(?:for )?adults only|pas pour les enfants",
)

# Accessibility and place of holding

ACCESSIBILITY: tuple[tuple[Accessibility, re.Pattern[str]], ...] = (
    (
        Accessibility.MOTOR,
        _words(
            r"pmr|fauteuils? roulants?|(?:en|un|son|mon|ma) fauteuil(?! d)|"
            r"(?:a )?mobilite reduite|wheelchairs?|"
            r"handicap(?:ee?s?)? moteur|rollstuhl|bequilles|step free|silla de ruedas|"
            r"sedia a rotelle|"
            r"handi ?accessibles?|sans (?:marches|escaliers?)|deambulateur|poussette et fauteuil"
        ),
    ),
    (
        Accessibility.HEARING,
        _words(
            r"mal ?entendante?s?|sourde?s?|surdite|deaf|hard of hearing|hearing impaired|lsf|"
            r"langue des signes(?: francaise)?|langage des signes|sign language|boucle magnetique|"
            r"appareil auditif|appareille?e?s?|gehorlos\w*|chansigne\w*|gebardensprache"
        ),
    ),
    (
        Accessibility.VISUAL,
        _words(
            r"mal ?voyante?s?|non voyante?s?|aveugles?|visually impaired|blind(?! (?:tests?|"
            r"dates?))|"
            r"audio ?descriptions?|audio ?decrite?s?|audio described|braille|deficien(?:ce|"
            r"te?s?) visuel(?:le)?s?|handicap visuel"
        ),
    ),
    (
        Accessibility.INTELLECTUAL,
        _words(
            r"handicap mental|deficien(?:ce|te?s?) intellectuel(?:le)?s?|falc|"
            r"facile a lire et a comprendre|"
            r"trisomi\w+|intellectual disabilit\w+|learning disabilit\w+"
        ),
    ),
    (
        Accessibility.PSYCHIC,
        _words(
            r"handicap psychique|troubles psychiques|autis(?:tes?|me?|tic)|relaxed performances?|"
            r"seances? relax|tdah"
        ),
    ),
)
NEEDS = _words(r"accessibilites?|accessibility")
ONLINE = _words(
    r"en ligne|en visio(?:conference)?|visioconferences?|visio|en distanciel|distanciel|"
    r"a distance|webinaires?|webinars?|"
    r"en streaming|livestream|live stream|online|remotely|sur zoom|par zoom|depuis (?:chez moi|"
    r"mon canape|la maison)|"
    r"from home|en virtuel|virtual"
)
NOT_ONLINE_BEFORE = re.compile(
    r"(?:vendre|vente|vendeurs?|acheter|jeux?|presence|commander|billets?|reserver|billetterie|"
    r"harcelement|reservation|"
    r"inscription|s inscrire|tenir) $"
)
ON_SITE = _words(
    r"en presentiel|presentiel|pas en ligne|pas en visio|in person|not online|en vrai|"
    r"pas de visio|vor ort|pas de webinaires?"
)

# Order

ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    (
        "nearest",
        _words(
            r"(?:le |la |les |du |au |plutot )?(?:\d+ )?plus (?:pres|"
            r"proches?)(?: possible)?(?: d abord)?",
            r"(?:the )?(?:closest|nearest)(?: first)?|closer|nearer|(?:c est |un peu |beaucoup )?trop loin|too far|triee?s? par distance",
        ),
    ),
    (
        "cheapest",
        _words(
            r"(?:c est |un peu |beaucoup )?trop cher(?:e|s|es)?|too expensive|(?:le |la |les |au )?(?:\d+ )?moins ch(?:er|ere|ers|eres)(?: possible)?(?: d abord)?",
            r"(?:the )?cheapest(?: first)?|(?:something )?cheaper|triee?s? par prix",
        ),
    ),
    (
        "soonest",
        _words(
            r"(?:le |la )?plus tot(?: possible)?|au plus vite|des que possible|(?:the )?soonest|"
            r"asap|"
            r"par ordre chronologique|triee?s? par date|(?:le|la|les) prochaine?s?"
        ),
    ),
)
# Work: job fairs and the like, left out of search unless the visitor speaks of them.

_FOUNDING = (
    r"(?:creer|creation|monter|lancer|reprendre|reprise|developper|aider|gerer|financer|start|"
    r"starting|launch|grow)"
    r"(?: de| d| mon| ma| son| sa| une| un| my| a| own| petite){0,4} (?:entreprises?|boite|"
    r"startup|start up|societe|micro entreprise|auto entreprise|business|company|commerce)"
)
WORK = _words(
    r"emplois?|job ?datings?|jobs?|recrut\w+|embauch\w+|(?:chercheurs?|demandeurs?) d emploi|"
    r"france travail|pole emploi|"
    r"mission locale|entretiens? d embauche|reconversion(?: professionnelle)?|en alternance|cfa|"
    r"parcoursup|"
    r"orientation (?:scolaire|professionnelle)|formations? professionnelles?|formation (?:pour|"
    r"en vue|continue)|vae|"
    r"bilan de competences|auto ?entrepreneu\w+|entrepreneu\w+|entreprenariat|business plan|"
    r"job fairs?|hiring|careers?|"
    r"metiers? (?:du|de la|de l|des|d|qui recrutent)|decouvrir un metier|interim|chomage|"
    r"etude de marche|tpe|pme|"
    r"petites? (?:boites?|entreprises?)|small business|prospection commerciale|" + _FOUNDING
)
