"""Venues of the catalogue by the names people give them: « au Sucre à Lyon », « à la Philharmonie ». Pure.

A name that is an ordinary word, a town or a kind of venue must not hijack a message, so each needs a
reason to be meant: several telling words, or a word that announces a venue and its town or a capital.
Enter at `VenueNames.of`; `venues_named` reads a message, `addresses_named` does it for addresses that a
geocoder located.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from puls.geo.areas import place_names
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.understanding.message import Message
from puls.understanding.where.context import ORDINARY_WORDS
from puls.understanding.where.place import FIRM, Place
from puls.understanding.wish import Near, Where

VENUE_RADIUS_KM = 0.3  # the same hall is placed within this by different agendas
_SMALL = frozenset("le la les l de du des d et a au aux the of en sur".split())
_LEADS = frozenset("au aux a chez at the le la l les du".split())
_TRUE_LEADS = frozenset("au aux a chez at".split())
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
    """.split()
)
_MOST_COMMUNES = 2  # a name borne in more is a kind of venue, and needs its town
_LONGEST_NAME = 10  # words
_MOST_VENUES = 2
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


def venues_named(
    message: Message,
    venues: VenueNames,
    gazetteer: Gazetteer,
    anchor: Coordinates | None,
    taken: bytearray,
) -> list[Place]:
    """The venues that are named and meant: a circle of 300 m around each; at most two."""
    found: list[Place] = []
    at = 0
    while at < len(message) and len(found) < _MOST_VENUES:
        place = _venue_at(message, venues, gazetteer, anchor, taken, at)
        if place is not None:
            found.append(place)
            taken[place.first : place.last + 1] = b"\1" * (place.last + 1 - place.first)
        at = at + 1 if place is None else place.last + 1
    return found


def _venue_at(
    message: Message,
    venues: VenueNames,
    gazetteer: Gazetteer,
    anchor: Coordinates | None,
    taken: bytearray,
    at: int,
) -> Place | None:
    for words in venues.first_words.get(message.words[at].said, ()):
        last = _end_of(message, at, words, taken)
        if last is None:
            continue
        meant = _meant(message, venues.by_words[words], words, at, gazetteer)
        if meant:
            ranked = _ranked(meant, anchor)
            return _place(ranked, at, _after_town(message, last, ranked[0].city, taken))
    return None


def addresses_named(
    message: Message, addresses: Mapping[str, Where], taken: bytearray
) -> list[Place]:
    """The addresses among these that the message holds."""
    for words, where in addresses.items():
        wanted = [word.said for word in Message(words).words]
        for at in range(len(message) - len(wanted) + 1):
            last = at + len(wanted) - 1
            if wanted and [word.said for word in message.words[at : last + 1]] == wanted:
                taken[at : last + 1] = b"\1" * len(wanted)
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


def _end_of(message: Message, at: int, words: Sequence[str], taken: bytearray) -> int | None:
    """The last word of the name if it stands at `at`, small words between its own let through."""
    here = at
    for position, word in enumerate(words):
        while position and here < len(message) and message.words[here].said in _SMALL:
            here += 1
        if here >= len(message) or message.words[here].said != word or taken[here]:
            return None
        here += 1
    return here - 1


def _after_town(message: Message, last: int, city: str, taken: bytearray) -> int:
    """The last word of « à Die », « de Die » right after the name, else of the name itself."""
    town = fold(city).split()
    at = last + 1
    while at < len(message) and message.words[at].said in ("a", "de", "d", "in"):
        at += 1
    end = at + len(town)
    said = [word.said for word in message.words[at:end]]
    return end - 1 if town and said == town and not any(taken[at:end]) else last


def _meant(
    message: Message,
    named: Sequence[KnownVenue],
    words: Sequence[str],
    at: int,
    gazetteer: Gazetteer,
) -> Sequence[KnownVenue]:
    """The venues of a name that the message may mean."""
    name = " ".join(words)
    names = place_names()
    if gazetteer.is_a_name(name) or name in names.areas or name in names.quarters:
        return ()
    in_town = [venue for venue in named if _is_town_said(message, venue, words, at)]
    telling = [word for word in words if word not in _GENERIC and word not in ORDINARY_WORDS]
    is_common = not telling or len({venue.commune_code for venue in named}) > _MOST_COMMUNES
    lead = message.words[at - 1].said if at else ""
    if len(words) == 1:
        is_announced = lead in _TRUE_LEADS or (
            lead in _LEADS and at > 1 and message.words[at - 2].said in _TRUE_LEADS
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
    said = [word.said for word in message.words]
    rest = f" {' '.join(said[:at])} {' '.join(said[at + len(words) :])} "
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
    return Place(
        first=first,
        last=last,
        strength=FIRM + 1,
        label=where.label,
        near=where.near,
        center=center,
        within=within,
    )
