"""What organisers announce in words while the record's own field says nothing.

Cancelled, full, postponed, online.

Pure. Titles are believed when the word stands apart (« ANNULÉ – … », « … [complet] »); texts only
in a sentence about the event (« la visite est complète », « l'atelier est annulé »), never in a
condition (« annulé en cas de pluie »).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from puls.catalogue.event import Attendance, Status
from puls.ingestion.mapping.records import code_of

_SHOUTED: Final = re.compile(
    r"(?<!\w)(?:(ANNUL[EÉ]E?S?|CANCELL?ED)|(COMPLETE?S?|COMPL[ÈE]TES?|SOLD OUT)"
    r"|(REPORT[EÉ]E?S?))(?!\w)"
)
_APART: Final = re.compile(
    r"(?:^|[\[(|:!/*] ?|[-,.] )\W*(?:(annulee?s?|cancell?ed)|(complete?s?|sold[- ]out)"
    r"|(reportee?s?))"
    r"(?= ?(?:$|[\])|:!/*]|[-,.] |[-,.]$|! ))"
)
_COMPLETE_NOUN: Final = re.compile(
    r"(?:journee|integrale?|version|petit-dejeuner|menu|pain|programme|saison|semaine|formation"
    r"|oeuvre)s? complete?s?\b"
)
_CLOSED: Final = re.compile(
    r"\b(?:pre-?)?(?:inscription|reservation)s? (?:(?:est|sont|desormais|maintenant|deja|en "
    r"ligne) )*"
    r"(?:closes?|cloturee?s?|terminee?s?|fermee?s?|completes?)\b(?! (?:le|a|au|des|lorsque|quand"
    r"|la veille|\d))"
)
_NOUN: Final = (
    r"(?:evenements?|concerts?|spectacles?|visites?|seances?|ateliers?|soirees?|conferences?"
    r"|sorties?|rencontres?|projections?"
    r"|representations?|stages?|balades?|animations?|parcours|sessions?|jauge|creneaux?|edition"
    r"|festival|reunion|webinaire"
    r"|randonnee|cafe|journee|date|manifestation|inscriptions)"
)
_IS: Final = (
    r"(?:,? ?(?:est|sont|a ete|ont ete|affiche\w*|a du etre))(?: (?:malheureusement"
    r"|desormais|deja|finalement|donc|actuellement|maintenant))*"
)
_CANCELLED_SENTENCE: Final = re.compile(
    rf"\b{_NOUN}(?: (?!qui|ou|non|en cas)[\w'\"]+){{0,6}}{_IS} annulee?s?\b"
)
_FULL_SENTENCE: Final = re.compile(
    rf"\b{_NOUN}(?: (?!qui|ou|non)[\w'\"&]+){{0,8}}{_IS} complete?s?\b(?! (?:par|d'|de|avec|et))"
    rf"|\bc'est complet\b|\bevenement complet\b"
)
_POSTPONED_SENTENCE: Final = re.compile(
    rf"\b{_NOUN}(?: (?!qui|ou|non)[\w'\"&]+){{0,8}}(?:{_IS})? reportee?s?\b"
)
_LATER: Final = re.compile(
    r"\W*(?:(?:a|pour) une date|a plus tard|sine die|ulterieur|en 20\d\d|a une autre|a l'annee|$)"
)
_ONE_WORD: Final = re.compile(
    r"(?:^|[.!?\n\[(*|])\s*(?:(annulee?s?)|(complete?s?))\s*(?=$|[.!?\n\])*|])"
)
_CONDITION: Final = re.compile(
    r"\b(?:en cas|si|sauf|peut|peuvent|pourra|pourrait|pourront|pourraient|susceptible|serait"
    r"|sera|seront|risque|lorsque|quand|une fois|avant d')\b[^.\n]*$"
)

_STATUSES: Final = {int(status): status for status in Status}
_SEVERITY: Final = (
    Status.CANCELLED,
    Status.POSTPONED,
    Status.FULL,
    Status.MOVED_ONLINE,
    Status.RESCHEDULED,
    Status.SCHEDULED,
)


def status_of(
    record: Mapping[str, Any], title: str, folded_title: str, folded_texts: str
) -> Status:
    """The gravest of what the field, the title and the texts say."""
    said = {_field_status(record), _title_status(title, folded_title), _text_status(folded_texts)}
    return next(status for status in _SEVERITY if status in said)


def _field_status(record: Mapping[str, Any]) -> Status:
    code = code_of(record.get("status"))
    return _STATUSES.get(code, Status.SCHEDULED) if code is not None else Status.SCHEDULED


def _title_status(title: str, folded_title: str) -> Status:
    if not any(
        hint in folded_title
        for hint in (
            "annul",
            "compl",
            "report",
            "clos",
            "clotur",
            "ferme",
            "cancel",
            "sold",
            "termine",
        )
    ):
        return Status.SCHEDULED
    if _CLOSED.search(folded_title):
        return Status.FULL
    shouted = None if title.isupper() else _SHOUTED.search(title)
    match = shouted or _APART.search(folded_title)
    if match is None or _COMPLETE_NOUN.search(folded_title):
        return Status.SCHEDULED
    cancelled, full, _ = match.groups()
    if cancelled:
        return Status.CANCELLED
    return Status.FULL if full else Status.POSTPONED


def _text_status(text: str) -> Status:
    if "annul" in text and _is_announced(_CANCELLED_SENTENCE, text):
        return Status.CANCELLED
    if "report" in text:
        for match in _POSTPONED_SENTENCE.finditer(text):
            if not _CONDITION.search(text[max(0, match.start() - 80) : match.end()]):
                after = text[match.end() : match.end() + 60]
                if _LATER.match(after):
                    return Status.POSTPONED
                if re.match(r"\W*(?:au|a la date du|le) \w", after):
                    return Status.RESCHEDULED
    if "complet" in text and _is_announced(_FULL_SENTENCE, text):
        return Status.FULL
    if (
        "clos" in text or "clotur" in text or "terminee" in text or "fermee" in text
    ) and _is_announced(_CLOSED, text):
        return Status.FULL
    return _one_word_status(text)


def _one_word_status(text: str) -> Status:
    """« COMPLET » as a whole sentence that opens or closes the text."""
    if "complet" not in text and "annul" not in text:
        return Status.SCHEDULED
    for match in _ONE_WORD.finditer(text):
        if match.start() > 3 and match.end() < len(text) - 3:  # noqa: PLR2004 - nearly at an end of the text
            continue
        return Status.CANCELLED if match[1] else Status.FULL
    return Status.SCHEDULED


def _is_announced(pattern: re.Pattern[str], text: str) -> bool:
    return any(
        not _CONDITION.search(text[max(0, match.start() - 80) : match.end()])
        for match in pattern.finditer(text)
    )


# Attendance ---------------------------------------------------------------------------------------

_ONLINE_EVENT: Final = (
    r"(?:webinaires?|webinars?|webconferences?|visio-?conferences?|live stream"
    r"|(?:conference|reunion|rencontre|evenement|session|atelier|cours|visite|formation|seance"
    r"|info collective|information collective)s?"
    r"(?: \w+){0,2} (?:en ligne|a distance|en distanciel|en visio\w*|on ?line|100 ?% en ligne))"
)
_ONLINE_TITLE: Final = re.compile(
    rf"\b{_ONLINE_EVENT}\b|\ben visio\w*|\ben distanciel\b|\b100 ?% (?:en ligne|a distance"
    rf"|distanciel)\b|\ba distance\b"
    r"|(?:^|[\[(|:-] ?)(?:en ligne|distanciel|visio|online)(?: ?(?:$|[\])|:-]))"
)
_ONLINE_TEXT: Final = re.compile(
    rf"\b(?:(?:ce|le|un|notre|nos|cette|participez a (?:notre|ce|un)) )?(?:{_ONLINE_EVENT})\b"
    r"|\b(?:aura lieu|se deroule(?:ra)?|se tiendra|a lieu|se fait|organisee?s?|proposee?s?"
    r"|animee?s?|diffusee?s?) (?:\w+ )?(?:en ligne|a distance|en distanciel|en visio\w*|sur zoom"
    r"|sur teams)\b"
    r"|\b(?:lieu|modalites?|format|ou) ?: ?(?:en ligne|a distance|en visio\w*|distanciel|en "
    r"distanciel|visio\w*)\b"
)
_NOT_ONLINE: Final = re.compile(
    r"\b(?:vente|vendre|jeux?|presence|billetterie|inscription|inscrire|reservation|reserver"
    r"|achat|boutique|visibilite|commerce)s?(?: \w+)? (?:en ligne|a distance)"
)
_MIXED: Final = re.compile(
    r"\bhybride\b|\ben presentiel (?:et|ou|comme)|(?:en ligne|a distance|en visio\w*|en "
    r"distanciel) (?:et|ou) (?:en presentiel|sur place)|\bpresentiel ?[/+&-] ?(?:distanciel"
    r"|visio)|\bsur place (?:et|ou) (?:en ligne|a distance|en visio)"
)
_ONLINE_PLACE: Final = re.compile(
    r"^\W*(?:en ligne|online|visio\w*|webinaires?|zoom|teams|a distance|distanciel|internet"
    r"|evenement en ligne|en visio\w*|google meet)\b"
)
_ONLINE_HINTS: Final = ("en ligne", "visio", "webin", "webconf", "distanc", "online", "stream")


# What lets people take part from home, wherever it stands in the texts. A speaker who is « (en visio) » does not, nor does
# a concert that a radio broadcasts; booking, catalogues and cycling races « en ligne » least of all.
_ROOM: Final = r"(?:zoom|teams|google meet|webex|jitsi|livestorm|skype)"
_CHANNEL: Final = (
    r"(?:(?:la|notre|sa|leur) (?:chaine|page)|youtube|facebook|twitch|(?:notre|le|son) site|internet"
    rf"|{_ROOM})"
)
_FROM_HOME: Final = (
    rf"(?:a distance|en distanciel|en ligne|en visio\w*|(?:par|sur|via) {_ROOM}"
    rf"|en direct (?:sur|via) {_CHANNEL})"
)
_JOINED_FROM_HOME: Final = re.compile(
    rf"\b(?:suivre|suivie?s?|suivables?|participer|participation|assister|disponibles?)"
    rf" (?:(?:possible|aussi|egalement|et|ou|en presentiel|sur place|au \w+|l'evenement) )*{_FROM_HOME}\b"
    rf"|\b(?:en presentiel|sur place|au \w+) (?:et|ou)(?: bien)? {_FROM_HOME}\b"
    rf"|\b{_FROM_HOME} (?:et|ou) (?:en presentiel|sur place)\b"
    r"|(?<!\()\ben visio(?:conference)?s?\b(?! ?\))"
    rf"|\b(?:par|sur|via) {_ROOM}\b|\blien (?:de connexion|visio|{_ROOM})"
    rf"|\b(?:diffus|retransmi)\w+ (?:aussi |egalement )?en direct (?:et|sur|via) {_CHANNEL}"
    r"|\b(?:diffusee?s?|retransmise?s?) en direct(?=[.!]|$| et rediffus)"
    rf"|\bretransmission en direct (?:sur|via) {_CHANNEL}"
    rf"|\ben direct (?:sur|via) (?:youtube|twitch|{_ROOM})\b"
)
_HELD_AT_HOME: Final = re.compile(
    rf"\b(?:aura lieu|se deroulera?|se tiendra|a lieu|lieu ?:) (?:\w+ )?{_FROM_HOME}\b(?! (?:et|ou) )"
)
_FROM_HOME_HINTS: Final = (
    "distanc",
    "en ligne",
    "visio",
    "en direct",
    "connexion",
    "zoom",
    "teams",
    "webex",
)


def attendance_of(
    record: Mapping[str, Any],
    folded_title: str,
    folded_place: str,
    folded_description: str,
    folded_texts: str,
) -> Attendance:
    """The record's mode; without one, or against the default "on site", what strong words say.

    A stated mode other than on site is always kept. The default yields to the title, the name of the place, and to
    texts that tell how to take part from home: then it is both, unless they say that it is held there.
    """
    code = code_of(record.get("attendancemode"))
    if code in (Attendance.ONLINE, Attendance.MIXED):
        return Attendance(code)
    is_online = _is_online_title(folded_title) or (_ONLINE_PLACE.match(folded_place) is not None)
    if not is_online and code is None:
        is_online = _says_online(folded_description)
    if is_online:
        return Attendance.MIXED if _MIXED.search(folded_texts) else Attendance.ONLINE
    return _attendance_told(folded_texts)


def _attendance_told(text: str) -> Attendance:
    if not any(hint in text for hint in _FROM_HOME_HINTS):
        return Attendance.ONSITE
    if _HELD_AT_HOME.search(text):
        return Attendance.MIXED if _MIXED.search(text) else Attendance.ONLINE
    return Attendance.MIXED if _JOINED_FROM_HOME.search(text) else Attendance.ONSITE


def _is_online_title(title: str) -> bool:
    return (
        any(hint in title for hint in _ONLINE_HINTS)
        and _ONLINE_TITLE.search(title) is not None
        and (_NOT_ONLINE.search(title) is None or "webin" in title)
    )


def _says_online(text: str) -> bool:
    return any(hint in text for hint in _ONLINE_HINTS) and _ONLINE_TEXT.search(text) is not None
