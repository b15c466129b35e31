"""Words that name hours of a day: « à partir de 20 h », « le soir », « entre midi et deux ». Pure.

Hours count from midnight; 24 is the next midnight, and a night runs past it. Enter at `hours_at`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from puls.language.lexicon import PARTS_OF_DAY, WEEKDAY_OF, Hours
from puls.understanding.message import Message
from puls.understanding.when.terms import says, skip, words

AROUND_BEFORE, AROUND_AFTER = 0.5, 2.0  # « à 20 h » finds what starts by then or has just started
_CLOCK = re.compile(r"(\d{1,2})h(\d{2})?")
_NOON, _MIDNIGHT, _LATEST = 12.0, 24.0, 30.0
_AT_NOON: Hours = (11.5, 14.0)
_LATE = 23.0  # who comes from eleven on stays into the night

Manner = Literal["at", "noon", "between", "from", "until", "part"]


@dataclass(frozen=True, slots=True)
class NamedHours:
    """Hours that an expression names. `manner`: how (a part of the day, around a time, from a time on, up to it, between two).

    `is_weak`: a word that names a kind of outing (« soirée ») and narrows a day only where the day is one.
    """

    hours: Hours
    manner: Manner
    is_weak: bool = False


def clock_at(message: Message, at: int) -> float | None:
    """The hour a word says: « 20h30 » is 20.5, « midi » 12, « minuit » 24."""
    word = message.norm(at)
    if word in ("midi", "noon", "mittag", "mezzogiorno"):
        return _NOON
    if word in ("minuit", "midnight", "mitternacht"):
        return _MIDNIGHT
    clock = _CLOCK.fullmatch(word)
    if clock is None or says(message, at + 1, *_LASTS) is not None:
        return None
    hour = int(clock[1]) + int(clock[2] or 0) / 60
    return hour if hour <= _LATEST else None


_LASTS = ("devant moi", "devant nous", "devant soi", "a tuer", "a perdre", "de libre", "to kill", "to spare")  # fmt: skip
"""What makes a length of « 1h »: « 1h devant moi »."""


def hours_at(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """The longest expression of hours that begins at a word, and the word after it."""
    found = [
        each
        for read in (_between, _from, _until, _around, _part, _weak)
        if (each := read(message, at))
    ]
    return max(found, key=lambda each: each[1], default=None)


def hours_in(message: Message) -> list[NamedHours]:
    """Every expression of hours, in reading order."""
    found: list[NamedHours] = []
    at = 0
    while at < len(message):
        named = hours_at(message, at)
        if named is not None:
            found.append(named[0])
        at = named[1] if named is not None else at + 1
    return found


def _between(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """« entre 18h et 20h », « de 14 à 18h », « 20h-23h », “between 5 and 9 pm”."""
    opened = message.norm(at) in _OPENING
    start = at + 1 if opened else at
    first, bare = clock_at(message, start), _bare_hour(message, start)
    if first is None and bare is None:
        return None
    joint = says(
        message,
        start + 1,
        "et",
        "a",
        "to",
        "and",
        "au",
        "jusqu a",
        "until",
        "till",
        "bis",
        "y",
        "jusqu au",
        "al",
    )
    if joint is None:
        return None
    joint = skip(message, joint, ("les", "las", "environ"), 1)
    last = clock_at(message, joint)
    if (
        last is None
        and first is not None
        and (number := _bare_hour(message, joint)) is not None
        and (opened or message.norm(start + 1) in ("au", "a"))
    ):
        last = float(number) if message.norm(joint + 1) not in _UNITS_AFTER else None
    if last is None and opened and bare is not None and _are_bare_hours(message, start, joint):
        last = float(_bare_hour(message, joint) or 0)
    if last is None:
        return None
    if first is None:
        assert bare is not None
        first = float(bare)
        if (
            "pm" in message.words[joint].said.lower().replace(".", "")
            and first < _NOON <= last
            and first + 12 < last
        ):
            first += 12
    if not opened and message.norm(start + 1) in ("et", "and", "y") and first is not None:
        return None
    if message.norm(start) in ("midi", "noon") and last == 2.0:
        last = 14.0
    if last <= first:
        last += 24
    return (NamedHours((first, last), "between"), joint + 1) if last <= _LATEST else None


def _are_bare_hours(message: Message, start: int, end: int) -> bool:
    """« ce soir entre 18 et 20 », « samedi de 15 à 17 »: hours; days of the month have their article, what is counted its unit."""
    first, last = _bare_hour(message, start), _bare_hour(message, end)
    after = message.norm(end + 1)
    return (
        first is not None
        and last is not None
        and _EARLIEST_BARE <= first < last
        and message.norm(start - 1) in _BEFORE_BARE
        and (after == "" or message.has_pause_after(end) or after in _AFTER_BARE)
        and any(word.norm in _DAY_NAMED for word in message.words)
    )


_EARLIEST_BARE = 8
_BEFORE_BARE = words("entre de between from")
_AFTER_BARE = words("a au aux en dans sur pour vers avec chez pres in at near for with")
_DAY_NAMED = frozenset(WEEKDAY_OF) | words(
    "soir matin apresmidi midi demain aujourdhui apresdemain tonight today tomorrow evening afternoon morning"
)
_OPENING = words("entre de from between von entre des du")
_UNITS_AFTER = words("euros euro ans km enfants personnes minutes jours")


def _bare_hour(message: Message, at: int) -> int | None:
    word = message.norm(at)
    return int(word) if word.isdigit() and len(word) <= 2 and int(word) <= 24 else None


def _from(message: Message, at: int) -> tuple[NamedHours, int] | None:
    end = says(
        message, at, "a partir de", "a partir d", "a compter de", "des", "apres", "from", "after", "ab", "nach", "a partir de las", "passe", "pas avant",
        "not before", "au plus tot", "starting at", "starting from", "qui commence apres", "qui commencent apres", "qui debute apres", "depuis",
    )  # fmt: skip
    if end is None or (message.norm(at - 1) == "pas" and message.norm(at) == "apres"):
        return None
    end = skip(message, end, ("les", "a", "environ", "las"), 1)
    start = clock_at(message, end)
    if start is None and (told := _clock_of_something(message, end)) is not None:
        start, end = told
    if start is None:
        return None
    if start == _MIDNIGHT:
        return NamedHours((_MIDNIGHT, _LATEST), "from"), end + 1
    return NamedHours((start, _MIDNIGHT if start < _LATE else _LATEST), "from"), end + 1


def _until(message: Message, at: int) -> tuple[NamedHours, int] | None:
    end = says(
        message, at, "avant", "jusqu a", "before", "until", "by", "till", "vor", "pas apres", "pas plus tard que", "finir avant", "au plus tard a", "au plus tard",
        "termine avant", "finit avant", "no later than", "not after", "jusque", "qui finit avant", "qui se termine avant", "d ici",
    )  # fmt: skip
    if end is None or (
        message.norm(at) in ("avant", "before") and message.norm(at - 1) in ("pas", "not")
    ):
        return None
    end = skip(message, end, ("les", "a", "environ", "vers"), 1)
    last = clock_at(message, end)
    if last is None and (told := _clock_of_something(message, end)) is not None:
        last, end = told
    return (NamedHours((0.0, last), "until"), end + 1) if last else None


def _clock_of_something(message: Message, at: int) -> tuple[float, int] | None:
    """The hour of « (avant) la sieste de 13 h », “(before) our 6pm train”, and where it ends."""
    if message.norm(at) not in _ARTICLES:
        return None
    hour = clock_at(message, at + 1)
    if hour is not None and message.norm(at) in _ENGLISH_ARTICLES:
        return hour, at + 2
    for of in (at + 2, at + 3):
        if (
            message.norm(of) in ("de", "a", "at")
            and (told := clock_at(message, of + 1)) is not None
        ):
            return told, of + 1
    return None


_ARTICLES = words("le la l les un une mon ma mes notre nos son sa our my the")
_ENGLISH_ARTICLES = words("our my the")


def _around(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """« à 20h », « vers 11h », « 20h30 »; bare « midi » is a part of the day."""
    start = says(
        message,
        at,
        "a",
        "vers",
        "at",
        "around",
        "um",
        "gegen",
        "a las",
        "sur les",
        "aux alentours de",
        "pour",
        "sur le coup de",
        "about",
        "aux environs de",
        "autour de",
        "a environ",
        "les",
        "alle",
        "om",
    )
    hour = clock_at(message, start if start is not None else at)
    where = start if start is not None else at
    word = message.norm(where)
    if hour is None or (start is None and word in ("midi", "minuit", "noon", "midnight", "mittag")):
        return _bare_english(message, at)
    if start is not None and message.norm(at) == "pour" and word in ("midi", "minuit"):
        return None
    if hour > _MIDNIGHT:
        return None
    if word in ("midi", "noon", "mittag") and message.norm(at) in ("a", "at"):
        return NamedHours(_AT_NOON, "noon"), where + 1
    end = where + 1
    end = (
        says(message, end, "pile", "environ", "tapantes", "precises", "sharp", "max", "petantes")
        or end
    )
    return NamedHours((max(0.0, hour - AROUND_BEFORE), hour + AROUND_AFTER), "at"), end


def _bare_english(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """“at 8” in the evening of whoever goes out."""
    if (
        message.norm(at) != "at"
        or (number := _bare_hour(message, at + 1)) is None
        or not 1 <= number <= 12
    ):
        return None
    if not message.has_pause_after(at + 1) and message.norm(at + 2) not in words(
        "on in this tonight tomorrow for near"
    ):
        return None
    hour = number + 12.0 if number < 9 else float(number)
    return NamedHours((hour - AROUND_BEFORE, hour + AROUND_AFTER), "at"), at + 2


_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("noon", ("entre midi et deux", "entre midi et 2", "entre midi et 2h", "le midi", "pause dejeuner", "la pause dejeuner", "a l heure du dejeuner", "lunch time", "lunchtime", "at lunchtime", "at lunch", "mittags", "entre 12 et 14", "sur l heure du midi", "sur l heure de midi", "a l heure de midi", "l heure de midi", "l heure du midi", "a l heure du midi", "a l heure du repas", "pendant la pause dejeuner", "sur la pause de midi", "a la pause dejeuner", "au dejeuner", "sur le temps du midi")),
    ("whole_day", ("toute la journee", "de toute la journee", "toute la sainte journee", "all day", "all day long", "ganztags", "pour la journee", "sur la journee", "todo el dia")),
    ("late_afternoon", ("fin d apresmidi", "en fin d apresmidi", "late afternoon", "in the late afternoon", "fin de journee", "en fin de journee", "apres l ecole", "after school", "a la sortie de l ecole", "late in the afternoon", "en toute fin d apresmidi", "a la fin de la journee")),
    ("early_evening", ("debut de soiree", "en debut de soiree", "early evening", "in the early evening", "tot dans la soiree", "en tout debut de soiree", "early in the evening")),
    ("late_evening", ("fin de soiree", "en fin de soiree", "de fin de soiree", "tard le soir", "late at night", "late in the evening", "late evening", "tard dans la soiree", "later at night", "tard dans la nuit")),
    ("after_dark", ("a la nuit tombee", "la nuit tombee", "a la tombee de la nuit", "une fois la nuit tombee", "after dark", "at nightfall", "a la tombee du jour", "une fois la nuit venue", "quand il fait nuit", "tombee de la nuit", "nuit tombee")),
    ("early_morning", ("au petit matin", "tot le matin", "early morning", "de bon matin", "au lever du soleil", "early in the morning", "a l aube", "aux aurores", "de bonne heure")),
    ("morning", ("tous les matins", "chaque matin", "every morning", "matin", "matinee", "le matin", "au matin", "en matinee", "dans la matinee", "du matin", "de la matinee", "in the morning", "morning", "mornings", "vormittags", "vormittag", "morgens", "am morgen", "pendant la matinee", "am vormittag", "por la manana", "la matinee", "les matins", "plutot le matin", "le mat", "en debut de matinee", "en fin de matinee", "fin de matinee", "matins", "di mattina")),
    ("afternoon", ("apresmidi", "l apresmidi", "en apresmidi", "dans l apresmidi", "cet apresmidi", "de l apresmidi", "d apresmidi", "les apresmidi", "afternoon", "in the afternoon", "this afternoon", "nachmittags", "nachmittag", "am nachmittag", "por la tarde", "debut d apresmidi", "en debut d apresmidi", "le apresmidi", "afternoons", "en milieu d apresmidi", "dans le courant de l apresmidi", "early afternoon", "apresmidis", "les apresmidis", "nel pomeriggio")),
    ("evening", ("tous les soirs", "chaque soir", "every evening", "soir", "soirs", "le soir", "au soir", "en soiree", "dans la soiree", "du soir", "les soirs", "evening", "in the evening", "evenings", "in the evenings", "abends", "abend", "am abend", "pendant la soiree", "por la noche", "at night", "apres le travail", "apres le boulot", "after work", "de soir", "a la soiree", "la soiree", "apres le taf", "night", "pour le soir", "en nocturne", "de sera", "after dinner", "apres diner", "apres le diner", "nights", "'s avonds", "avond")),
    ("daytime", ("en journee", "dans la journee", "la journee", "during the day", "pendant la journee", "de jour", "daytime", "in the daytime", "dans le courant de la journee", "tagsuber")),
)  # fmt: skip
_NIGHTS = (
    "dans la nuit",
    "la nuit",
    "de nuit",
    "nuit",
    "pendant la nuit",
    "in the night",
    "late at night",
    "nachts",
    "nuits",
    "la nuit venue",
)


def _part(message: Message, at: int) -> tuple[NamedHours, int] | None:
    best: tuple[NamedHours, int] | None = None
    for part, phrases in _by_first_word().get(message.norm(at), ()):
        end = says(message, at, phrases)
        if end is not None and (best is None or end > best[1]):
            hours = (6.0, 18.0) if part == "daytime" else PARTS_OF_DAY[part]
            best = NamedHours(hours, "part", part == "daytime"), end
    return best


def _by_first_word() -> dict[str, list[tuple[str, str]]]:
    if not _FIRST_WORDS:
        for part, phrases in _PARTS:
            for phrase in phrases:
                _FIRST_WORDS.setdefault(phrase.split()[0], []).append((part, phrase))
    return _FIRST_WORDS


_FIRST_WORDS: dict[str, list[tuple[str, str]]] = {}


def _weak(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """« une soirée … le 21 juin »: the evening of that one day."""
    if message.norm(at) in ("soiree", "soirees", "nocturne", "nocturnes"):
        return NamedHours(PARTS_OF_DAY["evening"], "part", is_weak=True), at + 1
    return None


def night_after_day(message: Message, at: int) -> tuple[NamedHours, int] | None:
    """« samedi nuit », « samedi midi », “Saturday noon”: these words count only right after the name of a day."""
    end = says(message, at, *_NIGHTS)
    if end is not None:
        return NamedHours(PARTS_OF_DAY["night"], "part"), end
    end = says(message, at, "mat")  # « dim mat »
    if end is not None:
        return NamedHours(PARTS_OF_DAY["morning"], "part"), end
    end = says(message, at, "midi", "noon", "mittag")
    return (NamedHours(PARTS_OF_DAY["noon"], "part"), end) if end is not None else None
