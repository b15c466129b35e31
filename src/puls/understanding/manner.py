"""How the outing should be and for how many: setting, spoken language, duration, party, number of answers.

Pure. What records also say (« en plein air », « en anglais ») stays in the theme, for ranking. Enter at `read_manner`.
"""

import re
from dataclasses import dataclass

from puls.understanding.wish import Setting
from puls.understanding.words import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What was understood; None when nothing was said. See `Wish` for units."""

    setting: Setting | None = None
    spoken_language: str | None = None
    max_minutes: int | None = None
    party_size: int | None = None
    number_wanted: int | None = None


LANGUAGE_NAMES: dict[str, tuple[str, str]] = {
    "ar": ("arabe", "Arabic"), "br": ("breton", "Breton"), "ca": ("catalan", "Catalan"),
    "de": ("allemand", "German"), "en": ("anglais", "English"), "es": ("espagnol", "Spanish"),
    "eu": ("basque", "Basque"), "fr": ("français", "French"), "it": ("italien", "Italian"),
    "ja": ("japonais", "Japanese"), "ko": ("coréen", "Korean"), "nl": ("néerlandais", "Dutch"),
    "oc": ("occitan", "Occitan"), "pl": ("polonais", "Polish"), "pt": ("portugais", "Portuguese"),
    "ru": ("russe", "Russian"), "tr": ("turc", "Turkish"), "uk": ("ukrainien", "Ukrainian"),
    "zh": ("chinois", "Chinese"),
}  # fmt: skip
_SPOKEN_FRENCH = {
    "anglais": "en", "anglaise": "en", "espagnol": "es", "espagnole": "es", "allemand": "de",
    "allemande": "de", "italien": "it", "italienne": "it", "francais": "fr", "francaise": "fr",
    "portugais": "pt", "portugaise": "pt", "arabe": "ar", "chinois": "zh", "chinoise": "zh",
    "mandarin": "zh", "japonais": "ja", "japonaise": "ja", "coreen": "ko", "coreenne": "ko",
    "russe": "ru", "ukrainien": "uk", "ukrainienne": "uk", "polonais": "pl", "polonaise": "pl",
    "neerlandais": "nl", "neerlandaise": "nl", "turc": "tr", "turque": "tr", "breton": "br",
    "bretonne": "br", "occitan": "oc", "occitane": "oc", "basque": "eu", "catalan": "ca",
    "catalane": "ca",
}  # fmt: skip
_SPOKEN_ENGLISH = {english.lower(): code for code, (_, english) in LANGUAGE_NAMES.items()}
_SPOKEN = _SPOKEN_FRENCH | _SPOKEN_ENGLISH | {"anglophone": "en", "anglophones": "en"}
# “in French restaurants” speaks of restaurants: a language ends its phrase.
_PHRASE_ENDS = (
    r"(?= (?:in|at|on|for|near|around|this|next|tonight|tomorrow|today|with|under|and|or|please|"
    r"only|if|mon|tues|wednes|thurs|fri|satur|sun)[a-z]*(?: |$)|$)"
)
_LANGUAGE = re.compile(
    rf"(?<!\S)(?:en (?:langue |version |vo |v o )?(?P<fr>{'|'.join(_SPOKEN_FRENCH)})(?!\S)"
    rf"|in (?P<en>{'|'.join(_SPOKEN_ENGLISH)}){_PHRASE_ENDS}"
    rf"|(?P<speaking>{'|'.join(_SPOKEN_ENGLISH)}) (?:speaking|language)(?!\S)"
    r"|(?:guide|visite|public) (?P<phone>anglophones?)(?!\S))"
)
_LANGUAGE_HINT = re.compile(r"(?<!\S)(?:en|in|speaking|language|anglophones?)(?!\S)")

_OUTDOORS = re.compile(
    r"(?<!\S)(?:(?:en )?plein air|en exterieur|a l exterieur(?! (?:de|du|d)(?!\S))|dehors|"
    r"au grand air|a ciel ouvert|outdoors?|open air|al fresco|outside(?! (?:of|the)(?!\S)))(?!\S)"
)
_INDOORS = re.compile(
    r"(?<!\S)(?:(?:bien )?(?:a l abri|au sec|au chaud|en interieur|en indoor|indoors|"
    r"a l interieur(?! (?:de|du|d)(?!\S)))(?: (?:de la pluie|du froid|du vent))?"
    r"(?: (?:s il|si il|quand il|car il|parce qu il) (?:pleut|fait froid))?|"
    r"(?:s il|si il|quand il|comme il|vu qu il|car il|puisqu il) (?:pleut|fait froid|neige)|"
    r"(?:en cas de|par temps de|jour de|a cause de la) pluie|"
    r"(?:if|when|because|since) it (?:rains|s raining|is raining|s cold)|"
    r"(?:on|for) a rainy (?:day|afternoon|evening)|out of the rain|(?P<kept>indoor))(?!\S)"
)

_SMALL_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("un une one a an seul", "deux two couple", "trois three", "quatre four", "cinq five",
         "six", "sept seven", "huit eight", "neuf nine", "dix ten", "onze", "douze twelve"), 1)
    for word in words.split()
}  # fmt: skip
_SEVERAL = "deux|two|trois|three|quatre|four|cinq|five|six|sept|seven|huit|eight|neuf|nine|dix|ten|onze|douze|twelve"

_LASTING = (
    r"(?:(?P<{0}clock>\d{{1,2}}h\d{{2}})|(?P<{0}half>(?:une )?demi heure|half an hour)|"
    r"(?P<{0}quarter>un quart d heure)|"
    r"(?P<{0}number>\d{{1,3}}|une?|an|one|deux|two|trois|three) ?"
    r"(?P<{0}unit>h|heures?|hours?|hrs?|min|mn|minutes?)(?P<{0}and_half> et demie?)?)"
)
_NOT_A_JOURNEY = (
    r"(?! (?:(?:de|d|du|des) (?!spectacle|visite|film|concert|atelier)|(?:en|by) (?:voiture|train|"
    r"bus|metro|velo|transports?|tram|car|bike)|a (?:pied|velo)|from|walk|walking|drive|away|"
    r"autour|around|avant|before|apres|after|ago|plus tard|later))(?!\S)"
)
_MOST = (
    r"(?:(?:qui |that |which )?(?:ne )?(?:dure(?:nt)?|durant|lasts?|lasting|d une duree|duree)"
    r"(?: de)? )?(?:(?:de )?moins (?:de|d)|(?:de )?pas plus (?:de|d)|max(?:imum)?|au plus|"
    r"(?:of )?less than|(?:of )?under|no (?:longer|more) than|at most) "
)
_NOT_A_MOMENT = "".join(  # the whole word: « Jura » ends in one of them
    rf"(?<!(?<!\S){word} )" for word in ("a", "dans", "ici", "in", "within", "vers", "depuis")
)
_DURATION = re.compile(
    rf"(?<!\S){_NOT_A_MOMENT}(?:{_MOST}{_LASTING.format('a_')}(?: (?:max(?:imum)?|maxi))?"
    rf"|(?:(?:de|d) )?{_LASTING.format('b_')} (?:grand )?(?:max(?:imum)?|maxi|au plus|au maximum|"
    r"ou moins|or less|tops|at most)"
    r"|(?:j ai|on a|nous avons|il (?:me|nous) reste|i have|we have) (?:juste |seulement |que |"
    rf"only |just )?{_LASTING.format('c_')} (?:devant (?:moi|nous|soi)|a (?:tuer|perdre|occuper)|"
    rf"de libre|to kill|to spare|free)){_NOT_A_JOURNEY}"
)
_DURATION_HINT = re.compile(r"heure|hour|min|mn|\dh|\d h(?!\S)|\bh\b")
_LONGEST_MINUTES = 8 * 60  # « 23h max » is a time of day

_N = rf"(?P<number>\d{{1,3}}|{_SEVERAL})"
_MATES = (
    r"(?:personnes?|people|adultes?|adults?|amis?|amies|copains|copines|potes|collegues|convives|"
    r"eleves|etudiants?|participants?|joueurs|joueuses|filles|gars|friends|pax|of us|students)"
)
_PARTY = (
    re.compile(
        rf"(?<!\S)(?P<adults>\d{{1,2}}|une?|one|{_SEVERAL}) (?:adultes?|adults?|grands)"
        rf"(?: et| and| plus)? (?P<children>\d{{1,2}}|une?|one|{_SEVERAL}) "
        r"(?:enfants?|children|kids?|child|ados?|petits)(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:on est|on sera|on serait|on vient a|nous sommes|nous serons|we are|we re|"
        rf"we will be|we ll be|there (?:are|will be)) (?:environ |about |a )?{_N}"
        rf"(?: {_MATES})?(?!\S)(?! (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|"
        r"octobre|novembre|decembre|h|heures?|km|ans|jours?|years|minutes?|min)(?!\S))"
    ),
    re.compile(rf"(?<!\S)(?:pour|for|a) {_N} {_MATES}(?!\S)"),
    re.compile(
        rf"(?<!\S)(?:pour |for |avec )?(?:(?:un|une|notre|a|our) )?(?:petit |small )?(?:groupe|"
        rf"bande|group|party|classe) (?:scolaire )?(?:de|d|of) {_N}(?: {_MATES})?(?!\S)"
    ),
)
_PARTY_AT_A_PAUSE = re.compile(rf"(?<!\S)(?:pour|for|a) {_N}(?!\S)")
_COUPLE = re.compile(
    r"(?<!\S)(?:(?:sortie |une sortie )?en (?:couple|amoureux|tete a tete)|as a couple|"
    r"for a couple|pour un couple)(?!\S)"
)
_ALONE = re.compile(
    r"(?<!\S)(?:(?:je suis |je sors |j y vais |y aller )(?:toute? )?seule?|toute? seule?|"
    r"by myself|on my own|for one person|pour une personne)(?!\S)"
)
_LARGEST_PARTY = 500

_ANSWERS = (
    r"(?:idees?|suggestions?|propositions?|options?|choix|recommandations?|resultats?|reponses?|"
    r"evenements?|sorties?|activites?|pistes?|ideas?|results?|events?|choices|picks)"
)
_ABOUT = r"(?: (?:de sorties?|d activites?|of))?(?: (?:de|d|for|pour)(?= (?!\d|ce|mes|my|demain)))?"
_NUMBER_WANTED = (
    re.compile(
        r"(?<!\S)(?:le |un |the |mon )?top (?P<number>\d{1,2})(?: (?:des|de|d|of)(?: the)?)?(?!\S)"
    ),
    re.compile(
        r"(?<!\S)(?:juste |seulement |just |only |rien qu )?(?:(?:une?|one) (?:seule?|single)|"
        rf"(?:juste|seulement|just|only) (?:une?|one)) {_ANSWERS}{_ABOUT}(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:(?:juste|seulement|just|only|les|the) )?{_N} (?:autres |other |more )?"
        rf"(?:petites |bonnes |good )?{_ANSWERS}{_ABOUT}(?!\S)"
    ),
    re.compile(
        r"(?<!\S)(?:donne|propose|montre|trouve|suggere|cite|conseille|recommande|give|show|find)"
        r"[rz]?(?: m en| moi| nous| me| us| moi en| nous en) "
        rf"{_N}(?: (?:autres?|others?|more))?(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:les |the )?{_N}(?= (?:plus (?:proches|pres)|moins chere?s?|meilleure?s?|"
        r"nearest|closest|cheapest|best)(?!\S))"
    ),
    re.compile(
        rf"(?:^|(?<!\S)(?:cherche|recherche|voudrais|veux|voulons|aimerais|want|need) )"
        rf"{_N}(?= (?:concerts|spectacles|expos|expositions|ateliers|festivals|pieces|visites|"
        r"balades|films|concerts|exhibitions|shows|workshops|plays|tours)(?!\S))"
    ),
)
_MOST_WANTED = 50  # what one search gives at most
_NUMBER_WORD = re.compile(
    rf"\d|(?<!\S)(?:seule?|single|just|juste|only|seulement|{_SEVERAL})(?!\S)"
)


def read_manner(message: Message) -> Manner:
    """Read and claim everything said about how the outing should be."""
    max_minutes = _read_duration(message)
    has_number = _NUMBER_WORD.search(message.open) is not None
    return Manner(
        max_minutes=max_minutes,
        setting=_read_setting(message),
        spoken_language=_read_language(message),
        party_size=_read_party(message, has_number=has_number),
        number_wanted=_read_number_wanted(message) if has_number else None,
    )


def number_of(words: str) -> int:
    """« 4 » and « quatre » are 4.

    Raises:
        KeyError: the words are no small number.
    """
    return int(words) if words.isdigit() else _SMALL_NUMBERS[words]


def _read_setting(message: Message) -> Setting | None:
    setting: Setting | None = None
    for match in message.find(_INDOORS):
        message.claim(match, "setting", keep=bool(match["kept"]))
        setting = "indoor"
    for match in message.find(_OUTDOORS):
        message.claim(match, "setting", keep=True)
        setting = setting or "outdoor"
    return setting


def _read_language(message: Message) -> str | None:
    if not _LANGUAGE_HINT.search(message.open):
        return None
    for match in message.find(_LANGUAGE):
        message.claim(match, "language", keep=True)
        return _SPOKEN[match[match.lastgroup or 0]]
    return None


def _read_duration(message: Message) -> int | None:
    if not _DURATION_HINT.search(message.open):
        return None
    for match in message.find(_DURATION):
        minutes = _minutes({name[2:]: value for name, value in match.groupdict().items() if value})
        if 0 < minutes <= _LONGEST_MINUTES:
            message.claim(match, "duration")
            return minutes
    return None


def _minutes(said: dict[str, str]) -> int:
    if "clock" in said:
        hours, minutes = said["clock"].split("h")
        return int(hours) * 60 + int(minutes)
    if "half" in said or "quarter" in said:
        return 30 if "half" in said else 15
    number = number_of(said["number"])
    return number if said["unit"].startswith("m") else 60 * number + 30 * ("and_half" in said)


def _read_party(message: Message, *, has_number: bool) -> int | None:
    for pattern, size in ((_COUPLE, 2), (_ALONE, 1)):
        for match in message.find(pattern):
            message.claim(match, "party")
            return size
    for pattern in _PARTY if has_number else ():
        for match in message.find(pattern):
            said = match.groupdict()
            size = sum(number_of(said[name]) for name in said)
            if 0 < size <= _LARGEST_PARTY:
                message.claim(match, "party")
                return size
    for match in message.find(_PARTY_AT_A_PAUSE) if has_number else ():
        _, last = message.word_range(match.start(), match.end())
        size = number_of(match["number"])
        if message.is_followed_by_pause(last) and 0 < size <= _LARGEST_PARTY:
            message.claim(match, "party")
            return size
    return None


def _read_number_wanted(message: Message) -> int | None:
    for pattern in _NUMBER_WANTED:
        for match in message.find(pattern):
            number = number_of(match.groupdict().get("number") or "1")
            if 0 < number <= _MOST_WANTED:
                message.claim(match, "number")
                return number
    return None
