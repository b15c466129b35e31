"""Kinds of event that a visitor asks for alone (« uniquement des concerts ») or leaves out (« pas de théâtre »).

Pure. « concerts » without such a word stays a theme. Enter at `read_only` and `read_exclusions`.
"""

import re

from puls.catalogue.event import Category
from puls.understanding.words import Message

CATEGORY_NAMES: dict[Category, tuple[str, str]] = {
    Category.CONCERT: ("concerts", "concerts"),
    Category.THEATRE: ("théâtre", "theatre"),
    Category.DANCE: ("danse", "dance"),
    Category.CIRCUS: ("cirque", "circus"),
    Category.COMEDY: ("humour", "comedy"),
    Category.EXHIBITION: ("expositions", "exhibitions"),
    Category.CINEMA: ("cinéma", "cinema"),
    Category.FESTIVAL: ("festivals", "festivals"),
    Category.WORKSHOP: ("ateliers", "workshops"),
    Category.VISIT: ("visites", "visits"),
    Category.WALK: ("balades", "walks"),
    Category.CONFERENCE: ("conférences", "talks"),
    Category.READING: ("lectures", "readings"),
    Category.GAME: ("jeux", "games"),
    Category.SPORT: ("sport", "sport"),
    Category.MARKET: ("marchés", "markets"),
    Category.PARTY: ("fêtes", "parties"),
    Category.OTHER: ("autres", "others"),
}
CATEGORY_WORDS: dict[str, Category] = {
    word: category
    for category, words in (
        (Category.CONCERT, "concert concerts"),
        (Category.THEATRE, "theatre pieces piece theater plays"),
        (Category.DANCE, "danse danses ballet ballets dance"),
        (Category.CIRCUS, "cirque circus"),
        (Category.COMEDY, "humour standup comedy"),
        (Category.EXHIBITION, "expo expos exposition expositions exhibitions exhibition"),
        (Category.CINEMA, "cinema cine film films movies movie"),
        (Category.FESTIVAL, "festival festivals"),
        (Category.WORKSHOP, "atelier ateliers stage stages workshop workshops"),
        (Category.VISIT, "visite visites visits"),
        (Category.WALK, "randonnee randonnees balade balades walks hikes rando"),
        (Category.CONFERENCE, "conference conferences debat debats talks lectures conf"),
        (Category.READING, "lecture lectures reading readings"),
        (Category.GAME, "jeux jeu games"),
        (Category.SPORT, "sport sports"),
        (Category.MARKET, "marche marches brocante brocantes markets"),
        (Category.PARTY, "soiree soirees fete fetes parties clubbing"),
    )
    for word in words.split()
} | {"stand up": Category.COMEDY}

_ARTICLE = r"(?:de la |de l |du |des |de |d |les |le |la |l |un |une |the |some )?"
_KIND_WORDS = "|".join(sorted(CATEGORY_WORDS, key=len, reverse=True))
_ONLY = re.compile(
    rf"(?<!\S)(?:(?P<only>(?:uniquement|seulement|exclusivement|rien que|only|nothing but) "
    rf"{_ARTICLE}|(?<!plus )(?<!moins )(?<!chose )(?<!mieux )(?<!autre )(?:(?:je |on )?(?:ne |n )?"
    r"(?:veux|veut|cherche|voudrais|voulons) )?que (?:du |de la |de l |des ))"
    rf"(?P<kinds>(?:{_KIND_WORDS})(?: (?:et|ou|and|or) {_ARTICLE}(?:{_KIND_WORDS}))*)"
    rf"|(?P<kinds_before>(?:{_KIND_WORDS})) (?P<only_after>uniquement|seulement|only)(?=$))(?!\S)"
)
_AND_KIND = re.compile(rf" (?:et|ou|ni|and|or|nor) (?:pas )?{_ARTICLE}")

# What follows « pas de » or « sans » and is no kind of event.
_NOT_EXCLUDED = (
    r"(?:moins|plus|loin|ch(?:er|ere|ers)|trop|forcement|grave|problemes?|soucis?|que|tard|avant|"
    r"apres|idees?|limites?|"
    r"matter|more|less|later|too|far|necessarily|sure|argent|reservation|inscription|inspiration|"
    r"budget|enfants?|kids|children|voiture|"
    r"viande|gluten|alcool|mal|encore|dates?|preference|importance|sortir|restriction|mieux|faire|"
    r"deux|trois|quatre|chat|cote|plutot|seulement|gratuite?s?|surtout|porte|cesse|fin|doute|entiere|cela|bien|beaucoup|aller|attendre|"
    r"permis|abonnement|bouger|depenser|payer|the|a|an|one|soirees? trop|longtemps|monde|foule|"
    r"bruit|ecrans?|webinaires?|visio|calais)"
)
_STYLES = (
    r"theatre|concerts?|jazz|rap|metal|rock|electro|techno|classique|opera|danse|cirque|humour|"
    r"stand up|expos?|films?|musique(?= (?:classique|contemporaine|electronique|et|ni|ou)(?!\S)|$)"
)
# « musique classique » is left out as a whole; « musique » alone would leave out far too much.
_ADJECTIVES = (
    r"(?: (?:classiques?|contemporaine?s?|electroniques?|traditionnel(?:le)?s?|modernes?|baroques?|"
    r"sacree?s?|militaires?|francaise?s?|electro|religieu(?:x|ses?)|up|hop|metal|fiction|video|"
    r"man show|woman show))?"
)
_EXCEPT = re.compile(
    r"(?<!\S)(?:(?:mais |but |et |and |tout |surtout |si possible ){0,4}(?:pas (?:de |d |du |des |trop de )"
    r"(?:la |l |le )?|"
    r"sauf (?:le |la |les |l |du |de la |de l |des |d )?|hors (?:le |la |les )?|"
    r"a part (?:le |la |les |l |du |de la |des )?|"
    r"(?:a l )?except(?:e|ion (?:de|du|des|d))(?: le| la| les| l)? |"
    r"autre chose (?:que|qu)(?: du| de la| de l| des| le| la| les| un| une)? |"
    r"(?:je |j |on )?(?:n |ne )?(?:aime(?:ns|nt|ons)? pas|deteste(?:nt|ons)?|supporte pas|hais) "
    r"(?:trop |vraiment )?(?:le |la |les |l )|"
    r"(?:i |we )?(?:don t like|hate|dislike) (?:the )?|"
    r"ni |no |but not |except (?:for )?|(?:any|every)thing but |keine? |nada de |"
    rf"sans (?={_STYLES})))"
    rf"(?P<what>(?!{_NOT_EXCLUDED}(?!\S))[a-z]{{3,}}{_ADJECTIVES}"
    rf"(?: (?:(?:ni|nor) (?:pas )?{_ARTICLE}|(?:et|ou|and|or) (?:(?:pas )?(?:de la |de |du |d |"
    rf"des )|(?=[a-z]+$)))(?!{_NOT_EXCLUDED}(?!\S))[a-z]{{3,}}{_ADJECTIVES}){{0,3}})(?!\S)(?! s (?!il(?!\S)))"
)
_MAY_EXCLUDE = re.compile(
    r"(?<!\S)(?:pas|sauf|hors|part|except\w*|chose|deteste\w*|hais|like|hate|dislike|ni|no|not|"
    r"but|keine?|nada|sans)(?!\S)"
)


def read_exclusions(message: Message) -> tuple[tuple[Category, ...], tuple[str, ...]]:
    """Kinds and folded words to leave out; claims their words."""
    categories: list[Category] = []
    words: list[str] = []
    if not _MAY_EXCLUDE.search(message.open):
        return (), ()
    for match in message.find(_EXCEPT):
        for what in _AND_KIND.split(match["what"]):
            category = CATEGORY_WORDS.get(what)
            if category is not None:
                categories.append(category)
            else:
                words.append(what)
        message.claim(match, "excluded")
    return tuple(dict.fromkeys(categories)), tuple(dict.fromkeys(words))


def read_only(message: Message) -> tuple[Category, ...]:
    """The kinds asked for alone; the words that say « only » are claimed, the kinds stay theme."""
    for match in message.find(_ONLY):
        kinds = match["kinds"] or match["kinds_before"]
        message.claim(match, "only", group="only" if match["only"] else "only_after")
        return tuple(dict.fromkeys(CATEGORY_WORDS[kind] for kind in _AND_KIND.split(kinds)))
    return ()
