"""A second reader of answers: plain patterns against the rows of the tables, sharing no code with the check of `puls`.

Simple on purpose, so that a mistake of the check is not repeated here. What a sentence states must stand in the row of
an event that it names (by its link or title; else those named last), or in what was asked. Enter at `unfounded`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("janvier january jan janv", "fevrier february feb fevr", "mars march mar", "avril april apr avr", "mai may",
         "juin june jun", "juillet july jul juil", "aout august aug", "septembre september sept",
         "octobre october oct", "novembre november nov", "decembre december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, names in enumerate(
        ("lundi monday", "mardi tuesday", "mercredi wednesday", "jeudi thursday", "vendredi friday", "samedi saturday",
         "dimanche sunday")
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_LISTED = re.compile(r"^ *\d{1,2}[.)] +", re.MULTILINE)  # « 1. » before an item states nothing
_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”")
_N = r"(\d+(?:[.,]\d+)?)"
_SHORTEST_NAME = 6  # letters of a town, venue or title that is looked for in a text
_STATUS = {
    6: r"annule|cancelled|called off",
    5: r"complet|sold out|full",
    4: r"reporte|postponed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a text states, and the words it stands in."""

    kind: str
    value: Any
    words: str


def plain(text: str) -> str:
    """Lower case, no accents, plain blanks, « 12 euros » for every way to write it."""
    for mark, usual in (
        ("\u00a0", " "),
        ("\u202f", " "),
        ("’", "'"),
        ("œ", "oe"),
        ("–", "-"),
        ("—", "-"),
    ):
        text = text.replace(mark, usual)
    text = re.sub(rf"€\s?{_N}", r"\1 euros ", text).replace("€", " euros ")
    text = re.sub(r" {2,}", " ", text)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def letters(text: str) -> str:
    """Only letters and digits, to compare names however they are marked."""
    return re.sub(r"[^a-z0-9]+", "", plain(text))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", plain(text)))


def facts_in(text: str) -> list[Fact]:
    """Addresses, dates, hours, prices, distances, ages, durations, telephones and days of a text."""
    rest = plain(text)
    found: list[Fact] = []

    def take(kind: str, pattern: str, value: Any) -> None:
        nonlocal rest
        found.extend(
            Fact(kind=kind, value=value(match), words=match.group().strip())
            for match in re.finditer(pattern, rest)
        )
        rest = re.sub(pattern, lambda match: " " * len(match.group()), rest)

    def number(written: str) -> float:
        return float(written.replace(",", "."))

    take("mail", r"\S+@\S+\.\w+", lambda m: m.group())
    take("url", r"(?:https?|hxxps?|ftp|javascript|data|mailto)\s*:\S+|www\.\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*"
         r"\.(?:com|fr|org|net|io|eu|info|ru|xyz|tk|app|co|me|link|top|site|online|shop|club|biz|zip|cc|example|invalid)"
         r"\b\S*", lambda m: m.group().rstrip(".,;:!?)"))  # fmt: skip
    take(
        "phone",
        r"(?:\+33|\b0)\s?[1-9](?:[ .-]?\d\d){4}",
        lambda m: re.sub(r"\D", "", m.group())[-9:],
    )
    take("date", r"\b20\d\d-(\d\d)-(\d\d)\b", lambda m: (int(m[2]), int(m[1])))
    take(
        "date",
        rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?({_MONTH})\b",
        lambda m: (int(m[1]), _MONTHS[m[2]]),
    )
    take(
        "date", rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b", lambda m: (int(m[2]), _MONTHS[m[1]])
    )
    take("date", r"\b(\d{1,2})/(\d{1,2})\b", lambda m: (int(m[1]), int(m[2])))
    take("hour", r"\b(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\b\.?",
         lambda m: (int(m[1]) % 12 + (12 if m[3] == "p" else 0), int(m[2] or 0)))  # fmt: skip
    take(
        "hour",
        r"\b(\d{1,2}) ?(?:heures?|h)(?: ?([0-5]\d))?\b",
        lambda m: (int(m[1]), int(m[2] or 0)),
    )
    take("hour", r"\b(\d{1,2}):([0-5]\d)\b", lambda m: (int(m[1]), int(m[2])))
    for _ in range(2):  # « de 0 à 10 € »: the first amount has no sign of its own
        take("price", rf"\b{_N}(?= ?(?:euros?|a|to|-) ?{_N} ?euros)", lambda m: number(m[1]))
    take("price", rf"\b{_N} ?(?:euros?|eur)\b", lambda m: number(m[1]))
    take("km", rf"\b{_N} ?(km|kilometres?|kilometers?|m|metres?|meters?)\b",
         lambda m: number(m[1]) / (1 if m[2].startswith("k") else 1000))  # fmt: skip
    take("age", r"\b(\d+)(?= ?(?:-|a|et|ou) ?\d+ ans)", lambda m: int(m[1]))
    take("age", r"\b(\d+) ?(?:ans\b|-? ?years?\b)", lambda m: int(m[1]))
    for _ in range(2):
        take("age", r"(?<=\bage )(\d+)|(?<=\bages )(\d+)(?! ?-)|(?<=\bages )(\d+)(?=-)|(?<=-)(\d+)(?= *[,).])",
             lambda m: int(next(filter(None, m.groups()))))  # fmt: skip
    take("minutes", r"\b(\d+) ?(?:minutes?|min)\b", lambda m: int(m[1]))
    take("weekday", rf"\b({'|'.join(_DAYS)})s?\b", lambda m: _DAYS[m[1]])
    take("not free", r"(?:pas|non|not) (?:gratuite?s?|free)\b", lambda _: True)
    take(
        "free",
        r"\b(?:gratuite?s?|gratuitement|entree libre|free(?! (?:to|parti)))\b",
        lambda _: True,
    )
    take("day ahead", r"\b(?:ce soir|tonight|aujourd'hui|today|this evening)\b", lambda _: 0)
    take("day ahead", r"\b(?:apres-demain|after tomorrow)\b", lambda _: 2)
    take("day ahead", r"\b(?:demain|tomorrow)\b", lambda _: 1)
    take("number", rf"(?<![\w.,]){_N}(?![\w])", lambda m: m[1])
    return found


def unfounded(
    answer: str,
    *,
    shown: Sequence[str],
    rows: Mapping[str, Row],
    distances: Mapping[str, float | None],
    asked: str,
    counted: Collection[tuple[str, float]] = (),
    now: datetime,
) -> list[str]:
    """What the answer states and nothing bears out, as sentences for a person to read; empty when all is well.

    `shown`: uids of the events that the turn may speak of. `asked`: what the visitor and Puls said of the wish.
    `counted`: figures of the turn itself, as (kind, value): how many fit, the legs and sums of an outing.
    """
    wrong: list[str] = []
    about: list[str] = []
    towns = {row["city"] for row in rows.values() if row["city"]}
    venues = {row["venue"] for row in rows.values() if row["venue"] and " " in row["venue"]}
    titles = {
        row["title"]: row["uid"]
        for row in rows.values()
        if len(letters(row["title"])) > 2 * _SHORTEST_NAME
    }
    shown_titles = {letters(rows[uid]["title"]) for uid in shown}
    days = _days_of(asked, now)
    asked += f" {list(_DAYS)[2 * now.weekday()]} {now.day}/{now.month} {now.year}, {now.hour} h {now.minute:02}"  # Puls says what day it is
    names = [rows[uid][name] for uid in shown for name in ("title", "venue") if rows[uid][name]]
    for sentence in _sentences(_LISTED.sub("", answer), names):
        named = _named(sentence, shown, rows)
        about = named or about
        speakers = [rows[uid] for uid in (about or shown)]
        texts = [_texts(row) for row in speakers]
        for label, address in _LINK.findall(sentence):
            owners = [rows[uid] for uid in shown if address in _addresses(rows[uid])]
            if not owners:
                wrong.append(f"link to {address}")
            elif (
                not any(letters(label) in letters(row["title"]) for row in owners)
                and len(label.split()) > 3
            ):
                wrong.append(f"link « {label} » that is no title of {address}")
        wrong += [
            f"bold « {bold} » that no record holds"
            for bold in _BOLD.findall(_LINK.sub(r"\1", sentence))
            if letters(bold) not in shown_titles
            and not any(letters(bold) in letters(text) for text in texts)
        ]
        for pair in _QUOTED.findall(sentence):
            quoted = _LINK.sub(r"\1", next(filter(None, pair), ""))
            is_of_visitor = _words(quoted) <= _words(asked)
            if not is_of_visitor and not any(letters(quoted) in letters(text) for text in texts):
                wrong.append(f"quotation « {quoted} » that no record holds")
        bare = _without_names(sentence, [rows[uid] for uid in shown])
        wrong += [
            f"{fact.kind} « {fact.words} » in « {sentence.strip()} »"
            for fact in facts_in(bare)
            if not any(_bears_out(fact, row, distances.get(row["uid"]), now) for row in speakers)
            and not _is_counted(fact, counted)
            and not (
                not named and (_is_asked(fact, asked, len(shown)) or _is_of_days(fact, days, now))
            )
        ]
        wrong += [
            f"town « {town} » in « {sentence.strip()} »"
            for town in towns
            if _says(bare, town)
            and not _says(asked, town)
            and not any(_says(text, town) for text in texts)
        ]
        wrong += [
            f"venue « {venue} » in « {sentence.strip()} »"
            for venue in venues
            if _says(bare, venue)
            and not _says(asked, venue)
            and not any(_says(text, venue) for text in texts)
        ]
        wrong += [
            f"event « {title} » that was not found"
            for title in titles
            if letters(title) in letters(sentence)
            and letters(title) not in shown_titles
            and not any(letters(title) in letters(text) for text in texts)
        ]
        for uid in named:
            row, needed = rows[uid], _STATUS.get(rows[uid]["status"])
            if needed and not re.search(needed, plain(sentence)):
                wrong.append(f"« {row['title']} » without its status {row['status']}")
    return wrong


def _sentences(text: str, names: Iterable[str]) -> list[str]:
    """Cut at line ends and after marks, never inside a link, a quotation or a name."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match.group())
        return f"\x01{len(held) - 1}\x02"

    masked = _LINK.sub(hold, text)
    for name in names:
        masked = re.sub(re.escape(name), hold, masked)
    masked = re.sub(r"«[^»]*»|“[^”]*”", hold, masked)
    parts = re.split(r"\n+|(?<=[.!?…])\s+(?=[A-ZÀ-Ý\x01*])", masked)

    def shown(part: str) -> str:
        while "\x01" in part:
            part = re.sub(r"\x01(\d+)\x02", lambda match: held[int(match[1])], part)
        return part

    return [shown(part) for part in parts if part.strip()]


def _named(sentence: str, shown: Sequence[str], rows: Mapping[str, Row]) -> list[str]:
    by_link = [
        uid
        for label, address in _LINK.findall(sentence)
        for uid in shown
        if address in _addresses(rows[uid]) and letters(label) in letters(rows[uid]["title"])
    ]
    folded = letters(sentence)
    by_title = [uid for uid in shown if letters(rows[uid]["title"]) in folded]
    return list(dict.fromkeys([*by_link, *by_title]))


def _without_names(sentence: str, shown: Iterable[Row]) -> str:
    """The sentence without links, and without titles, venues and addresses, whose figures are no claims."""
    bare = _LINK.sub(" ", sentence)
    for row in shown:
        for name in (row["title"], row["address"], row["venue"]):
            if name and len(name) >= _SHORTEST_NAME - 2:
                bare = re.sub(re.escape(name), " ", bare, flags=re.IGNORECASE)
    return bare


def _texts(row: Row) -> str:
    parts = [row[name] for name in ("title", "description", "details", "price_conditions", "agenda_title", "venue", "address",
                                    "district", "city")]  # fmt: skip
    return "\n".join([*(part for part in parts if part), *row["keywords"]])


def _addresses(row: Row) -> set[str]:
    own = [row["url"], row["online_url"], *(value for _, value in row["registration"])]
    return {one for one in own if one and one.startswith("http")}


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", plain(text)) is not None


def _is_counted(fact: Fact, counted: Collection[tuple[str, float]]) -> bool:
    if fact.kind == "hour":
        return ("hour", fact.value[0] * 60 + fact.value[1]) in counted
    if not isinstance(fact.value, int | float | str) or not re.fullmatch(
        r"[\d.,]+", str(fact.value)
    ):
        return False
    value = float(str(fact.value).replace(",", "."))
    most_off = 0.06 if fact.kind == "km" else 0.01
    return any(kind == fact.kind and abs(one - value) <= most_off for kind, one in counted)


def _is_asked(fact: Fact, asked: str, shown: int) -> bool:
    if fact.kind == "number" and fact.value.isdigit() and int(fact.value) <= max(shown, 5):
        return True
    said = facts_in(asked)
    return any((one.kind, one.value) == (fact.kind, fact.value) for one in said) or (
        fact.kind in {"number", "day ahead", "weekday"} and plain(fact.words) in plain(asked)
    )


def _days_of(asked: str, now: datetime) -> set[date]:
    """The days that were asked for in whatever words: « samedi » said on a Friday is tomorrow."""
    today, days = now.date(), set[date]()
    for fact in facts_in(asked):
        if fact.kind == "day ahead":
            days.add(today + timedelta(days=fact.value))
        elif fact.kind == "weekday":
            days.add(today + timedelta(days=(fact.value - today.weekday()) % 7))
        elif fact.kind == "date":
            ahead = (today + timedelta(days=one) for one in range(366))
            days |= {day for day in ahead if (day.day, day.month) == fact.value}
    return days


def _is_of_days(fact: Fact, days: Collection[date], now: datetime) -> bool:
    """Whether a fact is one of those days in other words."""
    match fact.kind:
        case "day ahead":
            return now.date() + timedelta(days=fact.value) in days
        case "weekday":
            return any(day.weekday() == fact.value for day in days)
        case "date":
            return any((day.day, day.month) == fact.value for day in days)
        case _:
            return False


def _bears_out(fact: Fact, row: Row, distance_km: float | None, now: datetime) -> bool:  # noqa: C901, PLR0911, PLR0912 # one line a kind
    zone = ZoneInfo(row["timezone"])
    times = [(start.astimezone(zone), end.astimezone(zone)) for start, end in row["times"] or ()]
    days: set[date] = {
        day for start, end in times for day in (start.date(), (end - timedelta(seconds=1)).date())
    }
    told = facts_in(_texts(row))
    if any((one.kind, one.value) == (fact.kind, fact.value) for one in told) and fact.kind not in {
        "free",
        "url",
        "phone",
        "mail",
    }:
        return True
    match fact.kind:
        case "date":
            return any((day.day, day.month) == fact.value for day in days)
        case "weekday":
            return any(day.weekday() == fact.value for day in days)
        case "day ahead":
            that_day = (now.astimezone(zone) + timedelta(days=fact.value)).date()
            return any(
                start.date() <= that_day <= (end - timedelta(seconds=1)).date()
                for start, end in times
            )
        case "hour":
            return any(fact.value in {(one.hour, one.minute) for one in pair} for pair in times)
        case "price":
            return any(
                abs(known - fact.value) < 0.01  # a cent
                for known in (row["price_lowest"], row["price_highest"])
                if known is not None
            )
        case "free":
            return bool(row["price_kind"] == "free")
        case "not free":
            return bool(row["price_kind"] == "paid")
        case "km":
            return distance_km is not None and abs(max(distance_km, 0.05) - fact.value) <= max(
                0.06, 0.06 * distance_km, 0.5 if distance_km >= 10 else 0
            )
        case "age":
            return fact.value in {row["age_min"], row["age_max"]}
        case "minutes":
            return any(
                abs((end - start).total_seconds() / 60 - fact.value) < 1 for start, end in times
            )
        case "url":
            return any(fact.value in plain(own) for own in _addresses(row))
        case "phone":
            return any(
                re.sub(r"\D", "", value)[-9:] == fact.value for _, value in row["registration"]
            )
        case "mail":
            return any(value.lower() == fact.value for _, value in row["registration"])
        case "number":
            years = {str(one.year) for pair in times for one in pair}
            return (
                fact.value in years
                or re.search(rf"(?<!\d){re.escape(fact.value)}(?!\d)", plain(_texts(row)))
                is not None
            )
        case _:
            return False
