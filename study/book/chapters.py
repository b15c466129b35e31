"""The order of the study: file names of `study/etude` and of `docs/etude`."""

CHAPTERS = (
    "resume.md",
    "01-contexte.md",
    "02-besoins.md",
    "03-criteres.md",
    "04-architecture.md",
    "05-donnees.md",
    "06-montee-en-charge.md",
    "07-securite.md",
    "08-observabilite.md",
    "09-qualite.md",
    "10-choix.md",
    "11-carnet.md",
    "12-couts.md",
    "13-plan.md",
    "14-risques.md",
    "15-limites.md",
    "demonstration.md",
    "mesure.md",
    "glossaire.md",
)
FIGURES = "chiffres.md"
