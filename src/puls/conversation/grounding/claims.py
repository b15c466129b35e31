"""What a sentence states about events: dates, hours, prices, places, titles… with where it says so. Pure.

Reads French and English. Words that are claimed by one rule are blotted out for the next ones, so that
« 20 h 30 » is an hour and not two numbers; what is left of digits and names is a claim as well.
Enter at `claims_in`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from puls.conversation.grounding.numbers import NUMBER, WORDS, value_of
from puls.conversation.markdown import ADDRESS, TELEPHONE
from puls.geo.names import fold
from puls.language.lexicon import MONTH_OF, MONTHS, SHORT_WEEKDAY_OF, WEEKDAY_OF, WEEKDAYS, Named


class Kind(StrEnum):
    """What a claim is about."""

    DATE = "date"
    DAY_OF_MONTH = "day_of_month"
    MONTH = "month"
    YEAR = "year"
    WEEKDAY = "weekday"
    RELATIVE_DAY = "relative_day"
    PART_OF_DAY = "part_of_day"
    HOUR = "hour"
    DURATION = "duration"
    PRICE = "price"
    PRICE_BELOW = "price_below"
    FREE = "free"
    PAID = "paid"
    FREE_PRICE = "free_price"
    PRICE_UNKNOWN = "price_unknown"
    DISTANCE = "distance"
    AGE = "age"
    EVERYONE = "everyone"
    PLACE = "place"
    NAME = "name"
    TITLE = "title"
    FULL = "full"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    AVAILABLE = "available"
    REGISTRATION = "registration"
    ACCESSIBLE = "accessible"
    ONLINE = "online"
    URL = "url"
    CONTACT = "contact"
    COUNT = "count"
    NUMBER = "number"
    FOREIGN_MONEY = "foreign_money"
    CHEAPEST = "cheapest"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement: its kind, its value (see the rules below), and where it stands in the sentence."""

    kind: Kind
    value: object
    start: int
    end: int


_Value = Callable[[re.Match[str]], object]
_BLOT = "\x00"


def _spellings(named: Sequence[Named]) -> str:
    """The names in both languages and their short forms as they are written, with and without accents; the patterns read the sentence itself, in lower case."""
    whole = {word.lower() for each in named for word in each.name}
    short = {word.lower().rstrip(".") for each in named for word in each.short_name} - whole
    names = {form for word in whole for form in (word, fold(word))} | {
        rf"{re.escape(form)}\.?" for word in short for form in (word, fold(word))
    }
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH_NAMES = _spellings(MONTHS)
_WEEKDAY_NAMES = "|".join(
    sorted({word.lower() for each in WEEKDAYS for word in each.name}, key=len, reverse=True)
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_ORDINAL = r"(?:er|st|nd|rd|th)?"
_HOUR_WORD = rf"(?:[01]?\d|2[0-4]|{WORDS})"


def _month(word: str) -> int:
    return MONTH_OF[fold(word)]


def _weekday(word: str) -> int:
    name = fold(word).removesuffix("s")
    return WEEKDAY_OF[name] if name in WEEKDAY_OF else SHORT_WEEKDAY_OF[name]


def _date(match: re.Match[str]) -> object:
    year = match.groupdict().get("year")
    return (int(match["day"]), _month(match["month"]), int(year) if year else None)


def _numeric_date(match: re.Match[str]) -> object:
    year = match["year"]
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 # « 28/11/26 »
    return (int(match["day"]), int(match["month"]), full)


def _hour(match: re.Match[str]) -> object:
    groups = match.groupdict()
    hour = int(value_of(groups["hour"]))
    minute = int(groups.get("minute") or 0)
    half = (groups.get("half") or "").strip().lower()
    if half.startswith("p") or half in {
        "du soir",
        "de l'après-midi",
        "in the evening",
        "in the afternoon",
    }:
        hour = hour % 12 + 12
    elif half.startswith("a") or half in {"du matin", "in the morning"}:
        hour %= 12
    return (hour % 24, minute)


def _price(match: re.Match[str]) -> object:
    cents = match.groupdict().get("cents")
    return value_of(match["amount"]) + (int(cents) / 100 if cents else 0.0)


def _kilometres(match: re.Match[str]) -> object:
    """(kilometres, by how much the writing may be off)."""
    amount, unit = value_of(match["amount"]), match["unit"]
    if unit.startswith(("mi",)):
        return (amount * 1.609, 0.9)
    if unit.startswith("k"):
        return (amount, 0.06 if re.search(r"[.,]\d", match["amount"]) else 0.55)
    return (amount / 1000, 0.051)


def _minutes(match: re.Match[str]) -> object:
    groups = match.groupdict()
    hours, minutes = groups.get("hours"), groups.get("minutes")
    return (value_of(hours) * 60 if hours else 0) + (value_of(minutes) if minutes else 0)


def _in_days(match: re.Match[str]) -> object:
    return f"+{int(value_of(match['days']))}"


_RELATIVE = {
    "today": r"aujourd'hui|ce jour|today|this day",
    "tonight": r"ce soir|cette nuit|tonight|this evening",
    "this morning": r"ce matin|this morning",
    "this afternoon": r"cet après-midi|cette après-midi|this afternoon",
    "after tomorrow": r"après-demain|the day after tomorrow",
    "tomorrow": r"demain|tomorrow",
    "next weekend": r"(?:le |ce )?week-?end prochain|next weekend",
    "this weekend": r"ce week-?end|this weekend|this coming weekend",
    "next week": r"la semaine prochaine|next week",
    "this week": r"cette semaine|this week",
    "next month": r"le mois prochain|next month",
    "this month": r"ce mois(?:-ci)?|this month",
    "now": r"en ce moment|actuellement|right now|currently|on now",
    "past": r"hier(?: soir)?|avant-hier|la semaine dernière|le mois dernier|yesterday|last (?:night|week|month)",
}
_PARTS = {
    "morning": r"(?:le|en|au|dans la|demain) (?:matin|matinée)\b|matinée|(?:in the |every )?morning",
    "noon": r"\bà l'heure du déjeuner|at lunchtime",
    "afternoon": r"(?:l'|en |dans l')?après-midi|(?:in the )?afternoon",
    "evening": r"(?:en|dans la|la|de) soirée|le soir|\bsoir\b|(?:in the )?evening|at night",
}


def _rule(
    kind: Kind, pattern: str, value: _Value | object = None
) -> tuple[Kind, re.Pattern[str], _Value]:
    if callable(value):
        return kind, re.compile(pattern), value
    return kind, re.compile(pattern), lambda _match, fixed=value: fixed


_EVENT_NOUN = (
    r"(?:autres? |other |more |belles? |bonnes? |great |good )?"
    r"(?:sorties?|événements?|évènements?|concerts?|expos?(?:itions?)?|spectacles?|propositions?|idées?|"
    r"suggestions?|résultats?|ateliers?|visites?|films?|events?|exhibitions?|shows?|results?|ideas?|options?|"
    r"pièces?|festivals?|balades?|conférences?|lectures?|programmes?|itinéraires?|plans?|étapes?|stops?|outings?|"
    r"talks?|workshops?|meilleure?s?|premi(?:ers|ères)|derni(?:ers|ères)|of them|d'entre elles|d'entre eux|autres|others?)\b"
)
_RULES: tuple[tuple[Kind, re.Pattern[str], _Value], ...] = (
    _rule(Kind.CONTACT, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda m: m.group()),
    _rule(Kind.URL, rf"(?:{ADDRESS.pattern})", lambda m: m.group().rstrip(".,;:!?»”\"')]")),
    _rule(Kind.CONTACT, TELEPHONE.pattern, lambda m: re.sub(r"\D", "", m.group())[-9:]),
    # prices
    _rule(Kind.PRICE_UNKNOWN, r"(?:prix|tarifs?) (?:(?:est|n'est pas|non|n'étant pas|reste(?:nt)?|in)\s?)?(?:non |pas )?(?:précisée?s?|indiquée?s?|connue?s?|communiquée?s?|inconnue?s?|annoncée?s?)|price (?:is )?(?:not (?:stated|given|specified|known|listed)|unknown|unspecified)|(?:sans|no) (?:prix|price) (?:annoncé|listed|stated)"),
    _rule(Kind.FREE_PRICE, r"prix libre|participation libre|au chapeau|libre participation|pay what you (?:want|can)|free contribution"),
    _rule(Kind.PAID, r"(?:pas|non|plus|jamais) gratuite?s?|\bpayante?s?\b|not free|\bticketed\b|paid (?:entry|admission|event)|paying"),
    _rule(Kind.FREE, r"gratuite?s?(?= ou jusqu'à)|\bfree(?= or up to)", "for some"),
    _rule(Kind.FREE, r"gratuite?s?\b|gratuitement|gratuité|gratos|(?:entrée|accès) libre|libre d'accès|sans frais|sans payer|offerte?s?\b|(?<!feel )\bfree\b(?! time| to )|no charge|at no cost|(?<!dès )(?<!de )(?<!from )\b(?:0|zéro|zero) ?(?:€|euros?\b)(?! ?(?:to|à|-|–))|€ ?0(?![.,\d]| ?(?:to|à|-|–))|costs? nothing|ne coûte rien"),
    _rule(Kind.FOREIGN_MONEY, r"[$£¥] ?\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)? ?(?:\$|£|dollars?|pounds?|livres sterling|francs?|chf|usd|gbp)(?!\w)"),
    _rule(Kind.PRICE_BELOW, rf"(?:moins de|à moins de|en dessous de|sous|max(?:imum)?|under|below|less than|within|up to a budget of|(?:votre |your )?budget (?:de|of)|au plus|at most) ?(?P<amount>(?:€ ?)?{NUMBER}) ?(?:€|euros?\b)?(?<=[€s\do])", lambda m: value_of(m["amount"].replace("€", "").strip())),
    _rule(Kind.PRICE, rf"(?P<amount>{NUMBER}) ?(?:€|euros?\b|eur\b)(?: ?(?P<cents>\d{{2}}))?(?!\d)", _price),
    _rule(Kind.PRICE, rf"€ ?(?P<amount>{NUMBER})", _price),
    _rule(Kind.PRICE, rf"(?P<amount>{NUMBER})(?= ?(?:à|-|–|to|ou|or|et|and|/) ?{_BLOT})(?! ?(?:ans|h\b))", _price),
    _rule(Kind.PRICE, rf"(?<={_BLOT}) ?(?:à|-|–|to) ?(?P<amount>\d+(?:[.,]\d+)?)(?! ?(?:h\b|ans|km|:))", _price),
    # distances, ages, durations
    _rule(Kind.DISTANCE, rf"(?P<amount>{NUMBER}) ?(?P<unit>kilomètres?|kilometers?|kilometres?|km|mètres?|meters?|metres?|miles?\b|m)\b", _kilometres),
    _rule(Kind.EVERYONE, r"tout public|tous publics|tous les âges|toute la famille|all ages|family[- ]friendly|the whole family"),
    _rule(Kind.AGE, rf"(?P<low>{NUMBER}) ?(?:à|-|–|to|et|and|ou|or|/) ?(?P<high>{NUMBER}) ?(?:ans\b|-? ?years?\b(?:[- ]olds?)?)", lambda m: (value_of(m["low"]), value_of(m["high"]))),
    _rule(Kind.AGE, rf"(?:ages?|aged|from age|children of|kids of) (?P<low>{NUMBER})(?: ?(?:à|-|–|to|and) ?(?P<high>{NUMBER})(?! up))?(?: (?:and|or) (?:up|over|older|above)|\+)?", lambda m: (value_of(m["low"]), *([value_of(m["high"])] if m["high"] else []))),
    _rule(Kind.AGE, rf"(?P<low>{NUMBER}) ?(?:ans\b|-? ?years?[- ]?(?:olds?|of age)\b|\+(?!\d))", lambda m: (value_of(m["low"]),)),
    _rule(Kind.DURATION, rf"(?:dure(?:r|nt)?|durée (?:de|:)|pendant|lasts?|for|runs for) (?:environ |about )?(?P<hours>{NUMBER}) ?(?:h\b|heures?|hours?)(?: ?(?P<minutes>\d{{2}}|{WORDS})\b)?", _minutes),
    _rule(Kind.DURATION, rf"(?P<minutes>{NUMBER}) ?(?:minutes?|mins?|mn)\b", _minutes),
    _rule(Kind.DURATION, rf"(?P<hours>\d+|{WORDS})[- ]hours?\b", _minutes),
    # hours
    _rule(Kind.HOUR, r"(?P<hour>[01]?\d|2[0-4]) ?(?:h|heures?)(?: ?(?P<minute>[0-5]\d))?(?!\w)(?P<half> (?:du matin|du soir|de l'après-midi))?", _hour),
    _rule(Kind.HOUR, rf"\b(?P<hour>{WORDS}) heures?\b(?P<half> (?:du matin|du soir|de l'après-midi))?", _hour),
    _rule(Kind.HOUR, rf"\b(?P<hour>1[0-2]|0?\d|{WORDS})(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap]\.?m\b\.?)", _hour),
    _rule(Kind.HOUR, r"\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)\b", _hour),
    _rule(Kind.HOUR, rf"\b(?P<hour>{_HOUR_WORD}) o'clock(?P<half> in the (?:morning|afternoon|evening))?", _hour),
    _rule(Kind.HOUR, rf"\b(?P<hour>1[0-2]|\d)(?= ?(?:-|–|to) ?{_BLOT})", _hour),
    _rule(Kind.HOUR, r"\bminuit\b|\bmidnight\b", (0, 0)),
    _rule(Kind.HOUR, r"\bà midi\b|(?<!après-)(?<!après )\bmidi\b(?! ?-)|\bnoon\b|\bmidday\b", (12, 0)),
    # days
    _rule(Kind.DATE, r"(?P<year>20\d\d)-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)", lambda m: (int(m["day"]), int(m["month"]), int(m["year"]))),
    _rule(Kind.DATE, rf"\b(?P<day>{_DAY})/(?P<month>0?[1-9]|1[0-2])(?:/(?P<year>20\d\d|\d\d))?\b(?! ?€)", _numeric_date),
    _rule(Kind.DATE, rf"\b(?P<day>{_DAY}){_ORDINAL} ?(?:au|à|et|ou|-|–|to|and|or) ?{_DAY}{_ORDINAL} (?:of )?(?P<month>{_MONTH_NAMES})\b", _date),
    _rule(Kind.DATE, rf"\b(?P<day>{_DAY}|premier){_ORDINAL} (?:of )?(?P<month>{_MONTH_NAMES})(?!\w)(?:,? (?P<year>20\d\d))?", lambda m: _date(m) if m["day"] != "premier" else (1, _month(m["month"]), int(m["year"]) if m["year"] else None)),
    _rule(Kind.DATE, rf"\b(?P<month>{_MONTH_NAMES}) (?:the )?(?P<day>{_DAY}){_ORDINAL}\b(?:,? (?P<year>20\d\d))?", _date),
    _rule(Kind.RELATIVE_DAY, rf"(?:dans|in) (?P<days>{NUMBER}) (?:jours|days)", _in_days),
    *(_rule(Kind.RELATIVE_DAY, rf"\b(?:{words})(?!\w)", name) for name, words in _RELATIVE.items()),
    _rule(Kind.WEEKDAY, rf"\b(?P<day>{_WEEKDAY_NAMES})s?\b", lambda m: _weekday(m["day"])),
    _rule(Kind.MONTH, r"\b(?:(?:en|de|d'|fin|début|mi-|in|late|early|mid-|until|jusqu'en) ?)(?P<month>janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|january|february|march|april|may|june|july|august|september|october|november|december)\b", lambda m: _month(m["month"])),
    _rule(Kind.YEAR, r"\b(?:19|20)\d\d\b", lambda m: int(m.group())),
    _rule(Kind.DAY_OF_MONTH, rf"\b(?:le|du|au|the) (?P<day>{_DAY})(?:er|st|nd|rd|th)?\b(?! ?(?:%|e\b|ème|premi|derni|meilleur|\w+s\b))", lambda m: int(m["day"])),
    *(_rule(Kind.PART_OF_DAY, rf"\b(?:{words})\b", name) for name, words in _PARTS.items()),
    # status
    _rule(Kind.AVAILABLE, r"(?:il )?reste(?:nt)? (?:encore )?(?:des|quelques|de la) places?|places? (?:encore )?disponibles?|encore des places|pas (?:encore )?complète?s?|(?:tickets|seats|places|spots) (?:are )?(?:still )?(?:available|left)|not sold[- ]out|still (?:places|seats|tickets)"),
    _rule(Kind.FULL, r"\bcompl(?:et|ète)s?\b(?! (?:de|des|du))|sold[- ]out|fully booked|plus de places?"),
    _rule(Kind.CANCELLED, r"annulée?s?\b|annulation|cancell?ed|called off"),
    _rule(Kind.POSTPONED, r"reportée?s?\b|reprogrammée?s?\b|programmation modifiée|postponed|rescheduled|changed by the organi[sz]er|changed schedule"),
    _rule(Kind.REGISTRATION, r"sur (?:inscription|réservation)|on registration|registration (?:is )?(?:required|needed)|(?:inscription|réservation) (?:obligatoire|conseillée|recommandée|nécessaire)|sans (?:inscription|réservation)|no (?:booking|registration)", lambda m: not m.group().startswith(("sans", "no "))),
    _rule(Kind.ACCESSIBLE, r"(?:accessibilité|accessibility) (?:non précisée|not stated|n'est pas précisée|is not stated)", "unknown"),
    _rule(Kind.ACCESSIBLE, r"fauteuils?(?: roulants?)?|\bpmr\b|mobilité réduite|handicap moteur|wheelchairs?|step-free|motor impairment", "mi"),
    _rule(Kind.ACCESSIBLE, r"\blsf\b|langue des signes|malentendante?s?|handicap auditif|sign language|hard of hearing|hearing impairment|\bdeaf\b|\bsourde?s?\b", "hi"),
    _rule(Kind.ACCESSIBLE, r"malvoyante?s?|handicap visuel|audiodescription|audio description|visual(?:ly)? impair(?:ment|ed)|non-voyante?s?", "vi"),
    _rule(Kind.ACCESSIBLE, r"handicap psychique|psychic impairment", "pi"),
    _rule(Kind.ACCESSIBLE, r"handicap (?:mental|intellectuel)|intellectual impairment", "ii"),
    _rule(Kind.ACCESSIBLE, r"accessible(?:s)?(?! (?:à|aux|en|to|by|from)\b)|accessibilité annoncée|stated as accessible", "any"),
    _rule(Kind.ONLINE, r"(?<!réserver )(?<!réservation )(?<!book )\b(?:en ligne|online)\b(?! booking| ticket)"),
    _rule(Kind.CHEAPEST, r"(?:le|la|les) (?:moins chers?|moins chères?|plus économiques?|plus chers?|plus chères?)|moins chère?s? que|moins coûteu(?:x|se)|\bcheaper\b|\bcheapest\b|most expensive|more expensive", lambda m: "dearest" if re.search(r"plus ch|expensive", m.group()) else "cheapest"),
    _rule(Kind.NEAREST, r"(?:le|la|les) plus (?:proches?|près|éloignée?s?|loin)|plus (?:proche|près) que|\bclosest\b|\bnearest\b|\bcloser\b|\bfarthest\b|\bfurthest\b", lambda m: "farthest" if re.search(r"éloign|loin|f[au]rthest", m.group()) else "nearest"),
    _rule(Kind.COUNT, rf"(?!une?\b|one\b)(?P<amount>{NUMBER}) {_EVENT_NOUN}|(?:les|the|these|ces|voici les) (?P<other>{NUMBER})(?= )", lambda m: value_of(m["amount"] or m["other"])),
    _rule(Kind.NUMBER, r"(?<!\w)n?[°º]? ?\d+(?:[.,]\d+)?(?:e|è|er|ère|ème|th|st|nd|rd)?(?!\w)|\d+", lambda m: re.sub(r"\D*$", "", m.group().strip("n°º "))),
)  # fmt: skip

_QUOTED = re.compile(
    r"«\s*(?P<a>[^«»]{2,400}?)\s*»|“(?P<b>[^“”]{2,400}?)”|\"(?P<c>[^\"]{2,400}?)\"|\*\*(?P<d>[^*]{2,300}?)\*\*|(?<!\*)\*(?P<e>[^*\s][^*]{1,300}?)\*(?!\*)"
)
_SMALL = (
    r"(?:de la|de l'|des|du|de|d'|l'|la|le|les|aux|au|à|en|sur|sous|et|&|of|the|and|in|on|at|-|–)"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_NAMES = re.compile(rf"{_CAPITAL}(?:[ ]{_SMALL}(?:[ ]{_SMALL})?[ ]?{_CAPITAL}|[ ]{_CAPITAL})*")
_BEFORE_PLACE = re.compile(
    r"(?:\b(?:à|au|aux|en|dans|chez|vers|près de|près d'|près du|autour de|in|at|near|around|from|to)"
    r"(?: (?:la|le|les|l'|the))?[ ]?)$",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"(?:^|[.!?…:•\n»)]|[-–—]\s|\d\.)[\s«“\"*_(\x00]*$")
_VENUE_KINDS = re.compile(
    r"\b(?:(?:à|dans) (?:la |l'|une? )|au |aux |in the |at the )(?P<kind>médiathèque|bibliothèque|musée|théâtre|cinéma|"
    r"église|cathédrale|château|opéra|conservatoire|mairie|gymnase|stade|parc|jardin|library|museum|theatre|"
    r"theater|church|cathedral|castle|opera|stadium|park|salle des fêtes)\b"
)
_ARRONDISSEMENT = re.compile(r"\b(?P<number>\d{1,2})(?:er|e|ème|th|st|nd|rd)(?: arrondissement)\b")
_COMMON_CAPITALS = frozenset(
    "puls openagenda i ok oui non yes no france euro euros français française anglais french english "
    "lsf pmr le la les l un une des du de d the a an il elle ils elles c ce cette ces it this that these for and et mais "
    "but so vous you je si pour avec sans dans sur noël christmas bonne bon belle".split()
)


def plain(text: str) -> str:
    """The text letter for letter, with the usual blank and apostrophe, so that places stay."""
    table = {0xA0: " ", 0x202F: " ", 0x2019: "'", 0x2011: "-"}
    return text.translate(table)


def claims_in(
    text: str, *, known: Iterator[tuple[int, int]] | tuple[tuple[int, int], ...] = ()
) -> list[Claim]:
    """Every claim of a sentence, in the order of the text; the spans `known` are not read."""
    letters = list(plain(text))
    for start, end in known:
        _blot(letters, start, end)
    claims = list(_quoted(letters))
    claims += _arrondissements(letters)
    lowered = "".join(letters).lower()
    if len(lowered) != len(letters):  # « İ » has two letters in lower case
        lowered = "".join(letter.lower()[:1] or " " for letter in letters)
    for kind, pattern, value in _RULES:
        found = [
            (match.start(), match.end(), value(match))
            for match in pattern.finditer(lowered)
            if match.group()
        ]
        for start, end, what in found:
            claims.append(Claim(kind, what, start, end))
            _blot(letters, start, end)
            lowered = lowered[:start] + _BLOT * (end - start) + lowered[end:]
    claims += _venue_kinds(lowered)
    claims += _names(letters)
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def _blot(letters: list[str], start: int, end: int) -> None:
    letters[start:end] = _BLOT * (end - start)


def _quoted(letters: list[str]) -> Iterator[Claim]:
    for match in _QUOTED.finditer("".join(letters)):
        words = next(group for group in match.groups() if group is not None)
        if _BLOT in words and not words.strip(f"{_BLOT} "):
            continue  # a title that is already known
        if not any(letter.isalpha() for letter in words):
            continue
        is_bold = match.group().startswith("*")
        yield Claim(Kind.TITLE, (words, is_bold), match.start(), match.end())


def _arrondissements(letters: list[str]) -> Iterator[Claim]:
    for match in _ARRONDISSEMENT.finditer("".join(letters)):
        yield Claim(
            Kind.PLACE, f"arrondissement {int(match['number'])}", match.start(), match.end()
        )
        _blot(letters, match.start(), match.end())


def _venue_kinds(lowered: str) -> Iterator[Claim]:
    for match in _VENUE_KINDS.finditer(lowered):
        yield Claim(Kind.PLACE, match["kind"], match.start("kind"), match.end("kind"))


def _names(letters: list[str]) -> Iterator[Claim]:
    text = "".join(letters)
    for match in _NAMES.finditer(text):
        name, start = match.group(), match.start()
        before = text[:start]
        if _BEGINNING.search(before):
            first = re.match(r"[\w'’.-]+(?:\s+|$)", name)
            rest = name[first.end() :] if first else ""
            rest = re.sub(rf"^(?:{_SMALL}\s)+", "", rest)
            if not any(word[:1].isupper() for word in rest.split()):
                continue
            start, name = match.end() - len(rest), rest
        words = [word for word in fold(name).split() if word not in _COMMON_CAPITALS]
        if not words or all(word in WEEKDAY_OF or word in MONTH_OF for word in words):
            continue
        is_place = _BEFORE_PLACE.search(before) is not None
        yield Claim(Kind.PLACE if is_place else Kind.NAME, name.rstrip(".'’-"), start, match.end())
