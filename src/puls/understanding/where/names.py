"""Names of places in a message: communes, départements, régions, areas, quarters, with how firmly each is meant. Pure.

A name counts by its context: « à Tours » is firm, « concert tours » is not. Enter at `named_places`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from puls.geo.areas import Area, place_names
from puls.geo.distance import great_circle_km
from puls.geo.gazetteer import Commune, Gazetteer
from puls.geo.names import fold
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.where.adjectives import adjectives
from puls.understanding.where.context import (
    ORDINARY_WORDS,
    WINES,
    Context,
    context_at,
    is_part_of_a_compound,
    stands_alone,
    tied_length,
)
from puls.understanding.where.place import (
    BARE,
    FIRM,
    LIKELY,
    Place,
    Surroundings,
    commune_where,
    department_where,
    place_of_area,
    place_of_commune,
    place_of_department,
    place_of_region,
)
from puls.understanding.where.spelling import slips, span_spelt_like
from puls.understanding.where.strength import strength_of

_LONGEST_NAME = 8  # words: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson » has seven
_TOWN, _SMALL_TOWN = 2_000, 1_000
_RIVALS = 2
_SAINTS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "ss": "sous",
    "s": "sur",
    "fd": "ferrand",
}
_MOST_TRIES = 24  # slips looked for in one message: time stays bounded
_LOCAL_KM = 40.0  # « Montreuil » said near Montreuil-sur-Mer
_OVERSEAS = ("97", "98")  # there a département and a région are one
_JOINT = re.compile(
    r"(?:^| )(?:ou|et|or|and|y|und|ni|nor|ou bien|et ou|sinon|et puis)(?: a| au| aux| dans| en| la| le| les| l){0,3}$"
)
_JOIN_REACH = 5  # words: « ou dans les Vosges »
_SHORTEST_TELLING = 4  # letters of the last word of a shortened name
_SHORTENED = 500  # inhabitants
_FAR_LARGER = 10
_LARGEST = (
    150_000  # inhabitants of the largest town that is called by half its name: Clermont-Ferrand
)
_ONE_END = re.compile(r"(?:^| )(?:entre|between) .*(?: et| and)$")
_RIVERSIDE = re.compile(
    r"(?:^| )(?:bords?|quais?|rives?|berges?|long|fil) (?:de|d|du)(?: la| le| les| l)?$"
)
"""« en bord de Loire »: the river, not the département that bears its name."""
_PREPOSITIONS = frozenset("entre sur sous vers chez pres avec pour sans".split())
_LARGE = 20_000  # inhabitants: « Lyon-Perrache » is in Lyon, « Beaux-Arts » not in Beaux
_GENERIC = frozenset(
    "saint sainte saints notre dame chateau ville villeneuve mont pont bois rive rives grand grande grands grandes petit petite petits petites vieux vieille sous sur les aux".split()
)
_ACUTE = "\N{COMBINING ACUTE ACCENT}"
_SURE_SHORT_FORMS = frozenset({"paca", "idf", "hdf", "bfc"})


def named_places(
    message: Message, gazetteer: Gazetteer, surroundings: Surroundings, taken: bytearray
) -> list[Place]:
    """Every place named in words that are still free, in reading order; `taken` has a byte for each word."""
    places = _Scan(message, gazetteer, surroundings, taken).places()
    for place in places:
        _take(taken, place)
    found = [*places, *adjectives(message, gazetteer, taken)]
    for place in found:
        _take(taken, place)
    if not any(place.strength >= LIKELY for place in found):
        found += slips(message, gazetteer, surroundings, taken)
    return sorted(found, key=lambda place: place.first)


def _take(taken: bytearray, place: Place) -> None:
    for at in range(place.first, place.last + 1):
        taken[at] = 1


def _bears_accents_of(name: str, written: str) -> bool:
    """Whether what was written has no accent that the name lacks: « les marchés » is not Les Marches."""
    typed, own = (
        unicodedata.normalize("NFD", written.lower()),
        unicodedata.normalize("NFD", name.lower()),
    )
    return _ACUTE not in typed or typed.count(_ACUTE) <= own.count(_ACUTE)


class _Scan:
    """One pass over the words of a message."""

    def __init__(
        self, message: Message, gazetteer: Gazetteer, surroundings: Surroundings, taken: bytearray
    ) -> None:
        self._message = message
        self._gazetteer = gazetteer
        self._surroundings = surroundings
        self._taken = taken
        self._names = place_names()
        self._tries = 0
        self._words = [self._plain(at) for at in range(len(message))]

    def _plain(self, at: int) -> str:
        """A word as a name writes it: « St » is Saint, and « s/ » sur."""
        said = self._message.words[at].said
        if said in ("s", "fd"):
            return _SAINTS[said] if 0 < at < len(self._message) - 1 or said == "fd" else said
        return _SAINTS.get(said, said)

    def places(self) -> list[Place]:
        found: list[Place] = []
        at = 0
        while at < len(self._words):
            place = self._place_at(at, found[-1] if found else None)
            if place is not None:
                found.append(place)
            at = at + 1 if place is None else place.last + 1
        return found

    def _place_at(self, at: int, before: Place | None) -> Place | None:
        free = self._free_from(at)
        if not free or not self._words[at][:1].isalpha():
            return None
        tied = tied_length(self._message, at, free)
        names = [
            (length, name)
            for length in range(free, 0, -1)
            if self._is_known(name := " ".join(self._words[at : at + length]), at)
        ]
        if not names and tied == 1:
            return None
        context = self._context(at, before)
        longest = names[0][0] if names else 0
        return self._spelt_like(
            context, at, tied=tied, longest=longest, free=free
        ) or self._first_meant(names, context, at)

    def _context(self, at: int, before: Place | None) -> Context:
        """What announces a name; joined to a place named before, it is announced as that one is."""
        context = context_at(self._message, at, self._surroundings.language)
        if before is None or before.strength < LIKELY or at - before.last > _JOIN_REACH:
            return context
        between = self._message.line[
            self._message.end_offset(before.last) : self._message.offset(at)
        ].rstrip()
        is_listed = (
            at == before.last + 1 and "," in self._message.words[at].gap and context.is_capitalised
        )
        if _JOINT.fullmatch(between) or is_listed:
            return replace(
                context,
                is_firm_town=True,
                is_loose_town=False,
                is_area=True,
                is_firm_area=True,
                is_street=False,
            )
        return context

    def _spelt_like(
        self, context: Context, at: int, *, tied: int, longest: int, free: int
    ) -> Place | None:
        """A name with a slip; tried a bounded number of times."""
        is_worth_it = tied > max(longest, 1) or 0 < longest < free
        if not is_worth_it or self._tries == _MOST_TRIES:
            return None
        self._tries += 1
        return span_spelt_like(
            self._message, context, self._gazetteer, at, tied=tied, longest=longest, free=free
        )

    def _free_from(self, at: int) -> int:
        free = 0
        most = min(_LONGEST_NAME, len(self._words) - at)
        while (
            free < most and not self._taken[at + free] and (free == 0 or self._goes_on(at + free))
        ):
            free += 1
        return free

    def _goes_on(self, at: int) -> bool:
        """Whether a name may go on with this word: no pause but a hyphen, an apostrophe or a stroke stands before it."""
        gap = self._message.words[at].gap
        return not any(mark in gap for mark in ',;:!?()\n«»"') and (
            ". " not in gap or self._words[at - 1] in ("saint", "sainte")
        )

    def _is_known(self, name: str, at: int) -> bool:
        names = self._names
        return (
            self._gazetteer.is_a_name(name)
            or name in names.areas
            or name in names.quarters
            or name in names.quarters_of_a_town
            or name in names.towns
            or name in names.regions
            or self._gazetteer.is_an_area(name)
            or (
                (article := self._hidden_article(at)) is not None
                and self._gazetteer.is_a_name(f"{article} {name}")
            )
            or self._is_short_name(name)
        )

    def _is_short_name(self, name: str) -> bool:
        """« Sarlat », « Le Touquet »: the beginning of a longer name, and no word that people use."""
        words = name.split()
        is_telling = (
            len(words[-1]) >= _SHORTEST_TELLING
            and words[-1] not in ORDINARY_WORDS
            and words[-1] not in _GENERIC
        )
        return (
            is_telling
            and not is_known_word(words[-1])
            and bool(self._gazetteer.communes_called(name, population=_SHORTENED))
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
        region = self._gazetteer.region(self._names.regions.get(name, ""))
        area = (
            self._names.areas.get(name)
            or self._names.quarters.get(name)
            or self._quarter_of_a_town(name)
        )
        department = self._gazetteer.department_named(name)
        if department is not None and department.code.startswith(_OVERSEAS):
            return None
        if self._goes_on_tied(last):
            return None  # « Pompidou-Metz » is not Pompidou, nor « Maine-et-Loire » the Maine
        if name.startswith("cote ") and self._message.written(first, first).endswith(("é", "É")):
            return None  # « du côté de Beaune » is not the Côte de Beaune
        if (region is None and area is None) or self._is_drunk(name, context, first):
            return None
        is_one_name = self._message.is_tied(last)  # « Vieux-Lille »
        if (
            area is not None
            and area.is_circle
            and not is_one_name
            and self._names_its_town(area, name)
        ):
            return None  # « la cathédrale d'Amiens » is in Amiens
        if name == "aura" and not self._is_acronym(context, first):
            return None
        is_sure = (
            last > first and name not in ORDINARY_WORDS and not context.is_of
        ) or name in _SURE_SHORT_FORMS
        is_alone = (
            first == 0 or stands_alone(self._message, first, last)
        ) and context.is_capitalised
        is_plural = area is not None and bool(area.city_codes) and context.lead in ("les", "des")
        is_sight = area is not None and bool(area.city_codes) and last > first
        is_announced = context.is_area or context.is_firm_town or is_sure or is_alone or is_sight
        is_bare = (
            not is_announced
            and name not in ORDINARY_WORDS
            and not context.is_street
            and (context.is_capitalised or not is_known_word(name))
        )
        if not (is_announced or is_bare) or (
            is_plural and not is_sure and not context.is_capitalised
        ):
            return None
        strength = (
            FIRM
            if context.is_firm_area or context.is_firm_town or is_sure
            else BARE
            if is_bare
            else LIKELY
        )
        if region is not None:
            return place_of_region(region, first, last, strength)
        assert area is not None
        return place_of_area(area, first, last, strength)

    def _is_acronym(self, context: Context, at: int) -> bool:
        """« en AURA », and neither « il y aura » nor « l'aura »."""
        return self._message.is_all_capitals(at) or context.lead in ("en", "region")

    def _quarter_of_a_town(self, name: str) -> Area | None:
        """A quarter whose town is spoken of, or where the visitor is."""
        for area in self._names.quarters_of_a_town.get(name, ()):
            for code in area.city_codes:
                city = self._gazetteer.commune(code)
                is_spoken_of = code in self._surroundings.city_codes or (
                    city is not None and f" {city.name.lower()} " in f" {' '.join(self._words)} "
                )
                anchor = self._surroundings.anchor
                is_here = (
                    city is not None
                    and anchor is not None
                    and great_circle_km(city.coordinates, anchor) <= _LOCAL_KM / 2
                )
                if is_spoken_of or is_here:
                    return area
        return None

    def _names_its_town(self, area: Area, name: str) -> bool:
        towns = (self._gazetteer.commune(code) for code in area.city_codes)
        return any(town is not None and name.endswith(f" {fold(town.name)}") for town in towns)

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
        is_one_end = _ONE_END.search(context.before) is not None  # « entre Lyon et Vienne »
        if name == "paris" or is_one_end or (region is None and department is None):
            return None
        if not self._is_department_meant(name, context, first, last):
            return None
        is_firm = context.is_firm_area or last > first
        is_announced = context.is_area or context.is_capitalised
        strength = FIRM if is_firm else LIKELY if is_announced else BARE
        is_both = department is not None and department.code.startswith(_OVERSEAS)
        if region is not None and not is_both:
            return place_of_region(region, first, last, strength)
        assert department is not None
        namesakes = self._gazetteer.communes_folded(name)[:_RIVALS]
        rivals = tuple(commune_where(each) for each in namesakes if each.population >= _TOWN)
        return replace(place_of_department(department, first, last, strength), rivals=rivals)

    def _is_department_meant(self, name: str, context: Context, first: int, last: int) -> bool:
        if _RIVERSIDE.search(context.before):
            return False
        if name == "nord" and (not context.is_capitalised or not context.is_firm_area):
            return False
        if name == "la reunion":
            return self._is_the_island(context, last)
        if context.is_firm_area:
            return True
        if any(each.population >= _TOWN for each in self._gazetteer.communes_folded(name)):
            return False
        return (
            (context.is_area and (context.is_of or context.is_capitalised))
            or (last > first and name not in ORDINARY_WORDS)
            or ((first == 0 or stands_alone(self._message, first, last)) and context.is_capitalised)
            or (name not in ORDINARY_WORDS and not context.is_street and not context.is_of)
            or (context.lead == "the" and context.is_capitalised)
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
            ranked = self._surroundings.ranked(
                self._with_local((nicknamed,), name), self._gazetteer
            )
            known = (
                FIRM
                if context.is_firm_town
                else LIKELY
                if last > first or context.is_loose_town or first == 0
                else BARE
            )
            return place_of_commune(ranked, first, last, known)
        if self._gazetteer.is_an_area(name.partition(" ")[2]) and context.is_firm_area:
            return None  # a hamlet is called La Moselle
        communes = [
            each
            for each in self._communes(name, first)
            if self._is_called(each, name, context, first, last)
        ]
        if context.lead == "aux" and context.is_capitalised:
            context = replace(context, is_firm_town=True, is_loose_town=False)
        is_at_a_sight = self._message.is_tied(first) and self._is_a_sight_before(first)
        is_compound = (
            is_part_of_a_compound(self._message, first, last)
            and not is_at_a_sight
            and not (context.is_firm_town and communes and communes[0].population >= _LARGE)
        )
        if not communes or self._is_drunk(name, context, first) or is_compound:
            return None
        strength = (
            FIRM
            if is_at_a_sight
            else strength_of(self._message, name, context, communes[0], first, last)
        )
        if strength is None:
            return None
        ranked = self._surroundings.ranked(self._with_local(communes, name), self._gazetteer)
        department = self._gazetteer.department_named(name) if name != "paris" else None
        rivals = (department_where(department),) if department else ()
        return replace(place_of_commune(ranked, first, last, strength), rivals=rivals)

    def _goes_on_tied(self, last: int) -> bool:
        """Whether a hyphen ties another word to a name: « Le Puy-de-Dôme »; not « Lyon-centre »."""
        return is_part_of_a_compound(self._message, last, last) and self._message.is_tied(last + 1)

    def _is_a_sight_before(self, first: int) -> bool:
        """« Centre Pompidou-Metz », « Louvre-Lens » are in the town that they name."""
        return any(
            " ".join(self._words[at:first]) in self._names.quarters
            for at in range(max(0, first - 3), first)
        )

    def _is_called(
        self, commune: Commune, name: str, context: Context, first: int, last: int
    ) -> bool:
        """Whether the words may be this commune's name: not « les marchés » for Les Marches, nor “never” for what Nevers is called elsewhere."""
        is_other_name = (
            fold(commune.name) != name and is_known_word(name) and not context.is_capitalised
        )
        return context.is_firm_town or (
            not is_other_name
            and _bears_accents_of(commune.name, self._message.written(first, last))
        )

    def _nicknamed(self, name: str, context: Context, first: int, last: int) -> Commune | None:
        code = self._names.towns.get(name)
        is_meant = (
            code is not None
            and not self._goes_on_tied(last)
            and self._is_nickname_meant(name, context, first, last)
        )
        return self._gazetteer.commune(code) if code is not None and is_meant else None

    def _communes(self, name: str, first: int) -> Sequence[Commune]:
        found = self._gazetteer.communes_folded(name)
        article = self._hidden_article(first)
        if article == "le" or (article == "les" and not found):
            found = self._gazetteer.communes_folded(f"{article} {name}") or found
        if name in _PREPOSITIONS:
            return found  # « entre » is not short for Entre-Vignes
        if found and found[0].population * _FAR_LARGER > _LARGEST:
            return found
        called = self._gazetteer.communes_called(name, population=_SHORTENED)
        if (
            found
            and called
            and called[0].population >= max(_LARGE, _FAR_LARGER * found[0].population)
        ):
            return [called[0], *found]  # « Romans » is Romans-sur-Isère
        return found or called

    def _is_nickname_meant(self, name: str, context: Context, first: int, last: int) -> bool:
        if name == "sainte" and not self._message.written(last, last).endswith("é"):
            return False
        following = self._words[last + 1] if last + 1 < len(self._words) else ""
        if name in ORDINARY_WORDS:
            is_announced = context.lead in ("a", "vers") or context.before.endswith("dans la")
            return is_announced and following not in ("de", "du", "des", "d")
        if context.is_of or context.is_street:
            return False
        return (
            not self._gazetteer.is_a_name(name)
            or last > first
            or context.is_firm_town
            or context.is_loose_town
            or first == 0
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
