"""Whether a message asks for work: job fairs, training for a job, founding a company; left out of search otherwise. Pure."""

import re

from puls.geo.names import fold

_FOUNDING = (
    r"(?:creer|creation|monter|lancer|reprendre|reprise|developper|aider|gerer|financer|start|starting|launch|grow)"
    r"(?: de| d| mon| ma| son| sa| une| un| my| a| own| petite){0,4} (?:entreprises?|boite|startup|start up|societe|micro entreprise|auto entreprise|business|company|commerce)"
)
_WORK = re.compile(
    r"(?<!\S)(?:emplois?|job ?datings?|jobs?|recrut\w+|embauch\w+|(?:chercheurs?|demandeurs?) d emploi|france travail|pole emploi|mission locale|entretiens? d embauche|"
    r"reconversion(?: professionnelle)?|en alternance|cfa|parcoursup|orientation (?:scolaire|professionnelle)|formations? professionnelles?|formation (?:pour|en vue|continue)|vae|"
    r"bilan de competences|auto ?entrepreneu\w+|entrepreneu\w+|entreprenariat|business plan|job fairs?|hiring|careers?|metiers? (?:du|de la|de l|des|d|qui recrutent)|decouvrir un metier|"
    rf"interim|chomage|etude de marche|tpe|pme|petites? (?:boites?|entreprises?)|small business|prospection commerciale|{_FOUNDING})(?!\S)"
)


def asks_for_work(words: str) -> bool:
    """Whether words speak of it."""
    return bool(_WORK.search(fold(words)))
