"""What was seen on the web, told around the answer: with its source and the hour, never as Puls's own words. Pure.

`before` tells what changes the answer or was asked about; `after` what the catalogue does not hold, and what could not be
seen. Nothing of it passes through a model.
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.conversation.markdown import SAFE_IN_ADDRESS, bare, title_link
from puls.conversation.telling.phrases import either, joined, written_language
from puls.conversation.turn import Material
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.web_search.amending import is_off, occurrence_of
from puls.web_search.looking import host_of
from puls.web_search.sayings import sentence
from puls.web_search.values import Looked, Outcome, Snippet, WebEvent, Why

_MOST_TOLD = 3
_TITLE_CHARACTERS = 120
_SILENT = frozenset({Outcome.CONFIRMED, Outcome.UNREADABLE, Outcome.NOT_CHECKED})


def before(material: Material) -> Iterator[str]:
    """Paragraphs to read first: events that are off or changed, and what the visitor asked the web about."""
    looked = material.web
    if looked is None:
        return
    language = written_language(material)
    asked = {one.event.uid for one in material.cited} if _asks(looked) else set()
    titles = {one.event.uid: title_link(one.event) for one in _spoken_of(material)}
    told = [
        check
        for check in looked.checks
        if check.uid in titles and (check.uid in asked or check.outcome not in _SILENT)
    ]
    for check in sorted(told, key=lambda each: (each.uid not in asked, not is_off(each)))[
        :_MOST_TOLD
    ]:
        said = sentence(check, language=language, timezone=material.timezone, now=material.now)
        yield f"{titles[check.uid]}{either(' : ', ': ', language)}{said}"
    if asked or Why.ONLY_THE_WEB_KNOWS in looked.why:
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
            "Vu sur le web, hors de notre catalogue (à vérifier sur place) :",
            "Seen on the web, not in our catalogue (check before you go):",
            language,
        )
        for seen in looked.events:
            yield _web_event(seen, material, language)
    if Why.ONLY_THE_WEB_KNOWS not in looked.why:
        for snippet in looked.snippets:
            yield _quoted(snippet, language, material.timezone)
    confirmed = _confirmed(material, looked, language)
    if confirmed:
        yield confirmed
    honest = _not_seen(material, looked)
    if honest is not None:
        yield either(*honest, language)


def _asks(looked: Looked) -> bool:
    return bool({Why.ASKED, Why.ONLY_THE_WEB_KNOWS}.intersection(looked.why))


def _spoken_of(material: Material) -> list[FoundEvent]:
    return [*material.cited, *material.web_shown]


def _confirmed(material: Material, looked: Looked, language: Language) -> str:
    """« Vérifié à 14 h 02 : toujours prévu pour ces 4 sorties, selon openagenda.com. »."""
    if material.cited:
        return ""  # told before
    checks = [each for each in looked.checks if each.outcome is Outcome.CONFIRMED]
    if not checks:
        return ""
    at = _clock(max(each.at for each in checks), material.timezone, language)
    hosts = joined(sorted({host_of(each.url) for each in checks if each.url}), language)
    number = len(checks)
    return either(
        f"Vérifié à {at} sur {hosts} : {'cette sortie est toujours prévue' if number == 1 else f'{number} de ces sorties sont toujours prévues'}.",
        f"Checked at {at} on {hosts}: {'this event is' if number == 1 else f'{number} of these events are'} still on.",
        language,
    )


_NO_ENGINE = (
    "Je n'ai pas pu chercher sur le web : aucun moteur de recherche n'est branché ici. Ce qui précède vient de notre catalogue.",
    "I could not search the web: no search engine is connected here. The above comes from our catalogue.",
)
_NOT_ALL = (
    "Je n'ai pas eu le temps de tout vérifier sur le web.",
    "I had no time to check everything on the web.",
)
_TOO_LATE = (
    "Le web n'a pas répondu à temps : ce qui précède vient de notre catalogue.",
    "The web did not answer in time: the above comes from our catalogue.",
)
_NO_ANSWER = (
    "Je n'ai pas pu vérifier sur le web à l'instant : ce qui précède vient de notre catalogue.",
    "I could not check on the web just now: the above comes from our catalogue.",
)
_NOTHING_MORE = (
    "Sur le web, je n'ai rien trouvé de plus.",
    "I found nothing more on the web.",
)


def _not_seen(material: Material, looked: Looked) -> tuple[str, str] | None:
    """One honest sentence on what the web did not tell, where the visitor would else believe it had."""
    has_seen = looked.events or looked.snippets
    has_checked = any(
        each.outcome not in (Outcome.UNREADABLE, Outcome.NOT_CHECKED) for each in looked.checks
    )
    is_told_of_each = bool(material.cited and looked.checks)
    match looked:
        case Looked(lacks_provider=True) if _asks(looked) and not is_told_of_each:
            return _NO_ENGINE
        case _ if has_seen or has_checked or is_told_of_each:
            return _NOT_ALL if looked.is_cut and not is_told_of_each else None
        case Looked(is_cut=True):
            return _TOO_LATE
        case _ if looked.checks or looked.failures:
            return _NO_ANSWER
        case _:
            return _NOTHING_MORE if Why.ASKED in looked.why else None


def _web_event(seen: WebEvent, material: Material, language: Language) -> str:
    """« Titre, samedi 5 décembre à 20 h 30, Le Périscope, Lyon (vu sur jazz.example à 14 h 02) »."""
    when = when_told(seen, now=material.now, timezone=material.timezone, language=language)
    parts = [_link(bare(seen.title)[:_TITLE_CHARACTERS], seen.page_url)]
    parts += [part for part in (when, bare(place_told(seen)), price_told(seen, language)) if part]
    at = _clock(seen.seen_at, material.timezone, language)
    host = host_of(seen.page_url)
    return (
        "- "
        + ", ".join(parts)
        + either(f" (vu sur {host} à {at})", f" (seen on {host} at {at})", language)
    )


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
    return either(
        f"Sur {host} (lu à {at}) : « {bare(snippet.text)} »",
        f"On {host} (read at {at}): “{bare(snippet.text)}”",
        language,
    )


def _link(label: str, url: str) -> str:
    return f"[{label or '?'}]({quote(url.strip(), safe=SAFE_IN_ADDRESS)})"


def _clock(at: datetime, timezone: str, language: Language) -> str:
    return phrasing.clock(at.astimezone(ZoneInfo(timezone)), language)
