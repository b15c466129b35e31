"""How people ask, and which small words hang around a theme. Pure data over folded words."""

import re

ABBREVIATIONS = {
    "expo": "exposition", "expos": "expositions", "conf": "conférence", "confs": "conférences",
    "cine": "cinéma",
    "pr": "pour", "ds": "dans", "av": "avec", "zik": "musique", "zic": "musique", "teuf": "fête",
    "assos": "associations",
    "asso": "association", "rando": "randonnée", "randos": "randonnées", "astro": "astronomie",
    "impro": "improvisation",
    "bd": "bande dessinée", "philo": "philosophie", "resto": "restaurant",
    "biblio": "bibliothèque", "electro": "électro",
}  # fmt: skip

# Ways of asking. They are taken out wherever they stand: none of them says what is sought.
ASKING = re.compile(
    r"(?<!\S)(?:"
    r"il (?:me |nous )?reste(?: encore)?(?: t il)?|reste t il(?: encore)?|bonjour|bonsoir|salut|slt|cc|puls|a part ca|"
    r"coucou|hello|hey|hi(?: there)?|bjr|bsr|svp|stp|s il (?:vous|te) plait|please|merci(?: d avance| beaucoup)?|"
    r"thanks|thank you|euh|bon ben|ben|bah|alors|du coup|en fait|voila|"
    r"(?:est ce qu|est ce que|qu est ce qu|qu est ce que) ?(?:il|on|je|tu|vous|nous|"
    r"c est)? ?(?:y a|pourrait|peut|peux|pouvez|pourrais|fait|aurait|aurais|auriez|as|avez|existe|"
    r"se passe|y aurait)?(?: t il)?(?: que)?(?: (?:me |nous |m )?(?:conseiller|proposer|recommander|"
    r"suggerer|indiquer|trouver|montrer|dire))?(?: comme)?|"
    r"qu est ce qui se passe|que se passe t il|quoi de (?:neuf|prevu|beau|bien)|"
    r"qu y a t il(?: a (?:faire|voir))?|(?:il )?y a (?:quoi|koi)(?: com(?:me)?)?|il y a(?! \d)|"
    r"ya t il|y a t il|y aurait il|y a(?! \d)|ya(?: (?:quoi|koi))?(?: com(?:me)?)?|"
    r"(?:il )?se passe (?:quoi|koi)|on fait (?:quoi|koi)|(?:quoi|koi) comme|c koi|"
    r"(?:je |on |j )?(?:ne |n )?(?:sais|sait|ai|a) (?:pas|plus|rien) (?:quoi |a )?faire|"
    r"(?:tu |vous )?(?:connais|connaissez)(?: tu| vous)?|(?:auriez|avez|aurais|as) (?:vous|tu)(?: (?:des|une?))?(?: idees?(?: de| d| pour)?)?|"
    r"(?:tu |vous )?(?:sais|savez)(?: tu| vous)? (?:s|si)(?: il y a)?|s il y a|do you (?:know|have)(?: of)?(?: any)?|"
    r"(?:une |avoir )?envie (?:de|d)|(?:i |we )?(?:feel|fancy) like|besoin (?:de|d)(?: (?:des )?idees?)?(?: pour)?|"
    r"(?:tu|vous) (?:aurais|auriez|as|avez)(?= (?:une?|des)(?!\S))|a (?:me|nous) (?:proposer|conseiller|recommander)|"
    r"desesperement|par hasard|absolument|vraiment|"
    r"existe t il|existe t elle|c est quoi les?|"
    r"(?:je|j|on|nous) ?(?:cherche|voudre|voudrai|recherche|cherchons|recherchons|cherchais|chercherais|souhaite|"
    r"souhaiterais|souhaiterions|souhaitons|voudrais|voudrait|voudrions|veux|veut|voulons|"
    r"aimerais|aimerait|aimerions|adorerais|adorerait|ai envie|a envie|avons envie|pense|pensais|"
    r"suis a la recherche|est a la recherche|me demandais si|aurais aime|peut|peux|pourrait|"
    r"pourrais|compte|prevois|ai besoin|a besoin|sommes a la recherche)(?: (?:juste|bien|trop|vraiment|beaucoup))?(?: (?:de|d|a|alle|voir|faire|trouver|savoir|aller|"
    r"assister|decouvrir|sortir|profiter|emmener|occuper)){0,3}|"
    r"(?:g|jai|jaurais) envie(?: (?:de|d|aller|voir|faire|sortir)){0,3}|"
    r"(?:peux|pourrais|pouvez|pourriez|saurais|sais) (?:tu|vous)(?: me| m| nous)? (?:proposer|"
    r"recommander|conseiller|suggerer|trouver|dire|indiquer|donner|lister|montrer|aider a trouver|"
    r"aider)(?: s il y a| des| un| une| quelque chose)*|(?:tu peux|vous pouvez|tu pourrais)(?: me|"
    r" nous)? (?:proposer|recommander|conseiller|trouver|suggerer|dire|donner)|"
    r"(?:propose|proposez|recommande|recommandez|conseille|conseillez|suggere|suggerez|trouve|"
    r"trouvez|donne|donnez|montre|montrez|liste|indique|dis|cherche|cherchez)(?: moi|"
    r" nous)?(?: tous| toutes| tout| ce qui touche)?|recommandations?|des recommandations|"
    r"(?:que|quoi|ou|qu) ?(?:faire|voir|aller|sortir|visiter|peut on faire|peut on voir|"
    r"recommandez vous|me recommandes tu|nous recommandes tu|me conseilles tu|proposez vous|"
    r"propose t on|puis je faire|puis je voir|y a t il a faire|y a t il a voir)|"
    r"que peut on (?:faire|voir|visiter)|on peut (?:faire|voir) quoi|faire quoi|"
    r"(?:quel|quelle|quels|quelles|kel|kels|kelle|kelles)(?: (?:sont|est|seront|sera|ont ete))?(?: (?:les|le|la|"
    r"l))?(?: prochains?| prochaines?)?|(?:sont|est|seront) (?:prevus?|prevues?|proposes?|"
    r"proposees?|organises?|organisees?|disponibles?|programmes?|programmees?)|(?:ont|a|auront|"
    r"aura) lieu|se deroulent?|se passent?|prevus?|prevues?|disponibles?|proposes?|proposees?|"
    r"organises?|organisees?|"
    r"peut on|puis je|je peux|peut etre|pourrait on|si possible|de preference|idealement|"
    r"eventuellement|genre|style|un truc(?: du genre| comme)?|un petit truc|des trucs|"
    r"quelque chose(?: a faire| a voir| de sympa| sympa| de chouette| d original)?|"
    r"qqch(?: a faire| a voir| de sympa| sympa)?|qq chose|quelquechose|qlq chose|"
    r"tout ce qui (?:touche|concerne|a trait|est lie|parle)(?: de)?(?: aux?| a la| a l| a| la| le|"
    r" les)?|(?:organise|planifie|prepare|prevois|compose|construis|concocte|"
    r"programme)[rz]?(?: moi| nous)?(?: un programme| une journee| une soiree| un week ?end|"
    r" une sortie| un parcours| un itineraire)?(?: complete?)?|plan (?:me |us |my |our )?(?:a |"
    r"an )?(?:day|evening|weekend|trip)|d abord|enchain\w+|"
    r"(?:fais|cree|imagine)[rz]? (?:moi|nous)(?: un programme| une journee| une soiree)?|"
    r"dans la meme (?:journee|soiree)|(?:ou|comment) (?:reserver|acheter)(?: (?:des|mes|les|"
    r"une?))?(?: (?:places?|billets?))?(?: pour)?|"
    r"(?:where|how) (?:can|do) (?:i|we) (?:buy|book|get)(?: (?:the|some))?(?: tickets?)?(?: for)?|"
    r"acheter des (?:billets|places) pour|(?:on est |"
    r"nous sommes |je suis |pour |avec )?(?:un )?groupe de \d+(?: personnes| adultes)?|(?:on est|"
    r"nous sommes|nous serons|on sera|we are) (?:\d+|deux|trois|quatre|cinq|six)|(?:pour|"
    r"for) (?:\d+|deux|trois|quatre|cinq|six) (?:personnes|people|adultes)|(?:\d+|deux|trois|"
    r"cinq) (?=idees|concerts|evenements|expos|spectacles|sorties|suggestions|propositions)|"
    r"une (?:bonne |petite )?idee(?: de sortie| sortie)?|des idees(?: de sorties?| sorties?)?|"
    r"idees?(?: de)? sorties?|idees? pour|une sortie(?: a faire)?|des sorties(?: a faire)?|"
    r"a faire|de (?:sympa|chouette|bien|cool|interessant|original)|sympas?|chouettes?|"
    r"interessante?s?|"
    r"any ideas|are there(?: any)?|is there(?: any| an| a)?|(?:i m|we re|i am|"
    r"we are)? ?(?:looking for|searching for|interested in)|(?:i|we) (?:want|would like|d like|"
    r"d love|would love|need)(?: to)?(?: see| find| go to| do| visit)?|(?:can|"
    r"could) you (?:recommend|suggest|find|show|tell)(?: me| us)?|(?:show|find|give|tell) (?:me|"
    r"us)|what s on|what is on|what s happening|what is happening|what can (?:i|we) do|what to do|"
    r"things to do|something to do|anything (?:on|to do|happening|fun)|what are the(?: best)?|"
    r"which|any|where can (?:i|we)(?: find| see| go)?|what|"
    r"was (?:kann man|konnen wir|kann ich|gibt es|ist los)|wo (?:kann man|gibt es)|gibt es|"
    r"ich (?:suche|mochte)|wir (?:suchen|mochten)|machen|unternehmen|"
    r"que (?:hay|puedo hacer|podemos hacer)|hay|busco|quiero|donde|cosa (?:c e|fare)|"
    r"cerco|vorrei|"
    r"(?:avec |pour )(?:mon |ma |mes |nos |notre )(?:(?:grande? |belles? |beau |beaux |grands )?"
    r"(?:meres?|peres?|parents)|maman|papa|mamie|papi|tante|oncle|famille)|"
    r"with my (?:mother|father|mum|mom|dad|parents|grandmother|grandparents|family)|"
    r"(?:avec |pour )?(?:mon |ma |mes |nos |notre |un |une |des |two |deux )(?:copain|copine|"
    r"copains|copines|amis?|amies?|potes?|mari|femme|conjointe?|compagnon|compagne|collegues?|"
    r"boyfriend|girlfriend|husband|wife|friends)|entre (?:amis|potes|copines|collegues)|"
    r"en amoureux|"
    r"j habite|je suis (?:de passage|en vacances|a|en|actuellement|dispo|libre)|je serai|"
    r"nous serons|on sera|on est|nous sommes|on habite|on y sera|je vis|je passe|libre|dispo"
    r")(?!\S)"
)
# Words of the trade: they say « an event », not which.
GENERIC = re.compile(
    r"(?<!\S)(?:(?:tous |toutes )?(?:les |des |d |un |une |l )?(?:evenements?|evenementiels?|"
    r"events?|eventos|veranstaltungen|manifestations?|evts?|trucs?|bons plans?)|(?:programme|"
    r"agenda|offres?)(?: (?:culturel|des sorties|de sorties))?)(?!\S)"
)
GENERIC_ALONE = frozenset(
    """
    a activite activites activities agenda aller amuser animation animations apres autre autres
    avec bien bouger ca ce chose choses conseil conseils cool culture culturel culturelle
    culturelles culturels d de des divertissements do elle en envie est et events faire fun idee
    idees il je journee la le les loisirs m mais matinee midi moi nous nouveau nouveautes occuper
    on plan plans pour programme proposition propositions qu que quelque qui s soir soiree
    something sont ans anything else fine ok one ones une seule sortie sorties sortir stuff super sur temps things to tous tout un une voir y
    """.split()  # noqa: SIM905 - a list of words reads better as prose
)
HANGING_BEFORE = frozenset(
    """
    a am an and are at au aussi autour aux avec by ce ces cet cette d dans das de den depuis der
    des die donc du ein eine einen el elle en est esta este et for from il im in is j je juste l
    la las le les lien los m mais me mit no nous of on or ou par plusieurs plutot pour pres qu que
    quelques qui rapport s se seulement si some sont sur the theme to trouver tu un und une
    uniquement vers voir von with y
    """.split()  # noqa: SIM905 - a list of words reads better as prose
)
KEPT_LEADS = re.compile(
    r"^(?:pour|avec|sur|dans|a|en|with|for|mit|voir) (?=(?:les |des |mes |the |my |our |la |le |l |un |"
    r"une )?(?:enfants?|tout|bebes?|ados?|famille|jeune|jeunes|kids|children|plein|seniors?|"
    r"planetes?|kindern|langue))"
    r"|^(?:se|s) \w+(?:er|ir|oir|re)(?!\S)"  # « se promener », « s'initier »: the pronoun is the verb's
)
HANGING_AFTER = frozenset(
    """
    a am an and ans are at au aussi autour aux avec avoir between ca ce cela cette chez cote d
    dans de den des donc du ein elle en entre environ ce se est este et euros faire for from grand il im
    my our mon ma mes nos notre
    in is j je jusqu l la le les m mais max maximum me mit nous of on or ou par pas plutot
    possible pour pres prochain prochaine qu quand que qui quoi si sont sur the there to tu un und
    une vers von with y
    """.split()  # noqa: SIM905 - a list of words reads better as prose
)
RANK = re.compile(r"\d+(?:e|er|ere|eme|nd|st|rd|th)?")
SPACES = re.compile(r"\s+")
BREAK = re.compile(r"[?!.()\[\]\n\"«»“”#*]")
FOLLOW_UP_WORDS = re.compile(
    r"(?<!\S)(?:change(?:ons)? de (?:ville|lieu|date|jour|coin)|et|mais|sinon|plutot|pareil|idem|la meme chose|le meme|meme chose|la meme|"
    r"finalement|en fait|au final|ok|alors|uniquement|seulement|juste|only|and|what about|"
    r"how about|same thing|same|instead|rather|actually|but|lesquel(?:le)?s|sont|est|encore|aussi|"
    r"also|d autres|autres?|autre chose|y a t il|il y a|un peu|ou alors|ou bien|peu importe|"
    r"si possible|non|oui|donc|c est|ca|cherche|je prefere|on prefere|change|changeons|parmi|ceux|"
    r"celles|elargis|h+m+|great|thanks|cool|parfait|d accord|nan|mouais|"
    r"si on (?:allait|va|faisait|fait)|euh|bon|super|merci)(?!\S)"
)


STORY = re.compile(
    r"(?<!\S)(?:(?:je suis|on est|nous sommes)|(?:mon|ma|mes|notre|nos|my|our) [a-z]+ (?:est|sont|"
    r"a|ont|is|are))(?: en| un| une| a)? (?=#)"
)
# A question that opens a clause: what was told before it is why, not what.
QUESTION = re.compile(
    r"y a t il|il y a|je cherche|on cherche|je recherche|quel|quelle|quels|quelles|propos|"
    r"recommand|conseil|trouve|looking for|any|is there|are there|"
    r"cherchons|besoin|je voudrais|j aimerais|on aimerait|on voudrait|que faire|i m looking|what"
)
EVENT_NOUN = re.compile(
    r"(?<!\S)(?:concerts?|expos?|expositions?|spectacles?|ateliers?|stages?|festivals?|"
    r"conferences?|visites?|visiter|balades?|randonnees?|"
    r"theatre|cinema|films?|danse|cirque|opera|musique|jazz|musees?|exhibitions?|shows?|"
    r"workshops?|pieces?|brocantes?|marches?|ballets?|contes?|lectures?|salons?|comedy|plays?|"
    r"markets?|talks?|projections?|sports?|rencontres?)(?!\S)"
)
AND_THEN = ("et", "donc", "alors", "mais", "and", "so", "but")
INTERJECTIONS = frozenset(
    ("bon", "alors", "bref", "voila", "enfin", "so", "well", "ok", "okay", "ah", "oh", "hum", "hmm")
)
# Who or what a clause tells of; such a clause is why the visitor asks, not what for.
TELLING = re.compile(
    r"(?<!\S)(?:je|j|on|nous|il|elle|ils|elles|c|ca|tu|mon|ma|mes|notre|nos|i|we|he|she|they|my|our)"
    r"(?!\S)"
)
ABOUT_THE_STORY = re.compile(
    r"(?<!\S)(?:ce (?:theme|sujet|genre)|la dessus|pour ca|comme ca|cela|about it|like that)(?!\S)"
)
# Small words that announce a time or a place, and go with it.
ANNOUNCING = frozenset(
    "a au aux en dans ds le la les l de d du des depuis vers sur in at on near from by of for the "  # noqa: SIM905 - a list of words reads better as prose
    "von im am zum bei pour par pres loin pas "
    "autour cote proche ou est este el los chez jusqu entre et y trop plutot".split()
)
ALWAYS_ANNOUNCING = ANNOUNCING - {
    "pour",
    "pas",
    "ou",
    "est",
    "et",
    "de",
    "d",
    "des",
    "du",
    "y",
    "la",
    "le",
    "les",
    "l",
    "par",
    "the",
    "of",
    "for",
}
CHILD_WORDS = re.compile(
    r"(?<!\S)(?:enfants?|famille|familial\w*|jeune public|petits?|bebes?|kids?|children|family|"
    r"kinder\w*|ninos|gamins?|ados?|adolescents?|teens?)(?!\S)"
)
TODDLER, TEENAGER, ADULT = 4, 12, 18
