"""Words around places: what announces one, what only looks like one. Folded; pure data."""

import re

# Before a town. The article may belong to the name (« à La Rochelle », « au Havre »).
TOWN_LEAD = re.compile(
    r"(?:^| )(?:a|au|aux|vers|entre|between|depuis|in|near|around|at|to|bei|nach|chez|sur|dans|ds|"
    r"autour (?:de|d|du|des)|pres (?:de|d|du|des)|"
    r"a cote (?:de|d|du)|(?:du )?cote (?:de|d|du)|alentours (?:de|d|du)|environs (?:de|d|du)|"
    r"region (?:de|d)|proximite (?:de|d|du)|(?:nord|sud|est|ouest) (?:de|d|du)|"
    r"(?:pied|marche|velo|voiture|route|metro|train|bus|tram|transports?|walk|drive|bike) (?:de|d|"
    r"du|from|of)|"
    r"ville (?:de|d|du)|commune (?:de|d|du)|agglo(?:meration)? (?:de|d)|metropole (?:de|d)|"
    r"centre (?:de|d)|loin (?:de|d|du)|km (?:de|d|du|of)|"
    r"minutes? (?:de|d|du)|min (?:de|d|du)|km autour (?:de|d|du)|rayon (?:de|d)|km from|"
    r"miles from|cerca de|in der nahe von|close to|from|par)"
    r"(?: la| le| les| l)?$"
)
LOOSE_LEADS = (
    "sur",
    "dans",
    "ds",
    "to",
    "chez",
    "par",
    "from",
    "aux",
    "depuis",
)  # they announce many other things too
# Before a département, a région or an area.
AREA_LEAD = re.compile(
    r"(?:^| )(?:en|dans|ds|sur|in|im|du|de|d|departement|dept|region|cote|vers|des|autour|pres|"
    r"par|coeur|nord|sud|est|ouest|a|aux|au)"
    r"(?: (?:de|d|du|des))?(?: la| le| les| l| the)?$"
)
FIRM_AREA_LEAD = re.compile(
    r"(?:^| )(?:en|dans|ds|sur|in|im|departement (?:de|d|du|des)|departement|dept)(?: la| le| les|"
    r" l| the)?$"
)
OF_LEAD = re.compile(r"(?:^| )(?:de|d|du|des|of|von|del)(?: la| le| les| l)?$")
# « Gare de Lyon », « rue de Nantes », « édit de Nantes »: the name of something else.
STREET_LEAD = re.compile(
    r"(?:^| )(?:rues?|avenue|av|boulevard|bd|bld|place|placette|quai|pont|porte|faubourg|fbg|gare|"
    r"(?<!de )route|chemin|cours|impasse|"
    r"allees?|square|station|metro|aeroport|bataille|traite|edit|siege|guerre|dictee|saucisses?|"
    r"sirop|savons?|piments?|moutarde|pastilles?|huitres?|moules|nougats?|betises|calissons?|"
    r"porcelaine|jambon|melons?|noix|lentilles|poulet|volailles?|toile|demoiselles|parapluies|"
    r"bourgeois|cyrano|tartarin|jeanne|notre dame|opera national|"
    r"marche du film|ecole|groupe|"
    r"chateau de la|bois|appel|hotel|restaurant|parti|accent)"
    r"(?: (?:de|d|du|des))?(?: la| le| les| l)?$"
)
VENUE_NOUN = (
    r"(?:salles?|theatres?|musees?|scenes?|cafes?|quartiers?|bars?|clubs?|galeries?|jardins?|"
    r"parcs?|eglises?|nuits?|nuit|region|"
    r"agglomeration|metropole|banlieue|campagne|bibliotheques?|mediatheques?|lieux?|lieu|capitale|"
    r"centre|periph\w*|rues?|territoire|"
    r"environs|communes?|villages?|massif|montagnes?|vignobles?|cote|littoral|terre|vie|soirees?|"
    r"agenda|sorties?|scene)"
)
# Beside a town's adjective they mean the town and what lies around it.
SURROUNDING_NOUN = (
    r"(?:region|agglomeration|agglo|metropole|banlieue|campagne|environs|peripherie|bassin)"
)
EVENT_NOUN = (
    r"(?:concerts?|expos?|expositions?|festivals?|spectacles?|sorties|soirees?|agenda|"
    r"evenements?|ateliers?|brocantes?|theatres?|musees?|events?)"
)
# What stands before the name of a town and goes with it: « dans le centre de Rennes ».
TOWN_PHRASE = re.compile(
    r"(?<!\S)(?:(?:dans|sur|de|en|a|vers|au) )?(?:la |le |l |les |mon |ma )?"
    r"(?:ville|commune|(?:hyper )?centre(?: ville)?|coeur|region|agglomeration|agglo|metropole|"
    r"quartiers?|massif|departement|secteur|territoire|ile) "
    r"(?:(?:de|d|du|des) )?(?:(?:la|le|les|l) )?$"
)
AFTER_TOWN = re.compile(r" (?:intra muros|centre ville|centre)(?!\S)")
TOWN_NOUN = re.compile(
    r"(?:^| )(?:chateau|ville|abbaye|cathedrale|collegiale|basilique|port|mairie|musee|theatre|"
    r"remparts|citadelle|festival) (?:de|d|du)$"
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
DRINK_LEAD = re.compile(
    r"(?:^| )(?:degustations?|degustez|deguster|vins?|verres?|bouteilles?|crus?|cocktails?|"
    r"coupes?|grands?|petits?|millesimes?|wines?) (?:(?:de|d|du|des|of|le|la|les|un) )*"
    r"(?:(?:de|d|du|des|of|le|la|les|un))?$"
)
NO_MATTER = re.compile(
    r"(?<!\S)(?:(?:peu importe|n importe|qu importe|whatever)(?: pour)?(?: le| la| l| les| quel|"
    r" quelle| the)? (?:lieux?|endroits?|villes?|ou|place|where)"
    r"|n importe ou|partout|toute la france|anywhere|everywhere)"
    r"(?: (?:en|dans toute la|across|in) france(?: entiere)?)?(?!\S)"
    r"|(?<!\S)(?:en|dans toute la|across|in) france(?: entiere)?(?!\S)"
)
JOINED = re.compile(
    r"(?:^| )(?:ou|et|or|and|y|und|ou bien|et ou)(?: a| au| aux| dans| en| la| le| les| l){0,4}$"
)
SURE_SHORT_FORMS = frozenset({"paca", "idf", "hdf", "bfc"})
ENGLISH_WORDS = frozenset({"nice", "die", "tours", "sens", "gap", "lens", "orange", "ham", "bray"})
# After « a nice »: in French something else begins.
SMALL_WORDS_AFTER = frozenset(
    "pour avec et ou ce cette en le la les l du de des d sur dans vers a au aux sans mais plutot "  # noqa: SIM905 - a list of words reads better as prose
    "si gratuit gratuits gratuite gratuites entre apres avant".split()
)
# « près de », « vers »: how wide a circle each word draws, in km.
NEAR_WORDS: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            r"(?:tout pres|a deux pas|juste a cote|right next to|walking distance) (?:de |d |du |"
            r"of |from |to )?(?:chez |la |le )?$"
        ),
        5.0,
    ),
    (re.compile(r"(?:a cote|a proximite immediate) (?:de |d |du )(?:la |le )?$"), 10.0),
    (re.compile(r"pas (?:trop |tres )?loin (?:de |d |du |des )(?:la |le |chez )?$"), 12.0),
    (
        re.compile(
            r"(?:(?:pres|autour|aux alentours|alentours|aux environs|dans les environs|"
            r"les environs|environs|a proximite|du cote|cote|dans la region|region|"
            r"a la ronde|nord|sud|est|ouest|agglo|agglomeration|metropole) (?:de |d |du |des )|"
            r"vers |near |around |close to |cerca de |in der nahe von |rund um )(?:la |le |les )?$"
        ),
        20.0,
    ),
)
AND_AROUND = re.compile(
    r" (?:et |ou |and )?(?:(?:dans )?(?:ses|les|sa|leurs) )?(?:proches? )?(?:environs?|alentours|"
    r"banlieue|peripherie|surrounding area|surroundings|agglo|agglomeration)(?: proches?)?(?!\S)"
)

# Names of communes that are ordinary words: a capital or a firm context is needed.
ORDINARY_WORDS = frozenset(
    """
    aime aimee air arc arcs art arts avant avec avril ballon bain bains ban bar bars baron bas bates
    beau belle bois bon bonne bord bords bourg brie bus camps cap cassis centre champ champs
    champagne chars charme chateau chaux chemin cheval ciel cite clef cloche cognac col conte contes
    corps cote cour cours couvent croix cuisines danse deux die dieu doux eau eaux elan emile enfant
    erre est etable eu famille ferme ferrieres feu feux fleur fleurs foire fontaine force foret fort
    franc gare gens gras grasse guerre ham hautes herbe hiver huit ile jardin jazz jeu jeux joie
    jour joue joux juillet lac landes lens les lieu ligne lion livre livres loges lot luxe madeleine
    mai main maison marche mardi mars mas mat mer mere meme messe mode mon monde mons montagne mont
    monts moulin moulins mur murs musique nature neuf nice noel nord nuits oeuvre oiseau or orange
    orgue orgues ouest oust paix palais parc parfait pas pau peu pied pierre pierres pin pins place
    plage plaine plaisir plan pleine plume poix pont port porte poule pour pre pres puits quand
    queue ras rang reine rien riz roche roi rose rouge route rue sable sables sac sage saint sainte
    saints sale salle salles salon sang sault saules scene sel sens sept serres seul si soir sol son
    sons sort source sur table tartre temple ter terre terres theme the thou toulon tour tours trait
    treize trois us vals val vallee valse ver verger verre vers vert veste vie ville villes vin vins
    vif vire voile voix vue vues y yeux humour magie gospel rap rock metal classique poesie
    conference cinema theatre opera cirque expo exposition concert concerts atelier festival
    spectacle visite balade randonnee enfants bebe ado adulte senior gratuit gratuite soiree matin
    midi samedi dimanche lundi mercredi jeudi vendredi demain aujourd week weekend semaine mois
    annee moi toi lui nous vous eux elle elles il ils on qui que quoi dont ou et mais donc or ni car
    plus moins tres bien mal faire voir aller sortir manger boire lire jouer danser chanter visiter
    decouvrir decouvrir partir venir pouvoir vouloir deguster ecouter apprendre saint-jean
    capitale salon bourg reunion
    anniversaire pique aube orne creuse somme manche cher ain eure oise marne loire
    """.split()  # noqa: SIM905 - a list of words reads better as prose
)
ORDINARY_WORDS |= {"grand est", "saint saens", "la reunion"}
NOT_LOWER_CASE = re.compile(
    r".*(?:er|ir|oir|dre|tre|ire)$"
)  # « à visiter », « à voir »: a verb unless capitalised
