"""Venues of the catalogue by the names people give them: « au Sucre à Lyon », « à la Philharmonie ». Pure.

A name that is an ordinary word, a town or a kind of venue must not hijack a message, so each needs a
reason to be meant: several telling words, or a word that announces a venue and its town or a capital.
Enter at `VenueNames.of`; `claim_venues` reads a message, `claim_addresses` does it for addresses that a
geocoder located.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from puls.geo.areas import AREAS
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.geo.quarters import QUARTERS
from puls.understanding.named_place import FIRM, Place
from puls.understanding.place_words import ORDINARY_WORDS
from puls.understanding.wish import Near, Where
from puls.understanding.words import Message

VENUE_RADIUS_KM = 0.3  # the same hall is placed within this by different agendas
_SMALL = frozenset("le la les l de du des d et a au aux the of en sur".split())  # noqa: SIM905 - a list of words reads better as prose
_LEADS = frozenset("au aux a chez at the le la l les du".split())  # noqa: SIM905 - a list of words reads better as prose
_TRUE_LEADS = frozenset("au aux a chez at".split())  # noqa: SIM905 - a list of words reads better as prose
_GENERIC = frozenset(
    """
    salle salles fetes polyvalente theatre musee mediatheque bibliotheque eglise chapelle mairie
    maison centre culturel cultures espace jardin parc chateau cinema librairie cafe bar place ville
    ecole college lycee universite gymnase stade hotel office tourisme association associatif social
    socioculturel municipal municipale municipales public publique communal communale municipaux
    saint sainte rue cour atelier ateliers galerie halle halles scene nationale auditorium
    conservatoire musique arts art danse cathedrale abbaye foyer rural jeunes jeunesse mjc quartier
    grand grande petit petite nouveau nouvelle plage port gare pole archives domaine ferme moulin
    opera festival restaurant village square kiosque departementales departementale nature
    """.split()  # noqa: SIM905 - a list of words reads better as prose
)
_MOST_COMMUNES = 2  # a name borne in more is a kind of venue, and needs its town
_LONGEST_NAME = 10  # words
_NAME_AND_TOWN = 4  # words: « Sucre à Lyon » and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVenue:
    """A venue of the catalogue; `events` says how much happens there."""

    name: str
    city: str
    commune_code: str | None
    coordinates: Coordinates
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueNames:
    """Venues by the telling words of their names, folded. Build with `of`."""

    by_words: Mapping[tuple[str, ...], tuple[KnownVenue, ...]]
    first_words: Mapping[str, tuple[tuple[str, ...], ...]]

    @staticmethod
    def of(venues: Iterable[KnownVenue]) -> "VenueNames":
        """The lookup for these venues; those of one name keep the busiest first."""
        by_words: dict[tuple[str, ...], list[KnownVenue]] = defaultdict(list)
        for venue in sorted(venues, key=lambda each: -each.events):
            for words in _names_of(venue):
                by_words[words].append(venue)
        first_words: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words in by_words:
            first_words[words[0]].append(words)
        return VenueNames(
            by_words={words: tuple(named) for words, named in by_words.items()},
            first_words={
                first: tuple(sorted(names, key=len, reverse=True))
                for first, names in first_words.items()
            },
        )


def claim_venues(
    message: Message, venues: VenueNames, gazetteer: Gazetteer, anchor: Coordinates | None
) -> list[Place]:
    """The first venue that is named and meant, claimed: a circle of 300 m around it."""
    for at, word in enumerate(message.words):
        for words in venues.first_words.get(word.folded, ()):
            last = _end_of(message, at, words)
            if last is None:
                continue
            meant = _meant(message, venues.by_words[words], words, at, gazetteer)
            if meant:
                ranked = _ranked(meant, anchor)
                last = _after_town(message, last, ranked[0].city)
                message.claim_words(at, last, "where")
                return [_place(ranked, at, last)]
    return []


def claim_addresses(message: Message, addresses: Mapping[str, Where]) -> list[Place]:
    """The addresses among these that the message holds, claimed."""
    for words, where in addresses.items():
        wanted = [word.folded for word in Message(words).words]
        for at in range(len(message.words) - len(wanted) + 1):
            last = at + len(wanted) - 1
            if wanted and [word.folded for word in message.words[at : last + 1]] == wanted:
                message.claim_words(at, last, "where")
                return [_located(where, at, last)]
    return []


def _names_of(venue: KnownVenue) -> set[tuple[str, ...]]:
    """The telling words of a name, with and without the town at its end."""
    words = tuple(word for word in fold(venue.name).split() if word not in _SMALL)
    town = tuple(word for word in fold(venue.city).split() if word not in _SMALL)
    names = {words} if 0 < len(words) <= _LONGEST_NAME else set()
    if town and len(words) > len(town) and words[-len(town) :] == town:
        names.add(words[: -len(town)])
    return names


def _end_of(message: Message, at: int, words: Sequence[str]) -> int | None:
    """The last word of the name if it stands at `at`, small words between its own let through."""
    here = at
    for position, word in enumerate(words):
        while position and here < len(message.words) and message.words[here].folded in _SMALL:
            here += 1
        if (
            here >= len(message.words)
            or message.words[here].folded != word
            or not message.is_free(here)
        ):
            return None
        here += 1
    return here - 1


def _after_town(message: Message, last: int, city: str) -> int:
    """The last word of « à Die », « de Die » right after the name, else of the name itself."""
    town = fold(city).split()
    at = last + 1
    while at < len(message.words) and message.words[at].folded in ("a", "de", "d", "in"):
        at += 1
    end = at + len(town)
    said = [word.folded for word in message.words[at:end]]
    is_free = end <= len(message.words) and all(message.is_free(each) for each in range(at, end))
    return end - 1 if town and said == town and is_free else last


def _meant(
    message: Message,
    named: Sequence[KnownVenue],
    words: Sequence[str],
    at: int,
    gazetteer: Gazetteer,
) -> Sequence[KnownVenue]:
    """The venues of a name that the message may mean."""
    name = " ".join(words)
    if gazetteer.is_a_name(name) or name in AREAS or name in QUARTERS:
        return ()
    in_town = [venue for venue in named if _is_town_said(message, venue, words, at)]
    telling = [word for word in words if word not in _GENERIC and word not in ORDINARY_WORDS]
    is_common = not telling or len({venue.commune_code for venue in named}) > _MOST_COMMUNES
    lead = message.words[at - 1].folded if at else ""
    if len(words) == 1:
        is_announced = lead in _TRUE_LEADS or (
            lead in _LEADS and at > 1 and message.words[at - 2].folded in _TRUE_LEADS
        )
        is_capitalised = message.is_capitalised(at)
        is_alone = at == 0 and len(message.words) <= _NAME_AND_TOWN
        is_named = is_announced or (is_alone and bool(telling))
        if not is_named or words[0] in _GENERIC or (not telling and not is_capitalised):
            return ()
        return in_town or (named if is_capitalised and not is_common else ())
    return in_town or (() if is_common else named)


def _is_town_said(message: Message, venue: KnownVenue, words: Sequence[str], at: int) -> bool:
    """Whether the venue's town is named outside its name."""
    town = fold(venue.city)
    if not town:
        return False
    end = message.offset(at)
    rest = f" {message.folded[:end]} {' '.join(message.folded[end:].split()[len(words) :])} "
    return f" {town} " in rest


def _ranked(named: Sequence[KnownVenue], anchor: Coordinates | None) -> Sequence[KnownVenue]:
    """Nearest first where something tells where, else busiest first; one for each commune."""
    ranked = (
        sorted(named, key=lambda venue: great_circle_km(venue.coordinates, anchor))
        if anchor is not None
        else list(named)
    )
    return list({venue.commune_code or venue.city: venue for venue in reversed(ranked)}.values())[
        ::-1
    ]


def _place(ranked: Sequence[KnownVenue], first: int, last: int) -> Place:
    taken, *others = (_where(venue) for venue in ranked)
    code = ranked[0].commune_code
    place = _located(taken, first, last, within=(code,) if code else ())
    return replace(place, rivals=tuple(others))


def _where(venue: KnownVenue) -> Where:
    label = f"{venue.name}, {venue.city}" if venue.city else venue.name
    return Where(label=label, near=Near(center=venue.coordinates, radius_km=VENUE_RADIUS_KM))


def _located(where: Where, first: int, last: int, within: tuple[str, ...] = ()) -> Place:
    center = where.near.center if where.near else None
    return Place(first, last, FIRM + 1, where.label, near=where.near, center=center, within=within)
