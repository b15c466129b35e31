"""What must be so: accessibility, online or on site, indoors or outdoors, the spoken language, how long it lasts, how many answers, in which order. Pure.

Words that records also say (« en plein air », « en langue des signes ») are kept in the theme as well. Enter at `needs_of`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from puls.catalogue.event import Accessibility
from puls.language.lexicon import LANGUAGE_OF
from puls.understanding.message import Message, WordRange
from puls.understanding.wish import Order

NeedField = Literal[
    "accessibility",
    "online",
    "setting",
    "spoken_language",
    "max_minutes",
    "number_wanted",
    "order",
    "categories",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A value for a field of the wish (None asks for nothing), between two words of the message, the last included; `is_kept`: the words are theme as well."""

    first: int
    last: int
    field: NeedField
    value: Any
    is_kept: bool = False


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)")


# Accessibility

_ACCESSIBILITY: tuple[tuple[Accessibility | None, re.Pattern[str]], ...] = (
    (
        None,  # told of somebody; no event says whether it suits
        _words(
            r"(?:(?:en|avec (?:des|ses|mes)|on|with) )?(?:bequilles|crutches)|(?:marche|marchent|marcher|se deplace|se deplacent|me deplace|marchons) (?:(?:tres |assez |plutot |vraiment )?mal|difficilement|avec une canne|plus (?:beaucoup|tres bien|bien|trop))|"
            r"(?:du|trop de|beaucoup de) mal a (?:marcher|se deplacer|me deplacer|monter)|(?:sans|pas|pouvoir|peut pas|peux pas) (?:trop|beaucoup|longtemps) (?:de )?marcher|(?:can t|cannot|doesn t|don t) walk (?:much|far|well|a lot|long)|"
            r"(?:uses?|with|has) a (?:walker|rollator|cane|walking stick)|(?:la jambe|le pied|jambe|pied) (?:dans le|en) platre|(?:a|avec) un platre"
        ),
    ),
    (
        Accessibility.MOTOR,
        _words(
            r"(?:l |acces(?:sibles?|sibilite)? |adaptee?s? |adapte (?:aux? )?)?pmr|(?:accessibles? |adaptee?s? )?(?:(?:en|aux?|un|son|mon|ma|sa|a un|in a|a|avec un) )*fauteuils? roulants?|(?:accessibles? )?(?:en|son|mon|ma|a|sa) fauteuil(?! (?:d|club|crapaud|rouge|orchestre|voltaire)(?!\S))|(?:avec|amene|amenons|emmene) (?:un|son|mon|notre) fauteuil|"
            r"(?:a )?mobilite reduite|wheelchairs?(?: accessible| access| user| users| friendly)?|handicap(?:ee?s?)? moteur|rollstuhl\w*|step free(?: access)?|silla de ruedas|sedia a rotelle|rolstoel\w*|"
            r"handi ?accessibles?|sans (?:marches?|escaliers?)(?: ni (?:paves|marches?|escaliers?))*|deambulateur|joelettes?|no (?:stairs|steps)|without (?:stairs|steps)|mobility (?:scooter|impaired|issues)|(?:plan|acces) incline|rampe d acces|de plain pied|ascenseur|lift access|walking frame|"
            r"ne (?:peut|peux) pas (?:monter|marcher)(?! (?:longtemps|beaucoup|trop|loin))|paraplegique|tetraplegique|accessibles? (?:aux|pour les) (?:personnes )?(?:handicapee?s?|(?:a )?mobilite reduite|fauteuils?(?: roulants?)?)|accessibles?(?= (?:a|au|en|samedi|dimanche|demain|ce|cet|cette|le|in|on|this|for)(?! (?:tous|toutes|partir|pied|velo|trottinette|train|tgv|ter|rer|bus|car|tram|tramway|metro|voiture|transports?|avion|bateau|navette|scooter|moto|bike|foot|public)(?!\S))(?!\S)|$)"
        ),
    ),
    (
        Accessibility.HEARING,
        _words(
            r"mal ?entendante?s?|sourde?s?(?: (?:et|ou) mal ?entendante?s?)?|surdite|deaf|hard of hearing|hearing impaired|hearing (?:loop|aids?)|induction loop|lsf|bsl|(?:en |interprete (?:en )?|traduit en |traduite en )?langue des signes(?: francaise)?|langage des signes|sign language|"
            r"boucle (?:magnetique|a induction|auditive)|appareils? auditifs?|(?:appareille?e?s?)(?= (?:des|auditif))|gehorlos\w*|chansigne\w*|gebardensprache|sous titree?s?(?= (?:pour|aux) (?:les )?(?:sourds|malentendants))|n entend(?:s|ent)? (?:presque |quasiment |vraiment )?(?:pas|plus|rien|mal)(?: (?:tres |trop )?bien| grand chose)?(?! (?:parler|payer|bouger|rater|manquer|rester)(?!\S))|entend(?:s|ent)? (?:tres |assez |vraiment |plutot |hyper |super |si )?mal|entend(?:s|ent)? (?:presque |quasiment |plus )(?:plus|rien|pas|tres bien|bien)|dure?s? d oreille|presbyacousi\w+|(?:can t|cannot|doesn t|don t|can barely|hardly) hear(?: (?:very )?(?:well|much|anything))?|hearing loss|signe(?= en lsf)|handicap auditif|captioned|subtitles for the deaf|cued speech|lpc"
        ),
    ),
    (
        Accessibility.VISUAL,
        _words(
            r"mal ?voyante?s?|non voyante?s?|aveugles?|visually impaired|blind(?! (?:tests?|dates?))|partially sighted|audio ?descriptions?|audio ?decrite?s?|audio described|braille|deficien(?:ce|te?s?) visuel(?:le)?s?|handicap visuel|"
            r"visites? tactiles?(?= (?:pour|adaptee?s?))|(?:ne |n y |y )voi(?:t|s|ent) (?:presque |quasiment )?(?:pas|plus|rien|tres mal|mal|goutte)(?: (?:tres |trop )?bien| grand chose)?|voi(?:t|ent) (?:tres |assez |vraiment |plutot |hyper )?mal|voi(?:t|ent) presque (?:plus|rien|pas)|(?:can t|cannot|can barely|hardly) see (?:very )?(?:well|much|anything)|mal voyant|guide dog|chien guide"
        ),
    ),
    (
        Accessibility.INTELLECTUAL,
        _words(
            r"handicap mental|deficien(?:ce|te?s?) intellectuel(?:le)?s?|falc|facile a lire et a comprendre|trisomi\w+|intellectual disabilit\w+|learning disabilit\w+|down s syndrome|handicap intellectuel|deficient mental"
        ),
    ),
    (
        Accessibility.PSYCHIC,
        _words(
            r"handicap psychique|troubles psychiques|autis(?:tes?|me?|tic)|relaxed performances?|seances? relax|tdah|cine ma difference|spectacles? relax|schizophren\w+|bipolaire|sensory friendly"
        ),
    ),
)
_KEPT_ACCESS = re.compile(
    r"^(?!interpret).*(?:signes|sign language|lsf|audio|braille|relax|tactile|chansign|sous titr)"
)
_TOLD_OF_SOMEBODY = re.compile(r"autis|tdah|schizophren|bipolaire")
_ASKED_FOR = re.compile(
    r"(?<!\S)(?:accessibilites?|accessibles?|adaptee?s?|amenagee?s?|pour|aux?|for|with|seances?|handicap|public)(?: (?:aux?|les|des|personnes|enfants?|un|une|public|children|people|with|an|a|kids|et|ou|adultes))* $"
)
"""« mon fils est autiste » tells of somebody; « séance adaptée aux enfants autistes » asks for it."""
_LISTED = _words(r"accessibilites?|accessibility")

# Online or on site

_ON_SITE = _words(
    r"en presentiel|presentiel|(?:surtout |pas |rien |et pas |non )*(?:pas|rien) (?:en ligne|en visio|sur zoom|a distance)|in person|not online|en vrai|pas de visio|vor ort|pas de webinaires?|nothing online|sur place uniquement|no zoom|en chair et en os|irl|face to face|no webinars?"
)
_ONLINE = _words(
    r"en ligne|(?:en |par )?visio(?:conference)?s?|visioconferences?|en distanciel|distanciel|a distance|webinaires?|webinars?|en streaming|livestream(?:ed)?|live stream|online|remotely|(?:sur|par|via|on) (?:zoom|teams|internet)|depuis (?:chez (?:moi|nous)|mon canape|la maison|mon salon)|"
    r"from (?:home|my couch|my sofa)|en virtuel|virtual(?:ly)?|sans sortir de chez (?:moi|nous)|sur internet|en direct sur (?:internet|le web|youtube)"
)
_NOT_ONLINE_BEFORE = re.compile(
    r"(?:vendre|vente|vendeurs?|acheter|jeux?|presence|commander|billets?|reserver|billetterie|harcelement|reservation|inscription|s inscrire|tenir|booked?|book|tickets|jouer|rencontres?|garder|mettre|se tenir|vu|lu|trouve) $"
)

# Setting

_OUTDOORS = _words(
    r"(?:en |de )?plein air|en exterieur|a l exterieur(?! (?:de|du|d)(?!\S))|dehors(?! (?:de|du|d|des)(?!\S))|au grand air|a ciel ouvert|outdoors?|open air|al fresco|outside(?! (?:of|the)(?!\S))|sous les etoiles|a la belle etoile|en terrasse|im freien|al aire libre"
)
_INDOORS = _words(
    r"(?:bien )?(?:a l abri|au sec|au chaud|en interieur|en indoor|indoors|indoor|a l interieur(?! (?:de|du|d)(?!\S))|sous abri|couverte?)(?: (?:de la pluie|du froid|du vent))?(?: (?:s il|si il|quand il|car il|parce qu il) (?:pleut|fait froid))?",
    r"(?:s il|si il|quand il|comme il|vu qu il|car il|puisqu il|il va|il devrait|au cas ou il|meme s il) (?:pleut|fait froid|neige|pleuvoir|pleuvait)|si ca (?:pleut|caille)|(?:en cas de|par temps de|jour de|a cause de la) pluie",
    r"(?:if|when|because|since) it (?:rains|s raining|is raining|s cold)|(?:on|for) a rainy (?:day|afternoon|evening)|out of the rain|rainy day|drinnen",
)

# Spoken language

_LANGUAGE_WORDS = "|".join(sorted(LANGUAGE_OF, key=len, reverse=True))
# “in French restaurants” speaks of restaurants: a language ends its phrase.
_PHRASE_ENDS = r"(?= (?:in|at|on|for|near|around|this|next|tonight|tomorrow|today|with|under|and|or|please|only|if|mon|tues|wednes|thurs|fri|satur|sun|a)[a-z]*(?: |$)|$)"
_LANGUAGE = re.compile(
    rf"(?<!\S)(?<!sous titre )(?<!sous titree )(?:en (?:langue |version |vo |v o )?(?P<fr>{_LANGUAGE_WORDS})(?!\S)|in (?P<en>{_LANGUAGE_WORDS}){_PHRASE_ENDS}"
    rf"|(?P<speaking>{_LANGUAGE_WORDS}) (?:speaking|language)(?!\S)|(?:guide|visite|public) (?P<phone>anglophones?)(?!\S))"
)

# Duration

_LASTING = (
    r"(?:(?P<{0}clock>\d{{1,2}})h(?P<{0}rest>\d{{2}})?|(?P<{0}half>(?:une )?demi heure|half an hour)|(?P<{0}quarter>un quart d heure)|(?P<{0}one>une|an|one|1) (?:heure|hour)(?P<{0}and_half> et demie?)?|"
    r"(?P<{0}number>\d{{1,3}}) ?(?P<{0}unit>hours?|hrs?|min|mn|minutes?))"
)
_NOT_A_JOURNEY = (
    r"(?! (?:(?:de|d|du|des) (?!spectacle|visite|film|concert|atelier)|(?:en|by) (?:voiture|train|bus|metro|velo|transports?|tram|car|bike)|a (?:pied|velo)|from|walk|walking|drive|away|"
    r"autour|around|avant|before|apres|after|ago|plus tard|later))(?!\S)"
)
_AT_MOST = r"(?:(?:qui |that |which )?(?:ne )?(?:dure(?:nt)?|durant|lasts?|lasting|d une duree|duree)(?: pas)?(?: de)? )?(?:(?:de )?moins (?:de|d)|(?:de )?pas plus (?:de|d)|plus (?:de|d)|max(?:imum)?|au plus|(?:of )?less than|(?:of )?under|no (?:longer|more) than|at most) "
_NOT_A_MOMENT = "".join(
    rf"(?<!(?<!\S){word} )" for word in ("a", "dans", "ici", "in", "within", "vers", "depuis")
)
_DURATION = re.compile(
    rf"(?<!\S){_NOT_A_MOMENT}(?:(?P<most>{_AT_MOST}){_LASTING.format('a_')}(?: (?:max(?:imum)?|maxi))?|(?:(?:de|d) )?{_LASTING.format('b_')} (?:grand )?(?:max(?:imum)?|maxi|au plus|au maximum|ou moins|or less|tops|at most)"
    r"|(?:(?:j ai|on a|nous avons|il (?:me|nous) reste|i have|we have) )?(?:juste |seulement |que |only |just )?"
    rf"{_LASTING.format('c_')} (?:devant (?:moi|nous|soi)|a (?:tuer|perdre|occuper)|de libre|to kill|to spare|free)){_NOT_A_JOURNEY}"
)
_MOST_WORDS = frozenset("max maxi maximum".split())
_LONGEST_MINUTES = 8 * 60  # « 23h max » is a time of day

# How many answers

_ANSWERS = r"(?:idees?|suggestions?|propositions?|options?|choix|recommandations?|resultats?|reponses?|evenements?|sorties?|activites?|pistes?|ideas?|results?|events?|choices|picks|trucs?|things)"
_N = r"(?P<number>\d{1,3})"
_NUMBER_WANTED = (
    re.compile(
        r"(?<!\S)(?:le |un |the |mon )?top (?P<number>\d{1,2})(?: (?:des|de|d|of)(?: the)?)?(?!\S)"
    ),
    re.compile(
        r"(?<!\S)(?:les|the) (?P<number>\d{1,2})(?= (?:plus|moins|most|least|nearest|closest|cheapest)(?!\S))"
    ),
    re.compile(
        rf"(?<!\S)(?:juste |seulement |just |only |rien qu )?(?:(?:une?|one) (?:seule?|single)|(?:juste|seulement|just|only) (?:une?|one)) {_ANSWERS}(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:(?:juste|seulement|just|only|les|the) )?{_N} (?:autres |other |more )?(?:petites? |bonnes? |good )?{_ANSWERS}(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:donne|propose|montre|trouve|suggere|cite|conseille|recommande|give|show|find)[rz]?(?: m en| moi| nous| me| us| moi en| nous en) {_N}(?: (?:autres?|others?|more))?(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:les |the )?{_N}(?= (?:plus (?:proches|pres)|moins chere?s?|meilleure?s?|nearest|closest|cheapest|best)(?!\S))"
    ),
    re.compile(
        rf"(?:^|(?<!\S)(?:cherche|recherche|voudrais|veux|voulons|aimerais|want|need) ){_N}(?= (?:concerts|spectacles|expos|expositions|ateliers|festivals|pieces|visites|balades|films|exhibitions|shows|workshops|plays|tours)(?!\S))"
    ),
)
_MOST_WANTED = 50  # what one search gives at most

# Order

_ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    (
        "nearest",
        _words(
            r"(?:(?:le|la|les|du|au|c est quoi le|quel est le) |(?<=\d ))plus (?:pres|proches?)(?: possible)?(?: d abord| de (?:moi|nous|chez moi|chez nous|la))?(?! (?:de|du|d|des) (?!moi|nous|chez))",
            r"(?:the )?(?:closest|nearest)(?: one)?(?: first)?(?! to)|triee?s? par distance|par distance",
        ),
    ),
    (
        "cheapest",
        _words(
            r"(?:c est |un peu |beaucoup )?trop cher(?:e|s|es)?|too expensive|(?:le |la |les |au )?(?:\d+ )?moins ch(?:er|ere|ers|eres)(?: possible)?(?: d abord)?|(?:the )?cheapest(?: one)?(?: first)?|(?:something )?cheaper|triee?s? par prix|par prix",
        ),
    ),
    (
        "soonest",
        _words(
            r"(?:le|la) plus tot(?: possible)?(?! (?:dans|que|le|l|en|a)(?!\S))|plus tot possible|au plus vite|des que possible|(?:the )?soonest|asap|par ordre chronologique|triee?s? par date|par date|(?:le|la|les) prochaine?s?(?= (?:concerts?|spectacles?|expos?|dates?|seances?))"
        ),
    ),
)


def needs_of(message: Message) -> list[Need]:
    """Every need, in reading order; none shares a word with another."""
    found: list[Need] = []
    for read in _READERS:
        found += read(message)
    kept: list[Need] = []
    for each in sorted(found, key=lambda one: (one.first, -one.last)):
        if not kept or each.first > kept[-1].last:
            kept.append(each)
    return kept


def _each(message: Message, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], WordRange]]:
    for match in pattern.finditer(message.line):
        first, last = message.word_range(match.start(), match.end())
        yield match, WordRange(first=first, last=last)


def _accessibility(message: Message) -> Iterator[Need]:
    for match, _ in _each(
        message, _LISTED
    ):  # « accessibilité : fauteuil roulant, malvoyants » is a list of needs
        first, last = message.word_range(match.start(), match.end())
        yield Need(first=first, last=last, field="accessibility", value=None)
    for code, pattern in _ACCESSIBILITY:
        for match, place in _each(message, pattern):
            before = message.line[: match.start()]
            is_asked = _ASKED_FOR.search(before) or _LISTED.search(before)
            is_told = _TOLD_OF_SOMEBODY.match(match[0]) and not is_asked
            yield Need(
                **place,
                field="accessibility",
                value=None if is_told else code,
                is_kept=bool(_KEPT_ACCESS.match(match[0])),
            )


def _online(message: Message) -> Iterator[Need]:
    for _, place in _each(message, _ON_SITE):
        yield Need(**place, field="online", value=False)
    for match, place in _each(message, _ONLINE):
        if not _NOT_ONLINE_BEFORE.search(message.line[: match.start()]):
            yield Need(**place, field="online", value=True, is_kept=match[0].startswith("web"))


def _setting(message: Message) -> Iterator[Need]:
    for match, place in _each(message, _INDOORS):
        yield Need(
            **place,
            field="setting",
            value="indoor",
            is_kept=match[0] in ("indoor", "couvert", "couverte"),
        )
    for _, place in _each(message, _OUTDOORS):
        yield Need(**place, field="setting", value="outdoor", is_kept=True)


def _language(message: Message) -> Iterator[Need]:
    for match, place in _each(message, _LANGUAGE):
        yield Need(
            **place,
            field="spoken_language",
            value=LANGUAGE_OF[match[match.lastgroup or 0]],
            is_kept=True,
        )


def _duration(message: Message) -> Iterator[Need]:
    for match, place in _each(message, _DURATION):
        said = {
            name[2:]: value for name, value in match.groupdict().items() if value and name != "most"
        }
        minutes = _minutes(said)
        first, last = place["first"], place["last"]
        if message.norm(first) in _MOST_WORDS and message.has_pause_after(first):
            first += 1  # « 10 € maximum, 45 minutes »
        is_hour_of_day = (
            "clock" in said
            and "rest" not in said
            and int(said["clock"]) > 6
            and match["most"] is None
        )
        if 0 < minutes <= _LONGEST_MINUTES and not is_hour_of_day:
            yield Need(first=first, last=last, field="max_minutes", value=minutes)


def _minutes(said: dict[str, str]) -> int:
    if "clock" in said:
        return int(said["clock"]) * 60 + int(said.get("rest", "0"))
    if "half" in said or "quarter" in said:
        return 30 if "half" in said else 15
    if "one" in said:
        return 60 + 30 * ("and_half" in said)
    number = int(said["number"])
    return number if said["unit"].startswith("m") else 60 * number


def _number_wanted(message: Message) -> Iterator[Need]:
    for pattern in _NUMBER_WANTED:
        for match, place in _each(message, pattern):
            number = int(match.groupdict().get("number") or "1")
            if 0 < number <= _MOST_WANTED:
                yield Need(**place, field="number_wanted", value=number)
                return


def _order(message: Message) -> Iterator[Need]:
    for order, pattern in _ORDERS:
        for _, place in _each(message, pattern):
            yield Need(**place, field="order", value=order)


_READERS: tuple[Callable[[Message], Iterator[Need]], ...] = (
    _accessibility,
    _online,
    _setting,
    _language,
    _duration,
    _number_wanted,
    _order,
)
