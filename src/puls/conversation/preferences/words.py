"""How people say what they prefer, in French and English: patterns over the folded words of one clause. Pure data.

All are anchored at the start of the clause and speak in the first person: what is said of others, asked, imagined or
quoted fits none of them.
"""

import re

from puls.catalogue.event import Accessibility
from puls.conversation.preferences.preference import Kind, Moment


def _clause(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?!\S)")


# What comes before the statement and changes nothing in it.
LEAD = re.compile(
    r"(?:(?:bonjour|bonsoir|salut|hello|hi|hey|coucou|merci|thanks|ok|okay|oui|non|yes|no|alors|donc|bon|euh|ah|oh|"
    r"au fait|d ailleurs|par ailleurs|en fait|finalement|en realite|desormais|maintenant|et|mais|sinon|"
    r"sache que|pour info(?:rmation)?|a savoir|by the way|btw|actually|in fact|well|so|also|and|but|"
    r"now|just so you know|fyi|correction|moi|perso|personnellement|pour ma part|en general|d habitude|comme|vu que|"
    r"puisque|car|parce que|since|as|because|because|personally|usually|generally) )+"
)
# « peux-tu retenir que… ? » is no question about the statement.
REMEMBER = re.compile(
    r"(?:(?:tu peux|peux tu|pouvez vous|vous pouvez|can you|could you|please|merci de|il faut|s il te plait) )*"
    r"(?:retenir|noter?|te souvenir|vous souvenir|remember|notez|retiens|retenez|enregistre[rz]?|souviens toi|"
    r"rappelle toi|n oublie pas|don t forget) (?:(?:que|qu|that) )?"
)
# The sentence imagines or reports: nothing in it is the visitor's word.
NOT_SAID = re.compile(
    r"^(?:(?:et|mais|and|but|alors|ok|bon) )*(?:si|s il|s ils|imagine\w*|suppos\w+|admettons|quand|lorsque|if|when|imagining|"
    r"what if|let s say|disons|mettons|au cas ou|comme si|as if)(?!\S)|"
    r"(?<!\S)(?:dit il|dit elle|disait|m a dit|m ont dit|me dit|a dit|he said|she said|says|told me|they said|"
    r"selon|d apres|dans (?:le|ce) (?:film|livre)|chanson|song|titled|intitulee?s?)(?!\S)"
)

# Home

HOME = _clause(
    r"(?:j habite|je vis|je reside|on habite|on vit|nous habitons|nous vivons|j ai (?:emmenage|demenage)|je viens "
    r"d (?:emmenager)|je viens de demenager|on a (?:emmenage|demenage)|nous avons (?:emmenage|demenage)|je me suis "
    r"installee?|je suis (?:basee?|installee?|domiciliee?)|chez moi c est|ma ville c est|ma ville est|mon domicile est|"
    r"i live|i m living|i am living|we live|i(?: ve| have)? (?:just )?moved|we(?: ve| have)? (?:just )?moved|i m based|"
    r"i am based|my (?:home|city|town) is|home is)"
)
NOT_HOME = _clause(
    r"(?:je n habite (?:plus|pas)|j habite (?:plus|pas)|je ne vis (?:plus|pas)|on n habite (?:plus|pas)|nous n habitons "
    r"(?:plus|pas)|i don t live|i no longer live|i do not live|we don t live|we no longer live)"
)
HOME_MANNER = re.compile(
    r"(?:(?:seule?|toujours|maintenant|desormais|now|actuellement|currently|alone|dorenavant|ici|en (?:colocation|couple|"
    r"famille)|avec (?:ma|mon|mes|un|une|des) \S+|with my \S+|juste|pas loin|depuis \S+ \S+) )+"
)
HOME_PREPOSITIONS = frozenset(
    ("a", "au", "aux", "en", "dans", "sur", "pres", "vers", "in", "near", "at", "autour", "around", "entre", "le")
)  # fmt: skip
NO_PLACE = frozenset(
    "un une des chez loin ici la seul seule dehors toujours bien trop tout tres mal ensemble it here with avec pour there "
    "far alone together ma mon mes my the comme pas".split()
)
# « dans le 9e » of which town, « à la campagne » where: not sure, so not remembered.
VAGUE_PLACE = re.compile(
    r"^(?:dans le \d{1,2}(?:e|er|eme|ieme)?(?: arrondissement)?|(?:a|en|dans|in|au) (?:(?:la|le|l|the|un|une) )?(?:campagne|"
    r"montagne|mer|ville|centre ville|centre|province|banlieue|france|cote|foret|country(?:side)?|suburbs?|city|town|nord|sud|"
    r"est|ouest|quartier|maison|appartement|village)(?: .*)?)$"
)
SINCE = re.compile(
    r" (?:maintenant|desormais|depuis|now|since|actuellement|currently|anymore|dorenavant)(?!\S).*"
)
FOR_A_TIME = re.compile(
    r"(?<!\S)(?:cette semaine|ce week ?end|ce mois|pour (?:la|une|le|un|les|deux|trois|quelques|\d+) (?:semaine|week ?end|"
    r"mois|nuit|vacances|jours?|semaines|nuits)|temporairement|jusqu|until|ce soir|demain|for (?:the|a|two|three|\d+) "
    r"(?:week|weekend|days?|month|nights?|weeks|holidays?)|this (?:week|weekend|month)|tonight|tomorrow|en vacances|on "
    r"holiday|aujourd hui|today)(?!\S)"
)
MOVED_FROM = re.compile(r"^(?:de|d|from) .+ (?=(?:a|au|en|vers|to|pour) )")

# Children

_COUNT = r"(?:\d|un|une|deux|trois|quatre|cinq|des|a|one|two|three|four|five)"
_KIN = r"(?:enfants?|kids?|children|child|filles?|fils|garcons?|daughters?|sons?|boys?|girls?|bebes?|jumeaux|jumelles|twins)"
_AGES = r"(?P<ages>\d{1,2}(?: (?:ans|mois|years|et|and|de|a) ?(?:et |and )?\d{1,2}| \d{1,2}){0,5}) ?(?P<unit>ans|an|mois|years?(?: old)?|yo|months?(?: old)?)?"
CHILDREN = (
    _clause(
        rf"(?:j ai|on a|nous avons|i have|i ve got|we have|we ve got) (?P<count>{_COUNT}) (?P<who>{_KIN})"
        rf"(?: (?:de|d|ages?|agee?s?|aged|qui|a|ont|who|is|are|respectivement|of)){{0,4}} {_AGES}"
    ),
    _clause(
        rf"(?:mes|nos|my|our) (?P<who>{_KIN}) (?:ont|are|ages?|have)(?: (?:maintenant|now|aujourd hui|desormais)){{0,2}} {_AGES}"
    ),
    _clause(
        r"(?:ma|mon|notre|my|our) (?P<who>fille|fils|daughter|son|garcon|bebe|baby|aine|ainee|cadet|cadette|enfant|child)"
        r" (?:a|vient d avoir|va sur ses|is|just turned|turned|has turned)(?: (?:maintenant|now|desormais|tout juste))?"
        r" (?P<ages>\d{1,2}) ?(?P<unit>ans|an|mois|years?(?: old)?|months?(?: old)?)?"
    ),
)
DAUGHTER = frozenset(
    ("fille", "filles", "daughter", "daughters", "girl", "girls", "ainee", "cadette")
)
SON = frozenset(("fils", "garcon", "garcons", "son", "sons", "boy", "boys", "aine", "cadet"))
NO_CHILDREN = _clause(
    r"(?:je n ai|j ai|on n a|nous n avons) (?:pas|plus) (?:d |encore d )?enfants?|i (?:don t|do not) have (?:any )?(?:kids|"
    r"children)|i have no (?:kids|children)"
)

# Likes and dislikes; `OF` ends a lead that needs no article after it.

_MUCH = r"(?: (?:bien|beaucoup|surtout|vraiment|enormement|toujours|plutot|pas mal|aussi|tout particulierement|also))*"
_BIG = r"(?:tres |un |une |vraiment |grande? |gros |grosse |a |an |big |huge |great |really |pas mal )*"
LIKE = (
    _clause(rf"(?:j (?:adore|aime(?! (?:pas|plus|que)(?! mal)))|on (?:adore|aime(?! (?:pas|plus)))|nous (?:adorons|aimons)){_MUCH}"
            r"(?= (?:le|la|les|l) )"),
    _clause(rf"(?:je suis|nous sommes|on est) {_BIG}(?:fans?|amateurs?|amatrice|passionnee?s?|folle|fou|dingue|feru) "
            r"(?:de|d|du|des|par)|je raffole (?:de|d|du|des)|je me passionne pour|(?:mon genre prefere|ma musique preferee)"
            r" (?:c est|est)"),
    _clause(r"(?:i|we) (?:(?:really|absolutely|also|always|both) )*(?:love|like|adore|enjoy)|(?:i m|i am|we re|we are) "
            rf"{_BIG}(?:into|fans? of|fond of|keen on|crazy about)|my favou?rite (?:music|genre|thing) is"),
)  # fmt: skip
_NOT_MUCH = r"(?: (?:trop|du tout|vraiment|beaucoup|tellement|specialement|particulierement|plus que ca|really))*"
DISLIKE = (
    _clause(rf"(?:je n aime (?:pas|guere)|j aime pas(?! mal)|je deteste|je hais|je (?:ne )?supporte pas|on (?:n )?aime pas|"
            rf"on deteste|nous n aimons pas|nous detestons){_NOT_MUCH}(?= (?:le|la|les|l) )"),
    _clause(r"j ai horreur (?:de|d|du|des)|je (?:ne )?suis pas (?:trop |tres |vraiment |du tout |un |une |grande? )*(?:fan|"
            r"amateur|amatrice|feru) (?:de|d|du|des)"),
    _clause(r"(?:i|we) (?:really )?(?:don t|do not) (?:really )?(?:like|love|enjoy)|(?:i|we) (?:really |absolutely )*(?:hate|"
            rf"dislike|can t stand|cannot stand)|(?:i m|i am|we re|we are) not {_BIG}(?:into|fans? of|fond of|keen on)"),
)  # fmt: skip
NO_LONGER = (
    _clause(r"(?:je n aime plus|j aime plus|on n aime plus|nous n aimons plus)(?: trop| vraiment)?(?= (?:le|la|les|l) )"),
    _clause(r"(?:i|we) no longer (?:like|love|enjoy)"),
)  # fmt: skip
ARTICLE = re.compile(r"^(?:le|la|les|l|du|de la|de l|des|de|d|the) ")
AND_ANOTHER = re.compile(
    r" (?:et|ou|ni|and|or|nor)(?: (?:pas|aussi|surtout|also))?(?: (?:le|la|les|l|du|des|de la|de l|de|d|the))? "
)
END_OF_THEME = re.compile(
    r" (?:mais|parce|car|pour|avec|sans|ce|cette|samedi|dimanche|au|en|dans|pres|qui|que|quand|if|for|with|in|at|on|this|"
    r"tonight|tomorrow|because|when|that|which|depuis|donc|surtout|trop|beaucoup|du tout|vraiment|maintenant|now|anymore|"
    r"plus que|aussi|but|so|a lot|very much|too|either|non plus|par contre|a la folie|ces temps|en ce moment|a|s il|svp|"
    r"stp|please)(?!\S).*"
)
# « je n'aime pas la première », « j'adore l'idée »: about an answer, not about the visitor.
NO_THEME = re.compile(
    r"^(?:premiere?s?|deuxieme|troisieme|second\w*|dernier\w*|autre\w*|\d\S*|idees?|propositions?|reponses?|resultats?|"
    r"liste|lieux?|salles?|horaires?|dates?|prix|endroits?|programme|choix|ce|cet|cette|ces|ca|cela|celui|celle|ceux|it|"
    r"this|that|these|those|them|one|first|last|idea|answers?|results?|place|venue|price|your|ta|ton|tes|votre|vos|my|to|"
    r"going|sortir|how|what|mon|ma|mes|fait|look|way|sound|he|she|you|him|her|all|none|any|monde|gens|people|nothing|"
    r"everything|plus|moins|more|less|both|deux|ville|facon|maniere|suggestions?|selection|here|there|living|being)(?!\S)"
)

# Accessibility

_SELF = r"(?:je (?:suis|me deplace|circule)|j utilise|i (?:am|use)|i m)(?: (?:une personne|maintenant|desormais|tout le temps))?"
_THEN = r"(?: (?:et|donc|depuis|now|maintenant|and|so|since|desormais)(?!\S).*)?$"
NEEDS: tuple[tuple[Accessibility, re.Pattern[str]], ...] = tuple(
    (code, re.compile(rf"(?:{_SELF} (?:{states})|{needs}){_THEN}"))
    for code, states, needs in (
        (
            Accessibility.MOTOR,
            (r"en fauteuil(?: roulant)?(?: electrique)?|un fauteuil(?: roulant)?|a mobilite reduite|pmr|handicapee? moteur|"
            r"(?:in )?a wheelchair(?: user)?|paraplegique|tetraplegique|paraplegic"),
            (r"j ai besoin d (?:un acces|acces) (?:pmr|en fauteuil|fauteuil)(?: roulant)?|i need (?:a )?wheelchair access|i need "
            r"step free access"),
        ),
        (
            Accessibility.HEARING,
            r"sourde?|mal ?entendante?|deaf|hard of hearing|hearing impaired",
            (r"j ai besoin (?:de la|d une|de) (?:lsf|langue des signes|boucle magnetique|interpretation en lsf)|i need sign "
            r"language"),
        ),
        (
            Accessibility.VISUAL,
            r"aveugle|mal ?voyante?|non voyante?|blind|visually impaired|partially sighted",
            r"j ai besoin (?:d une|de l|d) audio ?description|i need audio description",
        ),
        (Accessibility.PSYCHIC, r"autiste|autistic", r"j ai besoin de seances relax|i need relaxed performances"),
    )
)  # fmt: skip
NO_NEEDS = _clause(
    r"je ne suis plus (?:en fauteuil|pmr|a mobilite reduite|sourde?|malvoyante?)|je n ai plus (?:de|mon) fauteuil|je n utilise "
    r"plus (?:de|mon) fauteuil|i no longer (?:use|need) a wheelchair|i don t (?:use|need) a wheelchair(?: anymore)?"
)

# Budget, moments, car

_EUROS = r"(?:euros (?P<{0}_before>\d{{1,4}}(?:\.\d{{1,2}})?)|(?P<{0}>\d{{1,4}}(?:\.\d{{1,2}})?) ?(?:euros?|eur|e))"
_EACH = r"(?: (?:max(?:imum)?|maxi|au plus|par personne|par sortie|par tete|par soiree|each|per person|at most|grand max|par place))*$"
BUDGET = (
    _clause(r"(?:mon|notre|my|our) budget(?: (?:max(?:imum)?|sorties?|habituel|normal|usual|c est|est|is|maintenant|now|reste))*"
            rf"(?: (?:de|d|of|a|environ|about|around))*(?: {_EUROS.format('mine')}){_EACH}"),
    _clause(r"(?:je|on|i|we) (?:(?:ne|n|don t|do not|never) )?(?:(?:veux|want|peux|can|can t) )?(?:(?:pas|to|jamais) )?(?:depense|mets|"
            r"met|paie|paye|depenser|mettre|payer|spend|pay)(?: (?:jamais|pas))? (?:plus de|plus d|more than)"
            rf" {_EUROS.format('most')}{_EACH}"),
    _clause(rf"(?:jamais|never) (?:plus de|more than) {_EUROS.format('never')}{_EACH}"),
)  # fmt: skip
BARE_BUDGET = _clause(
    rf"(?:un )?budget(?: (?:max(?:imum)?|de|d|of|c est))* {_EUROS.format('bare')}{_EACH}"
)
NO_BUDGET = _clause(
    r"(?:je n ai|j ai|on n a) (?:plus|pas) de (?:limite de )?budget(?: (?:max(?:imum)?|limite))?|(?:mon budget|le prix) "
    r"(?:n est plus limite|n a plus d importance|m est egal)|i have no budget(?: limit)?"
)
MOMENT_WORDS: tuple[tuple[Moment, str], ...] = (
    ("morning", r"matins?|matinees?|mornings?"),
    ("afternoon", r"apres midi|afternoons?"),
    ("evening", r"soirs?|soirees?|evenings?|nights?"),
    ("weekend", r"week ?ends?|weekends?"),
)
_MOMENT = "|".join(words for _, words in MOMENT_WORDS)
_MOMENTS = rf"(?P<moments>(?:(?:le|les|en|l|la|in the|at|on|the|et|ou|and|or|during the|at the) )*(?:(?:{_MOMENT})(?: (?:et|ou|and|or)(?: (?:le|les|l|the|in the))?)? ?)+)"
MOMENT = _clause(
    r"(?:je (?:ne )?(?:sors|prefere(?: sortir)?|suis (?:libre|dispo(?:nible)?))|on (?:sort|prefere(?: sortir)?)|i prefer"
    r"(?: to go out| going out)?|i (?:usually |mostly |only |always |generally )*go out|we go out|i m (?:only |usually )?free|i am "
    r"(?:only )?free)(?: (?:plutot|surtout|seulement|uniquement|que|toujours|generalement|only|mostly|usually|rather))*"
    rf" {_MOMENTS}(?:seulement|uniquement|only)?$"
)
BARE_MOMENT = _clause(rf"(?:plutot|toujours|surtout|rather|preferably|always) {_MOMENTS}$")
NO_CAR = _clause(
    r"(?:je n ai|j ai|on n a|on a|nous n avons|je n ai plus|j ai plus) (?:pas |plus )?(?<=s )(?:de |d |le )?(?:voiture|auto|bagnole|permis)"
    r"(?: de conduire)?|(?:je suis|on est|nous sommes) sans voiture|je (?:ne )?conduis pas|(?:i|we) (?:don t|do not) (?:have|own) a "
    r"car|i (?:don t|do not|can t) drive|(?:i|we) have no car|je me deplace (?:a pied|a velo|en transports?(?: en commun)?)"
)
HAS_CAR = _clause(
    r"(?:j ai|on a|nous avons)(?: (?:maintenant|enfin|achete|desormais))* une voiture|(?:i|we)(?: now)? (?:have|bought|got) a car"
)

# Taking back

FORGET = re.compile(
    r"(?:(?:tu peux|peux tu|pouvez vous|vous pouvez|can you|could you|please|merci de|il faut|s il te plait|je veux que tu|je "
    r"voudrais que tu) )*(?:oublie[rz]?s?|efface[rz]?s?|supprime[rz]?s?|enleve[rz]?s?|ne (?:retiens|retenez|garde) (?:pas|plus)|forget|"
    r"delete|remove|erase|stop remembering) (?P<what>.+)"
)
FORGETTABLE: tuple[tuple[tuple[Kind | None, ...], re.Pattern[str]], ...] = tuple(
    (kinds, re.compile(rf"(?:{words})(?: (?:s il te plait|stp|svp|please|maintenant|now))?$"))
    for kinds, words in (
        (
            (Kind.CHILDREN,),
            r"(?:l age de |les ages de |the ages? of )?(?:mes|nos|my|our) (?:enfants|kids|children)(?: s ages?)?|que j ai des enfants",
        ),
        (
            (Kind.HOME,),
            (r"(?:mon|ma|my) (?:adresse|ville|domicile|lieu|address|city|town|home)|ou (?:j habite|je vis)|(?:that i|where i) live"
            r"(?: in .+)?|que j habite .+"),
        ),
        ((Kind.BUDGET,), r"(?:mon|my|le) budget"),
        (
            (Kind.NEEDS,),
            (r"(?:mon|my) (?:fauteuil|handicap|wheelchair|disability)|(?:mes besoins|my needs|mon accessibilite|my accessibility)"
            r".*|que je suis (?:en fauteuil|sourde?|malvoyante?|aveugle|pmr)|that i (?:use a wheelchair|am deaf|am blind)"),
        ),
        ((Kind.LIKE, Kind.DISLIKE), r"(?:mes gouts|my tastes?|ce que j aime.*|what i like.*)"),
        ((Kind.MOMENT,), r"(?:mes horaires|que je sors .+|my hours|when i go out)"),
        ((Kind.NO_CAR,), r"que je n ai pas (?:de voiture|le permis)|that i (?:have no|don t have a) car"),
        (
            (None,),
            (r"(?:toutes )?(?:mes|all my|my) preferences|tout(?: ce que tu (?:sais|as retenu)(?: de moi| sur moi)?)?|everything(?: you "
            r"know(?: about me)?)?|(?:all )?(?:you know )?about me|ce que tu sais (?:de|sur) moi"),
        ),
    )
)  # fmt: skip
FORGET_THEME = re.compile(
    r"(?:(?:que |that )(?:j (?:adore|aime(?: pas)?)|je n aime pas|je deteste|i (?:like|love|hate|don t like)) )?"
    r"(?:(?:le|la|les|l|the) )?(?P<about>\S+(?: \S+){0,2})$"
)
