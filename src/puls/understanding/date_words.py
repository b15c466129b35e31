"""Names of days and months as people write them, folded: French first.

Then English and neighbours. Pure data.
"""

WEEKDAYS: dict[str, int] = {
    name: weekday
    for weekday, names in enumerate(
        (
            "lundis? mondays? montags? lunes lunedi",
            "mardis? tuesdays? dienstags? martes martedi",
            "mercredis? wednesdays? mittwochs? miercoles mercoledi",
            "jeudis? thursdays? donnerstags? jueves giovedi",
            "vendredis? fridays? freitags? viernes venerdi",
            "samedis? saturdays? samstags? sonnabend sabados? sabato",
            "dimanches? sundays? sonntags? domingos? domenica",
        )
    )
    for name in names.split()
}
SHORT_WEEKDAYS: dict[str, int] = {
    "lun": 0,
    "mar": 1,
    "mer": 2,
    "jeu": 3,
    "ven": 4,
    "sam": 5,
    "dim": 6,
}

MONTHS: dict[str, int] = {
    name: month
    for month, names in enumerate(
        (
            "janvier january januar enero gennaio janv jan",
            "fevrier february februar febrero febbraio fevr fev feb",
            "mars march marz maerz marzo",
            "avril april abril aprile avr apr",
            "mai may mayo maggio",
            "juin june juni junio giugno",
            "juillet july juli julio luglio juil jul",
            "aout august agosto aug",
            "septembre september septiembre settembre sept sep",
            "octobre october oktober octubre ottobre oct okt",
            "novembre november noviembre novembre nov",
            "decembre december dezember diciembre dicembre dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
# Months that are words of their own: they need « en », « début », a number… around them.
AMBIGUOUS_MONTHS = frozenset(
    "mars mai may march sept sep jan fev feb avr apr juil jul aug oct okt nov dec dez "  # noqa: SIM905 - a list of words reads better as prose
    "janv fevr juni juli".split()
)

NUMBERS: dict[str, int] = {
    "un": 1, "une": 1, "one": 1, "a": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4,
    "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "dix": 10, "ten": 10,
    "quinze": 15,
    "quelques": 3, "zwei": 2, "drei": 3, "dos": 2, "tres": 3,
}  # fmt: skip

WEEKDAY = "(?:" + "|".join(WEEKDAYS) + ")"
SHORT_WEEKDAY = "(?:" + "|".join(SHORT_WEEKDAYS) + ")"
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
DAY = r"(?:1er|premier|3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:20\d\d)"
COUNT = r"(?:\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"


def weekday_of(word: str) -> int:
    """The weekday a word names, singular or plural."""
    for name, weekday in WEEKDAYS.items():
        if word in (name, name.replace("?", ""), name.removesuffix("s?")):
            return weekday
    return SHORT_WEEKDAYS[word]


def day_of(word: str) -> int:
    digits = "".join(letter for letter in word if letter.isdigit())
    return int(digits) if digits else 1


def count_of(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]
