"""Areas that people name and that no administration lists.

Old régions, « pays », quarters, nicknames. Pure data.

Gathered by hand from general knowledge; circles are centred on the area and wide enough to hold it.
"""

from dataclasses import dataclass

from puls.geo.distance import Coordinates


@dataclass(frozen=True, slots=True)
class Area:
    """A named area: whole départements, or a circle, or postcodes."""

    label: str
    department_codes: tuple[str, ...] = ()
    center: Coordinates | None = None
    radius_km: float = 0.0
    postcodes: tuple[str, ...] = ()


def _departments(label: str, codes: str) -> Area:
    return Area(label, department_codes=tuple(codes.split()))


def _circle(label: str, lat: float, lon: float, radius_km: float) -> Area:
    return Area(label, center=Coordinates(lat, lon), radius_km=radius_km)


def _quarter(label: str, postcodes: str) -> Area:
    return Area(label, postcodes=tuple(postcodes.split()))


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
    # Quarters of Paris by postcode, of other cities by a circle.
    "marais": _quarter("Le Marais (Paris)", "75003 75004"),
    "montmartre": _quarter("Montmartre (Paris)", "75018"),
    "pigalle": _quarter("Pigalle (Paris)", "75009 75018"),
    "belleville": _quarter("Belleville (Paris)", "75019 75020"),
    "menilmontant": _quarter("Ménilmontant (Paris)", "75020"),
    "oberkampf": _quarter("Oberkampf (Paris)", "75011"),
    "quartier latin": _quarter("Quartier latin (Paris)", "75005 75006"),
    "saint germain des pres": _quarter("Saint-Germain-des-Prés (Paris)", "75006"),
    "montparnasse": _quarter("Montparnasse (Paris)", "75014 75015"),
    "batignolles": _quarter("Batignolles (Paris)", "75017"),
    "butte aux cailles": _quarter("Butte-aux-Cailles (Paris)", "75013"),
    "bercy": _quarter("Bercy (Paris)", "75012"),
    "canal saint martin": _quarter("Canal Saint-Martin (Paris)", "75010"),
    "la villette": _quarter("La Villette (Paris)", "75019"),
    "la defense": _circle("La Défense", 48.892, 2.238, 2),
    "croix rousse": _quarter("La Croix-Rousse (Lyon)", "69004 69001"),
    "vieux lyon": _quarter("Vieux Lyon", "69005"),
    "guillotiere": _quarter("La Guillotière (Lyon)", "69003 69007"),
    "bellecour": _quarter("Bellecour (Lyon)", "69002"),
    "presqu ile de lyon": _quarter("Presqu’île (Lyon)", "69001 69002"),
    "part dieu": _quarter("La Part-Dieu (Lyon)", "69003"),
    "vieux port": _quarter("Vieux-Port (Marseille)", "13001 13002 13007"),
    "le panier": _quarter("Le Panier (Marseille)", "13002"),
    "belle de mai": _quarter("La Belle de Mai (Marseille)", "13003"),
}

# What people call a city, folded; the value is an INSEE code.
NICKNAMES: dict[str, str] = {
    "aix": "13001", "paname": "75056", "sainte": "42218", "st e": "42218", "clermont": "63113",
    "boulogne": "92012",
    "bdx": "33063", "bordeaux metropole": "33063", "mtp": "34172", "montpel": "34172",
    "tlse": "31555",
    "tolosa": "31555", "toulouze": "31555", "marsiho": "13055", "strasbg": "67482",
    "stras": "67482",
    "strassburg": "67482", "nizza": "06088", "chalons": "51108", "chalon": "71076",
    "la baule": "44055",
    "charleville": "08105", "evry": "91228", "bourg": "01053", "villefranche": "69264",
    "salon": "13103",
    "montbe": "25388", "la roche": "85191", "gre": "38185",
    "greno": "38185", "versaille": "78646", "ville rose": "31555", "ville lumiere": "75056",
    "cite phoceenne": "13055", "capitale des gaules": "69123",
    "chilly": "91161", "gif": "91272",
}  # fmt: skip

# « une petite salle parisienne »: an adjective is a place only beside a word for a place.
ADJECTIVES: dict[str, str] = {
    "parisien": "75056", "lyonnais": "69123", "marseillais": "13055", "bordelais": "33063",
    "nantais": "44109",
    "toulousain": "31555", "lillois": "59350", "strasbourgeois": "67482", "rennais": "35238",
    "nicois": "06088",
    "montpellierain": "34172", "grenoblois": "38185", "stephanois": "42218", "dijonnais": "21231",
    "remois": "51454",
    "rouennais": "76540", "toulonnais": "83137", "havrais": "76351", "angevin": "49007",
    "brestois": "29019",
    "clermontois": "63113", "messin": "57463", "nanceien": "54395", "tourangeau": "37261",
    "caennais": "14118",
    "palois": "64445", "rochelais": "17300", "annecien": "74010", "avignonnais": "84007",
    "nimois": "30189",
    "valentinois": "26362", "troyen": "10387", "mulhousien": "68224", "colmarien": "68066",
    "bisontin": "25056",
    "poitevin": "86194", "limougeaud": "87085", "amienois": "80021", "perpignanais": "66136",
    "versaillais": "78646",
}  # fmt: skip
DEPARTMENT_ADJECTIVES: dict[str, str] = {
    "dromois": "26", "iserois": "38", "essonnien": "91", "vosgien": "88", "ardechois": "07",
    "girondin": "33",
    "vendeen": "85", "sarthois": "72", "jurassien": "39", "savoyard": "73 74", "alsacien": "67 68",
    "corse": "2A 2B",
    "mosellan": "57", "aveyronnais": "12", "landais": "40", "costarmoricain": "22",
    "finisterien": "29",
    "morbihannais": "56", "francilien": "75 77 78 91 92 93 94 95", "breton": "22 29 35 56",
    "normand": "14 27 50 61 76",
    "lorrain": "54 55 57 88", "auvergnat": "03 15 43 63", "bourguignon": "21 58 71 89",
    "provencal": "04 13 83 84",
    "azureen": "06 83", "sequano dionysien": "93", "haut marnais": "52",
}  # fmt: skip

REGION_ALIASES: dict[str, str] = {
    "idf": "11", "ile de france": "11", "region parisienne": "11", "region ile de france": "11",
    "paca": "93",
    "region sud": "93", "provence alpes cote d azur": "93", "aura": "84", "bfc": "27", "hdf": "32",
    "centre val de loire": "24", "corsica": "94", "paris region": "11", "paris area": "11",
    "greater paris": "11",
}  # fmt: skip
