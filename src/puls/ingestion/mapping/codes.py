"""OpenAgenda's numbers for status, attendance and publication, also where a table says them in words.

Pure. What is not published is not public: `unpublished_reason` says why.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from puls.ingestion.mapping.records import code_of, decoded
from puls.ingestion.mapping.text import folded

_WORD: Final = re.compile(r"[a-z]+")
_STATUS_WORDS: Final = {
    "programme": 1, "scheduled": 1, "confirme": 1, "confirmed": 1, "reprogramme": 2, "rescheduled": 2,
    "deplace en ligne": 3, "moved online": 3, "en ligne": 3, "reporte": 4, "postponed": 4,
    "complet": 5, "full": 5, "sold out": 5, "annule": 6, "cancelled": 6, "canceled": 6,
    "eventscheduled": 1, "eventrescheduled": 2, "eventmovedonline": 3, "eventpostponed": 4, "eventcancelled": 6,
}  # fmt: skip
_ATTENDANCE_WORDS: Final = {
    "sur place": 1, "in situ": 1, "physique": 1, "presentiel": 1, "offline": 1, "en ligne": 2, "online": 2,
    "distanciel": 2, "a distance": 2, "mixte": 3, "mixed": 3, "hybride": 3, "hybrid": 3,
    "offlineeventattendancemode": 1, "onlineeventattendancemode": 2, "mixedeventattendancemode": 3,
}  # fmt: skip
_STATE_WORDS: Final = {
    "publie": 2, "published": 2, "publiee": 2, "pret a publier": 1, "pret": 1, "ready": 1, "ready to publish": 1,
    "controle": 1, "controlled": 1, "a moderer": 0, "a controler": 0, "en attente": 0, "to moderate": 0,
    "to be controlled": 0, "pending": 0, "brouillon": 0, "draft": 0, "refuse": -1, "refused": -1, "rejected": -1,
    "non publie": 0, "unpublished": 0, "depublie": 0, "supprime": -1, "deleted": -1, "prive": -1, "private": -1,
}  # fmt: skip
_PUBLISHED: Final = 2
_TRUE: Final = frozenset({"1", "true", "yes", "oui", "vrai"})
_FALSE: Final = frozenset({"0", "false", "no", "non", "faux"})
_HIDING: Final = ("draft", "isdraft", "private", "isprivate", "deleted", "isdeleted", "unpublished")
_SHOWING: Final = ("published", "ispublished", "ispublic")
_STATES: Final = ("state", "publicationstate", "workflowstate", "visibility")

_TELLING: Final = frozenset({*_HIDING, *_SHOWING, *_STATES, "deletedat"})


def with_plain_codes(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record with status and attendance as numbers, when a table spells them: « Annulé », « Sur place »."""
    codes = {
        key: code
        for key, words in (("status", _STATUS_WORDS), ("attendancemode", _ATTENDANCE_WORDS))
        if (value := record.get(key)) is not None
        and not (isinstance(value, str) and value.startswith('{"id"'))  # as the mirror writes all
        and code_of(value) is None
        and (code := _code(value, words)) is not None
    }
    return {**record, **codes} if codes else record


def unpublished_reason(record: Mapping[str, Any]) -> str | None:
    """Which field says that the event is not public; None for what is published, as nearly all is."""
    for key, name in _telling_keys(tuple(record)):
        value = record[key]
        if value is not None and _hides(name, value):
            return f"{key} is {str(value)[:60]}"
    return None


@lru_cache(maxsize=1_024)  # records of one source have the same fields
def _telling_keys(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Fields that may hide an event, each with its plain name: `isDraft` and `is_draft` are one."""
    named = ((key, str(key).lower().replace("_", "")) for key in keys)
    return tuple((key, name) for key, name in named if name in _TELLING)


def _hides(name: str, value: Any) -> bool:
    if name in _HIDING:
        return truth(value) is True
    if name in _SHOWING:
        return truth(value) is False
    if name in _STATES:
        return _code(value, _STATE_WORDS) not in {None, _PUBLISHED}
    return bool(str(value).strip())  # a date of deletion


def _code(value: Any, words: Mapping[str, int]) -> int | None:
    """The number itself, or the one that the words mean."""
    if (code := code_of(value)) is not None:
        return code
    opened = decoded(value)
    label = opened.get("label", opened) if isinstance(opened, dict) else opened
    said = label.values() if isinstance(label, dict) else [label]
    codes = (_code_of_words(text, words) for text in said if isinstance(text, str))
    return next((code for code in codes if code is not None), None)


def _code_of_words(text: str, words: Mapping[str, int]) -> int | None:
    """« Annulée » as « annulé »; an address of schema.org by its last part."""
    plain = " ".join(_WORD.findall(folded(text[:100].rpartition("/")[2])))
    return words.get(plain, words.get(plain.removesuffix("e")))


def truth(value: Any) -> bool | None:
    """Yes or no in any spelling; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE else False if word in _FALSE else None
