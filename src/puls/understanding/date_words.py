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
    "mon": 0,
    "tue": 1,
    "wed": 2,
    "thu": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
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

# Names that hold a word of time and mean none of it, folded; they stay in the theme.
NAMES_WITH_A_DATE = (
    "avril lavigne", "octobre rose", "mars bleu", "vendredi sur mer", "black friday", "mars attacks",
    "mai 68", "14 18", "39 45", "casual friday", "bloody sunday", "sunday roast", "sunday brunch",
    "taco tuesday", "saturday night fever", "nuit d ete", "midsummer night", "quatre saisons",
    "friday the 13th", "un dimanche a la campagne", "printemps des poetes", "printemps de bourges",
    "sacre du printemps", "printemps arabe", "printemps des comediens", "may the fourth",
)  # fmt: skip

NUMBERS: dict[str, int] = {
    "un": 1, "une": 1, "one": 1, "a": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4,
    "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "dix": 10, "ten": 10,
    "quinze": 15, "vingt": 20, "trente": 30,
    "quelques": 3, "zwei": 2, "drei": 3, "dos": 2, "tres": 3,
}  # fmt: skip

WEEKDAY = "(?:" + "|".join(WEEKDAYS) + ")"
WEEKDAY_PLURALS = (
    "(?:lundis|mardis|mercredis|jeudis|vendredis|samedis|dimanches|"
    "mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)"
)
SHORT_WEEKDAY = "(?:" + "|".join(SHORT_WEEKDAYS) + ")"
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
DAY = r"(?:1er|premier|3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:20\d\d)"
# Strings of which one stands in any text that names a month, a day of the week.
IN_MONTHS = tuple(
    sorted({min((a for a in MONTHS if name.startswith(a)), key=len) for name in MONTHS})
)
IN_WEEKDAYS = tuple(sorted({name.removesuffix("s?") for name in WEEKDAYS}))

# What makes a number something else than a day of the month.
NOT_A_DAY = (
    "er|eme|e|ans|euros|h|heures|km|personnes|places|minutes|mois|jours|arrondissement|rue|am|pm"
)
COUNT = r"(?:\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"


_WEEKDAY_OF = {
    form: weekday
    for name, weekday in WEEKDAYS.items()
    for form in {name.replace("?", ""), name.removesuffix("s?")}
} | SHORT_WEEKDAYS


def weekday_of(word: str) -> int:
    """The weekday a word names, singular or plural."""
    return _WEEKDAY_OF[word]


def day_of(word: str) -> int:
    digits = "".join(letter for letter in word if letter.isdigit())
    return int(digits) if digits else 1


def count_of(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]
