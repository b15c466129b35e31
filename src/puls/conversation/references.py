"""Which events a message speaks of: by rank, by words of a title or a venue, by kind, by day, by what sets them apart, or the one told last. Pure.

« la 2e », « les deux premiers », « celle au musée », « le concert de samedi », « la moins chère », « c'est combien ? ». Enter at `meant`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import Stemmer

from puls.catalogue.event import Category, Event, PriceKind
from puls.geo.names import fold
from puls.language.lexicon import WEEKDAY_OF, category_of_word, singular, words_of_themes
from puls.retrieval.ranking import FoundEvent
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message

MOST = 5
"""Events spoken of at once."""

How = Literal["rank", "words", "superlative", "focus", "first", "nothing"]

_ORDINALS: Mapping[str, int] = {
    **dict.fromkeys(("1er", "first"), 0), **{f"{number}e": number - 1 for number in range(2, 13)},
    **dict.fromkeys(("dernier", "derniere", "last"), -1),
}  # fmt: skip
_COUNTS: Mapping[str, int] = {"2": 2, "3": 3, "4": 4, "5": 5}
_FIRST_FEW = re.compile(
    r"(?<!\S)(?:les |the )?(?:(?P<n>[2-5]) (?:1ers?|1er|premiere?s?)|(?:1ers?|first|1er) (?P<m>[2-5]))(?!\S)"
)
# « finit en premier », “starts first”, « le premier à commencer »: a superlative, no rank.
_SETS_APART = re.compile(
    r"(?<!\S)(?:(?:starts?|begins?|ends?|finish(?:es)?)(?: the)?|(?:commence|debute|finit|termine) en) $"
)
_SETS_APART_AFTER = re.compile(
    r" (?:a (?:commencer|debuter|finir|se terminer)|en date|to (?:start|begin|end|finish))(?!\S)"
)
_BOTH = re.compile(r"(?<!\S)(?:les 2|des 2|both|the 2|of the 2|ces 2|these 2|les 2 autres)(?!\S)")
_ALL = re.compile(
    r"(?<!\S)(?:les 3|des 3|the 3|les 4|les 5|tous|toutes|all of them|all 3|ces 3|les trois)(?!\S)"
)
# « la 1 et la 3 », « numéro 2 »; not « à 20 h » nor « le 3 décembre ».
_NUMBER = re.compile(
    r"(?<!\S)(?:la|le|l|n|no|numero|number|option|the|et|and|ou|or|avec|with|vs|entre la|entre le|entre) (?P<n>\d{1,2})"
    r"(?= ?(?:$|et |and |ou |or |avec |with |vs |stp|svp|s il|please|est |is |coute |c est |ca |where|ou est|faut|a quelle|dure |,))"
)
_SUPERLATIVES: tuple[tuple[str, str], ...] = (
    ("cheapest", r"moins chere?s?|cheapest|least expensive|plus abordable|cheaper|moins cher"),
    ("nearest", r"plus pres|plus proche|nearest|closest|closer|moins loin"),
    (
        "last_to_end",
        r"(?:finit|finissent|(?:se )?termine(?:nt)?) le plus tard|(?:finit|(?:se )?termine) en dernier|ends? (?:the )?(?:latest|last)|finishes (?:the )?(?:latest|last)|dernier a (?:finir|se terminer)",
    ),
    (
        "first_to_end",
        r"(?:finit|finissent|(?:se )?termine(?:nt)?) le plus tot|(?:finit|(?:se )?termine) en 1er|ends? (?:the )?(?:earliest|soonest|1er)|finishes (?:the )?(?:earliest|soonest|1er)|1er a (?:finir|se terminer)",
    ),
    ("latest", r"plus tard|latest|dernier a commencer|(?:commence|debute) en dernier|later"),
    (
        "earliest",
        r"plus tot|earliest|commence le plus tot|soonest|1er a commencer|starts? (?:the )?(?:earliest|soonest|1er)|1er en date|(?:commence|debute) en 1er|earlier",
    ),
    ("longest", r"plus longue?|dure le plus longtemps|longest"),
    ("shortest", r"plus courte?|moins longue?|dure le moins longtemps|shortest|plus rapide"),
    ("free", r"gratuite?|free"),
)
_SUPERLATIVE = tuple(
    (name, re.compile(rf"(?<!\S)(?:{words})(?!\S)")) for name, words in _SUPERLATIVES
)
_ASKS_WHICH = re.compile(
    r"(?<!\S)(?:laquelle|lequel|lesquels|lesquelles|quel|quelle|which|what s|le|la|les|the|celle|celui|qui)(?!\S)"
)
_OTHER = re.compile(r"(?<!\S)(?:l autre|the other(?: one)?|autre)(?!\S)")
# Words that ask something of an event and name none.
_ASKING = frozenset(
    """
    combien prix tarif tarifs coute cout payant payante gratuit gratuite adresse lieu ville heure heures horaire horaires quand quel quelle quels quelles dure duree temps jusqu commence finit termine
    reserver reservation reserve inscrire inscription billet billets ticket tickets place places reste complet accessible accessibilite fauteuil pmr handicap handicapes parking garer metro bus tram train voiture
    aller venir y est sont c ca ce cela celui celle ceux celles cest dis dit dire plus moins info infos information details detail savoir sais lien site page contact telephone numero mail age ages enfant enfants
    much how where when what time price cost long last does do i is it the that this one book booking required need can we there which who age suitable for kids wheelchair address far get there ends end start starts
    garde gardons prends prendre prend choisis choisir interesse tente ferait fait faire fera serait aurait voir vont difference comparer compare comparaison entre deux eux parle parles dit parlez quoi encore chez
    exactement avant apres etait ouvert ouverte ouverts ouvre ferme fermee raconte parle deja restaurer loin bien sur donc vraiment alors open closed close start ends about know says
    about more tell me free details link website alors donc et ou pour avec sans chez par sur dans faut faudrait peut peux possible svp stp please aussi quoi truc chose evenement sortie spectacle ok ouais merci
    """.split()
)
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]{3,120}?)\s*[»”\"]")
_SHORTEST_OF_EVERY_DAY = 5
_SHORTEST = 3  # letters of a telling word
_TITLE, _VENUE, _KIND, _DAY = 3.0, 2.0, 1.0, 1.0
_ENOUGH = 1.0
_STEMMER = Stemmer.Stemmer("french")


@dataclass(frozen=True, slots=True)
class Meant:
    """The events spoken of, in the order said, and how they were told."""

    events: tuple[FoundEvent, ...] = ()
    how: How = "nothing"

    @property
    def is_told(self) -> bool:
        """Whether the message itself says which."""
        return self.how in ("rank", "words", "superlative")


def meant(  # noqa: C901, PLR0911 - one return for each way to name an event
    text: str,
    shown: Sequence[FoundEvent],
    *,
    earlier: Sequence[FoundEvent] = (),
    focus: Sequence[str] = (),
    compares: bool = False,
) -> Meant:
    """The events that a message speaks of.

    `shown` are those listed last, in their order; `earlier` the others of the conversation, the latest first; `focus` uids told last. `compares`: the message sets
    several side by side, so that one of them alone is not enough.
    """
    message = Message(text)
    line = message.line
    title = quoted_title(text)
    every = [
        *shown,
        *(one for one in earlier if one.event.uid not in {each.event.uid for each in shown}),
    ]
    if not every:
        return Meant()
    of_kind = _of_kind_named(message, shown)
    ranked = _by_rank(line, of_kind or shown)
    if ranked:
        return Meant(ranked, "rank")
    told = _by_words(Message(title) if title else message, every)
    superlative = next((name for name, pattern in _SUPERLATIVE if pattern.search(line)), None)
    if superlative and (compares or _ASKS_WHICH.search(line)) and not (told and len(told) == 1):
        best = _best(superlative, told or of_kind or _focused(focus, every, least=2) or shown)
        if best:
            return Meant(best, "superlative")
    if told and (not compares or len(told) > 1):
        return Meant(told[:MOST], "words")
    held = _focused(focus, every)
    if (
        told and compares and held and held[0].event.uid != told[0].event.uid
    ):  # « la différence avec … ? »
        return Meant((held[0], *told), "words")
    if _BOTH.search(line) or (compares and not told):
        several = (
            held if len(held) > 1 else tuple(of_kind or shown)[: 2 if _BOTH.search(line) else MOST]
        )
        if len(several) > 1:
            return Meant(several, "rank" if _BOTH.search(line) else "first")
    if told:
        return Meant(told[:MOST], "words")
    if _OTHER.search(line) and len(held) == 1 and len(shown) == 2:  # noqa: PLR2004 - the other of two
        return Meant(tuple(one for one in shown if one.event.uid != held[0].event.uid), "rank")
    if held:
        return Meant(held, "focus")
    return Meant(tuple(shown[:1]), "first") if shown else Meant()


def quoted_title(text: str) -> str:
    """The title between quotation marks, when there is one."""
    found = _QUOTED.search(text)
    return found[1].strip() if found else ""


def telling_words(text: str) -> str:
    """What a message says of an event beside what it asks: « la cathédrale, c'est combien ? » says “cathédrale”."""
    message = Message(text)
    if title := quoted_title(text):
        return title
    telling = {at for at, word in enumerate(message.words) if _is_telling(word.said)}
    kinds = {
        at for at, word in enumerate(message.words) if singular(word.norm) in category_of_word()
    }
    return " ".join(message.written(at, at) for at in sorted(telling | kinds)) if telling else ""


def share_said(text: str, event: Event) -> float:
    """The share of the telling words of a message that an event's title and place hold; from 0 to 1."""
    said = {
        _stem(word.said) for word in Message(telling_words(text)).words if _is_telling(word.said)
    }
    return (
        len(said & (_stems(event.title) | _stems(_place_words(event)))) / len(said) if said else 0.0
    )


def _focused(
    focus: Sequence[str], every: Sequence[FoundEvent], *, least: int = 1
) -> tuple[FoundEvent, ...]:
    by_uid = {one.event.uid: one for one in every}
    held = tuple(by_uid[uid] for uid in focus if uid in by_uid)
    return held if len(held) >= least else ()


def _by_rank(line: str, listed: Sequence[FoundEvent]) -> tuple[FoundEvent, ...]:
    count = len(listed)
    if few := _FIRST_FEW.search(line):
        return tuple(listed[: _COUNTS[few["n"] or few["m"]]])
    if _ALL.search(line) and count > 1:
        return tuple(listed[:MOST])
    said = [
        (match.start(), _ORDINALS[match[0]])
        for match in re.finditer(r"(?<!\S)\S+(?!\S)", line)
        if match[0] in _ORDINALS and not _is_of_something_else(line, match)
    ]
    said += [(match.start(), int(match["n"]) - 1) for match in _NUMBER.finditer(line)]
    places = dict.fromkeys(place + count if place < 0 else place for _, place in sorted(said))
    return tuple(listed[place] for place in places if 0 <= place < count)


def _is_of_something_else(line: str, match: re.Match[str]) -> bool:
    """« le 18e », « 1er janvier », « la première fois », “first name”, “which one ends first”."""
    if _SETS_APART.search(line[: match.start()]) or _SETS_APART_AFTER.match(line[match.end() :]):
        return True
    after = line[match.end() :].split()[:1]
    return bool(after) and after[0] in {
        "arrondissement",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "fois",
        "etage",
        "time",
        "siecle",
        "name",
    }


def _of_kind_named(message: Message, shown: Sequence[FoundEvent]) -> tuple[FoundEvent, ...]:
    """Those listed last that are of the kind the message names: « le 2e concert », « laquelle des lectures »."""
    kinds = {
        category_of_word()[singular(word.norm)]
        for word in message.words
        if singular(word.norm) in category_of_word()
    }
    return tuple(one for one in shown if kinds and _is_of(one.event, kinds, message))


def _is_of(event: Event, kinds: set[Category], message: Message) -> bool:
    if event.category in kinds:
        return True
    words = {_stem(word) for word in fold(event.title).split()}
    return any(
        _stem(word.norm) in words
        for word in message.words
        if singular(word.norm) in category_of_word()
    )


def _by_words(message: Message, every: Sequence[FoundEvent]) -> tuple[FoundEvent, ...]:
    """The events of whose title, venue, kind or day the message says most; the latest shown among equals."""
    said = {_stem(word.said) for word in message.words if _is_telling(word.said)}
    kinds = {
        category_of_word()[singular(word.norm)]
        for word in message.words
        if singular(word.norm) in category_of_word()
    }
    days = {WEEKDAY_OF[word.norm] for word in message.words if word.norm in WEEKDAY_OF}
    titles = [_stems(one.event.title) for one in every]
    venues = [_stems(_place_words(one.event)) for one in every]
    known = Counter(stem for stems in titles for stem in stems) + Counter(
        stem for stems in venues for stem in stems
    )
    scores: list[float] = []
    for one, title, venue in zip(every, titles, venues, strict=True):
        words = sum(_TITLE / known[stem] for stem in said & title) + sum(
            _VENUE / known[stem] for stem in (said & venue) - title
        )
        of_kind = _KIND * bool(kinds and _is_of(one.event, kinds, message)) / 2
        of_day = _DAY * bool(days and _weekday(one) in days) / 2
        scores.append(words + of_kind + of_day)
    best = max(scores)
    has_words = any(said & stems for stems in (*titles, *venues))
    if best < (0.5 if kinds or days else _ENOUGH) or not (has_words or kinds or days):
        return ()
    chosen = tuple(one for one, score in zip(every, scores, strict=True) if score >= best - 1e-9)
    names_one = bool(
        said
        & set().union(
            *(stems for stems, score in zip(titles, scores, strict=True) if score >= best - 1e-9)
        )
    )
    several = _names_several(message, every, said)
    if several:
        return several
    return chosen[:1] if names_one or not kinds else chosen


def _names_several(
    message: Message, every: Sequence[FoundEvent], said: set[str]
) -> tuple[FoundEvent, ...]:
    """« entre le parc de Saurupt et le cimetière de Préville »: words that only one title or venue holds, of several events."""
    owners: dict[str, FoundEvent] = {}
    kinds = {
        _stem(word.said) for word in message.words if singular(word.said) in words_of_themes()
    }  # « le jazz et Mozart »: a kind that only one title names
    titled = set().union(*(_stems(one.event.title) for one in every))
    for stem in said | (kinds & titled):
        own = [
            one
            for one in every
            if stem in _stems(one.event.title) or stem in _stems(_place_words(one.event))
        ]
        if len({one.event.uid for one in own}) == 1:
            owners[stem] = own[0]
    order: list[FoundEvent] = []
    for word in message.words:
        owner = owners.get(_stem(word.said))
        if owner is not None and owner not in order:
            order.append(owner)
    return (
        tuple(order)
        if len(order) > 1
        and any(
            word.norm in ("et", "and", "ou", "or", "vs", "que", "than", "avec", "with", "puis")
            for word in message.words
        )
        else ()
    )


def _is_telling(word: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word not in _ASKING
        and word not in WEEKDAY_OF
        and not word.isdigit()
        and (singular(word) not in category_of_word())
        and not (is_known_word(word) and len(word) < _SHORTEST_OF_EVERY_DAY)
    )


def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        _stem(word) for word in fold(text).split() if len(word) >= _SHORTEST and word not in _ASKING
    )


def _place_words(event: Event) -> str:
    venue = event.venue
    return " ".join(filter(None, (venue.name, venue.district, venue.city))) if venue else ""


def _weekday(one: FoundEvent) -> int:
    return one.occurrence.starts_at.astimezone(ZoneInfo(one.event.timezone)).weekday()


def _best(superlative: str, among: Sequence[FoundEvent]) -> tuple[FoundEvent, ...]:
    """The one that is most so; none when it cannot be told."""
    if superlative == "free":
        return tuple(one for one in among if one.event.price.kind is PriceKind.FREE)[:MOST]
    measure, is_largest = _MEASURES[superlative]
    known = [(value, one) for one in among if (value := measure(one)) is not None]
    if len(known) < 1:
        return ()
    best = (max if is_largest else min)(value for value, _ in known)
    return tuple(one for value, one in known if value == best)[:MOST]


def _price(one: FoundEvent) -> float | None:
    price = one.event.price
    return 0.0 if price.kind is PriceKind.FREE else price.lowest


def _start(one: FoundEvent) -> float | None:
    return None if one.occurrence.is_possible else one.occurrence.starts_at.timestamp()


def _end(one: FoundEvent) -> float | None:
    occurrence = one.occurrence
    is_vague = occurrence.is_possible or occurrence.is_day_known_only
    return None if is_vague else occurrence.ends_at.timestamp()


def _length(one: FoundEvent) -> float | None:
    occurrence = one.occurrence
    return (
        None
        if occurrence.is_possible or occurrence.is_day_known_only
        else (occurrence.ends_at - occurrence.starts_at).total_seconds()
    )


_MEASURES: Mapping[str, tuple[Callable[[FoundEvent], float | None], bool]] = {
    "cheapest": (_price, False),
    "nearest": (lambda one: one.distance_km, False),
    "earliest": (_start, False),
    "latest": (_start, True),
    "first_to_end": (_end, False),
    "last_to_end": (_end, True),
    "longest": (_length, True),
    "shortest": (_length, False),
}


def superlative_in(text: str) -> str | None:
    """What a comparison asks for: "cheapest", "nearest", "earliest", "latest", "first_to_end", "last_to_end", "longest", "shortest", "free"; None when it asks for no one."""
    line = Message(text).line
    return next((name for name, pattern in _SUPERLATIVE if pattern.search(line)), None)
