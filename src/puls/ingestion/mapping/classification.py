"""What kind of outing an event is, by stated rules.

Pure. The first of title, keywords and short description that holds a word of the table decides;
within one text the first row of the table that matches wins. The title comes before the keywords
because keywords often list every activity of a venue.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from puls.catalogue.event import Category

# Ordered: what is more particular stands above what is more general (a "ciné-concert" is a
# screening, a "visite" of an exhibition is a visit, "théâtre" as a venue's kind stands low). Words
# are folded and singular; a trailing * matches any ending, an underscore a space or hyphen.
_TABLE: Final[tuple[tuple[Category, str], ...]] = (
    (
        Category.CINEMA,
        (
            "cine* film* projection* court_metrage long_metrage documentaire* "
            "avant_premiere movie* screening*"
        ),
    ),
    (
        Category.COMEDY,
        (
            "stand_up standup humour humoriste* one_man_show one_woman_show "
            "cafe_theatre comedy impro improvisation*"
        ),
    ),
    (Category.CIRCUS, "cirque* circassien* acrobat* jongl* trapeze clown* magie magicien* circus"),
    (
        Category.DANCE,
        (
            "bal danse* ballet* choregraph* tango salsa bachata swing forro flamenco "
            "hip_hop breakdance dance* valse guinguette thes_dansant"
        ),
    ),
    (
        Category.WORKSHOP,
        (
            "atelier* workshop* stage initiation* masterclass master_class fabrique* "
            "repair_cafe repair couture cours formation* apprendre"
        ),
    ),
    (
        Category.VISIT,
        (
            "visite* visit parcours circuit* portes_ouvertes porte_ouverte coulisse* "
            "decouverte* jep ouverture_exceptionnelle excursion*"
        ),
    ),
    (
        Category.WALK,
        (
            "balade* ballade* randonnee* rando promenade* marche_nordique flanerie* "
            "deambulation* sortie_nature walk* hike* a_velo cyclo*"
        ),
    ),
    (
        Category.READING,
        (
            "lecture* conte contes conteur* conteuse* dedicace* poesie poetique slam "
            "bebes_lecteurs heure_du_conte club_de_lecture litteraire* livre* "
            "bibliotherapie"
        ),
    ),
    (
        Category.CONFERENCE,
        (
            "conference* debat* table_ronde colloque* rencontre* seminaire* "
            "causerie* webinaire* entretien* talk* symposium forum cafe_philo "
            "discussion*"
        ),
    ),
    (
        Category.GAME,
        (
            "jeu jeux escape* enquete* murder_party quiz loto chasse_au_tresor "
            "jeu_de_piste ludotheque belote echecs tournoi_de_cartes rallye_photo "
            "blind_test game*"
        ),
    ),
    (
        Category.EXHIBITION,
        ("exposition* expo vernissage* installation* retrospective exhibition* galerie accrochage"),
    ),
    (
        Category.THEATRE,
        (
            "theatre* piece comedie* marionnette* spectacle* mise_en_scene vaudeville "
            "tragedie* cabaret theatral*"
        ),
    ),
    (
        Category.MARKET,
        (
            "marche marches brocante* vide_grenier* braderie* foire salon bourse puces "
            "market* vide_dressing friperie* artisanat"
        ),
    ),
    (
        Category.SPORT,
        (
            "sport* tournoi* match course* foot* rugby tennis petanque yoga triathlon "
            "marathon natation gym* fitness escalade trail vtt catch pilates"
        ),
    ),
    (Category.FESTIVAL, "festival* fest"),
    (
        Category.PARTY,
        (
            "soiree* fete* carnaval* bal_masque karaoke dj clubbing party reveillon "
            "feu_d_artifice techno guinguette* kermesse"
        ),
    ),
    (
        Category.CONCERT,
        (
            "concert* musique* music* jazz rock rap chorale* choeur* orchestre* "
            "recital* opera* symphon* quatuor trio quartet quintet chant* chanson* "
            "piano orgue blues folk jam gospel fanfare* lyrique* electro reggae "
            "tribute requiem showcase guitare sonate* vivaldi mozart"
        ),
    ),
)
# A concert said plainly is one before it is anything else ("concert et visite", "concert dessiné").
_PLAINLY: Final[tuple[tuple[Category, str], ...]] = (
    (Category.CINEMA, "cine_concert cine_debat cine_club cinema seance_de_cinema cine_plein_air"),
    (Category.CONCERT, "concert* recital*"),
    (Category.EXHIBITION, "exposition* expo"),
    (Category.VISIT, "visite_guidee visite_libre visite_commentee visite_theatralisee"),
    (Category.WORKSHOP, "atelier*"),
    (Category.CONFERENCE, "conference*"),
    (Category.FESTIVAL, "festival*"),
    (Category.THEATRE, "theatre spectacle"),
)
_WORD: Final = re.compile(r"[a-z]+")
_STEM_CHARACTERS: Final = 4  # the shortest stem followed by a star in the tables


_WORDS_REMEMBERED: Final = 32_768
_Phrase = tuple[tuple[str, ...], int]


class _Table:
    """Rows of words turned into look-ups.

    So that a text costs a few dictionary accesses per word.
    """

    def __init__(self, rows: Iterable[tuple[Category, str]]) -> None:
        self._categories: list[Category] = []
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._phrases: dict[str, list[_Phrase]] = {}
        for rank, (category, words) in enumerate(rows):
            self._categories.append(category)
            for word in words.split():
                self._add(word, rank)
        self._look_up = lru_cache(maxsize=_WORDS_REMEMBERED)(self._rank)

    def _add(self, word: str, rank: int) -> None:
        parts = tuple(word.split("_"))
        if len(parts) > 1:
            self._phrases.setdefault(parts[0], []).append((parts, rank))
        elif word.endswith("*"):
            self._stems.setdefault(word[:-1], rank)
        else:
            self._words.setdefault(word, rank)

    def category_of(self, words: list[str]) -> Category | None:
        best = len(self._categories)
        for index, word in enumerate(words):
            alone, phrases = self._look_up(word)
            best = min(best, alone)
            for parts, rank in phrases:
                if rank < best and _is_phrase(words, index, parts):
                    best = rank
        return self._categories[best] if best < len(self._categories) else None

    def _rank(self, word: str) -> tuple[int, tuple[_Phrase, ...]]:
        """The best row for the word by itself, and the phrases that it may open."""
        ranks = [self._words.get(word), self._words.get(word.rstrip("sx"))]
        ranks += [
            self._stems.get(word[:length]) for length in range(_STEM_CHARACTERS - 1, len(word) + 1)
        ]
        best = min((rank for rank in ranks if rank is not None), default=len(self._categories))
        opened = {**dict.fromkeys(self._phrases.get(word, ()))}
        opened |= dict.fromkeys(self._phrases.get(word.rstrip("sx"), ()))
        return best, tuple(opened)


def _is_phrase(words: list[str], index: int, parts: tuple[str, ...]) -> bool:
    found = words[index : index + len(parts)]
    return len(found) == len(parts) and all(
        word in (part, f"{part}s", f"{part}x") for word, part in zip(found, parts, strict=True)
    )


_PLAIN_TABLE: Final = _Table(_PLAINLY)
_WHOLE_TABLE: Final = _Table(_TABLE)


def category_of(folded_title: str, folded_keywords: str, folded_description: str) -> Category:
    """The category that the rules give; OTHER when no word of the tables appears."""
    for text in (folded_title, folded_keywords, folded_description):
        words = _WORD.findall(text)
        if not words:
            continue
        for table in (_PLAIN_TABLE, _WHOLE_TABLE):
            category = table.category_of(words)
            if category is not None:
                return category
    return Category.OTHER
