"""Areas that people name and that no administration lists.

Old régions, « pays », quarters, nicknames. Pure data.

Gathered by hand from general knowledge; circles are centred on the area and wide enough to hold it.
Quarters are in `puls.geo.quarters`, what people call a town or its people in `puls.geo.nicknames`.
"""

from dataclasses import dataclass

from puls.geo.distance import Coordinates


@dataclass(frozen=True, slots=True)
class Area:
    """A named area: whole départements, a circle, or the postcodes that a quarter lies in.

    `city_codes` are the communes of a quarter; its `center` is then known beside its postcodes.
    """

    label: str
    department_codes: tuple[str, ...] = ()
    center: Coordinates | None = None
    radius_km: float = 0.0
    postcodes: tuple[str, ...] = ()
    city_codes: tuple[str, ...] = ()

    @property
    def is_circle(self) -> bool:
        return self.radius_km > 0


def _departments(label: str, codes: str) -> Area:
    return Area(label, department_codes=tuple(codes.split()))


def _circle(label: str, lat: float, lon: float, radius_km: float) -> Area:
    return Area(label, center=Coordinates(lat, lon), radius_km=radius_km)


# Old régions (before 2016) and other groups of départements, by folded name.
AREAS: dict[str, Area] = {
    "alsace": _departments("Alsace", "67 68"),
    "elsass": _departments("Alsace", "67 68"),
    "aquitaine": _departments("Aquitaine", "24 33 40 47 64"),
    "auvergne": _departments("Auvergne", "03 15 43 63"),
    "bourgogne": _departments("Bourgogne", "21 58 71 89"),
    "burgundy": _departments("Bourgogne", "21 58 71 89"),
    "champagne ardenne": _departments("Champagne-Ardenne", "08 10 51 52"),
    "champagne": _departments("Champagne", "10 51 52"),
    "franche comte": _departments("Franche-Comté", "25 39 70 90"),
    "languedoc roussillon": _departments("Languedoc-Roussillon", "11 30 34 48 66"),
    "languedoc": _departments("Languedoc", "11 30 34"),
    "roussillon": _departments("Roussillon", "66"),
    "limousin": _departments("Limousin", "19 23 87"),
    "lorraine": _departments("Lorraine", "54 55 57 88"),
    "midi pyrenees": _departments("Midi-Pyrénées", "09 12 31 32 46 65 81 82"),
    "nord pas de calais": _departments("Nord-Pas-de-Calais", "59 62"),
    "picardie": _departments("Picardie", "02 60 80"),
    "poitou charentes": _departments("Poitou-Charentes", "16 17 79 86"),
    "poitou": _departments("Poitou", "79 85 86"),
    "rhone alpes": _departments("Rhône-Alpes", "01 07 26 38 42 69 73 74"),
    "haute normandie": _departments("Haute-Normandie", "27 76"),
    "basse normandie": _departments("Basse-Normandie", "14 50 61"),
    "provence": _departments("Provence", "04 13 83 84"),
    "normandy": _departments("Normandie", "14 27 50 61 76"),
    "brittany": _departments("Bretagne", "22 29 35 56"),
    "bretagne historique": _departments("Bretagne historique", "22 29 35 44 56"),
    "cote d azur": _departments("Côte d’Azur", "06 83"),
    "french riviera": _departments("Côte d’Azur", "06 83"),
    "grand paris": _departments("Grand Paris", "75 92 93 94"),
    "petite couronne": _departments("Petite couronne", "92 93 94"),
    "grande couronne": _departments("Grande couronne", "77 78 91 95"),
    "banlieue parisienne": _departments("Banlieue parisienne", "77 78 91 92 93 94 95"),
    "anjou": _departments("Anjou", "49"),
    "touraine": _departments("Touraine", "37"),
    "berry": _departments("Berry", "18 36"),
    "perigord": _departments("Périgord", "24"),
    "quercy": _departments("Quercy", "46 82"),
    "gascogne": _departments("Gascogne", "32 40 65"),
    "bourbonnais": _departments("Bourbonnais", "03"),
    "nivernais": _departments("Nivernais", "58"),
    "rouergue": _departments("Rouergue", "12"),
    "gevaudan": _departments("Gévaudan", "48"),
    "pays cathare": _departments("Pays cathare", "11 09"),
    "cevennes": _circle("Cévennes", 44.25, 3.75, 40),
    "pays basque": _circle("Pays basque", 43.35, -1.30, 40),
    "basque country": _circle("Pays basque", 43.35, -1.30, 40),
    "bearn": _circle("Béarn", 43.25, -0.55, 40),
    "vercors": _circle("Vercors", 44.98, 5.45, 30),
    "chartreuse": _circle("Chartreuse", 45.36, 5.80, 20),
    "luberon": _circle("Luberon", 43.83, 5.35, 30),
    "camargue": _circle("Camargue", 43.52, 4.55, 35),
    "alpilles": _circle("Alpilles", 43.74, 4.85, 18),
    "verdon": _circle("Verdon", 43.80, 6.30, 35),
    "mercantour": _circle("Mercantour", 44.10, 7.10, 40),
    "queyras": _circle("Queyras", 44.75, 6.80, 25),
    "oisans": _circle("Oisans", 45.05, 6.05, 25),
    "maurienne": _circle("Maurienne", 45.25, 6.45, 40),
    "tarentaise": _circle("Tarentaise", 45.52, 6.65, 35),
    "bauges": _circle("Bauges", 45.65, 6.15, 20),
    "beaujolais": _circle("Beaujolais", 46.05, 4.62, 25),
    "forez": _circle("Forez", 45.65, 4.05, 30),
    "bresse": _circle("Bresse", 46.45, 5.10, 35),
    "dombes": _circle("Dombes", 45.98, 5.05, 20),
    "bugey": _circle("Bugey", 45.90, 5.60, 30),
    "pays de gex": _circle("Pays de Gex", 46.30, 6.05, 15),
    "morvan": _circle("Morvan", 47.15, 4.05, 40),
    "haut doubs": _circle("Haut-Doubs", 47.00, 6.45, 35),
    "haut jura": _circle("Haut-Jura", 46.45, 5.95, 30),
    "sologne": _circle("Sologne", 47.50, 2.00, 40),
    "beauce": _circle("Beauce", 48.20, 1.75, 40),
    "perche": _circle("Perche", 48.40, 0.70, 35),
    "vexin": _circle("Vexin", 49.15, 1.85, 30),
    "gatinais": _circle("Gâtinais", 48.25, 2.60, 35),
    "val de loire": _circle("Val de Loire", 47.45, 0.90, 70),
    "pays d auge": _circle("Pays d’Auge", 49.15, 0.15, 30),
    "cotentin": _circle("Cotentin", 49.45, -1.55, 35),
    "suisse normande": _circle("Suisse normande", 48.92, -0.48, 20),
    "baie de somme": _circle("Baie de Somme", 50.20, 1.60, 20),
    "cote d opale": _circle("Côte d’Opale", 50.75, 1.65, 40),
    "golfe du morbihan": _circle("Golfe du Morbihan", 47.60, -2.80, 20),
    "presqu ile de crozon": _circle("Presqu’île de Crozon", 48.25, -4.50, 18),
    "cote de granit rose": _circle("Côte de granit rose", 48.82, -3.45, 18),
    "cote d emeraude": _circle("Côte d’Émeraude", 48.63, -2.10, 30),
    "brocelliande": _circle("Brocéliande", 48.02, -2.20, 20),
    "broceliande": _circle("Brocéliande", 48.02, -2.20, 20),
    "bassin d arcachon": _circle("Bassin d’Arcachon", 44.70, -1.10, 22),
    "medoc": _circle("Médoc", 45.20, -0.95, 40),
    "entre deux mers": _circle("Entre-deux-Mers", 44.72, -0.25, 25),
    "ile de re": _circle("Île de Ré", 46.20, -1.40, 16),
    "ile d oleron": _circle("Île d’Oléron", 45.93, -1.28, 16),
    "noirmoutier": _circle("Noirmoutier", 46.98, -2.25, 12),
    "belle ile": _circle("Belle-Île", 47.33, -3.18, 12),
    "marais poitevin": _circle("Marais poitevin", 46.32, -0.75, 25),
    "plateau de saclay": _circle("Plateau de Saclay", 48.72, 2.17, 8),
    "paris saclay": _circle("Paris-Saclay", 48.71, 2.18, 10),
    "saint quentin en yvelines": _circle("Saint-Quentin-en-Yvelines", 48.78, 2.02, 10),
    "vallee de chevreuse": _circle("Vallée de Chevreuse", 48.70, 2.00, 15),
    "drome provencale": _circle("Drôme provençale", 44.38, 5.00, 35),
    "diois": _circle("Diois", 44.70, 5.45, 25),
    "tricastin": _circle("Tricastin", 44.35, 4.75, 15),
    "baronnies": _circle("Baronnies", 44.28, 5.35, 25),
    "gresivaudan": _circle("Grésivaudan", 45.30, 5.95, 20),
    "vallee de la drome": _circle("Vallée de la Drôme", 44.72, 5.05, 25),
    "ardeche meridionale": _circle("Ardèche méridionale", 44.50, 4.35, 25),
    "sud ardeche": _circle("Sud Ardèche", 44.45, 4.40, 25),
    "cap corse": _circle("Cap Corse", 42.90, 9.42, 22),
    "mont blanc": _circle("Pays du Mont-Blanc", 45.90, 6.75, 20),
    "alpes": _departments("Alpes", "04 05 06 38 73 74"),
    "french alps": _departments("Alpes", "04 05 06 38 73 74"),
    "alpes du nord": _departments("Alpes du Nord", "38 73 74"),
    "alpes du sud": _departments("Alpes du Sud", "04 05 06"),
    "pyrenees": _departments("Pyrénées", "09 31 64 65 66"),
    "vallee de la loire": _circle("Val de Loire", 47.45, 0.90, 70),
    "loire valley": _circle("Val de Loire", 47.45, 0.90, 70),
    "perigord noir": _circle("Périgord noir", 44.85, 1.15, 30),
    "mont saint michel": _circle("Mont-Saint-Michel", 48.636, -1.511, 10),
    "baie du mont saint michel": _circle("Baie du Mont-Saint-Michel", 48.63, -1.55, 25),
    "belle ile en mer": _circle("Belle-Île", 47.33, -3.18, 12),
    "ile de noirmoutier": _circle("Noirmoutier", 46.98, -2.25, 12),
    "ile d yeu": _circle("Île d’Yeu", 46.71, -2.34, 7),
    "ile de groix": _circle("Île de Groix", 47.64, -3.46, 6),
    "ile d ouessant": _circle("Ouessant", 48.46, -5.09, 6),
    "ouessant": _circle("Ouessant", 48.46, -5.09, 6),
    "porquerolles": _circle("Porquerolles", 43.00, 6.20, 6),
    "presqu ile de giens": _circle("Presqu’île de Giens", 43.04, 6.13, 7),
    "golfe de saint tropez": _circle("Golfe de Saint-Tropez", 43.27, 6.60, 18),
    "esterel": _circle("Estérel", 43.47, 6.87, 18),
    "calanques": _circle("Calanques", 43.22, 5.45, 15),
    "monts d arree": _circle("Monts d’Arrée", 48.40, -3.90, 25),
    "cornouaille": _circle("Cornouaille", 47.95, -4.10, 35),
    "pays bigouden": _circle("Pays bigouden", 47.85, -4.27, 15),
    "tregor": _circle("Trégor", 48.70, -3.45, 30),
    "aubrac": _circle("Aubrac", 44.65, 3.00, 30),
    "larzac": _circle("Larzac", 43.95, 3.25, 25),
    "causses": _circle("Causses", 44.20, 3.25, 35),
    "corbieres": _circle("Corbières", 43.00, 2.65, 30),
    "minervois": _circle("Minervois", 43.33, 2.75, 22),
    "lauragais": _circle("Lauragais", 43.40, 1.90, 25),
    "livradois": _circle("Livradois", 45.55, 3.60, 25),
    "sancy": _circle("Sancy", 45.55, 2.85, 20),
    "pilat": _circle("Pilat", 45.38, 4.60, 20),
    "chablais": _circle("Chablais", 46.30, 6.55, 25),
    "aravis": _circle("Aravis", 45.90, 6.45, 15),
    "trieves": _circle("Trièves", 44.87, 5.70, 20),
    "belledonne": _circle("Belledonne", 45.20, 6.00, 20),
    "devoluy": _circle("Dévoluy", 44.70, 5.95, 15),
    "ventoux": _circle("Ventoux", 44.17, 5.28, 22),
    "thierache": _circle("Thiérache", 49.90, 3.90, 30),
    "pays de caux": _circle("Pays de Caux", 49.70, 0.60, 35),
    "pays de bray": _circle("Pays de Bray", 49.65, 1.55, 25),
    "avesnois": _circle("Avesnois", 50.15, 3.95, 25),
    "sundgau": _circle("Sundgau", 47.58, 7.25, 20),
    "puisaye": _circle("Puisaye", 47.62, 3.20, 25),
    "argonne": _circle("Argonne", 49.20, 5.00, 25),
    "neuf trois": _departments("Seine-Saint-Denis", "93"),
    "9 3": _departments("Seine-Saint-Denis", "93"),
    "grand lyon": _circle("Grand Lyon", 45.76, 4.84, 15),
    "bordeaux metropole": _circle("Bordeaux Métropole", 44.84, -0.58, 15),
    "nantes metropole": _circle("Nantes Métropole", 47.22, -1.55, 15),
    "rennes metropole": _circle("Rennes Métropole", 48.11, -1.68, 18),
    "toulouse metropole": _circle("Toulouse Métropole", 43.61, 1.43, 15),
    "grenoble alpes metropole": _circle("Grenoble-Alpes Métropole", 45.17, 5.72, 15),
}
