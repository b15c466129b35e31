"""A place as words that mean it again: « à Lyon (69) », « dans la Drôme », “in Brittany”. Pure.

Enter at `place_words`.
"""

import re

from puls.understanding.wish import Where

_CIRCLE = re.compile(r"^(?P<center>.+) \((?P<km>\d+(?:\.\d+)?) km\)$")
_ARRONDISSEMENT = re.compile(r"^(?:Paris|Lyon|Marseille) \d{1,2}er?$")
_OVERSEAS = ("97", "98")

_LEADS = {
    "dans le ": """
        Calvados Cantal Cher Doubs Finistère Gard Gers Jura Loir-et-Cher Loiret Lot Lot-et-Garonne
        Maine-et-Loire Morbihan Nord Pas-de-Calais Puy-de-Dôme Bas-Rhin Haut-Rhin Rhône Tarn
        Tarn-et-Garonne Territoire_de_Belfort Var Vaucluse Val-de-Marne Val-d'Oise Grand_Est
    """,
    "dans la ": """
        Charente Charente-Maritime Corrèze Côte-d'Or Creuse Dordogne Drôme Haute-Garonne Gironde
        Loire Haute-Loire Loire-Atlantique Lozère Manche Marne Haute-Marne Mayenne
        Meurthe-et-Moselle Meuse Moselle Nièvre Haute-Saône Saône-et-Loire Sarthe Savoie
        Haute-Savoie Seine-Maritime Seine-et-Marne Somme Vendée Vienne Haute-Vienne
        Seine-Saint-Denis
    """,
    "dans l’": """
        Ain Aisne Allier Ardèche Ariège Aube Aude Aveyron Eure Eure-et-Loir Hérault Ille-et-Vilaine
        Indre Indre-et-Loire Isère Oise Orne Yonne Essonne
    """,
    "dans les ": """
        Alpes-de-Haute-Provence Hautes-Alpes Alpes-Maritimes Ardennes Bouches-du-Rhône
        Côtes-d'Armor Landes Pyrénées-Atlantiques Hautes-Pyrénées Pyrénées-Orientales Deux-Sèvres
        Yvelines Vosges Hauts-de-Seine Hauts-de-France Pays_de_la_Loire
    """,
    "en ": """
        Corse-du-Sud Haute-Corse Corse Bretagne Normandie Île-de-France Occitanie Nouvelle-Aquitaine
        Auvergne-Rhône-Alpes Bourgogne-Franche-Comté Provence-Alpes-Côte_d'Azur
        Centre-Val_de_Loire Guadeloupe Martinique Guyane
    """,
    "à ": "La_Réunion Mayotte",
}
_ARTICLES = {
    name.replace("_", " "): lead for lead, names in _LEADS.items() for name in names.split()
}


def place_words(where: Where, *, in_french: bool) -> str:
    """The area as said; places side by side are joined by « ou »."""
    joint, lead = (" ou ", "à") if in_french else (" or ", "in")
    if where.near is not None or where.around_visitor_km is not None:
        return _circle_words(where.label, in_french=in_french)
    names = where.label.split(" ou ")
    codes = (*where.commune_codes, *where.postcodes, *where.department_codes, *where.region_codes)
    if len(where.commune_codes) == len(names) == len(codes):
        communes = zip(names, map(_department_of, where.commune_codes), strict=True)
        return joint.join(f"{lead} {_bare(name)} ({number})" for name, number in communes)
    if where.department_codes == ("75",):
        return "dans le 75" if in_french else "in departement 75"
    return joint.join(_area(_bare(name), in_french=in_french) for name in names)


def _department_of(commune_code: str) -> str:
    return commune_code[:3] if commune_code.startswith(_OVERSEAS) else commune_code[:2]


def _bare(name: str) -> str:
    """« Saint-Denis (93) », « Montmartre (Paris) » without what stands in brackets."""
    return name.split(" (", maxsplit=1)[0]


def _circle_words(label: str, *, in_french: bool) -> str:
    circle = _CIRCLE.match(label)
    if circle is None:
        if label.startswith("entre ") and not in_french:
            return label.replace("entre ", "between ").replace(" et ", " and ")
        return label if label.startswith("entre ") else _area(label, in_french=in_french)
    km, center = circle["km"], circle["center"]
    is_here = center == "près de vous"
    if in_french:
        distance = f"à {km.replace('.', ',')} km"
        return f"{distance} de chez moi" if is_here else f"{distance} autour de {center}"
    return f"within {km} km around me" if is_here else f"within {km} km of {center}"


def _area(name: str, *, in_french: bool) -> str:
    lead = "à" if in_french else "in"
    if name[:5].isdigit():
        return f"{lead} {name[:5]}"
    if not in_french:
        return f"{lead} {name}"
    return f"à {name}" if _ARRONDISSEMENT.match(name) else area_words(name)


def area_words(name: str) -> str:
    """A département or a région in French: « dans la Drôme »; else « côté Vercors »."""
    return _ARTICLES.get(name.replace("’", "'"), "côté ") + name
