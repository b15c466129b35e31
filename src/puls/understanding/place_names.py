"""Names of places in a message.

Communes, départements, régions, areas, quarters, with how firmly each is meant. Pure.

A name counts by its context: « à Tours » is firm, « concert tours » is not. Enter at
`named_places`.
"""

from collections.abc import Sequence
from dataclasses import replace

from puls.geo.areas import AREAS, Area
from puls.geo.distance import great_circle_km
from puls.geo.gazetteer import Commune, Gazetteer
from puls.geo.nicknames import NICKNAMES, REGION_ALIASES
from puls.geo.quarters import QUARTERS, QUARTERS_OF_A_TOWN
from puls.understanding.named_place import (
    FIRM,
    LIKELY,
    Place,
    commune_where,
    department_where,
    place_of_area,
    place_of_commune,
    place_of_department,
    place_of_region,
)
from puls.understanding.place_adjectives import adjectives
from puls.understanding.place_context import Context, context_at, hyphenated, is_part_of_a_compound
from puls.understanding.place_spelling import misspelt, span_spelt_like
from puls.understanding.place_strength import strength_of
from puls.understanding.place_words import ORDINARY_WORDS, SURE_SHORT_FORMS, WINES
from puls.understanding.surroundings import Surroundings
from puls.understanding.words import Message

__all__ = ["FIRM", "Place", "named_places"]

_LONGEST_NAME = 8  # words: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson » has seven
_TOWN, _SMALL_TOWN = 2_000, 1_000
_RIVALS = 2
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "ss": "sous"}
_MOST_TRIES = 24  # slips looked for in one message: time stays bounded
_LOCAL_KM = 40.0  # « Montreuil » said near Montreuil-sur-Mer
_OVERSEAS = ("97", "98")  # there a département and a région are one


def named_places(message: Message, gazetteer: Gazetteer, surroundings: Surroundings) -> list[Place]:
    """Every place named in words that are still free; nothing is claimed."""
    scan = _Scan(message, gazetteer, surroundings)
    places = scan.places() or misspelt(message, gazetteer, surroundings)
    return [*places, *adjectives(message, gazetteer)]


class _Scan:
    """One pass over the words of a message."""

    def __init__(self, message: Message, gazetteer: Gazetteer, surroundings: Surroundings) -> None:
        self._message = message
        self._gazetteer = gazetteer
        self._surroundings = surroundings
        self._tries = 0
        self._words = [_SAINTS.get(word.folded, word.folded) for word in message.words]

    def places(self) -> list[Place]:
        found: list[Place] = []
        at = 0
        while at < len(self._words):
            place = self._place_at(at, found[-1] if found else None)
            if place is not None:
                found.append(place)
            at = at + 1 if place is None else place.last + 1
        return found

    def _place_at(self, at: int, after: Place | None) -> Place | None:
        free = self._free_from(at)
        if not free or not self._words[at][0].isalpha():
            return None
        tied = hyphenated(self._message, at, free)
        names = [
            (length, name)
            for length in range(free, 0, -1)
            if self._is_known(name := " ".join(self._words[at : at + length]), at)
        ]
        if not names and tied == 1:
            return None
        context = context_at(self._message, at, after, self._surroundings.language)
        longest = names[0][0] if names else 0
        like = self._spelt_like(context, at, tied=tied, longest=longest, free=free)
        place = like or self._first_meant(names, context, at)
        if place is not None and context.is_joined and after is not None:
            return replace(place, is_joined=True, strength=after.strength)
        return place

    def _spelt_like(
        self, context: Context, at: int, *, tied: int, longest: int, free: int
    ) -> Place | None:
        """A name with a slip; tried a bounded number of times."""
        is_worth_it = tied > max(longest, 1) or 0 < longest < free
        if not is_worth_it or self._tries == _MOST_TRIES:
            return None
        like = span_spelt_like(
            self._message, context, self._gazetteer, at, tied=tied, longest=longest, free=free
        )
        self._tries += 1
        return like

    def _free_from(self, at: int) -> int:
        free = 0
        most = min(_LONGEST_NAME, len(self._words) - at)
        while free < most and self._message.is_free(at + free):
            free += 1
        return free

    def _is_known(self, name: str, at: int) -> bool:
        return (
            self._gazetteer.is_a_name(name)
            or name in AREAS
            or name in QUARTERS
            or name in QUARTERS_OF_A_TOWN
            or name in NICKNAMES
            or name in REGION_ALIASES
            or self._gazetteer.is_an_area(name)
            or (
                (article := self._hidden_article(at)) is not None
                and self._gazetteer.is_a_name(f"{article} {name}")
            )
        )

    def _hidden_article(self, at: int) -> str | None:
        """« au Havre » is « à Le Havre », « aux Andelys » « à Les Andelys »."""
        before = self._words[at - 1] if at else ""
        if before in ("au", "du"):
            return "le"
        return "les" if before in ("aux", "des") else None

    def _first_meant(
        self, names: Sequence[tuple[int, str]], context: Context, at: int
    ) -> Place | None:
        for length, name in names:
            last = at + length - 1
            place = (
                self._area(name, context, at, last)
                or self._department(name, context, at, last)
                or self._commune(name, context, at, last)
            )
            if place is not None:
                return place
        return None

    def _area(self, name: str, context: Context, first: int, last: int) -> Place | None:
        region = self._gazetteer.region(REGION_ALIASES.get(name, ""))
        area = AREAS.get(name) or QUARTERS.get(name) or self._quarter_of_a_town(name)
        if (region is None and area is None) or self._is_drunk(name, context, first):
            return None
        if name == "aura" and not self._is_acronym(context, first):
            return None
        is_sure = (last > first and name not in ORDINARY_WORDS) or name in SURE_SHORT_FORMS
        is_alone = first == 0 and context.is_capitalised
        is_plural = area is not None and bool(area.city_codes) and context.lead in ("les", "des")
        if not (context.is_area or context.is_joined or is_sure or is_alone) or (
            is_plural and not is_sure and not context.is_capitalised
        ):
            return None
        strength = FIRM if context.is_firm_area or is_sure else LIKELY
        if region is not None:
            return place_of_region(region, first, last, strength)
        assert area is not None
        return place_of_area(area, first, last, strength)

    def _is_acronym(self, context: Context, at: int) -> bool:
        """« en AURA », and neither « il y aura » nor « l'aura »."""
        word = self._message.words[at]
        is_upper = self._message.text[word.start : word.end].isupper()
        return is_upper or context.lead in ("en", "region")

    def _quarter_of_a_town(self, name: str) -> Area | None:
        """A quarter whose town is spoken of, or where the visitor is."""
        for area in QUARTERS_OF_A_TOWN.get(name, ()):
            for code in area.city_codes:
                city = self._gazetteer.commune(code)
                is_spoken_of = code in self._surroundings.city_codes or (
                    city is not None and f" {city.name.lower()} " in f" {self._message.folded} "
                )
                if is_spoken_of:
                    return area
        return None

    def _is_drunk(self, name: str, context: Context, first: int) -> bool:
        """« dégustation de bordeaux », « autour du champagne »: a wine."""
        if name not in WINES:
            return False
        is_masculine = context.lead in ("du", "le", "un", "au") and not context.is_firm_area
        is_lower = not self._message.is_capitalised(first)
        return context.is_drink or (is_masculine and (is_lower or WINES[name]))

    def _department(self, name: str, context: Context, first: int, last: int) -> Place | None:
        region = self._gazetteer.region_named(name)
        department = self._gazetteer.department_named(name)
        if name == "paris" or (region is None and department is None):
            return None
        if not self._is_department_meant(name, context, first, last):
            return None
        is_firm = context.is_firm_area or last > first or context.is_joined
        strength = FIRM if is_firm else LIKELY
        is_both = department is not None and department.code.startswith(_OVERSEAS)
        if region is not None and not is_both:
            return place_of_region(region, first, last, strength)
        assert department is not None
        namesakes = self._gazetteer.communes_folded(name)[:_RIVALS]
        rivals = tuple(commune_where(each) for each in namesakes if each.population >= _TOWN)
        return replace(place_of_department(department, first, last, strength), rivals=rivals)

    def _is_department_meant(self, name: str, context: Context, first: int, last: int) -> bool:
        if name == "nord" and (not context.is_capitalised or not context.is_firm_area):
            return False
        if name == "la reunion":
            return self._is_the_island(context, last)
        if context.is_firm_area:
            return True
        if any(each.population >= _TOWN for each in self._gazetteer.communes_folded(name)):
            return False
        return (
            context.is_joined
            or (context.is_area and (context.is_of or context.is_capitalised))
            or (last > first and name not in ORDINARY_WORDS)
            or (first == 0 and context.is_capitalised)
        )

    def _is_the_island(self, context: Context, last: int) -> bool:
        """« à La Réunion », and not « la réunion du club »."""
        if self._message.is_capitalised(last):
            return True
        following = self._words[last + 1] if last + 1 < len(self._words) else ""
        is_announced = context.lead in ("a", "sur") or context.before.endswith("ile de")
        return is_announced and following not in ("de", "du", "des", "d", "avec", "entre")

    def _commune(self, name: str, context: Context, first: int, last: int) -> Place | None:
        nicknamed = self._nicknamed(name, context, first, last)
        if nicknamed is not None:
            is_firm = context.is_firm_town or context.is_joined
            ranked = self._surroundings.ranked(
                self._with_local((nicknamed,), name), self._gazetteer
            )
            return place_of_commune(ranked, first, last, FIRM if is_firm else LIKELY)
        if self._gazetteer.is_an_area(name.partition(" ")[2]) and context.is_firm_area:
            return None  # a hamlet is called La Moselle
        communes = self._communes(name, first)
        if context.lead == "aux" and context.is_capitalised:
            context = replace(context, is_firm_town=True, is_loose_town=False)
        is_firm = context.is_firm_town or context.is_joined
        if (
            not communes
            or self._is_drunk(name, context, first)
            or (not is_firm and is_part_of_a_compound(self._message, first, last))
        ):
            return None
        strength = strength_of(self._message, name, context, communes[0], first, last)
        if strength is None:
            return None
        ranked = self._surroundings.ranked(self._with_local(communes, name), self._gazetteer)
        department = self._gazetteer.department_named(name) if name != "paris" else None
        rivals = (department_where(department),) if department else ()
        return replace(place_of_commune(ranked, first, last, strength), rivals=rivals)

    def _nicknamed(self, name: str, context: Context, first: int, last: int) -> Commune | None:
        code = NICKNAMES.get(name)
        is_meant = code is not None and self._is_nickname_meant(name, context, first, last)
        return self._gazetteer.commune(code) if code is not None and is_meant else None

    def _communes(self, name: str, first: int) -> Sequence[Commune]:
        found = self._gazetteer.communes_folded(name)
        article = self._hidden_article(first)
        if article == "le" or (article == "les" and not found):
            found = self._gazetteer.communes_folded(f"{article} {name}") or found
        return found

    def _is_nickname_meant(self, name: str, context: Context, first: int, last: int) -> bool:
        word = self._message.words[last]
        if name == "sainte" and not self._message.text[word.start : word.end].endswith("é"):
            return False
        following = self._words[last + 1] if last + 1 < len(self._words) else ""
        if name in ORDINARY_WORDS:
            is_announced = context.lead in ("a", "vers") or context.before.endswith("dans la")
            return is_announced and following not in ("de", "du", "des", "d")
        return (
            last > first
            or context.is_firm_town
            or context.is_loose_town
            or (context.is_joined or first == 0)
        )

    def _with_local(self, communes: Sequence[Commune], name: str) -> Sequence[Commune]:
        """Also towns right beside the visitor that this name is short for."""
        anchor = self._surroundings.anchor
        if anchor is None:
            return communes
        local = [
            each
            for each in self._gazetteer.communes_called(name, population=_SMALL_TOWN)
            if great_circle_km(each.coordinates, anchor) <= _LOCAL_KM and each not in communes
        ]
        return (*communes, *local)
