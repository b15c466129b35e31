"""What kind of turn a message is.

A search, thanks, a question about a result, something out of reach. Pure.

Reads folded words only. Enter at `kind_of`.
"""

import re
from enum import StrEnum

from puls.understanding.words import Message

_LONGEST_CIVILITY = 9  # words; a longer message wants something


class Turn(StrEnum):
    """Kinds of message."""

    SEARCH = "search"
    REFINEMENT = "refinement"
    DETAILS = "details"
    COMPARISON = "comparison"
    PLAN = "plan"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    CANNOT = "cannot"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


_GREETING = re.compile(
    r"(?:(?:bonjour|bonsoir|salut|coucou|cc|slt|bjr|bsr|hello|hi|hey|hola|ola|yo|wesh|buenos dias|buongiorno|"
    r"ciao|hallo|guten tag|good (?:morning|evening|afternoon)|"
    r"ca va|comment (?:ca va|vas tu|allez vous)|how are you|tu vas bien|bien|et toi|puls|a tous|"
    r"tout le monde|there|"
    r"qui (?:es tu|etes vous)|tu es qui|t es qui|que (?:sais|peux) tu faire|tu (?:sais|"
    r"peux) faire quoi|comment (?:tu marches|ca marche)|aide|help|who are you|what can you do) ?)+"
)
_THANKS = re.compile(
    r"(?:(?:un |grand |mille |ok|okay|d accord|dac|super|genial|parfait|top|cool|nickel|excellent|"
    r"merci|beaucoup|bcp|bien|pour (?:tout|ton aide|votre aide|l info|les infos)|a (?:toi|vous|"
    r"bientot|plus)|"
    r"thanks?|thank you|thx|so much|a lot|very much|great|perfect|awesome|gracias|danke|schon|"
    r"grazie|mille|bye|au revoir|adieu|ciao|bonne (?:soiree|journee|nuit)|c est (?:parfait|super|"
    r"bon|gentil|tout|note)|"
    r"tres|trop|ca ira|non|oui|je note|et|tchao|salut|bravo|formidable) ?)+"
)
_THANKING = _words(
    r"merci|thanks?|thank you|thx|gracias|danke|grazie|parfait|super|genial|top|cool|nickel|"
    r"au revoir|bye|bonne soiree|bonne journee|bonne nuit|bravo|excellent|perfect|great|awesome|ok|okay|"
    r"d accord|c est note|ciao|formidable"
)

_BOOK = (
    r"reserve(?:r|z|s)?|reservation|book|booking|achete[rz]?|acheter|buy|purchase|inscri(?:s|re|"
    r"vez|t|ption)|commande[rz]?|paye[rz]?|payer|pay|annule[rz]?|cancel|rembourse[rz]?|refund|"
    r"sign (?:me|us) up|enroll?|register|order|buchen|buche|reserviere|reservar|reserva|comprar|"
    r"prenota\w*"
)
_CANNOT = _words(
    r"(?:reserve[rz]?|achete[rz]?|prends?|book|buy)(?: (?:moi|nous|me|us))? (?:la|le|les|the|ca|cela|"
    r"it|this|that)(?: (?:premiere?|deuxieme|troisieme|\d+[a-z]*|first|second|third|one)){0,2}$|"
    rf"(?:{_BOOK}|paie) (?:moi|nous|me|us|mir|uns)|(?:{_BOOK})(?: (?:moi|nous|me|"
    rf"us))? (?:\S+ ){{0,3}}(?:places?|billets?|tickets?|tables?|seats?|entrees?|spots?|plazas)|"
    rf"(?:peux tu|tu peux|pouvez vous|vous pouvez|pourrais tu|tu pourrais|pourriez vous|can you|"
    rf"could you|please|merci de|je (?:veux|voudrais|souhaite|souhaiterais|aimerais)|j aimerais|"
    rf"i (?:want|would like|d like) to|i need to|il faut|aide moi a|kannst du|puedes)(?: me| nous|"
    rf" m| mir)? (?:{_BOOK})|"
    r"prends?(?: moi| nous)? (?:\S+ ){0,2}(?:places?|billets?|tickets?)|"
    r"get me (?:\S+ ){0,2}(?:tickets?|seats?)|"
    rf"(?:cancel|annule[rz]?|modifie[rz]?|change[rz]?|confirme[rz]?) (?:ma|mon|mes|la|my|our|the|"
    rf"notre) (?:reservation|billets?|commande|inscription|booking|tickets?|order|places?)|"
    r"inscris(?: moi| nous)|m inscrire (?:a|au|pour)|inscription pour moi|(?:appelle|telephone|"
    r"ecris|envoie|contacte)(?: leur| lui| les)? (?:\S+ ){0,2}(?:organisateurs?|lieu|salle|"
    r"theatre|musee|mail|courriel|message|sms|ami\w*)|"
    r"envoie (?:moi|nous) (?:un |les |le |des )?(?:mail|courriel|sms|billets?|message)|email me|"
    r"text me|call (?:the|them)|(?:rappelle|previens|alerte|notifie) moi|remind me|"
    r"appelle (?:moi )?un (?:taxi|uber)|"
    r"(?:ajoute|mets|inscris)(?: le| la| les| moi| ca)* (?:a|dans|sur) mon (?:agenda|calendrier|"
    r"compte)|remboursement|me faire rembourser|"
    r"pa(?:ye|ie)[rz]? (?:pour moi|par carte|mon|ma|mes)|publie[rz]? (?:mon|notre|un) evenement|"
    r"(?:supprime|cree) mon compte"
)
_ASKS_WHERE_TO_BOOK = _words(
    r"(?:ou|comment|where|how) (?:est ce qu on |peut on |puis je |on peut |can i |do i |to |"
    r"je peux )?(?:reserver|acheter|s inscrire|book|buy|register)|sur (?:reservation|inscription)|"
    r"sans (?:reservation|inscription)|without booking|no booking"
)

_OUT_OF_SCOPE = _words(
    r"quel temps|quelle (?:est la )?(?:meteo|temperature)|meteo|weather(?! station)|"
    r"va t il pleuvoir|il va pleuvoir|will it rain|wie wird das wetter|que tiempo (?:hace|hara)|"
    r"(?:lettre|mail|email|courriel) de (?:motivation|demission|relance|candidature)|(?:corrige|"
    r"corriger|relis|relire|ameliore|redige|rediger|resume|resumer|traduis|traduire|translate|"
    r"proofread|rewrite|summari[sz]e)(?: moi| me)? (?:\S+ ){0,3}(?:lettre|cv|texte|mail|email|"
    r"dissertation|devoirs?|phrase|article|memoire|essay|letter|resume|text|paragraph|rapport|"
    r"anglais|francais|espagnol|english|french|code|document)|"
    r"(?:billets?|horaires?|prix|ticket|tarifs?) (?:\S+ ){0,2}(?:train|tgv|avion|bus|metro|rer|"
    r"vol|flight|ter|ouigo|blablacar|plane)|(?:train|tgv|vol|flight|avion) (?:pour|de|from|to|"
    r"paris)|itineraire (?:pour|de|vers|entre)|comment (?:aller|me rendre|se rendre) (?:a|au|de|"
    r"en)|"
    r"recettes? (?:de|du|d|des|pour|au|aux)|la recette|recipe(?:s)? (?:for|of)|"
    r"comment (?:cuisiner|cuire|faire (?:une?|du|de la|des|le|la|les) (?:gateaux?|kouign amann|"
    r"crepes?|mayonnaise|pain|brownies?|quiche|tarte|pizza|sauce|pates?|ratatouille|tiramisu|"
    r"omelette))|"
    r"capitale (?:de|du|d|des)|capital of|qui a (?:gagne|remporte|ecrit|invente|peint|compose|"
    r"decouvert|tue|vote)|who (?:won|wrote|invented|painted|discovered)|qui est (?:le|"
    r"la) (?:president|premier ministre|roi|maire|pape)|who is the (?:president|king|"
    r"prime minister)|(?:cours|prix) (?:du|de l|de la) (?:bitcoin|bourse|action|essence|or|"
    r"petrole)|"
    r"combien (?:font|fait|de (?:lettres|r|e|habitants))|combien y a t il de (?:r|lettres|"
    r"habitants|pays|planetes)|quelle heure est il|what time is it|quel jour sommes nous|resous|"
    r"resoudre|calcule|calculer|solve|equation|"
    r"(?:ecris|ecrire|compose|write|invente|redige)(?: moi| nous| me)? (?:un |une |a |an |le |"
    r"du )?(?:poeme|chanson|histoire|code|script|programme|fonction|poem|story|essay|function|"
    r"blague|discours|roman|sql|python|requete|mail|email|lettre|tweet|post)|"
    r"raconte (?:moi )?une (?:blague|histoire)|tell me a joke|une blague|"
    r"(?:code|script|fonction|programme) (?:python|java|javascript|sql|html)|(?:hotels?|airbnb|"
    r"logements?|chambres?|appartements?|maison) (?:a louer|pas cher|pour dormir|disponibles?|"
    r"pres de la gare)|(?:trouve|cherche|reserve)(?: moi)? (?:un |une )?(?:hotel|appartement|"
    r"logement|colocation|plombier|medecin|dentiste|garagiste|avocat|taxi|nounou|femme de menage)|"
    r"louer (?:un|une) (?:voiture|appartement|velo|maison)|"
    r"(?:mes )?(?:impots|declaration de revenus|allocations?|caf|carte grise|passeport|"
    r"permis de conduire)|symptomes?|j ai mal|ordonnance|medicaments?|quel (?:vin|telephone|"
    r"ordinateur|velo|livre) (?:acheter|choisir)|"
    r"ignore (?:all |tes |les |toutes )?(?:previous |instructions|tes instructions)|system prompt|"
    r"prompt systeme|tes instructions|es tu (?:une ia|un robot|humain)|are you (?:an ai|human)|"
    r"resultats? (?:du|de l|de la) (?:match|loto|election|bac|foot)|score (?:du|de)|loto|"
    r"horoscope|"
    r"(?:sens de la vie|meaning of life)|definition (?:de|du)|que (?:signifie|veut dire)|"
    r"what does .* mean|how do you say|comment (?:dit on|reparer (?:ma|mon) (?:voiture|ordinateur|"
    r"telephone|pc))"
)
_EVENT_NOUN = _words(
    r"concerts?|expos?|expositions?|spectacles?|ateliers?|festivals?|conferences?|visites?|"
    r"balades?|randonnees?|theatre|cinema|films?|evenements?|sorties?|soirees?|stages?|"
    r"animations?|projections?|"
    r"opera|ballet|danse|cirque|brocante|marche|salon|fete|repair cafe|cours de|initiation|"
    r"events?|exhibitions?|shows?|workshops?|talks?|museum|musees?|quoi faire|que faire|sortir|"
    r"degustation"
)
_STRONGLY_OUT = _words(
    r"quel temps (?:fait|fera|va)\S*|meteo|weather|lettre de motivation|(?:billets?|ticket|"
    r"horaires?) (?:de |d |du )?(?:train|tgv|avion|bus)|ignore (?:all |tes |"
    r"les )?\S+ instructions|(?:ecris|redige|traduis|corrige)(?: moi)?|translate|write me"
)

_ORDINAL = (
    r"(?:la |le |l |les |du |de la |the |sur la |sur le |number |numero |n |no ){1,3}"
    r"(?:\d{1,2} ?(?:e|er|re|eme|ere|ieme|nd|st|rd|th|de)?|premier|premiere|"
    r"deuxieme|second|seconde|troisieme|quatrieme|cinquieme|dernier|derniere|first|third|last|"
    r"avant derniere?)(?: (?:evenement|proposition|resultat|concert|expo|spectacle|idee|one|"
    r"result|option|suggestion|atelier|visite))?"
)
_DETAILS = _words(
    r"(?:plus (?:de |d )?)(?:details?|precisions?|infos?|informations?|renseignements?)|"
    r"en savoir plus|tell me more|more (?:about|details|info)|dis m en plus|parle moi (?:de|du|"
    r"plus)|"
    r"(?:c est|ca se passe|ca a lieu|c etait) (?:ou|quand|combien|a quelle heure|gratuit|complet|"
    r"payant)|(?:ou|quand|combien) (?:est ce|c est|ca coute|ca se passe|ca commence|ca dure)|"
    r"combien (?:ca|est ce que ca|coute t? ?il)|"
    r"(?:quel est|quels sont|c est quoi|et) (?:le |les |l )?(?:tarifs?|prix|horaires?|adresse|"
    r"duree|lien|site|age minimum)|(?:a )?quelle(?:s)? (?:est l |est son )?(?:heure|adresse)|"
    r"quelle est (?:l |son )adresse|quel est le (?:site|prix|tarif|lieu|departement|lien|numero)|"
    r"quel est l age (?:minimum|requis)|"
    r"(?:est ce|c est|est il|est elle|le concert est il|sont ils) (?:\S+ )?(?:complet|gratuit|"
    r"accessible|annule|payant)|il reste (?:encore )?des places|y a t il encore des (?:places|"
    r"billets)|(?:les )?reservations sont(?: elles)? ouvertes|"
    r"how much is it|where is it|when is it|what time (?:is it|does it)|is it (?:[a-z]+ )?(?:free|sold out|"
    r"accessible)|what s the (?:price|address)|ou se (?:tient|trouve|deroule|passe)|"
    r"dans quelle ville se|quand (?:a lieu|ont lieu|se tient|se deroule|commence)|"
    r"il y a (?:un |une |des )?(?:parking|vestiaire|bar|buvette|restauration|entracte)|"
    r"qui (?:joue|chante|expose|anime|organise)$|who (?:is playing|plays|is performing)|"
    r"comment (?:y aller|s y rendre|on y va)|c est (?:pour quel age|a partir de quel age)|"
    r"combien de temps (?:ca )?dure|(?:ca|il|elle) (?:dure|coute|commence|finit) (?:combien|quand)"
)
_ABOUT_ONE = re.compile(
    rf"^(?:(?:et|ok|alors|donc|mais|oui|plutot|and|donne|moi|montre|ouvre|detaille|developpe|"
    rf"parle|dis|choisis|je prends|je choisis|je prefere|c est quoi|c est|show|tell me about|"
    rf"what about|plus de \S+ sur|details? (?:de|sur)|en savoir plus sur|me|precisions? sur|"
    rf"infos? sur|(?:le )?lien (?:de|du|pour)) ?)*{_ORDINAL}(?: (?:stp|svp|please|s il (?:te|vous) plait|"
    rf"c est (?:ou|quand|combien)|elle coute combien|il coute combien|coute combien|"
    rf"est (?:gratuite?|ou|complete?)|en detail|ca a l air \S+|m interesse|de la liste|propose))*$"
)
_COMPARISON = _words(
    r"compare[rz]?|comparaison|comparatif|(?:la )?difference entre|lequel (?:est|choisir|me|tu|"
    r"vaut)|laquelle (?:est|choisir|me|tu|vaut)|which (?:one )?(?:is|should|would)|plutot (?:la|"
    r"le) \S+ ou (?:la|le) \S+|"
    r"(?:la|le) (?:\d|premiere?|deuxieme|second\w*)\w* ou (?:la|le) (?:\d|premiere?|deuxieme|"
    r"troisieme|second\w*)\w*|vs|versus|mieux entre|"
    r"entre (?:la|le) \S+ et (?:la|le) \S+ (?:\S+ )?(?:lequel|laquelle|que choisir)|lequel$|laquelle$"
)
_PLAN = _words(
    r"(?:organise|planifie|prepare|prevois|compose|construis|concocte|propose|fais|cree|imagine|"
    r"plan|make)(?: moi| nous| me| us)?(?: un| une| a| le| la| mon| ma| notre| des| our|"
    r" my)* (?:programme|planning|journee|soiree|week ?end|sejour|parcours|itineraire|plan|day|"
    r"evening|itinerary|apres midi|matinee|semaine)|"
    r"programme (?:pour |de |d )(?:ma|mon|la|le|notre|une|un|samedi|dimanche|ce|demain)|"
    r"(?:journee|soiree|week ?end|apres midi) (?:complete?|ideale?|parfaite?)|(?:puis|ensuite|"
    r"then|et apres|suivi d|avant d aller) (?:un |une |a |d un |d une |on |des |"
    r"the )?(?:concerts?|expos?|spectacles?|resto\w*|theatre|cine\w*|film|exhibition|show|verre|"
    r"visite|atelier|balade|diner|bar)|"
    r"(?:itineraire|itinerary)|(?:matin|apres midi) (?:\S+ ){0,6}(?:et|puis) (?:\S+ ){0,6}(?:soir|"
    r"soiree)|enchain\w+|dans la meme (?:journee|soiree)|plan my|for (?:two|three|2|3) days|sur (?:deux|trois|2|3) jours|pour (?:deux|trois|"
    r"2|3) jours"
)
# « hmm, et dimanche ? », “Great, thanks! And on Sunday?”: what comes before the change.
_REACTION = re.compile(
    r"^(?:(?:h+m+|euh|bon|ah|oh|ok|okay|super|cool|merci|great|thanks|thank you|d accord|parfait|"
    r"mouais|nan|nope|yes|yeah|top|genial|perfect|bof) )+(?=\S)"
)
_STYLE = re.compile(r"^(?:du|de la|de l)(?!\S)")
_LONGEST_STYLE = 7  # words
_FOLLOW_UP = re.compile(
    r"^(?:et|mais|sinon|plutot|pareil|idem|la meme(?: chose)?|le meme|les memes|meme (?:chose|"
    r"recherche|question|date|lieu|endroit)|finalement|en fait|au final|ok (?:et|mais|alors)|"
    r"ou alors|ou bien|alors|donc|uniquement|seulement|juste|que (?:du|des|les|le)|only|and|"
    r"what about|how about|same|instead|rather|actually|but|"
    r"lesquel(?:le)?s|lequel|laquelle|avec|sans|pas|non|oui|moins|plus|encore|d autres?|"
    r"autre chose|quelque chose (?:de plus|de moins|plus|moins)|peu importe|n importe|any|"
    r"whatever|and for|y|pero|und|auch|e|gratuit\w*|c est trop|trop|elargis|elargir|"
    r"cherche plutot|dans un rayon|something|anything|closer|cheaper|nearer|within|without|no|not|"
    r"for|later|un peu (?:plus|moins)|a bit|accessibles?|en|si possible|changeons|change|on peut|je prefere|"
    r"je voudrais plutot|autres?|"
    r"la semaine (?:prochaine|suivante)|et si|super et|merci et|parmi|celles?|ceux|ca|cela)(?!\S)"
)


def kind_of(message: Message, *, has_previous: bool) -> Turn:  # noqa: PLR0911 - one return per rule
    """The kind of a message.

    `has_previous` when an earlier message of the visitor was understood.
    """
    words = message.folded
    is_short = len(message.words) <= _LONGEST_CIVILITY
    if not words or (is_short and _GREETING.fullmatch(words)):
        return Turn.GREETING
    if is_short and _THANKS.fullmatch(words) and _THANKING.search(words):
        return Turn.THANKS
    if _STRONGLY_OUT.search(words) or (
        _OUT_OF_SCOPE.search(words) and not _EVENT_NOUN.search(words)
    ):
        return Turn.OUT_OF_SCOPE
    if _CANNOT.search(words) and not _ASKS_WHERE_TO_BOOK.search(words):
        return Turn.CANNOT
    if _COMPARISON.search(words) and (has_previous or " vs " in words or "compar" in words):
        return Turn.COMPARISON
    if (has_previous and _ABOUT_ONE.match(words)) or _is_about_details(
        words, has_previous=has_previous
    ):
        return Turn.DETAILS
    if _PLAN.search(words) or re.search(r"[a-zéè]\s*\+\s*[a-zéè]", message.text.lower()):
        return Turn.PLAN
    if has_previous and _is_change(words):
        return Turn.REFINEMENT
    return Turn.SEARCH


def _is_change(words: str) -> bool:
    """« et dimanche ? », « du rock plutôt »: what only makes sense after another message."""
    words = _REACTION.sub("", words)
    is_style = _STYLE.match(words) and not _EVENT_NOUN.search(words)
    return bool(_FOLLOW_UP.match(words)) or (bool(is_style) and words.count(" ") < _LONGEST_STYLE)


def _is_about_details(words: str, *, has_previous: bool) -> bool:
    match = _DETAILS.search(words)
    if match is None:
        return False
    asks_by_name = (
        re.match(r"(?:ou se|quand|dans quelle|quelle est l adresse|quel est)", match[0]) is not None
    )
    return asks_by_name or (has_previous and len(words.split()) <= 12)  # noqa: PLR2004 - the number says itself
