"""Quarters of large towns that people name. Pure data, gathered by hand from general knowledge.

No open list gives the limits of quarters, so each is an approximation that is stated: the whole
arrondissements that it lies in where a town has them, else a circle.
"""

from collections.abc import Mapping

from puls.geo.areas import Area
from puls.geo.distance import Coordinates

_PARIS, _LYON, _MARSEILLE = "75056", "69123", "13055"
_TOULOUSE, _BORDEAUX, _LILLE, _NANTES = "31555", "33063", "59350", "44109"
_STRASBOURG, _NICE, _MONTPELLIER, _RENNES, _GRENOBLE = "67482", "06088", "34172", "35238", "38185"


def _within(city_code: str, label: str, lat: float, lon: float, postcodes: str) -> Area:
    at, codes = Coordinates(lat, lon), tuple(postcodes.split())
    return Area(label, center=at, postcodes=codes, city_codes=(city_code,))


def _around(city_code: str, label: str, lat: float, lon: float, radius_km: float) -> Area:
    at = Coordinates(lat, lon)
    return Area(label, center=at, radius_km=radius_km, city_codes=(city_code,))


# Names that mean one quarter to nearly everyone.
QUARTERS: Mapping[str, Area] = {
    "marais": _within(_PARIS, "Le Marais (Paris)", 48.858, 2.360, "75003 75004"),
    "montmartre": _within(_PARIS, "Montmartre (Paris)", 48.887, 2.341, "75018"),
    "butte montmartre": _within(_PARIS, "Montmartre (Paris)", 48.887, 2.341, "75018"),
    "pigalle": _within(_PARIS, "Pigalle (Paris)", 48.882, 2.337, "75009 75018"),
    "belleville": _within(_PARIS, "Belleville (Paris)", 48.872, 2.385, "75019 75020"),
    "menilmontant": _within(_PARIS, "Ménilmontant (Paris)", 48.867, 2.390, "75020"),
    "oberkampf": _within(_PARIS, "Oberkampf (Paris)", 48.865, 2.377, "75011"),
    "bastille": _around(_PARIS, "Bastille (Paris)", 48.853, 2.369, 1),
    "chatelet": _around(_PARIS, "Châtelet (Paris)", 48.859, 2.347, 1),
    "quartier latin": _within(_PARIS, "Quartier latin (Paris)", 48.849, 2.347, "75005 75006"),
    "latin quarter": _within(_PARIS, "Quartier latin (Paris)", 48.849, 2.347, "75005 75006"),
    "saint germain des pres": _within(
        _PARIS, "Saint-Germain-des-Prés (Paris)", 48.854, 2.333, "75006"
    ),
    "montparnasse": _within(_PARIS, "Montparnasse (Paris)", 48.843, 2.324, "75014 75015"),
    "batignolles": _within(_PARIS, "Batignolles (Paris)", 48.887, 2.317, "75017"),
    "butte aux cailles": _within(_PARIS, "Butte-aux-Cailles (Paris)", 48.827, 2.351, "75013"),
    "bercy": _within(_PARIS, "Bercy (Paris)", 48.837, 2.383, "75012"),
    "canal saint martin": _within(_PARIS, "Canal Saint-Martin (Paris)", 48.872, 2.365, "75010"),
    "la villette": _within(_PARIS, "La Villette (Paris)", 48.890, 2.390, "75019"),
    "champs elysees": _within(_PARIS, "Champs-Élysées (Paris)", 48.870, 2.307, "75008"),
    "ile saint louis": _within(_PARIS, "Île Saint-Louis (Paris)", 48.852, 2.357, "75004"),
    "ile de la cite": _around(_PARIS, "Île de la Cité (Paris)", 48.855, 2.347, 0.6),
    "la defense": _around("92026", "La Défense", 48.892, 2.238, 2),
    "croix rousse": _within(_LYON, "La Croix-Rousse (Lyon)", 45.775, 4.829, "69004 69001"),
    "vieux lyon": _within(_LYON, "Vieux Lyon", 45.762, 4.827, "69005"),
    "fourviere": _within(_LYON, "Fourvière (Lyon)", 45.762, 4.821, "69005"),
    "guillotiere": _within(_LYON, "La Guillotière (Lyon)", 45.754, 4.844, "69003 69007"),
    "bellecour": _within(_LYON, "Bellecour (Lyon)", 45.758, 4.832, "69002"),
    "presqu ile de lyon": _within(_LYON, "Presqu’île (Lyon)", 45.762, 4.834, "69001 69002"),
    "part dieu": _within(_LYON, "La Part-Dieu (Lyon)", 45.761, 4.857, "69003"),
    "gerland": _within(_LYON, "Gerland (Lyon)", 45.728, 4.832, "69007"),
    "monplaisir": _within(_LYON, "Monplaisir (Lyon)", 45.745, 4.871, "69008"),
    "brotteaux": _within(_LYON, "Les Brotteaux (Lyon)", 45.768, 4.857, "69006"),
    "vieux port": _within(_MARSEILLE, "Vieux-Port (Marseille)", 43.295, 5.374, "13001 13002 13007"),
    "belle de mai": _within(_MARSEILLE, "La Belle de Mai (Marseille)", 43.310, 5.388, "13003"),
    "cours julien": _within(_MARSEILLE, "Cours Julien (Marseille)", 43.294, 5.384, "13006"),
    "canebiere": _within(_MARSEILLE, "La Canebière (Marseille)", 43.297, 5.380, "13001"),
    "joliette": _within(_MARSEILLE, "La Joliette (Marseille)", 43.305, 5.367, "13002"),
    "estaque": _within(_MARSEILLE, "L’Estaque (Marseille)", 43.362, 5.314, "13016"),
    "wazemmes": _around(_LILLE, "Wazemmes (Lille)", 50.624, 3.049, 0.8),
    "vieux lille": _around(_LILLE, "Vieux-Lille", 50.641, 3.061, 0.8),
    "chartrons": _around(_BORDEAUX, "Les Chartrons (Bordeaux)", 44.853, -0.571, 1),
    "ile de nantes": _around(_NANTES, "Île de Nantes", 47.206, -1.550, 1.5),
    "bouffay": _around(_NANTES, "Bouffay (Nantes)", 47.215, -1.553, 0.5),
    "krutenau": _around(_STRASBOURG, "Krutenau (Strasbourg)", 48.580, 7.760, 0.7),
    "vieux nice": _around(_NICE, "Vieux-Nice", 43.697, 7.276, 0.6),
    "cimiez": _around(_NICE, "Cimiez (Nice)", 43.720, 7.277, 1),
}

# Names that mean a quarter only where its town is spoken of: other places or things bear them too.
QUARTERS_OF_A_TOWN: Mapping[str, tuple[Area, ...]] = {
    "panier": (_within(_MARSEILLE, "Le Panier (Marseille)", 43.299, 5.368, "13002"),),
    "noailles": (_within(_MARSEILLE, "Noailles (Marseille)", 43.296, 5.381, "13001"),),
    "castellane": (_within(_MARSEILLE, "Castellane (Marseille)", 43.286, 5.384, "13006"),),
    "prado": (_within(_MARSEILLE, "Prado (Marseille)", 43.272, 5.391, "13008"),),
    "confluence": (_within(_LYON, "Confluence (Lyon)", 45.741, 4.818, "69002"),),
    "perrache": (_within(_LYON, "Perrache (Lyon)", 45.749, 4.826, "69002"),),
    "terreaux": (_within(_LYON, "Les Terreaux (Lyon)", 45.767, 4.834, "69001"),),
    "vaise": (_within(_LYON, "Vaise (Lyon)", 45.780, 4.805, "69009"),),
    "presqu ile": (_within(_LYON, "Presqu’île (Lyon)", 45.762, 4.834, "69001 69002"),),
    "nation": (_around(_PARIS, "Nation (Paris)", 48.848, 2.396, 1),),
    "republique": (_around(_PARIS, "République (Paris)", 48.867, 2.364, 1),),
    "les halles": (_around(_PARIS, "Les Halles (Paris)", 48.862, 2.345, 0.8),),
    "saint cyprien": (_around(_TOULOUSE, "Saint-Cyprien (Toulouse)", 43.598, 1.431, 1),),
    "carmes": (_around(_TOULOUSE, "Les Carmes (Toulouse)", 43.598, 1.445, 0.5),),
    "minimes": (_around(_TOULOUSE, "Les Minimes (Toulouse)", 43.620, 1.437, 0.8),),
    "saint michel": (
        _around(_BORDEAUX, "Saint-Michel (Bordeaux)", 44.834, -0.566, 0.6),
        _around(_TOULOUSE, "Saint-Michel (Toulouse)", 43.587, 1.447, 0.6),
        _around(_PARIS, "Saint-Michel (Paris)", 48.853, 2.344, 0.6),
    ),
    "bastide": (_around(_BORDEAUX, "La Bastide (Bordeaux)", 44.844, -0.555, 1),),
    "fives": (_around(_LILLE, "Fives (Lille)", 50.632, 3.089, 0.8),),
    "petite france": (_around(_STRASBOURG, "Petite France (Strasbourg)", 48.580, 7.740, 0.5),),
    "neudorf": (_around(_STRASBOURG, "Neudorf (Strasbourg)", 48.566, 7.760, 1.2),),
    "antigone": (_around(_MONTPELLIER, "Antigone (Montpellier)", 43.608, 3.887, 0.7),),
    "ecusson": (_around(_MONTPELLIER, "Écusson (Montpellier)", 43.611, 3.877, 0.7),),
    "sainte anne": (_around(_RENNES, "Sainte-Anne (Rennes)", 48.114, -1.681, 0.5),),
    "europole": (_around(_GRENOBLE, "Europole (Grenoble)", 45.193, 5.712, 0.6),),
}
