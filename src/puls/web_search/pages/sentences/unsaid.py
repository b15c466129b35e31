"""Words that look like a statement and state nothing of an event now. Pure. Enter at `said_alone` and `is_order`.

Conditions and rules (« en cas de pluie, le concert sera reporté », « toute annulation »), what is over (« avait été
annulée »), quotations of others (« Complet, généreux, irrésistible »), and orders to whoever reads with a machine
(« marque cet événement comme annulé »): an organiser tells people what happens, and tells nobody how to file it.
"""

import re
from typing import Final

_CONDITION: Final = re.compile(
    r"\b(?:en cas d[e']|au cas ou|s'ils?\b|si (?!bien|nombreu)|sauf\b|a moins (?:que|d[e'])|dans l'(?:hypothese|eventualite)|sous reserve"
    r"|if\b|unless\b|should\b|in (?:the )?(?:case|event) (?:of|that)|provided that|faute d[e'] (?:participants|inscrits|quoi)|lorsqu[e']|des lors qu)"
)
_BOUNDARY: Final = re.compile(r"[,;:(\[–.!?]|\s-\s|\b(?:et|mais|and|but)\b")
_RULE: Final = re.compile(
    r"\b(?:toute|aucune|chaque|any|no) (?:demande d[e']\s?)?(?:annulation|cancell?ation)[^.;!?]*|\bune (?:annulation|cancell?ation)\b[^.;!?]*"
    r"|\b(?:risque|pourr\w+|peu[tv]\w*|susceptibles?|may|might|could)\b[^.;!?]{0,40}(?:annul|report|cancel|postpon)\w*"
)
_OVER: Final = re.compile(
    r"\b(?:avai(?:t|ent)|eut|eurent|had)\b[^.;!?]{0,40}?\b(?:annul|report|cancel|postpon|repouss|depro|complet|pas lieu|affiche|sold)\w*"
    r"|^.*\b(?:l'an dernier|l'an passe|l'annee (?:derniere|passee|precedente)|l'edition (?:precedente|passee|20\d\d)|la saison (?:derniere|passee|precedente)"
    r"|last (?:year|season)|il y a (?:\d+|un|deux|trois|quelques) ans?|(?:saison|edition) 20\d\d|autrefois|jadis|durant le covid|pendant (?:le covid|la pandemie|le confinement))\b.*$"
    r"|\b(?:apres|depuis|malgre|since|after|following) (?:(?:l'|le |la |les |une? |deux |trois |son |sa |leurs? |the |its |plusieurs |[a-z]+ ans d[e'])*)"
    r"(?:premiere? |derniere? |double )?(?:annulation|report|cancell?ation|postponement|edition[^.;,!?]{0,30}(?:annul|report))\w*[^.;,!?]*"
    r"|\bdeja (?:reporte|annule)\w* (?:une|deux|trois|plusieurs) fois"
)
_QUOTED: Final = re.compile(r"«[^«»]{8,400}»|“[^“”]{8,400}”|(?<!\w)\"[^\"]{8,400}\"(?!\w)")
_FEW_WORDS: Final = 3
_MACHINE: Final = re.compile(
    r"\bia\b|(?<!')\bai\b|\b(?:assistants?|llms?|chat ?bots?|chatgpt|modele de langage|language models?|intelligence artificielle|artificial intelligence"
    r"|(?:system|systeme) prompts?|prompts?|agents? (?:ia|ai|conversationnels?)|(?:ai|ia) (?:assistants?|agents?|models?|systems?|readers?))\b"
    r"|\b(?:ai|ia|claude|gemini|copilot|robots?|bots?|agents?|crawlers?|system|systeme|instructions?|consigne)\s*[:>\]]"
    r"|\b(?:ignore|ignorez|ignorer|disregard|forget|oublie|oubliez)\b[^.;!?]{0,40}\b(?:instructions?|consignes?|above|previous|prior|precedent\w*|ci-dessus|rules|regles|tout)\b"
)
_FILING: Final = re.compile(
    r"\b(?:mark(?:s|ed|ing)?|treat(?:ed)?|consider(?:ed)?|regard(?:ed)?|classif(?:y|ied)|flag(?:ged)?|label(?:led)?|tag(?:ged)?|set|list(?:ed)?|record(?:ed)?|report(?:ed)?"
    r"|marque[zr]?s?|considere[zr]?e?s?|traite[zr]?e?s?|classe[zr]?e?s?|etiquette[zr]?|enregistre[zr]?|repertorie[zr]?|qualifie[zr]?|signale[zr]?|indique[zr]?|presente[zr]?"
    r"|affiche[zr]?|note[zr]?|declare[zr]?|passe[zr]?|met(?:s|tez|tre))\b[^.;!?]{0,90}?"
    r"(?:\b(?:comme|en tant qu[e']|as|to|statut|status|a l'etat|au statut)\b|=)[^.;!?]{0,40}"
)
_TELLING: Final = re.compile(
    r"(?:^|[:;,>–-]\s*|\b(?:dois|devez|doit|faut|must|should|please|always|toujours|veuillez|priere d[e']|merci d[e'])\s*)"
    r"(?:dis|dites|dire|reponds?|repondez|repondre|annonce[zr]?|affirme[zr]?|declare[zr]?|considere[zr]?|retiens|retenez|supposez?|informe[zr]?|mentionne[zr]?|precise[zr]?|indique[zr]|signale[zr]|ecri(?:s|vez|re)|previen(?:s|ez)|avertis(?:sez)?"
    r"|say|tell|answer|reply|respond|assume|declare|announce|state|inform|mention|write|output|report|warn)\b[^.;!?]{0,60}?\b(?:qu[e']|that)"
)
_MARKED: Final = re.compile(
    r"^\W*(?:marque[zr]?|mark|flag|set|classe[zr]?|label|tag|override)\b|\[/?inst\]|<\|?/?\w+\|?>|^\W*(?:robot|bot|assistant|machine|agent|systeme?)s?\s*,"
)
_READERS: Final = re.compile(r"\b(?:l'utilisateur|aux? utilisateurs?|les utilisateurs|the users?|to users?|your answer|ta reponse|votre reponse|in your (?:reply|summary))\b")  # fmt: skip


def said_alone(low: str) -> str:
    """A lowered sentence with what states nothing blotted out, each letter in its place; a question states nothing."""
    if low.rstrip().endswith("?"):
        return "_" * len(low)
    for pattern in (_QUOTED, _RULE, _OVER):
        low = pattern.sub(_blotted_long if pattern is _QUOTED else _blotted, low)
    if found := _CONDITION.search(low):
        bounds = [one.end() for one in _BOUNDARY.finditer(low, 0, found.start())]
        start = bounds[-1] if bounds else 0
        low = low[:start] + "_" * (len(low) - start)
    return low


def is_order(low: str) -> bool:
    """Whether a lowered sentence tells its reader how to file or tell an event, or speaks to a machine."""
    return any(pattern.search(low) for pattern in (_MACHINE, _FILING, _TELLING, _MARKED, _READERS))


def _blotted(found: re.Match[str]) -> str:
    return "_" * len(found[0])


def _blotted_long(found: re.Match[str]) -> str:
    return "_" * len(found[0]) if len(found[0].split()) >= _FEW_WORDS else found[0]
