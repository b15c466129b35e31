"""What people call a town, a région and those who live there, folded. Pure data, gathered by hand."""

# What people call a city, folded; the value is an INSEE code.
NICKNAMES: dict[str, str] = {
    "aix": "13001", "paname": "75056", "sainte": "42218", "st e": "42218", "clermont": "63113",
    "boulogne": "92012",
    "bdx": "33063", "mtp": "34172", "montpel": "34172",
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
    "chambe": "73065", "capitale": "75056",
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
