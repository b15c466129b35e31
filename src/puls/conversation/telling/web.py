"""What was seen on the web, told around the answer: with its source and the hour, never as Puls's own words. Pure.

`before` tells what changes the answer or was asked about; `after` what the catalogue does not hold, and what could not be
seen. Nothing of it passes through a model.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.conversation.markdown import ADDRESS, SAFE_IN_ADDRESS, bare, title_link
from puls.conversation.telling.phrases import either, joined, written_language
from puls.conversation.telling.proposals import count, shown
from puls.conversation.telling.web_unseen import not_seen
from puls.conversation.turn import Material
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.web_search.amending import is_off, occurrence_of
from puls.web_search.looking import host_of
from puls.web_search.sayings import badge, place_of, sentence
from puls.web_search.values import Check, Looked, Outcome, Snippet, WebEvent, Why

_MOST_TOLD = 3  # sentences on checks; what is beyond them is named in one line
_MOST_HOSTS = 3
_TITLE_CHARACTERS = 120
_SILENT = frozenset({Outcome.CONFIRMED, Outcome.UNREADABLE, Outcome.NOT_CHECKED})


def before(material: Material) -> Iterator[str]:
    """Paragraphs to read first: events that are off or changed, and what the visitor asked the web about."""
    looked = material.web
    if looked is None:
        return
    language = written_language(material)
    titles = {one.event.uid: title_link(one.event) for one in _spoken_of(material)}
    told = _checks_to_tell(material, looked)
    first = told if len(told) <= _MOST_TOLD else told[: _MOST_TOLD - 1]
    for check in first:
        said = sentence(check, language=language, timezone=material.timezone, now=material.now)
        yield f"{titles[check.uid]} – {said}."
    if rest := told[len(first) :]:
        yield _named_together(rest, titles, language)
    if material.cited or Why.ONLY_THE_WEB_KNOWS in looked.why:
        for snippet in looked.snippets:
            yield _quoted(snippet, language, material.timezone)


def after(material: Material) -> Iterator[str]:
    """Paragraphs to read last: events of the web, what was confirmed, and one sentence on what could not be seen."""
    looked = material.web
    if looked is None:
        return
    language = written_language(material)
    if looked.events:
        yield either(
            "Vu sur le web, hors de notre catalogue (à vérifier avant de partir) :",
            "Seen on the web, not in our catalogue (check before you go):",
            language,
        )
        for seen in looked.events:
            yield _web_event(seen, material, language)
    if not material.cited and Why.ONLY_THE_WEB_KNOWS not in looked.why:
        for snippet in looked.snippets:
            yield _quoted(snippet, language, material.timezone)
    if confirmed := _confirmed(material, looked, language):
        yield confirmed
    if (honest := not_seen(material, looked)) is not None:
        yield honest.of(language)


def is_told_first(material: Material, check: Check) -> bool:
    """Whether `before` says that something is otherwise with the event of this check."""
    looked = material.web
    return looked is not None and check in _checks_to_tell(material, looked) and _is_news(check)


def _checks_to_tell(material: Material, looked: Looked) -> list[Check]:
    """What was asked about first, then what is off, then what is otherwise new."""
    asked = {one.event.uid for one in material.cited} if _asks(looked) else set()
    spoken_of = {one.event.uid for one in _spoken_of(material)}
    told = [
        check
        for check in looked.checks
        if check.uid in spoken_of and (check.uid in asked or _is_news(check))
    ]
    return sorted(told, key=lambda each: (each.uid not in asked, not is_off(each)))


def _is_news(check: Check) -> bool:
    """Whether it is worth a line unasked: something is otherwise, or said to be so somewhere."""
    return check.outcome not in _SILENT or any(one.outcome not in _SILENT for one in check.against)


def _asks(looked: Looked) -> bool:
    return bool({Why.ASKED, Why.ONLY_THE_WEB_KNOWS}.intersection(looked.why))


def _spoken_of(material: Material) -> list[FoundEvent]:
    return [*material.cited, *material.web_shown]


def _named_together(rest: Sequence[Check], titles: dict[str, str], language: Language) -> str:
    """« Et aussi, selon openagenda.com : A (annulé) et B (complet). »."""
    places = list(
        dict.fromkeys(place for each in rest if (place := place_of(each.proof, each.url, language)))
    )
    named = [f"{titles[each.uid]} ({badge(each, language=language)})" for each in rest]
    source = joined(places[:_MOST_HOSTS], language)
    return either(
        f"Et aussi, selon {source} : {joined(named, language)}.",
        f"And also, according to {source}: {joined(named, language)}.",
        language,
    )


def _confirmed(material: Material, looked: Looked, language: Language) -> str:
    """« Vérifié à 14 h 02 sur openagenda.com : ces trois sorties sont toujours prévues. »."""
    if material.cited:
        return ""  # told before, or not asked
    proposed = {one.event.uid for one in shown(material)}
    checks = [
        each
        for each in looked.checks
        if each.outcome is Outcome.CONFIRMED and each.uid in proposed and not _is_news(each)
    ]
    if not checks:
        return ""
    at = _clock(max(each.at for each in checks), material.timezone, language)
    hosts = dict.fromkeys(
        place for each in checks if (place := place_of(each.proof, each.url, language))
    )
    is_sure = all(each.is_strong for each in checks)
    return either(
        f"Vérifié à {at} sur {joined(list(hosts)[:_MOST_HOSTS], language)} : {_which_fr(len(checks), len(proposed), is_sure=is_sure)}.",
        f"Checked at {at} on {joined(list(hosts)[:_MOST_HOSTS], language)}: {_which_en(len(checks), len(proposed), is_sure=is_sure)}.",
        language,
    )


def _which_fr(number: int, of: int, *, is_sure: bool) -> str:
    """« ces trois sorties sont toujours prévues », « deux de ces trois sorties sont toujours annoncées »."""
    what = "prévue" if is_sure else "annoncée"
    if number == 1:
        whose = "cette sortie" if of == 1 else f"l'une de ces {count(of, 'fr')}"
        return f"{whose} est toujours {what}"
    whose = f"ces {count(number, 'fr')}"
    if number < of:
        whose = f"{count(number, 'fr').split()[0]} de ces {count(of, 'fr')}"
    return f"{whose} sont toujours {what}s"


def _which_en(number: int, of: int, *, is_sure: bool) -> str:
    what = "on" if is_sure else "listed"
    if number == 1:
        whose = "this event" if of == 1 else f"one of these {count(of, 'en')}"
        return f"{whose} is still {what}"
    if number < of:
        return f"{count(number, 'en').split()[0]} of these {count(of, 'en')} are still {what}"
    return f"these {count(number, 'en')} are still {what}"


def _web_event(seen: WebEvent, material: Material, language: Language) -> str:
    """« Titre, samedi 5 décembre à 20 h 30, Le Périscope, Lyon (vu sur jazz.example à 14 h 02) »."""
    when = when_told(seen, now=material.now, timezone=material.timezone, language=language)
    parts = [_link(_told(seen.title)[:_TITLE_CHARACTERS], seen.page_url)]
    parts += [part for part in (when, _told(place_told(seen)), price_told(seen, language)) if part]
    at = _clock(seen.seen_at, material.timezone, language)
    host = host_of(seen.page_url)
    return (
        "- "
        + ", ".join(parts)
        + either(f" (vu sur {host} à {at})", f" (seen on {host} at {at})", language)
    )


def _told(words: str) -> str:
    """A page's words of an event: nothing in them may be followed."""
    return " ".join(ADDRESS.sub(" ", bare(words)).split())


def when_told(seen: WebEvent, *, now: datetime, timezone: str, language: Language) -> str:
    """« samedi 5 décembre à 20 h 30 », the next time that its page tells; empty when it tells none. `timezone` is the reader's."""
    coming = [one for one in map(occurrence_of, seen.times) if one.ends_at > now]
    if coming:
        return phrasing.moment_in_a_sentence(min(coming), timezone, now=now, language=language)
    if seen.run is None:
        return ""
    today = now.astimezone(ZoneInfo(timezone)).date()
    last = phrasing.day_name(seen.run.last_day, today=today, language=language)
    return either(f"jusqu'au {last}", f"until {last}", language)


def place_told(seen: WebEvent) -> str:
    """« Le Périscope, Lyon », as far as its page tells."""
    return ", ".join(dict.fromkeys(filter(None, (seen.venue, seen.city))))


def price_told(seen: WebEvent, language: Language) -> str:
    """« dès 8 € »; empty when its page tells no price."""
    price = seen.price
    if price is None:
        return ""
    if price.is_free:
        return either("gratuit", "free", language)
    if price.lowest is None or price.lowest <= 0:
        return ""
    return either("dès ", "from ", language) + phrasing.euros(price.lowest, language)


def _quoted(snippet: Snippet, language: Language, timezone: str) -> str:
    """The page's own words, as a quotation with their source."""
    at = _clock(snippet.seen_at, timezone, language)
    host = _link(host_of(snippet.url), snippet.url)
    words = _told(snippet.text).translate(_QUOTATION_MARKS)
    return either(
        f"Sur {host} (lu à {at}) : « {words} »", f"On {host} (read at {at}): “{words}”", language
    )


_QUOTATION_MARKS = str.maketrans("«»“”", "''''")  # what is quoted cannot end its own quotation


def _link(label: str, url: str) -> str:
    return f"[{label or '?'}]({quote(url.strip(), safe=SAFE_IN_ADDRESS)})"


def _clock(at: datetime, timezone: str, language: Language) -> str:
    return phrasing.clock(at.astimezone(ZoneInfo(timezone)), language)
