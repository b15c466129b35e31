"""What kind of turn a message is: decided last, from what was read in it and from where the conversation stands. Pure.

The learned chances of `judging.model` propose; what was read disposes: a message that holds a wish is not small talk, and one that holds none finds no events.
Enter at `act_of`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from puls.language.lexicon import category_of_word, names_a_kind
from puls.understanding.message import Message


class Turn(StrEnum):
    """Kinds of turn, as clients know them."""

    SEARCH = "search"
    REFINEMENT = "refinement"
    DETAILS = "details"
    COMPARISON = "comparison"
    PLAN = "plan"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    CANNOT = "cannot"


class Act(StrEnum):
    """What a message does, finer than its kind of turn."""

    SEARCH = "search"
    CHANGE = "change"
    MORE = "more"
    DETAILS = "details"
    COMPARE = "compare"
    PLAN = "plan"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    CANNOT = "cannot"
    HELP = "help"
    RESET = "reset"
    YES = "yes"
    NO = "no"
    DISTRESS = "distress"
    INSULT = "insult"
    ABOUT_ME = "about_me"
    UNCLEAR = "unclear"
    ABROAD = "abroad"
    UNKNOWN_PLACE = "unknown_place"


TURN_OF: Mapping[Act, Turn] = {
    Act.SEARCH: Turn.SEARCH,
    Act.CHANGE: Turn.REFINEMENT,
    Act.MORE: Turn.REFINEMENT,
    Act.DETAILS: Turn.DETAILS,
    Act.COMPARE: Turn.COMPARISON,
    Act.PLAN: Turn.PLAN,
    Act.GREETING: Turn.GREETING,
    Act.THANKS: Turn.THANKS,
    Act.OUT_OF_SCOPE: Turn.OUT_OF_SCOPE,
    Act.CANNOT: Turn.CANNOT,
    Act.HELP: Turn.GREETING,
    Act.RESET: Turn.GREETING,
    Act.YES: Turn.REFINEMENT,
    Act.NO: Turn.THANKS,
    Act.DISTRESS: Turn.OUT_OF_SCOPE,
    Act.INSULT: Turn.OUT_OF_SCOPE,
    Act.ABOUT_ME: Turn.REFINEMENT,
    Act.UNCLEAR: Turn.OUT_OF_SCOPE,
    Act.ABROAD: Turn.OUT_OF_SCOPE,
    Act.UNKNOWN_PLACE: Turn.OUT_OF_SCOPE,
}

WITHOUT_WISH = frozenset(
    {
        Act.GREETING, Act.THANKS, Act.OUT_OF_SCOPE, Act.CANNOT, Act.HELP, Act.RESET, Act.NO, Act.DISTRESS, Act.INSULT, Act.UNCLEAR,
        Act.ABROAD, Act.UNKNOWN_PLACE,
    }
)  # fmt: skip
"""Acts that ask for no event."""
ABOUT_SHOWN = frozenset({Act.DETAILS, Act.COMPARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the conversation stands: whether a wish came before, events were shown, a plan was made."""

    has_wish: bool = False
    has_shown: bool = False
    has_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was read in the message, as far as its kind hangs on it. `is_anchored`: its days count from those spoken of before."""

    has_theme: bool = False
    has_when: bool = False
    has_day: bool = False
    has_where: bool = False
    has_filter: bool = False
    is_anchored: bool = False
    is_abroad: bool = False
    is_nowhere: bool = False
    drops: bool = False

    @property
    def has_wish(self) -> bool:
        return self.has_theme or self.has_when or self.has_where or self.has_filter or self.drops


_SMALL_TALK = frozenset(
    {Act.GREETING, Act.THANKS, Act.UNCLEAR, Act.YES, Act.NO, Act.HELP, Act.INSULT}
)
_ASKS = frozenset({Act.SEARCH, Act.CHANGE, Act.PLAN, Act.MORE, Act.ABOUT_ME})
_NEEDS_WISH_BEFORE = frozenset({Act.CHANGE, Act.MORE})
_NEEDS_SHOWN = frozenset({Act.DETAILS, Act.COMPARE})
_CERTAIN = 0.8


def act_of(chances: Mapping[str, float], heard: Heard, standing: Standing, message: Message) -> Act:
    """The likeliest act that makes sense here."""
    possible = {
        Act(name): chance
        for name, chance in chances.items()
        if _makes_sense(Act(name), heard, standing)
    }

    def best(among: frozenset[Act] | None = None, *, without: frozenset[Act] = frozenset()) -> Act:
        acts = [act for act in possible if act not in without and (among is None or act in among)]
        return max(acts, key=lambda act: possible[act])

    act = best()
    if act in _SMALL_TALK and heard.has_theme and possible[act] < _CERTAIN and len(message) > 2:
        act = best(without=_SMALL_TALK)
    if (
        standing.has_wish
        and (heard.has_day or heard.has_where)
        and _TURNS_DOWN.search(message.text)
    ):
        return Act.CHANGE
    if act is Act.GREETING and heard.has_where and len(message) <= _GREETING_WORDS:
        return Act.CHANGE if standing.has_wish else Act.SEARCH  # « slt marseille »
    told = next((rule.act for rule in _RULES if rule.holds(act, heard, standing, message)), None)
    if told is not None:
        return told
    if act in _WISHES and heard.has_theme and (_is_a_sequence(message) or _is_a_programme(message)):
        return Act.PLAN
    if act in _NEEDS_SHOWN and _WANTS_SOMETHING.search(message.line):
        act = best(_ASKS)
    if act in _ASKS:
        if heard.is_abroad:
            return Act.ABROAD
        if heard.is_nowhere:
            return Act.UNKNOWN_PLACE
    goes_on = _GOES_ON.match(message.line) is not None
    goes_on = goes_on or heard.is_anchored
    if act is Act.SEARCH and standing.has_wish and (goes_on or not _is_whole(heard)):
        return Act.CHANGE
    return act


_GREETING_WORDS = 4
_THEN = frozenset("puis ensuite then".split())


def _is_a_sequence(message: Message) -> bool:
    """« une expo puis un concert »: kinds of event one after the other."""
    kinds = [at for at in range(len(message)) if names_a_kind(message.norm(at))]
    return any(
        message.norm(at) in _THEN and kinds and kinds[0] < at < kinds[-1]
        for at in range(len(message))
    )


_WHOLES = frozenset("journee soiree programme day evening planning".split())
_PARTS_SAID = frozenset("matin midi apresmidi aprem soir morning afternoon evening".split())


def _is_a_programme(message: Message) -> bool:
    """« une journée à Lyon : musée, resto, concert », « expo le matin, concert le soir »: several kinds of event, of one outing or at their hours."""
    words = [message.norm(at) for at in range(len(message))]
    kinds = {word for word in words if word in category_of_word() or word in ("musee", "expo")}
    parts = {word for word in words if word in _PARTS_SAID}
    is_whole = bool(_WHOLES.intersection(words)) and ":" in message.text
    return len(kinds) > 1 and (len(parts) > 1 or is_whole)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that tell an act for certain: `says` among the words of a message that would else be one of `instead_of`."""

    act: Act
    instead_of: frozenset[Act]
    says: re.Pattern[str]
    holds_for: Callable[[Heard, Standing], bool] = lambda *_: True
    longest: int = 1_000  # words

    def holds(self, act: Act, heard: Heard, standing: Standing, message: Message) -> bool:
        return (
            act in self.instead_of
            and len(message) <= self.longest
            and self.holds_for(heard, standing)
            and self.says.search(message.line) is not None
        )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


_WISHES = frozenset({Act.SEARCH, Act.CHANGE, Act.MORE})
_NO_WISH = frozenset({Act.UNCLEAR, Act.OUT_OF_SCOPE, Act.GREETING, Act.HELP})
_DAY = r"demain|apres demain|aujourd hui|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|weekend|tomorrow|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}\\S*"
_OF_AN_EVENT = (  # what is asked of one event rather than sought
    "places?|parking|reductions?|tarifs?|toilettes|entracte|metro|bus|tram|buvette|restauration|vestiaires?|ascenseur|dates?|seances?|billets?|tickets?|moyen|age|"
    "seats?|parking|discounts?|tickets?|foule|monde|besoin|risque"
)
_RULES: tuple[_Rule, ...] = (
    _Rule(  # a number to call must not hang on a model
        Act.DISTRESS,
        frozenset(Act) - {Act.DISTRESS},
        _words(
            r"(?:je (?:veux|voudrais|vais|souhaite)|j ai (?:envie|decide) (?:de |d )?|envie (?:de |d ))\s?(?:mourir|en finir|me (?:tuer|suicider|pendre|jeter|foutre en l air))(?! de (?:rire|faim|soif|chaud|honte))"
            r"|(?:plus|pas) (?:du tout )?envie (?:de vivre|d etre (?:la|en vie))|(?:veux|voudrais) plus (?:vivre|etre la)|pensees suicidaires|(?:want|going|wanna) to (?:die|kill myself|end (?:it all|my life))|wanna die|kill myself|killing myself"
            r"|suicidal thoughts|(?:i am|i m|im|feel|feeling) suicidal|(?:no reason|no point|nothing left) (?:to live|in living|to live for)|(?:don t|do not|no longer|not) (?:really )?want to (?:live|be alive|be here anymore|wake up)"
        ),
        longest=40,
    ),
    _Rule(
        Act.CHANGE,
        frozenset({Act.CANNOT, Act.PLAN, Act.DETAILS, Act.UNCLEAR}),
        _words(
            r"(?:prend[sz]?|prenez|prenons|garde[rsz]?|gardons|met[sz]?|mettez|take|keep)(?: moi| nous)? (?:les 2|both)(?! (?:billets?|places?|tickets?|seats?))"
        ),
        lambda heard, standing: (
            standing.has_wish and not standing.has_plan and (heard.has_day or heard.has_where)
        ),
    ),
    _Rule(  # the way to what was shown
        Act.DETAILS,
        _WISHES,
        _words(
            r"(?:pour|comment(?: on| je| nous)?|on|peut on) (?:s )?y (?:aller|rendre|va|vais|va t on|accede)(?: (?:en|a|par|avec|depuis|sans|comment) .*)?|comment (?:y aller|s y rendre|venir)|(?:how (?:do|can|could) (?:i|we|you) get there|getting there)(?: .*)?"
        ),
        lambda heard, standing: standing.has_shown and not heard.has_day and not heard.has_theme,
    ),
    _Rule(
        Act.OUT_OF_SCOPE,
        _WISHES | {Act.CANNOT, Act.PLAN, Act.UNCLEAR},
        re.compile(
            r"^(?:(?:salut|bonjour|hello|hi|stp|tu peux|peux tu|can you|please) )*(?:ecri[st]|ecrivez|ecrire|redige[rz]?|write|fai[st]|faire|faites|resume[rz]?|traduis|traduire|corrige[rz]?|aide moi (?:a (?:faire|ecrire|rediger) )?)(?: (?:moi|nous|me|us|pour moi))? ?"
            r"(?:un|une|mon|ma|mes|le|la|les|l|an|a|my|ton|ce|cet|cette|some|this|the) (?:petit |petite |short )?(?:exposes?|dissertations?|redactions?|devoirs?|essays?|memoire|commentaire|fiche de lecture|cv|discours|rapport|exercices?|homework|cover letter|lettre de motivation|poemes?|poems?)(?!\S)"
        ),
    ),
    _Rule(
        Act.PLAN,
        _WISHES | {Act.DETAILS, Act.UNCLEAR, Act.NO},
        _words(
            r"r?ajoute[rzs]?|rajoute[rzs]?|add|remplace[rzs]?|remplacons|replace|swap|echange[rzs]?|enleve[rzs]?|enlevons|retire[rzs]?|supprime[rzs]?|vire[rzs]?|remove|take out|inverse[rzs]?|decale[rzs]?"
            r"|change[rzs]? (?:la|le|les) (?:1er|1ere|premiere?|2e|3e|deuxieme|troisieme|derniere?|etape)|plutot que ce\S*|pas l autre|not the other|au lieu d[eu]|instead of|a la place d[eu]|recap(?:itule[rzs]?|itulatif)?"
        ),
        lambda heard, standing: standing.has_plan and not heard.drops,
    ),
    _Rule(
        Act.PLAN,
        _WISHES | {Act.CANNOT, Act.DETAILS},
        _words(
            r"(?:met[sz]?|mettre|mettez)(?: la| le| les| ca)? dans (?:un|le|mon|notre) (?:plan|programme|planning)|put (?:it|that|them) in (?:a|the|my) plan"
        ),
    ),
    _Rule(
        Act.PLAN,
        _WISHES,
        _words(
            r"(?:batir|batis|construi\S+|compos\S+|prepar\S+|fais|faire|organis\S+|concoct\S+|planifi\S+|build|make|plan)(?: moi| nous| me| us)?(?: un| une| a| my| our| notre| mon| ma)?(?: petite?| vraie?)? (?:programme|planning|itineraire|parcours|journee|soiree|weekend|plan|day|evening|itinerary|weekend)"
        ),
    ),
    _Rule(
        Act.YES,
        _WISHES | _NO_WISH | {Act.THANKS},
        re.compile(
            r"^(?:(?:ok|okay|ah|bon|ben|eh|et|bah|oh|alors|well|euh) )*(?:oui|ouais|ouep|yes|yep|yeah|sure|volontiers|d accord|vas y|allez|allons y|go|carrement|avec plaisir|banco|please do|why not|pourquoi pas|si si|je veux bien|ok (?:vas y|montre|fais|go|show|do|pour)|okay (?:show|do))(?!\S)(?!.*(?<!\S)(?:merci|thanks|thank)(?!\S))"
        ),
        lambda heard, standing: standing.has_wish and not heard.has_wish,
        longest=9,
    ),
    _Rule(
        Act.CANNOT,
        _WISHES
        | {
            Act.DETAILS,
            Act.OUT_OF_SCOPE,
            Act.COMPARE,
            Act.THANKS,
            Act.HELP,
            Act.GREETING,
            Act.UNCLEAR,
        },
        re.compile(
            r"(?<!\S)(?:tu peux|peux tu|tu me|tu nous|vous pouvez|pouvez vous|pourriez vous|pourrais tu|tu pourrais|vous pourriez|can you|could you|would you)(?: me| m| nous| les| l| la| le| lui| leur| en| please| just)* "
            r"(?:(?:appel|telephon|reserv|envoy|pay|achet|command|inscri|contact|book|buy|send|e ?mail|call)|(?:prend|bloqu|mett|garde|retien|get|grab|hold|sign)\S*(?: (?:me|us|up|moi|nous|les|des|deux|\d+|2|the|some|a|une?|in|for|the))* ?(?:billets?|places?|tickets?|seats?|option|table|cote|up)(?!\S))"
        ),
    ),
    _Rule(
        Act.OUT_OF_SCOPE,
        _WISHES | _NEEDS_SHOWN,
        _words(
            r"(?:(?:where|how) (?:can|could|do) (?:we|i|you|one) |to )(?:rent|hire) (?:a |an |some )?(?:car|bikes?|bicycles?|scooter|van|skis?|boat|motorbike)s?|(?:car|bike|ski) (?:rental|hire)|"
            r"(?:ou )?(?:peut on |on peut |je peux |puis je )?(?:louer|location (?:de|d)) (?:une |un |des |de )?(?:voitures?|velos?|trottinettes?|skis?|scooters?|camionnettes?|bateaux?)|"
            r"(?:where (?:can|could|do) (?:we|i)|ou (?:peut on|on peut|puis je|je peux|est ce qu on peut)) (?:sleep|stay|dormir|loger|coucher)|on (?:dort|loge) ou"
        ),
        longest=12,
    ),
    _Rule(
        Act.OUT_OF_SCOPE,
        _WISHES | _NEEDS_SHOWN,
        re.compile(
            r"^(?:(?:et|and|bonjour|hello|hi|je|on|nous|cherche|cherchons|is|there|are|y|a|t|il|do|you|know|connais|connaissez|tu|vous|aussi|also|sinon) )*"
            r"(?:an?|un|une|any|des|good|cheap|bon|petit) (?:(?:good|cheap|bon|petit) )?(?:hotels?|hostels?|auberge|airbnb|gite|pharmacy|pharmacie|supermarche|supermarket|atm|distributeur|station service|gas station)(?!\S)"
        ),
        longest=12,
    ),
    _Rule(
        Act.MORE,
        _WISHES | {Act.UNCLEAR},
        _words(r"autre chose|something else|autres? idees?"),
        lambda heard, standing: standing.has_wish and not heard.has_wish,
        longest=6,
    ),
    _Rule(
        Act.COMPARE,
        _WISHES | {Act.DETAILS, Act.UNCLEAR, Act.OUT_OF_SCOPE},
        _words(
            r"(?:la |the )?differences?|compare[rz]?|comparaison|entre (?:la|le|les) \S+ et (?:la|le|les) \S+ (?:laquelle|lequel|tu|on|c est|vous|quoi)|(?:laquelle|lequel) (?:est|serait|c est|vaut|irait|convient|conviendrait|tu|me|nous)(?: le| la)? (?:mieux|meilleure?|plus|conseille\S*|prendrais|choisirais)"
        ),
        lambda _, standing: standing.has_shown,
    ),
    _Rule(
        Act.CHANGE,
        frozenset({Act.CANNOT}),
        _words(
            r"annule[rzs]?|supprime[rzs]?|enleve[rzs]?|retire[rzs]?|oublie[rzs]?|drop|cancel|forget"
        ),
        lambda heard, standing: standing.has_wish and heard.drops,
    ),
    _Rule(
        Act.CHANGE,
        _NEEDS_SHOWN,
        _words(r"il (?:me |nous |lui )?(?:faut|faudrait)|besoin d\S*|needs?|we need|i need"),
        lambda heard, standing: standing.has_wish and heard.has_filter,
    ),
    _Rule(  # « merci mais je n'ai rien compris, recommence avec que dimanche »
        Act.CHANGE,
        _NO_WISH | {Act.THANKS, Act.NO},
        _words(r"mais|but|recommence[rzs]?|refais|redo|plutot|rather|instead"),
        lambda heard, standing: (
            standing.has_wish and (heard.has_day or heard.has_where or heard.has_filter)
        ),
    ),
    _Rule(
        Act.THANKS,
        _NO_WISH,
        _words(
            r"merci\S*|thanks|thank you|bonne (?:soiree|journee|nuit|annee|fin d\S+|continuation|semaine)|bon (?:weekend|apresmidi|dimanche)|joyeuses fetes|a bientot|a plus|au revoir|bye|goodbye|good night|have a (?:nice|good|great) \S+"
        ),
        lambda heard, standing: standing.has_wish and not heard.has_theme,
    ),
    _Rule(
        Act.CHANGE,
        frozenset(
            {Act.THANKS, Act.GREETING, Act.RESET, Act.NO, Act.INSULT, Act.UNCLEAR, Act.CANNOT}
        ),
        _words(
            r"recommence[rz]?|recommencons|refai[st]|refaire|relance[rz]?|reessaie[sz]?|essaie[sz]?|try again|redo|start over|start again|(?:et|and|mais|but|sinon|plutot) (?:plutot )?(?:pour |le |la |on |ce |cet |cette |a |au |en |avec |in |for )?\S+|(?:que|seulement|uniquement|juste|only) (?:le |la |on )?\S+"
        ),
        lambda heard, standing: (
            standing.has_wish
            and (heard.has_day or heard.has_where or heard.has_filter or heard.has_theme)
        ),
    ),
    _Rule(
        Act.CHANGE,
        _NEEDS_SHOWN,
        re.compile(
            rf"^(?:et|and|ou|sinon|plutot) (?:pour |le |on |ce |cet )?(?:{_DAY})(?!\S)(?!.*(?<!\S)(?:c est|il est|elle est|ca|is it|ouvert|ouverte|open)(?!\S))"
        ),
        lambda heard, standing: standing.has_wish and heard.has_day,
    ),
    _Rule(
        Act.CHANGE,
        _NEEDS_SHOWN,
        re.compile(
            rf"(?<!\S)(?:(?:il )?y a (?:t il )?(?:pas |aussi |encore )?(?:du|de la|de l|des|un|une|quoi)|on peut faire quoi|que (?:peut on |pouvons nous )?faire|quoi faire|is there (?:a|an|any)|are there any|somewhere to|any)(?!\S)(?! (?:{_OF_AN_EVENT})(?!\S))"
        ),
        lambda heard, standing: (
            standing.has_wish and (heard.has_filter or heard.has_day or heard.has_theme)
        ),
    ),
    _Rule(
        Act.DETAILS,
        _WISHES | {Act.INSULT, Act.UNCLEAR, Act.ABOUT_ME},
        re.compile(
            r"(?<!\S)(?:c est|ca|is it|it s|does it|elle est|il est|ca commence|ca finit|ca dure)(?: a)? (?:payante?|gratuite?|combien|ou|quelle heure|quel (?:jour|prix|tarif|endroit|age|metro)|quelle (?:adresse|salle|heure)|quand|accessible|complet|complete|par qui|avec qui|free|start|cost|last|end|coute combien|dure combien)(?!\S)(?! (?:que|pour|de preference|ou|uniquement)(?!\S))"
        ),
        lambda _, standing: standing.has_shown,
    ),
)
_GOES_ON = re.compile(
    r"(?:et|and|ou|or|sinon|plutot|rather|finalement|mais|but|non|no|what about|how about)(?!\S)(?! nouvelle)"
)
_WANTS_SOMETHING = re.compile(
    r"^(?:et |ou |and |or |sinon |plutot )?(?:quelque chose|something|anything|un truc|des trucs|quelqu un)(?!\S)"
)
_TURNS_DOWN = re.compile(
    r"(?:c['’ ]?est|it['’ ]?s|tout est|all) +(?:d[eé]j[aà] +)?(?:complete?t?|compl[eè]te?t?|ferm[eé]e?|trop \w+|mort|pris|passe?[eé]|sold out|full|closed|too \w+)[^.;,!?]*[.;,!]\s*\S",
    re.IGNORECASE,
)
"""« c'est complet partout, élargis à 40 km »: a statement, and then what is wanted instead."""
_DESCRIBES = re.compile(
    r"^(?:et |ou |and |or |sinon |plutot )?(?:quelque chose|something|anything|un truc|des trucs) (?:ou|where|qui|that|about|autour|a propos)(?!\S)"
)


def _makes_sense(act: Act, heard: Heard, standing: Standing) -> bool:
    if act in _NEEDS_WISH_BEFORE:
        return standing.has_wish
    if act in _NEEDS_SHOWN:
        return standing.has_shown or standing.has_wish
    if act is Act.ABOUT_ME:
        return standing.has_wish or not heard.has_theme
    return True


def _is_whole(heard: Heard) -> bool:
    """A request of its own: its theme, and its place or date."""
    return heard.has_theme and (heard.has_where or heard.has_day)


_ASKS_ANEW = re.compile(
    r"(?<!\S)(?:nouvelle recherche|rien a voir|new search|something else entirely|autre sujet|on recommence|change(?:ons)? de sujet)(?!\S)"
)


def wants_something(message: Message) -> bool:
    """« quelque chose où l'on voit fabriquer une chaussure »: what follows is the theme."""
    return _DESCRIBES.search(message.line) is not None


_SOMETHING_ELSE = re.compile(
    r"(?<!\S)(?<!par )(?<!pour )(?<!avec )(?:autre chose|something else)(?!\S)(?! qu)"
)


def asks_something_else(message: Message) -> bool:
    """« autre chose : un concert »: another theme, there and then."""
    return _SOMETHING_ELSE.search(message.line) is not None


_GENERALLY = re.compile(
    r"(?<!\S)(?:que faire|quoi faire|que (?:peut on|pouvons nous|puis je) (?:y )?faire|qu est ce qu (?:on|il) (?:peut faire|y a)|what s on|what to do|what can (?:we|i|one) do)(?!\S)"
)


def asks_generally(message: Message) -> bool:
    """« que faire à Lille ? » asks for anything."""
    return _GENERALLY.search(message.line) is not None


def asks_anew(message: Message) -> bool:
    """« autre chose : … », « nouvelle recherche »."""
    return _ASKS_ANEW.search(message.line) is not None
