"""What stands around a name and tells whether it is meant as a place. Pure. Enter at `context_at`.

The tables of small words stand here beside their only reader; names of communes that are ordinary words in `ordinary_words.txt`.
"""

import re
from dataclasses import dataclass
from importlib.resources import files

from puls.understanding.message import Message


def _ordinary_words() -> frozenset[str]:
    text = (
        files("puls.understanding.where").joinpath("ordinary_words.txt").read_text(encoding="utf-8")
    )
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(" ".join(lines).split()) | {
        "grand est",
        "saint saens",
        "la reunion",
        "saint jean",
    }


ORDINARY_WORDS = _ordinary_words()
"""Names of communes that are ordinary words: a capital or a firm context is needed."""

_LEAD_REACH = 44  # characters before a name that can announce it
_PARTS_OF_TOWN = frozenset("centre ville nord sud est ouest gare plage".split())

# Before a town. The article may belong to the name (« à La Rochelle », « au Havre »).
_TOWN_LEAD = re.compile(
    r"(?:^| )(?:a|au|aux|vers|entre|between|depuis|in|near|around|at|to|bei|nach|chez|sur|dans|ds|direction|cote|cap|pour|"
    r"autour (?:de|d|du|des)|pres (?:de|d|du|des)|proche (?:de|d|du)|"
    r"a cote (?:de|d|du)|(?:du )?cote (?:de|d|du)|alentours (?:de|d|du)|environs (?:de|d|du)|"
    r"region (?:de|d)|proximite (?:de|d|du)|(?:nord|sud|est|ouest) (?:de|d|du)|"
    r"(?:pied|marche|velo|voiture|route|metro|train|bus|tram|transports?|walk|drive|bike) (?:de|d|du|from|of)|"
    r"ville (?:de|d|du)|commune (?:de|d|du)|village (?:de|d|du)|agglo(?:meration)? (?:de|d)|metropole (?:de|d)|"
    r"centre (?:de|d)|coeur (?:de|d)|port (?:de|d)|loin (?:de|d|du)|km (?:de|d|du|of)|"
    r"minutes? (?:de|d|du)|min (?:de|d|du)|h (?:de|d|du)|km autour (?:de|d|du)|rayon (?:de|d)|km from|"
    r"miles from|cerca de|in der nahe von|close to|from|par|zone (?:de|d)|secteur (?:de|d)?|habite|habitons|habitant)"
    r"(?: la| le| les| l)?$"
)
_LOOSE_LEADS = frozenset("sur dans ds to chez par from aux depuis pour cote cap direction".split())
# Before a département, a région or an area.
_AREA_LEAD = re.compile(
    r"(?:^| )(?:en|dans|ds|sur|in|im|du|de|d|departement|dept|region|cote|vers|des|autour|pres|toute|tout|partout|entre|"
    r"par|coeur|nord|sud|est|ouest|a|aux|au|across|around|through|through the)"
    r"(?: (?:de|d|du|des|toute|tout))?(?: la| le| les| l| the)?$"
)
_FIRM_AREA_LEAD = re.compile(
    r"(?:^| )(?:en|dans|ds|sur|in|im|across|departement (?:de|d|du|des)|departement|dept|dans toute?|toute?|partout (?:en|dans)|n importe ou (?:en|dans)|"
    r"ailleurs (?:en|dans)|region|coeur (?:de|du)|hors de|hors (?:du|des)?)(?: la| le| les| l| the)?$"
)
_OF_LEAD = re.compile(r"(?:^| )(?:de|d|du|des|of|von|del)(?: la| le| les| l)?$")
# « Gare de Lyon », « rue de Nantes », « édit de Nantes »: the name of something else.
_STREET_LEAD = re.compile(
    r"(?:^| )(?:(?<!de )rues?|avenue|av|boulevard|bd|bld|place|placette|quai|pont|porte|faubourg|fbg|gare|"
    r"(?<!de )route|chemin|cours|impasse|allees?|square|station|metro|aeroport|bataille|traite|edit|siege|guerre|dictee|saucisses?|"
    r"sirop|savons?|piments?|moutarde|pastilles?|huitres?|moules|nougats?|betises|calissons?|course|tour|"
    r"porcelaine|jambon|melons?|noix|lentilles|poulet|volailles?|toile|demoiselles|parapluies|pruneaux?|bleu|brie|"
    r"bourgeois|cyrano|tartarin|jeanne|notre dame|opera national|marche du film|ecole|groupe|commune(?= de paris)|"
    r"chateau de la|bois|appel|hotel|restaurant|parti|accent)"
    r"(?: (?:de|d|du|des))?(?: la| le| les| l)?$"
)
_DRINK_LEAD = re.compile(
    r"(?:^| )(?:degustations?|degustez|deguster|vins?|verres?|bouteilles?|crus?|cocktails?|"
    r"coupes?|grands?|petits?|millesimes?|wines?) (?:(?:de|d|du|des|of|le|la|les|un) )*"
    r"(?:(?:de|d|du|des|of|le|la|les|un))?$"
)
# « dégustation de bordeaux », « un verre de chablis »; True when only the wine is masculine.
WINES = {
    name: is_masculine
    for names, is_masculine in (
        ("champagne bourgogne alsace provence touraine", True),
        ("bordeaux beaujolais medoc chablis sancerre cahors chinon saumur pauillac cognac", False),
        ("armagnac languedoc roussillon jura anjou beaune macon", False),
    )
    for name in names.split()
}
TOWN_NOUN = re.compile(
    r"(?:^| )(?:chateau|ville|abbaye|cathedrale|collegiale|basilique|port|mairie|musee|theatre|opera|centre|citadelle|foire|plage|gare|marche|"
    r"remparts|citadelle|festival|halle|halles|zenith|stade|casino|parc|conservatoire|rues) (?:de|d|du)(?: la| le| les| l)?$"
)
ENGLISH_WORDS = frozenset(
    {
        "nice",
        "die",
        "tours",
        "sens",
        "gap",
        "lens",
        "orange",
        "ham",
        "bray",
        "bar",
        "never",
        "nevers",
    }
)
# After « a nice »: in French something else begins.
SMALL_WORDS_AFTER = frozenset(
    "pour avec et ou ce cette en le la les l du de des d sur dans vers a au aux sans mais plutot "
    "si gratuit gratuits gratuite gratuites entre apres avant".split()
)
NOT_LOWER_CASE = re.compile(r".*(?:er|ir|oir|dre|tre|ire)$")
"""« à visiter », « à voir »: a verb unless capitalised."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before a name, and whether it stands alone between pauses."""

    before: str
    is_capitalised: bool
    is_firm_town: bool
    is_loose_town: bool
    is_area: bool
    is_firm_area: bool
    is_of: bool
    is_street: bool
    is_drink: bool
    language: str

    @property
    def lead(self) -> str:
        """The word right before the name."""
        return self.before.rsplit(" ", 1)[-1]


_SUBJECTS = frozenset("m t s l n y en il elle on qui ca nous vous ne te me se tu".split())


def context_at(message: Message, at: int, language: str) -> Context:
    """What announces the name that starts at the word `at`."""
    end = message.offset(at)
    has_pause = at > 0 and message.has_pause_before(at)
    before = (
        ""
        if has_pause and not _goes_on(message, at)
        else message.line[max(0, end - _LEAD_REACH) : end].rstrip()
    )
    is_street = bool(_STREET_LEAD.search(before))
    town = _TOWN_LEAD.search(before)
    is_loose = town is not None and town[0].split()[0] in _LOOSE_LEADS
    if (
        town is not None
        and town[0].split() == ["a"]
        and not _is_accented(message, at - 1)
        and (language != "fr" or _is_a_verb(message, at - 1))
    ):
        town = None  # the English article, or the verb: « on m'a changé mes horaires »
    return Context(
        before=before,
        is_capitalised=message.is_capitalised(at),
        is_firm_town=town is not None and not is_loose and not is_street,
        is_loose_town=town is not None and is_loose and not is_street,
        is_area=bool(_AREA_LEAD.search(before)) and not is_street,
        is_firm_area=bool(_FIRM_AREA_LEAD.search(before)),
        is_of=bool(_OF_LEAD.search(before)) and not is_street,
        is_street=is_street,
        is_drink=bool(_DRINK_LEAD.search(before)),
        language=language,
    )


def _is_a_verb(message: Message, at: int) -> bool:
    """« on m'a changé mes horaires », « on en a eu deux »; not « je veux ça. a tarnos »."""
    return message.norm(at - 1) in _SUBJECTS and not message.has_pause_before(at)


def _goes_on(message: Message, at: int) -> bool:
    """« à « Lyon » »: what stands before is a quote or a bracket only."""
    return message.words[at].gap.strip() in ("", "«", "“", '"', "(")


def _is_accented(message: Message, at: int) -> bool:
    return at >= 0 and message.written(at, at) in ("à", "À")


def tied_length(message: Message, at: int, most: int) -> int:
    """How many words from `at` are tied by hyphens: « Gif-sur-Yvete » is one name."""
    length = 1
    while length < most and message.is_tied(at + length):
        length += 1
    return length


def is_part_of_a_compound(message: Message, first: int, last: int) -> bool:
    """« paris-brest », « Nice-Matin », but not « Lyon-centre »."""
    if message.is_tied(first):
        return True
    following = message.norm(last + 1)
    return (
        message.is_tied(last + 1)
        and following not in _PARTS_OF_TOWN
        and not following[:1].isdigit()
    )


def stands_alone(message: Message, first: int, last: int) -> bool:
    """Whether a name is all that stands between two pauses: « expo, Sens »."""
    return message.has_pause_before(first) and message.has_pause_after(last)
