"""Who comes along: ages in figures, words and school levels; how many. Pure.

Enter at `ages_of` and `parties_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from puls.understanding.message import Message

OLDEST = 99  # « 120 ans de cinéma » is no visitor's age
_ADULT = 18
_MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Words that give ages in years, between two words of the message, the last included.

    `is_word`: a word for an age (« ados »), which is theme as well, and gives way to figures. `is_told`: of somebody's anniversary or of the asker's own.
    `is_without`: children stay at home. `which`: of children spoken of before the oldest or the youngest, who alone comes or, `is_without`, stays.
    """

    first: int
    last: int
    years: tuple[int, ...]
    is_word: bool = False
    is_told: bool = False
    is_without: bool = False
    which: Literal["oldest", "youngest"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Words that say how many come, the visitor included."""

    first: int
    last: int
    size: int


_YEARS = frozenset("ans an year years yo yr yrs jahre jahren anos anni jaar".split())
_MONTHS = frozenset("mois months month moi".split())
_KIN = frozenset(
    """
    enfant enfants fils fille filles garcon garcons gamin gamins gamine gamines gosse gosses petit petits petite petites ado ados adolescent adolescents adolescente
    bebe bebes loulou loulous loulous loupiot loupiots neveu neveux niece nieces jumeau jumeaux jumelle jumelles frere soeur freres soeurs cousin cousins cousine cousines aine ainee aines cadet cadette
    benjamin benjamine dernier derniere grand grande grands puce poussin bout bambin bambins marmot marmots minot minots mome momes kid kids child children son sons daughter daughters boy boys girl girls toddler
    teen teens teenager teenagers nephew nephews niece twins twin baby grandson granddaughter grandchildren grandkids kinder kindern sohn tochter nino ninos hija hijo bambini kinderen petitfils petitefille fillette filette rejeton
    monstres monstre tribu marmaille choupette loustic loustics kiddos kiddo brother sister eleve eleves
    """.split()
)
_AFTER_KIN = frozenset(
    "de a ans ont age agee ages agees d of aged is are entre qui who et son sa ses mon ma mes ( : ils elles elle il c est avait ayant between".split()
)
_NOT_AN_AGE = frozenset(
    "h heures heure euros euro eur km kms personnes places minutes min jours jour semaines janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "enfants filles garcons adultes idees concerts expos fois metres billets tickets kids children girls boys sons daughters people amis petits ados eleves grands balles jumeaux e er".split()
)
_JOINTS = frozenset(
    "et ou and or a au puis y und to bis , e l autre son sa frere soeur de d he she s elle il".split()
)
_TOLD_BEFORE = re.compile(
    r"(?:^| )(?:depuis|pendant|ses|les|fete|fetent|fetons|feter|celebre|anniversaire(?: des| de)?|il y a|for|since|plus de|pres de|dans|about|ca fait|y a|apres|pour ses|pour les|for (?:his|her)|"
    r"a ses|mes|leurs|nos|turn(?:s|ing)?|vieux de|age de bronze|de plus de|environ)$"
)
_TOLD_OF_A_CHILD = re.compile(
    r"(?:^| )(?:en avoir|(?:il|elle|ils|elles) en (?:a|ont)|s?he s|they re|they are|(?:il|elle) a|(?:ils|elles|les miens|les miennes) ont)$"
)
_OWN = re.compile(
    r"(?:^| )(?:j ai|ai|je suis|i m|i am|moi|age de|j aurai|on a|nous avons|retraite de|retraitee? de)$"
)
_LEVELS: dict[str, tuple[int, ...]] = {
    "cp": (6,), "ce1": (7,), "ce2": (8,), "cm1": (9,), "cm2": (10,), "maternelle": (3, 5), "maternelles": (3, 5), "terminale": (17,), "terminales": (17,),
    "collegien": (11, 15), "collegiens": (11, 15), "collegienne": (11, 15), "collegiennes": (11, 15), "lyceen": (15, 18), "lyceens": (15, 18), "lyceenne": (15, 18), "lyceennes": (15, 18),
    "creche": (0, 3), "ecoliers": (6, 10), "ecolier": (6, 10),
}  # fmt: skip
_SECTIONS = {"petite": (3,), "moyenne": (4,), "grande": (5,), "ps": (3,), "ms": (4,), "gs": (5,)}
_CLASSES = {"6e": 11, "5e": 12, "4e": 13, "3e": 14, "2e": 15}
_CLASS_LEAD = re.compile(
    r"(?:^| )(?:en|classes? de|eleves? de|fille en|fils en|entre en|rentre en|entree en|gosses de|ado de|ados de|niveau)$"
)
_AGE_WORDS: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (
        re.compile(
            r"(?<!\S)(?:(?:tout|tous|toute|toutes) petite?s?|bebes?|baby|babies|toddlers?|nourrissons?|kleinkinder|bambins?)(?!\S)"
        ),
        (0, 3),
    ),
    (
        re.compile(
            r"(?<!\S)(?:ados?|adolescente?s?|teens?|teenagers?|jugendliche|pre ados?|preados?)(?!\S)"
        ),
        (14,),
    ),
    (
        re.compile(
            r"(?<!\S)(?:seniors?|personnes agees|troisieme age|3e age|elderly|pensioners)(?!\S)"
        ),
        (70,),
    ),
)
_WITHOUT = re.compile(
    r"(?<!\S)(?:(?:finalement |plus )?(?:sans|without) (?:les |des |mes |nos |the |my |our |any |ma |mon |notre )?(?:enfants?|kids?|gamins|gosses|children|petits|petite|minots|ados?|bebes?|eux|elles|elle|lui|marmots|mouflets|fille|fils|filles|tribu|kiddos)"
    r"|(?:juste |plutot |seulement )?entre adultes|(?:just )?(?:for )?adults only|pas pour (?:les )?enfants|(?:pour|que|plutot|only) (?:des |les )?adultes(?: finalement| plutot| seulement)?(?! handicapes)"
    r"|(?:les enfants|les petits|les gamins|ils|elles|les gosses|mes filles|mes fils|ma fille|mon fils|the kids) (?:ne )?(?:viennent|vient|viendront|viendra|come|sera|seront) (?:pas|plus)(?: finalement)?|(?:garde|gardent|laisse|laissons) les enfants|(?:les enfants|les petits) (?:restent|seront|sont) (?:chez|a la maison|avec)"
    r"|kids (?:are not|aren t|won t be|are staying)(?: coming)?|(?:oublie[zr]?|laisse tomber|enleve[rz]?|retire[rz]?|supprime|forget|drop) (?:l age|les ages|les enfants|the kids|the age|les gosses|le petit|la petite)|(?:no kids|pas d enfants?|without the little ones))(?!\S)"
)
CHILDREN_ALONE = re.compile(
    r"(?<!\S)(?:pour|avec|for|with|mit|para|con|et|plus) (?:les |des |mes |nos |the |my |den |los |our )?(?:enfants|kids|gamins|children|petits|minots|gosses|kindern?|ninos|little ones|momes|marmots|mouflets)(?!\S)"
)
"""« et pour les enfants ? »: children without an age."""


def ages_of(message: Message) -> list[Ages]:
    """Every expression of ages; words for an age only where no figures are."""
    found = [*_without(message), *_figures(message), *_levels(message)]
    kept: list[Ages] = []
    for each in sorted(found, key=lambda one: (one.first, -one.last)):
        if not kept or each.first > kept[-1].last:
            kept.append(each)
    if not any(each.years and not each.is_told for each in kept):
        for pattern, years in _AGE_WORDS:
            for match in pattern.finditer(message.line):
                first, last = message.word_range(match.start(), match.end())
                if not any(each.first <= last and first <= each.last for each in kept):
                    kept.append(Ages(first=first, last=last, years=years, is_word=True))
    return sorted(kept, key=lambda one: one.first)


def _without(message: Message) -> Iterator[Ages]:
    for match in _WITHOUT.finditer(message.line):
        first, last = message.word_range(match.start(), match.end())
        yield Ages(first=first, last=last, years=(), is_without=True)


def _figures(message: Message) -> Iterator[Ages]:
    """Each run of numbers of which one is told as an age: « 5 et 9 ans », « mes filles (5 et 9) », “a 6-year-old and an 8 year old”."""
    at = 0
    while at < len(message):
        run = _run(message, at)
        if run is None:
            at += 1
            continue
        yield run
        at = run.last + 1


def _run(message: Message, at: int) -> Ages | None:
    numbers: list[int] = []
    is_age = is_months = False
    is_kin = _is_kin_before(message, at) or bool(
        _TOLD_OF_A_CHILD.search(message.line[: message.offset(at)].rstrip())
    )
    end = here = at
    while here < len(message):
        said = _numbers_at(message, here)
        if not said or (numbers and message.starts_a_sentence(here)):
            break
        if numbers and ")" in message.words[here].gap:
            break  # « Paris (75), 9 ans »
        unit = message.norm(here + 1)
        if (unit in _NOT_AN_AGE and unit != "e") or (unit == "demi"):
            break
        numbers += said
        end = here
        if unit in _YEARS or unit in _MONTHS or (unit in {"year", "jaehrige"}):
            is_age = True
            is_months = is_months or unit in _MONTHS
            end = here + 1
            end += message.norm(end + 1) in ("old", "alt")
            end += 2 * (
                message.norm(end + 1) == "et" and message.norm(end + 2) in ("demi", "demie", "plus")
            )
        here = _next_number(message, end + 1)
        if any(")" in message.words[at].gap for at in range(end + 1, min(here, len(message)))):
            break  # « (4 et 9 ans) les 12 et 13 »
    if not numbers or not (is_age or is_kin) or max(numbers) > OLDEST:
        return None
    if not is_age and len(numbers) == 1 and not _is_said_of_kin(message, at):
        return None
    before = message.line[: message.offset(at)].rstrip()
    if (
        message.norm(end + 1) in ("de", "d", "of")
        and is_age
        and message.norm(end + 2) not in ("et", "ou")
        and not is_kin
    ):
        is_told = True  # « 80 ans de mon père », « 20 ans de chansons »
    else:
        is_told = bool(_TOLD_BEFORE.search(before)) and not is_kin
    is_told = is_told or (min(numbers) >= _ADULT and bool(_OWN.search(before)))
    first = at - 1 if message.norm(at - 1) in ("des", "de", "aged") else at
    years = tuple(sorted({number // 12 if is_months else number for number in numbers}))
    return Ages(first=first if not is_told else at, last=end, years=years, is_told=is_told)


def _numbers_at(message: Message, at: int) -> list[int]:
    """A number of years; « 8/10 » is two."""
    word = message.norm(at)
    if "/" not in word:
        return [int(word)] if word.isdigit() and len(word) <= 2 else []
    parts = word.split("/")
    return (
        [int(part) for part in parts] if all(_NUMBER_OF_YEARS.match(part) for part in parts) else []
    )


_NUMBER_OF_YEARS = re.compile(r"\d{1,2}$")


def _next_number(message: Message, at: int) -> int:
    """The next number of a list of ages, at most a few small words away."""
    for step in range(5):
        word = message.norm(at + step)
        if _numbers_at(message, at + step) or word.isdigit():
            return at + step
        if word not in _JOINTS and word not in (
            "un",
            "an",
            "une",
            "qui",
            "le",
            "la",
            "lui",
            "aine",
            "ainee",
            "petit",
            "petite",
            "cadet",
            "other",
            "one",
            "les",
        ):
            break
    return len(message)


def _is_kin_before(message: Message, at: int) -> bool:
    """« mes filles de », « l'aîné », « aged »: a word for a child a few small words before."""
    for back in range(1, 6):
        word = message.norm(at - back)
        if word in _KIN:
            return True
        if word in ("age", "agee", "ages", "agees", "aged"):
            return True
        if word in ("mois", "month", "months"):
            return False
        if (
            word not in _AFTER_KIN
            and not word.isdigit()
            and word not in ("respectivement", "vient", "en", "avoir", "pardon", "deja")
        ):
            return False
    return False


def _is_said_of_kin(message: Message, at: int) -> bool:
    """One number without a unit is an age in brackets, after « de » or « a », or right after the word: « l'aîné 11 », « son frère de 7 »."""
    before = message.norm(at - 1)
    gap = message.words[at].gap
    if _TOLD_OF_A_CHILD.search(message.line[: message.offset(at)].rstrip()):
        return message.has_pause_after(at)
    if before in ("de", "a", "d", "aged", "age", "agee", "of", "is", "avoir", "en"):
        after = message.norm(at + 1)
        return (
            message.has_pause_after(at)
            or after in ("et", "and", "ou", "pour", "qui", "", "a")
            or after in _KIN
        )
    return "(" in gap or (before in _KIN and message.has_pause_after(at))


def _levels(message: Message) -> Iterator[Ages]:
    for at, word in enumerate(message.words):
        said = word.norm
        before = message.line[: message.offset(at)].rstrip()
        if (
            said in ("ce", "cm", "cp")
            and message.norm(at + 1) in ("1", "2")
            and message.words[at + 1].gap.strip() == ""
        ):
            yield Ages(first=at, last=at + 1, years=_LEVELS[f"{said}{message.norm(at + 1)}"])
        elif (
            said in _LEVELS
            and not (said == "creche" and not before.endswith((" a la", " de la", " en")))
            and not (said == "cp" and message.norm(at + 1).isdigit())
        ):
            yield Ages(first=at, last=at, years=_LEVELS[said])
        elif said in _SECTIONS and message.norm(at + 1) == "section":
            yield Ages(first=at, last=at + 1, years=_SECTIONS[said])
        elif (
            said in _CLASSES
            and _CLASS_LEAD.search(before)
            and message.norm(at + 1) not in ("arrondissement", "arr", "annee")
        ):
            yield Ages(first=at, last=at, years=(_CLASSES[said],))


# How many


_MATES = (
    r"(?:personnes?|people|adultes?|adults?|amis?|amies|copains|copines|potes|collegues|convives|eleves|etudiants?|participants?|joueurs|joueuses|filles|gars|friends|pax|of us|students|"
    r"retraites?|seniors|voisins|voisines|pers|guests|personen|personas)"
)
_PARTIES: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?<!\S)(?P<adults>\d{1,2}|une?|one) (?:adultes?|adults?|grands|parents)(?: et| and| plus)?(?: avec)? (?P<children>\d{1,2}|une?|one) (?:enfants?|children|kids?|child|ados?|petits)(?!\S)"
    ),
    re.compile(
        r"(?<!\S)(?:on (?:n )?est (?:plus|pas) \d{1,2} mais|we re (?:not|no longer) \d{1,2} but|on est|on sera|on serait|on vient a|nous sommes|nous serons|we are|we re|we will be|we ll be|there (?:are|will be)|nous|we|on y va a|on y sera) "
        rf"(?:environ |about |a |une bande de |toutes? les )?(?P<number>\d{{1,3}})(?: {_MATES})?(?!\S)(?! (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|h|heures?|km|ans|jours?|years|minutes?|min|euros|enfants|kids)(?!\S))"
    ),
    re.compile(rf"(?<!\S)(?:pour|for|a|avec) (?P<number>\d{{1,3}}) {_MATES}(?!\S)"),
    re.compile(
        r"(?:^| )(?P<number>\d{1,2}) (?:copains|copines|potes|amis|amies|collegues|friends|mates)(?!\S)"
    ),
    re.compile(
        r"(?<!\S)(?:pour|for|a) (?P<number>\d{1,2}) (?=(?:on (?:a|est|veut|y)|nous (?:avons|sommes)|we (?:have|ve|are)|(?:avec|with) \d+ (?:euros|balles|pounds))(?!\S))"
    ),
    re.compile(
        rf"(?<!\S)(?:pour |for |avec )?(?:(?:un|une|notre|a|our) )?(?:petit |small )?(?:groupe|bande|group|party|classe) (?:scolaire )?(?:de|d|of) (?P<number>\d{{1,3}})(?: {_MATES})?(?!\S)"
    ),
)
_PARTY_AT_A_PAUSE = re.compile(r"(?<!\S)(?:pour|for|a) (?:nous )?(?P<number>\d{1,2})(?!\S)")
_COUPLE = re.compile(
    r"(?<!\S)(?:(?:sortie |une sortie )?en (?:couple|amoureux|tete a tete)|as a couple|for a couple|pour un couple|a nous 2|pour nous 2|ma sœur et moi|for the 2 of us|just the 2 of us|a 2)(?!\S)(?! (?:pas|euros|km|h)(?!\S))"
)
_ALONE = re.compile(
    r"(?<!\S)(?:(?:je suis |je sors |j y vais |y aller |sortir |vais )(?:toute? )?seule?|toute? seule?|en solo|by myself|on my own|for one person|pour une personne)(?!\S)"
)


def parties_of(message: Message) -> list[Party]:
    """What says how many come: the first that does."""
    for pattern, size in ((_COUPLE, 2), (_ALONE, 1)):
        for match in pattern.finditer(message.line):
            return [_party(message, match, size)]
    for pattern in _PARTIES:
        for match in pattern.finditer(message.line):
            size = sum(
                1 if said in ("un", "une", "one") else int(said)
                for said in match.groupdict().values()
                if said
            )
            if 0 < size <= _MOST_PEOPLE:
                return [_party(message, match, size)]
    for match in _PARTY_AT_A_PAUSE.finditer(message.line):
        _, last = message.word_range(match.start(), match.end())
        if (
            message.has_pause_after(last)
            and 0 < int(match["number"]) <= _MOST_PEOPLE
            and not message.norm(last + 1).startswith("euro")
        ):
            return [_party(message, match, int(match["number"]))]
    return []


def _party(message: Message, match: re.Match[str], size: int) -> Party:
    first, last = message.word_range(match.start(), match.end())
    return Party(first=first, last=last, size=size)
