"""For whom an event is.

Ages and accessibility, from fields and from strong statements in the texts.

Pure. A statement counts only when the organiser makes it: « dès 6 ans » is an age, « 30 ans de jazz
» is not; « accessible PMR » is an access, « n'est pas accessible PMR » is not.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from puls.catalogue.event import Accessibility
from puls.ingestion.mapping.records import decoded, number_of

ADULT_AGE_LIMIT: Final = 99  # OpenAgenda allows 120; from 99 on, "no upper limit" is meant
_OLDEST_MINIMUM: Final = 65
_NOT_AN_AGE_BEFORE: Final = re.compile(
    r"(?:€|euros?|gratuit\w*|tarif\w*|reduit\w*|offert\w*|payant\w*|pendant|depuis|duree"
    r"|experience|"
    r"tous les|il y a|apres|sur|en|age de|historique de|enfants? \(|jeunes? \()"
    r"(?: pour)?(?: les?| des?)?(?: enfants?| jeunes?)?(?: de| entre)? ?\(?$"
)
_A_PRICE_AFTER: Final = re.compile(
    r"\)? ?(?:inclus|revolus)?\)? ?[:=,-]? ?(?:gratuit|offert|\d+(?:[.,]\d+)? ?(?:€|euros)|tarif)"
)
_FROM_AGE: Final = re.compile(
    r"(?:\bdès|\ba partir d'|\bà partir d'|\b[àa] partir de|\b[àa] compter de|(?:^|[.!|(\n,/-] ?"
    r"|public |enfants? )des)"
    r" (?:l'[âa]ge de )?(?P<from>\d{1,2})(?: ?/ ?\d{1,2}| ?[àa] ?\d{1,2})? ?(?P<unit>mois|ans)\b"
    r"|\b(?P<over>\d{1,2}) ans(?: et (?:plus|\+)| ?\+)"
    r"|(?:interdite?s?|d[ée]conseill[ée]e?s?)(?: \w+)? aux(?: enfants)?(?: de)? moins de "
    r"(?P<forbidden>\d{1,2})(?: ?ans)?"
    r"|(?:enfants?|r[ée]serv[ée]\w* aux|accessible aux|public de) (?:de )?plus de "
    r"(?P<more>\d{1,2}) ans"
    r"|[âa]ge minimum ?:? (?P<minimum>\d{1,2}) ans"
)
_BETWEEN_AGES: Final = re.compile(
    r"(?P<low>\d{1,2})(?: (?P<low_unit>mois|ans?))? ?(?:[àa]|-|/|et) ?(?P<high>\d{1,2}) ?ans\b"
    r"|\bde la naissance [àa] (?P<from_birth>\d{1,2}) ans\b"
)
_AUDIENCE_BEFORE: Final = re.compile(
    r"(?:enfants?|jeunes?|ados?|adolescents?|public|familles?|pour les|r[ée]serv[ée]\w* aux"
    r"|[âa]ges?|[âa]g[ée]e?s|"
    r"conseill[ée]\w*|atelier|stage|les)[^\w.\n]+(?:[\w'’]+ ){0,2}(?:de |entre )?\(?$"
)
_NOT_AN_AUDIENCE: Final = re.compile(
    r"\b(?:tous les|pr[èe]s de|plus de|depuis|pendant|il y a)\b[^.]{0,12}$"
)


_AGE_BEFORE: Final = re.compile(r"(?<!\d)\d{1,2} ?$")
_WINDOW_BEFORE: Final = 100
_WINDOW_AFTER: Final = 40


class Ages(NamedTuple):
    minimum: int | None = None
    maximum: int | None = None


def ages_of(record: Mapping[str, Any], texts: Iterable[str], details: str) -> Ages:
    """Ages from the fields.

    Without them from `texts` (lower case, title first), then from `details`, stricter.
    """
    stated = _believable(number_of(record.get("age_min")), number_of(record.get("age_max")))
    if stated != Ages():
        return stated
    for text in texts:
        found = _ages_in(text, is_loose=True)
        if found != Ages():
            return found
    return _ages_in(details, is_loose=False)


def _believable(minimum: float | None, maximum: float | None) -> Ages:
    low = int(minimum) if minimum is not None and 0 <= minimum < ADULT_AGE_LIMIT else None
    high = int(maximum) if maximum is not None and 0 < maximum < ADULT_AGE_LIMIT else None
    if low is not None and high is not None and low > high:
        return Ages()
    if high is None and not low:
        return Ages()
    return Ages(low, high)


def _ages_in(text: str, *, is_loose: bool) -> Ages:
    if not ("ans" in text or "mois" in text):
        return Ages()
    lows: list[int] = []
    highs: list[int] = []
    first: Ages | None = None
    for start, end in _ages_named(text):
        window = text[max(0, start - _WINDOW_BEFORE) : end + _WINDOW_AFTER]
        at = start - max(0, start - _WINDOW_BEFORE)
        if found := _range_at(window, at, is_loose=is_loose):
            lows.append(found[0])
            highs.append(found[1])
        elif first is None and not lows:
            first = _minimum_at(window, at, is_loose=is_loose)
    if lows:
        return _believable(min(lows), max(highs))
    return first or Ages()


def _ages_named(text: str) -> list[tuple[int, int]]:
    """Where numbers of years or months stand; a plain search, since « dans » is in every text."""
    found = []
    for unit in ("ans", "mois"):
        at = text.find(unit)
        while at >= 0:
            end = at + len(unit)
            if (
                text[max(0, at - 2) : at].strip()[-1:].isdigit()
                and not text[end : end + 1].isalnum()
            ):
                before = _AGE_BEFORE.search(text[max(0, at - 4) : at])
                if before:
                    found.append((max(0, at - 4) + before.start(), end))
            at = text.find(unit, end)
    return sorted(found)


def _range_at(window: str, at: int, *, is_loose: bool) -> tuple[int, int] | None:
    """The range whose last number stands at `at`."""
    for match in _BETWEEN_AGES.finditer(window, max(0, at - 25)):
        if match.start("high") != at and match.start("from_birth") != at:
            continue
        if match["from_birth"]:
            return 0, int(match["from_birth"])
        low = 0 if match["low_unit"] == "mois" else int(match["low"])
        high = int(match["high"])
        before = window[: match.start()]
        if low >= high or _is_about_something_else(window, match):
            return None
        if _NOT_AN_AUDIENCE.search(before):
            return None
        return (low, high) if is_loose or _AUDIENCE_BEFORE.search(before) else None
    return None


def _minimum_at(window: str, at: int, *, is_loose: bool) -> Ages | None:
    for match in _FROM_AGE.finditer(window, max(0, at - 55)):
        if not match.start() <= at < match.end():
            continue
        low = _minimum_of(match)
        if low > _OLDEST_MINIMUM or _is_about_something_else(window, match):
            return None
        if match["more"] and not is_loose:
            return None
        return _believable(low, None)
    return None


def _is_about_something_else(text: str, match: re.Match[str]) -> bool:
    return (
        _NOT_AN_AGE_BEFORE.search(text[: match.start()]) is not None
        or _A_PRICE_AFTER.match(text, match.end()) is not None
    )


def _minimum_of(match: re.Match[str]) -> int:
    number = next(
        match[name] for name in ("from", "over", "forbidden", "more", "minimum") if match[name]
    )
    return 0 if match["unit"] == "mois" else int(number)


# Accessibility ------------------------------------------------------------------------------------

_LABELS: Final = {
    "auditif": Accessibility.HEARING,
    "visuel": Accessibility.VISUAL,
    "psychique": Accessibility.PSYCHIC,
    "moteur": Accessibility.MOTOR,
    "intellectuel": Accessibility.INTELLECTUAL,
    "mental": Accessibility.INTELLECTUAL,
}
_CODES: Final = {code.value: code for code in Accessibility}
_HEARING: Final = re.compile(
    r"\blsf\b|langue des signes|chansign|surtitr\w+ (?:adapte|pour (?:les )?sourd)|sous-titr\w+ "
    r"(?:sme|pour (?:les )?sourd|adapte)"
    r"|surtitr\w+ sourds|boucles? (?:a induction )?magnetique|malentendant|mal-entendant|public "
    r"sourd|visiteurs sourds"
)
_VISUAL: Final = re.compile(
    r"audio-?descri\w+|malvoyant|mal-voyant|non-voyant|mal et non-voyant|deficients? visuels?"
    r"|visite tactile"
)
_MOTOR: Final = re.compile(
    r"\bacces+ibles? (?:a tous y compris )?(?:aux?|pour les|pour) (?:les )?(?:personnes |publics? "
    r"|visiteurs )?"
    r"(?:en situation de handicap moteur|a mobilite reduite|pmr|en fauteuil|fauteuils? roulant"
    r"|fauteuil)"
    r"|\bacces+ibles? (?:pmr|en fauteuil)|\bacces (?:pmr|fauteuil|handicape)|accessibilite (?:pmr"
    r"|aux personnes a mobilite reduite)"
    r"|\bpmr ?: ?oui|wheelchair[- ]accessible|(?:site|lieu|salle|batiment) adaptee? aux "
    r"(?:personnes a mobilite reduite|pmr)"
    r"|place au chaud pmr|places? pmr\b"
)
_LEARNING_TO_SIGN: Final = re.compile(
    r"(?:sensibilis\w+|initi\w+|decouv\w+|cours|apprend\w+|apprentissage|formation)(?: \w+)? "
    r"(?:a la|de la|de|en|la|au|a l'|du)(?: la)? ?$"
)
_DENIED: Final = re.compile(
    r"\b(?:non|pas|peu|ni|in\w*accessible|sans|impossible|malheureusement|deconseille\w*"
    r"|difficile\w*|partiel\w*|inadapte\w*"
    r"|aucun\w*|hormis|sauf|excepte|interdit\w*|not)\b"
)
_DENIED_AFTER: Final = re.compile(
    r" ?:? ?(?:non\b|impossible|partiel|limite|difficile|restreint|indisponible)"
)
_MOTOR_HINTS: Final = ("pmr", "mobilite", "fauteuil", "wheelchair", "moteur", "roulant")
_FOR_WHEELCHAIRS: Final = (
    r"(?:(?:a|aux?|pour|en|et|la|les|l'|des|de|d'|tous|personnes?|publics?|visiteurs?|poussettes?) ?)*"
    r"(?:situation de handicap moteur|handicap moteur|mobilite reduite|pmr|fauteuils?(?: roulants?)?)"
)
_DENIED_MOTOR: Final = re.compile(
    r"\b(?:non|pas|ni)[ -](?:acces+ibles?|d[' ]acces|adaptee?s?|amenagee?s?|praticables?) "
    rf"{_FOR_WHEELCHAIRS}\b"
    rf"|\b(?:inacces+ibles?|deconseillee?s?|inadaptee?s?) {_FOR_WHEELCHAIRS}\b"
    rf"|\b(?:acces|acces+ibilite) {_FOR_WHEELCHAIRS} ?:? ?(?:non|impossible|interdite?)\b"
    r"|\bpmr ?: ?non\b|\bnot wheelchair[- ]accessible\b"
)
_IN_PART: Final = re.compile(
    r"\b(?:parties?|partiel\w*|certaine?s|salles?|bureaux?|etages?|sauf)\b"
)
_SENTENCE_END: Final = re.compile(r"[.!?;\n|•]")
_STATEMENTS: Final = (
    (Accessibility.HEARING, _HEARING, ("lsf", "sign", "titr", "magnet", "entendant", "sourd")),
    (Accessibility.VISUAL, _VISUAL, ("descri", "voyant", "visuel", "tactile")),
    (Accessibility.MOTOR, _MOTOR, ("pmr", "mobilite", "fauteuil", "wheelchair", "moteur")),
)


def accessibility_of(record: Mapping[str, Any], folded_texts: str) -> frozenset[Accessibility]:
    """Codes and labels of the record, and what its texts state."""
    found = _codes_of(decoded(record.get("accessibility")))
    if not found:
        found = _codes_of(decoded(record.get("accessibility_label_fr")))
    for code, pattern, hints in _STATEMENTS:
        if (
            code not in found
            and any(hint in folded_texts for hint in hints)
            and _is_stated(pattern, folded_texts)
        ):
            found = found | {code}
    return found


def _codes_of(value: Any) -> frozenset[Accessibility]:
    match value:
        case str():
            words = re.split(r"[;,|]", value)
        case list():
            words = [str(word) for word in value]
        case dict():
            words = [key for key, is_so in value.items() if is_so is True]
        case _:
            return frozenset()
    return frozenset(code for word in words if (code := _code(word.strip().lower())) is not None)


def _code(word: str) -> Accessibility | None:
    return _CODES.get(word) or _LABELS.get(word.removeprefix("handicap "))


def denied_accessibility_of(folded_texts: str) -> frozenset[Accessibility]:
    """What the texts say the place is not accessible for; a part of it (« une salle », « partiellement ») is no denial."""
    if not any(hint in folded_texts for hint in _MOTOR_HINTS):
        return frozenset()
    for match in _DENIED_MOTOR.finditer(folded_texts):
        window = folded_texts[max(0, match.start() - 120) : match.start()]
        if not _IN_PART.search(_SENTENCE_END.split(window)[-1]):
            return frozenset({Accessibility.MOTOR})
    return frozenset()


def _is_stated(pattern: re.Pattern[str], text: str) -> bool:
    for match in pattern.finditer(text):
        window = text[max(0, match.start() - 120) : match.start()]
        sentence = _SENTENCE_END.split(window)[-1]
        if _DENIED.search(sentence) or _DENIED_AFTER.match(text, match.end()):
            continue
        if _LEARNING_TO_SIGN.search(sentence):
            continue
        return True
    return False
