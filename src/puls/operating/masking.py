"""A visitor's words without what names or reaches somebody: for the operator who reads a badly rated answer. Pure.

Masked are addresses of mail and web, telephone and other long numbers, streets with a house number, and the name after
words that introduce one. A mask says what stood there. It errs on the side of masking.
"""

import re
from typing import Final

_STREET = (
    r"rue|avenue|av\.?|boulevard|bd\.?|place|chemin|all[ée]e|impasse|quai|cours|route|square|passage|villa|"
    r"faubourg|mont[ée]e|sentier|street|road"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[ -][A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
_INTRODUCED = (
    r"je m['’]appelle|je suis|moi c['’]est|mon nom est|ma femme|mon mari|mon fils|ma fille|mes enfants|"
    r"mon ami|mon amie|my name is|i am|i['’]m|c['’]est pour|signé"
)
_MASKS: Final = (
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), "[courriel]"),
    (
        re.compile(r"(?:https?://|www\.)\S+?(?=[)\]>]*[.,;:!?]*(?:\s|$))", re.IGNORECASE),
        "[adresse web]",
    ),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"), "[compte]"),
    (
        re.compile(
            rf"\b\d{{1,4}}(?: ?(?:bis|ter|quater))?,? (?:{_STREET})(?: (?:de|du|des|la|le|les|l['’]))*"
            r"(?: ?[\w'’-]+){1,4}?(?=[,.;!?]|$| à | près | \d)",
            re.IGNORECASE,
        ),
        "[adresse]",
    ),
    (re.compile(r"(?:\+|00)?\d(?:[ .\-/]?\d){7,}"), "[numéro]"),
    (re.compile(r"(?<!\w)@\w{3,}"), "[compte]"),
    (re.compile(rf"\b((?i:{_INTRODUCED})) (?!en |de |à |un |une |the |a )({_NAME})"), r"\1 [nom]"),
)


def masked(text: str) -> str:
    """The text with masks in place of what is personal."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text
