"""Words of time and the small readings that the rules about days share: a weekday, a day of the month, a count. Pure."""

from collections.abc import Collection
from functools import cache

from puls.language.lexicon import ENGLISH_ORDINALS, MONTH_OF, SHORT_WEEKDAY_OF, WEEKDAY_OF
from puls.understanding.message import Message
from puls.understanding.when.days import Part


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


THE = words("le la les l the der die das el il lo los")
THIS = words("ce cet cette ces this questo este esta dieses diesen diese c")
EVERY = words("tous toutes chaque every each tout toute")
NOT_A_DAY = words(
    "ans an euros euro km kms kilometres metres personnes places minutes min mois jours jour arrondissement arr rue ieme "
    "enfants adultes heures heure fois eme edition siecle premiers dernieres derniers prochains prochaines premieres "
    "idees concerts expos billets tickets people kids adults years old semaines weeks days"
)
DAY_UNITS = words("jour jours day days nuit nuits night nights tag tage tagen dia dias giorni")
WEEK_UNITS = words("semaine semaines week weeks woche wochen semana semanas settimana settimane")
MONTH_UNITS = words("mois month months monat mes meses mesi")
YEAR_UNITS = words("an ans annee annees year years")
SEASONS = {
    "printemps": "spring", "spring": "spring", "ete": "summer", "summer": "summer", "automne": "autumn", "autumn": "autumn",
    "fall": "autumn", "hiver": "winter", "winter": "winter", "sommer": "summer", "herbst": "autumn", "verano": "summer",
    "otono": "autumn", "invierno": "winter", "primavera": "spring", "fruhling": "spring", "estate": "summer", "inverno": "winter",
}  # fmt: skip
WEEKENDS = words("weekend weekends we")
ABOUT = {
    "dizaine": 10,
    "quinzaine": 15,
    "vingtaine": 20,
    "fortnight": 14,
    "huitaine": 8,
    "trentaine": 30,
}
FEW = {"quelques": 3, "few": 3, "couple": 2, "un": 1, "une": 1, "a": 1, "an": 1, "one": 1}


def skip(message: Message, at: int, words: Collection[str], most: int = 3) -> int:
    """The first word from `at` that is none of these."""
    while most and message.norm(at) in words:
        at, most = at + 1, most - 1
    return at


def says(message: Message, at: int, *phrases: str) -> int | None:
    """The word after whichever phrase stands at `at`; the longest one first."""
    for said in _by_first_word(phrases).get(message.norm(at), ()):
        if all(message.norm(at + place) == said[place] for place in range(1, len(said))):
            return at + len(said)
    return None


@cache
def _by_first_word(phrases: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """The words of phrases by the first of them, the longest phrase first. Phrases are those of the rules: a bounded number."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = phrase.split()
        found.setdefault(words[0], []).append(words)
    return found


def weekday(message: Message, at: int) -> tuple[int, bool] | None:
    """The weekday a word names and whether it is a plural; a short form needs words of time beside it."""
    word = message.norm(at)
    known = WEEKDAY_OF.get(word)
    if known is not None:
        return None if _is_a_name(message, at) else (known, False)
    if word.endswith("s") and word[:-1] in WEEKDAY_OF:
        return WEEKDAY_OF[word[:-1]], True
    short = SHORT_WEEKDAY_OF.get(word)
    return (short, False) if short is not None and _is_short_day_meant(message, at) else None


_SURE_SHORT = words("sam dim ven vend vendr lun merc mercr sat thu thur thurs wed fri tues")
_BESIDE_SHORT = words(
    "soir matin apresmidi midi nuit prochain proch morning evening night afternoon next this after ce jusqu avant des "
    "ou et au a soiree matinee mat 1er"
)
_ENGLISH_SHORT = words("sat sun mon tue tues wed thu thur thurs fri")


def _is_short_day_meant(message: Message, at: int) -> bool:
    word, after, before = message.norm(at), message.norm(at + 1), message.norm(at - 1)
    if message.is_tied(at) or message.is_tied(at + 1) or _is_a_name(message, at):
        return False
    beside = after.isdigit() or after in _BESIDE_SHORT - {"a", "et", "ou", "au"} or _is_clock(after)
    if word in _ENGLISH_SHORT and word != "tues":
        return (
            beside
            or before in ("on", "this", "next", "till", "until", "from", "to")
            or (word in ("sat", "thu", "fri", "wed") and before in ("and", "or"))
        )
    if word in _SURE_SHORT:
        return (
            beside
            or message.has_pause_after(at)
            or before in ("ce", "le", "du", "au", "et", "ou", "matin", "soir", "apresmidi", "midi")
            or not message.is_capitalised(at)
        )
    return beside and not (word == "mer" and before in ("la", "de", "bord"))


def _is_clock(word: str) -> bool:
    return len(word) > 1 and word[0].isdigit() and "h" in word


def _is_a_name(message: Message, at: int) -> bool:
    """« Vendredi sur Mer », « Avril Lavigne »: capitals without a pause, in a text that has small letters too."""
    if not _is_written_like_a_name(message, at) or at + 1 >= len(message):
        return False
    if message.norm(at + 1) == "sur" and at + 2 < len(message):  # « Vendredi sur Mer »
        return _is_written_like_a_name(message, at + 2)
    after = message.norm(at + 1)
    return (
        _is_written_like_a_name(message, at + 1)
        and not message.has_pause_after(at)
        and after.isalpha()
        and after not in _NEVER_A_NAME
        and after not in WEEKDAY_OF
        and after not in MONTH_OF
    )


_NEVER_A_NAME = words(
    "a au en soir matin apresmidi midi nuit morning evening night afternoon at in on and or prochain next"
)


def _is_written_like_a_name(message: Message, at: int) -> bool:
    written = message.written(at, at)
    return written[:1].isupper() and written[1:].islower()


def day_number(message: Message, at: int) -> tuple[int, int] | None:
    """A day of the month and the word after it."""
    word = message.norm(at)
    if word.isdigit() and 1 <= int(word[:3]) <= 31 and len(word) <= 2:
        return int(word), at + 1
    said = message.words[at].said if at < len(message) else ""
    if word == "1er" or (
        word.endswith("e")
        and word[:-1].isdigit()
        and (said[-2:] in ("st", "nd", "rd", "th") or said.split()[-1] in ENGLISH_ORDINALS)
    ):
        number = int(word.rstrip("er"))
        return (number, at + 1) if number <= 31 else None
    return None


def month(message: Message, at: int) -> int | None:
    word = message.norm(at)
    if word not in MONTH_OF or _is_a_name(message, at):
        return None
    return MONTH_OF[word]


def year(message: Message, at: int) -> tuple[int | None, int]:
    """The year at `at`, if one is said there, and the word after it."""
    start = at
    at = skip(message, at, ("de", "d", "l", "annee", "of"))
    word = message.norm(at)
    if (len(word) == 4 and word.isdigit() and word[:2] in ("19", "20", "21", "99", "00")) or (
        word.isdigit() and len(word) == 4
    ):
        return int(word), at + 1
    return None, start


def count(message: Message, at: int) -> tuple[int, int] | None:
    word = message.norm(at)
    if word.isdigit() and len(word) <= 3:
        return int(word), at + 1
    return (FEW[word], at + 1) if word in FEW else None


def part(message: Message, at: int) -> tuple[Part, int] | None:
    """« début », « fin », « mi- », « milieu de », “mid”, “the end of”."""
    start = skip(
        message,
        at,
        (
            "en",
            "a",
            "au",
            "la",
            "le",
            "vers",
            "in",
            "the",
            "au",
            "tout",
            "toute",
            "courant",
            "dans",
        ),
    )
    for part, phrases in _PARTS:
        after = says(message, start, *phrases)
        if after is not None:
            return part, skip(
                message, after, ("de", "du", "d", "of", "the", "la", "le", "l", "des", "mois"), 4
            )
    return None


_PARTS: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (
        "early",
        (
            "debut",
            "early",
            "beginning of",
            "the beginning of",
            "start of",
            "anfang",
            "premiers jours",
            "les premiers jours",
            "principios",
        ),
    ),
    ("mid", ("mi", "milieu", "mid", "middle of", "the middle of", "mitte", "mediados")),
    (
        "late",
        (
            "fin",
            "late",
            "end of",
            "the end of",
            "ende",
            "finales",
            "derniers jours",
            "les derniers jours",
        ),
    ),
)
