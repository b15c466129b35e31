"""What is drawn for each kind of event. Pure."""

from collections.abc import Callable, Mapping

from puls.catalogue.event import Category
from puls.ui.posters import outdoors, stages
from puls.ui.posters.shapes import Chance, Shapes

MOTIFS: Mapping[Category, Callable[[Chance], Shapes]] = {
    Category.CONCERT: stages.concert,
    Category.FESTIVAL: stages.festival,
    Category.THEATRE: stages.theatre,
    Category.DANCE: stages.dance,
    Category.CIRCUS: stages.circus,
    Category.COMEDY: stages.comedy,
    Category.EXHIBITION: outdoors.exhibition,
    Category.CINEMA: stages.cinema,
    Category.WORKSHOP: outdoors.workshop,
    Category.VISIT: outdoors.visit,
    Category.WALK: outdoors.walk,
    Category.CONFERENCE: outdoors.conference,
    Category.READING: outdoors.reading,
    Category.GAME: outdoors.game,
    Category.SPORT: outdoors.sport,
    Category.MARKET: outdoors.market,
    Category.PARTY: stages.party,
    Category.OTHER: outdoors.other,
}
