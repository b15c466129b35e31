"""A check as a sentence, in French and English, by the visitor's clock. Pure.

« vérifié à 14 h 02 sur openagenda.com : toujours prévu ». What a page says is told as its own, never as Puls's.
Enter at `sentence`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, assert_never
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from puls.language.words import Words
from puls.phrasing import Language, clock, day_name
from puls.web_search.values import Against, Change, Check, Outcome, Proof

_PLACES: Final[Mapping[Proof, Words]] = {
    Proof.AGENDA: Words("openagenda.com", "openagenda.com"),
    Proof.PORTAL: Words("le portail open data", "the open data portal"),
    Proof.TICKETS: Words("la page de réservation", "the booking page"),
    Proof.VENUE: Words("la page de l'organisateur", "the organiser's page"),
    Proof.SEARCH: Words("une page trouvée", "a page that was found"),
}
_OUTCOMES: Final[Mapping[Outcome, Words]] = {
    Outcome.CONFIRMED: Words("toujours prévu", "still on"),
    Outcome.CHANGED: Words("changé", "changed"),
    Outcome.CANCELLED: Words("annulé", "cancelled"),
    Outcome.POSTPONED: Words("reporté", "postponed"),
    Outcome.FULL: Words("complet", "fully booked"),
    Outcome.GONE: Words("retiré de l'agenda", "taken off the agenda"),
    Outcome.UNREADABLE: Words("page non lisible", "page could not be read"),
    Outcome.NOT_CHECKED: Words("pas vérifié", "not checked"),
}
_UNCHANGED: Final = Words("rien de changé", "nothing has changed")
_LISTED: Final = Words("toujours annoncé", "still listed")
_WHY_NOT: Final[Mapping[str, Words]] = {
    "refused_address": Words("son adresse n'est pas sûre", "its address is not safe"),
    "robots": Words("le site refuse les robots", "the site refuses robots"),
    "challenge": Words("le site veut voir un humain", "the site asks for a human"),
    "forbidden": Words("le site refuse l'accès", "the site refuses access"),
    "not_found": Words("elle n'existe plus", "it is no longer there"),
    "gone": Words("elle n'existe plus", "it is no longer there"),
    "too_many": Words("le site demande d'attendre", "the site asks us to wait"),
    "server": Words("le site est en panne", "the site is failing"),
    "unreachable": Words("le site ne répond pas", "the site does not answer"),
    "time": Words("le site est trop lent", "the site is too slow"),
    "too_long": Words("elle est trop lourde", "it is too large"),
    "kind": Words("son format est inconnu", "its format is not known"),
    "redirects": Words("elle renvoie sans fin ailleurs", "it keeps sending elsewhere"),
    "pace": Words("trop de demandes à ce site", "too many requests to that site"),
    "not_understood": Words("elle est illisible", "it makes no sense"),
    "older": Words("la copie est plus ancienne que la nôtre", "the copy is older than ours"),
}
_NO_LINK: Final = Words(
    "rien à vérifier : aucun lien vers sa page", "nothing to check: no link to its page"
)
_NOT_ON_PAGE: Final = Words("sa page n'en parle pas", "its page does not mention it")
_OTHER_DATE: Final = Words("sa page parle d'une autre date", "its page tells of another date")
_NO_TIME: Final = Words("pas vérifié, faute de temps", "not checked, for lack of time")
_ATTENDANCES: Final[Mapping[str, Words]] = {
    "onsite": Words("sur place", "on site"),
    "online": Words("en ligne", "online"),
    "mixed": Words("sur place et en ligne", "on site and online"),
}
_NB: Final = "\N{NO-BREAK SPACE}"


def sentence(check: Check, *, language: Language, timezone: str, now: datetime) -> str:
    """The check in a sentence without a capital or a full stop; `timezone` is the visitor's, `now` aware.

    A moment of a change is told by the clocks of the place, as it was seen there.
    """
    match check.outcome:
        case Outcome.NOT_CHECKED:
            return _NO_TIME.of(language)
        case Outcome.UNREADABLE:
            return _unreadable(check, language)
        case Outcome.CONFIRMED:
            said = f"{_checked(check, language, timezone, now)}{_colon(language)}{_still(check).of(language)}"
        case Outcome.CANCELLED | Outcome.POSTPONED | Outcome.FULL | Outcome.GONE:
            said = _news(check, language, timezone, now)
            if check.outcome is Outcome.FULL and check.changes:
                said += f"{_semicolon(language)}{_changes(check, language, now)}"
        case Outcome.CHANGED:
            said = _news(check, language, timezone, now)
        case _:
            assert_never(check.outcome)
    return said + "".join(_however(one, language) for one in check.against)


def badge(check: Check, *, language: Language) -> str:
    """One or two words for a card."""
    if check.outcome is Outcome.CONFIRMED:
        return _still(check).of(language)
    return _OUTCOMES[check.outcome].of(language)


def change_words(change: Change, *, language: Language, now: datetime) -> str:
    """« nouvelle date : samedi 5 décembre, 20 h 30 »."""
    match change.what:
        case "date" | "hour":
            is_date = change.what == "date"
            name = (
                Words("nouvelle date", "new date")
                if is_date
                else Words("nouvel horaire", "new time")
            )
            moment = _moment(change.now, language, now)
            value = moment or Words("à voir sur la page", "see the page").of(language)
        case "venue":
            name, value = Words("nouveau lieu", "new venue"), change.now
        case "attendance":
            words = _ATTENDANCES.get(change.now)
            now_is = Words("désormais", "now").of(language)
            return f"{now_is} {words.of(language) if words else change.now}"
        case "price":
            name, value = Words("nouveau prix", "new price"), _euros(change.now, language)
        case _:
            assert_never(change.what)
    return f"{name.of(language)}{_colon(language)}{value}"


def place_of(proof: Proof | None, url: str | None, language: Language) -> str:
    """Where it was seen: the site's name, or what kind of place it is."""
    if proof in {Proof.AGENDA, Proof.PORTAL}:
        return _PLACES[proof].of(language)
    host = (urlsplit(url).hostname or "") if url else ""
    return host.removeprefix("www.") or (_PLACES[proof].of(language) if proof else "")


def _checked(check: Check, language: Language, timezone: str, now: datetime) -> str:
    verb = Words("vérifié", "checked").of(language)
    on = Words("sur", "on").of(language)
    when = _when(check.at, language, timezone, now)
    return f"{verb} {when} {on} {place_of(check.proof, check.url, language)}"


def _news(check: Check, language: Language, timezone: str, now: datetime) -> str:
    """« annulé selon openagenda.com (vu à 14 h 02) »; what is weak is only what the page seems to say."""
    what = _OUTCOMES[check.outcome].of(language)
    if check.outcome is Outcome.CHANGED and check.changes:
        what = f"{_changes(check, language, now)},"
    if not check.is_strong:
        what = f"{Words('peut-être', 'perhaps').of(language)} {what}"
    place = place_of(check.proof, check.url, language)
    seen = f"{Words('vu', 'seen').of(language)} {_when(check.at, language, timezone, now)}"
    return f"{what} {Words('selon', 'according to').of(language)} {place} ({seen})"


def _still(check: Check) -> Words:
    if check.is_strong:
        return _OUTCOMES[Outcome.CONFIRMED]
    return _UNCHANGED if check.proof is Proof.PORTAL else _LISTED


def _unreadable(check: Check, language: Language) -> str:
    special = {"no_link": _NO_LINK, "not_on_page": _NOT_ON_PAGE, "other_date": _OTHER_DATE}
    if check.why_not in special:
        return special[check.why_not].of(language)
    words = _OUTCOMES[Outcome.UNREADABLE].of(language)
    why = _WHY_NOT.get(check.why_not)
    return f"{words} ({why.of(language)})" if why else words


def _changes(check: Check, language: Language, now: datetime) -> str:
    return ", ".join(change_words(one, language=language, now=now) for one in check.changes)


def _however(one: Against, language: Language) -> str:
    place = place_of(one.proof, one.url, language)
    words = _LISTED if one.outcome is Outcome.CONFIRMED else _OUTCOMES[one.outcome]
    but = Words("mais", "but").of(language)
    return f"{_semicolon(language)}{but} {words.of(language)} {Words('selon', 'according to').of(language)} {place}"


def _when(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """« à 14 h 02 », with the day when it is another one."""
    zone = ZoneInfo(timezone)
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    hour = f"{Words('à', 'at').of(language)} {clock(here, language)}"
    if here.date() == today:
        return hour
    return f"{_day(here.date(), today, language)} {hour}"


def _day(day: date, today: date, language: Language) -> str:
    if (today - day).days == 1:
        return Words("hier", "yesterday").of(language)
    prefix = Words("le ", "on ").of(language)
    return f"{prefix}{day_name(day, today=today, language=language)}"


def _moment(text: str, language: Language, now: datetime) -> str:
    """A moment of a change, in ISO 8601, by the clocks it was written in."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    is_day = at.tzinfo is None
    today = (now if is_day else now.astimezone(at.tzinfo)).date()
    day = day_name(at.date(), today=today, language=language)
    return day if is_day else f"{day}, {clock(at, language)}"


def _euros(value: str, language: Language) -> str:
    if value == "0":
        return Words("gratuit", "free").of(language)
    return f"{value.replace('.', ',')}{_NB}€" if language == "fr" else f"€{value}"


def _colon(language: Language) -> str:
    return f"{_NB}: " if language == "fr" else ": "


def _semicolon(language: Language) -> str:
    return f"{_NB}; " if language == "fr" else "; "
